//! Tests of what a store says that a disk has damaged, or somebody.

use std::fs;

use serde_json::json;

use crate::admin::store::tests::{change, permit, set_of, switch, verified};
use crate::admin::{FileChange, FileEdit, JournalFilter, Store};
use crate::error::{Error, Kind};
use crate::layer::{Source, Version};
use crate::model::Timestamp;

use super::tests::{Place, files};

#[test]
fn a_damaged_store_is_an_error_at_every_length() {
    let place = Place::new();
    let store = place.store();
    for flag in 0..200 {
        let users: serde_json::Map<_, _> = (0..5).map(|user| (format!("user-{user}"), json!("on"))).collect();
        let set =
            set_of(vec![change(&format!("flag-{flag}"), &json!({ "users": users }), Version::Journal(0))]);
        // One store of many pages, quickly: durability is not what is tested here.
        store.write(&permit(), &set).expect("written");
    }
    let whole = fs::read(place.path()).expect("the file");
    let lengths = (0..whole.len()).step_by(397).chain([0, 1, 15, 16, 99, 100, 101, whole.len() - 1]);
    for length in lengths {
        fs::write(place.path(), &whole[..length]).expect("truncated");
        let told = |error: Error| {
            assert_eq!(error.kind(), Kind::Local, "{length}: {error}");
            assert!(error.message().contains("x.sqlite3") && !error.hints().is_empty(), "{length}: {error}");
        };
        told(store.read().expect_err("damaged"));
        told(store.read_flags(&["flag-1"]).expect_err("damaged"));
        told(store.write(&permit(), &switch("x", true, Version::Journal(0))).expect_err("damaged"));
        assert_eq!(
            fs::metadata(place.path()).expect("there").len(),
            length as u64,
            "nothing is written over it"
        );
    }
}

#[test]
fn a_value_that_cannot_be_read_is_damage_and_not_off() {
    let place = Place::new();
    place.store().write(&permit(), &switch("x", true, Version::Journal(0))).expect("written");
    let connection = rusqlite::Connection::open(place.path()).expect("opened");
    connection.execute("UPDATE override SET value = '{\"enabled\":tru'", []).expect("updated");
    let error = place.store().read_flags(&["x"]).expect_err("damaged");
    assert!(error.message().contains("damaged"), "{error}");
}

/// A store with overrides of several kinds, entries of both journals, and what it answers.
fn varied(place: &Place) -> (Vec<u8>, String) {
    let store = place.store();
    let flags = ["enable_memory_v2", "style_prompt", "use_v3_style"];
    for (at, flag) in flags.into_iter().enumerate() {
        let json = json!({ "enabled": at != 1, "rollout": "25%", "users": { "u-1": "on", "u-2": "off" } });
        store.write(&permit(), &set_of(vec![change(flag, &json, Version::Unknown)])).expect("written");
        store.write(&permit(), &switch(flag, at == 1, Version::Unknown)).expect("written");
    }
    let edit = FileEdit {
        flag: "use_v3_style".to_owned(),
        place: "FF_USE_V3_STYLE".to_owned(),
        before: Some("off".to_owned()),
        after: Some("25%".to_owned()),
    };
    let file = FileChange {
        at: Timestamp::from_millis(5),
        actor: None,
        reason: Some("because".to_owned()),
        layer: Source::Env,
        file: "/app/.env".to_owned(),
        edits: vec![edit],
        hunks: Vec::new(),
    };
    files(&store).journal_file_change(&permit(), &file, "x", None).expect("written");
    (fs::read(place.path()).expect("the file"), answers(&store).expect("sound"))
}

/// Everything that a store can be asked.
pub(super) fn answers(store: &Store) -> crate::error::Result<String> {
    let all = JournalFilter { limit: 1_000, ..JournalFilter::default() };
    let (layer, one) = (store.read()?, store.read_flags(&["use_v3_style"])?);
    Ok(format!("{layer:?}\n{one:?}\n{:?}\n{:?}", store.journal(&all)?, files(store).file_journal(&all)?))
}

#[test]
fn no_flipped_bit_and_no_length_makes_another_answer() {
    let place = Place::new();
    let (whole, sound) = varied(&place);
    let is_told = |what: &dyn std::fmt::Display| match answers(&place.store()) {
        Ok(answer) => {
            assert!(answer == sound, "{what}: another answer");
            false
        }
        Err(error) => {
            assert_eq!(error.kind(), Kind::Local, "{what}: {error}");
            assert!(!error.hints().is_empty() || error.message().contains("failed"), "{what}: {error}");
            true
        }
    };
    // Every length there is, the longest first: a file is cut faster than it is written.
    let file = fs::File::options().write(true).open(place.path()).expect("opened");
    for length in (0..whole.len()).rev() {
        file.set_len(length as u64).expect("cut");
        assert!(is_told(&format_args!("{length} bytes")), "{length} bytes");
    }
    // Bits all over the file, chosen by a generator of which the seed is this number (Knuth's MMIX).
    let mut random = 20_261_122_u64;
    let mut damaged = 0;
    for _ in 0..2_000 {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let at = usize::try_from(random >> 33).expect("31 bits") % (whole.len() * 8);
        let mut bytes = whole.clone();
        bytes[at / 8] ^= 1 << (at % 8);
        fs::write(place.path(), &bytes).expect("written");
        damaged += usize::from(is_told(&format_args!("bit {at}")));
    }
    assert!(damaged > 100, "{damaged} of the bits mattered");
}

#[test]
fn a_damaged_store_is_not_sealed_as_sound() {
    let place = Place::new();
    varied(&place);
    let connection = rusqlite::Connection::open(place.path()).expect("opened");
    let update = "UPDATE override SET value = '{\"rollout\":\"26%\"}' WHERE flag = 'use_v3_style' AND field = 'rollout'";
    assert_eq!(connection.execute(update, []).expect("updated"), 1);
    for error in [
        place.store().read().expect_err("damaged"),
        place.store().read_flags(&["style_prompt"]).expect_err("damaged"),
        place.store().write(&permit(), &switch("x", true, Version::Unknown)).expect_err("damaged"),
    ] {
        assert_eq!(error.kind(), Kind::Local);
        assert!(error.message().contains("is damaged") && error.hints()[0].contains("backup"), "{error}");
    }
    connection.execute("UPDATE override SET value = '{\"rollout\":\"25%\"}' WHERE flag = 'use_v3_style' AND field = 'rollout'", []).expect("updated");
    place.store().read().expect("as it was written");
    connection
        .execute("UPDATE journal_change SET before = '{\"enabled\":false}' WHERE number = 2", [])
        .expect("updated");
    place.store().read().expect("the overrides are sound");
    let error = place.store().journal(&JournalFilter::default()).expect_err("damaged");
    assert!(error.message().contains("entry 2 of its journal"), "{error}");
}

#[test]
fn a_lost_entry_of_a_journal_shows_when_it_is_read() {
    for table in ["journal", "file_journal"] {
        let place = Place::new();
        varied(&place);
        let file = FileChange {
            at: Timestamp::from_millis(6),
            actor: None,
            reason: None,
            layer: Source::Env,
            file: "/app/.env".to_owned(),
            edits: Vec::new(),
            hunks: Vec::new(),
        };
        place.files().journal_file_change(&permit(), &file, "y", None).expect("written");
        let connection = rusqlite::Connection::open(place.path()).expect("opened");
        connection.pragma_update(None, "foreign_keys", false).expect("set");
        // The second entry of the target decides no override any more; of a file the first is one before the last.
        let number = if table == "journal" { 2 } else { 1 };
        let lose = format!("DELETE FROM {table} WHERE number = {number}");
        assert_eq!(connection.execute(&lose, []).expect("lost"), 1);
        let (store, all) = (place.store(), JournalFilter::default());
        let read = if table == "journal" {
            store.journal(&all).map(|_| ())
        } else {
            files(&store).file_journal(&all).map(|_| ())
        };
        let message = read.expect_err("damaged").to_string();
        let told = message.contains(&format!("entry {number} of its journal is lost"))
            || message.contains("not what was written");
        assert!(told, "{message}");
    }
}

#[test]
fn a_journal_that_was_changed_behind_its_seals_does_not_verify() {
    let place = Place::new();
    let store = place.store();
    assert_eq!(verified(&store), Ok((0, Some(crate::admin::EntryHash::default()))));
    for number in 0..4 {
        let written =
            store.write(&permit(), &switch("x", number % 2 == 0, Version::Unknown)).expect("written");
        let (count, head) = verified(&store).expect("whole");
        assert_eq!((Some(count), head), (written.number, written.head), "the receipt has the head");
    }
    // Somebody who knows the program well changes an entry and mends all its seals.
    let mut connection = rusqlite::Connection::open(place.path()).expect("opened");
    let transaction = connection.transaction().expect("begun");
    transaction.execute("UPDATE journal SET actor = 'ben' WHERE number = 2", []).expect("updated");
    super::seal::Journal::Target.seal(&transaction, 2).expect("sealed");
    super::seal::renew(&transaction).expect("sealed");
    transaction.commit().expect("done");
    store.journal(&JournalFilter::default()).expect("sealed again");
    let broken = verified(&store).expect_err("not what was written");
    assert_eq!(broken.number, 2);
}
