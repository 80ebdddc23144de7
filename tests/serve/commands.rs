//! `ffctl token`, `ffctl journal verify` and `ffctl set --for`, over the store and over the server.

use serde_json::{Value, json};

use super::super::ffctl_server::{FfctlServer, until};
use super::super::project::{Project, run};

#[test]
fn tokens_are_made_listed_and_revoked_here_and_there() {
    let mut project = Project::shipped();
    let server = FfctlServer::start(&project, &[]);
    let create = |project: &Project, name: &'static str, role: &'static str, more: &[&'static str]| {
        project.run(&[&["token", "create", name, "--role", role, "--yes", "--json"], more].concat())
    };
    let answer = |run: &super::super::project::Run| -> Value {
        assert_eq!(run.code, 0, "{run:?}");
        serde_json::from_str(&run.stdout).expect("JSON")
    };
    let made = answer(&create(&project, "ci deploy", "editor", &["--expires", "90d", "--local"]));
    let secret = made["secret"].as_str().expect("a secret").to_owned();
    assert_eq!((&made["outcome"], &made["tokens"][0]["state"]), (&json!("created"), &json!("valid")));
    let twice = create(&project, "ci deploy", "viewer", &["--local"]);
    assert!(twice.code == 5 && twice.stderr.contains("already"), "{twice:?}");
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
    until(std::time::Duration::from_secs(30), || with(&["list"]).code == 0);
    assert_eq!(with(&["set", "use_v3_style", "on", "--yes"]).code, 0);
    assert_eq!(with(&["token", "list"]).code, 4);
    let remote = answer(&create(&project, "wall", "viewer", &[]));
    assert!(remote["secret"].as_str().is_some_and(|secret| secret.starts_with("ffa_")));
    let twice = create(&project, "wall", "viewer", &[]);
    assert!(twice.code == 5 && twice.stderr.contains("already"), "{twice:?}");
    let revoked = project.json(&["token", "revoke", "ci deploy", "--yes"]);
    assert_eq!((&revoked["outcome"], &revoked["tokens"][0]["state"]), (&json!("revoked"), &json!("revoked")));
    assert_eq!(project.json(&["token", "revoke", "ci deploy"])["outcome"], "unchanged");
    assert_eq!(with(&["list"]).code, 4);
    for place in [&[] as &[&str], &["--local"]] {
        let said = project.fails(8, &[&["token", "revoke", "1", "--yes"], place].concat());
        assert!(said.contains("last admin") && said.contains("--force"), "{said}");
    }
    assert!(project.fails(3, &["token", "revoke", "wal"]).contains("`wall`"));
    project.fails(2, &["token", "create", "a\nb", "--role", "viewer"]);
    project.fails(2, &["token", "create", "x"]);
    assert_eq!(
        names(&project.json(&["token", "list", "--local"])),
        ["first admin valid", "ci deploy revoked", "wall valid"]
    );
    project.ok(&["token", "revoke", "first admin", "--yes", "--force"]);
    assert_eq!(project.run(&["token", "list"]).code, 4);
}

#[test]
fn tokens_are_guarded_as_flags_are() {
    let mut project = Project::shipped();
    let server = FfctlServer::start(&project, &[]);
    let create = ["token", "create", "ci", "--role", "editor"];
    let with = |more: &[&'static str]| [&create as &[&str], more].concat();
    // Without a terminal somebody must say yes, and where.
    assert!(project.fails(8, &with(&["--local"])).contains("--yes"));
    assert!(project.fails(8, &with(&["--yes"])).contains("--local"));
    assert!(project.fails(2, &with(&["--yes", "--local", "--confirm", "prod"])).contains("--confirm"));
    let planned = project.ok(&with(&["--local", "--dry-run"]));
    assert!(planned.contains("planned: no token was made") && planned.contains("ci"), "{planned}");
    assert!(!planned.contains("ffa_"), "{planned}");
    let taken = ["token", "create", "first admin", "--role", "viewer", "--local", "--dry-run"];
    assert!(project.fails(5, &taken).contains("already"), "a rehearsal is refused as the change would be");
    assert!(project.fails(8, &["token", "revoke", "1", "--local", "--dry-run"]).contains("last admin"));
    let names =
        |project: &Project| project.json(&["token", "list", "--local"])["tokens"].as_array().map(Vec::len);
    assert_eq!(names(&project), Some(1), "nothing was made");

    let folder = project.config("ffctl");
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("token");
    std::fs::write(&file, &server.token).expect("written");
    super::super::remote::private(&file);
    let text = format!(
        "[profiles.prod]\nurl = \"{}\"\nprotected = true\ntoken_file = \"{}\"\n",
        server.url(),
        file.display()
    );
    std::fs::write(folder.join("config.toml"), text).expect("written");
    assert!(project.fails(8, &with(&["-p", "prod", "--yes"])).contains("--confirm prod"));
    project.set("FFCTL_PROFILE", "prod");
    assert!(project.fails(8, &with(&["--confirm", "prod"])).contains("--profile prod"));
    project.ok(&with(&["-p", "prod", "--confirm", "prod"]));
    assert!(project.fails(8, &["token", "revoke", "ci", "-p", "prod", "--yes"]).contains("--confirm prod"));
    assert!(
        project.ok(&["token", "revoke", "ci", "-p", "prod", "--dry-run"]).contains("nothing was revoked")
    );
    project.ok(&["token", "revoke", "ci", "-p", "prod", "--confirm", "prod"]);
    assert_eq!(names(&project), Some(2));
}

#[test]
fn what_ends_can_be_made_to_stay_and_the_plan_shows_it() {
    let mut project = Project::shipped();
    let server = FfctlServer::start(&project, &[]);
    server.point(&mut project);
    let set = |more: &[&'static str]| {
        project.json(&[&["set", "use_v3_style", "on", "--yes"] as &[&str], more].concat())
    };
    let ends = set(&["--for", "2h"])["expires_at"].as_str().expect("a time").to_owned();
    let shown = project.ok(&["set", "use_v3_style", "on", "--dry-run"]);
    assert!(shown.contains(&format!("ends {ends} → no end")) && shown.contains("planned"), "{shown}");
    let longer = set(&["--for", "4h"]);
    let field = &longer["flags"][0]["fields"][0];
    assert_eq!((&field["old_ends"], &field["new_ends"]), (&json!(ends), &longer["expires_at"]), "{longer}");
    let stays = set(&[]);
    assert_eq!(
        (&stays["outcome"], &stays["receipt"]["read_back"]),
        (&json!("written"), &json!(true)),
        "{stays}"
    );
    assert_eq!(stays["flags"][0]["fields"][0].get("new_ends"), None, "{stays}");
    let flag = server.get("/feature-flags/use_v3_style").json();
    assert_eq!(flag.get("override_expires"), None, "{flag}");
    let history = project.ok(&["history", "use_v3_style"]);
    assert!(history.contains("enabled stays on for good"), "{history}");
    assert_eq!(set(&[])["outcome"], "unchanged");
    assert_eq!(set(&["--for", "1h"])["outcome"], "unchanged", "what stays for good gets no end by the way");
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
    let set = project.json(&["set", "use_v3_style", "on", "--for", "36h", "--yes"]);
    let ends = set["expires_at"].as_str().expect("a time").to_owned();
    let listed = project.json(&["list"]);
    let flag = listed["flags"].as_array().expect("flags").iter().find(|flag| flag["name"] == "use_v3_style");
    assert_eq!(flag.expect("listed")["override_expires"]["enabled"], json!(ends));
    for words in [&["list"] as &[&str], &["explain", "use_v3_style"], &["history"]] {
        let shown = project.ok(words);
        assert!(shown.contains("ends in 1d 12h"), "{words:?}: {shown}");
    }
    project.ok(&["set", "use_v3_style", "off", "--yes"]);
    project.ok(&["set", "use_v3_style", "on", "--for", "1s", "--yes"]);
    until(std::time::Duration::from_secs(10), || project.ok(&["get", "use_v3_style"]) == "false\n");
    let newest = project.json(&["history", "--limit", "1"])["entries"][0].clone();
    assert_eq!((&newest["by"], &newest["reason"]), (&json!("ffctl serve"), &json!("end of 3")));
}
