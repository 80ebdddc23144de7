//! What a forecast says without users, and what its users must pass first.

use crate::report::{
    ConfigurationReport, ForecastReport, FunnelReport, FunnelStep, PopulationReport, RowsReport, StateReport,
};
use crate::simulate::{Configuration, Forecast, Hurdle, Stage, Thing, Whom};

use super::configuration_report::{Subject, configuration_report};
use super::forecast_report::{algorithm, bucketing, kind, summary};
use super::load::Loaded;
use super::side::Without;
use super::states::State;

/// Returns what the configuration alone says beside counts, where there is a step.
pub(super) fn said_alone(
    thing: Thing,
    name: &str,
    labels: &[String],
    known: &Configuration,
) -> Option<ConfigurationReport> {
    let subject = Subject { name, thing, labels };
    (labels.len() > 1).then(|| configuration_report(&subject, known))
}

/// Returns the report of states of which the configuration alone is asked.
pub(super) fn without_users(
    loaded: &Loaded,
    states: &[State],
    name: &str,
    known: &Configuration,
) -> ForecastReport {
    let without = Without::anything();
    let labels: Vec<String> = states.iter().map(|state| state.label.clone()).collect();
    let is_flag = loaded.layers().resolve(name).is_some();
    let thing = if is_flag { Thing::Flag } else { Thing::Experiment };
    let everyone = known.groups.first().filter(|group| group.whom == Whom::default());
    let now = StateReport {
        label: labels.first().cloned().unwrap_or_default(),
        summary: states.first().and_then(|state| summary(loaded, &without, state, name)),
        on: 0,
        share: 0.0,
        expected: everyone.and_then(|group| group.states.first()).map(|state| state.inside),
        interval: None,
        unseen: None,
        variations: Vec::new(),
    };
    let mut notes = loaded.notes.clone();
    notes.extend(bucketing(loaded, &without, states, name));
    let subject = Subject { name, thing, labels: &labels };
    ForecastReport {
        name: name.to_owned(),
        kind: kind(thing),
        population: PopulationReport {
            source: "none".to_owned(),
            synthetic: false,
            seed: None,
            users: 0,
            wrong_rows: 0,
            wrong: Vec::new(),
            without_unit: 0,
            inputs: Vec::new(),
            rows: RowsReport::default(),
            repeated: Vec::new(),
        },
        now,
        steps: Vec::new(),
        overall: None,
        experiment: None,
        configuration: Some(configuration_report(&subject, known)),
        times: None,
        funnel: Vec::new(),
        groups: Vec::new(),
        orgs: None,
        overlaps: Vec::new(),
        observed: None,
        power: None,
        verdict: Vec::new(),
        failed: Vec::new(),
        algorithm: algorithm(loaded, &without, states, name),
        target: loaded.target_report(),
        freshness: loaded.freshness(),
        notes,
    }
}

/// Returns what users had to pass at a stage; none where nothing.
pub(super) fn funnel(stage: &Stage, label: &str, result: &Forecast) -> Option<FunnelReport> {
    let (_, left) = stage.funnel.last()?;
    let step = |(hurdle, passed): &(Hurdle, u64)| FunnelStep {
        kind: hurdle.kind.word(),
        flag: hurdle.flag.clone(),
        variation: hurdle.variation.clone(),
        passed: *passed,
    };
    Some(FunnelReport {
        label: label.to_owned(),
        users: result.intake.rows,
        steps: stage.funnel.iter().map(step).collect(),
        left: *left,
    })
}
