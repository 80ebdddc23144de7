//! Samples: Failures.

use crate::report::*;

use super::*;

pub(in crate::output) fn failure(foreign: Foreign<'_>) -> FailureReport {
    let f = foreign;
    let diagnostic = |line, column, width, message: &str, text: &str, fix: Option<&str>| DiagnosticReport {
        file: f.text("flags.toml"),
        line,
        column,
        message: f.text(message),
        fix: fix.map(|fix| f.text(fix)),
        text: f.text(text),
        width,
    };
    FailureReport {
        error: Failure {
            kind: "invalid",
            exit: 7,
            message: f.text("2 mistakes in flags.toml"),
            causes: vec![f.text("a cause of it")],
            hints: vec![f.text("ffctl lint shows the warnings as well")],
            notes: notes(f),
            diagnostics: vec![
                diagnostic(
                    12,
                    11,
                    4,
                    "`0.25` is less than 1%: a fraction where a percentage is meant?",
                    "rollout = 0.25",
                    Some("rollout = \"25%\""),
                ),
                diagnostic(
                    20,
                    1,
                    6,
                    "unknown key `ownr`",
                    "ownr = \"memory-team\"   # who answers for it",
                    Some("did you mean `owner`?"),
                ),
            ],
        },
    }
}
