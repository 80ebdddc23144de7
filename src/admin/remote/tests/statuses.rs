use serde_json::json;

use crate::error::Kind;
use crate::layer::Version;

use super::{change_set, client, permit};
use crate::support::server::{Reply, Server};

/// Status, and the kinds of failure of a list and of a change.
const STATUSES: [(u16, Kind, Kind); 30] = [
    (300, Kind::Unreachable, Kind::Unreachable),
    (302, Kind::Unreachable, Kind::Unreachable),
    (303, Kind::Unreachable, Kind::OutcomeUnknown),
    (304, Kind::Unreachable, Kind::Unreachable),
    (307, Kind::Unreachable, Kind::Unreachable),
    (400, Kind::Invalid, Kind::Invalid),
    (401, Kind::Credentials, Kind::Credentials),
    (402, Kind::Unreachable, Kind::Unreachable),
    (403, Kind::Credentials, Kind::Credentials),
    (404, Kind::Unreachable, Kind::Unknown),
    (405, Kind::Unreachable, Kind::Unreachable),
    (406, Kind::Unreachable, Kind::Unreachable),
    (408, Kind::Unreachable, Kind::Unreachable),
    (409, Kind::Conflict, Kind::Conflict),
    (410, Kind::Unreachable, Kind::Unknown),
    (412, Kind::Conflict, Kind::Conflict),
    (413, Kind::Unreachable, Kind::Unreachable),
    (415, Kind::Unreachable, Kind::Unreachable),
    (418, Kind::Unreachable, Kind::Unreachable),
    (422, Kind::Invalid, Kind::Invalid),
    (425, Kind::Unreachable, Kind::Unreachable),
    (428, Kind::Conflict, Kind::Conflict),
    (429, Kind::Unreachable, Kind::Unreachable),
    (451, Kind::Unreachable, Kind::Unreachable),
    (500, Kind::Unreachable, Kind::OutcomeUnknown),
    (501, Kind::Unreachable, Kind::Unreachable),
    (502, Kind::Unreachable, Kind::OutcomeUnknown),
    (503, Kind::Unreachable, Kind::Unreachable),
    (504, Kind::Unreachable, Kind::OutcomeUnknown),
    (599, Kind::Unreachable, Kind::OutcomeUnknown),
];

#[test]
fn every_status_has_its_kind_and_is_asked_for_once() {
    for (status, of_list, of_change) in STATUSES {
        for body in ["", "<html>sorry", r#"{"detail":"because"}"#] {
            let server = Server::start(move |_| Reply::text(status, "x/y", body));
            let client = client(&server);
            let error = client.read().expect_err("no flags");
            assert_eq!(error.kind(), of_list, "GET {status}: {error}");
            let set = change_set(&[("a", json!({ "enabled": true }), Version::Unknown)]);
            let change = client.write(&permit(), &set).expect_err("no success");
            assert_eq!(change.kind(), of_change, "PATCH {status}: {change}");
            for error in [&error, &change] {
                assert!(error.message().contains(&server.url()), "the target is named: {error}");
                let because = body.contains("because") && !(300..400).contains(&status);
                assert!(!because || error.message().contains("because"), "{status}: {error}");
            }
            assert_eq!(server.requests().len(), 2, "{status} is not repeated");
        }
    }
}

#[test]
fn too_many_requests_say_when_to_come_back() {
    let cases = [
        ("30", "come back in 30 s"),
        ("0", "come back at once"),
        ("99999999999", "come back in more than a day"),
        ("Fri, 31 Dec 2027 23:59:59 GMT", "come back in 30 s (2027-12-31T23:59:59Z)"),
        ("-5", "come back later"),
        ("soon", "come back later"),
    ];
    for (value, expected) in cases {
        let server = Server::start(move |_| {
            Reply::text(429, "text/plain", "slow down")
                .with("retry-after", value)
                .with("date", "Fri, 31 Dec 2027 23:59:29 GMT")
        });
        let error = client(&server).read().expect_err("refused");
        assert!(error.message().contains(expected), "{error}");
        assert!(error.message().ends_with("slow down"), "{error}");
    }
}

#[test]
fn any_success_is_a_written_change() {
    for (status, body) in
        [(200, "{\"journal\":5}"), (200, "ok"), (201, "[]"), (204, ""), (202, "{\"journal\":\"x\"}")]
    {
        let server = Server::start(move |_| Reply::text(status, "x/y", body).with("etag", "\"e\""));
        let set = change_set(&[("a", json!({ "enabled": true }), Version::Unknown)]);
        let written = client(&server).write(&permit(), &set).expect("written");
        assert_eq!(written.number, (body == "{\"journal\":5}").then_some(5));
        assert_eq!(written.versions["a"], Version::Tag("\"e\"".to_owned()));
    }
}

#[test]
fn what_a_server_says_reaches_nobody_raw() {
    let hostile = "\u{1b}]0;title\u{7}\u{202e}x\r\n::error::y\u{9b}2J".to_owned() + &"z".repeat(10_000);
    for kind in ["text/plain", "application/json"] {
        let body =
            if kind == "text/plain" { hostile.clone() } else { json!({ "detail": hostile }).to_string() };
        let server = Server::start(move |_| Reply::text(422, kind, &body));
        let text = client(&server).read().expect_err("refused").to_string();
        assert!(
            text.len() < 600 && !text.chars().any(char::is_control) && !text.contains('\u{202e}'),
            "{text}"
        );
    }
}
