//! How `diff` looks.

use serde::Serialize;

use crate::layer::Origin;
use crate::report::{
    ComparedReport, DiffCount, DiffReport, DifferenceReport, FieldDifferenceReport, FreshnessReport,
    SideReport,
};

use super::super::delimited::Records;
use super::super::document::{Column, Document, Row, Table, Text};
use super::super::json;
use super::super::number::{age, count, counted};
use super::super::render::Present;
use super::super::screen::Screen;
use super::super::style::Style;
use super::common::{or_empty, origin_footer, state};

/// The schema of one definition in `-o jsonl`.
const ITEM: &str = "ffctl.difference/1";

/// A definition on a line of its own, with what holds for all of them.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    item: &'a DifferenceReport,
    #[serde(skip_serializing_if = "Option::is_none")]
    freshness: Option<&'a FreshnessReport>,
}

impl Present for DiffReport {
    fn document(&self) -> Document {
        let mut document = Document::new();
        document.line(Text::styled(Style::Faint, "from ").join(from_to(self)));
        for difference in &self.differences {
            document.gap();
            document.line(headline(difference));
            document.table(Table {
                columns: vec![
                    Column::new("FIELD").wrapping(),
                    Column::new("VALUE").wrapping(),
                    Column::new("PLACE").folding(0, ""),
                ],
                rows: difference.fields.iter().flat_map(field_rows).collect(),
                indent: 4,
                bare: true,
            });
            for remark in warnings(difference) {
                document.item(2, Text::styled(Style::Warning, "!"), remark);
            }
            for remark in remarks(difference) {
                document.item(2, Text::new(), remark);
            }
        }
        document.gap();
        document.line(count_line(&self.count));
        document.line(footer(self));
        for side in [&self.before, &self.after] {
            document.line(asked(side));
        }
        document
    }

    fn markdown(&self) -> Document {
        let mut document = Document::new();
        document.line(count_line(&self.count).and(", from ").join(from_to(self)));
        document.table(Table {
            columns: vec![
                Column::new("CHANGE"),
                Column::new("NAME"),
                Column::new("BEFORE"),
                Column::new("AFTER"),
                Column::new("DIFFERS IN"),
            ],
            rows: self.differences.iter().map(markdown_row).collect(),
            ..Table::default()
        });
        for difference in &self.differences {
            let about = |sign: &str| Text::plain(sign).with(Style::Strong, &*difference.name).and(": ");
            for warning in warnings(difference) {
                document.item(0, Text::new(), about("⚠ ").join(warning));
            }
            for remark in remarks(difference) {
                document.item(0, Text::new(), about("").join(remark));
            }
        }
        if self.differences.iter().any(|difference| !difference.fields.is_empty()) {
            let mut patch = Vec::new();
            for difference in self.differences.iter().filter(|difference| !difference.fields.is_empty()) {
                patch.push(Text::plain(format!("@@ {} @@", name_in_words(difference))));
                patch.extend(difference.fields.iter().flat_map(patch_lines));
            }
            document.details("Every field", patch);
        }
        document.line(footer(self));
        for side in [&self.before, &self.after].into_iter().filter(|side| side.target.is_some()) {
            document.item(0, Text::new(), asked(side));
        }
        document
    }

    fn records(&self) -> Records {
        let record = |difference: &DifferenceReport, field: Option<&FieldDifferenceReport>| {
            let summary = |side: &Option<SideReport>| {
                side.as_ref().and_then(|side| side.summary.clone()).unwrap_or_default()
            };
            let of =
                |text: fn(&FieldDifferenceReport) -> Option<String>| field.and_then(text).unwrap_or_default();
            vec![
                difference.kind.to_owned(),
                difference.name.clone(),
                difference.change.to_owned(),
                difference.was.clone().unwrap_or_default(),
                summary(&difference.before),
                summary(&difference.after),
                of(|field| Some(field.field.clone())),
                of(|field| Some(field.effect.to_owned())),
                of(|field| field.old.clone()),
                of(|field| field.new.clone()),
                or_empty(field.and_then(|field| field.old_place.as_ref())),
                or_empty(field.and_then(|field| field.new_place.as_ref())),
            ]
        };
        let mut rows = Vec::new();
        for difference in &self.differences {
            if difference.fields.is_empty() {
                rows.push(record(difference, None));
            }
            rows.extend(difference.fields.iter().map(|field| record(difference, Some(field))));
        }
        Records {
            header: &[
                "kind",
                "name",
                "change",
                "was",
                "before",
                "after",
                "field",
                "effect",
                "old",
                "new",
                "old_place",
                "new_place",
            ],
            rows,
        }
    }

    fn names(&self) -> Vec<String> {
        self.differences.iter().map(|difference| difference.name.clone()).collect()
    }

    fn json_lines(&self, screen: &Screen) -> String {
        let freshness = self.freshness.as_ref();
        let line = |item| json::line(ITEM, &Line { item, freshness }, *screen);
        self.differences.iter().map(line).collect()
    }
}

/// Returns the two states: `git:HEAD~1 → default (flags.toml)`.
fn from_to(report: &DiffReport) -> Text {
    let one = |compared: &ComparedReport| {
        let text = Text::styled(Style::Strong, &*compared.state);
        let says_it = |file: &&String| compared.state != **file && !compared.state.starts_with("git:");
        match compared.file.as_ref().filter(says_it) {
            Some(file) => text.with(Style::Faint, format!(" ({file})")),
            None => text,
        }
    };
    one(&report.before).with(Style::Faint, " to ").join(one(&report.after))
}

fn sign(difference: &DifferenceReport) -> Text {
    match difference.change {
        "added" => Text::styled(Style::Added, "+"),
        "removed" => Text::styled(Style::Removed, "-"),
        "renamed" => Text::styled(Style::Warning, "→"),
        _ => Text::styled(Style::Warning, "~"),
    }
}

fn headline(difference: &DifferenceReport) -> Text {
    let mut text = sign(difference).and(" ");
    if difference.kind != "flag" {
        text = text.with(Style::Faint, format!("{} ", difference.kind));
    }
    if let Some(was) = &difference.was {
        text = text.with(Style::Removed, &**was).with(Style::Faint, " → ");
    }
    text = text.with(Style::Strong, &*difference.name);
    if difference.was.is_some() {
        let moves = if difference.moves_people { "" } else { ", moves nobody" };
        text = text.with(Style::Faint, format!("  renamed{moves}"));
    }
    let states = states(difference);
    if states.is_empty() { text } else { text.and("  ").join(states) }
}

/// Returns the state before and after, once where it stays.
fn states(difference: &DifferenceReport) -> Text {
    match (shown(difference.before.as_ref()), shown(difference.after.as_ref())) {
        (Some(before), Some(after)) if before == after => Text::styled(Style::Faint, "stays ").join(after),
        (Some(before), Some(after)) => before.with(Style::Faint, " → ").join(after),
        (Some(before), None) => Text::styled(Style::Faint, "was ").join(before),
        (None, after) => after.unwrap_or_default(),
    }
}

fn shown(side: Option<&SideReport>) -> Option<Text> {
    let side = side?;
    Some(state(side.state?, side.summary.as_deref().unwrap_or_default()))
}

/// Returns the place as an editor takes it; the column is for programs.
fn place(origin: Option<&Origin>) -> Text {
    let text = match origin {
        None => return Text::new(),
        Some(Origin::File { file, line, .. }) => format!("{file}:{line}"),
        Some(other) => other.to_string(),
    };
    Text::styled(Style::Faint, text)
}

/// Returns a line with the old value and one with the new; metadata is fainter.
fn field_rows(field: &FieldDifferenceReport) -> Vec<Row> {
    let metadata = field.effect == "metadata";
    let style = |style: Style| if metadata { Style::Faint } else { style };
    let sides = [
        (&field.old, &field.old_place, "- ", Style::Removed),
        (&field.new, &field.new_place, "+ ", Style::Added),
    ];
    let mut title = Some(Text::styled(style(Style::Plain), &*field.field));
    let mut rows = Vec::new();
    for (value, origin, mark, color) in sides {
        let Some(value) = value else { continue };
        rows.push(Row::new([
            title.take().unwrap_or_default().into(),
            Text::styled(style(color), mark).with(style(color), &**value).into(),
            place(origin.as_ref()).into(),
        ]));
    }
    rows
}

fn patch_lines(field: &FieldDifferenceReport) -> Vec<Text> {
    let line = |mark: &str, value: &Option<String>, origin: &Option<Origin>| {
        let value = value.as_ref()?;
        let place = place(origin.as_ref());
        let text = Text::plain(format!("{mark} {}: {value}", field.field));
        Some(if place.is_empty() { text } else { text.and("  (").join(place).and(")") })
    };
    let lines = [line("-", &field.old, &field.old_place), line("+", &field.new, &field.new_place)];
    lines.into_iter().flatten().collect()
}

/// Returns what nobody may overlook.
fn warnings(difference: &DifferenceReport) -> Vec<Text> {
    let mut all = Vec::new();
    let loud = |text: &str| Text::styled(Style::Warning, text);
    for field in difference.fields.iter().filter(|field| field.effect == "moves_people") {
        let why = match field.field.as_str() {
            "salt" => "the hash takes another key, so everybody gets another bucket",
            "bucketing" => "another algorithm hashes, so everybody gets another bucket",
            "bucket_by" => "something else is hashed, so everybody gets another bucket",
            _ => "the shares stand in another order, which decides who gets what",
        };
        all.push(loud("moves people: ").and(why));
    }
    if let Some(other) = &difference.resembles {
        all.push(loud("moves people: ").and(format!(
            "this is `{other}` under a new name; with salt = \"{other}\" everybody keeps the bucket"
        )));
    }
    let problems = difference.before.iter().chain(&difference.after).flat_map(|side| &side.problems);
    let mut seen: Vec<&String> = Vec::new();
    for problem in problems {
        if !seen.contains(&problem) {
            seen.push(problem);
            all.push(Text::styled(Style::Error, "invalid: ").and(&**problem));
        }
    }
    all
}

/// Returns what explains a difference.
fn remarks(difference: &DifferenceReport) -> Vec<Text> {
    let mut all = Vec::new();
    let clear = |side: &Option<SideReport>| side.as_ref().is_none_or(|side| side.problems.is_empty());
    let by_another = difference.change == "changed" && difference.fields.is_empty();
    if by_another && clear(&difference.before) && clear(&difference.after) {
        all.push(Text::plain("only a prerequisite differs"));
    }
    if !difference.used_by.is_empty() {
        all.push(Text::plain(format!("asked by {}", difference.used_by.join(", "))));
    }
    all
}

fn name_in_words(difference: &DifferenceReport) -> String {
    let kind = if difference.kind == "flag" { String::new() } else { format!("{} ", difference.kind) };
    match &difference.was {
        Some(was) => format!("{kind}{was} → {}", difference.name),
        None => format!("{kind}{}", difference.name),
    }
}

/// How many fields are named in a table of Markdown.
const NAMED: usize = 6;

fn markdown_row(difference: &DifferenceReport) -> Row {
    let side = |side: Option<&SideReport>| match side {
        None => Text::plain("—"),
        some => shown(some).unwrap_or_default(),
    };
    let mut fields: Vec<&str> = difference.fields.iter().map(|field| field.field.as_str()).collect();
    fields.dedup();
    let rest = fields.len().saturating_sub(NAMED);
    fields.truncate(NAMED);
    let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    let name = Text::styled(Style::Strong, name_in_words(difference));
    Row::new([
        Text::plain(difference.change).into(),
        name.into(),
        side(difference.before.as_ref()).into(),
        side(difference.after.as_ref()).into(),
        Text::plain(fields.join(", ") + &more).into(),
    ])
}

fn count_line(counts: &DiffCount) -> Text {
    let DiffCount { compared, differing, added, removed, changed, renamed, moving, invalid } = *counts;
    let compared = counted(count(compared), "definition");
    if differing == 0 {
        return Text::styled(Style::Strong, "no differences").and(format!(" in {compared}"));
    }
    let verb = if differing == 1 { "differs" } else { "differ" };
    let mut text = Text::styled(Style::Strong, format!("{differing} of {compared} {verb}"));
    let parts = [
        (changed, "changed", Style::Plain),
        (added, "added", Style::Added),
        (removed, "removed", Style::Removed),
        (renamed, "renamed", Style::Plain),
        (moving, "moving people", Style::Warning),
        (invalid, "invalid", Style::Invalid),
    ];
    let mut between = ": ";
    for (number, word, style) in parts.into_iter().filter(|(number, ..)| *number > 0) {
        text = text.and(between).with(style, format!("{number} {word}"));
        between = ", ";
    }
    text
}

/// Returns what a side that is a target was read from, and how old that is; nothing of other sides.
fn asked(side: &ComparedReport) -> Text {
    let (Some(target), Some(freshness)) = (&side.target, &side.freshness) else { return Text::new() };
    let saved = side.state.starts_with("snapshot:");
    let old = freshness.age_seconds.map_or_else(String::new, age);
    let when = match freshness.state {
        "cached" if saved => Text::plain(format!("saved {old} ago")),
        "cached" => Text::styled(Style::Warning, format!("cached {old} ago")),
        "live" => Text::plain("asked now"),
        _ => Text::styled(Style::Warning, "not asked"),
    };
    let view = side.view.filter(|view| *view == "server" && !saved).map_or("", |_| "its own words");
    Text::dotted([
        Text::styled(Style::Faint, format!("{}: ", side.state)).and(&*target.label),
        when,
        Text::styled(Style::Faint, view),
    ])
}

fn footer(report: &DiffReport) -> Text {
    match (&report.target, &report.freshness) {
        (Some(target), Some(freshness)) => origin_footer(target, freshness, true),
        _ => Text::new(),
    }
}
