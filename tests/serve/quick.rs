//! The short cut for single evaluations: nobody can tell it from the route, but by how long it takes.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;

use super::super::ffctl_server::{FfctlServer, until};
use super::super::ofrep::FLAGS;
use super::super::project::Project;
use super::connections::{connect, exchange};
use super::roles::{create, token};
use super::watching::in_millis;

/// Another route: after it a connection is hyper's.
const OTHER: &str = "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";

/// The last request of a connection.
const LAST: &str = "GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";

/// An answer as it came, without what differs from second to second.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Reply {
    head: Vec<String>,
    body: String,
}

impl Reply {
    /// Takes the first answer off a stream of them; none if it is not all there.
    fn take(stream: &mut &str) -> Option<Self> {
        let (head, rest) = stream.split_once("\r\n\r\n")?;
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length = length.map_or(0, |length| length.parse().expect("a number"));
        let body = rest.get(..length)?.to_owned();
        *stream = &rest[length..];
        let head: Vec<String> =
            head.lines().filter(|line| !line.starts_with("date: ")).map(str::to_owned).collect();
        Some(Self { head, body })
    }

    fn all(mut stream: &str) -> Vec<Self> {
        let all = std::iter::from_fn(|| Self::take(&mut stream)).collect();
        assert_eq!(stream, "", "all of it was answers");
        all
    }

    /// Reads the next answer of a connection.
    fn next(mut stream: &TcpStream) -> Self {
        let mut text = String::new();
        loop {
            if let Some(reply) = Self::take(&mut text.as_str()) {
                return reply;
            }
            let mut part = [0; 4096];
            let length = stream.read(&mut part).expect("readable");
            assert!(length > 0, "the connection ended after {text:?}");
            text += str::from_utf8(&part[..length]).expect("text");
        }
    }

    fn is(&self, status: u16) -> bool {
        self.head[0].starts_with(&format!("HTTP/1.1 {status} "))
    }
}

fn request(key: &str, secret: &str, headers: &str, body: &str) -> String {
    format!(
        "POST /ofrep/v1/evaluate/flags/{key} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {secret}\r\n\
         Content-Type: application/json\r\n{headers}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn user(key: &str, secret: &str) -> String {
    request(key, secret, "", r#"{"context":{"targetingKey":"u-1","org":"acme","plan":"pro"}}"#)
}

fn started(options: &[&str]) -> (Project, FfctlServer) {
    let project = Project::new(FLAGS);
    let server = FfctlServer::start(&project, options);
    (project, server)
}

/// How often the route answered with a status.
fn counted(server: &FfctlServer, status: u16) -> u64 {
    let text = server.get("//metrics").text;
    let labels = format!(
        "ffctl_requests_total{{method=\"POST\",route=\"/ofrep/v1/evaluate/flags/{{key}}\",status=\"{status}\"}} "
    );
    let count = text.lines().find_map(|line| line.strip_prefix(&labels));
    count.map_or(0, |count| count.parse().expect("a number"))
}

#[test]
fn it_answers_what_the_route_answers() {
    let (_project, server) = started(&[]);
    let admin = server.token.clone();
    let (_, viewer) = token(&server, "viewer", "viewer");
    let short = json!({ "name": "short", "role": "viewer", "expires_at": in_millis(400) });
    let expired = create(&server, &short).json()["secret"].as_str().expect("a secret").to_owned();
    let whoami = |secret: &str| {
        server.request("GET", "/whoami").with("authorization", &format!("Bearer {secret}")).send().status
    };
    until(Duration::from_secs(30), || whoami(&expired) == 401);
    let plain = user("half", &admin);
    let mut requests: Vec<String> = [
        "banner", "half", "theme", "palette", "steps", "per_org", "plans", "gated", "nowhere", "%68alf",
        "a?b",
    ]
    .into_iter()
    .flat_map(|key| [user(key, &viewer), request(key, &admin, "", "{}"), user(key, "ffa_wrong")])
    .collect();
    let large = |length| format!(r#"{{"context":{{"targetingKey":"u-1","a":"{}"}}}}"#, "x".repeat(length));
    let bodies = ["", "{", "[]", "\"x\"", r#"{"context":[]}"#, r#"{"context":{"a":1,"a":2}}"#, "\u{e9}"];
    requests.extend(bodies.map(|body| request("half", &admin, "", body)));
    requests.extend(
        [10_000, 100_000, 1_000_000, 1_100_000].map(|length| request("half", &admin, "", &large(length))),
    );
    requests.extend(
        [
            "connection: keep-alive\r\n",
            "connection: keep-alive, te\r\n",
            "connection: close\r\n",
            "te: trailers\r\n",
            "expect: 100-continue\r\n",
            "upgrade: h2c\r\n",
            "x: \u{e9}\r\n",
            "x:\r\n",
            " folded\r\n",
            "x : y\r\n",
            "content-length: 3\r\n",
            "host: y\r\n",
            "authorization: Bearer x\r\n",
            "transfer-encoding: chunked\r\n",
        ]
        .map(|headers| request("half", &admin, headers, "{}")),
    );
    requests.extend([
        user("half", &expired),
        user("half", ""),
        plain.to_ascii_uppercase(),
        plain
            .replace("Host", "hOST")
            .replace("Authorization", "aUTHORIZATION")
            .replace("Content-Length", "CONTENT-length"),
        plain.replace("Bearer ", "bEARER   "),
        plain.replace("Bearer ", "Basic "),
        plain.replace("Host: x\r\n", ""),
        plain.replace("HTTP/1.1", "HTTP/1.0"),
        plain.replace("HTTP/1.1", "HTTP/2.0"),
        plain.replace("POST", "GET"),
        plain.replace("POST", "PUT"),
        plain.replace("POST ", "\r\nPOST "),
        plain.replace("\r\n", "\n"),
        plain.replace("/half", ""),
        plain.replace("/half", "/"),
        plain.replace("/half", "/half/x"),
        plain.replace(" /ofrep", " http://x/ofrep"),
        plain.replace("Content-Length: ", "Content-Length: +"),
        plain.replace("Content-Length: ", "Content-Length: 0"),
        format!(
            "{}{}",
            plain.split("Content-Length").next().expect("a head"),
            "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
        ),
        "\u{0}\u{1}garbage\r\n\r\n".to_owned(),
    ]);
    for request in requests {
        let shown = &request[..request.len().min(400)];
        let quick = Reply::all(&exchange(&connect(&server), format!("{request}{LAST}").as_bytes()));
        let normal = Reply::all(&exchange(&connect(&server), format!("{OTHER}{request}{LAST}").as_bytes()));
        assert_eq!(quick, normal[1..], "{shown}");
        // After one that was quick, too.
        let after = Reply::all(&exchange(&connect(&server), format!("{plain}{request}{LAST}").as_bytes()));
        assert_eq!(quick, after[1..], "{shown}");
    }
}

#[test]
fn answers_come_in_the_order_of_the_requests() {
    let (_project, server) = started(&[]);
    let ask = |number: usize| match number {
        // Quick at first, then by turns.
        30.. if number.is_multiple_of(2) => OTHER.to_owned(),
        _ => user(&format!("n{number}"), &server.token),
    };
    let requests: String = (0..80).map(ask).chain([LAST.to_owned()]).collect();
    let replies = Reply::all(&exchange(&connect(&server), requests.as_bytes()));
    assert_eq!(replies.len(), 81);
    for (number, reply) in replies[..80].iter().enumerate() {
        let other = number >= 30 && number.is_multiple_of(2);
        assert!(reply.is(if other { 200 } else { 404 }), "{number}: {reply:?}");
        assert!(other || reply.body.contains(&format!("\"n{number}\"")), "{number}: {reply:?}");
    }
}

#[test]
fn every_request_is_counted_once() {
    let (_project, server) = started(&[]);
    let secret = &server.token;
    let one = user("banner", secret);
    let requests = format!(
        "{one}{one}{}{}{one}{}{one}{LAST}",
        user("n", secret),
        request("half", secret, "", "{"),
        user("n", "x")
    );
    let replies = Reply::all(&exchange(&connect(&server), requests.as_bytes()));
    assert_eq!(replies.len(), 8);
    for (status, count) in [(200, 4), (404, 1), (400, 1), (401, 1)] {
        assert_eq!(counted(&server, status), count, "{status}");
    }
}

#[test]
fn a_token_that_asks_too_often_is_refused() {
    let (_project, server) = started(&["--evaluation-rate-limit", "1"]);
    let requests = user("banner", &server.token).repeat(40) + LAST;
    let replies = Reply::all(&exchange(&connect(&server), requests.as_bytes()));
    let (answered, refused): (Vec<&Reply>, Vec<&Reply>) =
        replies[..40].iter().partition(|reply| reply.is(200));
    assert!(!answered.is_empty() && !refused.is_empty(), "{replies:?}");
    assert!(refused.iter().all(|reply| reply.is(429)), "{refused:?}");
    assert_eq!(counted(&server, 200), u64::try_from(answered.len()).expect("few"));
    assert_eq!(counted(&server, 429), u64::try_from(refused.len()).expect("few"));
}

#[test]
fn a_connection_sees_every_change() {
    let (_project, server) = started(&[]);
    let (number, secret) = token(&server, "application", "viewer");
    let mut stream = connect(&server);
    let mut ask = || {
        stream.write_all(user("theme", &secret).as_bytes()).expect("sent");
        Reply::next(&stream)
    };
    assert!(ask().body.contains("\"black\""));
    let patch = server.request("PATCH", "/feature-flags/theme").with("if-match", "*");
    let patched = patch.json(&json!({ "serve": "light" })).send();
    assert_eq!(patched.status, 200, "{patched:?}");
    assert!(ask().body.contains("\"white\""), "the answer to a change comes after it");
    assert_eq!(server.request("DELETE", &format!("/tokens/{number}")).send().status, 200);
    let refused = ask();
    assert!(refused.is(401) && refused.body.contains("\"invalid_token\""), "{refused:?}");
}

#[test]
fn bodies_may_come_late_or_never() {
    let (_project, server) = started(&[]);
    let one = user("banner", &server.token);
    let expected = Reply::all(&exchange(&connect(&server), format!("{one}{LAST}").as_bytes()));
    for cut in [1, one.find("\r\n\r\n").expect("a head") + 4, one.len() - 1] {
        // The first answer shows that the begin of the next request was read with it.
        let mut stream = connect(&server);
        stream.write_all(format!("{one}{}", &one[..cut]).as_bytes()).expect("sent");
        assert_eq!(Reply::next(&stream), expected[0]);
        let rest = exchange(&stream, format!("{}{LAST}", &one[cut..]).as_bytes());
        assert_eq!(Reply::all(&rest), expected, "cut at {cut}");
        let stream = connect(&server);
        let _ = (&stream).write_all(&one.as_bytes()[..cut]);
        stream.shutdown(Shutdown::Write).expect("shut");
        let answer = exchange(&stream, b"");
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400"), "{answer}");
    }
    assert_eq!(counted(&server, 200), 7);
}

#[test]
fn who_asks_no_more_is_let_go() {
    let (_project, mut server) = started(&["--head-timeout", "1s"]);
    let one = user("banner", &server.token);
    let mut stream = connect(&server);
    stream.write_all(one.as_bytes()).expect("sent");
    assert!(Reply::next(&stream).is(200));
    assert_eq!(stream.read(&mut [0; 1]).expect("ended, not reset"), 0);
    server.end();
}

#[test]
fn the_end_waits_for_what_was_begun_and_for_nobody_idle() {
    let (_project, mut server) = started(&[]);
    let one = user("banner", &server.token);
    let (mut idle, mut begun) = (connect(&server), connect(&server));
    idle.write_all(one.as_bytes()).expect("sent");
    assert!(Reply::next(&idle).is(200));
    let half = one.len() - 5;
    begun.write_all(format!("{one}{}", &one[..half]).as_bytes()).expect("sent");
    assert!(Reply::next(&begun).is(200));
    server.tell("TERM");
    assert_eq!(idle.read(&mut [0; 1]).expect("ended, not reset"), 0);
    let last = Reply::all(&exchange(&begun, &one.as_bytes()[half..]));
    assert!(last.len() == 1 && last[0].is(200), "{last:?}");
    assert!(server.wait().success());
}

/// However the bytes arrive, the answers are those of one request at a time.
#[test]
fn where_the_bytes_are_cut_does_not_matter() {
    let (_project, server) = started(&[]);
    let secret = &server.token;
    let kinds = [
        user("banner", secret),
        user("nowhere", secret),
        request("half", secret, "x: y\r\n", ""),
        request("half", secret, "", "{"),
        user("half", "ffa_wrong"),
        user("half", secret).replace("/half", "/%68alf"),
        OTHER.to_owned(),
    ];
    let alone: Vec<Reply> = kinds
        .iter()
        .map(|one| Reply::all(&exchange(&connect(&server), format!("{one}{LAST}").as_bytes())).swap_remove(0))
        .collect();
    // Mostly quick ones, so that many connections stay so.
    let kind = prop_oneof![8 => 0..4_usize, 1 => 4..7_usize];
    let cases =
        (prop::collection::vec(kind, 1..12), prop::collection::vec(any::<prop::sample::Index>(), 0..6));
    let mut runner = TestRunner::new(Config { cases: 48, failure_persistence: None, ..Config::default() });
    runner
        .run(&cases, |(chosen, cuts)| {
            let bytes: String = chosen.iter().map(|kind| kinds[*kind].as_str()).chain([LAST]).collect();
            let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len())).collect();
            cuts.sort_unstable();
            let mut stream = connect(&server);
            stream.set_nodelay(true).expect("set");
            let mut sent = 0;
            for cut in cuts {
                stream.write_all(&bytes.as_bytes()[sent..cut]).expect("sent");
                sent = cut;
            }
            let replies = Reply::all(&exchange(&stream, &bytes.as_bytes()[sent..]));
            let expected: Vec<Reply> = chosen.iter().map(|kind| alone[*kind].clone()).collect();
            prop_assert_eq!(&replies[..replies.len() - 1], &expected[..]);
            Ok(())
        })
        .expect("every cut");
}
