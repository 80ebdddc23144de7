//! How the statistics of a forecast look: what production counted, what can be seen, and other flags. What they mean
//! stands in the verdict; here are the figures.

use crate::report::{
    ComparisonReport, FailureBound, ForecastReport, ObservedReport, OverlapReport, PowerReport,
};

use super::super::document::{Column, Document, Row, Table, Text};
use super::super::number::{count, counted, percent, probability, short_percent, thousands};
use super::super::style::Style;
use super::forecast_experiment::{counted_row, figures, variants};
use super::forecast_groups::SHOWN;
use super::forecast_orgs::show_orgs;

/// How many pairs without an association are shown.
const QUIET: usize = 6;

/// Shows everything that was asked, the most important first.
pub(super) fn show_statistics(document: &mut Document, report: &ForecastReport) {
    if let Some(observed) = &report.observed {
        show_observed(document, observed);
    }
    if let Some(power) = &report.power {
        show_power(document, power);
    }
    show_overlaps(document, &report.overlaps);
    // Where all of them stand in a table of groups already, there is nothing to add.
    let last = report.overall.as_ref().or(report.steps.last());
    let groups = last.map_or(&report.groups, |step| &step.groups);
    let listed = |unit: &str| groups.iter().filter(|group| group.by == unit).count();
    if let Some(orgs) = report.orgs.as_ref().filter(|orgs| !(1..=SHOWN).contains(&listed(&orgs.unit))) {
        show_orgs(document, orgs);
    }
}

/// Says what a step without a failure excludes.
pub(super) fn bound_line(bound: &FailureBound) -> Text {
    let users = match bound.users {
        1 => "the one user".to_owned(),
        users => format!("the {} users", thousands(users)),
    };
    let users = match bound.effective {
        Some(worth) => format!("{users}, in groups worth about {worth:.1},"),
        None => users,
    };
    Text::styled(
        Style::Faint,
        format!(
            "if none of {users} fails, the failure rate is below {} ({} sure)",
            rate(bound.rate),
            short_percent(bound.confidence)
        ),
    )
}

/// Returns a bound of a rate as a percentage with two digits that say something.
fn rate(rate: f64) -> String {
    let (mut digits, mut scale) = (1, 10.0);
    while rate > 0.0 && rate * 100.0 * scale < 10.0 && digits < 12 {
        scale *= 10.0;
        digits += 1;
    }
    // Rounded up: a bound that is rounded down is none.
    format!("{:.digits$}%", ((rate * 100.0 * scale).ceil() / scale).min(100.0))
}

fn show_observed(document: &mut Document, observed: &ObservedReport) {
    document.heading("What production counted");
    document.table(variants(observed.variants.iter().map(counted_row).collect()));
    if let Some(test) = &observed.sample_ratio {
        document.line(Text::styled(Style::Faint, "one look: ").join(figures(test)));
    }
    if let Some(test) = &observed.sequential {
        let text = format!("p = {} (the limit is {})", probability(test.p), test.limit);
        let style = if test.mismatch { Style::Error } else { Style::Faint };
        document.line(Text::styled(Style::Faint, "all looks: ").with(style, text));
    }
}

fn show_power(document: &mut Document, power: &PowerReport) {
    // Arms of one size can show the same.
    for alike in power.comparisons.chunk_by(|one, next| one.durations == next.durations) {
        let Some(comparison) = alike.first() else { continue };
        let ComparisonReport { control, arm, .. } = comparison;
        let names: Vec<&str> = alike.iter().map(|one| one.arm.name.as_str()).collect();
        document.heading(format!(
            "What {} ({}{}) against {} ({}) can show",
            names.join(" or "),
            short_percent(arm.share),
            if names.len() > 1 { " each" } else { "" },
            control.name,
            short_percent(control.share)
        ));
        let rows = comparison.durations.iter().map(|after| {
            let difference = after.detectable;
            let points = difference.map(|least| format!("±{:.2} points", least * 100.0));
            let part = difference.filter(|_| !power.worst_case).map(|least| percent(least / power.baseline));
            Row::new([
                counted(u64::from(after.days), "day").into(),
                whole(after.users).into(),
                after.effective.map_or_else(String::new, whole).into(),
                points.map_or_else(|| Text::styled(Style::Faint, "nothing"), Text::plain).into(),
                part.unwrap_or_default().into(),
            ])
        });
        document.table(Table {
            columns: vec![
                Column::new("AFTER"),
                Column::number("USERS"),
                Column::number("WORTH"),
                Column::number("DIFFERENCE SEEN"),
                Column::number("OF THE RATE"),
            ],
            rows: rows.collect(),
            ..Table::default()
        });
    }
    if !power.comparisons.is_empty() {
        let assumed = if power.worst_case { ", assumed" } else { "" };
        document.line(Text::styled(
            Style::Faint,
            format!(
                "{} a day, rate {}{assumed}, power {}, alpha {}{}, both sides{}",
                counted(power.daily_users, "new user"),
                short_percent(power.baseline),
                short_percent(power.power),
                short_percent(power.alpha),
                power.correction.as_ref().map_or_else(String::new, |correction| {
                    format!(
                        " / {} = {} (Bonferroni)",
                        correction.comparisons,
                        short_percent(correction.alpha)
                    )
                }),
                power.design.as_ref().map_or_else(String::new, |design| {
                    format!(
                        "; worth: {} {} are as good as {:.1} of one size (Kish)",
                        thousands(design.groups),
                        many(&design.unit),
                        design.effective_size
                    )
                })
            ),
        ));
    }
}

/// What several of a unit are called.
fn many(unit: &str) -> String {
    if unit == "org" { "orgs".to_owned() } else { format!("values of {unit}") }
}

/// Returns a number of users that is an average.
fn whole(users: f64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "users are counted: not negative, and far below 2^53"
    )]
    thousands(users.round() as u64)
}

fn show_overlaps(document: &mut Document, overlaps: &[OverlapReport]) {
    let mut told: Vec<(&OverlapReport, f64, bool)> = overlaps
        .iter()
        .filter_map(|one| one.association.as_ref().map(|found| (one, found.strength.abs(), found.notable)))
        .collect();
    if overlaps.is_empty() {
        return;
    }
    document.heading("Overlap with other flags and experiments");
    told.sort_by(|a, b| b.2.cmp(&a.2).then(b.1.total_cmp(&a.1)));
    let notable = told.iter().filter(|(_, _, notable)| *notable).count();
    let shown = told.len().min(notable + QUIET);
    document.table(Table {
        columns: vec![
            Column::new("WITH").wrapping(),
            Column::number("STRENGTH"),
            Column::number("P"),
            Column::number("USERS"),
            Column::new("LIKELY CAUSE").wrapping(),
        ],
        rows: told.iter().take(shown).map(|(one, _, _)| overlap_row(one)).collect(),
        ..Table::default()
    });
    let quiet = told.len() - shown;
    let same = overlaps.len() - told.len();
    let more = |number: usize, what: &str| match number {
        0 => Text::new(),
        number => Text::styled(Style::Faint, format!("{} {what}", thousands(count(number)))),
    };
    let limit = told.first().and_then(|(one, _, _)| one.association.as_ref()).map(|found| found.limit);
    document.line(Text::dotted([
        limit.map_or_else(Text::new, |limit| {
            let limit = probability(limit);
            Text::styled(
                Style::Faint,
                format!("flagged where p is below {limit} and the strength beyond 0.01"),
            )
        }),
        more(quiet, "more without an association"),
        more(same, "with nothing to compare: they give these users all the same, or this does"),
    ]));
}

fn overlap_row(overlap: &OverlapReport) -> Row {
    let name = Text::plain(&*overlap.with);
    let Some(found) = &overlap.association else { return Row::new([name.into()]) };
    let (strength, style) = match (found.measure, found.notable) {
        ("phi", true) => (format!("φ {:+.3}", found.strength), Style::Warning),
        ("phi", false) => (format!("φ {:+.3}", found.strength), Style::Faint),
        (_, notable) => {
            (format!("V {:.3}", found.strength), if notable { Style::Warning } else { Style::Faint })
        }
    };
    let cause = match found.cause {
        Some("hash") => Text::styled(Style::Warning, "! the same hash of the user"),
        Some("related_hash") => Text::styled(Style::Warning, "! a hash that relates them"),
        Some("reference") => Text::plain("one asks the other"),
        Some(_) => Text::styled(Style::Warning, "! rules and lists"),
        None => Text::styled(Style::Faint, "none to speak of"),
    };
    Row::new([
        name.into(),
        Text::styled(style, strength).into(),
        probability(found.p).into(),
        thousands(overlap.users).into(),
        cause.into(),
    ])
}
