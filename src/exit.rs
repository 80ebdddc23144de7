//! Exit codes: one for each kind of failure, and their precedence when several apply at once.

use crate::error::Kind;

/// The code of a process that did what it was asked, or whose answer is yes.
pub const DONE: u8 = 0;
/// The code of an answer that is no: a condition that does not hold, differences, findings. Never a failure.
pub const NO: u8 = 1;

/// Returns the exit code of a kind of failure (0..=255; 2 to 12, 70, 130).
pub const fn code(kind: Kind) -> u8 {
    match kind {
        Kind::Usage => 2,
        Kind::Unknown => 3,
        Kind::Credentials => 4,
        Kind::Conflict => 5,
        Kind::Unreachable => 6,
        Kind::Invalid => 7,
        Kind::Refused => 8,
        Kind::Stale => 9,
        Kind::Drift => 10,
        Kind::OutcomeUnknown => 11,
        Kind::Local => 12,
        Kind::Bug => 70,
        Kind::Interrupted => 130,
    }
}

/// Returns the code that stands for several outcomes of one run: the first that applies of
/// 7, 3, 4, 6, 9, 10, 1, 0; any other code, being a failure of the run itself, goes before these.
pub fn combined(codes: impl IntoIterator<Item = u8>) -> u8 {
    const ORDER: [u8; 8] = [7, 3, 4, 6, 9, 10, NO, DONE];
    codes
        .into_iter()
        .min_by_key(|code| ORDER.iter().position(|other| other == code).map_or(0, |at| at + 1))
        .unwrap_or(DONE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_code_of_its_own() {
        let mut codes: Vec<u8> = Kind::ALL.into_iter().map(code).collect();
        codes.extend([DONE, NO]);
        let count = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), count);
    }

    #[test]
    fn the_worst_of_several_answers_wins() {
        assert_eq!(combined([0, 1, 10]), 10);
        assert_eq!(combined([1, 6, 3, 7]), 7);
        assert_eq!(combined([0, 12, 7]), 12);
        assert_eq!(combined([]), 0);
    }
}
