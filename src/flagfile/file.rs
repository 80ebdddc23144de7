//! A flags.toml that was read without a mistake.

use std::sync::OnceLock;

use super::mistake::{Mistake, diagnostics};
use super::places::{FlagPlaces, Places};
use super::position::{Excerpt, Lines, Position, Span};
use super::read::read;
use super::syntax::{Data, Tree, parse};
use crate::error::Diagnostic;
use crate::model::{Definitions, ExperimentName, FlagName, SegmentName};

/// A flags.toml: its text, what it defines, and where each definition stands.
#[derive(Clone, Debug)]
pub struct FlagFile {
    name: String,
    text: String,
    definitions: Definitions,
    places: Places,
    lines: OnceLock<Lines>,
}

impl FlagFile {
    /// Reads the text of the file that the user calls `name`.
    ///
    /// # Errors
    /// Every mistake of the file, of syntax and of meaning, in the order in which they stand in it. A mistake
    /// that follows from another is not listed.
    pub fn parse(name: &str, text: String) -> Result<Self, Vec<Diagnostic>> {
        if let Some(mistake) = other_language(&text) {
            return Err(diagnostics(name, &text, vec![mistake]));
        }
        let (tree, mut mistakes) = parse(&text);
        let read = read(&tree);
        mistakes.extend(read.mistakes);
        if !mistakes.is_empty() {
            return Err(diagnostics(name, &text, mistakes));
        }
        Ok(Self {
            name: name.to_owned(),
            definitions: read.definitions,
            places: read.places,
            lines: OnceLock::new(),
            text,
        })
    }

    /// Reads as much of a text as can be told, whatever mistakes it has, and the names of the flags that cannot be.
    /// For suggestions alone, never for an answer.
    pub fn salvage(name: &str, text: String) -> (Self, Vec<String>) {
        let (tree, _) = parse(&text);
        let read = read(&tree);
        let flags = tree.table(Tree::ROOT).entry("flags").map(|entry| &entry.value.data);
        let named = match flags {
            Some(Data::Table(id)) => {
                tree.table(*id).entries.iter().map(|entry| entry.key.to_string()).collect()
            }
            _ => Vec::new(),
        };
        let unread = named.into_iter().filter(|name| {
            FlagName::try_from(name.as_str()).is_ok() && !read.definitions.flags.contains_key(name.as_str())
        });
        let unread = unread.collect();
        let (definitions, places) = (read.definitions, read.places);
        let file = Self { name: name.to_owned(), definitions, places, lines: OnceLock::new(), text };
        (file, unread)
    }

    /// Returns the file as the user named it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the text as it was read.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns what the file defines.
    pub const fn definitions(&self) -> &Definitions {
        &self.definitions
    }

    /// Returns the definitions and the text.
    pub fn into_parts(self) -> (Definitions, String) {
        (self.definitions, self.text)
    }

    /// Returns where the parts of a flag stand.
    pub fn flag_places(&self, name: &FlagName) -> Option<&FlagPlaces> {
        self.places.flags.get(self.definitions.flags.get_index_of(name)?)
    }

    /// Returns where an experiment's key stands.
    pub fn experiment_place(&self, name: &ExperimentName) -> Option<Span> {
        self.places.experiments.get(self.definitions.experiments.get_index_of(name)?).copied()
    }

    /// Returns where a segment's key stands.
    pub fn segment_place(&self, name: &SegmentName) -> Option<Span> {
        self.places.segments.get(self.definitions.segments.get_index_of(name)?).copied()
    }

    /// Returns the line and column of a byte of the text. The first call counts the lines.
    pub fn position(&self, offset: usize) -> Position {
        self.lines().locate(&self.text, Span::new(offset, offset)).0
    }

    /// Returns a part of the text as it is shown to people: of several lines the first.
    pub fn excerpt(&self, span: Span) -> Excerpt {
        let (position, text, width) = self.lines().locate(&self.text, span);
        Excerpt { position, text: text.to_owned(), width }
    }

    fn lines(&self) -> &Lines {
        self.lines.get_or_init(|| Lines::of(&self.text))
    }
}

/// Returns the one mistake of a text that is JSON: line by line it would be wrong everywhere.
fn other_language(text: &str) -> Option<Mistake> {
    let start = text.find(|c: char| !c.is_whitespace() && c != '\u{feff}')?;
    if !text[start..].starts_with('{') {
        return None;
    }
    let message = "the file is JSON, and flags.toml is TOML";
    Some(Mistake::new(
        Span::new(start, start + 1),
        message,
        "schema = 1, then [flags.NAME] and enabled = true",
    ))
}
