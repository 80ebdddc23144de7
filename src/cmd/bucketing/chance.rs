//! How likely it is that what was observed, or a formula that agrees with it, came about by chance.

use std::collections::HashSet;

use crate::bucket::Observation;

/// How many of each kind must be among them.
const EACH: usize = 3;

/// Users as they were observed, each once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counts {
    /// How many were on.
    pub(super) on: usize,
    /// How many there are.
    pub(super) users: usize,
}

impl Counts {
    /// Counts users that were seen on or off, and not both.
    pub(super) fn of(observations: &[Observation], users: usize) -> Self {
        let on: HashSet<&str> =
            observations.iter().filter(|one| one.on).map(|one| one.unit.as_str()).collect();
        Self { on: on.len(), users }
    }

    /// Returns how many of so many wrong formulas agree with every user by chance, at a share 0..=1 that is on; an
    /// upper bound, since some of them are the same.
    pub(super) fn agreeing(self, share: f64, tried: usize) -> f64 {
        let (on, off) = (number(self.on), number(self.users - self.on));
        number(tried) * libm::pow(share, on) * libm::pow(1.0 - share, off)
    }

    /// Tells whether users of both kinds were seen, some of each: a weak hash gives ids that look alike one bucket, and
    /// so agrees with users that are all on.
    pub(super) fn has_both(self) -> bool {
        self.on.min(self.users - self.on) >= EACH
    }

    /// Returns about how many more users it takes until fewer than `most` wrong formulas agree by chance, and some users
    /// of each kind are among them.
    pub(super) fn missing(self, share: f64, tried: usize, most: f64) -> usize {
        let too_many = libm::log(self.agreeing(share, tried) / most);
        // What one more user leaves of the wrong formulas, on average.
        let each = -(share * libm::log(share) + (1.0 - share) * libm::log(1.0 - share));
        let kinds = [(self.on, share), (self.users - self.on, 1.0 - share)];
        let of_kinds = kinds.map(|(seen, share)| number(EACH.saturating_sub(seen)) / share);
        whole(of_kinds.into_iter().fold(too_many / each, f64::max))
    }

    /// Returns how many of so many wrong formulas agree with at least `agrees` of `of` users by chance; to say the
    /// same of everyone is no merit.
    pub(super) fn nearly_agreeing(self, share: f64, tried: usize, (agrees, of): (usize, usize)) -> f64 {
        let on = number(self.on) / number(self.users);
        let each = (on * share + (1.0 - on) * (1.0 - share)).max(on).max(1.0 - on);
        number(tried) * at_least(agrees, of, each)
    }

    /// Returns how likely it is that so few or so many are on of users that nobody chose.
    pub(super) fn of_unchosen(self, share: f64) -> f64 {
        let (more, fewer) =
            (at_least(self.on, self.users, share), at_least(self.users - self.on, self.users, 1.0 - share));
        (2.0 * more.min(fewer)).min(1.0)
    }
}

/// Returns a number of users, rounded up; zero below zero.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast of a float keeps to what fits"
)]
fn whole(users: f64) -> usize {
    libm::ceil(users.max(0.0)) as usize
}

#[expect(clippy::cast_precision_loss, reason = "a number of users, for a probability that people read")]
fn number(count: usize) -> f64 {
    count as f64
}

/// Returns the probability of at least so many successes in `of` independent trials: the terms of the binomial
/// distribution added up, never one minus the others.
fn at_least(successes: usize, of: usize, probability: f64) -> f64 {
    if probability >= 1.0 {
        return 1.0;
    }
    let (hit, miss) = (libm::log(probability), libm::log1p(-probability));
    let mut choose = 0.0;
    let mut sum = 0.0;
    for count in 0..=of {
        if count > 0 {
            choose += libm::log(number(of - count + 1) / number(count));
        }
        if count >= successes {
            sum += libm::exp(choose + number(count) * hit + number(of - count) * miss);
        }
    }
    sum.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The expected values are sums of exact fractions.
    #[test]
    fn tails_are_those_of_the_binomial_distribution() {
        for (successes, of, probability, expected) in [
            (0, 7, 0.3, 1.0),
            (7, 7, 0.5, 0.007_812_5),
            (2, 3, 0.25, 0.156_25),
            (40, 40, 0.3, 1.215_766_545_905_692_9e-21),
            (10, 10_000, 0.001, 0.542_132_876_020_981_5),
        ] {
            let tail = at_least(successes, of, probability);
            assert!((tail / expected - 1.0).abs() < 1e-9, "{successes} of {of}: {tail}");
        }
    }

    #[test]
    fn few_users_leave_wrong_formulas_and_many_none() {
        let counts = |on, users| Counts { on, users };
        assert!(counts(4, 14).agreeing(0.3, 8820) > 1.0);
        assert!(counts(9, 30).agreeing(0.3, 8820) < 0.001);
        assert!(counts(90, 300).nearly_agreeing(0.3, 8820, (204, 300)) > 0.1, "the best of many");
        assert!(counts(60, 200).nearly_agreeing(0.3, 8820, (196, 200)) < 1e-9);
        assert!(counts(40, 40).nearly_agreeing(0.3, 8820, (39, 40)) >= 1.0, "as if all were on");
        assert!(!counts(40, 40).has_both() && !counts(2, 40).has_both() && counts(3, 6).has_both());
        assert!(counts(40, 40).of_unchosen(0.3) < 1e-6 && counts(12, 40).of_unchosen(0.3) > 0.5);
    }
}
