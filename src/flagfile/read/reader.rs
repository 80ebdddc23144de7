//! Typed access to the tree. Everything that is not as wanted is reported here and comes back as `None`.

use std::collections::HashSet;

use crate::error::nearest;
use crate::flagfile::code;
use crate::flagfile::keys;
use crate::flagfile::mistake::Mistake;
use crate::flagfile::position::Span;
use crate::flagfile::syntax::{Data, Entry, Node, Table, TableId, Tree};
use crate::model::NameError;

use super::bucketing::Known;
use super::text::{fragment, quoted};

/// A clause's mention of a segment, to be looked up once all segments are known.
pub(super) struct SegmentReference {
    /// The name as written.
    pub(super) name: String,
    /// Where it stands.
    pub(super) span: Span,
    /// The segment in whose rules it stands, by its place among the segments.
    pub(super) within: Option<usize>,
    /// Comes from the operator `segment`: the name must exist.
    pub(super) must_exist: bool,
}

/// The tree being read, and what was found wrong in it.
pub(super) struct Reader<'a> {
    pub(super) tree: &'a Tree<'a>,
    pub(super) mistakes: Vec<Mistake>,
    pub(super) segment_references: Vec<SegmentReference>,
    /// The segment being read, by its place among the segments.
    pub(super) segment: Option<usize>,
    /// What the file says of bucketing.
    pub(super) known: Known<'a>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(tree: &'a Tree<'a>) -> Self {
        Self {
            tree,
            mistakes: Vec::new(),
            segment_references: Vec::new(),
            segment: None,
            known: Known::default(),
        }
    }

    /// Reports a mistake.
    pub(super) fn wrong(&mut self, span: Span, message: impl Into<String>, fix: impl Into<String>) {
        self.mistakes.push(Mistake::new(span, message, fix));
    }

    /// Reports a mistake of a kind that has a name of its own.
    pub(super) fn wrong_as(
        &mut self,
        code: &'static str,
        span: Span,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) {
        self.mistakes.push(Mistake::new(span, message, fix).called(code));
    }

    /// Reports that `key` is missing in a table, unless the table holds something that may be meant to be it: what
    /// could not be read, or a misspelt key, which is reported as such.
    pub(super) fn missing(
        &mut self,
        table: &Table<'_>,
        key: &str,
        span: Span,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) {
        let misspelt = || table.entries.iter().any(|entry| nearest(&entry.key, [key]).is_some());
        if !table.damaged && !misspelt() {
            self.wrong(span, message, fix);
        }
    }

    /// Reports a value of the wrong type: `` `name` is WANTED, not … ``.
    pub(super) fn wrong_type(&mut self, name: &str, wanted: &str, node: &Node<'_>, fix: impl Into<String>) {
        if !matches!(node.data, Data::Broken) {
            self.wrong(node.span, format!("`{name}` is {wanted}, not {}", node.data.kind()), fix);
        }
    }

    /// Returns a value as it stands in the file.
    pub(super) fn raw(&self, node: &Node<'_>) -> &'a str {
        node.span.of(self.tree.text)
    }

    /// Returns a table's entries for the keys it may have, in the order of `known`; reports all others.
    pub(super) fn fields<const N: usize>(
        &mut self,
        id: TableId,
        known: &[&str; N],
        of: &str,
    ) -> [Option<&'a Entry<'a>>; N] {
        let mut fields = [None; N];
        for entry in &self.tree.table(id).entries {
            match known.iter().position(|key| *key == entry.key) {
                Some(at) => fields[at] = Some(entry),
                None => self.unknown_key(entry, known, of),
            }
        }
        fields
    }

    fn unknown_key(&mut self, entry: &Entry<'_>, known: &[&str], of: &str) {
        let key = fragment(&entry.key);
        if matches!(entry.value.data, Data::Broken) {
            return;
        }
        if keys::SETTINGS.contains(&entry.key.as_ref()) {
            let message = format!(
                "`{key}` would configure the tool, and a committed file never chooses where a credential goes"
            );
            let fix = format!("move `{key}` to config.toml");
            self.wrong_as(code::MISPLACED_SETTING, entry.key_span, message, fix);
            return;
        }
        let fix = match nearest(&entry.key, known.iter().copied()) {
            Some(near) => near.to_owned(),
            None => format!("one of {}", known.join(", ")),
        };
        self.wrong(entry.key_span, format!("{of} has no key `{key}`"), fix);
    }

    /// Reads text.
    pub(super) fn text(&mut self, entry: Option<&'a Entry<'a>>) -> Option<String> {
        let entry = entry?;
        if let Data::Text(text) = &entry.value.data {
            return Some(text.to_string());
        }
        let key = &entry.key;
        let fix = match entry.value.data {
            Data::List(_) | Data::Tables(_) | Data::Table(_) => format!("{key} = \"…\""),
            _ => format!("{key} = {}", quoted(self.raw(&entry.value))),
        };
        self.wrong_type(key, "text", &entry.value, fix);
        None
    }

    /// Reads text that must not be empty.
    pub(super) fn filled_text(&mut self, entry: Option<&'a Entry<'a>>, fix: &str) -> Option<String> {
        let text = self.text(entry)?;
        if text.is_empty() {
            let entry = entry?;
            self.wrong(entry.value.span, format!("`{}` is empty", entry.key), fix);
            return None;
        }
        Some(text)
    }

    /// Reads true or false.
    pub(super) fn boolean(&mut self, entry: &'a Entry<'a>) -> Option<bool> {
        if let Data::Boolean(value) = entry.value.data {
            return Some(value);
        }
        let meant = match &entry.value.data {
            Data::Text(text) => matches!(text.to_lowercase().as_str(), "true" | "on" | "yes" | "1"),
            Data::Integer(number) => *number == Some(1),
            _ => false,
        };
        let fix = format!("{} = {meant}", entry.key);
        self.wrong_type(&entry.key, "`true` or `false`", &entry.value, fix);
        None
    }

    /// Reads a list; `example` is a list in its place.
    pub(super) fn list(&mut self, entry: Option<&'a Entry<'a>>, example: &str) -> Option<&'a [Node<'a>]> {
        let entry = entry?;
        match &entry.value.data {
            Data::List(items) | Data::Tables(items) => Some(items),
            data => {
                let raw = self.raw(&entry.value);
                let raw = if raw.contains('\n') { "…" } else { raw };
                let fix = match data {
                    Data::Table(_) if raw.starts_with('[') => format!("[{raw}]"),
                    Data::Table(_) if !raw.starts_with('{') => format!("{} = {example}", entry.key),
                    _ => format!("{} = [{raw}]", entry.key),
                };
                self.wrong_type(&entry.key, "a list", &entry.value, fix);
                None
            }
        }
    }

    /// Reads a list of keys, none empty and none twice, with where each stands.
    pub(super) fn keys(&mut self, name: &str, items: &'a [Node<'a>]) -> Vec<(&'a str, Span)> {
        let mut keys: Vec<(&str, Span)> = Vec::with_capacity(items.len());
        // Most lists are short: hashing would cost more than comparing.
        let mut seen = HashSet::new();
        let mut is_new = |keys: &[(&'a str, Span)], text: &'a str| match items.len() {
            0..=16 => keys.iter().all(|(key, _)| *key != text),
            _ => seen.insert(text),
        };
        for item in items {
            match &item.data {
                Data::Text(text) if text.is_empty() => {
                    self.wrong(item.span, format!("a key in `{name}` is empty"), "remove it");
                }
                Data::Text(text) if is_new(&keys, text) => keys.push((text, item.span)),
                Data::Text(text) => {
                    let message = format!("`{}` stands twice in `{name}`", fragment(text));
                    self.wrong(item.span, message, "keep one of the two");
                }
                Data::Broken => {}
                data => {
                    let message = format!("a key in `{name}` is text, not {}", data.kind());
                    let fix = quoted(self.raw(item));
                    self.wrong(item.span, message, fix);
                }
            }
        }
        keys
    }

    /// Reports a text that is no name of its kind.
    pub(super) fn bad_name(&mut self, span: Span, text: &str, error: &NameError) {
        let fix = match error {
            NameError::BooleanWord(word) => format!("variation_{}", word.to_lowercase()),
            _ => super::text::as_name(text),
        };
        self.wrong(span, error.to_string(), fix);
    }

    /// Reports a name that names nothing, with the nearest of `known`, else `otherwise`.
    pub(super) fn unknown_name<'n>(
        &mut self,
        span: Span,
        message: String,
        wanted: &str,
        known: impl IntoIterator<Item = &'n str>,
        otherwise: impl FnOnce() -> String,
    ) {
        if self.tree.broken_mentions(wanted) {
            return;
        }
        let fix = nearest(wanted, known).map_or_else(otherwise, quoted);
        self.wrong(span, message, fix);
    }
}
