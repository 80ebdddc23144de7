//! The line that says how far a long run is.

use std::time::Duration;

use super::bar::done_bar;
use super::document::Text;
use super::number::{age, percent, thousands};
use super::screen::Screen;
use super::style::Style;
use super::text::emit;
use super::width::{clean, measure};

/// Returns the progress of a run as one line without a line end, never wider than the screen: `done` of
/// `total` things (an unknown total is none) after `elapsed`.
pub fn progress_line(done: u64, total: Option<u64>, elapsed: Duration, screen: &Screen) -> String {
    let screen = *screen;
    let seconds = elapsed.as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "a rate is for show")]
    let rate = if seconds > 0.0 { done as f64 / seconds } else { 0.0 };
    let speed = Text::styled(Style::Faint, format!("{}/s", short(rate)));
    let mut parts = match total {
        Some(total) => {
            #[expect(clippy::cast_precision_loss, reason = "a time left is a guess")]
            let left = if rate > 0.0 { total.saturating_sub(done) as f64 / rate } else { 0.0 };
            let left = Duration::try_from_secs_f64(left).map_or(0, |left| left.as_secs());
            let share = if total == 0 { 1.0 } else { super::number::share(done.min(total), total) };
            vec![
                Text::styled(Style::Strong, format!("{:>7}", percent(share))),
                done_bar(done, total, 24),
                Text::plain(format!("{} of {}", thousands(done), thousands(total))),
                speed,
                Text::styled(Style::Faint, format!("{} left", age(left))),
            ]
        }
        None => vec![
            Text::plain(format!("{} users", thousands(done))),
            speed,
            Text::styled(Style::Faint, age(elapsed.as_secs())),
        ],
    };
    let joined = |parts: &[Text]| {
        let line = parts.iter().enumerate().fold(Text::new(), |line, (at, part)| {
            line.and(if at == 0 { "" } else { "  " }).join(part.clone())
        });
        clean(&line, screen, false)
    };
    // The last column stays free: some terminals wrap as soon as it is written.
    while parts.len() > 1 && screen.columns().is_some_and(|columns| measure(&joined(&parts)) >= columns) {
        parts.pop();
    }
    let mut line = emit(vec![joined(&parts)], screen);
    line.pop();
    line
}

/// Returns a rate in thousands or millions: `950`, `12.5 k`, `1.2 M`.
fn short(rate: f64) -> String {
    match rate {
        rate if rate < 1e3 => format!("{rate:.0}"),
        rate if rate < 1e6 => format!("{:.1} k", rate / 1e3),
        rate => format!("{:.1} M", rate / 1e6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(done: u64, total: Option<u64>, seconds: u64, width: u16) -> String {
        let screen = Screen { width: Some(width), unicode: true, ..Screen::default() };
        progress_line(done, total, Duration::from_secs(seconds), &screen)
    }

    #[test]
    fn says_how_far_how_fast_and_how_long() {
        assert_eq!(
            line(4_200_000, Some(10_000_000), 2, 80),
            " 42.00%  ━━━━━━━━━━──────────────  4,200,000 of 10,000,000  2.1 M/s  2s left"
        );
        assert_eq!(line(4200, None, 2, 80), "4,200 users  2.1 k/s  2s");
        assert_eq!(line(0, Some(0), 0, 40), "100.00%  ━━━━━━━━━━━━━━━━━━━━━━━━");
    }

    #[test]
    fn stays_on_one_line() {
        for width in 20..100 {
            let line = line(u64::MAX / 3, Some(u64::MAX), 1000, width);
            assert!(
                unicode_width::UnicodeWidthStr::width(line.as_str()) < usize::from(width).max(20),
                "{line}"
            );
        }
    }
}
