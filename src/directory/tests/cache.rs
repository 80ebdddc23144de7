//! The cache against models: what goes first, what is too old, what is kept at all.
//!
//! The order of use needs no clock. How long a record lives is tried with a short life and the real clock, which cannot
//! be replaced; times are compared by the bounds between which they must lie.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::{plain, shared};
use crate::directory::{CacheLimits, Directory, Lookup, Mark, NoRecord};

/// Draws keys: some often, most seldom.
fn draw(state: &mut u64, end: usize) -> usize {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    let number = usize::try_from(*state >> 40).expect("24 bits");
    let one = number % end;
    if number % 3 == 0 { one % 4 } else { one }
}

#[test]
fn the_least_recently_used_goes_first_and_failures_are_not_kept() {
    const KEPT: usize = 16;
    for (seed, limit) in [(1, KEPT), (2, KEPT), (3, 1), (4, 5)] {
        let asked = shared(AtomicUsize::new(0));
        let counted = shared(AtomicUsize::new(0));
        let (turn, count) = (shared(AtomicUsize::new(0)), std::sync::Arc::clone(&counted));
        let now = std::sync::Arc::clone(&turn);
        let source = move |key: &str| {
            count.fetch_add(1, Ordering::SeqCst);
            match (now.load(Ordering::SeqCst) + key.len()) % 7 {
                0 => Err(NoRecord::Failed("down".to_owned())),
                1 => Err(NoRecord::NoSuchUser),
                _ => plain(key),
            }
        };
        let limits = CacheLimits { users: limit as u64, ..CacheLimits::default() };
        let directory = Directory::of("test", source, limits);
        // The model: the keys that are kept, the most recently used last.
        let mut model: Vec<String> = Vec::new();
        let mut state = seed;
        let (mut hits, mut evicted) = (0, 0);
        for at in 0..10_000 {
            turn.store(at, Ordering::SeqCst);
            let number = draw(&mut state, 40);
            let key = format!("u{}", "x".repeat(number));
            let known = model.iter().position(|other| *other == key);
            let expected = match (known, (at + key.len()) % 7) {
                (Some(_), _) => Mark::Cached,
                (None, 0) => Mark::Bare(NoRecord::Failed("down".to_owned())),
                (None, 1) => Mark::Bare(NoRecord::NoSuchUser),
                (None, _) => Mark::Directory,
            };
            if known.is_none() {
                asked.fetch_add(1, Ordering::SeqCst);
            }
            if let Some(known) = known {
                model.remove(known);
                hits += 1;
            }
            if matches!(expected, Mark::Cached | Mark::Directory) {
                model.push(key.clone());
            }
            if model.len() > limit {
                model.remove(0);
                evicted += 1;
            }
            let Lookup { user, mark } = directory.lookup(&key);
            assert_eq!(mark, expected, "seed {seed}, operation {at}, {key}: {model:?}");
            assert_eq!(user.key, key);
        }
        assert_eq!(counted.load(Ordering::SeqCst), asked.load(Ordering::SeqCst), "asked when needed alone");
        assert!(hits > 200 && evicted > 1_000, "the trace has both: {hits} hits, {evicted} evicted");
    }
}

#[test]
fn a_record_lives_as_long_as_it_may_from_its_lookup_on() {
    const LIFE: Duration = Duration::from_millis(120);
    /// What the clocks of two threads may differ by, and rounding.
    const SLACK: Duration = Duration::from_millis(2);
    let limits = CacheLimits { age: LIFE, ..CacheLimits::default() };
    let directory = Directory::of("test", plain, limits);
    // When each key was looked up: between these two.
    let mut model: BTreeMap<String, (Instant, Instant)> = BTreeMap::new();
    let (mut state, start) = (7, Instant::now());
    let (mut kept, mut expired) = (0, 0);
    while start.elapsed() < LIFE * 8 {
        let key = format!("u{}", draw(&mut state, 12));
        let before = Instant::now();
        let mark = directory.lookup(&key).mark;
        let after = Instant::now();
        match (model.get(&key), &mark) {
            (None, mark) => assert_eq!(*mark, Mark::Directory),
            (Some((early, _)), Mark::Directory) => {
                assert!(after + SLACK >= *early + LIFE, "{key} was forgotten after {:?}", after - *early);
                expired += 1;
            }
            (Some((_, late)), Mark::Cached) => {
                assert!(before <= *late + LIFE + SLACK, "{key} was kept for {:?}", before - *late);
                kept += 1;
            }
            (_, Mark::Bare(why)) => panic!("{why}"),
        }
        if mark == Mark::Directory {
            model.insert(key, (before, after));
        }
        pause(Duration::from_micros(300));
    }
    assert!(kept > 100 && expired > 20, "the trace has both: {kept} kept, {expired} expired");
}

#[test]
fn by_itself_it_keeps_a_thousand_users_for_a_day() {
    assert_eq!(CacheLimits::default(), CacheLimits { users: 1_000, age: Duration::from_hours(24) });
    let directory = Directory::of("test", plain, CacheLimits::default());
    let mark = |number: usize| directory.lookup(&format!("u{number}")).mark;
    for number in 0..1_000 {
        assert_eq!(mark(number), Mark::Directory);
    }
    assert!((0..1_000).all(|number| mark(number) == Mark::Cached));
    assert_eq!((mark(1_000), mark(0), mark(2)), (Mark::Directory, Mark::Directory, Mark::Cached));
}

#[expect(clippy::disallowed_methods, reason = "time must pass")]
fn pause(time: Duration) {
    std::thread::sleep(time);
}
