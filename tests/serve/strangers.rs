//! Tokens that are none of the server's: how many one address may try, and that nobody else at it is kept out.

use serde_json::json;

use super::super::ffctl_server::{Answer, FfctlServer};
use super::super::project::Project;
use super::roles::token;

/// Guesses until the address may guess no more; returns the last answer and how many were refused as unknown.
fn exhaust(mut guess: impl FnMut(u32) -> Answer) -> (Answer, u32) {
    for count in 0..100 {
        let answer = guess(count);
        if answer.status != 401 {
            return (answer, count);
        }
        assert_eq!(answer.problem(401), "unknown_token");
    }
    panic!("a hundred guesses were taken")
}

fn bearer(server: &FfctlServer, method: &str, path: &str, secret: &str) -> Answer {
    let request = server.request(method, path).with("authorization", &format!("Bearer {secret}"));
    request.json(&json!({ "context": { "targetingKey": "u-1" } })).send()
}

#[test]
fn guesses_are_bounded_and_who_has_a_token_goes_on() {
    let project = Project::shipped();
    let server = FfctlServer::start(&project, &[]);
    let (number, revoked) = token(&server, "revoked", "viewer");
    let (_, valid) = token(&server, "valid", "viewer");
    assert_eq!(server.request("DELETE", &format!("/tokens/{number}")).send().status, 200);
    let (refused, taken) = exhaust(|count| bearer(&server, "GET", "/feature-flags", &format!("ffa_{count}")));
    assert!(taken >= 10, "{taken} guesses were taken");
    assert_eq!(refused.problem(429), "too_many");
    assert!(refused.json()["detail"].as_str().is_some_and(|detail| detail.contains("from this address")));
    let wait: u64 = refused.header("retry-after").parse().expect("seconds");
    assert!((1..=6).contains(&wait), "{wait}");
    // Wherever a token is taken, and whatever is asked with it.
    for (method, path) in [
        ("GET", "/whoami"),
        ("PATCH", "/feature-flags/use_v3_style"),
        ("POST", "//ofrep/v1/evaluate/flags"),
        ("POST", "//ofrep/v1/evaluate/flags/use_v3_style"),
        ("GET", "//metrics"),
    ] {
        let (refused, _) = exhaust(|count| bearer(&server, method, path, &format!("ffa_{path}_{count}")));
        assert_eq!(refused.problem(429), "too_many", "{method} {path}");
        let as_ever = bearer(&server, method, path, &valid);
        assert!(!matches!(as_ever.status, 401 | 429), "{method} {path}: {as_ever:?}");
    }
    let page = |cookie: &str| {
        let request = server.request("GET", "//live").with("authorization", "");
        request.with("cookie", &format!("ffctl_token={cookie}"))
    };
    let (refused, _) = exhaust(|count| page(&format!("ffa_page_{count}")).send());
    assert_eq!(refused.problem(429), "too_many");
    assert_eq!(page(&valid).open().status().as_u16(), 200);
    // A job with an old token is told so again and again, and no guess is taken from anybody for it.
    for _ in 0..30 {
        assert_eq!(bearer(&server, "GET", "/feature-flags", "ffa_0").problem(401), "unknown_token");
        assert_eq!(bearer(&server, "GET", "/feature-flags", &revoked).problem(401), "invalid_token");
        let nobody = server.request("GET", "/feature-flags").with("authorization", "").send();
        assert_eq!(nobody.problem(401), "no_token");
    }
    // The login counts by itself: whoever mistyped nothing there gets in.
    let origin = server.said["address"].as_str().expect("an address").to_owned();
    let form = server.request("POST", "//login").with("authorization", "").with("origin", &origin);
    let form = form.with("content-type", "application/x-www-form-urlencoded");
    assert!(form.body(&format!("token={valid}&next=%2F")).send().status != 429);
}

#[test]
fn the_command_line_is_told_when_to_come_back() {
    let mut project = Project::shipped();
    let server = FfctlServer::start(&project, &[]);
    server.point(&mut project);
    project.ok(&["list"]);
    project.set("FFCTL_TIMEOUT", "1s");
    // One more guess may be taken where this takes its time.
    let said = (0..20).find_map(|attempt| {
        exhaust(|count| bearer(&server, "GET", "/feature-flags", &format!("ffa_{attempt}_{count}")));
        project.set("FFCTL_TOKEN", &format!("ffa_wrong_{attempt}"));
        Some(project.run(&["list"])).filter(|run| run.code == 6).map(|run| run.stderr)
    });
    let said = said.expect("refused at once in the end");
    assert!(said.contains("too many requests, come back in"), "{said}");
    assert!(said.contains("none of this server's"), "{said}");
}
