//! `ffctl drift`: where a server and this checkout disagree, against real servers and against those that send three
//! fields.

use serde_json::{Value, json};

use super::ffctl_server::FfctlServer;
use super::project::{Project, run};
use super::remote::with_url;
use super::support::api;
use super::support::server::{Reply, Server};

const FLAGS: &str = "schema = 1\n[flags]\nplain = true\nother = false\n\
    [flags.part]\nenabled = true\nrollout = \"25%\"\n\
    [[flags.part.rules]]\nwhen = [{ segment = \"staff\" }]\nserve = \"on\"\n\
    [segments.staff]\nincluded = [\"ada\"]\n";

/// A server with its own checkout, and another checkout that asks it.
fn apart(server_flags: &str, here: &str) -> (Project, FfctlServer, Project) {
    let there = Project::new(server_flags);
    let server = FfctlServer::start(&there, &[]);
    let mut project = Project::new(here);
    server.point(&mut project);
    (there, server, project)
}

fn drift(project: &Project, code: i32, options: &[&str]) -> Value {
    let words = [&["drift", "-o", "json"], options].concat();
    let run = project.run(&words);
    assert_eq!(run.code, code, "{run:?}");
    serde_json::from_str(&run.stdout).expect("JSON")
}

fn flags(report: &Value) -> Vec<(String, Value)> {
    let all = report["flags"].as_array().expect("a list");
    all.iter()
        .map(|flag| (flag["name"].as_str().expect("a name").to_owned(), flag["kinds"].clone()))
        .collect()
}

#[test]
fn the_same_checkout_does_not_drift_whatever_is_overridden() {
    let (_there, server, project) = apart(FLAGS, FLAGS);
    let none = drift(&project, 0, &[]);
    assert_eq!((&none["compared"], &none["count"]["compared"]), (&json!("definition"), &json!(3)));
    project.ok(&["set", "plain=off", "part=50%", "--yes"]);
    project.ok(&["set", "other", "on", "--user", "u-1", "--yes"]);
    assert_eq!(drift(&project, 0, &[])["flags"], json!([]));
    assert!(project.ok(&["drift"]).contains("no drift in 3 flags"));
    drop(server);
}

#[test]
fn a_variable_of_the_server_is_named_and_so_is_one_of_this_shell() {
    let mut there = Project::new(FLAGS);
    there.set("FF_OTHER", "on");
    let server = FfctlServer::start(&there, &[]);
    let mut project = Project::new(FLAGS);
    server.point(&mut project);
    let report = drift(&project, 10, &[]);
    assert_eq!(flags(&report), [("other".to_owned(), json!(["state", "source"]))]);
    let flag = &report["flags"][0];
    assert_eq!(flag["why"], "FF_OTHER is set in the server's environment");
    assert_eq!((&flag["here"]["enabled"], &flag["there"]["source"]), (&json!(false), &json!("env")));
    project.set("FF_OTHER", "on");
    assert_eq!(drift(&project, 0, &[])["flags"], json!([]), "the same on both sides");
    project.set("FF_PLAIN", "on");
    let report = drift(&project, 10, &[]);
    assert_eq!(flags(&report), [("plain".to_owned(), json!(["source"]))], "the same switch from elsewhere");
    assert_eq!(report["flags"][0]["fixes"], json!(["unset FF_PLAIN"]));
    assert_eq!(drift(&project, 0, &["--ignore", "source"])["ignored"], json!(["source"]));
    assert_eq!(drift(&project, 0, &["other"])["count"]["compared"], 1);
    assert_eq!(drift(&project, 10, &["p*"])["count"]["compared"], 2);
    assert!(project.fails(3, &["drift", "plian"]).contains("plain"));
}

#[test]
fn another_flags_toml_is_found_out_by_what_it_means() {
    let elsewhere = FLAGS
        .replace("other = false", "other = true\nnew_there = true")
        .replace("included = [\"ada\"]", "included = [\"ben\"]")
        .replace("plain = true\n", "");
    let (_there, _server, project) = apart(&elsewhere, FLAGS);
    let report = drift(&project, 10, &[]);
    let expected = [
        ("plain".to_owned(), json!(["only_here"])),
        ("other".to_owned(), json!(["state", "definition"])),
        ("part".to_owned(), json!(["definition"])),
        ("new_there".to_owned(), json!(["only_there"])),
    ];
    assert_eq!(flags(&report), expected);
    assert_eq!(report["flags"][1]["why"], "the server runs another flags.toml than this checkout");
    let ignored = "state,definition,only-here,only-there";
    assert_eq!(drift(&project, 0, &["--ignore", ignored])["count"]["drifting"], 0);
    // What only people read is no drift.
    project.write("flags.toml", &elsewhere.replace("[flags.part]\n", "# why\n[flags.part]\nowner = \"a\"\n"));
    assert_eq!(drift(&project, 0, &[])["count"]["compared"], 3);
}

#[test]
fn a_flag_that_is_gone_everywhere_but_in_the_overrides_is_told() {
    let (there, server, project) = apart(FLAGS, FLAGS);
    project.ok(&["set", "other", "on", "--yes"]);
    for project in [&there, &project] {
        project.write("flags.toml", &FLAGS.replace("other = false\n", ""));
    }
    super::ffctl_server::until(std::time::Duration::from_secs(10), || {
        server.get("/feature-flags/other").json()["declared"] == json!(false)
    });
    let report = drift(&project, 10, &[]);
    assert_eq!(report["flags"][0]["why"], "nobody declares it: an override that outlived its definition");
    assert_eq!(report["flags"][0]["fixes"], json!(["ffctl unset other"]));
}

#[test]
fn a_server_of_three_fields_is_compared_as_far_as_it_tells() {
    let server = api::minimal(&[
        ("use_v3_style", true, "database"),
        ("enable_memory_v2", true, "default"),
        ("x", true, "env"),
    ]);
    let project = with_url(&server);
    let report = drift(&project, 10, &[]);
    assert_eq!(report["compared"], "switch");
    let of = |name: &str| flags(&report).into_iter().find(|(other, _)| other == name).map(|(_, kinds)| kinds);
    assert_eq!(of("use_v3_style"), Some(json!(["state"])));
    assert_eq!((of("enable_memory_v2"), of("x")), (None, Some(json!(["only_there"]))));
    assert_eq!(of("enable_try_on"), Some(json!(["only_here"])));
    let why = report["flags"][0]["why"].as_str().expect("text");
    assert!(why.contains("`database`"), "{why}");
    let said = project.run(&["drift", "-o", "github"]);
    assert_eq!(said.code, 10);
    assert!(said.stdout.contains("::error file=flags.toml,line="), "{}", said.stdout);
    assert!(said.stderr.contains("switch and the source of its flags alone"), "{}", said.stderr);
    let markdown = project.run(&["drift", "-o", "markdown"]).stdout;
    assert!(markdown.contains("| **use_v3_style** | state |"), "{markdown}");
}

#[test]
fn a_server_that_does_not_answer_is_no_checkout_without_drift() {
    let mut project = Project::shipped();
    project.set("FFCTL_ADMIN_URL", "http://127.0.0.1:9");
    project.fails(6, &["drift"]);
    let failing = Server::start(|_| Reply::json(503, &json!({})));
    project.set("FFCTL_ADMIN_URL", &failing.url());
    project.fails(6, &["drift"]);
    let refusing = Server::start(|_| Reply::json(401, &json!({})));
    project.set("FFCTL_ADMIN_URL", &refusing.url());
    project.fails(4, &["drift"]);
    let local = Project::shipped();
    assert!(local.fails(2, &["drift"]).contains("--profile"));
    assert!(local.fails(2, &["drift", "--view", "server"]).contains("--view"));
}

#[test]
fn what_cannot_be_read_here_is_no_drift_but_invalid() {
    let (_there, _server, mut project) = apart(FLAGS, FLAGS);
    project.set("FF_PLAIN", "flase");
    let report = drift(&project, 7, &[]);
    assert_eq!(flags(&report), [("plain".to_owned(), json!(["invalid"]))]);
    let mut broken = project.command();
    assert_eq!(run(broken.args(["drift", "-f", "absent.toml"])).code, 7);
}

#[test]
fn an_answer_of_earlier_is_only_taken_where_it_may() {
    let (_there, server, project) = apart(FLAGS, FLAGS);
    project.ok(&["drift"]);
    drop(server);
    project.fails(9, &["drift"]);
    let old = drift(&project, 0, &["--max-age", "1h"]);
    assert_eq!(old["freshness"]["state"], "cached");
    let offline = drift(&project, 0, &["--offline", "--max-age", "1h"]);
    assert_eq!(offline["freshness"]["state"], "cached");
    project.fails(2, &["drift", "--offline"]);
}
