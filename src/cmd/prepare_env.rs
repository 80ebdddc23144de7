//! What an env file would be after a change.

use std::sync::Arc;

use crate::admin::FileEdit;
use crate::change::{EnvEdit, FlagRequest, edit_env_file, hunk, read_file, variable_value};
use crate::error::{Error, Kind, Result};
use crate::layer::{DotenvError, EnvLayer, Origin, Values, Variable, parse_dotenv};
use crate::model::{Definitions, variable_of};
use crate::report::FieldChange;

use super::change::{Change, FileText};
use super::load::{Loaded, broken_env_file};
use super::prepare::PreparedFile;
use super::session::Session;

/// The variables after a change.
pub(super) struct PreparedEnv {
    /// All of them.
    pub(super) after: EnvLayer,
    /// Those of the file alone, as they are and as they would be.
    pub(super) before_file: EnvLayer,
    pub(super) after_file: EnvLayer,
    /// The flags whose variable cannot be read and is replaced or taken out, which no field can tell.
    pub(super) repaired: Vec<(String, FieldChange)>,
    pub(super) file: PreparedFile,
}

/// Returns what the env file would be. A variable that means what it is to mean stays as it is written.
pub(super) fn prepare_env(session: &Session, loaded: &Loaded, change: &Change<'_>) -> Result<PreparedEnv> {
    let Some((path, shown)) = session.settings.env_file()? else {
        return Err(Error::new(Kind::Usage, "--layer env writes into an env file, and none is named")
            .hint("add --env-file .env"));
    };
    let nothing = Definitions::default();
    let definitions = loaded.file.as_ref().map_or(&nothing, |file| file.definitions());
    let layer = |text: &str| -> Result<_> {
        let all = variables(text, &shown).map_err(|errors| broken_env_file(&shown, text, errors))?;
        Ok((EnvLayer::read(definitions, all.iter().cloned()), all))
    };
    let text = if let Some(text) = &change.text {
        text.clone()
    } else {
        let snapshot = read_file(&path)?;
        let mut text = snapshot.text.clone().unwrap_or_default();
        let mut hunks = Vec::new();
        for request in &change.requests {
            let flag = request.flag.as_str();
            let edited = edit_env_file(&text, &[edit(request)?])
                .map_err(|errors| broken_env_file(&shown, &text, errors))?;
            let (now, then) = (layer(&text)?.0, layer(&edited)?.0);
            if !now.problems(flag).is_empty() || !same(now.values(flag), then.values(flag)) {
                hunks.extend(hunk(flag, &text, &edited));
                text = edited;
            }
        }
        FileText { snapshot, text, hunks }
    };
    let (before_file, before) = layer(text.snapshot.text.as_deref().unwrap_or_default())?;
    let (after_file, after) = layer(&text.text)?;
    let mut repaired = Vec::new();
    let mut edits = Vec::new();
    for request in &change.requests {
        let (flag, name) = (request.flag.as_str(), variable_of(request.flag.as_str()));
        let last = |all: &[Variable]| {
            all.iter().rev().find(|variable| variable.name == name).map(|variable| variable.value.clone())
        };
        let (old, new) = (last(&before), last(&after));
        if old == new {
            continue;
        }
        if !(before_file.problems(flag).is_empty() && after_file.problems(flag).is_empty()) {
            repaired.push((
                flag.to_owned(),
                FieldChange {
                    field: name.clone(),
                    old: old.clone(),
                    new: new.clone(),
                    old_ends: None,
                    new_ends: None,
                    over: None,
                    masked: false,
                    masked_by: None,
                    then: None,
                },
            ));
        }
        edits.push(FileEdit { flag: flag.to_owned(), place: name, before: old, after: new });
    }
    let of_process = |variable: &&Variable| matches!(variable.origin, Origin::Variable { .. });
    let all = after.iter().chain(loaded.variables.iter().filter(of_process)).cloned();
    Ok(PreparedEnv {
        after: EnvLayer::read(definitions, all),
        before_file,
        after_file,
        repaired,
        file: PreparedFile { shown, text, variables: edits },
    })
}

fn edit(request: &FlagRequest) -> Result<EnvEdit> {
    let sets = request.patch.values().any(Option::is_some);
    let value = sets.then(|| variable_value(&request.patch)).transpose()?;
    Ok(EnvEdit { name: variable_of(request.flag.as_str()), value })
}

/// Returns the variables of the file's text.
fn variables(text: &str, shown: &str) -> std::result::Result<Vec<Variable>, Vec<DotenvError>> {
    let file: Arc<str> = shown.into();
    let entries = parse_dotenv(text)?.into_iter().map(|entry| Variable {
        origin: Origin::EnvFile { name: entry.name.clone(), file: file.clone(), line: entry.line },
        name: entry.name,
        value: entry.value,
    });
    Ok(entries.collect())
}

/// Tells whether two variables say the same, wherever they stand.
fn same(one: Option<&Values>, other: Option<&Values>) -> bool {
    let values = |values: Option<&Values>| -> Vec<_> {
        let all = values.into_iter().flatten();
        all.map(|(field, (value, _))| (field.clone(), value.clone())).collect()
    };
    values(one) == values(other)
}
