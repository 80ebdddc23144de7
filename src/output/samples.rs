//! Sample reports for the tests: what a checkout with ten flags would answer.
//!
//! Every text that comes from outside goes through `foreign`, so that a test can put anything there.

use indexmap::IndexMap;

use crate::bucket::{Algorithm, Number};
use crate::check::Outcome;
use crate::layer::{Origin, Source};
use crate::model::{Date, ErrorCode, Reason, Share, Split, Timestamp, Value, VariationName, Weight};
use crate::report::*;

/// The texts from outside: as they are, or all replaced by one.
#[derive(Clone, Copy)]
pub(super) struct Foreign<'a>(pub(super) Option<&'a str>);

impl Foreign<'_> {
    pub(super) fn text(self, text: &str) -> String {
        self.0.unwrap_or(text).to_owned()
    }

    #[expect(clippy::unnecessary_wraps, reason = "most texts of the reports are optional")]
    pub(super) fn some(self, text: &str) -> Option<String> {
        Some(self.text(text))
    }

    fn file(self, line: usize, column: usize) -> Origin {
        Origin::File { file: self.text("flags.toml").into(), line, column }
    }

    fn variable(self, name: &str) -> Origin {
        Origin::Variable { name: self.text(name) }
    }

    fn journal(self, number: u64) -> Origin {
        Origin::Journal {
            number,
            by: self.some("ana"),
            at: Some(Timestamp::from_millis(1_790_000_000_000)),
            expires_at: None,
        }
    }
}

pub(super) fn variation(text: &str) -> VariationName {
    VariationName::try_from(text).expect("a name")
}

fn weight(text: &str) -> Weight {
    Weight::parse(text).expect("a percentage")
}

fn split(pairs: &[(&str, i64)]) -> Split {
    let pair = |(name, share): &(&str, i64)| (variation(name), Share::try_from(*share).expect("a share"));
    Split::new(pairs.iter().map(pair).collect()).expect("a split")
}

fn entries<V: Clone>(foreign: Foreign<'_>, keys: &[&str], value: &V) -> IndexMap<String, V> {
    keys.iter().map(|key| (foreign.text(key), value.clone())).collect()
}

pub(super) fn local() -> TargetReport {
    TargetReport {
        kind: "local",
        profile: None,
        address: "/home/ana/.local/state/ffctl/store.db".into(),
        label: "local store, no server reads this".into(),
    }
}

pub(super) fn prod(foreign: Foreign<'_>) -> TargetReport {
    TargetReport {
        kind: "server",
        profile: foreign.some("prod"),
        address: foreign.text("https://flags.example.com"),
        label: foreign.text("prod https://flags.example.com"),
    }
}

pub(super) fn live() -> FreshnessReport {
    FreshnessReport { state: "live", age_seconds: None }
}

fn cached() -> FreshnessReport {
    FreshnessReport { state: "cached", age_seconds: Some(190) }
}

pub(super) fn notes(foreign: Foreign<'_>) -> Vec<Note> {
    vec![
        Note::new(foreign.text("`FF_USE_V3_STYEL` is not a flag"))
            .hint(foreign.text("did you mean `FF_USE_V3_STYLE`?")),
    ]
}

pub(super) fn flag(foreign: Foreign<'_>, name: &str, state: StateWord, summary: &str) -> FlagReport {
    FlagReport {
        name: foreign.text(name),
        enabled: Some(state != StateWord::Off),
        source: Source::Default,
        state,
        summary: foreign.text(summary),
        rollout: Some(Weight::ALL),
        serve: None,
        split: None,
        users: IndexMap::new(),
        orgs: IndexMap::new(),
        rules: 0,
        prerequisites: Vec::new(),
        variations: vec![variation("on"), variation("off")],
        description: None,
        owner: None,
        tags: Vec::new(),
        expires: None,
        expired: false,
        declared: true,
        place: Some(foreign.file(12, 1)),
        algorithm: Algorithm::default(),
        sources: SourcesReport {
            enabled: Source::Default,
            rollout: Some(Source::Default),
            serve: None,
            users: IndexMap::new(),
            orgs: IndexMap::new(),
        },
        overridden: Vec::new(),
        override_expires: std::collections::BTreeMap::new(),
        ends: String::new(),
        problems: Vec::new(),
        server: None,
        drift: false,
    }
}

/// The flag `enable_memory_v2` with its rollout overridden.
pub(super) fn memory(foreign: Foreign<'_>) -> FlagReport {
    let base = flag(foreign, "enable_memory_v2", StateWord::Partial, "50% + 2 rules");
    FlagReport {
        rollout: Some(weight("50%")),
        rules: 2,
        description: foreign.some("MemoryServiceV2 in the analysis pipeline"),
        owner: foreign.some("memory-team"),
        tags: vec![foreign.text("agents"), foreign.text("memory")],
        expires: Date::new(2027, 3, 31),
        sources: SourcesReport { rollout: Some(Source::Admin), ..base.sources.clone() },
        overridden: vec![OverriddenReport {
            field: foreign.text("rollout"),
            value: foreign.text("25%"),
            source: Source::Default,
            origin: foreign.file(16, 11),
        }],
        override_expires: [(foreign.text("rollout"), Timestamp::from_millis(1_790_086_400_000))].into(),
        ends: "in 24h".to_owned(),
        ..base
    }
}

pub(super) fn list(foreign: Foreign<'_>) -> ListReport {
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

pub(super) fn context(foreign: Foreign<'_>) -> ContextReport {
    let user = vec![
        ("kind".to_owned(), Value::from("user")),
        ("key".to_owned(), Value::Text(foreign.text("u-42"))),
        ("account_age_days".to_owned(), Value::from(12)),
    ];
    ContextReport {
        context: Value::Object(user),
        at: "2026-09-21T12:26:40Z".into(),
        summary: foreign.text("user u-42, org initech, 1 attribute"),
        directory: Some(directory(foreign, "bare")),
    }
}

/// What came of a lookup; with a word of `state` that is not `bare` there are odd things in the record.
pub(super) fn directory(foreign: Foreign<'_>, state: &'static str) -> DirectoryReport {
    let bare = state == "bare";
    let odd = OddityReport {
        field: foreign.text("created_at"),
        message: foreign.text("`2026-01-01T00:00:00` has no time zone"),
    };
    DirectoryReport {
        state,
        address: foreign.text("https://people.example.com/users/{id}"),
        reason: bare.then_some("failed"),
        message: bare.then(|| foreign.text("no answer within 5s")),
        odd: if bare { Vec::new() } else { vec![odd] },
    }
}

pub(super) fn user(foreign: Foreign<'_>) -> UserReport {
    let f = foreign;
    let attribute = |name: &str, value: Value, origin, from: Option<&str>| AttributeReport {
        kind: if name == "key" { "org" } else { "user" }.to_owned(),
        name: f.text(name),
        value,
        origin,
        from: from.map(|from| f.text(from)),
    };
    let segment = |name: &str, origins: &[&'static str]| MembershipReport {
        segment: f.text(name),
        origins: origins.to_vec(),
    };
    UserReport {
        user: f.text("u-42"),
        directory: Some(directory(f, "directory")),
        attributes: vec![
            attribute("email", Value::Text(f.text("ada@agpt.co")), "record", Some("email")),
            attribute("role", Value::Text(f.text("admin")), "record", Some("metadata.role")),
            attribute("custom_tier", Value::from(3), "record", Some("metadata.tier")),
            attribute("plan", Value::Text(f.text("pro")), "caller", None),
            attribute("key", Value::Text(f.text("initech")), "caller", None),
            attribute("email_domain", Value::Text(f.text("agpt.co")), "derived", Some("email")),
        ],
        segments: vec![
            segment("admin", &["role", "metadata"]),
            segment("employee", &["defined"]),
            segment("vip", &["caller"]),
        ],
        context: Value::Object(vec![("key".to_owned(), Value::Text(f.text("u-42")))]),
        at: "2026-09-21T12:26:40Z".into(),
        notes: notes(f),
    }
}

pub(super) fn bucket(foreign: Foreign<'_>) -> BucketReport {
    BucketReport {
        bucket: Some(Number::Whole(61_432)),
        total: Number::Whole(100_000),
        threshold: Number::Whole(50_000),
        from: Number::Whole(0),
        compare: "<",
        in_at: Some(weight("61.433%")),
        input: foreign.some("rollout:enable_memory_v2:u-42"),
        by: foreign.text("user"),
        algorithm: Algorithm::default(),
    }
}

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

pub(super) fn get(foreign: Foreign<'_>) -> GetReport {
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
pub(super) fn get_one(foreign: Foreign<'_>) -> GetReport {
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

fn setting(value: String, source: Source, origin: Origin, wins: bool) -> SettingReport {
    SettingReport { value, source, origin, by: None, at: None, expires_at: None, detail: None, wins }
}

pub(super) fn explain(foreign: Foreign<'_>) -> ExplainReport {
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
pub(super) fn explain_split(foreign: Foreign<'_>) -> ExplainReport {
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

pub(super) fn variants(foreign: Foreign<'_>) -> VariantsReport {
    let f = foreign;
    let variant = |experiment: &str, name: &str, bucket, reason| VariantReport {
        user: f.some("u-42"),
        experiment: f.text(experiment),
        variant: variation(name),
        bucket,
        reason,
        error_code: None,
        gate: Some("open"),
        flag: f.some("ab_test_personalization"),
        forced: false,
        shares: Some(split(&[("control", 50), ("treatment", 50)])),
        slots: Some((Number::Whole(50), Number::Whole(100))),
        total: Some(Number::Whole(100)),
        algorithm: Algorithm::default(),
    };
    let gate = |gate| VariantReport {
        gate: Some(gate),
        ..variant("checkout_button", "control", None, Reason::Default)
    };
    VariantsReport {
        directory: Some(directory(f, "cached")),
        variants: vec![
            variant("personalization_v2", "treatment", Some(Number::Whole(73)), Reason::Split),
            VariantReport { flag: f.some("use_v3_style"), ..gate("closed") },
            VariantReport {
                forced: true,
                gate: None,
                flag: None,
                bucket: None,
                ..variant("prices", "treatment", None, Reason::TargetingMatch)
            },
            VariantReport {
                error_code: Some("targeting_key_missing"),
                ..variant("by_device", "control", None, Reason::Error(ErrorCode::TargetingKeyMissing))
            },
        ],
        target: local(),
        freshness: live(),
        notes: notes(f),
    }
}

fn counts(on: u64, users: u64) -> Vec<VariationCount> {
    let count = |name, some| VariationCount {
        variation: variation(name),
        users: some,
        share: super::number::share(some, users),
        expected: None,
    };
    vec![count("on", on), count("off", users - on)]
}

fn state(
    label: &str,
    on: u64,
    users: u64,
    expected: Option<f64>,
    interval: Option<(f64, f64)>,
) -> StateReport {
    let share = super::number::share(on, users);
    let summary = (label == "25%").then(|| "25% + 2 rules".to_owned());
    StateReport { label: label.into(), summary, on, share, expected, interval, variations: counts(on, users) }
}

fn sentence(good: Option<bool>, text: String) -> Sentence {
    Sentence { text, good }
}

pub(super) fn forecast(foreign: Foreign<'_>) -> ForecastReport {
    let f = foreign;
    let group = |name: Option<&str>, users, on_before, on_after| GroupReport {
        by: f.text("org"),
        group: name.map(|name| f.text(name)),
        users,
        on_before,
        on_after,
        joins: on_after - on_before,
        leaves: 0,
        switches: 0,
    };
    let ids = |range: std::ops::Range<u32>| {
        range.map(|at| f.text(&format!("user-{}", at * 37))).collect::<Vec<_>>()
    };
    let step = |from: &str, then: StateReport, joins, stays_on| StepForecast {
        from: f.text(from),
        joins,
        leaves: 0,
        switches: 0,
        stays_on,
        stays_off: 100_000 - joins - stays_on,
        sample_joins: ids(1..6),
        sample_leaves: Vec::new(),
        sample_switches: Vec::new(),
        keeps_everyone: true,
        guaranteed: true,
        errors: 0,
        groups: Vec::new(),
        then,
    };
    let labelled = |mut state: StateReport| {
        state.label = f.text(&state.label);
        state.summary = state.summary.map(|summary| f.text(&summary));
        state
    };
    ForecastReport {
        name: f.text("enable_memory_v2"),
        kind: "flag",
        population: PopulationReport {
            source: "synthetic".into(),
            synthetic: true,
            seed: Some(7),
            users: 100_000,
            wrong_rows: 2,
            wrong: vec![f.text("line 17: no id"), f.text("line 99: not JSON")],
            without_unit: 3,
        },
        now: labelled(state("10%", 10_032, 100_000, Some(0.1), Some((0.098_472, 0.102_197)))),
        overall: None,
        steps: vec![
            StepForecast {
                groups: vec![
                    group(Some("acme"), 42_017, 4198, 10_514),
                    group(Some("globex"), 12, 0, 2),
                    group(None, 57_971, 5834, 14_488),
                ],
                ..step(
                    "10%",
                    labelled(state("25%", 25_004, 100_000, Some(0.25), Some((0.247_366, 0.252_735)))),
                    14_972,
                    10_032,
                )
            },
            StepForecast {
                leaves: 12,
                switches: 1200,
                sample_leaves: ids(6..8),
                sample_switches: ids(8..10),
                keeps_everyone: false,
                guaranteed: false,
                ..step("25%", labelled(state("git:origin/main", 49_988, 100_000, None, None)), 24_996, 24_992)
            },
        ],
        experiment: None,
        verdict: vec![
            sentence(
                None,
                f.text("10,032 of 100,000 made-up users are on before, 49,988 after: 39,968 join."),
            ),
            sentence(
                Some(false),
                f.text("Not everyone already in stays as they are: 1,212 leave or switch."),
            ),
        ],
        failed: vec![f.text("leaves>0")],
        algorithm: Algorithm::default(),
        target: local(),
        freshness: live(),
        notes: notes(f),
    }
}

/// A flag with variations, whose split changes.
pub(super) fn forecast_split(foreign: Foreign<'_>) -> ForecastReport {
    let base = forecast(foreign);
    let count = |name, users| VariationCount {
        variation: variation(name),
        users,
        share: super::number::share(users, 8123),
        expected: None,
    };
    let state = |label: &str, v2: u64| StateReport {
        label: foreign.text(label),
        summary: None,
        on: 8123 - v2,
        share: super::number::share(8123 - v2, 8123),
        expected: None,
        interval: None,
        variations: vec![count("v2", v2), count("v3", 8123 - v2)],
    };
    let step = StepForecast {
        then: state("v2 75 / v3 25", 6102),
        from: foreign.text("v2 90 / v3 10"),
        joins: 1218,
        stays_on: 803,
        stays_off: 6102,
        groups: Vec::new(),
        ..base.steps[0].clone()
    };
    ForecastReport {
        name: foreign.text("style_prompt"),
        population: PopulationReport {
            source: foreign.text("users.csv"),
            synthetic: false,
            seed: None,
            users: 8123,
            wrong_rows: 0,
            wrong: Vec::new(),
            without_unit: 0,
        },
        now: state("v2 90 / v3 10", 7320),
        steps: vec![step],
        verdict: vec![sentence(None, foreign.text("1,218 users join, nobody leaves"))],
        failed: Vec::new(),
        ..base
    }
}

pub(super) fn experiment(foreign: Foreign<'_>) -> ForecastReport {
    let count = |name, users| VariationCount {
        variation: variation(name),
        users,
        share: super::number::share(users, 97_700),
        expected: Some(0.5),
    };
    let base = forecast(foreign);
    ForecastReport {
        name: foreign.text("personalization_v2"),
        kind: "experiment",
        population: PopulationReport {
            source: foreign.text("users.csv"),
            synthetic: false,
            seed: None,
            wrong_rows: 0,
            wrong: Vec::new(),
            without_unit: 0,
            ..base.population.clone()
        },
        steps: base
            .steps
            .iter()
            .take(1)
            .cloned()
            .map(|step| StepForecast { groups: Vec::new(), ..step })
            .collect(),
        experiment: Some(ExperimentReport {
            variants: vec![count("control", 48_791), count("treatment", 48_909)],
            forced: 300,
            gated: 2000,
            sample_ratio: Some(SampleRatio {
                chi_square: 0.142_518,
                degrees: 1,
                p: 0.7058,
                mismatch: false,
                deviation_points: 0.060_389,
            }),
        }),
        verdict: vec![sentence(
            Some(true),
            foreign.text("The counts fit the shares: no sample ratio mismatch."),
        )],
        failed: Vec::new(),
        ..base
    }
}

pub(super) fn change(foreign: Foreign<'_>, outcome: &'static str) -> ChangeReport {
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

pub(super) fn diff(foreign: Foreign<'_>) -> DiffReport {
    let f = foreign;
    let field = |field: &str, effect, old: Option<&str>, new: Option<&str>, line| FieldDifferenceReport {
        field: f.text(field),
        effect,
        old: old.map(|old| f.text(old)),
        new: new.map(|new| f.text(new)),
        old_place: old.map(|_| Origin::File {
            file: f.text("git:HEAD~1:flags.toml").into(),
            line,
            column: 11,
        }),
        new_place: new.map(|_| f.file(line + 4, 11)),
    };
    let side = |state: Option<StateWord>, summary: &str, line| SideReport {
        state,
        summary: state.map(|_| f.text(summary)),
        place: Some(f.file(line, 8)),
        problems: match state {
            Some(StateWord::Invalid) => vec![f.text("FF_ENABLE_TRY_ON: `flase` is no value; write off")],
            _ => Vec::new(),
        },
    };
    let one = |kind, name: &str, change, before: Option<SideReport>, after: Option<SideReport>, fields| {
        let moves =
            |fields: &Vec<FieldDifferenceReport>| fields.iter().any(|one| one.effect == "moves_people");
        DifferenceReport {
            kind,
            name: f.text(name),
            change,
            was: (change == "renamed").then(|| f.text("use_v3_stile")),
            before,
            after,
            moves_people: moves(&fields),
            fields,
            used_by: if kind == "segment" { vec![f.text("enable_memory_v2")] } else { Vec::new() },
            resembles: (change == "added").then(|| f.text("enable_cost_alarms")),
        }
    };
    let (on, off, partial, invalid) =
        (Some(StateWord::On), Some(StateWord::Off), Some(StateWord::Partial), Some(StateWord::Invalid));
    let owner = field("owner", "metadata", Some("memory-team"), Some("agents-team"), 40);
    DiffReport {
        before: ComparedReport::new(&f.text("git:HEAD~1"), f.some("git:HEAD~1:flags.toml")),
        after: ComparedReport::new(&f.text("admin"), f.some("flags.toml")),
        differences: vec![
            one(
                "flag",
                "use_v3_style",
                "renamed",
                Some(side(off, "off", 8)),
                Some(side(off, "off", 8)),
                vec![],
            ),
            one(
                "flag",
                "enable_memory_v2",
                "changed",
                Some(side(partial, "25% + 2 rules", 37)),
                Some(side(partial, "50% + 2 rules", 41)),
                vec![
                    field("rollout", "behaviour", Some("25%"), Some("50%"), 42),
                    field(
                        "rule 2 \"new users, gradually\" clause",
                        "behaviour",
                        Some("account_age_days is less than 7"),
                        Some("account_age_days is less than 30"),
                        50,
                    ),
                    field("salt", "moves_people", Some("\"enable_memory_v2\""), Some("\"memory\""), 37),
                    owner,
                ],
            ),
            one(
                "flag",
                "enable_try_on",
                "changed",
                Some(side(on, "on", 15)),
                Some(side(invalid, "invalid", 15)),
                vec![],
            ),
            one(
                "flag",
                "enable_cost_alerts",
                "added",
                None,
                Some(side(on, "on", 60)),
                vec![field("enabled", "behaviour", None, Some("on"), 61)],
            ),
            one(
                "flag",
                "enable_cost_alarms",
                "removed",
                Some(side(on, "on", 60)),
                None,
                vec![field("enabled", "behaviour", Some("on"), None, 61)],
            ),
            one(
                "segment",
                "employee",
                "changed",
                Some(side(None, "", 101)),
                Some(side(None, "", 105)),
                vec![field("included", "behaviour", None, Some("u-42"), 101)],
            ),
        ],
        count: DiffCount {
            compared: 15,
            differing: 6,
            added: 1,
            removed: 1,
            changed: 3,
            renamed: 1,
            moving: 1,
            invalid: 1,
        },
        target: Some(prod(f)),
        freshness: Some(cached()),
        notes: notes(f),
    }
}

pub(super) fn history(foreign: Foreign<'_>) -> HistoryReport {
    let f = foreign;
    let change = |flag: &str, field: &str, old: Option<&str>, new: Option<&str>| HistoryChange {
        flag: f.text(flag),
        field: f.text(field),
        old: old.map(|old| f.text(old)),
        new: new.map(|new| f.text(new)),
    };
    let entry = |number: &str, at: Option<i64>, ago: &str, by: Option<&str>, changes| HistoryEntry {
        number: number.to_owned(),
        at: at.map(Timestamp::from_millis),
        ago: ago.to_owned(),
        by: by.map(|by| f.text(by)),
        reason: None,
        tool: f.some("ffctl 0.1.0"),
        expires_at: None,
        ends: String::new(),
        layer: Source::Admin,
        file: None,
        file_shown: None,
        changes,
    };
    let ramp = vec![
        change("enable_memory_v2", "enabled", None, Some("on")),
        change("enable_memory_v2", "rollout", Some("25%"), Some("50%")),
        change("use_v3_style", "org acme", Some("on"), None),
    ];
    let variable = vec![change("use_v3_style", "FF_USE_V3_STYLE", Some("off"), Some("25%"))];
    HistoryReport {
        target: prod(f),
        freshness: live(),
        entries: vec![
            HistoryEntry {
                reason: f.some("ramp after the review of Monday"),
                ..entry("18", Some(1_795_339_800_123), "5m ago", Some("ada"), ramp)
            },
            HistoryEntry {
                layer: Source::Env,
                file: f.some("/home/ada/app/.env"),
                file_shown: f.some(".env"),
                ..entry("L3", Some(1_795_336_200_000), "1h ago", Some("ada"), variable)
            },
            HistoryEntry { tool: None, ..entry("17", None, "", None, Vec::new()) },
        ],
        complete: false,
        notes: notes(f),
    }
}

pub(super) fn lint(foreign: Foreign<'_>) -> LintReport {
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

pub(super) fn rules(explained: bool) -> RulesReport {
    let all = [
        ("expired", "warning", "a flag whose `expires` is over", "It was meant to be gone by then."),
        ("ungated-experiment", "note", "an experiment without `flag`", "Only a deploy ends it."),
    ];
    let rule = |(code, severity, finds, why)| LintRule { code, severity, finds, why };
    RulesReport { rules: all.map(rule).into_iter().take(if explained { 1 } else { 2 }).collect(), explained }
}

/// Conditions with every outcome.
pub(super) fn check(foreign: Foreign<'_>) -> CheckReport {
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

pub(super) fn init(foreign: Foreign<'_>) -> InitReport {
    InitReport {
        file: foreign.text("flags.toml"),
        flags: vec![foreign.text("use_v3_style"), foreign.text("enable_memory_v2")],
        dry_run: false,
    }
}

pub(super) fn serve(foreign: Foreign<'_>) -> ServeReport {
    ServeReport {
        address: foreign.text("http://127.0.0.1:8080"),
        admin_url: foreign.text("http://127.0.0.1:8080/api/v1/admin"),
        file: foreign.text("flags.toml"),
        store: foreign.text("~/.local/state/ffctl/work-1a2b3c.sqlite3"),
        flags: 9,
        directory: foreign.some("https://people.example.com/users/{id}"),
        token: foreign.some("ffa_3q2-7wEXAMPLEexampleEXAMPLEexampleEXAMPLE00"),
        notes: notes(foreign),
    }
}

pub(super) fn chain(foreign: Foreign<'_>, broken: bool) -> ChainReport {
    let problem = foreign.text("it, or one before it, is not the one that was written");
    let head = foreign.text("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08");
    ChainReport {
        target: prod(foreign),
        whole: !broken,
        entries: 42,
        head: (!broken).then_some(head),
        broken: broken.then_some(BrokenReport { number: 17, problem }),
        notes: notes(foreign),
    }
}

pub(super) fn tokens(foreign: Foreign<'_>, created: bool) -> TokensReport {
    let at = |day: i64| Timestamp::from_millis(1_790_000_000_000 + day * Timestamp::DAY);
    let token = |number, name: &str, role: &str, state| TokenReport {
        number: Some(number),
        name: foreign.text(name),
        role: role.to_owned(),
        state,
        created_at: at(0),
        expires_at: (state != "valid").then(|| at(90)),
        revoked_at: (state == "revoked").then(|| at(7)),
    };
    let mut tokens = vec![
        token(1, "first admin", "admin", "valid"),
        token(2, "ci deploy", "editor", "revoked"),
        token(3, "dashboard on the wall", "viewer", "expired"),
    ];
    tokens.truncate(if created { 1 } else { 3 });
    TokensReport {
        target: prod(foreign),
        action: if created { "create" } else { "list" },
        outcome: if created { "created" } else { "listed" },
        tokens,
        secret: created.then(|| foreign.text("ffa_3q2-7wEXAMPLEexampleEXAMPLEexampleEXAMPLE00")),
        notes: notes(foreign),
    }
}

pub(super) fn failure(foreign: Foreign<'_>) -> FailureReport {
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

fn record(foreign: Foreign<'_>, hash: &'static str, template: &str) -> RecordReport {
    RecordReport {
        template: foreign.text(template),
        hash,
        seed: "0".to_owned(),
        slice: "hex 15".to_owned(),
        reduce: "unit".to_owned(),
        offset: 0,
        precision: "f64",
        compare: "<=",
        buckets: None,
        independent: true,
    }
}

fn algorithm(foreign: Foreign<'_>) -> AlgorithmReport {
    let f = foreign;
    AlgorithmReport {
        name: f.text("posthog"),
        about: f.text("PostHog: release conditions and multivariate flags"),
        custom: false,
        default: true,
        used_by: vec![f.text("enable_memory_v2"), f.text("personalization_v2")],
        rollout: record(f, "sha1", "{key}.{unit}"),
        variant: RecordReport { compare: "<", ..record(f, "sha1", "{key}.{unit}variant") },
        order: "written",
        seed: "none",
        needs_salt: false,
        missing_there: f.some("cannot decide"),
        missing_here: "off, targeting_key_missing",
        notes: Vec::new(),
    }
}

pub(super) fn algorithms(foreign: Foreign<'_>) -> AlgorithmsReport {
    let f = foreign;
    let whole = RecordReport {
        slice: "whole".to_owned(),
        reduce: "modulo 100".to_owned(),
        offset: 1,
        buckets: Some(100),
        seed: "86028157".to_owned(),
        ..record(f, "murmur3", "{key}:{unit}")
    };
    AlgorithmsReport {
        algorithms: vec![
            AlgorithmReport {
                name: f.text("backend/1"),
                about: f.text("defined in flags.toml"),
                custom: true,
                default: false,
                used_by: vec![f.text("use_v3_style")],
                rollout: whole.clone(),
                variant: whole,
                order: "name_descending",
                seed: "required",
                needs_salt: true,
                missing_there: None,
                notes: vec![f.text("whole percentages only")],
                ..algorithm(f)
            },
            algorithm(f),
        ],
        default: f.text("posthog"),
        file: f.some("flags.toml"),
    }
}

pub(super) fn shown_algorithm(foreign: Foreign<'_>) -> ShownAlgorithm {
    let text = foreign.text("def bucket(key, unit):\n    return 0");
    ShownAlgorithm {
        algorithm: algorithms(foreign).algorithms.swap_remove(0),
        toml: foreign.text("bucketing = \"backend/1\""),
        source: Some(SourceReport { language: "python", text }),
    }
}

pub(super) fn sql(foreign: Foreign<'_>) -> SqlReport {
    SqlReport {
        name: foreign.text("use_v3_style"),
        dialect: "duckdb",
        table: foreign.text("users"),
        states: vec![foreign.text("now"), foreign.text("25%")],
        reads: vec![foreign.text("CAST(id AS VARCHAR)")],
        sql: foreign.text("SELECT 1;\n"),
    }
}

fn formula(foreign: Foreign<'_>) -> FormulaReport {
    FormulaReport {
        name: foreign.some("posthog"),
        purpose: "rollout",
        key: foreign.some("new_checkout"),
        salt: foreign.some("s3"),
        record: record(foreign, "sha1", "{key}.{unit}"),
        twins: vec![foreign.text("sha1 of {key}.{unit}, hex 15, unit, <")],
        toml: foreign.text("bucketing = \"posthog\""),
    }
}

pub(super) fn inferred(foreign: Foreign<'_>, verdict: &'static str) -> InferReport {
    let f = foreign;
    let found = match verdict {
        "one" | "unconfirmed" => vec![formula(f)],
        "several" => vec![
            formula(f),
            FormulaReport { name: None, purpose: "variant", twins: Vec::new(), salt: None, ..formula(f) },
        ],
        _ => Vec::new(),
    };
    let left = matches!(verdict, "one" | "unconfirmed");
    let agreeing = left || verdict == "several";
    InferReport {
        verdict,
        source: f.text("observed.csv"),
        users: 230,
        on: 71,
        percent: weight("30%"),
        tried: 9_812,
        keys: vec![f.text("new_checkout")],
        count: if verdict == "random" { 1 } else { found.len() },
        found,
        after: left.then_some(23),
        by_chance: left.then_some(if verdict == "one" { 0.0004 } else { 0.04 }),
        ask: if agreeing { vec![f.text("u-17"), f.text("u-40")] } else { Vec::new() },
        contradictory: if verdict == "random" { vec![f.text("u-3")] } else { Vec::new() },
        nearest: (verdict == "none").then(|| NearestReport {
            formula: formula(f),
            agrees: 228,
            of: 230,
            beyond_chance: true,
            wrong: vec![f.text("u-9"), f.text("u-31")],
        }),
        wrong_rows: 1,
        notes: notes(f),
    }
}

/// A comparison of two servers, one of which was asked a while ago.
pub(super) fn diff_targets(foreign: Foreign<'_>) -> DiffReport {
    let f = foreign;
    let compared = |word: &str, freshness| ComparedReport {
        target: Some(prod(f)),
        freshness: Some(freshness),
        view: Some("server"),
        ..ComparedReport::new(&f.text(word), None)
    };
    let cached = FreshnessReport { state: "cached", age_seconds: Some(300) };
    let mut report = diff(f);
    report.differences.retain(|one| one.kind == "flag" && one.change == "changed");
    report.differences.truncate(1);
    let count = DiffCount { compared: 9, differing: 1, changed: 1, ..DiffCount::default() };
    DiffReport {
        before: compared("profile:staging", live()),
        after: compared("profile:prod", cached),
        count,
        target: None,
        freshness: None,
        ..report
    }
}

/// What a server and a checkout disagree in.
pub(super) fn drift(foreign: Foreign<'_>) -> DriftsReport {
    let f = foreign;
    let side = |state, summary: &str, source: &str, place: Option<Origin>| DriftSide {
        state,
        summary: f.text(summary),
        enabled: (state != StateWord::Invalid).then_some(state != StateWord::Off),
        source: f.text(source),
        place,
    };
    let field = FieldDifferenceReport {
        field: f.text("rollout"),
        effect: "behaviour",
        old: f.some("25%"),
        new: None,
        old_place: None,
        new_place: None,
    };
    let flag = |name: &str, kinds: &[&'static str], here, there, why: &str, fixes: &[&str]| DriftedFlag {
        name: f.text(name),
        kinds: kinds.to_vec(),
        here,
        there,
        fields: if kinds.contains(&"state") { vec![field.clone()] } else { Vec::new() },
        why: f.text(why),
        fixes: fixes.iter().map(|fix| f.text(fix)).collect(),
    };
    DriftsReport {
        target: prod(f),
        freshness: live(),
        file: f.text("flags.toml"),
        flags: vec![
            flag(
                "enable_memory_v2",
                &["state", "source"],
                Some(side(StateWord::Partial, "25% + 2 rules", "default", Some(f.file(35, 1)))),
                Some(side(StateWord::On, "on", "env", None)),
                "FF_ENABLE_MEMORY_V2 is set in the server's environment",
                &[
                    "take FF_ENABLE_MEMORY_V2 out of the server's environment",
                    "or make it so here: ffctl set enable_memory_v2 on --layer default",
                ],
            ),
            flag(
                "use_v3_style",
                &["only_here"],
                Some(side(StateWord::Off, "off", "default", Some(f.file(8, 1)))),
                None,
                "the server does not know it: it runs a flags.toml without it",
                &["deploy this flags.toml to the server, or bring this checkout to what runs there"],
            ),
            flag(
                "enable_fax",
                &["only_there"],
                None,
                Some(side(StateWord::Off, "off", "admin", None)),
                "nobody declares it: an override that outlived its definition",
                &["ffctl unset enable_fax --profile prod"],
            ),
        ],
        count: DriftCount {
            compared: 10,
            drifting: 3,
            state: 1,
            source: 1,
            only_here: 1,
            only_there: 1,
            ..DriftCount::default()
        },
        compared: "state",
        ignored: vec!["definition"],
        exit: 10,
        notes: Vec::new(),
    }
}

/// A snapshot that was saved, or those that are kept, one of them damaged.
pub(super) fn snapshots(foreign: Foreign<'_>, saved: bool) -> SnapshotsReport {
    let f = foreign;
    let content = SnapshotContent {
        saved_at: Timestamp::from_millis(1_790_000_000_000),
        ago: "2h ago".to_owned(),
        by: f.some("ana"),
        comment: f.some("before the launch"),
        target: prod(f),
        journal: Some(17),
        flags: 10,
        overrides: 2,
        sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
    };
    let one = |name: &str, content: Option<SnapshotContent>| SnapshotReport {
        name: f.text(name),
        file: f.text("/home/ana/.local/state/ffctl/snapshots/before.json"),
        problem: content.is_none().then(|| f.text("it was changed or damaged since it was saved")),
        content,
    };
    let mut snapshots = vec![one("before-the-launch", Some(content))];
    if !saved {
        snapshots.push(one("older", None));
    }
    SnapshotsReport {
        outcome: if saved { "saved" } else { "listed" },
        snapshots,
        folder: f.some("/home/ana/.local/state/ffctl/snapshots"),
        notes: Vec::new(),
    }
}

/// Everything that `watch` tells, by a name.
pub(super) fn watched(foreign: Foreign<'_>) -> Vec<(&'static str, WatchReport)> {
    let f = foreign;
    let at = Timestamp::from_millis(1_790_000_003_500);
    let side = |state, summary: &str| WatchedSide {
        state,
        summary: f.text(summary),
        enabled: Some(state != StateWord::Off),
        source: f.text("admin"),
    };
    let field = FieldDifferenceReport {
        field: f.text("rollout"),
        effect: "behaviour",
        old: None,
        new: f.some("25%"),
        old_place: None,
        new_place: None,
    };
    let event = |event| WatchReport::new(event, at, prod(f));
    let changed = WatchReport {
        flag: f.some("enable_memory_v2"),
        was: Some(side(StateWord::Off, "off")),
        is: Some(side(StateWord::Partial, "25%")),
        fields: vec![field],
        journal: Some(18),
        changed_at: Some(Timestamp::from_millis(1_790_000_000_000)),
        by: f.some("ben"),
        reason: f.some("canary is fine"),
        ..event("changed")
    };
    let between = WatchReport { was: None, is: None, away: true, ..changed.clone() };
    let why = f.some("cannot connect: Connection refused (os error 111)");
    let added = WatchReport { flag: f.some("enable_fax"), is: changed.is.clone(), ..event("added") };
    let removed = WatchReport { flag: f.some("enable_fax"), was: changed.was.clone(), ..event("removed") };
    let until =
        WatchReport { holds: Some(false), exit: Some(1), conditions: check(f).conditions, ..event("until") };
    vec![
        ("watch_changed", changed),
        ("watch_between", between),
        ("watch_unreachable", WatchReport { message: why, ..event("unreachable") }),
        ("watch_reachable", WatchReport { message: f.some("after 12s"), ..event("reachable") }),
        ("watch_added", added),
        ("watch_removed", removed),
        ("watch_until", until),
    ]
}
