//! `ffctl token`, `ffctl journal verify` and `ffctl set --for`, over the store and over the server.

use serde_json::{Value, json};

use super::super::ffctl_server::{FfctlServer, until};
use super::super::project::{Project, run};

#[test]
fn tokens_are_made_listed_and_revoked_here_and_there() {
    let mut project = Project::shipped();
    let server = FfctlServer::start(&project, &[]);
    let made =
        project.json(&["token", "create", "ci deploy", "--role", "editor", "--expires", "90d", "--local"]);
    let secret = made["secret"].as_str().expect("a secret").to_owned();
    assert_eq!((&made["outcome"], &made["tokens"][0]["state"]), (&json!("created"), &json!("valid")));
    assert!(
        project
            .fails(5, &["token", "create", "ci deploy", "--role", "viewer", "--local"])
            .contains("already")
    );
    server.point(&mut project);
    let listed = project.json(&["token", "list"]);
    let names = |listed: &Value| {
        let tokens = listed["tokens"].as_array().expect("tokens").iter();
        tokens
            .map(|token| format!("{} {}", token["name"], token["state"]).replace('"', ""))
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&listed), ["first admin valid", "ci deploy valid"]);
    assert!(!listed.to_string().contains(&secret));
    // The new token changes flags and no tokens.
    let with = |words: &[&str]| run(project.command().env("FFCTL_TOKEN", &secret).args(words));
    until(std::time::Duration::from_secs(5), || with(&["list"]).code == 0);
    assert_eq!(with(&["set", "use_v3_style", "on", "--yes"]).code, 0);
    assert_eq!(with(&["token", "list"]).code, 4);
    let remote = project.json(&["token", "create", "wall", "--role", "viewer"]);
    assert!(remote["secret"].as_str().is_some_and(|secret| secret.starts_with("ffa_")));
    assert!(project.fails(5, &["token", "create", "wall", "--role", "viewer"]).contains("already"));
    assert_eq!(project.json(&["token", "revoke", "ci deploy"])["tokens"][0]["state"], "revoked");
    assert_eq!(with(&["list"]).code, 4);
    for place in [&[] as &[&str], &["--local"]] {
        let said = project.fails(8, &[&["token", "revoke", "1"], place].concat());
        assert!(said.contains("last admin") && said.contains("--yes"), "{said}");
    }
    assert!(project.fails(3, &["token", "revoke", "wal"]).contains("`wall`"));
    project.fails(2, &["token", "create", "a\nb", "--role", "viewer"]);
    project.fails(2, &["token", "create", "x"]);
    assert_eq!(
        names(&project.json(&["token", "list", "--local"])),
        ["first admin valid", "ci deploy revoked", "wall valid"]
    );
    project.ok(&["token", "revoke", "first admin", "--yes"]);
    assert_eq!(project.run(&["token", "list"]).code, 4);
}

#[test]
fn the_journal_is_proved_here_and_there_and_receipts_hold_it() {
    let mut project = Project::shipped();
    assert_eq!(project.json(&["journal", "verify", "--local"])["entries"], 0);
    let first = project.json(&["set", "use_v3_style", "on", "--local", "--yes"]);
    let server = FfctlServer::start(&project, &[]);
    server.point(&mut project);
    let second =
        project.json(&["set", "use_v3_style", "off", "--user", "u-1", "--yes", "-m", "é \" \\ \u{7f}"]);
    let (one, two) = (&first["receipt"]["head"], &second["receipt"]["head"]);
    for place in [&[] as &[&str], &["--local"]] {
        let verified = project.json(&[&["journal", "verify"], place].concat());
        assert_eq!(
            (&verified["whole"], &verified["entries"], &verified["head"]),
            (&json!(true), &json!(2), two)
        );
        let receipts = [
            format!("1={}", one.as_str().expect("a hash")),
            format!("2={}", &two.as_str().expect("a hash")[..8]),
        ];
        let words =
            [&["journal", "verify", "--receipt", &*receipts[0], "--receipt", &*receipts[1]], place].concat();
        project.ok(&words);
        let run = project.run(&[&["journal", "verify", "--receipt", "2=00000000"], place].concat());
        assert_eq!(run.code, 1, "{run:?}");
        assert!(run.stdout.contains("broken entry 2: its hash is"), "{}", run.stdout);
        assert_eq!(project.run(&[&["journal", "verify", "--receipt", "9=00000000"], place].concat()).code, 1);
    }
    for odd in ["", "1", "x=00000000", "1=0000", "1=zzzzzzzz"] {
        project.fails(2, &["journal", "verify", "--receipt", odd]);
    }
    project.fails(2, &["journal", "verify", "--offline"]);
}

#[test]
fn what_is_set_for_a_while_is_said_to_end_and_ends() {
    let mut project = Project::shipped();
    let server = FfctlServer::start(&project, &[]);
    let alone = project.fails(8, &["set", "use_v3_style", "on", "--for", "2h", "--local", "--yes"]);
    assert!(alone.contains("no server") && alone.contains("ffctl serve"), "{alone}");
    project.fails(2, &["set", "use_v3_style", "on", "--for", "2h", "--layer", "default", "--yes"]);
    project.fails(2, &["set", "use_v3_style", "on", "--for", "0", "--yes"]);
    server.point(&mut project);
    let planned = project.ok(&["set", "use_v3_style", "on", "--for", "2h", "--dry-run"]);
    assert!(planned.contains("ends by itself in 2h"), "{planned}");
    let set = project.json(&["set", "use_v3_style", "on", "--for", "2h", "--yes"]);
    let ends = set["expires_at"].as_str().expect("a time").to_owned();
    let listed = project.json(&["list"]);
    let flag = listed["flags"].as_array().expect("flags").iter().find(|flag| flag["name"] == "use_v3_style");
    assert_eq!(flag.expect("listed")["override_expires"]["enabled"], json!(ends));
    for words in [&["list"] as &[&str], &["explain", "use_v3_style"], &["history"]] {
        let shown = project.ok(words);
        assert!(shown.contains("ends in"), "{words:?}: {shown}");
    }
    project.ok(&["set", "use_v3_style", "off", "--yes"]);
    project.ok(&["set", "use_v3_style", "on", "--for", "1s", "--yes"]);
    until(std::time::Duration::from_secs(10), || project.ok(&["get", "use_v3_style"]) == "false\n");
    let newest = project.json(&["history", "--limit", "1"])["entries"][0].clone();
    assert_eq!((&newest["by"], &newest["reason"]), (&json!("ffctl serve"), &json!("end of 3")));
}
