//! The experiments: variants, shares, gates.

use axum::extract::State;
use maud::{Markup, html};

use crate::model::Experiment;
use crate::server::snapshot::Snapshot;
use crate::server::state::Shared;

use super::layout::{self, Place};
use super::parts;
use super::visitor::Visitor;

pub(super) async fn page(Visitor(visitor): Visitor, State(server): State<Shared>) -> Markup {
    let snapshot = server.snapshot();
    let all = &snapshot.file.definitions().experiments;
    layout::page(
        "Experiments",
        Place::Experiments,
        &visitor,
        Some(&snapshot),
        &html! {
            h1 { "Experiments" }
            @if all.is_empty() { p.empty { "flags.toml declares no experiment." } }
            @for experiment in all.values() { (card(&snapshot, experiment)) }
        },
    )
}

fn card(snapshot: &Snapshot, experiment: &Experiment) -> Markup {
    let gate = experiment.flag.as_ref().and_then(|name| snapshot.flags.get(name.as_str()));
    let total = f64::from(experiment.variants.total());
    html! {
        section.card data-key=(experiment.name) {
            h2 { (parts::foreign(experiment.name.as_str())) }
            @if let Some(description) = &experiment.description { p { (parts::foreign(description)) } }
            div.shares {
                @for (at, (name, share)) in experiment.variants.pairs().iter().enumerate() {
                    @let percent = f64::from(share.get()) * 100.0 / total;
                    div.variant {
                        span { (parts::foreign(name.as_str())) }
                        svg.share viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" {
                            rect.track width="100" height="6" {}
                            rect class={ "fill arm-" (at % 6) } width=(percent) height="6" {}
                        }
                        span.number { (format!("{percent:.1}%")) }
                    }
                }
            }
            p.faint {
                @if let Some(gate) = gate {
                    "gate " a href=(super::flags::path(gate.resolved.effective.name.as_str())) { (parts::foreign(gate.resolved.effective.name.as_str())) }
                    @if !gate.resolved.is_enabled() { " is off: everyone gets " (parts::foreign(experiment.first().as_str())) }
                } @else { "no gate" }
                " · bucketing " code { (parts::foreign(&experiment.bucketing.to_string())) }
                @if !experiment.force.is_empty() { " · " (experiment.force.len()) " forced" }
            }
        }
    }
}
