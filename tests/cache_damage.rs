//! The kept answer of a server when it is damaged, cannot be kept, or its writer is killed.

use std::fs;
use std::sync::atomic::Ordering;

use serde_json::json;

use super::cache::{cache_files, switchable};
use super::remote::with_url;
use super::support::server::{Reply, Server};

#[test]
fn a_damaged_cache_is_named_and_is_never_off() {
    let (server, status) = switchable();
    let project = with_url(&server);
    project.ok(&["list"]);
    let path = cache_files(&project).remove(0);
    let whole = fs::read(&path).expect("readable");
    fs::write(&path, &whole[..whole.len() - 3]).expect("written");
    status.store(503, Ordering::SeqCst);
    let run = project.run(&["list"]);
    assert_eq!((run.code, run.stdout.as_str()), (6, ""));
    assert!(run.stderr.contains("its last answer cannot be used: it is damaged"), "{}", run.stderr);
    let run = project.run(&["list", "--offline"]);
    assert!(run.stdout.contains("admin: not asked"), "{}", run.stdout);
    assert!(run.stderr.contains("it is damaged; only the layers below count"), "{}", run.stderr);
    status.store(200, Ordering::SeqCst);
    let run = project.run(&["list"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "nobody needs to know while the server answers");
    assert_eq!(fs::read(&path).expect("readable").len(), whole.len(), "it is whole again");
}

#[test]
fn a_cache_that_cannot_be_kept_fails_nothing() {
    let (server, status) = switchable();
    let mut project = with_url(&server);
    project.write("a-file", "");
    for folder in ["a-file", "a-file/below", "/proc/none"] {
        project.set("FFCTL_CACHE_DIR", folder);
        let run = project.run(&["list"]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{folder}: {run:?}");
    }
    project.set("FFCTL_CACHE_DIR", "own/cache");
    project.ok(&["list"]);
    assert!(project.path("own/cache").is_dir(), "seen from where it started");
    status.store(503, Ordering::SeqCst);
    assert_eq!(project.run(&["list"]).code, 0);
    project.set("FFCTL_CACHE_DIR", "");
    assert!(project.fails(7, &["list"]).contains("FFCTL_CACHE_DIR"));
    assert_eq!(project.run(&["list", "--local"]).code, 0, "a store needs no cache");
}

/// Kills the program while it keeps an answer, hundreds of times: what stands there afterwards is one of the two
/// answers, whole, or nothing, and what was left behind is swept.
#[cfg(unix)]
#[test]
fn killed_at_any_moment_it_leaves_a_whole_answer_or_none() {
    use std::process::Stdio;
    use std::sync::atomic::AtomicUsize;
    use std::time::{Duration, Instant};

    let flag = |letter: &str| {
        let more = letter.repeat(300_000);
        json!({ "flags": [{ "name": "use_v3_style", "enabled": true, "source": "admin", "more": more }] })
    };
    let bodies = [flag("a").to_string(), flag("b").to_string()];
    let (served, asked) = (bodies.clone(), AtomicUsize::new(0));
    let server = Server::start(move |_| {
        Reply::text(200, "application/json", &served[asked.fetch_add(1, Ordering::SeqCst) % 2])
    });
    let project = with_url(&server);
    let temporary =
        || cache_files(&project).into_iter().filter(|path| path.extension().is_some_and(|end| end == "tmp"));
    let (mut whole, mut left) = (0, 0);
    for round in 0..300_u64 {
        let mut command = project.process(env!("CARGO_BIN_EXE_ffctl"));
        let before = temporary().count();
        let mut child =
            command.arg("list").stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("started");
        let start = Instant::now();
        if round % 3 == 0 {
            // Any moment.
            while start.elapsed() < Duration::from_micros(round * 173 % 40_000) {
                std::hint::spin_loop();
            }
        } else {
            // The moment in which it writes, or a little later.
            while temporary().count() == before && child.try_wait().expect("known").is_none() {}
            let start = Instant::now();
            while start.elapsed() < Duration::from_micros(round * 7 % 600) {
                std::hint::spin_loop();
            }
        }
        child.kill().expect("killed");
        child.wait().expect("ended");
        for path in cache_files(&project) {
            let content = fs::read(&path).expect("readable");
            if path.extension().is_some_and(|end| end == "answer") {
                let answer = ffctl::admin::decode_cached_answer(content).expect("a whole answer");
                assert!(bodies.iter().any(|body| body.as_bytes() == answer.body), "round {round}");
                whole += 1;
            }
        }
        left = left.max(temporary().count());
    }
    assert!(whole > 100, "it was written in between: {whole}");
    assert!(left > 0, "some were killed in the middle of it");
    let hour_ago = std::time::UNIX_EPOCH + Duration::from_hours(1);
    for path in temporary() {
        fs::File::options().write(true).open(path).and_then(|file| file.set_modified(hour_ago)).expect("set");
    }
    project.ok(&["list"]);
    assert_eq!(cache_files(&project).len(), 1, "leftovers are swept");
}

#[test]
fn no_damage_of_the_cache_is_ever_taken_for_an_answer() {
    let (server, status) = switchable();
    let project = with_url(&server);
    project.ok(&["list"]);
    status.store(404, Ordering::SeqCst);
    let path = cache_files(&project).remove(0);
    let whole = fs::read(&path).expect("readable");
    let ask = |content: &[u8], what: &str| {
        fs::write(&path, content).expect("written");
        let run = project.run(&["get", "use_v3_style", "--offline", "--exit-status", "--max-age", "24h"]);
        assert_eq!((run.code, run.stdout.as_str()), (6, ""), "{what}: {run:?}");
        assert!(run.stderr.contains("its last answer cannot be used"), "{what}: {}", run.stderr);
    };
    for length in (0..whole.len()).step_by(11) {
        ask(&whole[..length], &format!("cut at {length}"));
    }
    for at in (0..whole.len()).step_by(13) {
        let mut flipped = whole.clone();
        flipped[at] ^= 1 << (at % 8);
        ask(&flipped, &format!("flipped at {at}"));
    }
    fs::write(&path, &whole).expect("written");
    let run = project.run(&["get", "use_v3_style", "--offline", "--exit-status", "--max-age", "24h"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, "true\n"), "{run:?}");
}
