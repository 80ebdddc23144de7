//! `--report FILE.html`: each section of the page has what the answer has, in a real browser.

use std::fmt::Write;

use serde_json::Value;

use super::forecasts::{PROMPT, number};
use super::project::Project;
use super::report_page::read;

/// What is defined beside [`PROMPT`], of whose flag there are rules.
const MORE: &str = r#"
[[flags.prompt.rules]]
name = "new users"
when = [{ attribute = "account_age_days", op = "less_than", values = [7] }]
serve = "v2"

[flags.by_org]
enabled = true
rollout = "20%"
bucket_by = "org"

[experiments.even]
variants = [["control", 50], ["treatment", 50]]
"#;

fn project() -> Project {
    let project = Project::new(&format!("{PROMPT}{MORE}"));
    let mut users = String::from("id,created_at,org\n");
    for number in 0..2000 {
        let org = if number < 900 { 0 } else { number % 30 };
        writeln!(users, "u-{number},2026-11-{:02}T00:00:00Z,org-{org}", 1 + number % 28).expect("written");
    }
    project.write("users.csv", &users);
    project
}

/// Runs a forecast with its page, and returns the answer and the page.
fn page(project: &Project, arguments: &[&str]) -> (Value, String) {
    let answer =
        project.json(&[&["simulate-rollout"], arguments, &["--report", "page.html"] as &[&str]].concat());
    (answer, project.read("page.html"))
}

fn has(page: &str, all: &[&str]) {
    for said in all {
        assert!(page.contains(said), "{said}: {page}");
    }
}

/// A count as the page writes it.
fn grouped(count: &Value) -> String {
    let digits = count.as_u64().expect("a count").to_string();
    let (head, tail) = digits.split_at(digits.len().saturating_sub(3));
    if head.is_empty() { tail.to_owned() } else { format!("{head},{tail}") }
}

#[test]
fn times_funnel_configuration_overlaps_and_power_are_on_one_page() {
    let project = project();
    let (answer, html) = page(
        &project,
        &[
            "prompt",
            "--split",
            "v2=20,v3=20,v1=60",
            "--population",
            "users.csv",
            "--between",
            "2026-11-29..2026-12-05",
            "--overlap",
            "all",
            "--daily-users",
            "500",
        ],
    );
    has(
        &html,
        &["id=\"times\"", "id=\"configuration\"", "id=\"power\"", "id=\"detectable\"", "(Bonferroni)"],
    );
    has(&html, &["What users must pass first", "2026-12-05", "base", "Overlap"]);
    // Who goes from which variation to which, as the answer says it.
    let step = &answer["steps"][0];
    let ways = step["ways"].as_array().expect("ways");
    let sum: u64 = ways.iter().map(|way| way["users"].as_u64().expect("a count")).sum();
    assert_eq!(Some(sum), answer["population"]["users"].as_u64());
    let switch = ways.iter().find(|way| way["move"] == "switches").expect("v3 becomes v2");
    assert_eq!(
        (&switch["before"], &switch["after"], &switch["users"]),
        (&"v3".into(), &"v2".into(), &step["switches"])
    );
    has(&html, &[&format!("v3 → v2: {} switches", grouped(&switch["users"])), "flow stays-on fill arm-"]);
    for point in answer["times"]["points"].as_array().expect("times") {
        has(&html, &[&grouped(&point["on"])]);
    }
    let funnel = &answer["funnel"][0];
    has(&html, &[&grouped(&funnel["left"])]);
    let text = grouped(&switch["users"]);
    read(&project, "page.html", &["v3 → v2", &text, "Look before you go on", "new users"]);
}

#[test]
fn organisations_and_what_their_users_are_worth_are_on_a_page() {
    let project = project();
    let (answer, html) =
        page(&project, &["by_org", "--to", "60%", "--population", "users.csv", "--daily-users", "100"]);
    let orgs = &answer["orgs"];
    assert_eq!(orgs["orgs"], 30);
    let size = number(&orgs["effective_size"]);
    has(&html, &[&format!("{size:.1}"), "id=\"orgs\"", "Worth", "org-0", "users count as one"]);
    assert!(!html.contains("Bonferroni"), "there is one comparison");
    read(&project, "page.html", &["org-0", "Worth"]);
}

#[test]
fn counts_of_production_make_a_page_without_users() {
    let project = project();
    let (_, html) = page(&project, &["even", "--observed", "control=52000,treatment=48000"]);
    has(
        &html,
        &["id=\"observed\"", "52,000", "Sample ratio mismatch", "The sequential test finds a mismatch"],
    );
    assert!(
        !html.contains("id=\"moves\"") && !html.contains("class=\"tiles\""),
        "nobody was counted: {html}"
    );
    read(&project, "page.html", &["52,000", "Look before you go on"]);
}

#[test]
fn the_configuration_alone_makes_a_page() {
    let project = project();
    let (answer, html) = page(&project, &["prompt", "--split", "v2=20,v3=20,v1=60", "--no-users"]);
    let groups = answer["configuration"]["groups"].as_array().expect("groups");
    assert_eq!(groups.len(), 2, "the default, and the rule");
    has(&html, &["id=\"configuration\"", "All of v3 (10%) turns into v2.", "id=\"layout-0\"", "new users"]);
    let offer = groups[0]["offers"][0]["toml"].as_str().expect("a line");
    has(&html, &[&offer.replace('"', "&quot;")]);
    assert!(!html.contains("id=\"moves\""), "nobody was counted");
    read(&project, "page.html", &["All of v3 (10%) turns into v2.", offer]);
}
