//! How a forecast looks by group: a table for each of what is grouped by.

use crate::report::GroupReport;

use super::super::bar::change_key;
use super::super::document::{Cell, Column, Document, Row, Table, Text};
use super::super::number::{count, counted, percent, share, thousands};
use super::super::style::Style;
use super::forecast::signed;

/// How many groups of one kind are shown; all of them are in JSON and CSV.
pub(super) const SHOWN: usize = 20;

/// Shows the groups; `step` names the step they are of, where there are several.
pub(super) fn show_groups(document: &mut Document, groups: &[GroupReport], step: Option<&str>) {
    for of_one in groups.chunk_by(|one, next| one.by == next.by) {
        let by = of_one.first().map_or("group", |group| group.by.as_str());
        let step = step.map_or_else(String::new, |step| format!(", {step}"));
        document.heading(format!("By {by}{step}"));
        document.key(change_key());
        document.table(Table {
            columns: vec![
                Column::new("GROUP").wrapping(),
                Column::new(""),
                Column::number("ON"),
                Column::number("USERS"),
                Column::number("JOIN"),
                Column::number("LEAVE"),
                Column::number("SWITCH"),
            ],
            rows: of_one.iter().take(SHOWN).map(row).collect(),
            ..Table::default()
        });
        if of_one.len() > SHOWN {
            let more = counted(count(of_one.len() - SHOWN), "smaller group");
            document.line(Text::styled(Style::Faint, format!("and {more}: -o csv and -o json have all")));
        }
    }
}

fn row(group: &GroupReport) -> Row {
    let name = match &group.group {
        Some(name) => Text::plain(name),
        None => Text::styled(Style::Faint, "(none)"),
    };
    Row::new([
        name.into(),
        Cell::Change(share(group.on_before, group.users), share(group.on_after, group.users)),
        Text::styled(Style::Faint, format!("{} → ", percent(share(group.on_before, group.users))))
            .with(Style::Strong, percent(share(group.on_after, group.users)))
            .into(),
        thousands(group.users).into(),
        signed("+", group.joins, Style::Added).into(),
        signed("-", group.leaves, Style::Removed).into(),
        signed("~", group.switches, Style::Warning).into(),
    ])
}
