//! One entry of the journal with what it does to the overrides: together, or not at all.

use crate::admin::chain::EntryHash;
use crate::admin::journal::{JournalChange, JournalEntry};
use crate::admin::token_change::TokenChange;
use crate::error::Result;
use crate::layer::patch_to_json;
use crate::model::Timestamp;

use super::field_text::{ends_text, token_text, value_text};
use super::rows::{ChangeRow, NewEntryRow, NewValueRow};
use super::write::{Difference, TOOL, Write};

/// What an entry says beside its differences.
pub(super) struct Entry<'a> {
    /// When.
    pub(super) at: Timestamp,
    /// Who.
    pub(super) actor: Option<&'a str>,
    /// Why.
    pub(super) reason: Option<&'a str>,
    /// The attempt's name.
    pub(super) key: &'a str,
    /// What the name stands for.
    pub(super) request: &'a str,
    /// What it does to a token.
    pub(super) token: Option<&'a TokenChange>,
}

impl Write<'_> {
    /// Journals differences and makes them so; returns the number of the entry and its hash. The number is the one
    /// after the last: the transaction keeps every other writer out, and entries are never deleted, so there are no
    /// gaps.
    pub(super) fn record(
        &self,
        entry: &Entry<'_>,
        differences: &[Difference<'_>],
    ) -> Result<(u64, EntryHash)> {
        let (last, previous) = self.head()?;
        let number = last + 1;
        let hash = previous.next(&JournalEntry {
            number,
            at: Some(entry.at),
            actor: entry.actor.map(str::to_owned),
            reason: entry.reason.map(str::to_owned),
            tool: Some(TOOL.to_owned()),
            changes: differences.iter().map(Difference::journalled).collect(),
            token: entry.token.cloned(),
            hash: None,
        });
        self.rows.add_entry(&NewEntryRow {
            number,
            at: entry.at.millis(),
            actor: entry.actor,
            reason: entry.reason,
            tool: TOOL,
            key: entry.key,
            request: entry.request,
            hash: hash.0,
            changes: differences.iter().map(Difference::row).collect(),
            token: entry.token.map(token_text),
        })?;
        for difference in differences {
            self.set(difference, number)?;
        }
        Ok((number, hash))
    }

    /// Returns the number and the hash of the last entry; 0 and the default before the first.
    fn head(&self) -> Result<(u64, EntryHash)> {
        match self.rows.head()? {
            None => Ok((0, EntryHash::default())),
            Some((number, Some(hash))) => Ok((number, EntryHash(hash))),
            Some((number, None)) => {
                Err(self.rows.damaged(format!("entry {number} of its journal has no hash")))
            }
        }
    }

    fn set(&self, difference: &Difference<'_>, number: u64) -> Result<()> {
        let flag = difference.flag;
        for (field, value) in &difference.after {
            self.rows.set_value(&NewValueRow {
                flag,
                field: field.to_string(),
                value: value.as_ref().map(|value| value_text(field, value)),
                number,
                expires_at: difference.ends.of(field).map(Timestamp::millis),
            })?;
        }
        self.rows.set_version(flag, number)
    }
}

impl Difference<'_> {
    fn journalled(&self) -> JournalChange {
        JournalChange::new(self.flag.to_owned(), self.before.clone(), self.after.clone(), &self.ends)
    }

    fn row(&self) -> ChangeRow {
        let change = self.journalled();
        ChangeRow {
            before: patch_to_json(&change.before).to_string(),
            after: patch_to_json(&change.after).to_string(),
            expires_at: change.expires_at.map(Timestamp::millis),
            ends: ends_text(&change.ends),
            flag: change.flag,
        }
    }
}
