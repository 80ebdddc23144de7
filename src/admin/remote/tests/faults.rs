use std::net::TcpListener;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::error::Kind;
use crate::layer::Version;
use crate::settings::TimeLimits;

use super::{change_set, client, client_at, permit, short};
use crate::support::server::{Reply, Server};

const FLAGS: &[u8] = br#"{"flags":[{"name":"a","enabled":true,"source":"env"}]}"#;

/// What a server can do wrong, and what is said of it.
fn faults() -> Vec<(&'static str, Reply, &'static str)> {
    let text = |body: &str| Reply::text(200, "application/json", body);
    vec![
        ("closed", Reply::Close, "the connection broke"),
        ("reset", Reply::Reset(None), "the connection broke"),
        ("reset in the body", Reply::Reset(Some(FLAGS.to_vec())), "the connection broke"),
        ("short", Reply::Short(FLAGS.to_vec(), 1), "the connection broke"),
        ("late", Reply::Late(Duration::from_secs(3), Box::new(Reply::Close)), "no answer within 300ms"),
        (
            "a byte at a time",
            Reply::Drip(FLAGS.to_vec(), Duration::from_millis(100)),
            "no answer within 300ms",
        ),
        ("truncated JSON", text(r#"{"flags":[{"name":"a","en"#), "not JSON"),
        ("other JSON", text("[1,2]"), "no list `flags`"),
        ("deep JSON", text(&"[".repeat(100_000)), "not JSON"),
        ("a page", Reply::text(200, "text/html", "\n <!doctype html>"), "a web page"),
        ("nothing", text(""), "answered with nothing"),
        ("no content", Reply::text(204, "x/y", ""), "answered with nothing"),
        ("not text", Reply::Answer { status: 200, headers: Vec::new(), body: vec![0xff; 50] }, "not JSON"),
        ("too much", text(&" ".repeat(9 * 1024 * 1024)), "larger than 8 MiB"),
    ]
}

#[test]
fn no_fault_is_taken_for_an_answer_and_the_limit_is_kept() {
    for (what, reply, expected) in faults() {
        let large = what == "too much";
        let server = Server::start(move |_| reply.clone());
        let start = Instant::now();
        let limits = if large { TimeLimits::default() } else { short() };
        let error = client_at(&server.url(), limits).read().expect_err(what);
        let took = start.elapsed();
        assert_eq!(error.kind(), Kind::Unreachable, "{what}: {error}");
        assert!(error.to_string().contains(expected), "{what}: {error}");
        assert!(error.message().contains(&server.url()), "{what}: {error}");
        assert!(took < Duration::from_millis(if large { 5_000 } else { 800 }), "{what} took {took:?}");
        assert_eq!(server.requests().len(), 1, "{what}");
    }
}

#[test]
fn a_change_whose_answer_is_lost_has_an_unknown_outcome() {
    let lost = [
        Reply::Close,
        Reply::Reset(None),
        Reply::Late(Duration::from_secs(2), Box::new(Reply::Close)),
        Reply::text(200, "text/html", "<html>"),
    ];
    for reply in lost {
        let server = Server::start(move |_| reply.clone());
        let set = change_set(&[("a", json!({ "enabled": true }), Version::Unknown)]);
        let error = client_at(&server.url(), short()).write(&permit(), &set).expect_err("lost");
        assert_eq!((error.kind(), server.requests().len()), (Kind::OutcomeUnknown, 1), "{error}");
        assert!(error.message().contains(&server.url()), "{error}");
    }
    // The status came: it is done, only its receipt is incomplete.
    let server = Server::start(|_| Reply::Short(b"{\"journal\":5".to_vec(), 10));
    let set = change_set(&[("a", json!({ "enabled": true }), Version::Unknown)]);
    let written = client(&server).write(&permit(), &set).expect("accepted");
    assert_eq!((written.number, written.notes.len()), (None, 1));
}

#[test]
fn a_change_that_was_never_sent_is_not_in_doubt() {
    let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
    let client = client_at(&format!("http://{free}"), short());
    let set = change_set(&[("a", json!({ "enabled": true }), Version::Unknown)]);
    let error = client.write(&permit(), &set).expect_err("nobody there");
    assert_eq!(error.kind(), Kind::Unreachable);
    assert!(error.message().contains("cannot connect: ") && error.message().contains("refused"), "{error}");
    assert_eq!(client.read().expect_err("nobody there").kind(), Kind::Unreachable);
}

#[test]
fn the_limit_holds_for_all_redirects_together() {
    let server = Server::start(|_| {
        let redirect = Reply::text(302, "x/y", "").with("location", "/again");
        Reply::Late(Duration::from_millis(120), Box::new(redirect))
    });
    let start = Instant::now();
    let error = client_at(&server.url(), short()).read().expect_err("too slow");
    assert!(error.message().contains("no answer within 300ms"), "{error}");
    assert!(start.elapsed() < Duration::from_millis(800));
}

#[test]
fn a_server_that_never_finishes_tls_gets_nothing() {
    let server = Server::start(|_| Reply::Close);
    let url = server.url().replace("http:", "https:");
    let client = client_at(&url, short());
    let set = change_set(&[("a", json!({ "enabled": true }), Version::Unknown)]);
    for error in [client.read().expect_err("no TLS"), client.write(&permit(), &set).expect_err("no TLS")] {
        assert_eq!(error.kind(), Kind::Unreachable);
        assert!(error.message().contains(&format!("{url}: no connection within 150ms")), "{error}");
    }
}
