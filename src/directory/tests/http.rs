//! An HTTP directory on loopback, good and bad.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::directory::{Directory, DirectoryOptions, Mark, NoRecord};
use crate::model::ContextKind;
use crate::net::Retries;
use crate::settings::{
    CredentialSource, DirectoryChoice, DirectoryPlace, DirectoryUrl, Settings, TimeLimits, Variables,
};
use crate::support::server::{Reply, Request, Server};

fn at_once(_: Duration) {}

fn directory_at(url: &str, limit: Duration) -> Directory {
    let url = DirectoryUrl::parse(&format!("{url}/v1/users/{{id}}")).expect("an address");
    let place = DirectoryPlace::Http(url);
    let choice = DirectoryChoice { place, credentials: CredentialSource::None, notes: Vec::new() };
    let limits = TimeLimits { connect: limit / 2, read: limit, write: limit };
    let retries = Some(Retries { sleep: at_once, seed: 7 });
    Directory::open(&choice, DirectoryOptions { limits, retries, ..DirectoryOptions::default() })
        .expect("opened")
}

fn directory(server: &Server) -> Directory {
    directory_at(&server.url(), Duration::from_secs(20))
}

/// Returns the key that a request asks for.
fn key(request: &Request) -> &str {
    request.path.strip_prefix("/v1/users/").expect("below the route")
}

fn record(key: &str) -> serde_json::Value {
    json!({ "id": key, "email": "ada@agpt.co", "password": "hunter2" })
}

fn failed(mark: &Mark) -> &str {
    match mark {
        Mark::Bare(NoRecord::Failed(why) | NoRecord::Away(why)) => why,
        other => panic!("{other:?} is no failure"),
    }
}

#[test]
fn a_record_becomes_a_context_and_is_asked_for_once() {
    let server = Server::start(|request| Reply::json(200, &record(key(request))));
    let directory = directory(&server);
    let first = directory.lookup("u1");
    assert_eq!(first.mark, Mark::Directory);
    let context = first.user.context();
    let user = context.part(&ContextKind::user()).expect("a user");
    assert_eq!((user.key.as_deref(), user.attribute("email")), (Some("u1"), Some(&"ada@agpt.co".into())));
    assert!(!format!("{first:?}").contains("hunter2"));
    assert_eq!(directory.lookup("u1").mark, Mark::Cached);
    let requests = server.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!((requests[0].method.as_str(), requests[0].path.as_str()), ("GET", "/v1/users/u1"));
    assert_eq!(requests[0].headers.get("authorization"), None);
}

#[test]
fn every_status_has_its_outcome_and_no_4xx_is_asked_again() {
    let server = Server::start(|request| {
        let status = key(request)[1..].parse().expect("a status");
        Reply::json(status, &record(key(request))).with("location", "/v1/users/elsewhere")
    });
    let directory = directory(&server);
    for status in 200..=599_u16 {
        let before = server.requests().len();
        let lookup = directory.lookup(&format!("s{status}"));
        let asked = server.requests().len() - before;
        let expected = if status >= 500 && status != 501 && status != 505 { 3 } else { 1 };
        assert_eq!(asked, expected, "{status}: {:?}", lookup.mark);
        match status {
            200 => assert_eq!(lookup.mark, Mark::Directory),
            404 | 410 => assert_eq!(lookup.mark, Mark::Bare(NoRecord::NoSuchUser)),
            _ => {
                let why = failed(&lookup.mark);
                assert!(why.contains(&status.to_string()), "{status}: {why}");
                assert_eq!(why.contains("asked 3 times"), asked == 3, "{why}");
            }
        }
        if status != 200 {
            assert_eq!(lookup.user.context(), crate::model::Context::user(format!("s{status}")));
        }
    }
    assert!(server.requests().iter().all(|request| !request.path.contains("elsewhere")), "none is followed");
}

#[test]
fn a_server_in_trouble_is_asked_again_and_remembered_only_when_it_answers() {
    let count = std::sync::atomic::AtomicUsize::new(0);
    let server =
        Server::start(move |request| match count.fetch_add(1, std::sync::atomic::Ordering::SeqCst) {
            0 => Reply::text(503, "text/plain", "starting"),
            1 => Reply::Reset(None),
            3 => Reply::json(404, &json!({})),
            _ => Reply::json(200, &record(key(request))),
        });
    let directory = directory(&server);
    assert_eq!(directory.lookup("u1").mark, Mark::Directory);
    assert_eq!(directory.lookup("u2").mark, Mark::Bare(NoRecord::NoSuchUser));
    assert_eq!(directory.lookup("u2").mark, Mark::Directory, "that there was none is not kept");
}

#[test]
fn an_answer_that_is_no_record_is_a_failure_that_shows_nothing_of_it() {
    let replies = [
        (Reply::text(200, "text/html", "<html>hunter2"), "web page"),
        (Reply::text(200, "application/json", "hunter2"), "no JSON object"),
        (Reply::text(200, "application/json", ""), "no JSON object"),
        (Reply::json(200, &json!({ "error": "hunter2" })), "none of the fields"),
        (Reply::json(200, &json!({ "id": "hunter2" })), "somebody else"),
        (Reply::json(200, &json!({ "id": "u1", "name": "x".repeat(300_000) })), "larger than 256 KiB"),
        (Reply::json(401, &json!({ "detail": "hunter2" })), "refuses the token (401"),
        (Reply::json(500, &json!({ "detail": "hunter2" })), "500"),
        (Reply::json(429, &json!({})).with("retry-after", "30"), "again in 30 s"),
        (Reply::json(302, &json!({})).with("location", "http://127.0.0.1:9/hunter2"), "not followed"),
        (Reply::Close, "connection"),
        (Reply::Short(br#"{"id":"u1"}"#.to_vec(), 9), "connection"),
    ];
    for (reply, words) in replies {
        let shown = format!("{reply:?}");
        let server = Server::start(move |_| reply.clone());
        let lookup = directory(&server).lookup("u1");
        let why = failed(&lookup.mark);
        assert!(why.contains(words), "{shown}: {why}");
        assert!(!format!("{lookup:?}").contains("hunter2"), "{lookup:?}");
    }
}

#[test]
fn the_time_limit_holds_for_the_whole_lookup() {
    let server = Server::start(|_| Reply::Late(Duration::from_secs(5), Box::new(Reply::Close)));
    let limit = Duration::from_millis(400);
    for url in [server.url(), "http://127.0.0.1:9".to_owned()] {
        let start = Instant::now();
        let lookup = directory_at(&url, limit).lookup("u1");
        let why = failed(&lookup.mark);
        assert!(why.contains("no answer within 400ms") || why.contains("cannot connect"), "{why}");
        assert!(start.elapsed() < limit + Duration::from_millis(500), "{:?}", start.elapsed());
    }
}

#[test]
fn keys_are_one_part_of_the_path_and_some_are_nobodys() {
    let server = Server::start(|_| Reply::json(404, &json!({})));
    let directory = directory(&server);
    let long = "x".repeat(1_025);
    for key in ["", ".", "..", &long] {
        assert_eq!(directory.lookup(key).mark, Mark::Bare(NoRecord::NoSuchUser), "{key}");
    }
    assert!(server.requests().is_empty(), "nobody was asked");
    directory.lookup("../admin?x#\r\nhost: evil");
    assert_eq!(server.requests()[0].path, "/v1/users/..%2Fadmin%3Fx%23%0D%0Ahost%3A%20evil");
}

#[test]
fn the_token_goes_to_its_address_and_stands_nowhere_else() {
    let server = Server::start(|request| match request.headers.get("authorization").map(String::as_str) {
        Some("Bearer hunter2") => Reply::json(200, &record(key(request))),
        _ => Reply::json(401, &json!({})),
    });
    let url = format!("{}/v1/users/{{id}}", server.url());
    let open = |variables: &[(&str, &str)]| {
        let pairs = variables.iter().map(|(name, value)| ((*name).into(), (*value).into()));
        let variables: Variables = pairs.collect();
        let settings = Settings { variables, ..Settings::default() };
        let choice = settings.directory(None).expect("valid").expect("named");
        Directory::open(&choice, DirectoryOptions::default())
    };
    let directory = open(&[("FFCTL_DIRECTORY", &url), ("FFCTL_DIRECTORY_TOKEN", "hunter2")]).expect("opened");
    let lookup = directory.lookup("u1");
    assert_eq!(lookup.mark, Mark::Directory);
    assert!(!format!("{directory:?} {lookup:?}").contains("hunter2"));
    // The token of the admin API is another one.
    let other = open(&[("FFCTL_DIRECTORY", &url), ("FFCTL_TOKEN", "hunter2")]).expect("opened");
    assert!(failed(&other.lookup("u1").mark).contains("401"));
    let absent = open(&[("FFCTL_DIRECTORY", &url), ("FFCTL_DIRECTORY_TOKEN_FILE", "/absent/token")]);
    assert_eq!(absent.expect_err("no file").kind(), crate::error::Kind::Credentials);
}

#[test]
fn it_may_be_used_and_dropped_inside_a_runtime() {
    let server = Server::start(|request| Reply::json(200, &record(key(request))));
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let users = std::sync::Arc::new(directory(&server));
        let lookups = (0..8).map(|number| {
            let shared = std::sync::Arc::clone(&users);
            tokio::task::spawn_blocking(move || shared.lookup(&format!("u{}", number % 2)).mark)
        });
        for lookup in lookups.collect::<Vec<_>>() {
            assert!(matches!(lookup.await.expect("no panic"), Mark::Directory | Mark::Cached));
        }
        drop(users);
    });
    assert_eq!(server.requests().len(), 2);
}
