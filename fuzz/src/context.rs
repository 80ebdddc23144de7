//! Contexts: JSON documents, attributes of the command line, cells of a table.

use ffctl::context::{Columns, Document, from_json, from_text, parse_attribute, typed};
use ffctl::model::Value;

/// Any text as a context, as an attribute and as a cell.
pub fn context(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let read = from_text(text, &Columns::default());
    if let Ok(Document(value)) = serde_json::from_str::<Document>(text) {
        let shown = value.to_string();
        if !matches!(value, Value::Text(_)) {
            serde_json::from_str::<serde_json::Value>(&shown).expect("a value is written as JSON");
        }
    }
    if let (Ok(read), Ok(json)) = (&read, serde_json::from_str::<serde_json::Value>(text)) {
        assert_eq!(Ok(read), from_json(&json).as_ref(), "both ways read the same");
    }
    if let Ok((_, name, _)) = parse_attribute(text) {
        assert!(!name.is_empty());
    }
    // Numbers as RFC 8785 writes them; the JSON of answers takes an exponent earlier (`2e-6`).
    match typed(text) {
        Some(Value::Number(number)) => assert_eq!(number.to_string(), text, "a number loses nothing"),
        Some(value) => assert_eq!(value.to_string(), text, "a cell that is typed loses nothing"),
        None => {}
    }
}
