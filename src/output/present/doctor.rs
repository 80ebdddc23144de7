//! How `doctor` looks.

use crate::report::{DoctorReport, HealthReport};

use super::super::delimited::Records;
use super::super::document::{Column, Document, Row, Table, Text};
use super::super::number::counted;
use super::super::render::Present;
use super::super::style::Style;
use super::common::or_empty;

impl Present for DoctorReport {
    fn document(&self) -> Document {
        let mut document = Document::new();
        let mut last = "";
        let rows = self.findings.iter().map(|finding| {
            let is_new = finding.check != last;
            last = finding.check;
            row(finding, is_new)
        });
        document.table(Table {
            columns: vec![
                Column::new("CHECK"),
                Column::new(""),
                Column::new("FINDING").wrapping(),
                Column::new("FROM").folding(1, "from"),
            ],
            rows: rows.collect(),
            ..Table::default()
        });
        document.gap();
        let of = |count: u64, noun: &str, style: Style| match count {
            0 => Text::new(),
            count => Text::styled(style, counted(count, noun)),
        };
        let wrong = of(self.summary.wrong, "thing", Style::Error);
        let wrong =
            if wrong.is_empty() { Text::styled(Style::On, "nothing is wrong") } else { wrong.and(" wrong") };
        document.line(Text::dotted([wrong, of(self.summary.warning, "warning", Style::Warning)]));
        document
    }

    fn records(&self) -> Records {
        let record = |finding: &HealthReport| {
            vec![
                finding.check.to_owned(),
                finding.level.to_owned(),
                finding.message.clone(),
                or_empty(finding.place.as_ref()),
                or_empty(finding.fix.as_ref()),
                finding.exit.to_string(),
            ]
        };
        Records {
            header: &["check", "level", "message", "place", "fix", "exit"],
            rows: self.findings.iter().map(record).collect(),
        }
    }

    fn names(&self) -> Vec<String> {
        let bad = self.findings.iter().filter(|finding| matches!(finding.level, "wrong" | "warning"));
        let mut names: Vec<String> = bad.map(|finding| finding.check.to_owned()).collect();
        names.dedup();
        names
    }
}

fn row(finding: &HealthReport, is_new: bool) -> Row {
    let (mark, style) = match finding.level {
        "ok" => ("✓", Style::On),
        "skipped" => ("-", Style::Faint),
        "warning" => ("!", Style::Warning),
        _ => ("✗", Style::Error),
    };
    let check = if is_new { Text::styled(Style::Strong, finding.check) } else { Text::new() };
    let place = finding.place.clone().unwrap_or_default();
    let mut row = Row::new([
        check.into(),
        Text::styled(style, mark).into(),
        Text::plain(&*finding.message).into(),
        Text::styled(Style::Faint, place).into(),
    ]);
    let fix = |fix: &String| Text::styled(Style::Faint, "fix: ").with(Style::Hint, &**fix);
    row.below = finding.fix.iter().map(fix).collect();
    row
}
