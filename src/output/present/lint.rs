//! How `lint` looks.

use crate::report::{FindingReport, LintReport, LintRule, Report, RulesReport};

use super::super::delimited::Records;
use super::super::document::{Column, Document, Excerpt, Row, Table, Text};
use super::super::format::Format;
use super::super::json;
use super::super::number::{count, counted};
use super::super::render::Present;
use super::super::sarif::sarif;
use super::super::screen::Screen;
use super::super::style::Style;
use super::super::workflow::{Annotation, annotation};
use super::common::or_empty;

fn style(severity: &str) -> Style {
    match severity {
        "error" => Style::Error,
        "warning" => Style::Warning,
        _ => Style::Hint,
    }
}

/// Returns where a finding stands within its file.
fn place(finding: &FindingReport) -> String {
    match (&finding.variable, finding.line, finding.column) {
        (Some(variable), ..) => variable.clone(),
        (None, Some(line), Some(column)) => format!("{line}:{column}"),
        (None, ..) => String::new(),
    }
}

fn width(finding: &FindingReport) -> usize {
    let (from, to) = (finding.column.unwrap_or(1), finding.end_column.unwrap_or(2));
    to.saturating_sub(from).max(1)
}

/// Returns the last line: how much was found, and where nothing could be looked for.
fn summary(report: &LintReport) -> Text {
    let of = &report.count;
    let counts = [
        (of.errors, "error", Style::Error),
        (of.warnings, "warning", Style::Warning),
        (of.notes, "note", Style::Hint),
    ];
    let found = counts.into_iter().filter(|(number, ..)| *number > 0);
    let found: Vec<Text> =
        found.map(|(number, noun, style)| Text::styled(style, counted(count(number), noun))).collect();
    let mut files = vec![report.file.as_str()];
    files.extend(report.env_files.iter().map(String::as_str));
    let names = files.join(", ");
    let text = if found.is_empty() {
        Text::styled(Style::On, "nothing found").with(Style::Faint, format!(" in {names}"))
    } else {
        Text::dotted(found).with(Style::Faint, format!(" in {names}"))
    };
    let mut more = Vec::new();
    more.push(text);
    if of.denied > 0 {
        more.push(Text::styled(Style::Error, format!("{} denied", of.denied)));
    }
    if of.allowed > 0 {
        more.push(Text::styled(Style::Faint, format!("{} allowed", of.allowed)));
    }
    Text::dotted(more)
}

impl Present for LintReport {
    fn document(&self) -> Document {
        let mut document = Document::new();
        let mut group: Option<Option<&str>> = None;
        for finding in &self.findings {
            let file = finding.file.as_deref();
            if group != Some(file) {
                document.heading(file.unwrap_or("variables of this process"));
                group = Some(file);
            }
            let severity = style(finding.severity);
            document.line(
                Text::styled(Style::Strong, place(finding))
                    .and("  ")
                    .with(severity, finding.severity)
                    .and("  ")
                    .and(&*finding.message)
                    .with(Style::Faint, format!("  {}", finding.code)),
            );
            if let (Some(line), Some(column), Some(text)) = (finding.line, finding.column, &finding.text) {
                let (width, text) = (width(finding), text.clone());
                document.excerpt(Excerpt { line, column, width, text, style: severity });
            }
            if let Some(fix) = &finding.fix {
                document.item(4, Text::styled(Style::Added, "fix:"), fix.as_str());
            }
        }
        document.gap();
        if !self.complete {
            let first = format!("once {} can be read, more may be found", self.file);
            document.line(Text::styled(Style::Faint, first));
        }
        document.line(summary(self));
        document
    }

    fn markdown(&self) -> Document {
        let mut document = Document::new();
        let columns = ["PLACE", "", "RULE", "FINDING", "FIX"].map(Column::new).to_vec();
        let rows = self.findings.iter().map(|finding| {
            let file = finding.file.as_ref().map(|file| format!("{file}:")).unwrap_or_default();
            Row {
                cells: vec![
                    format!("{file}{}", place(finding)).into(),
                    Text::styled(style(finding.severity), finding.severity).into(),
                    finding.code.into(),
                    (&*finding.message).into(),
                    or_empty(finding.fix.as_ref()).into(),
                ],
                ..Row::default()
            }
        });
        document.table(Table { columns, rows: rows.collect(), ..Table::default() });
        document.line(summary(self));
        document
    }

    fn records(&self) -> Records {
        Records {
            header: &[
                "file",
                "line",
                "column",
                "end_column",
                "variable",
                "severity",
                "code",
                "name",
                "message",
                "fix",
                "denied",
            ],
            rows: self
                .findings
                .iter()
                .map(|finding| {
                    vec![
                        or_empty(finding.file.as_ref()),
                        or_empty(finding.line),
                        or_empty(finding.column),
                        or_empty(finding.end_column),
                        or_empty(finding.variable.as_ref()),
                        finding.severity.to_owned(),
                        finding.code.to_owned(),
                        or_empty(finding.name.as_ref()),
                        finding.message.clone(),
                        or_empty(finding.fix.as_ref()),
                        finding.denied.to_string(),
                    ]
                })
                .collect(),
        }
    }

    fn names(&self) -> Vec<String> {
        self.findings.iter().map(|finding| finding.code.to_owned()).collect()
    }

    fn json_lines(&self, screen: &Screen) -> String {
        self.findings.iter().map(|finding| json::line(Self::SCHEMA, finding, *screen)).collect()
    }

    fn for_ci(&self, format: Format, screen: &Screen) -> String {
        match format {
            Format::Github => self.findings.iter().map(|finding| annotate(finding, self)).collect(),
            _ => sarif(self, *screen),
        }
    }
}

fn annotate(finding: &FindingReport, report: &LintReport) -> String {
    // A line end that came from outside does not end a line of ours.
    let one_line = |text: &str| text.replace('\n', "\\n");
    let fix = finding.fix.as_ref().map(|fix| format!("\nfix: {}", one_line(fix))).unwrap_or_default();
    let message = format!("{}{fix}", one_line(&finding.message));
    let uri = if finding.file.is_some() { &finding.uri } else { &report.uri };
    annotation(&Annotation {
        command: match finding.severity {
            "error" => "error",
            "warning" => "warning",
            _ => "notice",
        },
        file: Some(&uri.path),
        line: finding.line,
        columns: finding.column.map(|column| (column, column + width(finding) - 1)),
        title: &format!("ffctl {}", finding.code),
        message: &message,
    })
}

impl Present for RulesReport {
    fn document(&self) -> Document {
        let mut document = Document::new();
        if self.explained {
            for rule in &self.rules {
                document.line(
                    Text::styled(Style::Strong, rule.code)
                        .and("  ")
                        .with(style(rule.severity), rule.severity),
                );
                document.line(rule.finds);
                document.gap();
                document.line(rule.why);
            }
            return document;
        }
        let columns = vec![Column::new("RULE"), Column::new("SEVERITY"), Column::new("FINDS").wrapping()];
        let row = |rule: &LintRule| Row {
            cells: vec![
                Text::styled(Style::Strong, rule.code).into(),
                Text::styled(style(rule.severity), rule.severity).into(),
                rule.finds.into(),
            ],
            ..Row::default()
        };
        document.table(Table { columns, rows: self.rules.iter().map(row).collect(), ..Table::default() });
        document
    }

    fn records(&self) -> Records {
        let row =
            |rule: &LintRule| [rule.code, rule.severity, rule.finds, rule.why].map(str::to_owned).to_vec();
        Records { header: &["code", "severity", "finds", "why"], rows: self.rules.iter().map(row).collect() }
    }

    fn names(&self) -> Vec<String> {
        self.rules.iter().map(|rule| rule.code.to_owned()).collect()
    }

    fn json_lines(&self, screen: &Screen) -> String {
        self.rules.iter().map(|rule| json::line(Self::SCHEMA, rule, *screen)).collect()
    }
}
