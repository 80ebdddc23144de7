//! The Wilson score interval of a share.

/// The 97.5% quantile of the normal distribution: 2.5% on either side of a 95% interval.
const Z: f64 = 1.959_963_984_540_054;

/// An interval of shares, 0.0..=1.0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

/// Returns the 95% Wilson score interval, without continuity correction, for `hits` of `total`; everything from
/// 0 to 1 if `total` is 0.
///
/// Source: E. B. Wilson, Probable Inference, the Law of Succession, and Statistical Inference, JASA 22 (1927),
/// equation for p on page 209; in this form L. D. Brown, T. T. Cai, A. `DasGupta`, Statistical Science 16
/// (2001), equation (4).
pub fn wilson(hits: u64, total: u64) -> Interval {
    if total == 0 {
        return Interval { low: 0.0, high: 1.0 };
    }
    #[expect(clippy::cast_precision_loss, reason = "a share needs no more digits than a float has")]
    let (hits_f, n) = (hits.min(total) as f64, total as f64);
    let share = hits_f / n;
    let square = Z * Z;
    let center = (share + square / (2.0 * n)) / (1.0 + square / n);
    let half = Z / (1.0 + square / n) * (share * (1.0 - share) / n + square / (4.0 * n * n)).sqrt();
    // At the edges the formula gives 0 and 1 exactly; floats would miss them by a rounding.
    let low = if hits == 0 { 0.0 } else { (center - half).max(0.0) };
    let high = if hits >= total { 1.0 } else { (center + half).min(1.0) };
    Interval { low, high }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        // Computed with 50 digits from the closed form; 0 of 10 and 1 of 10 agree with Brown, Cai, DasGupta.
        for (hits, total, low, high) in KNOWN {
            let interval = wilson(hits, total);
            assert!((interval.low - low).abs() < 1e-12, "{hits} of {total}: {interval:?}");
            assert!((interval.high - high).abs() < 1e-12, "{hits} of {total}: {interval:?}");
        }
        assert_eq!(wilson(0, 0), Interval { low: 0.0, high: 1.0 });
        assert_eq!((wilson(0, 10).low, wilson(10, 10).high), (0.0, 1.0));
    }

    const KNOWN: [(u64, u64, f64, f64); 6] = [
        (0, 10, 0.0, 0.277_532_799_862_889_2),
        (1, 10, 0.017_876_213_095_072_906, 0.404_150_026_795_238_5),
        (25, 100, 0.175_452_113_622_876_77, 0.343_044_635_480_616_1),
        (2512, 10_000, 0.242_796_205_395_592_85, 0.259_794_872_193_655_8),
        (9999, 10_000, 0.999_433_731_102_598_7, 0.999_982_347_326_398_9),
        (2_500_000, 10_000_000, 0.249_731_716_949_241_62, 0.250_268_475_123_625_6),
    ];
}
