//! The local store as a target.

use std::path::{Path, PathBuf};

use crate::layer::{TargetKind, TargetLabel};

/// The store in one file. Nothing is opened before it is asked something; every question opens it anew, which
/// takes a fraction of a millisecond and leaves no lock behind.
#[derive(Clone, Debug)]
pub struct LocalStore {
    path: PathBuf,
    shown: String,
    label: TargetLabel,
}

impl LocalStore {
    /// Returns the store in this file, which need not exist; `shown` is its path as the user would write it.
    pub fn new(path: PathBuf, shown: impl Into<String>) -> Self {
        let shown = shown.into();
        let label = TargetLabel {
            profile: Some("local".to_owned()),
            address: shown.clone(),
            kind: TargetKind::Local,
            served: false,
        };
        Self { path, shown, label }
    }

    /// Returns how to name it.
    pub fn label(&self) -> &TargetLabel {
        &self.label
    }

    /// Returns its file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns its file as the user would write it.
    pub(super) fn shown(&self) -> &str {
        &self.shown
    }
}
