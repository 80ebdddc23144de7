//! How a population looks: where its users come from, and what became of every row.

use crate::report::{InputReport, PopulationReport};

use super::super::document::{Document, Text};
use super::super::number::{counted, thousands};
use super::super::style::Style;

/// How many inputs are named one by one; JSON names all.
const SHOWN: usize = 4;

/// Returns how many users there are and where they come from.
pub(super) fn heading(population: &PopulationReport) -> Text {
    if population.users == 0 {
        return Text::plain("nobody counted");
    }
    let mut text = if population.synthetic {
        let seed = population.seed.map_or_else(String::new, |seed| format!(", seed {seed}"));
        Text::plain(format!("{}{seed}", counted(population.users, "synthetic user")))
    } else {
        let from = if population.source == "-" { "standard input" } else { population.source.as_str() };
        Text::plain(format!("{} from {from}", counted(population.users, "user")))
    };
    if population.without_unit > 0 {
        text = text.with(Style::Warning, format!(", {} without a unit", thousands(population.without_unit)));
    }
    text
}

/// Shows the rows that could not be read.
pub(super) fn wrong_rows(document: &mut Document, population: &PopulationReport) {
    if population.wrong_rows == 0 {
        return;
    }
    document.gap();
    let rows = counted(population.wrong_rows, "row");
    document.line(Text::styled(Style::Warning, format!("{rows} could not be read:")));
    for row in &population.wrong {
        document.item(1, Text::styled(Style::Faint, "·"), row.as_str());
    }
}

/// Shows what the rows add up to, where not every one is a user with an id, and what was read, to know it again.
pub(super) fn origin(document: &mut Document, population: &PopulationReport) {
    let rows = &population.rows;
    let part = |number: u64, what: &str| match number {
        0 => Text::new(),
        number => Text::plain(format!("{} {what}", thousands(number))),
    };
    let duplicates = rows.duplicates.unwrap_or_default();
    if !population.synthetic && rows.total > rows.users {
        let parts = [
            Text::plain(counted(rows.users, "user")),
            part(rows.without_id, "without an id"),
            part(duplicates, if duplicates == 1 { "duplicate" } else { "duplicates" }),
            part(rows.wrong, "could not be read"),
            part(rows.blank, if rows.blank == 1 { "blank line" } else { "blank lines" }),
        ];
        let label = format!("{}: ", counted(rows.total, "row"));
        document.line(Text::styled(Style::Faint, label).join(Text::dotted(parts)));
    }
    if !population.repeated.is_empty() {
        let more = duplicates > super::super::number::count(population.repeated.len());
        let ids = Text::plain(population.repeated.join(", ")).and(if more { ", …" } else { "" });
        document.line(Text::styled(Style::Faint, "came again: ").join(ids));
    }
    for input in population.inputs.iter().take(SHOWN).filter(|_| population.inputs.iter().any(known)) {
        let name = if input.path == "-" { "standard input" } else { input.path.as_str() };
        let what = match (&input.query, input.bytes, &input.sha256) {
            (Some(query), ..) => query.split_whitespace().collect::<Vec<_>>().join(" "),
            (None, Some(bytes), Some(digest)) => format!("{}, sha256 {digest}", counted(bytes, "byte")),
            (None, bytes, _) => counted(bytes.unwrap_or_default(), "byte"),
        };
        document.line(Text::styled(Style::Faint, format!("{name}: {what}")));
    }
    let more = population.inputs.len().saturating_sub(SHOWN);
    if more > 0 && population.inputs.iter().any(known) {
        let more = counted(super::super::number::count(more), "more file");
        document.line(Text::styled(Style::Faint, format!("and {more}: -o json has all of them")));
    }
}

fn known(input: &InputReport) -> bool {
    input.sha256.is_some() || input.query.is_some()
}
