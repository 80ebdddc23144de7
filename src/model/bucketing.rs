//! Which bucketing algorithms a flags.toml uses and defines.

use crate::bucket::{Algorithm, preset};

/// The algorithm of flags and experiments that name none, and the algorithms that the file defines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bucketing {
    /// The algorithm where a flag or an experiment names none.
    pub default: Algorithm,
    /// The algorithms of the file's own, in its order.
    pub custom: Vec<Algorithm>,
}

impl Bucketing {
    /// Returns the algorithm of this name: one of the file's own, or a preset.
    pub fn find(&self, name: &str) -> Option<Algorithm> {
        let own = self.custom.iter().find(|algorithm| algorithm.name() == name);
        own.cloned().or_else(|| preset(name))
    }
}
