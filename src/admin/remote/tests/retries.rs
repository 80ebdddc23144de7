//! When something is asked or sent again.

use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::json;

use crate::admin::{ClientOptions, RemoteServer};
use crate::error::Kind;
use crate::layer::Version;
use crate::net::Retries;

use super::{asked, change_set, client, permit};
use crate::support::server::{Reply, Request, Server};

fn at_once(_: Duration) {}

fn patient(server: &Server) -> RemoteServer {
    let retries = Some(Retries { sleep: at_once, seed: 7 });
    client(server).with_options(ClientOptions { retries, ..ClientOptions::default() })
}

const FLAGS: &str = r#"{"flags":[{"name":"a","enabled":true,"source":"env"}]}"#;

fn list() -> Reply {
    Reply::text(200, "application/json", FLAGS)
}

/// A server that answers with these one after the other, and with the last from then on.
fn in_turn(replies: Vec<Reply>) -> Server {
    let next = AtomicUsize::new(0);
    Server::start(move |_| {
        let at = next.fetch_add(1, Ordering::SeqCst).min(replies.len() - 1);
        replies[at].clone()
    })
}

#[test]
fn a_question_is_asked_until_it_is_answered() {
    let failed = |status| Reply::text(status, "x/y", "");
    let cases = [
        (vec![Reply::Close, list()], 2),
        (vec![Reply::Reset(None), Reply::Close, list()], 3),
        (vec![Reply::Reset(Some(FLAGS.as_bytes().to_vec())), list()], 2),
        (vec![Reply::Short(FLAGS.as_bytes().to_vec(), 9), list()], 2),
        (vec![failed(500), list()], 2),
        (vec![failed(502), failed(504), list()], 3),
        (vec![failed(503).with("retry-after", "0"), list()], 2),
    ];
    for (replies, attempts) in cases {
        let what = format!("{replies:?}");
        let server = in_turn(replies);
        let layer = patient(&server).read().expect(&what);
        assert_eq!((layer.server.len(), server.requests().len()), (1, attempts), "{what}");
    }
}

#[test]
fn what_will_not_change_is_asked_once_and_what_may_three_times() {
    for status in 400..600_u16 {
        let server = Server::start(move |_| Reply::text(status, "x/y", ""));
        let error = patient(&server).read().expect_err("no flags");
        let attempts = if status >= 500 && !matches!(status, 501 | 505) { 3 } else { 1 };
        assert_eq!(server.requests().len(), attempts, "{status}: {error}");
        assert_eq!(error.message().contains("asked 3 times"), attempts == 3, "{error}");
    }
    for nonsense in [list().with("content-encoding", "gzip"), Reply::text(200, "x/y", "<html>")] {
        let server = Server::start(move |_| nonsense.clone());
        patient(&server).read().expect_err("nonsense");
        assert_eq!(server.requests().len(), 1);
    }
}

#[test]
fn a_server_that_says_when_is_taken_at_its_word() {
    let busy = |after: &str| Reply::text(503, "x/y", "").with("retry-after", after);
    // More than the limit of 5 s: nothing more is asked.
    let server = in_turn(vec![busy("60"), list()]);
    let error = patient(&server).read().expect_err("busy");
    assert!(error.message().contains("come back in 60 s"), "{error}");
    assert_eq!(server.requests().len(), 1);
    // Absurd ones are as if they were not there.
    for absurd in ["-1", "soon", "1e9"] {
        let server = in_turn(vec![busy(absurd), list()]);
        patient(&server).read().expect("asked again");
        assert_eq!(server.requests().len(), 2, "{absurd}");
    }
    let server = in_turn(vec![Reply::text(429, "x/y", "").with("retry-after", "0"), list()]);
    patient(&server).read().expect_err("429 is final");
    assert_eq!(server.requests().len(), 1);
}

/// A server that answers changes with these in turn; its list may say that it honours keys.
fn changing(keys: bool, replies: Vec<Reply>) -> Server {
    let next = AtomicUsize::new(0);
    Server::start(move |request: &Request| {
        if request.method == "GET" {
            return Reply::json(200, &json!({ "flags": [], "idempotency_keys": keys }));
        }
        let at = next.fetch_add(1, Ordering::SeqCst).min(replies.len() - 1);
        replies[at].clone()
    })
}

#[test]
fn a_change_is_sent_again_only_where_it_cannot_happen_twice() {
    let done = Reply::json(200, &json!({ "journal": 5 }));
    let failed = |status| Reply::text(status, "x/y", "");
    let cases = vec![
        // Nothing is known of keys: a lost answer stays lost, also behind a precondition.
        (false, vec![Reply::Close, done.clone()], 1, Err(Kind::OutcomeUnknown)),
        (false, vec![failed(502), done.clone()], 1, Err(Kind::OutcomeUnknown)),
        (false, vec![failed(503), done.clone()], 1, Err(Kind::Unreachable)),
        // The key makes one change of all attempts.
        (true, vec![Reply::Close, done.clone()], 2, Ok(())),
        (true, vec![failed(500), Reply::Reset(None), done.clone()], 3, Ok(())),
        (true, vec![failed(503).with("retry-after", "0"), done.clone()], 2, Ok(())),
        (true, vec![Reply::Close], 3, Err(Kind::OutcomeUnknown)),
        (true, vec![failed(503)], 3, Err(Kind::Unreachable)),
        (true, vec![Reply::Close, failed(503)], 3, Err(Kind::OutcomeUnknown)),
        // Still in progress, or the change of the attempt before: nobody can tell.
        (true, vec![Reply::Close, failed(409)], 2, Err(Kind::OutcomeUnknown)),
        (true, vec![Reply::Close, failed(412)], 2, Err(Kind::OutcomeUnknown)),
        // What the server decides is final.
        (true, vec![failed(409), done.clone()], 1, Err(Kind::Conflict)),
        (true, vec![failed(429), done.clone()], 1, Err(Kind::Unreachable)),
        (true, vec![failed(501), done.clone()], 1, Err(Kind::Unreachable)),
        (true, vec![failed(400), done.clone()], 1, Err(Kind::Invalid)),
        (true, vec![failed(302), done], 1, Err(Kind::Unreachable)),
    ];
    for (keys, replies, attempts, expected) in cases {
        let what = format!("keys {keys}: {replies:?}");
        let server = changing(keys, replies);
        let client = patient(&server);
        client.read().expect("a list");
        let set = change_set(&[("a", json!({ "enabled": true }), Version::Tag("\"1\"".to_owned()))]);
        let result = client.write(&permit(), &set).map(drop).map_err(|error| error.kind());
        assert_eq!(result, expected, "{what}");
        let patches: Vec<_> =
            server.requests().into_iter().filter(|request| request.method == "PATCH").collect();
        assert_eq!(patches.len(), attempts, "{what}");
        assert!(patches.iter().all(|patch| patch.headers["idempotency-key"] == set.key.as_str()), "one key");
        assert!(patches.iter().all(|patch| patch.body == patches[0].body), "{what}");
    }
}

#[test]
fn a_change_that_was_not_sent_is_sent_again() {
    use std::sync::Mutex;
    // A port on which somebody listens only from the second attempt on.
    static ADDRESS: Mutex<Option<std::net::SocketAddr>> = Mutex::new(None);
    static LISTENER: Mutex<Option<TcpListener>> = Mutex::new(None);
    fn open(_: Duration) {
        let address = ADDRESS.lock().expect("no panic").expect("set below");
        *LISTENER.lock().expect("no panic") = TcpListener::bind(address).ok();
    }
    let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
    *ADDRESS.lock().expect("no panic") = Some(free);
    let limits = crate::settings::TimeLimits {
        write: Duration::from_secs(2),
        connect: Duration::from_millis(500),
        ..crate::settings::TimeLimits::default()
    };
    let retries = Some(Retries { sleep: open, seed: 7 });
    let client = super::client_at(&format!("http://{free}"), limits)
        .with_options(ClientOptions { retries, ..ClientOptions::default() });
    let set = change_set(&[("a", json!({ "enabled": true }), Version::Unknown)]);
    // The second attempt is accepted and never answered: it was sent, and nobody knows.
    let error = client.write(&permit(), &set).expect_err("no answer");
    assert_eq!(error.kind(), Kind::OutcomeUnknown, "{error}");
    assert!(LISTENER.lock().expect("no panic").is_some(), "it was tried again");
}

#[test]
fn who_says_that_this_was_done_before_is_believed() {
    let server = changing(false, vec![Reply::json(200, &json!({})).with("idempotent-replayed", "true")]);
    let set = change_set(&[("a", json!({ "enabled": true }), Version::Unknown)]);
    assert!(patient(&server).write(&permit(), &set).expect("written").repeated);
    assert_eq!(asked(&server), ["PATCH /feature-flags/a"]);
}
