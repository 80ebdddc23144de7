//! Population options → a population.

use std::collections::HashSet;
use std::path::PathBuf;

use crate::cli::{PopulationArguments, PopulationForm};
use crate::context::Columns;
use crate::error::{Error, Kind, Result};
use crate::model::Timestamp;
use crate::output::{counted, thousands};
use crate::report::Note;
use crate::settings::PostgresUrl;
use crate::simulate::{Format, Input, Options, Population, UnreadTimes};

use super::population_files::Files;
use super::session::Session;

/// A population that was opened.
pub(super) struct Opened {
    /// The users.
    pub(super) population: Population<'static>,
    /// The files as the user named them, or `-`.
    pub(super) name: String,
    /// How many bytes the files have, if they tell.
    pub(super) bytes: Option<u64>,
}

impl Session {
    /// Opens the population of `--population`; none if there is no such option.
    ///
    /// # Errors
    /// When a file cannot be opened, a pattern matches none, or one is named twice.
    pub(super) fn population(&mut self, arguments: &PopulationArguments) -> Result<Option<Opened>> {
        let Some(first) = arguments.population.first() else {
            return refuse_reading(arguments).map(|()| None);
        };
        let format = arguments.format.map(|form| match form {
            PopulationForm::Ids => Format::Ids,
            PopulationForm::Csv => Format::Csv,
            PopulationForm::Jsonl => Format::JsonLines,
        });
        let is_database = |path: &PathBuf| path.to_str().is_some_and(PostgresUrl::is_meant);
        let asked = arguments.population.iter().any(is_database);
        if asked && arguments.format.is_some() {
            return Err(Error::new(Kind::Usage, "--format is for files: the rows of a query have columns")
                .hint("leave it out: a file tells its form by its name, or its first line"));
        }
        if arguments.query.is_some() && !asked {
            return Err(Error::new(Kind::Usage, "--query is for a database, and --population names none")
                .hint("--population postgres://db.example.com/app"));
        }
        let databases = arguments.population.iter().filter(|path| is_database(path));
        let mut known = HashSet::new();
        if let Some(twice) =
            databases.filter_map(|path| path.to_str()).find(|address| !known.insert(*address))
        {
            let shown = PostgresUrl::parse(twice).map_or_else(|_| twice.to_owned(), |url| url.to_string());
            let message = format!("the population `{shown}` is named twice");
            return Err(Error::new(Kind::Usage, message)
                .hint("it is asked one query: `union all` brings the users of several tables"));
        }
        let (mut inputs, mut files, mut bytes) = (Vec::new(), Files::default(), Some(0));
        for argument in &arguments.population {
            if argument.as_os_str() == "-" {
                inputs.push(Input::stream(self.stdin()?, "-", format));
                bytes = None;
                continue;
            }
            if let Some(address) = argument.to_str().filter(|text| PostgresUrl::is_meant(text)) {
                inputs.push(self.population_query(address, arguments.query.as_deref())?);
                bytes = None;
                continue;
            }
            for file in files.named(argument, &self.settings.folders)? {
                let length = file.bytes;
                bytes = bytes.zip(length).map(|(bytes, length)| bytes + length);
                inputs.push(file.input(format)?);
            }
        }
        let first = match first.to_str().filter(|text| PostgresUrl::is_meant(text)).map(PostgresUrl::parse) {
            // Without its user.
            Some(Ok(url)) => url.to_string(),
            _ => first.display().to_string(),
        };
        let name = match arguments.population.len() - 1 {
            0 => first,
            more => format!("{first} and {more} more"),
        };
        Ok(Some(Opened { population: Population::Inputs(inputs), name, bytes }))
    }
}

/// Refuses options that say how a population is read, where there is none; clap lets them pass beside what excludes one.
///
/// # Errors
/// Kind `Usage` if there is such an option.
pub(super) fn refuse_reading(arguments: &PopulationArguments) -> Result<()> {
    let options = [
        ("--query", arguments.query.is_some()),
        ("--format", arguments.format.is_some()),
        ("--id-column", arguments.id_column.is_some()),
        ("--org-column", arguments.org_column.is_some()),
        ("--allow-missing", arguments.allow_missing),
        ("--distinct", arguments.distinct),
    ];
    match options.into_iter().find(|(_, given)| *given) {
        Some((option, _)) => Err(Error::new(Kind::Usage, format!("{option} says how --population is read"))
            .hint("made-up users have an id and nothing else, each once")),
        None => Ok(()),
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

/// Returns what to say of rows that repeat an id.
pub(super) fn repeated(duplicates: u64, first: &[String]) -> Note {
    let (verb, was) = if duplicates == 1 { ("repeats", "was") } else { ("repeat", "were") };
    let more = if duplicates > first.len() as u64 { ", …" } else { "" };
    let rows = counted(duplicates, "row");
    Note::new(format!("{rows} {verb} an id and {was} left out: {}{more}", first.join(", ")))
}

/// Returns what to say of times of an input that cannot be read.
pub(super) fn unread_times(times: &UnreadTimes) -> Note {
    let UnreadTimes { rows, of, first } = times;
    let (rows, of) = (thousands(*rows), counted(*of, "row"));
    Note::new(format!(
        "`created_at` is no time in {rows} of the first {of}, such as `{first}`: where it is none the account has no age"
    ))
    .hint("a time is RFC 3339 with its zone, such as 2026-01-01T00:00:00Z, or epoch milliseconds")
}

/// Returns how a population is read.
pub(super) fn reading(arguments: &PopulationArguments, at: Timestamp) -> Options {
    Options {
        columns: Columns { id: arguments.id_column.clone(), org: arguments.org_column.clone() },
        allow_missing: arguments.allow_missing,
        at,
        distinct: arguments.distinct,
        digest: false,
        workers: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
    }
}
