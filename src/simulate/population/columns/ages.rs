//! Moments that ages count from, where ages are asked at several times.

use crate::model::Timestamp;

/// The times at which ages are asked, by the moment of the day.
pub(super) struct Ages {
    moments: Vec<i64>,
}

impl Ages {
    /// Moments further from the epoch are in no class: the days to a time may be more than there are.
    const FURTHEST: i64 = 1 << 60;

    /// Prepares these times.
    pub(super) fn new(times: impl Iterator<Item = Timestamp>) -> Self {
        let mut moments: Vec<i64> = times.map(|at| at.millis().rem_euclid(Timestamp::DAY)).collect();
        moments.sort_unstable();
        moments.dedup();
        Self { moments }
    }

    /// Returns the class of a moment: whole days from moments of one class are as many, at each of the times.
    pub(super) fn class(&self, since: Timestamp) -> Option<[u8; 8]> {
        let millis = since.millis();
        if !(-Self::FURTHEST..Self::FURTHEST).contains(&millis) {
            return None;
        }
        let rest = millis.rem_euclid(Timestamp::DAY);
        // At moments of the day before its own, a day less has passed: so from one of them to the next all is the same.
        let place = self.moments.partition_point(|moment| *moment < rest);
        let (place, all) = (i64::try_from(place).ok()?, i64::try_from(self.moments.len()).ok()?);
        Some((millis.div_euclid(Timestamp::DAY) * all + place).to_le_bytes())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn one_class_is_as_old_at_each_time(
            times in proptest::collection::vec(-400_000_000_i64..400_000_000, 1..6),
            one in -400_000_000_i64..400_000_000,
            apart in -100_000_000_i64..100_000_000,
        ) {
            let at = Timestamp::from_millis;
            let ages = Ages::new(times.iter().copied().map(at));
            let days = |since: i64| -> Vec<_> {
                times.iter().map(|time| at(since).days_until(at(*time))).collect()
            };
            if ages.class(at(one)) == ages.class(at(one + apart)) {
                prop_assert_eq!(days(one), days(one + apart));
            }
            // Where all times are of one moment, a class is a day.
            let daily = Ages::new((0..9).map(|day| at(times[0] + day * Timestamp::DAY)));
            let class = |before: i64| daily.class(at(times[0] - before));
            prop_assert_eq!(class(0), class(Timestamp::DAY - 1));
            prop_assert!(class(0) != class(Timestamp::DAY) && class(0) != class(-1));
        }
    }
}
