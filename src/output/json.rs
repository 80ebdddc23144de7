//! Reports as JSON: the whole as one document, or one object a line.

use serde::Serialize;

use super::sanitize::escape_json;
use super::screen::Screen;

/// A report with its schema in front.
#[derive(Serialize)]
struct Tagged<'a, T: Serialize> {
    schema: &'static str,
    #[serde(flatten)]
    body: &'a T,
}

/// Returns a report as indented JSON on several lines.
pub(super) fn document<T: Serialize>(schema: &'static str, body: &T, screen: Screen) -> String {
    finish(serde_json::to_string_pretty(&Tagged { schema, body }), screen)
}

/// Returns an object as JSON on one line.
pub(super) fn line<T: Serialize>(schema: &'static str, body: &T, screen: Screen) -> String {
    finish(serde_json::to_string(&Tagged { schema, body }), screen)
}

fn finish(json: serde_json::Result<String>, screen: Screen) -> String {
    let mut json = json.expect("reports have text keys, and writing to memory does not fail");
    json.push('\n');
    escape_json(json, screen.ci)
}
