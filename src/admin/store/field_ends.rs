//! Tests of fields that end each by itself, on every store.

use serde_json::json;

use crate::admin::chain::verify_chain;
use crate::admin::journal::JournalFilter;
use crate::layer::{Ends, Field, FieldEnds, Origin, Version};
use crate::model::Timestamp;

use super::tests::{change, each, permit, set_of};

#[test]
fn fields_of_one_change_end_each_by_itself() {
    each("fields of one change end each by itself", |store| {
        let at = Timestamp::from_millis;
        let mixed = FieldEnds::from_iter([(Field::Enabled, at(4_000)), (Field::Rollout, at(2_000))]);
        let patch = json!({ "enabled": true, "rollout": "50%", "users": { "u": "on" } });
        let mut wanted = change("x", &patch, Version::Unknown);
        wanted.ends = Ends::Each(mixed.clone());
        let written = store.write(&permit(), &set_of(vec![wanted.clone()])).expect("written");
        assert_eq!(written.number, Some(1));
        let again = store.write(&permit(), &set_of(vec![wanted])).expect("the same");
        assert_eq!(again.number, None, "it is as it was asked");
        let entry = store.journal(&JournalFilter::default()).expect("read").remove(0);
        assert_eq!((&entry.changes[0].ends, entry.changes[0].expires_at), (&mixed, None));
        let ends = |field: &Field| {
            let layer = store.read().expect("read");
            layer.overrides.get("x").and_then(|values| values.get(field)).map(|(_, place)| place.expires_at())
        };
        let user = Field::User("u".to_owned());
        assert_eq!((ends(&Field::Enabled), ends(&user)), (Some(Some(at(4_000))), Some(None)));
        store.end_due(&permit(), at(2_000)).expect("ended");
        assert_eq!((ends(&Field::Rollout), ends(&Field::Enabled)), (None, Some(Some(at(4_000)))));
        // Exactly, also where it stays for good already.
        let mut shorter = change("x", &json!({ "users": { "u": "on" } }), Version::Unknown);
        shorter.ends = Ends::Each(FieldEnds::from_iter([(user.clone(), at(9_000))]));
        store.write(&permit(), &set_of(vec![shorter])).expect("written");
        assert_eq!(ends(&user), Some(Some(at(9_000))));
        let journal = store.whole_journal().expect("read");
        verify_chain(&journal).expect("whole");
        let mut without = journal;
        without[0].changes[0].ends.clear();
        assert_eq!(verify_chain(&without).map_err(|error| error.number), Err(1), "the chain holds the ends");
    });
}

#[test]
fn a_layer_is_patched_as_a_store_would() {
    each("a layer is patched as a store would", |store| {
        let at = Timestamp::from_millis;
        let until = |json, ends| {
            let mut change = change("x", &json, Version::Unknown);
            change.ends = ends;
            change
        };
        let changes = [
            until(json!({ "enabled": true }), Ends::Together(Some(at(5_000)))),
            until(json!({ "enabled": true, "rollout": "5%" }), Ends::Together(Some(at(7_000)))),
            until(json!({ "enabled": true }), Ends::default()),
            until(json!({ "enabled": true }), Ends::Together(Some(at(8_000)))),
            until(
                json!({ "enabled": true, "rollout": null }),
                Ends::Each(FieldEnds::from_iter([(Field::Enabled, at(9_000))])),
            ),
        ];
        for change in changes {
            let mut planned = store.read().expect("read");
            planned.patch("x", &change.patch, &Origin::BuiltIn, &change.ends);
            store.write(&permit(), &set_of(vec![change])).expect("written");
            let ends = |layer: &crate::layer::AdminLayer| {
                let values = layer.overrides.get("x").into_iter().flatten();
                values
                    .map(|(field, (value, place))| (field.clone(), value.clone(), place.expires_at()))
                    .collect::<Vec<_>>()
            };
            let mut now = ends(&store.read().expect("read"));
            let mut planned = ends(&planned);
            now.sort_by(|one, other| one.0.cmp(&other.0));
            planned.sort_by(|one, other| one.0.cmp(&other.0));
            assert_eq!(now, planned);
        }
    });
}
