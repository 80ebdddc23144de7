//! The dates of HTTP, in the three forms that a recipient must read (RFC 9110, 5.6.7).

use crate::model::Timestamp;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Reads `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` or `Sun Nov  6 08:49:37 1994`. A year of
/// two digits is one of 1970 to 2069; whether the day of the week fits the date does not matter.
pub fn http_date(text: &str) -> Option<Timestamp> {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let (weekday, day, month, year, clock) = match words.as_slice() {
        [weekday, day, month, year, clock, "GMT"] if year.len() == 4 => {
            (weekday.strip_suffix(',')?, *day, *month, number(year)?, *clock)
        }
        [weekday, date, clock, "GMT"] => {
            let mut parts = date.split('-');
            let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
            if parts.next().is_some() || year.len() != 2 {
                return None;
            }
            let year = number(year)?;
            let year = if year < 70 { 2000 + year } else { 1900 + year };
            (weekday.strip_suffix(',')?, day, month, year, *clock)
        }
        [weekday, month, day, clock, year] if year.len() == 4 => {
            (*weekday, *day, *month, number(year)?, *clock)
        }
        _ => return None,
    };
    if !DAYS.iter().any(|name| *name == weekday || &name[..3] == weekday) || day.len() > 2 {
        return None;
    }
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    let mut times = clock.split(':');
    let mut two = || times.next().filter(|part| part.len() == 2).and_then(number);
    // A leap second is over as soon as it is read.
    let (hour, minute, second) = (two()?, two()?, two()?.min(59));
    if times.next().is_some() {
        return None;
    }
    let day = number(day)?;
    Timestamp::parse(&format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")).ok()
}

/// Reads digits alone.
fn number(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_forms_are_read() {
        let expected = Timestamp::parse("1994-11-06T08:49:37Z").ok();
        for text in
            ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"]
        {
            assert_eq!(http_date(text), expected, "{text}");
        }
        let later = Timestamp::parse("2027-12-31T23:59:59Z").ok();
        assert_eq!(http_date("Fri, 31 Dec 2027 23:59:60 GMT"), later);
        assert_eq!(http_date("Friday, 31-Dec-27 23:59:59 GMT"), later);
    }

    #[test]
    fn everything_else_is_no_date() {
        for text in [
            "",
            "soon",
            "30",
            "Sun, 06 Nov 1994 08:49:37",
            "Sun, 06 Nov 1994 08:49:37 CET",
            "Sun, 31 Feb 1994 08:49:37 GMT",
            "Sun, 06 Nov 94 08:49:37 GMT",
            "Sunday, 06-Nov-1994 08:49:37 GMT",
            "Sunday, 06-Nov-94-1 08:49:37 GMT",
            "Xyz, 06 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 25:49:37 GMT",
            "Sun, 06 Nov 1994 8:49:37 GMT",
            "Sun, 06 Nov 1994 08:49 GMT",
            "Sun, 06 Nov 1994 08:49:37:00 GMT",
            "Sun, +6 Nov 1994 08:49:37 GMT",
            "Sun, 006 Nov 1994 08:49:37 GMT",
            "Sun Nov 6 08:49:37 19940",
            "Sün, 06 Nov 1994 08:49:37 GMT",
            "99999999999999999999 99 99 99 99",
        ] {
            assert_eq!(http_date(text), None, "{text}");
        }
    }
}
