//! The body of a change: read strictly, since a key that nobody knows is a mistake that somebody would take for done.

use serde_json::{Map, Value};

use crate::layer::{Ends, Field, Patch, Values, ends_from_json, ends_time, patch_from_json};
use crate::model::Timestamp;
use crate::server::problem::Problem;

/// What a patch may hold.
const KEYS: [&str; 8] = ["enabled", "rollout", "serve", "split", "users", "orgs", "expires_at", "ends"];

/// Characters of the longest reason.
const LONGEST_REASON: usize = 2_000;

/// Takes the reason out of a body.
pub(in crate::server) fn reason_of(body: &mut Map<String, Value>) -> Result<Option<String>, Problem> {
    match body.shift_remove("reason") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.chars().count() <= LONGEST_REASON => {
            Ok(Some(text).filter(|text| !text.trim().is_empty()))
        }
        Some(Value::String(_)) => {
            Err(Problem::invalid("/reason", format!("a reason has at most {LONGEST_REASON} characters")))
        }
        Some(_) => Err(Problem::invalid("/reason", "a reason is text")),
    }
}

/// Refuses keys that are none of these; `at` is where they stand.
pub(in crate::server) fn unknown_keys(
    at: &str,
    body: &Map<String, Value>,
    known: &[&str],
) -> Result<(), Problem> {
    match body.keys().find(|key| !known.contains(&key.as_str())) {
        None => Ok(()),
        Some(key) => {
            let near = crate::error::did_you_mean(key, known.iter().copied());
            let hint = near.unwrap_or_else(|| format!("known are {}", known.join(", ")));
            Err(Problem::invalid(&pointer(at, key), format!("`{key}` is not known here; {hint}")))
        }
    }
}

/// Reads a patch; `now` is the time, `present` what the override says already, `at` where the patch stands.
pub(super) fn patch_of(
    body: &Map<String, Value>,
    present: Option<&Values>,
    now: Timestamp,
    at: &str,
) -> Result<(Patch, Ends), Problem> {
    unknown_keys(at, body, &KEYS)?;
    let is_set = |key: &str| body.get(key).is_some_and(|value| !value.is_null());
    if is_set("serve") && is_set("split") {
        return Err(Problem::invalid(
            &pointer(at, "split"),
            "either `serve` or `split` can be set, not both",
        ));
    }
    let mut lists = body.clone();
    let mut patch = Patch::new();
    for (key, of_list) in [("users", is_user as fn(&Field) -> bool), ("orgs", is_org)] {
        // A list that is cleared as a whole clears what it holds.
        if lists.get(key).is_some_and(Value::is_null) {
            lists.shift_remove(key);
            let held = present.into_iter().flat_map(Values::keys).filter(|field| of_list(field));
            patch.extend(held.map(|field| (field.clone(), None)));
        }
    }
    let given = patch_from_json(&Value::Object(lists))
        .map_err(|error| Problem::invalid(&format!("{at}{}", error.pointer()), error.to_string()))?;
    patch.extend(given);
    let ends = match expires_at(body, &patch, now, &pointer(at, "expires_at"))? {
        None => each(body, &patch, now, at)?,
        ends if body.get("ends").is_none_or(Value::is_null) => Ends::Together(ends),
        Some(_) => {
            let detail = "either all ends together or each field by itself: `expires_at` or `ends`, not both";
            return Err(Problem::invalid(&pointer(at, "ends"), detail));
        }
    };
    Ok((patch, ends))
}

/// Reads when fields end, each by itself.
fn each(body: &Map<String, Value>, patch: &Patch, now: Timestamp, at: &str) -> Result<Ends, Problem> {
    let Some(json) = body.get("ends").filter(|json| !json.is_null()) else { return Ok(Ends::default()) };
    let ends = ends_from_json(json, ends_time)
        .map_err(|error| Problem::invalid(&format!("{at}{}", error.pointer()), error.to_string()))?;
    for (field, end) in &ends {
        let at = pointer(&pointer(at, "ends"), &field.to_string());
        if *end <= now {
            return Err(Problem::invalid(&at, format!("{end} is over; it is {now} here")));
        }
        if !matches!(patch.get(field), Some(Some(_))) {
            return Err(Problem::invalid(
                &at,
                format!("there is nothing that could end: the patch does not set {field}"),
            ));
        }
    }
    Ok(Ends::Each(ends))
}

fn expires_at(
    body: &Map<String, Value>,
    patch: &Patch,
    now: Timestamp,
    at: &str,
) -> Result<Option<Timestamp>, Problem> {
    let text = match body.get("expires_at") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => text,
        Some(_) => return Err(Problem::invalid(at, "not a time such as \"2026-11-22T18:00:00Z\"")),
    };
    let ends = Timestamp::parse(text).map_err(|error| Problem::invalid(at, error.to_string()))?;
    if ends <= now {
        return Err(Problem::invalid(at, format!("{ends} is over; it is {now} here")));
    }
    if patch.values().all(Option::is_none) {
        return Err(Problem::invalid(at, "there is nothing that could end: the patch sets nothing"));
    }
    Ok(Some(ends))
}

fn is_user(field: &Field) -> bool {
    matches!(field, Field::User(_))
}

fn is_org(field: &Field) -> bool {
    matches!(field, Field::Org(_))
}

/// Returns the JSON pointer of a member.
pub(super) fn pointer(at: &str, key: &str) -> String {
    format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"))
}
