//! Sample ratio, looked at as often as one likes.

use super::sample_ratio::all_positive;
use super::stirling::{deviance, stirling_error};

/// How much is believed beforehand that the shares are right: as if so many users had been counted already. More finds
/// small deviations sooner, less finds large ones sooner.
const CONCENTRATION: f64 = 10_000.0;

/// The sequential test of observed counts against shares: its `p` holds at any time, so that a test that is run every
/// day still cries wolf as seldom as `p` says, over all days together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SequentialRatio {
    /// How many users were counted.
    pub users: u64,
    /// The logarithm of the odds that the shares are not right, by what was counted.
    pub log_odds: f64,
    /// How often chance alone ever comes to such odds, at most; 1.0 where the odds are in favour of the shares.
    pub p: f64,
}

/// Tests the counts of variants against their shares, in the same order; none with fewer than two variants or with a
/// share of 0.
///
/// Source: M. Lindon, A. Malek, Anytime-Valid Inference for Multinomial Count Data, `NeurIPS` 2022, equations 4 to 8: the
/// Bayes factor of a Dirichlet distribution around the shares against the shares themselves, and Ville's inequality. The
/// gamma functions of equation 6 are taken apart by Stirling's formula, so that nothing large cancels.
pub fn sequential_ratio(observed: &[u64], shares: &[f64]) -> Option<SequentialRatio> {
    sequential_ratio_of_groups(observed, shares, 1.0)
}

/// Tests the same of users who fall in groups, so many of whom are as good as one ([`super::design_effect`], 1 or more): of
/// as many users as they are worth. Its `p` is then as good as the effect is.
pub fn sequential_ratio_of_groups(observed: &[u64], shares: &[f64], effect: f64) -> Option<SequentialRatio> {
    if observed.len() < 2 || observed.len() != shares.len() || !all_positive(shares) {
        return None;
    }
    let total: f64 = shares.iter().sum();
    let users: u64 = observed.iter().sum();
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
    let (float, all) = (|count: u64| count as f64 / effect, CONCENTRATION + users as f64 / effect);
    let mut log_odds =
        0.5 * libm::log(all / CONCENTRATION) - stirling_error(all) + stirling_error(CONCENTRATION);
    for (count, share) in observed.iter().zip(shares) {
        let share = share / total;
        let before = CONCENTRATION * share;
        let after = before + float(*count);
        log_odds += deviance(after, all * share) - 0.5 * libm::log(after / before);
        log_odds += stirling_error(after) - stirling_error(before);
    }
    Some(SequentialRatio { users, log_odds, p: libm::exp(-log_odds).min(1.0) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_counted_says_nothing_and_much_says_much() {
        let nothing = sequential_ratio(&[0, 0], &[50.0, 50.0]).expect("a test");
        assert!(nothing.log_odds.abs() < 1e-12 && (nothing.p - 1.0).abs() < 1e-12, "{nothing:?}");
        assert!((sequential_ratio(&[500_100, 499_900], &[1.0, 1.0]).expect("a test").p - 1.0).abs() < 1e-12);
        assert!(sequential_ratio(&[52_000, 48_000], &[1.0, 1.0]).expect("a test").p < 1e-20);
        assert_eq!(sequential_ratio(&[1], &[1.0]), None);
        assert_eq!(sequential_ratio(&[1, 1], &[1.0, 0.0]), None);
    }

    #[test]
    fn groups_count_for_what_they_are_worth() {
        let of = |counts: [u64; 2], effect| {
            sequential_ratio_of_groups(&counts, &[1.0, 1.0], effect).expect("a test")
        };
        assert_eq!(of([5200, 4800], 1.0), sequential_ratio(&[5200, 4800], &[1.0, 1.0]).expect("a test"));
        assert!((of([52_000, 48_000], 100.0).log_odds - of([520, 480], 1.0).log_odds).abs() < 1e-12);
        assert!(of([52_000, 48_000], 1.0).p < 1e-20 && of([52_000, 48_000], 100.0).p > 0.5);
    }

    /// The sequence of a fair coin, looked at after every hundred tosses, crosses 0.05 in far fewer than 5% of runs.
    #[test]
    fn it_may_be_looked_at_at_any_time() {
        let mut state: u64 = 7;
        let mut toss = || {
            state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
            usize::try_from(state >> 63).expect("a bit")
        };
        let crossed = (0..200).filter(|_| {
            let mut counts = [0, 0];
            (0..50).any(|_| {
                (0..100).for_each(|_| counts[toss()] += 1);
                sequential_ratio(&counts, &[1.0, 1.0]).is_some_and(|test| test.p < 0.05)
            })
        });
        assert!(crossed.count() <= 10);
    }
}
