//! A directory in a real PostgreSQL.

use std::time::{Duration, Instant};

use super::oddities;
use crate::directory::{Directory, DirectoryOptions, Lookup, Mark, NoRecord};
use crate::error::Result;
use crate::model::{ContextKind, Value};
use crate::net::Retries;
use crate::settings::{CredentialSource, DirectoryChoice, DirectoryPlace, PostgresUrl, TimeLimits};
use crate::support::postgres::{Database, database};

const USERS: &str = "
create type role as enum ('admin', 'guest');
create table users (id text primary key, name text, email varchar(200), created_at timestamptz, role role,
  metadata jsonb, password text);
insert into users values
  ('u1', 'Ada', 'ada@agpt.co', '2026-01-01 01:30:00+01:30', 'admin', '{\"tier\": 3, \"segments\": [\"beta\"]}', 'hunter2'),
  ('u2', null, null, null, null, null, null);
create table counted (id bigint, created_at timestamp, metadata text);
insert into counted values (42, '2026-01-01 00:00:00', '{\"tier\": 3}'), (43, null, '{'), (44, null, null), (44, null, null);
create table keyed (id uuid, email text);
insert into keyed values ('6f1f0a52-3b0e-4d2c-9d5f-0c7a1d2e3f40', 'a@b.c');
";

const ALL: &str = "select * from users where id = $1";

fn open(url: &str, query: &str, limit: Duration) -> Result<Directory> {
    let url = PostgresUrl::parse(url).expect("an address");
    let place = DirectoryPlace::Postgres { url: Box::new(url), query: query.to_owned() };
    let choice = DirectoryChoice { place, credentials: CredentialSource::None, notes: Vec::new() };
    let limits = TimeLimits { connect: limit, read: limit, write: limit };
    let retries = Some(Retries { sleep: |_| {}, seed: 7 });
    Directory::open(&choice, DirectoryOptions { limits, retries, ..DirectoryOptions::default() })
}

fn directory(database: &Database, query: &str) -> Directory {
    open(&database.url(), query, Duration::from_secs(20)).expect("opened")
}

fn with_users(test: &str) -> Option<Database> {
    let database = database(test)?;
    database.run(USERS);
    Some(database)
}

fn failure(lookup: &Lookup) -> &str {
    match &lookup.mark {
        Mark::Bare(NoRecord::Failed(why) | NoRecord::Away(why)) => why,
        other => panic!("{other:?} is no failure"),
    }
}

fn attribute(lookup: &Lookup, name: &str) -> Option<Value> {
    lookup.user.context().part(&ContextKind::user()).and_then(|user| user.attribute(name)).cloned()
}

#[test]
fn a_row_becomes_a_context_whatever_types_its_columns_have() {
    let Some(database) = with_users("a directory in PostgreSQL: rows") else { return };
    let users = directory(&database, ALL);
    let ada = users.lookup("u1");
    assert_eq!((&ada.mark, oddities(&ada.user)), (&Mark::Directory, Vec::new()));
    let facts: Vec<String> =
        ada.user.facts.iter().map(|fact| format!("{}={}", fact.name, fact.value)).collect();
    let expected = [
        "name=Ada",
        "email=ada@agpt.co",
        "created_at=2026-01-01T00:00:00+00:00",
        "role=admin",
        "custom_tier=3",
    ];
    assert_eq!(facts, expected);
    let segments: Vec<&str> = ada.user.segments.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(segments, ["admin", "beta"]);
    assert!(!format!("{ada:?}").contains("hunter2"), "only declared columns leave");
    assert_eq!(users.lookup("u1").mark, Mark::Cached);
    assert_eq!(users.lookup("u2").user.facts, []);
    assert_eq!(users.lookup("u3").mark, Mark::Bare(NoRecord::NoSuchUser));
    assert_eq!(users.lookup("'; drop table users; --").mark, Mark::Bare(NoRecord::NoSuchUser));
    assert_eq!(users.lookup("a\0b").mark, Mark::Bare(NoRecord::NoSuchUser));

    let counted = directory(&database, "select * from counted where id = $1 -- by number");
    let one = counted.lookup("42");
    assert_eq!(oddities(&one.user), ["created_at: `2026-01-01T00:00:00` has no time zone"]);
    assert_eq!(attribute(&one, "custom_tier"), Some(3.into()));
    assert_eq!(oddities(&counted.lookup("43").user), ["metadata: text that is not JSON"]);
    assert!(failure(&counted.lookup("44")).contains("several rows"));
    for nobody in ["u1", "99999999999999999999", ""] {
        assert_eq!(counted.lookup(nobody).mark, Mark::Bare(NoRecord::NoSuchUser), "{nobody}");
    }
    let keyed = directory(&database, "select * from keyed where id = $1");
    assert_eq!(keyed.lookup("6f1f0a52-3b0e-4d2c-9d5f-0c7a1d2e3f40").mark, Mark::Directory);
    assert_eq!(keyed.lookup("u1").mark, Mark::Bare(NoRecord::NoSuchUser));
}

#[test]
fn a_query_only_reads_and_says_what_is_wrong_with_it() {
    let Some(database) = with_users("a directory in PostgreSQL: queries") else { return };
    database.run(
        "create function sneaky(text) returns text language sql volatile as 'delete from users; select $1'",
    );
    for (query, words) in [
        ("select id, nme from users where id = $1", "column \"nme\" does not exist"),
        ("select * from absent where id = $1", "relation \"absent\" does not exist"),
        ("selekt $1", "syntax error"),
        ("delete from users where id = $1 returning *", "syntax error"),
        ("select sneaky(id) as id from users where id = $1", "read-only transaction"),
        ("select * from users where id = $1 and name = $2", "more than `$1`"),
        ("select 'x' as greeting where $1 <> ''", "none of the fields"),
    ] {
        let lookup = directory(&database, query).lookup("u1");
        let why = failure(&lookup);
        assert!(why.contains(words), "{query}: {why}");
        assert!(!why.contains("asked"), "a query that is wrong is not asked again: {why}");
    }
    assert_eq!(database.run("select count(*) from users"), "2");
}

#[test]
fn a_lost_connection_is_made_anew_and_a_slow_query_ends() {
    let Some(database) = with_users("a directory in PostgreSQL: faults") else { return };
    let users = directory(&database, ALL);
    assert_eq!(users.lookup("u1").mark, Mark::Directory);
    database.disconnect();
    assert_eq!(users.lookup("u2").mark, Mark::Directory);

    let limit = Duration::from_millis(700);
    let slow = "select u.* from users u, lateral (select pg_sleep(30)) s where u.id = $1";
    let slow = open(&database.url(), slow, limit).expect("opened");
    let start = Instant::now();
    let lookup = slow.lookup("u1");
    let why = failure(&lookup);
    assert!(why.contains("no answer within 700ms") || why.contains("statement timeout"), "{why}");
    assert!(start.elapsed() < limit * 3, "{:?}", start.elapsed());

    let nobody = open("postgres://127.0.0.1:9/app", ALL, limit).expect("opened");
    assert!(failure(&nobody.lookup("u1")).contains("refused"), "{:?}", nobody.lookup("u1"));
    let absent = open(&format!("{}_absent", database.url()), ALL, limit).expect("opened");
    assert!(failure(&absent.lookup("u1")).contains("does not exist"));
}

#[test]
fn passwords_are_sent_and_shown_nowhere() {
    let Some(database) = with_users("a directory in PostgreSQL: passwords") else { return };
    database.run("grant select on users to locked");
    let right = open(&database.url_of("locked:hunter2"), ALL, Duration::from_secs(20)).expect("opened");
    assert_eq!(right.lookup("u1").mark, Mark::Directory);
    let wrong = open(&database.url_of("locked:hunter3"), ALL, Duration::from_secs(20)).expect("opened");
    let lookup = wrong.lookup("u1");
    assert!(failure(&lookup).contains("password authentication failed"), "{lookup:?}");
    let none = open(&database.url_of("locked"), ALL, Duration::from_secs(20)).expect("opened").lookup("u1");
    assert!(failure(&none).contains("password"), "{none:?}");
    for shown in [format!("{right:?}"), format!("{wrong:?} {lookup:?}"), right.name().to_owned()] {
        assert!(!shown.contains("hunter") && !shown.contains("locked:"), "{shown}");
    }
}

#[test]
fn sslmode_is_honoured_and_certificates_are_checked() {
    let Some(database) = with_users("a directory in PostgreSQL: TLS") else { return };
    let query = "select u.id, case when s.ssl then 'tls' else 'clear' end as name from users u, pg_stat_ssl s
      where u.id = $1 and s.pid = pg_backend_pid()";
    let trusted = format!("&sslrootcert={}", database.authority().display());
    let ask = |url: String, parameters: &str| {
        let directory = open(&format!("{url}?{parameters}"), query, Duration::from_secs(20));
        directory.map(|directory| directory.lookup("u1"))
    };
    let name = |lookup: &Lookup| attribute(lookup, "name").and_then(|name| name.as_text().map(str::to_owned));
    for (parameters, expected) in [
        ("sslmode=disable".to_owned(), "clear"),
        (format!("sslmode=prefer{trusted}"), "tls"),
        (format!("sslmode=require{trusted}"), "tls"),
        (format!("sslmode=verify-ca{trusted}"), "tls"),
        (format!("sslmode=verify-full{trusted}"), "tls"),
    ] {
        let lookup = ask(database.url_by_name(), &parameters).expect("opened");
        assert_eq!(name(&lookup).as_deref(), Some(expected), "{parameters}: {:?}", lookup.mark);
    }
    // For another name, and by an authority that nobody trusts.
    let other = ask(database.url(), &format!("sslmode=require{trusted}")).expect("opened");
    assert!(failure(&other).contains("certificate"), "{:?}", other.mark);
    assert!(!failure(&other).contains("asked"), "{:?}", other.mark);
    if let Ok(system) = ask(database.url_by_name(), "sslmode=verify-full") {
        assert!(failure(&system).contains("certificate"), "{:?}", system.mark);
    }
    let absent = ask(database.url_by_name(), "sslmode=require&sslrootcert=/absent.pem");
    assert!(absent.is_err_and(|error| error.message().contains("/absent.pem")));
}

#[test]
fn many_threads_share_one_connection() {
    let Some(database) = with_users("a directory in PostgreSQL: threads") else { return };
    database.run(
        "insert into users select 'n' || n, 'N', null, null, null, null, null from generate_series(1, 200) n",
    );
    let users = directory(&database, ALL);
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let users = &users;
            scope.spawn(move || {
                for number in (1..=200).filter(|number| number % 8 == thread) {
                    assert_eq!(users.lookup(&format!("n{number}")).mark, Mark::Directory);
                }
            });
        }
    });
    let connections = "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'ffctl'";
    assert_eq!(database.run(connections), "1");
}

#[test]
fn it_may_be_used_and_dropped_inside_a_runtime() {
    let Some(database) = with_users("a directory in PostgreSQL: inside a runtime") else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let users = std::sync::Arc::new(directory(&database, ALL));
        let shared = std::sync::Arc::clone(&users);
        let lookup = tokio::task::spawn_blocking(move || shared.lookup("u1")).await.expect("no panic");
        assert_eq!(lookup.mark, Mark::Directory);
        drop(users);
    });
}
