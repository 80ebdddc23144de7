//! `ffctl check`: what conditions ask, what they answer, and the exit code that a pipeline goes by.

use super::project::{Project, run};
use super::remote::with_url;
use super::support::api;

fn verdict(project: &Project, condition: &str, options: &[&str]) -> (i32, String) {
    let run = project.run(&[&["check", condition, "--json"], options].concat());
    let report: serde_json::Value = serde_json::from_str(&run.stdout).expect(condition);
    let of = &report["conditions"][0];
    assert_eq!(report["exit"], run.code, "{condition}");
    assert_eq!(of["exit"], run.code, "{condition}");
    let word = |field: &str| of[field].as_str().unwrap_or_default().to_owned();
    (run.code, format!("{} {}", word("outcome"), word("actual")))
}

#[test]
fn conditions_are_answered() {
    let project = Project::shipped();
    for (condition, code, answer) in [
        ("use_v3_style=off", 0, "holds off"),
        ("use_v3_style=on", 1, "fails off"),
        ("use_v3_style=false", 0, "holds off"),
        ("enable_try_on=on", 0, "holds on"),
        ("enable_try_on=off", 1, "fails on"),
        // Partly on is neither.
        ("enable_memory_v2=on", 1, "partial 25% + 2 rules"),
        ("enable_memory_v2=off", 1, "partial 25% + 2 rules"),
        ("enable_memory_v2=partial", 0, "holds 25% + 2 rules"),
        ("enable_try_on=partial", 1, "fails on"),
        // The switch alone.
        ("enable_memory_v2=enabled", 0, "holds enabled"),
        ("use_v3_style=enabled", 1, "fails disabled"),
        ("use_v3_style=disabled", 0, "holds disabled"),
        // A share holds only if no group of contexts has less, or more.
        ("enable_memory_v2>=25%", 0, "holds 25% + 2 rules"),
        ("enable_memory_v2>25%", 1, "partial 25% + 2 rules"),
        ("enable_memory_v2<=25%", 1, "partial 25% + 2 rules"),
        ("use_deepseek_critic=10%", 0, "holds 10%"),
        ("use_deepseek_critic<10.001%", 0, "holds 10%"),
        ("use_deepseek_critic>=10.001%", 1, "fails 10%"),
        ("enable_approval_queues<=10%", 1, "partial 2 orgs"),
        ("enable_approval_queues>=0%", 0, "holds 2 orgs"),
        ("enable_try_on>=100%", 0, "holds on"),
        ("style_prompt>=10%", 0, "holds v2 90 / v3 10 + 1 rule"),
        // Variations and variants.
        ("style_prompt=v3", 1, "partial v2 90 / v3 10 + 1 rule"),
        ("style_prompt=v4", 3, "unknown "),
        ("use_v3_style=v3", 3, "unknown "),
        ("personalization_v2=treatment", 1, "partial control 50 / treatment 50"),
        ("personalization_v2:qa-treatment=treatment", 0, "holds treatment"),
        ("personalization_v2:qa-control=treatment", 1, "fails control"),
        ("personalization_v2=other", 3, "unknown "),
        ("enable_memory_v2:u-1=off", 0, "holds off"),
        ("nobody_knows=on", 3, "unknown "),
        // What nothing can answer is a mistake, not a no.
        ("personalization_v2=on", 2, "invalid "),
        ("personalization_v2>=50%", 2, "invalid "),
    ] {
        assert_eq!(verdict(&project, condition, &[]), (code, answer.to_owned()), "{condition}");
    }
}

#[test]
fn a_context_is_asked_for_itself() {
    let project = Project::shipped();
    let cases: [(&str, &[&str], i32, &str); 9] = [
        ("enable_memory_v2=on", &["--user", "u-1", "--attr", "email=ada@agpt.co"], 0, "holds on"),
        ("enable_memory_v2=off", &["--user", "u-1"], 0, "holds off"),
        ("enable_approval_queues=on", &["--org", "acme"], 0, "holds on"),
        ("enable_approval_queues=on", &["--org", "initech"], 1, "fails off"),
        ("style_prompt=v3", &["--user", "u-1", "--attr", "email=ada@agpt.co"], 0, "holds v3"),
        ("style_prompt=on", &["--user", "u-1", "--attr", "email=ada@agpt.co"], 0, "holds v3"),
        ("personalization_v2=treatment", &["--user", "qa-treatment"], 0, "holds treatment"),
        // The user of the condition, with all else that is known.
        ("style_prompt:u-7=v3", &["--user", "u-1", "--attr", "email=ada@agpt.co"], 0, "holds v3"),
        // Who has no key is in no bucket: off is what they get, and no answer.
        ("enable_memory_v2=off", &["--org", "acme"], 7, "invalid "),
    ];
    for (condition, context, code, answer) in cases {
        assert_eq!(
            verdict(&project, condition, context),
            (code, answer.to_owned()),
            "{condition} {context:?}"
        );
    }
    let said = project.fails(2, &["check", "enable_memory_v2>=25%", "--user", "u-1"]);
    assert!(said.contains("makes no difference"), "an option is never ignored: {said}");
    let said = project.fails(2, &["check", "use_v3_style=off", "--at", "2026-01-01T00:00:00Z"]);
    assert!(said.contains("--at makes no difference"), "{said}");
}

#[test]
fn the_value_that_decided_is_named() {
    let mut project = Project::shipped();
    let decided = |project: &Project, words: &[&str]| {
        let run = project.run(&[&["check", "--json"], words].concat());
        let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
        let of = &report["conditions"][0];
        format!("{} {}", of["source"].as_str().unwrap_or_default(), of["origin"].as_str().unwrap_or_default())
    };
    assert_eq!(decided(&project, &["use_v3_style=off"]), "default flags.toml:13:11");
    assert_eq!(decided(&project, &["enable_memory_v2>=25%"]), "default flags.toml:43:11");
    assert_eq!(decided(&project, &["enable_approval_queues=on", "--org", "acme"]), "default flags.toml:68:9");
    let employee = ["style_prompt=v3", "--user", "u", "--attr", "email=a@agpt.co"];
    assert_eq!(decided(&project, &employee), "default flags.toml:88:1");
    project.set("FF_USE_V3_STYLE", "on");
    assert_eq!(decided(&project, &["use_v3_style=on"]), "env FF_USE_V3_STYLE");
    project.ok(&["set", "use_v3_style", "off", "--local", "--yes"]);
    assert_eq!(decided(&project, &["use_v3_style=off"]), "admin journal 1");
}

#[test]
fn the_bucket_that_decided_is_told_as_get_tells_it() {
    let project = Project::shipped();
    let checked = |condition: &str| -> serde_json::Value {
        serde_json::from_str(&project.run(&["check", condition, "--json"]).stdout).expect(condition)
    };
    let told = |condition: &str| checked(condition)["conditions"][0]["bucket"].clone();
    let explained = project.json(&["explain", "enable_memory_v2", "--user", "u-1"]);
    let steps = explained["evaluation"]["trace"].as_array().expect("steps");
    let decided = steps.last().map(|step| step["bucket"].clone());
    assert_eq!(Some(told("enable_memory_v2:u-1=on")), decided);
    assert_eq!(decided.map(|bucket| bucket["threshold"].clone()), Some(25_000.into()));
    let given = project.json(&["variant-for-user", "u-1", "personalization_v2"]);
    let of_experiment = told("personalization_v2:u-1=treatment");
    assert_eq!(of_experiment["bucket"], given["variants"][0]["bucket"], "{given}");
    assert_eq!(of_experiment["algorithm"], "ffctl/1");
    // What everybody gets, no bucket decides.
    let of_all = checked("enable_memory_v2=partial");
    assert!(of_all["conditions"][0].get("bucket").is_none(), "{of_all}");
}

#[test]
fn a_prerequisite_that_keeps_it_off_is_named() {
    let project = Project::new(
        "schema = 1\n[flags]\nbase = false\n\
         [flags.top]\nenabled = true\nprerequisites = [{ flag = \"base\", variation = \"on\" }]\n",
    );
    let shown = project.run(&["check", "top=on"]).stdout;
    assert!(shown.contains("fails: off; requires base=on, which is off"), "{shown}");
    assert!(shown.contains("default flags.toml:3:8"), "{shown}");
    let shown = project.ok(&["check", "top=off", "--user", "u"]);
    assert!(shown.contains("requires base=on, which is off"), "{shown}");
}

#[test]
fn conditions_come_from_a_file_too() {
    let project = Project::shipped();
    project.write("gate.txt", "# before the deploy\nuse_v3_style=off   # not yet\n\nenable_memory_v2>=25%\n");
    let shown = project.ok(&["check", "--from", "gate.txt", "enable_try_on=on"]);
    assert!(shown.contains("all 3 conditions hold"), "{shown}");
    let run = project.run_with_input(&["check", "--from", "-"], "use_v3_style=on\n");
    assert_eq!(run.code, 1, "{run:?}");
    assert_eq!(project.run(&["check", "--from", "absent.txt"]).code, 12);

    project.write("gate.txt", "use_v3_style=off\n  use_v3_style\nx>=0.25 # a quarter\n\n'y=on'\n");
    let run = project.run(&["check", "z>=1", "--from", "gate.txt"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    let said = run.stderr;
    for line in [
        "4 mistakes in the conditions",
        "command line:1:4: `1` is no percentage without its sign",
        "gate.txt:2:3: `use_v3_style` compares nothing",
        "gate.txt:3:4: `0.25` is less than 1%",
        "fix: x>=25%",
        "gate.txt:5:1: quotes are for a shell",
        "fix: y=on",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
    project.write("gate.txt", "# nothing yet\n");
    for words in [&["check"] as &[&str], &["check", "--from", "gate.txt"]] {
        let said = project.fails(2, words);
        assert!(said.contains("no condition"), "a gate without a condition lets everything through: {said}");
    }
    let run = project.run_with_input(&["check", "--from", "-", "--context", "-"], "use_v3_style=on\n");
    assert!(run.code == 2 && run.stderr.contains("asked for twice"), "{run:?}");
}

#[test]
fn a_comparison_that_the_shell_took_is_a_mistake() {
    let project = Project::shipped();
    let run = run(&mut project.shell("ffctl check enable_memory_v2>=25%"));
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(project.path("=25%").exists(), "the shell wrote it");
    assert!(run.stderr.contains("`enable_memory_v2` compares nothing"), "{}", run.stderr);
    assert!(run.stderr.contains("--at-least flag=25%"), "{}", run.stderr);
    assert!(run.stderr.contains("rm './=25%'"), "{}", run.stderr);
    for words in
        ["--at-least enable_memory_v2=25%", "'enable_memory_v2>=25%'", "--at-most use_deepseek_critic=10%"]
    {
        assert_eq!(self::run(&mut project.shell(&format!("ffctl check {words}"))).code, 0, "{words}");
    }
    assert_eq!(self::run(&mut project.shell("ffctl check --at-least enable_memory_v2=26%")).code, 1);
}

#[test]
fn all_conditions_are_answered_and_the_worst_decides() {
    let mut project = Project::shipped();
    project.set("FF_ENABLE_TRY_ON", "flase");
    let (holds, fails, unknown, invalid) =
        ("use_v3_style=off", "use_v3_style=on", "use_v3_stile=on", "enable_try_on=on");
    for (conditions, code) in [
        (vec![holds], 0),
        (vec![holds, fails], 1),
        (vec![fails, unknown, holds], 3),
        (vec![unknown, invalid, fails, holds], 7),
    ] {
        let run = project.run(&[vec!["check"], conditions.clone()].concat());
        assert_eq!(run.code, code, "{conditions:?}");
        for condition in &conditions {
            assert!(run.stdout.contains(condition), "{condition}: {}", run.stdout);
        }
    }
    let run = project.run(&["check", unknown, invalid]);
    assert!(run.stdout.contains("hint: did you mean `use_v3_style`?"), "{}", run.stdout);
    assert!(run.stdout.contains("FF_ENABLE_TRY_ON"), "{}", run.stdout);
}

#[test]
fn what_a_variable_breaks_is_only_what_needs_it() {
    let mut project = Project::new(
        "schema = 1\n[flags]\nbase = true\nother = true\n\
         [flags.top]\nenabled = true\nprerequisites = [{ flag = \"base\", variation = \"on\" }]\n\
         [experiments.e]\nflag = \"top\"\nvariants = [[\"a\", 1], [\"b\", 1]]\n",
    );
    project.set("FF_BASE", "flase");
    for (condition, code) in [("base=on", 7), ("top=on", 7), ("e:u=a", 7), ("other=on", 0)] {
        assert_eq!(project.run(&["check", condition]).code, code, "{condition}");
    }
}

#[test]
fn a_broken_flags_toml_is_the_verdict_on_every_condition() {
    let project = Project::new("schema = 1\n[flags]\na = tru\nb = 0.25\n");
    let run = project.run(&["check", "a=on", "b=on", "-o", "csv"]);
    assert_eq!(run.code, 7);
    assert_eq!(run.stdout.matches(",invalid,false,7,").count(), 2, "{}", run.stdout);
    assert!(run.stderr.contains("flags.toml:3:5") && run.stderr.contains("flags.toml:4:5"), "{}", run.stderr);
}

#[test]
fn a_share_is_what_the_algorithm_makes_of_it() {
    let project = Project::new(
        "schema = 1\n[flags.f]\nenabled = true\nrollout = \"12.5%\"\nbucketing = \"unleash\"\nsalt = \"g\"\n",
    );
    let run = project.run(&["check", "f>=12.5%"]);
    assert_eq!(run.code, 1, "a hundred buckets: {run:?}");
    assert!(run.stdout.contains("fails: 12.5%; on for 12% in effect"), "{}", run.stdout);
    assert_eq!(project.run(&["check", "f=12%"]).code, 0);
}

#[test]
fn names_are_those_that_do_not_hold() {
    let project = Project::shipped();
    let words =
        ["check", "-o", "name", "use_v3_style=on", "use_v3_style=enabled", "enable_try_on=on", "nope=on"];
    assert_eq!(project.run(&words).stdout, "use_v3_style\nnope\n");
    assert_eq!(project.ok(&["check", "-o", "name", "use_v3_style=off"]), "");
}

#[test]
fn scripts_go_by_the_code() {
    let project = Project::shipped();
    let script = "gate() { ffctl check \"$@\" >/dev/null 2>&1; case $? in 0) echo go;; 1) echo wait;; \
                  3) echo unknown;; *) echo broken;; esac; }\n\
                  gate use_v3_style=off; gate use_v3_style=on; gate use_v3_stile=on; gate use_v3_style";
    assert_eq!(run(&mut project.shell(script)).stdout, "go\nwait\nunknown\nbroken\n");
}

#[test]
fn a_closed_pipe_keeps_the_code() {
    let project = Project::shipped();
    for (condition, format, code) in
        [("use_v3_style=off", "table", 0), ("use_v3_style=on", "table", 1), ("nope=on", "json", 3)]
    {
        // The reader is gone before anything is written.
        let script = format!("{{ sleep 0.3; ffctl check {condition} -o {format}; echo $? >&2; }} | :");
        let run = run(&mut project.shell(&script));
        assert_eq!(run.stderr, format!("{code}\n"), "{condition}");
    }
}

#[test]
fn a_variation_named_like_a_word_is_not_guessed_at() {
    let project = Project::new(
        "schema = 1\n[flags.mode]\nenabled = true\noff = \"disabled\"\n\
         variations = { disabled = 0, partial = 1, full = 2 }\nserve = \"full\"\n",
    );
    for condition in ["mode=disabled", "mode=partial"] {
        let run = project.run(&["check", condition]);
        assert_eq!(run.code, 2, "{condition}");
        assert!(run.stdout.contains("nobody can tell which is meant"), "{}", run.stdout);
    }
    assert_eq!(project.run(&["check", "mode=enabled", "mode=full", "mode>=100%"]).code, 0);
}

#[test]
fn what_the_server_alone_knows_is_answered_and_marked() {
    let server = api::minimal(&[("only_here", true, "env"), ("use_v3_style", false, "env")]);
    let project = with_url(&server);
    let shown = project.ok(&["check", "only_here=on", "use_v3_style=off", "enable_try_on=on"]);
    assert!(shown.contains("on; undeclared, so only the switch is known"), "{shown}");
    assert!(shown.contains("on; the server does not list it"), "{shown}");
    let server = api::rich(&["only_here"], None);
    let shown = with_url(&server).ok(&["check", "only_here=off"]);
    assert!(shown.contains("only_here=off"), "{shown}");
}

#[test]
fn failures_are_listed_for_every_condition_in_every_format() {
    let mut project = Project::shipped();
    project.set("FFCTL_ADMIN_URL", "http://127.0.0.1:9");
    for format in ["table", "json", "jsonl", "csv", "markdown", "github", "junit"] {
        let run = project.run(&["check", "use_v3_style=off", "enable_try_on=on", "-o", format]);
        assert_eq!(run.code, 6, "{format}");
        let listed = run.stdout.matches("unreachable").count();
        assert!(listed >= 2, "{format}: {}", run.stdout);
        for name in ["use_v3_style", "enable_try_on", "127.0.0.1:9"] {
            assert!(run.stdout.contains(name), "{format} {name}: {}", run.stdout);
        }
        if format.starts_with("json") {
            let error: serde_json::Value = serde_json::from_str(&run.stderr).expect("one object");
            assert_eq!(error["error"]["exit"], 6);
        } else {
            assert!(run.stderr.starts_with("error: "), "{format}: {}", run.stderr);
        }
    }
}

#[test]
fn annotations_stand_beside_the_line_that_decided() {
    let project = Project::shipped();
    let run = project.run(&["check", "enable_memory_v2=on", "use_v3_style=off", "-o", "github"]);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(
        lines[0],
        "::error file=flags.toml,line=43,col=11,endColumn=11,title=ffctl check::enable_memory_v2=on: \
         partial: 25%25 + 2 rules (default flags.toml:43:11)"
    );
    assert!(lines[1].starts_with("::notice file=flags.toml,line=13,col=11,endColumn=11,"), "{}", lines[1]);
    assert_eq!(lines[2], "ffctl check: 1 of 2 conditions holds (target: local store, no server reads this)");
    assert_eq!((run.code, lines.len()), (1, 3));
}

#[test]
fn what_an_experiment_has_are_variants() {
    let project = Project::shipped();
    let run = project.run(&["check", "personalization_v2:u-1=trial", "style_prompt=v9"]);
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.stdout.contains("`personalization_v2` has no variant `trial`"), "{}", run.stdout);
    assert!(run.stdout.contains("`style_prompt` has no variation `v9`"), "{}", run.stdout);
}

#[test]
fn a_gate_without_a_condition_is_told_where_they_may_stand() {
    let project = Project::shipped();
    let said = project.fails(2, &["check"]);
    assert!(said.contains("ffctl check --from FILE"), "{said}");
    let said = project.fails(2, &["check", ""]);
    assert!(said.contains("the condition is empty") && !said.contains("a shell takes"), "{said}");
    let shown = project.ok(&["check", "enable_try_on=on", "enable_cost_alerts=on"]);
    assert!(shown.contains("both conditions hold"), "{shown}");
}

#[test]
fn a_verdict_on_an_experiment_names_its_place() {
    let project = Project::new(
        "schema = 1\n[flags]\ngate = true\n[experiments.exp]\nflag = \"gate\"\n\
         variants = [[\"control\", 1], [\"treatment\", 1]]\n",
    );
    let place = |words: &[&str]| {
        let run = project.run(&[&["check", "-o", "json"], words].concat());
        let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
        report["conditions"][0]["origin"].clone()
    };
    let defined = place(&["exp:u-1=control"]);
    assert!(defined.as_str().is_some_and(|place| place.starts_with("flags.toml:4:")), "{defined}");
    assert_eq!(place(&["exp=control"]), defined, "of everybody too");
    // A closed gate is what decides then.
    project.ok(&["set", "gate", "off", "--local", "--yes"]);
    let closed = place(&["exp:u-1=treatment"]);
    assert!(closed.to_string().contains("journal") && closed != defined, "{closed}");
}
