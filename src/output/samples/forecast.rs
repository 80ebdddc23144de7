//! Samples: `simulate-rollout`.

use crate::bucket::Algorithm;
use crate::report::*;

use super::*;

fn counts(on: u64, users: u64) -> Vec<VariationCount> {
    let count = |name, some| VariationCount {
        variation: variation(name),
        users: some,
        share: super::super::number::share(some, users),
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
    let share = super::super::number::share(on, users);
    let summary = (label == "25%").then(|| "25% + 2 rules".to_owned());
    let variations = counts(on, users);
    StateReport { label: label.into(), summary, on, share, expected, interval, unseen: None, variations }
}

fn ways(all: &[(&str, &str, &'static str, u64)]) -> Vec<WayReport> {
    let way = |(before, after, moves, users): &(&str, &str, &'static str, u64)| WayReport {
        before: variation(before),
        after: variation(after),
        moves,
        users: *users,
    };
    all.iter().map(way).collect()
}

fn input(f: Foreign<'_>, path: &str, digest: Option<u8>) -> InputReport {
    let sha256 = digest.map(|byte| format!("{byte:02x}").repeat(32));
    InputReport { path: f.text(path), bytes: Some(123_456), sha256, query: None }
}

fn sentence(good: Option<bool>, text: String) -> Sentence {
    Sentence { text, good }
}

pub(in crate::output) fn forecast(foreign: Foreign<'_>) -> ForecastReport {
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
        exposed: then.on,
        ways: ways(&[
            ("on", "on", "stays_on", stays_on),
            ("off", "on", "joins", joins),
            ("off", "off", "stays_off", 100_000 - joins - stays_on),
        ]),
        sample_joins: ids(1..6),
        sample_leaves: Vec::new(),
        sample_switches: Vec::new(),
        keeps_everyone: true,
        guaranteed: true,
        errors: 0,
        failure_bound: None,
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
            inputs: Vec::new(),
            rows: RowsReport {
                total: 100_002,
                users: 99_997,
                without_id: 3,
                wrong: 2,
                ..RowsReport::default()
            },
            repeated: Vec::new(),
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
                ways: Vec::new(),
                stays_off: 50_000,
                sample_leaves: ids(6..8),
                sample_switches: ids(8..10),
                keeps_everyone: false,
                guaranteed: false,
                ..step("25%", labelled(state("git:origin/main", 49_988, 100_000, None, None)), 24_996, 23_792)
            },
        ],
        experiment: None,
        configuration: None,
        times: None,
        funnel: Vec::new(),
        groups: Vec::new(),
        orgs: None,
        overlaps: Vec::new(),
        observed: None,
        power: None,
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
pub(in crate::output) fn forecast_split(foreign: Foreign<'_>) -> ForecastReport {
    let base = forecast(foreign);
    let count = |name, users| VariationCount {
        variation: variation(name),
        users,
        share: super::super::number::share(users, 8123),
        expected: None,
    };
    let state = |label: &str, v2: u64| StateReport {
        label: foreign.text(label),
        summary: None,
        on: 8123 - v2,
        share: super::super::number::share(8123 - v2, 8123),
        expected: None,
        interval: None,
        unseen: Some((0.088, 0.109)),
        variations: vec![count("v2", v2), count("v3", 8123 - v2)],
    };
    let step = StepForecast {
        then: state("v2 75 / v3 25", 6102),
        from: foreign.text("v2 90 / v3 10"),
        joins: 1218,
        stays_on: 803,
        stays_off: 6102,
        exposed: 2021,
        ways: ways(&[
            ("v2", "v2", "stays_off", 6102),
            ("v2", "v3", "joins", 1218),
            ("v3", "v3", "stays_on", 803),
        ]),
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
            inputs: vec![
                input(foreign, "users-1.csv", Some(0xe3)),
                input(foreign, "users-2.csv.gz", Some(0x5a)),
                input(foreign, "-", None),
                InputReport {
                    bytes: None,
                    query: Some(foreign.text("select id, plan from users")),
                    ..input(foreign, "postgres://db.example.com/app", None)
                },
            ],
            rows: RowsReport {
                total: 8140,
                users: 8123,
                without_id: 0,
                duplicates: Some(13),
                wrong: 0,
                blank: 4,
            },
            repeated: vec![foreign.text("u-17"), foreign.text("u-99")],
        },
        now: state("v2 90 / v3 10", 7320),
        steps: vec![step],
        verdict: vec![sentence(None, foreign.text("1,218 users join, nobody leaves"))],
        failed: Vec::new(),
        ..base
    }
}

pub(in crate::output) fn experiment(foreign: Foreign<'_>) -> ForecastReport {
    let count = |name, users| VariationCount {
        variation: variation(name),
        users,
        share: super::super::number::share(users, 97_700),
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
            inputs: vec![input(foreign, "users.csv", Some(0x0f))],
            rows: RowsReport { total: 100_000, users: 100_000, ..RowsReport::default() },
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
                design_effect: None,
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

pub(in crate::output) fn sql(foreign: Foreign<'_>) -> SqlReport {
    SqlReport {
        name: foreign.text("use_v3_style"),
        dialect: "duckdb",
        table: foreign.text("users"),
        states: vec![foreign.text("now"), foreign.text("25%")],
        reads: vec![foreign.text("CAST(id AS VARCHAR)")],
        sql: foreign.text("SELECT 1;\n"),
    }
}
