//! Conditions, of `check` and of a forecast: what reads is written as it reads, what does not has its place.

use ffctl::check::{Mistake, parse, read};
use ffctl::simulate::Condition;

/// Any text as a condition, and as a file of them.
pub fn conditions(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(condition) = Condition::parse(text) {
        assert_eq!(Condition::parse(&condition.to_string()), Ok(condition), "it reads back");
    }
    let placed = |mistake: &Mistake| {
        assert!(text.get(mistake.span.clone()).is_some(), "{mistake:?}");
        assert!(!mistake.message.is_empty());
    };
    match parse(text) {
        Ok(condition) => assert_eq!(parse(&condition.to_string()), Ok(condition), "it reads back"),
        Err(mistake) => placed(&mistake),
    }
    if let Err(mistakes) = read(text) {
        assert!(!mistakes.is_empty());
        mistakes.iter().for_each(placed);
    }
}
