//! The normal distribution.

/// Returns the probability that a standard normal variable is above `z`: half of erfc(z/√2) (NIST Digital Library of
/// Mathematical Functions, 7.2.2), which keeps its digits far into the tail.
pub fn normal_survival(z: f64) -> f64 {
    0.5 * libm::erfc(z * std::f64::consts::FRAC_1_SQRT_2)
}

/// Returns the value below which a standard normal variable is with probability `p`: negative infinity for 0, infinity
/// for 1, nothing that is a number outside.
pub fn normal_quantile(p: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    if p > 0.5 { above(1.0 - p) } else { -above(p) }
}

/// Returns the value above which it is with probability `p`, at most a half. It begins with equation 26.2.23 of
/// Abramowitz and Stegun, good to 0.00045, and goes on by Halley's method on the logarithm of the probability.
fn above(p: f64) -> f64 {
    if p <= 0.0 {
        return f64::INFINITY;
    }
    let t = (-2.0 * libm::log(p)).sqrt();
    let over = (0.010_328 * t + 0.802_853) * t + 2.515_517;
    let mut z = t - over / (((0.001_308 * t + 0.189_269) * t + 1.432_788) * t + 1.0);
    for _ in 0..4 {
        let survival = normal_survival(z);
        // The hazard: how fast the logarithm falls. Its own slope is hazard * (hazard - z).
        let hazard = libm::exp(-0.5 * z * z) / (std::f64::consts::TAU.sqrt() * survival);
        let off = libm::log(survival / p);
        let step = off / hazard;
        z += step / (1.0 + 0.5 * step * (hazard - z));
    }
    z
}
