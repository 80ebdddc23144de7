//! The answer of `init`.

use serde::Serialize;

use super::common::Report;

/// A starter file that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InitReport {
    /// The file.
    pub file: String,
    /// The flags that it defines.
    pub flags: Vec<String>,
    /// Whether it was only a dry run.
    pub dry_run: bool,
}

impl Report for InitReport {
    const SCHEMA: &'static str = "ffctl.init/1";
}
