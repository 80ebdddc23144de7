//! The questions that a command asks about its settings.

use std::path::{Path, PathBuf};

use crate::error::Result;

use super::admin_url::AdminUrl;
use super::color::ColorChoice;
use super::config::Config;
use super::credentials::{CredentialSource, Token};
use super::directory::DirectoryChoice;
use super::directory_url::DirectoryUrl;
use super::discovery::{FlagFile, find_flag_file, named_flag_file};
use super::folders::Folders;
use super::kept_token::KeptToken;
use super::known;
use super::limits::TimeLimits;
use super::options::Options;
use super::profile::Profile;
use super::proxy::ProxyChoice;
use super::store_path::state_folder;
use super::target::{TargetChoice, TargetPlace, choose, local_store, store_place};
use super::variables::Variables;

/// Everything the settings are decided from. Each method answers one question, so that a command fails only
/// on what it needs.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The global options.
    pub options: Options,
    /// The variables.
    pub variables: Variables,
    /// The user's folders.
    pub folders: Folders,
}

impl Settings {
    /// Returns where flags.toml is: `--flags`, then `FFCTL_FLAGS`, then in the starting folder or above it.
    ///
    /// # Errors
    /// When one was named that is not there.
    pub fn flag_file(&self) -> Result<FlagFile> {
        if let Some(named) = &self.options.flags {
            return named_flag_file(named, "`--flags`", &self.folders);
        }
        match self.variables.filled("FFCTL_FLAGS")? {
            Some(named) => named_flag_file(Path::new(named), "variable `FFCTL_FLAGS`", &self.folders),
            None => Ok(find_flag_file(&self.folders.start, self.folders.home.as_deref())),
        }
    }

    /// Returns the target that the command speaks to; see the order in DESIGN and in the help of `--profile`.
    ///
    /// # Errors
    /// When it is contradictory, unknown, or a local store without a place.
    pub fn target(&self, flag_file: &FlagFile) -> Result<TargetChoice> {
        choose(&self.options, &self.variables, &self.folders, flag_file)
    }

    /// Returns the store that a server of our own serves, whatever the settings say of servers: `--store`, then
    /// `FFCTL_STORE`, then the file that belongs to the flags.toml.
    ///
    /// # Errors
    /// When an address of a database is none, or as [`Settings::local_store`].
    pub fn served_store(&self, flag_file: &FlagFile) -> Result<TargetPlace> {
        store_place(&self.options, &self.variables, &self.folders, flag_file)
    }

    /// Returns the file of the local store, which also journals changes of files: `--store`, then `FFCTL_STORE`,
    /// unless they name a database, then the one that belongs to the flags.toml.
    ///
    /// # Errors
    /// When none is named and there is no flags.toml, or the system names no place for it.
    pub fn local_store(&self, flag_file: &FlagFile) -> Result<PathBuf> {
        local_store(&self.options, &self.variables, &self.folders, flag_file)
    }

    /// Returns the folder of the snapshots that are kept by name, inside that of the local stores; none where the system
    /// names none. Nothing is created.
    ///
    /// # Errors
    /// When `FFCTL_STATE_DIR` is empty or not UTF-8.
    pub fn snapshot_folder(&self) -> Result<Option<PathBuf>> {
        let folder = state_folder(&self.variables, &self.folders)?;
        Ok(folder.map(|folder| folder.join("snapshots")))
    }

    /// Returns the folder of the last good answers of servers: `FFCTL_CACHE_DIR`, then the user's; none where the
    /// system names none. Nothing is created.
    ///
    /// # Errors
    /// When the variable is empty or not UTF-8.
    pub fn cache_folder(&self) -> Result<Option<PathBuf>> {
        let named =
            self.variables.filled("FFCTL_CACHE_DIR")?.map(|text| self.folders.absolute(Path::new(text)));
        Ok(named.or_else(|| self.folders.cache.as_ref().map(|folder| folder.join("ffctl"))))
    }

    /// Returns what config.toml says.
    ///
    /// # Errors
    /// When it cannot be read or has mistakes.
    pub fn config(&self) -> Result<Config> {
        Config::read(&self.variables, &self.folders)
    }

    /// Returns where the token of a profile comes from.
    ///
    /// # Errors
    /// When `FFCTL_STATE_DIR` is empty or not UTF-8.
    pub fn credentials(&self, name: &str, profile: &Profile) -> Result<CredentialSource> {
        CredentialSource::of_profile(name, profile, &self.variables, &self.folders)
    }

    /// Returns where `ffctl login` keeps the token of a profile; none where the system names no folder for it.
    ///
    /// # Errors
    /// When `FFCTL_STATE_DIR` is empty or not UTF-8.
    pub fn kept_token(&self, name: &str, url: &AdminUrl) -> Result<Option<KeptToken>> {
        KeptToken::of(name, url, &self.variables, &self.folders)
    }

    /// Returns the time limits of a server.
    ///
    /// # Errors
    /// When `FFCTL_TIMEOUT` is no time span.
    pub fn limits(&self) -> Result<TimeLimits> {
        TimeLimits::resolve(&self.variables)
    }

    /// Returns the proxy that the variables name before a server; none leaves it to the system.
    ///
    /// # Errors
    /// When the variable that counts names no http proxy.
    pub fn proxy(&self, url: &AdminUrl) -> Result<Option<ProxyChoice>> {
        ProxyChoice::resolve(&self.variables, &url.route(&[]))
    }

    /// Returns the user directory that goes with a target, or with a server of our own, which has none:
    /// `FFCTL_DIRECTORY`, then the one of the target's profile, then `[directory]` of config.toml; none where nobody
    /// names one.
    ///
    /// # Errors
    /// When a variable or config.toml is wrong.
    pub fn directory(&self, target: Option<&TargetChoice>) -> Result<Option<DirectoryChoice>> {
        DirectoryChoice::resolve(&self.variables, &self.folders, target)
    }

    /// Returns the user directory that an option names by its address.
    ///
    /// # Errors
    /// When it is none, or a variable beside it is wrong.
    pub fn directory_at(&self, url: &str) -> Result<DirectoryChoice> {
        DirectoryChoice::of_option(url, &self.variables, &self.folders)
    }

    /// Returns the password of a database that an option names, as every client of PostgreSQL has it: `PGPASSWORD`.
    ///
    /// # Errors
    /// When it is not UTF-8.
    pub fn postgres_password(&self) -> Result<Option<Token>> {
        CredentialSource::of_postgres(&self.variables)
    }

    /// Returns the proxy that the variables name before a user directory; none leaves it to the system.
    ///
    /// # Errors
    /// When the variable that counts names no http proxy.
    pub fn proxy_of_directory(&self, url: &DirectoryUrl) -> Result<Option<ProxyChoice>> {
        ProxyChoice::resolve(&self.variables, url.template())
    }

    /// Returns when to use colour.
    ///
    /// # Errors
    /// When `FFCTL_COLOR` is no choice.
    pub fn color(&self) -> Result<ColorChoice> {
        ColorChoice::resolve(&self.options, &self.variables)
    }

    /// Returns the word of the output format and who named it: `--output`, then `FFCTL_OUTPUT`.
    ///
    /// # Errors
    /// When the variable is not UTF-8.
    pub fn output(&self) -> Result<Option<(&str, &'static str)>> {
        match &self.options.output {
            Some(word) => Ok(Some((word, "--output"))),
            None => Ok(self.variables.optional("FFCTL_OUTPUT")?.map(|word| (word, "FFCTL_OUTPUT"))),
        }
    }

    /// Returns the file with `FF_*` lines, absolute, and as the user wrote it: `--env-file`, then
    /// `FFCTL_ENV_FILE`.
    ///
    /// # Errors
    /// When the variable is empty or not UTF-8.
    pub fn env_file(&self) -> Result<Option<(PathBuf, String)>> {
        let named = match &self.options.env_file {
            Some(named) => Some(named.as_path()),
            None => self.variables.filled("FFCTL_ENV_FILE")?.map(Path::new),
        };
        Ok(named.map(|named| (self.folders.absolute(named), named.display().to_string())))
    }

    /// Returns what about the variables is worth a word but fails nothing.
    pub fn notes(&self) -> Vec<String> {
        known::unknown(&self.variables)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_wins_over_variables() {
        let options =
            Options { env_file: Some("a.env".into()), output: Some("json".to_owned()), ..Options::default() };
        let variables = Variables::from([("FFCTL_ENV_FILE", "b.env"), ("FFCTL_OUTPUT", "csv")]);
        let folders = Folders { start: "/s".into(), ..Folders::default() };
        let mut settings = Settings { options, variables, folders };
        assert_eq!(settings.env_file().expect("set"), Some(("/s/a.env".into(), "a.env".to_owned())));
        assert_eq!(settings.output().expect("set"), Some(("json", "--output")));
        settings.options = Options::default();
        assert_eq!(settings.env_file().expect("set"), Some(("/s/b.env".into(), "b.env".to_owned())));
        assert_eq!(settings.output().expect("set"), Some(("csv", "FFCTL_OUTPUT")));
    }

    #[test]
    fn a_named_flag_file_wins_over_the_search() {
        let root = tempfile::tempdir().expect("a folder");
        for name in ["flags.toml", "a.toml", "b.toml"] {
            std::fs::write(root.path().join(name), "").expect("written");
        }
        let folders = Folders { start: root.path().to_owned(), ..Folders::default() };
        let mut settings = Settings { folders, ..Settings::default() };
        let shown = |settings: &Settings| match settings.flag_file() {
            Ok(FlagFile::Found { shown, .. }) => shown,
            other => panic!("{other:?}"),
        };
        assert_eq!(shown(&settings), "flags.toml");
        settings.variables = [("FFCTL_FLAGS", "a.toml")].into();
        assert_eq!(shown(&settings), "a.toml");
        settings.options.flags = Some("b.toml".into());
        assert_eq!(shown(&settings), "b.toml");
        settings.options.flags = Some("c.toml".into());
        assert!(settings.flag_file().is_err());
    }
}
