//! Where everything on a page comes from, so that it can be made again.

use maud::{Markup, html};

use crate::report::{ForecastReport, InputReport, PopulationReport};

use super::super::number::{counted, thousands};
use super::super::present::age_words;
use super::making::Making;
use super::parts::foreign_markup;

/// Returns the last part of a page.
pub(super) fn footer(report: &ForecastReport, making: &Making) -> Markup {
    let asked = age_words(&report.freshness).unwrap_or_else(|| "read for this forecast".to_owned());
    html! {
        footer aria-labelledby="provenance" {
            h2 #provenance { "Where it comes from" }
            dl.facts {
                (fact("Population", &population(&report.population)))
                (fact("Users counted", &html! { (thousands(report.population.users)) }))
                @if !report.population.synthetic { (fact("Rows that could not be read", &html! { (thousands(report.population.wrong_rows)) })) }
                @if let Some(duplicates) = report.population.rows.duplicates {
                    (fact("Rows with the id of an earlier one", &html! { (thousands(duplicates)) }))
                }
                @for input in &report.population.inputs { (fact("Input", &input_read(input))) }
                (fact("Users without a unit", &html! { (thousands(report.population.without_unit)) }))
                (fact("Bucketing", &html! { code { (foreign_markup(&report.algorithm.to_string())) } }))
                (fact("Target", &html! { (foreign_markup(&report.target.label)) }))
                (fact("Overrides", &html! { (foreign_markup(&asked)) }))
                (fact("Evaluated as of", &html! { (making.evaluated_at) }))
                (fact("Made", &html! { (making.made_at) " by ffctl " (env!("CARGO_PKG_VERSION")) }))
            }
            p.command { span.faint { "made by " } code { (foreign_markup(&making.command_line)) } }
        }
    }
}

fn fact(name: &str, value: &Markup) -> Markup {
    html! { div { dt { (name) } dd { (value) } } }
}

/// Returns what was read, so that it is known again.
fn input_read(input: &InputReport) -> Markup {
    html! {
        code { (foreign_markup(&input.path)) }
        @if let Some(query) = &input.query { ": " code { (foreign_markup(query)) } }
        @if let Some(bytes) = input.bytes { ", " (counted(bytes, "byte")) }
        @if let Some(sha256) = &input.sha256 { ", sha256 " code { (sha256) } }
    }
}

fn population(population: &PopulationReport) -> Markup {
    html! {
        @if population.synthetic {
            (counted(population.users, "made-up user"))
            @if let Some(seed) = population.seed { ", seed " (seed) }
        } @else if population.source == "-" { "standard input" }
        @else { code { (foreign_markup(&population.source)) } }
    }
}
