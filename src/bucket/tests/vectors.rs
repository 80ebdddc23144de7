//! Every preset against vectors that were computed elsewhere, by programs that agree with the systems' own.

use serde_json::Value;

use crate::bucket::*;

/// Names in the file that are presets with something said beside them: name, preset, purpose.
const NAMED: [(&str, &str, Purpose); 27] = [
    ("launchdarkly", "launchdarkly", Purpose::Rollout),
    ("launchdarkly/seed61", "launchdarkly", Purpose::Variant),
    ("posthog/rollout", "posthog", Purpose::Rollout),
    ("posthog/variant", "posthog", Purpose::Variant),
    ("unleash/rollout", "unleash", Purpose::Rollout),
    ("unleash/variant1000", "unleash", Purpose::Variant),
    ("growthbook/1", "growthbook/1", Purpose::Rollout),
    ("growthbook/2", "growthbook/2", Purpose::Variant),
    ("flagd/2 point", "flagd/2", Purpose::Rollout),
    ("flagd/3 point", "flagd/3", Purpose::Rollout),
    ("flagsmith", "flagsmith", Purpose::Rollout),
    ("go-feature-flag", "go-feature-flag", Purpose::Rollout),
    ("flipt/variant", "flipt", Purpose::Variant),
    ("flipt/threshold", "flipt", Purpose::Rollout),
    ("eppo", "eppo", Purpose::Rollout),
    ("statsig", "statsig", Purpose::Rollout),
    ("split/murmur", "split", Purpose::Rollout),
    ("split/legacy", "split/legacy", Purpose::Rollout),
    ("configcat", "configcat", Purpose::Rollout),
    ("featurevisor", "featurevisor", Purpose::Rollout),
    ("optimizely", "optimizely", Purpose::Rollout),
    ("devcycle/rollout", "devcycle", Purpose::Rollout),
    ("devcycle/bucketing", "devcycle", Purpose::Variant),
    ("py/md5-flag-user-100", "md5-flag-user", Purpose::Rollout),
    ("py/md5-user-100", "md5-user", Purpose::Rollout),
    ("py/md5-user-exp-100", "md5-user-experiment", Purpose::Variant),
    ("py/sha256-8-flag-user-100", "sha256-8", Purpose::Rollout),
];

fn vectors() -> Value {
    serde_json::from_str(include_str!("../../../tests/vectors/presets.json")).expect("the vectors are JSON")
}

/// Returns the algorithm of a row's name with the fixed parameters of the file: salt, seed, sum of the shares.
fn parameters(name: &str, algorithm: &str) -> (Algorithm, Option<&'static str>, u32) {
    let preset = preset(algorithm).unwrap_or_else(|| panic!("no preset {algorithm}"));
    let seeded = |seed| preset.with_seed(seed).expect("it takes a seed");
    match name {
        "launchdarkly" => (preset, Some("salt"), 100_000),
        "launchdarkly/seed61" => (seeded(61), None, 100_000),
        "split/murmur" | "split/legacy" => (seeded(1_798_236_110), None, 100),
        "statsig" => (preset, Some("rule"), 100_000),
        "unleash/variant1000" => (preset, None, 1000),
        _ => (preset, None, 100_000),
    }
}

/// Tells whether two numbers are at most one unit in the last place apart.
fn near(a: f64, b: f64) -> bool {
    a.to_bits().abs_diff(b.to_bits()) <= 1
}

#[test]
fn every_preset_agrees_with_its_vectors() {
    let vectors = vectors();
    for (name, algorithm, purpose) in NAMED {
        let rows = vectors["presets"][name].as_array().unwrap_or_else(|| panic!("no vectors for {name}"));
        assert_eq!(rows.len(), 80, "{name}");
        let (algorithm, salt, total) = parameters(name, algorithm);
        let record = algorithm.record(purpose);
        for row in rows {
            let (key, unit) = (row[0].as_str().expect("a key"), row[1].as_str().expect("a unit"));
            let line = Line::new(&algorithm, purpose, Names { key, salt }, total);
            let draw = line.draw(unit);
            let agrees = match record.number(draw, total) {
                // What flagd scales is the number itself in the file.
                Number::Whole(_) if name.ends_with("point") => row[2].as_u64() == Some(draw.place()),
                Number::Whole(number) => row[2].as_u64() == Some(number),
                Number::Fraction(number) => near(number, row[2].as_f64().expect("a number")),
            };
            assert!(agrees, "{name}: {row} is {}", record.number(draw, total));
        }
    }
}

/// The file's other rows: two more of the home-made kind, and what flagd's first version makes of the same point.
#[test]
fn records_of_ones_own_agree_with_their_vectors() {
    let vectors = vectors();
    let whole = preset("sha256-flag-user").expect("a preset");
    let mut eight = preset("md5-flag-user").expect("a preset").record(Purpose::Rollout).clone();
    eight.slice = Slice::Hex(8);
    let eight = Algorithm::custom("eight", None, eight.clone(), eight).expect("a record");
    let first = preset("flagd/1").expect("a preset");
    for (name, algorithm) in
        [("py/sha256-flag-user-100", whole), ("py/md5-8-flag-user-100", eight), ("flagd/2 point", first)]
    {
        let record = algorithm.record(Purpose::Rollout);
        for row in vectors["presets"][name].as_array().expect("rows") {
            let (key, unit) = (row[0].as_str().expect("a key"), row[1].as_str().expect("a unit"));
            let line = Line::new(&algorithm, Purpose::Rollout, Names { key, salt: None }, 100_000);
            let expected = row[2].as_u64().expect("a number");
            match record.number(line.draw(unit), 100_000) {
                Number::Whole(number) => assert_eq!(number, expected, "{name} {row}"),
                Number::Fraction(number) => {
                    let point = u32::try_from(expected).expect("32 bits").cast_signed();
                    let percent = f64::from(point.unsigned_abs()) / f64::from(i32::MAX) * 100.0;
                    assert!(near(number, percent), "{name} {row}: {number}");
                }
            }
        }
    }
}

#[test]
fn all_of_the_file_is_used() {
    let vectors = vectors();
    let names: Vec<&String> = vectors["presets"].as_object().expect("an object").keys().collect();
    let apart = ["py/sha256-flag-user-100", "py/md5-8-flag-user-100"];
    for name in &names {
        assert!(
            NAMED.iter().any(|(known, _, _)| known == name) || apart.contains(&name.as_str()),
            "{name} is tested by nobody"
        );
    }
    assert_eq!(names.len(), NAMED.len() + apart.len());
    for preset in
        presets().filter(|preset| !["ffctl/1", "flagd/1", "sha256-flag-user"].contains(&preset.name()))
    {
        assert!(NAMED.iter().any(|(_, name, _)| *name == preset.name()), "{preset} has no vectors");
    }
}

/// `PostHog`'s own: `simple-flag` over the ids `distinct_id_0` on, at 45% (posthog-python, `test_feature_flags`).
#[test]
fn published_booleans_agree() {
    let posthog = preset("posthog").expect("a preset");
    let line = Line::new(&posthog, Purpose::Rollout, Names { key: "simple-flag", salt: None }, 100_000);
    let limit = posthog.record(Purpose::Rollout).limit(45_000, 100_000);
    let first: Vec<bool> = (0..10).map(|at| line.draw(&format!("distinct_id_{at}")) < limit).collect();
    assert_eq!(first, [false, true, true, false, true, false, false, true, false, true]);
}
