//! How many independent units a sample of groups is worth.

/// Returns Kish's effective sample size of groups that fall together, by how many users each has: (Σm)² / Σm². It is
/// the number of groups where all are of one size, and near 1 where one outweighs all others; 0 without users.
///
/// Source: L. Kish, Survey Sampling (1965), section 11.7.
pub fn effective_size(sizes: impl IntoIterator<Item = u64>) -> f64 {
    let (mut sum, mut squares) = (0_u128, 0_u128);
    for size in sizes {
        sum += u128::from(size);
        squares += u128::from(size) * u128::from(size);
    }
    #[expect(clippy::cast_precision_loss, reason = "a size needs no more digits than a float has")]
    let (sum, squares) = (sum as f64, squares as f64);
    if squares > 0.0 { sum * sum / squares } else { 0.0 }
}

/// Returns the design effect of groups that fall together: of how many users one is as good as, from all of them and
/// Kish's effective size. It is 1 where everyone is alone, and a bound where users of one group are not all alike.
///
/// Source: L. Kish, Survey Sampling (1965), section 8.2, with an intraclass correlation of 1.
pub fn design_effect(users: u64, effective_size: f64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "users stay far below 2^53")]
    let users = users as f64;
    if effective_size > 0.0 { (users / effective_size).max(1.0) } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_of_one_size_count_each_and_one_giant_counts_alone() {
        assert!((effective_size([7; 40]) - 40.0).abs() < 1e-12);
        assert!((effective_size([]) - 0.0).abs() < f64::EPSILON);
        assert!((effective_size([5, 0]) - 1.0).abs() < 1e-12);
        // (1000 + 10)^2 / (1000^2 + 10) with ten groups of one.
        let giant = effective_size([1000].into_iter().chain([1; 10]));
        assert!((giant - 1_020_100.0 / 1_000_010.0).abs() < 1e-12);
        assert!((design_effect(280, effective_size([7; 40])) - 7.0).abs() < 1e-12);
        assert!((design_effect(0, 0.0) - 1.0).abs() < f64::EPSILON);
        // Sums that no float holds.
        assert!((effective_size([u64::MAX / 4; 4]) - 4.0).abs() < 1e-12);
    }
}
