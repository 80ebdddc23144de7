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
    /// The fewest users that a variant expects.
    fewest: f64,
}

impl SampleRatio {
    /// Returns the test of users who fall in groups, so many of whom are as good as one ([`super::design_effect`], 1 or
    /// more): chance deviates further then.
    ///
    /// Source: J. N. K. Rao, A. J. Scott, The Analysis of Categorical Data from Complex Sample Surveys, Journal of the
    /// American Statistical Association 76 (1981): the correction of first order, with one effect for all variants.
    #[must_use]
    pub fn grouped(self, effect: f64) -> Self {
        let statistic = self.statistic / effect;
        let p = survival(statistic, self.degrees);
        Self { statistic, p, mismatch: p < MISMATCH, rough: self.fewest / effect < FEWEST, ..self }
    }
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
    let fewest = shares.iter().map(|share| expected(*share)).fold(f64::INFINITY, f64::min);
    Some(SampleRatio { users, statistic, degrees, p, mismatch: p < MISMATCH, rough: fewest < FEWEST, fewest })
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
    fn groups_deviate_further_by_chance_and_single_users_as_before() {
        let test = sample_ratio(&[5200, 4800], &[1.0, 1.0]).expect("a test");
        assert_eq!(test.grouped(1.0), test);
        // A hundred groups of a hundred users: 52 against 48 of a hundred, 0.16 by the formula.
        let grouped = test.grouped(100.0);
        let of_groups = sample_ratio(&[52, 48], &[1.0, 1.0]).expect("a test");
        assert!(
            (grouped.statistic - of_groups.statistic).abs() < 1e-12
                && (grouped.p - of_groups.p).abs() < 1e-12
        );
        assert!(!grouped.mismatch && !grouped.rough && test.grouped(2000.0).rough);
        // One group alone says nothing, however large it is.
        let one = sample_ratio(&[10_000, 0], &[1.0, 1.0]).expect("a test").grouped(10_000.0);
        assert!((one.statistic - 1.0).abs() < 1e-12 && !one.mismatch && one.rough);
    }

    #[test]
    fn few_users_make_it_rough_and_none_make_none() {
        assert!(sample_ratio(&[3, 1], &[1.0, 1.0]).expect("a test").rough);
        assert_eq!(sample_ratio(&[0, 0], &[1.0, 1.0]), None);
        assert_eq!(sample_ratio(&[7], &[1.0]), None);
        assert_eq!(sample_ratio(&[7, 3], &[1.0, 0.0]), None);
    }
}
