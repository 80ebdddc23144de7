//! `-o csv` of a forecast: one table for each kind of question, which adds up to what JSON says.

use std::fmt::Write;

use serde_json::Value;

use super::forecasts::json;
use super::project::Project;

const FLAGS: &str = r#"schema = 1

[flags.prompt]
enabled = true
off = "v1"
variations = { v1 = "a", v2 = "b", v3 = "c" }
split = [["v2", 10], ["v3", 10], ["v1", 80]]

[flags.memory]
enabled = true
rollout = "25%"

[[flags.memory.rules]]
name = "new users"
when = [{ attribute = "account_age_days", op = "less_than", values = [7] }]
rollout = "40%"

[experiments.even]
variants = [["control", 50], ["treatment", 50]]
"#;

fn project() -> Project {
    let project = Project::new(FLAGS);
    let mut rows = String::from("id,created_at\n");
    for at in 0..60 {
        writeln!(rows, "u-{at},2026-11-{:02}T00:00:00Z", 1 + at % 28).expect("written");
    }
    project.write("users.csv", &rows);
    project
}

/// The rows with their header; no cell of these holds a comma.
fn rows(project: &Project, arguments: &[&str]) -> Vec<Vec<String>> {
    let text = project.ok(&[&["simulate-rollout"], arguments, &["-o", "csv"]].concat());
    let rows: Vec<Vec<String>> =
        text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect();
    assert!(rows.iter().all(|row| row.len() == rows[0].len()), "{text}");
    rows
}

fn float(cell: &str) -> f64 {
    cell.parse().unwrap_or_else(|_| panic!("`{cell}` is no number"))
}

#[test]
fn without_users_there_is_a_row_for_each_way() {
    let project = project();
    let asked = ["prompt", "--to", "v2", "--to", "v3", "--no-users"];
    let table = rows(&project, &asked);
    assert_eq!(table[0].join(","), "name,whom,rule,by,from,to,before,after,move,share,exact");
    let report = json(&project, &asked);
    let steps = report["configuration"]["groups"][0]["steps"].as_array().expect("steps");
    let ways: usize = steps.iter().map(|step| step["transitions"].as_array().expect("ways").len()).sum();
    assert_eq!(table.len() - 1, ways);
    for step in steps {
        let of = |what: Option<&str>| {
            let rows = table[1..].iter().filter(|row| row[4] == step["from"] && row[5] == step["to"]);
            rows.filter(|row| what.is_none_or(|what| row[8] == what)).map(|row| float(&row[9])).sum::<f64>()
        };
        assert!((of(None) - 1.0).abs() < 1e-9, "all of them: {table:?}");
        for what in ["joins", "leaves", "switches", "stays_on", "stays_off"] {
            assert!((of(Some(what)) - step[what].as_f64().expect("a share")).abs() < 1e-9, "{what}");
        }
    }
    // A state alone: what each variation has of all.
    let alone = rows(&project, &["prompt", "--no-users"]);
    assert_eq!(alone[1..].iter().map(|row| row[7].as_str()).collect::<Vec<_>>(), ["v2", "v3", "v1"]);
    let whole: f64 = alone[1..].iter().map(|row| float(&row[9])).sum();
    assert!((whole - 1.0).abs() < 1e-9, "{alone:?}");
    // Rules have groups of their own, told apart by their place.
    let ruled = rows(&project, &["memory", "--to", "50%", "--no-users"]);
    assert!(ruled[1..].iter().any(|row| row[2] == "1") && ruled[1..].iter().any(|row| row[2].is_empty()));
}

#[test]
fn between_two_times_there_is_a_row_for_each() {
    let project = project();
    let asked = ["memory", "--to", "30%", "--population", "users.csv", "--between", "2026-11-20..2026-11-25"];
    let table = rows(&project, &asked);
    assert_eq!(table[0].join(","), "name,state,at,users,on,share,joins,leaves,switches,exposed,ended");
    let report = json(&project, &asked);
    let points = report["times"]["points"].as_array().expect("times");
    assert_eq!((table.len() - 1, points.len()), (6, 6));
    for (row, point) in table[1..].iter().zip(points) {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let wanted =
            ["at", "on", "share", "joins", "leaves", "switches", "exposed"].map(|name| text(&point[name]));
        let found = [2, 4, 5, 6, 7, 8, 9].map(|at| row[at].clone());
        assert_eq!((found, row[3].as_str(), row[1].as_str()), (wanted, "60", "30%"));
    }
}

#[test]
fn counts_of_production_have_a_row_for_each_variant() {
    let project = project();
    let table = rows(&project, &["even", "--observed", "control=5021,treatment=4873"]);
    assert_eq!(table[0].join(","), "name,state,variation,users,share,expected,p_one_look,p_all_looks");
    assert_eq!(table[1][..4], ["even", "now", "control", "5021"]);
    assert_eq!(table[2][5], "0.5");
    assert!(float(&table[1][6]) > 0.1 && table[1][6] == table[2][6], "{table:?}");
    // With users they are the forecast's, as ever.
    let both = rows(&project, &["even", "--observed", "control=1,treatment=0", "--synthetic", "100"]);
    assert_eq!((both[0][1].as_str(), both.len()), ("from", 2));
}
