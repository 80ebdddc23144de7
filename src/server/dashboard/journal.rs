//! The journal: who changed what, when and why, and how to take it back.

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::Value;

use crate::admin::{
    IdempotencyKey, JournalChange, JournalEntry, JournalFilter, Past, Role, TokenAct, TokenChange, Undoing,
};
use crate::answer::words;
use crate::layer::{Ends, Field, FieldValue, patch_to_json};
use crate::model::Timestamp;
use crate::server::caller::Caller;
use crate::server::change::{Precondition, Wanted};
use crate::server::problem::Problem;
use crate::server::snapshot::Snapshot;
use crate::server::state::Shared;

use super::apply::{after, make, refused};
use super::layout::{self, Place};
use super::parts;
use super::visitor::{SameOrigin, Visitor};

/// How many entries a page shows.
const SHOWN: u32 = 100;

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    flag: String,
    /// The number of the change that was just made; `0` for one that changed nothing.
    done: Option<u64>,
}

pub(super) async fn page(
    Visitor(visitor): Visitor,
    State(server): State<Shared>,
    Query(asked): Query<Asked>,
) -> Result<Markup, Problem> {
    // Taken before the journal is read: what comes in between renews the page.
    let snapshot = server.snapshot();
    let flag = Some(asked.flag.clone()).filter(|flag| !flag.is_empty());
    let entries = read(&server, JournalFilter { flag, limit: SHOWN, ..JournalFilter::default() }).await?;
    let now = server.now();
    Ok(layout::page(
        "Journal",
        Place::Journal,
        &visitor,
        Some(&snapshot),
        &html! {
            div.title { h1 { "Journal" } @if !asked.flag.is_empty() { span.faint { "of " (parts::foreign(&asked.flag)) " · " a href="/journal" { "all" } } } }
            (parts::receipt(asked.done))
            @if entries.is_empty() { p.empty { "Nobody has changed anything yet." } } @else { (table(&entries, &visitor, now)) }
        },
    ))
}

/// Returns the newest changes of one flag.
pub(super) async fn of_flag(server: &Shared, flag: &str, visitor: &Caller) -> Result<Markup, Problem> {
    let filter = JournalFilter { flag: Some(flag.to_owned()), limit: 8, ..JournalFilter::default() };
    let entries = read(server, filter).await?;
    let now = server.now();
    Ok(html! {
        @if !entries.is_empty() {
            section #history {
                h2 { "History" }
                (table(&entries, visitor, now))
            }
        }
    })
}

fn table(entries: &[JournalEntry], visitor: &Caller, now: Timestamp) -> Markup {
    html! {
        div.scroll { table.journal {
            thead { tr { th { "#" } th { "When" } th { "Who" } th { "What" } th { "Why" } th {} } }
            tbody {
                @for entry in entries {
                    tr #{ "entry-" (entry.number) } {
                        td.number { (entry.number) }
                        td { @if let Some(at) = entry.at { time datetime=(at) title=(at) { (words::when(at, now)) } } }
                        td { @if let Some(actor) = &entry.actor { (parts::foreign(actor)) } @else { span.faint { "–" } } }
                        td { @for change in &entry.changes { (told(change)) } @if let Some(token) = &entry.token { (told_token(token)) } }
                        td { @if let Some(reason) = &entry.reason { (parts::foreign(reason)) } }
                        td { @if visitor.role >= Role::Editor && entry.token.is_none() { a.undo href={ "/journal/" (entry.number) "/undo" } { "Undo" } } }
                    }
                }
            }
        } }
    }
}

/// Tells what an entry changed of one flag.
fn told(change: &JournalChange) -> Markup {
    html! {
        @for (field, value) in &change.after {
            div {
                a.name href=(super::flags::path(&change.flag)) { (parts::foreign(&change.flag)) }
                " " (parts::foreign(&field.to_string())) " "
                @let (old, new) = (shown(change.before.get(field).and_then(Option::as_ref)), shown(value.as_ref()));
                @if old == new { "stays " } @else { span.old { (parts::foreign(&old)) } " → " }
                span.new { (parts::foreign(&new)) }
                @match change.ends_of(field).filter(|_| value.is_some()) {
                    Some(ends) => { span.faint { " until " time datetime=(ends) { (ends) } } },
                    None => { @if old == new { span.faint { " for good" } } },
                }
            }
        }
    }
}

/// Tells what an entry did to a token.
fn told_token(token: &TokenChange) -> Markup {
    html! {
        div {
            "token " (parts::foreign(&token.name)) " "
            @match token.act { TokenAct::Created => { span.new { "made" } }, TokenAct::Revoked => { span.old { "revoked" } } }
            ", " (token.role.word())
            @if let Some(ends) = token.expires_at { span.faint { " until " time datetime=(ends) { (ends) } } }
        }
    }
}

fn shown(value: Option<&FieldValue>) -> String {
    value.map_or_else(|| "not set".to_owned(), ToString::to_string)
}

/// Shows what taking a change back would do.
pub(super) async fn before_undo(
    Visitor(visitor): Visitor,
    State(server): State<Shared>,
    Path(number): Path<u64>,
) -> Result<Response, Problem> {
    let snapshot = server.snapshot();
    let (entry, undoings) = undoings(&server, number).await?;
    let moved: Vec<String> = entry.changes.iter().flat_map(|change| overtaken(&snapshot, change)).collect();
    let now = server.now();
    let over = entry.changes.iter().zip(&undoings).flat_map(|(change, undoing)| {
        undoing.over.iter().map(|(field, ends, comes_back)| {
            let so = if *comes_back { "brought back without an end" } else { "not brought back" };
            format!("{} {field} was to end by itself, {}: it is {so}", change.flag, words::when(*ends, now))
        })
    });
    let over: Vec<String> = over.collect();
    let body = html! {
        p.crumbs { a href="/journal" { "Journal" } " / " (number) }
        h1 { "Undo change " (number) }
        p.lead {
            @if let Some(actor) = &entry.actor { "made by " (parts::foreign(actor)) " " }
            @if let Some(at) = entry.at { (words::when(at, now)) }
            @if let Some(reason) = &entry.reason { ": " (parts::foreign(reason)) }
        }
        div.forecast {
            @for (change, undoing) in entry.changes.iter().zip(&undoings) { p.plan { (told(&reversed(change, undoing))) } }
            @for over in &over { p.faint { (parts::foreign(over)) } }
            @if moved.is_empty() {
                form.apply method="post" action={ "/journal/" (number) "/undo" } {
                    input type="hidden" name="key" value=(IdempotencyKey::random());
                    input name="reason" placeholder="Why" aria-label="Why" autocomplete="off";
                    button.primary type="submit" { "Undo" }
                }
            } @else {
                p.alert role="alert" { "It was changed since: " (parts::foreign(&moved.join("; "))) }
            }
        }
    };
    Ok(layout::page("Undo", Place::Journal, &visitor, Some(&snapshot), &body).into_response())
}

#[derive(Deserialize)]
pub(super) struct Sent {
    #[serde(default)]
    key: String,
    #[serde(default)]
    reason: String,
}

/// Takes a change back, unless somebody has changed the same since.
pub(super) async fn undo(
    Visitor(visitor): Visitor,
    _: SameOrigin,
    State(server): State<Shared>,
    Path(number): Path<u64>,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    let (entry, undoings) = undoings(&server, number).await?;
    let snapshot = server.snapshot();
    let first = entry.changes.first().map_or("", |change| change.flag.as_str());
    let moved: Vec<String> = entry.changes.iter().flat_map(|change| overtaken(&snapshot, change)).collect();
    if !moved.is_empty() {
        let detail = format!("it was changed since: {}", moved.join("; "));
        return Ok(refused(
            &visitor,
            first,
            &Problem::new(StatusCode::PRECONDITION_FAILED, "changed", detail),
        ));
    }
    let wanted = |(change, undoing): (&JournalChange, &Undoing)| {
        let tag = snapshot.flags.get(&change.flag).map_or("", |flag| flag.tag.as_str());
        let present = snapshot.admin.overrides.get(&change.flag);
        let patch = match patch_to_json(&undoing.patch) {
            Value::Object(mut patch) => {
                Ends::exactly(&undoing.patch, &undoing.ends, present).insert_into(&mut patch);
                Some(patch)
            }
            _ => None,
        };
        Wanted {
            flag: change.flag.clone(),
            patch,
            precondition: Precondition::of_text(tag),
            at: String::new(),
        }
    };
    let reason = if sent.reason.trim().is_empty() { format!("undo of {number}") } else { sent.reason };
    let flags = entry.changes.iter().zip(&undoings).map(wanted).collect();
    Ok(match make(&server, &visitor, &sent.key, &reason, flags).await {
        Ok(done) => after("/journal", &done),
        Err(problem) => refused(&visitor, first, &problem),
    })
}

/// Returns what of a change is not as it left it.
fn overtaken(snapshot: &Snapshot, change: &JournalChange) -> Vec<String> {
    let now = snapshot.admin.overrides.get(&change.flag);
    let told = |(field, left, present)| {
        let field: &Field = field;
        format!("{} {field} is {}, not {}", change.flag, shown(present), shown(left))
    };
    change.overtaken(now).map(told).collect()
}

/// Returns a change the other way round.
fn reversed(change: &JournalChange, undoing: &Undoing) -> JournalChange {
    let ends = Ends::Each(undoing.ends.clone());
    JournalChange::new(change.flag.clone(), change.after.clone(), undoing.patch.clone(), &ends)
}

/// Returns an entry with what takes each of its changes back.
async fn undoings(server: &Shared, number: u64) -> Result<(JournalEntry, Vec<Undoing>), Problem> {
    let entry = entry(server, number).await?;
    let (server, now) = (server.clone(), server.now());
    let read = tokio::task::spawn_blocking(move || {
        let mut past = Past::new(|filter: &JournalFilter| server.store.journal(filter));
        let undoings: crate::error::Result<Vec<_>> =
            entry.changes.iter().map(|change| past.undoing(&entry, change, now)).collect();
        undoings.map(|undoings| (entry, undoings))
    });
    Ok(read.await.map_err(|_| Problem::bug())??)
}

async fn entry(server: &Shared, number: u64) -> Result<JournalEntry, Problem> {
    let unknown =
        || Problem::new(StatusCode::NOT_FOUND, "unknown_change", format!("there is no change {number}"));
    let (after, before) = (number.checked_sub(1).ok_or_else(unknown)?, number.checked_add(1));
    let filter = JournalFilter { after: Some(after), before, limit: 1, ..JournalFilter::default() };
    let entry = read(server, filter).await?.pop().ok_or_else(unknown)?;
    match &entry.token {
        None => Ok(entry),
        Some(token) => {
            let detail = format!("{number} {} a token, which nothing takes back", token.act.word());
            Err(Problem::new(StatusCode::CONFLICT, "no_undo", detail))
        }
    }
}

async fn read(server: &Shared, filter: JournalFilter) -> Result<Vec<JournalEntry>, Problem> {
    let server = server.clone();
    let read = tokio::task::spawn_blocking(move || server.store.journal(&filter)).await;
    Ok(read.map_err(|_| Problem::bug())??)
}
