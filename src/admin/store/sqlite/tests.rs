//! What a file alone can do to a store.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::admin::store::tests::{assert_counted, permit, raise, switch, verified};
use crate::admin::{FileChange, FileEdit, Hunk, JournalFilter, LocalStore, Store};
use crate::error::Kind;
use crate::layer::{Source, Version};
use crate::model::Timestamp;

use super::damage::answers;

/// Returns the store as the file that it is.
pub(super) fn files(store: &Store) -> &LocalStore {
    match store {
        Store::Sqlite(store) => store,
        Store::Postgres(_) => panic!("not a file"),
    }
}

pub(super) struct Place(tempfile::TempDir);

impl Place {
    pub(super) fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    pub(super) fn path(&self) -> PathBuf {
        self.0.path().join("state/ffctl/x.sqlite3")
    }

    pub(super) fn store(&self) -> Store {
        self.files().into()
    }

    pub(super) fn files(&self) -> LocalStore {
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
