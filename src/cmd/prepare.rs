//! What a layer would be after a change, before anything is written.

use std::borrow::Cow;

use crate::admin::FileEdit;
use crate::change::{FileSnapshot, FlagRequest, hunk, read_file};
use crate::cli::LayerWord;
use crate::error::{Error, Kind, Result};
use crate::flagfile::{Edit, FlagFile, splice};
use crate::layer::{AdminLayer, Field, FieldValue, Origin, Values};
use crate::model::{Fallthrough, Flag, FlagName, Serve};
use crate::report::TargetReport;

use super::change::{Change, FileText};
use super::load::Loaded;
use super::prepare_env::{PreparedEnv, prepare_env};
use super::session::Session;

/// What one layer would be after a change, and how to write it.
pub(super) enum Prepared {
    /// The overrides of the target.
    Admin(Box<AdminLayer>),
    /// The variables, and the file they stand in.
    Env(Box<PreparedEnv>),
    /// flags.toml.
    Default(Box<PreparedDefault>),
}

/// flags.toml after a change.
pub(super) struct PreparedDefault {
    pub(super) after: FlagFile,
    pub(super) file: PreparedFile,
}

/// A file with the text it will have.
pub(super) struct PreparedFile {
    pub(super) shown: String,
    pub(super) text: FileText,
    /// What the journal says of variables, which only their own text tells; of flags.toml the plan does.
    pub(super) variables: Vec<FileEdit>,
}

/// Returns what the layer would be after the change.
pub(super) fn prepare(session: &Session, loaded: &Loaded, change: &Change<'_>) -> Result<Prepared> {
    match change.layer {
        LayerWord::Admin => {
            let mut after = loaded.admin.clone();
            for request in &change.requests {
                after.patch(request.flag.as_str(), &request.patch, &Origin::BuiltIn, &request.ends);
            }
            Ok(Prepared::Admin(Box::new(after)))
        }
        LayerWord::Env => Ok(Prepared::Env(Box::new(prepare_env(session, loaded, change)?))),
        LayerWord::Default => prepare_default(session, loaded, change),
    }
}

fn prepare_default(session: &Session, loaded: &Loaded, change: &Change<'_>) -> Result<Prepared> {
    let found = session.settings.flag_file()?;
    let (path, shown) = found.required()?;
    let file = loaded.file.as_ref().ok_or_else(|| Error::new(Kind::Bug, "flags.toml was not read"))?;
    let text = match &change.text {
        Some(text) => text.clone(),
        None => spliced(read_file(path)?, shown, file, &change.requests)?,
    };
    if text.snapshot.text.as_deref() != Some(file.text()) {
        return Err(
            Error::new(Kind::Conflict, format!("{shown} changed just now")).hint("run the command again")
        );
    }
    let after =
        FlagFile::parse(shown, text.text.clone()).map_err(|mistakes| Error::in_file(shown, mistakes))?;
    let file = PreparedFile { shown: shown.to_owned(), text, variables: Vec::new() };
    Ok(Prepared::Default(Box::new(PreparedDefault { after, file })))
}

/// Returns flags.toml with the requests spliced in, flag by flag.
fn spliced(
    snapshot: FileSnapshot,
    shown: &str,
    file: &FlagFile,
    requests: &[FlagRequest],
) -> Result<FileText> {
    let mut hunks = Vec::new();
    let mut file = Cow::Borrowed(file);
    for request in requests {
        let edits = edits_of(&file, request)?;
        if edits.is_empty() {
            continue;
        }
        let text = splice(&file, &edits).map_err(|error| {
            Error::new(Kind::Invalid, format!("cannot change {shown}: {error}"))
                .hint("edit the file by hand; nothing was written")
        })?;
        hunks.extend(hunk(request.flag.as_str(), file.text(), &text));
        let next = FlagFile::parse(shown, text).map_err(|mistakes| Error::in_file(shown, mistakes))?;
        file = Cow::Owned(next);
    }
    Ok(FileText { snapshot, text: file.text().to_owned(), hunks })
}

/// Returns the edits of flags.toml that a request comes to; what the file means already is left as it is written.
pub(super) fn edits_of(file: &FlagFile, request: &FlagRequest) -> Result<Vec<(FlagName, Edit)>> {
    let flag = file.definitions().flags.get(request.flag.as_str());
    let says = flag.map(default_values).unwrap_or_default();
    let mut edits = Vec::new();
    for (field, value) in &request.patch {
        let now = says.get(field).map(|(value, _)| value);
        if now != value.as_ref() {
            edits.push((request.flag.clone(), edit_of(field, value.as_ref())?));
        }
    }
    Ok(edits)
}

/// Returns the edit of flags.toml that says what a field is to be.
fn edit_of(field: &Field, value: Option<&FieldValue>) -> Result<Edit> {
    Ok(match (field, value) {
        (Field::Enabled, Some(FieldValue::Switch(on))) => Edit::Enabled(*on),
        (Field::Rollout, Some(FieldValue::Weight(weight))) => Edit::Rollout(Some(*weight)),
        (Field::Rollout, None) => Edit::Rollout(None),
        (Field::Serve, Some(FieldValue::Serve(Serve::Variation(variation)))) => {
            Edit::Serve(Some(variation.clone()))
        }
        (Field::Serve, Some(FieldValue::Serve(Serve::Split(split)))) => Edit::Split(Some(split.clone())),
        (Field::Serve, None) => Edit::Serve(None),
        (Field::User(key), Some(FieldValue::Variation(variation))) => {
            Edit::User { key: key.clone(), variation: Some(variation.clone()) }
        }
        (Field::User(key), None) => Edit::User { key: key.clone(), variation: None },
        (Field::Org(key), Some(FieldValue::Variation(variation))) => {
            Edit::Org { key: key.clone(), variation: Some(variation.clone()) }
        }
        (Field::Org(key), None) => Edit::Org { key: key.clone(), variation: None },
        (field, _) => {
            return Err(Error::new(Kind::Usage, format!("{field} cannot be taken out of flags.toml")));
        }
    })
}

/// Returns what flags.toml means of a flag, as a layer's values.
fn default_values(flag: &Flag) -> Values {
    let fallthrough = match &flag.fallthrough {
        Fallthrough::Rollout(weight) => (Field::Rollout, FieldValue::Weight(*weight)),
        Fallthrough::Serve(serve) => (Field::Serve, FieldValue::Serve(serve.clone())),
    };
    let mut all = vec![(Field::Enabled, FieldValue::Switch(flag.enabled)), fallthrough];
    let variation = |name: &crate::model::VariationName| FieldValue::Variation(name.clone());
    all.extend(flag.users.iter().map(|(key, name)| (Field::User(key.clone()), variation(name))));
    all.extend(flag.orgs.iter().map(|(key, name)| (Field::Org(key.clone()), variation(name))));
    all.into_iter().map(|(field, value)| (field, (value, Origin::BuiltIn))).collect()
}

/// Returns what stands in flags.toml of a flag: a rollout that nobody wrote down is none.
pub(super) fn written_values(file: &FlagFile, flag: &FlagName) -> Values {
    let Some(definition) = file.definitions().flags.get(flag.as_str()) else { return Values::new() };
    let mut values = default_values(definition);
    if file.flag_places(flag).is_some_and(|places| places.fallthrough.is_none()) {
        values.shift_remove(&Field::Rollout);
    }
    values
}

/// Returns what a layer says of a flag now.
pub(super) fn layer_values(loaded: &Loaded, layer: LayerWord, flag: &FlagName) -> Values {
    match layer {
        LayerWord::Admin => loaded.admin.overrides.get(flag.as_str()).cloned().unwrap_or_default(),
        LayerWord::Env => loaded.env.values(flag.as_str()).cloned().unwrap_or_default(),
        LayerWord::Default => loaded.file.as_ref().map(|file| written_values(file, flag)).unwrap_or_default(),
    }
}

/// Returns what is written to, as reports name it.
pub(super) fn target_report(loaded: &Loaded, prepared: &Prepared) -> TargetReport {
    match prepared {
        Prepared::Admin(_) => loaded.target_report(),
        Prepared::Env(prepared) => file_report(&prepared.file),
        Prepared::Default(prepared) => file_report(&prepared.file),
    }
}

fn file_report(file: &PreparedFile) -> TargetReport {
    let address = file.text.snapshot.path.display().to_string();
    TargetReport { kind: "file", profile: None, address, label: file.shown.clone() }
}
