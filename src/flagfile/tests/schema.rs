//! The JSON schema for editors says what the parser says.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::flagfile::{FlagFile, keys, starter};
use crate::model::Operator;

const SCHEMA: &str = include_str!("../../../schemas/flags.schema.json");
const SHIPPED: &str = include_str!("../../../flags.toml");

fn schema() -> Value {
    serde_json::from_str(SCHEMA).expect("JSON")
}

fn json_of(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => json!(number),
        toml::Value::Boolean(value) => value.into(),
        toml::Value::Datetime(datetime) => datetime.to_string().into(),
        toml::Value::Array(values) => values.into_iter().map(json_of).collect(),
        toml::Value::Table(table) => {
            Value::Object(table.into_iter().map(|(key, value)| (key, json_of(value))).collect())
        }
    }
}

/// Returns whether the parser and the schema take a text.
fn verdicts(text: &str) -> (bool, bool) {
    let validator = jsonschema::validator_for(&schema()).expect("a schema");
    let table: toml::Table = toml::from_str(text).unwrap_or_else(|error| panic!("{text}\n{error}"));
    let parsed = FlagFile::parse("flags.toml", text.to_owned());
    (parsed.is_ok(), validator.is_valid(&json_of(toml::Value::Table(table))))
}

const VALID: [&str; 17] = [
    "",
    "flags = {}\nexperiments = {}\nsegments = {}",
    "[flags]\na = true\n\"b.c\" = false\nd = { enabled = true }",
    "[flags.a]\nenabled = true\nrollout = \" 12.5 % \"",
    "[flags.a]\nenabled = true\nrollout = 33.333",
    "[flags.a]\nenabled = true\nusers = []\norgs = {}\nrules = []",
    "[flags.a]\nenabled = true\nusers = [\"u\"]\norgs = { o = \"off\" }\nrollout = 0\nexpires = 2027-01-01\nsalt = \"old\"\nbucket_by = \"org.plan\"",
    "[flags.a]\nenabled = true\nprerequisites = [{ flag = \"b\" }]\nexpires = \"2027-01-01\"\n[flags]\nb = true",
    "[flags.a]\nenabled = true\noff = \"x\"\nvariations = { x = 1, y = [true, { z = \"t\" }] }\nsplit = [[\"x\", 1], [\"y\", 2]]\nusers = { u = \"y\" }\n\
     rules = [{ name = \"n\", when = [{ attribute = \"a\", op = \"in\", values = [1, \"a\", true] }], serve = \"y\", rollout = \"5%\" }]",
    "[experiments.e]\nvariants = [[\"a\", 1], [\"b\", 1]]\nforce = { u = \"b\" }\nbucket_by = \"device\"",
    "[bucketing]\nalgorithm = \"posthog\"",
    "[flags]\na = { enabled = true, bucketing = \"unleash\" }\nb = { enabled = true, bucketing = { algorithm = \"launchdarkly\", seed = 61, precision = \"f32\" } }",
    "[bucketing.custom.\"backend/1\"]\nhash = \"md5\"\ntemplate = \"{key}:{unit}\"\nreduce = \"modulo 100\"",
    "[bucketing]\nalgorithm = \"own\"\n[bucketing.custom.own]\ndescription = \"ours\"\nhash = \"murmur3\"\nseed = 7\ntemplate = \"{unit}\"\nslice = \"hex 8\"\nreduce = \"scale total*10\"\n\
     offset = 1\ncompare = \"<=\"\nprecision = \"f64\"\nvariant = { template = \"{key}.{unit}\", reduce = \"modulo total\" }",
    "[experiments.e]\nvariants = [[\"a\", 1], [\"b\", 1]]\nbucketing = { algorithm = \"split\", seed = 1 }",
    "[segments.s]\nincluded = [\"a\"]\nexcluded = [\"b\"]\nrules = [{ when = [{ segment = [\"t\"], negate = true }, { op = \"segment\", values = [\"t\"] }] }]\n[segments.t]",
    "[segments.s]\nrules = [{ when = [\n{ attribute = \"a\", op = \"before\", values = [1, \"2027-01-01T00:00:00Z\", 2027-01-01T00:00:00+01:00] },\n\
     { attribute = \"a\", op = \"semver_less_than\", values = [\"1.2.3-rc.1\"] },\n{ kind = \"org\", attribute = \"a\", op = \"less_than\", values = [1, 1.5] },\n\
     { attribute = \"a\", op = \"matches\", values = [\"^a\"] },\n{ attribute = \"a\", op = \"ends_with\", values = [\"a\"] } ] }]",
];

/// Wrong in their shape, which an editor can see without knowing what names refer to.
const INVALID: [&str; 55] = [
    "token = \"x\"",
    "flags = []",
    "[flags]\na = \"on\"",
    "[flags]\n9 = true",
    "[flags]\n\"a b\" = true",
    "[flags.a]",
    "[flags.a]\nenabled = 1",
    "[flags.a]\nenabled = true\nrolout = \"5%\"",
    "[flags.a]\nenabled = true\nrollout = 0.25",
    "[flags.a]\nenabled = true\nrollout = \"101%\"",
    "[flags.a]\nenabled = true\nrollout = -1",
    "[flags.a]\nenabled = true\nrollout = \"many\"",
    "[flags.a]\nenabled = true\nusers = [\"u\"]",
    "[flags.a]\nenabled = true\nrollout = 0\nusers = [\"u\", \"u\"]",
    "[flags.a]\nenabled = true\nrollout = 0\nusers = [\"\"]",
    "[flags.a]\nenabled = true\nrollout = 0\nusers = { u = \"maybe\" }",
    "[flags.a]\nenabled = true\nserve = \"on\"",
    "[flags.a]\nenabled = true\noff = \"x\"",
    "[flags.a]\nenabled = true\nexpires = 2027-01-01T00:00:00",
    "[flags.a]\nenabled = true\nowner = 1",
    "[flags.a]\nenabled = true\nsalt = \"\"",
    "[flags.a]\nenabled = true\nbucket_by = \"multi\"",
    "[flags.a]\nenabled = true\nvariations = { x = 1, y = 2 }\nserve = \"x\"",
    "[flags.a]\nenabled = true\noff = \"x\"\nvariations = { x = 1, y = 2 }",
    "[flags.a]\nenabled = true\noff = \"x\"\nvariations = { x = 1, y = 2 }\nserve = \"x\"\nsplit = [[\"x\", 1]]",
    "[flags.a]\nenabled = true\noff = \"x\"\nvariations = { x = 1, y = 2 }\nserve = \"x\"\nrollout = 5",
    "[flags.a]\nenabled = true\noff = \"x\"\nvariations = { x = 1, y = 2 }\nserve = \"x\"\nusers = [\"u\"]",
    "[flags.a]\nenabled = true\noff = \"x\"\nvariations = { x = 1 }\nserve = \"x\"",
    "[flags.a]\nenabled = true\noff = \"x\"\nvariations = { x = 1, ON = 2 }\nserve = \"x\"",
    "[flags.a]\nenabled = true\noff = \"x\"\nvariations = { x = 1, y = 2 }\nsplit = { x = 1 }",
    "[flags.a]\nenabled = true\noff = \"x\"\nvariations = { x = 1, y = 2 }\nsplit = [[\"x\", 0]]",
    "[flags.a]\nenabled = true\noff = \"x\"\nvariations = { x = 1, y = 2 }\nsplit = [[\"x\", 1.5]]",
    "[flags.a]\nenabled = true\nrollout = 0\nrules = [{ serve = \"on\" }]",
    "[flags.a]\nenabled = true\nrollout = 0\nrules = [{ when = [], serve = \"on\" }]",
    "[flags.a]\nenabled = true\nrollout = 0\nrules = [{ when = [{ attribute = \"a\", op = \"in\", values = [1] }] }]",
    "[flags.a]\nenabled = true\nprerequisites = [{ variation = \"on\" }]",
    "bucketing = \"posthog\"",
    "[bucketing]\nalgorithm = 1",
    "[bucketing]\nseed = 1",
    "[bucketing]\nalgorithm = \"ffctl/1\"\ncustom = []",
    "[bucketing.custom.\"a b\"]\nhash = \"md5\"\ntemplate = \"{unit}\"\nreduce = \"modulo 100\"",
    "[bucketing.custom.own]\nhash = \"md6\"\ntemplate = \"{unit}\"\nreduce = \"modulo 100\"",
    "[bucketing.custom.own]\nhash = \"md5\"\ntemplate = \"{key}\"\nreduce = \"modulo 100\"",
    "[bucketing.custom.own]\nhash = \"md5\"\ntemplate = \"{unit}\"\nreduce = \"mod 100\"",
    "[bucketing.custom.own]\nhash = \"md5\"\ntemplate = \"{unit}\"\nreduce = \"modulo 100\"\noffset = 2",
    "[flags.a]\nenabled = true\nbucketing = {}",
    "[flags.a]\nenabled = true\nbucketing = { algorithm = \"launchdarkly\", seed = -1 }",
    "[experiments.e]",
    "[experiments.e]\nvariants = { a = 1 }",
    "[experiments.e]\nvariants = [[\"on\", 1]]",
    "[segments.s]\nrules = [{ when = [{ attribute = \"a\", op = \"is\", values = [1] }] }]",
    "[segments.s]\nrules = [{ when = [{ attribute = \"a\", op = \"less_than\", values = [\"1\"] }] }]",
    "[segments.s]\nrules = [{ when = [{ attribute = \"a\", op = \"after\", values = [\"2027-01-01T00:00:00\"] }] }]",
    "[segments.s]\nrules = [{ when = [{ attribute = \"a\", op = \"semver_equal\", values = [\"1.2\"] }] }]",
    "[segments.s]\nrules = [{ when = [{ segment = \"t\", op = \"in\" }] }]\n[segments.t]",
];

#[test]
fn what_the_parser_takes_the_schema_takes() {
    for text in [SHIPPED, starter()] {
        assert_eq!(verdicts(text), (true, true), "{text}");
    }
    for body in VALID {
        assert_eq!(verdicts(&format!("schema = 1\n{body}")), (true, true), "{body}");
    }
}

#[test]
fn what_is_wrong_in_its_shape_both_refuse() {
    for text in ["", "schema = 2", "schema = \"1\""] {
        assert_eq!(verdicts(text), (false, false), "{text}");
    }
    for body in INVALID {
        let text =
            if body.starts_with('[') { format!("schema = 1\n{body}") } else { format!("{body}\nschema = 1") };
        assert_eq!(verdicts(&text), (false, false), "{body}");
    }
}

#[test]
fn both_know_the_same_keys() {
    let schema = schema();
    let properties = |pointer: &str| -> BTreeSet<String> {
        let object = schema.pointer(pointer).and_then(Value::as_object);
        object.unwrap_or_else(|| panic!("no {pointer}")).keys().cloned().collect()
    };
    for (pointer, keys) in [
        ("/properties", &keys::FILE[..]),
        ("/$defs/flagTable/properties", &keys::FLAG),
        ("/$defs/rule/properties", &keys::RULE),
        ("/$defs/clause/properties", &keys::CLAUSE),
        ("/$defs/prerequisite/properties", &keys::PREREQUISITE),
        ("/$defs/segment/properties", &keys::SEGMENT),
        ("/$defs/segment/properties/rules/items/properties", &keys::SEGMENT_RULE),
        ("/$defs/experiment/properties", &keys::EXPERIMENT),
        ("/properties/bucketing/properties", &keys::BUCKETING),
        ("/$defs/bucketingChoice/oneOf/1/properties", &keys::CHOICE),
        ("/$defs/customAlgorithm/properties", &keys::ALGORITHM),
        ("/$defs/record/properties", &keys::RECORD),
    ] {
        assert_eq!(properties(pointer), keys.iter().map(|key| (*key).to_owned()).collect(), "{pointer}");
    }
}

#[test]
fn both_know_the_same_operators() {
    let schema = schema();
    let operators = schema.pointer("/$defs/clause/properties/op/oneOf").and_then(Value::as_array);
    let words: Vec<&str> =
        operators.into_iter().flatten().filter_map(|operator| operator["const"].as_str()).collect();
    assert_eq!(words, Operator::ALL.iter().map(|operator| operator.word()).collect::<Vec<_>>());
}

#[test]
fn every_key_says_what_it_is() {
    fn undescribed(schema: &Value, value: &Value, place: &str, found: &mut Vec<String>) {
        if let Some(object) = value.as_object() {
            for (key, inner) in object {
                let place = format!("{place}/{key}");
                if key == "properties" && value.get("additionalProperties") == Some(&json!(false)) {
                    for (name, property) in inner.as_object().into_iter().flatten() {
                        let target =
                            property["$ref"].as_str().and_then(|target| schema.pointer(&target[1..]));
                        let target = target.and_then(|target| target.get("description"));
                        if property.get("description").or(target).is_none() {
                            found.push(format!("{place}/{name}"));
                        }
                    }
                }
                undescribed(schema, inner, &place, found);
            }
        }
    }
    let schema = schema();
    let mut found = Vec::new();
    undescribed(&schema, &schema, "", &mut found);
    assert_eq!(found, Vec::<String>::new());
}
