//! The gate against real servers: every outcome with every option that bears on it.

use serde_json::{Value, json};

use super::cache::age;
use super::project::{Project, Run};
use super::support::server::{Reply, Server};

const FLAGS: &str = "schema = 1\n\
    [flags]\nsteady = true\nidle = false\ndrifting = true\n\
    [flags.some]\nenabled = true\nrollout = \"25%\"\n\
    [flags.behind]\nenabled = true\nprerequisites = [{ flag = \"drifting\", variation = \"on\" }]\n\
    [experiments.trial]\nflag = \"drifting\"\nvariants = [[\"a\", 1], [\"b\", 1]]\n";

/// The options of each column.
const OPTIONS: [&[&str]; 6] = [
    &[],
    &["--offline"],
    &["--offline", "--max-age", "1h"],
    &["--max-age", "1h"],
    &["--view", "checkout"],
    &["--view", "server"],
];

/// The outcome and the exit code for each of them.
type Row = [(&'static str, i32); 6];

/// What the server does when it is asked.
#[derive(Clone, Copy, PartialEq)]
enum Now {
    /// Answers.
    Answers,
    /// Has answered two hours ago, and fails.
    Answered,
    /// Fails, and has never answered.
    Fails,
    /// Refuses the credentials.
    Refuses,
}

/// Returns the flags as a server sees them that agrees but for `drifting`.
fn list(rich: bool) -> Value {
    let enabled = [("steady", true), ("idle", false), ("some", true), ("behind", true), ("drifting", false)];
    let entry = |(name, enabled): (&str, bool)| {
        let mut entry = json!({ "name": name, "enabled": enabled, "source": "env" });
        if rich {
            entry["override"] = json!({});
        }
        entry
    };
    json!({ "flags": enabled.map(entry) })
}

/// A project whose server is in this state; what it answered before stands in the cache.
fn project(now: Now, rich: bool) -> (Project, Server) {
    let asked = std::sync::atomic::AtomicUsize::new(0);
    let server = Server::start(move |_| {
        let first = asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0;
        match now {
            Now::Answers => Reply::json(200, &list(rich)),
            Now::Answered if first => Reply::json(200, &list(rich)),
            Now::Answered | Now::Fails => Reply::problem(503, "down", "restarting"),
            Now::Refuses => Reply::problem(401, "unauthorized", "who are you?"),
        }
    });
    let mut project = Project::new(FLAGS);
    project.set("FFCTL_ADMIN_URL", &server.url());
    project.set("FFCTL_TIMEOUT", "2s");
    if matches!(now, Now::Answers | Now::Answered) {
        project.ok(&["list"]);
    }
    if now == Now::Answered {
        age(&project, 7200);
    }
    (project, server)
}

fn outcome(run: &Run) -> String {
    let report: Value = serde_json::from_str(&run.stdout).unwrap_or_default();
    report["conditions"][0]["outcome"].as_str().unwrap_or("refused").to_owned()
}

#[test]
fn every_outcome_with_every_option() {
    let table: [(&str, Now, &str, Row); 12] = {
        use Now::{Answered, Answers, Fails, Refuses};
        let all = |word, code| {
            let cell = (word, code);
            [cell, ("refused", 2), cell, cell, cell, cell]
        };
        [
            ("steady=on", Answers, "", all("holds", 0)),
            ("idle=on", Answers, "", all("fails", 1)),
            ("some=on", Answers, "", all("partial", 1)),
            ("nobody=on", Answers, "", all("unknown", 3)),
            ("steady=on", Answers, "flase", all("invalid", 7)),
            ("steady=on", Answered, "", all("stale", 9)),
            ("steady=on", Fails, "", all("unreachable", 6)),
            // Whoever refuses has answered: nothing kept is taken for it. Offline nobody is asked.
            ("steady=on", Refuses, "", {
                let refused = ("unreachable", 4);
                [refused, ("refused", 2), ("unreachable", 6), refused, refused, refused]
            }),
            ("drifting=on", Answers, "", {
                let drift = ("drift", 10);
                [drift, ("refused", 2), drift, drift, ("holds", 0), ("fails", 1)]
            }),
            // What it needs drifts.
            ("behind=on", Answers, "", {
                let drift = ("drift", 10);
                [drift, ("refused", 2), drift, drift, ("holds", 0), ("fails", 1)]
            }),
            ("trial=a", Answers, "", {
                let drift = ("drift", 10);
                [drift, ("refused", 2), drift, drift, ("partial", 1), ("holds", 0)]
            }),
            ("trial:u1=a", Answers, "", {
                let drift = ("drift", 10);
                let (checkout, server) = (("fails", 1), ("holds", 0));
                [drift, ("refused", 2), drift, drift, checkout, server]
            }),
        ]
    };
    for rich in [false, true] {
        for (condition, now, variable, row) in table {
            for (options, (word, code)) in OPTIONS.into_iter().zip(row) {
                let (mut project, _server) = project(now, rich);
                if !variable.is_empty() {
                    project.set("FF_STEADY", variable);
                }
                let run = project.run(&[&["check", condition, "--json"], options].concat());
                let what = format!("{condition} {options:?} rich: {rich}: {run:?}");
                assert_eq!((outcome(&run).as_str(), run.code), (word, code), "{what}");
            }
        }
    }
}

#[test]
fn a_cached_answer_that_is_allowed_is_marked() {
    let (project, _server) = project(Now::Answered, false);
    let shown = project.ok(&["check", "steady=on", "--max-age", "3h"]);
    assert!(shown.contains("cached 2h ago"), "{shown}");
    for format in ["name", "github", "junit"] {
        let run = project.run(&["check", "steady=on", "--max-age", "3h", "-o", format]);
        assert!(run.code == 0 && run.stderr.contains("2h"), "{format}: {run:?}");
    }
    // What a CI system keeps is its own copy of the answer, and nothing is said beside it where nobody was asked.
    for options in [&["--max-age", "3h"][..], &["--max-age", "3h", "--offline"]] {
        for condition in ["steady=on", "steady=off"] {
            for format in ["github", "junit"] {
                let run = project.run(&[&["check", condition, "-o", format], options].concat());
                assert!(run.stdout.contains("admin: cached 2h ago"), "{format} {options:?}: {run:?}");
            }
            let run = project.run(&[&["check", condition, "-o", "github"], options].concat());
            assert_eq!(run.stdout.matches("cached 2h ago").count(), 2, "the annotation and the sum: {run:?}");
        }
    }
}

#[test]
fn drift_says_what_differs_and_what_to_do() {
    let (project, _server) = project(Now::Answers, false);
    let run = project.run(&["check", "drifting=on", "behind=on", "trial:u=a"]);
    assert!(
        run.stdout.contains("drift: the server says off (env), this checkout resolves on"),
        "{}",
        run.stdout
    );
    assert_eq!(run.stdout.matches("drift: `drifting`: the server says off").count(), 2, "{}", run.stdout);
    assert!(run.stdout.contains("--view checkout or --view server"), "{}", run.stdout);
    let report = project.run(&["check", "behind=on", "--json"]).stdout;
    let report: Value = serde_json::from_str(&report).expect("JSON");
    let expected = json!([{ "flag": "drifting", "here": true, "server": false, "source": "env" }]);
    assert_eq!(report["conditions"][0]["drift"], expected);
    assert!(project.ok(&["list"]).contains("drift: the server says off (env)"));
}

#[test]
fn get_with_exit_status_ends_with_drift_too() {
    let (project, _server) = project(Now::Answers, false);
    let get = |options: &[&str]| project.run(&[&["get", "--exit-status"], options].concat());
    for (options, code) in [
        (&["steady"] as &[&str], 0),
        (&["idle"], 1),
        (&["drifting"], 10),
        (&["behind", "steady"], 10),
        (&["idle", "drifting"], 10),
        (&["drifting", "--view", "checkout"], 0),
        (&["drifting", "--view", "server"], 1),
        (&["behind", "--user", "u"], 10),
    ] {
        assert_eq!(get(options).code, code, "{options:?}");
    }
    let run = get(&["drifting"]);
    assert_eq!(run.stdout, "true\n");
    assert!(run.stderr.contains("drift of `drifting`: the server says off (env)"), "{}", run.stderr);
    assert_eq!(project.run(&["get", "drifting"]).code, 0, "only where the code is the answer");
}

#[test]
fn the_servers_view_is_shown_where_it_counts() {
    let (project, _server) = project(Now::Answers, true);
    let explained = project.ok(&["explain", "drifting", "--view", "server"]);
    assert!(explained.contains("server's own view") && explained.contains("overridden"), "{explained}");
    assert!(!explained.contains("drift:"), "{explained}");
    assert_eq!(project.ok(&["get", "drifting", "--view", "server"]), "false\n");
    assert_eq!(project.ok(&["get", "drifting", "--view", "checkout"]), "true\n");
    let list = project.json(&["list", "drifting", "--view", "server"]);
    assert_eq!((&list["flags"][0]["source"], &list["flags"][0]["state"]), (&"admin".into(), &"off".into()));
    let variant = project.json(&["variant-for-user", "u", "trial", "--view", "server"]);
    assert_eq!(variant["variants"][0]["gate"], "closed");
    // A server that does not list the flag has no view of it.
    project.write("flags.toml", &format!("{FLAGS}[flags.fresh]\nenabled = true\n"));
    assert_eq!(project.run(&["check", "fresh=on", "--view", "server"]).code, 3);
    assert_eq!(project.run(&["check", "fresh=on"]).code, 0);
}

#[test]
fn single_answers_tell_of_drift_unless_somebody_chose_whose_word_counts() {
    let (project, _server) = project(Now::Answers, true);
    for (words, drifts) in [
        (&["get", "drifting"] as &[&str], true),
        (&["get", "steady"], false),
        // What it needs drifts.
        (&["get", "behind"], true),
        (&["get", "drifting", "--view", "server"], false),
        (&["variant-for-user", "u-1", "trial"], true),
    ] {
        let run = project.run(words);
        assert_eq!(run.code, 0, "{run:?}");
        assert_eq!(run.stderr.contains("drift of `drifting`"), drifts, "{words:?}: {}", run.stderr);
    }
}
