//! Samples: `get`.

use crate::bucket::Algorithm;
use crate::layer::Source;
use crate::model::{ErrorCode, Reason, Value};
use crate::report::*;

use super::*;

fn answer(foreign: Foreign<'_>, name: &str, value: Option<Value>, state: StateWord, summary: &str) -> Answer {
    Answer {
        name: foreign.text(name),
        value,
        variation: None,
        state,
        summary: foreign.text(summary),
        enabled: Some(true),
        source: Source::Default,
        rollout: foreign.text("100%"),
        rollout_source: Source::Default,
        reason: None,
        error_code: None,
        rule: None,
        bucket: None,
        algorithm: Algorithm::default(),
        declared: true,
    }
}

pub(in crate::output) fn get(foreign: Foreign<'_>) -> GetReport {
    let f = foreign;
    let prompt = Value::Object(vec![
        (f.text("prompt"), Value::Text(f.text("style_v3"))),
        ("model".into(), Value::from("gpt-5.1")),
    ]);
    GetReport {
        flags: vec![
            Answer {
                variation: Some(variation("off")),
                reason: Some(Reason::Split),
                source: Source::Admin,
                bucket: Some(bucket(f)),
                ..answer(f, "enable_memory_v2", Some(Value::from(false)), StateWord::Off, "off")
            },
            Answer {
                variation: Some(variation("on")),
                reason: Some(Reason::TargetingMatch),
                rule: Some(2),
                ..answer(f, "enable_shopping_agent", Some(Value::from(true)), StateWord::On, "on")
            },
            Answer {
                variation: Some(variation("v3")),
                reason: Some(Reason::Default),
                ..answer(f, "style_prompt", Some(prompt), StateWord::On, "on")
            },
            Answer {
                variation: Some(variation("off")),
                reason: Some(Reason::Error(ErrorCode::TargetingKeyMissing)),
                error_code: Some("targeting_key_missing"),
                declared: false,
                ..answer(f, "by_org", Some(Value::from(false)), StateWord::Off, "off")
            },
        ],
        context: Some(context(f)),
        target: prod(f),
        freshness: FreshnessReport { state: "not_asked", age_seconds: None },
        notes: notes(f),
        field: None,
    }
}

/// One flag whose value is a text from outside.
pub(in crate::output) fn get_one(foreign: Foreign<'_>) -> GetReport {
    let one = answer(foreign, "greeting", Some(Value::Text(foreign.text("hello"))), StateWord::On, "on");
    GetReport {
        flags: vec![one],
        context: None,
        target: local(),
        freshness: live(),
        notes: Vec::new(),
        field: None,
    }
}
