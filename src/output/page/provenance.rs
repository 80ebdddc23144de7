//! Where everything on a page comes from, so that it can be made again.

use maud::{Markup, html};

use crate::report::{ForecastReport, PopulationReport};

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

fn population(population: &PopulationReport) -> Markup {
    html! {
        @if population.synthetic {
            (counted(population.users, "made-up user"))
            @if let Some(seed) = population.seed { ", seed " (seed) }
        } @else if population.source == "-" { "standard input" }
        @else { code { (foreign_markup(&population.source)) } }
    }
}
