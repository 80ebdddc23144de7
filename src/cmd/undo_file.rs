//! Taking back a change of a file: its lines as the journal says they were, wherever they stand now.

use std::path::{Path, PathBuf};

use crate::admin::{FileEdit, FileJournalEntry, Hunk, JournalFilter, Permit};
use crate::change::{EnvEdit, FileSnapshot, FlagRequest, edit_env_file, hunk, read_file, taken_back};
use crate::cli::{LayerWord, UndoArguments};
use crate::error::{Error, Kind, Result};
use crate::flagfile::{FlagFile, splice};
use crate::layer::{Patch, Source, parse_dotenv};
use crate::model::{Definitions, FlagName};

use super::again::Again;
use super::change::{Change, FileText, attempt, run_change};
use super::load::Loaded;
use super::prepare::{edits_of, written_values};
use super::session::Session;
use super::undo::{reason, told};
use super::undo_words::field_and_value;
use super::write::journal_store;

pub(super) fn run(session: &mut Session, arguments: &UndoArguments, number: u64) -> Result<u8> {
    if let Some(text) = &arguments.repeat.idempotency_key {
        attempt(LayerWord::Default, text)?;
    }
    let store = journal_store(session)?;
    if let Some(permit) = Permit::unless_dry_run(arguments.change.consent.dry_run) {
        store.settle_file_changes(&permit, session.now())?;
    }
    let filter = JournalFilter { after: Some(number - 1), limit: u32::MAX, ..JournalFilter::default() };
    let newest = store.file_journal(&filter)?;
    let at = newest.iter().position(|entry| entry.number == number).ok_or_else(|| {
        Error::new(Kind::Unknown, format!("the journal of files has no change L{number}"))
            .hint("ffctl history")
    })?;
    let (since, entry) = (&newest[..at], &newest[at]);
    let layer = same_file(session, entry)?;
    let mut names: Vec<&str> = entry.change.edits.iter().map(|edit| edit.flag.as_str()).collect();
    names.dedup();
    let loaded = session.load_for_change(layer, &names, false)?;
    let snapshot = read_file(Path::new(&entry.change.file))?;
    let place = Place { loaded: &loaded, layer, snapshot: &snapshot };
    let again = Again::of(session, &loaded, layer)?;
    place.as_it_was_left(session, entry, since, &again)?;
    let text = place.without(entry)?;
    let request = |name: &&str| match FlagName::try_from(*name) {
        Ok(flag) => Ok(FlagRequest::new(flag, Patch::new())),
        Err(error) => {
            Err(Error::new(Kind::Invalid, format!("the journal names a flag that cannot be: {error}")))
        }
    };
    let change = Change {
        reason: Some(reason(&format!("L{number}"), arguments.change.why().as_deref())),
        text: Some(text),
        ..Change::new(layer, &arguments.change, names.iter().map(request).collect::<Result<_>>()?)
    };
    run_change(session, &loaded, &change)
}

/// Returns the layer that the entry's file is, after making sure that this run speaks of the same file.
fn same_file(session: &mut Session, entry: &FileJournalEntry) -> Result<LayerWord> {
    let file = PathBuf::from(&entry.change.file);
    let canonical = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let other = |path: &Path, option: &str| {
        let (number, shown) = (entry.number, session.settings.folders.shown(&file));
        let message = format!("L{number} changed `{}`, and this is `{}`", file.display(), path.display());
        Error::new(Kind::Usage, message).hint(format!("{option} {shown}"))
    };
    if entry.change.layer == Source::Env {
        if let Some(named) = &session.settings.options.env_file {
            let named = session.settings.folders.absolute(named);
            if canonical(&named) != canonical(&file) {
                return Err(other(&named, "--env-file"));
            }
        } else {
            let shown = session.settings.folders.shown(&file);
            // What begins with a tilde is for people.
            let usable = if shown.starts_with('~') { file } else { PathBuf::from(shown) };
            session.settings.options.env_file = Some(usable);
        }
        return Ok(LayerWord::Env);
    }
    let found = session.settings.flag_file()?;
    let (path, _) = found.required()?;
    if canonical(path) != canonical(&file) {
        return Err(other(path, "--flags"));
    }
    Ok(LayerWord::Default)
}

/// A file and what it says.
struct Place<'a> {
    loaded: &'a Loaded,
    layer: LayerWord,
    snapshot: &'a FileSnapshot,
}

impl Place<'_> {
    fn text(&self) -> &str {
        self.snapshot.text.as_deref().unwrap_or_default()
    }

    /// Returns what a text says at the place of an edit; the error is why it cannot be read.
    fn says(&self, text: &str, edit: &FileEdit) -> std::result::Result<Option<String>, String> {
        if self.layer == LayerWord::Env {
            let entries = parse_dotenv(text).map_err(|mistakes| {
                mistakes.into_iter().next().map_or_else(String::new, |mistake| mistake.to_string())
            })?;
            let last = entries.into_iter().rev().find(|entry| entry.name == edit.place);
            return Ok(last.map(|entry| entry.value));
        }
        let file = self.parse(text)?;
        Ok(default_says(&file, edit))
    }

    fn parse(&self, text: &str) -> std::result::Result<FlagFile, String> {
        let name = self.loaded.file_name().unwrap_or("flags.toml");
        FlagFile::parse(name, text.to_owned()).map_err(|mistakes| {
            mistakes.into_iter().next().map_or_else(String::new, |mistake| mistake.message)
        })
    }

    /// Makes sure that every place still says what the change made it say.
    fn as_it_was_left(
        &self,
        session: &Session,
        entry: &FileJournalEntry,
        since: &[FileJournalEntry],
        again: &Again,
    ) -> Result<()> {
        let words = |text: Option<&String>| text.map_or("not set".to_owned(), Clone::clone);
        let mut differs = Vec::new();
        let mut by = Vec::new();
        for edit in &entry.change.edits {
            let now = self.says(self.text(), edit).map_err(|what| Error::new(Kind::Invalid, what))?;
            if now == edit.after {
                continue;
            }
            let (is, was) = (words(now.as_ref()), words(edit.after.as_ref()));
            differs.push(format!("{} was made {was} and is {is} now", edit.place));
            let later = since.iter().filter(|later| later.change.file == entry.change.file);
            let culprit = later.flat_map(|later| later.change.edits.iter().map(move |other| (later, other)));
            by.extend(culprit.filter(|(_, other)| other.place == edit.place).take(1).map(
                |(later, other)| {
                    let change = &later.change;
                    let number = format!("L{}", later.number);
                    let head = told(&number, change.actor.as_deref(), Some(change.at), session.now());
                    let why = change.reason.as_ref().map(|why| format!(" ({why})")).unwrap_or_default();
                    let (before, after) = (words(other.before.as_ref()), words(other.after.as_ref()));
                    format!("{head}: {} {before} → {after}{why}", other.place)
                },
            ));
        }
        if differs.is_empty() {
            return Ok(());
        }
        let shown = session.settings.folders.shown(&self.snapshot.path);
        let (number, differs) = (entry.number, differs.join("; "));
        let message = format!("{shown}: what L{number} changed has changed since: {differs}");
        let error = by
            .into_iter()
            .fold(Error::new(Kind::Conflict, message), |error, by| error.hint(format!("changed by {by}")));
        let first = entry.change.edits.first().map_or("", |edit| edit.flag.as_str());
        Err(error.hint(format!("see what is there now: ffctl explain {first}{}", again.ask)))
    }

    /// Returns the file without the change: line by line where its lines stand as they were left, else value by value.
    fn without(&self, entry: &FileJournalEntry) -> Result<FileText> {
        let mut text = self.text().to_owned();
        let mut hunks = Vec::new();
        let mut flags: Vec<&str> = entry.change.edits.iter().map(|edit| edit.flag.as_str()).collect();
        flags.dedup();
        for flag in flags.into_iter().rev() {
            let edits: Vec<&FileEdit> = entry.change.edits.iter().filter(|edit| edit.flag == flag).collect();
            let lines = entry.change.hunks.iter().rev().filter(|hunk| hunk.flag == flag);
            let next = self
                .by_lines(&text, lines, &edits)
                .or_else(|| {
                    self.by_values(&text, flag, &edits).filter(|next| self.is_back(&text, next, &edits))
                })
                .ok_or_else(|| lost(entry, flag))?;
            hunks.extend(hunk(flag, &text, &next));
            text = next;
        }
        Ok(FileText { snapshot: self.snapshot.clone(), text, hunks })
    }

    fn by_lines<'h>(
        &self,
        text: &str,
        mut hunks: impl Iterator<Item = &'h Hunk>,
        edits: &[&FileEdit],
    ) -> Option<String> {
        // A change has one piece for each flag.
        let hunk = hunks.next()?;
        taken_back(text, hunk).into_iter().find(|next| self.is_back(text, next, edits))
    }

    fn by_values(&self, text: &str, flag: &str, edits: &[&FileEdit]) -> Option<String> {
        if self.layer == LayerWord::Env {
            let edits: Vec<EnvEdit> = edits
                .iter()
                .map(|edit| EnvEdit { name: edit.place.clone(), value: edit.before.clone() })
                .collect();
            return edit_env_file(text, &edits).ok();
        }
        let file = self.parse(text).ok()?;
        let name = FlagName::try_from(flag).ok()?;
        let definition = file.definitions().flags.get(flag)?;
        let patch = edits.iter().map(|edit| field_and_value(definition, edit)).collect::<Option<Patch>>()?;
        let edits = edits_of(&file, &FlagRequest::new(name, patch)).ok()?;
        splice(&file, &edits).ok()
    }

    /// Tells whether the places of `edits` say again what they said before, and nothing else says something else.
    fn is_back(&self, now: &str, then: &str, edits: &[&FileEdit]) -> bool {
        let said = |edit: &&FileEdit| self.says(then, edit).as_ref() == Ok(&edit.before);
        if !edits.iter().all(said) {
            return false;
        }
        let is_touched = |flag: &str| edits.iter().any(|edit| edit.flag == flag);
        if self.layer == LayerWord::Env {
            let others = |text: &str| {
                let all = parse_dotenv(text).unwrap_or_default();
                let others =
                    all.into_iter().filter(|entry| edits.iter().all(|edit| edit.place != entry.name));
                others.map(|entry| (entry.name, entry.value)).collect::<Vec<_>>()
            };
            return others(now) == others(then);
        }
        let (Ok(now), Ok(then)) = (self.parse(now), self.parse(then)) else { return false };
        let others = |file: FlagFile| {
            let mut definitions: Definitions = file.into_parts().0;
            definitions.flags.retain(|name, _| !is_touched(name.as_str()));
            definitions
        };
        others(now) == others(then)
    }
}

/// Returns what flags.toml says at the place of an edit.
fn default_says(file: &FlagFile, edit: &FileEdit) -> Option<String> {
    let flag = FlagName::try_from(edit.flag.as_str()).ok()?;
    let field = edit.place.strip_prefix(&format!("flags.{flag}."))?;
    let values = written_values(file, &flag);
    values.into_iter().find(|(one, _)| one.to_string() == field).map(|(_, (value, _))| value.to_string())
}

fn lost(entry: &FileJournalEntry, flag: &str) -> Error {
    let before = entry.change.hunks.iter().find(|hunk| hunk.flag == flag).map(|hunk| hunk.before.trim_end());
    let message = format!(
        "the lines of `{flag}` that L{} changed cannot be found in `{}` any more",
        entry.number, entry.change.file
    );
    let error = Error::new(Kind::Conflict, message);
    match before {
        Some(before) if !before.is_empty() => error.hint(format!("they were:\n{before}")),
        _ => error.hint("edit the file by hand; nothing was written"),
    }
}
