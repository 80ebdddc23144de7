//! What every command that writes goes through: plan → diff → guard → consent → write → read back → receipt.

use crate::admin::{Hunk, IdempotencyKey, Permit};
use crate::answer::words::when;
use crate::change::{
    Condition, Consent, ConsentOptions, FileSnapshot, FlagRequest, Known, Piece, Plan, PlannedFlag,
    TargetGuard, consent, pieces, plan, refused,
};
use crate::cli::{ChangeArguments, ConsentArguments, LayerWord};
use crate::error::{Error, Kind, Result};
use crate::exit;
use crate::flagfile::FlagFile;
use crate::layer::{Layers, Origin, Source, TargetKind, Version};
use crate::model::{FlagName, Timestamp, variable_of};
use crate::output::{self, Screen};
use crate::report::{ChangeReport, LinesChange, Note};
use crate::settings::{ChosenBy, TargetChoice, TargetPlace};

use super::again::Again;
use super::change_report::{change_report, note_process};
use super::load::{Definitive, Loaded, Needs};
use super::prepare::{Prepared, prepare, target_report, written_values};
use super::restrict::{refusal_report, refusals};
use super::session::Session;
use super::write::{Write, write_admin, write_text};

/// A change that was asked for.
pub(super) struct Change<'a> {
    /// The layer to change.
    pub(super) layer: LayerWord,
    /// How.
    pub(super) arguments: &'a ChangeArguments,
    /// What each flag must be for it to be made.
    pub(super) only_if: Option<&'a str>,
    /// The key of the attempt that this one repeats, or of those that will repeat it.
    pub(super) key: Option<&'a str>,
    /// Why.
    pub(super) reason: Option<String>,
    /// What.
    pub(super) requests: Vec<FlagRequest>,
    /// The text that the file is to have, where the requests only name the flags that it is about.
    pub(super) text: Option<FileText>,
    /// What the command line needs besides to mean the same again.
    pub(super) repeat: String,
}

/// A file as it was read, and as it is to be.
#[derive(Clone)]
pub(super) struct FileText {
    pub(super) snapshot: FileSnapshot,
    pub(super) text: String,
    /// What that does to its lines.
    pub(super) hunks: Vec<Hunk>,
}

impl<'a> Change<'a> {
    /// Returns a change that nothing more is said of.
    pub(super) fn new(layer: LayerWord, arguments: &'a ChangeArguments, requests: Vec<FlagRequest>) -> Self {
        let reason = arguments.why();
        let (text, repeat) = (None, String::new());
        Self { layer, arguments, only_if: None, key: None, reason, requests, text, repeat }
    }

    /// Returns when all that it sets ends by itself, where that is at one time.
    fn expires_at(&self) -> Option<Timestamp> {
        let mut ends = self
            .requests
            .iter()
            .filter(|request| request.patch.values().any(Option::is_some))
            .map(|request| request.ends.together());
        let first = ends.next().flatten();
        first.filter(|_| ends.all(|other| other == first))
    }
}

impl Session {
    /// Reads all layers for a change of these flags in `layer`; `decides` if what they are now decides whether it is
    /// made, so that a change of a file must know the admin layer too.
    ///
    /// # Errors
    /// As [`Session::load_for`]; kind `Unknown` when a server is to override a flag that it does not know.
    pub(super) fn load_for_change(
        &mut self,
        layer: LayerWord,
        flags: &[&str],
        decides: bool,
    ) -> Result<Loaded> {
        let admin = layer == LayerWord::Admin;
        let mut loaded = self.load_for(&Needs {
            overriding: if admin { flags } else { &[] },
            admin_if_any: !admin && !decides,
            new_env_file: layer == LayerWord::Env,
            ..Needs::of(if admin { Definitive::IfAny } else { Definitive::Required })
        })?;
        if admin && loaded.admin.target.kind == TargetKind::Server {
            known_to_server(&mut loaded, flags)?;
        }
        Ok(loaded)
    }
}

/// Makes sure that the server knows the flags, and notes what it cannot guard.
fn known_to_server(loaded: &mut Loaded, flags: &[&str]) -> Result<()> {
    for flag in flags {
        loaded.flag(flag)?;
        if !loaded.admin.server.contains_key(*flag) {
            let message = format!("{} knows no flag `{flag}`", loaded.admin.target);
            return Err(Error::new(Kind::Unknown, message)
                .hint("it must run with a flags.toml that declares it before it can be overridden there"));
        }
    }
    let unguarded: Vec<&str> =
        flags.iter().copied().filter(|flag| loaded.admin.version(flag) == Version::Unknown).collect();
    if !unguarded.is_empty() {
        let message = format!(
            "the server names no version of {}: a change by somebody else in between goes unnoticed",
            unguarded.iter().map(|flag| format!("`{flag}`")).collect::<Vec<_>>().join(", ")
        );
        loaded.notes.push(Note::new(message));
    }
    Ok(())
}

/// Carries a change out, or shows what it would do.
pub(super) fn run_change(session: &mut Session, loaded: &Loaded, change: &Change<'_>) -> Result<u8> {
    session.notes(&loaded.notes);
    let key = change.key.map(|text| attempt(change.layer, text)).transpose()?;
    let prepared = prepare(session, loaded, change)?;
    let plan = planned(loaded, &prepared, change);
    let target = target_report(loaded, &prepared);
    let (guard, options) = guarded(session, loaded, change, &target.label);
    guard.takes_confirmation(&options)?;
    let again = Again::of(session, loaded, change.layer)?;
    let mut report = change_report(&plan, target, change.reason.clone(), &loaded.layers(), &again);
    report.notes.clone_from(&loaded.notes);
    report.expires_at = change.expires_at();
    // Some milliseconds ago it was exactly as long as was asked.
    let rounded = |ends: Timestamp| Timestamp::from_millis(ends.millis() + 1_000);
    report.ends = report.expires_at.map(|ends| when(rounded(ends), session.now())).unwrap_or_default();
    note_masking(loaded, change, &mut report);
    report.lines = change.text.iter().flat_map(|text| &text.hunks).flat_map(lines_changes).collect();
    let repairs = show_repairs(&prepared, &mut report);
    let is_empty = plan.is_empty() && !repairs && report.lines.is_empty();
    // A repeated attempt finds its own first one in effect, and that is what was asked.
    if !(is_empty && key.is_some()) {
        check_condition(loaded, change, &plan, &again)?;
    }
    if is_empty {
        report.outcome = "unchanged";
        session.emit(&report)?;
        return Ok(exit::DONE);
    }
    check_readable(&plan)?;
    let refusals = refusals(session, loaded, change, &plan, &again)?;
    report.refused_by = refusals.iter().map(refusal_report).collect();
    let refused = refused(&refusals).map_or(Ok(()), Err);
    let Some(permit) = Permit::unless_dry_run(change.arguments.consent.dry_run) else {
        report.outcome = "planned";
        session.emit(&report)?;
        return refused.map(|()| exit::DONE);
    };
    refused?;
    let asked = agree(session, &guard, &options, |screen| output::plan(&report, screen))?;
    report.shown = asked && session.console.answers_there();
    let write = Write { loaded, change, plan: &plan, again: &again, permit };
    let done = match &prepared {
        Prepared::Admin(_) => write_admin(session, &write, key.unwrap_or_else(IdempotencyKey::random))?,
        Prepared::Env(prepared) => write_text(session, &write, &prepared.file)?,
        Prepared::Default(prepared) => write_text(session, &write, &prepared.file)?,
    };
    report.outcome = "written";
    report.receipt = Some(done.receipt);
    session.notes(&done.notes);
    report.notes.extend(done.notes);
    session.emit(&report).map_err(|error| told_written(error, &report))?;
    Ok(if done.differs { exit::code(Kind::OutcomeUnknown) } else { exit::DONE })
}

/// Returns the key of an attempt to change a layer.
pub(super) fn attempt(layer: LayerWord, text: &str) -> Result<IdempotencyKey> {
    let usage = |message: &str| Error::new(Kind::Usage, message.to_owned());
    if layer != LayerWord::Admin {
        return Err(usage("the answer of a file cannot get lost: --idempotency-key is for a target")
            .hint("leave out --idempotency-key; a change of a file that is made already is not made again"));
    }
    IdempotencyKey::repeated(text)
        .ok_or_else(|| usage("--idempotency-key takes 1 to 128 printable ASCII characters without blanks"))
}

/// Makes sure that each flag is what `--if` says, in the layers that the plan is made on.
fn check_condition(loaded: &Loaded, change: &Change<'_>, plan: &Plan, again: &Again) -> Result<()> {
    let Some(text) = change.only_if else { return Ok(()) };
    let layers = loaded.layers();
    let mut other = Vec::new();
    for flag in &plan.flags {
        let Some(resolved) = layers.resolve(flag.name.as_str()) else { continue };
        let condition = Condition::parse(&resolved.effective, text)?;
        match &flag.before {
            Known::State(state) if condition.holds(state, &resolved.effective) => {}
            Known::State(state) => other.push((&flag.name, state.to_string())),
            Known::Absent | Known::Unreadable => other.push((&flag.name, "invalid".to_owned())),
        }
    }
    let Some((first, _)) = other.first() else { return Ok(()) };
    let what: Vec<_> = other.iter().map(|(name, state)| format!("`{name}` is {state}")).collect();
    let message = format!("--if {} does not hold: {}; nothing was changed", text.trim(), what.join(", "));
    Err(Error::new(Kind::Conflict, message).hint(format!("ffctl explain {first}{}", again.ask)))
}

/// Makes sure that no flag becomes one of which nobody knows what it is, such as by an undo that brings back a
/// variation which is gone.
fn check_readable(plan: &Plan) -> Result<()> {
    let is_new = |flag: &&PlannedFlag| flag.after == Known::Unreadable && flag.before != Known::Unreadable;
    let broken = plan.flags.iter().find(is_new);
    match broken {
        None => Ok(()),
        Some(flag) => {
            let message = format!(
                "`{}` would get a value that it cannot have any more; nothing was changed",
                flag.name
            );
            Err(Error::new(Kind::Invalid, message).hint("set it to what it is to be instead"))
        }
    }
}

/// Returns what a piece does to the lines, without those between that stay as they are.
pub(super) fn lines_changes(hunk: &Hunk) -> Vec<LinesChange> {
    let owned = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect();
    let (before, after): (Vec<_>, Vec<_>) = (hunk.before.lines().collect(), hunk.after.lines().collect());
    let change = |piece: Piece| LinesChange {
        line: hunk.line + piece.before.start,
        removed: owned(&before[piece.before]),
        added: owned(&after[piece.after]),
    };
    pieces(&before, &after).into_iter().map(change).collect()
}

/// Returns the error of an answer that could not be given, which must not make the change look undone.
fn told_written(error: Error, report: &ChangeReport) -> Error {
    let journal = report.receipt.as_ref().and_then(|receipt| receipt.journal.clone());
    let number = journal.map(|number| format!(" as journal {number}")).unwrap_or_default();
    error.hint(format!("the change itself was written{number}"))
}

/// Returns the plan: the layers as they are against the layers as they would be.
fn planned(loaded: &Loaded, prepared: &Prepared, change: &Change<'_>) -> Plan {
    let before = loaded.layers();
    let requests = change.requests.as_slice();
    match prepared {
        Prepared::Admin(after) => plan(
            Source::Admin,
            requests,
            &before,
            &Layers { admin: after, ..before },
            |flag| loaded.admin.overrides.get(flag.as_str()).cloned(),
            |flag| after.overrides.get(flag.as_str()).cloned(),
        ),
        Prepared::Env(prepared) => plan(
            Source::Env,
            requests,
            &before,
            &Layers { env: &prepared.after, ..before },
            |flag| prepared.before_file.values(flag.as_str()).cloned(),
            |flag| prepared.after_file.values(flag.as_str()).cloned(),
        ),
        Prepared::Default(prepared) => {
            let values =
                |file: Option<&FlagFile>, flag: &FlagName| file.map(|file| written_values(file, flag));
            plan(
                Source::Default,
                requests,
                &before,
                &Layers { file: Some(&prepared.after), ..before },
                |flag| values(before.file, flag),
                |flag| values(Some(&prepared.after), flag),
            )
        }
    }
}

/// Adds the variables that could not be read to what changes; tells whether there are any.
fn show_repairs(prepared: &Prepared, report: &mut ChangeReport) -> bool {
    let Prepared::Env(prepared) = prepared else { return false };
    for (name, change) in &prepared.repaired {
        let flags = report.flags.iter_mut().filter(|flag| flag.name == *name);
        flags.for_each(|flag| flag.fields.insert(0, change.clone()));
    }
    !prepared.repaired.is_empty()
}

/// Notes the variables of the process that win over those of the file.
fn note_masking(loaded: &Loaded, change: &Change<'_>, report: &mut ChangeReport) {
    if change.layer != LayerWord::Env {
        return;
    }
    for flag in &mut report.flags {
        let name = variable_of(&flag.name);
        let is_set = loaded.variables.iter().any(|variable| {
            variable.name == name
                && matches!(variable.origin, Origin::Variable { .. })
                && !variable.value.trim().is_empty()
        });
        note_process(flag, is_set);
    }
}

/// Returns what is known of the target, and what the command line says of consent.
fn guarded(
    session: &Session,
    loaded: &Loaded,
    change: &Change<'_>,
    label: &str,
) -> (TargetGuard, ConsentOptions) {
    let guard = match change.layer {
        LayerWord::Admin => guard_of(&loaded.choice, label),
        // The layer stands on the command line, and with it the file.
        LayerWord::Env | LayerWord::Default => {
            TargetGuard { label: label.to_owned(), explicit: true, option: String::new(), protected: None }
        }
    };
    (guard, consent_options(session, &change.arguments.consent))
}

/// Returns what is known of a target that is to be changed.
pub(super) fn guard_of(choice: &TargetChoice, label: &str) -> TargetGuard {
    let (explicit, option, protected) = match &choice.place {
        TargetPlace::Local { .. } => (choice.chosen_by.is_explicit(), "--local".to_owned(), None),
        TargetPlace::Database { url, .. } => {
            (choice.chosen_by.is_explicit(), format!("--store {}", url.without_password()), None)
        }
        TargetPlace::Server { profile, .. } => {
            let named = if choice.protected {
                matches!(choice.chosen_by, ChosenBy::Option(_))
            } else {
                choice.chosen_by.is_explicit()
            };
            let option =
                profile.as_ref().map_or("FFCTL_ADMIN_URL=…".to_owned(), |name| format!("--profile {name}"));
            (named, option, profile.clone().filter(|_| choice.protected))
        }
    };
    TargetGuard { label: label.to_owned(), explicit, option, protected }
}

/// Returns what the command line and the terminal say of consent.
pub(super) fn consent_options(session: &Session, arguments: &ConsentArguments) -> ConsentOptions {
    let (yes, confirm) = (arguments.yes, arguments.confirm.clone());
    ConsentOptions { yes, confirm, terminal: session.console.can_ask() }
}

/// Makes sure that the change is wanted: by options, or by asking, after what `plan` shows; tells whether somebody was asked.
pub(super) fn agree(
    session: &mut Session,
    guard: &TargetGuard,
    options: &ConsentOptions,
    plan: impl FnOnce(&Screen) -> String,
) -> Result<bool> {
    let (question, expected) = match consent(guard, options)? {
        Consent::Given => return Ok(false),
        Consent::Ask => ("\nChange it? [y/N] ".to_owned(), vec!["y".to_owned(), "yes".to_owned()]),
        Consent::AskName(name) => (format!("\nType the profile's name to change it: {name}? "), vec![name]),
    };
    let shown = plan(&session.console.words);
    session.console.words(&shown);
    let answer = session.console.ask(&question)?;
    if expected.iter().any(|expected| expected.eq_ignore_ascii_case(&answer)) {
        Ok(true)
    } else {
        Err(Error::new(Kind::Refused, "nothing was changed"))
    }
}
