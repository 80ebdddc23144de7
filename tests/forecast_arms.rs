//! `simulate-rollout` with several arms: counts of production of a flag, comparisons at once, users in groups.

use std::fmt::Write;

use serde_json::Value;

use super::forecasts::{json, number, texts};
use super::project::Project;

const FLAGS: &str = r#"schema = 1

[flags.model]
enabled = true
off = "old"
variations = { old = 1, small = 2, large = 3, huge = 4 }
split = [["small", 20], ["large", 30], ["old", 50]]

[flags.model_by_org]
enabled = true
bucket_by = "org"
off = "old"
variations = { old = 1, small = 2 }
split = [["small", 20], ["old", 80]]

[flags.ruled]
enabled = true
rollout = "20%"

[[flags.ruled.rules]]
when = [{ attribute = "plan", op = "in", values = ["pro"] }]
serve = "on"

[flags.coarse]
enabled = true
rollout = "12.5%"
bucketing = "unleash"
"#;

/// Six hundred users in organisations of 100, 10 and 1 users.
fn project() -> Project {
    let project = Project::new(FLAGS);
    let mut users = String::from("id,org,plan\n");
    for number in 0..600 {
        let org = match number {
            0..400 => format!("big-{}", number / 100),
            400..500 => format!("mid-{}", number / 10),
            _ => format!("small-{number}"),
        };
        writeln!(users, "u-{number},{org},{}", if number % 5 == 0 { "pro" } else { "free" })
            .expect("written");
    }
    project.write("users.csv", &users);
    project
}

#[test]
fn counts_of_a_split_are_held_against_its_shares() {
    let project = project();
    let fits = json(&project, &["model", "--observed", "small=2010,large=2960,old=5030"]);
    let observed = &fits["observed"];
    assert_eq!((&observed["against"], &fits["population"]["users"]), (&"configuration".into(), &0.into()));
    assert_eq!(
        (observed["sequential"]["mismatch"].as_bool(), observed.get("unexpected")),
        (Some(false), None)
    );
    assert_eq!(observed["sample_ratio"]["degrees"], 2, "`huge` has no share and no user");
    let fails =
        |counts: &str| project.run(&["simulate-rollout", "model", "--observed", counts, "--fail-if", "srm"]);
    assert_eq!(fails("small=2010,large=2960,old=5030").code, 0);
    assert_eq!(fails("small=3000,large=2000,old=5000").code, 1);
    // One user of what nobody should have is a mismatch of its own.
    let wrong = fails("small=2010,large=2960,old=5030,huge=1");
    assert_eq!(wrong.code, 1, "{wrong:?}");
    assert!(wrong.stdout.contains("1 observed user has huge, which nobody should have."), "{}", wrong.stdout);
    // What the algorithm makes of 12.5% counts: a hundred buckets hold 12% or 13%.
    let coarse = json(&project, &["coarse", "--observed", "on=1250,off=8750"]);
    let share = number(&coarse["observed"]["variants"][0]["expected"]);
    assert!((share * 100.0 - (share * 100.0).round()).abs() < 1e-9, "{share}");
    // Users of one organisation come together, and the tests are of single users.
    let grouped = json(&project, &["model_by_org", "--observed", "small=200,old=800"]);
    assert!(texts(&grouped["verdict"]).iter().any(|said| said.contains("come together")), "{grouped}");
}

#[test]
fn where_rules_decide_the_population_says_the_shares() {
    let project = project();
    let population = ["--population", "users.csv"];
    let shares = json(&project, &[&["ruled"] as &[&str], &population].concat());
    let on = shares["now"]["on"].as_u64().expect("a count");
    assert!(on > 120, "the rule is in it: {on}");
    let counts = format!("on={},off={}", on * 10, (600 - on) * 10);
    let report = json(&project, &[&["ruled", "--observed", &counts] as &[&str], &population].concat());
    let observed = &report["observed"];
    assert_eq!(observed["against"], "population");
    assert!(number(&observed["sample_ratio"]["chi_square"]) < 1e-9, "{observed}");
    assert_eq!(observed["variants"][0]["expected"], report["now"]["variations"][0]["share"]);
    let far = project.run(&[
        "simulate-rollout",
        "ruled",
        "--observed",
        "on=9000,off=1000",
        "--fail-if",
        "srm",
        "--population",
        "users.csv",
    ]);
    assert!(far.code == 1 && far.stdout.contains("The shares are those of the population"), "{far:?}");
}

#[test]
fn several_arms_share_the_false_alarms() {
    let project = project();
    let power = |more: &[&str]| {
        let asked = ["model", "--daily-users", "1000", "--synthetic", "100"];
        json(&project, &[&asked as &[&str], more].concat())["power"].clone()
    };
    let several = power(&[]);
    let correction = &several["correction"];
    assert_eq!((&correction["method"], &correction["comparisons"]), (&"bonferroni".into(), &2.into()));
    assert!((number(&correction["alpha"]) - 0.025).abs() < 1e-15);
    // The same at half the alpha, said outright, is what two arms alone come to.
    let arms = several["comparisons"].as_array().expect("arms");
    assert_eq!((arms.len(), &arms[0]["control"]["name"]), (2, &"old".into()));
    let strict = power(&["--alpha", "2.5%"]);
    let seen = |of: &Value| number(&of["comparisons"][0]["durations"][4]["detectable"]);
    assert!(seen(&strict) > seen(&several), "halved once more");
    let one = json(&project, &["ruled", "--daily-users", "1000", "--population", "users.csv"]);
    assert!(one["power"].get("correction").is_none() && one["power"].get("design").is_none());
}

#[test]
fn users_in_groups_are_worth_fewer() {
    let project = project();
    let of = |name: &str| {
        json(&project, &[name, "--daily-users", "100", "--population", "users.csv"])["power"].clone()
    };
    let power = of("model_by_org");
    let design = &power["design"];
    // 4 of 100, 10 of 10 and 100 of 1: 600 squared over 41,100.
    let kish = 360_000.0 / 41_100.0;
    assert!((number(&design["effective_size"]) - kish).abs() < 1e-9, "{design}");
    assert!((number(&design["design_effect"]) - 600.0 / kish).abs() < 1e-9, "{design}");
    assert_eq!((&design["unit"], &design["groups"]), (&"org".into(), &114.into()));
    let last = &power["comparisons"][0]["durations"][4];
    assert!(
        (number(&last["effective"]) * number(&design["design_effect"]) - number(&last["users"])).abs() < 1e-9
    );
    let text = project.ok(&[
        "simulate-rollout",
        "model_by_org",
        "--daily-users",
        "100",
        "--population",
        "users.csv",
    ]);
    assert!(text.contains("WORTH") && text.contains("68.5 users count as one"), "{text}");
    // Nobody knows how large groups are without users who have them.
    let unknown = json(&project, &["model_by_org", "--daily-users", "100", "--observed", "small=1,old=4"]);
    assert!(unknown["power"].get("design").is_none());
    assert!(texts(&unknown["verdict"]).iter().any(|said| said.contains("--population")), "{unknown}");
}
