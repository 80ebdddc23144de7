//! What a profile demands of changes, against a real server: a reason, small steps, no change while it is frozen.

use super::ffctl_server::FfctlServer;
use super::project::Project;

/// Two windows that are one whole week.
const ALWAYS: &str = "freeze = [\"Mon..Thu\", \"Fri..Sun +00:00\"]\n";

/// A server, and the profile `prod` of it with these guards.
struct Guarded {
    project: Project,
    server: FfctlServer,
}

impl Guarded {
    fn new(guards: &str) -> Self {
        let project = Project::shipped();
        let server = FfctlServer::start(&project, &[]);
        std::fs::create_dir_all(project.config("ffctl")).expect("a folder");
        let token = project.config("token");
        std::fs::write(&token, &server.token).expect("written");
        super::remote::private(&token);
        let guarded = Self { project, server };
        guarded.demand(guards);
        guarded
    }

    fn demand(&self, guards: &str) {
        let (url, token) = (self.server.url(), self.project.config("token"));
        let text = format!(
            "# mine\n[profiles.prod]\nurl = \"{url}\"\ntoken_file = \"{}\"\n{guards}",
            token.display()
        );
        std::fs::write(self.project.config("ffctl/config.toml"), text).expect("written");
    }

    /// Changes the profile without asking.
    fn change(&self, words: &[&str]) -> super::project::Run {
        self.project.run(&[words, &["-p", "prod", "--yes"]].concat())
    }

    #[track_caller]
    fn changes(&self, words: &[&str]) {
        let run = self.change(words);
        assert_eq!(run.code, 0, "{words:?}: {run:?}");
    }

    /// Makes sure that a change is refused, in a dry run too, and that nothing becomes of it.
    #[track_caller]
    fn refuses(&self, words: &[&str], says: &[&str]) {
        let before = self.server.get("/journal").text;
        for dry_run in [&[] as &[&str], &["--dry-run"]] {
            let run = self.change(&[words, dry_run].concat());
            assert_eq!(run.code, 8, "{words:?} {dry_run:?}: {run:?}");
            for said in says {
                assert!(run.stderr.contains(said), "{words:?}: `{said}` in {}", run.stderr);
            }
            let planned = run.stdout.contains("and it would be refused");
            assert_eq!(planned, !dry_run.is_empty(), "{words:?}: {run:?}");
        }
        assert_eq!(self.server.get("/journal").text, before, "{words:?} wrote nothing");
    }
}

#[test]
fn a_change_without_a_reason_is_refused_where_one_is_required() {
    let prod = Guarded::new("require_reason = true\n");
    let says = ["takes no change without a reason", "config.toml:5: require_reason", "--reason"];
    prod.refuses(&["set", "use_v3_style", "on"], &says);
    prod.changes(&["set", "use_v3_style", "on", "-m", "launch"]);
    prod.refuses(&["set", "use_v3_style", "off"], &says);
    prod.refuses(&["unset", "use_v3_style"], &says);
    // What an undo says by itself is no reason.
    prod.refuses(&["undo", "1"], &says);
    prod.changes(&["undo", "1", "-m", "too early"]);
    let empty = prod.change(&["set", "use_v3_style", "on", "-m", " "]);
    assert_eq!(empty.code, 2, "{empty:?}");
}

#[test]
fn a_step_that_is_too_large_is_refused_and_every_way_down_is_open() {
    let prod = Guarded::new("max_step = \"10%\"\n");
    let flag = "enable_memory_v2";
    prod.changes(&["set", flag, "0%"]);
    prod.changes(&["set", flag, "10%"]);
    let says = [
        "would newly go to 20% of the users",
        "allows 10% in one change",
        "config.toml:5: max_step",
        "ffctl set enable_memory_v2 20% --profile prod",
    ];
    prod.refuses(&["set", flag, "30%"], &says);
    prod.changes(&["set", flag, "20%"]);
    prod.changes(&["set", flag, "5%"]);
    prod.refuses(&["set", flag, "100%"], &["95% of the users"]);
    prod.changes(&["set", flag, "off"]);
    // The rollout stays at 5%, so that on is no large step.
    prod.changes(&["set", flag, "on"]);
    // Number 4 brought 20% down to 5%: taking it back goes up again.
    prod.refuses(&["undo", "4"], &["15% of the users"]);
    // A split counts by whom it gives something else.
    prod.refuses(&["set", "style_prompt", "--split", "v2=50,v3=50"], &["in steps of at most 10%"]);
    prod.refuses(&["set", "use_v3_style", "on"], &["100% of the users"]);
    // Single users and organisations are no share.
    prod.changes(&["set", "use_v3_style", "on", "--org", "acme", "--user", "u-1"]);
}

#[test]
fn an_undo_back_to_a_smaller_share_is_no_step() {
    let prod = Guarded::new("");
    prod.changes(&["set", "enable_memory_v2", "10%"]);
    prod.changes(&["set", "enable_memory_v2", "90%"]);
    prod.demand("max_step = \"1%\"\n");
    prod.changes(&["undo", "2"]);
    let now = prod.project.ok(&["list", "-p", "prod", "-o", "csv"]);
    assert!(now.contains("enable_memory_v2,partial,10%"), "{now}");
}

#[test]
fn while_a_profile_is_frozen_only_less_is_allowed() {
    let prod = Guarded::new("");
    prod.changes(&["set", "enable_memory_v2", "20%"]);
    prod.changes(&["set", "use_v3_style", "on"]);
    prod.changes(&["set", "enable_try_on", "on", "--org", "acme"]);
    prod.demand(ALWAYS);
    let says = ["profile `prod` is frozen until", "config.toml:5: freeze", "--override-freeze 'WHY'"];
    prod.refuses(&["set", "enable_memory_v2", "21%"], &says);
    prod.refuses(&["set", "use_v3_style", "on", "--org", "acme"], &says);
    prod.refuses(&["set", "use_v3_style=off", "enable_memory_v2=30%"], &says);
    prod.refuses(&["undo", "1"], &says);
    prod.changes(&["set", "enable_memory_v2", "15%"]);
    prod.changes(&["set", "enable_memory_v2", "off"]);
    prod.refuses(&["set", "enable_memory_v2", "on"], &says);
    prod.changes(&["undo", "2"]);
    prod.changes(&["set", "use_v3_style", "off"]);
    // Files of the checkout are nobody's target.
    prod.changes(&["set", "use_v3_style", "on", "--layer", "default"]);
    prod.changes(&["remove", "use_v3_style"]);
}

#[test]
fn a_freeze_is_overridden_with_words_that_the_journal_keeps() {
    let prod = Guarded::new(ALWAYS);
    prod.changes(&["set", "use_v3_style", "on", "--override-freeze", "incident 7"]);
    prod.changes(&["set", "use_v3_style", "off", "-m", "calm", "--override-freeze", "incident 8"]);
    prod.changes(&["undo", "2", "--override-freeze", "incident 9"]);
    let journal = prod.project.json(&["history", "-p", "prod"]);
    let reasons: Vec<_> = journal["entries"]
        .as_array()
        .expect("entries")
        .iter()
        .map(|entry| entry["reason"].as_str().expect("a reason"))
        .collect();
    let expected = [
        "undo of 2: freeze overridden: incident 9",
        "calm (freeze overridden: incident 8)",
        "freeze overridden: incident 7",
    ];
    assert_eq!(reasons, expected);
    // Words that break a freeze are a reason, too.
    prod.demand(&format!("require_reason = true\n{ALWAYS}"));
    prod.changes(&["set", "enable_try_on", "on", "--override-freeze", "incident 10"]);
}

#[test]
fn nothing_is_overridden_where_nothing_is_frozen() {
    let prod = Guarded::new("freeze = [\"2020-01-01..2020-01-02\"]\n");
    let words = ["set", "use_v3_style", "on", "--override-freeze", "why"];
    let run = prod.change(&words);
    assert!(run.code == 2 && run.stderr.contains("nothing is frozen here now"), "{run:?}");
    let local = prod.project.run(&[&words[..], &["--local", "--yes"]].concat());
    assert_eq!(local.code, 2, "{local:?}");
    prod.changes(&["set", "use_v3_style", "on"]);
}

#[test]
fn several_guards_say_everything_at_once() {
    let guards = format!("require_reason = true\nmax_step = \"5%\"\n{ALWAYS}");
    let prod = Guarded::new(&guards);
    let says = ["is frozen until", "without a reason", "100% of the users"];
    prod.refuses(&["set", "use_v3_style", "on"], &says);
    let words = ["set", "use_v3_style", "on", "--dry-run", "-p", "prod", "--json"];
    let run = prod.project.run(&words);
    let planned: serde_json::Value = serde_json::from_str(&run.stdout).expect("the plan");
    let guards: Vec<_> = planned["refused_by"].as_array().expect("guards").iter().collect();
    let names: Vec<_> = guards.iter().map(|guard| guard["guard"].as_str().expect("a name")).collect();
    assert_eq!(names, ["freeze", "require_reason", "max_step"]);
    let error: serde_json::Value = serde_json::from_str(&run.stderr).expect("one object");
    assert_eq!((run.code, &error["error"]["exit"]), (8, &serde_json::json!(8)), "{error}");
}

#[test]
fn guards_that_cannot_be_read_stop_everything() {
    let prod = Guarded::new("");
    for (guards, says) in [
        ("max_step = 10\n", "text in quotes"),
        ("max_step = \"0.1\"\n", "max_step"),
        ("max_step = \"0%\"\n", "nothing rise"),
        ("require_reason = \"yes\"\n", "true or false"),
        ("freeze = \"Fri..Mon\"\n", "a list"),
        ("freeze = [\"Fri 16:00..Mon 08:00 Europe/Berlin\"]\n", "zones are not known by name"),
        ("freezes = [\"Fri..Mon\"]\n", "did you mean `freeze`?"),
    ] {
        prod.demand(guards);
        let said = prod.project.fails(7, &["set", "use_v3_style", "off", "-p", "prod", "--yes"]);
        assert!(said.contains(says) && said.contains("config.toml:5:"), "{guards}: {said}");
    }
}

#[test]
fn no_token_is_made_while_a_profile_is_frozen_and_any_is_revoked() {
    let guarded = Guarded::new(ALWAYS);
    let create = ["token", "create", "ci", "--role", "viewer"];
    for dry_run in [&[] as &[&str], &["--dry-run"]] {
        let run = guarded.change(&[&create[..], dry_run].concat());
        assert_eq!(run.code, 8, "{run:?}");
        for says in ["is frozen until", "freeze)", "revoking stays allowed", "--override-freeze 'WHY'"] {
            assert!(run.stderr.contains(says), "`{says}` in {}", run.stderr);
        }
    }
    let tokens = || guarded.server.get("/tokens").json()["tokens"].as_array().map(Vec::len);
    assert_eq!(tokens(), Some(1));
    let run = guarded.change(&[&create[..], &["--override-freeze", "an incident"]].concat());
    assert!(run.code == 0 && run.stderr.contains("freeze overridden: an incident"), "{run:?}");
    let journal = guarded.server.get("/journal").json();
    assert_eq!(journal["entries"][0]["reason"], "freeze overridden: an incident", "{journal}");
    guarded.changes(&["token", "revoke", "ci"]);
    // There must be something to override.
    guarded.demand("");
    assert_eq!(guarded.change(&[&create[..], &["--override-freeze", "x"]].concat()).code, 2);
    let local = ["--override-freeze", "x", "--local", "--yes"];
    assert_eq!(guarded.project.run(&[&create[..], &local].concat()).code, 2);
    guarded.changes(&create);
}

#[test]
fn a_required_reason_is_required_for_tokens_and_stands_in_the_journal() {
    let guarded = Guarded::new("require_reason = true");
    let (create, revoke) = (["token", "create", "ci", "--role", "viewer"], ["token", "revoke", "ci"]);
    let refused = |words: &[&str]| {
        for dry_run in [&[] as &[&str], &["--dry-run"]] {
            let run = guarded.change(&[words, dry_run].concat());
            assert_eq!(run.code, 8, "{run:?}");
            assert!(run.stderr.contains("takes no change without a reason"), "{}", run.stderr);
            assert!(run.stderr.contains("require_reason)") && run.stderr.contains("add --reason 'WHY'"));
        }
    };
    refused(&create);
    guarded.changes(&[&create[..], &["-m", "for the pipeline"]].concat());
    refused(&revoke);
    guarded.changes(&[&revoke[..], &["-m", "it was in a log"]].concat());
    let journal = guarded.server.get("/journal").json();
    let told = |at: usize, key: &str| journal["entries"][at][key].clone();
    assert_eq!((told(0, "reason"), told(1, "reason")), ("it was in a log".into(), "for the pipeline".into()));
    // One that is revoked already is left alone, with or without a word.
    guarded.changes(&revoke);
}
