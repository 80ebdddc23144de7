//! How `snapshot save` and `snapshot list` look.

use serde::Serialize;

use crate::report::{SnapshotReport, SnapshotsReport};

use super::super::delimited::Records;
use super::super::document::{Column, Document, Row, Table, Text};
use super::super::json;
use super::super::number::{count, counted};
use super::super::render::Present;
use super::super::screen::Screen;
use super::super::style::Style;
use super::common::or_empty;

/// The schema of one snapshot in `-o jsonl`.
const ITEM: &str = "ffctl.kept/1";

/// A snapshot on a line of its own.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    item: &'a SnapshotReport,
}

impl Present for SnapshotsReport {
    fn document(&self) -> Document {
        let mut document = Document::new();
        if self.outcome == "saved" {
            for one in &self.snapshots {
                saved(&mut document, one);
            }
            return document;
        }
        document.table(Table {
            columns: vec![
                Column::new("SNAPSHOT"),
                Column::new("SAVED"),
                Column::new("BY").wrapping(),
                Column::number("OVERRIDES"),
                Column::new("TARGET").wrapping().folding(1, "target"),
                Column::new("WHAT FOR").wrapping().folding(2, ""),
            ],
            rows: self.snapshots.iter().map(row).collect(),
            ..Table::default()
        });
        document.gap();
        let number = match self.snapshots.len() {
            0 => "no snapshots".to_owned(),
            some => counted(count(some), "snapshot"),
        };
        let folder = self.folder.clone().unwrap_or_default();
        document.line(Text::dotted([Text::plain(number), Text::styled(Style::Faint, folder)]));
        document
    }

    fn records(&self) -> Records {
        let record = |one: &SnapshotReport| {
            let content = one.content.as_ref();
            vec![
                one.name.clone(),
                one.file.clone(),
                or_empty(content.map(|content| content.saved_at)),
                or_empty(content.and_then(|content| content.by.as_ref())),
                or_empty(content.map(|content| content.target.label.clone())),
                or_empty(content.and_then(|content| content.journal)),
                or_empty(content.map(|content| content.flags)),
                or_empty(content.map(|content| content.overrides)),
                or_empty(content.and_then(|content| content.comment.as_ref())),
                or_empty(content.map(|content| content.sha256.clone())),
                or_empty(one.problem.as_ref()),
            ]
        };
        Records {
            header: &[
                "name",
                "file",
                "saved_at",
                "by",
                "target",
                "journal",
                "flags",
                "overrides",
                "comment",
                "sha256",
                "problem",
            ],
            rows: self.snapshots.iter().map(record).collect(),
        }
    }

    fn names(&self) -> Vec<String> {
        self.snapshots.iter().map(|one| one.name.clone()).collect()
    }

    fn json_lines(&self, screen: &Screen) -> String {
        self.snapshots.iter().map(|item| json::line(ITEM, &Line { item }, *screen)).collect()
    }
}

fn saved(document: &mut Document, one: &SnapshotReport) {
    let Some(content) = &one.content else { return };
    let overrides = match content.overrides {
        0 => "no overrides".to_owned(),
        some => counted(count(some), "override"),
    };
    let journal = content.journal.map(|number| format!("up to journal {number}")).unwrap_or_default();
    document.line(Text::styled(Style::Added, "saved ").with(Style::Strong, &*one.name).and(": ").join(
        Text::dotted([
            Text::plain(overrides),
            Text::plain(counted(count(content.flags), "flag")),
            Text::plain(journal),
        ]),
    ));
    document.line(Text::styled(Style::Faint, "from ").and(&*content.target.label));
    document.line(Text::styled(Style::Faint, "file ").and(&*one.file));
    document.line(Text::styled(Style::Faint, "sha256 ").and(&*content.sha256));
    document.gap();
    let option = match (content.target.kind, &content.target.profile) {
        ("local", _) => " --local".to_owned(),
        (_, Some(profile)) => format!(" --profile {profile}"),
        (_, None) => String::new(),
    };
    let command = format!("ffctl snapshot restore {}{option}", one.name);
    document.line(Text::styled(Style::Hint, "to bring it back: ").and(command));
}

fn row(one: &SnapshotReport) -> Row {
    let name = Text::styled(Style::Strong, &*one.name);
    let Some(content) = &one.content else {
        let mut row = Row::new([name.into(), "".into(), "".into(), "".into(), "".into(), "".into()]);
        let problem = one.problem.clone().unwrap_or_default();
        row.below.push(Text::styled(Style::Error, "invalid: ").and(problem));
        return row;
    };
    Row::new([
        name.into(),
        Text::plain(&*content.ago).into(),
        Text::plain(or_empty(content.by.as_ref())).into(),
        Text::plain(content.overrides.to_string()).into(),
        Text::plain(&*content.target.label).into(),
        Text::plain(or_empty(content.comment.as_ref())).into(),
    ])
}
