//! How `profile` looks.

use crate::report::{ProfileReport, ProfilesReport, TokenSourceReport};

use super::super::delimited::Records;
use super::super::document::{Column, Document, Row, Table, Text};
use super::super::render::Present;
use super::super::style::Style;
use super::common::{changed_lines, or_empty};

impl Present for ProfilesReport {
    fn document(&self) -> Document {
        let mut document = Document::new();
        match self.outcome {
            "listed" => list(self, &mut document),
            "shown" => self.profiles.iter().for_each(|profile| shown(profile, &mut document)),
            _ => changed(self, &mut document),
        }
        document.gap();
        if let Some(config) = &self.config {
            document.line(Text::styled(Style::Faint, "config: ").and(&**config));
        }
        if let Some(next) = &self.next {
            document.line(Text::styled(Style::Faint, "next: ").with(Style::Hint, &**next));
        }
        document
    }

    fn records(&self) -> Records {
        let record = |profile: &ProfileReport| {
            vec![
                profile.name.clone(),
                profile.url.clone(),
                profile.default.to_string(),
                profile.used.to_string(),
                profile.protected.to_string(),
                profile.token.source.to_owned(),
                profile.token.present.to_string(),
                or_empty(profile.token.problem.as_ref()),
                or_empty(profile.frozen_until),
                or_empty(profile.description.as_ref()),
                place(profile).to_owned(),
            ]
        };
        Records {
            header: &[
                "name",
                "url",
                "default",
                "used",
                "protected",
                "token",
                "token_present",
                "token_problem",
                "frozen_until",
                "description",
                "place",
            ],
            rows: self.profiles.iter().map(record).collect(),
        }
    }

    fn names(&self) -> Vec<String> {
        self.profiles.iter().map(|profile| profile.name.clone()).collect()
    }
}

/// Returns where a profile stands: the place of its first key.
fn place(profile: &ProfileReport) -> &str {
    profile.fields.first().map_or("", |field| &field.place)
}

fn list(report: &ProfilesReport, document: &mut Document) {
    if report.profiles.is_empty() {
        document.line(Text::styled(Style::Strong, "no profile"));
        return;
    }
    document.table(Table {
        columns: vec![
            Column::new(""),
            Column::new("PROFILE"),
            Column::new("URL").wrapping(),
            Column::new("TOKEN"),
            Column::new("GUARDS").folding(1, ""),
            Column::new("DESCRIPTION").wrapping().folding(2, ""),
        ],
        rows: report.profiles.iter().map(row).collect(),
        ..Table::default()
    });
}

fn row(profile: &ProfileReport) -> Row {
    let mark = if profile.used { Text::styled(Style::On, "▸") } else { Text::new() };
    let name = Text::styled(Style::Strong, &*profile.name);
    let name = if profile.default { name.with(Style::Faint, " default") } else { name };
    Row::new([
        mark.into(),
        name.into(),
        Text::plain(&*profile.url).into(),
        token(&profile.token, true).into(),
        guards(profile).into(),
        Text::plain(profile.description.clone().unwrap_or_default()).into(),
    ])
}

fn token(token: &TokenSourceReport, short: bool) -> Text {
    let from = match token.source {
        "token_file" if short => "file",
        other => other,
    };
    match (&token.problem, token.present) {
        (Some(_), _) if short => Text::styled(Style::Error, format!("{from}: unusable")),
        (Some(problem), _) => Text::styled(Style::Error, "unusable").and(format!(": {problem}")),
        (None, true) => Text::styled(Style::On, from),
        (None, false) => Text::styled(Style::Faint, "none"),
    }
}

/// Returns the guards of a profile in short.
fn guards(profile: &ProfileReport) -> Text {
    let mut words: Vec<Text> = Vec::new();
    if profile.protected {
        words.push(Text::plain("protected"));
    }
    for field in &profile.fields {
        match (field.key.as_str(), field.value.as_str()) {
            ("require_reason", "true") => words.push(Text::plain("reason")),
            ("max_step", step) => words.push(Text::plain(format!("step {step}"))),
            ("freeze", _) if profile.frozen_until.is_some() => {
                words.push(Text::styled(Style::Warning, "frozen"));
            }
            ("freeze", _) => words.push(Text::plain("freeze")),
            _ => {}
        }
    }
    Text::dotted(words)
}

fn shown(profile: &ProfileReport, document: &mut Document) {
    let mark = |yes: bool, word: &str| if yes { Text::styled(Style::On, word) } else { Text::new() };
    document.line(Text::dotted([
        Text::styled(Style::Strong, &*profile.name),
        mark(profile.default, "default"),
        mark(profile.used, "spoken to now"),
    ]));
    let field = |key: &str, value: Text, place: &str| {
        let place = Text::styled(Style::Faint, place);
        Row::new([Text::plain(key).into(), value.into(), place.into()])
    };
    let mut rows: Vec<Row> =
        profile.fields.iter().map(|one| field(&one.key, Text::plain(&*one.value), &one.place)).collect();
    let from = profile.token.file.clone().unwrap_or_default();
    let words = if profile.token.source == "none" {
        Text::styled(Style::Warning, "none")
    } else {
        token(&profile.token, false)
    };
    rows.push(field("token", words, &from));
    if let Some(ends) = profile.frozen_until {
        rows.push(field("frozen", Text::styled(Style::Warning, format!("until {ends}")), ""));
    }
    document.table(Table {
        columns: vec![
            Column::new("KEY"),
            Column::new("VALUE").wrapping(),
            Column::new("FROM").folding(0, "from"),
        ],
        rows,
        indent: 2,
        bare: true,
    });
}

fn changed(report: &ProfilesReport, document: &mut Document) {
    let would = report.dry_run && report.outcome != "unchanged";
    let mut line = match (report.outcome, would) {
        ("unchanged", _) => Text::styled(Style::Strong, "unchanged"),
        (word, true) => Text::styled(Style::Warning, format!("would be {word}")),
        (word, false) => Text::styled(Style::Added, word),
    };
    for profile in &report.profiles {
        line =
            line.and(" ").with(Style::Strong, &*profile.name).with(Style::Faint, format!(" {}", profile.url));
    }
    let nothing = if would { Text::plain("nothing was written") } else { Text::new() };
    document.line(Text::dotted([line, nothing]));
    report.lines.iter().for_each(|lines| changed_lines(lines, document));
}
