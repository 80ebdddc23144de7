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
