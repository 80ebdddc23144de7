//! Changes of local files that are about to be made.
//!
//! A file and the store cannot be changed in one transaction. So what is about to be done to a file is written down
//! before its replacement, and becomes an entry of the journal after it. Of a process that was killed in between, the
//! file tells whether it had replaced it: then whoever comes next makes the entry, see
//! [`LocalStore::settle_file_changes`].

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use rusqlite::{OptionalExtension, Transaction, params};
use sha2::{Digest, Sha256};

use crate::admin::journal::FileChange;
use crate::admin::permit::Permit;
use crate::admin::store::write::TOOL;
use crate::error::Result;
use crate::hex::hex;
use crate::model::Timestamp;

use super::connection::{reading, writing};
use super::failure::failed;
use super::file_journal::{edits_text, hunks_text};
use super::local::LocalStore;
use super::rows::unsigned;
use super::seal::Journal;

/// The version of the store from which on it knows intents.
const SINCE: usize = 3;
/// A file is replaced some milliseconds after it was written down.
const ABANDONED: Duration = Duration::from_mins(1);

/// A change of a file that was written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileIntent(i64);

impl LocalStore {
    /// Writes down that a file is about to get this text, after making entries of what others did and could not
    /// journal any more.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn intend_file_change(&self, permit: &Permit, change: &FileChange, text: &str) -> Result<FileIntent> {
        self.changing(*permit, |transaction| {
            settle_all(transaction, change.at)?;
            let insert =
                "INSERT INTO file_intent (at, actor, reason, tool, layer, file, edits, hunks, becomes)
                          VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) RETURNING id";
            let id = transaction.query_row(
                insert,
                params![
                    change.at.millis(),
                    change.actor,
                    change.reason,
                    TOOL,
                    change.layer.word(),
                    change.file,
                    edits_text(&change.edits),
                    hunks_text(&change.hunks),
                    sum(text.as_bytes())
                ],
                |row| row.get(0),
            )?;
            Ok((FileIntent(id), true))
        })
    }

    /// Forgets a change that was not made after all.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn forget_file_change(&self, permit: &Permit, intent: FileIntent) -> Result<()> {
        self.changing(*permit, |transaction| Ok(((), forget(transaction, intent.0)? > 0)))
    }

    /// Journals a change of a local file that was made, and returns its number, shown as `L17`.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn journal_file_change(
        &self,
        permit: &Permit,
        change: &FileChange,
        text: &str,
        intent: Option<FileIntent>,
    ) -> Result<u64> {
        let FileIntent(id) = match intent {
            Some(intent) => intent,
            None => self.intend_file_change(permit, change, text)?,
        };
        let found: Result<Option<i64>> = self.changing(*permit, |transaction| {
            let find = "SELECT number FROM file_intent WHERE id = ?1";
            let known: Option<Option<i64>> =
                transaction.query_row(find, [id], |row| row.get(0)).optional()?;
            let number = match known {
                Some(Some(number)) => Some(number),
                Some(None) => Some(settle(transaction, id)?),
                None => None,
            };
            forget(transaction, id)?;
            Ok((number, number.is_some()))
        });
        match found? {
            Some(number) => Ok(unsigned(number)),
            // Somebody took it for abandoned: the disk was that slow.
            None => self.journal_file_change(permit, change, text, None),
        }
    }

    /// Makes entries of the changes of files that were made by processes which were killed before they could.
    /// Writes nothing, and needs no right to write, where there are none.
    ///
    /// # Errors
    /// When the store is damaged, or cannot be written where there are some.
    pub fn settle_file_changes(&self, permit: &Permit, now: Timestamp) -> Result<()> {
        let done = reading(self.path(), self.shown(), |transaction, version| {
            if version < SINCE {
                return Ok(false);
            }
            Ok(!done(transaction).map_err(|error| failed(self.shown(), error))?.is_empty())
        })?;
        if done != Some(true) {
            return Ok(());
        }
        self.changing(*permit, |transaction| Ok(((), settle_all(transaction, now)?)))
    }

    fn changing<T>(
        &self,
        permit: Permit,
        change: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<(T, bool)>,
    ) -> Result<T> {
        writing(permit, self.path(), self.shown(), |transaction| {
            change(transaction).map_err(|error| failed(self.shown(), error))
        })
    }
}

fn forget(transaction: &Transaction<'_>, id: i64) -> rusqlite::Result<usize> {
    transaction.execute("DELETE FROM file_intent WHERE id = ?1", [id])
}

/// Returns the open intents whose file is as it was to become, one for each file. Of several, the last was the one:
/// each writes what was done before into the journal before it is written down itself.
fn done(transaction: &Transaction<'_>) -> rusqlite::Result<Vec<i64>> {
    let mut statement =
        transaction.prepare("SELECT id, file, becomes FROM file_intent WHERE number IS NULL ORDER BY id")?;
    let mut rows = statement.query([])?;
    let mut is: BTreeMap<String, String> = BTreeMap::new();
    let mut last: BTreeMap<String, i64> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let (id, file, becomes): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        // One that cannot be read tells nothing.
        let is = is
            .entry(file.clone())
            .or_insert_with(|| fs::read(&file).map(|bytes| sum(&bytes)).unwrap_or_default());
        if *is == becomes {
            last.insert(file, id);
        }
    }
    let mut done: Vec<i64> = last.into_values().collect();
    done.sort_unstable();
    Ok(done)
}

/// Settles all intents that were carried out, and takes away those of processes that are gone; tells whether there
/// were any.
fn settle_all(transaction: &Transaction<'_>, now: Timestamp) -> rusqlite::Result<bool> {
    let done = done(transaction)?;
    for id in &done {
        let number = settle(transaction, *id)?;
        // The process may be about to ask.
        transaction.execute("UPDATE file_intent SET number = ?2 WHERE id = ?1", [*id, number])?;
    }
    let age = i64::try_from(ABANDONED.as_millis()).unwrap_or(i64::MAX);
    let gone = transaction.execute("DELETE FROM file_intent WHERE at < ?1", [now.millis() - age])?;
    Ok(gone > 0 || !done.is_empty())
}

/// Makes an intent an entry of the journal and returns its number. What was meant for the same file before can no
/// longer happen: it was meant for the text before this one.
fn settle(transaction: &Transaction<'_>, id: i64) -> rusqlite::Result<i64> {
    let insert = "INSERT INTO file_journal (number, at, actor, reason, tool, layer, file, edits, hunks)
        SELECT (SELECT coalesce(max(number), 0) + 1 FROM file_journal),
            at, actor, reason, tool, layer, file, edits, hunks FROM file_intent WHERE id = ?1 RETURNING number";
    let number: i64 = transaction.query_row(insert, [id], |row| row.get(0))?;
    Journal::Files.seal(transaction, number)?;
    let earlier = "DELETE FROM file_intent WHERE id < ?1 AND number IS NULL
        AND file = (SELECT file FROM file_intent WHERE id = ?1)";
    transaction.execute(earlier, [id])?;
    Ok(number)
}

/// Returns the sum that tells one text of a file from another.
fn sum(text: &[u8]) -> String {
    hex(&Sha256::digest(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admin::JournalFilter;
    use crate::layer::Source;

    struct Place {
        folder: tempfile::TempDir,
        permit: Permit,
    }

    impl Place {
        fn new() -> Self {
            let permit = Permit::unless_dry_run(false).expect("no dry run");
            Self { folder: tempfile::tempdir().expect("a folder"), permit }
        }

        fn store(&self) -> LocalStore {
            LocalStore::new(self.folder.path().join("x.sqlite3"), "x.sqlite3")
        }

        fn write(&self, text: &str) {
            fs::write(self.folder.path().join(".env"), text).expect("written");
        }

        /// Writes down what a process is about to do, as if it were killed right after.
        fn intend(&self, reason: &str, at: i64, text: &str) -> FileIntent {
            let change = self.change(reason, at);
            self.store().intend_file_change(&self.permit, &change, text).expect("written down")
        }

        fn change(&self, reason: &str, at: i64) -> FileChange {
            FileChange {
                at: Timestamp::from_millis(at),
                actor: None,
                reason: Some(reason.to_owned()),
                layer: Source::Env,
                file: self.folder.path().join(".env").display().to_string(),
                edits: Vec::new(),
                hunks: Vec::new(),
            }
        }

        fn journal(&self, at: i64) -> Vec<(u64, String)> {
            self.store().settle_file_changes(&self.permit, Timestamp::from_millis(at)).expect("settled");
            let mut entries = self.store().file_journal(&JournalFilter::default()).expect("read");
            entries.reverse();
            entries.into_iter().map(|entry| (entry.number, entry.change.reason.unwrap_or_default())).collect()
        }
    }

    fn entries(all: &[(u64, &str)]) -> Vec<(u64, String)> {
        all.iter().map(|(number, reason)| (*number, (*reason).to_owned())).collect()
    }

    #[test]
    fn what_was_done_is_journalled_by_whoever_comes_next_and_only_once() {
        let place = Place::new();
        place.write("A=0");
        let intent = place.intend("first", 1, "A=1");
        assert_eq!(place.journal(2), [], "the file is as it was");
        place.write("A=1");
        assert_eq!(place.journal(3), entries(&[(1, "first")]));
        // It was not killed, but slow: its entry is there already.
        let change = place.change("first", 1);
        let number = place.store().journal_file_change(&place.permit, &change, "A=1", Some(intent));
        assert_eq!(number.expect("journalled"), 1);
        assert_eq!(place.journal(4), entries(&[(1, "first")]));
    }

    #[test]
    fn what_never_happened_is_no_entry_even_if_somebody_else_does_the_same() {
        let place = Place::new();
        place.write("A=0");
        place.intend("killed before", 1, "A=1");
        place.intend("killed after", 2, "A=1");
        place.write("A=1");
        assert_eq!(place.journal(3), entries(&[(1, "killed after")]));
        place.write("A=0");
        place.write("A=1");
        assert_eq!(place.journal(4), entries(&[(1, "killed after")]));
    }

    #[test]
    fn a_change_is_journalled_before_the_next_one_is_written_down() {
        let place = Place::new();
        place.intend("first", 1, "A=1");
        place.write("A=1");
        place.intend("second", 2, "A=2");
        place.write("A=2");
        assert_eq!(place.journal(3), entries(&[(1, "first"), (2, "second")]));
    }

    #[test]
    fn what_is_forgotten_or_abandoned_leaves_no_gap() {
        let place = Place::new();
        place.write("A=0");
        let intent = place.intend("conflict", 1, "A=1");
        place.store().forget_file_change(&place.permit, intent).expect("forgotten");
        let slow = place.intend("slow", 2, "A=2");
        place.intend("later", 120_000, "A=3");
        place.write("A=2");
        assert_eq!(place.journal(120_001), [], "it was taken for abandoned");
        let change = place.change("slow", 2);
        let number = place.store().journal_file_change(&place.permit, &change, "A=2", Some(slow));
        assert_eq!(number.expect("journalled"), 1);
        assert_eq!(place.journal(120_002), entries(&[(1, "slow")]));
    }
}
