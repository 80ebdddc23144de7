//! Whether what users get of one flag has to do with what they get of another: joint counts, shaded by their share of the
//! row. Where nothing depends on anything, the rows look alike.

use maud::{Markup, html};

use crate::report::{AssociationReport, OverlapReport};

use super::super::number::{percent, probability, share, thousands};
use super::super::sanitize::sanitize;
use super::parts::foreign_markup;
use super::summary::said;

/// How many shades there are.
const SHADES: u64 = 8;

/// Returns the tables of all pairs that can be compared, and a sentence for each of the others.
pub(super) fn section(name: &str, overlaps: &[OverlapReport]) -> Markup {
    let (compared, others): (Vec<&OverlapReport>, Vec<&OverlapReport>) =
        overlaps.iter().partition(|overlap| overlap.association.is_some());
    html! {
        section aria-labelledby="overlaps" {
            h2 #overlaps { "Overlap with others" }
            @for overlap in compared { (pair(name, overlap)) }
            @if !others.is_empty() { ul.said { @for overlap in others { (said(&overlap.meaning)) } } }
        }
    }
}

fn pair(name: &str, overlap: &OverlapReport) -> Markup {
    let label = format!("{name} by {}", overlap.with);
    html! {
        h3 { "With the " (overlap.kind) " " (foreign_markup(&overlap.with)) }
        ul.said { (said(&overlap.meaning)) }
        div.scroll tabindex="0" role="region" aria-label=(sanitize(&label)) {
            table.pairs {
                caption { "Users who get both, and their share of the row" }
                thead { tr {
                    th scope="col" { (foreign_markup(name)) }
                    @for column in &overlap.columns { th.number scope="col" { (foreign_markup(column)) } }
                } }
                tbody {
                    @for (row, counts) in overlap.rows.iter().zip(&overlap.counts) {
                        @let all: u64 = counts.iter().sum();
                        tr {
                            th scope="row" { (foreign_markup(row)) }
                            @for some in counts {
                                td class={ "number heat-" (shade(*some, all)) } { strong { (thousands(*some)) } " " span.part { (percent(share(*some, all))) } }
                            }
                        }
                    }
                }
            }
        }
        @if let Some(association) = &overlap.association { (strength(association)) }
        @if overlap.left_out > 0 { p.faint { (thousands(overlap.left_out)) " users are left out: behind a gate, or without a unit." } }
    }
}

/// The shade of a share of a row, from 0.
fn shade(some: u64, all: u64) -> u64 {
    if all == 0 {
        0
    } else {
        u64::try_from(u128::from(some) * u128::from(SHADES) / u128::from(all)).unwrap_or(SHADES)
    }
}

fn strength(association: &AssociationReport) -> Markup {
    let measure = if association.measure == "phi" { "φ" } else { "Cramér's V" };
    html! {
        p class=[association.notable.then_some("is-bad")] {
            (measure) " = " (format!("{:.3}", association.strength)) ", χ² = " (format!("{:.2}", association.chi_square)) " with "
            (association.degrees) " degree" @if association.degrees != 1 { "s" } " of freedom, p = " (probability(association.p))
            " (the limit is " (probability(association.limit)) ")"
            @match association.cause {
                Some("hash") => { "; it comes from the same hash: both draw the same number of a user" },
                Some("related_hash") => { "; it comes from a hash that relates buckets of different names" },
                Some("reference") => { "; one asks the other" },
                Some("definitions") => { "; rules and lists match the same users" },
                _ => {},
            }
            "."
        }
    }
}
