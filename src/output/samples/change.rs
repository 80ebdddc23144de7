//! Samples: Changes.

use crate::layer::Source;
use crate::model::Timestamp;
use crate::report::*;

use super::*;

pub(in crate::output) fn change(foreign: Foreign<'_>, outcome: &'static str) -> ChangeReport {
    let f = foreign;
    let field =
        |field: &str, old: Option<&str>, new: Option<&str>, over: Option<&str>, masked: bool| FieldChange {
            field: f.text(field),
            old: old.map(|old| f.text(old)),
            new: new.map(|new| f.text(new)),
            old_ends: (old.is_some() && !masked).then(|| Timestamp::from_millis(1_790_000_000_000)),
            new_ends: None,
            over: over.map(|over| f.text(over)),
            masked,
            masked_by: masked.then(|| MaskReport {
                source: Source::Env,
                value: f.text("on"),
                place: f.text(".env:3 FF_USE_V3_STYLE"),
                fix: f.text("ffctl unset use_v3_style --layer env --env-file .env"),
            }),
            then: new.is_none().then(|| f.text("default off")).filter(|_| !masked),
        };
    ChangeReport {
        target: prod(f),
        layer: Source::Admin,
        outcome,
        flags: vec![
            FlagChange {
                name: f.text("enable_memory_v2"),
                fields: vec![
                    field("enabled", None, Some("on"), Some("default off"), false),
                    field("rollout", Some("25%"), Some("50%"), None, false),
                ],
                before: StateWord::Off,
                before_summary: f.text("off"),
                after: StateWord::Partial,
                after_summary: f.text("50% + 2 rules"),
                notes: vec![
                    Note::new(f.text("2 rules stay in force: they decide before the rollout"))
                        .hint(f.text("ffctl explain enable_memory_v2")),
                ],
            },
            FlagChange {
                name: f.text("use_v3_style"),
                fields: vec![field("org acme", Some("on"), None, Some("env on"), true)],
                before: StateWord::On,
                before_summary: f.text("on"),
                after: StateWord::On,
                after_summary: f.text("on"),
                notes: Vec::new(),
            },
        ],
        lines: vec![LinesChange {
            line: 12,
            removed: vec![f.text("[flags.enable_memory_v2]"), f.text("enabled = false")],
            added: vec![f.text("enable_memory_v2 = true   # at last")],
        }],
        reason: f.some("ramp after the review of Monday"),
        expires_at: Some(Timestamp::from_millis(1_790_007_200_000)),
        ends: "in 2h".to_owned(),
        receipt: (outcome == "written").then(|| Receipt {
            journal: f.some("18"),
            head: f.some("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
            read_back: true,
            undo: f.some("ffctl undo 18 -p prod"),
        }),
        notes: notes(f),
        refused_by: if outcome == "planned" { vec![refusal(f)] } else { Vec::new() },
        shown: false,
    }
}

fn refusal(f: Foreign<'_>) -> RefusalReport {
    RefusalReport {
        guard: "freeze",
        message: f
            .text("profile `prod` is frozen until 2026-11-23T07:00:00Z, by \"Fri 16:00..Mon 08:00 +01:00\""),
        place: f.text("~/.config/ffctl/config.toml:12"),
    }
}
