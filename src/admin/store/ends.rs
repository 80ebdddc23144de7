//! Overrides that end by themselves.
//!
//! What ends is what one write set, and nothing else: a field that somebody has set since stays as it is. Each field
//! goes back to what it was before that write, or, if that has ended meanwhile too, to what was before that.

use std::collections::BTreeMap;

use crate::admin::permit::Permit;
use crate::error::Result;
use crate::layer::{Field, FieldValue, Patch};
use crate::model::Timestamp;

use super::either::Store;
use super::field_text::parse_value;
use super::history::change_of;
use super::record::Entry;
use super::write::{Difference, Write};

/// Who the journal says ended something.
const ACTOR: &str = "ffctl serve";

/// A field whose value has ended.
struct Ended {
    number: u64,
    flag: String,
    field: Field,
    value: FieldValue,
}

impl Store {
    /// Ends what is to have ended at `now`; returns the numbers of the entries that say so. Of several servers that
    /// do it at once, one ends each, and the others find nothing left.
    ///
    /// # Errors
    /// When the store is damaged or cannot be written.
    pub fn end_due(&self, permit: &Permit, now: Timestamp) -> Result<Vec<u64>> {
        self.writing(*permit, |rows| {
            let written = Write { rows }.end_due(now)?;
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
        let rows = self.rows.due(now.millis())?.into_iter();
        let ended = rows.map(|row| {
            let (field, value) =
                parse_value(&row.field, &row.value).map_err(|what| self.rows.damaged(what))?;
            Ok(Ended { number: row.number, flag: row.flag, field, value })
        });
        ended.collect()
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
        let mut until = number_before;
        while let Some((number, row)) = self.rows.change_before(flag, until)? {
            let change = change_of(self.rows, &row)?;
            if change.after.contains_key(field) {
                return Ok(Some((number, change.before, change.after, change.expires_at)));
            }
            until = number;
        }
        Ok(None)
    }
}
