//! Samples: `bucketing`.

use crate::report::*;

use super::*;

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

pub(in crate::output) fn algorithms(foreign: Foreign<'_>) -> AlgorithmsReport {
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

pub(in crate::output) fn shown_algorithm(foreign: Foreign<'_>) -> ShownAlgorithm {
    let text = foreign.text("def bucket(key, unit):\n    return 0");
    ShownAlgorithm {
        algorithm: algorithms(foreign).algorithms.swap_remove(0),
        toml: foreign.text("bucketing = \"backend/1\""),
        source: Some(SourceReport { language: "python", text }),
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

pub(in crate::output) fn inferred(foreign: Foreign<'_>, verdict: &'static str) -> InferReport {
    let f = foreign;
    let found = match verdict {
        "one" => vec![FormulaReport { twins: Vec::new(), ..formula(f) }],
        "unconfirmed" => vec![formula(f)],
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
        missing: (agreeing && verdict != "one").then_some(3),
        ask: if agreeing && verdict != "one" { vec![f.text("u-17"), f.text("u-40")] } else { Vec::new() },
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
