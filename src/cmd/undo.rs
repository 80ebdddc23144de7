//! `ffctl undo`: which change is taken back, and who may leave that open.

use crate::answer::words::when;
use crate::cli::UndoArguments;
use crate::error::{Error, Kind, Result};
use crate::model::Timestamp;

use super::session::Session;
use super::{undo_file, undo_target};

/// The change to take back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Number {
    /// Of the target's journal.
    Target(u64),
    /// Of the journal of files.
    File(u64),
}

pub(super) fn run(session: &mut Session, arguments: &UndoArguments) -> Result<u8> {
    match arguments.number.as_deref().map(number).transpose()? {
        Some(Number::Target(number)) => undo_target::run(session, arguments, Some(number)),
        None => undo_target::run(session, arguments, None),
        Some(Number::File(number)) => undo_file::run(session, arguments, number),
    }
}

fn number(text: &str) -> Result<Number> {
    let read = |digits: &str| digits.parse::<u64>().ok().filter(|number| *number > 0);
    let number = match text.strip_prefix(['L', 'l']) {
        Some(digits) => read(digits).map(Number::File),
        None => read(text).map(Number::Target),
    };
    number.ok_or_else(|| {
        Error::new(Kind::Usage, format!("`{text}` is no number of a change"))
            .hint("17 for a change of the target, L17 for one of a file; `ffctl history` lists them")
    })
}

/// Returns the reason of an undo: what it undoes, and what else was said.
pub(super) fn reason(number: &str, said: Option<&str>) -> String {
    match said {
        Some(said) => format!("undo of {number}: {said}"),
        None => format!("undo of {number}"),
    }
}

/// Returns an entry in short: `18 by ben, 5m ago`.
pub(super) fn told(number: &str, actor: Option<&str>, at: Option<Timestamp>, now: Timestamp) -> String {
    let by = actor.map(|actor| format!(" by {actor}")).unwrap_or_default();
    let at = at.map(|at| format!(", {}", when(at, now))).unwrap_or_default();
    format!("{number}{by}{at}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_name_their_journal() {
        assert_eq!(number("17").expect("a number"), Number::Target(17));
        assert_eq!(number("L17").expect("a number"), Number::File(17));
        assert_eq!(number("l1").expect("a number"), Number::File(1));
        for wrong in ["", "0", "L", "L0", "-1", "1.5", "x", "LL1", "99999999999999999999"] {
            assert_eq!(number(wrong).expect_err(wrong).kind(), Kind::Usage, "{wrong}");
        }
    }
}
