//! Percentages, times, spans of time, names: what reads is written as it reads.

use ffctl::model::{Date, FlagName, Timestamp, VariationName, Weight, variable_of};
use ffctl::settings::parse_duration;

/// Any text as each of the small things that people type.
pub fn literals(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(weight) = Weight::parse(text) {
        assert_eq!(Weight::parse(&weight.to_string()), Ok(weight));
        assert!(weight.thousandths() <= Weight::TOTAL);
    }
    if let Ok(time) = Timestamp::parse(text) {
        assert_eq!(Timestamp::parse(&time.to_string()), Ok(time));
        let _ = time.date();
    }
    if let Ok(date) = Date::parse(text) {
        assert_eq!(Date::parse(&date.to_string()), Ok(date));
    }
    if let Ok(name) = FlagName::try_from(text) {
        assert_eq!(name.as_str(), text);
        let variable = variable_of(text);
        assert!(
            variable.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
        );
    }
    if let Ok(name) = VariationName::try_from(text) {
        assert_eq!(name.as_str(), text);
    }
    if let Ok(duration) = parse_duration(text) {
        assert!(duration.as_secs() <= 10_000 * 86_400);
    }
}
