//! `ffctl simulate-rollout`: who joins, leaves, switches and stays.

use std::cell::RefCell;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use crate::cli::{RehearsalArguments, SimulateArguments, StatisticsArguments};
use crate::error::{Error, Kind, Result};
use crate::eval::World;
use crate::exit;
use crate::model::ContextKind;
use crate::report::Note;
use crate::simulate::{Detail, Plan, Population, Watch, forecast, unpopulated};

use super::emit_sql;
use super::forecast_conditions::{conditions, count_users, failed};
use super::forecast_overlap;
use super::forecast_report::{Asked, forecast_report};
use super::forecast_statistics::{Statistics, dimensions};
use super::load::{Definitive, Loaded};
use super::population::{Opened, reading, wrong_rows};
use super::progress::Progress;
use super::session::Session;
use super::side::Without;
use super::states::{State, split_state};

/// What stands for the users where nobody is counted.
const NOBODY: &str = "none";
/// How many users are made up where nobody says how many.
const SYNTHETIC: u64 = 100_000;

pub(super) fn run(session: &mut Session, arguments: &SimulateArguments) -> Result<u8> {
    rehearse(session, &arguments.name, (&arguments.rehearsal, &arguments.statistics), &|session, loaded| {
        let states = states(session, loaded, arguments)?;
        let name = arguments.name.as_str();
        if states.len() == 1 && loaded.layers().resolve(name).is_some() && !asks_of_the_present(arguments) {
            session.note(
                &Note::new("without --to this is the present state alone")
                    .hint(format!("ffctl simulate-rollout {name} --to 25%")),
            );
        }
        Ok(states)
    })
}

/// Returns the states to compare, the one before first.
type States<'a> = &'a dyn Fn(&mut Session, &Loaded) -> Result<Vec<State>>;

/// Runs the users through the states and answers.
pub(super) fn rehearse(
    session: &mut Session,
    name: &str,
    (arguments, statistics): (&RehearsalArguments, &StatisticsArguments),
    states: States<'_>,
) -> Result<u8> {
    let conditions = conditions(&arguments.fail_if)?;
    let by = dimensions(&arguments.by)?;
    let at = session.at(&arguments.at)?;
    let loaded = session.load(Definitive::Required)?;
    if loaded.layers().resolve(name).is_some() {
        loaded.check(name)?;
    } else if let Some(experiment) = loaded.layers().experiment(name) {
        if let Some(gate) = &experiment.flag {
            loaded.check(gate.as_str())?;
        }
    } else {
        return Err(loaded.unknown_flag_or_experiment(name));
    }
    let states = states(session, &loaded)?;
    let without = Without::anything();
    if let Some(word) = arguments.sql.emit_sql {
        let table = emit_sql::table(&arguments.sql)?;
        let session = RefCell::new(session);
        return with_worlds(&states, &loaded, &without, &mut Vec::new(), &|worlds| {
            emit_sql::emit(&mut session.borrow_mut(), word, &table, name, worlds)
        });
    }
    let statistics = Statistics::parse(statistics, &loaded, (name, &states))?;
    let detail = Detail { by, against: forecast_overlap::names(&loaded, name, &arguments.overlap)? };
    let plan = with_worlds(&states, &loaded, &without, &mut Vec::new(), &|worlds| {
        Plan::detailed(name, worlds, &detail).map_err(Error::from)
    })?;
    if states.len() == 1 && asks_for_no_users(arguments) && !count_users(&conditions) {
        let promised = unpopulated(&plan);
        if statistics.needs_no_users(&promised) {
            let failed = failed(&conditions, &promised, statistics.observed.as_ref())?;
            let answer = if failed.is_empty() { exit::DONE } else { exit::NO };
            let asked = Asked { source: NOBODY.to_owned(), seed: None, failed };
            let mut report = forecast_report(&loaded, &states, &promised, asked);
            statistics.fill(&mut report, &promised, &loaded, &states);
            session.notes(&report.notes);
            session.notes(loaded.not_live_beside(session.format).as_slice());
            session.emit(&report)?;
            return Ok(answer);
        }
    }
    let opened = session.population(&arguments.population)?;
    let seed = opened.is_none().then(|| arguments.seed.unwrap_or(1));
    let (opened, count) = if let Some(opened) = opened {
        (opened, None)
    } else {
        let count = arguments.synthetic.unwrap_or(SYNTHETIC);
        let population = Population::Synthetic { count, seed: seed.unwrap_or(1) };
        (Opened { population, name: "synthetic".to_owned(), bytes: None }, Some(count))
    };
    let (source, bytes) = (opened.name, opened.bytes);
    let mut options = reading(&arguments.population, at);
    if seed.is_some() {
        // Made-up users have an id and nothing else; that is what was asked for, not a mistake of a file.
        options.allow_missing = true;
        note_lacking(session, &plan);
    }
    let mut joins = arguments.joins.as_deref().map(|path| joins_file(session, path)).transpose()?;
    let result = {
        let clock = session.clock;
        let progress = Progress::new(clock, count, bytes);
        let console = RefCell::new(&mut session.console);
        let show = |rows: u64, bytes: u64| progress.show(&mut console.borrow_mut(), rows, bytes);
        let watch = Watch { progress: Some(&show), cancel: None };
        let mut write = |id: &str| match &mut joins {
            Some(file) => writeln!(file, "{id}"),
            None => Ok(()),
        };
        let write =
            arguments.joins.is_some().then_some(&mut write as &mut dyn FnMut(&str) -> std::io::Result<()>);
        forecast(&plan, opened.population, &options, watch, write).map_err(Error::from)
    };
    session.console.clear_progress();
    let result = result?;
    if let Some(mut file) = joins {
        file.flush().map_err(|error| Error::new(Kind::Local, "cannot write --joins").caused_by(error))?;
    }
    let failed = failed(&conditions, &result, statistics.observed.as_ref())?;
    let wrong = result.intake.wrong;
    let answer = if failed.is_empty() { exit::DONE } else { exit::NO };
    let asked = Asked { source, seed, failed };
    let mut report = forecast_report(&loaded, &states, &result, asked);
    statistics.fill(&mut report, &result, &loaded, &states);
    session.notes(&report.notes);
    session.notes(loaded.not_live_beside(session.format).as_slice());
    session.emit(&report)?;
    if wrong > 0 {
        // A forecast that leaves users out is shown, but is not the answer that was asked for.
        return Err(wrong_rows(wrong, &report.population.source));
    }
    Ok(answer)
}

/// Says what made-up users lack for the rules to match any of them.
fn note_lacking(session: &mut Session, plan: &Plan) {
    let has = |kind: &ContextKind, name: &str| kind.is_user() && name == "key";
    let lacking = plan.program().lacking(&has);
    if lacking.is_empty() {
        return;
    }
    let names: Vec<String> = lacking.iter().map(ToString::to_string).collect();
    session.note(
        &Note::new(format!(
            "made-up users have no {}: what asks for it matches none of them",
            names.join(", ")
        ))
        .hint("--population FILE brings real users with their attributes"),
    );
}

/// Tells whether nothing was asked that users must be counted for.
fn asks_for_no_users(arguments: &RehearsalArguments) -> bool {
    let population = arguments.population.population.is_some() || arguments.synthetic.is_some();
    let counted = !arguments.by.is_empty() || !arguments.overlap.is_empty() || arguments.joins.is_some();
    !population && !counted && arguments.seed.is_none()
}

/// Tells whether the present state is what was asked about, so that one without a change needs no word.
fn asks_of_the_present(arguments: &SimulateArguments) -> bool {
    arguments.statistics.daily_users.is_some()
        || !arguments.rehearsal.overlap.is_empty()
        || !arguments.rehearsal.by.is_empty()
}

/// Returns the states to compare, the one before first.
fn states(session: &Session, loaded: &Loaded, arguments: &SimulateArguments) -> Result<Vec<State>> {
    let name = arguments.name.as_str();
    let mut states = vec![match &arguments.from {
        Some(word) => session.state(loaded, name, word)?,
        None => State::now(),
    }];
    for word in &arguments.to {
        states.push(session.state(loaded, name, word)?);
    }
    if let Some(split) = &arguments.split {
        states.push(split_state(loaded, name, split)?);
    }
    Ok(states)
}

/// What is done with the worlds of all states, each with its label.
type WithWorlds<'a, R> = &'a dyn Fn(&[(&str, &dyn World)]) -> R;

/// Calls `with` with the worlds of all states: each lives as long as the call.
fn with_worlds<'a, R>(
    states: &'a [State],
    loaded: &Loaded,
    without: &Without,
    worlds: &mut Vec<(&'a str, &dyn World)>,
    with: WithWorlds<'_, R>,
) -> R {
    let Some((first, rest)) = states.split_first() else { return with(worlds) };
    first.with(loaded, without, |world| {
        let mut longer: Vec<(&'a str, &dyn World)> = worlds.clone();
        longer.push((&first.label, world));
        with_worlds(rest, loaded, without, &mut longer, with)
    })
}

fn joins_file(session: &Session, path: &Path) -> Result<BufWriter<File>> {
    let file = File::create(session.settings.folders.absolute(path)).map_err(|error| {
        Error::new(Kind::Local, format!("cannot write `{}`", path.display())).caused_by(error)
    })?;
    Ok(BufWriter::new(file))
}
