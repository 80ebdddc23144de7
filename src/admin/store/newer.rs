//! A store that a newer program has brought up: what this one does not know it can neither read nor change rightly.

use crate::error::{Error, Kind};

/// Returns the error of a store of `version`, which `tool` wrote if it is known who did, to a program that knows the versions
/// up to `known`.
pub(super) fn newer(kind: Kind, tool: Option<&str>, version: usize, known: usize) -> Error {
    let who = tool.unwrap_or("a newer ffctl");
    let message = format!(
        "{who} has brought the store to version {version}; this is ffctl {}, which knows it up to version {known}",
        env!("CARGO_PKG_VERSION")
    );
    let wanted = tool.map(|tool| format!(": {tool} or newer")).unwrap_or_default();
    Error::new(kind, message).hint(format!("update ffctl here{wanted}")).outdated()
}
