//! The statistics of forecasts against `SciPy`, asked in the same run.

use std::process::Command;

use ffctl::simulate::{
    Interval, Power, PowerComparison, association, clopper_pearson, design_effect, effective_size,
    failure_bound, normal_quantile, normal_survival, sample_ratio, sequential_ratio, survival, wilson,
};
use serde_json::Value;

use super::sdk::toolchain;

/// How far a value may be off, as a part of it.
const NEAR: f64 = 1e-9;

/// The arguments of one row.
struct Arguments<'a>(&'a [Value]);

impl Arguments<'_> {
    /// Floats are texts, so that none loses a digit on the way.
    fn float(&self, at: usize) -> f64 {
        match &self.0[at] {
            Value::String(text) => text.parse().expect("a number"),
            number => number.as_f64().expect("a number"),
        }
    }

    fn count(&self, at: usize) -> u64 {
        self.0[at].as_u64().expect("a count")
    }

    fn counts(&self, at: usize) -> Vec<u64> {
        counts(&self.0[at])
    }

    fn shares(&self, at: usize) -> Vec<f64> {
        self.0[at].as_array().expect("a list").iter().map(|share| share.as_f64().expect("a share")).collect()
    }
}

fn counts(list: &Value) -> Vec<u64> {
    list.as_array().expect("a list").iter().map(|count| count.as_u64().expect("a count")).collect()
}

fn ends(interval: Interval) -> Vec<f64> {
    vec![interval.low, interval.high]
}

/// Returns what this program says where `SciPy` said something.
fn ours(name: &str, of: &Arguments<'_>) -> Vec<f64> {
    match name {
        "chi_square_survival" => vec![survival(of.float(0), u32::try_from(of.count(1)).expect("degrees"))],
        "normal_survival" => vec![normal_survival(of.float(0))],
        "normal_quantile" => vec![normal_quantile(of.float(0))],
        "wilson" => ends(wilson(of.count(0), of.count(1))),
        "clopper_pearson" => ends(clopper_pearson(of.count(0), of.count(1), of.float(2))),
        "association" => {
            let rows: Vec<Vec<u64>> = of.0[0].as_array().expect("rows").iter().map(counts).collect();
            let found = association(&rows).expect("a table");
            vec![found.statistic, found.p, found.strength.abs()]
        }
        "sample_ratio" => {
            let found = sample_ratio(&of.counts(0), &of.shares(1)).expect("a test");
            vec![found.statistic, found.p]
        }
        "sequential_ratio" => {
            let found = sequential_ratio(&of.counts(0), &of.shares(1)).expect("a test");
            vec![found.log_odds, found.p]
        }
        "failure_bound" => vec![failure_bound(of.float(0), of.float(1))],
        "detectable" => {
            let power = Power { significance: of.float(3), power: of.float(4) };
            let comparisons = usize::try_from(of.count(5)).expect("comparisons");
            let planned = PowerComparison { rate: of.float(0), users: [of.float(1), of.float(2)] };
            vec![planned.grouped(of.float(6)).detectable(power.among(comparisons))]
        }
        "design_effect" => {
            let sizes = of.counts(0);
            let effective = effective_size(sizes.iter().copied());
            vec![effective, design_effect(sizes.iter().sum(), effective)]
        }
        other => panic!("the oracle says what nobody compares: {other}"),
    }
}

#[test]
fn statistics_agree_with_scipy_tails_included() {
    let Some(folder) = toolchain::python("scipy") else { return };
    let mut command = Command::new(folder.join("venv/bin/python"));
    let output = command.arg("oracle.py").current_dir(&folder).output().expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let all: Value = serde_json::from_slice(&output.stdout).expect("the oracle prints JSON");
    let all = all.as_object().expect("an object");
    assert_eq!(all.len(), 11, "{:?}", all.keys().collect::<Vec<_>>());
    let mut smallest = f64::INFINITY;
    for (name, rows) in all {
        let rows = rows.as_array().expect("rows");
        assert!(rows.len() >= 7, "{name}");
        for row in rows {
            let (arguments, values) = (row[0].as_array().expect("arguments"), row[1].as_array());
            let found = ours(name, &Arguments(arguments));
            let values = values.expect("values");
            assert_eq!(found.len(), values.len(), "{name}");
            for (found, wanted) in found.into_iter().zip(values) {
                let wanted: f64 = wanted.as_str().and_then(|text| text.parse().ok()).expect("a number");
                let near = (found - wanted).abs() <= NEAR * wanted.abs();
                assert!(near, "{name} {row}: {found:e} instead of {wanted:e}");
                smallest = if wanted > 0.0 { smallest.min(wanted) } else { smallest };
            }
        }
    }
    assert!(smallest < 1e-290, "the tails are in it: {smallest:e}");
}
