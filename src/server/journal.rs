//! Entries of the journal as clients read them.

use serde_json::{Value, json};

use crate::admin::JournalEntry;
use crate::layer::{FieldValue, patch_to_json};

/// Returns an entry as JSON.
pub(super) fn entry_to_json(entry: &JournalEntry) -> Value {
    let changes = entry.changes.iter().map(|change| {
        let mut json = json!({
            "flag": change.flag,
            "before": patch_to_json(&change.before),
            "after": patch_to_json(&change.after),
        });
        if let Some(ends) = change.expires_at {
            json["expires_at"] = json!(ends);
        }
        json
    });
    json!({
        "number": entry.number,
        "at": entry.at,
        "actor": entry.actor,
        "reason": entry.reason,
        "tool": entry.tool,
        "changes": changes.collect::<Vec<_>>(),
        "hash": entry.hash,
    })
}

/// Tells an entry in a sentence: `enabled off → on (journal 17 by ana, 2026-11-22T09:30:00Z)`.
pub(super) fn told(entry: &JournalEntry) -> String {
    let show = |value: Option<&Option<FieldValue>>| match value {
        Some(Some(value)) => value.to_string(),
        _ => "not set".to_owned(),
    };
    let fields = entry.changes.iter().flat_map(|change| {
        let one =
            |(field, after)| format!("{field} {} → {}", show(change.before.get(field)), show(Some(after)));
        change.after.iter().map(one).collect::<Vec<_>>()
    });
    let fields: Vec<String> = fields.collect();
    let by = entry.actor.as_ref().map(|actor| format!(" by {actor}")).unwrap_or_default();
    let at = entry.at.map(|at| format!(", {at}")).unwrap_or_default();
    format!("{} (journal {}{by}{at})", fields.join(", "), entry.number)
}
