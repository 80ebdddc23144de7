//! How `journal verify` looks.

use crate::report::ChainReport;

use super::super::delimited::Records;
use super::super::document::{Document, Text};
use super::super::render::Present;
use super::super::style::Style;
use super::common::{or_empty, target_line};

impl Present for ChainReport {
    fn document(&self) -> Document {
        let mut document = Document::new();
        let entries =
            if self.entries == 1 { "1 entry".to_owned() } else { format!("{} entries", self.entries) };
        document.line(match &self.broken {
            None => Text::styled(Style::Added, "whole").and(format!(" {entries}")),
            Some(broken) => Text::styled(Style::Error, "broken")
                .and(format!(" entry {}: {}", broken.number, broken.problem))
                .with(Style::Faint, format!(" {entries}")),
        });
        if let Some(head) = &self.head {
            document.line(Text::styled(Style::Faint, "head   ").and(&**head));
        }
        document.line(target_line(&self.target));
        document
    }

    fn records(&self) -> Records {
        Records {
            header: &["whole", "entries", "head", "broken", "problem"],
            rows: vec![vec![
                self.whole.to_string(),
                self.entries.to_string(),
                or_empty(self.head.as_ref()),
                or_empty(self.broken.as_ref().map(|broken| broken.number)),
                or_empty(self.broken.as_ref().map(|broken| &broken.problem)),
            ]],
        }
    }

    fn names(&self) -> Vec<String> {
        vec![self.head.clone().unwrap_or_else(|| "broken".to_owned())]
    }
}
