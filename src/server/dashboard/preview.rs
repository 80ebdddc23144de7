//! What a change would do, before it is made: the plan and the forecast.

use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use crate::admin::{IdempotencyKey, Role};
use crate::answer::evaluation;
use crate::layer::{Field, FieldValue, Layers, Origin, Patch, Resolved, patch_to_json};
use crate::model::{Context, Timestamp};
use crate::server::problem::Problem;
use crate::server::snapshot::{Served, Snapshot};
use crate::server::state::Shared;

use super::ends;
use super::flag::unknown;
use super::foresee::{counts, foresee};
use super::layout::{self, Place};
use super::parts;
use super::visitor::Visitor;
use super::wish::Wish;

pub(super) async fn page(
    Visitor(visitor): Visitor,
    State(server): State<Shared>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let wish = Wish::read(query.as_deref());
    let snapshot = server.snapshot();
    if !snapshot.flags.contains_key(&name) {
        return unknown(&visitor, &snapshot, &name);
    }
    let (now, part, editor) = (server.now(), wish.is_part(), visitor.role >= Role::Editor);
    let (shown, asked) = (snapshot.clone(), name.clone());
    // Fifty thousand users take their time; whoever asks for one flag does not wait for that.
    let made = tokio::task::spawn_blocking(move || piece(&shown, &asked, &wish, editor, now)).await;
    let Ok(Some(piece)) = made else { return Problem::bug().into_response() };
    if part {
        return piece.into_response();
    }
    let body = html! {
        p.crumbs { a href="/" { "Flags" } " / " a href=(super::flags::path(&name)) { (parts::foreign(&name)) } " / forecast" }
        h1 { "Forecast" }
        (piece)
    };
    layout::page("Forecast", Place::Flags, &visitor, Some(&snapshot), &body).into_response()
}

/// Returns the plan, the forecast and, for an editor, the form that makes the change; none of a flag that nobody knows.
fn piece(snapshot: &Snapshot, name: &str, wish: &Wish, editor: bool, now: Timestamp) -> Option<Markup> {
    let served = snapshot.flags.get(name)?;
    Some(match wish.patch(snapshot, served) {
        Err(wrong) => html! { p.alert role="alert" { (parts::foreign(&wrong)) } },
        Ok(patch) => {
            let again = format!("{}?{}", super::edit::preview(name), wish.query());
            html! {
                div.forecast data-keep data-tag-of=(name) data-tag=(served.tag) {
                    p.alert.overtaken role="alert" hidden {
                        "It was changed since: this forecast is of what it was. "
                        a.again href=(again) { "Forecast again" }
                    }
                    (told(snapshot, served, &patch, now))
                    @if editor { (form(served, &patch)) }
                }
            }
        }
    })
}

/// Returns the form that makes the change.
fn form(served: &Served, patch: &Patch) -> Markup {
    let name = served.resolved.effective.name.as_str();
    html! {
        form.apply method="post" action=(super::flags::path(name)) {
            input type="hidden" name="tag" value=(served.tag);
            input type="hidden" name="key" value=(IdempotencyKey::random());
            input type="hidden" name="patch" value=(patch_to_json(patch).to_string());
            label.grow { "Why" input name="reason" autocomplete="off" maxlength="2000"; }
            @if patch.values().any(Option::is_some) { (ends::choice()) }
            button.primary type="submit" { "Apply" }
        }
    }
}

fn told(snapshot: &Snapshot, served: &Served, patch: &Patch, now: Timestamp) -> Markup {
    let name = served.resolved.effective.name.as_str();
    let mut changed = snapshot.admin.clone();
    changed.patch(name, patch, &Origin::BuiltIn, &crate::layer::Ends::default());
    let (before, after) = (snapshot.layers(), Layers { admin: &changed, ..snapshot.layers() });
    let then = after.resolve(name);
    let boolean = served.resolved.effective.variations.is_boolean();
    html! {
        p.plan {
            strong { (parts::foreign(name)) } ": "
            @for (at, (field, value)) in patch.iter().enumerate() {
                @if at > 0 { ", " }
                (parts::foreign(&field.to_string())) " "
                (step(&served.resolved, then.as_ref(), field, value.as_ref()))
            }
        }
        @for key in patch.keys().filter_map(|field| match field { Field::User(key) => Some(key), _ => None }) {
            (one_user(&before, &after, &served.resolved, then.as_ref(), key, now))
        }
        @if patch.keys().any(|field| !matches!(field, Field::User(_) | Field::Org(_))) {
            @match foresee(name, &before, &after, now) {
                Err(wrong) => { p.alert { (parts::foreign(&wrong)) } },
                Ok(forecast) => { (counts(&forecast, boolean)) },
            }
        }
        @for key in patch.keys().filter_map(|field| match field { Field::Org(key) => Some(key), _ => None }) {
            p.faint { "It counts for all of " (parts::foreign(key)) " who have no entry of their own." }
        }
    }
}

/// Returns a field as it is in effect and as it will be, with the layer that it then comes from where the change only
/// takes something away.
fn step(now: &Resolved, then: Option<&Resolved>, field: &Field, wanted: Option<&FieldValue>) -> Markup {
    let (old, _) = in_effect(now, field);
    let (new, source) = match (wanted, then) {
        (Some(value), _) => (value.to_string(), None),
        (None, Some(then)) => in_effect(then, field),
        (None, None) => ("not set".to_owned(), None),
    };
    html! {
        @if old == new { span.new { (parts::foreign(&new)) } " as now" }
        @else { span.old { (parts::foreign(&old)) } " → " span.new { (parts::foreign(&new)) } }
        @if let Some(source) = source { " " span.faint { "from " (source) } }
    }
}

/// Returns the value of a field that counts, and its layer where there is one.
fn in_effect(flag: &Resolved, field: &Field) -> (String, Option<&'static str>) {
    let of = |stack: &crate::layer::Stack<crate::model::VariationName>| {
        (stack.effective().value.to_string(), Some(stack.effective().source.word()))
    };
    let not_set = || ("not set".to_owned(), None);
    match field {
        Field::Enabled => {
            let setting = flag.enabled.effective();
            (FieldValue::Switch(setting.value).to_string(), Some(setting.source.word()))
        }
        Field::Rollout | Field::Serve => {
            let setting = flag.fallthrough.effective();
            (setting.value.to_string(), Some(setting.source.word()))
        }
        Field::User(key) => flag.users.get(key).map_or_else(not_set, of),
        Field::Org(key) => flag.orgs.get(key).map_or_else(not_set, of),
    }
}

/// Says what the one user gets whose entry changes.
fn one_user(
    before: &Layers<'_>,
    after: &Layers<'_>,
    now: &Resolved,
    then: Option<&Resolved>,
    key: &str,
    at: Timestamp,
) -> Markup {
    let context = Context::user(key);
    let gets = |layers: &Layers<'_>, flag: &Resolved| {
        evaluation(layers, flag, &context, at).map(|report| report.variation.to_string())
    };
    let (was, is) = (gets(before, now), then.and_then(|then| gets(after, then)));
    html! {
        @if let (Some(was), Some(is)) = (was, is) {
            p { (parts::foreign(key)) " gets "
                @if was == is { strong { (parts::foreign(&is)) } " as now" }
                @else { span.old { (parts::foreign(&was)) } " → " span.new { (parts::foreign(&is)) } }
            }
        }
    }
}
