//! `ffctl simulate-rollout`: who joins, leaves, switches and stays.

use std::cell::RefCell;

use crate::cli::{RehearsalArguments, SimulateArguments, StatisticsArguments};
use crate::error::{Error, Result};
use crate::eval::{Need, World};
use crate::exit;
use crate::layer::Layers;
use crate::model::{ContextKind, Timestamp};
use crate::output::{Making, forecast_page};
use crate::report::{ForecastReport, Note};
use crate::simulate::{Detail, Moments, Plan, Population, Watch, configuration, forecast, unpopulated};

use super::emit_sql;
use super::forecast_conditions::{conditions, count_users, failed};
use super::forecast_overlap;
use super::forecast_ramp::without_users;
use super::forecast_report::{Asked, forecast_report};
use super::forecast_statistics::{Statistics, dimensions};
use super::load::{Definitive, Loaded};
use super::population::{Opened, reading, refuse_reading, wrong_rows};
use super::progress::Progress;
use super::report_page::PageFile;
use super::session::Session;
use super::side::Without;
use super::states::{State, example_step, split_state};
use super::times::{self, Schedule};

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
                    .hint(example_step(&loaded.flag(name)?.effective)),
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
    let asked_times = times::asked(&arguments.times)?;
    let at = match asked_times.as_ref().and_then(|asked| asked.points.first()) {
        Some(first) => *first,
        None => session.at(&arguments.at)?,
    };
    let page = session.page_file(arguments.report.as_deref(), arguments.joins.as_deref())?;
    let mut joins = session.joins_file(arguments.joins.as_deref())?;
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
    let steps: Vec<Placed<'_>> =
        states.iter().map(|state| Placed { state, layers: loaded.layers() }).collect();
    if let Some(word) = arguments.sql.emit_sql {
        refuse_reading(&arguments.population)?;
        let table = emit_sql::table(&arguments.sql)?;
        let session = RefCell::new(session);
        return with_worlds(&steps, &without, &mut Vec::new(), &|worlds| {
            emit_sql::emit(&mut session.borrow_mut(), word, &table, name, worlds)
        });
    }
    let known = with_worlds(&steps, &without, &mut Vec::new(), &|worlds| configuration(name, worlds));
    if arguments.no_users {
        refuse_reading(&arguments.population)?;
        let report = without_users(&loaded, &states, name, &known);
        tell(session, &loaded, &report, (page, at))?;
        return Ok(exit::DONE);
    }
    let listed = !arguments.population.population.is_empty();
    let mut statistics = Statistics::parse(statistics, &loaded, (name, &states), listed)?;
    let detail = Detail { by, against: forecast_overlap::names(&loaded, name, &arguments.overlap)? };
    let schedule =
        asked_times.zip(states.last()).map(|(asked, state)| Schedule::new(&loaded, name, state, asked));
    let plan = with_plan(&steps, &without, name, &detail, schedule.as_ref())?;
    if states.len() == 1 && asks_for_no_users(arguments) && !count_users(&conditions) {
        let promised = unpopulated(&plan);
        if statistics.needs_no_users(&promised) {
            let failed = failed(&conditions, &promised, statistics.observed.as_ref())?;
            let answer = if failed.is_empty() { exit::DONE } else { exit::NO };
            let asked = Asked { source: NOBODY.to_owned(), seed: None, failed, known, schedule };
            let mut report = forecast_report(&loaded, &states, &promised, asked);
            statistics.fill(&mut report, &promised, &loaded, &states);
            tell(session, &loaded, &report, (page, at))?;
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
    options.digest = !arguments.no_digest;
    if seed.is_some() {
        // Made-up users have an id and nothing else; that is what was asked for, not a mistake of a file.
        options.allow_missing = true;
        note_lacking(session, &plan);
    }
    let result = {
        let clock = session.clock;
        let progress = Progress::new(clock, count, bytes);
        let console = RefCell::new(&mut session.console);
        let show = |rows: u64, bytes: u64| progress.show(&mut console.borrow_mut(), rows, bytes);
        let watch = Watch { progress: Some(&show), cancel: None };
        let mut write = |id: &str| match &mut joins {
            Some(file) => file.add(id),
            None => Ok(()),
        };
        let write =
            arguments.joins.is_some().then_some(&mut write as &mut dyn FnMut(&str) -> std::io::Result<()>);
        forecast(&plan, opened.population, &options, watch, write).map_err(Error::from)
    };
    session.console.clear_progress();
    let result = result?;
    statistics.settle(&result);
    if let Some(file) = joins {
        file.finish()?;
    }
    let failed = failed(&conditions, &result, statistics.observed.as_ref())?;
    let wrong = result.intake.wrong;
    let answer = if failed.is_empty() { exit::DONE } else { exit::NO };
    let asked = Asked { source, seed, failed, known, schedule };
    let mut report = forecast_report(&loaded, &states, &result, asked);
    statistics.fill(&mut report, &result, &loaded, &states);
    tell(session, &loaded, &report, (page, at))?;
    if wrong > 0 {
        // A forecast that leaves users out is shown, but is not the answer that was asked for.
        return Err(wrong_rows(wrong, &report.population.source));
    }
    Ok(answer)
}

/// Answers with a forecast, and writes the page of it where one is wanted.
fn tell(
    session: &mut Session,
    loaded: &Loaded,
    report: &ForecastReport,
    (page, at): (Option<PageFile>, Timestamp),
) -> Result<()> {
    session.notes(&report.notes);
    session.notes(loaded.not_live_beside(session.format).as_slice());
    session.emit(report)?;
    if let Some(page) = page {
        page.write(&forecast_page(report, &Making::new(&session.command_line, session.now(), at)))?;
        session.note(&Note::new(format!("the report is in `{}`", page.shown())));
    }
    Ok(())
}

/// Says what made-up users lack for the rules to match any of them.
fn note_lacking(session: &mut Session, plan: &Plan) {
    let has = |kind: &ContextKind, name: &str| kind.is_user() && name == "key";
    let lacking = plan.program().lacking(&has);
    if lacking.is_empty() {
        return;
    }
    let names: Vec<String> = lacking.iter().map(Need::in_words).collect();
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
    let population = !arguments.population.population.is_empty() || arguments.synthetic.is_some();
    let counted = !arguments.by.is_empty() || !arguments.overlap.is_empty() || arguments.joins.is_some();
    !population && !counted && arguments.seed.is_none() && arguments.times.between.is_none()
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
        Some(shares) if shares.contains('=') => split_state(loaded, name, shares)?,
        Some(word) => session.state(loaded, name, word)?,
        None => State::now(),
    }];
    for word in &arguments.to {
        states.push(session.state(loaded, name, word)?);
    }
    for split in &arguments.split {
        states.push(split_state(loaded, name, split)?);
    }
    Ok(states)
}

/// What is done with the worlds of all states, each with its label.
type WithWorlds<'a, R> = &'a dyn Fn(&[(&str, &dyn World)]) -> R;

/// A state over the layers in which it is looked at.
#[derive(Clone, Copy)]
struct Placed<'a> {
    state: &'a State,
    layers: Layers<'a>,
}

/// Calls `with` with the worlds of all states: each lives as long as the call.
fn with_worlds<'a, R>(
    states: &[Placed<'a>],
    without: &Without,
    worlds: &mut Vec<(&'a str, &dyn World)>,
    with: WithWorlds<'_, R>,
) -> R {
    let Some((first, rest)) = states.split_first() else { return with(worlds) };
    first.state.over(first.layers, without, |world| {
        let mut longer: Vec<(&'a str, &dyn World)> = worlds.clone();
        longer.push((&first.state.label, world));
        with_worlds(rest, without, &mut longer, with)
    })
}

/// Compiles the plan of all states, and of the last at several times.
fn with_plan(
    steps: &[Placed<'_>],
    without: &Without,
    name: &str,
    detail: &Detail,
    schedule: Option<&Schedule>,
) -> Result<Plan> {
    let last = steps.last().zip(schedule);
    let later: Vec<Placed<'_>> = last.map_or_else(Vec::new, |(last, schedule)| {
        schedule.layers(last.layers).into_iter().map(|layers| Placed { layers, ..*last }).collect()
    });
    let all: Vec<Placed<'_>> = steps.iter().copied().chain(later).collect();
    with_worlds(&all, without, &mut Vec::new(), &|worlds| {
        let (worlds, later) = worlds.split_at(steps.len());
        let later: Vec<&dyn World> = later.iter().map(|(_, world)| *world).collect();
        let moments = schedule.map(|schedule| Moments { worlds: &later, points: &schedule.points });
        Plan::detailed(name, worlds, detail, moments.as_ref()).map_err(Error::from)
    })
}
