//! Why a simulation could not be done.

use std::io;

use crate::context::Columns;
use crate::error::{Error, Kind};
use crate::eval::Need;

use super::population::Damaged;

/// Why a simulation could not be done.
#[derive(Debug, thiserror::Error)]
pub enum SimulateError {
    /// A world has neither a flag nor an experiment of that name, or not the kind of thing that the first has.
    #[error("`{name}` is not a flag or an experiment in {stage}")]
    Unknown {
        /// The name asked for.
        name: String,
        /// The label of the stage whose world has no such thing.
        stage: String,
    },
    /// The population could not be read.
    #[error("cannot read the population")]
    Read(#[source] io::Error),
    /// The population opens, and cannot be read to its end.
    #[error("the population is {what}")]
    Damaged {
        /// What it is, such as compressed, and what is wrong with it and where.
        what: String,
        /// What to do about it.
        hint: &'static str,
    },
    /// The population comes from elsewhere, and the way there is cut.
    #[error("the population is {what}")]
    Away {
        /// What happened.
        what: String,
        /// What to do about it.
        hint: &'static str,
    },
    /// One of several inputs is at fault.
    #[error("`{input}`: {error}")]
    In {
        /// Its name.
        input: String,
        /// What is wrong with it.
        error: Box<SimulateError>,
    },
    /// Whoever takes the results failed.
    #[error("cannot write the result")]
    Sink(#[source] io::Error),
    /// The caller asked to stop.
    #[error("interrupted")]
    Cancelled,
    /// The population is in a form that is not read here.
    #[error("the population is {form}")]
    Form {
        /// What it is, such as `compressed with gzip`.
        form: &'static str,
        /// What to do about it.
        hint: &'static str,
    },
    /// The population is a Parquet file, and this program was built without what reads those.
    #[error("the population is a Parquet file, and this ffctl was built without Parquet")]
    NoParquet,
    /// The header of a CSV population has no column with the user's key.
    #[error("the population has no {}", .wanted.as_ref().map_or_else(
        || "column with the user id".to_owned(),
        |wanted| format!("column `{wanted}`")
    ))]
    NoIdColumn {
        /// The column that was asked for; none if the usual names were looked for.
        wanted: Option<String>,
        /// The columns there are.
        header: Vec<String>,
    },
    /// The header of a CSV population has no column with the organisation's key that was asked for.
    #[error("the population has no column `{wanted}`")]
    NoOrgColumn {
        /// The column that was asked for.
        wanted: String,
        /// The columns there are.
        header: Vec<String>,
    },
    /// A column was named, but the population is a list of ids.
    #[error("the population is a list of ids and has no column `{0}`")]
    NoColumns(String),
    /// Several columns could be the user's key.
    #[error("{} could be the user id", list(.0))]
    AmbiguousId(Vec<String>),
    /// A column that is needed stands twice in the header.
    #[error("the column `{0}` stands twice in the header")]
    DuplicateColumn(String),
    /// The population does not tell what the rules ask for.
    #[error("the population lacks what the rules or `--by` ask for: {}", needs(.0))]
    Absent(Vec<Need>),
    /// A row is longer than 16 MiB, or a quote is never closed.
    #[error("the row at line {line} does not end: {reason}")]
    Endless {
        /// Where the row starts, from 1.
        line: u64,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Not one user could be read.
    #[error("the population holds no user ({wrong} wrong rows, {blank} blank lines)")]
    Empty {
        /// Rows that could not be read.
        wrong: u64,
        /// Blank lines.
        blank: u64,
        /// Where and why the first of the wrong rows could not be read.
        first: Option<String>,
    },
}

fn list<T: ToString>(items: &[T]) -> String {
    items.iter().map(|item| format!("`{}`", item.to_string())).collect::<Vec<_>>().join(", ")
}

/// Names what is asked for as columns: `plan`, `account_age_days` (or `created_at`).
fn needs(all: &[Need]) -> String {
    all.iter().map(Need::in_words).collect::<Vec<_>>().join(", ")
}

impl SimulateError {
    /// Returns the failure of a stream that cannot be read, or not be decompressed.
    pub(super) fn read(error: io::Error) -> Self {
        match error.get_ref().and_then(|inner| inner.downcast_ref::<Damaged>()) {
            Some(Damaged { what, hint, away: true }) => Self::Away { what: what.clone(), hint },
            Some(Damaged { what, hint, away: false }) => Self::Damaged { what: what.clone(), hint },
            None => Self::Read(error),
        }
    }

    /// Returns what the system said, where it is its fault.
    fn into_cause(self) -> Option<io::Error> {
        match self {
            Self::Read(cause) | Self::Sink(cause) => Some(cause),
            Self::In { error, .. } => error.into_cause(),
            _ => None,
        }
    }

    /// Returns what kind of failure it is, which decides the exit code.
    pub fn kind(&self) -> Kind {
        match self {
            Self::In { error, .. } => error.kind(),
            Self::Unknown { .. } => Kind::Unknown,
            Self::Away { .. } => Kind::Unreachable,
            Self::Read(_) | Self::Sink(_) => Kind::Local,
            Self::Cancelled => Kind::Interrupted,
            Self::Damaged { .. }
            | Self::Form { .. }
            | Self::NoParquet
            | Self::NoIdColumn { .. }
            | Self::NoOrgColumn { .. }
            | Self::NoColumns(_)
            | Self::AmbiguousId(_)
            | Self::DuplicateColumn(_)
            | Self::Absent(_)
            | Self::Endless { .. }
            | Self::Empty { .. } => Kind::Invalid,
        }
    }

    /// Returns what to type or do about it, most useful first.
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::Unknown { .. } | Self::Read(_) | Self::Sink(_) | Self::Cancelled => Vec::new(),
            Self::DuplicateColumn(name) => vec![format!("rename one of the two, or take it out: `{name}`")],
            Self::In { error, .. } => error.hints(),
            Self::Form { hint, .. } | Self::Damaged { hint, .. } | Self::Away { hint, .. } => {
                vec![(*hint).to_owned()]
            }
            Self::NoParquet => vec![
                "build one that reads it: `cargo install --path . --locked --features parquet`".to_owned(),
                "or make JSON lines of it: `duckdb -c \"copy (from 'FILE') to 'users.jsonl' (format json)\"`"
                    .to_owned(),
            ],
            Self::NoIdColumn { header, .. } => {
                let first = header.first().map_or("COLUMN", String::as_str);
                vec![
                    format!("name it, such as `--id-column {first}`; there are {}", list(header)),
                    format!("usual names are found by themselves: {}", Columns::ID_NAMES.join(", ")),
                    "a list of ids without a header ends in `.txt`, or comes with `--format ids`".to_owned(),
                ]
            }
            Self::NoOrgColumn { header, .. } => {
                vec![format!("--org-column names the organisation's; there are {}", list(header))]
            }
            Self::NoColumns(_) => {
                vec!["`--format csv` or `--format jsonl` reads it as such".to_owned()]
            }
            Self::AmbiguousId(names) => {
                vec![format!(
                    "choose one, such as `--id-column {}`",
                    names.first().map_or("id", String::as_str)
                )]
            }
            Self::Absent(_) => vec![
                "add these columns to the population".to_owned(),
                "`--allow-missing` counts them as missing for everyone: such rules match nobody".to_owned(),
            ],
            Self::Endless { .. } => vec!["look for a quote that is opened there and never closed".to_owned()],
            Self::Empty { first: Some(first), .. } => vec![format!("the first wrong row: {first}")],
            Self::Empty { first: None, .. } => {
                vec!["write one user a line; of CSV below the line with the columns".to_owned()]
            }
        }
    }
}

impl From<SimulateError> for Error {
    fn from(error: SimulateError) -> Self {
        let mut out = Self::new(error.kind(), error.to_string());
        for hint in error.hints() {
            out = out.hint(hint);
        }
        match error.into_cause() {
            Some(cause) => out.caused_by(cause),
            None => out,
        }
    }
}
