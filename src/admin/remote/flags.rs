//! The entries of `GET /feature-flags`, rich or with three fields, as a layer.

use serde_json::Value;

use crate::layer::{
    AdminLayer, Field, FieldValue, Freshness, Origin, ServerFlag, ServerState, TargetLabel, Values,
    values_from_json,
};
use crate::model::{FlagName, Timestamp};

use super::answer::Tag;
use super::elements::{Beside, each_of};
use crate::net::clean;

/// Reads the list; the error is what is wrong with the answer.
///
/// Strict in what decides a flag's value: an entry that cannot be read fails the whole, because leaving it out
/// would be a guess. What is not known is passed over.
///
/// What the server resolves the flags to is only read where `states` asks for it.
pub(super) fn layer_of_list(
    label: &TargetLabel,
    body: &[u8],
    states: bool,
) -> Result<(AdminLayer, Beside), String> {
    let mut layer = AdminLayer::empty(label.clone(), Freshness::Live);
    let beside = each_of(body, "flags", &mut |index, entry| {
        let wrong = |what: String| format!("entry {} of its `flags` {what}", index + 1);
        let name = add(&mut layer, &entry, Tag::None).map_err(wrong)?;
        if let Some(flag) = layer.server.get_mut(&name).filter(|_| states) {
            flag.state = state_of(&entry)
                .map_err(|what| wrong(format!("(`{}`) {what}", clean(&name, None))))?
                .map(Box::new);
        }
        Ok(())
    })?;
    let nameless = |name: &&String| FlagName::try_from(name.as_str()).is_err();
    if let Some(first) = layer.server.keys().find(nameless) {
        let (count, first) = (layer.server.keys().filter(nameless).count(), clean(first, None));
        layer.notes.push(format!(
            "the server has {count} flags that cannot be shown, since no flag is called that: `{first}`, …"
        ));
    }
    Ok((layer, beside))
}

/// Reads one entry into the layer and returns its name; `tag` is the one of the answer, if it is of this entry
/// alone. The error completes "the entry …".
pub(super) fn add(layer: &mut AdminLayer, entry: &Value, tag: Tag) -> Result<String, String> {
    let name =
        entry.get("name").and_then(Value::as_str).filter(|name| !name.is_empty()).ok_or("has no `name`")?;
    let of = |what: &str| format!("(`{}`) {what}", clean(name, None));
    let enabled = entry.get("enabled").and_then(Value::as_bool);
    let enabled = enabled.ok_or_else(|| of("has no `enabled` that is true or false"))?;
    let source = entry.get("source").and_then(Value::as_str).ok_or_else(|| of("has no `source`"))?;
    let overriding = entry.get("override");
    let flag = ServerFlag { enabled, source: source.to_owned(), rich: overriding.is_some(), state: None };
    if layer.server.insert(name.to_owned(), flag).is_some() {
        return Err(of("stands there twice"));
    }
    let values = match overriding {
        Some(Value::Null) => Values::new(),
        Some(json) => values_from_json(json, &origin(entry)).map_err(|error| {
            of(&format!("has an override that cannot be read: {}", clean(&error.to_string(), None)))
        })?,
        None if source == "admin" => {
            Values::from_iter([(Field::Enabled, (FieldValue::Switch(enabled), origin(entry)))])
        }
        None => Values::new(),
    };
    let values = with_ends(values, entry);
    if !values.is_empty() {
        layer.overrides.insert(name.to_owned(), values);
    }
    let tag = match (tag, entry.get("etag").and_then(Value::as_str)) {
        (Tag::None, Some(text)) => Tag::parse(text),
        (tag, _) => tag,
    };
    if matches!(tag, Tag::Weak | Tag::Odd) {
        let name = clean(name, None);
        layer
            .notes
            .push(format!("the server's tag of `{name}` cannot guard a change against somebody else's"));
    }
    layer.versions.insert(name.to_owned(), tag.version());
    Ok(name.to_owned())
}

/// Reads what a server resolves a flag to; none of one that does not say it. The error completes "the entry …".
fn state_of(entry: &Value) -> Result<Option<ServerState>, String> {
    let text = |name: &str| entry.get(name).and_then(Value::as_str).map(str::to_owned);
    let (Some(word), Some(summary)) = (text("state"), text("summary")) else { return Ok(None) };
    let values = values_from_json(entry, &Origin::Server)
        .map_err(|error| format!("cannot be read: {}", clean(&error.to_string(), None)))?;
    Ok(Some(ServerState {
        word,
        summary,
        values,
        declared: entry.get("declared").and_then(Value::as_bool).unwrap_or(true),
        journal: entry.get("journal").and_then(Value::as_u64),
        definition: text("definition"),
    }))
}

/// Returns the place of what the entry sets: the last change of the flag, where the server names it.
fn origin(entry: &Value) -> Origin {
    match entry.get("journal").and_then(Value::as_u64) {
        Some(number) => Origin::Journal { number, by: None, at: None, expires_at: None },
        None => Origin::Server,
    }
}

/// Adds when fields end by themselves, where the server says so.
fn with_ends(mut values: Values, entry: &Value) -> Values {
    let Some(ends) = entry.get("override_expires").and_then(Value::as_object) else { return values };
    for (field, (_, origin)) in &mut values {
        let end = ends.get(&field.to_string()).and_then(Value::as_str);
        if let (Origin::Journal { expires_at, .. }, Some(end)) = (origin, end) {
            *expires_at = Timestamp::parse(end).ok();
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::layer::{TargetKind, Version};

    use super::*;

    fn read(json: &Value) -> Result<AdminLayer, String> {
        let label =
            TargetLabel { profile: None, address: "a".to_owned(), kind: TargetKind::Server, served: false };
        layer_of_list(&label, json.to_string().as_bytes(), true).map(|(layer, _)| layer)
    }

    #[test]
    fn three_fields_override_the_switch_where_the_source_is_admin() {
        let layer = read(&json!({ "flags": [
            { "name": "a", "enabled": false, "source": "admin" },
            { "name": "b", "enabled": true, "source": "env", "unheard_of": [1] },
        ], "more": 1 }))
        .expect("readable");
        let values = &layer.overrides["a"];
        assert_eq!(values[&Field::Enabled], (FieldValue::Switch(false), Origin::Server));
        assert_eq!((values.len(), layer.overrides.len(), layer.server.len()), (1, 1, 2));
        assert!(layer.server["b"].enabled && !layer.server["b"].rich);
        assert_eq!(layer.version("a"), Version::Unknown);
    }

    #[test]
    fn the_override_of_a_rich_entry_alone_feeds_the_layer() {
        let layer = read(&json!({ "flags": [
            { "name": "a", "enabled": true, "source": "admin", "override": { "rollout": "5%" }, "etag": "\"9\"", "journal": 9 },
            { "name": "b", "enabled": true, "source": "admin", "override": null, "etag": "W/\"9\"" },
        ]}))
        .expect("readable");
        assert_eq!(layer.overrides.len(), 1);
        let (value, origin) = &layer.overrides["a"][&Field::Rollout];
        assert_eq!((value.to_string().as_str(), origin.journal()), ("5%", Some(9)));
        assert_eq!(layer.version("a"), Version::Tag("\"9\"".to_owned()));
        assert_eq!((layer.version("b"), layer.notes.len()), (Version::Unknown, 1));
    }

    #[test]
    fn names_that_no_flag_has_are_said_and_not_lost() {
        let flag = |name: &str| json!({ "name": name, "enabled": true, "source": "env" });
        let layer =
            read(&json!({ "flags": [flag("a"), flag("b c"), flag("\u{1b}[31m")] })).expect("readable");
        let [note] = &layer.notes[..] else { panic!("one note: {:?}", layer.notes) };
        assert!(note.starts_with("the server has 2 flags") && note.contains("`[31m`"), "{note}");
    }

    #[test]
    fn what_decides_and_cannot_be_read_is_never_left_out() {
        for (wrong, expected) in [
            (json!([]), "no list"),
            (json!({ "flags": {} }), "no list"),
            (json!({ "flags": [7] }), "entry 1"),
            (json!({ "flags": [{ "name": "a", "enabled": "yes", "source": "env" }] }), "`a`"),
            (json!({ "flags": [{ "name": "a", "enabled": true }] }), "`source`"),
            (json!({ "flags": [{ "name": "", "enabled": true, "source": "env" }] }), "`name`"),
            (
                json!({ "flags": [{ "name": "a", "enabled": true, "source": "env", "override": { "rollout": 5 } }] }),
                "override",
            ),
            (
                json!({ "flags": [{ "name": "a", "enabled": true, "source": "env" }, { "name": "a", "enabled": false, "source": "env" }] }),
                "twice",
            ),
        ] {
            let what = read(&wrong).expect_err("unreadable");
            assert!(what.contains(expected), "{what}");
        }
    }
}
