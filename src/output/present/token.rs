//! How `token` looks.

use crate::model::Timestamp;
use crate::report::{TokenReport, TokensReport};

use super::super::delimited::Records;
use super::super::document::{Column, Document, Row, Table, Text};
use super::super::render::Present;
use super::super::style::Style;
use super::common::{or_empty, target_line};

impl Present for TokensReport {
    fn document(&self) -> Document {
        let mut document = token_document(self);
        let asked = match (self.outcome, self.action) {
            ("planned", "create") => Text::styled(Style::Warning, "planned").and(": no token was made"),
            ("planned", _) => Text::styled(Style::Warning, "planned").and(": nothing was revoked"),
            ("unchanged", _) => Text::styled(Style::Strong, "unchanged").and(": it is so already"),
            _ => return document,
        };
        document.line(asked);
        document
    }

    fn records(&self) -> Records {
        let record = |token: &TokenReport| {
            vec![
                or_empty(token.number),
                token.name.clone(),
                token.role.clone(),
                token.state.to_owned(),
                token.created_at.to_string(),
                or_empty(token.expires_at),
                or_empty(token.revoked_at),
                or_empty(self.secret.as_ref()),
            ]
        };
        Records {
            header: &["number", "name", "role", "state", "created_at", "expires_at", "revoked_at", "secret"],
            rows: self.tokens.iter().map(record).collect(),
        }
    }

    fn names(&self) -> Vec<String> {
        match &self.secret {
            Some(secret) => vec![secret.clone()],
            None => self.tokens.iter().map(|token| token.name.clone()).collect(),
        }
    }
}

/// Returns the tokens and whose they are: what a person sees before the question, and what comes of it.
pub(in super::super) fn token_document(report: &TokensReport) -> Document {
    let mut document = Document::new();
    document.table(Table {
        columns: vec![
            Column::new("TOKEN"),
            Column::new("NAME").wrapping(),
            Column::new("ROLE"),
            Column::new("STATE"),
            Column::new("MADE").folding(1, "made"),
            Column::new("EXPIRES"),
        ],
        rows: report.tokens.iter().map(row).collect(),
        ..Table::default()
    });
    document.gap();
    if let Some(secret) = &report.secret {
        document.line(
            Text::styled(Style::Faint, "secret ")
                .with(Style::Strong, &**secret)
                .with(Style::Faint, " shown this once"),
        );
    }
    let journal = report.journal.iter().map(|number| Text::plain(format!("journal {number}")));
    document.line(Text::dotted([target_line(&report.target)].into_iter().chain(journal)));
    document
}

fn row(token: &TokenReport) -> Row {
    // To the day; the rest is for programs.
    let day = |at: Timestamp| at.date().to_string();
    let state = match token.state {
        "valid" => Text::styled(Style::On, "valid"),
        other => Text::styled(Style::Off, other),
    };
    Row::new([
        token
            .number
            .map_or_else(|| Text::styled(Style::Faint, "new"), |number| Text::plain(number.to_string()))
            .into(),
        Text::styled(Style::Strong, &*token.name).into(),
        Text::plain(&*token.role).into(),
        state.into(),
        day(token.created_at).into(),
        token.expires_at.map(day).unwrap_or_default().into(),
    ])
}
