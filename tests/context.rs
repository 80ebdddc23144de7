//! Users from a user directory: `--directory`, `context show`, and `check` of somebody of whom only the key is known.

use serde_json::{Value, json};

use super::project::Project;
use super::support::server::{Reply, Server};

const FLAGS: &str = "schema = 1

[flags.f]
enabled = true
rollout = \"0%\"
[[flags.f.rules]]
when = [{ segment = \"staff\" }]
serve = \"on\"

[flags.g]
enabled = true
rollout = \"0%\"
[[flags.g.rules]]
when = [{ attribute = \"custom_tier\", op = \"in\", values = [3] }]
serve = \"on\"

[flags.young]
enabled = true
rollout = \"0%\"
[[flags.young.rules]]
when = [{ attribute = \"account_age_days\", op = \"less_than\", values = [7] }]
serve = \"on\"

[experiments.e]
variants = [[\"control\", 1], [\"treatment\", 1]]

[segments.staff]
rules = [{ when = [{ attribute = \"email_domain\", op = \"in\", values = [\"agpt.co\"] }] }]
";

/// Starts a directory: `u1` has a whole record, `odd` one with odd things, `down` none that comes.
fn directory() -> Server {
    Server::start(|request| match request.path.as_str() {
        "/users/u1" => Reply::json(200, &ada()),
        "/users/odd" => Reply::json(
            200,
            &json!({ "id": "odd", "email": 7, "created_at": "2026-01-01T00:00:00", "metadata": { "tier": 3 } }),
        ),
        "/users/down" => Reply::text(400, "text/plain", "hunter2"),
        _ => Reply::json(404, &json!({ "detail": "nobody" })),
    })
}

fn ada() -> Value {
    json!({
        "id": "u1", "name": "Ada", "email": "ada@agpt.co", "created_at": "2026-09-01T12:00:00Z", "role": "admin",
        "metadata": { "tier": 3, "segments": ["beta", "admin"] }, "password_hash": "hunter2",
    })
}

fn project(server: &Server) -> Project {
    let mut project = Project::new(FLAGS);
    project.set("FFCTL_DIRECTORY", &format!("{}/users/{{id}}", server.url()));
    project
}

#[test]
fn get_explain_and_variant_for_user_know_what_the_directory_knows() {
    let server = directory();
    let project = project(&server);
    assert_eq!(project.ok(&["get", "f", "--user", "u1"]), "false\n");
    assert_eq!(project.ok(&["get", "f", "--user", "u1", "--directory"]), "true\n");
    let answer = project.json(&["get", "f", "g", "--user", "u1", "--directory"]);
    assert_eq!(answer["flags"][1]["value"], true);
    assert_eq!(answer["context"]["directory"]["state"], "directory");
    assert_eq!(answer["context"]["directory"]["address"], format!("{}/users/{{id}}", server.url()));
    let context = &answer["context"]["context"];
    assert_eq!((&context["email"], &context["custom_tier"]), (&json!("ada@agpt.co"), &json!(3)));
    assert_eq!(context["segments"], json!(["admin", "beta"]));
    assert!(!answer.to_string().contains("hunter2"), "only declared fields leave");
    let shown = project.ok(&["explain", "f", "--user", "u1", "--directory"]);
    assert!(shown.contains("(from the directory)") && shown.contains("\"staff\""), "{shown}");
    let variant = project.json(&["variant-for-user", "u1", "--directory"]);
    assert_eq!(variant["directory"]["state"], "directory");
    let plain = project.json(&["variant-for-user", "u1"]);
    assert_eq!((&plain["directory"], &plain["variants"]), (&Value::Null, &variant["variants"]));
}

#[test]
fn what_the_caller_says_goes_before_and_the_age_is_that_of_the_evaluation() {
    let server = directory();
    let project = project(&server);
    let get = |flag: &str, more: &[&str]| {
        project.ok(&[&["get", flag, "--user", "u1", "--directory"], more].concat())
    };
    assert_eq!(get("f", &["--attr", "email=ada@example.com"]), "false\n");
    assert_eq!(get("f", &["--attr", "email="]), "false\n");
    assert_eq!(get("young", &["--at", "2026-09-08T11:59:59Z"]), "true\n");
    assert_eq!(get("young", &["--at", "2026-09-08T12:00:00Z"]), "false\n");
    assert_eq!(get("young", &["--at", "2026-08-31T00:00:00Z"]), "false\n", "made in the future");
    let context = project.run_with_input(
        &["get", "g", "--context", "-", "--directory", "--json"],
        r#"{"kind":"multi","user":{"key":"u1","plan":"pro"},"org":{"key":"acme"}}"#,
    );
    let answer: Value = serde_json::from_str(&context.stdout).expect("JSON");
    assert_eq!(answer["flags"][0]["value"], true);
    assert_eq!(answer["context"]["context"]["user"]["plan"], "pro");
    assert_eq!(answer["context"]["context"]["org"]["key"], "acme");
}

#[test]
fn a_lookup_that_fails_leaves_the_key_alone_and_says_so() {
    let server = directory();
    let project = project(&server);
    for (user, reason, said) in [
        ("down", "failed", "it answered 400 Bad Request"),
        ("nobody", "no_such_user", "knows no user nobody"),
    ] {
        for command in [
            &["get", "f", "--user", user] as &[&str],
            &["explain", "f", "-u", user],
            &["variant-for-user", user],
        ] {
            let run = project.run(&[command, &["--directory"]].concat());
            assert_eq!(run.code, 0, "{command:?}: {run:?}");
            assert!(run.stderr.contains(said), "{command:?}: {}", run.stderr);
            assert!(run.stderr.contains("only the key counts") && !run.stderr.contains("hunter2"));
        }
        let answer = project.json(&["get", "f", "--user", user, "--directory"]);
        let told = &answer["context"]["directory"];
        assert_eq!((&told["state"], &told["reason"]), (&json!("bare"), &json!(reason)));
        assert_eq!(answer["context"]["context"], json!({ "kind": "user", "key": user }));
    }
    let odd = project.run(&["get", "g", "--user", "odd", "--directory"]);
    assert_eq!(odd.stdout, "true\n");
    assert!(odd.stderr.contains("email: a number is not text"), "{}", odd.stderr);
    assert!(odd.stderr.contains("has no time zone"), "{}", odd.stderr);
}

#[test]
fn check_ends_with_6_without_a_record_unless_a_key_will_do() {
    let server = directory();
    let project = project(&server);
    let code = |arguments: &[&str]| project.run(&[&["check"], arguments, &["--directory"]].concat()).code;
    assert_eq!(code(&["f=on", "--user", "u1"]), 0);
    assert_eq!(code(&["f:u1=on", "g:u1=on"]), 0);
    assert_eq!(code(&["f:down=off"]), 6);
    assert_eq!(code(&["f=off", "--user", "down"]), 6);
    assert_eq!(code(&["f:nobody=off"]), 3, "nobody can tell of nobody");
    assert_eq!(code(&["f:down=off", "--allow-bare-user"]), 0);
    assert_eq!(code(&["f:nobody=off", "--allow-bare-user"]), 0);
    assert_eq!(code(&["f:nobody=on", "--allow-bare-user"]), 1);
    // Whoever cannot be looked up concerns only the conditions about them.
    let all = project.run(&["check", "f:u1=on", "f:down=off", "f=enabled", "--directory", "--json"]);
    assert_eq!(all.code, 6);
    let answer: Value = serde_json::from_str(&all.stdout).expect("JSON");
    let outcomes: Vec<&Value> =
        answer["conditions"].as_array().expect("a list").iter().map(|one| &one["outcome"]).collect();
    assert_eq!(outcomes, ["holds", "unreachable", "holds"]);
    assert_eq!(answer["conditions"][0]["directory"]["state"], "directory");
    assert_eq!(answer["conditions"][1]["directory"]["reason"], "failed");
    let hint = answer["conditions"][1]["hint"].as_str().expect("a hint");
    assert!(hint.contains("--allow-bare-user"), "{hint}");
    // The options are known of everybody who is named.
    assert_eq!(code(&["f:u1=off", "--attr", "email=x@y.z"]), 0);
    // What is unknown stays unknown.
    assert_eq!(code(&["absent:down=on"]), 3);
}

#[test]
fn one_run_asks_once_for_one_user() {
    let server = directory();
    let project = project(&server);
    project.ok(&["check", "f:u1=on", "g:u1=on", "f=on", "--user", "u1", "--directory"]);
    assert_eq!(server.requests().len(), 1);
    project.ok(&["get", "f", "g", "--user", "u1", "--directory"]);
    assert_eq!(server.requests().len(), 2);
    project.ok(&["get", "f", "--user", "u1"]);
    assert_eq!(server.requests().len(), 2, "nobody asked for it");
}

#[test]
fn context_show_tells_each_origin() {
    let server = directory();
    let project = project(&server);
    let at = "2026-09-11T12:00:00Z";
    let answer = project.json(&["context", "show", "u1", "--at", at, "--attr", "plan=pro", "--org", "acme"]);
    assert_eq!(answer["schema"], "ffctl.context/1");
    let attributes: Vec<String> = answer["attributes"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| {
            format!("{}.{}={} {} {}", one["kind"], one["name"], one["value"], one["origin"], one["from"])
        })
        .map(|line| line.replace('"', ""))
        .collect();
    let expected = [
        "user.name=Ada record name",
        "user.email=ada@agpt.co record email",
        "user.created_at=2026-09-01T12:00:00Z record created_at",
        "user.role=admin record role",
        "user.custom_tier=3 record metadata.tier",
        "user.plan=pro caller null",
        "org.key=acme caller null",
        "user.email_domain=agpt.co derived email",
        "user.account_age_days=10 derived created_at",
    ];
    assert_eq!(attributes, expected);
    let segments = json!([
        { "segment": "admin", "origins": ["role", "metadata"] },
        { "segment": "beta", "origins": ["metadata"] },
        { "segment": "staff", "origins": ["defined"] },
    ]);
    assert_eq!(answer["segments"], segments);
    assert!(!answer.to_string().contains("hunter2"));
    let shown = project.ok(&["context", "show", "u1", "--at", at]);
    for words in
        ["from the directory", "derived from email", "record, metadata.tier", "role, metadata", "defined"]
    {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let given = project.json(&["context", "show", "u1", "--attr", "segments:=[\"staff\",\"x\"]"]);
    let segments = json!([
        { "segment": "staff", "origins": ["caller", "defined"] },
        { "segment": "x", "origins": ["caller"] },
    ]);
    assert_eq!(given["segments"], segments);
}

#[test]
fn context_show_without_a_record_or_a_directory_is_no_failure() {
    let server = directory();
    let mut project = project(&server);
    let bare = project.run(&["context", "show", "down"]);
    assert_eq!(bare.code, 0);
    assert!(bare.stdout.contains("bare: the lookup failed") && bare.stdout.contains("nothing but the key"));
    let odd = project.run(&["context", "show", "odd", "--attr", "created_at=2999-01-01T00:00:00Z"]);
    assert!(
        odd.stderr.contains("email: a number is not text") && odd.stderr.contains("lies ahead"),
        "{odd:?}"
    );
    project = Project::new(FLAGS);
    let none = project.run(&["context", "show", "u1", "--attr", "email=ada@agpt.co"]);
    assert_eq!(none.code, 0);
    assert!(none.stdout.contains("no user directory") && none.stdout.contains("staff"), "{}", none.stdout);
    assert!(none.stderr.contains("FFCTL_DIRECTORY="), "{}", none.stderr);
    assert_eq!(project.run(&["context", "show", ""]).code, 2);
    assert_eq!(project.run(&["context", "show"]).code, 2);
}

#[test]
fn a_directory_of_a_profile_goes_before_the_one_for_all() {
    let (all, own) = (directory(), directory());
    let project = Project::new(FLAGS);
    let config = format!(
        "[directory]\nurl = \"{}/users/{{id}}\"\n[profiles.prod]\nurl = \"http://127.0.0.1:9\"\n[profiles.prod.directory]\nurl = \"{}/users/{{id}}\"\n",
        all.url(),
        own.url()
    );
    std::fs::create_dir_all(project.config("ffctl")).expect("a folder");
    std::fs::write(project.config("ffctl/config.toml"), config).expect("written");
    project.ok(&["context", "show", "u1"]);
    project.ok(&["context", "show", "u1", "-p", "prod"]);
    assert_eq!((all.requests().len(), own.requests().len()), (1, 1));
    // A committed file names no directory.
    project.write("flags.toml", &format!("[directory]\nurl = \"{}/users/{{id}}\"\n{FLAGS}", all.url()));
    assert!(project.fails(7, &["context", "show", "u1"]).contains("directory"));
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let server = directory();
    let mut project = project(&server);
    for (code, arguments, said) in [
        (2, &["get", "f", "--directory"] as &[&str], "--user"),
        (2, &["get", "f", "--directory", "--org", "acme"], "--user"),
        (2, &["check", "f=on", "--directory"], "--user"),
        (2, &["check", "f=enabled", "--user", "u1", "--directory"], "makes no difference"),
        (2, &["check", "f:u1=on", "--allow-bare-user"], "--directory"),
        (2, &["get", "f", "--user", "u1", "--directory", "--offline"], "--offline"),
        (2, &["variant-for-user", "--population", "x.csv", "--directory"], "--directory"),
    ] {
        let stderr = project.fails(code, arguments);
        assert!(stderr.contains(said), "{arguments:?}: {stderr}");
    }
    assert!(server.requests().is_empty());
    project = Project::new(FLAGS);
    let none = project.fails(7, &["get", "f", "--user", "u1", "--directory"]);
    assert!(none.contains("FFCTL_DIRECTORY='https://"), "{none}");
    project.set("FFCTL_DIRECTORY", "https://u:hunter2@people.example.com/users/{id}");
    let secret = project.fails(7, &["get", "f", "--user", "u1", "--directory"]);
    assert!(!secret.contains("hunter2"), "{secret}");
}

#[test]
fn a_token_goes_to_the_directory_alone() {
    let server = Server::start(|request| {
        let known = request.headers.get("authorization").is_some_and(|value| value == "Bearer t0ken");
        if known { Reply::json(200, &ada()) } else { Reply::json(401, &json!({})) }
    });
    let mut project = project(&server);
    let refused = project.run(&["get", "f", "--user", "u1", "--directory"]);
    assert!(refused.stderr.contains("it refuses the token (401"), "{}", refused.stderr);
    project.set("FFCTL_DIRECTORY_TOKEN", "t0ken");
    assert_eq!(project.ok(&["get", "f", "--user", "u1", "--directory"]), "true\n");
    let admin = Server::start(|_| Reply::json(200, &json!({ "flags": [] })));
    project.set("FFCTL_ADMIN_URL", &admin.url());
    project.ok(&["get", "f", "--user", "u1", "--directory"]);
    assert!(admin.requests().iter().all(|request| !request.headers.contains_key("authorization")));
}

#[cfg(unix)]
#[test]
fn a_database_is_a_directory_too() {
    let Some(database) = super::support::postgres::database("the program with a directory in PostgreSQL")
    else {
        return;
    };
    database.run(
        "create table users (id text, email text, metadata jsonb);
         insert into users values ('u1', 'ada@agpt.co', '{\"tier\": 3}')",
    );
    let mut project = Project::new(FLAGS);
    project.set("FFCTL_DIRECTORY", &database.url());
    assert!(project.fails(7, &["get", "f", "-u", "u1", "--directory"]).contains("FFCTL_DIRECTORY_QUERY"));
    project.set("FFCTL_DIRECTORY_QUERY", "select * from users where id = $1");
    assert_eq!(project.ok(&["get", "f", "--user", "u1", "--directory"]), "true\n");
    assert_eq!(project.run(&["check", "g:u1=on", "--directory"]).code, 0);
    assert_eq!(project.run(&["check", "g:u2=on", "--directory"]).code, 3);
    database.run("drop table users");
    let run = project.run(&["check", "g:u1=off", "--directory"]);
    assert_eq!(run.code, 6);
    assert!(run.stdout.contains("relation \"users\" does not exist"), "{}", run.stdout);
}
