//! How `get` looks.

use crate::report::{Answer, GetReport};

use super::super::delimited::Records;
use super::super::document::{Column, Document, Row, Table, Text};
use super::super::render::{Present, item_lines};
use super::super::screen::Screen;
use super::super::style::Style;
use super::common::{or_empty, origin_footer, source, state, value};

/// The schema of one answer in `-o jsonl`.
const ITEM: &str = "ffctl.answer/1";

impl Present for GetReport {
    fn document(&self) -> Document {
        let mut document = Document::new();
        if let Some(context) = &self.context {
            document.line(Text::styled(Style::Faint, "for ").with(Style::Strong, &*context.summary));
        }
        let rows = self.flags.iter().map(|answer| match self.field {
            Some(field) => Row::new([name(answer).into(), value(&answer.bare(Some(field))).into()]),
            None => row(answer),
        });
        let columns = match self.field {
            Some(field) => vec![Column::new("FLAG"), Column::new(title(field))],
            None => vec![
                Column::new("FLAG"),
                Column::new("VALUE").wrapping(),
                Column::new("STATE").wrapping(),
                Column::new("SOURCE"),
                Column::new("REASON").wrapping(),
            ],
        };
        document.table(Table { columns, rows: rows.collect(), ..Table::default() });
        let footer = origin_footer(&self.target, &self.freshness, false);
        if !footer.is_empty() {
            document.gap();
            document.line(footer);
        }
        document
    }

    fn records(&self) -> Records {
        Records {
            header: &[
                "name",
                "value",
                "variation",
                "state",
                "summary",
                "enabled",
                "source",
                "rollout",
                "rollout_source",
                "reason",
                "error_code",
                "rule",
                "bucket",
                "declared",
                "freshness",
            ],
            rows: self.flags.iter().map(|answer| record(answer, self.freshness.state)).collect(),
        }
    }

    fn names(&self) -> Vec<String> {
        self.flags.iter().map(|answer| answer.name.clone()).collect()
    }

    fn json_lines(&self, screen: &Screen) -> String {
        item_lines(ITEM, &self.flags, &self.freshness, *screen)
    }

    fn bare(&self) -> Option<String> {
        match self.flags.as_slice() {
            [only] => Some(only.bare(self.field)),
            _ => None,
        }
    }
}

fn title(field: &str) -> &'static str {
    match field {
        "enabled" => "ENABLED",
        "state" => "STATE",
        "source" => "SOURCE",
        "rollout" => "ROLLOUT",
        _ => "VALUE",
    }
}

fn name(answer: &Answer) -> Text {
    let name = Text::styled(Style::Strong, &*answer.name);
    if answer.declared { name } else { name.with(Style::Warning, " undeclared") }
}

/// Returns the layer of the switch, and that of the rollout where it is another one.
fn sources(answer: &Answer) -> Text {
    let switch = source(answer.source);
    if answer.rollout_source == answer.source {
        return switch;
    }
    Text::dotted([switch, Text::styled(Style::Faint, "rollout ").join(source(answer.rollout_source))])
}

fn row(answer: &Answer) -> Row {
    let reason = match (answer.reason, answer.error_code) {
        (_, Some(code)) => Text::styled(Style::Error, format!("error: {code}")),
        (Some(reason), None) => {
            let rule = answer.rule.map_or_else(String::new, |rule| format!(" (rule {rule})"));
            Text::styled(Style::Faint, format!("{reason}{rule}", reason = reason.word()))
        }
        (None, None) => Text::new(),
    };
    Row::new([
        name(answer).into(),
        value(&answer.bare(None)).into(),
        state(answer.state, &answer.summary).into(),
        sources(answer).into(),
        reason.into(),
    ])
}

fn record(answer: &Answer, freshness: &str) -> Vec<String> {
    vec![
        answer.name.clone(),
        or_empty(answer.value.as_ref()),
        or_empty(answer.variation.as_ref()),
        answer.state.word().to_owned(),
        answer.summary.clone(),
        or_empty(answer.enabled),
        answer.source.to_string(),
        answer.rollout.clone(),
        answer.rollout_source.to_string(),
        answer.reason.map_or_else(String::new, |reason| reason.word().to_owned()),
        answer.error_code.unwrap_or_default().to_owned(),
        or_empty(answer.rule),
        or_empty(answer.bucket.as_ref().and_then(|bucket| bucket.bucket)),
        answer.declared.to_string(),
        freshness.to_owned(),
    ]
}
