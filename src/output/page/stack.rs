//! Where users stand in each state of the flow: what is on from the bottom up, a gap, and what is off.

use crate::report::{ForecastReport, StepForecast};

use super::super::number::share;
use super::series::Palette;

/// The height of all users, and the gap between who is on and who is off.
pub(super) const HEIGHT: f64 = 190.0;
pub(super) const GAP: f64 = 14.0;

/// Some users who are served the same in a state.
pub(super) struct Block<'a> {
    /// The variation.
    pub(super) name: &'a str,
    /// Whether they are on.
    pub(super) on: bool,
    /// How many they are.
    pub(super) users: u64,
    /// Their upper and lower edge.
    pub(super) place: Place,
}

/// The upper and lower edge of some users.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) top: f64,
    pub(super) bottom: f64,
}

/// Some users on their way from one state to the next.
pub(super) struct Band<'a> {
    pub(super) before: &'a str,
    pub(super) after: &'a str,
    /// `joins`, `leaves`, `switches`, `stays_on` or `stays_off`.
    pub(super) moves: &'a str,
    pub(super) users: u64,
    pub(super) from: Place,
    pub(super) to: Place,
}

/// A way as it is drawn: what is known of it, and whether one is on before and after.
struct Way<'a> {
    before: (&'a str, bool),
    after: (&'a str, bool),
    moves: &'a str,
    users: u64,
}

/// All states with their blocks, and the bands between them.
pub(super) struct Flow<'a> {
    pub(super) states: Vec<Vec<Block<'a>>>,
    pub(super) steps: Vec<Vec<Band<'a>>>,
}

impl<'a> Flow<'a> {
    /// Returns the flow of a forecast; where variations were not told apart, of who is on and who is off.
    pub(super) fn of(report: &'a ForecastReport, palette: &Palette<'_>) -> Self {
        let users = report.population.users;
        let steps: Vec<Vec<Way<'a>>> = report.steps.iter().map(ways).collect();
        let mut states = Vec::new();
        for at in 0..=steps.len() {
            let before = at.checked_sub(1).and_then(|at| steps.get(at));
            let arriving = before.into_iter().flatten().map(|way| (way.after, way.users));
            let leaving = steps.get(at).into_iter().flatten().map(|way| (way.before, way.users));
            states.push(stacked(&sums(arriving), &sums(leaving), users, palette));
        }
        let bands = |(at, ways): (usize, &Vec<Way<'a>>)| bands(ways, &states[at], &states[at + 1], users);
        let steps = steps.iter().enumerate().map(bands).collect();
        Self { states, steps }
    }
}

/// Returns the ways of a step; those that users go by what they do alone where nothing else is known.
fn ways(step: &StepForecast) -> Vec<Way<'_>> {
    let inside = |moves: &str| match moves {
        "joins" => (false, true),
        "leaves" => (true, false),
        "stays_off" => (false, false),
        _ => (true, true),
    };
    if step.ways.is_empty() {
        let all = [
            ("stays_on", step.stays_on),
            ("switches", step.switches),
            ("joins", step.joins),
            ("leaves", step.leaves),
            ("stays_off", step.stays_off),
        ];
        let name = |on| if on { "on" } else { "off" };
        let way = |(moves, users): (&'static str, u64)| {
            let (before, after) = inside(moves);
            Way { before: (name(before), before), after: (name(after), after), moves, users }
        };
        return all.into_iter().filter(|(_, users)| *users > 0).map(way).collect();
    }
    let all = step.ways.iter().map(|way| {
        let (before, after) = inside(way.moves);
        Way {
            before: (way.before.as_str(), before),
            after: (way.after.as_str(), after),
            moves: way.moves,
            users: way.users,
        }
    });
    all.collect()
}

/// How many are served the same.
type Sum<'a> = ((&'a str, bool), u64);

fn sums<'a>(all: impl Iterator<Item = Sum<'a>>) -> Vec<Sum<'a>> {
    let mut sums: Vec<Sum<'a>> = Vec::new();
    for (key, users) in all {
        match sums.iter_mut().find(|(known, _)| *known == key) {
            Some((_, sum)) => *sum += users,
            None => sums.push((key, users)),
        }
    }
    sums
}

/// Stacks what arrives in a state, or leaves it where that is more: an evaluation can end in an error on one side.
fn stacked<'a>(
    arriving: &[Sum<'a>],
    leaving: &[Sum<'a>],
    users: u64,
    palette: &Palette<'_>,
) -> Vec<Block<'a>> {
    let mut all: Vec<Sum<'a>> = arriving.to_vec();
    for (key, sum) in leaving {
        match all.iter_mut().find(|(known, _)| known == key) {
            Some((_, known)) => *known = (*known).max(*sum),
            None => all.push((*key, *sum)),
        }
    }
    all.sort_by_key(|((name, on), _)| (!on, palette.arm(name).unwrap_or(usize::MAX)));
    let mut below = 0;
    let block = |((name, on), sum): Sum<'a>| {
        let floor = HEIGHT + GAP - if on { 0.0 } else { GAP };
        let bottom = floor - share(below, users) * HEIGHT;
        below += sum;
        let place = Place { top: floor - share(below, users) * HEIGHT, bottom };
        Block { name, on, users: sum, place }
    };
    all.into_iter().map(block).collect()
}

/// Lays the bands of a step side by side at both ends, in the order of where they go and come from.
fn bands<'a>(ways: &[Way<'a>], before: &[Block<'_>], after: &[Block<'_>], users: u64) -> Vec<Band<'a>> {
    let position = |blocks: &[Block<'_>], key: (&str, bool)| {
        blocks.iter().position(|block| (block.name, block.on) == key).unwrap_or_default()
    };
    let mut order: Vec<(usize, usize, &Way<'a>)> =
        ways.iter().map(|way| (position(before, way.before), position(after, way.after), way)).collect();
    let none = Place { top: 0.0, bottom: 0.0 };
    let edges = |blocks: &[Block<'_>]| blocks.iter().map(|block| block.place.bottom).collect::<Vec<f64>>();
    let mut free = (edges(before), edges(after));
    let place = |edge: Option<&mut f64>, some: u64| {
        let Some(edge) = edge else { return none };
        let bottom = *edge;
        *edge -= share(some, users) * HEIGHT;
        Place { top: *edge, bottom }
    };
    order.sort_by_key(|(from, to, way)| (*from, *to, way.moves));
    let mut all: Vec<(usize, usize, Band<'a>)> = Vec::new();
    for (from, to, way) in order {
        let band = Band {
            before: way.before.0,
            after: way.after.0,
            moves: way.moves,
            users: way.users,
            from: place(free.0.get_mut(from), way.users),
            to: none,
        };
        all.push((to, from, band));
    }
    all.sort_by_key(|(to, from, band)| (*to, *from, band.moves));
    for (to, _, band) in &mut all {
        band.to = place(free.1.get_mut(*to), band.users);
    }
    all.into_iter().map(|(_, _, band)| band).collect()
}
