//! The exact interval of a share.

use super::beta::{Tail, inverse_beta};
use super::wilson::Interval;

/// Returns the Clopper-Pearson interval for `hits` of `total` at a confidence strictly between 0 and 1, such as 0.95:
/// it holds the true share at least that often, however small the counts. Everything from 0 to 1 if `total` is 0.
///
/// Source: C. J. Clopper, E. S. Pearson, The Use of Confidence or Fiducial Limits, Biometrika 26 (1934); in terms of the
/// beta distribution L. D. Brown, T. T. Cai, A. `DasGupta`, Statistical Science 16 (2001), section 4.2.1.
pub fn clopper_pearson(hits: u64, total: u64, confidence: f64) -> Interval {
    let hits = hits.min(total);
    let outside = (1.0 - confidence) / 2.0;
    let (ins, outs) = (float(hits), float(total - hits));
    Interval {
        low: if hits == 0 { 0.0 } else { inverse_beta(ins, outs + 1.0, Tail::Lower(outside)) },
        high: if hits == total { 1.0 } else { inverse_beta(ins + 1.0, outs, Tail::Upper(outside)) },
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
fn float(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_everybody_and_no_users() {
        assert_eq!(clopper_pearson(0, 0, 0.95), Interval { low: 0.0, high: 1.0 });
        // Both have a closed form: 0.025^(1/10).
        let tenth = libm::pow(0.025, 0.1);
        let (none, all) = (clopper_pearson(0, 10, 0.95), clopper_pearson(10, 10, 0.95));
        assert!(none.low.abs() < f64::EPSILON && (none.high - (1.0 - tenth)).abs() < 1e-14, "{none:?}");
        assert!((all.high - 1.0).abs() < f64::EPSILON && (all.low - tenth).abs() < 1e-14, "{all:?}");
    }
}
