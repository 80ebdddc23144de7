//! Changing overrides over HTTP: what is done, what is refused, and what a client is told of it.

use serde_json::{Value, json};

use super::super::ffctl_server::{Answer, FfctlServer};
use super::super::project::Project;

const ONE: &str = "/feature-flags/use_v3_style";

fn tag(server: &FfctlServer, path: &str) -> String {
    server.get(path).header("etag").to_owned()
}

fn patch(server: &FfctlServer, path: &str, body: &Value) -> Answer {
    server.request("PATCH", path).with("if-match", &tag(server, path)).json(body).send()
}

fn count(server: &FfctlServer) -> usize {
    server.get("/journal?limit=1000").json()["entries"].as_array().expect("entries").len()
}

#[test]
fn a_change_is_answered_with_the_flag_and_the_receipt() {
    let project = Project::shipped();
    let server = FfctlServer::start(&project, &[]);
    let before = server.get(ONE);
    let answer = patch(&server, ONE, &json!({ "enabled": true, "rollout": "25%", "reason": "launch" }));
    assert_eq!(answer.status, 200, "{answer:?}");
    let flag = answer.json();
    assert_eq!(flag["override"], json!({ "enabled": true, "rollout": "25%" }));
    assert_eq!(
        (&flag["journal"], &flag["source"], &flag["state"]),
        (&json!(1), &json!("admin"), &json!("partial"))
    );
    assert_eq!(flag["head"].as_str().map(str::len), Some(64));
    let now = server.get(ONE);
    assert_eq!(answer.header("etag"), now.header("etag"), "your own write is read");
    assert_ne!(answer.header("etag"), before.header("etag"));
    let entry = &server.get("/journal").json()["entries"][0];
    assert_eq!(
        (&entry["number"], &entry["actor"], &entry["reason"]),
        (&json!(1), &json!("first admin"), &json!("launch"))
    );
    assert_eq!(entry["hash"], flag["head"]);
    let change = &entry["changes"][0];
    assert_eq!(change["before"], json!({ "enabled": null, "rollout": null }));
    assert_eq!(change["after"], json!({ "enabled": true, "rollout": "25%" }));
    // Merge patches: a member at a time, null takes away, a list as a whole too.
    let merge = |body: Value| {
        let request = server.request("PATCH", ONE).with("if-match", "*").body(&body.to_string());
        let answer = request.with("content-type", "application/merge-patch+json; charset=utf-8").send();
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()["override"].clone()
    };
    assert_eq!(
        merge(json!({ "rollout": null, "users": { "a": "on", "b": "off" } }))["users"],
        json!({ "a": "on", "b": "off" })
    );
    assert_eq!(
        merge(json!({ "users": { "a": null }, "orgs": { "acme": "on" } }))["users"],
        json!({ "b": "off" })
    );
    assert_eq!(merge(json!({ "users": null })), json!({ "enabled": true, "orgs": { "acme": "on" } }));
    assert_eq!(merge(json!({})), json!({ "enabled": true, "orgs": { "acme": "on" } }));
    assert_eq!(count(&server), 4, "what changes nothing is not journalled");
}

#[test]
fn a_change_names_the_version_that_it_is_based_on() {
    let project = Project::shipped();
    let server = FfctlServer::start(&project, &[]);
    let first = tag(&server, ONE);
    assert_eq!(
        server.request("PATCH", ONE).json(&json!({ "enabled": true })).send().problem(428),
        "precondition_required"
    );
    patch(&server, ONE, &json!({ "enabled": true, "reason": "one" }));
    project.ok(&["set", "use_v3_style", "25%", "--local", "--yes", "-m", "two"]);
    let late =
        server.request("PATCH", ONE).with("if-match", &first).json(&json!({ "enabled": false })).send();
    assert_eq!(late.problem(412), "changed");
    let problem = late.json();
    let reasons: Vec<&Value> =
        problem["changes"].as_array().expect("a list").iter().map(|entry| &entry["reason"]).collect();
    assert_eq!(reasons, ["two", "one"]);
    assert!(problem["detail"].as_str().is_some_and(|text| text.contains("(journal 2 by ada")), "{problem}");
    assert_eq!(problem["etag"], tag(&server, ONE));
    let weak = format!("W/{}", tag(&server, ONE));
    for odd in [weak.as_str(), "\"x\"", "x", ""] {
        let answer =
            server.request("PATCH", ONE).with("if-match", odd).json(&json!({ "enabled": false })).send();
        assert_eq!(answer.problem(412), "changed", "{odd}");
    }
    let several = format!("\"x\", {}", tag(&server, ONE));
    assert_eq!(
        server
            .request("PATCH", ONE)
            .with("if-match", &several)
            .json(&json!({ "enabled": false }))
            .send()
            .status,
        200
    );
    assert_eq!(server.get(ONE).json()["enabled"], false);
}

#[test]
fn what_does_not_fit_is_refused_with_its_place() {
    let project = Project::shipped();
    let server = FfctlServer::start(&project, &[]);
    let style = "/feature-flags/style_prompt";
    for (path, body, pointer) in [
        (ONE, json!({ "enabeld": true }), "/enabeld"),
        (ONE, json!({ "enabled": "yes" }), "/enabled"),
        (ONE, json!({ "rollout": 25 }), "/rollout"),
        (ONE, json!({ "rollout": "0.25" }), "/rollout"),
        (ONE, json!({ "rollout": "50" }), "/rollout"),
        (ONE, json!({ "users": { "a/b.c~d": "blue" } }), "/users/a~1b.c~0d"),
        (ONE, json!({ "users": { "a/b.c~d": 7 } }), "/users/a~1b.c~0d"),
        (ONE, json!({ "users": ["a"] }), "/users"),
        (ONE, json!({ "orgs": { "acme": "blue" } }), "/orgs/acme"),
        (ONE, json!({ "serve": "on" }), "/serve"),
        (ONE, json!({ "split": [["on", 1], ["off", 1]] }), "/split"),
        (style, json!({ "rollout": "25%" }), "/rollout"),
        (style, json!({ "serve": "v9" }), "/serve"),
        (style, json!({ "split": [["v2", 1], ["v9", 1]] }), "/split"),
        (style, json!({ "split": [["v2", 1]], "serve": "v2" }), "/split"),
        (style, json!({ "split": [["v2", 0]] }), "/split"),
        (ONE, json!({ "reason": 7 }), "/reason"),
        (ONE, json!({ "reason": "x".repeat(2_001) }), "/reason"),
        (ONE, json!({ "enabled": true, "expires_at": "soon" }), "/expires_at"),
        (ONE, json!({ "enabled": true, "expires_at": "2020-01-01T00:00:00Z" }), "/expires_at"),
        (ONE, json!({ "enabled": null, "expires_at": "2999-01-01T00:00:00Z" }), "/expires_at"),
        (ONE, json!([true]), ""),
    ] {
        let answer = patch(&server, path, &body);
        let code = answer.problem(422);
        assert!(["invalid", "does_not_fit"].contains(&code.as_str()), "{body}: {code}");
        assert_eq!(answer.json()["pointer"], pointer, "{body}: {}", answer.text);
        if path == ONE {
            // The same several times deep.
            let body = json!({ "flags": { "use_v3_style": { "if_match": "*", "patch": body } } });
            let answer = server.request("PATCH", "/feature-flags").json(&body).send();
            let prefix = "/flags/use_v3_style/patch";
            answer.problem(422);
            assert_eq!(answer.json()["pointer"], format!("{prefix}{pointer}"), "{body}");
        }
    }
    for (kind, status) in
        [("text/plain", 415), ("", 415), ("application/jsonx", 415), ("application/json", 400)]
    {
        let request = server.request("PATCH", ONE).with("if-match", "*").with("content-type", kind).body("{");
        assert_eq!(request.send().status, status, "{kind}");
    }
    assert_eq!(patch(&server, "/feature-flags/use_v3_styel", &json!({})).problem(404), "unknown_flag");
    for query in ["?dry_run=perhaps", "?dry_run=1"] {
        assert_eq!(patch(&server, &format!("{ONE}{query}"), &json!({})).problem(400), "query");
    }
    assert_eq!(count(&server), 0);
}

#[test]
fn several_flags_change_together_or_not_at_all() {
    let project = Project::shipped();
    let server = FfctlServer::start(&project, &[]);
    let both = |one: &str, other: &str, last: Value| {
        let body = json!({ "reason": "both", "flags": {
            "use_v3_style": { "if_match": one, "patch": { "enabled": true } },
            "enable_memory_v2": { "if_match": other, "patch": last },
        }});
        server.request("PATCH", "/feature-flags").json(&body).send()
    };
    let (one, other) = (tag(&server, ONE), tag(&server, "/feature-flags/enable_memory_v2"));
    let late = both(&one, "\"0-x\"", json!({ "rollout": "50%" }));
    assert_eq!(late.problem(412), "changed");
    assert_eq!(late.json()["flag"], "enable_memory_v2");
    assert_eq!(both(&one, &other, json!({ "rollout": "0.5" })).problem(422), "invalid");
    assert_eq!(count(&server), 0, "nothing of it was done");
    let done = both(&one, &other, json!({ "rollout": "50%" }));
    assert_eq!(done.status, 200, "{done:?}");
    let answer = done.json();
    assert_eq!((&answer["journal"], answer["flags"].as_array().map(Vec::len)), (&json!(1), Some(2)));
    assert_eq!(answer["flags"][1]["etag"], tag(&server, "/feature-flags/enable_memory_v2"));
    let entry = server.get("/journal").json()["entries"][0].clone();
    assert_eq!((entry["changes"].as_array().map(Vec::len), &entry["hash"]), (Some(2), &answer["head"]));
    for (body, status) in [
        (json!({}), 422),
        (json!({ "flags": {} }), 422),
        (json!({ "flags": { "use_v3_style": { "patch": {} } } }), 428),
        (json!({ "flags": { "use_v3_style": { "if_match": "*" } } }), 422),
        (json!({ "flags": { "nobody": { "if_match": "*", "patch": {} } } }), 404),
    ] {
        assert_eq!(server.request("PATCH", "/feature-flags").json(&body).send().status, status, "{body}");
    }
}

#[test]
fn a_repeated_attempt_changes_nothing_twice() {
    let mut project = Project::shipped();
    let mut server = FfctlServer::start(&project, &[]);
    let first = tag(&server, ONE);
    let attempt = |server: &FfctlServer, body: &Value| {
        let request = server.request("PATCH", ONE).with("if-match", &first).with("idempotency-key", "k-1");
        request.json(body).send()
    };
    let body = json!({ "enabled": true, "users": null, "reason": "once" });
    let done = attempt(&server, &body);
    assert_eq!((done.status, done.header("idempotent-replayed")), (200, ""));
    // Somebody else in between; a restart; the answer is still that it was done.
    server.point(&mut project);
    project.ok(&["set", "use_v3_style", "off", "--user", "u", "--local", "--yes"]);
    server.kill();
    server.again(&project);
    let again = attempt(&server, &body);
    assert_eq!((again.status, again.header("idempotent-replayed")), (200, "true"), "{again:?}");
    assert_eq!(
        (&again.json()["journal"], &again.json()["head"]),
        (&done.json()["journal"], &done.json()["head"])
    );
    assert_eq!(again.json()["override"]["users"], json!({ "u": "off" }), "as it is now");
    assert_eq!(attempt(&server, &json!({ "enabled": false })).problem(422), "idempotency_key");
    let odd =
        server.request("PATCH", ONE).with("if-match", "*").with("idempotency-key", "a b").json(&body).send();
    assert_eq!(odd.problem(400), "idempotency_key");
    assert_eq!(count(&server), 2);
}

#[test]
fn a_rehearsal_answers_the_same_and_writes_nothing() {
    let project = Project::shipped();
    let server = FfctlServer::start(&project, &[]);
    let body = json!({ "enabled": true, "rollout": "25%", "users": { "u": "off" } });
    let rehearse = |tag: &str, body: &Value| {
        server.request("PATCH", &format!("{ONE}?dry_run=true")).with("if-match", tag).json(body).send()
    };
    let rehearsed = rehearse(&tag(&server, ONE), &body);
    assert_eq!((rehearsed.status, &rehearsed.json()["dry_run"]), (200, &json!(true)), "{rehearsed:?}");
    assert_eq!(rehearse("\"0-x\"", &body).problem(412), "changed");
    assert_eq!(rehearse("*", &json!({ "rollout": "x" })).problem(422), "invalid");
    assert_eq!((count(&server), &server.get(ONE).json()["override"]), (0, &Value::Null));
    let done = patch(&server, ONE, &body);
    let (rehearsed, done) = (rehearsed.json(), done.json());
    for field in ["override", "state", "summary", "journal", "users", "rollout", "enabled"] {
        assert_eq!(rehearsed[field], done[field], "{field}");
    }
}

#[test]
fn an_override_is_taken_back_whole() {
    let project = Project::new("schema = 1\n[flags]\na = true\n");
    project.ok(&["set", "a", "off", "--local", "--yes"]);
    let server = FfctlServer::start(&project, &[]);
    let path = "/feature-flags/a/override";
    assert_eq!(server.request("DELETE", path).send().problem(428), "precondition_required");
    let tag = tag(&server, "/feature-flags/a");
    let done =
        server.request("DELETE", &format!("{path}?reason=back%20to%20normal")).with("if-match", &tag).send();
    assert_eq!(
        (done.status, &done.json()["override"], &done.json()["enabled"]),
        (200, &Value::Null, &json!(true))
    );
    let entry = server.get("/journal").json()["entries"][0].clone();
    assert_eq!((&entry["number"], &entry["reason"]), (&json!(2), &json!("back to normal")));
    assert_eq!(server.request("DELETE", path).with("if-match", &tag).send().problem(412), "changed");
    let nothing = server.request("DELETE", path).with("if-match", "*").send();
    assert_eq!((nothing.status, count(&server)), (200, 2));
}

#[test]
fn a_write_is_seen_though_flags_toml_is_broken() {
    let project = Project::shipped();
    let server = FfctlServer::start(&project, &[]);
    project.write("flags.toml", "schema = tru");
    super::super::ffctl_server::until(std::time::Duration::from_secs(30), || {
        server.log().contains("going on")
    });
    assert_eq!(patch(&server, ONE, &json!({ "enabled": true })).status, 200);
    assert_eq!(server.get(ONE).json()["enabled"], true);
}
