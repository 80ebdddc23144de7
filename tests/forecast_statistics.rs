//! The statistics of `simulate-rollout`: orgs, overlaps, counts of production, power, bounds.

use std::fmt::Write;
use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::forecast_grouped;
use super::forecasts::{json, number, texts};
use super::project::{Project, pinned};
use super::sdk::toolchain;

const FLAGS: &str = r#"schema = 1

[flags.alpha]
enabled = true
rollout = "10%"
bucketing = "md5-user"

[flags.beta]
enabled = true
rollout = "25%"
bucketing = "md5-user"

[flags.gamma]
enabled = true
rollout = "30%"

[flags.everyone]
enabled = true

[flags.by_org]
enabled = true
rollout = "20%"
bucket_by = "org"

[flags.needs_gamma]
enabled = true
rollout = "50%"
prerequisites = [{ flag = "gamma", variation = "on" }]

[flags.ruled]
enabled = true
users = { u-1 = "on", u-2 = "off" }
orgs = { globex = "on" }
rollout = "20%"

[[flags.ruled.rules]]
name = "pro plan"
when = [{ attribute = "plan", op = "in", values = ["pro"] }]
serve = "on"

[[flags.ruled.rules]]
when = [{ attribute = "plan", op = "in", values = ["nobody has it"] }]
serve = "on"

[flags.pros]
enabled = true
rollout = "0%"

[[flags.pros.rules]]
when = [{ attribute = "plan", op = "in", values = ["pro"] }]
serve = "on"

[experiments.even]
variants = [["control", 50], ["treatment", 50]]

[experiments.three]
flag = "gamma"
variants = [["a", 50], ["b", 25], ["c", 25]]

[experiments.salted]
salt = "s"
variants = [["control", 50], ["treatment", 50]]

[experiments.salted_too]
salt = "s"
variants = [["control", 70], ["treatment", 30]]
"#;

/// Four thousand users in organisations of very different sizes.
pub(super) fn project() -> Project {
    let project = Project::new(FLAGS);
    let mut users = String::from("id,org,plan\n");
    for number in 0..4000 {
        let org = match number {
            0..1500 => "acme".to_owned(),
            1500..2000 => "globex".to_owned(),
            2000..3990 => format!("org-{}", number % 150),
            _ => String::new(),
        };
        let plan = if number % 7 == 0 { "pro" } else { "free" };
        writeln!(users, "u-{number},{org},{plan}").expect("written");
    }
    project.write("users.csv", &users);
    project
}

#[test]
fn the_text_looks_as_pinned() {
    let project = project();
    let mut page = String::new();
    for line in [
        "by_org --to 40% --population users.csv",
        "ruled --to 40% --population users.csv --by rule --by plan",
        "alpha --overlap all --population users.csv",
        "even --observed control=5021,treatment=4873",
        "even --observed control=52000,treatment=48000 --fail-if srm",
        "even --observed control=5200,treatment=4800 --daily-users 1000 --baseline 4.2% --effect 10%",
        "three --daily-users 5000",
        "gamma --to 1%,10%,100% --daily-users 5000 --baseline 3% --effect 0.1pp",
    ] {
        let arguments: Vec<&str> = std::iter::once("simulate-rollout").chain(line.split(' ')).collect();
        let run = project.run(&arguments);
        writeln!(page, "$ ffctl simulate-rollout {line}\n{}{}[{}]\n", run.stderr, run.stdout, run.code)
            .expect("written");
    }
    pinned("forecast_statistics.txt", &page);
}

/// Every figure of the binary, computed again.
#[test]
fn scipy_finds_the_same_figures() {
    let Some(folder) = toolchain::python("scipy") else { return };
    let project = project();
    let reports: Vec<Value> = [
        "alpha --overlap all --population users.csv",
        "even --overlap three,salted,gamma --synthetic 30000",
        "salted --overlap salted_too,three --synthetic 30000",
        "even --observed control=5021,treatment=4873",
        "even --observed control=52000,treatment=48000",
        "even --observed control=5200,treatment=4800 --daily-users 1000 --baseline 4.2% --effect 10%",
        "three --observed a=5000,b=2600,c=2400",
        "three --daily-users 5000 --synthetic 20000",
        "gamma --to 1%,10%,100% --daily-users 70 --baseline 3% --effect 0.1pp --power 90% --alpha 1%",
        "ruled --to 5%,40% --population users.csv",
        "gamma --observed on=3100,off=6900",
        "ruled --observed on=400,off=600 --population users.csv",
        "by_org --daily-users 400 --population users.csv --allow-missing",
    ]
    .iter()
    .map(|line| json(&project, &line.split(' ').collect::<Vec<_>>()))
    .chain(forecast_grouped::reports())
    .collect();
    let mut python = Command::new(folder.join("venv/bin/python"))
        .arg("forecast.py")
        .current_dir(&folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut stdin = python.stdin.take().expect("piped");
    stdin.write_all(Value::from(reports).to_string().as_bytes()).expect("it reads");
    drop(stdin);
    let output = python.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let compared: Value = serde_json::from_slice(&output.stdout).expect("it prints JSON");
    let compared = compared.as_object().expect("an object");
    assert_eq!(compared.len(), 20, "{compared:?}");
}

#[test]
fn several_breakdowns_add_up_each() {
    let project = project();
    let report = json(
        &project,
        &[
            "ruled",
            "--to",
            "40%",
            "--population",
            "users.csv",
            "--by",
            "rule,plan",
            "--by",
            "org",
            "--by",
            "plan",
        ],
    );
    let groups = report["steps"][0]["groups"].as_array().expect("groups");
    let sum = |by: &str, what: &str| -> u64 {
        groups
            .iter()
            .filter(|group| group["by"] == by)
            .map(|group| group[what].as_u64().expect("a count"))
            .sum()
    };
    for by in ["rule", "plan", "org"] {
        assert_eq!(sum(by, "users"), 4000, "{by}");
        assert_eq!(sum(by, "on_after"), report["steps"][0]["then"]["on"].as_u64().expect("a count"), "{by}");
        assert_eq!(sum(by, "joins"), report["steps"][0]["joins"].as_u64().expect("a count"), "{by}");
    }
    let rule = |name: &str| {
        let found = groups.iter().find(|group| group["by"] == "rule" && group["group"] == name);
        found.map(|group| (group["users"].as_u64(), group["on_after"].as_u64()))
    };
    let some = |users, on| Some((Some(users), Some(on)));
    assert_eq!(rule("users"), some(2, 1), "the list is asked first");
    assert_eq!(rule("orgs"), some(500, 500));
    assert_eq!(rule("rule 2"), some(0, 0), "a rule that matches nobody has a line");
    let pros = rule("rule 1: pro plan").expect("a group");
    assert_eq!(pros.0, pros.1);
    // The same by the trace of single users.
    for (user, place) in [("u-1", "user"), ("u-1500", "org"), ("u-7", "rule")] {
        let plan = if user == "u-7" { "plan=pro" } else { "plan=free" };
        let org = if user == "u-1500" { "globex" } else { "acme" };
        let why = project.ok(&["explain", "ruled", "--user", user, "--org", org, "--attr", plan]);
        assert!(why.contains(place), "{why}");
    }
}

#[test]
fn the_present_state_alone_has_its_groups_too() {
    let project = project();
    let asked = ["ruled", "--population", "users.csv", "--by", "rule"];
    let report = json(&project, &asked);
    let groups = report["groups"].as_array().expect("groups");
    assert_eq!(groups.iter().filter_map(|group| group["users"].as_u64()).sum::<u64>(), 4000);
    let csv = project.ok(&[&["simulate-rollout"], &asked[..], &["-o", "csv"]].concat());
    assert_eq!(csv.lines().count(), 1 + 1 + groups.len(), "{csv}");
    let three = json(&project, &["three", "--synthetic", "1000", "--by", "rule"]);
    let names: Vec<&str> = three["groups"]
        .as_array()
        .expect("groups")
        .iter()
        .filter_map(|group| group["group"].as_str())
        .collect();
    assert_eq!(names, ["gate closed", "by the bucket"]);
}

#[test]
fn organisations_are_weighed() {
    let project = project();
    let report = json(&project, &["by_org", "--population", "users.csv", "--allow-missing"]);
    let orgs = &report["orgs"];
    let count = |name: &str| orgs[name].as_u64().expect("a count");
    assert_eq!((count("orgs"), count("users"), count("without")), (152, 3990, 10));
    assert_eq!((count("split"), count("on") + count("off")), (0, 152), "who is bucketed as one stays as one");
    // 1990 users over 150 organisations: 40 of them have 14 users, 110 have 13.
    let squares: f64 = 1500.0 * 1500.0 + 500.0 * 500.0 + 40.0 * 14.0 * 14.0 + 110.0 * 13.0 * 13.0;
    let effective = number(&orgs["effective_size"]);
    assert!((effective - 3990.0 * 3990.0 / squares).abs() < 1e-9, "{effective}");
    let sizes = |name: &str| -> Vec<u64> {
        orgs[name].as_array().expect("orgs").iter().filter_map(|org| org["users"].as_u64()).collect()
    };
    let named = [sizes("largest_on"), sizes("largest_off")].concat();
    assert!(named.contains(&1500) && named.contains(&500) && named.len() == 10, "{named:?}");
    assert!(sizes("largest_on").is_sorted_by(|a, b| a >= b));
    let users: u64 = orgs["variations"]
        .as_array()
        .expect("variations")
        .iter()
        .filter_map(|one| one["users"].as_u64())
        .sum();
    assert_eq!(users, 3990);
    assert!(texts(&orgs["meaning"]).iter().any(|said| said.contains("of the orgs is")), "{orgs}");
    // Bucketed one by one, everybody's organisation is torn; without --by org nobody asks.
    let torn = json(&project, &["gamma", "--population", "users.csv", "--by", "org"]);
    assert_eq!(
        torn["orgs"]["split"].as_u64(),
        Some(152).map(|all| all
            - torn["orgs"]["on"].as_u64().expect("a count")
            - torn["orgs"]["off"].as_u64().expect("a count"))
    );
    assert!(torn["orgs"]["split"].as_u64() > Some(100));
    assert!(json(&project, &["gamma", "--population", "users.csv"]).get("orgs").is_none());
}

#[test]
fn flags_that_share_a_hash_are_told_and_strangers_are_not() {
    let project = project();
    let report = json(&project, &["alpha", "--overlap", "all", "--synthetic", "20000"]);
    let overlaps = report["overlaps"].as_array().expect("overlaps");
    assert_eq!(overlaps.len(), 11, "all but itself");
    let with = |name: &str| overlaps.iter().find(|one| one["with"] == name).expect("compared");
    let notable: Vec<&Value> =
        overlaps.iter().filter(|one| one["association"]["notable"] == true).map(|one| &one["with"]).collect();
    assert_eq!(notable, ["beta"]);
    assert_eq!(with("beta")["association"]["cause"], "hash");
    assert_eq!(with("beta")["counts"][0][1], 0, "who is in 10% is in 25%");
    assert!(with("beta")["meaning"].as_str().expect("words").contains("hashes the user alone"));
    assert!(with("everyone").get("association").is_none());
    assert!(with("three")["left_out"].as_u64() > Some(10_000), "who is behind the gate is left out");
    let salted = json(&project, &["salted", "--overlap", "salted_too", "--synthetic", "5000"]);
    assert!(salted["overlaps"][0]["meaning"].as_str().expect("words").contains("the salt `s`"));
    let asked = json(&project, &["gamma", "--overlap", "needs_gamma", "--synthetic", "5000"]);
    assert_eq!(asked["overlaps"][0]["association"]["cause"], "reference");
    let rules = json(&project, &["ruled", "--overlap", "pros", "--population", "users.csv"]);
    assert_eq!(rules["overlaps"][0]["association"]["cause"], "definitions");
    // Counted in bulk or row by row: the same.
    let ids: Vec<String> = (0..3000).map(|id| format!("u-{id}")).collect();
    project.write("ids.txt", &ids.join("\n"));
    project.write("ids.csv", &format!("id\n{}", ids.join("\n")));
    let of = |file: &str| {
        json(&project, &["alpha", "--overlap", "beta,gamma,even", "--population", file])["overlaps"].clone()
    };
    assert_eq!(of("ids.txt"), of("ids.csv"));
}

#[test]
fn a_list_has_no_interval_and_made_up_users_have() {
    let project = project();
    let listed = json(&project, &["ruled", "--to", "40%", "--population", "users.csv", "--by", "rule"]);
    assert!(listed["now"].get("interval").is_none());
    assert!(listed["steps"][0]["then"]["unseen"][0].as_f64().is_some(), "rules say nothing of others");
    let plain = json(&project, &["gamma", "--population", "users.csv"]);
    assert!(plain["now"].get("unseen").is_none(), "the configuration says it: 30%");
    let grouped = json(&project, &["by_org", "--population", "users.csv", "--allow-missing"]);
    assert!(grouped["now"].get("unseen").is_none());
    let made_up = json(&project, &["gamma", "--synthetic", "1000"]);
    assert!(made_up["now"]["interval"][0].as_f64().is_some() && made_up["now"].get("unseen").is_none());
}
