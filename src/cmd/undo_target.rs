//! Taking back a change of the target: its override fields as the journal says they were.

use crate::admin::{JournalEntry, JournalFilter, Past, TokenAct, TokenChange, Undoing};
use crate::answer::words::when;
use crate::change::FlagRequest;
use crate::cli::{LayerWord, UndoArguments};
use crate::error::{Error, Kind, Result};
use crate::layer::{Ends, Field, FieldValue, TargetLabel, Values};
use crate::model::{FlagName, Timestamp};
use crate::report::Note;

use super::again::Again;
use super::change::{Change, run_change};
use super::load::Loaded;
use super::me::Me;
use super::session::Session;
use super::shell;
use super::undo::{reason, told};

/// More changes than that in between are not looked at.
const MOST: u32 = 10_000;

pub(super) fn run(session: &mut Session, arguments: &UndoArguments, number: Option<u64>) -> Result<u8> {
    let target = session.target_to_change()?;
    let label = target.label().clone();
    let after = number.map(|number| number - 1);
    let newest = target.journal(&JournalFilter { after, limit: MOST, ..JournalFilter::default() })?;
    let me = if number.is_none() { Some(Me::of(session, &target)?) } else { None };
    let at = match (number, &me) {
        (_, Some(me)) => newest
            .iter()
            .position(|entry| entry.token.is_none() && me.made(entry))
            .ok_or_else(|| me.made_none(&target, newest.iter().find(|entry| entry.token.is_none())))?,
        (number, None) => newest.iter().position(|entry| Some(entry.number) == number).ok_or_else(|| {
            let number = number.unwrap_or_default();
            Error::new(Kind::Unknown, format!("{label:#}: its journal has no change {number}"))
                .hint("ffctl history")
        })?,
    };
    let (since, entry) = (&newest[..at], &newest[at]);
    if let Some(token) = &entry.token {
        return Err(of_token(&label, entry.number, token));
    }
    let flags: Vec<&str> = entry.changes.iter().map(|change| change.flag.as_str()).collect();
    let mut past = Past::new(|filter: &JournalFilter| target.journal(filter));
    let undoing = |change| past.undoing(entry, change, session.now());
    let undoings = entry.changes.iter().map(undoing).collect::<Result<Vec<_>>>()?;
    let mut loaded = session.load_for_change(LayerWord::Admin, &flags, false)?;
    let requests = entry
        .changes
        .iter()
        .zip(&undoings)
        .map(|(change, undoing)| request(&change.flag, undoing, &loaded))
        .collect::<Result<Vec<_>>>()?;
    for (change, undoing) in entry.changes.iter().zip(&undoings) {
        let over = undoing.over.iter();
        loaded.notes.extend(over.map(|over| ended(&change.flag, over, session.now())));
    }
    let again = Again::of(session, &loaded, LayerWord::Admin)?;
    if let Some(me) = &me {
        may_be_left_open(session, arguments, entry.number, &again)?;
        loaded.notes.extend(me.note());
        loaded.notes.extend(others_since(session, me, since));
    }
    let repeated = arguments.repeat.idempotency_key.is_some() && is_undone(&loaded, &requests);
    if !repeated {
        as_it_was_left(session, &loaded, entry, since, &again)?;
    }
    let shown = entry.number.to_string();
    let change = Change {
        key: arguments.repeat.idempotency_key.as_deref(),
        reason: Some(reason(&shown, arguments.change.why().as_deref())),
        repeat: if number.is_none() { format!(" {shown}") } else { String::new() },
        ..Change::new(LayerWord::Admin, &arguments.change, requests)
    };
    run_change(session, &loaded, &change)
}

/// Returns the error that an entry tells of a token.
fn of_token(label: &TargetLabel, number: u64, token: &TokenChange) -> Error {
    let name = shell::word(&token.name);
    let (done, hint) = match token.act {
        TokenAct::Created => ("made", format!("ffctl token revoke {name}")),
        TokenAct::Revoked => ("revoked", format!("ffctl token create {name} --role {}", token.role)),
    };
    let message = format!("{label:#}: {number} {done} the token `{}`, and undo is for flags", token.name);
    Error::new(Kind::Usage, message).hint(hint)
}

/// Makes sure that a person sees which change it is, or named it.
fn may_be_left_open(session: &Session, arguments: &UndoArguments, number: u64, again: &Again) -> Result<()> {
    let change = &arguments.change.consent;
    if change.dry_run || (session.console.can_ask() && !change.yes && change.confirm.is_none()) {
        return Ok(());
    }
    let message = "where nobody is asked, the change to take back must be named by its number";
    let yes = if change.yes { " --yes" } else { "" };
    Err(Error::new(Kind::Refused, message)
        .hint(format!("your last change is {number}: ffctl undo {number}{}{yes}", again.undo)))
}

/// Notes what others changed since.
fn others_since(session: &Session, me: &Me, since: &[JournalEntry]) -> Option<Note> {
    let others: Vec<String> = since
        .iter()
        .filter(|entry| entry.token.is_none() && !me.made(entry))
        .map(|entry| told(&entry.number.to_string(), entry.actor.as_deref(), entry.at, session.now()))
        .collect();
    let named = others.iter().take(3).cloned().collect::<Vec<_>>().join("; ");
    let more = if others.len() > 3 { format!(" and {} more", others.len() - 3) } else { String::new() };
    (!others.is_empty()).then(|| {
        Note::new(format!("somebody else changed this target since: {named}{more}")).hint("ffctl history")
    })
}

/// Returns what brings back the fields that a journalled change touched.
fn request(flag: &str, undoing: &Undoing, loaded: &Loaded) -> Result<FlagRequest> {
    let name = FlagName::try_from(flag).map_err(|error| {
        Error::new(Kind::Invalid, format!("the journal names a flag that cannot be: {error}"))
    })?;
    let ends = Ends::exactly(&undoing.patch, &undoing.ends, loaded.admin.overrides.get(flag));
    Ok(FlagRequest { flag: name, patch: undoing.patch.clone(), ends })
}

/// Tells of a value that was to end by itself, and has.
fn ended(flag: &str, (field, ends, comes_back): &(Field, Timestamp, bool), now: Timestamp) -> Note {
    if *comes_back {
        return Note::new(format!(
            "{field} of `{flag}` ended by itself, {}: it is brought back without an end",
            when(*ends, now)
        ))
        .hint(format!("`ffctl set {flag} … --for DURATION` gives it one"));
    }
    not_brought_back(&field.to_string(), flag, *ends, now)
}

/// Tells of a value that would have ended by now.
pub(super) fn not_brought_back(field: &str, flag: &str, ends: Timestamp, now: Timestamp) -> Note {
    let told = when(ends, now);
    Note::new(format!("{field} of `{flag}` was to end by itself, {told}: it is not brought back"))
}

fn value<'a>(values: Option<&'a Values>, field: &Field) -> Option<&'a FieldValue> {
    values.and_then(|values| values.get(field)).map(|(value, _)| value)
}

/// Tells whether everything is already as it was before the change.
fn is_undone(loaded: &Loaded, requests: &[FlagRequest]) -> bool {
    requests.iter().all(|request| {
        let now = loaded.admin.overrides.get(request.flag.as_str());
        request.patch.iter().all(|(field, wanted)| value(now, field) == wanted.as_ref())
    })
}

/// Makes sure that every field is still what the change made it.
fn as_it_was_left(
    session: &Session,
    loaded: &Loaded,
    entry: &JournalEntry,
    since: &[JournalEntry],
    again: &Again,
) -> Result<()> {
    let words = |value: Option<&FieldValue>| value.map_or("not set".to_owned(), ToString::to_string);
    let mut differs = Vec::new();
    let mut by = Vec::new();
    for change in &entry.changes {
        let now = loaded.admin.overrides.get(&change.flag);
        for (field, left, present) in change.overtaken(now) {
            let (is, was) = (words(present), words(left));
            differs.push(format!("{field} of `{}` was made {was} and is {is} now", change.flag));
            let culprit = since.iter().find_map(|later| {
                let touched = later.changes.iter().find(|other| other.flag == change.flag)?;
                let after = touched.after.get(field)?;
                let before = touched.before.get(field).and_then(Option::as_ref);
                let number = later.number.to_string();
                let head = told(&number, later.actor.as_deref(), later.at, session.now());
                let why = later.reason.as_ref().map(|why| format!(" ({why})")).unwrap_or_default();
                Some(format!("{head}: {field} {} → {}{why}", words(before), words(after.as_ref())))
            });
            by.extend(culprit.filter(|culprit| !by.contains(culprit)));
        }
    }
    let Some(first) = entry.changes.first().filter(|_| !differs.is_empty()) else { return Ok(()) };
    let (target, number) = (&loaded.admin.target, entry.number);
    let message = format!("{target:#}: what {number} changed has changed since: {}", differs.join("; "));
    let error = by
        .into_iter()
        .fold(Error::new(Kind::Conflict, message), |error, by| error.hint(format!("changed by {by}")));
    Err(error.hint(format!("see what is there now: ffctl explain {}{}", first.flag, again.ask)))
}
