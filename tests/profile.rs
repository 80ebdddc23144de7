//! `ffctl profile`: config.toml stays as a person wrote it, but for what is named.

use std::fs;

use serde_json::json;

use super::project::{Project, run};

const MINE: &str = "# profiles of ada\r\n\r\ndefault_profile = \"dev\"   # mostly\r\n\r\n# careful here\r\n[profiles.prod]\r\nurl = \"https://flags.example.com\" # EU\r\nprotected = true\r\nrequire_reason = true\r\nmax_step = \"10%\"\r\nfreeze = [\"2020-01-01..2020-01-02\"]\r\n\r\n[profiles.dev]\r\nurl = 'http://127.0.0.1:9'\r\ndescription = \"on my desk\"\r\n\r\n[directory]\r\nurl = \"https://people.example.com/users/{id}\"\r\n";

fn configured(text: &str) -> Project {
    let project = Project::shipped();
    fs::create_dir_all(project.config("ffctl")).expect("a folder");
    fs::write(project.config("ffctl/config.toml"), text).expect("written");
    project
}

fn config(project: &Project) -> String {
    fs::read_to_string(project.config("ffctl/config.toml")).expect("readable")
}

#[test]
fn a_first_profile_makes_the_file() {
    let project = Project::shipped();
    assert!(project.ok(&["profile", "list"]).contains("no profile"));
    let dry = project.ok(&["profile", "add", "prod", "https://flags.example.com", "-n"]);
    assert!(dry.contains("+ [profiles.prod]") && dry.contains("would be added prod"), "{dry}");
    assert!(!project.config("ffctl").exists());
    let said = project.ok(&[
        "profile",
        "add",
        "prod",
        "https://flags.example.com/api/v1/admin/",
        "--protected",
        "--default",
        "--description",
        "the \"real\" one",
    ]);
    assert!(said.contains("next: ffctl login --profile prod"), "{said}");
    assert_eq!(
        config(&project),
        "default_profile = \"prod\"\n\n[profiles.prod]\nurl = \"https://flags.example.com\"\ndescription = \"the \\\"real\\\" one\"\nprotected = true\n"
    );
    let shown = project.json(&["profile", "show"]);
    let profile = &shown["profiles"][0];
    assert_eq!(
        (&profile["name"], &profile["default"], &profile["used"], &profile["protected"]),
        (&json!("prod"), &json!(true), &json!(true), &json!(true))
    );
}

#[test]
fn adding_choosing_and_removing_touch_only_what_is_named() {
    let project = configured(MINE);
    project.ok(&["profile", "add", "staging", "https://staging.example.com", "--token-file", "~/.t"]);
    let added =
        "\r\n[profiles.staging]\r\nurl = \"https://staging.example.com\"\r\ntoken_file = \"~/.t\"\r\n";
    assert_eq!(config(&project), format!("{MINE}{added}"));
    let said = project.ok(&["profile", "use", "prod"]);
    assert!(said.contains("- default_profile = \"dev\"   # mostly"), "{said}");
    assert_eq!(config(&project), format!("{MINE}{added}").replacen("\"dev\"", "\"prod\"", 1));
    assert!(project.ok(&["profile", "use", "prod"]).contains("unchanged"));
    project.ok(&["profile", "use", "dev"]);
    project.ok(&["profile", "remove", "staging"]);
    assert_eq!(config(&project), MINE);
    project.ok(&["profile", "remove", "prod", "--confirm", "prod"]);
    let prod = MINE.find("# careful").expect("there")..MINE.find("[profiles.dev]").expect("there");
    assert_eq!(config(&project), MINE.replacen(&MINE[prod], "", 1));
}

#[cfg(unix)]
#[test]
fn permissions_and_links_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let project = Project::shipped();
    fs::create_dir_all(project.config("ffctl")).expect("a folder");
    let dotfiles = project.path("dotfiles.toml");
    fs::write(&dotfiles, MINE).expect("written");
    fs::set_permissions(&dotfiles, fs::Permissions::from_mode(0o600)).expect("set");
    symlink(&dotfiles, project.config("ffctl/config.toml")).expect("linked");
    project.ok(&["profile", "use", "prod"]);
    assert!(fs::read_to_string(&dotfiles).expect("read").contains("default_profile = \"prod\""));
    assert_eq!(fs::metadata(&dotfiles).expect("there").permissions().mode() & 0o777, 0o600);
    let link = fs::symlink_metadata(project.config("ffctl/config.toml")).expect("there");
    assert!(link.file_type().is_symlink());
}

#[test]
fn a_removal_that_matters_needs_agreement() {
    let project = configured(MINE);
    let refused = [
        (vec!["prod"], 8, "add --confirm prod"),
        (vec!["prod", "--yes"], 8, "add --confirm prod"),
        (vec!["prod", "--confirm", "dev"], 8, "add --confirm prod"),
        (vec!["dev"], 8, "is the default profile"),
        (vec!["dev", "--yes", "--confirm", "dev"], 2, "is not protected"),
        (vec!["prd"], 3, "did you mean `prod`?"),
    ];
    for (words, code, says) in refused {
        let said = project.fails(code, &[&["profile", "remove"], &words[..]].concat());
        assert!(said.contains(says), "{words:?}: {said}");
        assert_eq!(config(&project), MINE, "{words:?}");
    }
    for name in ["prod", "dev"] {
        let dry = project.ok(&["profile", "remove", name, "--dry-run"]);
        assert!(dry.contains(&format!("- [profiles.{name}]")), "{dry}");
        assert_eq!(config(&project), MINE);
    }
    let said = project.run(&["profile", "remove", "dev", "--yes"]);
    assert!(said.stderr.contains("the local store is spoken to now"), "{said:?}");
    assert!(!config(&project).contains("default_profile") && !config(&project).contains("dev"));
}

#[test]
fn what_cannot_be_a_profile_is_refused_before_anything_is_written() {
    let project = configured(MINE);
    let long = "https://user:hunter2@flags.example.com";
    let cases = [
        (vec!["add", "prod", "https://other.example.com"], 5, "there is a profile `prod` already"),
        (vec!["add", "local", "https://a"], 2, "name of the local store"),
        (vec!["add", "a b", "https://a"], 2, "not a name for a profile"),
        (vec!["add", "-- -x", "https://a"], 2, ""),
        (vec!["add", "../x", "https://a"], 2, "not a name for a profile"),
        (vec!["add", "", "https://a"], 2, "not a name for a profile"),
        (vec!["add", "x", "http://flags.example.com"], 2, "http goes to this machine only"),
        (vec!["add", "x", long], 2, "credentials do not belong in an address"),
        (vec!["add", "x", "https://a/?token=hunter2"], 2, "no `?`"),
        (vec!["add", "x", "flags.example.com"], 2, "not an address"),
        (vec!["add", "x", "https://a", "--token-file", ""], 2, "--token-file is empty"),
        (vec!["use", "prd"], 3, "did you mean `prod`?"),
        (vec!["show", "prd"], 3, "did you mean `prod`?"),
    ];
    for (words, code, says) in cases {
        let run = project.run(&[&["profile"], &words[..]].concat());
        assert_eq!(run.code, code, "{words:?}: {run:?}");
        assert!(run.stderr.contains(says), "{words:?}: {run:?}");
        assert!(!run.stderr.contains("hunter2"), "{run:?}");
        assert_eq!(config(&project), MINE, "{words:?}");
    }
    // A file with a mistake is not made worse.
    let broken = format!("{MINE}colour = true\r\n");
    fs::write(project.config("ffctl/config.toml"), &broken).expect("written");
    let said = project.fails(7, &["profile", "add", "x", "https://a"]);
    assert!(said.contains("unknown key `colour`"), "{said}");
    assert_eq!(config(&project), broken);
}

#[test]
fn profiles_are_shown_with_the_place_of_every_value() {
    let mut project = configured(MINE);
    let list = project.json(&["profile", "list"]);
    let names: Vec<_> =
        list["profiles"].as_array().expect("profiles").iter().map(|one| &one["name"]).collect();
    assert_eq!(names, [&json!("prod"), &json!("dev")]);
    let shown = project.json(&["profile", "show", "prod"]);
    let fields = shown["profiles"][0]["fields"].as_array().expect("fields");
    let places: Vec<(String, String, String)> = fields
        .iter()
        .map(|field| {
            let text = |key: &str| field[key].as_str().expect("text").to_owned();
            let place = text("place").rsplit_once(':').expect("a line").1.to_owned();
            (text("key"), text("value"), place)
        })
        .collect();
    let expected = [
        ("url", "https://flags.example.com", "7"),
        ("protected", "true", "8"),
        ("require_reason", "true", "9"),
        ("max_step", "10%", "10"),
        ("freeze", "2020-01-01..2020-01-02", "11"),
    ];
    assert_eq!(places, expected.map(|(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned())));
    assert_eq!(project.ok(&["profile", "list", "-o", "name"]), "prod\ndev\n");
    let used = |project: &Project| project.json(&["profile", "list"])["profiles"][0]["used"].clone();
    assert_eq!(used(&project), json!(false), "dev is the default");
    project.set("FFCTL_PROFILE", "prod");
    assert_eq!(used(&project), json!(true), "a variable wins");
    let said = run(project.command().args(["profile", "use", "dev"]));
    assert!(said.stderr.contains("variable `FFCTL_PROFILE` chooses profile `prod`"), "{said:?}");
}

#[test]
fn a_named_config_is_the_one_that_changes() {
    let mut project = configured(MINE);
    project.write("own.toml", "[profiles.a]\nurl = \"https://a\"\n");
    project.set("FFCTL_CONFIG", "own.toml");
    project.ok(&["profile", "use", "a"]);
    assert_eq!(project.read("own.toml"), "default_profile = \"a\"\n\n[profiles.a]\nurl = \"https://a\"\n");
    assert_eq!(config(&project), MINE);
}

#[test]
fn profiles_take_no_option_that_they_would_ignore() {
    let project = configured(MINE);
    for option in [
        &["--flags", "flags.toml"] as &[&str],
        &["--env-file", "x.env"],
        &["--profile", "prod"],
        &["--local"],
        &["--store", "x.db"],
        &["--offline"],
        &["--max-age", "1h"],
        &["--view", "checkout"],
    ] {
        for words in [&["profile", "list"] as &[&str], &["profile", "show", "dev"]] {
            let said = project.fails(2, &[words, option].concat());
            assert!(said.contains(option[0]), "{words:?}: {said}");
        }
    }
    for format in ["table", "json", "jsonl", "csv", "markdown", "name"] {
        assert!(project.ok(&["profile", "list", "-o", format]).ends_with('\n'), "{format}");
    }
    for format in ["github", "junit", "sarif"] {
        assert!(project.fails(2, &["profile", "list", "-o", format]).contains("does not answer as"));
    }
    assert!(project.ok(&["profile", "list", "--color", "always"]).contains('\u{1b}'));
}

#[test]
fn guards_are_added_with_a_profile_and_shown() {
    let project = configured(MINE);
    let words = [
        "profile",
        "add",
        "eu",
        "https://eu.example.com",
        "--protected",
        "--require-reason",
        "--max-step",
        "25",
    ];
    let windows = ["--freeze", "Fri 16:00..Mon 08:00 +01:00", "--freeze", " 2026-12-20..2027-01-04 "];
    let all = [&words[..], &windows].concat();
    let planned = project.ok(&[&all[..], &["--dry-run"]].concat());
    assert!(planned.contains("+ max_step = \"25%\""), "{planned}");
    assert_eq!(config(&project), MINE);
    project.ok(&all);
    let added = "\r\n[profiles.eu]\r\nurl = \"https://eu.example.com\"\r\nprotected = true\r\nrequire_reason = true\r\n\
        max_step = \"25%\"\r\nfreeze = [\"Fri 16:00..Mon 08:00 +01:00\", \"2026-12-20..2027-01-04\"]\r\n";
    assert_eq!(config(&project), format!("{MINE}{added}"));
    let shown = project.json(&["profile", "show", "eu"]);
    let fields: Vec<(&str, &str)> = shown["profiles"][0]["fields"]
        .as_array()
        .expect("fields")
        .iter()
        .map(|field| (field["key"].as_str().expect("a key"), field["value"].as_str().expect("a value")))
        .collect();
    let expected = [
        ("url", "https://eu.example.com"),
        ("protected", "true"),
        ("require_reason", "true"),
        ("max_step", "25%"),
        ("freeze", "Fri 16:00..Mon 08:00 +01:00, 2026-12-20..2027-01-04"),
    ];
    assert_eq!(fields, expected);
    for (wrong, says) in [
        (["--max-step", "0%"], "would let nothing rise"),
        (["--max-step", "a lot"], "--max-step 25%"),
        (["--max-step", "0.25"], "--max-step"),
        (["--freeze", "weekends"], "no window such as FROM..UNTIL"),
        (["--freeze", "Fri..Mon Europe/Berlin"], "--freeze"),
    ] {
        let said =
            project.fails(2, &[&["profile", "add", "us", "https://us.example.com"][..], &wrong].concat());
        assert!(said.contains(says), "{wrong:?}: {said}");
    }
}
