//! The contract of the streams: data and words, colour, JSON failures, closed pipes.

use serde_json::Value;

use super::project::{Project, run};

#[test]
fn with_json_every_failure_is_one_object_and_standard_output_is_empty() {
    let mut project = Project::shipped();
    project.write("broken.toml", "schema = 1\n[flags.a]\nenabled = 3\n");
    project.write("users.csv", "name\nu1\n");
    // What is worth a word beside it must not spoil the object.
    project.set("FF_USE_V3_STLYE", "on");
    for (code, arguments) in [
        (2, &["get"] as &[&str]),
        (2, &["lst"]),
        (2, &["list", "--state", "maybe"]),
        (2, &["get", "use_v3_style", "--at", "now"]),
        (3, &["get", "nobody"]),
        (3, &["list", "--profile", "nobody"]),
        (7, &["list", "--flags", "broken.toml"]),
        (7, &["get", "use_v3_style", "--attr", "x"]),
        (7, &["variant-for-user", "--population", "users.csv"]),
        (7, &["simulate-rollout", "enable_memory_v2", "--to", "on", "--population", "users.csv"]),
        (8, &["init"]),
        (8, &["set", "use_v3_style", "on"]),
        (12, &["list", "--env-file", "absent.env"]),
    ] {
        for json in [&["--json"] as &[&str], &["-o", "json"], &["-ojson"], &["--output=jsonl"], &["-o=json"]]
        {
            let run = project.run(&[arguments, json].concat());
            assert_eq!((run.code, run.stdout.as_str()), (code, ""), "{arguments:?} {json:?}: {}", run.stderr);
            let error: Value = serde_json::from_str(&run.stderr)
                .unwrap_or_else(|error| panic!("{arguments:?} {json:?}: {error}: {}", run.stderr));
            assert_eq!((&error["schema"], &error["error"]["exit"]), (&"ffctl.error/1".into(), &code.into()));
            assert!(error["error"]["message"].as_str().is_some_and(|text| !text.is_empty()));
        }
    }
}

#[test]
fn a_mistake_of_usage_is_whole_in_its_object() {
    let project = Project::shipped();
    for (arguments, message, hint) in [
        (
            &["get"] as &[&str],
            "the following required arguments were not provided: <FLAG>...",
            "ffctl --help",
        ),
        (
            &["list", "--state", "maybe"],
            "invalid value 'maybe' for '--state <STATE>'",
            "possible values: on, off, ",
        ),
        (&["list", "--bogus"], "unexpected argument '--bogus' found", "to pass '--bogus' as a value"),
    ] {
        let said = project.fails(2, &[arguments, &["--json"]].concat());
        let error: Value = serde_json::from_str(&said).expect("JSON");
        assert_eq!(error["error"]["message"], message);
        assert!(error["error"]["hints"][0].as_str().is_some_and(|text| text.starts_with(hint)), "{said}");
    }
}

#[test]
fn a_note_goes_to_standard_error_alone() {
    let mut project = Project::shipped();
    project.set("FF_USE_V3_STLYE", "on");
    for format in ["table", "json", "csv", "name"] {
        let run = project.run(&["list", "-o", format]);
        assert!(
            !run.stdout.starts_with("note:") && run.stderr.starts_with("note: "),
            "{format}: {}",
            run.stderr
        );
    }
    let run = project.run(&["get", "use_v3_style"]);
    assert_eq!(run.stdout, "false\n");
}

#[test]
fn colour_follows_the_option_then_the_variables() {
    let coloured = |variables: &[(&str, &str)], options: &[&str]| {
        let mut project = Project::shipped();
        for (name, value) in variables {
            project.set(name, value);
        }
        project.ok(&[&["list"], options].concat()).contains('\u{1b}')
    };
    assert!(!coloured(&[], &[]), "a pipe is no terminal");
    assert!(coloured(&[], &["--color", "always"]));
    assert!(coloured(&[("CLICOLOR_FORCE", "1")], &[]));
    assert!(!coloured(&[("CLICOLOR_FORCE", "0")], &[]), "0 is not a force");
    assert!(!coloured(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], &[]));
    assert!(coloured(&[("NO_COLOR", "1")], &["--color", "always"]));
    assert!(!coloured(&[("CLICOLOR_FORCE", "1")], &["--color", "never"]));
    assert!(!coloured(&[], &["--color", "always", "--json"]), "JSON is never coloured");
}

#[test]
fn nobody_minds_a_closed_pipe() {
    let project = Project::shipped();
    for command in [
        "list",
        "explain enable_memory_v2",
        "simulate-rollout use_v3_style --to on",
        "get use_v3_style",
        "variant-for-user u-1",
        "lint",
    ] {
        let run = run(&mut project.shell(&format!("(ffctl {command}; echo $? >&2) | true")));
        assert!(
            run.stderr.ends_with("0\n") && !run.stderr.contains("panic") && !run.stderr.contains("error"),
            "{command}: {}",
            run.stderr
        );
    }
    let first = run(&mut project.shell("(ffctl list; echo $? >&2) | head -n 1"));
    assert_eq!((first.stdout.lines().count(), first.stderr.as_str()), (1, "0\n"));
}

#[test]
fn a_full_disk_is_a_failure() {
    if !std::path::Path::new("/dev/full").exists() {
        return;
    }
    let project = Project::shipped();
    let run = run(&mut project.shell("ffctl list > /dev/full"));
    assert_eq!(run.code, 12, "{}", run.stderr);
}

#[test]
fn what_comes_from_outside_cannot_drive_the_terminal() {
    let project = Project::new(
        "schema = 1\n[flags.a]\nenabled = true\nowner = \"\\u001b[31mred\\u202e\"\ndescription = \"x\\u0007\"\n",
    );
    for arguments in
        [&["list"] as &[&str], &["explain", "a"], &["list", "-o", "csv"], &["list", "-o", "markdown"]]
    {
        let shown = project.ok(arguments);
        assert!(!shown.contains(['\u{1b}', '\u{202e}', '\u{7}']), "{arguments:?}: {shown:?}");
    }
    let json = project.ok(&["list", "--json"]);
    assert!(!json.contains('\u{1b}'), "escaped");
    let list: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(list["flags"][0]["owner"], "\u{1b}[31mred\u{202e}", "and whole");
    let said = project.run(&["get", "\u{1b}[2Jno"]);
    assert!(said.code == 3 && !said.stderr.contains('\u{1b}'), "{:?}", said.stderr);
}

#[test]
fn a_locale_without_unicode_gets_ascii() {
    let mut project = Project::shipped();
    project.set("LC_ALL", "C");
    for arguments in [
        &["list"] as &[&str],
        &["explain", "enable_memory_v2", "--user", "u"],
        &["simulate-rollout", "use_v3_style", "--to", "on"],
    ] {
        assert!(project.ok(arguments).is_ascii(), "{arguments:?}");
    }
}
