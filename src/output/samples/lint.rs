//! Samples: `lint`.

use crate::report::*;

use super::*;

pub(in crate::output) fn lint(foreign: Foreign<'_>) -> LintReport {
    let f = foreign;
    let uri = |path: &str| FileUri { path: f.text(path), inside: true };
    let finding = |code, severity, message: &str, fix: &str, file: &str| FindingReport {
        code,
        severity,
        denied: severity == "warning",
        message: f.text(message),
        fix: f.some(fix),
        name: f.some("use_v3_style"),
        file: f.some(file),
        line: Some(12),
        column: Some(11),
        end_column: Some(21),
        text: f.some("expires = 2026-01-31   # the day after the launch"),
        variable: None,
        uri: uri(file),
    };
    LintReport {
        findings: vec![
            finding(
                "expired",
                "warning",
                "`use_v3_style` expired 295 days ago, on 2026-01-31",
                "take the flag out, or give it a later day",
                "flags.toml",
            ),
            FindingReport {
                line: Some(1),
                column: Some(1),
                end_column: Some(5),
                text: f.some("FF_X=flase"),
                ..finding(
                    "unreadable-variable",
                    "error",
                    "`FF_X` cannot be read: `flase` is not true, false or a percentage",
                    "write false",
                    "ci.env",
                )
            },
            FindingReport {
                file: None,
                line: None,
                column: None,
                end_column: None,
                text: None,
                variable: f.some("FF_USE_V3_STYLE"),
                name: None,
                ..finding(
                    "empty-variable",
                    "note",
                    "`FF_USE_V3_STYLE` is empty, and `use_v3_style` keeps its value from elsewhere",
                    "give it a value, or take it out",
                    "flags.toml",
                )
            },
        ],
        count: FindingCount { errors: 1, warnings: 1, notes: 1, denied: 1, allowed: 2 },
        file: f.text("flags.toml"),
        env_files: vec![f.text("ci.env")],
        complete: false,
        uri: uri("flags.toml"),
    }
}

pub(in crate::output) fn rules(explained: bool) -> RulesReport {
    let all = [
        ("expired", "warning", "a flag whose `expires` is over", "It was meant to be gone by then."),
        ("ungated-experiment", "note", "an experiment without `flag`", "Only a deploy ends it."),
    ];
    let rule = |(code, severity, finds, why)| LintRule { code, severity, finds, why };
    RulesReport { rules: all.map(rule).into_iter().take(if explained { 1 } else { 2 }).collect(), explained }
}
