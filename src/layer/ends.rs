//! When what a change sets ends by itself.

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use crate::model::Timestamp;

use super::field::{Field, Patch, Values};
use super::wire::{WireError, wrong};

/// When fields end, each by itself; a field that is not named stays.
pub type FieldEnds = IndexMap<Field, Timestamp>;

/// When what a change sets ends by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ends {
    /// All of it at the same time, or never; what says so for good already gets no end by the way.
    Together(Option<Timestamp>),
    /// Each field exactly then, as where something is brought back; a field that is not named stays for good.
    Each(FieldEnds),
}

impl Default for Ends {
    fn default() -> Self {
        Self::Together(None)
    }
}

impl Ends {
    /// Returns the plainest way to say that what `patch` sets ends exactly at `ends`, where `present` stands now.
    pub fn exactly(patch: &Patch, ends: &FieldEnds, present: Option<&Values>) -> Self {
        let mut set = patch.iter().filter_map(|(field, value)| Some((field, value.as_ref()?)));
        let first = set.clone().find_map(|(field, _)| ends.get(field)).copied();
        let same = set.clone().all(|(field, _)| ends.get(field).copied() == first);
        let stays = set.any(|(field, wanted)| {
            let now = present.and_then(|values| values.get(field));
            now.is_some_and(|(value, origin)| value == wanted && origin.expires_at().is_none())
        });
        if first.is_none() || (same && !stays) {
            return Self::Together(first);
        }
        let named = ends.iter().filter(|(field, _)| matches!(patch.get(*field), Some(Some(_))));
        Self::Each(named.map(|(field, ends)| (field.clone(), *ends)).collect())
    }

    /// Returns when a field ends that the change sets.
    pub fn of(&self, field: &Field) -> Option<Timestamp> {
        match self {
            Self::Together(ends) => *ends,
            Self::Each(ends) => ends.get(field).copied(),
        }
    }

    /// Tells whether a field that has the wanted value already, until `present`, stays as it is.
    pub fn leave(&self, field: &Field, present: Option<Timestamp>) -> bool {
        match self {
            Self::Together(ends) => present.is_none() || present == *ends,
            Self::Each(ends) => present == ends.get(field).copied(),
        }
    }

    /// Says it in a patch as a server takes it.
    pub fn insert_into(&self, patch: &mut Map<String, Value>) {
        match self {
            Self::Together(None) => {}
            Self::Together(Some(ends)) => {
                patch.insert("expires_at".to_owned(), json!(ends));
            }
            Self::Each(ends) => {
                patch.insert("ends".to_owned(), ends_to_json(ends, |ends| json!(ends)));
            }
        }
    }

    /// Returns the one time at which all of it ends.
    pub const fn together(&self) -> Option<Timestamp> {
        match self {
            Self::Together(ends) => *ends,
            Self::Each(_) => None,
        }
    }
}

/// Returns the JSON of the ends of fields, by the fields' words; `time` writes a time.
pub fn ends_to_json(ends: &FieldEnds, time: impl Fn(Timestamp) -> Value) -> Value {
    Value::Object(ends.iter().map(|(field, ends)| (field.to_string(), time(*ends))).collect::<Map<_, _>>())
}

/// Reads a time of JSON: RFC 3339.
pub fn ends_time(json: &Value) -> Option<Timestamp> {
    Timestamp::parse(json.as_str()?).ok()
}

/// Reads the ends of fields; `time` reads a time.
///
/// # Errors
/// When it is no object, or one of its members is no field or no time.
pub fn ends_from_json(
    json: &Value,
    time: impl Fn(&Value) -> Option<Timestamp>,
) -> Result<FieldEnds, WireError> {
    let object = json.as_object().ok_or_else(|| wrong("ends", "not an object of fields and times"))?;
    let ends = object.iter().map(|(words, value)| {
        let path = format!("ends.{words}");
        let field = Field::parse(words).ok_or_else(|| wrong(&path, "not a field of an override"))?;
        let ends = time(value).ok_or_else(|| wrong(&path, "not a time such as \"2026-11-22T18:00:00Z\""))?;
        Ok((field, ends))
    });
    ends.collect()
}

#[cfg(test)]
mod tests {
    use crate::layer::{FieldValue, Origin};

    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn exact_ends_are_said_together_where_that_means_the_same() {
        let (on, user) = (FieldValue::Switch(true), Field::User("u".to_owned()));
        let patch = Patch::from_iter([(Field::Enabled, Some(on.clone())), (user.clone(), None)]);
        let ends = FieldEnds::from_iter([(Field::Enabled, at(5)), (user.clone(), at(7))]);
        let present = |expires_at| {
            let origin = Origin::Journal { number: 1, by: None, at: None, expires_at };
            Values::from_iter([(Field::Enabled, (on.clone(), origin))])
        };
        assert_eq!(Ends::exactly(&patch, &ends, None), Ends::Together(Some(at(5))));
        assert_eq!(Ends::exactly(&patch, &ends, Some(&present(Some(at(9))))), Ends::Together(Some(at(5))));
        let each = Ends::exactly(&patch, &ends, Some(&present(None)));
        assert_eq!(
            each,
            Ends::Each(FieldEnds::from_iter([(Field::Enabled, at(5))])),
            "it stays for good now"
        );
        assert!(!each.leave(&Field::Enabled, None) && each.leave(&Field::Enabled, Some(at(5))));
        assert!(Ends::Together(Some(at(5))).leave(&Field::Enabled, None));
        assert_eq!(Ends::exactly(&patch, &FieldEnds::new(), None), Ends::default());
        let both = Patch::from_iter([(Field::Enabled, Some(on.clone())), (user, Some(on))]);
        let mixed = Ends::exactly(&both, &FieldEnds::from_iter([(Field::Enabled, at(5))]), None);
        assert_eq!((mixed.together(), mixed.of(&Field::Enabled)), (None, Some(at(5))));
    }

    #[test]
    fn ends_read_back_by_the_words_of_their_fields() {
        let ends = FieldEnds::from_iter([
            (Field::Enabled, at(1)),
            (Field::User("u 1".to_owned()), at(2)),
            (Field::Org("acme".to_owned()), at(3)),
        ]);
        let json = ends_to_json(&ends, |ends| json!(ends.millis()));
        assert_eq!(json, json!({ "enabled": 1, "user u 1": 2, "org acme": 3 }));
        let read = |json: &Value| ends_from_json(json, |ends| ends.as_i64().map(at));
        assert_eq!(read(&json), Ok(ends));
        for (wrong, pointer) in [
            (json!([]), "/ends"),
            (json!({ "x": 1 }), "/ends/x"),
            (json!({ "rollout": "1" }), "/ends/rollout"),
        ] {
            assert_eq!(read(&wrong).expect_err("refused").pointer(), pointer);
        }
    }
}
