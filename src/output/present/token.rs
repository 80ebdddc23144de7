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
            rows: self.tokens.iter().map(row).collect(),
            ..Table::default()
        });
        document.gap();
        if let Some(secret) = &self.secret {
            document.line(
                Text::styled(Style::Faint, "secret ")
                    .with(Style::Strong, &**secret)
                    .with(Style::Faint, " shown this once"),
            );
        }
        document.line(target_line(&self.target));
        document
    }

    fn records(&self) -> Records {
        let record = |token: &TokenReport| {
            vec![
                token.number.to_string(),
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

fn row(token: &TokenReport) -> Row {
    // To the day; the rest is for programs.
    let day = |at: Timestamp| at.date().to_string();
    let state = match token.state {
        "valid" => Text::styled(Style::On, "valid"),
        other => Text::styled(Style::Off, other),
    };
    Row::new([
        Text::plain(token.number.to_string()).into(),
        Text::styled(Style::Strong, &*token.name).into(),
        Text::plain(&*token.role).into(),
        state.into(),
        day(token.created_at).into(),
        token.expires_at.map(day).unwrap_or_default().into(),
    ])
}
