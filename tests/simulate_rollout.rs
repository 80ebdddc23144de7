//! `ffctl simulate-rollout`: who joins, leaves, switches and stays.

use std::fmt::Write;

use serde_json::Value;

use super::project::{Project, pinned};

/// A small population, the same at every run.
fn users() -> String {
    let mut text = String::from("user_id,org,email,account_age_days,role,plan\n");
    for number in 0..1000 {
        let org = ["acme", "globex", "initech", "hooli"][number % 4];
        let domain = if number % 25 == 0 { "agpt.co" } else { "example.com" };
        let plan = if number % 3 == 0 { "pro" } else { "free" };
        writeln!(text, "u-{number},{org},u{number}@{domain},{},user,{plan}", number % 60).expect("written");
    }
    text
}

/// The shipped checkout with that population.
pub(super) fn project() -> Project {
    let project = Project::shipped();
    project.write("users.csv", &users());
    project
}

fn on(state: &Value) -> u64 {
    state["on"].as_u64().expect("a count")
}

#[test]
fn the_text_looks_as_pinned() {
    let project = project();
    let mut page = String::new();
    for arguments in [
        &["use_deepseek_critic", "--to", "25%"] as &[&str],
        &["enable_memory_v2", "--from", "10%", "--to", "25%,50%", "--population", "users.csv", "--by", "org"],
        &["enable_memory_v2", "--to", "5%", "--population", "users.csv", "--by", "segment"],
        &["personalization_v2", "--synthetic", "10000"],
        &["personalization_v2", "--split", "control=90,treatment=10", "--synthetic", "10000"],
        &["style_prompt", "--split", "v2=75,v3=25", "--population", "users.csv"],
    ] {
        let run = project.run(&[&["simulate-rollout"], arguments].concat());
        assert_eq!(run.code, 0, "{arguments:?}: {}", run.stderr);
        writeln!(page, "$ ffctl simulate-rollout {}\n{}{}", arguments.join(" "), run.stderr, run.stdout)
            .expect("written");
    }
    pinned("simulate_rollout.txt", &page);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let project = project();
    for arguments in [
        &["enable_memory_v2", "--to", "5%,50%", "--synthetic", "30000", "--seed", "9"] as &[&str],
        &["enable_memory_v2", "--to", "50%", "--population", "users.csv", "--by", "plan"],
    ] {
        let all = [&["simulate-rollout"], arguments].concat();
        assert_eq!(project.run(&all), project.run(&all));
    }
    let seeded = |seed: &str| {
        project.json(&["simulate-rollout", "use_deepseek_critic", "--synthetic", "5000", "--seed", seed])
    };
    assert_ne!(seeded("1")["now"]["on"], seeded("2")["now"]["on"]);
}

#[test]
fn a_forecast_counts_what_get_answers() {
    let project = project();
    project.write("few.txt", "u-1\nu-2\nu-3\nu-4\nu-5\nu-6\nu-7\nu-8\n");
    let forecast = project.json(&[
        "simulate-rollout",
        "use_deepseek_critic",
        "--to",
        "60%",
        "--population",
        "few.txt",
        "--joins",
        "joins.txt",
    ]);
    let mut joins = Vec::new();
    for number in 1..=8 {
        let user = format!("u-{number}");
        let is_on = |rollout: &str| {
            project.ok(&["get", "use_deepseek_critic", "--user", &user, "--rollout", rollout]) == "true\n"
        };
        if !is_on("10%") && is_on("60%") {
            joins.push(user);
        }
    }
    assert_eq!(forecast["steps"][0]["joins"], joins.len());
    assert_eq!(project.read("joins.txt").lines().collect::<Vec<_>>(), joins);
    assert_eq!(forecast["population"]["synthetic"], false);
    assert!(forecast["now"].get("interval").is_none(), "a given list is counted exactly");
}

#[test]
fn steps_follow_one_another_and_add_up() {
    let project = project();
    let forecast = project.json(&[
        "simulate-rollout",
        "use_deepseek_critic",
        "--to",
        "5%,25%,100%",
        "--synthetic",
        "20000",
    ]);
    assert_eq!(forecast["schema"], "ffctl.forecast/1");
    let steps = forecast["steps"].as_array().expect("steps");
    let labels: Vec<&Value> = steps.iter().map(|step| &step["then"]["label"]).collect();
    assert_eq!(labels, ["5%", "25%", "100%"]);
    let mut before = on(&forecast["now"]);
    for step in steps {
        let count = |name: &str| step[name].as_u64().expect("a count");
        assert_eq!(before + count("joins") - count("leaves"), on(&step["then"]));
        assert_eq!(
            count("joins") + count("leaves") + count("switches") + count("stays_on") + count("stays_off"),
            20_000
        );
        before = on(&step["then"]);
    }
    assert_eq!(before, 20_000);
    let (low, high) = (&forecast["now"]["interval"][0], &forecast["now"]["interval"][1]);
    assert!(low.as_f64() < Some(0.1) && high.as_f64() > Some(0.1), "10% is likely");
}

#[test]
fn raising_keeps_everyone_and_lowering_says_who_leaves() {
    let project = project();
    let text = project.ok(&[
        "simulate-rollout",
        "enable_memory_v2",
        "--from",
        "25%",
        "--to",
        "50%",
        "--population",
        "users.csv",
    ]);
    assert!(text.contains("✓ Everyone already in stays in"), "{text}");
    let lower =
        project.json(&["simulate-rollout", "enable_memory_v2", "--to", "5%", "--population", "users.csv"]);
    let step = &lower["steps"][0];
    assert_eq!((&step["keeps_everyone"], &step["joins"]), (&false.into(), &0.into()));
    assert!(step["leaves"].as_u64() > Some(0) && !step["sample_leaves"].as_array().expect("ids").is_empty());
    // A way that loses users between is not called safe, though nobody is lost in the end.
    let dip =
        project.ok(&["simulate-rollout", "enable_memory_v2", "--to", "5%,100%", "--population", "users.csv"]);
    assert!(dip.contains("! Not everyone already in stays") && !dip.contains("✓ Everyone"), "{dip}");
}

#[test]
fn rules_and_segments_count_for_real_users() {
    let project = project();
    let forecast = project.json(&[
        "simulate-rollout",
        "enable_memory_v2",
        "--from",
        "0%",
        "--to",
        "0%",
        "--population",
        "users.csv",
        "--by",
        "segment",
    ]);
    let groups = forecast["steps"][0]["groups"].as_array().expect("groups");
    let group = |name: &str| groups.iter().find(|group| group["group"] == name).expect("the segment").clone();
    assert_eq!(group("employee")["users"], 40);
    assert_eq!(group("employee")["on_after"], 40, "employees first");
    assert_eq!(group("established_user")["users"], 490, "{groups:#?}");
}

#[test]
fn by_org_and_by_attribute() {
    let project = project();
    let by = |what: &str, to: &str| {
        let forecast = project.json(&[
            "simulate-rollout",
            "enable_memory_v2",
            "--to",
            to,
            "--population",
            "users.csv",
            "--by",
            what,
        ]);
        let whole = forecast.get("overall").unwrap_or(&forecast["steps"][0]).clone();
        whole["groups"].as_array().expect("groups").clone()
    };
    assert_eq!(by("org", "50%").len(), 4);
    assert!(by("org", "50%").iter().all(|group| group["users"] == 250));
    assert_eq!(by("plan", "50%").len(), 2);
    assert_eq!(by("org", "30%,50%").len(), 4, "several steps are counted from the first state to the last");
    let text = project.ok(&[
        "simulate-rollout",
        "enable_memory_v2",
        "--to",
        "30%,50%",
        "--population",
        "users.csv",
        "--by",
        "org",
    ]);
    assert!(text.contains("By org, now → 50%"), "{text}");
    let csv = project.ok(&[
        "simulate-rollout",
        "enable_memory_v2",
        "--to",
        "30%,50%",
        "--population",
        "users.csv",
        "--by",
        "org",
        "-o",
        "csv",
    ]);
    assert_eq!(csv.lines().count(), 1 + 2 + 1 + 4, "{csv}");
}

#[test]
fn a_column_that_the_rules_need_must_be_there() {
    let project = Project::shipped();
    project.write("ids.txt", "u1\nu2\n");
    let arguments = ["simulate-rollout", "enable_memory_v2", "--to", "50%", "--population", "ids.txt"];
    let said = project.fails(7, &arguments);
    assert!(said.contains("email_domain") && said.contains("--allow-missing"), "{said}");
    let run = project.run(&[&arguments[..], &["--allow-missing"]].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains("missing for everyone"), "{}", run.stderr);
}

#[test]
fn conditions_gate_a_deploy() {
    let project = project();
    let code = |condition: &str| {
        project
            .run(&[
                "simulate-rollout",
                "enable_memory_v2",
                "--from",
                "25%",
                "--to",
                "5%",
                "--population",
                "users.csv",
                "--fail-if",
                condition,
            ])
            .code
    };
    for (condition, expected) in
        [("share>30%", 0), ("share<30%", 1), ("leaves>0", 1), ("joins>0", 0), ("leaves>=10%", 1), ("on=0", 0)]
    {
        assert_eq!(code(condition), expected, "{condition}");
    }
    for wrong in ["share", "share>", "shares>3", "share>0.3", ">3"] {
        assert_eq!(code(wrong), 2, "{wrong}");
    }
    let report = project.run(&[
        "simulate-rollout",
        "use_deepseek_critic",
        "--to",
        "50%",
        "--fail-if",
        "share>30%",
        "--fail-if",
        "leaves>0",
        "--json",
    ]);
    let json: Value = serde_json::from_str(&report.stdout).expect("JSON");
    assert_eq!((report.code, &json["failed"]), (1, &serde_json::json!(["share>30%"])));
}

#[test]
fn an_experiment_is_counted_against_its_shares() {
    let project = project();
    let forecast = project.json(&["simulate-rollout", "personalization_v2", "--synthetic", "20000"]);
    let experiment = &forecast["experiment"];
    assert_eq!(
        (&forecast["kind"], &experiment["sample_ratio"]["mismatch"]),
        (&"experiment".into(), &false.into())
    );
    assert!(
        experiment["sample_ratio"]["chi_square"].is_number()
            && experiment["sample_ratio"]["p"].as_f64() > Some(0.001)
    );
    let variants = experiment["variants"].as_array().expect("variants");
    let away = variants
        .iter()
        .map(|one| (one["share"].as_f64().expect("a share") - 0.5).abs() * 100.0)
        .fold(0.0, f64::max);
    let said = experiment["sample_ratio"]["deviation_points"].as_f64().expect("points");
    assert!((away - said).abs() < 1e-9 && said > 0.0, "{away} and {said}");
    project.write("forced.txt", "qa-control\nqa-treatment\nu-1\n");
    let forced = project.json(&["simulate-rollout", "personalization_v2", "--population", "forced.txt"]);
    assert_eq!(forced["experiment"]["forced"], 2, "counted apart");
    let moved = project.json(&[
        "simulate-rollout",
        "personalization_v2",
        "--split",
        "control=90,treatment=10",
        "--synthetic",
        "5000",
    ]);
    assert_eq!((&moved["steps"][0]["joins"], &moved["steps"][0]["leaves"]), (&0.into(), &0.into()));
    assert!(moved["steps"][0]["switches"].as_u64() > Some(1500));
    let scaled = project.json(&[
        "simulate-rollout",
        "personalization_v2",
        "--split",
        "control=500,treatment=500",
        "--synthetic",
        "5000",
    ]);
    assert_eq!(scaled["steps"][0]["switches"], 0, "scaled shares move nobody");
    assert!(project.fails(2, &["simulate-rollout", "personalization_v2", "--to", "25%"]).contains("--split"));
}

#[test]
fn a_population_that_does_not_fit_its_shares_is_a_mismatch() {
    let project = project();
    let all = project.ok(&["variant-for-user", "--population", "users.csv", "-o", "csv"]);
    let control: Vec<&str> = all
        .lines()
        .skip(1)
        .filter(|line| line.contains(",control,"))
        .filter_map(|line| line.split(',').next())
        .collect();
    project.write("control.txt", &(control.join("\n") + "\n"));
    let text = project.ok(&["simulate-rollout", "personalization_v2", "--population", "control.txt"]);
    assert!(text.contains("! Sample ratio mismatch"), "{text}");
}

#[test]
fn rows_that_cannot_be_read_are_no_success() {
    let project = Project::shipped();
    project.write("bad.csv", "id,org\nu1,acme\nu2\nu3,globex\n");
    let arguments = ["simulate-rollout", "use_deepseek_critic", "--to", "50%", "--population", "bad.csv"];
    let run = project.run(&arguments);
    assert_eq!(run.code, 7);
    assert!(run.stdout.contains("2 users from bad.csv") && run.stdout.contains("line 3"), "{}", run.stdout);
    assert!(run.stderr.contains("1 row of bad.csv could not be read"), "{}", run.stderr);
}

#[test]
fn who_asks_wrongly_is_told_how() {
    let project = project();
    let fails =
        |code: i32, arguments: &[&str]| project.fails(code, &[&["simulate-rollout"], arguments].concat());
    assert!(fails(3, &["personalizaton_v2"]).contains("did you mean `personalization_v2`?"));
    assert!(fails(3, &["enable_memry_v2"]).contains("did you mean `enable_memory_v2`?"));
    assert!(fails(2, &["use_v3_style", "--to", "maybe"]).contains("percentage"));
    let said = fails(2, &["use_v3_style", "--to", "1"]);
    assert!(said.contains("`on` or `1%`") && !said.contains("ffctl set"), "{said}");
    assert!(fails(2, &["use_v3_style", "--split", "a=1"]).contains("--to 25%"));
    assert!(fails(2, &["style_prompt", "--to", "25%"]).contains("--split"));
    fails(2, &["style_prompt", "--to", "v3", "--split", "v2=1"]);
    fails(2, &["use_v3_style", "--synthetic", "0"]);
    fails(2, &["use_v3_style", "--synthetic", "10", "--population", "users.csv"]);
    fails(2, &["use_v3_style", "--by", ""]);
    assert!(fails(2, &["use_v3_style", "--to", "5%,"]).contains("a state is empty"));
    let said = fails(7, &["use_v3_style", "--to", "on", "--population", "users.csv", "--by", "nothing"]);
    assert!(said.contains("`--by`") && said.contains("`nothing`"), "{said}");
    assert!(
        fails(12, &["use_v3_style", "--to", "on", "--joins", "no/such/folder.txt"]).contains("folder.txt")
    );
    let prompt = project.run(&["simulate-rollout", "style_prompt"]);
    let hint = prompt.stderr.split("ffctl simulate-rollout ").nth(1).and_then(|rest| rest.lines().next());
    let hint = hint.expect("a command to be typed").trim_end_matches('`');
    assert!(hint.starts_with("style_prompt --split v2="), "{}", prompt.stderr);
    let typed: Vec<&str> = std::iter::once("simulate-rollout").chain(hint.split(' ')).collect();
    assert!(project.ok(&typed).contains("Who moves"), "{hint}");
    let alone = project.run(&["simulate-rollout", "use_deepseek_critic"]);
    assert!(
        alone.stderr.contains("--to 25%") && !alone.stdout.contains("Who moves"),
        "{}{}",
        alone.stdout,
        alone.stderr
    );
}
