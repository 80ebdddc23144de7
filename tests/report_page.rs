//! `--report FILE.html`: a page that is one file, in a real browser and in the hands of whoever writes it.

use std::fmt::Write;
use std::os::unix::fs::{PermissionsExt, symlink};

use super::dashboard::browser;
use super::project::Project;
use super::sdk::toolchain;

/// What would run as a script, or open an element, wherever it is not taken for text; a file may be called so.
const ATTACK: &str = r#"x'"><img src=x onerror="window.attacked=true;alert(1)"><script>window.attacked=true"#;

/// Has a browser read a page, which must show these texts.
pub(super) fn read(project: &Project, page: &str, shown: &[&str]) {
    if let Some(mut command) = browser("report") {
        command.arg(project.path(page)).args(shown);
        toolchain::run(&mut command).expect("the page is as it should be");
    }
}

#[test]
fn a_ramp_is_read_in_a_browser() {
    let project = Project::shipped();
    let run = ["simulate-rollout", "use_deepseek_critic", "--to", "25%,50%,100%", "--report", "ramp.html"];
    project.ok(&run);
    read(
        &project,
        "ramp.html",
        &["use_deepseek_critic", "Nothing in the numbers speaks against it", "+14,948", "ffctl/1"],
    );
    let many: Vec<String> = (1..=20).map(|step| format!("{}%", step * 5)).collect();
    project.ok(&[
        "simulate-rollout",
        "style_prompt",
        "--to",
        "v3,v2",
        "--synthetic",
        "999",
        "--report",
        "v.html",
    ]);
    read(&project, "v.html", &["style_prompt"]);
    project.ok(&["simulate-rollout", "use_v3_style", "--to", &many.join(","), "--report", "many.html"]);
    read(&project, "many.html", &["use_v3_style"]);
}

#[test]
fn an_experiment_is_read_in_a_browser() {
    let project = Project::shipped();
    let split = ["--split", "control=90,treatment=10", "--synthetic", "5000"];
    project
        .ok(&[&["simulate-rollout", "personalization_v2", "--report", "e.html"] as &[&str], &split].concat());
    read(&project, "e.html", &["personalization_v2", "Look before you go on", "No sample ratio mismatch"]);
}

#[test]
fn whatever_stands_in_a_field_is_text() {
    let project = Project::shipped();
    let quoted = serde_json::to_string(ATTACK).expect("a string");
    let rules = format!(
        "schema = 1\n[flags.hostile]\ndescription = {quoted}\nowner = {quoted}\nenabled = true\nrollout = \"20%\"\n\
         users = {{ {quoted} = \"on\" }}\n[[flags.hostile.rules]]\nname = {quoted}\n\
         when = [{{ attribute = {quoted}, op = \"in\", values = [{quoted}] }}]\nserve = \"on\"\n"
    );
    project.write("flags.toml", &rules);
    let (other, users) = (format!("{ATTACK}.toml"), format!("{ATTACK}.csv"));
    project.write(&other, &rules.replace("20%", "30%"));
    let cell = ATTACK.replace('"', "\"\"");
    let mut rows = format!("id,org,\"{cell}\"\n\"{cell}\",\"{cell}\",\"{cell}\"\n");
    for number in 0..400 {
        writeln!(rows, "\"{cell}{number}\",\"{cell}{}\",a", number % 3).expect("written");
    }
    writeln!(rows, "\"{cell}\"").expect("written");
    project.write(&users, &rows);
    let run = project.run(&[
        "simulate-rollout",
        "hostile",
        "--to",
        &format!("./{other}"),
        "--to",
        "50%",
        "--population",
        &users,
        "--by",
        ATTACK,
        "--fail-if",
        "share>1%",
        "--report",
        "hostile.html",
    ]);
    assert!(project.path("hostile.html").exists(), "{run:?}");
    read(&project, "hostile.html", &[ATTACK, "It fails what was asked of it"]);
}

#[test]
fn a_page_stands_beside_the_answer() {
    let project = Project::shipped();
    let arguments = ["simulate-rollout", "use_deepseek_critic", "--to", "25%", "--synthetic", "3000"];
    let plain = project.ok(&[&arguments as &[&str], &["--json"]].concat());
    let run = project.run(&[&arguments as &[&str], &["--json", "--report", "a.html"]].concat());
    assert_eq!((run.code, &run.stdout), (0, &plain), "the answer is the same");
    assert!(run.stderr.contains("the report is in `a.html`"), "{}", run.stderr);
    let page = project.read("a.html");
    let answer: serde_json::Value = serde_json::from_str(&plain).expect("JSON");
    let joins = answer["steps"][0]["joins"].as_u64().expect("a count");
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains(&format!("+{joins}")), "{page}");
    assert!(page.contains("--json --report a.html"), "it says how it was made");
    project.ok(&[
        "bucketing",
        "migrate",
        "personalization_v2",
        "--to",
        "posthog",
        "--synthetic",
        "99",
        "--report",
        "b.html",
    ]);
    assert!(project.read("b.html").contains("posthog"));
    assert_eq!(
        project.run(&["simulate-rollout", "use_v3_style", "--emit-sql", "mysql", "--report", "c.html"]).code,
        2
    );
}

#[test]
fn a_forecast_that_is_no_answer_has_a_page_that_says_so() {
    let project = Project::shipped();
    project.write("users.jsonl", "{\"id\":\"a\"}\n{\"id\":\n{\"id\":\"b\"}\n");
    let run = project.run(&[
        "simulate-rollout",
        "use_v3_style",
        "--to",
        "on",
        "--population",
        "users.jsonl",
        "--report",
        "w.html",
    ]);
    assert_eq!(run.code, 7, "{run:?}");
    assert!(project.read("w.html").contains("1 row of the population could not be read and is not counted."));
}

#[test]
fn the_file_is_looked_at_before_anybody_is_counted() {
    let project = Project::shipped();
    std::fs::create_dir(project.path("closed")).expect("a folder");
    std::fs::create_dir(project.path("folder.html")).expect("a folder");
    project.write("notes.html", "<!DOCTYPE html><html lang=\"en\"><head></head></html>");
    symlink("/dev/null", project.path("null.html")).expect("a link");
    symlink(project.path("flags.toml"), project.path("link.html")).expect("a link");
    for (path, code, said) in [
        ("-", 2, "--report takes a file, since standard output has the answer"),
        ("folder.html", 12, "the report `folder.html` is a folder"),
        ("absent/x.html", 12, "the folder of the report `absent/x.html` does not exist"),
        ("flags.toml/x.html", 12, "cannot write the report `flags.toml/x.html`"),
        ("flags.toml", 8, "`flags.toml` is there already, and is no report of ffctl"),
        ("notes.html", 8, "is no report of ffctl"),
        ("link.html", 8, "is no report of ffctl"),
        ("null.html", 8, "`null.html` is not a plain file"),
        ("same.html", 2, "--report and --joins both name `same.html`"),
    ] {
        // The population is not there either, which nobody gets to see.
        let said_now = project.fails(
            code,
            &[
                "simulate-rollout",
                "use_v3_style",
                "--to",
                "on",
                "--population",
                "nowhere.csv",
                "--joins",
                "same.html",
                "--report",
                path,
            ],
        );
        assert!(said_now.contains(said), "{path}: {said_now}");
        assert!(!project.path("same.html").exists());
    }
    assert_eq!(project.read("flags.toml"), super::project::SHIPPED);
}

#[test]
fn a_report_is_replaced_and_keeps_its_permissions() {
    let project = Project::shipped();
    let run = |to: &str| {
        project.ok(&[
            "simulate-rollout",
            "use_v3_style",
            "--to",
            to,
            "--synthetic",
            "50",
            "--report",
            "r.html",
        ]);
        project.read("r.html")
    };
    let first = run("25%");
    let path = project.path("r.html");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).expect("set");
    let second = run("75%");
    assert!(first.contains("now → 25%") && second.contains("now → 75%") && !second.contains("now → 25%"));
    let mode = std::fs::metadata(&path).expect("there").permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
    project.write("r.html", "");
    assert!(run("50%").contains("now → 50%"), "an empty file, as mktemp makes it, is nobody's");
    let left: Vec<_> =
        std::fs::read_dir(project.path("")).expect("listed").flatten().map(|one| one.file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().starts_with(".ffctl-")), "{left:?}");
}
