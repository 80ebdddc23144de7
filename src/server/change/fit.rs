//! Whether a patch fits its flag: the layers say it, here stands of which part of the patch.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::StatusCode;

use crate::layer::{AdminLayer, Field, FieldValue, Layers, Origin, Patch, Source, Values};
use crate::model::Serve;
use crate::server::problem::Problem;
use crate::server::snapshot::Snapshot;

use super::body::pointer;

/// Refuses what the layers could not take for what it is.
pub(super) fn fits(snapshot: &Arc<Snapshot>, flag: &str, patch: &Patch, at: &str) -> Result<(), Problem> {
    for (field, value) in patch {
        let Some(value) = value else { continue };
        let mut admin = AdminLayer { overrides: BTreeMap::new(), ..snapshot.admin.clone() };
        let values = Values::from_iter([(field.clone(), (value.clone(), Origin::BuiltIn))]);
        admin.overrides.insert(flag.to_owned(), values);
        let layers = Layers { admin: &admin, ..snapshot.layers() };
        let problems = layers.resolve(flag).map(|resolved| resolved.problems).unwrap_or_default();
        if let Some(problem) = problems.into_iter().find(|problem| problem.layer == Source::Admin) {
            let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "does_not_fit", problem.message);
            return Err(problem.with("pointer", place(at, field, value)));
        }
    }
    Ok(())
}

fn place(at: &str, field: &Field, value: &FieldValue) -> String {
    match (field, value) {
        (Field::Enabled, _) => pointer(at, "enabled"),
        (Field::Rollout, _) => pointer(at, "rollout"),
        (Field::Serve, FieldValue::Serve(Serve::Split(_))) => pointer(at, "split"),
        (Field::Serve, _) => pointer(at, "serve"),
        (Field::User(key), _) => pointer(&pointer(at, "users"), key),
        (Field::Org(key), _) => pointer(&pointer(at, "orgs"), key),
    }
}
