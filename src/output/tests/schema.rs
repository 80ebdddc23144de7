//! The JSON of every report against its schema, and every schema against the reports.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::super::samples::{self, Foreign};
use super::super::samples_setup;
use super::super::{Format, Screen, VariantStream, failure, render};
use super::all_json;

fn schema(name: &str) -> Value {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("schemas").join(format!("{name}.schema.json"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).expect("a schema is JSON")
}

/// Returns the schema with nothing allowed that it does not describe, so that a new field must be described.
fn strict(mut schema: Value) -> Value {
    match &mut schema {
        Value::Object(object) => {
            if object.contains_key("properties") && !object.contains_key("additionalProperties") {
                object.insert("additionalProperties".into(), json!(false));
            }
            for value in object.values_mut() {
                *value = strict(value.take());
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| *value = strict(value.take())),
        _ => {}
    }
    schema
}

fn assert_valid(schema: &Value, instance: &str) {
    let instance: Value = serde_json::from_str(instance).expect("JSON");
    let validator = jsonschema::validator_for(schema).expect("a schema");
    let errors: Vec<String> =
        validator.iter_errors(&instance).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}\n{instance:#}");
}

/// `ffctl.list/1` → `list`.
fn name_of(tag: &str) -> &str {
    tag.trim_start_matches("ffctl.").trim_end_matches("/1")
}

/// Returns the schema of one line of `-o jsonl`, which stands inside the schema of the list.
fn item(of: &str, item: &str) -> Value {
    let mut schema = schema(of);
    let object = schema.as_object_mut().expect("a schema is an object");
    for word in ["type", "required", "properties"] {
        object.remove(word);
    }
    object.insert("$ref".into(), json!(format!("#/$defs/{item}")));
    schema
}

#[test]
fn every_report_fits_its_schema_and_is_described_whole() {
    for (tag, _, shown) in all_json(Foreign(None)) {
        let schema = schema(name_of(tag));
        assert_eq!(schema["properties"]["schema"]["const"], json!(tag));
        assert_valid(&schema, &shown);
        assert_valid(&strict(schema), &shown);
    }
    for outcome in ["planned", "unchanged", "written"] {
        let change = samples::change(Foreign(None), outcome);
        assert_valid(&strict(schema("change")), &render(&change, Format::Json, &Screen::default()));
    }
}

#[test]
fn a_failure_fits_its_schema() {
    let shown = failure(&samples::failure(Foreign(None)), true, &Screen::default());
    assert_eq!(shown.lines().count(), 1);
    assert_valid(&strict(schema("error")), &shown);
}

#[test]
fn every_line_of_jsonl_fits_its_schema() {
    let screen = Screen::default();
    let lists = [
        ("list", "line", render(&samples::list(Foreign(None)), Format::Jsonl, &screen)),
        ("get", "line", render(&samples::get(Foreign(None)), Format::Jsonl, &screen)),
        ("diff", "line", render(&samples::diff(Foreign(None)), Format::Jsonl, &screen)),
        ("drift", "line", render(&samples::drift(Foreign(None)), Format::Jsonl, &screen)),
        ("snapshot", "line", render(&samples::snapshots(Foreign(None), false), Format::Jsonl, &screen)),
        ("lint", "line", render(&samples::lint(Foreign(None)), Format::Jsonl, &screen)),
        ("rules", "line", render(&samples::rules(false), Format::Jsonl, &screen)),
        ("history", "line", render(&samples::history(Foreign(None)), Format::Jsonl, &screen)),
        ("check", "line", render(&samples::check(Foreign(None)), Format::Jsonl, &screen)),
        ("variants", "line", render(&samples::variants(Foreign(None)), Format::Jsonl, &screen)),
    ];
    for (of, name, lines) in lists {
        for line in lines.lines() {
            assert_valid(&strict(item(of, name)), line);
        }
    }
    let wholes = [
        ("explain", render(&samples::explain(Foreign(None)), Format::Jsonl, &screen)),
        ("forecast", render(&samples::forecast(Foreign(None)), Format::Jsonl, &screen)),
        ("change", render(&samples::change(Foreign(None), "planned"), Format::Jsonl, &screen)),
        ("init", render(&samples::init(Foreign(None)), Format::Jsonl, &screen)),
        ("chain", render(&samples::chain(Foreign(None), true), Format::Jsonl, &screen)),
        ("token", render(&samples::tokens(Foreign(None), true), Format::Jsonl, &screen)),
        ("serve", render(&samples::serve(Foreign(None)), Format::Jsonl, &screen)),
        ("context", render(&samples::user(Foreign(None)), Format::Jsonl, &screen)),
        ("profile", render(&samples_setup::profiles(Foreign(None), "shown"), Format::Jsonl, &screen)),
        ("login", render(&samples_setup::login(Foreign(None), "kept"), Format::Jsonl, &screen)),
        ("doctor", render(&samples_setup::doctor(Foreign(None)), Format::Jsonl, &screen)),
    ];
    for (of, line) in wholes {
        assert_eq!(line.lines().count(), 1, "{of}");
        assert_valid(&strict(schema(of)), &line);
    }
}

#[test]
fn a_stream_fits_the_schema_of_the_report() {
    let variants = samples::variants(Foreign(None));
    for rows in [0, 1, variants.variants.len()] {
        let stream = VariantStream::new(Format::Json, Screen::default());
        let mut shown = stream.header();
        let all: String = variants.variants.iter().take(rows).map(|variant| stream.row(variant)).collect();
        shown.push_str(stream.first(&all));
        shown.push_str(&stream.end(rows > 0));
        assert_valid(&strict(schema("variants")), &shown);
    }
}

#[test]
fn a_list_is_what_the_admin_api_answers() {
    let shown = render(&samples::list(Foreign(None)), Format::Json, &Screen::default());
    let list: Value = serde_json::from_str(&shown).expect("JSON");
    let first = &list["flags"][0];
    assert_eq!(
        (&first["name"], &first["enabled"], &first["source"]),
        (&json!("use_v3_style"), &json!(false), &json!("default"))
    );
}
