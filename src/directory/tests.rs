//! The room against oracles, models, real servers and a real database.

mod cache;
mod concurrency;
mod http;
mod odd;
mod oracle;
#[cfg(unix)]
mod postgres;
mod records;

use std::sync::Arc;

use super::{NoRecord, Record, UserRecord, build};

/// Returns what is known of `u1` by a record of this JSON.
fn built(json: &serde_json::Value) -> UserRecord {
    build("u1", Record::from_json(json.to_string().as_bytes()).expect("a record")).expect("of u1")
}

/// Returns the record of a user that only has an id.
fn plain(key: &str) -> Result<Record, NoRecord> {
    Record::from_json(serde_json::json!({ "id": key }).to_string().as_bytes()).map_err(NoRecord::Failed)
}

/// Returns the texts of all oddities.
fn oddities(user: &UserRecord) -> Vec<String> {
    user.oddities.iter().map(ToString::to_string).collect()
}

fn shared<T>(value: T) -> Arc<T> {
    Arc::new(value)
}
