//! How a change looks: the plan before the question, and the receipt.

use crate::layer::Source;
use crate::model::Timestamp;
use crate::report::{ChangeReport, FieldChange, FlagChange};

use super::super::delimited::Records;
use super::super::document::{Column, Document, Row, Table, Text};
use super::super::render::Present;
use super::super::style::Style;
use super::common::{changed_lines, source, state, target_line};

impl Present for ChangeReport {
    fn document(&self) -> Document {
        let mut document = if self.shown { Document::new() } else { plan_document(self) };
        document.gap();
        match (self.outcome, &self.receipt) {
            ("unchanged", _) => {
                let what = match self.layer {
                    Source::Admin => ": it is so already".to_owned(),
                    layer => format!(": the {layer} layer says so already"),
                };
                document.line(Text::styled(Style::Strong, "unchanged").and(what));
            }
            ("planned", _) => {
                let refused = if self.refused_by.is_empty() { "" } else { ", and it would be refused:" };
                let planned = Text::styled(Style::Warning, "planned");
                document.line(planned.and(format!(": nothing was written{refused}")));
                for refusal in &self.refused_by {
                    let text = Text::plain(&*refusal.message);
                    let place = format!(" ({}: {})", refusal.place, refusal.guard);
                    document.item(1, Text::styled(Style::Warning, "!"), text.with(Style::Faint, place));
                }
            }
            (_, receipt) => {
                let mut done = vec![Text::styled(Style::Added, "written")];
                if let Some(receipt) = receipt {
                    done.extend(
                        receipt.journal.iter().map(|number| Text::plain(format!("journal {number}"))),
                    );
                    done.push(if receipt.read_back {
                        Text::plain("read back")
                    } else {
                        Text::styled(Style::Warning, "not read back")
                    });
                }
                document.line(Text::dotted(done));
                if let Some(undo) = receipt.as_ref().and_then(|receipt| receipt.undo.as_ref()) {
                    document.line(Text::styled(Style::Faint, "undo: ").with(Style::Hint, &**undo));
                }
            }
        }
        document
    }

    fn records(&self) -> Records {
        let field = |flag: &FlagChange, field: &FieldChange| {
            let receipt = self.receipt.as_ref();
            vec![
                flag.name.clone(),
                field.field.clone(),
                field.old.clone().unwrap_or_default(),
                field.new.clone().unwrap_or_default(),
                field.over.clone().unwrap_or_default(),
                field.masked.to_string(),
                flag.before_summary.clone(),
                flag.after_summary.clone(),
                self.layer.to_string(),
                self.outcome.to_owned(),
                receipt.and_then(|receipt| receipt.journal.clone()).unwrap_or_default(),
            ]
        };
        Records {
            header: &[
                "flag", "field", "old", "new", "over", "masked", "before", "after", "layer", "outcome",
                "journal",
            ],
            rows: self
                .flags
                .iter()
                .flat_map(|flag| flag.fields.iter().map(move |one| field(flag, one)))
                .collect(),
        }
    }

    fn names(&self) -> Vec<String> {
        self.flags.iter().map(|flag| flag.name.clone()).collect()
    }
}

/// Returns what is about to change, beginning with where.
pub(in super::super) fn plan_document(report: &ChangeReport) -> Document {
    let mut document = Document::new();
    document.line(target_line(&report.target));
    if report.layer != Source::Admin {
        document.line(Text::styled(Style::Faint, "layer:  ").join(source(report.layer)));
    }
    if let Some(reason) = &report.reason {
        document.line(Text::styled(Style::Faint, "reason: ").and(&**reason));
    }
    if !report.ends.is_empty() {
        document.line(Text::styled(Style::Faint, "ends by itself ").and(&*report.ends));
    }
    report.lines.iter().for_each(|lines| changed_lines(lines, &mut document));
    for flag in &report.flags {
        document.gap();
        document.line(headline(flag));
        document.table(Table {
            columns: vec![
                Column::new("FIELD"),
                Column::new("OLD").wrapping(),
                Column::new("NEW").wrapping(),
                Column::new("EFFECT").wrapping().folding(0, ""),
            ],
            rows: flag.fields.iter().map(|field| field_row(field, report.expires_at)).collect(),
            indent: 2,
            bare: true,
        });
        for note in &flag.notes {
            let text = Text::styled(Style::Warning, "note: ").and(&*note.message);
            document.item(1, Text::new(), text);
            if let Some(hint) = &note.hint {
                document.item(
                    2,
                    Text::new(),
                    Text::styled(Style::Faint, "hint: ").with(Style::Hint, &**hint),
                );
            }
        }
    }
    document
}

/// Returns a flag with its effective state before and after.
fn headline(flag: &FlagChange) -> Text {
    let name = Text::styled(Style::Strong, &*flag.name).and("  ");
    let before = state(flag.before, &flag.before_summary);
    if (flag.before, &flag.before_summary) == (flag.after, &flag.after_summary) {
        return name.and("stays ").join(before);
    }
    name.join(before).with(Style::Faint, " → ").join(state(flag.after, &flag.after_summary))
}

/// Returns the row of a field; `told` is the end that stands above already.
fn field_row(field: &FieldChange, told: Option<Timestamp>) -> Row {
    let unset = || Text::styled(Style::Faint, "not set");
    let old = field.old.as_ref().map_or_else(unset, |old| Text::styled(Style::Removed, &**old));
    let new = field.new.as_ref().map_or_else(unset, |new| Text::styled(Style::Added, &**new));
    let effect = match (&field.over, field.masked) {
        _ if field.then.is_some() => {
            let then = field.then.as_deref().unwrap_or_default();
            Text::styled(Style::Faint, format!("then {then}"))
        }
        (Some(over), true) => Text::styled(Style::Warning, "masked: ").and(format!("{over} stays in force")),
        (None, true) => Text::styled(Style::Warning, "masked by a higher layer, without effect"),
        (Some(over), false) => Text::styled(Style::Faint, format!("over {over}")),
        (None, false) => Text::new(),
    };
    let effect = match (field.old_ends, field.new_ends) {
        (Some(old), new) if Some(old) != new && field.new.is_some() => {
            let new = new.map_or_else(|| "no end".to_owned(), |ends| format!("ends {ends}"));
            let ends = Text::styled(Style::Faint, format!("ends {old} → ")).with(Style::Strong, new);
            Text::dotted([ends, effect])
        }
        (None, Some(ends)) if told != Some(ends) => {
            Text::dotted([Text::styled(Style::Strong, format!("ends {ends}")), effect])
        }
        _ => effect,
    };
    Row::new([
        Text::plain(&*field.field).into(),
        old.into(),
        Text::styled(Style::Faint, "→ ").join(new).into(),
        effect.into(),
    ])
}
