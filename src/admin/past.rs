//! What stood before a change, and when that would have ended: read from the journal, which names no end of what a
//! change replaced. It stands in the change that set it.

use crate::error::Result;
use crate::layer::{Field, FieldEnds, FieldValue, Patch};
use crate::model::Timestamp;

use super::journal::{JournalChange, JournalEntry, JournalFilter};

/// Changes of a flag that are read at once; rarely is one of the newest not among them.
const PAGE: u32 = 16;

/// The changes of flags before others, read as they are needed.
pub struct Past<R> {
    read: R,
    flag: String,
    /// The changes in `page` are the last ones before the entry of this number.
    before: u64,
    page: Vec<JournalEntry>,
}

/// What takes a change back.
#[derive(Clone, Debug, PartialEq)]
pub struct Undoing {
    /// The fields as they would be without it.
    pub patch: Patch,
    /// When those end that did not stay.
    pub ends: FieldEnds,
    /// The fields whose values were to end, and have by now: when, and whether the value comes back all the same,
    /// for good, since it was this end that is taken back.
    pub over: Vec<(Field, Timestamp, bool)>,
}

impl<R: FnMut(&JournalFilter) -> Result<Vec<JournalEntry>>> Past<R> {
    /// Returns the past that `read` tells: entries of the journal, newest first.
    pub fn new(read: R) -> Self {
        Self { read, flag: String::new(), before: 0, page: Vec::new() }
    }

    /// Returns what takes a change of an entry back at `now`: the fields that it touched, as they would be without it.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn undoing(
        &mut self,
        entry: &JournalEntry,
        change: &JournalChange,
        now: Timestamp,
    ) -> Result<Undoing> {
        let mut undoing = Undoing { patch: Patch::new(), ends: FieldEnds::new(), over: Vec::new() };
        for field in change.after.keys() {
            let mut value = change.before.get(field).cloned().flatten();
            let set = match &value {
                Some(_) => self.last_change(&change.flag, field, entry.number)?,
                None => None,
            };
            let mut ends = set.as_ref().and_then(|(_, set)| set.ends_of(field));
            let over = ends.filter(|ends| *ends <= now);
            if let (Some(over), Some(ended), Some((number, _))) = (over, &value, &set) {
                let was_its_end = entry.at.is_some_and(|at| over <= at);
                undoing.over.push((field.clone(), over, was_its_end));
                (value, ends) = if was_its_end {
                    (value, None)
                } else {
                    self.below(&change.flag, field, *number, ended, now)?
                };
            }
            undoing.ends.extend(ends.map(|ends| (field.clone(), ends)));
            undoing.patch.insert(field.clone(), value);
        }
        Ok(undoing)
    }

    /// Returns what a field goes back to whose value `ended` was set by the entry `number` and has ended, and when that
    /// ends; nothing if it was not set.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn below(
        &mut self,
        flag: &str,
        field: &Field,
        number: u64,
        ended: &FieldValue,
        now: Timestamp,
    ) -> Result<(Option<FieldValue>, Option<Timestamp>)> {
        let mut at = number;
        loop {
            let Some((_, change)) = self.last_change(flag, field, at + 1)? else { return Ok((None, None)) };
            let Some(value) = change.before.get(field).cloned().flatten() else { return Ok((None, None)) };
            let Some((number, set)) = self.last_change(flag, field, at)? else {
                return Ok((Some(value), None));
            };
            match set.ends_of(field) {
                None => return Ok((Some(value), None)),
                // The same value with another end was a new end for it, and no value to go back to.
                Some(ends) if ends > now && value != *ended => return Ok((Some(value), Some(ends))),
                Some(_) => at = number,
            }
        }
    }

    /// Returns the last change of a field before the entry of a number, and its number.
    fn last_change(
        &mut self,
        flag: &str,
        field: &Field,
        before: u64,
    ) -> Result<Option<(u64, JournalChange)>> {
        let mut before = before;
        loop {
            if self.flag != flag || before > self.before {
                self.turn(flag, before)?;
            }
            for entry in self.page.iter().filter(|entry| entry.number < before) {
                let change = entry.changes.iter().find(|change| change.flag == flag);
                if let Some(change) = change.filter(|change| change.after.contains_key(field)) {
                    return Ok(Some((entry.number, change.clone())));
                }
            }
            match self.page.last() {
                Some(oldest) if self.page.len() >= PAGE as usize && oldest.number > 1 => {
                    before = before.min(oldest.number);
                    self.turn(flag, before)?;
                }
                _ => return Ok(None),
            }
        }
    }

    fn turn(&mut self, flag: &str, before: u64) -> Result<()> {
        let filter = JournalFilter {
            flag: Some(flag.to_owned()),
            before: Some(before),
            limit: PAGE,
            ..JournalFilter::default()
        };
        self.page = (self.read)(&filter)?;
        (self.flag, self.before) = (flag.to_owned(), before);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::layer::{Ends, patch_from_json};

    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    /// A journal of `x`: what each entry sets, when it is made, and when that ends.
    fn journal(changes: &[(Value, i64, Option<i64>)]) -> Vec<JournalEntry> {
        let mut now = Patch::new();
        let mut entries = Vec::new();
        for (number, (json, made, ends)) in (1..).zip(changes) {
            let after = patch_from_json(json).expect("a patch");
            let before =
                after.keys().map(|field| (field.clone(), now.get(field).cloned().flatten())).collect();
            now.extend(after.clone());
            let ends = Ends::Together(ends.map(at));
            let changes = vec![JournalChange::new("x".to_owned(), before, after, &ends)];
            let (actor, reason, tool, token, hash) = (None, None, None, None, None);
            let at = Some(at(*made));
            entries.push(JournalEntry { number, at, actor, reason, tool, changes, token, hash });
        }
        entries
    }

    fn undoing(entries: &[JournalEntry], number: usize, now: i64) -> Undoing {
        let mut past = Past::new(|filter: &JournalFilter| {
            let before = filter.before.unwrap_or(u64::MAX);
            let older = entries.iter().rev().filter(|entry| entry.number < before);
            Ok(older.take(filter.limit as usize).cloned().collect())
        });
        let entry = &entries[number - 1];
        past.undoing(entry, &entry.changes[0], at(now)).expect("read")
    }

    fn patch(json: &Value) -> Patch {
        patch_from_json(json).expect("a patch")
    }

    #[test]
    fn what_was_to_end_comes_back_with_its_end() {
        let entries = journal(&[
            (json!({ "rollout": "10%" }), 0, None),
            (json!({ "enabled": true, "users": { "u": "on" } }), 1, Some(100)),
            (json!({ "enabled": null, "rollout": null, "users": { "u": null } }), 2, None),
        ]);
        let undone = undoing(&entries, 3, 50);
        let all = json!({ "enabled": true, "rollout": "10%", "users": { "u": "on" } });
        assert_eq!(undone.patch, patch(&all));
        let ends = [(Field::Enabled, at(100)), (Field::User("u".to_owned()), at(100))];
        assert_eq!((undone.ends, undone.over), (FieldEnds::from_iter(ends), Vec::new()));
    }

    #[test]
    fn what_would_have_ended_by_now_is_what_it_went_back_to() {
        let entries = journal(&[
            (json!({ "rollout": "10%" }), 0, None),
            (json!({ "rollout": "20%" }), 1, Some(300)),
            (json!({ "rollout": "50%" }), 2, Some(100)),
            (json!({ "rollout": "0%" }), 3, None),
        ]);
        let rollout = |undone: Undoing| (undone.patch, undone.ends.get(&Field::Rollout).copied());
        assert_eq!(rollout(undoing(&entries, 4, 99)), (patch(&json!({ "rollout": "50%" })), Some(at(100))));
        let over = undoing(&entries, 4, 100);
        assert_eq!(over.over, [(Field::Rollout, at(100), false)]);
        assert_eq!(rollout(over), (patch(&json!({ "rollout": "20%" })), Some(at(300))));
        assert_eq!(rollout(undoing(&entries, 4, 300)), (patch(&json!({ "rollout": "10%" })), None));
    }

    #[test]
    fn an_end_that_is_taken_back_leaves_its_value_for_good() {
        let entries =
            journal(&[(json!({ "enabled": true }), 1, Some(100)), (json!({ "enabled": null }), 101, None)]);
        let undone = undoing(&entries, 2, 200);
        assert_eq!((undone.patch, undone.ends.len()), (patch(&json!({ "enabled": true })), 0));
        assert_eq!(undone.over, [(Field::Enabled, at(100), true)]);
    }

    #[test]
    fn what_was_set_many_changes_ago_is_found() {
        let mut changes = vec![(json!({ "enabled": true }), 0, Some(1_000_000))];
        changes.extend((1..100).map(|n| (json!({ "rollout": format!("{n}%") }), n, None)));
        changes.push((json!({ "enabled": false }), 200, None));
        let undone = undoing(&journal(&changes), 101, 300);
        assert_eq!(undone.ends, FieldEnds::from_iter([(Field::Enabled, at(1_000_000))]));
    }
}
