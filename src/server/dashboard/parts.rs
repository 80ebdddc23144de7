//! Pieces that several pages show.

use maud::{Markup, html};

use crate::layer::Source;
use crate::model::Timestamp;
use crate::report::{FlagReport, StateWord};
use crate::server::snapshot::Served;

pub(super) use crate::output::{arm_mark, foreign_markup as foreign};

/// Returns the mark and the words of a state.
pub(super) fn state(flag: &FlagReport) -> Markup {
    html! { span class={ "state " (flag.state.word()) } { (foreign(&flag.summary)) } }
}

/// Returns the share of everybody else that is on, as a bar; nothing where there is none.
pub(super) fn bar(flag: &FlagReport) -> Markup {
    let on = flag.state != StateWord::Off && flag.enabled != Some(false);
    let thousandths = if on { flag.rollout.map_or(0, crate::model::Weight::thousandths) } else { 0 };
    html! {
        @if flag.rollout.is_some() {
            svg.share viewBox="0 0 100 6" preserveAspectRatio="none" role="img"
                aria-label={ "rollout " (thousandths / 1000) " percent" } {
                rect.track width="100" height="6" {}
                rect.fill width=(f64::from(thousandths) / 1000.0) height="6" {}
            }
        }
    }
}

/// Returns the word of a layer, coloured by what it is.
pub(super) fn source(source: Source) -> Markup {
    html! { span class={ "source " (source.word()) } { (source.word()) } }
}

/// Returns the receipt of a change that was just made.
pub(super) fn receipt(done: Option<u64>) -> Markup {
    html! {
        @match done {
            None => {},
            Some(0) => { p.done role="status" { "Nothing had to change." } },
            Some(number) => {
                p.done role="status" {
                    "Written: journal " (number) ". " a href={ "/journal/" (number) "/undo" } { "Undo" }
                }
            },
        }
    }
}

/// Returns when the override of a flag was last changed and by whom; none without an override that says so.
pub(super) fn last_change(served: &Served) -> Option<(Timestamp, Option<&str>)> {
    let resolved = &served.resolved;
    let fields = resolved.enabled.settings().iter().map(|setting| &setting.origin);
    let fallthrough = resolved.fallthrough.settings().iter().map(|setting| &setting.origin);
    let entries = resolved.users.values().chain(resolved.orgs.values());
    let entries = entries.flat_map(crate::layer::Stack::settings).map(|setting| &setting.origin);
    let times = fields.chain(fallthrough).chain(entries).filter_map(|origin| match origin {
        crate::layer::Origin::Journal { at: Some(at), by, .. } => Some((*at, by.as_deref())),
        _ => None,
    });
    times.max_by_key(|(at, _)| at.millis())
}
