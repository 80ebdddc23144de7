//! Looking up a user: total, cached, and honest about what came of it.

use std::fmt;
use std::sync::Arc;

use crate::error::{Error, Kind, Result};
use crate::model::Context;
use crate::settings::{DirectoryChoice, DirectoryPlace};

use super::build::build;
use super::cache::Users;
use super::http::Http;
use super::limits::{CacheLimits, DirectoryOptions};
use super::postgres::Postgres;
use super::record::Record;
use super::user::UserRecord;

/// Bytes of the longest key that a directory is asked for; nobody's id is longer.
const LONGEST_KEY: usize = 1_024;

/// Something that has records of users. Called from several threads at once; blocks.
pub trait Source: Send + Sync {
    /// Returns the record of the user with this key, which is not empty.
    ///
    /// # Errors
    /// When there is none, or it cannot be told.
    fn record(&self, key: &str) -> std::result::Result<Record, NoRecord>;
}

/// Why there is no record of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoRecord {
    /// The directory knows no such user.
    NoSuchUser,
    /// Its answer for this user is none: why, as a lower-case fragment.
    Failed(String),
    /// The directory could not be asked, or refuses everybody: why, likewise.
    Away(String),
}

/// What came of a lookup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// The directory was asked and had a record.
    Directory,
    /// The record is one of earlier.
    Cached,
    /// The key alone.
    Bare(NoRecord),
}

/// A user as far as known, and how it is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Lookup {
    /// What is known; the key alone where nothing is.
    pub user: Arc<UserRecord>,
    /// How it is known.
    pub mark: Mark,
}

impl Lookup {
    /// Returns a user of whom nothing but the key is known, and why.
    pub fn bare_of(key: &str, why: NoRecord) -> Self {
        Self { user: Arc::new(UserRecord::bare(key)), mark: Mark::Bare(why) }
    }

    /// Returns the context to evaluate with: what a caller says goes before what the record says, and stays out of
    /// the cache.
    pub fn context_with(&self, caller: &Context) -> Context {
        self.user.context_with(caller)
    }

    /// Returns why there is nothing but the key, if that is so.
    pub fn bare(&self) -> Option<&NoRecord> {
        match &self.mark {
            Mark::Bare(why) => Some(why),
            Mark::Directory | Mark::Cached => None,
        }
    }
}

/// A user directory with its cache. Share one among all threads; a lookup blocks.
pub struct Directory {
    name: String,
    source: Box<dyn Source>,
    users: Users,
}

impl fmt::Debug for Directory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Directory").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Directory {
    /// Returns the directory of a choice. Credentials and certificates are read, nobody is asked yet.
    ///
    /// # Errors
    /// When the token, the password or the certificates to trust cannot be read.
    pub fn open(choice: &DirectoryChoice, options: DirectoryOptions) -> Result<Self> {
        let name = choice.to_string();
        let token = choice.credentials.load()?;
        let cache = options.cache;
        let source: Box<dyn Source> = match &choice.place {
            DirectoryPlace::Http(url) => Box::new(Http::new(url.clone(), token, options)),
            DirectoryPlace::Postgres { url, query } => {
                let postgres = Postgres::new(url, query, token.as_ref(), &options);
                let wrong = |message| Error::new(Kind::Invalid, format!("user directory {name}: {message}"));
                Box::new(postgres.map_err(wrong)?)
            }
        };
        Ok(Self { name, source, users: Users::new(cache) })
    }

    /// Returns a directory of records from anywhere.
    pub fn of(name: impl Into<String>, source: impl Source + 'static, cache: CacheLimits) -> Self {
        Self { name: name.into(), source: Box::new(source), users: Users::new(cache) }
    }

    /// Returns the address as people may see it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Looks up a user. Total: where there is no record, the user is the key alone.
    pub fn lookup(&self, key: &str) -> Lookup {
        match self.users.get(key, || self.ask(key)) {
            Ok((user, true)) => Lookup { user, mark: Mark::Directory },
            Ok((user, false)) => Lookup { user, mark: Mark::Cached },
            Err(why) => Lookup::bare_of(key, why),
        }
    }

    /// Returns a user that is remembered. Asks nobody and does not block.
    pub fn remembered(&self, key: &str) -> Option<Lookup> {
        self.users.remembered(key).map(|user| Lookup { user, mark: Mark::Cached })
    }

    fn ask(&self, key: &str) -> std::result::Result<UserRecord, NoRecord> {
        if key.is_empty() || key.len() > LONGEST_KEY {
            return Err(NoRecord::NoSuchUser);
        }
        build(key, self.source.record(key)?).map_err(NoRecord::Failed)
    }
}

/// Writes why in words: `no such user`, `no answer within 5s`.
impl fmt::Display for NoRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchUser => f.write_str("no such user"),
            Self::Failed(why) | Self::Away(why) => f.write_str(why),
        }
    }
}

#[cfg(test)]
impl<F: Fn(&str) -> std::result::Result<Record, NoRecord> + Send + Sync> Source for F {
    fn record(&self, key: &str) -> std::result::Result<Record, NoRecord> {
        self(key)
    }
}
