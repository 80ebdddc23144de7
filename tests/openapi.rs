//! `/openapi.json`: generated from the code, describes every route, and what is answered is what it says.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::ffctl_server::{Answer, FfctlServer};
use super::project::Project;

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Every operation: method, path, description.
fn operations(document: &Value) -> Vec<(&str, &str, &Value)> {
    let paths = document["paths"].as_object().expect("paths").iter();
    paths
        .flat_map(|(path, item)| {
            METHODS.iter().filter_map(|method| Some((*method, path.as_str(), item.get(method)?)))
        })
        .collect()
}

/// Answers and the document that they must fit.
struct Described {
    document: Value,
    /// Which statuses of which operation were seen.
    seen: BTreeMap<(String, String), Vec<u16>>,
}

impl Described {
    /// Checks an answer against the document: its status, its type, its body, and nothing that is not described.
    #[track_caller]
    fn check(&mut self, method: &str, path: &str, answer: &Answer) {
        let operation = &self.document["paths"][path][method.to_lowercase()];
        let response = &operation["responses"][answer.status.to_string()];
        assert!(response.is_object(), "{method} {path} does not speak of {}: {answer:?}", answer.status);
        self.seen.entry((method.to_owned(), path.to_owned())).or_default().push(answer.status);
        let Some(content) = response["content"].as_object() else {
            assert_eq!(answer.text, "", "{method} {path} has no body with {}", answer.status);
            return;
        };
        let (kind, body) = content.iter().next().expect("one type");
        assert!(answer.header("content-type").starts_with(kind.as_str()), "{method} {path}: {answer:?}");
        if kind.ends_with("json") {
            let schema = closed(&body["schema"], &self.document);
            let validator = jsonschema::validator_for(&schema).expect("a schema");
            let errors: Vec<String> = validator
                .iter_errors(&answer.json())
                .map(|error| format!("{}: {error}", error.instance_path()))
                .collect();
            assert!(errors.is_empty(), "{method} {path} {}: {errors:#?}\n{}", answer.status, answer.text);
        }
    }
}

/// Returns a schema with all that it refers to, which allows no field that it does not name.
fn closed(schema: &Value, document: &Value) -> Value {
    let mut whole = schema.clone();
    seal(&mut whole, document, true);
    whole
}

/// Puts what is referred to in its place, and forbids what is not named.
fn seal(schema: &mut Value, document: &Value, outermost: bool) {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str).map(str::to_owned) {
        let name = reference.strip_prefix("#/components/schemas/").expect("a component");
        *schema = document["components"]["schemas"][name].clone();
        // A problem may say more than every problem does.
        if name == "Problem" {
            return;
        }
    }
    let Value::Object(object) = schema else { return };
    let composed = object.contains_key("allOf");
    for part in object.get_mut("allOf").and_then(Value::as_array_mut).into_iter().flatten() {
        seal(part, document, false);
    }
    for word in ["oneOf", "anyOf", "prefixItems"] {
        for part in object.get_mut(word).and_then(Value::as_array_mut).into_iter().flatten() {
            seal(part, document, true);
        }
    }
    for part in
        object.get_mut("properties").and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut)
    {
        seal(part, document, true);
    }
    for word in ["items", "additionalProperties"] {
        if let Some(part) = object.get_mut(word) {
            seal(part, document, true);
        }
    }
    if outermost
        && (composed || object.contains_key("properties"))
        && !object.contains_key("additionalProperties")
    {
        object.insert("unevaluatedProperties".to_owned(), json!(false));
    }
}

#[test]
fn every_route_of_the_code_is_described_and_every_described_route_answers() {
    let server = FfctlServer::start(&Project::shipped(), &[]);
    let answer = server.request("GET", "//openapi.json").with("authorization", "none").send();
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"), "without a token");
    let document = answer.json();
    assert_eq!(document["openapi"], "3.1.0");
    let operations = operations(&document);
    let mut names: Vec<&str> = Vec::new();
    for (method, path, operation) in &operations {
        names.push(operation["operationId"].as_str().unwrap_or_else(|| panic!("{method} {path} has a name")));
        assert!(operation["summary"].as_str().is_some_and(|text| text.len() > 10), "{method} {path}");
        let concrete =
            path.replace("{name}", "use_v3_style").replace("{key}", "use_v3_style").replace("{number}", "1");
        let open = operation.get("security").is_none();
        let answer = server
            .request(&method.to_uppercase(), &format!("/{concrete}"))
            .with("authorization", "Bearer ffa_no")
            .open();
        let status = answer.status().as_u16();
        assert!(![404, 405].contains(&status), "{method} {path} is a route: {status}");
        assert_eq!(status == 401, !open, "{method} {path}: {status}");
        if !open {
            let roles = operation["security"][0]["token"][0].as_str();
            assert!(
                roles.is_some_and(|role| ["viewer", "editor", "admin"].contains(&role)),
                "{method} {path}"
            );
        }
        for parameter in path.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
            let described = operation["parameters"].as_array().into_iter().flatten();
            assert!(
                described.into_iter().any(|known| known["name"] == parameter),
                "{method} {path} {parameter}"
            );
        }
    }
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count, "names of operations differ: {names:?}");

    // Routes come into being through their descriptions alone.
    let mut described = 0;
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/server")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            // Pages are for people.
            if entry.path().ends_with("dashboard") {
                continue;
            }
            if entry.path().is_dir() {
                folders.push(entry.path());
                continue;
            }
            let text = fs::read_to_string(entry.path()).expect("readable");
            for way in [".route(", ".route_service(", ".nest_service(", "axum::routing"] {
                assert!(
                    !text.contains(way),
                    "{}: {way} adds a route without a description",
                    entry.path().display()
                );
            }
            described += text.matches("#[utoipa::path(").count();
        }
    }
    assert_eq!(described, operations.len(), "every description is a route's");
}

#[test]
fn what_is_answered_is_what_is_described() {
    let mut project = Project::shipped();
    project.set("FF_ENABLE_TRY_ON", "25%");
    project.ok(&[
        "set",
        "use_v3_style",
        "on",
        "--user",
        "u-1",
        "--org",
        "acme",
        "--local",
        "--yes",
        "-m",
        "a trial",
    ]);
    project.ok(&["set", "style_prompt", "--split", "v2=75,v3=25", "--local", "--yes"]);
    let server = FfctlServer::start(&project, &[]);
    let document = server.get("//openapi.json").json();
    let mut described = Described { document, seen: BTreeMap::new() };
    let base = "/api/v1/admin";
    let list = server.get("/feature-flags");
    described.check("GET", &format!("{base}/feature-flags"), &list);
    let tag = list.header("etag").to_owned();
    let same = server.request("GET", "/feature-flags").with("if-none-match", &tag).send();
    described.check("GET", &format!("{base}/feature-flags"), &same);
    let names: Vec<String> = list.json()["flags"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|flag| flag["name"].as_str().expect("a name").to_owned())
        .collect();
    let context = json!({ "kind": "multi", "user": { "key": "u-1", "email": "ada@agpt.co" }, "org": { "key": "acme" } });
    for name in names.iter().map(String::as_str).chain(["nowhere"]) {
        let path = format!("{base}/feature-flags/{{name}}");
        described.check("GET", &path, &server.get(&format!("/feature-flags/{name}")));
        let evaluate = |body: Value| server.request("POST", "/evaluate").json(&body).send();
        let path = format!("{base}/evaluate");
        described.check("POST", &path, &evaluate(json!({ "flags": [name] })));
        described.check(
            "POST",
            &path,
            &evaluate(json!({ "flags": [name], "context": context, "explain": true })),
        );
        let path = "/ofrep/v1/evaluate/flags/{key}";
        for context in [json!({ "targetingKey": "u-1", "org": "acme" }), json!({}), json!([])] {
            let request = server.request("POST", &format!("//ofrep/v1/evaluate/flags/{name}"));
            described.check("POST", path, &request.json(&json!({ "context": context })).send());
        }
    }
    for body in [json!({ "context": 1 }), json!({ "flags": 1 }), json!({ "context": context, "at": "x" })] {
        let answer = server.request("POST", "/evaluate").json(&body).send();
        described.check("POST", &format!("{base}/evaluate"), &answer);
    }
    let bulk = "/ofrep/v1/evaluate/flags";
    for body in [json!({ "context": { "targetingKey": "u-1" } }), json!({}), json!({ "context": "x" })] {
        let answer = server.request("POST", &format!("/{bulk}")).json(&body).send();
        described.check("POST", bulk, &answer);
        let again = server
            .request("POST", &format!("/{bulk}"))
            .json(&body)
            .with("if-none-match", answer.header("etag"));
        described.check("POST", bulk, &again.send());
    }
    let change = |method: &str, path: &str, body: Value| {
        server.request(method, path).with("if-match", "*").json(&body).send()
    };
    let patch = json!({ "enabled": true, "users": { "u-9": "on" }, "expires_at": "2999-01-01T00:00:00Z", "reason": "r" });
    let several = json!({ "reason": null, "flags": { "use_v3_style": { "if_match": "*", "patch": { "rollout": "12.5%" } } } });
    for (method, path, query, body) in [
        ("PATCH", "/feature-flags/{name}", "?dry_run=true", patch.clone()),
        ("PATCH", "/feature-flags/{name}", "", patch),
        ("PATCH", "/feature-flags/{name}", "", json!({ "enabled": 3 })),
        ("PATCH", "/feature-flags", "", several),
        ("PATCH", "/feature-flags", "", json!({})),
        ("DELETE", "/feature-flags/{name}/override", "?dry_run=true", json!({})),
        ("DELETE", "/feature-flags/{name}/override", "", json!({})),
        ("GET", "/journal", "", json!({})),
        ("POST", "/tokens", "", json!({ "name": "ci", "role": "viewer" })),
        ("POST", "/tokens", "", json!({ "name": "ci", "role": "viewer" })),
        ("GET", "/tokens", "", json!({})),
        ("GET", "/whoami", "", json!({})),
        ("DELETE", "/tokens/{number}", "", json!({})),
    ] {
        let concrete = path.replace("{name}", "use_v3_style").replace("{number}", "2");
        let answer = change(method, &format!("{concrete}{query}"), body);
        described.check(method, &format!("{base}{path}"), &answer);
    }
    for path in ["/healthz", "/readyz", "/openapi.json"] {
        described.check("GET", path, &server.get(&format!("/{path}")));
    }
    let document = described.document.clone();
    for (method, path, operation) in operations(&document) {
        if operation.get("security").is_some() {
            let concrete = path
                .replace("{name}", "use_v3_style")
                .replace("{key}", "use_v3_style")
                .replace("{number}", "1");
            let request = server.request(&method.to_uppercase(), &format!("/{concrete}"));
            let refused = request.with("authorization", "Bearer ffa_no").send();
            described.check(&method.to_uppercase(), path, &refused);
        }
        if operation.get("requestBody").is_some() && path.contains("ofrep") {
            let large =
                server.request(&method.to_uppercase(), &format!("/{path}")).body(&"x".repeat(2 << 20));
            described.check(&method.to_uppercase(), path, &large.send());
        }
    }
    let seen: Vec<u16> = described.seen.values().flatten().copied().collect();
    for status in [200, 201, 304, 400, 401, 404, 409, 413, 422] {
        assert!(seen.contains(&status), "{status} was tried");
    }
}
