//! What users must pass before a flag's own rules are asked, as bars that grow shorter.

use maud::{Markup, html};

use crate::report::{FunnelReport, FunnelStep};

use super::super::number::{percent, share, thousands};
use super::parts::foreign_markup;
use super::picture::number;

/// Returns the funnels of all states.
pub(super) fn section(states: &[FunnelReport]) -> Markup {
    html! {
        section aria-labelledby="funnel" {
            h2 #funnel { "What users must pass first" }
            div.scroll tabindex="0" role="region" aria-label="The funnel in numbers" {
                table.groups {
                    caption { "Who passes, of all users; who stops is not asked for what comes after" }
                    thead { tr {
                        th scope="col" { "Must pass" }
                        th.bars scope="col" { "Of all users" }
                        th.number scope="col" { "Pass" }
                        th.number scope="col" { "Of those before" }
                        th.number scope="col" { "Stopped" }
                    } }
                    @for state in states { tbody { (rows(state)) } }
                }
            }
        }
    }
}

fn rows(state: &FunnelReport) -> Markup {
    let before = |at: usize| {
        at.checked_sub(1).and_then(|at| state.steps.get(at)).map_or(state.users, |step| step.passed)
    };
    html! {
        tr { th.state-name colspan="5" scope="rowgroup" { "In the state " (foreign_markup(&state.label)) ": " (thousands(state.left)) " of " (thousands(state.users)) " are left for what comes then" } }
        @for (at, step) in state.steps.iter().enumerate() {
            tr {
                th scope="row" { (what(step)) }
                td.bars {
                    svg.share viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" {
                        rect.track width="100" height="6" {}
                        rect.was width=(number(share(before(at), state.users) * 100.0)) height="6" {}
                        rect.gained width=(number(share(step.passed, state.users) * 100.0)) height="6" {}
                    }
                }
                td.number { strong { (thousands(step.passed)) } }
                td.number { (percent(share(step.passed, before(at)))) }
                td.number.leaves {
                    @let stopped = before(at).saturating_sub(step.passed);
                    (super::summary::signed("−", stopped))
                }
            }
        }
    }
}

fn what(step: &FunnelStep) -> Markup {
    html! {
        (foreign_markup(&step.flag))
        @match (step.kind, &step.variation) {
            ("switch", _) => { " is switched on" },
            ("gate", _) => { " is not off (the gate)" },
            (_, Some(variation)) => { " serves " (foreign_markup(variation.as_str())) },
            (_, None) => { " is on" },
        }
    }
}
