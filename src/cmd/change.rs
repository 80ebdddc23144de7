//! What every command that writes goes through: plan → diff → guard → consent → write → read back → receipt.

use crate::admin::Permit;
use crate::change::{Consent, ConsentOptions, FlagRequest, Plan, TargetGuard, consent, plan};
use crate::cli::{ChangeArguments, LayerWord};
use crate::error::{Error, Kind, Result};
use crate::exit;
use crate::flagfile::FlagFile;
use crate::layer::{Layers, Origin, Source, TargetKind, Version};
use crate::model::{FlagName, variable_of};
use crate::output;
use crate::report::{ChangeReport, Note};
use crate::settings::{ChosenBy, TargetPlace};

use super::again::Again;
use super::change_report::change_report;
use super::load::{Definitive, Loaded, Needs};
use super::prepare::{Prepared, prepare, target_report, written_values};
use super::session::Session;
use super::write::{write_admin, write_text};

/// A change that was asked for.
pub(super) struct Change<'a> {
    /// The layer to change.
    pub(super) layer: LayerWord,
    /// How.
    pub(super) arguments: &'a ChangeArguments,
    /// What.
    pub(super) requests: Vec<FlagRequest>,
}

impl Session {
    /// Reads all layers for a change of these flags in `layer`.
    ///
    /// # Errors
    /// As [`Session::load_for`]; kind `Unknown` when a server is to override a flag that it does not know.
    pub(super) fn load_for_change(&mut self, layer: LayerWord, flags: &[&str]) -> Result<Loaded> {
        let admin = layer == LayerWord::Admin;
        let mut loaded = self.load_for(&Needs {
            overriding: if admin { flags } else { &[] },
            admin_if_any: !admin,
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
    let prepared = prepare(session, loaded, change)?;
    let plan = planned(loaded, &prepared, change);
    let target = target_report(loaded, &prepared);
    let again = Again::of(session, loaded, change.layer)?;
    let reason = change.arguments.reason.clone();
    let mut report = change_report(&plan, target, reason, &loaded.layers(), &again);
    report.notes.clone_from(&loaded.notes);
    note_masking(loaded, change, &mut report);
    let repairs = show_repairs(&prepared, &mut report);
    if plan.is_empty() && !repairs {
        report.outcome = "unchanged";
        session.emit(&report)?;
        return Ok(exit::DONE);
    }
    let Some(permit) = Permit::unless_dry_run(change.arguments.dry_run) else {
        report.outcome = "planned";
        session.emit(&report)?;
        return Ok(exit::DONE);
    };
    let asked = agree(session, loaded, change, &report)?;
    report.shown = asked && session.console.answers_there();
    let done = match &prepared {
        Prepared::Admin(_) => write_admin(session, loaded, change, &plan, &again, permit)?,
        Prepared::Env(prepared) => write_text(session, change, &plan, &prepared.file, &again, permit)?,
        Prepared::Default(prepared) => write_text(session, change, &plan, &prepared.file, &again, permit)?,
    };
    report.outcome = "written";
    report.receipt = Some(done.receipt);
    session.notes(&done.notes);
    report.notes.extend(done.notes);
    session.emit(&report)?;
    Ok(if done.differs { exit::code(Kind::OutcomeUnknown) } else { exit::DONE })
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

/// Notes what keeps a variable of the file from counting: the same variable of the process.
fn note_masking(loaded: &Loaded, change: &Change<'_>, report: &mut ChangeReport) {
    if change.layer != LayerWord::Env {
        return;
    }
    for flag in &mut report.flags {
        let name = variable_of(&flag.name);
        let process = loaded.variables.iter().any(|variable| {
            variable.name == name
                && matches!(variable.origin, Origin::Variable { .. })
                && !variable.value.trim().is_empty()
        });
        if process {
            let message = format!("{name} is set in this process too and wins over the file");
            flag.notes.push(Note::new(message).hint(format!("unset {name}")));
        }
    }
}

/// Makes sure that the change is wanted: by options, or by asking; tells whether somebody was asked.
fn agree(session: &mut Session, loaded: &Loaded, change: &Change<'_>, report: &ChangeReport) -> Result<bool> {
    let choice = &loaded.choice;
    let (explicit, option, protected) = match (change.layer, &choice.place) {
        (LayerWord::Admin, TargetPlace::Local { .. }) => {
            (choice.chosen_by.is_explicit(), "--local".to_owned(), None)
        }
        (LayerWord::Admin, TargetPlace::Server { profile, .. }) => {
            let named = if choice.protected {
                matches!(choice.chosen_by, ChosenBy::Option(_))
            } else {
                choice.chosen_by.is_explicit()
            };
            let option =
                profile.as_ref().map_or("FFCTL_ADMIN_URL=…".to_owned(), |name| format!("--profile {name}"));
            (named, option, profile.clone().filter(|_| choice.protected))
        }
        // The layer stands on the command line, and with it the file.
        (LayerWord::Env | LayerWord::Default, _) => (true, String::new(), None),
    };
    let guard = TargetGuard { label: report.target.label.clone(), explicit, option, protected };
    let options = ConsentOptions {
        yes: change.arguments.yes,
        confirm: change.arguments.confirm.clone(),
        terminal: session.console.can_ask(),
    };
    let (question, expected) = match consent(&guard, &options)? {
        Consent::Given => return Ok(false),
        Consent::Ask => ("\nChange it? [y/N] ".to_owned(), vec!["y".to_owned(), "yes".to_owned()]),
        Consent::AskName(name) => (format!("\nType the profile's name to change it: {name}? "), vec![name]),
    };
    let shown = output::plan(report, &session.console.words);
    session.console.words(&shown);
    let answer = session.console.ask(&question)?;
    if expected.iter().any(|expected| expected.eq_ignore_ascii_case(&answer)) {
        Ok(true)
    } else {
        Err(Error::new(Kind::Refused, "nothing was changed"))
    }
}
