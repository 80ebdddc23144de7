//! `ffctl variant-for-user`: which variant a user gets, or all users of a population.

use std::collections::HashMap;

use crate::cli::VariantArguments;
use crate::error::{Error, Kind, Result, did_you_mean};
use crate::eval::{Assignment, Builder, ExperimentId, Gate, Program, Scratch, Slots, Step, World};
use crate::exit;
use crate::model::{Context, ContextKind, Experiment, FlagName, Timestamp};
use crate::output::{Format, VariantStream};
use crate::report::{VariantReport, VariantsReport};
use crate::simulate::{Assigned, Watch, assign};

use super::bucketing_notes;
use super::directory::Known;
use super::load::{Definitive, Loaded};
use super::population::{reading, repeated, wrong_rows};
use super::progress::Progress;
use super::session::Session;

pub(super) fn run(session: &mut Session, arguments: &VariantArguments) -> Result<u8> {
    if !arguments.population.population.is_empty() {
        return stream(session, arguments);
    }
    let (user, names) = user_and_experiments(arguments)?;
    let mut context = session.context(&arguments.context)?.unwrap_or_default();
    if let Some(user) = user {
        context.part_mut(&ContextKind::user()).key = Some(user);
    }
    let at = session.at(&arguments.context.at)?;
    let loaded = session.load(Definitive::Required)?;
    let experiments = experiments(&loaded, &names)?;
    let known = session.known(&arguments.context, Some(context), &loaded.choice)?;
    let mut notes = loaded.notes.clone();
    notes.extend(known.iter().flat_map(Known::notes));
    let Known { context, directory } = known.unwrap_or_default();
    notes.extend(experiments.iter().filter_map(bucketing_notes::experiment_notes));
    notes.extend(loaded.drift_notes(gates(&experiments)));
    session.notes(&notes);
    session.notes(loaded.not_live_beside(session.format).as_slice());
    let variants =
        experiments.iter().filter_map(|experiment| one(&loaded, experiment, &context, at)).collect();
    let (target, freshness) = (loaded.target_report(), loaded.freshness());
    let report = VariantsReport { variants, directory, target, freshness, notes };
    session.emit(&report)?;
    Ok(exit::DONE)
}

/// Returns the user and the experiments: the first word is the user, unless an option or a context names one.
fn user_and_experiments(arguments: &VariantArguments) -> Result<(Option<String>, Vec<String>)> {
    let missing = || {
        Error::new(Kind::Usage, "whose variant?")
            .hint("ffctl variant-for-user u-42")
            .hint("ffctl variant-for-user --population users.csv")
    };
    if arguments.context.context.is_some() || arguments.context.user.is_some() {
        return Ok((None, arguments.items.clone()));
    }
    let (user, experiments) = arguments.items.split_first().ok_or_else(missing)?;
    if user.is_empty() {
        return Err(Error::new(Kind::Usage, "the user's key is empty"));
    }
    Ok((Some(user.clone()), experiments.to_vec()))
}

/// Returns the flags that decide whether experiments run.
fn gates(experiments: &[Experiment]) -> impl Iterator<Item = &str> {
    experiments.iter().filter_map(|experiment| experiment.flag.as_ref()).map(FlagName::as_str)
}

/// Returns the experiments of these names, all of them if none is named.
fn experiments(loaded: &Loaded, names: &[String]) -> Result<Vec<Experiment>> {
    let layers = loaded.layers();
    let known = || {
        let file = loaded.file.as_ref().into_iter();
        file.flat_map(|file| file.definitions().experiments.keys().map(crate::model::ExperimentName::as_str))
    };
    let names: Vec<&str> =
        if names.is_empty() { known().collect() } else { names.iter().map(String::as_str).collect() };
    if names.is_empty() {
        return Err(Error::new(Kind::Unknown, "flags.toml defines no experiment"));
    }
    let mut all = Vec::new();
    for name in names {
        let Some(experiment) = layers.experiment(name) else {
            let error = Error::new(Kind::Unknown, format!("there is no experiment `{name}`"));
            if layers.resolve(name).is_some() {
                return Err(error.hint(format!("`{name}` is a flag: ffctl get {name} --user USER")));
            }
            return Err(match did_you_mean(name, known()) {
                Some(hint) => error.hint(hint),
                None => error.hint(format!("known: {}", known().collect::<Vec<_>>().join(", "))),
            });
        };
        if let Some(gate) = &experiment.flag {
            loaded.check(gate.as_str())?;
        }
        all.push(experiment.into_owned());
    }
    Ok(all)
}

fn one(loaded: &Loaded, experiment: &Experiment, context: &Context, at: Timestamp) -> Option<VariantReport> {
    let mut builder = Builder::default();
    let id = builder.experiment(&loaded.layers(), experiment.name.as_str())?;
    let program = builder.build();
    let mut scratch = Scratch::default();
    let mut seen = None;
    let mut watch = |step: Step<'_>| {
        if let Step::Fallthrough { bucketed: Some(bucketed), .. } = &step {
            seen = bucketed.bucket.map(|_| (bucketed.from, bucketed.threshold, bucketed.total));
        }
    };
    let given = scratch.subject(&program, context, at).assign(id, &mut watch);
    let user = context.key(&ContextKind::user()).map(str::to_owned);
    let mut report = report(&program, id, experiment, user, &given);
    report.shares = Some(experiment.variants.clone());
    report.slots = seen.map(|(from, to, _)| (from, to));
    report.total = seen.map(|(_, _, total)| total);
    Some(report)
}

fn report(
    program: &Program,
    id: ExperimentId,
    experiment: &Experiment,
    user: Option<String>,
    given: &Assignment,
) -> VariantReport {
    VariantReport {
        user,
        experiment: experiment.name.to_string(),
        variant: program.variants(id)[given.variant].clone(),
        bucket: program.slot(id, given.bucket),
        reason: given.reason,
        error_code: given.reason.error_code(),
        gate: gate_word(given.gate),
        flag: experiment.flag.as_ref().map(ToString::to_string),
        forced: given.reason == crate::model::Reason::TargetingMatch,
        shares: None,
        slots: None,
        total: None,
        algorithm: experiment.bucketing.clone(),
    }
}

const fn gate_word(gate: Gate) -> Option<&'static str> {
    match gate {
        Gate::None => None,
        Gate::Open => Some("open"),
        Gate::Closed => Some("closed"),
    }
}

/// Answers for every row of a population, in its order and in constant memory.
fn stream(session: &mut Session, arguments: &VariantArguments) -> Result<u8> {
    let named = [
        ("--user", arguments.context.user.is_some()),
        ("--org", arguments.context.org.is_some()),
        ("--attr", !arguments.context.attributes.is_empty()),
        ("--context", arguments.context.context.is_some()),
        ("--directory", arguments.context.directory),
    ];
    if let Some((option, _)) = named.iter().find(|(_, given)| *given) {
        return Err(Error::new(
            Kind::Usage,
            format!("{option} says something of one user; --population brings its own"),
        ));
    }
    let at = session.at(&arguments.context.at)?;
    let loaded = session.load(Definitive::Required)?;
    session.notes(&loaded.notes);
    // Only a whole JSON document has a place for it: rows go out one by one.
    let beside = if session.format == Format::Json { None } else { loaded.not_live() };
    session.notes(beside.as_slice());
    let experiments = experiments(&loaded, &arguments.items)?;
    session.notes(&loaded.drift_notes(gates(&experiments)));
    let mut builder = Builder::default();
    let compiled: Vec<(&Experiment, ExperimentId)> = experiments
        .iter()
        .filter_map(|experiment| {
            Some((experiment, builder.experiment(&loaded.layers(), experiment.name.as_str())?))
        })
        .collect();
    let program = builder.build();
    let ids: Vec<(&str, ExperimentId)> =
        compiled.iter().map(|(experiment, id)| (experiment.name.as_str(), *id)).collect();
    let by_name: HashMap<&str, (&Experiment, Slots)> = compiled
        .iter()
        .map(|(experiment, id)| (experiment.name.as_str(), (*experiment, program.slots(*id))))
        .collect();
    let opened = session.population(&arguments.population)?;
    let opened = opened.ok_or_else(|| Error::new(Kind::Bug, "a stream without a population"))?;
    let names = compiled.iter().map(|(experiment, _)| experiment.name.as_str());
    let variants = compiled.iter().flat_map(|(experiment, _)| experiment.variants.pairs());
    let stream = VariantStream::new(session.format, session.console.data)
        .about(loaded.target_report(), loaded.freshness())
        .fitting(names, variants.map(|(name, _)| name.as_str()));
    let options = reading(&arguments.population, at);
    let render = |assigned: &Assigned<'_>, out: &mut String| {
        let Some((experiment, slots)) = by_name.get(assigned.experiment) else { return };
        out.push_str(&stream.row(&row(assigned, experiment, slots)));
    };
    let mut first = true;
    let intake = {
        // The rows go out through the same console that shows the progress; only one of them at a time.
        let clock = session.clock;
        let bytes = opened.bytes;
        let console = std::cell::RefCell::new(&mut session.console);
        let progress = Progress::new(clock, None, bytes);
        let show = |rows: u64, bytes: u64| progress.show(&mut console.borrow_mut(), rows, bytes);
        let mut sink = |block: String| {
            let mut console = console.borrow_mut();
            // Not before there is a row: a population that cannot be read leaves standard output empty.
            let block =
                if std::mem::take(&mut first) { stream.header() + stream.first(&block) } else { block };
            console.data(&block).map_err(std::io::Error::other)?;
            if console.is_closed() {
                return Err(std::io::Error::from(std::io::ErrorKind::BrokenPipe));
            }
            Ok(())
        };
        let watch = Watch { progress: Some(&show), cancel: None };
        assign(&program, &ids, opened.population, &options, watch, &render, &mut sink)
    };
    session.console.clear_progress();
    let intake = match intake {
        Ok(intake) => intake,
        // Nobody reads any more: the work is done.
        Err(_) if session.console.is_closed() => return Ok(exit::DONE),
        Err(error) => return Err(error.into()),
    };
    if first {
        session.console.data(&stream.header())?;
    }
    session.console.data(&stream.end(intake.rows > 0))?;
    for wrong in intake.wrong_rows() {
        session.note(&crate::report::Note::new(wrong));
    }
    if let Some(duplicates @ 1..) = intake.duplicates {
        session.note(&repeated(duplicates, &intake.first_duplicates));
    }
    if intake.wrong > 0 {
        return Err(wrong_rows(intake.wrong, &opened.name));
    }
    Ok(exit::DONE)
}

fn row(assigned: &Assigned<'_>, experiment: &Experiment, slots: &Slots) -> VariantReport {
    let mut variants = slots.variants.iter();
    let drawn = assigned.bucket.and_then(|_| variants.find(|(variant, _)| variant == assigned.variant));
    VariantReport {
        user: (!assigned.user.is_empty()).then(|| assigned.user.to_owned()),
        experiment: assigned.experiment.to_owned(),
        variant: assigned.variant.clone(),
        bucket: assigned.bucket,
        reason: assigned.reason,
        error_code: assigned.reason.error_code(),
        gate: gate_word(assigned.gate),
        flag: experiment.flag.as_ref().map(ToString::to_string),
        forced: assigned.forced,
        shares: None,
        slots: drawn.map(|(_, slots)| *slots),
        total: drawn.map(|_| slots.total),
        algorithm: experiment.bucketing.clone(),
    }
}
