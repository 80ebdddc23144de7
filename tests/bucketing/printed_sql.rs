//! What `bucketing show --as sql` prints computes the same, in a real `PostgreSQL`.

use super::super::support::postgres;
use super::vectors::{COUNT, printed};

/// Presets that a database cannot compute: it lacks their hash, or an expression cannot hash again.
const REFUSED: [&str; 14] = [
    "unleash",
    "growthbook/1",
    "growthbook/2",
    "flagsmith",
    "go-feature-flag",
    "flipt",
    "split",
    "split/legacy",
    "featurevisor",
    "optimizely",
    "devcycle",
    "flagd/3",
    "flagd/1",
    "flagd/2",
];

#[test]
fn what_is_printed_for_sql_computes_the_same() {
    let mut refused = Vec::new();
    let every = printed("sql", |preset, run| {
        assert!(run.code == 2 && run.stderr.contains("cannot be written in SQL: "), "{run:?}");
        assert!(run.stderr.contains("hint: ") && run.stderr.contains("--as python"), "{run:?}");
        assert!(REFUSED.contains(&preset), "{run:?}");
        refused.push(preset);
    });
    assert_eq!(every.len() + refused.len(), COUNT);
    assert!(every.len() >= 12, "{refused:?}");
    let Some(database) = postgres::database("bucketing show --as sql") else { return };
    // SHA-1 is in this extension alone.
    database.run("create extension pgcrypto");
    for each in every {
        let calls: Vec<String> = each
            .arguments(|text| format!("'{}'", text.replace('\'', "''")))
            .map(|values| format!("bucket({values})::text"))
            .collect();
        let script = format!(
            "drop function if exists bucket;\n{}\nselect unnest(array[{}]);",
            each.source,
            calls.join(", ")
        );
        let buckets = database.run(&script);
        let number = |line: &str| line.parse().unwrap_or_else(|_| panic!("{}: {line}", each.rows));
        let buckets: Vec<f64> = buckets.lines().map(number).collect();
        each.check("sql", &buckets);
    }
}
