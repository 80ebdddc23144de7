//! How `login` and `logout` look.

use crate::report::LoginReport;

use super::super::delimited::Records;
use super::super::document::{Document, Text};
use super::super::render::Present;
use super::super::style::Style;
use super::common::{or_empty, target_line};

impl Present for LoginReport {
    fn document(&self) -> Document {
        let mut document = Document::new();
        let line = match self.outcome {
            "kept" => Text::styled(Style::Added, "kept").and(" the token"),
            "forgotten" => Text::styled(Style::Removed, "forgotten").and(" the token"),
            _ => Text::styled(Style::Strong, "unchanged").and(": no token was kept"),
        };
        let whose = self
            .name
            .as_ref()
            .map_or_else(Text::new, |name| Text::plain(" of ").with(Style::Strong, &**name));
        let role = self.role.as_ref().map_or_else(Text::new, |role| Text::plain(&**role));
        let ends =
            self.expires_at.map_or_else(Text::new, |ends| Text::plain(format!("until {}", ends.date())));
        document.line(Text::dotted([line.join(whose), role, ends]));
        document.line(Text::styled(Style::Faint, "goes to ").and(&*self.origin).with(Style::Faint, " alone"));
        document.line(Text::styled(Style::Faint, "file    ").and(&*self.file));
        document.line(target_line(&self.target));
        document
    }

    fn records(&self) -> Records {
        Records {
            header: &["outcome", "origin", "file", "name", "role", "expires_at", "server"],
            rows: vec![vec![
                self.outcome.to_owned(),
                self.origin.clone(),
                self.file.clone(),
                or_empty(self.name.as_ref()),
                or_empty(self.role.as_ref()),
                or_empty(self.expires_at),
                or_empty(self.server.as_ref()),
            ]],
        }
    }

    fn names(&self) -> Vec<String> {
        vec![self.target.profile.clone().unwrap_or_else(|| self.origin.clone())]
    }
}
