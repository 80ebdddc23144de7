//! How `check` looks.

use serde::Serialize;

use crate::check::Outcome;
use crate::layer::Origin;
use crate::report::{CheckCount, CheckReport, ConditionReport, FreshnessReport};

use super::super::delimited::Records;
use super::super::document::{Column, Document, Row, Table, Text};
use super::super::format::Format;
use super::super::number::{count, counted};
use super::super::render::{Present, foreign};
use super::super::screen::Screen;
use super::super::style::Style;
use super::super::workflow::{Annotation, annotation};
use super::super::{json, junit};
use super::common::{age_words, or_empty, origin_footer, source, target_line};

/// The schema of one verdict in `-o jsonl`.
const ITEM: &str = "ffctl.verdict/1";

/// One verdict, on a line of its own, with what holds for all of them.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    condition: &'a ConditionReport,
    freshness: Option<&'a FreshnessReport>,
}

impl Present for CheckReport {
    fn document(&self) -> Document {
        let mut document = Document::new();
        if let Some(context) = &self.context {
            document.line(Text::styled(Style::Faint, "for ").with(Style::Strong, &*context.summary));
        }
        document.table(Table {
            columns: vec![
                Column::new("CONDITION"),
                Column::new("ANSWER").wrapping(),
                Column::new("DECIDED BY").folding(1, "decided by"),
            ],
            rows: self.conditions.iter().map(|condition| row(condition, self.freshness.is_some())).collect(),
            ..Table::default()
        });
        document.gap();
        document.line(count_line(&self.count));
        let origin = match (&self.target, &self.freshness) {
            (Some(target), Some(freshness)) => origin_footer(target, freshness, true),
            (Some(target), None) => target_line(target),
            (None, _) => Text::new(),
        };
        let view = self
            .view
            .map_or_else(Text::new, |view| Text::styled(Style::Faint, "view: ").with(Style::Warning, view));
        document.line(Text::dotted([origin, view]));
        document
    }

    fn records(&self) -> Records {
        let freshness = self.freshness.as_ref().map_or("", |freshness| freshness.state);
        Records {
            header: &[
                "condition",
                "name",
                "user",
                "wanted",
                "outcome",
                "holds",
                "exit",
                "actual",
                "message",
                "hint",
                "reason",
                "source",
                "origin",
                "freshness",
            ],
            rows: self.conditions.iter().map(|condition| record(condition, freshness)).collect(),
        }
    }

    /// The names of what does not hold, each once.
    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for condition in self.conditions.iter().filter(|condition| !condition.holds) {
            if !names.contains(&condition.name) {
                names.push(condition.name.clone());
            }
        }
        names
    }

    fn json_lines(&self, screen: &Screen) -> String {
        let line =
            |condition| json::line(ITEM, &Line { condition, freshness: self.freshness.as_ref() }, *screen);
        self.conditions.iter().map(line).collect()
    }

    fn for_ci(&self, format: Format, screen: &Screen) -> String {
        match format {
            Format::Junit => junit::junit(self),
            _ => annotations(self, *screen),
        }
    }
}

/// Returns the mark of an outcome.
fn mark(outcome: Outcome) -> Text {
    match outcome {
        Outcome::Holds => Text::styled(Style::On, "✓"),
        Outcome::Fails | Outcome::Partial => Text::styled(Style::Error, "✗"),
        _ => Text::styled(Style::Invalid, "!"),
    }
}

/// Returns the row of a condition. Where nothing could be read, the failure says once what to do about it.
fn row(condition: &ConditionReport, read: bool) -> Row {
    let answer = condition.answer();
    let (word, rest) = match answer.split_once(':') {
        Some((word, rest)) if word == condition.outcome.word() => (word, rest),
        _ if answer == condition.outcome.word() => (answer.as_str(), ""),
        _ => ("", answer.as_str()),
    };
    let style = match condition.outcome {
        Outcome::Holds => Style::Plain,
        Outcome::Fails => Style::Removed,
        Outcome::Partial => Style::Partial,
        _ => Style::Error,
    };
    let colon = if word.is_empty() || rest.is_empty() { "" } else { ":" };
    let mut row = Row::new([
        mark(condition.outcome).and(" ").with(Style::Strong, &*condition.condition).into(),
        Text::styled(style, format!("{word}{colon}")).and(rest).into(),
        decided_by(condition).into(),
    ]);
    if let Some(hint) = condition.hint.as_ref().filter(|_| read) {
        row.below.push(Text::styled(Style::Hint, "hint: ").and(&**hint));
    }
    row
}

fn decided_by(condition: &ConditionReport) -> Text {
    let layer = condition.source.map_or_else(Text::new, source);
    let place = condition.origin.as_ref().map_or_else(String::new, |origin| format!(" {origin}"));
    let reason = condition.reason.map_or("", |reason| reason.word());
    Text::dotted([layer.with(Style::Faint, place), Text::styled(Style::Faint, reason)])
}

/// Returns how many hold, in words.
pub(in super::super) fn count_words(of: &CheckCount) -> String {
    let CheckCount { total, hold, fail, unclear } = *of;
    match (hold, total) {
        (1, 1) => "the condition holds".to_owned(),
        (0, 1) if unclear == 1 => "the condition has no answer".to_owned(),
        (0, 1) => "the condition does not hold".to_owned(),
        (2, 2) => "both conditions hold".to_owned(),
        _ if hold == total => format!("all {} hold", counted(count(total), "condition")),
        _ => {
            let verb = if hold == 1 { "holds" } else { "hold" };
            let rest = match (fail, unclear) {
                (_, 0) => String::new(),
                (0, unclear) => format!(", {unclear} without an answer"),
                (fail, unclear) => format!(", {fail} not, {unclear} without an answer"),
            };
            format!("{hold} of {} {verb}{rest}", counted(count(total), "condition"))
        }
    }
}

fn count_line(of: &CheckCount) -> Text {
    let style = if of.hold == of.total { Style::On } else { Style::Error };
    Text::styled(style, count_words(of))
}

/// Returns the annotations of GitHub's workflows, beside the value that decided where that stands in a file, and a
/// line that sums them up.
fn annotations(report: &CheckReport, screen: Screen) -> String {
    let mut out = String::new();
    // Each annotation is shown alone, so that each must say that its answer is not of now.
    let age = report.freshness.as_ref().and_then(age_words);
    let aged = age.as_ref().map_or_else(String::new, |age| format!(" · {age}"));
    for condition in &report.conditions {
        let decided = match (condition.source, &condition.origin) {
            (Some(source), Some(origin)) => format!(" ({source} {origin})"),
            _ => String::new(),
        };
        let hint = condition.hint.as_ref().map_or_else(String::new, |hint| format!("\n{hint}"));
        let holds = if condition.holds { "holds: " } else { "" };
        let message = format!("{}: {holds}{}{decided}{aged}{hint}", condition.condition, condition.answer());
        let place = match &condition.origin {
            Some(Origin::File { file, line, column }) => Some((&**file, *line, *column)),
            _ => None,
        };
        out.push_str(&annotation(&Annotation {
            command: if condition.holds { "notice" } else { "error" },
            file: place.map(|(file, ..)| file),
            line: place.map(|(_, line, _)| line),
            columns: place.map(|(.., column)| (column, column)),
            title: "ffctl check",
            message: &message,
        }));
    }
    let target = report
        .target
        .as_ref()
        .map_or_else(String::new, |target| format!(" (target: {}{aged})", target.label));
    let summary = format!("ffctl check: {}{target}", count_words(&report.count)).replace('\n', " ");
    out.push_str(&foreign(&summary, Screen { ci: true, ..screen }));
    out
}

fn record(condition: &ConditionReport, freshness: &str) -> Vec<String> {
    vec![
        condition.condition.clone(),
        condition.name.clone(),
        condition.user.clone().unwrap_or_default(),
        condition.wanted.clone(),
        condition.outcome.word().to_owned(),
        condition.holds.to_string(),
        condition.exit.to_string(),
        condition.actual.clone().unwrap_or_default(),
        condition.message.clone().unwrap_or_default(),
        condition.hint.clone().unwrap_or_default(),
        condition.reason.map_or_else(String::new, |reason| reason.word().to_owned()),
        or_empty(condition.source),
        or_empty(condition.origin.as_ref()),
        freshness.to_owned(),
    ]
}
