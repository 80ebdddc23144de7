//! How `context show` looks: the attributes with their origins, then the segments with theirs.

use crate::report::{AttributeReport, DirectoryReport, MembershipReport, UserReport};

use super::super::delimited::Records;
use super::super::document::{Column, Document, Row, Table, Text};
use super::super::render::Present;
use super::super::style::Style;

impl Present for UserReport {
    fn document(&self) -> Document {
        let mut document = Document::new();
        document.line(Text::styled(Style::Faint, "user ").with(Style::Strong, &*self.user));
        document.line(known_by(self.directory.as_ref()));
        if !self.attributes.is_empty() {
            document.heading("Attributes");
            document.table(table(
                "ATTRIBUTE",
                Some("VALUE"),
                self.attributes.iter().map(attribute).collect(),
            ));
        }
        if !self.segments.is_empty() {
            document.heading("Segments");
            document.table(table("SEGMENT", None, self.segments.iter().map(segment).collect()));
        }
        if self.attributes.is_empty() && self.segments.is_empty() {
            document.gap();
            document.line("nothing but the key is known");
        }
        document.gap();
        document.line(Text::styled(Style::Faint, "at ").and(&*self.at));
        document
    }

    fn records(&self) -> Records {
        let attribute = |one: &AttributeReport| {
            vec![
                "attribute".to_owned(),
                one.full_name(),
                one.value.to_string(),
                one.origin.to_owned(),
                one.from.clone().unwrap_or_default(),
            ]
        };
        let segment = |one: &MembershipReport| {
            let (word, origins) = ("segment".to_owned(), one.origins.join(" "));
            vec![word, one.segment.clone(), "true".to_owned(), origins, String::new()]
        };
        Records {
            header: &["is", "name", "value", "origin", "from"],
            rows: self.attributes.iter().map(attribute).chain(self.segments.iter().map(segment)).collect(),
        }
    }

    fn names(&self) -> Vec<String> {
        self.attributes.iter().map(AttributeReport::full_name).collect()
    }
}

fn table(first: &'static str, second: Option<&'static str>, rows: Vec<Row>) -> Table {
    let columns = [Some(Column::new(first)), second.map(|title| Column::new(title).wrapping())];
    let columns = columns.into_iter().flatten().chain([Column::new("ORIGIN").wrapping()]).collect();
    Table { columns, rows, indent: 2, bare: false }
}

/// Says how the user is known.
fn known_by(directory: Option<&DirectoryReport>) -> Text {
    let Some(directory) = directory else {
        return Text::styled(Style::Warning, "no user directory");
    };
    let style = if directory.state == "bare" { Style::Warning } else { Style::Faint };
    Text::dotted([Text::styled(style, directory.words()), Text::plain(&*directory.address)])
}

fn attribute(one: &AttributeReport) -> Row {
    let origin = Text::styled(Style::Faint, one.origin_words());
    Row::new([
        Text::styled(Style::Strong, one.full_name()).into(),
        one.value.to_string().into(),
        origin.into(),
    ])
}

fn segment(one: &MembershipReport) -> Row {
    let origins = Text::styled(Style::Faint, one.origins.join(", "));
    Row::new([Text::styled(Style::Strong, &*one.segment).into(), origins.into()])
}
