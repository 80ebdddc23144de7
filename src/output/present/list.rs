//! How `list` looks.

use indexmap::IndexMap;

use crate::layer::Source;
use crate::model::{Split, VariationName};
use crate::report::{Count, FlagReport, ListReport, StateWord};

use super::super::delimited::Records;
use super::super::document::{Column, Document, Row, Table, Text};
use super::super::number::{count, counted};
use super::super::render::{Present, item_lines};
use super::super::screen::Screen;
use super::super::style::Style;
use super::common::{or_empty, origin_footer, source, source_word, state};

/// The schema of one flag in `-o jsonl`.
const ITEM: &str = "ffctl.flag/1";

impl Present for ListReport {
    fn document(&self) -> Document {
        let mut document = Document::new();
        document.table(Table {
            columns: vec![
                Column::new("FLAG"),
                Column::new("STATE").wrapping(),
                Column::new("SOURCE").wrapping(),
                Column::new("TARGETING").wrapping().folding(2, ""),
                Column::new("OWNER").folding(1, "owner"),
                Column::new("EXPIRES").folding(1, "expires"),
                Column::new("OVERRIDES").wrapping().folding(3, "overrides"),
            ],
            rows: self.flags.iter().map(row).collect(),
            ..Table::default()
        });
        document.gap();
        document.line(count_line(&self.count, self.file.as_deref()));
        let decides = self.flags.iter().any(|flag| flag.all_sources().contains(&Source::Admin));
        document.line(origin_footer(&self.target, &self.freshness, decides));
        document
    }

    fn records(&self) -> Records {
        Records {
            header: &[
                "name",
                "state",
                "summary",
                "enabled",
                "source",
                "rollout",
                "serve",
                "split",
                "users",
                "orgs",
                "rules",
                "owner",
                "tags",
                "expires",
                "expired",
                "declared",
                "drift",
                "overridden",
                "problems",
                "freshness",
            ],
            rows: self.flags.iter().map(|flag| record(flag, self.freshness.state)).collect(),
        }
    }

    fn names(&self) -> Vec<String> {
        self.flags.iter().map(|flag| flag.name.clone()).collect()
    }

    fn json_lines(&self, screen: &Screen) -> String {
        item_lines(ITEM, &self.flags, &self.freshness, *screen)
    }
}

fn row(flag: &FlagReport) -> Row {
    let mut name = Text::styled(Style::Strong, &*flag.name);
    if !flag.declared {
        name = name.with(Style::Warning, " undeclared");
    }
    let mut row = Row::new([
        name.into(),
        state(flag.state, &flag.summary).into(),
        sources(flag).into(),
        targeting(flag).into(),
        flag.owner.clone().unwrap_or_default().into(),
        expires(flag).into(),
        overrides(flag).into(),
    ]);
    if let Some(server) = flag.server.as_ref().filter(|_| flag.drift) {
        let word = if server.enabled { "on" } else { "off" };
        let drift = Text::styled(Style::Warning, "drift: ")
            .and(format!("the server says {word}"))
            .with(Style::Faint, format!(" ({})", server.source));
        row.below.push(drift);
    }
    if !flag.ends.is_empty() {
        row.below.push(Text::styled(Style::Faint, format!("override ends {}", flag.ends)));
    }
    row.below
        .extend(flag.problems.iter().map(|problem| Text::styled(Style::Error, "invalid: ").and(&**problem)));
    row
}

/// Returns the layer of the switch, and what comes from higher ones: `default · rollout, 1 user admin`.
fn sources(flag: &FlagReport) -> Text {
    let of = &flag.sources;
    let mut text = source(flag.source);
    let fields = [("rollout", of.rollout), ("serve", of.serve)];
    let mut others: Vec<(String, Source)> = fields
        .into_iter()
        .filter_map(|(field, source)| Some((field.to_owned(), source?)))
        .filter(|(_, source)| *source != flag.source)
        .collect();
    for (noun, entries) in [("user", &of.users), ("org", &of.orgs)] {
        for layer in Source::ALL.into_iter().filter(|layer| *layer != flag.source) {
            match entries.values().filter(|source| **source == layer).count() {
                0 => {}
                1 => others.push((format!("1 {noun}"), layer)),
                several => others.push((format!("{several} {noun}s"), layer)),
            }
        }
    }
    // What only flags.toml can say is no news beside a switch from above.
    for layer in Source::ALL.into_iter().filter(|layer| *layer != Source::Default) {
        let fields: Vec<&str> =
            others.iter().filter(|(_, of)| *of == layer).map(|(field, _)| field.as_str()).collect();
        if !fields.is_empty() {
            text = text.with(Style::Faint, format!(" · {} ", fields.join(", "))).join(source(layer));
        }
    }
    text
}

/// Returns who is treated apart, in short, and what an off flag would serve.
fn targeting(flag: &FlagReport) -> Text {
    let mut parts = Vec::new();
    // The state of a flag that is partly on has its rollout or split and counts the rest already.
    let counted_already = flag.state == StateWord::Partial;
    if !counted_already {
        match (flag.rollout, &flag.serve, &flag.split) {
            (Some(rollout), ..) if rollout.to_string() != "100%" => parts.push(format!("rollout {rollout}")),
            (_, _, Some(split)) => parts.push(format!("split {}", shares(split))),
            (_, Some(serve), _) => parts.push(format!("serves {serve}")),
            _ => {}
        }
    }
    for (noun, entries) in [("org", &flag.orgs), ("user", &flag.users)] {
        parts.extend(entries_in_short(noun, entries, counted_already));
    }
    if flag.rules > 0 && !counted_already {
        parts.push(counted(count(flag.rules), "rule"));
    }
    parts.extend(flag.prerequisites.iter().map(|prerequisite| format!("needs {prerequisite}")));
    Text::dotted(parts.into_iter().map(|part| Text::styled(plain_unless_off(flag.state), part)))
}

fn plain_unless_off(state: StateWord) -> Style {
    if state == StateWord::Off { Style::Faint } else { Style::Plain }
}

/// Returns a list by its keys where they are few, else by its size unless that was said already.
fn entries_in_short(noun: &str, entries: &IndexMap<String, VariationName>, counted: bool) -> Option<String> {
    let off = entries.values().filter(|variation| variation.as_str() == "off").count();
    match entries.len() {
        0 => None,
        few @ 1..=2 => {
            let keys = entries.iter().map(|(key, variation)| match variation.as_str() {
                "on" => key.clone(),
                other => format!("{key}={other}"),
            });
            let plural = if few == 1 { "" } else { "s" };
            Some(format!("{noun}{plural} {}", keys.collect::<Vec<_>>().join(", ")))
        }
        many if off > 0 => Some(format!("{many} {noun}s ({off} off)")),
        _ if counted => None,
        many => Some(format!("{many} {noun}s")),
    }
}

/// Returns a split in short: `v2 90 / v3 10`.
pub(super) fn shares(split: &Split) -> String {
    let pairs = split.pairs().iter().map(|(name, share)| format!("{name} {}", share.get()));
    pairs.collect::<Vec<_>>().join(" / ")
}

fn expires(flag: &FlagReport) -> Text {
    match (flag.expires, flag.expired) {
        (None, _) => Text::new(),
        (Some(day), false) => Text::plain(day.to_string()),
        (Some(day), true) => Text::styled(Style::Warning, format!("{day} (expired)")),
    }
}

/// Returns the values that a higher layer overrides: `rollout 25% (default)`.
fn overrides(flag: &FlagReport) -> Text {
    let one = |over: &crate::report::OverriddenReport| {
        Text::plain(format!("{} ", over.field))
            .with(Style::Overridden, &*over.value)
            .with(Style::Faint, format!(" ({})", source_word(over.source)))
    };
    let mut text = Text::new();
    for over in &flag.overridden {
        let comma = if text.is_empty() { "" } else { ", " };
        text = text.with(Style::Faint, comma).join(one(over));
    }
    text
}

fn count_line(counts: &Count, file: Option<&str>) -> Text {
    let Count { shown, total, on, off, partial, invalid, undeclared, overridden } = *counts;
    if total == 0 {
        return Text::plain(match file {
            Some(file) => format!("no flags in {file}"),
            None => "no flags".to_owned(),
        });
    }
    let head = if shown == total {
        counted(count(total), "flag")
    } else {
        format!("{shown} of {}", counted(count(total), "flag"))
    };
    let states = [("on", on, Style::On), ("off", off, Style::Plain), ("partial", partial, Style::Partial)];
    let mut text = Text::styled(Style::Strong, head);
    let mut sign = ": ";
    for (word, number, style) in states.into_iter().chain([("invalid", invalid, Style::Invalid)]) {
        if number > 0 {
            text = text.and(sign).with(style, format!("{number} {word}"));
            sign = ", ";
        }
    }
    let extra = |word: &str, number: usize| match number {
        0 => Text::new(),
        number => Text::plain(format!("{number} {word}")),
    };
    Text::dotted([text, extra("overridden", overridden), extra("undeclared", undeclared)])
}

fn record(flag: &FlagReport, freshness: &str) -> Vec<String> {
    let entries = |entries: &IndexMap<String, VariationName>| {
        let pairs = entries.iter().map(|(key, variation)| format!("{key}={variation}"));
        pairs.collect::<Vec<_>>().join(";")
    };
    let overridden =
        flag.overridden.iter().map(|over| format!("{} {} ({})", over.field, over.value, over.source));
    vec![
        flag.name.clone(),
        flag.state.word().to_owned(),
        flag.summary.clone(),
        or_empty(flag.enabled),
        flag.source.to_string(),
        or_empty(flag.rollout),
        or_empty(flag.serve.as_ref()),
        flag.split.as_ref().map_or_else(String::new, shares),
        entries(&flag.users),
        entries(&flag.orgs),
        flag.rules.to_string(),
        flag.owner.clone().unwrap_or_default(),
        flag.tags.join(";"),
        or_empty(flag.expires),
        flag.expired.to_string(),
        flag.declared.to_string(),
        flag.drift.to_string(),
        overridden.collect::<Vec<_>>().join("; "),
        flag.problems.join("; "),
        freshness.to_owned(),
    ]
}
