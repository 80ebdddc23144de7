//! OFREP over HTTP: the strict subset of the protocol, its failures, tags, and agreement with the command line.

use std::sync::LazyLock;

use serde_json::{Value, json};

use super::ffctl_server::{Answer, FfctlServer};
use super::project::Project;

/// Flags of every kind.
pub(crate) const FLAGS: &str = concat!(
    include_str!("support/served.toml"),
    r#"
[flags.palette]
enabled = true
off = "red"
variations = { red = 1, green = 2.5, blue = { rgb = [0, 0, 255] } }
split = [["red", 50], ["green", 30], ["blue", 20]]
[flags.steps]
enabled = true
off = "few"
variations = { few = [1], many = [1, 2, 3] }
serve = "many"
[flags.per_org]
enabled = true
bucket_by = "org"
rollout = "50%"
[flags.plans]
enabled = true
rollout = "0%"
rules = [
  { when = [{ attribute = "plan", op = "in", values = ["pro"] }], serve = "on" },
  { when = [{ kind = "org", attribute = "plan", op = "in", values = ["pro"] }], serve = "on" },
  { when = [{ attribute = "account_age_days", op = "less_than", values = [7] }], serve = "on" },
]
[flags.gated]
enabled = true
prerequisites = [{ flag = "theme", variation = "light" }]
"#
);

const FLAG: &str = "//ofrep/v1/evaluate/flags";

/// What the protocol's description, version 0.3, allows at most, and the SDKs need at least.
static PROTOCOL: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
    let schema = json!({
        "oneOf": [
            {
                "type": "object",
                "required": ["key", "value", "reason", "variant"],
                "additionalProperties": false,
                "properties": {
                    "key": { "type": "string" },
                    "value": { "type": ["boolean", "string", "number", "object"] },
                    "reason": { "enum": ["STATIC", "DEFAULT", "TARGETING_MATCH", "SPLIT", "DISABLED"] },
                    "variant": { "type": "string", "minLength": 1 },
                    "metadata": { "additionalProperties": { "type": ["boolean", "string", "number"] } },
                },
            },
            {
                "type": "object",
                "required": ["key", "errorCode", "errorDetails"],
                "additionalProperties": false,
                "properties": {
                    "key": { "type": "string" },
                    "errorCode": {
                        "enum": ["PARSE_ERROR", "TARGETING_KEY_MISSING", "INVALID_CONTEXT", "FLAG_NOT_FOUND", "GENERAL"],
                    },
                    "errorDetails": { "type": "string", "minLength": 1 },
                },
            },
        ],
    });
    jsonschema::validator_for(&schema).expect("a schema")
});

fn started(flags: &str) -> (Project, FfctlServer) {
    let project = Project::new(flags);
    let server = FfctlServer::start(&project, &[]);
    (project, server)
}

fn post(server: &FfctlServer, key: &str, context: &Value) -> Answer {
    server.request("POST", &format!("{FLAG}/{key}")).json(&json!({ "context": context })).send()
}

/// Evaluates a flag; the answer is what the protocol allows.
#[track_caller]
fn one(server: &FfctlServer, key: &str, context: &Value) -> (u16, Value) {
    let answer = post(server, key, context);
    assert_eq!(answer.header("content-type"), "application/json", "{answer:?}");
    let body = answer.json();
    assert!(PROTOCOL.is_valid(&body), "{body}");
    assert_eq!(body["key"], key);
    (answer.status, body)
}

/// Evaluates a flag; there must be a value.
#[track_caller]
fn value(server: &FfctlServer, key: &str, context: &Value) -> Value {
    let (status, body) = one(server, key, context);
    assert_eq!(status, 200, "{body}");
    body["value"].clone()
}

/// Evaluates a flag; it must fail with this code.
#[track_caller]
fn fails(server: &FfctlServer, status: u16, code: &str, key: &str, context: &Value) -> String {
    let (actual, body) = one(server, key, context);
    assert_eq!((actual, body["errorCode"].as_str()), (status, Some(code)), "{body}");
    body["errorDetails"].as_str().expect("details").to_owned()
}

#[test]
fn contexts_are_read_as_records_are() {
    let (_project, server) = started(FLAGS);
    let is_on = |context: Value| value(&server, "plans", &context) == true;
    assert!(!is_on(json!({})));
    assert!(is_on(json!({ "targetingKey": "u-1", "plan": "pro" })));
    assert!(!is_on(json!({ "targetingKey": "u-1", "plan": null })));
    assert!(is_on(json!({ "targetingKey": "u-1", "org": { "key": "acme", "plan": "pro" } })));
    assert!(is_on(json!({ "targetingKey": "u-1", "org.plan": "pro" })));
    assert!(is_on(
        json!({ "kind": "multi", "user": { "targetingKey": "u-1" }, "org": { "key": "a", "plan": "pro" } })
    ));
    assert!(!is_on(json!({ "targetingKey": "u-1", "created_at": "2020-01-01T00:00:00Z" })));
    assert!(is_on(json!({ "targetingKey": "u-1", "account_age_days": 3 })));
    let org = json!({ "org": "acme" });
    assert!(value(&server, "per_org", &org).is_boolean(), "needs no user");
}

#[test]
fn failures_have_codes_and_statuses_of_the_protocol() {
    let (_project, server) = started(FLAGS);
    let user = json!({ "targetingKey": "u-1" });
    assert_eq!(fails(&server, 404, "FLAG_NOT_FOUND", "nowhere", &user), "there is no flag `nowhere`");
    for nobody in [json!({}), json!(null), json!({ "targetingKey": "" }), json!({ "org": "acme" })] {
        let details = fails(&server, 400, "TARGETING_KEY_MISSING", "half", &nobody);
        assert!(details.contains("targetingKey"), "{details}");
    }
    assert!(fails(&server, 400, "INVALID_CONTEXT", "per_org", &user).contains("org"));
    for odd in [json!([]), json!("u-1"), json!({ "targetingKey": ["u-1"] }), json!({ "targetingKey": 0.5 })] {
        fails(&server, 400, "INVALID_CONTEXT", "half", &odd);
    }
    let details = fails(&server, 400, "GENERAL", "steps", &user);
    assert!(details.contains("a list"), "the protocol has no lists: {details}");
    for text in ["{", "[]", "\"x\"", "{\"context\":{\"a\":1,\"a\":2}}"] {
        for path in [FLAG.to_owned(), format!("{FLAG}/half")] {
            let answer = server.request("POST", &path).body(text).send();
            assert_eq!(answer.status, 400, "{path} {text} {answer:?}");
            assert_eq!(answer.json()["errorCode"], "PARSE_ERROR", "{answer:?}");
        }
    }
    // No body says as much as an empty one.
    assert_eq!(server.request("POST", &format!("{FLAG}/banner")).send().json()["value"], true);
}

#[test]
fn nobody_without_a_token_and_nothing_too_large() {
    let (_project, server) = started(FLAGS);
    for path in [FLAG.to_owned(), format!("{FLAG}/half"), format!("{FLAG}/nowhere")] {
        let wrong = server.request("POST", &path).with("authorization", "Bearer ffa_wrong").send();
        assert_eq!(wrong.problem(401), "unknown_token");
        assert!(wrong.header("www-authenticate").starts_with("Bearer"), "{wrong:?}");
        let large = format!("{{\"context\":{{\"a\":\"{}\"}}}}", "x".repeat(1024 * 1024));
        assert_eq!(server.request("POST", &path).body(&large).send().problem(413), "too_large");
        assert_eq!(server.request("GET", &path).send().problem(405), "method");
    }
}

#[test]
fn all_at_once_are_what_each_is_alone() {
    let (_project, server) = started(FLAGS);
    for context in [json!({ "targetingKey": "u-1", "org": "acme" }), json!({})] {
        let all = server.request("POST", FLAG).json(&json!({ "context": context })).send();
        assert_eq!((all.status, all.header("content-type")), (200, "application/json"));
        let body = all.json();
        let flags = body["flags"].as_array().expect("a list");
        let names: Vec<&str> = flags.iter().filter_map(|flag| flag["key"].as_str()).collect();
        assert_eq!(names, ["banner", "half", "theme", "palette", "steps", "per_org", "plans", "gated"]);
        for flag in flags {
            assert!(PROTOCOL.is_valid(flag), "{flag}");
            let (_, alone) = one(&server, flag["key"].as_str().expect("a key"), &context);
            assert_eq!(*flag, alone);
        }
    }
}

#[test]
fn the_tag_holds_until_the_answer_would_be_another() {
    let (project, server) = started(FLAGS);
    let ask = |context: Value, tag: Option<&str>| {
        let request = server.request("POST", FLAG).json(&json!({ "context": context }));
        tag.map_or(request, |tag| {
            server.request("POST", FLAG).json(&json!({ "context": context })).with("if-none-match", tag)
        })
        .send()
    };
    let user = json!({ "targetingKey": "u-1", "org": "acme" });
    let first = ask(user.clone(), None);
    let tag = first.header("etag").to_owned();
    assert!(tag.starts_with('"') && tag.ends_with('"'), "a strong tag: {tag}");
    for known in [tag.clone(), format!("\"x\", {tag}"), format!("W/{tag}"), "*".to_owned()] {
        let again = ask(user.clone(), Some(&known));
        assert_eq!((again.status, again.text.as_str()), (304, ""), "{known}");
        assert_eq!(again.header("etag"), tag);
    }
    assert_eq!(ask(json!({ "targetingKey": "u-1", "org": "acme", "plan": "pro" }), Some(&tag)).status, 200);
    project.ok(&["set", "theme", "light", "--local", "--yes"]);
    super::ffctl_server::until(std::time::Duration::from_secs(10), || {
        ask(user.clone(), Some(&tag)).status == 200
    });
    let changed = ask(user.clone(), Some(&tag));
    assert_ne!(changed.header("etag"), tag);
    let (_, theme) = one(&server, "theme", &user);
    assert_eq!((&theme["value"], &theme["variant"]), (&json!("white"), &json!("light")));
    assert_eq!(theme["metadata"]["version"], "1", "the journal's number: {theme}");
    let (_, gated) = one(&server, "gated", &user);
    assert_eq!(gated["value"], true, "what it needs is served now: {gated}");
}

#[test]
fn metadata_say_where_it_comes_from() {
    let mut project = Project::new(FLAGS);
    project.set("FF_BANNER", "true");
    let server = FfctlServer::start(&project, &[]);
    let metadata = |key: &str, context: Value| one(&server, key, &context).1["metadata"].clone();
    assert_eq!(metadata("banner", json!({})), json!({ "source": "env" }));
    assert_eq!(metadata("theme", json!({})), json!({ "source": "default" }));
    assert_eq!(metadata("plans", json!({ "org.plan": "pro" })), json!({ "source": "default", "rule": 2 }));
    let gated = one(&server, "gated", &json!({})).1;
    assert_eq!((&gated["value"], &gated["reason"]), (&json!(false), &json!("DEFAULT")));
    assert_eq!(gated["metadata"]["reason"], "prerequisite_failed", "{gated}");
}

#[test]
fn nonsense_in_a_layer_is_an_error_of_that_flag_and_of_those_that_need_it() {
    let project = Project::new(FLAGS);
    project.ok(&["set", "theme", "dark", "--local", "--yes"]);
    // The variation that the override names is gone.
    project.write(
        "flags.toml",
        &FLAGS.replace(
            "light = \"white\", dark = \"black\" }\nserve = \"dark\"",
            "light = \"white\", black = \"black\" }\nserve = \"black\"",
        ),
    );
    let server = FfctlServer::start(&project, &[]);
    let user = json!({ "targetingKey": "u-1", "org": "acme" });
    for flag in ["theme", "gated"] {
        let details = fails(&server, 400, "PARSE_ERROR", flag, &user);
        assert!(details.contains("has no variation `dark`"), "{details}");
    }
    assert_eq!(value(&server, "banner", &user), true, "others are what they are");
    let all = server.request("POST", FLAG).json(&json!({ "context": user })).send();
    let failed: Vec<Value> = all.json()["flags"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|flag| flag["errorCode"] == "PARSE_ERROR")
        .map(|flag| flag["key"].clone())
        .collect();
    assert_eq!((all.status, failed), (200, vec![json!("theme"), json!("gated")]));

    let evaluated = server
        .request("POST", "/evaluate")
        .json(&json!({ "context": { "kind": "user", "key": "u-1" } }))
        .send()
        .json();
    let unclear: Vec<&str> = evaluated["unclear"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|flag| flag["name"].as_str())
        .collect();
    assert_eq!(unclear, ["theme", "gated"]);
    assert_eq!(evaluated["flags"].as_array().map(Vec::len), Some(6), "{evaluated}");
}

#[test]
fn a_hundred_users_are_served_what_the_command_line_says() {
    let (project, server) = started(FLAGS);
    for user in 0..100 {
        let key = format!("user-{user}");
        let get = project.json(&["get", "half", "palette", "--user", &key]);
        for (at, flag) in ["half", "palette"].into_iter().enumerate() {
            let (_, body) = one(&server, flag, &json!({ "targetingKey": key }));
            assert_eq!(
                (&body["value"], &body["variant"]),
                (&get["flags"][at]["value"], &get["flags"][at]["variation"]),
                "{key}"
            );
        }
    }
}

#[test]
fn the_admin_api_evaluates_as_get_and_explain_do() {
    let (project, server) = started(FLAGS);
    let ask = |body: Value| server.request("POST", "/evaluate").json(&body).send();
    let context =
        json!({ "kind": "multi", "user": { "key": "u-1" }, "org": { "key": "acme", "plan": "pro" } });
    let at = "2026-06-01T12:00:00Z";
    let all = ["banner", "half", "theme", "palette", "steps", "per_org", "plans", "gated"];
    let answer = ask(json!({ "context": context, "at": at, "explain": true })).json();
    assert_eq!(answer["schema"], "ffctl.evaluate/1");
    project.write("context.json", &context.to_string());
    let file = "context.json";
    let mut words = vec!["get"];
    words.extend(all);
    words.extend(["--context", file, "--at", at]);
    let get = project.json(&words);
    assert_eq!(answer["context"], get["context"]);
    for (at_flag, name) in all.into_iter().enumerate() {
        let mut flag = answer["flags"][at_flag].clone();
        let trace = flag.as_object_mut().and_then(|flag| flag.remove("trace"));
        assert_eq!(flag, get["flags"][at_flag], "{name}");
        let explain = project.json(&["explain", name, "--context", file, "--at", at]);
        assert_eq!(trace.as_ref(), Some(&explain["evaluation"]["trace"]), "{name}");
    }
    // Without a context: what everyone gets.
    let everyone = ask(json!({ "flags": ["half", "theme"] })).json();
    let get = project.json(&["get", "half", "theme"]);
    assert_eq!((&everyone["flags"], &everyone["context"]), (&get["flags"], &Value::Null));

    assert_eq!(ask(json!({ "flags": ["half", "hlaf"] })).problem(404), "unknown_flag");
    assert_eq!(ask(json!({ "context": { "kind": "user", "key": [] } })).problem(422), "context");
    assert_eq!(
        ask(json!({ "context": { "kind": "user", "key": "u" }, "at": "yesterday" })).problem(422),
        "at"
    );
    assert_eq!(ask(json!({ "explain": true })).problem(422), "context");
    assert_eq!(ask(json!({ "flag": "half" })).problem(400), "body");
    assert_eq!(ask(json!([])).problem(400), "body");
}
