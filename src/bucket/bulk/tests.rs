//! Every engine against what draws units everywhere else.

use proptest::prelude::*;

use super::*;
use crate::bucket::{
    Algorithm, Compare, Count, Draw, Hash, Line, Names, Precision, Purpose, Record, Reduce, Seed, Slice,
    Template, presets,
};

/// A text of units of every length up to 300, with what stands between them, and where they are.
fn units() -> (String, Vec<(usize, usize)>) {
    let (mut text, mut places) = (String::new(), Vec::new());
    // Twice, so that lanes of a group differ in both directions; letters of one to four bytes.
    for length in (0..300).chain((0..300).rev()).chain([3, 299, 7, 55, 56, 64, 119, 120, 1, 0]) {
        let start = text.len();
        while text.len() < start + length {
            let left = start + length - text.len();
            let letter = ['a', 'é', '→', '🚀'][(text.len() * 7 + length) % 4];
            text.push(if letter.len_utf8() <= left { letter } else { 'z' });
        }
        places.push((start, text.len()));
        text.push_str("\r\n");
    }
    (text, places)
}

/// Checks the places of all units by every engine against draws one by one.
fn check(line: &Line, limits: &[Draw], text: &str, units: &[(usize, usize)], what: &str) {
    let drawn = |(start, end): &(usize, usize)| line.draw(&text[*start..*end]);
    let place = |unit| limits.iter().filter(|limit| **limit <= drawn(unit)).count();
    let expected: Vec<usize> = units.iter().map(place).collect();
    for engine in Engine::all() {
        let bulk = Bulk::new(line, limits.to_vec(), engine);
        let (mut batch, mut scratch, mut found) = (Batch::default(), Scratch::default(), Vec::new());
        let mut counts = vec![0; limits.len() + 1];
        // Batches of odd sizes, so that groups of lanes are not full.
        for some in units.chunks(97) {
            batch.clear();
            assert!(some.iter().all(|(start, end)| batch.push(*start, *end)));
            found.extend(bulk.places(text, &batch, &mut scratch).iter().map(|place| usize::from(*place)));
            bulk.count(text, &batch, &mut scratch, &mut counts);
        }
        assert_eq!(found, expected, "{what}, {}", engine.word());
        let at = |place| expected.iter().filter(|other| **other == place).count() as u64;
        assert!(counts.iter().enumerate().all(|(place, count)| *count == at(place)), "{what}, {counts:?}");
    }
}

/// Limits at, just above and just below the draws of some units: the edges themselves.
fn edges(line: &Line, text: &str, units: &[(usize, usize)]) -> Vec<Draw> {
    let some = units.iter().step_by(61).map(|(start, end)| line.draw(&text[*start..*end]));
    let mut limits: Vec<Draw> = some.flat_map(|draw| [draw, draw.next()]).collect();
    limits.sort_unstable();
    limits.dedup();
    limits
}

fn line(algorithm: &Algorithm, purpose: Purpose, key: &str, total: u32) -> Line {
    Line::new(algorithm, purpose, Names { key, salt: Some("salt") }, total)
}

#[test]
fn every_preset_and_length_agrees_with_one_by_one() {
    let (text, units) = units();
    for algorithm in presets() {
        let algorithm = algorithm.with_seed(61).unwrap_or(algorithm);
        for purpose in Purpose::ALL {
            let record = algorithm.record(purpose);
            let what = format!("{algorithm} {}", purpose.word());
            let shares = [1, 4_999, 45_000, 49_999, 1];
            let line = line(&algorithm, purpose, "enable_memory_v2", shares.iter().sum());
            check(&line, &record.limits(&shares), &text, &units, &what);
            check(&line, &edges(&line, &text, &units), &text, &units, &what);
        }
    }
}

#[test]
fn keys_of_every_length_agree_with_one_by_one() {
    let (text, units) = units();
    let some: Vec<_> = units.iter().step_by(17).copied().collect();
    for hash in [Hash::Sha256, Hash::Sha1, Hash::Md5] {
        for template in ["{key}{unit}", "{key}{unit}{purpose}", "{unit}{key}", "{key}{unit}{key}{unit}"] {
            for length in (0..=130).step_by(9).chain([55, 56, 63, 64, 65, 119, 120, 127, 128]) {
                let record = record(template, hash, Slice::Bytes(4), Reduce::Scale(Count::Total(1)));
                let names = Names { key: &"k".repeat(length), salt: None };
                let line = Line::of_record(&record, Purpose::Rollout, names, 100);
                let limits = record.limits(&[10, 40, 50]);
                check(&line, &limits, &text, &some, &format!("{hash} {template} {length}"));
            }
        }
    }
}

fn record(template: &str, hash: Hash, slice: Slice, reduce: Reduce) -> Record {
    Record {
        template: Template::parse(template).expect("a template"),
        hash,
        seed: Seed::Fixed(0),
        slice,
        reduce,
        offset: 0,
        precision: Precision::F64,
        compare: Compare::Below,
    }
}

/// Every way to make a bucket, of every slice that goes with it.
#[test]
fn every_slice_and_reduction_agrees_with_one_by_one() {
    let (text, units) = units();
    let some: Vec<_> = units.iter().step_by(23).copied().collect();
    let slices = (1..=16).map(Slice::Hex).chain((1..=8).map(Slice::Bytes)).chain([Slice::Whole]);
    let reductions = [
        Reduce::Scale(Count::Total(1)),
        Reduce::Scale(Count::Fixed(1)),
        Reduce::Modulo(Count::Fixed(Reduce::MOST)),
        Reduce::Modulo(Count::Fixed(1)),
        Reduce::Modulo(Count::Total(1000)),
        Reduce::Modulo(Count::Total(Reduce::MOST)),
        Reduce::Fraction(1000),
        Reduce::Unit { closed: true, top: 1 },
        Reduce::Unit { closed: false, top: 100 },
    ];
    for (slice, reduce) in slices.flat_map(|slice| reductions.map(|reduce| (slice, reduce))) {
        for (hash, precision) in
            [(Hash::Sha256, Precision::F64), (Hash::Sha1, Precision::F32), (Hash::Md5, Precision::F64)]
        {
            let record = Record { precision, ..record("{key}:{unit}", hash, slice, reduce) };
            if record.check().is_err() {
                continue;
            }
            let names = Names { key: "exp", salt: None };
            let line = Line::of_record(&record, Purpose::Variant, names, 300);
            let what = format!("{hash} {slice} {reduce}");
            let mut limits = record.limits(&[3, 97, 100, 100]);
            limits.sort_unstable();
            check(&line, &limits, &text, &some, &what);
            check(&line, &edges(&line, &text, &some), &text, &some, &what);
        }
    }
}

proptest! {
    #[test]
    fn random_units_and_shares_agree_with_one_by_one(
        units in prop::collection::vec("[ -~é🚀]{0,140}", 1..90),
        shares in prop::collection::vec(1_u32..5000, 1..9),
        key in "[a-z._]{1,90}",
    ) {
        let (mut text, mut places) = (String::new(), Vec::new());
        for unit in &units {
            places.push((text.len(), text.len() + unit.len()));
            text.push_str(unit);
        }
        for name in ["ffctl/1", "launchdarkly", "eppo", "md5-flag-user", "statsig", "flagsmith", "configcat"] {
            let algorithm = crate::bucket::preset(name).expect("a preset");
            let line = line(&algorithm, Purpose::Variant, &key, shares.iter().sum());
            check(&line, &algorithm.record(Purpose::Variant).limits(&shares), &text, &places, name);
        }
    }

    #[test]
    fn lines_are_cut_where_they_end(text in "[a\n\r]{0,300}", long in 0_usize..200) {
        let text = text + &"x".repeat(long) + "\n\ny";
        let mut expected: Vec<&str> = text.split('\n').collect();
        if expected.last().is_some_and(|last| last.is_empty()) {
            expected.pop();
        }
        for engine in Engine::all() {
            let mut lines = Vec::new();
            let count = each_line(text.as_bytes(), engine, |start, end| lines.push(&text[start..end]));
            prop_assert_eq!(&lines, &expected, "{}", engine.word());
            prop_assert_eq!(count, text.matches('\n').count() as u64);
        }
    }

    /// In texts of less than a stretch and of several, with lines of less than one and of more.
    #[test]
    fn quotes_are_found_with_their_lines(text in "[a\"\n\r\\\\é]{0,90}", times in 0_usize..900, end in "[a\"\n]{0,3}") {
        let text = text.repeat(times) + &end;
        let bytes = text.as_bytes();
        let mut expected: Vec<u32> = Vec::new();
        expected.extend((0..).zip(bytes).filter(|(_, byte)| matches!(byte, b'"' | b'\n')).map(|(at, _)| at));
        if bytes.last().is_some_and(|last| *last != b'\n') {
            expected.push(u32::try_from(bytes.len()).expect("short"));
        }
        let mut memory = QuotesMemory::default();
        for engine in Engine::all() {
            let mut quotes = Quotes::new(bytes, engine, &mut memory).expect("short");
            let (mut found, mut start) = (Vec::new(), 0);
            while let Some((places, odd)) = quotes.next_lines() {
                let end = *places.last().expect("a line") as usize;
                prop_assert!(end == bytes.len() || bytes[end] == b'\n', "{}", engine.word());
                prop_assert!(odd || !has_odd_bytes(&bytes[start..end], engine), "{}", engine.word());
                found.extend_from_slice(places);
                start = end + 1;
            }
            prop_assert_eq!(&found, &expected, "{}", engine.word());
            prop_assert!(start >= bytes.len());
        }
    }
}

/// The record of the golden counts: input `exp-checkout.` and the id, the first four bytes of the digest scaled.
fn golden(hash: Hash) -> (Line, Vec<Draw>) {
    let record = record("{key}.{unit}", hash, Slice::Bytes(4), Reduce::Scale(Count::Fixed(100_000)));
    let names = Names { key: "exp-checkout", salt: None };
    let limits = [5_000, 50_000].map(|part| record.limit(part, 100_000));
    (Line::of_record(&record, Purpose::Variant, names, 100_000), limits.to_vec())
}

/// How many of them fall below both cuts, between them, and beyond: SHA-256, SHA-1, MD5 and murmur3.
const GOLDEN: [[u64; 3]; 4] =
    [[5_108, 44_906, 49_986], [5_001, 44_987, 50_012], [5_053, 45_018, 49_929], [5_090, 45_058, 49_852]];

/// A part of the users whose golden counts are in the benches: these were counted with Python's hashlib.
#[test]
fn golden_counts_of_a_hundred_thousand() {
    let text: String =
        (100_000..200_000).map(|number| ["user-", &number.to_string(), "\n"].concat()).collect();
    for (hash, expected) in [
        (Hash::Sha256, GOLDEN[0]),
        (Hash::Sha1, GOLDEN[1]),
        (Hash::Md5, GOLDEN[2]),
        (Hash::Murmur3, GOLDEN[3]),
    ] {
        let (line, limits) = golden(hash);
        let bulk = Bulk::new(&line, limits, Engine::best());
        let (mut batch, mut scratch, mut counts) = (Batch::default(), Scratch::default(), [0; 3]);
        each_line(text.as_bytes(), Engine::best(), |start, end| {
            if !batch.push(start, end) {
                bulk.count(&text, &batch, &mut scratch, &mut counts);
                batch.clear();
                batch.push(start, end);
            }
        });
        bulk.count(&text, &batch, &mut scratch, &mut counts);
        assert_eq!(counts, expected, "{hash}");
    }
}

/// A batch is cleared and filled again: what stood in it must not count, however long it was.
#[test]
fn few_short_units_after_long_ones() {
    let text = "long-unit-".repeat(400) + "u1\nu2\n";
    let end = text.len();
    let short = [(end - 6, end - 4), (end - 3, end - 1)];
    for name in ["ffctl/1", "launchdarkly", "md5-flag-user"] {
        let algorithm = crate::bucket::preset(name).expect("a preset");
        let line = line(&algorithm, Purpose::Rollout, "f", 100_000);
        let limits = edges(&line, &text, &short);
        for engine in Engine::all() {
            let bulk = Bulk::new(&line, limits.clone(), engine);
            let (mut batch, mut scratch) = (Batch::default(), Scratch::default());
            assert!((0..97).all(|at| batch.push(at, at + 1 + at * 40)));
            bulk.places(&text, &batch, &mut scratch);
            batch.clear();
            assert!(short.iter().all(|(start, end)| batch.push(*start, *end)));
            let places = bulk.places(&text, &batch, &mut scratch).to_vec();
            let place = |(start, end): &(usize, usize)| {
                let draw = line.draw(&text[*start..*end]);
                u16::try_from(limits.iter().filter(|limit| **limit <= draw).count()).expect("few")
            };
            assert_eq!(places, short.iter().map(place).collect::<Vec<_>>(), "{name}, {}", engine.word());
        }
    }
}
