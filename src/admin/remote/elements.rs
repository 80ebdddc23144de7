//! A list inside a large answer, element by element: no answer takes more memory than its text and one element.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::admin::chain::EntryHash;

/// Bytes of the largest element.
const LARGEST: usize = 1024 * 1024;

/// What stands beside the list and is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Beside {
    /// `journal`: the number of the entry that a change made.
    pub(super) journal: Option<u64>,
    /// `head`: the hash of that entry.
    pub(super) head: Option<EntryHash>,
    /// `idempotency_keys`: whether the server does nothing twice for one `Idempotency-Key`.
    pub(super) idempotency_keys: bool,
}

/// Calls `see` with each element of the list `name` of a JSON object, until it fails.
///
/// # Errors
/// What is wrong with the answer: no JSON, no such list, or what `see` says of an element.
pub(super) fn each_of(
    body: &[u8],
    name: &str,
    see: &mut dyn FnMut(usize, Value) -> Result<(), String>,
) -> Result<Beside, String> {
    let mut found =
        Found { name, see, wrong: None, place: Place::Top, list: false, beside: Beside::default() };
    let mut json = serde_json::Deserializer::from_slice(body);
    let read = (&mut found).deserialize(&mut json).and_then(|()| json.end());
    match (found.wrong, read) {
        (Some(wrong), _) => Err(wrong),
        (None, Err(error)) => Err(format!("its answer is not JSON: {error}")),
        (None, Ok(())) if !found.list => Err(format!("its answer has no list `{name}`")),
        (None, Ok(())) => Ok(found.beside),
    }
}

/// Where a value stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// It is the whole answer.
    Top,
    /// It stands where the list belongs.
    List,
}

struct Found<'a> {
    name: &'a str,
    see: &'a mut dyn FnMut(usize, Value) -> Result<(), String>,
    wrong: Option<String>,
    place: Place,
    list: bool,
    beside: Beside,
}

impl Found<'_> {
    /// Ends the reading; `what` is said, not what the parser makes of it.
    fn end<E: Error>(&mut self, what: String) -> E {
        self.wrong = Some(what);
        E::custom("what was read is enough")
    }
}

impl<'de> DeserializeSeed<'de> for &mut Found<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// Reads an object at the top and a list where it belongs, and passes over everything else.
impl<'de> Visitor<'de> for &mut Found<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        if self.place == Place::List {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(());
        }
        while let Some(key) = map.next_key::<String>()? {
            if key == self.name {
                if self.list {
                    let what = format!("its answer has two lists `{}`", self.name);
                    return Err(self.end(what));
                }
                self.place = Place::List;
                map.next_value_seed(&mut *self)?;
                self.place = Place::Top;
            } else if key == "journal" {
                self.beside.journal = map.next_value::<&RawValue>()?.get().parse().ok();
            } else if key == "head" {
                let text: Option<String> = serde_json::from_str(map.next_value::<&RawValue>()?.get()).ok();
                self.beside.head = text.and_then(|text| EntryHash::parse(&text));
            } else if key == "idempotency_keys" {
                self.beside.idempotency_keys = map.next_value::<&RawValue>()?.get() == "true";
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        if self.place == Place::Top {
            while list.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(());
        }
        self.list = true;
        let mut at = 0;
        while let Some(raw) = list.next_element::<&RawValue>()? {
            let seen = if raw.get().len() > LARGEST {
                Err(format!("entry {} of its `{}` is larger than {} MiB", at + 1, self.name, LARGEST >> 20))
            } else {
                let value = serde_json::from_str(raw.get());
                value
                    .map_err(|error| format!("entry {} of its `{}`: {error}", at + 1, self.name))
                    .and_then(|value| (self.see)(at, value))
            };
            seen.map_err(|what| self.end(what))?;
            at += 1;
        }
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(body: &str) -> Result<(Vec<Value>, Beside), String> {
        let mut seen = Vec::new();
        let beside = each_of(body.as_bytes(), "flags", &mut |at, value| {
            assert_eq!(at, seen.len());
            seen.push(value);
            Ok(())
        })?;
        Ok((seen, beside))
    }

    #[test]
    fn elements_come_one_by_one_with_what_stands_beside() {
        let body = r#"{"a":[[1]],"journal":17,"flags":[1,"two",{"three":[3]}],"idempotency_keys":true}"#;
        let (seen, beside) = all(body).expect("readable");
        assert_eq!(Value::Array(seen), serde_json::json!([1, "two", { "three": [3] }]));
        assert_eq!(beside, Beside { journal: Some(17), head: None, idempotency_keys: true });
        let (_, beside) = all(r#"{"flags":[],"journal":"x","idempotency_keys":"true"}"#).expect("readable");
        assert_eq!(beside, Beside::default());
    }

    #[test]
    fn what_has_no_list_or_is_no_json_is_an_error() {
        for (body, expected) in [
            ("[1,2]", "no list `flags`"),
            ("{}", "no list `flags`"),
            (r#"{"flags":{}}"#, "no list `flags`"),
            (r#"{"flags":null}"#, "no list `flags`"),
            ("7", "no list"),
            ("\"x\"", "no list"),
            ("null", "no list"),
            ("-1.5", "no list"),
            ("true", "no list"),
            (r#"{"flags":[1,2]"#, "not JSON"),
            (r#"{"flags":[]} x"#, "not JSON"),
            ("", "not JSON"),
            (r#"{"flags":[1,]}"#, "not JSON"),
        ] {
            let error = all(body).expect_err(body);
            assert!(error.contains(expected), "{body}: {error}");
        }
        for deep in ["[".repeat(100_000), r#"{"flags":"#.to_owned() + &"[".repeat(100_000)] {
            assert!(all(&deep).expect_err("deep").contains("not JSON"));
        }
        let nested = format!(r#"{{"flags":[{}1{}]}}"#, "[".repeat(500), "]".repeat(500));
        assert!(all(&nested).expect_err("deep").contains("recursion"));
        let large = format!(r#"{{"flags":["{}"]}}"#, "x".repeat(LARGEST));
        assert!(all(&large).expect_err("large").contains("larger than 1 MiB"));
    }

    #[test]
    fn the_first_wrong_element_ends_it() {
        let mut seen = 0;
        let error = each_of(br#"{"flags":[1,2,3]}"#, "flags", &mut |_, value| {
            seen += 1;
            if value == 2 { Err("two".to_owned()) } else { Ok(()) }
        });
        assert_eq!((error, seen), (Err("two".to_owned()), 2));
    }
}
