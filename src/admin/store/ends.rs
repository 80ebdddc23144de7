//! Overrides that end by themselves.
//!
//! What ends is what one write set, and nothing else: a field that somebody has set since stays as it is. Each field
//! goes back to what it was before that write, or, if that has ended meanwhile too, to what was before that.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, params};

use crate::admin::permit::Permit;
use crate::error::Result;
use crate::layer::{Field, FieldValue, Patch};
use crate::model::Timestamp;

use super::connection::writing;
use super::failure::damaged;
use super::field_text::{parse_patch, parse_value};
use super::local::LocalStore;
use super::read::number;
use super::record::Entry;
use super::write::{Difference, Write, signed};

/// Who the journal says ended something.
const ACTOR: &str = "ffctl serve";

/// A field whose value has ended.
struct Ended {
    number: u64,
    flag: String,
    field: Field,
    value: FieldValue,
}

impl LocalStore {
    /// Ends what is to have ended at `now`; returns the numbers of the entries that say so.
    ///
    /// # Errors
    /// When the store is damaged or cannot be written.
    pub fn end_due(&self, permit: &Permit, now: Timestamp) -> Result<Vec<u64>> {
        writing(*permit, self.path(), self.shown(), |transaction| {
            let written = Write { store: self, transaction }.end_due(now)?;
            let changed = !written.is_empty();
            Ok((written, changed))
        })
    }
}

impl Write<'_> {
    fn end_due(&self, now: Timestamp) -> Result<Vec<u64>> {
        // An entry for each write that ends, and within it for each time at which what comes back ends itself.
        let mut entries: BTreeMap<(u64, Option<i64>), BTreeMap<String, Difference<'_>>> = BTreeMap::new();
        let due = self.due(now)?;
        for ended in &due {
            let (value, expires_at) = self.below(ended, now)?;
            let flags = entries.entry((ended.number, expires_at.map(Timestamp::millis))).or_default();
            let difference = flags.entry(ended.flag.clone()).or_insert_with(|| Difference {
                flag: &ended.flag,
                before: Patch::new(),
                after: Patch::new(),
                expires_at,
            });
            difference.before.insert(ended.field.clone(), Some(ended.value.clone()));
            difference.after.insert(ended.field.clone(), value);
        }
        let mut written = Vec::new();
        for ((ended, then), differences) in entries {
            // No key of a client has a blank.
            let key = format!("end {ended} {}", then.map(|then| then.to_string()).unwrap_or_default());
            let entry = Entry {
                at: now,
                actor: Some(ACTOR),
                reason: Some(&format!("end of {ended}")),
                key: &key,
                request: "",
            };
            let differences: Vec<_> = differences.into_values().collect();
            written.push(self.record(&entry, &differences)?.0);
        }
        Ok(written)
    }

    /// Returns the fields whose values are to have ended.
    fn due(&self, now: Timestamp) -> Result<Vec<Ended>> {
        let sqlite = |error| self.failed(error);
        let mut statement = self
            .transaction
            .prepare("SELECT number, flag, field, value FROM override WHERE expires_at <= ?1 ORDER BY number, flag, field")
            .map_err(sqlite)?;
        let mut rows = statement.query([now.millis()]).map_err(sqlite)?;
        let mut due = Vec::new();
        while let Some(row) = rows.next().map_err(sqlite)? {
            let text = |column| row.get::<_, String>(column).map_err(sqlite);
            let (field, value) =
                parse_value(&text(2)?, &text(3)?).map_err(|what| damaged(self.store.shown(), what))?;
            due.push(Ended { number: number(row, 0).map_err(sqlite)?, flag: text(1)?, field, value });
        }
        Ok(due)
    }

    /// Returns what a field goes back to, and when that ends.
    fn below(&self, ended: &Ended, now: Timestamp) -> Result<(Option<FieldValue>, Option<Timestamp>)> {
        let mut at = ended.number;
        loop {
            let Some((_, before, _, _)) = self.last_change(&ended.flag, &ended.field, at + 1)? else {
                return Ok((None, None));
            };
            let Some(value) = before.get(&ended.field).cloned().flatten() else { return Ok((None, None)) };
            let Some((number, _, _, expires_at)) = self.last_change(&ended.flag, &ended.field, at)? else {
                return Ok((Some(value), None));
            };
            match expires_at {
                None => return Ok((Some(value), None)),
                // The same value with another end was a new end for it, and no value to go back to.
                Some(ends) if ends > now && value != ended.value => return Ok((Some(value), Some(ends))),
                Some(_) => at = number,
            }
        }
    }

    /// Returns the last change of a field before an entry: its number, before, after, and when it ends.
    #[expect(clippy::type_complexity, reason = "one row of one table")]
    fn last_change(
        &self,
        flag: &str,
        field: &Field,
        number_before: u64,
    ) -> Result<Option<(u64, Patch, Patch, Option<Timestamp>)>> {
        let sqlite = |error| self.failed(error);
        let mut until = signed(number_before);
        let mut statement = self
            .transaction
            .prepare_cached(
                "SELECT number, before, after, expires_at FROM journal_change
                 WHERE flag = ?1 AND number < ?2 ORDER BY number DESC LIMIT 1",
            )
            .map_err(sqlite)?;
        loop {
            let found = statement
                .query_row(params![flag, until], |row| {
                    let texts: (String, String) = (row.get(1)?, row.get(2)?);
                    Ok((number(row, 0)?, texts, row.get::<_, Option<i64>>(3)?))
                })
                .optional()
                .map_err(sqlite)?;
            let Some((number, (before, after), ends)) = found else { return Ok(None) };
            let patch = |text: &str| parse_patch(text).map_err(|what| damaged(self.store.shown(), what));
            let after = patch(&after)?;
            if after.contains_key(field) {
                return Ok(Some((number, patch(&before)?, after, ends.map(Timestamp::from_millis))));
            }
            until = signed(number);
        }
    }
}
