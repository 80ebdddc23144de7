//! What tests of `simulate-rollout` have in common: how an answer is asked for and read, and definitions that several ask of.

use serde_json::Value;

use super::project::Project;

/// A flag that splits its users, behind another one.
pub(super) const PROMPT: &str = r#"schema = 1

[flags.base]
enabled = true
rollout = "50%"

[flags.prompt]
enabled = true
off = "v1"
variations = { v1 = "a", v2 = "b", v3 = "c" }
split = [["v2", 10], ["v3", 10], ["v1", 80]]
prerequisites = [{ flag = "base", variation = "on" }]
"#;

/// Runs a forecast that must succeed, and returns its answer.
#[track_caller]
pub(super) fn json(project: &Project, arguments: &[&str]) -> Value {
    project.json(&[&["simulate-rollout"], arguments].concat())
}

/// Returns the texts of a list.
pub(super) fn texts(value: &Value) -> Vec<&str> {
    value.as_array().expect("a list").iter().filter_map(Value::as_str).collect()
}

/// Returns a number, whole or not.
#[track_caller]
pub(super) fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("no number: {value}"))
}
