//! Who joins, leaves, switches and stays, step by step, with some of their ids.

use maud::{Markup, html};

use crate::report::StepForecast;

use super::super::number::{count, short_percent, thousands};
use super::parts::foreign_markup;
use super::summary::signed;

/// Returns the table of all steps.
pub(super) fn section(steps: &[StepForecast]) -> Markup {
    html! {
        div.block {
            div.scroll tabindex="0" role="region" aria-label="Who moves, in numbers" {
                table {
                    caption { "Who moves, in numbers" }
                    thead { tr {
                        th scope="col" { "Step" }
                        th.number scope="col" { "Join" }
                        th.number scope="col" { "Leave" }
                        th.number scope="col" { "Switch" }
                        th.number scope="col" { "Stay on" }
                        th.number scope="col" { "Stay off" }
                        th.number scope="col" { "Ever on" }
                        th scope="col" { "Keeps everyone" }
                    } }
                    @for step in steps { tbody { (rows(step)) } }
                }
            }
        }
    }
}

/// The sign of who goes one way.
fn sign(moves: &str) -> &'static str {
    match moves {
        "joins" => "+",
        "leaves" => "−",
        _ => "~",
    }
}

fn rows(step: &StepForecast) -> Markup {
    let samples = [
        ("joins", "join", step.joins, &step.sample_joins),
        ("leaves", "leave", step.leaves, &step.sample_leaves),
        ("switches", "switch", step.switches, &step.sample_switches),
    ];
    html! {
        tr {
            th scope="row" { (foreign_markup(&step.from)) " → " (foreign_markup(&step.then.label)) }
            td.number.joins { (signed("+", step.joins)) }
            td.number.leaves { (signed("−", step.leaves)) }
            td.number.switches { (signed("~", step.switches)) }
            td.number { (thousands(step.stays_on)) }
            td.number { (thousands(step.stays_off)) }
            td.number { (thousands(step.exposed)) }
            td {
                @match (step.keeps_everyone, step.guaranteed) {
                    (true, true) => { span.is-good { "✓ for any users" } },
                    (true, false) => { span.is-good { "✓ for these users" } },
                    (false, _) => { span.is-bad { "✗ no" } },
                }
            }
        }
        @let ways: Vec<_> = step.ways.iter().filter(|way| way.before != way.after).collect();
        @if step.switches > 0 && !ways.is_empty() || ways.len() > 1 {
            tr.samples { td colspan="8" { div {
                @for (at, way) in ways.iter().enumerate() {
                    @if at > 0 { " · " }
                    (foreign_markup(way.before.as_str())) " → " (foreign_markup(way.after.as_str())) " "
                    span class=(way.moves) { (signed(sign(way.moves), way.users)) }
                }
            } } }
        }
        @if let Some(bound) = &step.failure_bound {
            tr.samples { td colspan="8" { div {
                "If none of the " (thousands(bound.users)) " users that it exposes"
                @if let Some(worth) = bound.effective { ", in groups worth about " (format!("{worth:.1}")) "," }
                " fails, the failure rate is below "
                (short_percent(bound.rate)) " (" (short_percent(bound.confidence)) " sure; the rule of three says "
                (short_percent(bound.rule_of_three)) ")."
            } } }
        }
        @for (class, verb, all, ids) in samples {
            @if !ids.is_empty() {
                tr.samples {
                    td colspan="8" {
                        div {
                            span class=(class) { (verb) } ": "
                            @for (at, id) in ids.iter().enumerate() {
                                @if at > 0 { ", " }
                                code { (foreign_markup(id)) }
                            }
                            @let more = all.saturating_sub(count(ids.len()));
                            @if more > 0 { " … and " (thousands(more)) " more" }
                        }
                    }
                }
            }
        }
    }
}
