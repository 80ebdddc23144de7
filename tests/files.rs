//! Changes of files: the env file and flags.toml, byte by byte, and their journal.

use std::fs;

use super::project::{Project, run};

const ENV: [&str; 4] = ["--layer", "env", "--env-file", ".env"];

fn change(project: &Project, words: &[&str], layer: &[&str]) -> serde_json::Value {
    project.json(&[words, layer, &["--yes"]].concat())
}

#[test]
fn a_new_env_file_holds_the_one_variable() {
    let project = Project::shipped();
    let report = change(&project, &["set", "use_v3_style", "on"], &ENV);
    assert_eq!(project.read(".env"), "FF_USE_V3_STYLE=true\n");
    assert_eq!((&report["layer"], &report["receipt"]["journal"]), (&"env".into(), &"L1".into()));
    assert_eq!((&report["target"]["kind"], &report["receipt"]["read_back"]), (&"file".into(), &true.into()));
    assert_eq!(project.ok(&["get", "use_v3_style", "--env-file", ".env"]), "true\n");
    assert_eq!(project.ok(&["get", "use_v3_style"]), "false\n");
    let report = change(&project, &["unset", "use_v3_style"], &ENV);
    assert_eq!((project.read(".env").as_str(), &report["receipt"]["journal"]), ("", &"L2".into()));
}

#[test]
fn other_bytes_of_an_env_file_stay() {
    let project = Project::shipped();
    let text = "# ours\r\nDATABASE_URL='postgres://x'\r\n\r\nexport FF_USE_V3_STYLE = \"off\"  # until May\r\nWEIRD=$(date)\r\n";
    project.write(".env", text);
    change(&project, &["set", "use_v3_style", "25%"], &ENV);
    assert_eq!(project.read(".env"), text.replace("\"off\"", "25%"));
    change(&project, &["set", "style_prompt", "v3"], &ENV);
    assert_eq!(project.read(".env"), text.replace("\"off\"", "25%") + "FF_STYLE_PROMPT=v3\r\n");
    let all = ["set", "use_v3_style=on", "style_prompt=off"];
    let report = change(&project, &all, &ENV);
    let undo = report["receipt"]["undo"].as_str().expect("a command");
    assert_eq!(undo, "ffctl undo L3");
    let run = run(&mut project.shell(&format!("{undo} --yes")));
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(project.read(".env"), text.replace("\"off\"", "25%") + "FF_STYLE_PROMPT=v3\r\n");
}

#[test]
fn a_variable_of_the_process_masks_the_file_and_that_is_said() {
    let mut project = Project::shipped();
    project.set("FF_USE_V3_STYLE", "off");
    let report = change(&project, &["set", "use_v3_style", "on"], &ENV);
    let flag = &report["flags"][0];
    assert_eq!((&flag["after"], &report["outcome"]), (&"off".into(), &"written".into()));
    assert!(
        flag["notes"]
            .to_string()
            .contains("FF_USE_V3_STYLE is set in this process too and wins over the file"),
        "{flag}"
    );
}

#[test]
fn what_a_variable_cannot_hold_is_refused() {
    let project = Project::shipped();
    for words in [vec!["use_v3_style", "on", "--user", "u"], vec!["style_prompt", "--split", "v2=1,v3=1"]] {
        let stderr = project.fails(2, &[&["set"], words.as_slice(), &ENV, &["--yes"]].concat());
        assert!(stderr.contains("a variable cannot hold"), "{stderr}");
    }
    let stderr = project.fails(2, &["set", "use_v3_style", "on", "--layer", "env", "--yes"]);
    assert!(stderr.contains("add --env-file .env"), "{stderr}");
    assert!(!project.path(".env").exists());
}

#[test]
fn a_variable_that_cannot_be_read_can_be_replaced_and_taken_out() {
    let project = Project::shipped();
    let text = "A=1\nFF_USE_V3_STYLE=flase\n";
    project.write(".env", text);
    let report = change(&project, &["unset", "use_v3_style"], &ENV);
    assert_eq!((project.read(".env").as_str(), &report["outcome"]), ("A=1\n", &"written".into()));
    let flag = &report["flags"][0];
    assert_eq!((&flag["before"], &flag["after"]), (&"invalid".into(), &"off".into()));
    assert_eq!(
        (&flag["fields"][0]["field"], &flag["fields"][0]["old"]),
        (&"FF_USE_V3_STYLE".into(), &"flase".into())
    );
    project.write(".env", text);
    change(&project, &["set", "use_v3_style", "on"], &ENV);
    assert_eq!(project.read(".env"), text.replace("flase", "true"));
}

#[test]
fn a_variable_that_says_it_already_stays_as_it_is_written() {
    let project = Project::shipped();
    let text = "FF_USE_V3_STYLE=1\nFF_ENABLE_TRY_ON=\"Yes\"\n";
    project.write(".env", text);
    assert_eq!(change(&project, &["set", "use_v3_style", "on"], &ENV)["outcome"], "unchanged");
    change(&project, &["set", "use_v3_style=on", "enable_try_on=off"], &ENV);
    assert_eq!(project.read(".env"), text.replace("\"Yes\"", "false"));
}

#[test]
fn an_env_file_that_is_missing_is_only_made_by_a_change_of_it() {
    let project = Project::shipped();
    project.fails(12, &["list", "--env-file", ".env"]);
    project.fails(12, &["set", "use_v3_style", "on", "--local", "--yes", "--env-file", ".env"]);
    assert!(!project.path(".env").exists());
}

const TEXT: &str = "\u{feff}schema = 1\r\n\r\n# the switches\r\n[flags]\r\na = false   # short\r\nb = { enabled = true, rollout = \"10%\" } # inline\r\n\r\n[flags.c]  # long\r\nenabled = true\r\norgs = [\"acme\"]   # the first\r\nrollout = \"0%\"\r\n";

#[test]
fn flags_toml_is_spliced_byte_by_byte() {
    let cases: [(&[&str], &str, &str); 6] = [
        (&["set", "a", "on"], "a = false", "a = true"),
        (&["set", "b", "12.5%"], "\"10%\"", "\"12.5%\""),
        (&["set", "b", "off"], "enabled = true, ", "enabled = false, "),
        (&["set", "c", "off"], "[flags.c]  # long\r\nenabled = true", "[flags.c]  # long\r\nenabled = false"),
        (&["set", "c", "on", "--org", "initech"], "[\"acme\"]", "[\"acme\", \"initech\"]"),
        (&["set", "c", "5%"], "\"0%\"", "\"5%\""),
    ];
    for (words, old, new) in cases {
        let project = Project::new(TEXT);
        let report = change(&project, words, &["--layer", "default"]);
        assert_eq!(project.read("flags.toml"), TEXT.replacen(old, new, 1), "{words:?}");
        assert_eq!(report["receipt"]["journal"], "L1");
        let undo = report["receipt"]["undo"].as_str().expect("a command");
        let run = run(&mut project.shell(&format!("{undo} --yes")));
        assert_eq!(run.code, 0, "{undo}: {run:?}");
        assert_eq!(project.read("flags.toml"), TEXT, "{undo}");
    }
}

#[test]
fn a_percentage_in_flags_toml_switches_on_there_whatever_masks_it() {
    let project = Project::new(TEXT);
    project.ok(&["set", "a", "on", "--local", "--yes"]);
    change(&project, &["set", "a", "25%"], &["--layer", "default"]);
    project.ok(&["unset", "a", "--local", "--yes"]);
    assert_eq!(project.json(&["list", "a"])["flags"][0]["summary"], "25%");
    let same = change(&project, &["set", "b", "10%"], &["--layer", "default"]);
    assert_eq!(same["outcome"], "unchanged");
}

#[test]
fn the_shipped_file_survives_a_walk_there_and_back() {
    let project = Project::shipped();
    let before = project.read("flags.toml");
    let there: [&[&str]; 4] = [
        &["set", "use_v3_style", "25%"],
        &["set", "enable_memory_v2", "off"],
        &["set", "style_prompt", "--split", "v2=1,v3=1"],
        &["set", "enable_try_on=off", "use_deepseek_critic=20%"],
    ];
    for words in there {
        let report = change(&project, words, &["--layer", "default"]);
        let undo = report["receipt"]["undo"].as_str().expect("a command").to_owned();
        assert_ne!(project.read("flags.toml"), before);
        let run = run(&mut project.shell(&format!("{undo} --yes")));
        assert_eq!(run.code, 0, "{undo}: {run:?}");
        assert_eq!(project.read("flags.toml"), before, "{undo}");
    }
}

#[test]
fn a_file_that_changes_while_it_is_written_is_a_conflict_or_whole() {
    let project = Project::new(TEXT);
    let codes: Vec<i32> = std::thread::scope(|scope| {
        let start = |at: u32| {
            let project = &project;
            let percent = format!("{}%", at + 20);
            scope.spawn(move || project.run(&["set", "b", &percent, "--layer", "default", "--yes"]).code)
        };
        let started: Vec<_> = (0..16).map(start).collect();
        started.into_iter().map(|one| one.join().expect("no panic")).collect()
    });
    assert!(codes.iter().all(|code| matches!(code, 0 | 5)), "{codes:?}");
    let done = codes.iter().filter(|code| **code == 0).count();
    let connection = rusqlite::Connection::open(super::store::only_store(&project)).expect("a store");
    let journalled: i64 =
        connection.query_row("SELECT count(*) FROM file_journal", [], |row| row.get(0)).expect("a count");
    assert_eq!(usize::try_from(journalled).expect("small"), done, "one entry for each that was acknowledged");
    let rollout = project.json(&["list", "b"])["flags"][0]["rollout"].clone();
    let text = TEXT.replacen("10%", rollout.as_str().expect("a rollout"), 1);
    assert_eq!(project.read("flags.toml"), text, "nothing is torn");
    let left: Vec<_> =
        fs::read_dir(project.path("")).expect("a folder").flatten().map(|e| e.file_name()).collect();
    assert_eq!(left.len(), 2, "flags.toml and .git, no leftovers: {left:?}");
}

#[test]
fn a_journal_that_cannot_be_kept_is_said_and_the_file_is_written() {
    let project = Project::new(TEXT);
    project.write("broken.db", "no store");
    let run =
        project.run(&["set", "a", "on", "--layer", "default", "--yes", "--store", "broken.db", "--json"]);
    // The admin layer of that store decides what masks the change, so it must be readable.
    assert_eq!((run.code, project.read("flags.toml").as_str()), (12, TEXT));
    let config = project.config("ffctl/config.toml");
    fs::create_dir_all(config.parent().expect("a folder")).expect("made");
    fs::write(config, "[profiles.far]\nurl = \"http://127.0.0.1:9\"\n").expect("written");
    fs::write(project.state().join("ffctl"), "in the way").expect("written");
    let run = project.run(&["set", "a", "on", "--layer", "default", "--yes", "-p", "far", "--json"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(project.read("flags.toml"), TEXT.replacen("a = false", "a = true", 1));
    let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(report["receipt"]["journal"], serde_json::Value::Null);
    assert!(report["notes"].to_string().contains("not in the local journal"), "{report}");
    assert!(run.stderr.contains("whether an override masks this change is unknown"), "{}", run.stderr);
}
