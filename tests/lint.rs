//! `ffctl lint`: what fails a run, where findings are shown, and the formats for CI systems.

use serde_json::Value;

use super::project::{Project, SHIPPED, pinned};

/// A file with a mistake of every severity but none that cannot be read.
const UNTIDY: &str = "schema = 1\n[flags]\na = true\n[flags.old]\ndescription = \"x, 100%: y\"\nowner = \"o\"\nenabled = true\nexpires = 2026-01-01\n";

#[test]
fn nothing_is_wrong_with_the_shipped_file_and_the_starter() {
    let project = Project::shipped();
    // The days of its flags will come.
    project.ok(&["lint", "--deny", "warnings", "--allow", "expired"]);
    let empty = Project::empty();
    empty.ok(&["init"]);
    let said = empty.ok(&["lint", "--deny", "notes"]);
    assert_eq!(said, "nothing found in flags.toml\n");
}

#[test]
fn errors_end_with_7_and_the_rest_only_where_it_is_denied() {
    let project = Project::new(UNTIDY);
    for (code, options) in [
        (0, &[] as &[&str]),
        (1, &["--deny", "warnings"]),
        (1, &["--deny", "notes"]),
        (1, &["--deny", "expired"]),
        (1, &["--deny", "undescribed"]),
        (0, &["--deny", "shadowed-rule,closed-gate"]),
        (0, &["--deny", "warnings", "--allow", "expired,ownerless"]),
        (1, &["--deny", "warnings", "--allow", "expired"]),
    ] {
        assert_eq!(project.run(&[&["lint"], options].concat()).code, code, "{options:?}");
    }
    let json = project.json(&["lint", "--allow", "ownerless"]);
    assert_eq!(
        json["count"],
        serde_json::json!({ "errors": 0, "warnings": 1, "notes": 1, "denied": 0, "allowed": 1 })
    );
    project.write("x.env", "FF_A=flase\n");
    assert_eq!(project.run(&["lint", "--env-file", "x.env", "--deny", "warnings"]).code, 7);
}

#[test]
fn a_file_that_cannot_be_read_is_what_is_found() {
    let project = Project::new(
        "schema = 1\n[flags]\na = ture\nb = { enabled = true, rollout = 0.25 }\na-c = true\na_c = true\n",
    );
    project.write("x.env", "FF_A='on\nFF_B on\n");
    let run = project.run(&["lint", "--env-file", "x.env", "--json"]);
    assert_eq!((run.code, run.stderr.as_str()), (7, ""));
    let json: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let codes: Vec<_> =
        json["findings"].as_array().expect("a list").iter().map(|one| one["code"].as_str()).collect();
    let expected = [
        "invalid-definition",
        "fraction-as-percentage",
        "colliding-variables",
        "invalid-env-file",
        "invalid-env-file",
    ];
    assert_eq!(codes, expected.map(Some));
    assert_eq!(json["complete"], false);
    assert!(project.run(&["lint"]).stdout.contains("once flags.toml can be read, more may be found"));
}

#[test]
fn bytes_that_are_no_text_are_found_at_their_place() {
    let project = Project::empty();
    std::fs::write(project.path("flags.toml"), b"schema = 1\n[flags]\nx = \"\xff\"\n").expect("written");
    let run = project.run(&["lint"]);
    assert!(
        run.code == 7 && run.stdout.contains("3:6") && run.stdout.contains("this is not UTF-8"),
        "{}",
        run.stdout
    );
}

#[test]
fn the_table_is_grouped_by_file() {
    let mut project = Project::new(UNTIDY);
    project.write("ci.env", "# ours\nexport FF_OLD=\"flase\"  # why\nFF_ODL=on\n");
    project.write("prod.env", "FF_A=off\n");
    project.set("FF_A", "");
    let run = project.run(&["lint", "--env-file", "ci.env", "--environment", "prod.env"]);
    assert_eq!((run.code, run.stderr.as_str()), (7, ""));
    // The days since it expired pass.
    let days = regex::Regex::new(r"\d+ days ago").expect("a pattern");
    pinned("lint.txt", &days.replace_all(&run.stdout, "<n> days ago"));
}

#[test]
fn a_file_can_be_named_in_two_ways_but_not_in_both() {
    let project = Project::shipped();
    project.write("sub/other.toml", UNTIDY);
    assert_eq!(project.ok(&["lint", "sub/other.toml"]), project.ok(&["lint", "-f", "sub/other.toml"]));
    project.fails(2, &["lint", "sub/other.toml", "-f", "flags.toml"]);
    assert!(project.fails(7, &["lint", "absent.toml"]).contains("there is no file `absent.toml`"));
    assert!(project.fails(7, &["lint", "sub"]).contains("is a folder"));
    assert!(project.fails(12, &["lint", "--environment", "absent.env"]).contains("absent.env"));
    assert!(Project::empty().fails(7, &["lint"]).contains("ffctl init"));
}

#[test]
fn rules_are_listed_and_explained() {
    let project = Project::empty();
    let rules = project.ok(&["lint", "--rules", "-o", "name"]);
    assert!(rules.lines().count() >= 30, "{rules}");
    for rule in rules.lines() {
        let why = project.ok(&["lint", "--explain", rule]);
        assert!(why.starts_with(rule) && why.lines().count() >= 4, "{why}");
    }
    for (option, code) in [("--explain", "expird"), ("--deny", "expird"), ("--allow", "expird")] {
        let said = project.fails(2, &["lint", option, code]);
        assert!(said.contains(option) && said.contains("did you mean `expired`?"), "{said}");
    }
    assert!(project.fails(2, &["lint", "--allow", "invalid-definition"]).contains("finds errors"));
    assert!(
        project
            .fails(2, &["lint", "--allow", "expired", "--deny", "expired"])
            .contains("both denied and allowed")
    );
}

#[test]
fn its_tables_have_headings_like_all_others() {
    let project = Project::shipped();
    assert!(project.ok(&["lint", "--rules"]).starts_with("RULE  "));
    assert!(project.ok(&["lint", "--rules", "-o", "markdown"]).starts_with("| RULE | SEVERITY | FINDS |"));
}

#[test]
fn github_gets_one_command_a_finding() {
    let mut project = Project::new(UNTIDY);
    project.set("CI", "true");
    project.set("FF_OLD", "::error::x");
    let run = project.run(&["lint", "-o", "github"]);
    assert_eq!(run.code, 7);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(
        lines[0],
        "::warning file=flags.toml,line=3,col=1,endColumn=1,title=ffctl ownerless::`a` has no owner%0Afix: a = { enabled = true, owner = \"…\" }"
    );
    assert!(
        lines[2].starts_with("::warning file=flags.toml,line=8,col=11,endColumn=20,title=ffctl expired::"),
        "{lines:?}"
    );
    let last = lines.last().expect("a line");
    assert!(last.starts_with("::error file=flags.toml,title=ffctl unreadable-variable::`FF_OLD` cannot be read: `::error::x` is"), "{last}");
    assert!(lines.iter().all(|line| line.starts_with("::")), "{lines:?}");
    let clean = Project::new("schema = 1\n");
    assert_eq!(clean.ok(&["lint", "-o", "github"]), "");
}

#[test]
fn github_and_sarif_name_files_from_the_root_of_the_repository() {
    let project = Project::empty();
    project.write("deep/a b/flags.toml", UNTIDY);
    let mut command = project.command();
    command.current_dir(project.path("deep/a b"));
    let run = super::project::run(command.args(["lint", "-o", "github"]));
    assert!(run.stdout.starts_with("::warning file=deep/a b/flags.toml,line=3"), "{}", run.stdout);
    let mut command = project.command();
    command.current_dir(project.path("deep/a b"));
    let run = super::project::run(command.args(["lint", "-o", "sarif"]));
    assert!(run.stdout.contains("\"uri\": \"deep/a%20b/flags.toml\""), "{}", run.stdout);
}

fn sarif(project: &Project, options: &[&str]) -> Value {
    let run = project.run(&[&["lint", "-o", "sarif"], options].concat());
    let log: Value = serde_json::from_str(&run.stdout).expect("JSON");
    // One pattern of the schema, of a language that we do not name, has a bracket too many for a strict reader.
    let schema = include_str!("sarif/sarif-2.1.0.schema.json").replace("{2}]?$", "{2}$");
    let schema: Value = serde_json::from_str(&schema).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let wrong: Vec<String> =
        validator.iter_errors(&log).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    log
}

#[test]
fn sarif_is_what_the_standard_says() {
    let mut project = Project::new(UNTIDY);
    project.write("x.env", "FF_A=\u{1b}[31m\nFF_A='open\n");
    project.set("FF_OLD", "flase");
    let log = sarif(&project, &["--env-file", "x.env"]);
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    for result in run["results"].as_array().expect("results") {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().expect("a number")).expect("small")];
        assert_eq!(
            (&rule["id"], &rule["defaultConfiguration"]["level"]),
            (&result["ruleId"], &result["level"])
        );
        assert_eq!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uriBaseId"], "%SRCROOT%");
    }
    let of_process = run["results"].as_array().expect("results").last().expect("one");
    assert_eq!(of_process["locations"][0]["logicalLocations"][0]["name"], "FF_OLD");
    for text in [SHIPPED, "schema = 1\n", "schema = 2\n\u{202e}"] {
        sarif(&Project::new(text), &[]);
    }
}

#[test]
fn a_fingerprint_stays_when_the_line_moves() {
    let prints = |text: &str| -> Vec<Value> {
        let log = sarif(&Project::new(text), &[]);
        let results = log["runs"][0]["results"].as_array().expect("results");
        results
            .iter()
            .map(|result| result["partialFingerprints"]["primaryLocationLineHash"].clone())
            .collect()
    };
    let before = prints(UNTIDY);
    assert_eq!(prints(&UNTIDY.replace("schema = 1\n", "schema = 1\n# more\n\n")), before);
    assert_ne!(prints(&UNTIDY.replace("a = true", "ab = true")), before);
    let mut unique = before.clone();
    unique.dedup();
    assert_eq!(unique, before, "each finding has its own");
}

#[test]
fn no_server_is_asked() {
    let server = super::support::api::rich(&["a"], None);
    let mut project = Project::new(UNTIDY);
    project.set("FFCTL_ADMIN_URL", &server.url());
    project.ok(&["lint"]);
    assert!(server.requests().is_empty());
    assert!(!project.state().join("ffctl").exists(), "and no store is made");
}
