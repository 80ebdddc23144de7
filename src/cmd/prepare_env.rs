//! What an env file would be after a change.

use std::sync::Arc;

use crate::change::{EnvEdit, FlagRequest, edit_env_file, read_file, variable_value};
use crate::error::{Error, Kind, Result};
use crate::layer::{DotenvError, EnvLayer, Origin, Values, Variable, parse_dotenv};
use crate::model::{Definitions, variable_of};
use crate::report::FieldChange;

use super::change::Change;
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
    let snapshot = read_file(&path)?;
    let nothing = Definitions::default();
    let definitions = loaded.file.as_ref().map_or(&nothing, |file| file.definitions());
    let old = snapshot.text.clone().unwrap_or_default();
    let broken = |errors: Vec<DotenvError>| broken_env_file(&shown, &old, errors);
    let before = variables(&old, &shown).map_err(broken)?;
    let before_file = EnvLayer::read(definitions, before.iter().cloned());
    let edits = change.requests.iter().map(edit).collect::<Result<Vec<_>>>()?;
    let edited = edit_env_file(&old, &edits).map_err(broken)?;
    let edited = EnvLayer::read(definitions, variables(&edited, &shown).map_err(broken)?);
    let mut repaired = Vec::new();
    let mut needed = Vec::new();
    for (request, edit) in change.requests.iter().zip(edits) {
        let flag = request.flag.as_str();
        let is_unreadable = !before_file.problems(flag).is_empty();
        if is_unreadable {
            let last = before.iter().rev().find(|variable| variable.name == edit.name);
            repaired.push((
                flag.to_owned(),
                FieldChange {
                    field: edit.name.clone(),
                    old: last.map(|variable| variable.value.clone()),
                    new: edit.value.clone(),
                    over: None,
                    masked: false,
                },
            ));
        }
        if is_unreadable || !same(before_file.values(flag), edited.values(flag)) {
            needed.push(edit);
        }
    }
    let text = edit_env_file(&old, &needed).map_err(broken)?;
    let after = variables(&text, &shown).map_err(broken)?;
    let of_process = |variable: &&Variable| matches!(variable.origin, Origin::Variable { .. });
    let all = after.iter().chain(loaded.variables.iter().filter(of_process)).cloned();
    Ok(PreparedEnv {
        after: EnvLayer::read(definitions, all),
        before_file,
        after_file: EnvLayer::read(definitions, after.iter().cloned()),
        repaired,
        file: PreparedFile { snapshot, shown, text },
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
