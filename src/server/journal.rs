//! Entries of the journal as clients read them.

use serde_json::{Value, json};

use crate::admin::JournalEntry;
use crate::layer::{ends_to_json, patch_to_json};

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
        if !change.ends.is_empty() {
            json["ends"] = ends_to_json(&change.ends, |ends| json!(ends));
        }
        json
    });
    let mut json = json!({
        "number": entry.number,
        "at": entry.at,
        "actor": entry.actor,
        "reason": entry.reason,
        "tool": entry.tool,
        "changes": changes.collect::<Vec<_>>(),
        "hash": entry.hash,
    });
    if let Some(token) = &entry.token {
        json["token"] = token.to_json(|ends| json!(ends));
    }
    json
}
