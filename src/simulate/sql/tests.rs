//! What the queries say; that databases count the same is shown with databases.

use indexmap::IndexMap;

use crate::eval::World;

use super::*;

fn table() -> UserTable {
    UserTable { name: "users".to_owned(), columns: IndexMap::new() }
}

fn definitions(text: &str) -> crate::model::Definitions {
    crate::flagfile::FlagFile::parse("flags.toml", text.to_owned())
        .expect("a good file")
        .definitions()
        .clone()
}

fn of(dialect: Dialect, text: &str, name: &str) -> Result<SqlQuery, SqlError> {
    let definitions = definitions(&format!("schema = 1\n{text}"));
    sql_query(dialect, &table(), name, &[("now", &definitions as &dyn World), ("then", &definitions)])
}

#[test]
fn every_dialect_writes_a_rollout() {
    let text = "[flags.a]\nenabled = true\nrollout = \"25%\"\n";
    for dialect in Dialect::ALL {
        let query = of(dialect, text, "a").expect("a query");
        assert!(query.text.contains("ff_n0 < 25000"), "{}", query.text);
        assert!(query.text.contains("100000"), "{}", query.text);
        assert!(!query.text.contains('\u{fffd}'));
    }
}

#[test]
fn what_sql_cannot_say_is_named_all_at_once() {
    let text = "[flags.a]\nenabled = true\nrollout = \"25%\"\n\
        [[flags.a.rules]]\nname = \"odd\"\nwhen = [{ attribute = \"email\", op = \"matches\", values = [\"x+\"] }]\nserve = \"on\"\n\
        [[flags.a.rules]]\nwhen = [{ attribute = \"v\", op = \"semver_equal\", values = [\"1.0.0\"] }]\nserve = \"on\"\n";
    let Err(SqlError::Unsupported { what, .. }) = of(Dialect::DuckDb, text, "a") else { panic!("refused") };
    assert_eq!(what.len(), 2, "{what:?}");
    assert!(what[0].starts_with("a: rule 1 (odd): "), "{what:?}");
    assert!(what[1].contains("versions"), "{what:?}");
}

#[test]
fn an_algorithm_that_no_database_has_is_refused() {
    let text = "[flags.a]\nenabled = true\nrollout = \"25%\"\nbucketing = \"unleash\"\n";
    let error = of(Dialect::Postgres, text, "a").expect_err("murmur3");
    assert!(error.to_string().contains("`unleash`"), "{error}");
}

#[test]
fn an_unknown_name_is_refused() {
    assert!(matches!(of(Dialect::Trino, "[flags.a]\nenabled = true\n", "b"), Err(SqlError::Unknown { .. })));
}

#[test]
fn texts_stay_texts() {
    let text = "[flags.a]\nenabled = true\nsalt = \"it's\"\nrollout = \"25%\"\nusers = { \"o'neil\\\\\" = \"on\" }\n";
    let postgres = of(Dialect::Postgres, text, "a").expect("a query").text;
    assert!(postgres.contains("'o''neil\\'"), "{postgres}");
    assert!(postgres.contains("'rollout:it''s:' || ff_id"), "{postgres}");
    let mysql = of(Dialect::MySql, text, "a").expect("a query").text;
    // Whether a backslash is one depends on a setting there.
    assert!(mysql.contains("concat('o''neil', CHAR(92 USING utf8mb4), '.')"), "{mysql}");
    let redshift = of(Dialect::Redshift, text, "a").expect("a query").text;
    assert!(redshift.contains("ff_id || '.' IN (('o''neil' || CHR(92) || '.'))"), "{redshift}");
}

/// What is missing matches nothing, negated or not; what is there starts with the empty text.
#[test]
fn what_is_missing_matches_nothing() {
    let text = "[flags.a]\nenabled = true\nrollout = \"0%\"\n[[flags.a.rules]]\n\
        when = [{ attribute = \"email\", op = \"starts_with\", values = [\"\"], negate = true }]\nserve = \"on\"\n";
    let query = of(Dialect::Postgres, text, "a").expect("a query").text;
    assert!(query.contains("WHEN NOT (ff_a1 = ff_a1) THEN 'on'"), "{query}");
}

/// Names that differ in case alone are two, and blanks at the end make another key, where the database sees neither.
#[test]
fn comparisons_are_exact_where_the_database_is_not() {
    let text = "[flags.a]\nenabled = true\noff = \"a\"\nvariations = { a = 1, A = 2 }\nsplit = [[\"a\", 1], [\"A\", 1]]\n\
        users = { \"u \" = \"A\" }\n";
    let mysql = of(Dialect::MySql, text, "a").expect("a query").text;
    assert!(mysql.contains("concat(ff_id, '.') IN ('u .') THEN _binary'A'"), "{mysql}");
    let redshift = of(Dialect::Redshift, text, "a").expect("a query").text;
    assert!(redshift.contains("CASE WHEN length("), "{redshift}");
    assert!(redshift.contains("AS VARCHAR) AS ff_s0"), "a literal alone has no type: {redshift}");
    assert!(of(Dialect::Postgres, text, "a").expect("a query").text.contains("ff_id IN ('u ')"));
}
