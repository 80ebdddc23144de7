//! Shares → limits: from which draw on a unit is out, and what that is to people.

use super::code::flagsmith_share;
use super::draw::Draw;
use super::number::Number;
use super::record::{Compare, Count, Precision, Record, Reduce};

impl Record {
    /// Returns the limit of `part` of `total`: who draws below it is in.
    pub fn limit(&self, part: u32, total: u32) -> Draw {
        if self.is_fraction() {
            return self.limit_of_fraction(self.fraction(part, total));
        }
        self.limit_of_buckets(self.buckets_in(part.into(), total), total)
    }

    /// Returns the limits of shares, each added to those before it. What lies beyond the last is the last's.
    pub fn limits(&self, shares: &[u32]) -> Vec<Draw> {
        let total = shares.iter().sum();
        if self.is_fraction() {
            let ends = self.cumulative_fractions(shares, total);
            return ends.into_iter().map(|end| self.limit_of_fraction(end)).collect();
        }
        let ends = self.cumulative_buckets(shares, total);
        ends.into_iter().map(|end| self.limit_of_buckets(end, total)).collect()
    }

    /// Returns a draw as the system counts it.
    pub fn number(&self, draw: Draw, total: u32) -> Number {
        if self.is_fraction() {
            return Number::Fraction(draw.fraction());
        }
        let bucket = if self.is_unscaled() {
            let wide = (u128::from(draw.place()) * u128::from(self.count(total))) >> self.bits();
            u64::try_from(wide).expect("a bucket is below the count")
        } else {
            draw.place()
        };
        Number::Whole(bucket + u64::from(self.offset))
    }

    /// Returns what a bucket is compared with for `part` of `total`.
    pub fn threshold(&self, part: u32, total: u32) -> Number {
        if self.is_fraction() {
            return Number::Fraction(self.fraction(part, total));
        }
        let buckets = self.buckets_in(part.into(), total) + u64::from(self.offset);
        Number::Whole(match self.compare {
            Compare::Below => buckets,
            Compare::AtMost => buckets.saturating_sub(1),
        })
    }

    /// Returns where each share ends: the first bucket beyond it.
    pub fn ends(&self, shares: &[u32]) -> Vec<Number> {
        let total = shares.iter().sum();
        if self.is_fraction() {
            return self.cumulative_fractions(shares, total).into_iter().map(Number::Fraction).collect();
        }
        let offset = u64::from(self.offset);
        self.cumulative_buckets(shares, total).into_iter().map(|end| Number::Whole(end + offset)).collect()
    }

    /// Returns where the buckets begin.
    pub const fn start(&self) -> Number {
        if self.is_fraction() { Number::Fraction(0.0) } else { Number::Whole(self.offset as u64) }
    }

    /// Returns where the buckets end: the first beyond all, or what stands for everyone.
    pub fn end(&self, total: u32) -> Number {
        match self.whole(total) {
            Number::Whole(count) => Number::Whole(count + u64::from(self.offset)),
            whole @ Number::Fraction(_) => whole,
        }
    }

    /// Returns what stands for everyone: the number of buckets, 1.0 or 100.0.
    pub fn whole(&self, total: u32) -> Number {
        if self.is_fraction() { Number::Fraction(self.top()) } else { Number::Whole(self.count(total)) }
    }

    /// Returns the share that is really in for `part` of `total`, 0.0..=1.0.
    pub fn effective(&self, part: u32, total: u32) -> f64 {
        let limit = self.limit(part, total);
        match self.reduce {
            Reduce::Unit { .. } => f64::from(part) / f64::from(total),
            Reduce::Flagsmith => flagsmith_share(|percent| Draw::of_fraction(percent) < limit),
            Reduce::Fraction(count) => {
                let inside = (0..count).filter(|bucket| self.stepped(*bucket, count) < limit).count();
                ratio(inside as u64, count.into())
            }
            Reduce::Scale(_) | Reduce::Modulo(_) => {
                ratio(self.buckets_in(part.into(), total), self.count(total))
            }
        }
    }

    /// Returns the share of all that each of some shares really gets; the last what is left.
    pub fn fractions(&self, shares: &[u32]) -> Vec<f64> {
        let total: u32 = shares.iter().sum();
        let whole = self.start().share_to(self.end(total));
        let mut before = 0.0;
        let mut each = Vec::with_capacity(shares.len());
        for (at, end) in self.ends(shares).into_iter().enumerate() {
            let last = at + 1 == shares.len();
            let exact = f64::from(shares[at]) / f64::from(total);
            let up_to = if last { 1.0 } else { self.start().share_to(end) / whole };
            each.push(if self.is_exact() { exact } else { up_to - before });
            before = up_to;
        }
        each
    }

    /// Tells whether shares come out as they are written, for any.
    const fn is_exact(&self) -> bool {
        matches!(self.reduce, Reduce::Unit { .. } | Reduce::Flagsmith | Reduce::Fraction(_))
            || matches!(self.reduce, Reduce::Scale(Count::Total(_)) | Reduce::Modulo(Count::Total(_)))
    }

    /// Tells whether there are buckets for exactly `part` of `total`.
    pub fn can_express(&self, part: u32, total: u32) -> bool {
        match self.reduce {
            Reduce::Unit { .. } | Reduce::Flagsmith => true,
            _ => (u128::from(self.count(total)) * u128::from(part)).is_multiple_of(u128::from(total)),
        }
    }

    /// Returns the smallest part of `total` that has a draw in; `total` itself where only everyone does.
    pub fn least_part(&self, draw: Draw, total: u32) -> u32 {
        let (mut out, mut inside) = (0, total);
        while inside - out > 1 {
            let middle = out + (inside - out) / 2;
            if draw < self.limit(middle, total) {
                inside = middle;
            } else {
                out = middle;
            }
        }
        inside
    }

    /// Tells whether draws are the numbers before scaling.
    pub(super) const fn is_unscaled(&self) -> bool {
        matches!(self.reduce, Reduce::Scale(_)) && self.bits() <= 32
    }

    /// Returns the bucket of a system that divides remainders, as a draw.
    pub(super) fn stepped(&self, bucket: u32, count: u32) -> Draw {
        Draw::of_fraction(match self.precision {
            Precision::F64 => f64::from(bucket) / f64::from(count),
            Precision::F32 => f64::from(single(bucket.into()) / single(count.into())),
        })
    }

    /// The number of buckets of a record that counts them.
    pub(super) fn count(&self, total: u32) -> u64 {
        self.buckets(total).unwrap_or(1)
    }

    /// Returns how many buckets are in, the first ones: those for which `bucket + offset` compares.
    fn buckets_in(&self, part: u64, total: u32) -> u64 {
        let (count, total) = (u128::from(self.count(total)), u128::from(total));
        let (exact, offset) = (u128::from(part) * count, u128::from(self.offset));
        let buckets = match self.compare {
            Compare::Below => exact.div_ceil(total).saturating_sub(offset),
            Compare::AtMost => (exact / total + 1).saturating_sub(offset),
        };
        u64::try_from(buckets.min(count)).expect("no more than there are")
    }

    fn cumulative_buckets(&self, shares: &[u32], total: u32) -> Vec<u64> {
        let mut end = 0;
        match self.precision {
            Precision::F64 => {
                let add = |share: &u32| {
                    end += u64::from(*share);
                    self.buckets_in(end, total)
                };
                shares.iter().map(add).collect()
            }
            // Whole buckets of each percentage, cut off: what a conversion of single precision leaves.
            Precision::F32 => {
                let each = single(self.count(total)) / 100.0;
                let add = |share: &u32| {
                    let percent = single_of(f64::from(*share) * 100.0 / f64::from(total));
                    end += cut_off(percent * each);
                    end
                };
                shares.iter().map(add).collect()
            }
        }
    }

    /// Returns where shares end as fractions: sums of quotients, as systems compute them, roundings included.
    fn cumulative_fractions(&self, shares: &[u32], total: u32) -> Vec<f64> {
        let top = self.top();
        match self.precision {
            Precision::F64 => {
                let mut end = 0.0;
                let add = |share: &u32| {
                    end += top * f64::from(*share) / f64::from(total);
                    end
                };
                shares.iter().map(add).collect()
            }
            Precision::F32 => {
                let mut end: f32 = 0.0;
                let add = |share: &u32| {
                    end += single_of(top) * single((*share).into()) / single(total.into());
                    f64::from(end)
                };
                shares.iter().map(add).collect()
            }
        }
    }

    fn fraction(&self, part: u32, total: u32) -> f64 {
        let top = self.top();
        match self.precision {
            Precision::F64 => top * f64::from(part) / f64::from(total),
            Precision::F32 => f64::from(single_of(top) * single(part.into()) / single(total.into())),
        }
    }

    fn limit_of_fraction(&self, fraction: f64) -> Draw {
        let limit = Draw::of_fraction(fraction);
        match self.compare {
            Compare::Below => limit,
            Compare::AtMost => limit.next(),
        }
    }

    fn limit_of_buckets(&self, buckets: u64, total: u32) -> Draw {
        if !self.is_unscaled() {
            return Draw::new(buckets);
        }
        let first_out = (u128::from(buckets) << self.bits()).div_ceil(u128::from(self.count(total)));
        Draw::new(u64::try_from(first_out).expect("at most 2^32"))
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share for people")]
fn ratio(part: u64, whole: u64) -> f64 {
    part as f64 / whole as f64
}

#[expect(clippy::cast_precision_loss, reason = "single precision is what the system computes in")]
pub(super) fn single(number: u64) -> f32 {
    number as f32
}

#[expect(clippy::cast_possible_truncation, reason = "single precision is what the system computes in")]
fn single_of(number: f64) -> f32 {
    number as f32
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "what the conversion to whole numbers cuts off is the point"
)]
fn cut_off(number: f32) -> u64 {
    number as u64
}
