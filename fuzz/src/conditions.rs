//! Conditions: what reads is written as it reads.

use ffctl::simulate::Condition;

/// Any text as a condition.
pub fn conditions(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(condition) = Condition::parse(text) {
        assert_eq!(Condition::parse(&condition.to_string()), Ok(condition), "it reads back");
    }
}
