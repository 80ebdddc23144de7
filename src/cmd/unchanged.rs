//! Which flags nobody changed for long: neither their lines in flags.toml nor their overrides.

use std::collections::HashSet;

use crate::admin::JournalFilter;
use crate::error::{Error, Kind, Result};
use crate::flagfile::FlagFile;
use crate::layer::Freshness;
use crate::model::{FlagName, Timestamp};
use crate::report::Note;
use crate::settings::parse_duration;

use super::blame::{Blame, LastChange};
use super::load::Loaded;
use super::session::Session;

/// The most journal entries that are asked for.
const ENTRIES: u32 = 10_000;

/// What changed since a time.
pub(super) struct Changed {
    flags: HashSet<String>,
}

impl Changed {
    /// Tells whether a flag stayed as it was.
    pub(super) fn spares(&self, flag: &str) -> bool {
        !self.flags.contains(flag)
    }
}

/// Reads the span of `--unchanged` as the time before which the last change must lie.
///
/// # Errors
/// Kind `Usage`, when it is no span, or one without its unit.
pub(super) fn since(session: &Session, text: &str) -> Result<Timestamp> {
    let wrong = |message: String| {
        Error::new(Kind::Usage, format!("--unchanged: {message}"))
            .hint("write a span such as --unchanged 90d")
    };
    if text.trim().ends_with(|c: char| c.is_ascii_digit()) {
        return Err(wrong(format!("`{text}` does not say of what: days, hours?")));
    }
    let span = parse_duration(text).map_err(|error| wrong(error.to_string()))?;
    let millis = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
    Ok(Timestamp::from_millis(session.now().millis().saturating_sub(millis)))
}

/// Returns the flags that changed since a time. What cannot be told is said in a note: where git knows nothing of the
/// file only overrides count, and flags of which its history is too short to tell count as changed.
pub(super) fn changed(
    session: &Session,
    loaded: &Loaded,
    since: Timestamp,
    notes: &mut Vec<Note>,
) -> Result<Changed> {
    let mut flags = HashSet::new();
    if let Some(file) = &loaded.file {
        in_file(session, file, since, &mut flags, notes)?;
    }
    overridden(loaded, since, &mut flags, notes)?;
    Ok(Changed { flags })
}

fn in_file(
    session: &Session,
    file: &FlagFile,
    since: Timestamp,
    flags: &mut HashSet<String>,
    notes: &mut Vec<Note>,
) -> Result<()> {
    let found = session.settings.flag_file()?;
    let (path, shown) = found.required()?;
    let blame = match Blame::of(path) {
        Ok(blame) => blame,
        Err(why) => {
            let message = format!("git cannot tell when {shown} was changed, so only overrides count: {why}");
            notes.push(Note::new(message));
            return Ok(());
        }
    };
    let mut unknown = 0;
    for (name, lines) in extents(file) {
        match blame.last_change(&lines, since) {
            LastChange::Before => {}
            LastChange::Since => {
                flags.insert(name.to_string());
            }
            LastChange::Unknown => {
                unknown += 1;
                flags.insert(name.to_string());
            }
        }
    }
    if unknown > 0 {
        let message =
            format!("the history at hand is too short to tell of {unknown} flags, which are left out");
        notes.push(Note::new(message).hint("git fetch --unshallow; in CI fetch-depth: 0"));
    }
    Ok(())
}

/// Returns the lines that belong to each flag: from its key, and from each rule with a header of its own, to what
/// comes next. Blank lines and comments on lines of their own belong to nobody.
fn extents(file: &FlagFile) -> Vec<(&FlagName, Vec<usize>)> {
    let text: Vec<&str> = file.text().lines().collect();
    let line = |offset: usize| file.position(offset).line;
    let definitions = file.definitions();
    let starts = |name: &FlagName| -> Vec<usize> {
        let Some(places) = file.flag_places(name) else { return Vec::new() };
        std::iter::once(places.key).chain(places.rules.iter().copied()).map(|span| line(span.start)).collect()
    };
    let headers = text.iter().enumerate().filter(|(_, text)| text.trim_start().starts_with('['));
    let mut bounds: Vec<usize> = headers.map(|(at, _)| at + 1).collect();
    bounds.extend(definitions.flags.keys().flat_map(starts));
    bounds.push(text.len() + 1);
    bounds.sort_unstable();
    bounds.dedup();
    let is_content = |at: &usize| {
        let line = text.get(at - 1).map_or("", |line| line.trim());
        !line.is_empty() && !line.starts_with('#')
    };
    let extent = |start: usize| {
        let next = bounds.partition_point(|bound| *bound <= start);
        start..bounds.get(next).copied().unwrap_or(start + 1)
    };
    let lines = |name: &FlagName| starts(name).into_iter().flat_map(extent).filter(is_content).collect();
    definitions.flags.keys().map(|name| (name, lines(name))).collect()
}

/// Adds the flags whose overrides changed.
fn overridden(
    loaded: &Loaded,
    since: Timestamp,
    flags: &mut HashSet<String>,
    notes: &mut Vec<Note>,
) -> Result<()> {
    let label = loaded.target.label();
    if loaded.admin.freshness != Freshness::Live {
        notes.push(Note::new(format!("when overrides changed is not known without asking {label}")));
        return Ok(());
    }
    let filter = JournalFilter { limit: ENTRIES, ..JournalFilter::default() };
    let entries = match loaded.target.journal(&filter) {
        Ok(entries) => entries,
        Err(error) if error.kind() == Kind::Unreachable => {
            let message = format!("when overrides changed cannot be told: {}", error.message());
            notes.push(Note::new(message));
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    for entry in entries.iter().filter(|entry| entry.at.is_none_or(|at| at > since)) {
        flags.extend(entry.changes.iter().map(|change| change.flag.clone()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_belong_to_the_flag_above_them() {
        let text = "schema = 1\n[flags]\na = true\nb = { enabled = true,\n  rollout = \"5%\" }\n\n# of c\n[flags.c]\n\
                    enabled = true\nrollout = \"0%\"\n[segments.s]\nincluded = [\"u\"]\n[[flags.c.rules]]\n\
                    when = [{ segment = \"s\" }]\nserve = \"on\"\n";
        let file = FlagFile::parse("flags.toml", text.to_owned()).expect("sound");
        let all: Vec<(String, Vec<usize>)> =
            extents(&file).into_iter().map(|(name, lines)| (name.to_string(), lines)).collect();
        let expected: [(&str, &[usize]); 3] = [("a", &[3]), ("b", &[4, 5]), ("c", &[8, 9, 10, 13, 14, 15])];
        assert_eq!(all, expected.map(|(name, lines)| (name.to_owned(), lines.to_vec())));
    }
}
