//! Where the compiler finds what a flag refers to.

use std::borrow::Cow;

use crate::model::{Definitions, Experiment, Flag, Segment};

/// A set of effective definitions by name: one file's, or what several layers resolve to.
pub trait World {
    /// Returns the effective flag of this name.
    fn flag(&self, name: &str) -> Option<Cow<'_, Flag>>;
    /// Returns the experiment of this name.
    fn experiment(&self, name: &str) -> Option<Cow<'_, Experiment>>;
    /// Returns the segment of this name.
    fn segment(&self, name: &str) -> Option<Cow<'_, Segment>>;
    /// Returns the names of all segments.
    fn segment_names(&self) -> Vec<String>;
}

impl World for Definitions {
    fn flag(&self, name: &str) -> Option<Cow<'_, Flag>> {
        self.flags.get(name).map(Cow::Borrowed)
    }

    fn experiment(&self, name: &str) -> Option<Cow<'_, Experiment>> {
        self.experiments.get(name).map(Cow::Borrowed)
    }

    fn segment(&self, name: &str) -> Option<Cow<'_, Segment>> {
        self.segments.get(name).map(Cow::Borrowed)
    }

    fn segment_names(&self) -> Vec<String> {
        self.segments.keys().map(ToString::to_string).collect()
    }
}

/// A world in which some definitions are replaced: what a change would make of it.
pub struct Overlay<'w> {
    base: &'w dyn World,
    flags: Vec<Flag>,
    experiments: Vec<Experiment>,
}

impl<'w> Overlay<'w> {
    /// Returns `base`, nothing replaced yet.
    pub fn new(base: &'w dyn World) -> Self {
        Self { base, flags: Vec::new(), experiments: Vec::new() }
    }

    /// Replaces the flag of the same name.
    #[must_use]
    pub fn with_flag(mut self, flag: Flag) -> Self {
        self.flags.insert(0, flag);
        self
    }

    /// Replaces the experiment of the same name.
    #[must_use]
    pub fn with_experiment(mut self, experiment: Experiment) -> Self {
        self.experiments.insert(0, experiment);
        self
    }
}

impl World for Overlay<'_> {
    fn flag(&self, name: &str) -> Option<Cow<'_, Flag>> {
        let replaced = self.flags.iter().find(|flag| flag.name.as_str() == name);
        replaced.map(Cow::Borrowed).or_else(|| self.base.flag(name))
    }

    fn experiment(&self, name: &str) -> Option<Cow<'_, Experiment>> {
        let replaced = self.experiments.iter().find(|experiment| experiment.name.as_str() == name);
        replaced.map(Cow::Borrowed).or_else(|| self.base.experiment(name))
    }

    fn segment(&self, name: &str) -> Option<Cow<'_, Segment>> {
        self.base.segment(name)
    }

    fn segment_names(&self) -> Vec<String> {
        self.base.segment_names()
    }
}
