//! The commands for a team over a store in PostgreSQL: past a server and through one.

use serde_json::{Value, json};

use super::ffctl_server::{FfctlServer, until};
use super::project::Project;
use super::support::postgres::database;
use super::watch::{FLAGS, PATIENCE, Watching, shown, told};

/// What a team does with a target that the words name, or the settings of the project.
fn works_for_a_team(project: &Project, target: &[&str]) {
    fn at<'a>(words: &[&'a str], target: &[&'a str]) -> Vec<&'a str> {
        [words, target].concat()
    }
    let value = |flag: &str| project.ok(&at(&["get", flag], target));
    let watching = Watching::start(project, &at(&["-o", "jsonl", "--interval", "20ms"], target));
    project.ok(&at(&["set", "b", "on", "--yes", "-m", "why"], target));
    let event = watching.event();
    assert_eq!(shown(&event), told("changed", "b", "off", "on"));
    assert_eq!((&event["journal"], &event["reason"]), (&json!(1), &json!("why")));
    project.ok(&at(&["snapshot", "save", "before", "--comment", "the change"], target));
    let saved = project.json(&["snapshot", "list"]);
    let schema: Value = serde_json::from_str(include_str!("../schemas/snapshot.schema.json")).expect("JSON");
    jsonschema::validate(&schema, &saved).expect("as the schema says");
    let both = project.json(&at(&["set", "a=off", "c=60%", "--yes"], target));
    assert_eq!(
        (watching.event()["flag"].clone(), watching.event()["flag"].clone()),
        (json!("a"), json!("c"))
    );
    let number = both["receipt"]["journal"].as_str().expect("a number").to_owned();
    let differs = project.run(&at(&["snapshot", "diff", "before"], target));
    assert_eq!(differs.code, 1, "{differs:?}");
    project.ok(&at(&["undo", &number, "--yes"], target));
    assert_eq!((value("a"), value("c")), ("true\n".to_owned(), "partial\n".to_owned()));
    project.ok(&at(&["snapshot", "diff", "before"], target));
    project.ok(&at(&["unset", "b", "--yes"], target));
    let restored = project.json(&at(&["snapshot", "restore", "before", "--yes"], target));
    assert_eq!((&restored["outcome"], value("b").as_str()), (&json!("written"), "true\n"));
    let newest = project.json(&at(&["history", "--limit", "1"], target))["entries"][0].clone();
    assert!(newest["reason"].as_str().is_some_and(|why| why.starts_with("restore of snapshot before of ")));
    assert_eq!(project.json(&at(&["journal", "verify"], target))["entries"], 5);
    let watching = Watching::start(project, &at(&["--until", "c>=90%", "-o", "jsonl"], target));
    project.ok(&at(&["set", "c", "95%", "--yes"], target));
    assert_eq!(watching.event()["flag"], "c");
    assert_eq!((watching.event()["event"].clone(), watching.ends().code()), (json!("until"), Some(0)));
}

#[test]
fn a_store_in_a_database_is_a_target_for_a_team() {
    let Some(database) = database("a team past a server") else { return };
    let project = Project::new(FLAGS);
    let url = database.url();
    works_for_a_team(&project, &["--store", &url]);
    project.fails(2, &["drift", "--store", &url]);
    // A database that is away is waited for, and told of.
    database.run("create role guest login");
    let nowhere = format!("{}-absent", database.url());
    let run = project.run(&["watch", "--for", "1s", "--store", &nowhere, "-o", "jsonl"]);
    let event: Value = serde_json::from_str(run.stdout.lines().next().unwrap_or("null")).expect("JSON");
    assert_eq!((run.code, &event["event"]), (6, &json!("unreachable")), "{run:?}");
}

#[test]
fn a_server_over_a_database_is_a_target_for_a_team() {
    let Some(database) = database("a team through a server") else { return };
    let there = Project::new(&FLAGS.replace("b = false", "b = false\nextra = true"));
    let server = FfctlServer::start(&there, &["--store", &database.url()]);
    let mut project = Project::new(FLAGS);
    server.point(&mut project);
    works_for_a_team(&project, &[]);
    let run = project.run(&["drift", "-o", "json"]);
    let report: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let names: Vec<&Value> =
        report["flags"].as_array().expect("flags").iter().map(|flag| &flag["name"]).collect();
    assert_eq!((run.code, names), (10, vec![&json!("extra")]), "{report}");
}

#[test]
fn a_server_looks_users_up_in_a_database() {
    let Some(database) = database("a directory behind a server") else { return };
    database.run(
        "create table people (id text primary key, email text, role text, metadata jsonb);
         insert into people values ('u1', 'ada@agpt.co', 'admin', '{\"plan\": \"pro\"}'), ('u2', 'ben@b.example', null, null)",
    );
    let project = Project::new(
        "schema = 1\n[flags.f]\nenabled = true\nrollout = \"0%\"\n\
         rules = [{ when = [{ attribute = \"email_domain\", op = \"in\", values = [\"agpt.co\"] },\n\
         { attribute = \"custom_plan\", op = \"in\", values = [\"pro\"] }], serve = \"on\" }]\n",
    );
    project.write(
        "people.toml",
        &format!(
            "directory = {{ url = \"{}\", query = \"select id, email, role, metadata from people where id = $1\" }}\n",
            database.url()
        ),
    );
    let mut project = project;
    let config = project.path("people.toml").display().to_string();
    project.set("FFCTL_CONFIG", &config);
    let server =
        FfctlServer::start(&project, &["--store", &database.url(), "--directory", "--directory-wait", "20s"]);
    let value = |user: &str| {
        let request = server.request("POST", "//ofrep/v1/evaluate/flags/f");
        let answer = request.json(&json!({ "context": { "targetingKey": user } })).send().json();
        (answer["value"].clone(), answer["metadata"]["directory"].clone())
    };
    assert_eq!(value("u1"), (json!(true), Value::Null), "the record decides");
    assert_eq!(value("u2"), (json!(false), Value::Null));
    assert_eq!(value("nobody"), (json!(false), json!("no_such_user")));
    // What was looked up is kept, and the directory may be gone then; who is new is known by the key alone.
    database.run("drop table people");
    assert_eq!(value("u1"), (json!(true), Value::Null));
    assert_eq!(value("u3").0, json!(false));
    assert!(value("u3").1.is_string(), "and it is said");
}

#[test]
fn a_store_of_the_version_before_is_brought_up_by_servers_that_start_together() {
    let Some(database) = database("a store of the version before") else { return };
    let url = database.url();
    let project = Project::new(FLAGS);
    let mut first = FfctlServer::start(&project, &["--store", &url]);
    let secret = first.token.clone();
    first.end();
    for value in ["20%", "30%", "40%"] {
        project.ok(&["set", "c", value, "--yes", "--store", &url]);
    }
    let head = project.json(&["journal", "verify", "--store", &url])["head"].clone();
    // As the first version made it.
    database.run(
        "alter table ffctl.journal_change drop column ends; alter table ffctl.journal drop column token;
         delete from ffctl.migration where number > 1",
    );
    // Who only reads brings nothing up, and can read all of it.
    assert_eq!(project.json(&["journal", "verify", "--store", &url])["head"], head);
    assert_eq!(project.json(&["history", "--store", &url])["entries"].as_array().map(Vec::len), Some(3));
    assert_eq!(database.run("select max(number) from ffctl.migration"), "1");
    let options = ["--store", url.as_str()];
    let servers: Vec<FfctlServer> = std::thread::scope(|scope| {
        let starting: Vec<_> =
            (0..2).map(|_| scope.spawn(|| FfctlServer::joining(&project, &options, &secret))).collect();
        starting.into_iter().map(|server| server.join().expect("started")).collect()
    });
    assert_eq!(database.run("select count(*), max(number) from ffctl.migration"), "3|3");
    assert_eq!(
        project.json(&["journal", "verify", "--store", &url])["head"],
        head,
        "old entries keep their hashes"
    );
    let [one, other] = servers.as_slice() else { panic!("two servers") };
    let patch = json!({ "enabled": true, "ends": { "enabled": "2999-01-01T00:00:00Z" } });
    let answer = one.request("PATCH", "/feature-flags/b").with("if-match", "*").json(&patch).send();
    assert_eq!(answer.status, 200, "{answer:?}");
    until(PATIENCE, || other.get("/feature-flags/b").json()["override_expires"]["enabled"].is_string());
    assert_eq!(project.json(&["journal", "verify", "--store", &url])["entries"], 4);
}
