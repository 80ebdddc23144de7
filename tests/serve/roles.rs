//! Who may ask what: every route with every kind of caller, and the tokens that decide it.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::ffctl_server::{Answer, FfctlServer, until};
use super::super::project::Project;

/// Every route with the weakest role that it takes; none where it takes everybody.
const ROUTES: [(&str, Option<&str>); 17] = [
    ("GET /healthz", None),
    ("GET /readyz", None),
    ("GET /metrics", Some("viewer")),
    ("GET /openapi.json", None),
    ("GET /api/v1/admin/feature-flags", Some("viewer")),
    ("GET /api/v1/admin/feature-flags/{name}", Some("viewer")),
    ("GET /api/v1/admin/journal", Some("viewer")),
    ("GET /api/v1/admin/whoami", Some("viewer")),
    ("GET /api/v1/admin/events", Some("viewer")),
    ("POST /api/v1/admin/evaluate", Some("viewer")),
    ("POST /ofrep/v1/evaluate/flags", Some("viewer")),
    ("POST /ofrep/v1/evaluate/flags/{key}", Some("viewer")),
    ("PATCH /api/v1/admin/feature-flags", Some("editor")),
    ("PATCH /api/v1/admin/feature-flags/{name}", Some("editor")),
    ("DELETE /api/v1/admin/feature-flags/{name}/override", Some("editor")),
    ("GET /api/v1/admin/tokens", Some("admin")),
    ("POST /api/v1/admin/tokens", Some("admin")),
];

/// One that ends what it is about, so that it comes last.
const REVOKE: &str = "DELETE /api/v1/admin/tokens/{number}";

pub(super) fn create(server: &FfctlServer, body: &Value) -> Answer {
    server.request("POST", "/tokens").json(body).send()
}

/// Makes a token and returns its number and its secret.
pub(super) fn token(server: &FfctlServer, name: &str, role: &str) -> (u64, String) {
    let made = create(server, &json!({ "name": name, "role": role }));
    assert_eq!(made.status, 201, "{made:?}");
    let made = made.json();
    (made["number"].as_u64().expect("a number"), made["secret"].as_str().expect("a secret").to_owned())
}

fn ask(server: &FfctlServer, route: &str, secret: Option<&str>) -> (u16, String) {
    let (method, path) = route.split_once(' ').expect("a method");
    let path =
        path.replace("{name}", "use_v3_style").replace("{key}", "use_v3_style").replace("{number}", "999");
    let header = secret.map_or_else(|| "Basic x".to_owned(), |secret| format!("Bearer {secret}"));
    let request =
        server.request(method, &format!("/{path}")).with("authorization", &header).with("if-match", "*");
    // What is asked is nonsense: who may ask is told so, and nobody changes anything.
    let request = if method == "GET" { request } else { request.json(&json!({ "nonsense": true })) };
    let answer = request.open();
    let status = answer.status().as_u16();
    // Events go on for ever.
    let text = if route.ends_with("/events") && status == 200 {
        String::new()
    } else {
        answer.text().expect("text")
    };
    (status, text)
}

#[test]
fn every_route_takes_its_role_and_no_weaker_one() {
    let project = Project::shipped();
    let server = FfctlServer::start(&project, &[]);
    let described = ffctl::server::described_routes();
    for route in &described {
        let row = ROUTES.iter().any(|(known, _)| known == route) || route == REVOKE;
        assert!(row, "`{route}` needs a row here: who may ask it?");
    }
    let (_, viewer) = token(&server, "viewer", "viewer");
    let (_, editor) = token(&server, "editor", "editor");
    let (_, admin) = token(&server, "admin", "admin");
    let (number, revoked) = token(&server, "revoked", "admin");
    assert_eq!(server.request("DELETE", &format!("/tokens/{number}")).send().status, 200);
    let soon = json!({ "name": "short", "role": "admin", "expires_at": in_millis(400) });
    let expired = create(&server, &soon).json()["secret"].as_str().expect("a secret").to_owned();
    until(Duration::from_secs(30), || {
        ask(&server, "GET /api/v1/admin/feature-flags", Some(&expired)).0 == 401
    });
    let roles = [("viewer", &viewer), ("editor", &editor), ("admin", &admin)];
    let rank = |role: &str| roles.iter().position(|(name, _)| *name == role).expect("a role");
    for (route, needed) in ROUTES.into_iter().chain([(REVOKE, Some("admin"))]) {
        if !described.iter().any(|known| known == route) {
            continue;
        }
        for (role, secret) in roles {
            let (status, text) = ask(&server, route, Some(secret));
            let may = needed.is_none_or(|needed| rank(role) >= rank(needed));
            assert_eq!(status == 403, !may, "{route} as {role}: {status} {text}");
            assert!(may || text.contains("this takes the role"), "{text}");
            assert_ne!(status, 401, "{route} as {role}");
        }
        for (who, secret) in [
            ("nobody", None),
            ("a stranger", Some("ffa_x")),
            ("revoked", Some(&*revoked)),
            ("expired", Some(&*expired)),
        ] {
            let (status, text) = ask(&server, route, secret);
            assert_eq!(status == 401, needed.is_some(), "{route} as {who}: {status} {text}");
        }
    }
    let journal = server.get("/journal").json();
    let mut entries = journal["entries"].as_array().expect("entries").iter();
    assert!(entries.all(|entry| entry["token"].is_object()), "nobody changed anything: {journal}");
}

/// Returns a time so many milliseconds from now.
#[expect(clippy::disallowed_methods, reason = "a token that is to expire while the test runs")]
fn in_millis(millis: i64) -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after the epoch");
    let now = i64::try_from(now.as_millis()).expect("small");
    ffctl::model::Timestamp::from_millis(now + millis).to_string()
}

#[test]
fn tokens_are_shown_once_and_the_last_admin_stays() {
    let project = Project::shipped();
    let server = FfctlServer::start(&project, &[]);
    let (number, secret) = token(&server, "ci deploy", "editor");
    let list = server.get("/tokens");
    assert!(!list.text.contains(&secret[4..]) && !list.text.contains("digest"), "{}", list.text);
    let tokens = list.json();
    let names: Vec<_> =
        tokens["tokens"].as_array().expect("tokens").iter().map(|token| &token["name"]).collect();
    assert_eq!(names, ["first admin", "ci deploy"]);
    assert_eq!(create(&server, &json!({ "name": "ci deploy", "role": "viewer" })).problem(409), "name_taken");
    for (body, pointer) in [
        (json!({ "role": "viewer" }), "/name"),
        (json!({ "name": "", "role": "viewer" }), "/name"),
        (json!({ "name": "a\nb", "role": "viewer" }), "/name"),
        (json!({ "name": "a", "role": "root" }), "/role"),
        (json!({ "name": "a", "role": "viewer", "expires_at": "2020-01-01T00:00:00Z" }), "/expires_at"),
        (json!({ "name": "a", "role": "viewer", "admin": true }), "/admin"),
    ] {
        let answer = create(&server, &body);
        assert_eq!(
            (answer.problem(422).as_str(), &answer.json()["pointer"]),
            ("invalid", &json!(pointer)),
            "{body}"
        );
    }
    let revoke = |path: &str| server.request("DELETE", path).send();
    assert_eq!(revoke("/tokens/1").problem(409), "last_admin");
    assert_eq!(revoke("/tokens/99").problem(404), "unknown_token");
    assert_eq!(revoke("/tokens/x").problem(404), "unknown_token");
    // A change with the token stands in the journal under its name, and after the revocation it counts no more.
    let header = format!("Bearer {secret}");
    let change = || {
        let request = server.request("PATCH", "/feature-flags/use_v3_style").with("authorization", &header);
        request.with("if-match", "*").json(&json!({ "enabled": true })).send()
    };
    assert_eq!(change().status, 200);
    assert_eq!(server.get("/journal").json()["entries"][0]["actor"], "ci deploy");
    let revoked = revoke(&format!("/tokens/{number}"));
    assert_eq!((revoked.status, &revoked.json()["valid"]), (200, &json!(false)));
    assert_eq!(change().problem(401), "invalid_token");
    // The name is free again; a second admin makes the first dispensable.
    token(&server, "ci deploy", "viewer");
    token(&server, "second admin", "admin");
    assert_eq!(revoke("/tokens/1").status, 200);
    assert_eq!(server.get("/tokens").problem(401), "invalid_token");
}

#[test]
fn who_asks_too_often_waits_and_the_others_do_not() {
    let project = Project::shipped();
    let server = FfctlServer::start(&project, &["--rate-limit", "20"]);
    let (_, other) = token(&server, "other", "viewer");
    let refused =
        (0..200).find_map(|_| Some(server.get("/feature-flags")).filter(|answer| answer.status != 200));
    let refused = refused.expect("20 a second are soon used up");
    assert_eq!((refused.problem(429).as_str(), refused.header("retry-after")), ("too_many", "1"));
    let mut as_other = server.request("GET", "/feature-flags");
    as_other = as_other.with("authorization", &format!("Bearer {other}"));
    assert_eq!(as_other.send().status, 200);
    until(Duration::from_secs(30), || server.get("/feature-flags").status == 200);
    assert_eq!(server.request("GET", "//healthz").send().status, 200);
}

#[test]
fn evaluations_have_a_limit_of_their_own() {
    let project = Project::shipped();
    let server = FfctlServer::start(&project, &["--rate-limit", "0", "--evaluation-rate-limit", "20"]);
    let (_, other) = token(&server, "other", "viewer");
    let path = "//ofrep/v1/evaluate/flags/use_v3_style";
    let evaluate = |secret: &str| {
        let request = server.request("POST", path).with("authorization", &format!("Bearer {secret}"));
        request.json(&json!({ "context": { "targetingKey": "u1" } })).send()
    };
    let refused = (0..200).find_map(|_| Some(evaluate(&server.token)).filter(|answer| answer.status != 200));
    let refused = refused.expect("20 a second are soon used up");
    assert_eq!((refused.problem(429).as_str(), refused.header("retry-after")), ("too_many", "1"));
    let refused = (0..200).find_map(|_| {
        Some(server.request("POST", "/evaluate").json(&json!({})).send())
            .filter(|answer| answer.status != 200)
    });
    assert_eq!(refused.expect("they count together").status, 429);
    assert_eq!(evaluate(&other).status, 200, "another token has its own");
    assert_eq!(server.get("/feature-flags").status, 200, "what is no evaluation is not counted");
    until(Duration::from_secs(30), || evaluate(&server.token).status == 200);
}

#[test]
fn metrics_are_for_everybody_only_where_the_server_says_so() {
    let project = Project::shipped();
    let nobody =
        |server: &FfctlServer| server.request("GET", "//metrics").with("authorization", "Basic x").send();
    let server = FfctlServer::start(&project, &[]);
    assert_eq!(nobody(&server).problem(401), "no_token");
    let open = FfctlServer::start(&Project::shipped(), &["--metrics-open"]);
    assert_eq!(nobody(&open).status, 200);
}

#[test]
fn metrics_tell_what_was_asked_and_no_name() {
    let project = Project::shipped();
    let server = FfctlServer::start(&project, &[]);
    server.get("/feature-flags/use_v3_style");
    server.get("/feature-flags/nobody");
    server
        .request("PATCH", "/feature-flags/use_v3_style")
        .with("if-match", "*")
        .json(&json!({ "enabled": true }))
        .send();
    // The server may see an earlier connection closed a little later than its client does.
    until(Duration::from_secs(30), || {
        server.get("//metrics").text.lines().any(|line| line == "ffctl_connections 1")
    });
    let metrics = server.get("//metrics");
    assert!(metrics.header("content-type").starts_with("application/openmetrics-text"), "{metrics:?}");
    let route = "route=\"/api/v1/admin/feature-flags/{name}\"";
    for line in [
        format!("ffctl_requests_total{{method=\"GET\",{route},status=\"200\"}} 1"),
        format!("ffctl_requests_total{{method=\"GET\",{route},status=\"404\"}} 1"),
        format!("ffctl_requests_total{{method=\"PATCH\",{route},status=\"200\"}} 1"),
        format!("ffctl_request_duration_seconds_count{{method=\"GET\",{route}}} 2"),
        "ffctl_journal_entries 1".to_owned(),
        "ffctl_flags 9".to_owned(),
        "# EOF".to_owned(),
    ] {
        assert!(metrics.text.lines().any(|shown| shown == line), "{line}\n{}", metrics.text);
    }
    assert!(!metrics.text.contains("use_v3_style") && !metrics.text.contains("nobody"), "{}", metrics.text);
}
