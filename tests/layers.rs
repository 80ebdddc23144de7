//! Where flags come from: discovery of flags.toml, the layers, env files, and what is wrong in them.

use std::fmt::Write;

use serde_json::Value;

use super::project::{Project, pinned, run};

const ONE: &str =
    "schema = 1\n[flags.a]\nenabled = false\nrollout = \"10%\"\norgs = { acme = \"on\", globex = \"on\" }\n";

fn answer(project: &Project, options: &[&str]) -> Value {
    let list = project.json(&[&["list"], options].concat());
    list["flags"][0].clone()
}

#[test]
fn each_field_comes_from_the_highest_layer_that_has_it() {
    let mut project = Project::new(ONE);
    let flag = answer(&project, &[]);
    assert_eq!(
        (&flag["enabled"], &flag["rollout"], &flag["source"]),
        (&false.into(), &"10%".into(), &"default".into())
    );
    project.set("FF_A", "30%");
    let flag = answer(&project, &[]);
    assert_eq!((&flag["enabled"], &flag["rollout"]), (&true.into(), &"30%".into()));
    assert_eq!((&flag["sources"]["enabled"], &flag["sources"]["rollout"]), (&"env".into(), &"env".into()));
    project.ok(&["set", "a", "off", "--local", "--yes"]);
    project.ok(&["set", "a", "off", "--org", "acme", "--local", "--yes"]);
    let flag = answer(&project, &[]);
    assert_eq!((&flag["enabled"], &flag["rollout"]), (&false.into(), &"30%".into()), "field by field");
    assert_eq!((&flag["sources"]["enabled"], &flag["sources"]["rollout"]), (&"admin".into(), &"env".into()));
    assert_eq!(
        (&flag["orgs"]["acme"], &flag["orgs"]["globex"]),
        (&"off".into(), &"on".into()),
        "entry by entry"
    );
    assert_eq!(
        (&flag["sources"]["orgs"]["acme"], &flag["sources"]["orgs"]["globex"]),
        (&"admin".into(), &"default".into())
    );
}

#[test]
fn every_word_of_a_variable() {
    for (text, value) in [
        ("true", "true"),
        ("FALSE", "false"),
        (" 1 ", "true"),
        ("0", "false"),
        ("On", "true"),
        ("no", "false"),
        ("100%", "true"),
        ("0%", "false"),
        ("12.5%", "partial"),
    ] {
        let mut project = Project::new("schema = 1\n[flags]\na = true\n");
        project.set("FF_A", text);
        assert_eq!(project.ok(&["get", "a"]), format!("{value}\n"), "{text:?}");
    }
    for text in ["flase", "0.25", "2", "25 %%", "-1%", "101%", "NaN%", "1.2345%"] {
        let mut project = Project::new("schema = 1\n[flags]\na = true\n");
        project.set("FF_A", text);
        let said = project.fails(7, &["get", "a"]);
        assert!(said.contains("FF_A") && said.contains("hint:"), "{text}: {said}");
    }
    let mut project = Project::shipped();
    project.set("FF_STYLE_PROMPT", "v3");
    assert!(project.ok(&["get", "style_prompt", "--user", "u"]).contains("gpt-5.1"));
    project.set("FF_STYLE_PROMPT", "v4");
    assert!(project.fails(7, &["get", "style_prompt"]).contains("one of v2, v3"));
}

#[test]
fn an_env_file_gives_way_to_the_process() {
    let mut project = Project::new("schema = 1\n[flags]\na = false\nb-c = false\n");
    project.write("x.env", "# comment\nexport FF_A=on\nFF_B_C=\"on\"\nPATH=/nowhere\nFFCTL_OUTPUT=json\nDATABASE_URL=postgres://\n");
    let get = |project: &Project| project.ok(&["get", "a", "--env-file", "x.env"]);
    assert_eq!(get(&project), "true\n");
    assert_eq!(project.ok(&["get", "b-c", "--env-file", "x.env"]), "true\n");
    project.set("FF_A", "off");
    assert_eq!(get(&project), "false\n", "the process wins");
    let said = project.fails(12, &["get", "a", "--env-file", "absent.env"]);
    assert!(said.contains("absent.env"), "{said}");
    project.write("bad.env", "FF_A=on\nFF_A='never closed\n");
    assert!(project.fails(7, &["get", "a", "--env-file", "bad.env"]).contains("bad.env:2"));
}

#[test]
fn empty_is_unset_and_a_near_miss_is_noted() {
    let mut project = Project::shipped();
    project.set("FF_ENABLE_TRY_ON", "");
    project.set("FF_USE_V3_STLYE", "on");
    project.set("FF_SOMETHING_OF_THE_CI", "on");
    let run = project.run(&["get", "enable_try_on"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, "true\n"));
    assert!(run.stderr.contains("FF_ENABLE_TRY_ON is empty and counts as unset"), "{}", run.stderr);
    assert!(run.stderr.contains("did you mean `FF_USE_V3_STYLE`?"), "{}", run.stderr);
    assert!(!run.stderr.contains("SOMETHING"), "what others declare is theirs");
    assert!(!project.ok(&["list", "-o", "name"]).contains("something"));
}

#[test]
fn flags_toml_is_found_above_up_to_the_repository() {
    let project = Project::shipped();
    project.write("deep/er/x.txt", "");
    let from = |folder: &str| {
        run(project.command().current_dir(project.path(folder)).args(["get", "enable_try_on"]))
    };
    assert_eq!(from("deep/er").stdout, "true\n");
    // Another repository begins there: the file above is not its own.
    project.write("deep/.git/HEAD", "");
    let bounded = from("deep/er");
    assert_eq!((bounded.code, bounded.stdout.as_str()), (7, ""), "{}", bounded.stderr);
    assert!(
        bounded.stderr.contains("flags.toml") && bounded.stderr.contains("ffctl init"),
        "{}",
        bounded.stderr
    );
    let named = run(project.command().current_dir(project.path("deep")).args([
        "get",
        "enable_try_on",
        "-f",
        "../flags.toml",
    ]));
    assert_eq!(named.stdout, "true\n");
    assert!(project.fails(7, &["list", "--flags", "other.toml"]).contains("other.toml"));
}

#[test]
fn a_broken_file_shows_every_mistake_at_once() {
    let project = Project::new(
        "schema = 1\nurl = \"https://flags.example\"\n\n[flags.a]\nenabled = \"yes\"\nrollout = 0.25\nowner = 7\n\n\
         [flags.b]\nenabled = true\norgs = [\"acme\"]\n\n[[flags.b.rules]]\nwhen = [{ atribute = \"plan\", values = [1] }]\nserve = \"on\"\n",
    );
    let run = project.run(&["list"]);
    assert_eq!((run.code, run.stdout.as_str()), (7, ""));
    pinned("broken.txt", &run.stderr);
    let places = ["flags.toml:2:", "flags.toml:5:", "flags.toml:6:", "flags.toml:7:"];
    for place in places {
        assert!(run.stderr.contains(place), "{place} in {}", run.stderr);
    }
    assert!(run.stderr.contains('^') && run.stderr.contains("fix:"));
    for command in
        [&["get", "a"] as &[&str], &["explain", "a"], &["simulate-rollout", "a"], &["variant-for-user", "u"]]
    {
        let run = project.run(&[command, &["--json"]].concat());
        assert_eq!((run.code, run.stdout.as_str()), (7, ""), "{command:?}");
        let error: Value = serde_json::from_str(&run.stderr).expect("one JSON object");
        assert_eq!(error["schema"], "ffctl.error/1");
        assert!(error["error"]["diagnostics"].as_array().expect("mistakes").len() >= 5, "{error:#}");
    }
}

#[test]
fn a_file_that_is_something_else_does_not_flood_the_screen() {
    let project = Project::shipped();
    let mut text = String::new();
    for number in 0..1000 {
        writeln!(text, "u-{number},acme").expect("written");
    }
    project.write("users.csv", &text);
    let said = project.fails(7, &["list", "--flags", "users.csv"]);
    assert!(said.lines().count() < 600 && said.contains("more mistakes"), "{} lines", said.lines().count());
}
