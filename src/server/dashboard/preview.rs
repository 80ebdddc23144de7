//! What a change would do, before it is made: the plan and the forecast.

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde::Deserialize;

use crate::admin::{IdempotencyKey, Role};
use crate::eval::World;
use crate::layer::{Field, FieldValue, Layers, Origin, Patch};
use crate::model::Weight;
use crate::output::{short_percent, thousands};
use crate::server::snapshot::{Served, Snapshot};
use crate::server::state::Shared;
use crate::simulate::{Forecast, Options, Plan, Population, Watch, forecast};

use super::flag::unknown;
use super::layout::{self, Place};
use super::parts;
use super::visitor::Visitor;

/// How many made-up users a forecast counts: enough for a tenth of a percent, and done in milliseconds.
const USERS: u64 = 50_000;

/// What shall be changed.
#[derive(Deserialize)]
pub(super) struct Wish {
    #[serde(default)]
    pub(super) enabled: String,
    #[serde(default)]
    pub(super) rollout: String,
    /// Whether the piece alone is wanted, for a page that puts it in its place.
    #[serde(default)]
    pub(super) part: bool,
    /// Whether to take back all that the override says instead.
    #[serde(default)]
    pub(super) clear: bool,
}

impl Wish {
    /// Returns the fields that change.
    fn fields(&self, snapshot: &Snapshot, name: &str) -> Result<Patch, String> {
        if !self.clear {
            return self.patch();
        }
        let values = snapshot.admin.overrides.get(name);
        let values = values.ok_or_else(|| format!("`{name}` has no override to take back"))?;
        Ok(values.keys().map(|field| (field.clone(), None)).collect())
    }

    /// Returns the form that makes the change.
    fn form(&self, served: &Served) -> Markup {
        html! {
            form.apply method="post" action=(super::flags::path(served.resolved.effective.name.as_str())) {
                input type="hidden" name="tag" value=(served.tag);
                input type="hidden" name="key" value=(IdempotencyKey::random());
                input type="hidden" name="enabled" value=(self.enabled);
                input type="hidden" name="rollout" value=(self.rollout);
                input type="hidden" name="clear" value=(self.clear);
                input name="reason" placeholder="Why" aria-label="Why" autocomplete="off";
                button.primary type="submit" { "Apply" }
            }
        }
    }

    /// Returns the merge patch; none to go back to the layers below.
    pub(super) fn wire(&self) -> Result<Option<serde_json::Map<String, serde_json::Value>>, String> {
        if self.clear {
            return Ok(None);
        }
        let patch = self.patch()?;
        let enabled = match patch.get(&Field::Enabled) {
            Some(Some(FieldValue::Switch(on))) => Some(*on),
            _ => None,
        };
        let rollout = match patch.get(&Field::Rollout) {
            Some(Some(FieldValue::Weight(weight))) => Some(weight.to_string()),
            _ => None,
        };
        Ok(Some(super::apply::body(enabled, rollout)))
    }

    /// Returns the fields to set.
    fn patch(&self) -> Result<Patch, String> {
        let mut patch = Patch::new();
        match self.enabled.as_str() {
            "on" => drop(patch.insert(Field::Enabled, Some(FieldValue::Switch(true)))),
            "off" => drop(patch.insert(Field::Enabled, Some(FieldValue::Switch(false)))),
            "" => {}
            other => return Err(format!("`{other}` is neither on nor off")),
        }
        if !self.rollout.is_empty() {
            let text = self.rollout.trim_end_matches('%');
            let weight = Weight::parse(&format!("{text}%")).map_err(|error| error.to_string())?;
            patch.insert(Field::Rollout, Some(FieldValue::Weight(weight)));
        }
        if patch.is_empty() { Err("nothing is asked for".to_owned()) } else { Ok(patch) }
    }
}

pub(super) async fn page(
    Visitor(visitor): Visitor,
    State(server): State<Shared>,
    Path(name): Path<String>,
    Query(wish): Query<Wish>,
) -> Response {
    let snapshot = server.snapshot();
    let Some(served) = snapshot.flags.get(&name) else { return unknown(&visitor, &name) };
    let now = server.now();
    let piece = match wish.fields(&snapshot, &name) {
        Err(wrong) => html! { p.alert role="alert" { (parts::foreign(&wrong)) } },
        Ok(patch) => {
            let counted = foresee(&snapshot, &name, &patch, now);
            html! {
                div.forecast {
                    (told(served, &patch, counted))
                    @if visitor.role >= Role::Editor { (wish.form(served)) }
                }
            }
        }
    };
    if wish.part {
        return piece.into_response();
    }
    let body = html! {
        p.crumbs { a href="/" { "Flags" } " / " a href=(super::flags::path(&name)) { (parts::foreign(&name)) } " / forecast" }
        h1 { "Forecast" }
        (piece)
    };
    layout::page("Forecast", Place::Flags, &visitor, &body).into_response()
}

/// Counts what made-up users get before and after the patch.
fn foresee(
    snapshot: &Snapshot,
    name: &str,
    patch: &Patch,
    now: crate::model::Timestamp,
) -> Result<Forecast, String> {
    let mut after = snapshot.admin.clone();
    after.patch(name, patch, &Origin::BuiltIn);
    let (before, after) = (snapshot.layers(), Layers { admin: &after, ..snapshot.layers() });
    let worlds: [(&str, &dyn World); 2] = [("now", &before), ("after", &after)];
    let plan = Plan::new(name, &worlds, None).map_err(|error| error.to_string())?;
    let population = Population::Synthetic { count: USERS, seed: 1 };
    let options =
        Options { columns: crate::context::Columns::default(), allow_missing: true, at: now, workers: 1 };
    forecast(&plan, population, &options, Watch { progress: None, cancel: None }, None)
        .map_err(|error| error.to_string())
}

fn told(served: &Served, patch: &Patch, counted: Result<Forecast, String>) -> Markup {
    let name = served.resolved.effective.name.as_str();
    let present = |field: &Field| match field {
        Field::Enabled => FieldValue::Switch(served.resolved.is_enabled()).to_string(),
        _ => served.resolved.fallthrough.effective().value.to_string(),
    };
    html! {
        div {
            p.plan {
                strong { (parts::foreign(name)) } ": "
                @for (at, (field, value)) in patch.iter().enumerate() {
                    @if at > 0 { ", " }
                    (field) " " span.old { (parts::foreign(&present(field))) } " → "
                    span.new { (parts::foreign(&value.as_ref().map_or("not set".to_owned(), ToString::to_string))) }
                }
            }
            @match counted {
                Err(wrong) => { p.alert { (parts::foreign(&wrong)) } },
                Ok(forecast) => { (counts(&forecast)) },
            }
        }
    }
}

fn counts(forecast: &Forecast) -> Markup {
    let (before, after) = (forecast.stages.first(), forecast.stages.last());
    let change = forecast.steps.last();
    html! {
        @if let (Some(before), Some(after), Some(change)) = (before, after, change) {
            div.ramp role="img" aria-label={ "from " (short_percent(before.share)) " to " (short_percent(after.share)) } {
                (share_bar("now", before.share)) (share_bar("after", after.share))
            }
            ul.counts {
                li.joins { strong { (thousands(change.counts.joins)) } " join" }
                li.leaves { strong { (thousands(change.counts.leaves)) } " leave" }
                li.switches { strong { (thousands(change.counts.switches)) } " switch" }
                li { strong { (thousands(change.counts.stays())) } " see no change" }
            }
            p.faint {
                "of " (thousands(USERS)) " made-up users"
                @if change.keeps.guaranteed { "; nobody who has it now loses it, whoever they are" }
            }
        }
    }
}

fn share_bar(label: &str, share: f64) -> Markup {
    html! {
        div.stage {
            span { (label) }
            svg.share viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" {
                rect.track width="100" height="6" {}
                rect.fill width=(share * 100.0) height="6" {}
            }
            span.number { (short_percent(share)) }
        }
    }
}
