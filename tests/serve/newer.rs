//! A server whose store a newer program brings up while it runs, or before it starts.

use std::time::Duration;

use serde_json::json;

use super::super::ffctl_server::{FfctlServer, until};
use super::super::project::Project;
use super::super::support::postgres::database;

const PATIENCE: Duration = Duration::from_secs(30);

/// Makes sure that a server reads on, changes nothing and says why; `tool` is who brought the store up.
fn reads_on_and_refuses(server: &FfctlServer, tool: &str) {
    let flag = server.get("/feature-flags/use_v3_style");
    assert_eq!((flag.status, &flag.json()["enabled"]), (200, &json!(true)), "{flag:?}");
    let evaluated = server.request("POST", "//ofrep/v1/evaluate/flags/use_v3_style");
    let evaluated = evaluated.json(&json!({ "context": { "targetingKey": "u-1" } })).send();
    assert_eq!((evaluated.status, &evaluated.json()["value"]), (200, &json!(true)), "{evaluated:?}");
    let patch = server.request("PATCH", "/feature-flags/use_v3_style").with("if-match", "*");
    let changed = patch.json(&json!({ "enabled": false })).send();
    let token = server.request("POST", "/tokens").json(&json!({ "name": "x", "role": "viewer" })).send();
    for (answer, is_change) in [(changed, true), (token, true), (server.get("/journal"), false)] {
        assert_eq!(answer.problem(503), "newer_store");
        let detail = answer.json()["detail"].as_str().expect("text").to_owned();
        assert!(detail.contains(&format!("{tool} has brought the store to version 99")), "{detail}");
        assert!(detail.contains("this is ffctl "), "{detail}");
        assert_eq!(detail.contains("nothing was changed"), is_change, "{detail}");
    }
    assert!(server.log().contains("has brought the store to version 99"), "{}", server.log());
    assert_eq!(server.log().matches("going on with what was true before").count(), 1, "told once");
}

#[test]
fn a_database_that_a_newer_server_brought_up_is_read_no_more_and_flags_stay() {
    let Some(database) = database("a store that a newer server brought up") else { return };
    let url = database.url();
    let project = Project::shipped();
    let server = FfctlServer::start(&project, &["--store", &url]);
    project.ok(&["set", "use_v3_style", "on", "--yes", "--store", &url]);
    until(PATIENCE, || server.get("/feature-flags/use_v3_style").json()["enabled"] == true);
    assert_eq!(server.get("//readyz").text, "ready\n");
    database.run(
        "insert into ffctl.migration (number, tool) values (99, 'ffctl 9.0.0');
         update ffctl.revision set number = number + 1",
    );
    let ready = || server.get("//readyz");
    until(PATIENCE, || ready().text.contains("ffctl 9.0.0 has brought the store to version 99"));
    assert_eq!(ready().status, 200, "{:?}", ready());
    assert!(ready().text.contains("reads are answered with what was true then, changes are refused"));
    reads_on_and_refuses(&server, "ffctl 9.0.0");
    assert!(server.get("//metrics").text.contains("ffctl_store_reachable 0"));
    // Who comes later is refused, with what to do.
    for words in [
        &["serve", "--listen", "127.0.0.1:0"] as &[&str],
        &["list"],
        &["history"],
        &["set", "use_v3_style", "off", "--yes"],
    ] {
        let said = project.fails(6, &[words, &["--store", &url]].concat());
        assert!(said.contains("ffctl 9.0.0 has brought the store to version 99"), "{words:?}: {said}");
        assert!(said.contains("update ffctl here: ffctl 9.0.0 or newer"), "{words:?}: {said}");
    }
    // From a backup of before it goes on as if nothing had been.
    database.run("delete from ffctl.migration where number = 99");
    until(PATIENCE, || ready().text == "ready\n");
    project.ok(&["set", "use_v3_style", "off", "--yes", "--store", &url]);
    until(PATIENCE, || server.get("/feature-flags/use_v3_style").json()["enabled"] == false);
}

#[test]
fn a_file_that_a_newer_program_brought_up_likewise() {
    let project = Project::shipped();
    let store = project.path("own.db");
    let server = FfctlServer::start(&project, &["--store", "own.db"]);
    project.ok(&["set", "use_v3_style", "on", "--yes", "--store", "own.db"]);
    until(PATIENCE, || server.get("/feature-flags/use_v3_style").json()["enabled"] == true);
    let connection = rusqlite::Connection::open(&store).expect("opened");
    connection.pragma_update(None, "user_version", 99).expect("updated");
    until(PATIENCE, || server.get("//readyz").status == 503);
    assert_eq!(server.get("//readyz").problem(503), "newer_store");
    until(PATIENCE, || server.log().contains("going on with what was true before"));
    reads_on_and_refuses(&server, "a newer ffctl");
    let said = project.fails(12, &["serve", "--listen", "127.0.0.1:0", "--store", "own.db"]);
    assert!(said.contains("a newer ffctl has brought the store to version 99"), "{said}");
}
