//! `[directory]` of config.toml, and the one of a profile.

use std::path::PathBuf;

use super::config::{Entry, Reader};
use super::directory_url::DirectoryUrl;
use super::postgres_url::PostgresUrl;

/// A user directory as config.toml names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectoryEntry {
    /// Where it is.
    pub place: DirectoryPlace,
    /// The file with its token, or with the password of its database; absolute.
    pub token_file: Option<PathBuf>,
}

/// Where a user directory is, and how it is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DirectoryPlace {
    /// An HTTP endpoint.
    Http(DirectoryUrl),
    /// A query of a PostgreSQL database.
    Postgres {
        /// The database.
        url: Box<PostgresUrl>,
        /// The query; `$1` is the user's key.
        query: String,
    },
}

impl DirectoryPlace {
    /// Reads an address and, for a database, its query.
    ///
    /// # Errors
    /// What is wrong, and what to write.
    pub(super) fn parse(url: &str, query: Option<&str>) -> Result<Self, (String, String)> {
        if PostgresUrl::is_meant(url) {
            let url = PostgresUrl::parse(url).map_err(|error| {
                (error.to_string(), "postgres://reader@db.example.com/app?sslmode=verify-full".to_owned())
            })?;
            let query = query.map(|query| query.trim().trim_end_matches(';').trim_end()).unwrap_or_default();
            if !query.contains("$1") {
                let message = if query.is_empty() {
                    "a database needs a query"
                } else {
                    "the query does not ask for `$1`, the user's key"
                };
                let example =
                    "select id, name, email, created_at, role, metadata from users where id = $1".to_owned();
                return Err((message.to_owned(), example));
            }
            return Ok(Self::Postgres { url: Box::new(url), query: query.to_owned() });
        }
        let example = || "https://people.example.com/users/{id}".to_owned();
        let url = DirectoryUrl::parse(url).map_err(|error| (error.to_string(), example()))?;
        if query.is_some() {
            let message = "only a database (postgres://…) is asked with a query".to_owned();
            return Err((message, "leave the query out".to_owned()));
        }
        Ok(Self::Http(url))
    }
}

impl Reader<'_> {
    /// Reads the table of a user directory.
    pub(super) fn directory(&mut self, entry: Entry<'_, '_>) -> Option<DirectoryEntry> {
        let table = self.table(entry)?;
        let (mut url, mut query, mut token_file) = (None, None, None);
        let before = self.mistakes();
        for inner in table {
            match inner.0.get_ref().as_ref() {
                "url" => url = self.string(inner).map(|text| (text, inner.0.span())),
                "query" => query = self.string(inner),
                "token_file" => {
                    token_file = self.string(inner).and_then(|text| self.token_file(inner, &text));
                }
                "token" | "password" => self.misplaced_token(inner),
                _ => self.unknown_key(inner, &["url", "query", "token_file"]),
            }
        }
        if !table.contains_key("url") {
            let fix = Some("url = \"https://people.example.com/users/{id}\"".to_owned());
            self.wrong(entry.0.span(), "a user directory has a `url`", fix);
        }
        let (url, span) = url?;
        if self.mistakes() > before {
            return None;
        }
        match DirectoryPlace::parse(&url, query.as_deref()) {
            Ok(DirectoryPlace::Postgres { url, .. }) if url.has_password() => {
                let fix = Some("write it to a file of your own and name that: token_file = \"…\"".to_owned());
                self.wrong(span, "directory.url: a password does not belong in config.toml", fix);
                None
            }
            Ok(place) => Some(DirectoryEntry { place, token_file }),
            Err((message, fix)) => {
                let fix = match fix.split_once(' ') {
                    None => format!("url = \"{fix}\""),
                    Some(("select", _)) => format!("query = \"{fix}\""),
                    Some(_) => fix,
                };
                self.wrong(span, format!("directory.url: {message}"), Some(fix));
                None
            }
        }
    }
}
