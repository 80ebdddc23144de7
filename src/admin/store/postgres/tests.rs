//! What a database alone can do to a store.

use std::time::Duration;

use crate::admin::store::tests::{assert_counted, permit, raise, switch};
use crate::admin::{JournalFilter, NewToken, PostgresStore, Role, Secret, Store, TokenAuthor};
use crate::error::Kind;
use crate::layer::Version;
use crate::model::Timestamp;
use crate::settings::{CredentialSource, PostgresUrl, TimeLimits};
use crate::support::postgres::{Database, cluster, database};

/// Returns the store in the database of an address.
pub(in crate::admin::store) fn opened(url: &str) -> Store {
    let url = PostgresUrl::parse(url).expect("an address");
    let patient = Duration::from_secs(20);
    let limits = TimeLimits { connect: patient, read: patient, write: patient };
    Store::Postgres(PostgresStore::new(&url, CredentialSource::None, limits))
}

fn store(database: &Database) -> Store {
    opened(&database.url())
}

fn all(store: &Store) -> usize {
    store.journal(&JournalFilter { limit: 1_000, ..JournalFilter::default() }).expect("read").len()
}

#[test]
fn reading_creates_nothing_and_a_database_without_tables_is_empty() {
    let Some(database) = database("a store in PostgreSQL: an empty database") else { return };
    let store = store(&database);
    assert!(store.read().expect("empty").overrides.is_empty());
    assert_eq!(store.read_flags(&["x"]).expect("empty").version("x"), Version::Journal(0));
    assert!(store.tokens().expect("empty").is_empty() && all(&store) == 0);
    assert_eq!(database.run("select count(*) from pg_namespace where nspname = 'ffctl'"), "0");
}

#[test]
fn several_that_start_at_once_make_the_tables_once() {
    let Some(database) = database("a store in PostgreSQL: migrations at once") else { return };
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| store(&database).prepare(&permit()).expect("prepared"));
        }
    });
    assert_eq!(database.run("select count(*), max(number) from ffctl.migration"), "3|3");
    store(&database).prepare(&permit()).expect("prepared already");
}

#[test]
fn stores_of_several_processes_lose_nothing_and_end_an_override_once() {
    let Some(database) = database("a store in PostgreSQL: writers at once") else { return };
    std::thread::scope(|scope| {
        for _ in 0..5 {
            scope.spawn(|| raise(&store(&database), 8));
        }
    });
    assert_counted(&store(&database), 40);
    let mut set = switch("y", true, Version::Unknown);
    set.changes[0].ends = crate::layer::Ends::Together(Some(Timestamp::from_millis(2_000)));
    store(&database).write(&permit(), &set).expect("written");
    let ended: Vec<u64> = std::thread::scope(|scope| {
        let end = || store(&database).end_due(&permit(), Timestamp::from_millis(3_000)).expect("asked");
        let threads: Vec<_> = (0..5).map(|_| scope.spawn(end)).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect()
    });
    assert_eq!((ended, all(&store(&database))), (vec![42], 42));
}

#[test]
fn what_a_newer_program_wrote_is_neither_read_nor_written() {
    let Some(database) = database("a store in PostgreSQL: a newer version") else { return };
    let store = store(&database);
    store.prepare(&permit()).expect("prepared");
    database.run("insert into ffctl.migration (number, tool) values (99, 'ffctl 9.0.0')");
    let read = store.read().expect_err("newer");
    let written = store.write(&permit(), &switch("x", true, Version::Unknown)).expect_err("newer");
    let prepared = store.prepare(&permit()).expect_err("newer");
    for error in [read, written, prepared] {
        assert_eq!(error.kind(), Kind::Unreachable);
        assert!(
            error.message().starts_with("ffctl 9.0.0 has brought the store to version 99; this is"),
            "{error}"
        );
        assert_eq!(error.hints(), ["update ffctl here: ffctl 9.0.0 or newer"]);
        assert!(error.is_outdated());
    }
    assert_eq!(database.run("select count(*) from ffctl.journal"), "0");
}

#[test]
fn a_lost_connection_is_made_anew() {
    let Some(database) = database("a store in PostgreSQL: lost connections") else { return };
    let store = store(&database);
    store.write(&permit(), &switch("x", true, Version::Unknown)).expect("written");
    database.disconnect();
    assert_eq!(store.read().expect("read").version("x"), Version::Journal(1));
    database.disconnect();
    store.write(&permit(), &switch("x", false, Version::Journal(1))).expect("written");
    assert_eq!(all(&store), 2);
}

/// A trigger ends the connection at the last moment, in the commit itself.
#[test]
fn a_commit_whose_answer_is_lost_is_looked_up_by_its_key() {
    let Some(database) = database("a store in PostgreSQL: lost commits") else { return };
    let store = store(&database);
    store.prepare(&permit()).expect("prepared");
    database.run(
        "create function lose() returns trigger language plpgsql as
             'begin perform pg_terminate_backend(pg_backend_pid()); return null; end';
         create constraint trigger lose after update on ffctl.revision deferrable initially deferred
             for each row execute function lose()",
    );
    let error = store.write(&permit(), &switch("x", true, Version::Unknown)).expect_err("never committed");
    assert_eq!(error.kind(), Kind::Unreachable, "{error}");
    assert!(error.message().ends_with("nothing was changed, as its key tells"), "{error}");
    assert_eq!(all(&store), 0);
    database.run("drop trigger lose on ffctl.revision");
    assert_eq!(
        store.write(&permit(), &switch("x", true, Version::Unknown)).expect("written").number,
        Some(1)
    );
}

#[test]
fn watchers_hear_of_every_write_also_of_tokens_and_say_when_the_database_is_away() {
    let Some(database) = database("a store in PostgreSQL: watching") else { return };
    let (one, other) = (store(&database), store(&database));
    one.prepare(&permit()).expect("prepared");
    let (sender, calls) = std::sync::mpsc::channel();
    let mut watch = other
        .watch(move || {
            let _ = sender.send(());
        })
        .expect("watching");
    let mut heard = || {
        // The first call says that it listens, later ones that something changed.
        while calls.recv_timeout(Duration::from_mins(1)).is_ok() {
            if watch.changed().is_ok_and(|changed| changed) {
                return true;
            }
        }
        false
    };
    assert!(heard(), "what was written before the watch began counts as a change");
    one.write(&permit(), &switch("x", true, Version::Unknown)).expect("written");
    assert!(heard());
    let secret = Secret::random().expect("random");
    let token = NewToken {
        name: "ci".to_owned(),
        role: Role::Viewer,
        created_at: Timestamp::from_millis(0),
        expires_at: None,
        digest: secret.digest(),
    };
    let by = TokenAuthor { at: Timestamp::from_millis(0), actor: None, reason: None };
    one.create_token(&permit(), &token, &by).expect("made");
    assert!(heard());
    // Without a word: the counter tells of it.
    database.run("update ffctl.revision set number = number + 1");
    assert!(heard());
    // After a loss it listens again, and takes it for a change.
    database.disconnect();
    assert!(heard());
}

#[test]
fn names_are_kept_as_they_are_and_what_cannot_be_kept_is_refused() {
    let Some(database) = database("a store in PostgreSQL: names") else { return };
    let store = store(&database);
    for (number, flag) in (1..).zip(["Ünïcode", "a'b\"c\\d", "x\ny", "zz", "ZZ"]) {
        let written = store.write(&permit(), &switch(flag, true, Version::Journal(0))).expect(flag);
        assert_eq!(written.number, Some(number));
    }
    assert_eq!(store.read().expect("read").overrides.len(), 5);
    crate::admin::verify_chain(&store.whole_journal().expect("read")).expect("whole");
    let error = store.write(&permit(), &switch("a\0b", true, Version::Unknown)).expect_err("U+0000");
    assert_eq!((error.kind(), all(&store)), (Kind::Invalid, 5));
}

#[test]
fn who_may_not_or_is_not_there_gets_told_and_no_password_is_shown() {
    let Some(database) = database("a store in PostgreSQL: refusals") else { return };
    let ask = |url: &str| opened(url).write(&permit(), &switch("x", true, Version::Unknown)).expect_err(url);
    let wrong = ask(&database.url_of("locked:hunter3"));
    assert_eq!(wrong.kind(), Kind::Credentials);
    assert!(wrong.message().contains("refuses the login") && !format!("{wrong:?}").contains("hunter"));
    database.run("create role reader login");
    let reader = ask(&database.url_of("reader"));
    assert_eq!(reader.kind(), Kind::Credentials, "{reader}");
    assert!(reader.hints()[0].contains("CREATE SCHEMA ffctl"), "{reader:?}");
    let absent = ask(&format!("{}_absent", database.url()));
    assert_eq!((absent.kind(), absent.hints()[0].as_str()), (Kind::Unreachable, "createdb makes one"));
    let nobody = ask("postgres://127.0.0.1:9/app");
    assert_eq!(nobody.kind(), Kind::Unreachable);
    assert!(nobody.message().ends_with("nothing was changed"), "{nobody}");
    // A role that owns the schema needs no more.
    database.run("create schema ffctl authorization reader");
    let owner = opened(&database.url_of("reader"));
    assert_eq!(
        owner.write(&permit(), &switch("x", true, Version::Unknown)).expect("written").number,
        Some(1)
    );
}

#[test]
fn what_was_acknowledged_survives_a_crash_of_the_database() {
    let Some(cluster) = cluster("a store in PostgreSQL: a crash") else { return };
    let store = store(&cluster.database());
    for number in 0..5 {
        store.write(&permit(), &switch("x", number % 2 == 0, Version::Journal(number))).expect("written");
    }
    cluster.stop();
    let away = store.read().expect_err("away");
    assert_eq!(away.kind(), Kind::Unreachable, "{away}");
    cluster.start_again();
    assert_eq!(store.read().expect("back").version("x"), Version::Journal(5));
    crate::admin::verify_chain(&store.whole_journal().expect("read")).expect("whole");
}
