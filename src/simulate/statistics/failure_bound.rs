//! What is known of failures when there was none.

/// Returns the failure rate that `users` without a single failure exclude at a confidence such as 0.95: were the rate
/// any higher, none would have been seen less often than 5%. 1 without users.
///
/// It is the exact one-sided bound, 1 - (1 - confidence)^(1/users). Users who fail in groups are fewer than they are
/// ([`super::design_effect`]), so that they need not be a whole number.
pub fn failure_bound(users: f64, confidence: f64) -> f64 {
    if users > 0.0 { -libm::expm1(libm::log1p(-confidence) / users) } else { 1.0 }
}

/// Returns 3/users, which is near the bound at 95% and never below it; 1 for fewer than three users.
///
/// Source: J. A. Hanley, A. Lippman-Hand, If Nothing Goes Wrong, Is Everything All Right? JAMA 249 (1983).
pub fn rule_of_three(users: f64) -> f64 {
    if users < 3.0 { 1.0 } else { 3.0 / users }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_is_near_the_bound_and_never_below_it() {
        for users in [0.1, 1.0, 1.5, 2.0, 2.9, 3.0, 3.1, 10.0, 99.5, 100.0, 1_000_000.0] {
            let (exact, rule) = (failure_bound(users, 0.95), rule_of_three(users));
            assert!(rule >= exact, "{users}: {rule} {exact}");
            assert!(users < 99.0 || rule / exact < 1.02, "{users}: {rule} {exact}");
        }
        assert!((failure_bound(1.0, 0.95) - 0.95).abs() < 1e-15);
        assert!((failure_bound(0.0, 0.95) - 1.0).abs() < f64::EPSILON);
    }
}
