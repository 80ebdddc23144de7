//! How `history` looks.

use crate::model::Timestamp;
use crate::report::{HistoryChange, HistoryEntry, HistoryReport, HistoryToken};

use super::super::delimited::Records;
use super::super::document::{Column, Document, Row, Table, Text};
use super::super::number::{count, counted};
use super::super::render::{Present, item_lines};
use super::super::screen::Screen;
use super::super::style::Style;
use super::common::{or_empty, source, target_line};

/// The schema of one change in `-o jsonl`.
const ITEM: &str = "ffctl.journal/1";

impl Present for HistoryReport {
    fn document(&self) -> Document {
        let mut document = Document::new();
        document.table(Table {
            columns: vec![
                Column::new("CHANGE"),
                Column::new("WHEN"),
                Column::new("BY").wrapping(),
                Column::new("FLAG").wrapping(),
                Column::new("WHAT").wrapping(),
                Column::new("LAYER").wrapping().folding(1, "layer"),
            ],
            rows: self.entries.iter().flat_map(rows).collect(),
            ..Table::default()
        });
        document.gap();
        let number = match (self.entries.len(), self.complete) {
            (0, _) => Text::plain("no changes"),
            (some, true) => Text::plain(counted(count(some), "change")),
            (some, false) => {
                Text::plain(counted(count(some), "change")).with(Style::Faint, ", not all there are")
            }
        };
        let asked = match self.freshness.state {
            "not_asked" => Text::styled(Style::Warning, "admin: not asked"),
            _ => Text::new(),
        };
        document.line(number);
        document.line(Text::dotted([target_line(&self.target), asked]));
        document
    }

    fn records(&self) -> Records {
        // What was done to a token: its role, which it has from then on, or no more.
        let of_token = |token: &HistoryToken| {
            let (old, new) = if token.change == "created" { ("", token.role) } else { (token.role, "") };
            let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            HistoryChange {
                flag: String::new(),
                field: format!("token {}", token.name),
                old: some(old),
                new: some(new),
                expires_at: token.expires_at,
                ends: String::new(),
            }
        };
        let record = |entry: &HistoryEntry, change: &HistoryChange| {
            vec![
                entry.number.clone(),
                or_empty(entry.at),
                or_empty(entry.by.as_ref()),
                entry.layer.to_string(),
                or_empty(entry.file.as_ref()),
                change.flag.clone(),
                change.field.clone(),
                or_empty(change.old.as_ref()),
                or_empty(change.new.as_ref()),
                or_empty(entry.reason.as_ref()),
                or_empty(entry.tool.as_ref()),
            ]
        };
        Records {
            header: &["number", "at", "by", "layer", "file", "flag", "field", "old", "new", "reason", "tool"],
            rows: self
                .entries
                .iter()
                .flat_map(|entry| {
                    let token = entry.token.as_ref().map(of_token);
                    entry.changes.iter().chain(&token).map(|change| record(entry, change)).collect::<Vec<_>>()
                })
                .collect(),
        }
    }

    fn names(&self) -> Vec<String> {
        self.entries.iter().map(|entry| entry.number.clone()).collect()
    }

    fn json_lines(&self, screen: &Screen) -> String {
        item_lines(ITEM, &self.entries, &self.freshness, *screen)
    }
}

/// Returns the rows of a change: one for each field, what holds for all of them in the first; when exactly and why
/// below the last.
fn rows(entry: &HistoryEntry) -> Vec<Row> {
    let by = entry.by.clone().map_or_else(|| Text::styled(Style::Faint, "not said"), Text::plain);
    let layer = match &entry.file_shown {
        Some(file) => source(entry.layer).with(Style::Faint, format!(" {file}")),
        None => source(entry.layer),
    };
    let number = Text::styled(Style::Strong, &*entry.number);
    let mut head = Some([number, Text::plain(&*entry.ago), by, layer]);
    let mut flag = None;
    let mut rows = Vec::new();
    let mut add = |name: Text, what: Text| {
        let [number, ago, by, layer] = head.take().unwrap_or_default();
        rows.push(Row::new([number.into(), ago.into(), by.into(), name.into(), what.into(), layer.into()]));
    };
    for change in &entry.changes {
        let name = if flag == Some(&change.flag) { Text::new() } else { Text::plain(&*change.flag) };
        flag = Some(&change.flag);
        add(name, in_short(change, entry.expires_at.is_some()));
    }
    match &entry.token {
        Some(token) => add(Text::styled(Style::Faint, "token"), done_to(token)),
        None if entry.changes.is_empty() => add(Text::new(), Text::new()),
        None => {}
    }
    // To the second; the rest is for programs.
    let seconds = |at: Timestamp| Timestamp::from_millis(at.millis().div_euclid(1_000) * 1_000).to_string();
    let at = entry.at.map(|at| Text::styled(Style::Faint, seconds(at))).unwrap_or_default();
    let reason = entry.reason.as_ref().map(|why| Text::styled(Style::Faint, "reason: ").and(&**why));
    let ends = if entry.ends.is_empty() { String::new() } else { format!("ends {}", entry.ends) };
    let below = Text::dotted([at, reason.unwrap_or_default(), Text::styled(Style::Faint, ends)]);
    if let Some(last) = rows.last_mut().filter(|_| !below.is_empty()) {
        last.below.push(below);
    }
    rows
}

/// Returns what was done to a token: `ci made, editor`.
fn done_to(token: &HistoryToken) -> Text {
    let done = match token.change {
        "created" => Text::styled(Style::Added, "made"),
        other => Text::styled(Style::Removed, other),
    };
    let ends = token.expires_at.map(|ends| format!(", until {}", ends.date())).unwrap_or_default();
    Text::plain(format!("{} ", token.name))
        .join(done)
        .and(format!(", {}", token.role))
        .with(Style::Faint, ends)
}

/// Returns one change in short: `rollout 25% → 50%`; where only the end of a value became another one, `rollout stays 25%`.
fn in_short(change: &HistoryChange, ends: bool) -> Text {
    let value = |value: &Option<String>, style| match value {
        Some(value) => Text::styled(style, &**value),
        None => Text::styled(Style::Faint, "not set"),
    };
    if change.old == change.new {
        let stays = Text::plain(format!("{} stays ", change.field)).join(value(&change.new, Style::Added));
        return if ends { stays } else { stays.and(" for good") };
    }
    Text::plain(format!("{} ", change.field))
        .join(value(&change.old, Style::Removed))
        .with(Style::Faint, " → ")
        .join(value(&change.new, Style::Added))
        .with(
            Style::Faint,
            if change.ends.is_empty() { String::new() } else { format!(", ends {}", change.ends) },
        )
}
