//! One flag: what it is, why, and what can be done about it.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use crate::admin::Role;
use crate::answer::{definition_report, field_reports, flag_report};
use crate::report::{DefinitionReport, FieldReport, FlagReport};
use crate::server::caller::Caller;
use crate::server::snapshot::Snapshot;
use crate::server::state::Shared;

use super::edit::controls;
use super::explain::{self, For};
use super::journal;
use super::layout::{self, Place};
use super::overrides;
use super::parts;
use super::visitor::Visitor;

pub(super) async fn page(
    Visitor(visitor): Visitor,
    State(server): State<Shared>,
    Path(name): Path<String>,
    Query(asked): Query<For>,
) -> Response {
    let known = explain::known(&server, &asked).await;
    let snapshot = server.snapshot();
    let Some(served) = snapshot.flags.get(&name) else { return unknown(&visitor, &snapshot, &name) };
    let layers = snapshot.layers();
    let now = server.now();
    let flag = flag_report(&layers, &served.resolved, snapshot.day);
    let fields = field_reports(&served.resolved, now);
    let definition = definition_report(&layers, &served.resolved);
    let explained = explain::section(&layers, &served.resolved, &asked, &known, now);
    let history = match journal::of_flag(&server, &name, &visitor).await {
        Ok(history) => history,
        Err(problem) => return problem.into_response(),
    };
    let may_edit = visitor.role >= Role::Editor;
    let body = html! {
        p.crumbs { a href="/" { "Flags" } " / " (parts::foreign(&flag.name)) }
        div.title data-flag=(flag.name) {
            h1 { (parts::foreign(&flag.name)) }
            (parts::state(&flag))
        }
        @if let Some(description) = &flag.description { p.lead { (parts::foreign(description)) } }
        (facts(&flag, &definition))
        @for problem in &flag.problems { p.alert role="alert" { (parts::foreign(problem)) } }
        (parts::receipt(asked.done))
        @if may_edit { (controls(served, &flag)) }
        (overrides::section(served, snapshot.admin.overrides.get(&name), may_edit, now))
        (layers_section(&fields))
        @if !definition.rules.is_empty() { (rules(&definition)) }
        (explained)
        (history)
    };
    layout::page(&flag.name, Place::Flags, &visitor, Some(&snapshot), &body).into_response()
}

/// Returns the page of a name that no flag has.
pub(super) fn unknown(visitor: &Caller, snapshot: &Snapshot, name: &str) -> Response {
    let body = html! {
        h1 { "No such flag" }
        p { "There is no flag " (parts::foreign(name)) ". " a href="/" { "All flags" } }
    };
    (StatusCode::NOT_FOUND, layout::page("No such flag", Place::Flags, visitor, Some(snapshot), &body))
        .into_response()
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

fn layers_section(fields: &[FieldReport]) -> Markup {
    html! {
        section #layers {
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
        section #rules {
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
