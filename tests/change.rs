//! What all changes have in common: conditions, masks, lost answers, and that nothing else is touched.

use std::collections::BTreeMap;
use std::sync::Mutex;

use serde_json::{Value, json};

use super::project::{Project, run};
use super::remote::{asked, with_profile, with_url};
use super::support::api;
use super::support::server::{Reply, Server};

const HERE: [&str; 2] = ["--local", "--yes"];

#[test]
fn a_condition_must_hold_for_each_flag_as_everybody_sees_it() {
    let cases: [(&str, &[&str], &str); 10] = [
        ("use_v3_style", &["off"], "on"),
        ("enable_try_on", &["on", "100%"], "off"),
        ("enable_memory_v2", &["partial", "25%"], "50%"),
        ("style_prompt", &["partial"], "v3"),
        ("enable_memory_v2", &["partial", "25.0%"], "on"),
        ("use_v3_style", &["OFF", "false"], "partial"),
        ("enable_try_on", &["yes"], "partial"),
        ("enable_memory_v2", &["25%"], "off"),
        ("use_v3_style", &["no"], "25%"),
        ("enable_try_on", &["true"], "99%"),
    ];
    for (flag, holding, failing) in cases {
        let project = Project::shipped();
        let set =
            |state: &str, more: &[&str]| project.run(&[&["set", flag, "off", "--if", state], more].concat());
        if flag != "style_prompt" {
            for state in holding {
                assert_eq!(set(state, &["--dry-run"]).code, 0, "{flag} --if {state}");
            }
        }
        for more in [&HERE[..], &["--dry-run"]] {
            let run = set(failing, more);
            assert_eq!((run.code, run.stdout.as_str()), (5, ""), "{flag} --if {failing}: {run:?}");
            assert!(
                run.stderr.contains(&format!("--if {failing} does not hold: `{flag}` is ")),
                "{}",
                run.stderr
            );
        }
        assert!(
            std::fs::read_dir(project.state()).expect("a folder").next().is_none(),
            "nothing was written"
        );
    }
    let project = Project::shipped();
    let several = ["set", "use_v3_style=on", "enable_try_on=on", "enable_memory_v2=50%", "--if", "off"];
    let said = project.fails(5, &[&several[..], &HERE].concat());
    assert!(
        said.contains("`enable_try_on` is on, `enable_memory_v2` is 25% + 2 rules; nothing was changed"),
        "{said}"
    );
    for (code, wrong) in [(2, "1"), (2, "25"), (2, "maybe"), (2, "")] {
        project.fails(code, &["set", "use_v3_style", "on", "--if", wrong, "--dry-run"]);
    }
    project.fails(3, &["set", "style_prompt", "v3", "--if", "v9", "--dry-run"]);
}

#[test]
fn the_layers_that_count_are_those_of_the_condition() {
    let mut project = Project::shipped();
    project.ok(&[&["unset", "use_v3_style", "--if", "off"], &HERE[..]].concat());
    project.set("FF_USE_V3_STYLE", "on");
    let file = ["--layer", "default", "--yes"];
    project.fails(5, &[&["set", "use_v3_style", "on", "--if", "off"], &file[..]].concat());
    project.ok(&[&["set", "use_v3_style", "on", "--if", "on"], &file[..]].concat());
    project.set("FF_USE_V3_STYLE", "flase");
    let said = project.fails(5, &["set", "use_v3_style", "on", "--if", "off", "--local", "--yes"]);
    assert!(said.contains("`use_v3_style` is invalid"), "{said}");
    // What must be known and cannot be asked is no condition that holds.
    let mut away = Project::shipped();
    away.set("FFCTL_ADMIN_URL", "http://127.0.0.1:9");
    away.ok(&[&["set", "use_v3_style", "on"], &file[..]].concat());
    away.fails(6, &[&["set", "use_v3_style", "off", "--if", "on"], &file[..]].concat());
}

#[test]
fn of_fifty_who_switch_on_what_is_off_one_does() {
    let project = Project::shipped();
    let codes: Vec<i32> = std::thread::scope(|scope| {
        let start = |_| {
            scope
                .spawn(|| project.run(&["set", "use_v3_style", "on", "--if", "off", "--local", "--yes"]).code)
        };
        let started: Vec<_> = (0..50).map(start).collect();
        started.into_iter().map(|one| one.join().expect("no panic")).collect()
    });
    assert_eq!(codes.iter().filter(|code| **code == 0).count(), 1, "{codes:?}");
    assert_eq!(codes.iter().filter(|code| **code == 5).count(), 49, "{codes:?}");
    assert_eq!(project.json(&["history"])["entries"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_masked_change_says_what_masks_it_and_the_command_that_makes_it_count() {
    let mut project = Project::shipped();
    project.write(".env", "A=1\nFF_USE_V3_STYLE=off\n");
    let file = ["--layer", "default", "--yes"];
    // An override of the store.
    project.ok(&[&["set", "use_v3_style", "off"], &HERE[..]].concat());
    let flag =
        project.json(&[&["set", "use_v3_style", "on", "--local"], &file[..]].concat())["flags"][0].clone();
    let mask = json!({ "source": "admin", "value": "off", "place": "journal 1",
                       "fix": "ffctl unset use_v3_style --field enabled --local" });
    assert_eq!((&flag["fields"][0]["masked_by"], &flag["after"]), (&mask, &"off".into()));
    let notes = flag["notes"].to_string();
    assert!(
        notes.contains("the admin layer says off (journal 1) and is above default; off stays in force"),
        "{notes}"
    );
    assert!(notes.contains("ffctl set use_v3_style on --local"), "{notes}");
    // What the note says to type does it.
    assert_eq!(run(&mut project.shell("ffctl unset use_v3_style --field enabled --local --yes")).code, 0);
    assert_eq!(project.ok(&["get", "use_v3_style"]), "true\n");
    // A variable of a file.
    let with_env = ["set", "use_v3_style", "25%", "--env-file", ".env"];
    let flag = project.json(&[&with_env, &file[..]].concat())["flags"][0].clone();
    let field = flag["fields"].as_array().expect("fields").iter().find(|field| field["masked"] == true);
    assert_eq!(field, None, "a rollout that no layer above sets counts: {flag}");
    let flag =
        project.json(&[&["set", "use_v3_style", "off", "--env-file", ".env"], &file[..]].concat())["flags"]
            [0]
        .clone();
    let mask = json!({ "source": "env", "value": "off", "place": ".env:2 FF_USE_V3_STYLE",
                       "fix": "ffctl unset use_v3_style --layer env --env-file .env" });
    assert_eq!(flag["fields"][0]["masked_by"], mask, "{flag}");
    // A variable of the process, over a file and over flags.toml.
    project.set("FF_USE_V3_STYLE", "on");
    for layer in [&file[..], &["--layer", "env", "--env-file", ".env", "--yes"]] {
        let flag = project.json(&[&["set", "use_v3_style", "25%"], layer].concat())["flags"][0].clone();
        let fields = flag["fields"].as_array().expect("fields");
        let masked = fields.iter().find(|field| field["field"] == "enabled").expect("the switch");
        assert_eq!(
            (&masked["masked_by"]["place"], &masked["masked_by"]["fix"]),
            (&"FF_USE_V3_STYLE".into(), &"unset FF_USE_V3_STYLE".into())
        );
    }
    // On a server the command names it.
    let server = api::rich(&["use_v3_style"], None);
    let project = with_profile(&server, "");
    project.ok(&["set", "use_v3_style", "on", "-p", "prod", "--yes"]);
    let said = project.ok(&["set", "use_v3_style", "on", "--layer", "default", "-p", "prod", "--yes"]);
    assert!(said.contains("hint: ffctl unset use_v3_style --field enabled --profile prod"), "{said}");
    // And taking back says what counts then.
    let said = project.ok(&["unset", "use_v3_style", "-p", "prod", "--dry-run"]);
    assert!(said.contains("then default on"), "{said}");
}

/// A rich server that does what it is asked, and closes instead of answering the first change.
fn forgetful() -> Server {
    let inner = api::rich(&["use_v3_style", "enable_try_on"], None);
    let (url, lost) = (inner.url(), Mutex::new(false));
    // Whoever was first has installed the same one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::blocking::Client::builder().no_proxy().build().expect("a client");
    Server::start(move |request| {
        let _lives = &inner;
        let method = reqwest::Method::from_bytes(request.method.as_bytes()).expect("a method");
        let mut asked = client.request(method, format!("{url}{}", request.path)).body(request.body.clone());
        for name in ["if-match", "idempotency-key", "content-type"] {
            if let Some(value) = request.headers.get(name) {
                asked = asked.header(name, value);
            }
        }
        let answer = asked.send().expect("an answer");
        let mut lost = lost.lock().expect("no panic");
        if request.method == "PATCH" && !std::mem::replace(&mut lost, true) {
            return Reply::Close;
        }
        let tag = answer.headers().get("etag").and_then(|tag| tag.to_str().ok()).map(str::to_owned);
        let reply =
            Reply::text(answer.status().as_u16(), "application/json", &answer.text().expect("a body"));
        tag.iter().fold(reply, |reply, tag| reply.with("etag", tag))
    })
}

#[test]
fn a_lost_answer_is_verified_and_repeated_by_what_the_message_says() {
    let server = forgetful();
    let project = with_url(&server);
    let run_lost = project.run(&["set", "use_v3_style=on", "enable_try_on=on", "-m", "it's time", "--yes"]);
    if run_lost.code == 0 {
        // The client has repeated it itself, under the same key.
        let keys: Vec<_> =
            asked(&server, "PATCH").into_iter().map(|one| one.headers["idempotency-key"].clone()).collect();
        assert!(keys.len() == 2 && keys[0] == keys[1], "{keys:?}");
        return;
    }
    assert_eq!(run_lost.code, 11, "{run_lost:?}");
    let hint = |start: &str| {
        let line = run_lost.stderr.lines().find_map(|line| line.strip_prefix(start));
        line.unwrap_or_else(|| panic!("{start}: {}", run_lost.stderr)).to_owned()
    };
    let verify = hint("hint: see what is there now: ");
    let repeat = hint("hint: or repeat it, which changes nothing twice: ");
    assert_eq!(verify, "ffctl explain use_v3_style");
    assert!(
        repeat.starts_with(
            "ffctl set use_v3_style=on enable_try_on=on -m 'it'\\''s time' --yes --idempotency-key "
        ),
        "{repeat}"
    );
    assert!(run(&mut project.shell(&verify)).stdout.contains("journal 1"));
    let again = run(&mut project.shell(&repeat));
    assert_eq!(again.code, 0, "{again:?}");
    let entries = project.json(&["history"])["entries"].clone();
    assert_eq!(entries.as_array().map(Vec::len), Some(1), "it was changed once: {entries}");
}

#[test]
fn the_same_command_with_the_same_key_changes_nothing_twice() {
    let server = api::rich(&["use_v3_style"], None);
    for project in [Project::shipped(), with_url(&server)] {
        let local = ["--local", "--yes"];
        let here: &[&str] =
            if project.run(&["history"]).stdout.contains("local store") { &local } else { &["--yes"] };
        let set = ["set", "use_v3_style", "on", "--if", "off", "--idempotency-key", "deploy-42"];
        assert_eq!(project.json(&[&set, here].concat())["outcome"], "written");
        assert_eq!(project.json(&[&set, here].concat())["outcome"], "unchanged", "although it is on now");
        // Somebody else in between: what the key stands for was done, and is not done again.
        project.ok(&[&["set", "use_v3_style", "off"], here].concat());
        let run = project.run(&[&set, here].concat());
        assert_eq!((run.code, run.stdout.as_str()), (5, ""), "nothing is said to be written: {run:?}");
        let said =
            "was made, journal 1, and has been changed since: there is `use_v3_style` with enabled off now";
        assert!(run.stderr.contains(said), "{run:?}");
        assert_eq!(project.ok(&["get", "use_v3_style"]), "false\n", "the other change stands");
        for wrong in ["", "a b", "ä"] {
            project.fails(2, &[&["set", "use_v3_style", "on", "--idempotency-key", wrong], here].concat());
        }
    }
    let project = Project::shipped();
    let said = project
        .fails(2, &["set", "use_v3_style", "on", "--layer", "default", "--yes", "--idempotency-key", "k"]);
    assert!(said.contains("the answer of a file cannot get lost"), "{said}");
}

#[test]
fn a_written_change_is_told_even_if_its_receipt_cannot_be() {
    let project = Project::shipped();
    let run = run(&mut project.shell("ffctl set use_v3_style on --local --yes > /dev/full"));
    assert_eq!(run.code, 12, "{run:?}");
    assert!(run.stderr.contains("the change itself was written as journal 1"), "{}", run.stderr);
    assert_eq!(project.ok(&["get", "use_v3_style"]), "true\n");
}

/// Returns each flag's rows of the store, and each flag's part of flags.toml.
fn parts(project: &Project) -> BTreeMap<String, String> {
    let mut parts: BTreeMap<String, String> = BTreeMap::new();
    let folder = project.state().join("ffctl");
    if folder.is_dir() {
        let connection = rusqlite::Connection::open(super::store::only_store(project)).expect("a store");
        let mut statement =
            connection.prepare("SELECT flag, field, value, number FROM override").expect("rows");
        let rows = statement.query_map([], |row| {
            Ok((
                row.get::<_, String>(0)?,
                format!(
                    "{:?} {:?} {:?}",
                    row.get::<_, String>(1)?,
                    row.get::<_, String>(2)?,
                    row.get::<_, i64>(3)?
                ),
            ))
        });
        for row in rows.expect("rows") {
            let (flag, row) = row.expect("a row");
            parts.entry(flag).or_default().push_str(&row);
        }
    }
    for section in project.read("flags.toml").split("\n[") {
        let name = section.split(['.', ']']).nth(1).unwrap_or_default().to_owned();
        parts.entry(name).or_default().push_str(section);
    }
    for line in project.read(".env").split_inclusive('\n') {
        let name = line.split('=').next().unwrap_or_default().trim_start_matches("FF_").to_lowercase();
        parts.entry(name).or_default().push_str(line);
    }
    parts
}

#[test]
fn a_write_touches_only_what_was_named() {
    let project = Project::shipped();
    project.write(".env", "# ours\nFF_USE_V3_STYLE='on'  # why\nOTHER=1\nFF_ENABLE_TRY_ON=off\n");
    let flags =
        ["use_v3_style", "enable_try_on", "enable_memory_v2", "enable_approval_queues", "style_prompt"];
    // A generator of which the seed is this number (Knuth's MMIX), so that a failure can be had again.
    let mut random = 3_u64;
    let mut next = |below: usize| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(random >> 33).expect("31 bits") % below
    };
    let mut written = 0;
    for round in 0..120 {
        let (one, other) = (next(flags.len()), next(flags.len()));
        let value = |flag: usize, at: usize| match flags[flag] {
            "style_prompt" => ["v2", "v3", "off"][at % 3].to_owned(),
            _ => [String::from("on"), String::from("off"), format!("{}%", at * 7 % 100 + 1)][at % 3].clone(),
        };
        let mut named = vec![flags[one]];
        let mut words = match next(4) {
            0 => vec!["unset".to_owned(), flags[one].to_owned()],
            1 => vec![
                "set".to_owned(),
                flags[one].to_owned(),
                "off".to_owned(),
                "--user".to_owned(),
                format!("u{}", next(3)),
            ],
            _ => vec!["set".to_owned(), format!("{}={}", flags[one], value(one, next(9)))],
        };
        if words[0] == "set" && words.len() == 2 && one != other {
            words.push(format!("{}={}", flags[other], value(other, next(9))));
            named.push(flags[other]);
        }
        let layer: &[&str] = match next(3) {
            0 => &["--layer", "default"],
            1 => &["--layer", "env", "--env-file", ".env"],
            _ => &["--local"],
        };
        let before = parts(&project);
        let words: Vec<&str> =
            words.iter().map(String::as_str).chain(layer.iter().copied()).chain(["--yes"]).collect();
        let run = project.run(&words);
        let after = parts(&project);
        let untouched = |parts: &BTreeMap<String, String>| {
            let mut parts = parts.clone();
            parts.retain(|name, _| !named.contains(&name.as_str()));
            parts
        };
        assert_eq!(untouched(&after), untouched(&before), "round {round}: {words:?}");
        match run.code {
            0 => written += usize::from(after != before),
            // What a layer cannot hold is refused, and leaves everything as it was.
            2 => assert_eq!(after, before, "round {round}: {words:?}"),
            _ => panic!("round {round}: {words:?}: {run:?}"),
        }
    }
    assert!(written > 40, "{written} of the rounds wrote something");
    assert_ne!(Value::Null, project.json(&["list"])["flags"], "and all of it is still sound");
}
