//! A forecast → its report, with the verdict in plain words.

use crate::bucket::Algorithm;
use crate::eval::{World, state_of};
use crate::report::{
    ExperimentReport, ForecastReport, GroupReport, InputReport, Note, PopulationReport, RowsReport,
    SampleRatio, StateReport, StepForecast, VariationCount, WayReport,
};
use crate::simulate::{Change, Configuration, Forecast, GroupKey, Groups, Stage, Thing, Way};

use super::bucketing_notes;
use super::configuration_report::moves;
use super::forecast_ramp::{funnel, said_alone};
use super::forecast_statistics::bound_of;
use super::forecast_verdict::verdict;
use super::load::Loaded;
use super::population::unread_times;
use super::side::Without;
use super::states::State;
use super::times::Schedule;

/// What was asked beside the states.
pub(super) struct Asked {
    /// Where the users come from.
    pub(super) source: String,
    /// The seed of made-up users.
    pub(super) seed: Option<u64>,
    /// The conditions that hold.
    pub(super) failed: Vec<String>,
    /// What the configuration alone says.
    pub(super) known: Configuration,
    /// The times that were asked for.
    pub(super) schedule: Option<Schedule>,
}

/// Returns the report of a forecast over `states`.
pub(super) fn forecast_report(
    loaded: &Loaded,
    states: &[State],
    result: &Forecast,
    asked: Asked,
) -> ForecastReport {
    let without = Without::anything();
    let labels: Vec<String> = states.iter().map(|state| state.label.clone()).collect();
    let report = |at: usize| {
        let summary = summary(loaded, &without, &states[at], &result.name);
        result.stages.get(at).map(|stage| state_report(stage, &labels[at], summary))
    };
    let now = report(0).unwrap_or_else(|| StateReport {
        label: "now".to_owned(),
        summary: None,
        on: 0,
        share: 0.0,
        expected: None,
        interval: None,
        unseen: None,
        variations: Vec::new(),
    });
    let algorithm = algorithm(loaded, &without, states, &result.name);
    let bucketing = bucketing(loaded, &without, states, &result.name);
    let several = result.steps.len() > 1;
    let groups: Vec<GroupReport> = result.groups.iter().flat_map(group_reports).collect();
    let step = |change: &Change| {
        let mut step =
            step_forecast(change, report(change.to)?, (labels[change.from].clone(), result.design_effect_in));
        if change.from == 0 && change.to + 1 == result.stages.len() {
            step.groups.clone_from(&groups);
        }
        Some(step)
    };
    let mut notes = loaded.notes.clone();
    notes.extend(bucketing);
    notes.extend(result.groups.iter().flat_map(group_notes));
    // What made-up users lack was said before they were counted.
    for need in result.intake.never_seen.iter().filter(|_| !result.synthetic) {
        notes.push(Note::new(format!(
            "no row has `{need}`, which the rules ask for: it is missing for everyone"
        )));
    }
    notes.extend(result.intake.unread_times.iter().map(unread_times));
    if result.intake.padded > 0 {
        let padded = result.intake.padded;
        notes.push(Note::new(format!("{padded} ids start or end with a blank, which is part of the id")));
    }
    ForecastReport {
        name: result.name.clone(),
        kind: kind(result.thing),
        population: population_report(result, asked.source, asked.seed),
        now,
        steps: result.steps.iter().filter_map(step).collect(),
        overall: result.overall.as_ref().filter(|_| several).and_then(step),
        configuration: said_alone(result.thing, &result.name, &labels, &asked.known),
        times: asked
            .schedule
            .zip(result.times.as_ref())
            .map(|(schedule, times)| schedule.report(times, result.intake.rows)),
        funnel: result
            .stages
            .iter()
            .zip(&labels)
            .filter_map(|(stage, label)| funnel(stage, label, result))
            .collect(),
        experiment: result.stages.last().and_then(|stage| experiment_report(stage, result.design_effect)),
        groups: if result.steps.is_empty() { groups } else { Vec::new() },
        orgs: None,
        overlaps: Vec::new(),
        observed: None,
        power: None,
        verdict: verdict(result, &labels),
        failed: asked.failed,
        algorithm,
        target: loaded.target_report(),
        freshness: loaded.freshness(),
        notes,
    }
}

/// Returns the word for a flag or an experiment.
pub(super) const fn kind(thing: Thing) -> &'static str {
    match thing {
        Thing::Flag => "flag",
        Thing::Experiment => "experiment",
    }
}

fn population_report(result: &Forecast, source: String, seed: Option<u64>) -> PopulationReport {
    let intake = &result.intake;
    let input = |read: &crate::simulate::InputRead| InputReport {
        path: read.name.clone(),
        bytes: read.bytes,
        sha256: read.sha256.clone(),
        query: read.query.clone(),
    };
    PopulationReport {
        source,
        synthetic: result.synthetic,
        seed,
        users: intake.rows,
        wrong_rows: intake.wrong,
        wrong: intake.wrong_rows(),
        without_unit: result.stages.last().map_or(0, |stage| stage.missing_key),
        inputs: intake.inputs.iter().map(input).collect(),
        rows: RowsReport {
            total: intake.total(),
            users: intake.rows - intake.without_id,
            without_id: intake.without_id,
            duplicates: intake.duplicates,
            wrong: intake.wrong,
            blank: intake.blank,
        },
        repeated: intake.first_duplicates.clone(),
    }
}

/// Returns what to know of the bucketing of all states, each once.
pub(super) fn bucketing(loaded: &Loaded, without: &Without, states: &[State], name: &str) -> Vec<Note> {
    let mut all: Vec<Note> = Vec::new();
    for state in states {
        let of_flag = |world: &dyn World| world.flag(name).map(|flag| bucketing_notes::notes(&flag));
        let of_experiment = |world: &dyn World| {
            world.experiment(name).and_then(|experiment| bucketing_notes::experiment_notes(&experiment))
        };
        let notes = state.with(loaded, without, of_flag);
        let notes = notes.unwrap_or_else(|| state.with(loaded, without, of_experiment).into_iter().collect());
        all.extend(notes.into_iter().filter(|note| !all.contains(note)).collect::<Vec<_>>());
    }
    all
}

/// Returns the algorithm of the last state.
pub(super) fn algorithm(loaded: &Loaded, without: &Without, states: &[State], name: &str) -> Algorithm {
    let of = |world: &dyn World| {
        let flag = world.flag(name).map(|flag| flag.bucketing.clone());
        flag.or_else(|| world.experiment(name).map(|experiment| experiment.bucketing.clone()))
    };
    states.last().and_then(|state| state.with(loaded, without, of)).unwrap_or_default()
}

/// Returns what a flag comes to in a state; none for an experiment, and where the state's own name says it.
pub(super) fn summary(loaded: &Loaded, without: &Without, state: &State, name: &str) -> Option<String> {
    let summary = state.with(loaded, without, |world: &dyn World| {
        world.flag(name).map(|flag| state_of(world, &flag).to_string())
    });
    summary.filter(|summary| *summary != state.label)
}

fn state_report(stage: &Stage, label: &str, summary: Option<String>) -> StateReport {
    let count = |count: &crate::simulate::VariationCount| VariationCount {
        variation: count.name.clone(),
        users: count.count,
        share: count.share,
        expected: None,
    };
    StateReport {
        label: label.to_owned(),
        summary,
        on: stage.inside,
        share: stage.share,
        expected: stage.expectation.as_ref().map(|expectation| expectation.share),
        interval: stage.interval.map(|interval| (interval.low, interval.high)),
        unseen: stage.unseen.map(|interval| (interval.low, interval.high)),
        variations: stage.variations.iter().map(count).collect(),
    }
}

fn step_forecast(
    change: &Change,
    then: StateReport,
    (from, design_effect): (String, Option<f64>),
) -> StepForecast {
    StepForecast {
        then,
        from,
        joins: change.counts.joins,
        leaves: change.counts.leaves,
        switches: change.counts.switches,
        stays_on: change.counts.stays_in,
        stays_off: change.counts.stays_out,
        exposed: change.exposed,
        ways: change.ways.iter().map(way_report).collect(),
        sample_joins: change.joins.clone(),
        sample_leaves: change.leaves.clone(),
        sample_switches: change.switches.clone(),
        keeps_everyone: change.keeps.observed,
        guaranteed: change.keeps.guaranteed,
        errors: change.counts.errors,
        failure_bound: bound_of(change, design_effect),
        groups: Vec::new(),
    }
}

fn way_report(way: &Way) -> WayReport {
    WayReport {
        before: way.before.clone(),
        after: way.after.clone(),
        moves: moves(way.inside, way.before == way.after),
        users: way.users,
    }
}

fn group_reports(groups: &Groups) -> Vec<GroupReport> {
    let report = |group: &crate::simulate::Group| GroupReport {
        by: groups.by.to_string(),
        group: match &group.key {
            GroupKey::Value(value) => Some(value.clone()),
            GroupKey::None => None,
            GroupKey::Other => Some("(other)".to_owned()),
        },
        users: group.rows,
        on_before: group.now,
        on_after: group.then,
        joins: group.counts.joins,
        leaves: group.counts.leaves,
        switches: group.counts.switches,
    };
    groups.groups.iter().map(report).collect()
}

fn group_notes(groups: &Groups) -> Vec<Note> {
    let mut notes = Vec::new();
    if groups.overlapping {
        notes.push(Note::new(
            "a user can be in several segments, so the groups add up to more than the population",
        ));
    }
    if groups.truncated {
        notes.push(Note::new(
            "there are more than 10,000 groups: the later ones of the input are one, (other)",
        ));
    }
    notes
}

fn experiment_report(stage: &Stage, design_effect: Option<f64>) -> Option<ExperimentReport> {
    let counts = stage.experiment.as_ref()?;
    let total: u64 = counts.bucketed.iter().sum();
    #[expect(clippy::cast_precision_loss, reason = "a share is for show; counts stay exact")]
    let share = |users: u64| if total == 0 { 0.0 } else { users as f64 / total as f64 };
    let variants = stage.variations.iter().zip(&counts.bucketed).zip(&counts.shares);
    let variants: Vec<VariationCount> = variants
        .map(|((variation, users), expected)| VariationCount {
            variation: variation.name.clone(),
            users: *users,
            share: share(*users),
            expected: Some(*expected),
        })
        .collect();
    let deviation =
        |variant: &VariationCount| (variant.share - variant.expected.unwrap_or(0.0)).abs() * 100.0;
    let deviation_points = if total == 0 { 0.0 } else { variants.iter().map(deviation).fold(0.0, f64::max) };
    Some(ExperimentReport {
        variants,
        forced: counts.forced.iter().sum(),
        gated: counts.gate_closed,
        sample_ratio: counts.sample_ratio.as_ref().map(|ratio| SampleRatio {
            chi_square: ratio.statistic,
            degrees: ratio.degrees,
            p: ratio.p,
            mismatch: ratio.mismatch,
            deviation_points,
            design_effect,
        }),
    })
}
