//! How what `watch` tells looks.

use crate::report::{FieldDifferenceReport, WatchReport, WatchedSide};

use super::super::delimited::Records;
use super::super::document::{Column, Document, Row, Text};
use super::super::render::Present;
use super::super::style::Style;
use super::common::{or_empty, state};

/// The columns of Markdown.
pub(in super::super) const WATCH_COLUMNS: [Column; 6] = [
    Column::new("TIME"),
    Column::new("FLAG"),
    Column::new("EVENT"),
    Column::new("BY"),
    Column::new("CHANGE"),
    Column::new("WHY"),
];

impl Present for WatchReport {
    fn document(&self) -> Document {
        let mut document = Document::new();
        let time = Text::styled(Style::Faint, time(self)).and(" ");
        let away = if self.away { "while it was away" } else { "" };
        let by = self.by.as_ref().map(|by| Text::plain("by ").and(&**by)).unwrap_or_default();
        let journal = self.journal.map(|number| format!("journal {number}")).unwrap_or_default();
        let reason = self.reason.as_ref();
        let reason = reason.map(|why| Text::styled(Style::Faint, "reason: ").and(&**why)).unwrap_or_default();
        let message = self.message.clone().unwrap_or_default();
        let flag = self.flag.as_ref().map(|flag| Text::styled(Style::Strong, &**flag).and("  "));
        let what = flag.unwrap_or_default().join(what(self));
        let rest = [
            by,
            Text::plain(journal),
            reason,
            Text::styled(Style::Faint, away),
            Text::styled(Style::Faint, message),
        ];
        document.item(0, time, Text::dotted(std::iter::once(what).chain(rest)));
        document
    }

    fn records(&self) -> Records {
        let side = |side: &Option<WatchedSide>| or_empty(side.as_ref().map(|side| side.summary.clone()));
        Records {
            header: &[
                "at",
                "event",
                "flag",
                "was",
                "is",
                "source",
                "fields",
                "by",
                "reason",
                "journal",
                "changed_at",
                "away",
                "message",
            ],
            rows: vec![vec![
                self.at.to_string(),
                self.event.to_owned(),
                or_empty(self.flag.as_ref()),
                side(&self.was),
                side(&self.is),
                or_empty(self.is.as_ref().map(|is| is.source.clone())),
                fields_in_words(&self.fields),
                or_empty(self.by.as_ref()),
                or_empty(self.reason.as_ref()),
                or_empty(self.journal),
                or_empty(self.changed_at),
                self.away.to_string(),
                if self.event == "until" { until_in_words(self) } else { or_empty(self.message.as_ref()) },
            ]],
        }
    }

    fn names(&self) -> Vec<String> {
        // What happens to the target is no silence either; no flag is called that.
        vec![self.flag.clone().unwrap_or_else(|| format!("({})", self.event))]
    }
}

/// Returns the row of Markdown.
pub(in super::super) fn watch_row(report: &WatchReport) -> Row {
    let mut why = report.reason.clone().or_else(|| report.message.clone()).unwrap_or_default();
    if report.away {
        why =
            if why.is_empty() { "while it was away".to_owned() } else { format!("{why}, while it was away") };
    }
    Row::new([
        Text::plain(time(report)).into(),
        Text::styled(Style::Strong, or_empty(report.flag.as_ref())).into(),
        what(report).into(),
        Text::plain(or_empty(report.by.as_ref())).into(),
        Text::plain(or_empty(report.journal)).into(),
        Text::plain(why).into(),
    ])
}

/// Returns when it happened: as the journal says, else when it was noticed; the time of the day, to the second.
fn time(report: &WatchReport) -> String {
    let at = report.changed_at.unwrap_or(report.at);
    let seconds = crate::model::Timestamp::from_millis(at.millis().div_euclid(1_000) * 1_000).to_string();
    seconds.split_once('T').map_or(seconds.clone(), |(_, time)| time.to_owned())
}

/// Returns what happened.
fn what(report: &WatchReport) -> Text {
    let shown = |side: &Option<WatchedSide>| side.as_ref().map(|side| state(side.state, &side.summary));
    match report.event {
        "unreachable" => Text::styled(Style::Error, "unreachable: ").and(&*report.target.label),
        "reachable" => Text::styled(Style::On, "reachable again: ").and(&*report.target.label),
        "until" => until(report),
        "added" => Text::styled(Style::Added, "added ").join(shown(&report.is).unwrap_or_default()),
        "removed" => Text::styled(Style::Removed, "gone ").join(
            shown(&report.was).map(|was| Text::styled(Style::Faint, "was ").join(was)).unwrap_or_default(),
        ),
        _ => match (shown(&report.was), shown(&report.is)) {
            (Some(was), Some(is)) if was != is => was.with(Style::Faint, " → ").join(is),
            (_, Some(is)) => Text::dotted([
                Text::plain(fields_in_words(&report.fields)),
                Text::styled(Style::Faint, "now ").join(is),
            ]),
            (_, None) => Text::plain(fields_in_words(&report.fields)),
        },
    }
}

fn until(report: &WatchReport) -> Text {
    let holds = report.holds == Some(true);
    let mark = if holds { Text::styled(Style::On, "✓ ") } else { Text::styled(Style::Error, "✗ ") };
    mark.and(until_in_words(report))
}

/// Returns what the conditions came to: all of them where they hold, else those that do not.
fn until_in_words(report: &WatchReport) -> String {
    if report.holds == Some(true) {
        let names: Vec<&str> =
            report.conditions.iter().map(|condition| condition.condition.as_str()).collect();
        let verb = if names.len() == 1 { "holds" } else { "hold" };
        return format!("{} {verb}", names.join(", "));
    }
    let open = report.conditions.iter().filter(|condition| !condition.holds);
    open.map(|condition| format!("{} {}", condition.condition, condition.answer()))
        .collect::<Vec<_>>()
        .join(", ")
}

/// Returns the fields in words: `rollout 10% → 25%, user u-42 → on`.
fn fields_in_words(fields: &[FieldDifferenceReport]) -> String {
    let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "not set".to_owned());
    let one = |field: &FieldDifferenceReport| {
        format!("{} {} → {}", field.field, value(&field.old), value(&field.new))
    };
    fields.iter().map(one).collect::<Vec<_>>().join(", ")
}
