//! The whole query: rows, hashes, decisions, outcomes, and what is counted of them.

use std::fmt::Write;

use indexmap::IndexMap;

use crate::error::{Error, Kind};
use crate::eval::World;
use crate::model::VariationName;

use super::decide::{Decisions, NO_UNIT};
use super::dialect::Dialect;
use super::drawn::{AllDrawn, Drawn, KNOWN};
use super::table::{Asked, UserTable};

/// A query that counts what a forecast counts.
///
/// It answers with rows of `place`, `state`, `what` and `users`, in the order of `place`: how many known buckets the
/// database computes as they are, then the rows of the table, then of each state who gets which variation, then of each
/// step who joins, leaves, switches and stays. Where a known bucket is another one, nothing but that is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqlQuery {
    /// The query, with comments.
    pub text: String,
    /// The expressions that it reads of the table.
    pub reads: Vec<String>,
    /// What it asks for, as [`UserTable::columns`] names it.
    pub asked_for: Vec<String>,
    /// What columns of the table are named for, and nothing asks.
    pub unused: Vec<String>,
}

/// Why there is no query.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SqlError {
    /// What SQL cannot say in the way it is meant.
    #[error("`{name}` cannot be written in {dialect}: {}", .what.first().map_or("", String::as_str))]
    Unsupported {
        /// The flag or experiment.
        name: String,
        /// The name of the database.
        dialect: &'static str,
        /// Everything of it that cannot be said, with its place.
        what: Vec<String>,
    },
    /// A world has neither a flag nor an experiment of that name.
    #[error("`{name}` is not a flag or an experiment in {state}")]
    Unknown {
        /// The name asked for.
        name: String,
        /// The label of the state that has none.
        state: String,
    },
}

impl From<SqlError> for Error {
    fn from(error: SqlError) -> Self {
        let message = error.to_string();
        match error {
            SqlError::Unknown { .. } => Self::new(Kind::Unknown, message),
            SqlError::Unsupported { what, .. } => {
                let others = what.into_iter().skip(1).map(|what| format!("also {what}"));
                let error = others.fold(Self::new(Kind::Usage, message), Self::hint);
                error.hint("--population FILE counts here instead: export the users")
            }
        }
    }
}

/// One state of what is rehearsed.
struct Stage {
    label: String,
    /// The expression of the variation or variant.
    given: String,
    /// Of an experiment, the expression of how it came to that.
    how: Option<String>,
    /// Of a flag, the variation that stands for off.
    off: Option<VariationName>,
    outcomes: Vec<VariationName>,
}

/// What is counted.
struct Measure {
    state: String,
    what: String,
    /// Which outcomes count; all without.
    condition: Option<String>,
}

/// Writes the query for a flag or an experiment in each of the worlds: the first is now, the others are the steps of a
/// change, each with a label for people.
///
/// # Errors
/// When a world has no such flag or experiment, or SQL cannot say what it means.
pub fn sql_query(
    dialect: Dialect,
    table: &UserTable,
    name: &str,
    worlds: &[(&str, &dyn World)],
) -> Result<SqlQuery, SqlError> {
    let asked = Asked::new(dialect, table);
    let drawn = AllDrawn::default();
    let is_flag = worlds.first().is_some_and(|(_, world)| world.flag(name).is_some());
    let mut stages = Vec::with_capacity(worlds.len());
    let mut wrong: Vec<String> = Vec::new();
    for (label, world) in worlds {
        let decisions = Decisions { world: *world, asked: &asked, drawn: &drawn };
        let label = (*label).to_owned();
        let stage = if is_flag {
            world.flag(name).map(|flag| {
                let outcomes = flag.variations.iter().map(|variation| variation.name.clone()).collect();
                let off = Some(flag.variations.off().clone());
                decisions.flag(&flag).map(|given| Stage {
                    label: label.clone(),
                    given,
                    how: None,
                    off,
                    outcomes,
                })
            })
        } else {
            world.experiment(name).map(|experiment| {
                let outcomes = experiment.variants.pairs().iter().map(|(name, _)| name.clone()).collect();
                decisions.experiment(&experiment).map(|(given, how)| Stage {
                    label: label.clone(),
                    given,
                    how: Some(how),
                    off: None,
                    outcomes,
                })
            })
        };
        match stage.ok_or_else(|| SqlError::Unknown { name: name.to_owned(), state: label.clone() })? {
            Ok(stage) => stages.push(stage),
            Err(more) => {
                wrong.extend(more.into_iter().filter(|what| !wrong.contains(what)).collect::<Vec<_>>());
            }
        }
    }
    let unsupported =
        |what| Err(SqlError::Unsupported { name: name.to_owned(), dialect: dialect.name(), what });
    if !wrong.is_empty() {
        return unsupported(wrong);
    }
    let (asked_for, unused) = asked.names();
    let columns = asked.into_columns();
    let drawn = drawn.into_all();
    match write(dialect, table, name, &stages, &columns, &drawn) {
        Ok(text) => Ok(SqlQuery { text, reads: columns.into_values().collect(), asked_for, unused }),
        Err(what) => unsupported(vec![format!("{name}: {what}")]),
    }
}

fn write(
    dialect: Dialect,
    table: &UserTable,
    name: &str,
    stages: &[Stage],
    columns: &IndexMap<String, String>,
    drawn: &[Drawn],
) -> Result<String, &'static str> {
    let mut out = String::new();
    let labels: Vec<&str> = stages.iter().map(|stage| one_line(&stage.label)).collect();
    line(&mut out, format!("-- {}: {}; forecast for {}", one_line(name), labels.join(", "), dialect.name()));
    line(&mut out, "-- A column must have the type of what it is compared with.");
    if let Some(remark) = dialect.remark() {
        line(&mut out, format!("-- {remark}"));
    }
    if dialect == Dialect::Postgres && drawn.iter().any(Drawn::is_sha1) {
        line(&mut out, "-- digest() is in the extension pgcrypto: CREATE EXTENSION pgcrypto");
    }
    line(&mut out, "WITH ff_rows AS (");
    let mut selected: Vec<String> = Vec::new();
    for (name, value) in columns {
        // An empty key is no key.
        let is_key = matches!(name.as_str(), "ff_id" | "ff_org");
        selected.push(if is_key {
            format!("{} AS {name}", dialect.key(value))
        } else {
            format!("{value} AS {name}")
        });
    }
    let from =
        if table.name.starts_with('(') { format!("{} AS ff_table", table.name) } else { table.name.clone() };
    line(&mut out, format!("  SELECT {}\n  FROM {from}{}", selected.join(",\n    "), dialect.fence()));
    line(&mut out, "), ff_hashed AS (");
    let mut hashed = vec!["ff_rows.*".to_owned()];
    for (at, each) in drawn.iter().enumerate() {
        let unit = &each.unit;
        let hex = each.hex(dialect, unit)?;
        hashed.push(format!("CASE WHEN {} THEN NULL ELSE {hex} END AS ff_h{at}", dialect.is_empty(unit)));
    }
    line(&mut out, format!("  SELECT {}\n  FROM ff_rows{}", hashed.join(",\n    "), dialect.fence()));
    line(&mut out, "), ff_drawn AS (");
    let mut numbers = vec!["ff_hashed.*".to_owned()];
    numbers.extend(
        drawn
            .iter()
            .enumerate()
            .map(|(at, each)| format!("{} AS ff_n{at}", each.number(dialect, &format!("ff_h{at}")))),
    );
    line(&mut out, format!("  SELECT {}\n  FROM ff_hashed{}", numbers.join(",\n    "), dialect.fence()));
    line(&mut out, "), ff_decided AS (");
    let mut decided = vec!["CASE WHEN ff_id IS NULL THEN 1 ELSE 0 END AS ff_keyless".to_owned()];
    let mut by = vec!["ff_keyless".to_owned()];
    for (at, stage) in stages.iter().enumerate() {
        decided.push(format!("{} AS ff_s{at}", dialect.typed(&stage.given)));
        by.push(format!("ff_s{at}"));
        if let Some(how) = &stage.how {
            decided.push(format!("{} AS ff_w{at}", dialect.typed(how)));
            by.push(format!("ff_w{at}"));
        }
    }
    line(&mut out, format!("  SELECT {}\n  FROM ff_drawn{}", decided.join(",\n    "), dialect.fence()));
    line(&mut out, "), ff_outcomes AS (");
    let nothing: Vec<&str> = by.iter().map(|name| if name == "ff_keyless" { "0" } else { "''" }).collect();
    let by = by.join(", ");
    line(&mut out, format!("  SELECT {by}, COUNT(*) AS ff_users FROM ff_decided GROUP BY {by}"));
    // An empty table is counted as well.
    line(&mut out, format!("  UNION ALL SELECT {}, 0", nothing.join(", ")));
    line(&mut out, "), ff_guard AS (");
    guard(&mut out, dialect, drawn)?;
    line(&mut out, "), ff_measures AS (");
    let measures = measures(dialect, stages, !drawn.is_empty());
    for (at, measure) in measures.iter().enumerate() {
        let literal = |text: &str| dialect.literal(text).ok_or("a label cannot be written in SQL");
        let (state, what) = (literal(&measure.state)?, literal(&measure.what)?);
        let head = if at == 0 { "  SELECT" } else { "  UNION ALL SELECT" };
        let names = if at == 0 { [" AS ff_place", " AS ff_state", " AS ff_what"] } else { [""; 3] };
        line(&mut out, format!("{head} {at}{}, {state}{}, {what}{}", names[0], names[1], names[2]));
    }
    line(&mut out, ")");
    line(&mut out, "SELECT m.ff_place AS place, m.ff_state AS state, m.ff_what AS what,");
    line(
        &mut out,
        format!("  CASE WHEN m.ff_place = 0 THEN g.ff_good WHEN g.ff_good = {} THEN SUM(CASE", KNOWN.len()),
    );
    for (at, measure) in measures.iter().enumerate().skip(1) {
        let condition = measure.condition.as_ref().map(|only| format!(" AND ({only})")).unwrap_or_default();
        line(&mut out, format!("    WHEN m.ff_place = {at}{condition} THEN o.ff_users"));
    }
    line(&mut out, "    ELSE 0 END) END AS users");
    line(&mut out, "FROM ff_measures m CROSS JOIN ff_outcomes o CROSS JOIN ff_guard g");
    line(&mut out, "GROUP BY m.ff_place, m.ff_state, m.ff_what, g.ff_good");
    line(&mut out, "ORDER BY m.ff_place;");
    Ok(out)
}

/// Counts the known ids that fall where they must.
fn guard(out: &mut String, dialect: Dialect, drawn: &[Drawn]) -> Result<(), &'static str> {
    if drawn.is_empty() {
        line(out, format!("  SELECT {} AS ff_good", KNOWN.len()));
        return Ok(());
    }
    let each = |of: &dyn Fn(usize, &Drawn) -> String, between: &str| {
        drawn.iter().enumerate().map(|(at, drawn)| of(at, drawn)).collect::<Vec<_>>().join(between)
    };
    let right = each(&|at, _| format!("ff_n{at} = ff_e{at}"), " AND ");
    let expected = each(&|at, _| format!("ff_e{at}"), ", ");
    let numbers = each(
        &|at, drawn| format!("{} AS ff_n{at}", drawn.number(dialect, &format!("ff_h{at}"))),
        ",\n      ",
    );
    let hexes = drawn
        .iter()
        .enumerate()
        .map(|(at, drawn)| Ok(format!("{} AS ff_h{at}", drawn.hex(dialect, "ff_id")?)));
    let hexes = hexes.collect::<Result<Vec<_>, &str>>()?.join(",\n        ");
    line(out, format!("  SELECT SUM(CASE WHEN {right} THEN 1 ELSE 0 END) AS ff_good FROM ("));
    line(
        out,
        format!(
            "    SELECT {expected},\n      {numbers}\n    FROM (\n      SELECT {expected},\n        {hexes}\n      FROM ("
        ),
    );
    for (row, id) in KNOWN.iter().enumerate() {
        let id = dialect.literal(id).ok_or("a known id cannot be written")?;
        let head = if row == 0 { "        SELECT" } else { "        UNION ALL SELECT" };
        let known = each(
            &|at, drawn| {
                let name = if row == 0 { format!(" AS ff_e{at}") } else { String::new() };
                format!("{}{name}", drawn.known[row])
            },
            ", ",
        );
        let id = dialect.text(&id);
        line(out, format!("{head} {id}{}, {known}", if row == 0 { " AS ff_id" } else { "" }));
    }
    let fence = dialect.fence();
    line(out, format!("      ) AS ff_ids{fence}\n    ) AS ff_known{fence}\n  ) AS ff_same"));
    Ok(())
}

fn measures(dialect: Dialect, stages: &[Stage], bucketed: bool) -> Vec<Measure> {
    let of = |state: &str, what: &str, condition: Option<String>| Measure {
        state: state.to_owned(),
        what: what.to_owned(),
        condition,
    };
    let mut all = vec![
        of("guard", "known buckets that are right, of 8", None),
        of("rows", "all", None),
        of("rows", "without an id", Some("o.ff_keyless = 1".to_owned())),
    ];
    for (at, stage) in stages.iter().enumerate() {
        let label = one_line(&stage.label);
        all.push(of(label, "on", Some(inside(dialect, at, stage))));
        let noun = if stage.how.is_some() { "variant" } else { "variation" };
        for outcome in &stage.outcomes {
            all.push(of(
                label,
                &format!("{noun} {outcome}"),
                Some(format!("o.ff_s{at} = {}", dialect.name_literal(outcome.as_str()))),
            ));
        }
        if let Some(how) = &stage.how {
            for word in ["closed", "forced"] {
                let name = if word == "closed" { "gated" } else { "forced" };
                if how.contains(&format!("'{word}'")) {
                    let condition = format!("o.ff_w{at} = '{word}' AND o.ff_s{at} <> {NO_UNIT}");
                    all.push(of(label, name, Some(condition)));
                }
            }
        }
        if bucketed {
            all.push(of(label, "without_unit", Some(format!("o.ff_s{at} = {NO_UNIT}"))));
        }
    }
    let mut pairs: Vec<(usize, usize)> = (1..stages.len()).map(|to| (to - 1, to)).collect();
    if stages.len() > 2 {
        pairs.push((0, stages.len() - 1));
    }
    for (from, to) in pairs {
        let (before, after) = (inside(dialect, from, &stages[from]), inside(dialect, to, &stages[to]));
        let step = format!("{} -> {}", one_line(&stages[from].label), one_line(&stages[to].label));
        let known = format!("o.ff_s{from} <> {NO_UNIT} AND o.ff_s{to} <> {NO_UNIT}");
        let mut add = |what: &str, condition: String| all.push(of(&step, what, Some(condition)));
        add("joins", format!("{known} AND NOT ({before}) AND {after}"));
        add("leaves", format!("{known} AND {before} AND NOT ({after})"));
        add("switches", format!("{before} AND {after} AND o.ff_s{from} <> o.ff_s{to}"));
        add("stays_on", format!("{before} AND {after} AND o.ff_s{from} = o.ff_s{to}"));
        add("stays_off", format!("{known} AND NOT ({before}) AND NOT ({after})"));
        if bucketed {
            add("errors", format!("o.ff_s{from} = {NO_UNIT} OR o.ff_s{to} = {NO_UNIT}"));
        }
    }
    if stages.len() > 2 {
        let any: Vec<String> = stages
            .iter()
            .enumerate()
            .map(|(at, stage)| format!("({})", inside(dialect, at, stage)))
            .collect();
        all.push(of("all states", "ever on", Some(any.join(" OR "))));
    }
    all
}

/// Returns the condition that a row is in at a stage.
fn inside(dialect: Dialect, at: usize, stage: &Stage) -> String {
    match (&stage.off, &stage.how) {
        (Some(off), _) => format!("o.ff_s{at} NOT IN ({}, {NO_UNIT})", dialect.name_literal(off.as_str())),
        (None, _) => format!("o.ff_w{at} <> 'closed' AND o.ff_s{at} <> {NO_UNIT}"),
    }
}

/// Returns the first line of a text: labels are words of a command line.
fn one_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

fn line(out: &mut String, text: impl std::fmt::Display) {
    writeln!(out, "{text}").expect("a String takes everything");
}
