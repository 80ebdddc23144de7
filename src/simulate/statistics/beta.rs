//! The regularised incomplete beta function and its inverse.

use super::stirling::{deviance, stirling_error};

/// How often a fraction is carried on at most: near the mean, about the square root of the larger parameter suffices.
const MOST_STEPS: u32 = 1_000_000;

/// Returns I(x; a, b) and its complement I(1-x; b, a) for a, b > 0 and x from 0 to 1; the smaller of the two is
/// computed, so that it keeps its digits (NIST Digital Library of Mathematical Functions, 8.17.2 and 8.17.4).
pub(super) fn incomplete_beta(a: f64, b: f64, x: f64) -> (f64, f64) {
    if x <= 0.0 {
        return (0.0, 1.0);
    }
    if x >= 1.0 {
        return (1.0, 0.0);
    }
    let y = 1.0 - x;
    let factor = density_times(a, b, x, y);
    if x < (a + 1.0) / (a + b + 2.0) {
        let lower = factor / fraction(a, b, x, y);
        (lower, 1.0 - lower)
    } else {
        let upper = factor / fraction(b, a, y, x);
        (1.0 - upper, upper)
    }
}

/// A probability below or above some x.
#[derive(Clone, Copy, Debug)]
pub(super) enum Tail {
    /// I(x; a, b) is this.
    Lower(f64),
    /// Its complement is this.
    Upper(f64),
}

/// Returns the x with this tail, strictly between 0 and 1: by Newton's method on the tail's logarithm, kept between
/// what is known to be too small and too large.
pub(super) fn inverse_beta(a: f64, b: f64, tail: Tail) -> f64 {
    /// Halving alone would take about as many steps as a float has values of its scale, and digits.
    const MOST_STEPS: u32 = 2000;
    let (mut low, mut high) = (0.0, 1.0);
    let mut x = a / (a + b);
    for _ in 0..MOST_STEPS {
        let (lower, upper) = incomplete_beta(a, b, x);
        // How far the solution is up, as a part of the tail, and the tail.
        let (off, tail) = match tail {
            Tail::Lower(p) => (-libm::log(lower / p), lower),
            Tail::Upper(p) => (libm::log(upper / p), upper),
        };
        if off < 0.0 {
            high = x;
        } else {
            low = x;
        }
        let slope = density_times(a, b, x, 1.0 - x) / (x * (1.0 - x));
        let newton = x + off * tail / slope;
        // Between scales that far apart the middle is that of the scales.
        let next = if newton > low && newton < high {
            newton
        } else if low > 0.0 && high / low < 4.0 {
            low + (high - low) / 2.0
        } else if low > 0.0 {
            (low * high).sqrt()
        } else {
            high / 16.0
        };
        if (next - x).abs() <= f64::EPSILON * x {
            return next;
        }
        x = next;
    }
    x
}

/// Returns x^a y^b / B(a, b) for x + y = 1: the binomial density of a of a+b, but for a factor (Loader, equation 5).
#[expect(clippy::many_single_char_names, reason = "the names of the formula")]
fn density_times(a: f64, b: f64, x: f64, y: f64) -> f64 {
    let n = a + b;
    let errors = stirling_error(n) - stirling_error(a) - stirling_error(b);
    let exponent = errors - deviance(a, n * x) - deviance(b, n * y);
    libm::exp(exponent) * (a * b / n / std::f64::consts::TAU).sqrt()
}

/// Returns x^a y^b / (B(a, b) I(x; a, b)) for x + y = 1, as the continued fraction of A. R. `DiDonato` and A. H. Morris
/// (Algorithm 708, ACM TOMS 18, 1992, equation 9), none of whose terms cancel; by the modified Lentz method (Numerical
/// Recipes, 3rd edition, 5.2).
#[expect(clippy::many_single_char_names, reason = "the names of the formula")]
fn fraction(a: f64, b: f64, x: f64, y: f64) -> f64 {
    let denominator = |m: f64| {
        let ends = (a + m) * (a * y - b * x + 1.0 + m * (1.0 + y)) / (a + 2.0 * m + 1.0);
        m + m * (b - m) * x / (a + 2.0 * m - 1.0) + ends
    };
    let mut fraction = a * (a * y - b * x + 1.0) / (a + 1.0);
    let (mut c, mut d) = (fraction, 0.0);
    for m in 1..MOST_STEPS {
        let m = f64::from(m);
        let before = a + 2.0 * m - 1.0;
        let numerator = (a + m - 1.0) * (a + b + m - 1.0) * m * (b - m) * x * x / (before * before);
        let of = denominator(m);
        d = 1.0 / (of + numerator * d);
        c = of + numerator / c;
        let step = c * d;
        fraction *= step;
        if (step - 1.0).abs() <= f64::EPSILON {
            break;
        }
    }
    fraction
}
