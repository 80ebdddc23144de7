//! A forecast as a table for a spreadsheet: one form for each kind of question, each with its own header.

use crate::report::{
    ConfigurationReport, ForecastReport, GroupReport, LayoutGroup, LayoutStep, ObservedReport, StepForecast,
    TimePoint, TimesReport,
};

use super::super::delimited::Records;
use super::super::number::share;
use super::common::or_empty;

/// Returns the rows: of times where these were asked for, of what production counted or of the configuration where
/// nobody was counted, else of the steps and their groups.
pub(super) fn records(report: &ForecastReport) -> Records {
    let nobody = report.population.users == 0;
    match (&report.times, &report.observed, &report.configuration) {
        (Some(times), ..) => of_times(report, times),
        (None, Some(observed), _) if nobody => of_observed(report, observed),
        (None, None, Some(configuration)) if nobody => of_configuration(report, configuration),
        _ => of_steps(report),
    }
}

/// A row for each step, followed by one for each of its groups.
fn of_steps(report: &ForecastReport) -> Records {
    let record = |step: &StepForecast, group: Option<&GroupReport>| {
        let then = &step.then;
        let before = group.map_or(step.leaves + step.switches + step.stays_on, |group| group.on_before);
        let users = group.map_or(report.population.users, |group| group.users);
        let on = group.map_or(then.on, |group| group.on_after);
        vec![
            report.name.clone(),
            step.from.clone(),
            then.label.clone(),
            group.map_or_else(String::new, |group| group.by.clone()),
            group.and_then(|group| group.group.clone()).unwrap_or_default(),
            users.to_string(),
            before.to_string(),
            on.to_string(),
            share(on, users).to_string(),
            group.map_or(step.joins, |group| group.joins).to_string(),
            group.map_or(step.leaves, |group| group.leaves).to_string(),
            group.map_or(step.switches, |group| group.switches).to_string(),
            or_empty(group.is_none().then_some(step.keeps_everyone)),
            or_empty(group.is_none().then_some(step.guaranteed)),
            or_empty(group.is_none().then_some(step.exposed)),
        ]
    };
    let present = report.steps.is_empty().then(|| present(report));
    let steps = present.iter().chain(&report.steps).chain(&report.overall);
    let rows = steps.flat_map(|step| {
        std::iter::once(record(step, None)).chain(step.groups.iter().map(move |one| record(step, Some(one))))
    });
    Records {
        header: &[
            "name",
            "from",
            "to",
            "by",
            "group",
            "users",
            "on_before",
            "on_after",
            "share",
            "joins",
            "leaves",
            "switches",
            "keeps_everyone",
            "guaranteed",
            "exposed",
        ],
        rows: rows.collect(),
    }
}

/// The present state as a step from nowhere, in which nobody moves.
fn present(report: &ForecastReport) -> StepForecast {
    StepForecast {
        then: report.now.clone(),
        from: String::new(),
        joins: 0,
        leaves: 0,
        switches: 0,
        stays_on: report.now.on,
        stays_off: report.population.users - report.now.on,
        ways: Vec::new(),
        sample_joins: Vec::new(),
        sample_leaves: Vec::new(),
        sample_switches: Vec::new(),
        keeps_everyone: true,
        guaranteed: true,
        errors: 0,
        exposed: report.now.on,
        failure_bound: None,
        groups: report.groups.clone(),
    }
}

/// A row for each time.
fn of_times(report: &ForecastReport, times: &TimesReport) -> Records {
    let row = |point: &TimePoint| {
        vec![
            report.name.clone(),
            times.state.clone(),
            point.at.to_string(),
            report.population.users.to_string(),
            point.on.to_string(),
            point.share.to_string(),
            point.joins.to_string(),
            point.leaves.to_string(),
            point.switches.to_string(),
            point.exposed.to_string(),
            point.ended.join("; "),
        ]
    };
    Records {
        header: &[
            "name", "state", "at", "users", "on", "share", "joins", "leaves", "switches", "exposed", "ended",
        ],
        rows: times.points.iter().map(row).collect(),
    }
}

/// A row for each variant that production counted.
fn of_observed(report: &ForecastReport, observed: &ObservedReport) -> Records {
    let rows = observed.variants.iter().map(|one| {
        vec![
            report.name.clone(),
            report.now.label.clone(),
            one.variation.to_string(),
            one.users.to_string(),
            one.share.to_string(),
            or_empty(one.expected),
            or_empty(observed.sample_ratio.as_ref().map(|test| test.p)),
            or_empty(observed.sequential.as_ref().map(|test| test.p)),
        ]
    });
    Records {
        header: &["name", "state", "variation", "users", "share", "expected", "p_one_look", "p_all_looks"],
        rows: rows.collect(),
    }
}

/// A row for each way from one variation to another that units go in a step, and of a state alone for each variation;
/// those of one step and group add up to one. A row without a share is of whom nothing can be said.
fn of_configuration(report: &ForecastReport, configuration: &ConfigurationReport) -> Records {
    let row = |whom: &str, rule: Option<u64>, by: &str, rest: [String; 7]| {
        let mut row = vec![report.name.clone(), whom.to_owned(), or_empty(rule), by.to_owned()];
        row.extend(rest);
        row
    };
    let of_step = |group: &LayoutGroup, step: &LayoutStep| {
        let way = |way: &crate::report::LayoutTransition| {
            let rest = [
                step.from.clone(),
                step.to.clone(),
                way.before.to_string(),
                way.after.to_string(),
                way.moves.to_owned(),
                way.share.to_string(),
                step.exact.to_string(),
            ];
            row(&group.whom, group.rule, &group.by, rest)
        };
        step.transitions.iter().map(way).collect::<Vec<_>>()
    };
    let alone = |group: &LayoutGroup| {
        let states = group.states.iter().filter(|_| group.steps.is_empty());
        let rows = states.flat_map(|state| {
            state.variations.iter().map(|one| {
                let (label, name) = (state.label.clone(), one.variation.to_string());
                let (share, exact) = (one.share.to_string(), true.to_string());
                let rest = [String::new(), label, String::new(), name, String::new(), share, exact];
                row(&group.whom, group.rule, &group.by, rest)
            })
        });
        rows.collect::<Vec<_>>()
    };
    let known = configuration.groups.iter().flat_map(|group| {
        let steps = group.steps.iter().flat_map(|step| of_step(group, step));
        alone(group).into_iter().chain(steps).collect::<Vec<_>>()
    });
    let unknown = configuration.unknown.iter().map(|text| row(text, None, "", Default::default()));
    Records {
        header: &["name", "whom", "rule", "by", "from", "to", "before", "after", "move", "share", "exact"],
        rows: known.chain(unknown).collect(),
    }
}
