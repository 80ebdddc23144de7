//! Samples: `check`.

use crate::check::Outcome;
use crate::layer::Source;
use crate::model::Reason;
use crate::report::*;

use super::*;

/// Conditions with every outcome.
pub(in crate::output) fn check(foreign: Foreign<'_>) -> CheckReport {
    let f = foreign;
    let holds = |condition: &str, name: &str, wanted: &str| ConditionReport {
        condition: f.text(condition),
        name: f.text(name),
        directory: None,
        user: None,
        wanted: f.text(wanted),
        outcome: Outcome::Holds,
        holds: true,
        exit: 0,
        actual: f.some(wanted),
        message: None,
        hint: None,
        reason: None,
        bucket: None,
        source: Some(Source::Default),
        origin: Some(f.file(12, 11)),
        drift: Vec::new(),
    };
    let not = |outcome, exit| ConditionReport {
        outcome,
        holds: false,
        exit,
        actual: None,
        source: None,
        origin: None,
        ..holds("use_v3_style=on", "use_v3_style", "on")
    };
    let conditions = vec![
        holds("use_v3_style=off", "use_v3_style", "off"),
        ConditionReport {
            directory: None,
            user: f.some("u-42"),
            reason: Some(Reason::Split),
            bucket: Some(bucket(f)),
            source: None,
            origin: None,
            ..holds("personalization_v2:u-42=treatment", "personalization_v2", "treatment")
        },
        ConditionReport {
            actual: f.some("off"),
            source: Some(Source::Admin),
            origin: Some(f.journal(17)),
            ..not(Outcome::Fails, 1)
        },
        ConditionReport {
            condition: f.text("enable_memory_v2>=30%"),
            name: f.text("enable_memory_v2"),
            wanted: f.text(">=30%"),
            actual: f.some("25% + 2 orgs"),
            message: f.some("from 25% to 100%, depending on who they are"),
            source: Some(Source::Env),
            origin: Some(f.variable("FF_ENABLE_MEMORY_V2")),
            ..not(Outcome::Partial, 1)
        },
        ConditionReport {
            condition: f.text("use_v3_stile=on"),
            name: f.text("use_v3_stile"),
            message: f.some("there is no flag or experiment `use_v3_stile`"),
            hint: f.some("did you mean `use_v3_style`?"),
            ..not(Outcome::Unknown, 3)
        },
        ConditionReport { message: f.some("the last answer is 2h old"), ..not(Outcome::Stale, 9) },
        ConditionReport { message: f.some("cannot connect"), ..not(Outcome::Unreachable, 6) },
        ConditionReport {
            actual: f.some("on"),
            message: f.some("the server says off (env), this checkout resolves on"),
            hint: f.some("--view checkout or --view server chooses whose word counts"),
            drift: vec![DriftReport {
                flag: f.text("use_v3_style"),
                here: true,
                server: false,
                source: f.text("env"),
            }],
            ..not(Outcome::Drift, 10)
        },
        ConditionReport {
            message: f.some("nobody can tell what `use_v3_style` is: FF_USE_V3_STYLE: `flase` is no switch"),
            hint: f.some("FF_USE_V3_STYLE=false"),
            ..not(Outcome::Invalid, 7)
        },
    ];
    CheckReport {
        holds: false,
        exit: 7,
        count: CheckCount::of(&conditions),
        conditions,
        context: Some(context(f)),
        view: Some("checkout"),
        waited_seconds: Some(300),
        target: Some(prod(f)),
        freshness: Some(cached()),
        notes: notes(f),
    }
}
