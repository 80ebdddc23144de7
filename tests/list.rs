//! `ffctl list`: states, sources, filters, what is overridden, drift, and every format.

use serde_json::Value;

use super::project::{Project, pinned};
use super::support::api;

fn names(project: &Project, arguments: &[&str]) -> Vec<String> {
    let mut all = vec!["list", "-o", "name"];
    all.extend(arguments);
    project.ok(&all).lines().map(str::to_owned).collect()
}

fn flag<'a>(list: &'a Value, name: &str) -> &'a Value {
    let flags = list["flags"].as_array().expect("flags");
    flags.iter().find(|flag| flag["name"] == name).unwrap_or_else(|| panic!("{name} in {list:#}"))
}

#[test]
fn the_shipped_flags_look_as_pinned() {
    pinned("list.txt", &Project::shipped().ok(&["list"]));
    assert_eq!(Project::shipped().ok(&["ls"]), Project::shipped().ok(&["list"]));
}

#[test]
fn a_state_is_on_off_or_what_it_comes_to() {
    let list = Project::shipped().json(&["list"]);
    for (name, state, summary) in [
        ("use_v3_style", "off", "off"),
        ("enable_try_on", "on", "on"),
        ("use_deepseek_critic", "partial", "10%"),
        ("enable_memory_v2", "partial", "25% + 2 rules"),
        ("enable_approval_queues", "partial", "2 orgs"),
        ("style_prompt", "partial", "v2 90 / v3 10 + 1 rule"),
    ] {
        let flag = flag(&list, name);
        assert_eq!(
            (flag["state"].as_str(), flag["summary"].as_str()),
            (Some(state), Some(summary)),
            "{name}"
        );
    }
}

#[test]
fn json_is_a_superset_of_what_the_admin_api_answers() {
    let list = Project::shipped().json(&["list"]);
    assert_eq!(list["schema"], "ffctl.list/1");
    for flag in list["flags"].as_array().expect("flags") {
        assert!(flag["name"].is_string() && flag["enabled"].is_boolean(), "{flag}");
        assert!(["admin", "env", "default"].contains(&flag["source"].as_str().expect("a source")), "{flag}");
        assert_eq!(flag["algorithm"], "ffctl/1");
    }
    assert_eq!(list["count"]["shown"], 9);
    assert_eq!(list["freshness"]["state"], "live");
}

#[test]
fn filters_narrow_and_add_up() {
    let mut project = Project::shipped();
    project.set("FF_USE_V3_STYLE", "on");
    project.ok(&["set", "enable_memory_v2", "50%", "--local", "--yes"]);
    assert_eq!(names(&project, &["--state", "off"]), ["enable_shopping_agent"]);
    assert_eq!(names(&project, &["--source", "env"]), ["use_v3_style"]);
    assert_eq!(names(&project, &["--source", "admin"]), ["enable_memory_v2"]);
    assert_eq!(names(&project, &["--tag", "models", "--tag", "vision"]).len(), 3);
    assert_eq!(names(&project, &["--owner", "billing-team"]).len(), 2);
    assert_eq!(
        names(&project, &["use_*", "*_v?"]),
        ["use_v3_style", "use_deepseek_critic", "enable_memory_v2"]
    );
    assert_eq!(names(&project, &["--owner", "agents-team", "--state", "partial"]), ["use_deepseek_critic"]);
    assert_eq!(project.ok(&["list", "nothing*"]), "0 of 9 flags\n");
    let count = &project.json(&["list", "--tag", "agents"])["count"];
    assert_eq!((count["shown"].as_u64(), count["total"].as_u64()), (Some(3), Some(9)));
    assert!(project.fails(2, &["list", "["]).contains("pattern"));
    assert!(project.fails(2, &["list", "--state", "maybe"]).contains("partial"));
}

#[test]
fn the_count_line_counts_what_is_shown() {
    let project = Project::shipped();
    assert!(project.ok(&["list"]).ends_with("9 flags: 3 on, 2 off, 4 partial\n"));
    assert!(project.ok(&["list", "use_*"]).ends_with("2 of 9 flags: 1 off, 1 partial\n"));
}

#[test]
fn what_is_overridden_stays_visible() {
    let mut project = Project::shipped();
    project.set("FF_ENABLE_MEMORY_V2", "60%");
    project.ok(&["set", "enable_memory_v2", "40%", "--local", "--yes"]);
    let list = project.json(&["list"]);
    let flag = flag(&list, "enable_memory_v2");
    assert_eq!((&flag["rollout"], &flag["sources"]["rollout"]), (&"40%".into(), &"admin".into()));
    let overridden = flag["overridden"].as_array().expect("some");
    let below: Vec<(&str, &str, &str)> = overridden
        .iter()
        .map(|one| {
            let text = |name: &str| one[name].as_str().expect("text");
            (text("field"), text("value"), text("source"))
        })
        .collect();
    assert!(below.contains(&("rollout", "60%", "env")) && below.contains(&("rollout", "25%", "default")));
    assert!(project.ok(&["list"]).contains("rollout 60% (env)"));
}

#[test]
fn an_invalid_variable_spoils_its_own_row_alone() {
    let mut project = Project::shipped();
    project.set("FF_ENABLE_TRY_ON", "flase");
    for format in ["table", "json", "jsonl", "csv", "markdown", "name"] {
        let run = project.run(&["list", "-o", format]);
        assert_eq!(run.code, 7, "{format}: {}", run.stderr);
        for name in ["use_v3_style", "enable_try_on", "style_prompt"] {
            assert!(run.stdout.contains(name), "{format} has {name}");
        }
    }
    let run = project.run(&["list", "--json"]);
    let list: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let broken = flag(&list, "enable_try_on");
    assert_eq!((&broken["enabled"], &broken["state"]), (&Value::Null, &"invalid".into()));
    assert!(broken["problems"][0].as_str().expect("said").contains("FF_ENABLE_TRY_ON"));
    assert_eq!(flag(&list, "enable_cost_alerts")["enabled"], true);
    assert_eq!(project.run(&["list", "--state", "invalid", "-o", "name"]).stdout, "enable_try_on\n");
    // Who does not ask for that flag gets a whole answer.
    assert_eq!(project.run(&["list", "use_*"]).code, 0);
}

#[test]
fn one_that_has_expired_says_so() {
    let project = Project::new("schema = 1\n[flags.old]\nenabled = true\nexpires = 2020-01-31\n");
    let list = project.json(&["list"]);
    assert_eq!(
        (&list["flags"][0]["expires"], &list["flags"][0]["expired"]),
        (&"2020-01-31".into(), &true.into())
    );
    assert!(project.ok(&["list"]).contains("expired"));
}

#[test]
fn every_format_has_every_flag() {
    let project = Project::shipped();
    let jsonl = project.ok(&["list", "-o", "jsonl"]);
    let lines: Vec<Value> = jsonl.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 9);
    assert!(lines.iter().all(|line| line["schema"] == "ffctl.flag/1" && line["name"].is_string()));
    let csv = project.ok(&["list", "-o", "csv"]);
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    assert_eq!(reader.headers().expect("a header").get(0), Some("name"));
    assert_eq!(reader.records().flatten().count(), 9);
    let markdown = project.ok(&["list", "-o", "markdown"]);
    assert_eq!(markdown.lines().filter(|line| line.starts_with("| **")).count(), 9);
    assert_eq!(project.ok(&["list", "-o", "name"]).lines().count(), 9);
    assert_eq!(project.ok(&["list", "--json"]), project.ok(&["list", "-o", "json"]));
}

#[test]
fn a_server_shows_flags_that_are_declared_nowhere_here() {
    let server = api::rich(&["use_v3_style", "only_there"], None);
    let mut project = Project::shipped();
    project.set("FFCTL_ADMIN_URL", &server.url());
    let list = project.json(&["list"]);
    let there = flag(&list, "only_there");
    assert_eq!((&there["declared"], &there["state"]), (&false.into(), &"off".into()));
    assert_eq!(list["count"]["undeclared"], 1);
    let shown = project.ok(&["list"]);
    assert!(shown.contains("only_there undeclared") && shown.contains(&server.url()), "{shown}");
    assert_eq!(project.ok(&["get", "only_there"]), "false\n");
}

#[test]
fn a_server_of_three_fields_overrides_and_drifts() {
    let server = api::minimal(&[("use_v3_style", true, "admin"), ("enable_try_on", false, "env")]);
    let mut project = Project::shipped();
    project.set("FFCTL_ADMIN_URL", &server.url());
    let list = project.json(&["list"]);
    // An entry with the source `admin` is an override; any other is the server's own view.
    let style = flag(&list, "use_v3_style");
    assert_eq!(
        (&style["enabled"], &style["source"], &style["drift"]),
        (&true.into(), &"admin".into(), &false.into())
    );
    let try_on = flag(&list, "enable_try_on");
    assert_eq!((&try_on["enabled"], &try_on["source"]), (&true.into(), &"default".into()));
    assert_eq!((&try_on["drift"], &try_on["server"]["enabled"]), (&true.into(), &false.into()));
    assert!(project.ok(&["list"]).contains("drift: the server says off (env)"));
    let sent = server.requests();
    assert!(sent.iter().all(|request| request.method == "GET"), "a list only reads");
}

#[test]
fn expired_flags_can_be_asked_for() {
    let project = Project::new(
        "schema = 1\n[flags]\nfresh = true\nold = { enabled = true, expires = 2020-01-31, owner = \"o\" }\n\
         older = { enabled = false, expires = 2019-01-31 }\nlater = { enabled = true, expires = 2999-01-01 }\n",
    );
    assert_eq!(project.ok(&["list", "--expired", "-o", "name"]), "old\nolder\n");
    assert_eq!(project.ok(&["list", "--expired", "--state", "on", "-o", "name"]), "old\n");
    assert_eq!(project.ok(&["list", "--expired", "fresh", "-o", "name"]), "");
}

/// A repository with a commit of long ago, and one of today.
fn repository() -> Project {
    let project = Project::empty();
    let before = "schema = 1\n\n[flags.a]\nenabled = true\n\n[flags.b]\nenabled = true\nrollout = \"5%\"\n\n[flags]\nc = true\nd = true\n";
    project.write("flags.toml", before);
    let commit = "git -c user.name=a -c user.email=a@b commit -q -a -m x";
    let first = format!(
        "rm -rf .git && git init -q . && git add flags.toml && GIT_COMMITTER_DATE='2020-01-01T00:00:00Z' {commit}"
    );
    assert_eq!(super::project::run(&mut project.shell(&first)).code, 0);
    project.write("flags.toml", &before.replace("5%", "10%").replace("[flags.a]", "# of a\n[flags.a]"));
    assert_eq!(super::project::run(&mut project.shell(commit)).code, 0);
    project
}

#[test]
fn flags_that_nobody_changed_can_be_asked_for() {
    let project = repository();
    let unchanged = |span: &str| project.ok(&["list", "--unchanged", span, "-o", "name"]);
    assert_eq!(unchanged("90d"), "a\nc\nd\n", "a comment above is no change");
    assert_eq!(unchanged("9000d"), "");
    // What is not committed changed just now.
    project.write("flags.toml", &project.read("flags.toml").replace("c = true", "c = false"));
    assert_eq!(unchanged("90d"), "a\nd\n");
    // So did what has been overridden, and what was taken back.
    project.ok(&["set", "d", "off", "--local", "--yes"]);
    assert_eq!(unchanged("90d"), "a\n");
    project.ok(&["unset", "d", "--local", "--yes"]);
    assert_eq!(unchanged("90d"), "a\n");
    assert_eq!(project.ok(&["list", "--unchanged", "90d", "--state", "off", "-o", "name"]), "");
    let other = project.ok(&["list", "--unchanged", "90d", "--store", "other.db", "-o", "name"]);
    assert_eq!(other, "a\nd\n", "another target has another journal");
}

#[test]
fn what_nobody_can_tell_is_said() {
    let project = Project::shipped();
    let run = project.run(&["list", "--unchanged", "90d"]);
    assert_eq!(run.code, 0);
    assert!(
        run.stderr.contains("git cannot tell when flags.toml was changed, so only overrides count"),
        "{}",
        run.stderr
    );
    let server = api::minimal(&[("use_v3_style", true, "admin")]);
    let mut project = repository();
    project.set("FFCTL_ADMIN_URL", &server.url());
    let run = project.run(&["list", "--unchanged", "90d"]);
    assert!(run.code == 0 && run.stderr.contains("when overrides changed cannot be told"), "{}", run.stderr);
    let run = project.run(&["list", "--unchanged", "90d", "--offline"]);
    assert!(
        run.code == 0 && run.stderr.contains("when overrides changed is not known without asking"),
        "{}",
        run.stderr
    );
    for span in ["90", "soon", ""] {
        assert!(project.fails(2, &["list", "--unchanged", span]).contains("--unchanged 90d"));
    }
}

#[test]
fn a_history_that_is_cut_off_is_not_taken_for_the_whole() {
    let project = repository();
    let clone = "git clone -q --depth 1 \"file://$PWD\" shallow";
    assert_eq!(super::project::run(&mut project.shell(clone)).code, 0);
    let mut command = project.command();
    let run = super::project::run(command.current_dir(project.path("shallow")).args([
        "list",
        "--unchanged",
        "90d",
        "-o",
        "name",
    ]));
    assert_eq!((run.code, run.stdout.as_str()), (0, ""));
    assert!(run.stderr.contains("4 flags") && run.stderr.contains("fetch-depth: 0"), "{}", run.stderr);
}
