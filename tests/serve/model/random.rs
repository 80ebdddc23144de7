//! Choices that can be made again.

use std::io::Write;

/// The seed of a run, which is told when the run fails.
pub(super) struct Seed(pub(super) u64);

impl Seed {
    /// Returns the seed of the environment, or any.
    #[expect(clippy::disallowed_methods, reason = "somebody repeats a run")]
    pub(super) fn of_this_run() -> Self {
        use std::hash::BuildHasher;
        let named = std::env::var("FFCTL_TEST_MODEL_SEED").ok().and_then(|text| text.parse().ok());
        Self(named.unwrap_or_else(|| std::hash::RandomState::new().hash_one(0)))
    }
}

impl Drop for Seed {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let _ = writeln!(std::io::stderr(), "FFCTL_TEST_MODEL_SEED={}", self.0);
        }
    }
}

/// `SplitMix64` (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
#[derive(Clone, Debug)]
pub(super) struct Random(u64);

impl Random {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Returns another one, whose choices have nothing to do with the rest of these.
    pub(super) fn split(&mut self) -> Self {
        Self(self.next())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number below a bound.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    /// Tells whether something comes about that does so in so many cases of a hundred.
    pub(super) fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    /// Returns one of several.
    pub(super) fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        let at = self.below(u64::try_from(all.len()).expect("few"));
        &all[usize::try_from(at).expect("few")]
    }
}
