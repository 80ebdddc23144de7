//! The journal of a store.

use crate::admin::chain::EntryHash;
use crate::admin::journal::{JournalChange, JournalEntry, JournalFilter};
use crate::error::{Error, Result};
use crate::layer::{FieldEnds, Patch};
use crate::model::Timestamp;

use super::either::Store;
use super::field_text::{parse_ends, parse_patch, parse_token};
use super::rows::{ChangeRow, Rows};

/// Every entry.
pub(super) const ALL: JournalFilter =
    JournalFilter { flag: None, after: None, before: None, limit: u32::MAX };

impl Store {
    /// Returns journal entries, newest first.
    ///
    /// # Errors
    /// When the store is damaged, none, or cannot be read.
    pub fn journal(&self, filter: &JournalFilter) -> Result<Vec<JournalEntry>> {
        Ok(self.reading(|rows| entries(rows, filter))?.unwrap_or_default())
    }

    /// Returns the whole journal, oldest entries first.
    ///
    /// # Errors
    /// As [`Store::journal`].
    pub fn whole_journal(&self) -> Result<Vec<JournalEntry>> {
        let mut entries = self.journal(&ALL)?;
        entries.reverse();
        Ok(entries)
    }
}

/// Returns journal entries, newest first, after making sure that none is missing among them.
pub(super) fn entries(rows: &dyn Rows, filter: &JournalFilter) -> Result<Vec<JournalEntry>> {
    let mut found = Vec::new();
    for row in rows.entries(filter)? {
        let changes = row.changes.iter().map(|change| change_of(rows, change)).collect::<Result<_>>()?;
        found.push(JournalEntry {
            number: row.number,
            at: Some(Timestamp::from_millis(row.at)),
            actor: row.actor,
            reason: row.reason,
            tool: row.tool,
            changes,
            token: row.token.as_deref().map(parse_token).transpose().map_err(|what| rows.damaged(what))?,
            hash: row.hash.map(EntryHash),
        });
    }
    let numbers: Vec<u64> = found.iter().map(|entry| entry.number).collect();
    gapless(&numbers, filter, |what| rows.damaged(what))?;
    Ok(found)
}

/// Reads one change.
pub(super) fn change_of(rows: &dyn Rows, row: &ChangeRow) -> Result<JournalChange> {
    let patch = |text: &str| -> Result<Patch> { parse_patch(text).map_err(|what| rows.damaged(what)) };
    Ok(JournalChange {
        flag: row.flag.clone(),
        before: patch(&row.before)?,
        after: patch(&row.after)?,
        expires_at: row.expires_at.map(Timestamp::from_millis),
        ends: match &row.ends {
            None => FieldEnds::new(),
            Some(text) => parse_ends(text).map_err(|what| rows.damaged(what))?,
        },
    })
}

/// Makes sure that entries of a journal, newest first, follow each other without a gap down to the one after
/// `after`, or as many as were asked for.
pub(super) fn gapless(
    numbers: &[u64],
    filter: &JournalFilter,
    damaged: impl Fn(String) -> Error,
) -> Result<()> {
    let lost = |number: u64| Err(damaged(format!("entry {number} of its journal is lost")));
    if filter.flag.is_some() {
        return Ok(());
    }
    if let Some(pair) = numbers.windows(2).find(|pair| pair[0] != pair[1] + 1) {
        return lost(pair[0] - 1);
    }
    let is_cut = u32::try_from(numbers.len()).is_ok_and(|count| count >= filter.limit);
    match numbers.last() {
        Some(last) if !is_cut && *last > filter.after.unwrap_or(0) + 1 => lost(last - 1),
        _ => Ok(()),
    }
}
