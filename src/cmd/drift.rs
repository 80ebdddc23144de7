//! `ffctl drift`: where a server and this checkout disagree.

use crate::answer::drifting;
use crate::cli::{DriftArguments, DriftKind};
use crate::error::{Error, Kind, Result};
use crate::exit;
use crate::layer::{Freshness, TargetKind};
use crate::output::Format;
use crate::report::{DriftsReport, Note};

use super::again;
use super::load::{Definitive, Fresh, Loaded, Needs};
use super::session::Session;
use super::wanted::{Wanted, flags_of};

pub(super) fn run(session: &mut Session, arguments: &DriftArguments) -> Result<u8> {
    session.states = true;
    let wanted = Wanted::of(&arguments.names)?;
    if session.target()?.label().kind != TargetKind::Server {
        let kind = if session.target()?.label().kind == TargetKind::Local { "local store" } else { "store" };
        let message = format!("a {kind} has no view of its own that could drift from this checkout");
        return Err(Error::new(Kind::Usage, message).hint("name a server with --profile NAME"));
    }
    let loaded = session.load_for(&Needs { fresh: Fresh::Live, ..Needs::of(Definitive::Required) })?;
    let Some(file) = loaded.file_name().map(str::to_owned) else {
        session.settings.flag_file()?.required()?;
        return Err(Error::new(Kind::Bug, "flags.toml was not read"));
    };
    if loaded.admin.freshness == Freshness::NotAsked {
        let message = format!("{}: it was not asked what it says", loaded.admin.target);
        return Err(Error::new(Kind::Unreachable, message).hint("leave out --offline"));
    }
    let layers = loaded.layers();
    wanted.known(&flags_of(&layers), "flag", "")?;
    let ignored: Vec<&'static str> = arguments.ignore.iter().map(|kind| DriftKind::word(*kind)).collect();
    let option = again::target(&loaded);
    let (flags, count) = drifting(&layers, &|name| wanted.is_wanted(name), &ignored, &option);
    let mut notes = loaded.notes.clone();
    let compared = compared(&loaded);
    if compared == "switch" {
        let message = "the server tells the switch and the source of its flags alone: whom they are on for is not compared";
        notes.push(Note::new(message));
    }
    let exit = exit::combined([
        if count.invalid > 0 { exit::code(Kind::Invalid) } else { exit::DONE },
        if count.drifting > 0 { exit::code(Kind::Drift) } else { exit::DONE },
    ]);
    let report = DriftsReport {
        target: loaded.target_report(),
        freshness: loaded.freshness(),
        file,
        flags,
        count,
        compared,
        ignored,
        exit,
        notes,
    };
    if matches!(session.format, Format::Csv | Format::Name | Format::Github) {
        report_age(session, &loaded);
    }
    session.notes(&report.notes);
    session.emit(&report)?;
    loaded.leave();
    Ok(exit)
}

fn report_age(session: &mut Session, loaded: &Loaded) {
    session.notes(loaded.not_live().as_slice());
}

/// Returns how much the server tells of its flags: of the one that it tells least of.
fn compared(loaded: &Loaded) -> &'static str {
    let states = || loaded.admin.server.values().map(|flag| flag.state.as_ref());
    if states().any(|state| state.is_none()) {
        return "switch";
    }
    let defined = |state: Option<&Box<crate::layer::ServerState>>| {
        state.is_some_and(|state| state.definition.is_some() || !state.declared)
    };
    if states().all(defined) { "definition" } else { "state" }
}
