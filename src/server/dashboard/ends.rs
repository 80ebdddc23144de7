//! When a change shall end by itself, as a form says it.

use maud::{Markup, html};

use crate::model::Timestamp;
use crate::settings::parse_duration;

/// The spans to choose from, in the words of `--for`.
const SPANS: [(&str, &str); 5] = [
    ("", "for good"),
    ("1h", "for an hour"),
    ("4h", "for 4 hours"),
    ("1d", "for a day"),
    ("7d", "for a week"),
];

/// Returns the fields of a form that ask for it.
pub(super) fn choice() -> Markup {
    html! {
        label.ends {
            "Stays"
            select name="ends" {
                @for (word, text) in SPANS { option value=(word) { (text) } }
            }
        }
        label.ends {
            "or until (UTC)"
            input name="until" type="datetime-local" step="60";
        }
    }
}

/// Returns when it ends; none for good.
pub(super) fn of_form(span: &str, until: &str, now: Timestamp) -> Result<Option<Timestamp>, String> {
    match (span.trim(), until.trim()) {
        ("", "") => Ok(None),
        (_, "") => {
            let span = parse_duration(span.trim()).map_err(|error| error.to_string())?;
            let millis = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
            Ok(Some(Timestamp::from_millis(now.millis().saturating_add(millis))))
        }
        ("", until) => {
            let seconds = if until.matches(':').count() < 2 { ":00" } else { "" };
            let time = Timestamp::parse(&format!("{until}{seconds}Z"));
            time.map(Some).map_err(|_| format!("`{until}` is no time such as 2026-11-22T18:00"))
        }
        _ => Err("either a span or a time can be chosen, not both".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_a_span_or_a_time_in_utc() {
        let now = Timestamp::parse("2026-11-22T10:00:00Z").expect("a time");
        let ends = |span, until| of_form(span, until, now).map(|ends| ends.map(|ends| ends.to_string()));
        assert_eq!(ends("", ""), Ok(None));
        assert_eq!(ends("4h", ""), Ok(Some("2026-11-22T14:00:00Z".to_owned())));
        assert_eq!(ends("", "2026-11-23T08:30"), Ok(Some("2026-11-23T08:30:00Z".to_owned())));
        assert_eq!(ends("", "2026-11-23T08:30:10"), Ok(Some("2026-11-23T08:30:10Z".to_owned())));
        for (span, until) in
            [("soon", ""), ("", "soon"), ("1h", "2026-11-23T08:30"), ("", "2026-11-23T08:30Z")]
        {
            assert!(ends(span, until).is_err(), "{span} {until}");
        }
        for (word, _) in SPANS {
            assert!(ends(word, "").is_ok(), "{word}");
        }
    }
}
