//! Limits: one comparison of ordered draws says what each system's own arithmetic says.

use proptest::prelude::*;

use crate::bucket::*;

const TOTAL: u32 = 100_000;

fn all_records() -> Vec<(String, Purpose, Algorithm)> {
    let seeded = |preset: Algorithm| preset.with_seed(7).unwrap_or(preset);
    let both =
        |preset: Algorithm| Purpose::ALL.map(|purpose| (preset.name().to_owned(), purpose, preset.clone()));
    presets().map(seeded).flat_map(both).collect()
}

fn line(algorithm: &Algorithm, purpose: Purpose, total: u32) -> Line {
    Line::new(algorithm, purpose, Names { key: "k", salt: Some("s") }, total)
}

/// Compares a bucket with a threshold as its system does.
fn compares(number: Number, threshold: Number, compare: Compare) -> bool {
    match compare {
        Compare::Below => number < threshold,
        Compare::AtMost => number <= threshold,
    }
}

proptest! {
    #[test]
    fn a_rollout_takes_in_whom_the_threshold_does(unit in "[a-z0-9é🚀]{0,12}", part in 1..TOTAL) {
        for (name, purpose, algorithm) in all_records() {
            let record = algorithm.record(purpose);
            let draw = line(&algorithm, purpose, TOTAL).draw(&unit);
            let (number, threshold) = (record.number(draw, TOTAL), record.threshold(part, TOTAL));
            // No bucket of one that counts from 1 is at most 0, nor below its first.
            let inside = draw < record.limit(part, TOTAL);
            prop_assert_eq!(inside, compares(number, threshold, record.compare), "{} {:?}", name, purpose);
            let least = record.least_part(draw, TOTAL);
            prop_assert_eq!(inside, least <= part, "{} {:?} {}", name, purpose, least);
        }
    }

    #[test]
    fn a_rollout_that_grows_keeps_everyone(unit in "[a-z0-9]{1,12}", a in 1..TOTAL, b in 1..TOTAL) {
        let (low, high) = (a.min(b), a.max(b));
        for (name, purpose, algorithm) in all_records() {
            let record = algorithm.record(purpose);
            prop_assert!(record.limit(low, TOTAL) <= record.limit(high, TOTAL), "{}", name);
            let draw = line(&algorithm, purpose, TOTAL).draw(&unit);
            prop_assert!(draw >= record.limit(low, TOTAL) || draw < record.limit(high, TOTAL));
        }
    }

    #[test]
    fn shares_end_where_people_are_told(unit in "[a-z0-9]{1,12}", shares in prop::collection::vec(1_u32..200, 2..5)) {
        let total = shares.iter().sum();
        for (name, purpose, algorithm) in all_records() {
            let record = algorithm.record(purpose);
            let draw = line(&algorithm, purpose, total).draw(&unit);
            let (limits, ends) = (record.limits(&shares), record.ends(&shares));
            let by_limit = limits[..limits.len() - 1].iter().position(|limit| draw < *limit);
            let number = record.number(draw, total);
            let below = |end: &Number| match (end, record.is_fraction()) {
                (end, true) => compares(number, *end, record.compare),
                (end, false) => number < *end,
            };
            let by_end = ends[..ends.len() - 1].iter().position(below);
            prop_assert_eq!(by_limit, by_end, "{} {:?} {}", name, purpose, number);
        }
    }
}

/// The arithmetic of `ffctl/1` as it is documented, against the comparison in hash space.
#[test]
fn scaling_and_comparing_is_comparing_in_hash_space() {
    let record = Algorithm::default().record(Purpose::Rollout).clone();
    for part in [1, 2, 3, 333, 25_000, 33_333, 50_000, 99_999] {
        let edge = (u64::from(part) << 32).div_ceil(u64::from(TOTAL));
        assert_eq!(record.limit(part, TOTAL).place(), edge);
        for place in [edge - 1, edge, edge + 1].map(|place| u32::try_from(place).expect("32 bits")) {
            let bucket = Point::new(place).bucket(TOTAL);
            assert_eq!(Draw::new(place.into()) < record.limit(part, TOTAL), bucket < part, "{place} {part}");
        }
    }
}

#[test]
fn percentages_come_out_as_near_as_there_are_buckets() {
    let effective =
        |name: &str, part| preset(name).expect("a preset").record(Purpose::Rollout).effective(part, TOTAL);
    for (name, part, share) in [
        ("ffctl/1", 12_345, 0.12345),
        ("unleash", 12_500, 0.12),
        ("configcat", 12_500, 0.13),
        ("split", 25_000, 0.25),
        ("featurevisor", 25_000, 0.25001),
        ("growthbook/1", 12_500, 0.126),
        ("launchdarkly", 12_345, 0.12345),
        ("go-feature-flag", 12_345, 0.12345),
    ] {
        assert!((effective(name, part) - share).abs() < 1e-9, "{name}: {}", effective(name, part));
    }
    let can =
        |name: &str, part| preset(name).expect("a preset").record(Purpose::Rollout).can_express(part, TOTAL);
    assert!(
        can("unleash", 12_000) && !can("unleash", 12_500) && can("posthog", 12_345) && can("flagsmith", 1)
    );
}

/// Each percentage is cut to whole buckets before they are added up: three thirds leave one bucket over.
#[test]
fn single_precision_cuts_each_share_off() {
    let flipt = preset("flipt").expect("a preset");
    let record = flipt.record(Purpose::Variant);
    assert_eq!(record.ends(&[1, 1, 1]), [333, 666, 999].map(Number::Whole));
    assert_eq!(record.ends(&[50, 50]), [500, 1000].map(Number::Whole));
    assert_eq!(record.ends(&[1, 999]), [1, 1000].map(Number::Whole));
}

#[test]
fn every_record_of_the_table_holds_together() {
    for (name, purpose, algorithm) in all_records() {
        assert_eq!(algorithm.record(purpose).check(), Ok(()), "{name}");
    }
}

#[test]
fn parts_that_do_not_go_together_are_refused() {
    let good = preset("md5-flag-user").expect("a preset").record(Purpose::Rollout).clone();
    let bad = |change: fn(&mut Record)| {
        let mut record = good.clone();
        change(&mut record);
        record.check().expect_err("refused").to_string()
    };
    assert!(bad(|record| record.slice = Slice::Absolute).contains("absolute"));
    assert!(bad(|record| record.seed = Seed::Fixed(1)).contains("seed"));
    assert!(bad(|record| record.reduce = Reduce::Scale(Count::Total(1))).contains("64 bits"));
    assert!(
        bad(|record| {
            record.slice = Slice::Hex(8);
            record.reduce = Reduce::Unit { closed: true, top: 1 };
            record.offset = 1;
        })
        .contains("offset")
    );
    let long = bad(|record| {
        record.hash = Hash::Crc32;
        record.slice = Slice::Hex(9);
    });
    assert_eq!(long, "a digest of crc32 has 32 bits, fewer than 36");
}

/// One draw serves shares of any sum where nothing is a remainder of it: what is equal is drawn once.
#[test]
fn equal_lines_are_equal() {
    let own = Algorithm::default();
    assert_eq!(line(&own, Purpose::Variant, 2), line(&own, Purpose::Variant, 100));
    assert_ne!(line(&own, Purpose::Variant, 2), line(&own, Purpose::Rollout, 2));
    let unleash = preset("unleash").expect("a preset");
    assert_ne!(line(&unleash, Purpose::Variant, 2), line(&unleash, Purpose::Variant, 100));
    let both = preset("posthog").expect("a preset");
    assert_ne!(line(&both, Purpose::Rollout, 2), line(&both, Purpose::Variant, 2));
    let same = preset("configcat").expect("a preset");
    assert_eq!(line(&same, Purpose::Rollout, 2), line(&same, Purpose::Variant, 100));
    assert!(same.shares_draws() && !both.shares_draws() && !own.shares_draws());
    assert!(preset("growthbook/1").expect("a preset").shares_draws());
}

#[test]
fn what_is_hashed_is_shown_as_it_is() {
    let shown = |name: &str, purpose| {
        let preset = preset(name).expect("a preset");
        let preset = preset.with_seed(7).unwrap_or(preset);
        preset.input(purpose, Names { key: "k", salt: None }, "u")
    };
    assert_eq!(shown("ffctl/1", Purpose::Rollout), "rollout:k:u");
    assert_eq!(shown("launchdarkly", Purpose::Rollout), "7.u");
    assert_eq!(shown("posthog", Purpose::Variant), "k.uvariant");
    assert_eq!(shown("flagd/3", Purpose::Rollout), "cbor[\"k\", \"u\"]");
    assert_eq!(shown("split", Purpose::Rollout), "u (seed 7)");
}
