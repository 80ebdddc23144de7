//! Servers that fail in every way, and what the program makes of each: how often it asks, how it ends, that it
//! keeps to its time limit and to little memory, and that no fault is ever taken for an answer.

mod cases;
mod run;
mod server;
mod tls;

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::time::Duration;

use super::project::Project;
use super::remote::TOKEN;
pub(crate) use cases::{LIST, good};
pub(crate) use server::FaultServer;
pub(crate) use tls::{Authority, Certified, GOOD};

use cases::{Case, answer};
use run::watched;
use server::{Script, Step};

/// KiB that a run may have at most.
const MEMORY: u64 = 64 * 1024;
/// What a run may take beyond its limit.
const BEYOND: Duration = Duration::from_millis(500);

fn project(url: &str, limit: u64) -> Project {
    let mut project = Project::shipped();
    project.set("FFCTL_ADMIN_URL", url);
    project.set("FFCTL_TIMEOUT", &format!("{limit}ms"));
    project
}

/// Plays a case. On a busy machine a run can be late through no fault of its own, so it has three chances to
/// keep its limit; everything else must hold at once.
fn play(case: &Case) {
    let mut late = Vec::new();
    for _ in 0..3 {
        let server = FaultServer::start(case.script.clone(), None);
        let project = project(&format!("http://{}", server.address()), case.limit);
        let watched = watched(&project, &["list"]);
        let (name, run) = (case.name, &watched.run);
        assert_eq!(run.code, case.code, "{name}: {run:?}");
        assert!(run.stderr.contains(case.says), "{name}: {}", run.stderr);
        assert_eq!(server.asked(), case.asked, "{name}: {run:?}");
        if case.code == 0 {
            assert!(run.stdout.contains("use_v3_style") && run.stderr.is_empty(), "{name}: {run:?}");
        } else {
            assert_eq!(run.stdout, "", "{name}");
            let url = format!("http://{}", server.address());
            assert!(run.stderr.contains(&url), "{name} names the target: {}", run.stderr);
            assert!(!run.stderr.contains("panicked"), "{name}: {}", run.stderr);
        }
        if let Some(memory) = watched.memory {
            assert!(memory < MEMORY, "{name} took {memory} KiB");
        }
        if watched.took < Duration::from_millis(case.limit) + BEYOND {
            return;
        }
        late.push(watched.took);
    }
    panic!("{}: limit {} ms, took {late:?}", case.name, case.limit);
}

fn play_all(cases: &[Case]) {
    let names: BTreeSet<&str> = cases.iter().map(|case| case.name).collect();
    assert_eq!(names.len(), cases.len(), "each has a name of its own");
    cases.iter().for_each(play);
}

#[test]
fn there_are_at_least_sixty() {
    let all =
        [cases::connections(), cases::bodies(), cases::nonsense(), cases::redirects(), cases::retry_after()];
    let count: usize = all.iter().map(Vec::len).sum();
    assert!(count >= 60, "{count}");
}

#[test]
fn connections() {
    play_all(&cases::connections());
}

#[test]
fn bodies() {
    play_all(&cases::bodies());
}

#[test]
fn nonsense() {
    play_all(&cases::nonsense());
}

#[test]
fn redirects() {
    play_all(&cases::redirects());
}

#[test]
fn retry_after() {
    play_all(&cases::retry_after());
}

#[test]
fn nobody_there() {
    let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
    let project = project(&format!("http://{free}"), 2_000);
    let watched = watched(&project, &["list"]);
    assert_eq!((watched.run.code, watched.run.stdout.as_str()), (6, ""), "{watched:?}");
    assert!(watched.run.stderr.contains("refused") && watched.run.stderr.contains("asked 3 times"));
    assert!(watched.took < Duration::from_millis(2_500), "{:?}", watched.took);
}

#[test]
fn every_status_from_400_to_599() {
    let statuses: Vec<u16> = (400..600).collect();
    std::thread::scope(|scope| {
        for part in statuses.chunks(50) {
            scope.spawn(move || part.iter().for_each(|status| one_status(*status)));
        }
    });
}

fn one_status(status: u16) {
    let server = FaultServer::start(vec![answer(&format!("{status} X"), &[], "{\"detail\":\"why\"}")], None);
    let project = project(&format!("http://{}", server.address()), 5_000);
    let run = project.run(&["list"]);
    let code = match status {
        401 | 403 => 4,
        409 | 412 | 428 => 5,
        400 | 422 => 7,
        _ => 6,
    };
    let asked = if status >= 500 && !matches!(status, 501 | 505) { 3 } else { 1 };
    assert_eq!((run.code, server.asked()), (code, asked), "{status}: {run:?}");
    assert!(run.stdout.is_empty() && run.stderr.contains(&status.to_string()), "{status}: {run:?}");
    assert!(run.stderr.contains("why"), "{status}: {}", run.stderr);
}

/// A list that weighs as much as any answer may is read, and not at the cost of all memory.
#[test]
fn the_largest_list_is_read() {
    let flag = |at: usize| {
        format!(r#"{{"name":"flag_{at:06}","enabled":true,"source":"env","description":"{at:0180}"}}"#)
    };
    let flags: Vec<String> = (0..32_000).map(flag).collect();
    let body = format!(r#"{{"flags":[{}]}}"#, flags.join(","));
    assert!(body.len() > 7 << 20 && body.len() < 8 << 20, "{}", body.len());
    let server = FaultServer::start(vec![answer("200 OK", &["etag: \"large\""], &body)], None);
    let project = project(&format!("http://{}", server.address()), 10_000);
    let watched = watched(&project, &["get", "flag_031999"]);
    assert_eq!((watched.run.code, watched.run.stdout.as_str()), (0, "true\n"), "{}", watched.run.stderr);
    if let Some(memory) = watched.memory {
        assert!(memory < 2 * MEMORY, "{memory} KiB");
    }
}

/// What is wrong with who answers over TLS.
struct Impostor {
    name: &'static str,
    certified: Certified,
    script: Script,
    code: i32,
    asked: usize,
    says: &'static str,
}

fn impostors() -> Vec<Impostor> {
    let of = |name, certified, code, says| Impostor {
        name,
        certified,
        script: vec![good()],
        code,
        asked: 1,
        says,
    };
    let distrusted = "certificate is not trusted here";
    let start = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{\"flags\":[]".to_vec();
    vec![
        of("good", GOOD, 0, ""),
        of("expired", Certified { years: (2001, 2002), ..GOOD }, 6, distrusted),
        of("not yet good", Certified { years: (2089, 2090), ..GOOD }, 6, distrusted),
        of("signed by itself", Certified { by_authority: false, ..GOOD }, 6, distrusted),
        of("of another address", Certified { name: "127.0.0.2", ..GOOD }, 6, distrusted),
        of("of a host that looks alike", Certified { name: "127.0.0.1.example.com", ..GOOD }, 6, distrusted),
        of("of everybody", Certified { name: "*", ..GOOD }, 6, distrusted),
        Impostor {
            script: vec![vec![Step::Reset]],
            asked: 3,
            ..of("reset", GOOD, 6, "the connection broke")
        },
        Impostor { script: vec![vec![Step::Reset], good()], asked: 2, ..of("reset, then good", GOOD, 0, "") },
        // Who cuts the line must not be able to end an answer where they like.
        Impostor {
            script: vec![vec![Step::Send(start), Step::Reset]],
            asked: 3,
            ..of("cut off without a word", GOOD, 6, "the connection broke")
        },
    ]
}

#[test]
fn whoever_answers_over_tls_must_be_who_was_asked() {
    let authority = Authority::new();
    for impostor in impostors() {
        let server = FaultServer::start(impostor.script, Some(authority.server(impostor.certified)));
        let mut project = project(&format!("https://{}", server.address()), 5_000);
        authority.write(&project.path("authority.pem"));
        project.set("SSL_CERT_FILE", &project.path("authority.pem").display().to_string());
        project.set("FFCTL_TOKEN", TOKEN);
        let watched = watched(&project, &["list"]);
        let (name, run) = (impostor.name, &watched.run);
        assert_eq!((run.code, server.asked()), (impostor.code, impostor.asked), "{name}: {run:?}");
        assert!(run.stderr.contains(impostor.says), "{name}: {}", run.stderr);
        let told = server.heads().iter().any(|head| head.contains(TOKEN));
        assert_eq!(told, impostor.says != "certificate is not trusted here", "{name}: who gets the token");
        assert!(!run.stderr.contains(TOKEN) && !run.stdout.contains(TOKEN), "{name}");
    }
    // The same authority, unless one trusts it.
    let server = FaultServer::start(vec![good()], Some(authority.server(GOOD)));
    let other = project(&format!("https://{}", server.address()), 5_000);
    assert_eq!(other.run(&["list"]).code, 6);
    assert!(server.heads().is_empty());
}

#[test]
fn what_is_no_tls_is_no_server() {
    let plain = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n".to_vec();
    let alert = vec![21, 3, 3, 0, 2, 2, 40];
    for (name, bytes, says) in [("plain HTTP", plain, "right address and port"), ("an alert", alert, "")] {
        let server = FaultServer::start(vec![vec![Step::Unasked, Step::Send(bytes)]], None);
        let project = project(&format!("https://{}", server.address()), 5_000);
        let run = project.run(&["list"]);
        assert_eq!((run.code, server.asked()), (6, 1), "{name}: {run:?}");
        assert!(run.stderr.contains(says), "{name}: {}", run.stderr);
    }
    let server = FaultServer::start(vec![vec![Step::Unasked, Step::Pause(Duration::from_secs(9))]], None);
    let project = project(&format!("https://{}", server.address()), 1_000);
    let watched = watched(&project, &["list"]);
    assert_eq!(watched.run.code, 6, "{watched:?}");
    assert!(watched.run.stderr.contains("no connection within 900ms"), "{watched:?}");
}

#[test]
fn a_redirect_never_leaves_tls_nor_takes_the_token_along() {
    let canary = FaultServer::start(vec![good()], None);
    let authority = Authority::new();
    for to in [format!("http://{}/x", canary.address()), format!("https://{}/x", canary.address())] {
        let line = format!("location: {to}");
        let script = vec![answer("307 Moved", &[&line], "")];
        let server = FaultServer::start(script, Some(authority.server(GOOD)));
        let mut project = project(&format!("https://{}", server.address()), 5_000);
        authority.write(&project.path("authority.pem"));
        project.set("SSL_CERT_FILE", &project.path("authority.pem").display().to_string());
        project.set("FFCTL_TOKEN", TOKEN);
        let run = project.run(&["list"]);
        assert_eq!((run.code, server.asked()), (6, 1), "{to}: {run:?}");
        assert!(run.stderr.contains("which is not followed"), "{run:?}");
    }
    assert_eq!(canary.asked(), 0);
}
