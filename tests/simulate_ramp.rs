//! `ffctl simulate-rollout`: what the configuration alone says, times, funnels, and who was ever on.

use std::fmt::Write;

use serde_json::Value;

#[cfg(unix)]
use super::ffctl_server::FfctlServer;
use super::forecasts::{PROMPT, number};
use super::project::{Project, pinned};

/// What is defined beside [`PROMPT`].
const MORE: &str = r#"
[flags.memory]
enabled = true
rollout = "25%"
users = { u-7 = "off" }

[[flags.memory.rules]]
name = "new users, gradually"
when = [{ attribute = "account_age_days", op = "less_than", values = [7] }]
rollout = "40%"

[experiments.ranking]
flag = "base"
variants = [["a", 33], ["b", 33], ["c", 34]]

[experiments.order]
variants = [["a", 10], ["b", 10], ["none", 80]]
"#;

fn flags() -> String {
    format!("{PROMPT}{MORE}")
}

fn project() -> Project {
    let project = Project::shipped();
    project.write("flags.toml", &flags());
    let mut users = String::from("id,created_at,org\n");
    for number in 0..400 {
        writeln!(users, "u-{number},2026-11-{:02}T00:00:00Z,org-{}", 1 + number % 28, number % 5)
            .expect("written");
    }
    project.write("users.csv", &users);
    project
}

/// The group of those that nothing is said of by itself.
fn default(forecast: &Value) -> &Value {
    &forecast["configuration"]["groups"][0]
}

fn moved(forecast: &Value) -> f64 {
    let steps = default(forecast)["steps"].as_array().expect("steps");
    steps.iter().map(|step| number(&step["leaves"]) + number(&step["switches"])).sum()
}

#[test]
fn the_text_looks_as_pinned() {
    let project = project();
    let mut page = String::new();
    for arguments in [
        &["prompt", "--split", "v2=20,v3=20,v1=60", "--no-users"] as &[&str],
        &["memory", "--to", "50%,100%,10%", "--no-users"],
        &["ranking", "--split", "a=50,b=25,c=25", "--no-users"],
        &[
            "prompt",
            "--from",
            "v1=1",
            "--split",
            "v2=10,v3=10,v1=80",
            "--split",
            "v2=20,v3=20,v1=60",
            "--no-users",
        ],
        &["prompt", "--split", "v2=20,v3=20,v1=60", "--synthetic", "20000"],
        &[
            "memory",
            "--to",
            "30%",
            "--population",
            "users.csv",
            "--between",
            "2026-11-20..2026-11-30",
            "--every",
            "2d",
        ],
    ] {
        let run = project.run(&[&["simulate-rollout"], arguments].concat());
        assert_eq!(run.code, 0, "{arguments:?}: {}", run.stderr);
        writeln!(page, "$ ffctl simulate-rollout {}\n{}{}", arguments.join(" "), run.stderr, run.stdout)
            .expect("written");
    }
    let run = project.run(&["bucketing", "migrate", "memory", "--to", "md5-user", "--no-users"]);
    writeln!(page, "$ ffctl bucketing migrate memory --to md5-user --no-users\n{}{}", run.stderr, run.stdout)
        .expect("written");
    pinned("simulate_ramp.txt", &page);
}

#[test]
fn cut_points_say_who_becomes_what_before_any_user() {
    let project = project();
    let forecast =
        project.json(&["simulate-rollout", "prompt", "--split", "v2=20,v3=20,v1=60", "--no-users"]);
    assert_eq!(
        (&forecast["population"]["source"], &forecast["population"]["users"]),
        (&"none".into(), &0.into())
    );
    assert_eq!(forecast["steps"].as_array().map(Vec::len), Some(0), "nobody was counted");
    let group = default(&forecast);
    assert_eq!(group["whom"], "users that meet the prerequisites");
    assert_eq!(group["said"][0], "All of v3 (10%) turns into v2.");
    let way = |before: &str, after: &str| {
        let ways = group["steps"][0]["transitions"].as_array().expect("ways");
        let way = ways.iter().find(|way| way["before"] == before && way["after"] == after);
        way.map(|way| number(&way["share"]))
    };
    assert_eq!((way("v3", "v2"), way("v1", "v3"), way("v2", "v3")), (Some(0.1), Some(0.2), None));
    assert_eq!(group["steps"][0]["exact"], true);
    // The same stands beside the counts of users.
    let counted =
        project.json(&["simulate-rollout", "prompt", "--split", "v2=20,v3=20,v1=60", "--synthetic", "100"]);
    assert_eq!(default(&counted), group);
}

/// Types what is offered.
fn typed(project: &Project, offer: &Value, instead: &[&str]) -> Value {
    let command = offer["command"].as_str().expect("a command").to_owned();
    let mut words: Vec<&str> = command.split(' ').collect();
    assert_eq!((words.remove(0), words.pop()), ("ffctl", Some("--no-users")));
    project.json(&[&words[..], instead].concat())
}

#[test]
fn what_is_offered_can_be_typed_and_moves_nobody() {
    let project = project();
    let mut kinds = 0;
    for arguments in [
        &["prompt", "--split", "v2=20,v3=20,v1=60"] as &[&str],
        &["prompt", "--from", "v1=1", "--split", "v2=10,v3=10,v1=80", "--split", "v2=20,v3=20,v1=60"],
        &["prompt", "--from", "v2=10,v1=80,v3=10", "--split", "v2=20,v3=20,v1=60"],
    ] {
        let asked = project.json(&[&["simulate-rollout"], arguments, &["--no-users"]].concat());
        assert!(moved(&asked) > 0.05, "{asked:#}");
        let offers = default(&asked)["offers"].as_array().expect("offers").clone();
        for offer in &offers {
            kinds += 1;
            let alone = typed(&project, offer, &["--no-users"]);
            assert!(moved(&alone) < 1e-9, "{offer:#}");
            assert!(default(&alone).get("offers").is_none(), "there is nothing better");
            let counted = typed(&project, offer, &["--synthetic", "20000"]);
            for step in counted["steps"].as_array().expect("steps") {
                assert_eq!((&step["leaves"], &step["switches"]), (&0.into(), &0.into()), "{offer:#}");
                assert_eq!(step["guaranteed"], true, "{offer:#}");
            }
            // The line of flags.toml says the same as the last step.
            let line = offer["toml"].as_str().expect("a line");
            project.write(
                "flags.toml",
                &flags().replace("split = [[\"v2\", 10], [\"v3\", 10], [\"v1\", 80]]", line),
            );
            let last =
                offer["splits"].as_array().and_then(|splits| splits.last()?.as_str()).expect("a split");
            let same = project.json(&["simulate-rollout", "prompt", "--split", last, "--no-users"]);
            assert_eq!(
                default(&same)["states"][0]["pieces"],
                default(&same)["states"][1]["pieces"],
                "{line}"
            );
            project.write("flags.toml", &flags());
        }
    }
    assert!(kinds >= 4, "{kinds}");
}

#[test]
fn an_experiment_is_offered_an_order_for_its_definition() {
    let project = project();
    let asked = project.json(&["simulate-rollout", "order", "--split", "none=70,a=20,b=10", "--no-users"]);
    let offers = default(&asked)["offers"].as_array().expect("offers");
    let least = offers.iter().map(|offer| number(&offer["moved"])).fold(f64::INFINITY, f64::min);
    assert!(least < moved(&asked), "{asked:#}");
    let again = typed(&project, &offers[0], &["--no-users"]);
    assert!((moved(&again) - least).abs() < 1e-9);
    let line = offers[0]["toml"].as_str().expect("a line");
    assert!(line.starts_with("variants = [["), "{line}");
    project
        .write("flags.toml", &flags().replace("variants = [[\"a\", 10], [\"b\", 10], [\"none\", 80]]", line));
    assert_eq!(project.run(&["lint"]).code, 0);
}

#[test]
fn draws_that_change_are_expected_and_said_to_be() {
    let project = project();
    let forecast = project.json(&["bucketing", "migrate", "memory", "--to", "md5-user", "--no-users"]);
    let step = &default(&forecast)["steps"][0];
    assert_eq!((&step["exact"], &step["redrawn"][0]), (&false.into(), &"algorithm".into()));
    assert!((number(&step["leaves"]) - 0.25 * 0.75).abs() < 1e-9);
    assert_eq!(default(&forecast)["whom"], "users that are not listed and no rule matches");
}

#[test]
fn ever_on_is_counted_over_all_steps() {
    let project = project();
    let forecast =
        project.json(&["simulate-rollout", "memory", "--to", "50%,5%,60%", "--population", "users.csv"]);
    let exposed: Vec<&Value> =
        forecast["steps"].as_array().expect("steps").iter().map(|step| &step["exposed"]).collect();
    let on = |at: usize| &forecast["steps"][at]["then"]["on"];
    assert_eq!((exposed[0], exposed[1]), (on(0), on(0)), "who was on at 50% stays exposed at 5%");
    assert_eq!(exposed[2], on(2), "60% has everyone in who ever was");
    let text = project.ok(&["simulate-rollout", "memory", "--to", "50%,5%", "--population", "users.csv"]);
    assert!(text.contains("EVER ON"), "{text}");
}

#[cfg(unix)]
#[test]
fn an_override_that_ends_moves_users_when_it_does() {
    let there = project();
    let server = FfctlServer::start(&there, &[]);
    let mut here = project();
    server.point(&mut here);
    here.ok(&["set", "memory", "90%", "--for", "3d", "--yes"]);
    let ask = |to: &[&str]| {
        let words = ["simulate-rollout", "memory", "--population", "users.csv"];
        let between = ["--between", "2020-01-01..2040-01-01", "--every", "3000d"];
        here.json(&[&words[..], to, &between].concat())
    };
    let times = &ask(&[])["times"];
    let points = times["points"].as_array().expect("points");
    assert_eq!(points.len(), 4);
    assert_eq!(
        points[3]["at"], "2040-01-01T00:00:00Z",
        "the end is looked at, 1305 days after the time before"
    );
    assert!(points[0].get("ended").is_none() && points[0]["on"].as_u64() > Some(320), "{times:#}");
    assert_eq!((&points[1]["ended"][0], &points[1]["joins"]), (&"memory rollout".into(), &0.into()));
    assert!(points[1]["leaves"].as_u64() > Some(200) && points[2].get("ended").is_none(), "{times:#}");
    assert_eq!(points[2]["exposed"], points[0]["on"], "who was on stays exposed");
    // What a step sets stays as it is set.
    let set = &ask(&["--to", "70%"])["times"]["points"];
    assert!(set[1].get("ended").is_none() && set[1]["leaves"] == 0, "{set:#}");
    assert!(
        here.ok(&[
            "simulate-rollout",
            "memory",
            "--population",
            "users.csv",
            "--between",
            "2020-01-01..2040-01-01",
            "--every",
            "3000d"
        ])
        .contains("ends: memory rollout")
    );
}

#[test]
fn times_are_what_at_says_of_each() {
    let project = project();
    let together = project.json(&[
        "simulate-rollout",
        "memory",
        "--to",
        "30%",
        "--population",
        "users.csv",
        "--between",
        "2026-11-10T12:00:00Z..2026-12-10T12:00:00Z",
        "--every",
        "5d",
    ]);
    let times = &together["times"];
    assert_eq!((&times["state"], &times["every_seconds"]), (&"30%".into(), &432_000.into()));
    let points = times["points"].as_array().expect("points");
    assert_eq!(points.len(), 7);
    for point in points {
        let at = point["at"].as_str().expect("a time");
        let alone = project.json(&[
            "simulate-rollout",
            "memory",
            "--to",
            "30%",
            "--population",
            "users.csv",
            "--at",
            at,
        ]);
        assert_eq!(point["on"], alone["steps"][0]["then"]["on"], "{at}");
    }
    assert!(times["flapping"].as_u64() > Some(0) && times["sample_flapping"][0].is_string(), "{times:#}");
    assert_eq!(together["now"]["label"], "now");
}

/// Seen at A, every five days, and at B: a day is its midnight, for `--at` as well.
#[test]
fn the_last_time_is_the_end_and_a_day_is_its_midnight() {
    let project = project();
    let ask = |when: &[&str]| {
        let words = ["simulate-rollout", "memory", "--to", "30%", "--population", "users.csv"];
        project.json(&[&words[..], when].concat())
    };
    let times = &ask(&["--between", "2026-11-10..2026-11-22", "--every", "5d"])["times"];
    let points = times["points"].as_array().expect("points");
    let at: Vec<&str> = points.iter().filter_map(|point| point["at"].as_str()).collect();
    assert_eq!(at, ["10", "15", "20", "22"].map(|day| format!("2026-11-{day}T00:00:00Z")));
    let (day, midnight) = (ask(&["--at", "2026-11-22"]), ask(&["--at", "2026-11-22T00:00:00Z"]));
    assert_eq!(day["steps"], midnight["steps"]);
    assert_eq!(points[3]["on"], day["steps"][0]["then"]["on"]);
    let one = &ask(&["--between", "2026-11-10..2026-11-10"])["times"]["points"];
    assert_eq!(one.as_array().map(Vec::len), Some(1), "{one:#}");
}

#[test]
fn prerequisites_and_gates_are_funnels() {
    let project = project();
    let of = |name: &str| project.json(&["simulate-rollout", name, "--population", "users.csv"]);
    let base = of("base")["now"]["on"].clone();
    let funnel = &of("prompt")["funnel"][0];
    assert_eq!((&funnel["users"], &funnel["left"]), (&400.into(), &base));
    assert_eq!(
        (&funnel["steps"][0]["kind"], &funnel["steps"][0]["flag"], &funnel["steps"][0]["variation"]),
        (&"prerequisite".into(), &"base".into(), &"on".into())
    );
    let gate = &of("ranking")["funnel"][0];
    assert_eq!((&gate["steps"][0]["kind"], &gate["steps"][0]["passed"]), (&"gate".into(), &base));
    assert!(of("memory").get("funnel").is_none());
    let text = project.ok(&["simulate-rollout", "prompt", "--population", "users.csv"]);
    assert!(text.contains("What users must pass first") && text.contains("base serves on"), "{text}");
}

#[test]
fn what_does_not_go_together_is_refused_with_a_way_out() {
    let project = project();
    let fails = |arguments: &[&str]| project.fails(2, &[&["simulate-rollout", "memory"], arguments].concat());
    assert!(fails(&["--between", "soon"]).contains("with `..` between"));
    assert!(fails(&["--between", "2026-01-02..2026-01-01"]).contains("ends before it begins"));
    assert!(fails(&["--between", "2026-01-01T00:00:00..2026-01-02"]).contains("no time zone"));
    let said = [
        fails(&["--between", "2026-13-01..2026-12-31"]),
        fails(&["--at", "2026-13-01"]).replace("--at", "--between"),
    ];
    assert!(said[0] == said[1] && said[0].contains("nor a day such as"), "one reader, one text: {said:?}");
    // A time for each of 999 days, and the end.
    let most = fails(&["--between", "2020-01-01..2022-09-26T00:00:01Z"]);
    assert!(most.contains("1001 times, more than 1000"), "{most}");
    let many = fails(&["--between", "2020-01-01..2026-01-01"]);
    assert!(many.contains("2193 times, more than 1000") && many.contains("--every"), "{many}");
    assert!(fails(&["--between", "2026-01-01..2026-01-02", "--every", "0s"]).contains("at least a second"));
    assert!(fails(&["--every", "1d"]).contains("--between"));
    for option in [&["--at", "2026-01-01T00:00:00Z"] as &[&str], &["--emit-sql", "postgres"]] {
        let said = fails(&[&["--between", "2026-01-01..2026-01-02"], option].concat());
        assert!(said.contains("--between") && said.contains(option[0]), "{said}");
    }
    for option in [
        &["--population", "users.csv"] as &[&str],
        &["--synthetic", "9"],
        &["--seed", "9"],
        &["--by", "org"],
        &["--joins", "joins.txt"],
        &["--fail-if", "leaves>0"],
        &["--at", "2026-01-01T00:00:00Z"],
        &["--between", "2026-01-01..2026-01-02"],
        &["--emit-sql", "duckdb"],
    ] {
        let said = fails(&[&["--no-users"], option].concat());
        assert!(said.contains("--no-users"), "{option:?}: {said}");
    }
}
