//! Fields and values as the journal of files words them.

use crate::admin::FileEdit;
use crate::change::parse_split;
use crate::layer::{Field, FieldValue};
use crate::model::{Flag, Serve, VariationName, Weight};

/// Reads the field that an edit of flags.toml touched and what it was before; none where the words are no longer
/// those of the flag.
pub(super) fn field_and_value(flag: &Flag, edit: &FileEdit) -> Option<(Field, Option<FieldValue>)> {
    let word = edit.place.strip_prefix(&format!("flags.{}.", edit.flag))?;
    let field = Field::parse(word)?;
    let value = match &edit.before {
        Some(text) => Some(value(flag, &field, text)?),
        None => None,
    };
    Some((field, value))
}

fn value(flag: &Flag, field: &Field, text: &str) -> Option<FieldValue> {
    Some(match field {
        Field::Enabled => FieldValue::Switch(text == "on"),
        Field::Rollout => FieldValue::Weight(Weight::parse(text).ok()?),
        Field::Serve if text.contains(" / ") => {
            // `v2 75 / v3 25`
            let pairs = text.split(" / ").map(|pair| pair.replacen(' ', "=", 1));
            let names: Vec<&str> = flag.variations.iter().map(|variation| variation.name.as_str()).collect();
            FieldValue::Serve(Serve::Split(parse_split(&pairs.collect::<Vec<_>>().join(","), &names).ok()?))
        }
        Field::Serve => FieldValue::Serve(Serve::Variation(VariationName::try_from(text).ok()?)),
        Field::User(_) | Field::Org(_) => FieldValue::Variation(VariationName::try_from(text).ok()?),
    })
}
