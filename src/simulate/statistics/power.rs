//! Which difference of two rates a test can see, and how long it takes.

use super::normal::normal_quantile;

/// How sure a test of two rates is to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Power {
    /// How often it may see a difference where there is none, on both sides together: 0.05 usually.
    pub significance: f64,
    /// How often it must see one that is there: 0.8 usually.
    pub power: f64,
}

impl Default for Power {
    fn default() -> Self {
        Self { significance: 0.05, power: 0.8 }
    }
}

impl Power {
    /// Returns how sure each of so many comparisons must be for the significance to hold of all of them together:
    /// Bonferroni's correction, which holds however they depend on each other. One comparison, and none, are as they were.
    ///
    /// Source: O. J. Dunn, Multiple Comparisons among Means, JASA 56 (1961).
    #[must_use]
    pub fn among(self, comparisons: usize) -> Self {
        let comparisons = u32::try_from(comparisons.max(1)).unwrap_or(u32::MAX);
        Self { significance: self.significance / f64::from(comparisons), ..self }
    }
}

/// Two variants that are compared by a rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PowerComparison {
    /// The rate of the first, 0.0..=1.0.
    pub rate: f64,
    /// How many users each has; a day, for [`PowerComparison::days`].
    pub users: [f64; 2],
}

impl PowerComparison {
    /// Returns the same comparison where users come in groups: as many users are worth that many fewer.
    #[must_use]
    pub fn grouped(self, design_effect: f64) -> Self {
        Self { users: self.users.map(|users| users / design_effect), ..self }
    }

    /// Returns the smallest difference that is seen as often as `power` asks for, in the unit of the rate, the variance
    /// being that of the first rate; infinite where a variant has no users.
    ///
    /// Source: J. L. Fleiss, B. Levin, M. C. Paik, Statistical Methods for Rates and Proportions (2003), section 4.2,
    /// without its correction for small samples.
    pub fn detectable(&self, power: Power) -> f64 {
        // From the lower tail, which keeps the digits of the smallest significance.
        let quantiles = normal_quantile(power.power) - normal_quantile(power.significance / 2.0);
        quantiles * (self.variance() * self.unit()).sqrt()
    }

    /// Returns after how many whole days of so many new users a difference is seen as often as `power` asks for; none
    /// if never, or not within a million days.
    pub fn days(&self, difference: f64, power: Power) -> Option<u32> {
        let days = (self.detectable(power) / difference.abs()).powi(2).ceil().max(1.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whole, and from one to a million"
        )]
        (days <= 1_000_000.0).then_some(days as u32)
    }

    fn variance(&self) -> f64 {
        self.rate * (1.0 - self.rate)
    }

    fn unit(&self) -> f64 {
        self.users.iter().map(|users| 1.0 / users).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_reach_the_difference_and_one_less_does_not() {
        let daily = PowerComparison { rate: 0.05, users: [700.0, 300.0] };
        let days = daily.days(0.005, Power::default()).expect("some days");
        let after = |days: u32| {
            let users = daily.users.map(|users| users * f64::from(days));
            PowerComparison { users, ..daily }.detectable(Power::default())
        };
        assert!(after(days) <= 0.005 && after(days - 1) > 0.005, "{days}");
        let (alone, among) =
            (daily.detectable(Power::default()), daily.detectable(Power::default().among(3)));
        assert!(among > alone && (daily.detectable(Power::default().among(1)) - alone).abs() < 1e-15);
        assert!((daily.grouped(4.0).detectable(Power::default()) - 2.0 * alone).abs() < 1e-15);
        assert_eq!(daily.days(0.0, Power::default()), None);
        assert_eq!(PowerComparison { users: [0.0, 1.0], ..daily }.days(0.1, Power::default()), None);
    }
}
