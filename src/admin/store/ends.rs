//! Overrides that end by themselves.
//!
//! What ends is what one write set, and nothing else: a field that somebody has set since stays as it is. Each field
//! goes back to what it was before that write, or, if that has ended meanwhile too, to what was before that.

use std::collections::BTreeMap;

use crate::admin::journal::JournalFilter;
use crate::admin::past::Past;
use crate::admin::permit::Permit;
use crate::error::Result;
use crate::layer::{Ends, Field, FieldValue, Patch};
use crate::model::Timestamp;

use super::either::Store;
use super::field_text::parse_value;
use super::history::entries;
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
        let mut ends: BTreeMap<(u64, Option<i64>), BTreeMap<String, Difference<'_>>> = BTreeMap::new();
        let due = self.due(now)?;
        let mut past = Past::new(|filter: &JournalFilter| entries(self.rows, filter));
        for ended in &due {
            let (value, expires_at) =
                past.below(&ended.flag, &ended.field, ended.number, &ended.value, now)?;
            let flags = ends.entry((ended.number, expires_at.map(Timestamp::millis))).or_default();
            let difference = flags.entry(ended.flag.clone()).or_insert_with(|| Difference {
                flag: &ended.flag,
                before: Patch::new(),
                after: Patch::new(),
                ends: Ends::Together(expires_at),
            });
            difference.before.insert(ended.field.clone(), Some(ended.value.clone()));
            difference.after.insert(ended.field.clone(), value);
        }
        let mut written = Vec::new();
        for ((ended, then), differences) in ends {
            // No key of a client has a blank.
            let key = format!("end {ended} {}", then.map(|then| then.to_string()).unwrap_or_default());
            let entry = Entry {
                at: now,
                actor: Some(ACTOR),
                reason: Some(&format!("end of {ended}")),
                key: &key,
                request: "",
                token: None,
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
}
