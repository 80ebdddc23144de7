//! Bars and rulers: shares as lengths.

use super::document::{Ruler, Text};
use super::style::Style;

/// Returns how many of `width` cells a share (0..=1) fills, in half cells; a share above zero fills at least
/// one half, and one below one leaves at least one half free.
fn halves(share: f64, width: usize) -> usize {
    let most = width * 2;
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a width of a screen, and a share that was clamped to 0..=1"
    )]
    let filled = (share.clamp(0.0, 1.0) * most as f64).round() as usize;
    if share > 0.0 && filled == 0 {
        1
    } else if share < 1.0 && filled == most {
        most.saturating_sub(1)
    } else {
        filled.min(most)
    }
}

/// Returns a bar of a share (0..=1), `width` cells wide.
pub(super) fn bar(share: f64, width: usize) -> Text {
    let filled = halves(share, width);
    let (whole, half) = (filled / 2, filled % 2);
    Text::new()
        .with(Style::Bar, "━".repeat(whole))
        .with(Style::Bar, "╸".repeat(half))
        .with(Style::Track, "─".repeat(width - whole - half))
}

/// Returns a bar of a share before and after, `width` cells wide: what stays, what is gained or lost, and the rest, each
/// with lines of its own.
pub(super) fn change_bar(before: f64, after: f64, width: usize) -> Text {
    let cells = |share: f64| halves(share, width).div_ceil(2);
    let (least, most) = (cells(before.min(after)), cells(before.max(after)));
    // What changes at all is seen.
    let least = if before.total_cmp(&after).is_eq() { most } else { least.min(most.saturating_sub(1)) };
    let (style, line) = if after > before { (Style::Added, "═") } else { (Style::Removed, "┄") };
    Text::new()
        .with(Style::Bar, "━".repeat(least))
        .with(style, line.repeat(most - least))
        .with(Style::Track, "─".repeat(width - most))
}

/// Says what the lines of such a bar mean.
pub(super) fn change_key() -> Text {
    let key = |style, line: &str, words| Text::styled(style, line).with(Style::Faint, words);
    key(Style::Bar, "━", " on before and after  ")
        .join(key(Style::Added, "═", " on after alone  "))
        .join(key(Style::Removed, "┄", " on before alone"))
}

/// Returns the two or three lines of a ruler, `width` cells wide: the scale with the part that decides and
/// the bucket, and what they are called.
pub(super) fn ruler(ruler: &Ruler, width: usize) -> Vec<Text> {
    let width = width.max(10);
    let cell = |share: f64| (halves(share, width) / 2).min(width - 1);
    let (from, to) = (halves(ruler.part.0, width) / 2, halves(ruler.part.1, width).div_ceil(2));
    let at = cell(ruler.at);
    let mut scale = Text::styled(Style::Faint, "0% ");
    for position in 0..width {
        scale = if position == at {
            scale.with(if ruler.inside { Style::On } else { Style::Partial }, "◆")
        } else if (from..to).contains(&position) {
            scale.with(Style::Bar, "━")
        } else {
            scale.with(Style::Track, "─")
        };
    }
    let scale = scale.with(Style::Faint, " 100%");
    let mut labels = vec![(cell(ruler.at), ruler.label.as_str(), Style::Strong)];
    let ends = [(ruler.part.0, &ruler.labels.0), (ruler.part.1, &ruler.labels.1)];
    labels.extend(ends.map(|(share, label)| (cell(share), label.as_str(), Style::Faint)));
    labels.retain(|(_, label, _)| !label.is_empty());
    labels.sort_by_key(|(position, _, _)| *position);
    let mut lines = vec![scale];
    lines.extend(place(&labels, 3, width + 8));
    lines
}

/// Sets labels under their positions, centred; those that would touch go to a line of their own.
fn place(labels: &[(usize, &str, Style)], left: usize, width: usize) -> Vec<Text> {
    let mut lines: Vec<(usize, Text)> = Vec::new();
    for (position, label, style) in labels {
        let length = label.chars().count();
        let start = (left + position).saturating_sub(length / 2).min(width.saturating_sub(length));
        let room = lines.iter().position(|(end, _)| *end == 0 || *end + 2 <= start);
        let line = room.unwrap_or_else(|| {
            lines.push((0, Text::new()));
            lines.len() - 1
        });
        let (end, text) = &mut lines[line];
        let text_so_far = std::mem::take(text);
        *text = text_so_far.and(" ".repeat(start - *end)).with(*style, *label);
        *end = start + length;
    }
    lines.into_iter().map(|(_, text)| text).collect()
}

/// Returns the bar of a share as text alone, ten cells wide, for Markdown.
pub(super) fn plain_bar(share: f64) -> String {
    let filled = halves(share, 10).div_ceil(2).min(10);
    format!("{}{}", "█".repeat(filled), "░".repeat(10 - filled))
}

/// Returns a bar of work done of a total, `width` cells wide.
pub(super) fn done_bar(done: u64, total: u64, width: usize) -> Text {
    let share = if total == 0 { 1.0 } else { super::number::share(done.min(total), total) };
    bar(share, width)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &Text) -> String {
        text.spans.iter().map(|span| span.text.as_str()).collect()
    }

    #[test]
    fn bars_are_honest_at_their_ends() {
        assert_eq!(shown(&bar(0.0, 4)), "────");
        assert_eq!(shown(&bar(0.001, 4)), "╸───");
        assert_eq!(shown(&bar(0.5, 4)), "━━──");
        assert_eq!(shown(&bar(0.999, 4)), "━━━╸");
        assert_eq!(shown(&bar(1.0, 4)), "━━━━");
    }

    #[test]
    fn bars_of_a_change_show_what_comes_and_goes() {
        assert_eq!(shown(&change_bar(0.25, 0.5, 8)), "━━══────");
        assert_eq!(shown(&change_bar(0.5, 0.25, 8)), "━━┄┄────");
        assert_eq!(shown(&change_bar(0.5, 0.5, 8)), "━━━━────");
        assert_eq!(shown(&change_bar(0.5, 0.501, 8)), "━━━═────");
        assert_eq!(shown(&change_bar(0.0, 1.0, 4)), "════");
        assert_eq!(shown(&change_bar(0.0, 0.0, 4)), "────");
    }

    #[test]
    fn a_ruler_places_its_labels() {
        let at = |at, label: &str| Ruler {
            depth: 0,
            part: (0.0, 0.25),
            labels: (String::new(), "25%".into()),
            at,
            label: label.into(),
            inside: at < 0.25,
        };
        let lines: Vec<String> = ruler(&at(0.42, "42.000%"), 20).iter().map(shown).collect();
        assert_eq!(lines, ["0% ━━━━━───◆─────────── 100%", "       25%", "        42.000%"]);
        let lines: Vec<String> = ruler(&at(0.8, "80.000%"), 20).iter().map(shown).collect();
        assert_eq!(lines, ["0% ━━━━━───────────◆─── 100%", "       25%      80.000%"]);
    }
}
