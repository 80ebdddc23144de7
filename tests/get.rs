//! `ffctl get`: bare values, several flags, contexts, what if, and exit codes.

use super::project::Project;

#[test]
fn the_bare_value_is_all_that_stands_on_standard_output() {
    let project = Project::shipped();
    for (flag, value) in [
        ("enable_try_on", "true\n"),
        ("use_v3_style", "false\n"),
        ("enable_memory_v2", "partial\n"),
        ("enable_approval_queues", "partial\n"),
        ("style_prompt", "partial\n"),
    ] {
        let run = project.run(&["get", flag]);
        assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (0, value, ""), "{flag}");
    }
    let prompt = project.ok(&["get", "style_prompt", "--attr", "email=ada@agpt.co"]);
    let prompt: serde_json::Value = serde_json::from_str(&prompt).expect("an object");
    assert_eq!(prompt["model"], "gpt-5.1");
    let run = super::project::run(&mut project.shell("test \"$(ffctl get enable_try_on)\" = true"));
    assert_eq!(run.code, 0);
}

#[test]
fn text_and_numbers_are_bare_too() {
    let project = Project::new(
        "schema = 1\n[flags.limit]\nenabled = true\nvariations = { low = 5, high = 50 }\noff = \"low\"\nserve = \"high\"\n\
         [flags.model]\nenabled = true\nvariations = { a = \"gpt\", b = \"deep\" }\noff = \"a\"\nserve = \"b\"\n",
    );
    assert_eq!(project.ok(&["get", "limit"]), "50\n");
    assert_eq!(project.ok(&["get", "model"]), "deep\n");
}

#[test]
fn several_flags_make_a_table() {
    let project = Project::shipped();
    project.ok(&["set", "enable_memory_v2", "50%", "--local", "--yes"]);
    let shown = project.ok(&["get", "enable_try_on", "enable_memory_v2"]);
    let lines: Vec<&str> = shown.lines().collect();
    assert!(lines[0].starts_with("FLAG") && lines[2].starts_with("enable_try_on"), "{shown}");
    assert!(lines[3].contains("default · rollout admin"), "{shown}");
    let answer = project.json(&["get", "enable_try_on", "enable_memory_v2"]);
    assert_eq!(answer["schema"], "ffctl.get/1");
    assert_eq!(
        (&answer["flags"][0]["value"], &answer["flags"][1]["value"]),
        (&true.into(), &serde_json::Value::Null)
    );
    assert_eq!(answer["flags"][1]["rollout_source"], "admin");
    assert_eq!(project.ok(&["get", "enable_try_on", "use_v3_style", "-o", "jsonl"]).lines().count(), 2);
}

#[test]
fn a_field_can_be_asked_for() {
    let mut project = Project::shipped();
    project.set("FF_ENABLE_MEMORY_V2", "30%");
    for (field, value) in [("enabled", "true"), ("state", "partial"), ("source", "env"), ("rollout", "30%")] {
        assert_eq!(project.ok(&["get", "enable_memory_v2", "--field", field]), format!("{value}\n"));
    }
    assert_eq!(project.ok(&["get", "style_prompt", "--field", "rollout"]), "v2 90 / v3 10\n");
    assert!(project.ok(&["get", "style_prompt", "use_v3_style", "--field", "state"]).contains("partial"));
    project.fails(2, &["get", "style_prompt", "--field", "colour"]);
}

#[test]
fn the_exit_status_is_the_answer_and_failures_keep_theirs() {
    let mut project = Project::shipped();
    let code = |project: &Project, arguments: &[&str]| {
        project.run(&[&["get", "--exit-status"], arguments].concat()).code
    };
    assert_eq!(code(&project, &["enable_try_on"]), 0);
    assert_eq!(code(&project, &["use_v3_style"]), 1);
    assert_eq!(code(&project, &["enable_memory_v2"]), 1, "partial is not on");
    assert_eq!(code(&project, &["enable_try_on", "use_v3_style"]), 1);
    assert_eq!(code(&project, &["enable_memory_v2", "--user", "u", "--attr", "email=a@agpt.co"]), 0);
    assert_eq!(code(&project, &["nobody"]), 3);
    project.set("FF_ENABLE_TRY_ON", "flase");
    assert_eq!(code(&project, &["enable_try_on"]), 7);
    project.set("FFCTL_ADMIN_URL", "http://127.0.0.1:9");
    assert_eq!(code(&project, &["use_v3_style"]), 6);
    let closed = super::project::run(
        &mut Project::shipped().shell("(ffctl get use_v3_style --exit-status; echo $? >&2) | true"),
    );
    assert_eq!(closed.stderr, "1\n", "a closed pipe keeps the answer");
}

#[test]
fn an_unknown_flag_is_not_off() {
    let project = Project::shipped();
    let said = project.fails(3, &["get", "enable_memry_v2"]);
    assert!(
        said.contains("there is no flag `enable_memry_v2`")
            && said.contains("did you mean `enable_memory_v2`?")
    );
    assert!(
        project
            .fails(3, &["get", "personalization_v2"])
            .contains("ffctl variant-for-user USER personalization_v2")
    );
    assert_eq!(project.run(&["get", "nobody"]).stdout, "");
}

#[test]
fn a_value_that_cannot_be_read_is_named_and_hurts_no_other_flag() {
    let mut project = Project::shipped();
    project.set("FF_ENABLE_TRY_ON", "flase");
    let run = project.run(&["get", "enable_try_on"]);
    assert_eq!((run.code, run.stdout.as_str()), (7, ""));
    assert!(
        run.stderr.contains("FF_ENABLE_TRY_ON")
            && run.stderr.contains("`flase`")
            && run.stderr.contains("write false")
    );
    assert_eq!(project.ok(&["get", "enable_cost_alerts"]), "true\n");
}

#[test]
fn a_gate_that_cannot_be_read_is_no_guess_either() {
    let mut project = Project::new(
        "schema = 1\n[flags]\ngate = true\n[flags.child]\nenabled = true\nprerequisites = [{ flag = \"gate\", variation = \"on\" }]\n",
    );
    project.set("FF_GATE", "perhaps");
    assert!(project.fails(7, &["get", "child", "--user", "u"]).contains("FF_GATE"));
}

#[test]
fn contexts_come_from_options_files_and_standard_input() {
    let project = Project::shipped();
    assert_eq!(project.ok(&["get", "enable_approval_queues", "--org", "acme"]), "true\n");
    assert_eq!(project.ok(&["get", "enable_approval_queues", "--org", "initech", "--user", "u"]), "false\n");
    let multi = r#"{"kind":"multi","user":{"key":"u-1"},"org":{"key":"globex"}}"#;
    project.write("context.json", multi);
    assert_eq!(project.ok(&["get", "enable_approval_queues", "--context", "context.json"]), "true\n");
    let run = project.run_with_input(&["get", "enable_approval_queues", "--context", "-"], multi);
    assert_eq!((run.code, run.stdout.as_str()), (0, "true\n"));
    // An option says more than the file.
    let arguments = ["get", "enable_approval_queues", "--context", "context.json", "--org", "initech"];
    assert_eq!(project.ok(&arguments), "false\n");
    let run = project.run_with_input(&["get", "use_v3_style", "--context", "-"], "{\"kind\":");
    assert_eq!(run.code, 7, "{}", run.stderr);
    project.fails(12, &["get", "use_v3_style", "--context", "absent.json"]);
    assert!(project.fails(2, &["get", "use_v3_style", "--context", multi]).contains("--context -"));
}

#[test]
fn attributes_are_typed() {
    let project = Project::new(
        "schema = 1\n[flags.a]\nenabled = true\nrollout = \"0%\"\n\
         [[flags.a.rules]]\nwhen = [{ attribute = \"zip\", op = \"in\", values = [7] }]\nserve = \"on\"\n",
    );
    let value = |attribute: &str| project.ok(&["get", "a", "--user", "u", "--attr", attribute]);
    assert_eq!(value("zip=7"), "true\n");
    assert_eq!(value("zip:=7.0"), "true\n", "7 is 7.0");
    assert_eq!(value("zip=07"), "false\n", "no canonical number, so text");
    assert_eq!(value("zip:=\"7\""), "false\n", "text is no number");
    assert!(project.fails(7, &["get", "a", "--attr", "zip"]).contains("plan=pro"));
}

#[test]
fn what_if_counts_for_the_flags_asked_for_alone() {
    let project = Project::new(
        "schema = 1\n[flags.base]\nenabled = true\nrollout = \"0%\"\n\
         [flags.top]\nenabled = true\nrollout = \"0%\"\nprerequisites = [{ flag = \"base\", variation = \"on\" }]\n",
    );
    let json = |flag: &str| project.json(&["get", flag, "--user", "u", "--rollout", "100%"]);
    assert_eq!(json("base")["flags"][0]["value"], true);
    assert_eq!(json("top")["flags"][0]["reason"], "prerequisite_failed");
    assert_eq!(project.ok(&["get", "base"]), "false\n", "nothing was written");
    let shipped = Project::shipped();
    assert!(shipped.fails(2, &["get", "style_prompt", "--rollout", "5%"]).contains("--split"));
    assert!(shipped.fails(2, &["get", "use_v3_style", "--rollout", "0.25"]).contains("25%"));
}

#[test]
fn the_time_decides_how_old_an_account_is() {
    let project = Project::shipped();
    let reason = |at: &str| {
        let created = "created_at=2026-01-01T00:00:00Z";
        let answer = project.json(&[
            "get",
            "enable_memory_v2",
            "--user",
            "u-1",
            "--attr",
            created,
            "--rollout",
            "0%",
            "--at",
            at,
        ]);
        answer["flags"][0]["rule"].clone()
    };
    // u-1 is in at 40% of new users, see the trace of explain.
    let young = project.json(&[
        "explain",
        "enable_memory_v2",
        "--user",
        "u-1",
        "--attr",
        "created_at=2026-01-01T00:00:00Z",
        "--at",
        "2026-01-03T00:00:00Z",
    ]);
    let clause = &young["evaluation"]["trace"][2]["clauses"][0];
    assert_eq!((&clause["actual"], &clause["matched"]), (&2.into(), &true.into()), "{young:#}");
    assert_eq!(reason("2026-02-03T00:00:00Z"), serde_json::Value::Null, "too old for the rule");
    assert!(project.fails(2, &["get", "use_v3_style", "--at", "yesterday"]).contains("RFC 3339"));
    assert!(
        project.fails(2, &["get", "use_v3_style", "--at", "2026-02-03T00:00:00"]).contains("--at"),
        "a zone is needed"
    );
}

#[test]
fn without_a_unit_the_answer_is_off_and_says_why() {
    let project = Project::shipped();
    let answer = project.json(&["get", "enable_memory_v2", "--attr", "plan=pro", "--org", "acme"]);
    let flag = &answer["flags"][0];
    assert_eq!((&flag["value"], &flag["reason"]), (&false.into(), &"error".into()));
    assert_eq!(flag["error_code"], "targeting_key_missing");
    assert!(project.fails(7, &["get", "enable_memory_v2", "--org", ""]).contains("--org: an empty key"));
    // 0% and 100% never need it.
    let answer = project.json(&["get", "enable_memory_v2", "--attr", "plan=pro", "--rollout", "100%"]);
    assert_eq!(
        (&answer["flags"][0]["value"], &answer["flags"][0]["reason"]),
        (&true.into(), &"default".into())
    );
}
