//! When a server wants to be asked again.

use std::time::Duration;

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

use crate::model::Timestamp;

use super::http_date::http_date;

const DAY: u64 = 86_400;

/// What a `Retry-After` says (RFC 9110, 10.2.3): seconds, or a date in one of its three forms. Everything else
/// says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RetryAfter {
    /// How long to wait.
    pub(crate) wait: Duration,
    /// The date, if it was one.
    at: Option<Timestamp>,
}

impl RetryAfter {
    /// Reads the header; a date is seen from the server's own clock where it tells, else from `now`.
    pub(crate) fn of(headers: &HeaderMap, now: Option<Timestamp>) -> Option<Self> {
        let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
        let date = headers.get(DATE).and_then(|date| http_date(date.to_str().ok()?));
        Self::read(text, date.or(now))
    }

    fn read(text: &str, now: Option<Timestamp>) -> Option<Self> {
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            // More digits than a number has are still a long time.
            let seconds = text.parse().unwrap_or(u64::MAX);
            return Some(Self { wait: Duration::from_secs(seconds), at: None });
        }
        let at = http_date(text)?;
        let left = u64::try_from(at.millis().saturating_sub(now?.millis())).unwrap_or(0);
        Some(Self { wait: Duration::from_millis(left), at: Some(at) })
    }

    /// Returns when to come back, in words.
    pub(crate) fn words(self) -> String {
        let rounded_up = self.wait.as_millis().div_ceil(1_000);
        match (rounded_up, self.at) {
            (0, _) => "at once".to_owned(),
            (seconds, _) if seconds > u128::from(DAY) => "in more than a day".to_owned(),
            (seconds, None) => format!("in {seconds} s"),
            (seconds, Some(at)) => format!("in {seconds} s ({at})"),
        }
    }
}

/// Returns how long a `Retry-After` of this text asks to wait, a date as seen from `now`; none where it says nothing.
pub fn retry_after(text: &str, now: Timestamp) -> Option<Duration> {
    RetryAfter::read(text, Some(now)).map(|read| read.wait)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_dates_are_read_and_absurd_ones_say_nothing() {
        let now = Timestamp::parse("2027-12-31T23:59:29Z").ok();
        let cases = [
            ("30", Some("in 30 s")),
            ("0", Some("at once")),
            ("86400", Some("in 86400 s")),
            ("86401", Some("in more than a day")),
            ("99999999999999999999999", Some("in more than a day")),
            ("Fri, 31 Dec 2027 23:59:59 GMT", Some("in 30 s (2027-12-31T23:59:59Z)")),
            ("Friday, 31-Dec-27 23:59:59 GMT", Some("in 30 s (2027-12-31T23:59:59Z)")),
            ("Fri Dec 31 23:59:59 2027", Some("in 30 s (2027-12-31T23:59:59Z)")),
            ("Fri, 31 Dec 1999 23:59:59 GMT", Some("at once")),
            ("Fri, 31 Dec 9000 23:59:59 GMT", Some("in more than a day")),
            ("-5", None),
            ("1.5", None),
            ("1e3", None),
            ("+30", None),
            ("", None),
            ("soon", None),
            ("30, 60", None),
            ("٣", None),
        ];
        for (text, expected) in cases {
            let words = RetryAfter::read(text, now).map(RetryAfter::words);
            assert_eq!(words.as_deref(), expected, "{text}");
        }
        assert_eq!(RetryAfter::read("Fri, 31 Dec 2027 23:59:59 GMT", None), None, "nobody knows the time");
    }

    #[test]
    fn the_clock_of_the_server_counts() {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, "Fri, 31 Dec 2027 23:59:59 GMT".parse().expect("a value"));
        headers.insert(DATE, "Fri, 31 Dec 2027 23:59:58 GMT".parse().expect("a value"));
        let wrong = Some(Timestamp::from_millis(0));
        assert_eq!(RetryAfter::of(&headers, wrong).map(|after| after.wait), Some(Duration::from_secs(1)));
    }
}
