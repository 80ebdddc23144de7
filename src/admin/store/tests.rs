//! What both stores do the same way.

use serde_json::json;

use crate::admin::{ChangeSet, FlagChange, IdempotencyKey, JournalFilter, LocalStore, Permit, Store};
use crate::error::Kind;
use crate::layer::{Ends, Field, FieldValue, Origin, Patch, Version, patch_from_json};
use crate::model::Timestamp;

pub(super) fn permit() -> Permit {
    Permit::unless_dry_run(false).expect("no dry run")
}

pub(super) fn patch(json: &serde_json::Value) -> Patch {
    patch_from_json(json).expect("a patch")
}

pub(super) fn change(flag: &str, json: &serde_json::Value, expect: Version) -> FlagChange {
    FlagChange { flag: flag.to_owned(), patch: patch(json), expect, ends: Ends::default() }
}

pub(super) fn set_of(changes: Vec<FlagChange>) -> ChangeSet {
    ChangeSet {
        at: Timestamp::from_millis(1_000),
        actor: Some("anna".to_owned()),
        reason: Some("incident".to_owned()),
        key: IdempotencyKey::random(),
        asked: None,
        changes,
    }
}

pub(super) fn switch(flag: &str, on: bool, expect: Version) -> ChangeSet {
    set_of(vec![change(flag, &json!({ "enabled": on }), expect)])
}

/// Raises the rollout of `x` by one thousandth `times` times, reading again whenever somebody was faster.
pub(super) fn raise(store: &Store, times: u32) {
    for _ in 0..times {
        loop {
            let layer = store.read_flags(&["x"]).expect("read");
            let present = match layer.overrides.get("x").and_then(|values| values.get(&Field::Rollout)) {
                Some((FieldValue::Weight(weight), _)) => weight.to_string(),
                _ => "0%".to_owned(),
            };
            let number: u32 = present.trim_end_matches('%').parse().expect("whole");
            let wanted = json!({ "rollout": format!("{}%", number + 1) });
            let set = set_of(vec![change("x", &wanted, layer.version("x"))]);
            match store.write(&permit(), &set) {
                Ok(written) => {
                    assert!(written.number.is_some());
                    break;
                }
                Err(error) => assert_eq!(error.kind(), Kind::Conflict, "{error}"),
            }
        }
    }
}

pub(super) fn assert_counted(store: &Store, times: u64) {
    let layer = store.read().expect("read");
    assert_eq!(layer.overrides["x"][&Field::Rollout].0.to_string(), format!("{times}%"), "none is lost");
    let entries = store.journal(&JournalFilter { limit: 1_000, ..JournalFilter::default() }).expect("read");
    let numbers: Vec<u64> = entries.iter().map(|entry| entry.number).rev().collect();
    assert_eq!(numbers, (1..=times).collect::<Vec<_>>(), "without gaps");
}

/// Recomputes the chain; returns how many entries there are and the hash of the last.
pub(super) fn verified(
    store: &Store,
) -> Result<(u64, Option<crate::admin::EntryHash>), crate::admin::ChainError> {
    let entries = store.whole_journal().expect("readable");
    let head = crate::admin::verify_chain(&entries)?;
    Ok((u64::try_from(entries.len()).expect("few"), Some(head)))
}

/// Runs a test over an empty store of each kind; without PostgreSQL, over a file alone.
pub(super) fn each(test: &str, run: impl Fn(&Store)) {
    let folder = tempfile::tempdir().expect("a folder");
    run(&LocalStore::new(folder.path().join("x.sqlite3"), "~/x.sqlite3").into());
    #[cfg(unix)]
    if let Some(database) = crate::support::postgres::database(&format!("a store in PostgreSQL: {test}")) {
        run(&super::postgres::opened(&database.url()));
    }
    #[cfg(not(unix))]
    let _ = test;
}

#[test]
fn each_field_names_the_entry_that_set_it() {
    each("each field names the entry that set it", |store| {
        let first = json!({ "enabled": true, "rollout": "25%", "users": { "u1": "on" } });
        let written =
            store.write(&permit(), &set_of(vec![change("x", &first, Version::Journal(0))])).expect("written");
        assert_eq!((written.number, written.repeated), (Some(1), false));
        let second = json!({ "rollout": "50%", "users": { "u1": null, "u2": "off" } });
        store.write(&permit(), &set_of(vec![change("x", &second, Version::Journal(1))])).expect("written");

        let layer = store.read().expect("read");
        assert_eq!(layer.version("x"), Version::Journal(2));
        assert_eq!(layer.version("y"), Version::Journal(0));
        let told: Vec<_> = layer.overrides["x"]
            .iter()
            .map(|(field, (value, origin))| (field.to_string(), value.to_string(), origin.journal()))
            .collect();
        let expected = [("enabled", "on", 1), ("rollout", "50%", 2), ("user u2", "off", 2)];
        assert_eq!(told, expected.map(|(f, v, n)| (f.to_owned(), v.to_owned(), Some(n))));
        let (_, origin) = &layer.overrides["x"][&Field::Enabled];
        let at = Some(Timestamp::from_millis(1_000));
        assert_eq!(*origin, Origin::Journal { number: 1, by: Some("anna".to_owned()), at, expires_at: None });
        assert_eq!(store.read_flags(&["x", "y"]).expect("read"), layer);
    });
}

#[test]
fn a_change_set_happens_whole_or_not_at_all() {
    each("a change set happens whole or not at all", |store| {
        store.write(&permit(), &switch("b", true, Version::Journal(0))).expect("written");
        let on = json!({ "enabled": true });
        let stale = vec![
            change("a", &on, Version::Journal(0)),
            change("b", &json!({"enabled":false}), Version::Journal(0)),
        ];
        let error = store.write(&permit(), &set_of(stale)).expect_err("b changed");
        assert_eq!(error.kind(), Kind::Conflict);
        let told =
            "`b` was changed meanwhile: enabled not set → on (journal 1 by anna, 1970-01-01T00:00:01Z)";
        assert_eq!(error.message(), format!("{:#}: {told}", store.label()));
        let layer = store.read().expect("read");
        assert!(!layer.overrides.contains_key("a"));
        let both = vec![
            change("a", &on, Version::Journal(0)),
            change("b", &json!({"enabled":null}), Version::Journal(1)),
        ];
        let written = store.write(&permit(), &set_of(both)).expect("written");
        assert_eq!(written.number, Some(2));
        assert_eq!(written.versions["a"], Version::Journal(2));
        assert!(!store.read().expect("read").overrides.contains_key("b"));
        assert_eq!(
            store.read().expect("read").version("b"),
            Version::Journal(2),
            "a cleared flag has a history"
        );
    });
}

#[test]
fn a_repeated_key_returns_the_first_result() {
    each("a repeated key returns the first result", |store| {
        let set = switch("x", true, Version::Journal(0));
        let first = store.write(&permit(), &set).expect("written");
        let again = store.write(&permit(), &set).expect("repeated");
        assert_eq!((again.number, again.repeated, &again.versions), (first.number, true, &first.versions));
        assert_eq!(store.journal(&JournalFilter::default()).expect("read").len(), 1);
        let mixed_up = ChangeSet { key: set.key, ..switch("x", false, Version::Journal(1)) };
        assert_eq!(store.write(&permit(), &mixed_up).expect_err("another change").kind(), Kind::Conflict);
    });
}

#[test]
fn what_is_already_so_is_not_journalled() {
    each("what is already so is not journalled", |store| {
        store.write(&permit(), &switch("x", true, Version::Journal(0))).expect("written");
        let same = store.write(&permit(), &switch("x", true, Version::Journal(1))).expect("nothing to do");
        assert_eq!((same.number, &same.versions["x"]), (None, &Version::Journal(1)));
        let partly = json!({ "enabled": true, "rollout": "5%" });
        store.write(&permit(), &set_of(vec![change("x", &partly, Version::Journal(1))])).expect("written");
        let entries = store.journal(&JournalFilter::default()).expect("read");
        assert_eq!(entries[0].changes[0].after, patch(&json!({ "rollout": "5%" })));
        assert_eq!(entries[0].changes[0].before, patch(&json!({ "rollout": null })));
        assert_eq!(store.read().expect("read").overrides["x"][&Field::Enabled].1.journal(), Some(1));
    });
}

#[test]
fn the_journal_tells_who_what_and_why_newest_first() {
    each("the journal tells who what and why newest first", |store| {
        for (flag, on) in [("x", true), ("y", true), ("x", false)] {
            store.write(&permit(), &switch(flag, on, Version::Unknown)).expect("written");
        }
        let numbers = |filter| {
            let entries = store.journal(&filter).expect("read");
            entries.iter().map(|entry| entry.number).collect::<Vec<_>>()
        };
        assert_eq!(numbers(JournalFilter::default()), [3, 2, 1]);
        assert_eq!(numbers(JournalFilter { flag: Some("x".to_owned()), ..JournalFilter::default() }), [3, 1]);
        assert_eq!(numbers(JournalFilter { after: Some(1), limit: 1, ..JournalFilter::default() }), [3]);
        let newest = &store.journal(&JournalFilter::default()).expect("read")[0];
        assert_eq!((newest.actor.as_deref(), newest.reason.as_deref()), (Some("anna"), Some("incident")));
        assert!(newest.tool.as_deref().is_some_and(|tool| tool.starts_with("ffctl ")));
        let undone = ChangeSet {
            changes: vec![FlagChange {
                flag: "x".to_owned(),
                patch: newest.changes[0].before.clone(),
                expect: Version::Journal(3),
                ends: Ends::default(),
            }],
            ..set_of(Vec::new())
        };
        store.write(&permit(), &undone).expect("written");
        let value = &store.read().expect("read").overrides["x"][&Field::Enabled].0;
        assert_eq!(*value, FieldValue::Switch(true), "applying `before` undoes");
    });
}

#[test]
fn threads_at_once_lose_nothing() {
    each("threads at once lose nothing", |store| {
        std::thread::scope(|scope| {
            for _ in 0..6 {
                scope.spawn(|| raise(store, 10));
            }
        });
        assert_counted(store, 60);
    });
}

#[test]
fn what_ends_goes_back_to_what_was_before_it_and_nothing_else_does() {
    each("what ends goes back to what was before it and nothing else does", |store| {
        let until = |json: serde_json::Value, ends: Option<i64>| {
            let mut change = change("x", &json, Version::Unknown);
            change.ends = Ends::Together(ends.map(Timestamp::from_millis));
            store.write(&permit(), &set_of(vec![change])).expect("written").number
        };
        let end = |now: i64| store.end_due(&permit(), Timestamp::from_millis(now)).expect("ended");
        let says = || {
            let layer = store.read().expect("read");
            let values = layer.overrides.get("x").cloned().unwrap_or_default();
            values.iter().map(|(field, (value, _))| format!("{field} {value}")).collect::<Vec<_>>().join(", ")
        };
        until(json!({ "rollout": "10%" }), None);
        until(json!({ "enabled": true, "rollout": "50%" }), Some(4_000));
        until(json!({ "rollout": "100%" }), Some(2_000));
        assert_eq!((says().as_str(), end(1_999)), ("enabled on, rollout 100%", vec![]));
        assert_eq!((end(2_000), says().as_str()), (vec![4], "enabled on, rollout 50%"));
        let journal = store.journal(&JournalFilter::default()).expect("read");
        assert_eq!(
            (journal[0].actor.as_deref(), journal[0].reason.as_deref(), journal[0].changes[0].expires_at),
            (Some("ffctl serve"), Some("end of 3"), Some(Timestamp::from_millis(4_000))),
            "what comes back ends when it would have"
        );
        assert_eq!((end(3_999), says().as_str()), (vec![], "enabled on, rollout 50%"));
        // What somebody has set since stays.
        until(json!({ "enabled": false }), None);
        assert_eq!((end(4_000), says().as_str()), (vec![6], "enabled off, rollout 10%"));
        // One that has ended meanwhile is not brought back, nor what only had another end.
        until(json!({ "users": { "u": "on" } }), Some(6_000));
        until(json!({ "users": { "u": "off" } }), Some(7_000));
        assert_eq!((end(8_000).len(), says().as_str()), (1, "enabled off, rollout 10%"));
        until(json!({ "rollout": "20%" }), Some(20_000));
        until(json!({ "rollout": "20%" }), Some(10_000));
        assert_eq!((end(10_000).len(), says().as_str()), (1, "enabled off, rollout 10%"));
        // For good, at last.
        until(json!({ "rollout": "30%" }), Some(20_000));
        assert!(
            until(json!({ "rollout": "30%" }), None).is_some(),
            "an end is taken away by a change of its own"
        );
        assert_eq!((end(90_000), says().as_str()), (vec![], "enabled off, rollout 30%"));
        assert_eq!(until(json!({ "rollout": "30%" }), Some(99_000)), None, "what stays has nothing to end");
        verified(store).expect("whole");
    });
}
