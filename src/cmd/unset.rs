//! `ffctl unset`: what a layer no longer says.

use crate::change::FlagRequest;
use crate::cli::{LayerWord, UnsetArguments, UnsetField};
use crate::error::{Error, Kind, Result};
use crate::layer::{Field, Patch, Values};

use super::change::{Change, run_change};
use super::prepare::layer_values;
use super::session::Session;

pub(super) fn run(session: &mut Session, arguments: &UnsetArguments) -> Result<u8> {
    let everything = arguments.org.is_empty() && arguments.user.is_empty() && arguments.field.is_empty();
    if everything && arguments.layer == LayerWord::Default {
        return Err(Error::new(
            Kind::Usage,
            "flags.toml must say what a flag is; only fields of it can be taken out",
        )
        .hint("add --field rollout, --user KEY or --org KEY"));
    }
    if !everything && arguments.layer == LayerWord::Env {
        return Err(Error::new(Kind::Usage, "a variable holds one value and is taken out as a whole")
            .hint("leave out --field, --user and --org"));
    }
    if arguments.layer == LayerWord::Default && arguments.field.contains(&UnsetField::Enabled) {
        return Err(Error::new(Kind::Usage, "flags.toml must say whether a flag is enabled")
            .hint("ffctl set FLAG off --layer default"));
    }
    let names: Vec<&str> = arguments.flags.iter().map(String::as_str).collect();
    let loaded = session.load_for_change(arguments.layer, &names, arguments.condition.only_if.is_some())?;
    let mut requests: Vec<FlagRequest> = Vec::new();
    for name in &arguments.flags {
        let resolved = loaded.flag(name)?;
        if requests.iter().any(|request| request.flag.as_str() == name) {
            return Err(Error::new(Kind::Usage, format!("`{name}` stands twice in one command")));
        }
        let present = layer_values(&loaded, arguments.layer, &resolved.effective.name);
        requests.push(FlagRequest::new(resolved.effective.name, patch(arguments, &present, everything)));
    }
    let change = Change {
        only_if: arguments.condition.only_if.as_deref(),
        key: arguments.repeat.idempotency_key.as_deref(),
        ..Change::new(arguments.layer, &arguments.change, requests)
    };
    run_change(session, &loaded, &change)
}

/// Returns the patch that clears what was asked; what the layer does not say needs no clearing.
fn patch(arguments: &UnsetArguments, present: &Values, everything: bool) -> Patch {
    let asked = |field: &Field| match field {
        Field::User(key) => arguments.user.contains(key) || arguments.field.contains(&UnsetField::Users),
        Field::Org(key) => arguments.org.contains(key) || arguments.field.contains(&UnsetField::Orgs),
        Field::Enabled => arguments.field.contains(&UnsetField::Enabled),
        Field::Rollout => arguments.field.contains(&UnsetField::Rollout),
        Field::Serve => arguments.field.contains(&UnsetField::Serve),
    };
    present.keys().filter(|field| everything || asked(field)).map(|field| (field.clone(), None)).collect()
}
