//! Windows of time in which a profile is frozen: `"Fri 16:00..Mon 08:00 +01:00"`, `"2026-12-20..2027-01-04"`.
//!
//! Their zone is an offset from UTC and no name: what `Europe/Berlin` means depends on the time of year and on the
//! lists of the machine, and a guard must mean the same wherever the file is read.

use crate::model::Timestamp;

const MINUTE: i64 = 60_000;
const DAY: i64 = Timestamp::DAY;
const WEEK: i64 = 7 * DAY;
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
/// The first moment that is told in milliseconds was a Thursday.
const THURSDAY: i64 = 3 * DAY;
/// The farthest offset from UTC that is in use, in minutes.
const FARTHEST: i64 = 14 * 60;

/// A window of time, once or again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FreezeWindow {
    text: String,
    span: Span,
}

/// All in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Span {
    Once { from: i64, until: i64 },
    Again { period: i64, from: i64, length: i64, offset: i64 },
}

/// What an end of a window names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Day(i64),
    Time(i64),
    Date(i64),
}

impl FreezeWindow {
    /// Reads `FROM..UNTIL ZONE`. FROM and UNTIL are days of the week (`Fri`), dates (`2026-12-20`), either with a time
    /// (`16:00`) or without, which means the whole day, or times alone, which come every day. ZONE is `UTC`, which may be left out, or an
    /// offset such as `+01:00`.
    ///
    /// # Errors
    /// What is wrong, and what to write.
    pub fn parse(text: &str) -> Result<Self, (String, String)> {
        let example = || "\"Fri 16:00..Mon 08:00 +01:00\", or \"2026-12-20..2027-01-04\"".to_owned();
        let wrong = |message: String| (message, example());
        let shape = || wrong(format!("`{}` is no window such as FROM..UNTIL", text.trim()));
        let (from, until) = text.split_once("..").ok_or_else(shape)?;
        let (from, rest) = end(from, 0).map_err(&wrong)?;
        if !rest.is_empty() {
            return Err(wrong(format!("`{rest}` stands behind the begin; a zone stands at the end")));
        }
        let (until, rest) = end(until, DAY).map_err(&wrong)?;
        let offset = zone(&rest)?;
        let again = |period: i64, from: i64, until: i64| {
            let length = (until - from).rem_euclid(period);
            match length {
                0 => Err(wrong("it ends when it begins".to_owned())),
                _ => Ok(Span::Again { period, from, length, offset }),
            }
        };
        let span = match (from, until) {
            (End::Day(from), End::Day(until)) => again(WEEK, from, until)?,
            (End::Time(from), End::Time(until)) => again(DAY, from, until)?,
            (End::Date(from), End::Date(until)) if until > from => {
                Span::Once { from: from - offset, until: until - offset }
            }
            (End::Date(_), End::Date(_)) => return Err(wrong("it ends before it begins".to_owned())),
            _ => return Err(wrong("its two ends are not of one kind: days, dates or times".to_owned())),
        };
        Ok(Self { text: text.trim().to_owned(), span })
    }

    /// Returns when the window ends that `now` lies in; none if it lies in none.
    pub fn ends(&self, now: Timestamp) -> Option<Timestamp> {
        let now = now.millis();
        let until = match self.span {
            Span::Once { from, until } => (from..until).contains(&now).then_some(until)?,
            Span::Again { period, from, length, offset } => {
                let since = (now + offset + THURSDAY - from).rem_euclid(period);
                (since < length).then_some(now - since + length)?
            }
        };
        Some(Timestamp::from_millis(until))
    }

    /// Returns the window as it is written.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// Reads an end of a window and returns it with what stands behind; without a time it lies `whole` behind the begin of
/// its day.
fn end(text: &str, whole: i64) -> Result<(End, String), String> {
    let mut words = text.split_whitespace().peekable();
    let first = words.next().ok_or("an end is missing")?;
    let (day, glued) = match first.split_once('T') {
        Some((date, time)) if date.contains('-') => (date, Some(time)),
        _ => (first, None),
    };
    let mut begins = |is_day: bool| -> Result<i64, String> {
        let follows = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit());
        match glued.or_else(|| is_day.then(|| words.next_if(follows)).flatten()) {
            Some(text) => time(text),
            None => Ok(whole),
        }
    };
    let named = DAYS.iter().position(|name| name.eq_ignore_ascii_case(day));
    let end = if let Some(at) = named {
        End::Day(i64::try_from(at).unwrap_or_default() * DAY + begins(true)?)
    } else if day.contains('-') {
        let midnight = Timestamp::parse(&format!("{day}T00:00:00Z"));
        let midnight = midnight.map_err(|_| format!("`{day}` is no date such as 2026-12-20"))?;
        End::Date(midnight.millis() + begins(true)?)
    } else if day.contains(':') {
        End::Time(time(day)?)
    } else {
        return Err(format!("`{first}` is no day (Mon to Sun), no date and no time"));
    };
    Ok((end, words.collect::<Vec<_>>().join(" ")))
}

/// Reads a time of a day; 24:00 is its end.
fn time(text: &str) -> Result<i64, String> {
    let minutes = clock(text).filter(|minutes| *minutes <= 24 * 60);
    minutes.map(|minutes| minutes * MINUTE).ok_or_else(|| format!("`{text}` is no time such as 16:00"))
}

/// Reads `HH:MM` as minutes.
fn clock(text: &str) -> Option<i64> {
    let (hours, minutes) = text.split_once(':')?;
    let two = |text: &str| {
        let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse::<i64>().ok()).flatten()
    };
    let minutes = two(minutes).filter(|minutes| *minutes < 60)?;
    Some(two(hours)? * 60 + minutes)
}

/// Reads a zone as the milliseconds that its clocks are before UTC.
fn zone(text: &str) -> Result<i64, (String, String)> {
    let sign = match text.as_bytes().first() {
        None => return Ok(0),
        Some(b'+') => 1,
        Some(b'-') => -1,
        Some(_) if matches!(text, "UTC" | "Z") => return Ok(0),
        Some(_) => {
            let message = format!("`{text}` is no offset from UTC, and zones are not known by name");
            return Err((message, "UTC, or an offset such as +01:00 (in summer +02:00)".to_owned()));
        }
    };
    let minutes = clock(&text[1..]).filter(|minutes| *minutes <= FARTHEST);
    let wrong = || (format!("`{text}` is no offset from UTC"), "UTC, or an offset such as +01:00".to_owned());
    minutes.map(|minutes| sign * minutes * MINUTE).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(window: &str, now: &str) -> Option<String> {
        let window = FreezeWindow::parse(window).expect(window);
        window.ends(Timestamp::parse(now).expect(now)).map(|ends| ends.to_string())
    }

    #[test]
    fn windows_come_again_and_end_exactly() {
        // 2026-11-20 is a Friday.
        let weekend = "Fri 16:00..Mon 08:00 +01:00";
        let monday = Some("2026-11-23T07:00:00Z".to_owned());
        for (now, expected) in [
            ("2026-11-20T14:59:59Z", None),
            ("2026-11-20T15:00:00Z", monday.clone()),
            ("2026-11-22T23:59:59Z", monday.clone()),
            ("2026-11-23T06:59:59.999Z", monday),
            ("2026-11-23T07:00:00Z", None),
            ("1969-12-27T00:00:00Z", Some("1969-12-29T07:00:00Z".to_owned())),
        ] {
            assert_eq!(ends(weekend, now), expected, "{now}");
        }
        assert_eq!(ends("Sat..Sun", "2026-11-21T00:00:00Z").as_deref(), Some("2026-11-23T00:00:00Z"));
        assert_eq!(ends("sat..sun", "2026-11-23T00:00:00Z"), None);
        assert_eq!(ends("Sat..Sat", "2026-11-21T12:00:00Z").as_deref(), Some("2026-11-22T00:00:00Z"));
        let night = "22:00..06:00 -05:00";
        assert_eq!(ends(night, "2026-11-21T03:00:00Z").as_deref(), Some("2026-11-21T11:00:00Z"));
        assert_eq!(ends(night, "2026-11-21T11:00:00Z"), None);
    }

    #[test]
    fn dates_are_whole_days_unless_they_have_a_time() {
        let holidays = "2026-12-20..2027-01-04";
        let end = Some("2027-01-05T00:00:00Z".to_owned());
        for (now, expected) in [
            ("2026-12-19T23:59:59Z", None),
            ("2026-12-20T00:00:00Z", end.clone()),
            ("2027-01-04T23:59:59Z", end),
            ("2027-01-05T00:00:00Z", None),
        ] {
            assert_eq!(ends(holidays, now), expected, "{now}");
        }
        let timed = "2026-12-20T18:00..2026-12-21 06:00 UTC";
        assert_eq!(ends(timed, "2026-12-20T18:00:00Z").as_deref(), Some("2026-12-21T06:00:00Z"));
        assert_eq!(ends(timed, "2026-12-20T17:59:00Z"), None);
    }

    #[test]
    fn what_is_no_window_says_why() {
        for (text, why) in [
            ("", "FROM..UNTIL"),
            ("Fri", "FROM..UNTIL"),
            ("Fri..", "missing"),
            ("Fri 16:00..Mon 08:00 Europe/Berlin", "not known by name"),
            ("Fri 16:00..Mon 08:00 CET", "not known by name"),
            ("Fri 16:00..Mon 08:00 +1", "no offset"),
            ("Fri 16:00..Mon 08:00 +15:00", "no offset"),
            ("Fri 25:00..Mon", "no time"),
            ("Fri 16:60..Mon", "no time"),
            ("Fri 4pm..Mon", "no time"),
            ("Fri UTC..Mon", "behind the begin"),
            ("Freitag..Mon", "no day"),
            ("2026-02-30..2026-03-01", "no date"),
            ("2026-03-02..2026-03-01", "before it begins"),
            ("Fri..2026-03-01", "one kind"),
            ("Mon..Sun", "ends when it begins"),
            ("08:00..08:00", "ends when it begins"),
        ] {
            let (message, fix) = FreezeWindow::parse(text).expect_err(text);
            assert!(message.contains(why) && !fix.is_empty(), "{text}: {message}");
        }
    }
}
