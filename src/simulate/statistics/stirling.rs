//! The two parts of factorials and densities that lose no digits, however large the counts.

/// Returns by how much Stirling's formula misses the logarithm of the factorial of a positive number:
/// ln Γ(n+1) - (n + 1/2) ln n + n - ln √(2π).
///
/// The series is 5.11.1 of the NIST Digital Library of Mathematical Functions; the idea of computing densities with
/// it is C. Loader's (Fast and Accurate Computation of Binomial Probabilities, 2000).
pub(super) fn stirling_error(n: f64) -> f64 {
    /// ln √(2π).
    const HALF_LN_TWO_PI: f64 = 0.918_938_533_204_672_8;
    /// From here on six terms of the series have all digits.
    const LARGE: f64 = 16.0;
    if n < LARGE {
        return libm::lgamma(n + 1.0) - (n + 0.5) * libm::log(n) + n - HALF_LN_TWO_PI;
    }
    // B(2k) / (2k (2k-1)), each over one odd power more of n.
    let terms = [1.0 / 12.0, -1.0 / 360.0, 1.0 / 1260.0, -1.0 / 1680.0, 1.0 / 1188.0, -691.0 / 360_360.0];
    let square = n * n;
    terms.iter().rev().fold(0.0, |sum, term| sum / square + term) / n
}

/// Returns the deviance of a positive number from a mean, both 0 or more: x ln(x/mean) + mean - x.
///
/// Near the mean the three cancel; there it is the series in v = (x-mean)/(x+mean) of Loader's, after
/// ln(x/mean) = 2 artanh v (DLMF 4.6.3).
pub(super) fn deviance(x: f64, mean: f64) -> f64 {
    if x == 0.0 {
        return mean;
    }
    let (difference, sum) = (x - mean, x + mean);
    if difference.abs() >= 0.1 * sum {
        return x * libm::log(x / mean) - difference;
    }
    let v = difference / sum;
    let square = v * v;
    let (mut term, mut total, mut odd) = (2.0 * x * v, difference * v, 1.0);
    loop {
        term *= square;
        odd += 2.0;
        let next = total + term / odd;
        if next.to_bits() == total.to_bits() {
            return total;
        }
        total = next;
    }
}
