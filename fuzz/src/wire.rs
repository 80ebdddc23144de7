//! Overrides and patches on the wire, in the store and in the journal.

use ffctl::layer::{Origin, patch_from_json, patch_to_json, values_from_json, values_to_json};
use serde_json::Value;

/// Any JSON as a patch.
pub fn wire(data: &[u8]) {
    let Ok(json) = serde_json::from_slice::<Value>(data) else { return };
    match patch_from_json(&json) {
        Err(error) => assert!(error.to_string().starts_with('`'), "a mistake names its path: {error}"),
        Ok(patch) => {
            let written = patch_to_json(&patch);
            let read = patch_from_json(&written).expect("what was written reads");
            assert_eq!(sorted(&patch), sorted(&read), "and is the same");
        }
    }
    if let Ok(values) = values_from_json(&json, &Origin::Server) {
        let written = values_to_json(&values);
        assert_eq!(values_from_json(&written, &Origin::Server).as_ref(), Ok(&values));
        assert!(!written.as_object().is_some_and(|object| object.values().any(Value::is_null)));
    }
}

fn sorted(patch: &ffctl::layer::Patch) -> Vec<String> {
    let mut all: Vec<String> = patch.iter().map(|entry| format!("{entry:?}")).collect();
    all.sort();
    all
}
