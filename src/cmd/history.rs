//! `ffctl history`: the journals of the target and of local files, as one.

use crate::admin::{FileJournalEntry, JournalChange, JournalEntry, JournalFilter, Permit, Target};
use crate::answer::words::when;
use crate::cli::HistoryArguments;
use crate::error::{Error, Kind, Result, did_you_mean};
use crate::exit;
use crate::flagfile::FlagFile;
use crate::layer::{FieldValue, Freshness, Source, TargetKind};
use crate::model::Timestamp;
use crate::report::{
    FreshnessReport, HistoryChange, HistoryEntry, HistoryReport, HistoryToken, Note, TargetReport,
};
use crate::settings::parse_duration;

use super::load::read_definitions;
use super::moment::moment;
use super::session::Session;
use super::write::journal_store;

/// What a server is asked for where only some of it is wanted.
const SEVERAL: u32 = 1_000;

pub(super) fn run(session: &mut Session, arguments: &HistoryArguments) -> Result<u8> {
    let unused = [
        ("--env-file", session.settings.options.env_file.is_some()),
        ("--max-age", session.max_age.is_some()),
    ];
    if let Some((option, _)) = unused.iter().find(|(_, given)| *given) {
        let message = format!("`ffctl history` reads journals and has no use for {option}");
        return Err(Error::new(Kind::Usage, message));
    }
    let now = session.now();
    let since = arguments.since.as_deref().map(|text| since(text, now)).transpose()?;
    let target = session.target()?;
    let mut notes: Vec<Note> = session.settings.notes().into_iter().map(Note::new).collect();
    let asked = !(session.offline && target.label().kind.is_remote());
    let wanted = Wanted { arguments, since };
    let (of_target, failed, mut complete) = match asked.then(|| wanted.of_target(&target)) {
        Some(Ok((entries, complete))) => (entries, None, complete),
        Some(Err(error)) => (Vec::new(), Some(error), false),
        None => (Vec::new(), None, false),
    };
    let store = journal_store(session);
    if let Ok(store) = &store
        && let Some(permit) = Permit::unless_dry_run(false)
        && let Err(error) = store.settle_file_changes(&permit, now)
    {
        // Damage is said where the journal is read.
        let message = format!("without the last change of a file, which was interrupted: {error}");
        notes.push(Note::new(message));
    }
    let of_files = match store.and_then(|store| store.file_journal(&wanted.whole())) {
        Ok(entries) => entries,
        // The journal of a server or database needs no checkout; without one, there are no changes of its files.
        Err(error) if target.label().kind.is_remote() => {
            complete = false;
            notes.push(Note::new(format!("without the changes of files: {error}")));
            Vec::new()
        }
        Err(error) => return Err(failed.unwrap_or(error)),
    };
    let of_target = of_target.into_iter().map(|entry| target_entry(entry, now));
    let of_files =
        of_files.into_iter().map(|entry| file_entry(session, entry, arguments.flag.as_deref(), now));
    let mut entries = merged(of_target.collect(), of_files.collect());
    entries.retain(|entry| wanted.takes(entry));
    complete &= entries.len() <= wanted.limit();
    entries.truncate(wanted.limit());
    if let (Some(flag), true, None) = (&arguments.flag, entries.is_empty(), &failed) {
        check_known(session, flag)?;
    }
    session.notes(&notes);
    let freshness = FreshnessReport::from(if asked { Freshness::Live } else { Freshness::NotAsked });
    let target = TargetReport::from(&target.label_now());
    session.emit(&HistoryReport { target, freshness, entries, complete, notes })?;
    match failed {
        Some(error) => Err(error.hint("what stands above are the changes of local files alone")),
        None => Ok(exit::DONE),
    }
}

/// Reads `--since`.
fn since(text: &str, now: Timestamp) -> Result<Timestamp> {
    let Ok(span) = parse_duration(text) else {
        return moment("--since", text)
            .map_err(|error| error.hint("a time span such as 1h or 7d counts back from now"));
    };
    Ok(Timestamp::from_millis(now.millis() - i64::try_from(span.as_millis()).unwrap_or(i64::MAX)))
}

/// Which entries are wanted.
struct Wanted<'a> {
    arguments: &'a HistoryArguments,
    since: Option<Timestamp>,
}

impl Wanted<'_> {
    fn limit(&self) -> usize {
        usize::try_from(self.arguments.limit).unwrap_or(usize::MAX)
    }

    fn is_picky(&self) -> bool {
        self.since.is_some() || self.arguments.by.is_some()
    }

    /// Returns the filter of a journal at hand.
    fn whole(&self) -> JournalFilter {
        let limit = if self.is_picky() { u32::MAX } else { self.arguments.limit + 1 };
        JournalFilter { flag: self.arguments.flag.clone(), limit, ..JournalFilter::default() }
    }

    /// Asks the target; tells whether the answer can be all there is.
    fn of_target(&self, target: &Target) -> Result<(Vec<JournalEntry>, bool)> {
        let mut filter = self.whole();
        if target.label().kind == TargetKind::Server && self.is_picky() {
            filter.limit = SEVERAL.max(self.arguments.limit + 1);
        }
        let entries = target.journal(&filter)?;
        let is_cut = u32::try_from(entries.len()).is_ok_and(|count| count >= filter.limit);
        let is_before = |since| entries.last().and_then(|last| last.at).is_some_and(|at| at < since);
        let complete = !is_cut || !self.is_picky() || self.since.is_some_and(is_before);
        Ok((entries, complete))
    }

    fn takes(&self, entry: &HistoryEntry) -> bool {
        let by = self.arguments.by.as_deref();
        let by = by.is_none_or(|by| entry.by.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(by)));
        // A change whose time nobody knows may be one of those.
        by && self.since.is_none_or(|since| entry.at.is_none_or(|at| at >= since))
    }
}

fn target_entry(entry: JournalEntry, now: Timestamp) -> HistoryEntry {
    let words = |value: Option<&Option<FieldValue>>| value.and_then(Option::as_ref).map(ToString::to_string);
    let set = |change: &JournalChange| {
        let fields = change.after.iter().filter(|(_, after)| after.is_some());
        fields.map(|(field, _)| change.ends_of(field)).collect::<Vec<_>>()
    };
    let ends: Vec<_> = entry.changes.iter().flat_map(set).collect();
    let expires_at = ends.iter().copied().flatten().max();
    let same = ends.iter().all(|ends| *ends == expires_at);
    let ahead = |ends: Option<Timestamp>| {
        ends.filter(|ends| *ends > now).map(|ends| when(ends, now)).unwrap_or_default()
    };
    let changes = entry.changes.iter().flat_map(|change| {
        change.after.iter().map(|(field, after)| {
            let expires_at = change.ends_of(field).filter(|_| !same && after.is_some());
            HistoryChange {
                flag: change.flag.clone(),
                field: field.to_string(),
                old: words(change.before.get(field)),
                new: after.as_ref().map(ToString::to_string),
                expires_at,
                ends: ahead(expires_at),
            }
        })
    });
    HistoryEntry {
        expires_at,
        ends: ahead(expires_at.filter(|_| same)),
        number: entry.number.to_string(),
        changes: changes.collect(),
        token: entry.token.map(|token| HistoryToken {
            change: token.act.word(),
            number: token.number,
            name: token.name,
            role: token.role.word(),
            expires_at: token.expires_at,
        }),
        at: entry.at,
        ago: entry.at.map(|at| when(at, now)).unwrap_or_default(),
        by: entry.actor,
        reason: entry.reason,
        tool: entry.tool,
        layer: Source::Admin,
        file: None,
        file_shown: None,
    }
}

fn file_entry(
    session: &Session,
    entry: FileJournalEntry,
    flag: Option<&str>,
    now: Timestamp,
) -> HistoryEntry {
    let change = entry.change;
    let edits = change.edits.into_iter().filter(|edit| flag.is_none_or(|flag| edit.flag == flag));
    let changes = edits.map(|edit| {
        let prefix = format!("flags.{}.", edit.flag);
        let field = edit.place.strip_prefix(&prefix).unwrap_or(&edit.place).to_owned();
        HistoryChange {
            flag: edit.flag,
            field,
            old: edit.before,
            new: edit.after,
            expires_at: None,
            ends: String::new(),
        }
    });
    HistoryEntry {
        expires_at: None,
        ends: String::new(),
        number: format!("L{}", entry.number),
        changes: changes.collect(),
        token: None,
        at: Some(change.at),
        ago: when(change.at, now),
        by: change.actor,
        reason: change.reason,
        tool: entry.tool,
        layer: change.layer,
        file_shown: Some(session.settings.folders.shown(std::path::Path::new(&change.file))),
        file: Some(change.file),
    }
}

/// Returns two histories as one, each in its own order, newest first.
fn merged(of_target: Vec<HistoryEntry>, of_files: Vec<HistoryEntry>) -> Vec<HistoryEntry> {
    let mut files = of_files.into_iter().peekable();
    let mut all = Vec::new();
    for entry in of_target {
        if let Some(at) = entry.at {
            while let Some(file) = files.next_if(|file| file.at.is_some_and(|file| file > at)) {
                all.push(file);
            }
        }
        all.push(entry);
    }
    all.extend(files);
    all
}

/// Makes sure that a flag without a history is at least one that exists.
fn check_known(session: &Session, flag: &str) -> Result<()> {
    let found = session.settings.flag_file()?;
    // A file with mistakes, or none, knows no better.
    let Ok(file) = found.required().and_then(|(path, shown)| read_definitions(path, shown)) else {
        return Ok(());
    };
    let known = |file: &FlagFile| file.definitions().flags.contains_key(flag);
    if known(&file) {
        return Ok(());
    }
    let error = Error::new(Kind::Unknown, format!("there is no flag `{flag}`, and none of its changes"));
    let names = file.definitions().flags.keys().map(crate::model::FlagName::as_str);
    Err(error
        .hint(did_you_mean(flag, names).unwrap_or_else(|| "`ffctl list -o name` names them all".to_owned())))
}
