//! The real SDKs of `OpenFeature` with their OFREP providers, and a client generated from `/openapi.json`, against the real
//! server over loopback.

pub(super) mod toolchain;

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use super::ffctl_server::FfctlServer;
use super::project::Project;
use super::support::server::{Reply, Server};

/// Flags of every type, and every way to decide.
const FLAGS: &str = concat!(
    include_str!("support/served.toml"),
    r#"
[flags.legacy]
enabled = false
[flags.limit]
enabled = true
off = "low"
variations = { low = 5, high = 50 }
serve = "high"
[flags.ratio]
enabled = true
off = "none"
variations = { none = 0.5, much = 2.5 }
serve = "much"
[flags.prompt]
enabled = true
off = "v2"
variations = { v2 = { prompt = "style_v2", models = ["a"] }, v3 = { prompt = "style_v3", models = ["a", "b"] } }
serve = "v3"
[flags.retired]
enabled = false
off = "old"
variations = { old = "v1", new = "v2" }
serve = "new"
[flags.palette]
enabled = true
off = "red"
variations = { red = "red", green = "green", blue = "blue" }
split = [["red", 50], ["green", 30], ["blue", 20]]
[flags.targeted]
enabled = true
rollout = "0%"
users = { u-vip = "on" }
orgs = { acme = "on" }
rules = [
  { when = [{ attribute = "plan", op = "in", values = ["pro"] }], serve = "on" },
  { when = [{ attribute = "email_domain", op = "in", values = ["agpt.co"] }], serve = "on" },
]
[flags.gated]
enabled = true
prerequisites = [{ flag = "legacy", variation = "on" }]
"#
);

/// How many users' splits are compared.
const USERS: usize = 40;

/// What is asked of an SDK, and what it must say.
struct Case {
    question: Value,
    value: Value,
    reason: &'static str,
    variant: Option<&'static str>,
    error: Option<&'static str>,
}

fn served(
    (kind, flag): (&str, &str),
    context: &Value,
    value: Value,
    reason: &'static str,
    variant: &'static str,
) -> Case {
    let default = match kind {
        "boolean" => json!(!value.as_bool().unwrap_or_default()),
        "string" => json!("default"),
        "integer" => json!(-1),
        "float" => json!(-1.5),
        _ => json!({ "default": true }),
    };
    let question = json!({ "type": kind, "flag": flag, "context": context, "default": default });
    Case { question, value, reason, variant: Some(variant), error: None }
}

fn failed((kind, flag): (&str, &str), context: &Value, default: Value, error: &'static str) -> Case {
    let question = json!({ "type": kind, "flag": flag, "context": context, "default": default });
    Case { question, value: default, reason: "ERROR", variant: None, error: Some(error) }
}

fn cases() -> Vec<Case> {
    let u1 = &json!({ "targetingKey": "u-1" });
    let nobody = &json!({});
    let with = |name: &str, value: &str| json!({ "targetingKey": "u-1", name: value });
    vec![
        served(("boolean", "banner"), nobody, json!(true), "STATIC", "on"),
        served(("boolean", "legacy"), u1, json!(false), "DISABLED", "off"),
        served(("string", "theme"), u1, json!("black"), "STATIC", "dark"),
        served(("integer", "limit"), u1, json!(50), "STATIC", "high"),
        served(("float", "ratio"), u1, json!(2.5), "STATIC", "much"),
        served(
            ("object", "prompt"),
            u1,
            json!({ "prompt": "style_v3", "models": ["a", "b"] }),
            "STATIC",
            "v3",
        ),
        served(("string", "retired"), u1, json!("v1"), "DISABLED", "old"),
        served(("boolean", "targeted"), u1, json!(false), "DEFAULT", "off"),
        served(
            ("boolean", "targeted"),
            &json!({ "targetingKey": "u-vip" }),
            json!(true),
            "TARGETING_MATCH",
            "on",
        ),
        served(("boolean", "targeted"), &with("org", "acme"), json!(true), "TARGETING_MATCH", "on"),
        served(("boolean", "targeted"), &with("plan", "pro"), json!(true), "TARGETING_MATCH", "on"),
        served(("boolean", "targeted"), &with("email", "ada@agpt.co"), json!(true), "TARGETING_MATCH", "on"),
        served(("boolean", "gated"), u1, json!(false), "DEFAULT", "off"),
        failed(("boolean", "nowhere"), u1, json!(true), "FLAG_NOT_FOUND"),
        failed(("string", "nowhere"), u1, json!("as before"), "FLAG_NOT_FOUND"),
        failed(("boolean", "theme"), u1, json!(true), "TYPE_MISMATCH"),
        failed(("string", "banner"), u1, json!("text"), "TYPE_MISMATCH"),
        failed(("boolean", "half"), nobody, json!(true), "TARGETING_KEY_MISSING"),
        failed(
            ("boolean", "half"),
            &json!({ "targetingKey": "u-1", "org": true }),
            json!(true),
            "INVALID_CONTEXT",
        ),
    ]
}

/// Asks an SDK and compares; then compares the splits of users with what the command line says of them.
fn answers_as_asked(project: &Project, server: &FfctlServer, ask: impl Fn(&Value) -> Vec<Value>) {
    let request = |token: &str, questions: &[Value]| json!({ "address": server.said["address"], "token": token, "questions": questions });
    let cases = cases();
    let questions: Vec<Value> = cases.iter().map(|case| case.question.clone()).collect();
    let answers = ask(&request(&server.token, &questions));
    assert_eq!(answers.len(), cases.len());
    for (case, answer) in cases.iter().zip(&answers) {
        assert_eq!(answer["value"], case.value, "{} {answer}", case.question);
        assert_eq!(answer["reason"], case.reason, "{} {answer}", case.question);
        assert_eq!(answer["variant"].as_str(), case.variant, "{} {answer}", case.question);
        assert_eq!(answer["error"].as_str(), case.error, "{} {answer}", case.question);
        if case.error.is_none() {
            assert_eq!(answer["metadata"]["source"], "default", "{} {answer}", case.question);
        }
    }

    let users: Vec<String> = (0..USERS).map(|user| format!("user-{user}")).collect();
    let of = |kind: &str, flag: &str, default: Value| -> Vec<Value> {
        let question = |user| json!({ "type": kind, "flag": flag, "context": { "targetingKey": user }, "default": default });
        ask(&request(&server.token, &users.iter().map(question).collect::<Vec<_>>()))
    };
    let (halves, palettes) = (of("boolean", "half", json!(true)), of("string", "palette", json!("none")));
    for (at, user) in users.iter().enumerate() {
        let get = project.json(&["get", "half", "palette", "--user", user]);
        for (flag, answer) in [(0, &halves[at]), (1, &palettes[at])] {
            assert_eq!(answer["value"], get["flags"][flag]["value"], "{user} {answer}");
            assert_eq!(answer["reason"], "SPLIT", "{user} {answer}");
        }
    }
    assert!(halves.iter().any(|answer| answer["value"] == true), "some are in");
    assert!(halves.iter().any(|answer| answer["value"] == false), "and some are not");

    let question = json!({ "type": "boolean", "flag": "banner", "context": {}, "default": false });
    let wrong = ask(&request("ffa_wrong", &[question]));
    assert_eq!((&wrong[0]["value"], &wrong[0]["reason"]), (&json!(false), &json!("ERROR")), "{wrong:?}");
    assert_eq!(wrong[0]["error"], "GENERAL", "{wrong:?}");
}

/// Runs a script with this input; its output is a list.
fn ask(program: &Path, folder: &Path, script: &str, input: &Value) -> Vec<Value> {
    let mut child = started(program, folder, script);
    let mut stdin = child.stdin.take().expect("piped");
    stdin.write_all(input.to_string().as_bytes()).expect("it reads");
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script}: {errors}");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{script}: {error}: {errors}"))
}

fn started(program: &Path, folder: &Path, script: &str) -> Child {
    Command::new(program)
        .arg(script)
        .current_dir(folder)
        // Loopback is reached without a detour, whatever this machine uses.
        .env("NO_PROXY", "127.0.0.1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts")
}

#[test]
fn the_sdk_of_node_is_served_what_the_command_line_says() {
    let Some(folder) = toolchain::node("js") else { return };
    let project = Project::new(FLAGS);
    let server = FfctlServer::start(&project, &[]);
    answers_as_asked(&project, &server, |input| ask(Path::new("node"), &folder, "server.mjs", input));
}

#[test]
fn the_sdk_of_python_is_served_what_the_command_line_says() {
    let Some(folder) = toolchain::python("py") else { return };
    let project = Project::new(FLAGS);
    let server = FfctlServer::start(&project, &[]);
    let python = folder.join("venv/bin/python");
    answers_as_asked(&project, &server, |input| ask(&python, &folder, "server.py", input));
}

#[test]
fn the_sdk_of_node_gets_what_a_user_directory_knows() {
    let Some(folder) = toolchain::node("js") else { return };
    let directory = Server::start(|request| match request.path.as_str() {
        "/users/u-1" => Reply::json(200, &json!({ "id": "u-1", "email": "ada@agpt.co" })),
        _ => Reply::json(404, &json!({})),
    });
    let project = Project::new(FLAGS);
    let url = format!("{}/users/{{id}}", directory.url());
    let server = FfctlServer::start(&project, &["--directory", &url, "--directory-wait", "20s"]);
    let question = |user| json!({ "type": "boolean", "flag": "targeted", "context": { "targetingKey": user }, "default": false });
    let questions = json!({ "address": server.said["address"], "token": server.token, "questions": [question("u-1"), question("u-2")] });
    let answers = ask(Path::new("node"), &folder, "server.mjs", &questions);
    assert_eq!((&answers[0]["value"], &answers[0]["metadata"]["directory"]), (&json!(true), &Value::Null));
    assert_eq!(
        (&answers[1]["value"], &answers[1]["metadata"]["directory"]),
        (&json!(false), &json!("no_such_user"))
    );
}

/// The script that polls, and what it says.
struct Polling(Child, ChildStdin, BufReader<ChildStdout>);

impl Polling {
    fn say(&mut self, line: &Value) {
        writeln!(self.1, "{line}").expect("it reads");
    }

    fn hear(&mut self) -> Value {
        let mut line = String::new();
        self.2.read_line(&mut line).expect("it speaks");
        serde_json::from_str(&line).unwrap_or_else(|error| {
            let _ = self.0.kill();
            let mut errors = String::new();
            let _ = std::io::Read::read_to_string(&mut self.0.stderr.take().expect("piped"), &mut errors);
            panic!("{error}: {line:?} {errors}")
        })
    }
}

#[test]
fn the_sdk_for_browsers_keeps_its_answers_until_a_flag_changes_for_its_user() {
    let Some(folder) = toolchain::node("js") else { return };
    let project = Project::new(FLAGS);
    let server = FfctlServer::start(&project, &[]);
    let mut child = started(Path::new("node"), &folder, "web.mjs");
    let stdin = child.stdin.take().expect("piped");
    let stdout = BufReader::new(child.stdout.take().expect("piped"));
    let mut client = Polling(child, stdin, stdout);
    client.say(&json!({
        "address": server.said["address"], "token": server.token, "flag": "legacy",
        "context": { "targetingKey": "u-1", "org": "acme" },
    }));
    let ready = client.hear();
    assert_eq!((&ready["event"], &ready["value"]), (&json!("ready"), &json!(false)), "{ready}");
    let polled = client.hear();
    assert_eq!(polled["event"], "polled", "nothing changed: {polled}");
    assert_eq!(polled["statuses"]["200"], 1, "the tag was sent and held: {polled}");
    assert!(polled["statuses"]["304"].as_u64().is_some_and(|count| count > 1), "{polled}");
    project.ok(&["set", "legacy", "on", "--local", "--yes"]);
    let changed = client.hear();
    assert_eq!((&changed["event"], &changed["value"]), (&json!("changed"), &json!(true)), "{changed}");
    let mut flags: Vec<&str> =
        changed["flags"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    flags.sort_unstable();
    assert_eq!(flags, ["gated", "legacy"], "the flag, and the one that needs it: {changed}");
    client.say(&json!("end"));
    assert!(client.0.wait().expect("it ends").success());
}

#[test]
fn a_typescript_client_generated_from_the_description_compiles() {
    let Some(folder) = toolchain::node("ts") else { return };
    let server = FfctlServer::start(&Project::new(FLAGS), &[]);
    std::fs::write(folder.join("openapi.json"), server.get("//openapi.json").text).expect("written");
    let orval = [
        "node_modules/.bin/orval",
        "--input",
        "openapi.json",
        "--output",
        "gen/client.ts",
        "--client",
        "fetch",
    ];
    for words in [&orval[..], &["node_modules/.bin/tsc", "--project", "."]] {
        let done = toolchain::run(Command::new(folder.join(words[0])).args(&words[1..]).current_dir(&folder));
        assert_eq!(done, Ok(()));
    }
    let client = std::fs::read_to_string(folder.join("gen/client.ts")).expect("generated");
    for operation in ["listFlags", "getFlag", "evaluate", "evaluateFlag", "evaluateFlags"] {
        assert!(client.contains(&format!("export const {operation} = ")), "{operation}");
    }
}
