//! Sample ratio: do the variants of an experiment have the sizes that their shares promise?

use super::chi_square::survival;

/// Below this probability the sizes are called a mismatch. Chance alone gets there once in a thousand
/// experiments, which is the usual threshold for an alarm that is looked at often (Fabijan et al., Diagnosing
/// Sample Ratio Mismatch in Online Controlled Experiments, KDD 2019).
const MISMATCH: f64 = 0.001;

/// The fewest users that a variant should expect for the test to hold.
const FEWEST: f64 = 5.0;

/// Pearson's chi-square test of observed counts against shares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SampleRatio {
    /// How many users were counted.
    pub users: u64,
    /// The chi-square statistic.
    pub statistic: f64,
    /// Degrees of freedom: one less than there are variants.
    pub degrees: u32,
    /// How often chance alone deviates at least so far, 0.0..=1.0.
    pub p: f64,
    /// Whether that is below 0.001.
    pub mismatch: bool,
    /// Whether some variant expects fewer than 5 users, so that `p` is rough.
    pub rough: bool,
}

/// Tests the counts of variants against their shares, in the same order and of any sum; none without users, with fewer
/// than two variants or with a share that is not above 0.
pub fn sample_ratio(observed: &[u64], shares: &[f64]) -> Option<SampleRatio> {
    let users: u64 = observed.iter().sum();
    let total: f64 = shares.iter().sum();
    if users == 0 || observed.len() < 2 || observed.len() != shares.len() || !all_positive(shares) {
        return None;
    }
    let expected = |share: f64| float(users) * share / total;
    let statistic = observed
        .iter()
        .zip(shares)
        .map(|(count, share)| (float(*count) - expected(*share)).powi(2) / expected(*share))
        .sum();
    let degrees = u32::try_from(observed.len() - 1).ok()?;
    let p = survival(statistic, degrees);
    let rough = shares.iter().any(|share| expected(*share) < FEWEST);
    Some(SampleRatio { users, statistic, degrees, p, mismatch: p < MISMATCH, rough })
}

/// Tells whether every share is a number above 0.
pub(super) fn all_positive(shares: &[f64]) -> bool {
    shares.iter().all(|share| *share > 0.0 && share.is_finite())
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53, and a statistic needs less")]
fn float(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_even_split_and_an_uneven_one() {
        let even = sample_ratio(&[5000, 5000], &[1.0, 1.0]).expect("a test");
        assert_eq!((even.statistic, even.p, even.mismatch, even.degrees), (0.0, 1.0, false, 1));
        // 5200 of 10000: (200^2 / 5000) * 2 = 16.
        let uneven = sample_ratio(&[5200, 4800], &[50.0, 50.0]).expect("a test");
        assert!((uneven.statistic - 16.0).abs() < 1e-12);
        assert!((uneven.p - 6.334_248_366_623_996e-5).abs() < 1e-15, "{}", uneven.p);
        assert!(uneven.mismatch && !uneven.rough);
    }

    #[test]
    fn few_users_make_it_rough_and_none_make_none() {
        assert!(sample_ratio(&[3, 1], &[1.0, 1.0]).expect("a test").rough);
        assert_eq!(sample_ratio(&[0, 0], &[1.0, 1.0]), None);
        assert_eq!(sample_ratio(&[7], &[1.0]), None);
        assert_eq!(sample_ratio(&[7, 3], &[1.0, 0.0]), None);
    }
}
