//! Samples: `explain`.

use crate::bucket::{Algorithm, Number};
use crate::layer::{Origin, Source};
use crate::model::{Reason, Timestamp, Value, Weight};
use crate::report::*;

use super::*;

fn setting(value: String, source: Source, origin: Origin, wins: bool) -> SettingReport {
    SettingReport { value, source, origin, by: None, at: None, expires_at: None, detail: None, wins }
}

pub(in crate::output) fn explain(foreign: Foreign<'_>) -> ExplainReport {
    let f = foreign;
    let field = |field: &str, settings| FieldReport { field: f.text(field), settings };
    let clause = |clause: &str, actual: Option<Value>, text: &str, wanted: &str, matched| ClauseReport {
        clause: f.text(clause),
        actual,
        actual_text: f.text(text),
        wanted: f.text(wanted),
        matched,
    };
    let step = |step, subject: &str, outcome, detail: &str| StepReport {
        step,
        subject: f.text(subject),
        outcome,
        served: None,
        detail: f.text(detail),
        clauses: Vec::new(),
        bucket: None,
        origin: None,
    };
    ExplainReport {
        flag: memory(f),
        fields: vec![
            field("enabled", vec![setting("on".into(), Source::Default, f.file(14, 11), true)]),
            field(
                "rollout",
                vec![
                    SettingReport {
                        by: f.some("ana"),
                        at: Some(Timestamp::from_millis(1_790_000_000_000)),
                        expires_at: Some(Timestamp::from_millis(1_790_086_400_000)),
                        detail: f.some("by ana, 2h ago, ends in 22h"),
                        ..setting(f.text("50%"), Source::Admin, f.journal(17), true)
                    },
                    setting(f.text("10%"), Source::Env, f.variable("FF_ENABLE_MEMORY_V2"), false),
                    setting(f.text("25%"), Source::Default, f.file(16, 11), false),
                ],
            ),
        ],
        definition: DefinitionReport {
            hash_key: f.text("enable_memory_v2"),
            bucket_by: f.text("user"),
            algorithm: Algorithm::default(),
            prerequisites: vec![f.text("use_v3_style = on  flags.toml:13:17")],
            rules: vec![
                RuleReport {
                    rule: 1,
                    name: f.some("employees first"),
                    clauses: vec![f.text("user is in segment employee")],
                    rollout: Weight::ALL,
                    serve: f.text("on"),
                    origin: Some(f.file(20, 1)),
                },
                RuleReport {
                    rule: 2,
                    name: f.some("new users, gradually"),
                    clauses: vec![
                        f.text("account_age_days is less than 7"),
                        f.text("country is one of \"ch\", \"li\""),
                    ],
                    rollout: weight("40%"),
                    serve: f.text("on"),
                    origin: Some(f.file(25, 1)),
                },
            ],
            variations: vec![(variation("on"), Value::from(true)), (variation("off"), Value::from(false))],
            off: Some(variation("off")),
        },
        evaluation: Some(EvaluationReport {
            context: context(f),
            value: Value::from(false),
            variation: variation("off"),
            on: false,
            reason: Reason::Split,
            error_code: None,
            trace: vec![
                StepReport { origin: Some(f.file(14, 11)), ..step("switch", "switch", "passed", "on") },
                StepReport {
                    clauses: vec![clause(
                        "user is in segment employee",
                        None,
                        "not a member",
                        "employee",
                        false,
                    )],
                    origin: Some(f.file(20, 1)),
                    ..step("rule", "rule 1 \"employees first\"", "missed", "its clause does not match")
                },
                StepReport {
                    clauses: vec![
                        clause(
                            "account_age_days is less than 7",
                            Some(Value::from(12)),
                            "12",
                            "less than 7",
                            false,
                        ),
                        clause(
                            "country is one of \"ch\", \"li\"",
                            Some(Value::Text(f.text("ch"))),
                            "\"ch\"",
                            "\"ch\" or \"li\"",
                            true,
                        ),
                    ],
                    origin: Some(f.file(25, 1)),
                    ..step(
                        "rule",
                        "rule 2 \"new users, gradually\"",
                        "missed",
                        "1 of 2 clauses does not match",
                    )
                },
                StepReport {
                    served: Some(variation("off")),
                    bucket: Some(bucket(f)),
                    ..step("rollout", "rollout 50%", "decided", "bucket 61.432% is not below 50%")
                },
            ],
        }),
        target: prod(f),
        freshness: live(),
        notes: notes(f),
    }
}

/// A flag with variations, where the split decides.
pub(in crate::output) fn explain_split(foreign: Foreign<'_>) -> ExplainReport {
    let f = foreign;
    let base = explain(f);
    let value = |prompt: &str, model: &str| {
        let entries = [("prompt", prompt), ("model", model)];
        Value::Object(entries.map(|(key, text)| (key.to_owned(), Value::Text(f.text(text)))).into())
    };
    let flag = list(f).flags.swap_remove(8);
    let evaluation = base.evaluation.map(|evaluation| EvaluationReport {
        value: value("style_v3", "gpt-5.1"),
        variation: variation("v3"),
        on: true,
        trace: vec![
            StepReport { origin: None, clauses: Vec::new(), ..evaluation.trace[0].clone() },
            StepReport {
                step: "user",
                subject: f.text("users"),
                outcome: "missed",
                detail: f.text("u-42 is not among the 3 listed"),
                ..evaluation.trace[0].clone()
            },
            StepReport {
                step: "split",
                subject: f.text("split v2 90 / v3 10"),
                served: Some(variation("v3")),
                detail: f.text("bucket 93 of 100 falls into 90..100"),
                bucket: Some(BucketReport {
                    bucket: Some(Number::Whole(93)),
                    total: Number::Whole(100),
                    threshold: Number::Whole(100),
                    from: Number::Whole(90),
                    in_at: None,
                    input: f.some("variant:style_prompt:u-42"),
                    ..bucket(f)
                }),
                ..evaluation.trace[3].clone()
            },
        ],
        ..evaluation
    });
    ExplainReport {
        flag,
        fields: vec![FieldReport {
            field: f.text("serve"),
            settings: vec![setting(f.text("v2 90 / v3 10"), Source::Default, f.file(40, 9), true)],
        }],
        definition: DefinitionReport {
            hash_key: f.text("prompt_style"),
            rules: Vec::new(),
            prerequisites: Vec::new(),
            variations: vec![
                (variation("v2"), value("style_v2", "gpt-4o")),
                (variation("v3"), value("style_v3", "gpt-5.1")),
            ],
            off: Some(variation("v2")),
            ..base.definition
        },
        evaluation,
        target: local(),
        ..base
    }
}
