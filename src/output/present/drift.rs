//! How `drift` looks.

use crate::layer::Origin;
use crate::report::{DriftCount, DriftSide, DriftedFlag, DriftsReport};

use super::super::delimited::Records;
use super::super::document::{Column, Document, Row, Table, Text};
use super::super::format::Format;
use super::super::number::{count, counted};
use super::super::render::{Present, foreign, item_lines};
use super::super::screen::Screen;
use super::super::style::Style;
use super::super::workflow::{Annotation, annotation};
use super::common::{age_words, or_empty, origin_footer, state};

/// The schema of one flag in `-o jsonl`.
const ITEM: &str = "ffctl.drifted/1";

impl Present for DriftsReport {
    fn document(&self) -> Document {
        let mut document = Document::new();
        for flag in &self.flags {
            document.gap();
            document.line(
                Text::styled(Style::Warning, "~ ")
                    .with(Style::Strong, &*flag.name)
                    .with(Style::Faint, format!("  {}", kinds(flag))),
            );
            document.table(Table {
                columns: vec![
                    Column::new("SIDE"),
                    Column::new("STATE").wrapping(),
                    Column::new("SOURCE").wrapping(),
                ],
                rows: vec![row("here", flag.here.as_ref()), row("there", flag.there.as_ref())],
                indent: 4,
                bare: true,
            });
            for field in
                flag.fields.iter().filter(|field| !matches!(field.field.as_str(), "enabled" | "source"))
            {
                let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "not set".to_owned());
                let text =
                    format!("{}: {} here, {} there", field.field, value(&field.old), value(&field.new));
                document.item(2, Text::new(), text);
            }
            document.item(2, Text::styled(Style::Faint, "why:"), flag.why.as_str());
            for fix in &flag.fixes {
                document.item(2, Text::styled(Style::Hint, "fix:"), fix.as_str());
            }
        }
        document.gap();
        document.line(count_line(&self.count));
        document.line(compared_line(self));
        document.line(origin_footer(&self.target, &self.freshness, true));
        document
    }

    fn markdown(&self) -> Document {
        let mut document = Document::new();
        document.line(count_line(&self.count).and(format!(", {} against {}", self.target.label, self.file)));
        document.table(Table {
            columns: vec![
                Column::new("FLAG"),
                Column::new("DRIFT"),
                Column::new("HERE"),
                Column::new("THERE"),
                Column::new("WHY"),
                Column::new("FIX"),
            ],
            rows: self.flags.iter().map(markdown_row).collect(),
            ..Table::default()
        });
        document.line(compared_line(self));
        document.line(age_words(&self.freshness).unwrap_or_default());
        document
    }

    fn records(&self) -> Records {
        let of = |side: &Option<DriftSide>, text: fn(&DriftSide) -> String| {
            side.as_ref().map(text).unwrap_or_default()
        };
        let record = |flag: &DriftedFlag| {
            vec![
                flag.name.clone(),
                flag.kinds.join(" "),
                of(&flag.here, |side| side.summary.clone()),
                of(&flag.here, |side| side.source.clone()),
                of(&flag.here, |side| or_empty(side.place.as_ref())),
                of(&flag.there, |side| side.summary.clone()),
                of(&flag.there, |side| side.source.clone()),
                flag.why.clone(),
                flag.fixes.join("; "),
            ]
        };
        Records {
            header: &[
                "name",
                "drift",
                "here",
                "here_source",
                "here_place",
                "there",
                "there_source",
                "why",
                "fix",
            ],
            rows: self.flags.iter().map(record).collect(),
        }
    }

    fn names(&self) -> Vec<String> {
        self.flags.iter().map(|flag| flag.name.clone()).collect()
    }

    fn json_lines(&self, screen: &Screen) -> String {
        item_lines(ITEM, &self.flags, &self.freshness, *screen)
    }

    fn for_ci(&self, _: Format, screen: &Screen) -> String {
        annotations(self, *screen)
    }
}

fn kinds(flag: &DriftedFlag) -> String {
    let words = |kind: &&'static str| match *kind {
        "only_here" => "only here",
        "only_there" => "only there",
        kind => kind,
    };
    flag.kinds.iter().map(words).collect::<Vec<_>>().join(", ")
}

fn row(name: &str, side: Option<&DriftSide>) -> Row {
    let (state, source) = match side {
        Some(side) => (shown(side), Text::plain(&*side.source).join(place(side))),
        None => (Text::styled(Style::Faint, "unknown"), Text::new()),
    };
    Row::new([Text::styled(Style::Faint, name).into(), state.into(), source.into()])
}

fn shown(side: &DriftSide) -> Text {
    state(side.state, &side.summary)
}

fn place(side: &DriftSide) -> Text {
    let place = match &side.place {
        Some(Origin::File { file, line, .. }) => format!(" {file}:{line}"),
        Some(other) => format!(" {other}"),
        None => return Text::new(),
    };
    Text::styled(Style::Faint, place)
}

fn count_line(of: &DriftCount) -> Text {
    let compared = counted(count(of.compared), "flag");
    if of.drifting == 0 {
        return Text::styled(Style::On, "no drift").and(format!(" in {compared}"));
    }
    let verb = if of.drifting == 1 { "drifts" } else { "drift" };
    let mut text = Text::styled(Style::Strong, format!("{} of {compared} {verb}", of.drifting));
    let parts = [
        (of.state, "state"),
        (of.source, "source"),
        (of.definition, "definition"),
        (of.only_here, "only here"),
        (of.only_there, "only there"),
        (of.invalid, "invalid"),
    ];
    let mut between = ": ";
    for (number, word) in parts.into_iter().filter(|(number, _)| *number > 0) {
        text = text.and(format!("{between}{number} {word}"));
        between = ", ";
    }
    text
}

/// Returns what could be compared, where that is not everything, and what does not count.
fn compared_line(report: &DriftsReport) -> Text {
    let compared = match report.compared {
        "definition" => "",
        "state" => "the server does not tell how its flags are defined",
        _ => "the server tells switches and sources alone",
    };
    let ignored = match report.ignored.as_slice() {
        [] => String::new(),
        kinds => format!("ignored: {}", kinds.join(", ")),
    };
    Text::dotted([Text::styled(Style::Faint, compared), Text::styled(Style::Faint, ignored)])
}

fn markdown_row(flag: &DriftedFlag) -> Row {
    let side = |side: Option<&DriftSide>| match side {
        Some(side) => shown(side).and(format!(" ({})", side.source)),
        None => Text::plain("—"),
    };
    Row::new([
        Text::styled(Style::Strong, &*flag.name).into(),
        Text::plain(kinds(flag)).into(),
        side(flag.here.as_ref()).into(),
        side(flag.there.as_ref()).into(),
        Text::plain(&*flag.why).into(),
        Text::plain(flag.fixes.join("; ")).into(),
    ])
}

/// Returns an annotation for each flag, where its switch stands here, and a line that sums them up.
fn annotations(report: &DriftsReport, screen: Screen) -> String {
    let mut out = String::new();
    for flag in &report.flags {
        let side = |side: Option<&DriftSide>| {
            side.map_or_else(|| "unknown".to_owned(), |side| format!("{} ({})", side.summary, side.source))
        };
        let place = match flag.here.as_ref().and_then(|here| here.place.as_ref()) {
            Some(Origin::File { file, line, column }) => Some((&**file, *line, *column)),
            _ => None,
        };
        let fixes: Vec<String> = flag.fixes.iter().map(|fix| format!("\nfix: {fix}")).collect();
        let message = format!(
            "{} ({}): {} here, {} there: {}{}",
            flag.name,
            kinds(flag),
            side(flag.here.as_ref()),
            side(flag.there.as_ref()),
            flag.why,
            fixes.concat()
        );
        out.push_str(&annotation(&Annotation {
            command: "error",
            file: place.map(|(file, ..)| file),
            line: place.map(|(_, line, _)| line),
            columns: place.map(|(.., column)| (column, column)),
            title: "ffctl drift",
            message: &message,
        }));
    }
    let of = &report.count;
    let age = age_words(&report.freshness).map_or_else(String::new, |age| format!(" · {age}"));
    let summary = format!(
        "ffctl drift: {} of {} (target: {}{age})",
        of.drifting,
        counted(count(of.compared), "flag"),
        report.target.label
    );
    out.push_str(&foreign(&summary.replace('\n', " "), Screen { ci: true, ..screen }));
    out
}
