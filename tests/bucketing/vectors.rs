//! Our vectors, row by row, beside what is printed to compute them.

use serde_json::Value;

use super::super::project::{Project, Run};

/// One vector: the key, the unit, the sum of the shares, the bucket.
type Vector = (String, String, Option<u32>, f64);

fn text(value: &Value) -> String {
    value.as_str().expect("text").to_owned()
}

/// Returns the vectors of other systems by the name of their rows, and our own as `ffctl/1 rollout` and `ffctl/1 variant`.
fn vectors(presets: &Value, ours: &Value, rows: &str, total: Option<u32>) -> Vec<Vector> {
    let list = |value: &Value| value.as_array().unwrap_or_else(|| panic!("no {rows}")).clone();
    let number = |value: &Value| value.as_f64().expect("a number");
    match rows.strip_prefix("ffctl/1 ") {
        None => {
            let one = |row: &Value| (text(&row[0]), text(&row[1]), total, number(&row[2]));
            list(&presets["presets"][rows]).iter().map(one).collect()
        }
        Some("rollout") => {
            let one =
                |row: &Value| (text(&row["key"]), text(&row["unit"]), Some(100_000), number(&row["bucket"]));
            list(&ours["rollout"]).iter().map(one).collect()
        }
        Some(_) => {
            let one = |row: &Value| {
                let sum: u64 = list(&row["weights"]).iter().filter_map(Value::as_u64).sum();
                let sum = u32::try_from(sum).expect("a sum of shares");
                (text(&row["key"]), text(&row["unit"]), Some(sum), number(&row["slot"]))
            };
            list(&ours["variant"]).iter().map(one).collect()
        }
    }
}

/// Rows of the file, the preset they belong to, its purpose, and what is said beside it: the salt, the seed, the sum
/// of the shares.
type Rows =
    (&'static str, &'static str, &'static str, Option<&'static str>, Option<&'static str>, Option<u32>);

/// How many rows there are.
pub(super) const COUNT: usize = 30;

const ROWS: [Rows; COUNT] = [
    ("ffctl/1 rollout", "ffctl/1", "rollout", None, None, None),
    ("ffctl/1 variant", "ffctl/1", "variant", None, None, None),
    ("launchdarkly", "launchdarkly", "rollout", Some("salt"), None, None),
    ("launchdarkly/seed61", "launchdarkly", "rollout", None, Some("61"), None),
    ("posthog/rollout", "posthog", "rollout", None, None, None),
    ("posthog/variant", "posthog", "variant", None, None, None),
    ("unleash/rollout", "unleash", "rollout", None, None, None),
    ("unleash/variant1000", "unleash", "variant", None, None, Some(1000)),
    ("growthbook/1", "growthbook/1", "rollout", None, None, None),
    ("growthbook/2", "growthbook/2", "rollout", None, None, None),
    ("flagsmith", "flagsmith", "rollout", None, None, None),
    ("go-feature-flag", "go-feature-flag", "rollout", None, None, Some(100_000)),
    ("flipt/variant", "flipt", "variant", None, None, None),
    ("flipt/threshold", "flipt", "rollout", None, None, None),
    ("eppo", "eppo", "rollout", None, None, None),
    ("statsig", "statsig", "rollout", Some("rule"), None, None),
    ("split/murmur", "split", "rollout", None, Some("1798236110"), None),
    ("split/legacy", "split/legacy", "rollout", None, Some("1798236110"), None),
    ("configcat", "configcat", "rollout", None, None, None),
    ("featurevisor", "featurevisor", "rollout", None, None, None),
    ("optimizely", "optimizely", "rollout", None, None, None),
    ("devcycle/rollout", "devcycle", "rollout", None, None, None),
    ("devcycle/bucketing", "devcycle", "variant", None, None, None),
    ("py/md5-flag-user-100", "md5-flag-user", "rollout", None, None, None),
    ("py/md5-user-100", "md5-user", "rollout", None, None, None),
    ("py/md5-user-exp-100", "md5-user-experiment", "rollout", None, None, None),
    ("py/sha256-8-flag-user-100", "sha256-8", "rollout", None, None, None),
    ("py/sha256-flag-user-100", "sha256-flag-user", "rollout", None, None, None),
    // 2^32 shares make the bucket the number itself.
    ("flagd/2 point", "flagd/2", "rollout", None, None, Some(u32::MAX)),
    ("flagd/3 point", "flagd/3", "rollout", None, None, Some(u32::MAX)),
];

/// What is printed for one preset in one language, and what it must compute.
pub(super) struct Printed {
    /// The name of the rows.
    pub(super) rows: &'static str,
    /// The lines.
    pub(super) source: String,
    /// The arguments of each call, the sum of the shares last where it is asked for.
    pub(super) calls: Vec<(Vec<String>, Option<u32>)>,
    expected: Vec<f64>,
}

/// Prints every preset in a language; `refused` are told of those that cannot be.
pub(super) fn printed(language: &str, mut refused: impl FnMut(&'static str, &Run)) -> Vec<Printed> {
    let file = |text| serde_json::from_str(text).expect("the vectors are JSON");
    let presets = file(include_str!("../vectors/presets.json"));
    let ours = file(include_str!("../vectors/ffctl-1.json"));
    let project = Project::shipped();
    let mut every = Vec::new();
    for (rows, preset, purpose, salt, seed, total) in ROWS {
        let mut command = vec!["bucketing", "show", preset, "--as", language, "--for", purpose];
        command.extend(seed.iter().flat_map(|seed| ["--hash-seed", seed]));
        let run = project.run(&command);
        if run.code != 0 {
            refused(preset, &run);
            continue;
        }
        let source = run.stdout;
        // Only what is a parameter is handed over.
        let is_header = |line: &&str| line.contains("bucket(") && line.contains("unit");
        let header = source.lines().rev().find(is_header).expect("a function").to_owned();
        let mut calls = Vec::new();
        let mut expected = Vec::new();
        for (key, unit, total, bucket) in vectors(&presets, &ours, rows, total) {
            let mut values = Vec::new();
            if header.contains("(key") {
                values.push(key);
            }
            if header.contains("salt") {
                values.push(salt.unwrap_or_default().to_owned());
            }
            values.push(unit);
            calls.push((values, total.filter(|_| header.contains("total"))));
            expected.push(bucket);
        }
        every.push(Printed { rows, source, calls, expected });
    }
    every
}

impl Printed {
    /// Returns the arguments of each call as the language writes them.
    pub(super) fn arguments<'a>(
        &'a self,
        text: impl Fn(&str) -> String + 'a,
    ) -> impl Iterator<Item = String> + 'a {
        self.calls.iter().map(move |(values, total)| {
            let values = values.iter().map(|value| text(value)).chain(total.map(|total| total.to_string()));
            values.collect::<Vec<_>>().join(", ")
        })
    }

    /// Checks what the calls came to: integers as they are, fractions within one unit in the last place.
    pub(super) fn check(&self, language: &str, buckets: &[f64]) {
        let rows = self.rows;
        assert_eq!(buckets.len(), self.expected.len(), "{language} {rows}");
        for ((expected, bucket), call) in self.expected.iter().zip(buckets).zip(&self.calls) {
            // Scaled by 2^32 - 1 a point is itself, or one less.
            let near = if rows.ends_with("point") {
                (0.0..=1.0).contains(&(expected - bucket))
            } else {
                expected.to_bits().abs_diff(bucket.to_bits()) <= 1
            };
            assert!(near, "{language} {rows}: {call:?} is {bucket}, not {expected}");
        }
    }
}
