//! `[profiles.NAME]` of config.toml.

use std::path::PathBuf;

use toml::de::DeTable;

use super::admin_url::AdminUrl;
use super::config::{Config, Entry, Reader};
use super::config_directory::DirectoryEntry;
use super::guards::ProfileGuards;

/// A named target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The address of its admin API.
    pub url: AdminUrl,
    /// The file with its token, absolute.
    pub token_file: Option<PathBuf>,
    /// Whether writes need its name on the command line.
    pub protected: bool,
    /// What it is, for people.
    pub description: Option<String>,
    /// The user directory that goes with it.
    pub directory: Option<DirectoryEntry>,
    /// What it demands of changes.
    pub guards: ProfileGuards,
    /// Its keys in file order, each with its line, from 1.
    pub lines: Vec<(String, usize)>,
}

impl Profile {
    /// Returns the line of one of its keys.
    pub fn line(&self, key: &str) -> Option<usize> {
        self.lines.iter().find(|(name, _)| name == key).map(|(_, line)| *line)
    }
}

impl Reader<'_> {
    /// Reads `[profiles.NAME]` into the configuration.
    pub(super) fn named_profile(&mut self, entry: Entry<'_, '_>, config: &mut Config) {
        let name = entry.0.get_ref().as_ref();
        if let Err((message, fix)) = check_profile_name(name) {
            self.wrong(entry.0.span(), message, Some(fix.to_owned()));
        }
        let Some(table) = self.table(entry) else { return };
        if let Some(profile) = self.profile(table, entry.0.span(), name) {
            config.profiles.insert(name.to_owned(), profile);
        }
    }

    fn profile(&mut self, table: &DeTable<'_>, span: std::ops::Range<usize>, name: &str) -> Option<Profile> {
        let (mut url, mut token_file, mut protected, mut description) = (None, None, false, None);
        let (mut directory, mut guards, mut lines) = (None, ProfileGuards::default(), Vec::new());
        for entry in table {
            lines.push((entry.0.get_ref().to_string(), self.line(entry.0.span())));
            match entry.0.get_ref().as_ref() {
                "url" => url = self.url(entry, name),
                "token_file" => {
                    token_file = self.string(entry).and_then(|text| self.token_file(entry, &text));
                }
                "protected" => protected = self.boolean(entry).unwrap_or_default(),
                "description" => description = self.string(entry),
                "directory" => directory = self.directory(entry),
                "token" => self.misplaced_token(entry),
                guard if ProfileGuards::KEYS.contains(&guard) => self.guard(entry, &mut guards),
                _ => {
                    let known = ["url", "token_file", "protected", "description", "directory"];
                    self.unknown_key(entry, &[&known[..], &ProfileGuards::KEYS].concat());
                }
            }
        }
        if !table.contains_key("url") {
            let fix = Some("url = \"https://…\"".to_owned());
            self.wrong(span, format!("profile `{name}` has no `url`"), fix);
        }
        Some(Profile { url: url?, token_file, protected, description, directory, guards, lines })
    }

    fn url(&mut self, entry: Entry<'_, '_>, name: &str) -> Option<AdminUrl> {
        let text = self.string(entry)?;
        match AdminUrl::parse(&text) {
            Ok(url) => Some(url),
            Err(error) => {
                let fix = Some("url = \"https://flags.example.com\"".to_owned());
                self.wrong(entry.0.span(), format!("profiles.{name}.url: {error}"), fix);
                None
            }
        }
    }
}

/// Makes sure that a profile can have this name.
///
/// # Errors
/// What is wrong, and what to do.
pub fn check_profile_name(name: &str) -> std::result::Result<(), (&'static str, &'static str)> {
    let proper = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    if name == "local" {
        return Err(("`local` is the name of the local store", "choose another name"));
    }
    if !name.starts_with(|c: char| c.is_ascii_alphanumeric()) || !name.chars().all(proper) {
        let fix = "start with a letter or digit, then letters, digits, `_`, `.` and `-`";
        return Err(("not a name for a profile", fix));
    }
    Ok(())
}
