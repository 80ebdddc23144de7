//! Population options → a population.

use std::fs::File;

use crate::cli::{PopulationArguments, PopulationForm};
use crate::context::Columns;
use crate::error::{Error, Kind, Result};
use crate::model::Timestamp;
use crate::output::counted;
use crate::simulate::{Format, Options, Population};

use super::session::Session;

/// A population that was opened.
pub(super) struct Opened {
    /// The users.
    pub(super) population: Population<'static>,
    /// The file as the user named it, or `-`.
    pub(super) name: String,
    /// How many bytes the file has, if it tells.
    pub(super) bytes: Option<u64>,
}

impl Session {
    /// Opens the population of `--population`; none if there is no such option.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub(super) fn population(&mut self, arguments: &PopulationArguments) -> Result<Option<Opened>> {
        let Some(path) = &arguments.population else { return Ok(None) };
        let format = arguments.format.map(|form| match form {
            PopulationForm::Ids => Format::Ids,
            PopulationForm::Csv => Format::Csv,
            PopulationForm::Jsonl => Format::JsonLines,
        });
        let name = path.display().to_string();
        if name == "-" {
            let population = Population::stream(self.stdin()?, "-", format);
            return Ok(Some(Opened { population, name, bytes: None }));
        }
        let failed = |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::NotFound => {
                Error::new(Kind::Local, format!("there is no population `{name}`"))
                    .hint("a path is seen from the folder in which the command starts")
            }
            _ => Error::new(Kind::Local, format!("cannot read the population `{name}`")).caused_by(error),
        };
        let file = File::open(self.settings.folders.absolute(path)).map_err(failed)?;
        let metadata = file.metadata().map_err(failed)?;
        if metadata.is_dir() {
            return Err(Error::new(Kind::Local, format!("the population `{name}` is a folder")));
        }
        let bytes = metadata.is_file().then_some(metadata.len());
        let population = Population::stream(file, &name, format);
        Ok(Some(Opened { population, name, bytes }))
    }
}

/// Returns the error for rows that could not be read.
pub(super) fn wrong_rows(wrong: u64, name: &str) -> Error {
    let verb = if wrong == 1 { "was" } else { "were" };
    let from = if name == "-" { "standard input" } else { name };
    Error::new(
        Kind::Invalid,
        format!("{} of {from} could not be read and {verb} left out", counted(wrong, "row")),
    )
    .hint("correct them: the answer names the first ones with their line")
}

/// Returns how a population is read.
pub(super) fn reading(arguments: &PopulationArguments, at: Timestamp) -> Options {
    Options {
        columns: Columns { id: arguments.id_column.clone(), org: arguments.org_column.clone() },
        allow_missing: arguments.allow_missing,
        at,
        workers: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
    }
}
