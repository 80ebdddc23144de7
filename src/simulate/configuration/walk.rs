//! Every piece between two cuts, with how large it is and what it gets in each state.

use crate::eval::{Scratch, World};
use crate::model::{Definitions, Timestamp, VariationName};

use super::super::plan::Plan;
use super::super::tally::Outcome;
use super::cuts::{Cut, below};
use super::group::Reduced;

/// What lies between two cuts of every line.
pub(super) struct Step {
    /// The share of all units.
    pub(super) share: f64,
    /// What they get in each state.
    pub(super) outcomes: Vec<Outcome>,
}

/// All pieces, in the order of the draws where there is but one line.
pub(super) struct Walk {
    pub(super) steps: Vec<Step>,
    /// How many lines are drawn.
    pub(super) lines: usize,
    /// The variations of all states.
    pub(super) variations: Vec<VariationName>,
}

/// Walks through some states at once; none where there are too many pieces, or a definition refers to what is not
/// there.
pub(super) fn walk(name: &str, states: &[&Reduced]) -> Option<Walk> {
    let nothing = Definitions::default();
    let overlays: Vec<_> = states.iter().map(|state| state.world(&nothing)).collect();
    let worlds: Vec<(&str, &dyn World)> = overlays.iter().map(|world| ("", world as &dyn World)).collect();
    let plan = Plan::new(name, &worlds, None).ok()?;
    let all: Vec<Cut> = states.iter().flat_map(|state| state.cuts()).collect();
    let cuts: Vec<&Cut> = all.iter().collect();
    let cells = plan.program().every_cell()?;
    // Where each line is cut, the beginning and the end included.
    let ends = |(line, limits): (_, &[_])| {
        let inner: Option<Vec<f64>> = limits.iter().map(|limit| below(&cuts, line, *limit)).collect();
        inner.map(|inner| [&[0.0][..], &inner, &[1.0]].concat())
    };
    let axes: Vec<Vec<f64>> = cells.axes(plan.program()).map(ends).collect::<Option<_>>()?;
    let mut scratch = Scratch::default();
    let mut steps = Vec::new();
    for cell in 0..cells.count() {
        let share = share_of(&axes, cell);
        if share <= 0.0 {
            continue;
        }
        let mut run = cells.start(cell, &mut scratch, plan.program(), Timestamp::from_millis(0));
        let outcomes: Vec<Outcome> = plan.stages.iter().map(|stage| stage.outcome(&mut run)).collect();
        if outcomes.iter().any(|outcome| outcome.error.is_some()) {
            return None;
        }
        steps.push(Step { share, outcomes });
    }
    Some(Walk { steps, lines: axes.len(), variations: plan.outcomes })
}

/// Returns how large a cell is.
fn share_of(axes: &[Vec<f64>], cell: usize) -> f64 {
    let mut rest = cell;
    let mut share = 1.0;
    for ends in axes.iter().rev() {
        let places = ends.len() - 1;
        let place = rest % places;
        rest /= places;
        share *= ends[place + 1] - ends[place];
    }
    share
}
