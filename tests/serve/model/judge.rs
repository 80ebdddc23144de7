//! Whether the journal explains every answer that was given.

use std::collections::{BTreeMap, HashMap};

use ffctl::admin::{JournalEntry, Store, verify_chain};
use ffctl::layer::FieldValue;

use super::client::Attempt;
use super::operation::Reply;

/// Judges a store that nobody serves any more.
pub(super) fn judge(store: &Store, done: &[Attempt]) {
    let journal = store.whole_journal().expect("readable");
    verify_chain(&journal).expect("the chain is whole");
    every_answer_is_true(&journal, done);
    let last = histories_are_linear(&journal);
    let layer = store.read().expect("readable");
    let present = layer.overrides.into_iter().flat_map(|(flag, values)| {
        values.into_iter().map(move |(field, (value, _))| ((flag.clone(), field.to_string()), value))
    });
    assert_eq!(present.collect::<BTreeMap<_, _>>(), last, "the overrides are what the journal tells");
    assert!(!journal.is_empty() && !done.is_empty(), "there was something to judge");
}

/// What was acknowledged stands in the journal once, what was refused never, and what is unknown once at most.
fn every_answer_is_true(journal: &[JournalEntry], done: &[Attempt]) {
    let mut entries: HashMap<&str, Vec<&JournalEntry>> = HashMap::new();
    for entry in journal.iter().filter(|entry| entry.token.is_none()) {
        let reason = entry.reason.as_deref().expect("every entry has one");
        if !reason.starts_with("end of ") {
            entries.entry(reason).or_default().push(entry);
        }
    }
    for Attempt { operation, reply } in done {
        let found = entries.remove(operation.id.as_str()).unwrap_or_default();
        let numbers: Vec<u64> = found.iter().map(|entry| entry.number).collect();
        match *reply {
            _ if operation.dry_run => assert!(numbers.is_empty(), "{numbers:?} of {operation:?}"),
            Reply::Done { number: Some(number), .. } => {
                assert_eq!(numbers, [number], "acknowledged: {operation:?}");
            }
            // Sent before, it may have been on its way, when there was nothing to do any more.
            Reply::Done { number: None, .. } | Reply::Unknown => {
                assert!(numbers.len() <= 1, "{numbers:?} of {operation:?}");
            }
            Reply::NotDone(status) => assert!(numbers.is_empty(), "{status}, {numbers:?} of {operation:?}"),
        }
        for entry in found {
            for change in &entry.changes {
                let part = operation.parts.iter().find(|part| part.flag == change.flag);
                let part = part.unwrap_or_else(|| panic!("{} was not asked for: {operation:?}", change.flag));
                let wanted = part.patch();
                for (field, value) in &change.after {
                    let wanted = wanted.as_ref().map_or(Some(&None), |wanted| wanted.get(field));
                    assert_eq!(wanted, Some(value), "{field} of {operation:?}");
                }
                if let Some(expected) = part.expected() {
                    let earlier = journal[..usize::try_from(entry.number - 1).expect("small")].iter().rev();
                    let before = earlier
                        .filter(|entry| entry.changes.iter().any(|other| other.flag == change.flag))
                        .map(|entry| entry.number)
                        .next();
                    assert_eq!(before.unwrap_or(0), expected, "somebody was faster: {operation:?}");
                }
            }
        }
    }
    assert!(entries.is_empty(), "nobody asked for {:?}", entries.keys());
}

/// What each entry says was before is what the one before it left; returns what the last ones left.
fn histories_are_linear(journal: &[JournalEntry]) -> BTreeMap<(String, String), FieldValue> {
    let mut present: BTreeMap<(String, String), FieldValue> = BTreeMap::new();
    for (number, entry) in (1..).zip(journal) {
        assert_eq!(entry.number, number, "without gaps");
        for change in &entry.changes {
            assert!(change.before.keys().eq(change.after.keys()) && !change.after.is_empty(), "{entry:?}");
            for (field, before) in &change.before {
                let at = (change.flag.clone(), field.to_string());
                assert_eq!(present.get(&at), before.as_ref(), "{at:?} before {number}");
                match &change.after[field] {
                    Some(value) => present.insert(at, value.clone()),
                    None => present.remove(&at),
                };
            }
        }
    }
    present
}
