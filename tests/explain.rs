//! `ffctl explain`: the layers with their places, and the trace of an evaluation.

use std::fmt::Write;

use serde_json::Value;

use super::project::{Project, pinned, stable};

fn step<'a>(report: &'a Value, subject: &str) -> &'a Value {
    let trace = report["evaluation"]["trace"].as_array().expect("a trace");
    let found =
        trace.iter().find(|step| step["subject"].as_str().is_some_and(|text| text.starts_with(subject)));
    found.unwrap_or_else(|| panic!("{subject} in {report:#}"))
}

#[test]
fn the_text_looks_as_pinned() {
    let mut project = Project::shipped();
    project.write("local.env", "# of this machine\nFF_ENABLE_MEMORY_V2=60%\n");
    project.set("FF_USE_V3_STYLE", "on");
    let mut page = String::new();
    for arguments in [
        &["explain", "enable_memory_v2", "--env-file", "local.env"] as &[&str],
        &["explain", "enable_memory_v2", "--user", "u-42", "--attr", "account_age_days=5"],
        &["explain", "style_prompt", "--user", "u-42", "--attr", "email=ada@agpt.co"],
        &["explain", "enable_approval_queues", "--org", "acme"],
        &["explain", "enable_approval_queues", "--attr", "plan=pro", "--rollout", "10%"],
        &["explain", "use_v3_style"],
    ] {
        writeln!(page, "$ ffctl {}\n{}", arguments.join(" "), project.ok(arguments)).expect("written");
    }
    pinned("explain.txt", &stable(&project, &page));
}

#[test]
fn every_layer_names_its_place() {
    let mut project = Project::shipped();
    project.write("local.env", "\n\nFF_ENABLE_MEMORY_V2=60%\n");
    let settings = |project: &Project, field: &str| {
        let report = project.json(&["explain", "enable_memory_v2", "--env-file", "local.env"]);
        let fields = report["fields"].as_array().expect("fields").clone();
        let field = fields.into_iter().find(|one| one["field"] == field).expect("the field");
        field["settings"].as_array().expect("settings").clone()
    };
    let rollout = settings(&project, "rollout");
    assert_eq!(
        (&rollout[0]["source"], &rollout[0]["origin"]),
        (&"env".into(), &"local.env:3 FF_ENABLE_MEMORY_V2".into())
    );
    assert_eq!(rollout[0]["wins"], true);
    assert_eq!((&rollout[1]["value"], &rollout[1]["wins"]), (&"25%".into(), &false.into()));
    assert_eq!(rollout[1]["origin"], "flags.toml:43:11");
    project.set("FF_ENABLE_MEMORY_V2", "55%");
    assert_eq!(settings(&project, "rollout")[0]["origin"], "FF_ENABLE_MEMORY_V2", "the process wins");
    project.ok(&["set", "enable_memory_v2", "40%", "--local", "--yes", "-m", "ramp"]);
    let rollout = settings(&project, "rollout");
    assert_eq!((&rollout[0]["value"], &rollout[0]["origin"]), (&"40%".into(), &"journal 1".into()));
    assert_eq!(rollout[0]["by"], "ada");
    assert!(rollout[0]["at"].as_str().is_some_and(|at| at.ends_with('Z')));
    assert!(project.ok(&["explain", "enable_memory_v2"]).contains("journal 1 by ada, "));
    assert_eq!(rollout.len(), 3);
}

#[test]
fn the_trace_has_every_step_also_those_that_did_not_match() {
    let project = Project::shipped();
    let report =
        project.json(&["explain", "enable_memory_v2", "--user", "u-42", "--attr", "account_age_days=12"]);
    assert_eq!(report["schema"], "ffctl.explain/1");
    let evaluation = &report["evaluation"];
    assert_eq!((&evaluation["reason"], &evaluation["variation"]), (&"split".into(), &"off".into()));
    assert_eq!(step(&report, "enabled")["outcome"], "passed");
    let employees = step(&report, "rule 1");
    assert_eq!(
        (&employees["outcome"], &employees["clauses"][0]["matched"]),
        (&"missed".into(), &false.into())
    );
    let young = &step(&report, "rule 2")["clauses"][0];
    assert_eq!((&young["actual"], &young["wanted"]), (&12.into(), &"7".into()));
    let last = step(&report, "everybody else");
    assert_eq!(last["outcome"], "decided");
    assert_eq!((&last["bucket"]["bucket"], &last["bucket"]["threshold"]), (&60_739.into(), &25_000.into()));
    assert_eq!(
        (&last["bucket"]["in_at"], &last["bucket"]["algorithm"]),
        (&"60.74%".into(), &"ffctl/1".into())
    );
    assert_eq!(last["bucket"]["input"], "rollout:enable_memory_v2:u-42");
}

#[test]
fn in_at_is_the_smallest_rollout_that_has_the_user_in() {
    let project = Project::shipped();
    let value =
        |rollout: &str| project.ok(&["get", "enable_memory_v2", "--user", "u-42", "--rollout", rollout]);
    assert_eq!((value("60.739%").as_str(), value("60.74%").as_str()), ("false\n", "true\n"));
}

#[test]
fn a_rule_whose_rollout_misses_falls_through_with_the_same_bucket() {
    let project = Project::shipped();
    let report =
        project.json(&["explain", "enable_memory_v2", "--user", "u-42", "--attr", "account_age_days=1"]);
    let rule = step(&report, "rule 2");
    assert_eq!((&rule["outcome"], &rule["clauses"][0]["matched"]), (&"missed".into(), &true.into()));
    assert_eq!(rule["bucket"]["bucket"], step(&report, "everybody else")["bucket"]["bucket"]);
    let text = project.ok(&["explain", "enable_memory_v2", "--user", "u-42", "--attr", "account_age_days=1"]);
    assert_eq!(text.matches("in at ≥ 60.74%").count(), 1, "the bucket is drawn once:\n{text}");
}

#[test]
fn users_organisations_and_prerequisites_are_steps() {
    let project = Project::new(
        "schema = 1\n[flags]\nbase = false\n[flags.top]\nenabled = true\nrollout = \"0%\"\nusers = { u-1 = \"on\" }\norgs = [\"acme\"]\n\
         [flags.child]\nenabled = true\nprerequisites = [{ flag = \"base\", variation = \"on\" }]\n",
    );
    let report = project.json(&["explain", "top", "--user", "u-1", "--org", "acme"]);
    assert_eq!(step(&report, "single users")["outcome"], "decided");
    let report = project.json(&["explain", "top", "--user", "u-2", "--org", "acme"]);
    assert_eq!(step(&report, "single users")["outcome"], "missed");
    assert_eq!(step(&report, "organisations")["served"], "on");
    assert!(step(&report, "organisations")["origin"].as_str().expect("a place").starts_with("flags.toml:"));
    let report = project.json(&["explain", "child", "--user", "u-1"]);
    let needed = step(&report, "prerequisite base = on");
    assert_eq!(
        (&needed["outcome"], &needed["detail"]),
        (&"decided".into(), &"it serves off (disabled)".into())
    );
    assert_eq!(report["definition"]["prerequisites"][0], "base = on");
    let off = project.json(&["explain", "base", "--user", "u-1"]);
    assert_eq!(
        off["evaluation"]["trace"].as_array().expect("a trace").len(),
        1,
        "off beats everything below"
    );
}

#[test]
fn a_pipe_has_no_edge() {
    let long = "x".repeat(300);
    let project = Project::new(&format!("schema = 1\n[flags.a]\ndescription = \"{long}\"\nenabled = true\n"));
    let text = project.ok(&["explain", "a", "--user", "u"]);
    assert!(text.contains(&long) && !text.contains('…') && !text.contains('\u{1b}'));
}

#[test]
fn what_cannot_be_read_is_shown_and_is_no_success() {
    let mut project = Project::shipped();
    project.set("FF_ENABLE_TRY_ON", "flase");
    let run = project.run(&["explain", "enable_try_on"]);
    assert_eq!(run.code, 7, "{}", run.stderr);
    assert!(run.stdout.contains("invalid: FF_ENABLE_TRY_ON: `flase`") && run.stdout.contains("write false"));
    assert!(run.stdout.contains("flags.toml:20:11"), "the layers below are shown");
    assert!(project.fails(7, &["explain", "enable_try_on", "--user", "u"]).contains("FF_ENABLE_TRY_ON"));
    assert_eq!(project.run(&["explain", "use_v3_style"]).code, 0);
    assert!(project.fails(3, &["explain", "enable_try_onn"]).contains("did you mean `enable_try_on`?"));
}
