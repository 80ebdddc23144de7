//! The file: JSON with a version, the flags by name, and a hash that tells whether it is as it was written.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::hex::hex;
use crate::layer::{Field, FieldEnds, Origin, Values, values_from_json, values_to_json};
use crate::model::Timestamp;

/// What the version of every such file begins with.
const FORMAT: &str = "ffctl.snapshot-file/";
/// The version that is written.
const VERSION: &str = "1";

/// The overrides of a target at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct SnapshotFile {
    /// When it was saved.
    pub saved_at: Timestamp,
    /// Who saved it.
    pub by: Option<String>,
    /// What for.
    pub comment: Option<String>,
    /// The program that saved it.
    pub tool: String,
    /// What was saved.
    pub target: SnapshotTarget,
    /// The number of the newest journalled change that it holds, where the target names one.
    pub journal: Option<u64>,
    /// Every flag that was known, by name.
    pub flags: BTreeMap<String, SnapshotFlag>,
    /// The hash of all of this.
    pub sha256: String,
}

/// The target of a snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SnapshotTarget {
    /// `local`, `database` or `server`.
    pub kind: String,
    /// The profile's name, if it had one.
    pub profile: Option<String>,
    /// The store's file, or the server's address.
    pub address: String,
}

/// A flag of a snapshot.
#[derive(Clone, Debug, PartialEq)]
pub struct SnapshotFlag {
    /// `on`, `off`, `partial` or `invalid`.
    pub state: String,
    /// The state in short.
    pub summary: String,
    /// The switch.
    pub enabled: Option<bool>,
    /// The layer that set the switch.
    pub source: String,
    /// Whether flags.toml declared it.
    pub declared: bool,
    /// The other fields in effect, in words; none where the target did not say.
    pub fields: Option<BTreeMap<String, String>>,
    /// Its override.
    pub overriding: Values,
    /// When fields of the override end by themselves, by their names in words.
    pub ends: BTreeMap<String, Timestamp>,
}

impl SnapshotFlag {
    /// Returns when fields of the override end by themselves.
    pub fn field_ends(&self) -> FieldEnds {
        self.ends.iter().filter_map(|(words, ends)| Some((Field::parse(words)?, *ends))).collect()
    }
}

/// Why a text is no snapshot.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// It is no JSON, or some other JSON.
    #[error("it is no snapshot: {0}")]
    Foreign(String),
    /// A later program wrote it.
    #[error("it is of version `{0}`, which this program does not know")]
    Newer(String),
    /// It is not what was written.
    #[error("it was changed or damaged since it was saved: its hash does not match")]
    Damaged,
}

/// The file as JSON has it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    format: String,
    saved_at: String,
    by: Option<String>,
    comment: Option<String>,
    tool: String,
    target: SnapshotTarget,
    journal: Option<u64>,
    flags: BTreeMap<String, WireFlag>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireFlag {
    state: String,
    summary: String,
    enabled: Option<bool>,
    source: String,
    declared: bool,
    fields: Option<BTreeMap<String, String>>,
    r#override: Option<Value>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    override_expires: BTreeMap<String, String>,
}

impl SnapshotFile {
    /// Returns the text of the file, and sets its hash.
    pub fn encode(&mut self) -> String {
        let flag = |(name, flag): (&String, &SnapshotFlag)| {
            let wire = WireFlag {
                state: flag.state.clone(),
                summary: flag.summary.clone(),
                enabled: flag.enabled,
                source: flag.source.clone(),
                declared: flag.declared,
                fields: flag.fields.clone(),
                r#override: (!flag.overriding.is_empty()).then(|| values_to_json(&flag.overriding)),
                override_expires: flag.ends.iter().map(|(name, at)| (name.clone(), at.to_string())).collect(),
            };
            (name.clone(), wire)
        };
        let wire = Wire {
            format: format!("{FORMAT}{VERSION}"),
            saved_at: self.saved_at.to_string(),
            by: self.by.clone(),
            comment: self.comment.clone(),
            tool: self.tool.clone(),
            target: self.target.clone(),
            journal: self.journal,
            flags: self.flags.iter().map(flag).collect(),
        };
        let Ok(Value::Object(mut object)) = serde_json::to_value(wire) else {
            unreachable!("texts and numbers are a JSON object");
        };
        self.sha256 = hash_of(&object);
        object.insert("sha256".to_owned(), Value::String(self.sha256.clone()));
        let mut text = serde_json::to_string_pretty(&object).expect("a JSON object is JSON");
        text.push('\n');
        text
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    /// When it is no snapshot, one of a later version, or not what was written.
    pub fn decode(text: &str) -> Result<Self, SnapshotError> {
        let foreign = |why: &dyn std::fmt::Display| SnapshotError::Foreign(why.to_string());
        let mut object: Map<String, Value> = serde_json::from_str(text).map_err(|error| foreign(&error))?;
        let format = object.get("format").and_then(Value::as_str).and_then(|text| text.strip_prefix(FORMAT));
        match format {
            None => return Err(foreign(&format!("it has no `format` that begins with `{FORMAT}`"))),
            Some(VERSION) => {}
            Some(version) => return Err(SnapshotError::Newer(version.to_owned())),
        }
        let sha256 = object.shift_remove("sha256");
        let sha256 = sha256.as_ref().and_then(Value::as_str).ok_or(SnapshotError::Damaged)?.to_owned();
        if sha256 != hash_of(&object) {
            return Err(SnapshotError::Damaged);
        }
        let wire: Wire = serde_json::from_value(Value::Object(object)).map_err(|error| foreign(&error))?;
        let time = |text: &str| Timestamp::parse(text).map_err(|error| foreign(&error));
        let flag = |(name, flag): (String, WireFlag)| {
            let overriding = match &flag.r#override {
                Some(json) => values_from_json(json, &Origin::Server).map_err(|error| foreign(&error))?,
                None => Values::new(),
            };
            let ends = flag.override_expires.into_iter().map(|(field, at)| Ok((field, time(&at)?)));
            let flag = SnapshotFlag {
                state: flag.state,
                summary: flag.summary,
                enabled: flag.enabled,
                source: flag.source,
                declared: flag.declared,
                fields: flag.fields,
                overriding,
                ends: ends.collect::<Result<_, SnapshotError>>()?,
            };
            Ok((name, flag))
        };
        Ok(Self {
            saved_at: time(&wire.saved_at)?,
            by: wire.by,
            comment: wire.comment,
            tool: wire.tool,
            target: wire.target,
            journal: wire.journal,
            flags: wire.flags.into_iter().map(flag).collect::<Result<_, SnapshotError>>()?,
            sha256,
        })
    }

    /// Returns how many flags had an override.
    pub fn overrides(&self) -> usize {
        self.flags.values().filter(|flag| !flag.overriding.is_empty()).count()
    }
}

/// Returns the hash of everything but the hash, however the file is indented.
fn hash_of(object: &Map<String, Value>) -> String {
    let compact = serde_json::to_string(object).expect("a JSON object is JSON");
    hex(&Sha256::digest(compact.as_bytes()))
}

#[cfg(test)]
mod tests {
    use crate::layer::FieldValue;
    use crate::model::Weight;

    use super::*;

    fn sample() -> SnapshotFile {
        let weight = FieldValue::Weight(Weight::parse("12.5%").expect("a percentage"));
        let flag = SnapshotFlag {
            state: "partial".to_owned(),
            summary: "12.5%".to_owned(),
            enabled: Some(true),
            source: "admin".to_owned(),
            declared: true,
            fields: Some(BTreeMap::from([("rollout".to_owned(), "12.5%".to_owned())])),
            overriding: Values::from_iter([(Field::Rollout, (weight, Origin::Server))]),
            ends: BTreeMap::from([("rollout".to_owned(), Timestamp::from_millis(1_790_000_000_000))]),
        };
        SnapshotFile {
            saved_at: Timestamp::from_millis(1_780_000_000_000),
            by: Some("ada".to_owned()),
            comment: Some("before \"the\" change\n".to_owned()),
            tool: "ffctl 0.1.0".to_owned(),
            target: SnapshotTarget {
                kind: "server".to_owned(),
                profile: None,
                address: "https://a".to_owned(),
            },
            journal: Some(17),
            flags: BTreeMap::from([("x".to_owned(), flag)]),
            sha256: String::new(),
        }
    }

    #[test]
    fn what_is_written_reads_back() {
        let mut sample = sample();
        let text = sample.encode();
        assert_eq!((sample.sha256.len(), text.ends_with("}\n")), (64, true));
        assert_eq!(SnapshotFile::decode(&text), Ok(sample.clone()));
        assert_eq!(sample.overrides(), 1);
        let compact: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(SnapshotFile::decode(&compact.to_string()), Ok(sample), "blanks mean nothing");
    }

    #[test]
    fn what_was_changed_is_found_out() {
        let text = sample().encode();
        for (from, to) in [("12.5%", "13.5%"), ("ada", "adb"), ("17", "18"), ("\"x\"", "\"y\"")] {
            let changed = text.replacen(from, to, 1);
            assert_ne!(changed, text);
            assert_eq!(SnapshotFile::decode(&changed), Err(SnapshotError::Damaged), "{from}");
        }
        let newer = text.replacen("snapshot-file/1", "snapshot-file/2", 1);
        assert_eq!(SnapshotFile::decode(&newer), Err(SnapshotError::Newer("2".to_owned())));
        for foreign in ["", "[]", "{}", "{\"format\":\"x\"}", &text[..text.len() / 2]] {
            assert!(matches!(SnapshotFile::decode(foreign), Err(SnapshotError::Foreign(_))), "{foreign}");
        }
        let unsealed = "{\"format\":\"ffctl.snapshot-file/1\"}";
        assert_eq!(SnapshotFile::decode(unsealed), Err(SnapshotError::Damaged));
    }
}
