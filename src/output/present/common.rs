//! Phrases that several reports share.

use crate::layer::Source;
use crate::report::{FreshnessReport, LinesChange, StateWord, TargetReport};

use super::super::document::{Document, Text};
use super::super::number::age;
use super::super::style::Style;

/// Returns a state with the sign that tells it apart without colour.
pub(super) fn state(word: StateWord, summary: &str) -> Text {
    let sign = match word {
        StateWord::On => "●",
        StateWord::Off => "○",
        StateWord::Partial => "◐",
        StateWord::Invalid => "!",
        StateWord::Absent => "·",
    };
    Text::styled(word.into(), format!("{sign} {summary}"))
}

/// Returns the name of a layer.
pub(super) fn source(source: Source) -> Text {
    Text::styled(Style::Source(source), source_word(source))
}

/// Returns the name of a layer as people read it.
pub(super) fn source_word(source: Source) -> &'static str {
    match source {
        Source::WhatIf => "what if",
        other => other.word(),
    }
}

/// Returns a value in the colour of what it means: switches like states, everything else plain.
pub(super) fn value(value: &str) -> Text {
    match value {
        "on" | "true" => Text::styled(Style::On, value),
        "off" | "false" => Text::styled(Style::Off, value),
        other => Text::plain(other),
    }
}

/// Returns the line that names what a command speaks to.
pub(super) fn target_line(target: &TargetReport) -> Text {
    Text::styled(Style::Faint, "target: ").and(&*target.label)
}

/// Returns the last line of an answer: what was asked and how old its answer is. Nothing where that goes
/// without saying: a local store that was just read and decides nothing.
pub(super) fn origin_footer(target: &TargetReport, freshness: &FreshnessReport, decides: bool) -> Text {
    let asked = age_words(freshness).map_or_else(Text::new, |words| Text::styled(Style::Warning, words));
    if asked.is_empty() && target.kind == "local" && !decides {
        return Text::new();
    }
    Text::dotted([target_line(target), asked])
}

/// Returns how old the admin layer's answer is, in words; none where it was just asked.
pub(in super::super) fn age_words(freshness: &FreshnessReport) -> Option<String> {
    match freshness.state {
        "not_asked" => Some("admin: not asked".to_owned()),
        "cached" => {
            let old =
                freshness.age_seconds.map_or_else(String::new, |seconds| format!(" {} ago", age(seconds)));
            Some(format!("admin: cached{old}"))
        }
        _ => None,
    }
}

/// Shows the lines of a file that go and come.
pub(super) fn changed_lines(lines: &LinesChange, document: &mut Document) {
    document.gap();
    document.line(Text::styled(Style::Faint, format!("from line {}:", lines.line)));
    for (sign, style, all) in [("-", Style::Removed, &lines.removed), ("+", Style::Added, &lines.added)] {
        for line in all {
            document.item(1, Text::styled(style, sign), Text::styled(style, &**line));
        }
    }
}

/// Returns a mark of something that is so or not; the words beside it say the same.
pub(super) fn tick(yes: bool) -> Text {
    if yes { Text::styled(Style::On, "✓") } else { Text::styled(Style::Faint, "✗") }
}

/// Returns an optional value as text, empty where there is none.
pub(super) fn or_empty(value: Option<impl ToString>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}
