//! How `serve` says that it listens.

use crate::report::ServeReport;

use super::super::delimited::Records;
use super::super::document::{Document, Text};
use super::super::number::{count, counted};
use super::super::render::Present;
use super::super::style::Style;

impl Present for ServeReport {
    fn document(&self) -> Document {
        let mut document = Document::new();
        let flags = counted(count(self.flags), "flag");
        document.line(
            Text::styled(Style::Added, "serving")
                .and(" ")
                .with(Style::Strong, &*self.address)
                .with(Style::Faint, format!(" {flags} of {}", self.file)),
        );
        document.line(Text::styled(Style::Faint, "store  ").and(&*self.store));
        if let Some(directory) = &self.directory {
            document.line(Text::styled(Style::Faint, "users  ").and(&**directory));
        }
        if let Some(token) = &self.token {
            document.line(
                Text::styled(Style::Faint, "token  ")
                    .with(Style::Strong, &**token)
                    .with(Style::Faint, " role admin, shown this once"),
            );
        }
        let try_it = if self.token.is_some() { "FFCTL_TOKEN=THAT " } else { "FFCTL_TOKEN=… " };
        document.line(
            Text::styled(Style::Faint, "next   ")
                .with(Style::Hint, format!("{try_it}FFCTL_ADMIN_URL={} ffctl list", self.admin_url)),
        );
        document
    }

    fn records(&self) -> Records {
        Records {
            header: &["address", "admin_url", "file", "store", "flags", "directory", "token"],
            rows: vec![vec![
                self.address.clone(),
                self.admin_url.clone(),
                self.file.clone(),
                self.store.clone(),
                self.flags.to_string(),
                self.directory.clone().unwrap_or_default(),
                self.token.clone().unwrap_or_default(),
            ]],
        }
    }

    fn names(&self) -> Vec<String> {
        vec![self.address.clone()]
    }
}
