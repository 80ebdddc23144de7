//! Where exactly a value stands.

use std::fmt;
use std::sync::Arc;

use crate::model::Timestamp;

/// The place of a value: file and line, variable name, journal number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A place in flags.toml.
    File {
        /// The file as the user named it.
        file: Arc<str>,
        /// Line, from 1.
        line: usize,
        /// Column in characters, from 1.
        column: usize,
    },
    /// An environment variable of the process.
    Variable {
        /// Its name.
        name: String,
    },
    /// A variable of an `--env-file`.
    EnvFile {
        /// Its name.
        name: String,
        /// The file as the user named it.
        file: Arc<str>,
        /// Line, from 1.
        line: usize,
    },
    /// A journalled change of the target.
    Journal {
        /// Its number.
        number: u64,
        /// Who made it.
        by: Option<String>,
        /// When.
        at: Option<Timestamp>,
        /// When it ends by itself.
        expires_at: Option<Timestamp>,
    },
    /// The server's answer, which names no journal number.
    Server,
    /// The server's own `enabled`, which counts since `--view server` chose it.
    ServerView,
    /// An option of this command, such as `--rollout`.
    Option(&'static str),
    /// Nobody said anything: the value that is meant then.
    BuiltIn,
}

impl Origin {
    /// Returns the change's number in the journal, if it is one.
    pub const fn journal(&self) -> Option<u64> {
        match self {
            Self::Journal { number, .. } => Some(*number),
            _ => None,
        }
    }

    /// Returns the place of a change that ends by itself; its number is not known before it is made.
    #[must_use]
    pub fn ending(self, ends: Option<Timestamp>) -> Self {
        match (self, ends) {
            (Self::Journal { number, by, at, .. }, expires_at) => {
                Self::Journal { number, by, at, expires_at }
            }
            (_, ends @ Some(_)) => Self::Journal { number: 0, by: None, at: None, expires_at: ends },
            (other, None) => other,
        }
    }

    /// Returns when what stands there ends by itself; none if it stays.
    pub const fn expires_at(&self) -> Option<Timestamp> {
        match self {
            Self::Journal { expires_at, .. } => *expires_at,
            _ => None,
        }
    }
}

/// Writes the place in short: `flags.toml:12:3`, `FF_X`, `.env:3 FF_X`, `journal 17`.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::File { file, line, column } => format!("{file}:{line}:{column}"),
            Self::Variable { name } => name.clone(),
            Self::EnvFile { name, file, line } => format!("{file}:{line} {name}"),
            Self::Journal { number, .. } => format!("journal {number}"),
            Self::Server => "server".to_owned(),
            Self::ServerView => "server's own view".to_owned(),
            Self::Option(option) => (*option).to_owned(),
            Self::BuiltIn => "built in".to_owned(),
        };
        f.pad(&text)
    }
}

impl serde::Serialize for Origin {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
