//! How a forecast of several states is plotted.

use crate::report::{ForecastReport, StateReport};

use super::super::document::{Document, Plot, PlotColumn};
use super::super::number::{share, short_share};
use super::super::page::series;
use super::forecast::all_states;

/// Below this many states their table says it all.
const STATES: usize = 3;

/// Shows which share is on in each state, stacked by what is served, and who was ever on.
pub(super) fn plot(document: &mut Document, report: &ForecastReport) {
    if report.steps.len() + 1 < STATES {
        return;
    }
    let series = series(report);
    let exposed = std::iter::once(None).chain(report.steps.iter().map(|step| Some(step.exposed)));
    let column = |(at, (state, exposed)): (usize, (&StateReport, Option<u64>))| PlotColumn {
        label: state.label.clone(),
        value: short_share(state.share),
        parts: series.iter().map(|one| one.counts.get(at).map_or(0.0, |(_, share)| *share)).collect(),
        mark: exposed.filter(|exposed| *exposed > state.on).map(|some| share(some, report.population.users)),
    };
    document.gap();
    document.plot(Plot {
        columns: all_states(report).zip(exposed).enumerate().map(column).collect(),
        series: series.iter().map(|one| one.name.to_owned()).collect(),
        mark: "on in this state or one before",
    });
    document.gap();
}
