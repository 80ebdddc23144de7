//! How `init` looks.

use crate::report::InitReport;

use super::super::delimited::Records;
use super::super::document::{Document, Text};
use super::super::number::{count, counted};
use super::super::render::Present;
use super::super::style::Style;

/// Returns the command that shows what is in the file.
fn next(file: &str) -> String {
    if file == "flags.toml" { "ffctl list".to_owned() } else { format!("ffctl list --flags {file}") }
}

impl Present for InitReport {
    fn document(&self) -> Document {
        let mut document = Document::new();
        let flags = counted(count(self.flags.len()), "flag");
        let (verb, style) =
            if self.dry_run { ("would write", Style::Warning) } else { ("wrote", Style::Added) };
        document.line(
            Text::styled(style, verb)
                .and(" ")
                .with(Style::Strong, &*self.file)
                .with(Style::Faint, format!(" with {flags}")),
        );
        for flag in &self.flags {
            document.item(1, Text::styled(Style::Faint, "·"), flag.as_str());
        }
        if !self.dry_run {
            document.line(Text::styled(Style::Faint, "next: ").with(Style::Hint, next(&self.file)));
        }
        document
    }

    fn records(&self) -> Records {
        Records {
            header: &["file", "flag", "dry_run"],
            rows: self
                .flags
                .iter()
                .map(|flag| vec![self.file.clone(), flag.clone(), self.dry_run.to_string()])
                .collect(),
        }
    }

    fn names(&self) -> Vec<String> {
        self.flags.clone()
    }
}
