//! What is stacked in the plots of a forecast: the variations that count as on, in the order of the definition.

use crate::report::{ForecastReport, StateReport};

/// One variation over all states.
pub(in super::super) struct Series<'a> {
    /// The variation.
    pub(in super::super) name: &'a str,
    /// Its colour, by its place among those that are stacked.
    pub(super) arm: usize,
    /// How many users get it in each state, and their share, 0..=1.
    pub(in super::super) counts: Vec<(u64, f64)>,
}

/// Returns the states in order, the present one first.
pub(super) fn states(report: &ForecastReport) -> Vec<&StateReport> {
    std::iter::once(&report.now).chain(report.steps.iter().map(|step| &step.then)).collect()
}

/// Returns what is stacked: of a flag every variation but the one that it serves when off, of an experiment all.
pub(in super::super) fn series(report: &ForecastReport) -> Vec<Series<'_>> {
    let states = states(report);
    let mut names: Vec<&str> = Vec::new();
    for one in states.iter().flat_map(|state| &state.variations) {
        if !names.contains(&one.variation.as_str()) {
            names.push(one.variation.as_str());
        }
    }
    let count = |state: &StateReport, name: &str| {
        let one = state.variations.iter().find(|one| one.variation.as_str() == name);
        one.map_or((0, 0.0), |one| (one.users, one.share))
    };
    let is_off =
        |name: &&str| states.iter().all(|state| count(state, name).0 + state.on == report.population.users);
    let mut off = names.iter().copied().filter(is_off);
    let off = off.clone().find(|name| *name == "off").or_else(|| off.next());
    let off = off.filter(|_| report.experiment.is_none());
    let stacked = names.into_iter().filter(|name| Some(*name) != off).enumerate();
    let counts = |name: &str| states.iter().map(|state| count(state, name)).collect();
    stacked.map(|(arm, name)| Series { name, arm, counts: counts(name) }).collect()
}

/// The colours of variations: the same in every picture of a page.
pub(super) struct Palette<'a> {
    names: Vec<&'a str>,
}

impl<'a> Palette<'a> {
    /// Returns the colours of what is stacked, then of what the configuration alone serves beside it.
    pub(super) fn of(report: &'a ForecastReport) -> Self {
        let mut names: Vec<&str> = series(report).iter().map(|one| one.name).collect();
        let mut off: Vec<&str> = states(report)
            .into_iter()
            .flat_map(|state| &state.variations)
            .map(|one| one.variation.as_str())
            .filter(|name| !names.contains(name))
            .collect();
        off.push("off");
        let groups = report.configuration.iter().flat_map(|configuration| &configuration.groups);
        let shares = groups.flat_map(|group| &group.states).flat_map(|state| &state.variations);
        for name in shares.map(|one| one.variation.as_str()) {
            if !names.contains(&name) && !off.contains(&name) {
                names.push(name);
            }
        }
        Self { names }
    }

    /// Returns the place of a variation's colour; none for what is served when off.
    pub(super) fn arm(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|other| *other == name)
    }

    /// Returns the class of a shape in a variation's colour.
    pub(super) fn class(&self, name: &str) -> String {
        self.arm(name).map_or_else(|| "idle".to_owned(), |arm| format!("fill arm-{}", arm % 6))
    }
}
