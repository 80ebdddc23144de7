//! Whether two things that users get have to do with each other.

use super::chi_square::survival;

/// How strongly the rows and the columns of a table of counts are associated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Association {
    /// How many users were counted.
    pub users: u64,
    /// Pearson's chi-square statistic.
    pub statistic: f64,
    /// Degrees of freedom, of the rows and columns that hold anybody.
    pub degrees: u32,
    /// How often chance alone associates them at least so strongly, 0.0..=1.0.
    pub p: f64,
    /// φ of two rows and two columns, -1.0..=1.0; of larger tables Cramér's V, 0.0..=1.0.
    pub strength: f64,
}

impl Association {
    /// Below this probability, divided by how many pairs are looked at, an association is no chance (Bonferroni).
    const RARE: f64 = 0.001;
    /// What is weaker matters to nobody: among millions of users chance alone is excluded soon.
    const WEAK: f64 = 0.01;

    /// Returns the same of users who fall in groups on both sides, so many of whom are as good as one
    /// ([`super::design_effect`], 1 or more): chance associates them more strongly then. How strong it is stays.
    ///
    /// Source: J. N. K. Rao, A. J. Scott, On Chi-Squared Tests for Multiway Contingency Tables with Cell Proportions
    /// Estimated from Survey Data, Annals of Statistics 12 (1984): the correction of first order, with one effect for all
    /// cells.
    #[must_use]
    pub fn grouped(self, effect: f64) -> Self {
        let statistic = self.statistic / effect;
        Self { statistic, p: survival(statistic, self.degrees), ..self }
    }

    /// Tells whether it is to be reported, being one of so many pairs.
    pub fn matters(&self, pairs: u64) -> bool {
        #[expect(clippy::cast_precision_loss, reason = "pairs of flags are few")]
        let rare = Self::RARE / pairs.max(1) as f64;
        self.p < rare && self.strength.abs() > Self::WEAK
    }
}

/// Returns the association of a table of counts, row by row, all rows of one length; none if fewer than two rows, or
/// two columns, hold anybody.
///
/// Source: H. Cramér, Mathematical Methods of Statistics (1946), sections 21.7 and 30.5; without Yates's correction.
pub fn association(rows: &[Vec<u64>]) -> Option<Association> {
    let width = rows.first().map_or(0, Vec::len);
    let row_sums: Vec<u64> = rows.iter().map(|row| row.iter().sum()).collect();
    let column = |at: usize| rows.iter().filter_map(|row| row.get(at)).sum::<u64>();
    let column_sums: Vec<u64> = (0..width).map(column).collect();
    let filled = |sums: &[u64]| sums.iter().filter(|sum| **sum > 0).count();
    let (height, breadth) = (filled(&row_sums), filled(&column_sums));
    if height < 2 || breadth < 2 {
        return None;
    }
    let users: u64 = row_sums.iter().sum();
    let mut statistic = 0.0;
    for (row, row_sum) in rows.iter().zip(&row_sums) {
        for (count, column_sum) in row.iter().zip(&column_sums) {
            if *row_sum > 0 && *column_sum > 0 {
                let margins = float(*row_sum) * float(*column_sum);
                // Exact before it is squared: of large counts the difference is what little is left.
                statistic += excess(*count, users, *row_sum, *column_sum).powi(2) / float(users) / margins;
            }
        }
    }
    let degrees = u32::try_from((height - 1) * (breadth - 1)).ok()?;
    let least = float((height.min(breadth) - 1) as u64);
    let mut strength = (statistic / float(users) / least).sqrt();
    if rows.len() == 2 && width == 2 && excess(rows[0][0], users, row_sums[0], column_sums[0]) < 0.0 {
        strength = -strength;
    }
    Some(Association { users, statistic, degrees, p: survival(statistic, degrees), strength })
}

/// Returns count * users - row * column.
fn excess(count: u64, users: u64, row: u64, column: u64) -> f64 {
    let (observed, expected) = (u128::from(count) * u128::from(users), u128::from(row) * u128::from(column));
    #[expect(clippy::cast_precision_loss, reason = "a statistic needs no more digits than a float has")]
    let size = observed.abs_diff(expected) as f64;
    if observed < expected { -size } else { size }
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
fn float(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_and_the_opposite_and_neither() {
        let of = |rows: [[u64; 2]; 2]| association(&rows.map(Vec::from)).expect("a table");
        assert!((of([[50, 0], [0, 50]]).strength - 1.0).abs() < 1e-12);
        assert!((of([[0, 50], [50, 0]]).strength + 1.0).abs() < 1e-12);
        let none = of([[25, 75], [50, 150]]);
        assert!(none.statistic.abs() < f64::EPSILON && (none.p - 1.0).abs() < f64::EPSILON);
        assert!(!none.matters(1));
        assert_eq!(association(&[vec![1, 0], vec![5, 0]]), None);
        assert_eq!(association(&[]), None);
    }

    #[test]
    fn it_matters_where_it_is_neither_chance_nor_weak() {
        // φ = 0.02 of a million, and the same of a hundred; φ = 0.002 of a hundred millions.
        let of = |quarter: u64, more: u64| {
            let rows = [vec![quarter + more, quarter - more], vec![quarter - more, quarter + more]];
            association(&rows).expect("a table")
        };
        assert!(of(250_000, 5_000).matters(1000));
        assert!(!of(25, 1).matters(1));
        let weak = of(25_000_000, 50_000);
        assert!(weak.p < 1e-50 && !weak.matters(1), "{weak:?}");
        // A million users in four hundred groups.
        let strong = of(250_000, 5_000);
        assert_eq!(strong.grouped(1.0), strong);
        let grouped = strong.grouped(2_500.0);
        assert!(
            !grouped.matters(1) && grouped.p > 0.5 && grouped.strength.to_bits() == strong.strength.to_bits()
        );
    }
}
