//! How a forecast looks by organisation, or by what else is bucketed.

use crate::report::{OrgReport, OrgVariation, OrgsReport};

use super::super::document::{Cell, Column, Document, Row, Table, Text};
use super::super::number::{percent, share, thousands};
use super::super::style::Style;

/// Shows how many organisations and users get what, and the largest ones.
pub(super) fn show_orgs(document: &mut Document, orgs: &OrgsReport) {
    let noun = if orgs.unit == "org" { "Orgs" } else { orgs.unit.as_str() };
    document.heading(format!(
        "{noun}: {}, an effective sample of {:.1}",
        thousands(orgs.orgs),
        orgs.effective_size
    ));
    let mut rows: Vec<Row> = orgs.variations.iter().map(|one| variation(one, orgs)).collect();
    let mixed = orgs.orgs.saturating_sub(orgs.variations.iter().map(|one| one.orgs).sum());
    if mixed > 0 {
        rows.push(Row::new(
            [
                Text::styled(Style::Faint, "several").into(),
                thousands(mixed).into(),
                percent(share(mixed, orgs.orgs)).into(),
            ]
            .into_iter()
            .chain([const { Cell::Text(Text::new()) }; 3]),
        ));
    }
    document.table(Table {
        columns: vec![
            Column::new("GETS"),
            Column::number("ORGS"),
            Column::number("OF ALL"),
            Column::new(""),
            Column::number("SHARE"),
            Column::number("USERS"),
        ],
        rows,
        ..Table::default()
    });
    let groups = [("on", &orgs.largest_on), ("off", &orgs.largest_off), ("split", &orgs.largest_split)];
    document.gap();
    document.table(Table {
        columns: vec![
            Column::new("LARGEST"),
            Column::new("ORG").wrapping(),
            Column::number("USERS"),
            Column::number("OF ALL"),
            Column::number("ON"),
        ],
        rows: groups.iter().flat_map(|(what, all)| named(what, all, orgs)).collect(),
        ..Table::default()
    });
}

fn variation(one: &OrgVariation, orgs: &OrgsReport) -> Row {
    Row::new([
        Text::plain(one.variation.to_string()).into(),
        thousands(one.orgs).into(),
        percent(share(one.orgs, orgs.orgs)).into(),
        Cell::Bar(share(one.users, orgs.users)),
        Text::styled(Style::Strong, percent(share(one.users, orgs.users))).into(),
        thousands(one.users).into(),
    ])
}

fn named(what: &str, all: &[OrgReport], orgs: &OrgsReport) -> Vec<Row> {
    let row = |(at, org): (usize, &OrgReport)| {
        let on = if org.on == 0 || org.on == org.users { String::new() } else { thousands(org.on) };
        Row::new([
            Text::styled(Style::Strong, if at == 0 { what } else { "" }).into(),
            Text::plain(&*org.org).into(),
            thousands(org.users).into(),
            percent(share(org.users, orgs.users)).into(),
            on.into(),
        ])
    };
    all.iter().enumerate().map(row).collect()
}
