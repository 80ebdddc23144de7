//! Samples: `list`.

use crate::layer::Source;
use crate::model::{Date, Weight};
use crate::report::*;

use super::*;

pub(in crate::output) fn list(foreign: Foreign<'_>) -> ListReport {
    let f = foreign;
    let on = flag(f, "enable_shopping_agent", StateWord::On, "on");
    let off = flag(f, "use_v3_style", StateWord::Off, "off");
    let queues = flag(f, "enable_approval_queues", StateWord::Partial, "2 orgs");
    let experiment = flag(f, "ab_test_personalization", StateWord::On, "on");
    let style = flag(f, "style_prompt", StateWord::Partial, "v2 90 / v3 10");
    let broken = flag(f, "use_deepseek_critic", StateWord::Invalid, "invalid");
    let gone = flag(f, "legacy_checkout", StateWord::Off, "off");
    ListReport {
        flags: vec![
            FlagReport { owner: f.some("growth"), ..off.clone() },
            FlagReport {
                owner: f.some("growth"),
                expires: Date::new(2026, 1, 31),
                expired: true,
                ..on.clone()
            },
            FlagReport {
                name: f.text("enable_try_on"),
                source: Source::Env,
                sources: SourcesReport { enabled: Source::Env, ..on.sources.clone() },
                overridden: vec![OverriddenReport {
                    field: "enabled".into(),
                    value: "off".into(),
                    source: Source::Default,
                    origin: f.file(4, 1),
                }],
                ..on.clone()
            },
            FlagReport {
                enabled: None,
                source: Source::Env,
                problems: vec![f.text(
                    "`FF_USE_DEEPSEEK_CRITIC` is `flase`, neither a switch, a percentage nor a variation",
                )],
                ..broken
            },
            memory(f),
            FlagReport {
                name: f.text("enable_cost_alerts"),
                rollout: Some(weight("12.5%")),
                owner: f.some("platform"),
                ..off
            },
            FlagReport {
                rollout: Some(Weight::NONE),
                orgs: entries(f, &["acme", "globex"], &variation("on")),
                owner: f.some("operations"),
                sources: SourcesReport {
                    orgs: [(f.text("acme"), Source::Default), (f.text("globex"), Source::Admin)].into(),
                    ..queues.sources.clone()
                },
                ..queues
            },
            FlagReport {
                drift: true,
                server: Some(ServerView { enabled: false, source: f.text("admin") }),
                ..experiment
            },
            FlagReport {
                rollout: None,
                split: Some(split(&[("v2", 90), ("v3", 10)])),
                variations: vec![variation("v2"), variation("v3")],
                users: entries(f, &["u-7", "u-42", "u-99"], &variation("v3")),
                prerequisites: vec![f.text("use_v3_style = on")],
                sources: SourcesReport {
                    rollout: None,
                    serve: Some(Source::Default),
                    ..style.sources.clone()
                },
                ..style
            },
            FlagReport {
                declared: false,
                place: None,
                source: Source::Admin,
                sources: SourcesReport { enabled: Source::Admin, rollout: None, ..gone.sources.clone() },
                ..gone
            },
        ],
        count: Count {
            shown: 10,
            total: 10,
            on: 3,
            off: 3,
            partial: 3,
            invalid: 1,
            undeclared: 1,
            overridden: 3,
        },
        file: f.some("flags.toml"),
        target: prod(f),
        freshness: cached(),
        notes: notes(f),
    }
}
