//! How `explain` looks: the flag, the layers of each field, what flags.toml defines, and the trace.

use crate::layer::{Origin, Source};
use crate::model::Weight;
use crate::report::{ExplainReport, FieldReport, RuleReport, SettingReport};

use super::super::delimited::Records;
use super::super::document::{Column, Document, Row, Table, Text};
use super::super::render::Present;
use super::super::style::Style;
use super::common::{origin_footer, source, state, value};
use super::trace;

impl Present for ExplainReport {
    fn document(&self) -> Document {
        let mut document = Document::new();
        head(&mut document, self);
        document.heading("Layers");
        document.table(Table {
            columns: vec![
                Column::new("FIELD"),
                Column::new("VALUE").wrapping(),
                Column::new("SOURCE"),
                Column::new("PLACE").wrapping(),
                Column::new(""),
            ],
            rows: self.fields.iter().flat_map(field_rows).collect(),
            indent: 2,
            bare: false,
        });
        definition(&mut document, self);
        if let Some(evaluation) = &self.evaluation {
            trace::show(&mut document, evaluation, &self.flag.name);
        }
        let footer =
            origin_footer(&self.target, &self.freshness, self.flag.all_sources().contains(&Source::Admin));
        document.gap();
        document.line(footer);
        document
    }

    fn records(&self) -> Records {
        let setting = |field: &FieldReport, setting: &SettingReport| {
            vec![
                self.flag.name.clone(),
                field.field.clone(),
                setting.value.clone(),
                setting.source.to_string(),
                setting.origin.to_string(),
                setting.by.clone().unwrap_or_default(),
                setting.at.map(|at| at.to_string()).unwrap_or_default(),
                setting.wins.to_string(),
            ]
        };
        Records {
            header: &["flag", "field", "value", "source", "origin", "by", "at", "wins"],
            rows: self
                .fields
                .iter()
                .flat_map(|field| field.settings.iter().map(move |one| setting(field, one)))
                .collect(),
        }
    }

    fn names(&self) -> Vec<String> {
        vec![self.flag.name.clone()]
    }
}

/// The flag, what it is for, and who answers for it.
fn head(document: &mut Document, report: &ExplainReport) {
    let flag = &report.flag;
    document.line(Text::styled(Style::Strong, &*flag.name).and("  ").join(state(flag.state, &flag.summary)));
    document.line(flag.description.clone().unwrap_or_default());
    let labelled = |label: &str, text: Option<String>| match text {
        Some(text) if !text.is_empty() => Text::styled(Style::Faint, format!("{label} ")).and(text),
        _ => Text::new(),
    };
    let expires = match flag.expires {
        Some(day) if flag.expired => Text::styled(Style::Warning, format!("expired {day}")),
        day => labelled("expires", day.map(|day| day.to_string())),
    };
    let declared = if flag.declared {
        labelled("declared in", flag.place.as_ref().map(Origin::to_string))
    } else {
        Text::styled(Style::Warning, "undeclared: only the admin layer knows it")
    };
    document.line(Text::dotted([
        labelled("owner", flag.owner.clone()),
        labelled("tags", Some(flag.tags.join(", "))),
        expires,
        declared,
    ]));
    for problem in &flag.problems {
        document.line(Text::styled(Style::Error, "invalid: ").and(&**problem));
    }
    if let Some(server) = flag.server.as_ref().filter(|_| flag.drift) {
        let word = if server.enabled { "on" } else { "off" };
        document.line(Text::styled(Style::Warning, "drift: ").and(format!(
            "the server says {word} ({}), this checkout resolves {}",
            server.source, flag.summary
        )));
    }
}

fn field_rows(field: &FieldReport) -> Vec<Row> {
    let row = |(at, setting): (usize, &SettingReport)| {
        let name = if at == 0 { Text::plain(&*field.field) } else { Text::new() };
        let place = match &setting.detail {
            Some(detail) => format!("{} {detail}", setting.origin),
            None => setting.origin.to_string(),
        };
        if setting.wins {
            let wins = if field.settings.len() > 1 { "▸ wins" } else { "" };
            Row::new([
                name.into(),
                value(&setting.value).into(),
                source(setting.source).into(),
                Text::plain(place).into(),
                Text::styled(Style::On, wins).into(),
            ])
        } else {
            Row::new([
                name.into(),
                Text::styled(Style::Overridden, &*setting.value).into(),
                source(setting.source).into(),
                Text::styled(Style::Faint, place).into(),
                Text::styled(Style::Faint, "overridden").into(),
            ])
        }
    };
    field.settings.iter().enumerate().map(row).collect()
}

/// What flags.toml alone defines: variations, prerequisites, rules, and what is hashed.
fn definition(document: &mut Document, report: &ExplainReport) {
    let defined = &report.definition;
    let boolean = defined.variations.iter().all(|(name, _)| matches!(name.as_str(), "on" | "off"));
    if !boolean {
        document.heading("Variations");
        let row = |(name, served): &(crate::model::VariationName, crate::model::Value)| {
            let off = if defined.off.as_ref() == Some(name) { "served when off" } else { "" };
            Row::new([
                Text::plain(name.to_string()).into(),
                served.to_string().into(),
                Text::styled(Style::Faint, off).into(),
            ])
        };
        document.table(Table {
            columns: vec![Column::new("VARIATION"), Column::new("VALUE").wrapping(), Column::new("")],
            rows: defined.variations.iter().map(row).collect(),
            indent: 2,
            bare: true,
        });
    }
    if !defined.prerequisites.is_empty() {
        document.heading("Prerequisites");
        for prerequisite in &defined.prerequisites {
            document.item(1, Text::styled(Style::Faint, "·"), prerequisite.as_str());
        }
    }
    if !defined.rules.is_empty() {
        document.heading("Rules");
        for rule in &defined.rules {
            show_rule(document, rule);
        }
    }
    // The trace says by what and with what it bucketed, and where everyone gets the same nothing is.
    let mut trace = report.evaluation.iter().flat_map(|evaluation| &evaluation.trace);
    let traced = trace.any(|step| step.outcome == "decided" && step.bucket.is_some());
    let partly = |weight: &Weight| !matches!(*weight, Weight::NONE | Weight::ALL);
    let buckets = report.flag.split.is_some()
        || report.flag.rollout.as_ref().is_some_and(partly)
        || defined.rules.iter().any(|rule| partly(&rule.rollout) || rule.serve.contains(" / "));
    if traced || !buckets {
        return;
    }
    let salted = if defined.hash_key == report.flag.name { "its name" } else { defined.hash_key.as_str() };
    document.heading("Bucketing");
    document.item(
        1,
        Text::new(),
        Text::styled(Style::Faint, "by ")
            .and(&*defined.bucket_by)
            .with(Style::Faint, ", hashed with ")
            .and(salted)
            .with(Style::Faint, format!(" · {}", defined.algorithm)),
    );
}

fn show_rule(document: &mut Document, rule: &RuleReport) {
    let served = match rule.rollout.to_string().as_str() {
        "100%" => Text::plain(&*rule.serve),
        part => Text::plain(&*rule.serve).with(Style::Faint, " to ").and(part),
    };
    let name = rule.name.as_ref().map_or_else(String::new, |name| format!("{name}  "));
    let place = rule.origin.as_ref().map_or_else(String::new, |origin| format!("  {origin}"));
    let arrow = Text::styled(Style::Faint, "→ ");
    let head = Text::styled(Style::Strong, name).join(arrow).join(served).with(Style::Faint, place);
    document.item(1, Text::styled(Style::Faint, format!("{}", rule.rule)), head);
    for (at, clause) in rule.clauses.iter().enumerate() {
        let word = if at == 0 { "when" } else { " and" };
        document.item(2, Text::styled(Style::Faint, word), clause.as_str());
    }
}
