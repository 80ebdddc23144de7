//! The tables, and how a database gets them.

use crate::admin::store::newer::newer;
use crate::error::{Error, Kind, Result};
use crate::net::clean;

use super::sessions::{Session, Sessions, last_of};

/// `ffctl`: the one lock of the database that every writer holds, and who makes tables.
pub(super) const LOCK: i64 = 0x66_6663_746c;

/// The oldest PostgreSQL, as it numbers its versions.
const OLDEST: u32 = 150_000;

/// Each step takes the store from the version of its index to the next; a step that has been released is never
/// edited, and only adds, so that servers of the version before can go on reading. Names and times are compared as
/// bytes, and what is JSON is kept as text, letter by letter: the order of shares counts.
const STEPS: [&str; 3] = [
    "
    CREATE TABLE ffctl.journal (
        number  bigint PRIMARY KEY,  -- from 1, without gaps
        at      bigint NOT NULL,     -- milliseconds since the epoch
        actor   text,
        reason  text,
        tool    text NOT NULL,
        key     text COLLATE \"C\" NOT NULL UNIQUE,
        request text NOT NULL,       -- what the key stands for, to tell a repetition from a mix-up
        hash    bytea NOT NULL       -- the chain
    );
    CREATE TABLE ffctl.journal_change (
        flag       text COLLATE \"C\" NOT NULL,
        number     bigint NOT NULL REFERENCES ffctl.journal,
        before     text NOT NULL,    -- patches: the fields touched, null where not set
        after      text NOT NULL,
        expires_at bigint,
        PRIMARY KEY (flag, number)
    );
    CREATE INDEX journal_change_by_number ON ffctl.journal_change (number);
    CREATE TABLE ffctl.override (
        flag       text COLLATE \"C\" NOT NULL,
        field      text COLLATE \"C\" NOT NULL,
        value      text NOT NULL,    -- the override with this field alone
        number     bigint NOT NULL REFERENCES ffctl.journal,
        expires_at bigint,
        PRIMARY KEY (flag, field)
    );
    CREATE TABLE ffctl.version (     -- the last change of each flag
        flag   text COLLATE \"C\" PRIMARY KEY,
        number bigint NOT NULL REFERENCES ffctl.journal
    );
    CREATE TABLE ffctl.token (
        number     bigint PRIMARY KEY, -- from 1
        name       text NOT NULL,
        role       text NOT NULL,
        created_at bigint NOT NULL,
        expires_at bigint,
        revoked_at bigint,
        digest     bytea NOT NULL UNIQUE -- the SHA-256 of the secret
    );
    CREATE TABLE ffctl.revision (    -- raised by every write, for those who watch
        one    boolean PRIMARY KEY DEFAULT true CHECK (one),
        number bigint NOT NULL
    );
    INSERT INTO ffctl.revision (number) VALUES (0);
",
    // Fields of one change that do not end at the same time.
    "
    ALTER TABLE ffctl.journal_change ADD COLUMN ends text;
",
    // Entries that made or revoked a token.
    "
    ALTER TABLE ffctl.journal ADD COLUMN token text;
",
];

/// The version from which on fields of one change can have ends of their own.
pub(super) const SINCE_FIELD_ENDS: usize = 2;

/// The version from which on the journal tells of tokens.
pub(super) const SINCE_TOKEN_ENTRIES: usize = 3;

/// Returns the version that this program writes.
pub(super) fn current() -> usize {
    STEPS.len()
}

/// The question for [`Found`]; it answers with no row before the first step.
pub(super) const FIND: &str =
    "SELECT concat(number, ' ', tool) FROM ffctl.migration ORDER BY number DESC LIMIT 1";

/// What a store says of itself.
pub(super) struct Found {
    /// Its version; 0 before the first step.
    pub(super) version: usize,
    /// The program that brought it there.
    tool: String,
}

impl Found {
    /// Reads the answer to [`FIND`].
    pub(super) fn read(answer: Option<&str>) -> Self {
        let (version, tool) = answer.and_then(|answer| answer.split_once(' ')).unwrap_or_default();
        Self { version: version.parse().unwrap_or(0), tool: clean(tool, None) }
    }

    /// Makes sure that this program can use it.
    ///
    /// # Errors
    /// When a newer program brought it up.
    pub(super) fn known(&self) -> Result<()> {
        if self.version > current() {
            return Err(newer(Kind::Unreachable, Some(&self.tool), self.version, current()));
        }
        Ok(())
    }
}

/// Brings the database to the current version, in one transaction. Of several that come at once, one does it and
/// the others wait and find it done.
pub(super) fn migrate(sessions: &Sessions, shown: &str) -> Result<()> {
    let (session, found) = sessions
        .begin(&format!(
            "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_advisory_xact_lock({LOCK});
             SELECT concat_ws(' ', current_setting('server_version_num'), current_setting('server_encoding'),
                 to_regnamespace('ffctl') IS NOT NULL, EXISTS (SELECT FROM pg_class WHERE relname = 'migration'
                     AND relnamespace = to_regnamespace('ffctl')))"
        ))
        .map_err(|trouble| trouble.into_error(shown))?;
    let found = last_of(&found).unwrap_or_default().to_owned();
    let done = (|| {
        let mut found = found.split(' ');
        let version: u32 = found.next().and_then(|version| version.parse().ok()).unwrap_or(0);
        let encoding = found.next().unwrap_or_default();
        let (has_schema, has_migrations) = (found.next() == Some("t"), found.next() == Some("t"));
        suitable(version, encoding, shown)?;
        let run = |sql: String| sessions.batch(&session, sql).map_err(|trouble| trouble.into_error(shown));
        if !has_schema {
            run("CREATE SCHEMA ffctl".to_owned())?;
        }
        if !has_migrations {
            run("CREATE TABLE ffctl.migration (number integer PRIMARY KEY, at timestamptz NOT NULL DEFAULT now(),
                 tool text NOT NULL)"
                .to_owned())?;
        }
        let present = run(FIND.to_owned())?;
        let present = Found::read(last_of(&present));
        present.known()?;
        for (number, step) in (1..).zip(STEPS).skip(present.version) {
            let tool = env!("CARGO_PKG_VERSION");
            run(format!(
                "{step}; INSERT INTO ffctl.migration (number, tool) VALUES ({number}, 'ffctl {tool}')"
            ))?;
        }
        run("COMMIT".to_owned()).map(drop)
    })();
    give_back(sessions, session, done.is_ok());
    done
}

/// Gives a session back whose transaction has ended, or ends it.
fn give_back(sessions: &Sessions, session: Session, ended: bool) {
    if ended {
        sessions.give_back(session);
    } else {
        sessions.roll_back(session);
    }
}

fn suitable(version: u32, encoding: &str, shown: &str) -> Result<()> {
    if version < OLDEST {
        let (is, wants) = (version / 10_000, OLDEST / 10_000);
        let message = format!("`{shown}` is PostgreSQL {is}; {wants} or newer is needed");
        return Err(Error::new(Kind::Unreachable, message));
    }
    if encoding != "UTF8" {
        let message = format!("`{shown}` keeps texts as {encoding}, which cannot hold every name");
        return Err(Error::new(Kind::Unreachable, message).hint("createdb -E UTF8 makes one that can"));
    }
    Ok(())
}
