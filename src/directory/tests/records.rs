//! Two thousand records against the oracle.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

use super::built;
use super::oracle::{Seen, seen};
use crate::directory::UserRecord;
use crate::eval::{Builder, Scratch};
use crate::flagfile::FlagFile;
use crate::model::{Context, ContextKind, Timestamp, Value};

const RECORDS: u64 = 2_000;

const SEGMENTS: &str = "schema = 1
[segments.staff]
rules = [{ when = [{ attribute = \"email_domain\", op = \"in\", values = [\"agpt.co\"] }] }]
[segments.new_user]
rules = [{ when = [{ attribute = \"account_age_days\", op = \"less_than\", values = [7] }] }]
[segments.settled]
rules = [{ when = [{ attribute = \"account_age_days\", op = \"greater_than_or_equal\", values = [30] }] }]
";

/// Draws numbers; the same ones at every run.
struct Draw(u64);

impl Draw {
    /// Returns a number below `end`.
    fn below(&mut self, end: u64) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        let at = self.below(of.len() as u64);
        &of[usize::try_from(at).expect("below a length")]
    }

    /// Returns any JSON, not too deep.
    fn any(&mut self, depth: u64) -> Json {
        match self.below(if depth == 0 { 6 } else { 8 }) {
            0 => Json::Null,
            1 => json!(self.below(2) == 1),
            2 => json!(i64::try_from(self.below(1_000)).expect("small") - 500),
            3 => json!(0.5 + f64::from(u32::try_from(self.below(100)).expect("small"))),
            4 => json!(""),
            5 => json!(self.one(&["beta", "two words", "ä@ö", "admin", "7", "[]", "\u{1b}[31m"])),
            6 => (0..self.below(4)).map(|_| self.any(depth - 1)).collect(),
            _ => {
                let keys = ["a", "b", "role", "segments", ""];
                (0..self.below(4)).map(|_| ((*self.one(&keys)).to_owned(), self.any(depth - 1))).collect()
            }
        }
    }

    fn created_at(&mut self, now: i64) -> Json {
        let days = *self.one(&[6, 7, 29, 30]);
        let second = *self.one(&[-1, 0, 1]);
        let then = now - days * Timestamp::DAY + second * 1_000;
        let text = Timestamp::from_millis(then).to_string();
        match self.below(12) {
            0..=4 => json!(text),
            5 => json!(then),
            6 => json!(zoned(then, 330)),
            7 => json!(zoned(then, -480)),
            // Without a zone.
            8 => json!(text.trim_end_matches('Z')),
            // In the future.
            9 => json!(Timestamp::from_millis(now + days * Timestamp::DAY + second * 1_000).to_string()),
            10 => json!(Timestamp::from_millis(now + second * 1_000).to_string()),
            _ => self.any(1),
        }
    }

    fn metadata(&mut self) -> Json {
        let mut object = Map::new();
        for _ in 0..self.below(5) {
            let key = *self.one(&["tier", "role", "segments", "plan-b", "ä ö", "", "custom_x", "email"]);
            let value = match key {
                "segments" if self.below(2) == 0 => {
                    json!([self.one(&["beta", "staff"]), self.one(&["beta", "alpha"])])
                }
                "role" if self.below(2) == 0 => json!(self.one(&["admin", "guest"])),
                _ => self.any(2),
            };
            object.insert(key.to_owned(), value);
        }
        match self.below(8) {
            0..=3 => Json::Object(object),
            4..=5 => json!(Json::Object(object).to_string()),
            6 => self.any(2),
            _ => json!(self.one(&["{", "null", "[1]", "{} x", " ", "7", "\"{}\""])),
        }
    }

    fn record(&mut self, now: i64) -> Json {
        let mut record = Map::new();
        let id = match self.below(8) {
            0 => self.any(1),
            _ => json!("u1"),
        };
        // The record of somebody else is another test's.
        record.insert("id".to_owned(), if id.is_string() || id.is_i64() { json!("u1") } else { id });
        for (name, usual) in [
            ("name", vec!["Ada", "Bob \u{202e}", ""]),
            (
                "email",
                vec!["ada@agpt.co", "\"a@b\"@agpt.co", "bob@example.com", "bob", "bob@", "@", "", "a@b@c"],
            ),
            ("role", vec!["admin", "moderator", "employee", "guest", "Admin", ""]),
        ] {
            match self.below(8) {
                0 => {}
                1 => {
                    record.insert(name.to_owned(), self.any(1));
                }
                _ => {
                    record.insert(name.to_owned(), json!(self.one(&usual)));
                }
            }
        }
        if self.below(10) > 0 {
            record.insert("created_at".to_owned(), self.created_at(now));
        }
        if self.below(10) > 0 {
            record.insert("metadata".to_owned(), self.metadata());
        }
        if self.below(2) == 0 {
            record.insert("password_hash".to_owned(), json!("undeclared"));
            record.insert("account_age_days".to_owned(), json!(1));
            record.insert("segments".to_owned(), json!(["undeclared"]));
        }
        Json::Object(record)
    }
}

/// Writes an instant with an offset in minutes.
fn zoned(millis: i64, offset: i64) -> String {
    let local = Timestamp::from_millis(millis + offset * 60_000).to_string();
    let sign = if offset < 0 { '-' } else { '+' };
    let size = offset.abs();
    format!("{}{sign}{:02}:{:02}", local.trim_end_matches('Z'), size / 60, size % 60)
}

/// Returns what evaluation makes of a context.
fn evaluated(user: &UserRecord, context: &Context, file: &FlagFile, now: Timestamp) -> Seen {
    let mut builder = Builder::default();
    builder.all_segments(file.definitions());
    let kind = ContextKind::user();
    let ids = ["account_age_days", "email_domain"].map(|name| builder.attribute(&kind, name));
    let program = builder.build();
    let mut scratch = Scratch::default();
    let run = scratch.subject(&program, context, now);
    let [age, domain] = ids.map(|id| run.attribute(id).map(crate::eval::ValueRef::to_value));
    let attributes = &context.part(&kind).expect("a user").attributes;
    let json = |value: &Value| serde_json::to_value(value).expect("a value is JSON");
    let mut odd: Vec<String> = user.oddities.iter().map(|oddity| oddity.field.clone()).collect();
    odd.sort();
    Seen {
        attributes: attributes
            .iter()
            .filter(|(name, _)| name != "segments")
            .map(|(name, value)| (name.clone(), json(value)))
            .collect(),
        segments: run.segments().into_iter().collect::<BTreeSet<_>>(),
        age_days: age.and_then(|age| json(&age).as_i64()),
        email_domain: domain.and_then(|domain| domain.as_text().map(str::to_owned)),
        odd,
    }
}

#[test]
fn two_thousand_records_come_to_what_the_oracle_says() {
    let file = FlagFile::parse("flags.toml", SEGMENTS.to_owned()).expect("definitions");
    let now = Timestamp::parse("2026-11-22T09:30:00Z").expect("a time");
    let mut covered = BTreeSet::new();
    for seed in 0..RECORDS {
        let record = Draw(seed).record(now.millis());
        let user = built(&record);
        let context = user.context();
        let expected = seen(&record, now.millis());
        let actual = evaluated(&user, &context, &file, now);
        assert_eq!(actual, expected, "seed {seed}: {record:#}");
        let shown = format!("{user:?}");
        assert!(!shown.contains("undeclared") && !shown.contains("password_hash"), "seed {seed}: {shown}");
        let given: Vec<&String> = user.segments.iter().map(|(name, _)| name).collect();
        assert!(given.windows(2).all(|pair| pair[0] < pair[1]), "sorted and unique: {given:?}");
        assert_eq!(context.key(&ContextKind::user()), Some("u1"));
        covered.extend(actual.age_days.map(|days| format!("{days} days")));
        covered.extend(actual.odd);
        covered.extend(actual.segments);
    }
    for wanted in [
        "5 days",
        "6 days",
        "7 days",
        "28 days",
        "29 days",
        "30 days",
        "0 days",
        "id",
        "name",
        "email",
        "email_domain",
        "created_at",
        "role",
        "metadata",
        "metadata.role",
        "metadata.segments",
        "staff",
        "new_user",
        "settled",
        "admin",
        "moderator",
        "employee",
        "beta",
    ] {
        assert!(covered.contains(wanted), "no record with {wanted}: {covered:?}");
    }
}

#[test]
fn the_age_is_worked_out_at_the_evaluation() {
    let file = FlagFile::parse("flags.toml", SEGMENTS.to_owned()).expect("definitions");
    let made = Timestamp::parse("2026-11-15T09:30:00Z").expect("a time");
    let user = built(&json!({ "id": "u1", "created_at": made }));
    for (after, days, segment) in [
        (-1, None, None),
        (0, Some(0), Some("new_user")),
        (7 * Timestamp::DAY - 1_000, Some(6), Some("new_user")),
        (7 * Timestamp::DAY, Some(7), None),
        (30 * Timestamp::DAY - 1, Some(29), None),
        (30 * Timestamp::DAY, Some(30), Some("settled")),
    ] {
        let now = Timestamp::from_millis(made.millis() + after);
        let seen = evaluated(&user, &user.context(), &file, now);
        assert_eq!(seen.age_days, days, "{after}");
        assert_eq!(seen.segments.into_iter().collect::<Vec<_>>(), Vec::from_iter(segment), "{after}");
    }
}
