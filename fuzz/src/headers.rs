//! What a server says in headers: dates, `Retry-After`, entity tags.

use ffctl::admin::version_of_tag;
use ffctl::layer::Version;
use ffctl::model::Timestamp;
use ffctl::net::{http_date, retry_after};

/// Any text as the value of each.
pub fn headers(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Some(date) = http_date(text) {
        assert_eq!(date.millis() % 1_000, 0, "whole seconds");
        assert!(Timestamp::parse(&date.to_string()).is_ok(), "a date that can be written: {date}");
    }
    for now in [i64::MIN, 0, 1_767_225_600_000, i64::MAX] {
        let _ = retry_after(text, Timestamp::from_millis(now));
    }
    if let Version::Tag(tag) = version_of_tag(text) {
        let safe = tag.bytes().all(|byte| byte.is_ascii_graphic());
        assert!(safe && tag.len() >= 2 && tag.starts_with('"') && tag.ends_with('"'), "{tag:?}");
        assert_eq!(tag.matches('"').count(), 2, "nothing ends the quotes early");
    }
}
