//! All flags: state, source, rollout, owner, age; searched and filtered by the address alone.

use axum::extract::{Query, State};
use maud::{Markup, html};
use serde::Deserialize;

use crate::answer::{flag_report, words};
use crate::output::counted;
use crate::report::{FlagReport, StateWord};
use crate::server::snapshot::Served;
use crate::server::state::Shared;

use super::layout::{self, Place};
use super::parts;
use super::visitor::Visitor;

/// What is looked for.
#[derive(Deserialize)]
pub(super) struct Filter {
    /// Words that the name, description, owner or a tag must have, all of them.
    #[serde(default)]
    q: String,
    /// The word of a state, or `overridden`.
    #[serde(default)]
    show: String,
}

/// The choices beside the search, with their words in the address.
const CHOICES: [(&str, &str); 6] = [
    ("", "All"),
    ("on", "On"),
    ("partial", "Partial"),
    ("off", "Off"),
    ("overridden", "Overridden"),
    ("expired", "Expired"),
];

pub(super) async fn page(
    Visitor(visitor): Visitor,
    State(server): State<Shared>,
    Query(filter): Query<Filter>,
) -> Markup {
    let snapshot = server.snapshot();
    let layers = snapshot.layers();
    let now = server.now();
    let all = snapshot.flags.values();
    let all: Vec<(&Served, FlagReport)> =
        all.map(|flag| (flag, flag_report(&layers, &flag.resolved, snapshot.day))).collect();
    let total = all.len();
    let counted_as = |choice: &str| all.iter().filter(|(_, flag)| is_shown(flag, choice)).count();
    let choices: Vec<(&str, &str, usize)> =
        CHOICES.iter().map(|(word, text)| (*word, *text, counted_as(word))).collect();
    let shown: Vec<&(&Served, FlagReport)> =
        all.iter().filter(|(_, flag)| is_shown(flag, &filter.show) && has(flag, &filter.q)).collect();
    let address = |show: &str| {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("q", &filter.q)
            .append_pair("show", show)
            .finish();
        format!("/?{query}")
    };
    layout::page(
        "Flags",
        Place::Flags,
        &visitor,
        Some(&snapshot),
        &html! {
            form.search method="get" action="/" role="search" {
                input name="q" type="search" value=(filter.q) placeholder="Search name, description, owner, tag"
                    aria-label="Search flags" data-filter="flags" autocomplete="off";
                input type="hidden" name="show" value=(filter.show);
                button type="submit" { "Search" }
                nav.choices aria-label="Show" {
                    @for (word, text, count) in &choices {
                        a href=(address(word)) aria-current=[(*word == filter.show).then_some("true")] {
                            (text) " " span.count { (count) }
                        }
                    }
                }
            }
            @if shown.is_empty() {
                p.empty { "No flag of " (total) " is like that. " a href="/" { "Show all" } }
            } @else {
                div.scroll {
                    table #flags {
                        thead { tr {
                            th { "Flag" } th { "State" } th.wide { "Rollout" } th { "Source" } th { "Owner" } th { "Changed" } th { "Expires" }
                        } }
                        tbody {
                            @for (served, flag) in &shown { (row(served, flag, now)) }
                        }
                    }
                }
                p.faint.summary { (counted(u64::try_from(shown.len()).unwrap_or(u64::MAX), "flag")) " of " (total) }
            }
        },
    )
}

fn row(served: &Served, flag: &FlagReport, now: crate::model::Timestamp) -> Markup {
    html! {
        tr data-key=(flag.name) data-flag=(flag.name) data-text=(haystack(flag)) {
            td {
                a.name href=(path(&flag.name)) { (parts::foreign(&flag.name)) }
                @if let Some(description) = &flag.description { div.faint { (parts::foreign(description)) } }
            }
            td { (parts::state(flag)) }
            td.wide { (parts::bar(flag)) }
            td { (parts::source(flag.source)) @if !flag.overridden.is_empty() { " " span.faint { "overrides" } } }
            td { @if let Some(owner) = &flag.owner { (parts::foreign(owner)) } }
            td {
                @if let Some((at, by)) = parts::last_change(served) {
                    time datetime=(at) title=(at) { (words::when(at, now)) }
                    @if let Some(by) = by { div.faint { "by " (parts::foreign(by)) } }
                } @else { span.faint { "–" } }
            }
            td {
                @if let Some(expires) = flag.expires {
                    span class=(if flag.expired { "date late" } else { "date" }) { (expires) }
                } @else { span.faint { "–" } }
            }
        }
    }
}

/// Returns the address of a flag's page.
pub(super) fn path(name: &str) -> String {
    let name: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
    format!("/flags/{name}")
}

fn is_shown(flag: &FlagReport, choice: &str) -> bool {
    match choice {
        "" => true,
        "overridden" => !flag.overridden.is_empty(),
        "expired" => flag.expired,
        word => flag.state.word() == word || (word == "off" && flag.state == StateWord::Absent),
    }
}

/// Tells whether a flag has all words somewhere.
fn has(flag: &FlagReport, words: &str) -> bool {
    let text = haystack(flag);
    words.split_whitespace().all(|word| text.contains(&word.to_lowercase()))
}

/// Returns what a flag is found by.
fn haystack(flag: &FlagReport) -> String {
    let parts = [Some(flag.name.as_str()), flag.description.as_deref(), flag.owner.as_deref()];
    let parts = parts.into_iter().flatten().chain(flag.tags.iter().map(String::as_str));
    parts.collect::<Vec<_>>().join(" ").to_lowercase()
}
