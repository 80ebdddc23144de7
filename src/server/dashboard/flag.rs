//! One flag: what it is, why, and what can be done about it.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use crate::admin::Role;
use crate::answer::{definition_report, field_reports, flag_report};
use crate::report::{DefinitionReport, FieldReport, FlagReport};
use crate::server::caller::Caller;
use crate::server::state::Shared;

use super::explain::{self, For};
use super::journal;
use super::layout::{self, Place};
use super::parts;
use super::visitor::Visitor;

pub(super) async fn page(
    Visitor(visitor): Visitor,
    State(server): State<Shared>,
    Path(name): Path<String>,
    Query(asked): Query<For>,
) -> Response {
    let snapshot = server.snapshot();
    let Some(served) = snapshot.flags.get(&name) else { return unknown(&visitor, &name) };
    let layers = snapshot.layers();
    let now = server.now();
    let flag = flag_report(&layers, &served.resolved, snapshot.day);
    let fields = field_reports(&served.resolved, now);
    let definition = definition_report(&layers, &served.resolved);
    let explained = explain::section(&layers, &served.resolved, &asked, now);
    let history = match journal::of_flag(&server, &name, &visitor).await {
        Ok(history) => history,
        Err(problem) => return problem.into_response(),
    };
    let body = html! {
        p.crumbs { a href="/" { "Flags" } " / " (parts::foreign(&flag.name)) }
        div.title {
            h1 { (parts::foreign(&flag.name)) }
            (parts::state(&flag))
        }
        @if let Some(description) = &flag.description { p.lead { (parts::foreign(description)) } }
        (facts(&flag, &definition))
        @for problem in &flag.problems { p.alert role="alert" { (parts::foreign(problem)) } }
        (parts::receipt(asked.done))
        @if visitor.role >= Role::Editor { (controls(&flag, snapshot.admin.overrides.contains_key(&name))) }
        (layers_section(&fields))
        @if !definition.rules.is_empty() { (rules(&definition)) }
        (explained)
        (history)
    };
    layout::page(&flag.name, Place::Flags, &visitor, &body).into_response()
}

/// Returns the page of a name that no flag has.
pub(super) fn unknown(visitor: &Caller, name: &str) -> Response {
    let body = html! {
        h1 { "No such flag" }
        p { "There is no flag " (parts::foreign(name)) ". " a href="/" { "All flags" } }
    };
    (StatusCode::NOT_FOUND, layout::page("No such flag", Place::Flags, visitor, &body)).into_response()
}

fn facts(flag: &FlagReport, definition: &DefinitionReport) -> Markup {
    html! {
        dl.facts {
            @if let Some(owner) = &flag.owner { div { dt { "Owner" } dd { (parts::foreign(owner)) } } }
            @if let Some(expires) = flag.expires {
                div { dt { "Expires" } dd class=[flag.expired.then_some("late")] { (expires) } }
            }
            @if !flag.tags.is_empty() { div { dt { "Tags" } dd { (parts::foreign(&flag.tags.join(", "))) } } }
            @if let Some(place) = &flag.place { div { dt { "Declared" } dd { code { (parts::foreign(&place.to_string())) } } } }
            div { dt { "Bucketing" } dd { code { (parts::foreign(&flag.algorithm.to_string())) } " by " (parts::foreign(&definition.bucket_by)) } }
            @if !flag.prerequisites.is_empty() {
                div { dt { "Needs" } dd { (parts::foreign(&definition.prerequisites.join(", "))) } }
            }
        }
    }
}

/// The switch and the slider: each leads to the forecast first.
fn controls(flag: &FlagReport, overridden: bool) -> Markup {
    let on = flag.enabled == Some(true);
    let thousandths = flag.rollout.map(crate::model::Weight::thousandths);
    let preview = format!("{}/preview", super::flags::path(&flag.name));
    html! {
        section.controls aria-label="Change" {
            form method="get" action=(preview) data-preview {
                input type="hidden" name="enabled" value=(if on { "off" } else { "on" });
                button type="submit" class={ "switch " (if on { "is-on" } else { "is-off" }) } aria-pressed=(on) {
                    span.knob aria-hidden="true" {} (if on { "Turn off" } else { "Turn on" })
                }
            }
            @if let Some(now) = thousandths {
                form.slide method="get" action=(preview) data-preview {
                    label for="rollout" { "Rollout" }
                    input #rollout name="rollout" type="range" min="0" max="100" step="1"
                        value=(f64::from(now) / 1000.0) data-mirror="percent";
                    input #percent type="number" min="0" max="100" step="0.001" value=(f64::from(now) / 1000.0)
                        aria-label="Rollout in percent" data-mirror="rollout";
                    span { "%" }
                    button type="submit" { "Forecast" }
                }
            }
            @if overridden {
                form method="get" action=(preview) data-preview {
                    input type="hidden" name="clear" value="true";
                    button.quiet type="submit" { "Back to the layers below" }
                }
            }
        }
        section #forecast aria-live="polite" {}
    }
}

fn layers_section(fields: &[FieldReport]) -> Markup {
    html! {
        section {
            h2 { "Why it is so" }
            div.scroll { table.layers {
                thead { tr { th { "Field" } th { "Value" } th { "Source" } th { "Place" } th {} } }
                tbody {
                    @for field in fields {
                        @for (at, setting) in field.settings.iter().enumerate() {
                            tr class=[(!setting.wins).then_some("beaten")] {
                                td { @if at == 0 { (parts::foreign(&field.field)) } }
                                td { (parts::foreign(&setting.value)) }
                                td { (parts::source(setting.source)) }
                                td { code { (parts::foreign(&setting.origin.to_string())) } }
                                td.faint {
                                    @if let Some(detail) = &setting.detail { (parts::foreign(detail)) }
                                    @if !setting.wins { " overridden" }
                                }
                            }
                        }
                    }
                }
            } }
        }
    }
}

fn rules(definition: &DefinitionReport) -> Markup {
    html! {
        section {
            h2 { "Targeting rules" }
            ol.rules {
                @for rule in &definition.rules {
                    li {
                        @if let Some(name) = &rule.name { strong { (parts::foreign(name)) } " " }
                        @for (at, clause) in rule.clauses.iter().enumerate() {
                            @if at > 0 { span.faint { " and " } }
                            code { (parts::foreign(clause)) }
                        }
                        " → " (rule.rollout) " get " (parts::foreign(&rule.serve))
                        @if let Some(origin) = &rule.origin { " " span.faint { (parts::foreign(&origin.to_string())) } }
                    }
                }
            }
        }
    }
}
