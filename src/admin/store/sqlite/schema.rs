//! The tables, and how a store of an older program gets them.

use rusqlite::Connection;

/// `ffct`: what tells a store from other `SQLite` files.
pub(super) const APPLICATION_ID: i32 = 0x6666_6374;

/// Each step takes the store from the version of its index to the next; a step that has been released is
/// never edited, and only adds, so that a store of an older version can be read before it is written.
pub(super) const STEPS: [&str; 6] = [
    "
    CREATE TABLE journal (
        number  INTEGER PRIMARY KEY, -- from 1, without gaps
        at      INTEGER NOT NULL,    -- milliseconds since the epoch
        actor   TEXT,
        reason  TEXT,
        tool    TEXT NOT NULL,
        key     TEXT NOT NULL UNIQUE,
        request TEXT NOT NULL        -- what the key stands for, to tell a repetition from a mix-up
    ) STRICT;
    CREATE TABLE journal_change (
        flag   TEXT NOT NULL,
        number INTEGER NOT NULL REFERENCES journal,
        before TEXT NOT NULL,        -- patches: the fields touched, null where not set
        after  TEXT NOT NULL,
        PRIMARY KEY (flag, number)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX journal_change_by_number ON journal_change (number);
    CREATE TABLE override (
        flag   TEXT NOT NULL,
        field  TEXT NOT NULL,
        value  TEXT NOT NULL,        -- the override with this field alone
        number INTEGER NOT NULL REFERENCES journal,
        PRIMARY KEY (flag, field)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE version (           -- the last change of each flag, so that a read need not search the journal
        flag   TEXT PRIMARY KEY,
        number INTEGER NOT NULL REFERENCES journal
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE file_journal (
        number INTEGER PRIMARY KEY,  -- from 1, without gaps
        at     INTEGER NOT NULL,
        actor  TEXT,
        reason TEXT,
        tool   TEXT NOT NULL,
        layer  TEXT NOT NULL,
        file   TEXT NOT NULL,
        edits  TEXT NOT NULL
    ) STRICT;
",
    // What each change did to the lines of its file; seals.
    "
    ALTER TABLE file_journal ADD COLUMN hunks TEXT NOT NULL DEFAULT '[]';
    ALTER TABLE file_journal ADD COLUMN seal INTEGER;
    ALTER TABLE journal ADD COLUMN seal INTEGER;
    CREATE TABLE seal (
        id     INTEGER PRIMARY KEY CHECK (id = 1),
        digest INTEGER NOT NULL
    ) STRICT;
",
    // What is about to be done to files.
    "
    CREATE TABLE file_intent (
        id      INTEGER PRIMARY KEY AUTOINCREMENT, -- in the order in which they were meant; never used twice
        at      INTEGER NOT NULL,
        actor   TEXT,
        reason  TEXT,
        tool    TEXT NOT NULL,
        layer   TEXT NOT NULL,
        file    TEXT NOT NULL,
        edits   TEXT NOT NULL,
        hunks   TEXT NOT NULL,
        becomes TEXT NOT NULL,       -- the sum of the file's text as it is to be
        number  INTEGER              -- in the journal, if somebody else found it done
    ) STRICT;
",
    // Who may speak to a server that serves the store; overrides that end; the chain of the journal, see
    // `chain`: what stands there already is chained when the store gets this step.
    "
    ALTER TABLE journal ADD COLUMN hash BLOB;
    ALTER TABLE journal_change ADD COLUMN expires_at INTEGER;
    ALTER TABLE override ADD COLUMN expires_at INTEGER;
    CREATE TABLE token (
        number     INTEGER PRIMARY KEY, -- from 1
        name       TEXT NOT NULL,
        role       TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        expires_at INTEGER,
        revoked_at INTEGER,
        digest     BLOB NOT NULL UNIQUE -- the SHA-256 of the secret
    ) STRICT;
",
    // Fields of one change that do not end at the same time.
    "
    ALTER TABLE journal_change ADD COLUMN ends TEXT;
",
    // Entries that made or revoked a token.
    "
    ALTER TABLE journal ADD COLUMN token TEXT;
",
];

/// The version from which on a store has tokens, ends and the chain.
pub(super) const SINCE_CHAIN: usize = 4;

/// The version from which on fields of one change can have ends of their own.
pub(super) const SINCE_FIELD_ENDS: usize = 5;

/// The version from which on the journal tells of tokens.
pub(super) const SINCE_TOKEN_ENTRIES: usize = 6;

/// Returns the version that this program writes.
pub(super) fn current() -> usize {
    STEPS.len()
}

/// Brings a store from `version` to the current one; within the caller's transaction.
pub(super) fn migrate(connection: &Connection, version: usize) -> rusqlite::Result<()> {
    for step in STEPS.iter().skip(version) {
        connection.execute_batch(step)?;
    }
    connection.pragma_update(None, "user_version", i64::try_from(current()).unwrap_or(i64::MAX))
}
