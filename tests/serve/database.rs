//! The command line over a store in a database, which is a target as the local store is.

use serde_json::{Value, json};

use super::super::ffctl_server::FfctlServer;
use super::super::project::Project;
use super::super::support::postgres::database;

#[test]
fn every_command_that_takes_a_store_takes_a_database() {
    let Some(database) = database("commands over a database") else { return };
    let mut project = Project::shipped();
    let url = database.url();
    let shown = url.replace("postgres@", "");
    let run = |words: &[&str]| project.json(&[words, &["--store", url.as_str()]].concat());
    // Reading makes nothing.
    let list = run(&["list"]);
    let schema: Value = serde_json::from_str(include_str!("../../schemas/list.schema.json")).expect("JSON");
    jsonschema::validate(&schema, &list).expect("additive");
    assert_eq!(list["target"], json!({ "kind": "database", "profile": null, "address": shown }));
    assert_eq!(database.run("select count(*) from pg_namespace where nspname = 'ffctl'"), "0");

    let set = run(&["set", "use_v3_style=on", "enable_memory_v2=50%", "--yes", "-m", "launch"]);
    assert_eq!((&set["outcome"], &set["receipt"]["journal"]), (&json!("written"), &json!("1")));
    let undo = set["receipt"]["undo"].as_str().expect("a command").to_owned();
    assert!(undo.contains(&format!("--store {url}")), "{undo}");
    assert_eq!(project.ok(&["get", "use_v3_style", "--store", &url]), "true\n");
    assert_eq!(project.ok(&["get", "use_v3_style", "--local"]), "false\n", "the local store is another");
    project.ok(&["check", "use_v3_style=on", "enable_memory_v2>=50%", "--store", &url]);
    assert!(project.ok(&["explain", "use_v3_style", "--store", &url]).contains("journal 1"));
    project.ok(&["set", "use_v3_style", "off", "--yes", "--store", &url, "--if", "on"]);
    project.fails(5, &["set", "use_v3_style", "off", "--yes", "--store", &url, "--if", "25%"]);
    project.ok(&["undo", "2", "--yes", "--store", &url]);
    project.ok(&["unset", "enable_memory_v2", "--yes", "--store", &url]);
    let history = run(&["history"]);
    let numbers: Vec<&Value> =
        history["entries"].as_array().expect("entries").iter().map(|entry| &entry["number"]).collect();
    assert_eq!(numbers, ["4", "3", "2", "1"]);
    assert_eq!(run(&["journal", "verify"])["entries"], 4);

    // The same by the variable, which keeps the address from the list of processes.
    project.set("FFCTL_STORE", &url);
    assert_eq!(project.ok(&["get", "use_v3_style"]), "true\n");
    let made = project.json(&["token", "create", "ci", "--role", "editor", "--yes"]);
    assert!(made["secret"].as_str().is_some_and(|secret| secret.starts_with("ffa_")), "{made}");
    assert_eq!(project.json(&["token", "list"])["tokens"][0]["name"], "ci");
    // A change of a file is journalled on this machine, beside flags.toml.
    project.ok(&["set", "use_v3_style", "on", "--layer", "default", "--yes"]);
    assert_eq!(project.json(&["history"])["entries"].as_array().map(Vec::len), Some(6));
    assert_eq!(database.run("select count(*) from ffctl.journal"), "5");
    // Nobody is asked who must not be.
    let offline = project.json(&["list", "--offline"]);
    assert_eq!(offline["freshness"]["state"], "not_asked");
    project.fails(2, &["set", "use_v3_style", "on", "--yes", "--offline"]);

    // A server over it answers with what the commands did.
    let secret = made["secret"].as_str().expect("a secret");
    let server = FfctlServer::joining(&project, &[], secret);
    assert_eq!(server.said["store"], json!(shown));
    assert_eq!(server.get("/feature-flags/use_v3_style").json()["override"], json!({ "enabled": true }));
}

#[test]
fn a_password_reaches_the_database_and_nothing_else() {
    let Some(database) = database("passwords of a database") else { return };
    database.run("create schema ffctl authorization locked");
    let with = |password: &str| database.url_of(&format!("locked:{password}"));
    let bare = database.url_of("locked");
    let file = |project: &Project, text: &str| {
        project.write("password", text);
        let path = project.path("password");
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("set");
        path.display().to_string()
    };
    let project = || Project::shipped();
    let set = |value: &'static str| ["set", "use_v3_style", value, "--yes", "--store"];
    let mut shown = String::new();
    // In the address.
    let one = project();
    let run = super::super::project::run(one.command().args(set("on")).arg(with("hunter2")));
    assert_eq!(run.code, 0, "{}", run.stderr);
    shown += &(run.stdout + &run.stderr);
    // Where every client of PostgreSQL looks.
    let mut two = project();
    two.set("PGPASSWORD", "hunter2");
    two.ok(&[&set("off")[..], &[&bare]].concat());
    // In a file.
    let mut three = project();
    let path = file(&three, "hunter2\n");
    three.set("FFCTL_STORE_PASSWORD_FILE", &path);
    three.ok(&[&set("on")[..], &[&bare]].concat());
    shown += &three.fails(7, &["list", "--store", &with("hunter2")]);
    // Nowhere, wrong, and misspelt.
    let four = project();
    shown += &four.fails(4, &["list", "--store", &bare]);
    shown += &four.fails(4, &["list", "--store", &with("hunter3")]);
    shown += &four.fails(7, &["list", "--store", &with("hunter2").replace("postgres://", "postgres:")]);
    shown += &four.fails(7, &["list", "--store", &with("hunter2@more")]);
    shown += &four.fails(6, &["list", "--store", "postgres://u:hunter2@127.0.0.1:9/app"]);
    shown += &four.fails(8, &["set", "use_v3_style", "25%", "--store", &with("hunter2")]);
    shown += &one.ok(&["history", "--store", &with("hunter2")]);
    shown += &one.ok(&["undo", "1", "--dry-run", "--store", &with("hunter2")]);
    shown +=
        &one.ok(&["set", "use_v3_style", "on", "--layer", "default", "--yes", "--store", &with("hunter2")]);
    let server = FfctlServer::start(&one, &["--store", &with("hunter2"), "--log-level", "debug"]);
    shown += &(server.said.to_string() + &server.log());
    shown += &server.get("//metrics").text;
    assert!(!shown.contains("hunter"), "{shown}");
    assert!(
        shown.contains("locked@127.0.0.1"),
        "the undo command can be typed, but for the password: {shown}"
    );
}
