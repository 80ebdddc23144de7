//! `ffctl set`: what is asked of which flags.

use std::time::Duration;

use crate::change::{FlagRequest, parse_assignment, parse_split, set_patch};
use crate::cli::{LayerWord, SetArguments};
use crate::error::{Error, Kind, Result};
use crate::layer::{Ends, Field, FieldValue, Patch, TargetKind};
use crate::model::{Serve, Timestamp};

use super::change::{Change, run_change};
use super::load::Loaded;
use super::session::Session;

pub(super) fn run(session: &mut Session, arguments: &SetArguments) -> Result<u8> {
    let items = items(arguments)?;
    let names: Vec<&str> = items.iter().map(|(flag, _)| *flag).collect();
    let loaded = session.load_for_change(arguments.layer, &names, arguments.condition.only_if.is_some())?;
    let expires_at = arguments.lasts.map(|lasts| ends(session, &loaded, arguments, lasts)).transpose()?;
    let mut requests: Vec<FlagRequest> = Vec::new();
    for (flag, value) in &items {
        if requests.iter().any(|request| request.flag.as_str() == *flag) {
            return Err(Error::new(Kind::Usage, format!("`{flag}` is set twice in one command")));
        }
        let request = request(&loaded, arguments, flag, *value)?;
        requests.push(FlagRequest { ends: Ends::Together(expires_at), ..request });
    }
    let change = Change {
        only_if: arguments.condition.only_if.as_deref(),
        key: arguments.repeat.idempotency_key.as_deref(),
        ..Change::new(arguments.layer, &arguments.change, requests)
    };
    run_change(session, &loaded, &change)
}

/// Returns when a change ends that is to last so long.
fn ends(session: &Session, loaded: &Loaded, arguments: &SetArguments, lasts: Duration) -> Result<Timestamp> {
    if arguments.layer != LayerWord::Admin {
        return Err(Error::new(Kind::Usage, "--for: only an override can end by itself, no file")
            .hint("leave out --layer, or --for"));
    }
    if lasts.is_zero() {
        return Err(Error::new(Kind::Usage, "--for 0: it would never be so"));
    }
    if loaded.admin.target.kind == TargetKind::Local {
        let message = "--for: no server reads the local store for this command, so nobody would end it";
        return Err(Error::new(Kind::Refused, message)
            .hint("`ffctl serve` serves it; name the server with --profile NAME or FFCTL_ADMIN_URL"));
    }
    let millis = i64::try_from(lasts.as_millis()).unwrap_or(i64::MAX);
    Ok(Timestamp::from_millis(session.now().millis().saturating_add(millis)))
}

/// Returns the flags and their values: `FLAG VALUE`, `FLAG=VALUE…`, or with `--split` the flag alone.
fn items(arguments: &SetArguments) -> Result<Vec<(&str, Option<&str>)>> {
    let usage = |message: &str| {
        Error::new(Kind::Usage, message.to_owned())
            .hint("ffctl set FLAG on|off|25%|VARIATION")
            .hint("ffctl set FLAG=on FLAG=25%")
    };
    let items: Vec<&str> = arguments.items.iter().map(String::as_str).collect();
    if arguments.split.is_some() {
        if !(arguments.org.is_empty() && arguments.user.is_empty()) {
            return Err(usage("a split is for everybody else, not for single users or organisations"));
        }
        return match items.as_slice() {
            [flag] if parse_assignment(flag).is_none() => Ok(vec![(flag, None)]),
            _ => Err(Error::new(Kind::Usage, "--split goes with one flag and no value")
                .hint("ffctl set style_prompt --split v2=75,v3=25")),
        };
    }
    if let Some(pairs) = items.iter().map(|item| parse_assignment(item)).collect::<Option<Vec<_>>>() {
        return match pairs.iter().find(|(flag, value)| flag.is_empty() || value.is_empty()) {
            Some((flag, value)) => Err(usage(&format!("`{flag}={value}` lacks its flag or its value"))),
            None => Ok(pairs.into_iter().map(|(flag, value)| (flag, Some(value))).collect()),
        };
    }
    if items.iter().any(|item| parse_assignment(item).is_some()) {
        let bare = items.iter().find(|item| parse_assignment(item).is_none());
        return Err(usage(&format!("`{}` lacks its value", bare.unwrap_or(&""))));
    }
    match items.as_slice() {
        [flag, value] if value.trim().is_empty() => Err(usage(&format!("the value of `{flag}` is empty"))),
        [flag, value] => Ok(vec![(flag, Some(value))]),
        [flag] => Err(Error::new(Kind::Usage, format!("what is `{flag}` to be?"))
            .hint(format!("ffctl set {flag} on"))
            .hint(format!("ffctl set {flag} 25%"))),
        _ => Err(usage("write one FLAG VALUE, or several FLAG=VALUE")),
    }
}

fn request(
    loaded: &Loaded,
    arguments: &SetArguments,
    flag: &str,
    value: Option<&str>,
) -> Result<FlagRequest> {
    let resolved = loaded.flag(flag)?;
    // What a value means depends on the flag as it is up to the layer that is changed.
    let definition = loaded.file.as_ref().and_then(|file| file.definitions().flags.get(flag));
    let effective = match definition {
        Some(definition) if arguments.layer == LayerWord::Default => definition,
        _ => &resolved.effective,
    };
    if arguments.layer != LayerWord::Admin && !resolved.is_declared() {
        return Err(Error::new(Kind::Unknown, format!("`{flag}` is not declared in flags.toml")));
    }
    let patch = match (value, &arguments.split) {
        (Some(value), _) => set_patch(effective, value, &arguments.user, &arguments.org)?,
        (None, Some(split)) => {
            if effective.variations.is_boolean() {
                let message = format!("`{flag}` is boolean: it takes a rollout, not a split");
                return Err(Error::new(Kind::Usage, message).hint(format!("ffctl set {flag} 25%")));
            }
            let names: Vec<_> =
                effective.variations.iter().map(|variation| variation.name.as_str()).collect();
            let split = Serve::Split(parse_split(split, &names)?);
            let on = (!effective.enabled).then_some((Field::Enabled, Some(FieldValue::Switch(true))));
            on.into_iter().chain([(Field::Serve, Some(FieldValue::Serve(split)))]).collect::<Patch>()
        }
        (None, None) => return Err(Error::new(Kind::Bug, "a flag without a value")),
    };
    Ok(FlagRequest::new(effective.name.clone(), patch))
}
