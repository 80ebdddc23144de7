//! Where two lists of lines differ. Taking a change back goes by whole pieces (`hunk`); this is for people to read.

use std::ops::Range;

/// So many pairs of lines are compared at most; where there are more, all is one piece.
const PAIRS: usize = 1_000_000;

/// Lines that others take the place of; one of the ranges may be empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Those before.
    pub before: Range<usize>,
    /// Those after.
    pub after: Range<usize>,
}

/// Returns the pieces in which two texts differ, by a longest common sequence of their lines.
pub fn pieces(before: &[&str], after: &[&str]) -> Vec<Piece> {
    let (rows, columns) = (before.len(), after.len());
    if rows.saturating_mul(columns) > PAIRS {
        return vec![Piece { before: 0..rows, after: 0..columns }];
    }
    // common[row][column]: how many lines the rests from there on have in common.
    let mut common = vec![vec![0_usize; columns + 1]; rows + 1];
    for row in (0..rows).rev() {
        for column in (0..columns).rev() {
            common[row][column] = if before[row] == after[column] {
                common[row + 1][column + 1] + 1
            } else {
                common[row + 1][column].max(common[row][column + 1])
            };
        }
    }
    let mut found: Vec<Piece> = Vec::new();
    let (mut row, mut column) = (0, 0);
    let mut open = Piece { before: 0..0, after: 0..0 };
    while row < rows || column < columns {
        if row < rows && column < columns && before[row] == after[column] {
            found.extend(close(&open, row, column));
            (row, column) = (row + 1, column + 1);
            open = Piece { before: row..row, after: column..column };
        } else if column >= columns || (row < rows && common[row + 1][column] >= common[row][column + 1]) {
            row += 1;
        } else {
            column += 1;
        }
    }
    found.extend(close(&open, row, column));
    found
}

/// Returns the piece that began with `open` and ends here; none where nothing lies between.
fn close(open: &Piece, row: usize, column: usize) -> Option<Piece> {
    let piece = Piece { before: open.before.start..row, after: open.after.start..column };
    (!piece.before.is_empty() || !piece.after.is_empty()).then_some(piece)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(before: &str, after: &str) -> Vec<(Range<usize>, Range<usize>)> {
        let lines = |text: &'static str| text.split(' ').filter(|line| !line.is_empty()).collect::<Vec<_>>();
        let (before, after) = (lines(before.to_owned().leak()), lines(after.to_owned().leak()));
        pieces(&before, &after).into_iter().map(|piece| (piece.before, piece.after)).collect()
    }

    #[test]
    fn what_stays_stands_in_no_piece() {
        assert_eq!(of("a b c d e", "a c e"), [(1..2, 1..1), (3..4, 2..2)]);
        assert_eq!(of("a b", "a x b y"), [(1..1, 1..2), (2..2, 3..4)]);
        assert_eq!(of("a b c", "a x c"), [(1..2, 1..2)]);
        assert_eq!(of("", "a"), [(0..0, 0..1)]);
        assert_eq!(of("a b", "a b"), []);
    }

    proptest! {
        #[test]
        fn the_pieces_make_one_text_of_the_other(
            before in proptest::collection::vec("[abc]", 0..9), after in proptest::collection::vec("[abc]", 0..9),
        ) {
            let old: Vec<&str> = before.iter().map(String::as_str).collect();
            let new: Vec<&str> = after.iter().map(String::as_str).collect();
            let (mut made, mut at) = (Vec::new(), 0);
            for piece in pieces(&old, &new) {
                made.extend_from_slice(&old[at..piece.before.start]);
                made.extend_from_slice(&new[piece.after.clone()]);
                at = piece.before.end;
            }
            made.extend_from_slice(&old[at..]);
            prop_assert_eq!(made, new);
        }
    }
}
