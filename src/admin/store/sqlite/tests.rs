use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use crate::admin::store::tests::{assert_counted, change, permit, raise, set_of, switch, verified};
use crate::admin::{FileChange, FileEdit, Hunk, JournalFilter, LocalStore, Store};
use crate::error::{Error, Kind};
use crate::layer::{Source, Version};
use crate::model::Timestamp;

/// Returns the store as the file that it is.
fn files(store: &Store) -> &LocalStore {
    match store {
        Store::Sqlite(store) => store,
        Store::Postgres(_) => panic!("not a file"),
    }
}

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("state/ffctl/x.sqlite3")
    }

    fn store(&self) -> Store {
        self.files().into()
    }

    fn files(&self) -> LocalStore {
        LocalStore::new(self.path(), "~/x.sqlite3")
    }
}

#[test]
fn reading_creates_nothing_and_a_missing_store_is_empty() {
    let place = Place::new();
    assert!(place.store().read().expect("empty").overrides.is_empty());
    assert_eq!(place.store().read_flags(&["x"]).expect("empty").version("x"), Version::Journal(0));
    assert!(place.store().journal(&JournalFilter::default()).expect("empty").is_empty());
    assert_eq!(fs::read_dir(place.0.path()).expect("the folder").count(), 0);
}

#[test]
fn changes_of_files_have_numbers_of_their_own() {
    let place = Place::new();
    let store = place.store();
    let edit = |flag: &str| FileEdit {
        flag: flag.to_owned(),
        place: "FF_X".to_owned(),
        before: None,
        after: Some("on".to_owned()),
    };
    let change = |flag: &str| FileChange {
        at: Timestamp::from_millis(5),
        actor: None,
        reason: None,
        layer: Source::Env,
        file: "/app/.env".to_owned(),
        edits: vec![edit(flag)],
        hunks: vec![Hunk {
            flag: flag.to_owned(),
            line: 3,
            above: "# é\n".to_owned(),
            before: String::new(),
            after: "FF_X=on\r\n".to_owned(),
            below: String::new(),
        }],
    };
    assert_eq!(files(&store).journal_file_change(&permit(), &change("x"), "x", None).expect("written"), 1);
    store.write(&permit(), &switch("x", true, Version::Journal(0))).expect("written");
    assert_eq!(files(&store).journal_file_change(&permit(), &change("y"), "y", None).expect("written"), 2);
    let of_y =
        files(&store).file_journal(&JournalFilter { flag: Some("y".to_owned()), ..JournalFilter::default() });
    let of_y = of_y.expect("read");
    assert_eq!((of_y.len(), of_y[0].number, &of_y[0].change), (1, 2, &change("y")));
}

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
fn what_is_no_store_is_not_taken_for_one() {
    let place = Place::new();
    fs::create_dir_all(place.path().parent().expect("a folder")).expect("created");
    fs::write(place.path(), "schema = 1\n".repeat(100)).expect("written");
    assert_eq!(place.store().read().expect_err("text").kind(), Kind::Local);
    fs::remove_file(place.path()).expect("removed");
    let other = rusqlite::Connection::open(place.path()).expect("opened");
    other.execute_batch("CREATE TABLE t (x)").expect("created");
    let error =
        place.store().write(&permit(), &switch("x", true, Version::Journal(0))).expect_err("another's");
    assert!(error.message().contains("not a store of ffctl"), "{error}");
    let newer = Store::from(LocalStore::new(place.0.path().join("new"), "new"));
    newer.write(&permit(), &switch("x", true, Version::Journal(0))).expect("written");
    let connection = rusqlite::Connection::open(files(&newer).path()).expect("opened");
    connection.pragma_update(None, "user_version", 99).expect("updated");
    let error = newer.read().expect_err("newer");
    assert_eq!((error.kind(), error.is_outdated()), (Kind::Local, true));
    assert!(error.message().starts_with("a newer ffctl has brought the store to version 99; this is ffctl "));
    assert_eq!(error.hints(), ["update ffctl here"]);
    assert_eq!(
        Store::from(LocalStore::new(place.0.path().to_owned(), ".")).read().expect_err("a folder").kind(),
        Kind::Local
    );
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

#[test]
fn the_half_commit_of_a_killed_writer_is_rolled_back_by_the_next_reader() {
    let place = Place::new();
    let store = place.store();
    store.write(&permit(), &switch("x", true, Version::Journal(0))).expect("written");
    let journal = place.path().with_extension("sqlite3-journal");
    // What a kill inside a commit leaves: a journal with the old pages beside a file with new ones. Spilling
    // to the file before the commit makes them; copying both away and back is the kill.
    let mut connection = rusqlite::Connection::open(place.path()).expect("opened");
    connection.execute_batch("PRAGMA cache_size = 1; PRAGMA cache_spill = 1").expect("set");
    let transaction = connection.transaction().expect("begun");
    for flag in 0..500 {
        let row = (format!("torn-{flag}"), "{\"enabled\":false}".repeat(20));
        transaction
            .execute("INSERT INTO override (flag, field, value, number) VALUES (?1, 'enabled', ?2, 1)", row)
            .expect("inserted");
    }
    let (file, hot) = (fs::read(place.path()).expect("read"), fs::read(&journal).expect("a journal"));
    drop(transaction);
    drop(connection);
    fs::write(place.path(), file).and_then(|()| fs::write(&journal, hot)).expect("written");
    let layer = store.read().expect("rolled back");
    assert_eq!(layer.overrides.keys().collect::<Vec<_>>(), ["x"]);
    assert!(!journal.exists());
}

#[cfg(unix)]
#[test]
fn a_store_in_a_read_only_folder_can_be_read_and_its_own_folder_is_private() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    let store = place.store();
    store.write(&permit(), &switch("x", true, Version::Journal(0))).expect("written");
    let folder = place.path().parent().expect("a folder").to_owned();
    let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!((mode(&folder), mode(&place.path())), (0o700, 0o600));
    fs::set_permissions(place.path(), fs::Permissions::from_mode(0o400)).expect("set");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o500)).expect("set");
    assert_eq!(store.read().expect("readable").overrides.len(), 1);
    assert_eq!(fs::read_dir(&folder).expect("listed").count(), 1, "nothing is left beside it");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).expect("set");
}

const CHILD: &str = "admin::store::sqlite::tests::child_of_the_test_of_processes";
const STORE: &str = "TEST_OF_PROCESSES_STORE";

#[test]
fn processes_at_once_lose_nothing() {
    let place = Place::new();
    let program = std::env::current_exe().expect("this test");
    let start = || {
        Command::new(&program)
            .args(["--exact", CHILD, "--ignored", "--quiet"])
            .env(STORE, place.path())
            .stdout(std::process::Stdio::null())
            .spawn()
            .expect("started")
    };
    let mut children: Vec<_> = (0..10).map(|_| start()).collect();
    for child in &mut children {
        assert!(child.wait().expect("ended").success());
    }
    assert_counted(&place.store(), 50);
    let folder = place.path().parent().expect("a folder").to_owned();
    assert_eq!(fs::read_dir(folder).expect("listed").count(), 1, "nothing is left beside the store");
}

#[test]
#[ignore = "the processes of the test above run it"]
#[expect(clippy::disallowed_methods, reason = "the parent names the store")]
fn child_of_the_test_of_processes() {
    if let Some(path) = std::env::var_os(STORE) {
        raise(&LocalStore::new(path.into(), "x.sqlite3").into(), 5);
    }
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
fn answers(store: &Store) -> crate::error::Result<String> {
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
fn a_store_of_the_first_version_is_read_and_brought_up_to_date_by_a_write() {
    let place = Place::new();
    fs::create_dir_all(place.path().parent().expect("a folder")).expect("created");
    let connection = rusqlite::Connection::open(place.path()).expect("opened");
    connection.execute_batch(super::schema::STEPS[0]).expect("made");
    connection.pragma_update(None, "application_id", super::schema::APPLICATION_ID).expect("set");
    connection.pragma_update(None, "user_version", 1).expect("set");
    connection
        .execute_batch(
            "INSERT INTO journal VALUES (1, 5, 'anna', NULL, 'ffctl 0.0.9', 'k', '[]');
             INSERT INTO journal_change VALUES ('x', 1, '{\"enabled\":null}', '{\"enabled\":true}');
             INSERT INTO override VALUES ('x', 'enabled', '{\"enabled\":true}', 1);
             INSERT INTO version VALUES ('x', 1);
             INSERT INTO file_journal VALUES (1, 5, NULL, NULL, 'ffctl 0.0.9', 'env', '/a', '[]');",
        )
        .expect("filled");
    drop(connection);
    let store = place.store();
    let before = answers(&store).expect("readable as it is");
    assert!(before.contains("Switch(true)"), "{before}");
    store.write(&permit(), &switch("y", true, Version::Journal(0))).expect("written");
    assert_eq!(store.journal(&JournalFilter::default()).expect("read").len(), 2);
    assert_eq!(files(&store).file_journal(&JournalFilter::default()).expect("read").len(), 1);
    let connection = rusqlite::Connection::open(place.path()).expect("opened");
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).expect("set");
    assert_eq!(version, 6);
    assert_eq!(before.matches("hash: None").count(), 1, "{before}");
    let (count, head) = verified(&store).expect("whole");
    let newest = &store.journal(&JournalFilter::default()).expect("read")[0];
    assert_eq!((count, head), (2, newest.hash), "the entry of before is chained too");
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
