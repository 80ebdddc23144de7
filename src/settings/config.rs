//! config.toml: the profiles of this user. It alone names where a credential goes.

use std::fs;
use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::error::{Diagnostic, Error, Kind, Result, did_you_mean};

use super::config_directory::DirectoryEntry;
use super::folders::Folders;
use super::profile::Profile;
use super::span::diagnostic_at;
use super::variables::Variables;

/// What config.toml says; empty if there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// The file, whether it exists or not; none if the system names no folder for it.
    pub path: Option<PathBuf>,
    /// The file as the user would write it; empty if there is no folder for it.
    pub shown: String,
    /// The profile that is spoken to when nothing else is named; one of [`Config::profiles`].
    pub default_profile: Option<String>,
    /// The line of `default_profile`, from 1.
    pub default_line: Option<usize>,
    /// The profiles, in file order.
    pub profiles: IndexMap<String, Profile>,
    /// The user directory where a profile has none of its own.
    pub directory: Option<DirectoryEntry>,
}

impl Config {
    /// Reads config.toml from the user's folder, or the file that `FFCTL_CONFIG` names, which must exist.
    ///
    /// # Errors
    /// When it cannot be read, or has mistakes: all of them at once.
    pub fn read(variables: &Variables, folders: &Folders) -> Result<Self> {
        let named = variables.filled("FFCTL_CONFIG")?.map(|text| folders.absolute(Path::new(text)));
        let usual = || folders.config.as_ref().map(|folder| folder.join("ffctl").join("config.toml"));
        let is_named = named.is_some();
        let Some(path) = named.or_else(usual) else { return Ok(Self::default()) };
        let shown = folders.shown(&path);
        match fs::read_to_string(&path) {
            Ok(text) => Self::parse(&text, &path, &shown, folders),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                if is_named {
                    return Err(Error::new(
                        Kind::Invalid,
                        format!("`FFCTL_CONFIG`: there is no file `{shown}`"),
                    ));
                }
                Ok(Self { path: Some(path), shown, ..Self::default() })
            }
            Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                Err(Error::new(Kind::Invalid, format!("`{shown}` is not UTF-8")))
            }
            Err(error) => Err(Error::new(Kind::Local, format!("cannot read `{shown}`")).caused_by(error)),
        }
    }

    /// Reads the text of a config.toml that lies, or is to lie, at `path`, which the user would write as `shown`.
    ///
    /// # Errors
    /// All its mistakes.
    pub fn parse(text: &str, path: &Path, shown: &str, folders: &Folders) -> Result<Self> {
        let (document, errors) = DeTable::parse_recoverable(text.trim_start_matches('\u{feff}'));
        let shift = text.len() - text.trim_start_matches('\u{feff}').len();
        let mut reader = Reader { text, shift, shown, path, folders, diagnostics: Vec::new() };
        for error in errors {
            let fix = match error.message() {
                message if message.contains("expected `\"`") || message.contains("expected `'`") => {
                    "close the quotes on this line"
                }
                message if message.contains("duplicate") => "keep one of the two",
                _ => "write key = \"value\", or [profiles.NAME]",
            };
            let said = error.message().trim();
            let message =
                if fix.starts_with("close") { "the quotes are not closed" } else { said }.to_owned();
            reader.wrong(error.span().unwrap_or_default(), message, Some(fix.to_owned()));
        }
        let unreadable: Vec<usize> = reader.diagnostics.iter().map(|diagnostic| diagnostic.line).collect();
        let mut config = Self { path: Some(path.to_owned()), shown: shown.to_owned(), ..Self::default() };
        reader.document(document.get_ref(), &mut config);
        let mut diagnostics = reader.diagnostics;
        // What the parser made of a line that is no TOML is not worth a second complaint.
        let mut count = 0..;
        diagnostics.retain(|diagnostic| {
            count.next() < Some(unreadable.len()) || !unreadable.contains(&diagnostic.line)
        });
        if diagnostics.is_empty() {
            return Ok(config);
        }
        diagnostics.sort_by_key(|diagnostic| (diagnostic.line, diagnostic.column));
        Err(Error::in_file(shown, diagnostics))
    }

    /// Returns a profile.
    ///
    /// # Errors
    /// When there is none of that name.
    pub fn profile(&self, name: &str, named_by: &str) -> Result<&Profile> {
        self.profiles.get(name).ok_or_else(|| {
            let error = Error::new(Kind::Unknown, format!("{named_by}: there is no profile `{name}`"));
            let names = || self.profiles.keys().map(String::as_str);
            let place =
                self.path.as_deref().map_or("config.toml".to_owned(), |path| path.display().to_string());
            match did_you_mean(name, names()) {
                Some(hint) => error.hint(hint),
                None if self.profiles.is_empty() => {
                    error.hint(format!("add [profiles.{name}] with its url to {place}"))
                }
                None => {
                    error.hint(format!("the profiles of {place}: {}", names().collect::<Vec<_>>().join(", ")))
                }
            }
        })
    }
}

pub(super) type Entry<'a, 'i> = (&'a Spanned<std::borrow::Cow<'i, str>>, &'a Spanned<DeValue<'i>>);

pub(super) struct Reader<'a> {
    text: &'a str,
    /// Bytes of a byte order mark, which the parser does not see.
    shift: usize,
    shown: &'a str,
    path: &'a Path,
    folders: &'a Folders,
    diagnostics: Vec<Diagnostic>,
}

impl Reader<'_> {
    pub(super) fn wrong(
        &mut self,
        span: std::ops::Range<usize>,
        message: impl Into<String>,
        fix: Option<String>,
    ) {
        let span = span.start + self.shift..span.end + self.shift;
        let mut diagnostic = diagnostic_at(self.shown, self.text, span, message, fix);
        hide_secret(&mut diagnostic);
        self.diagnostics.push(diagnostic);
    }

    pub(super) fn unknown_key(&mut self, entry: Entry<'_, '_>, known: &[&str]) {
        let key = entry.0.get_ref();
        let fix = did_you_mean(key, known.iter().copied());
        let fix = fix.unwrap_or_else(|| format!("the keys here: {}", known.join(", ")));
        self.wrong(entry.0.span(), format!("unknown key `{key}`"), Some(fix));
    }

    fn document(&mut self, document: &DeTable<'_>, config: &mut Config) {
        for entry in document {
            match entry.0.get_ref().as_ref() {
                "default_profile" => {
                    config.default_profile = self.string(entry);
                    config.default_line = Some(self.line(entry.0.span()));
                }
                "profiles" => {
                    let Some(table) = self.table(entry) else { continue };
                    for profile in table {
                        self.named_profile(profile, config);
                    }
                }
                "directory" => config.directory = self.directory(entry),
                _ => self.unknown_key(entry, &["default_profile", "directory", "profiles"]),
            }
        }
        let Some(name) = &config.default_profile else { return };
        let declared = document.get("profiles").and_then(|value| value.get_ref().as_table());
        if declared.is_none_or(|table| !table.contains_key(name.as_str())) {
            let names = declared.into_iter().flat_map(|table| table.keys()).map(|key| key.get_ref().as_ref());
            let fix = did_you_mean(name, names).unwrap_or_else(|| format!("add [profiles.{name}]"));
            let span = document.get("default_profile").map(Spanned::span).unwrap_or_default();
            let message = format!("there is no profile `{name}`");
            self.wrong(span, message, Some(fix));
        }
    }

    /// Returns the line of a span, from 1.
    pub(super) fn line(&self, span: std::ops::Range<usize>) -> usize {
        let before = self.text.get(..span.start + self.shift).unwrap_or(self.text);
        before.matches('\n').count() + 1
    }

    /// Returns how many mistakes were found so far.
    pub(super) fn mistakes(&self) -> usize {
        self.diagnostics.len()
    }

    pub(super) fn misplaced_token(&mut self, entry: Entry<'_, '_>) {
        let fix = Some("write it to a file of your own and name that: token_file = \"…\"".to_owned());
        self.wrong(entry.0.span(), "a token does not belong in config.toml", fix);
    }

    pub(super) fn token_file(&mut self, entry: Entry<'_, '_>, text: &str) -> Option<PathBuf> {
        if text.is_empty() {
            self.wrong(
                entry.1.span(),
                "an empty path",
                Some("name the file, or leave the key out".to_owned()),
            );
            return None;
        }
        let Some(inside) = text.strip_prefix("~/") else {
            return Some(self.path.parent().unwrap_or(Path::new("")).join(text));
        };
        let home = self.folders.home.as_ref().map(|home| home.join(inside));
        if home.is_none() {
            self.wrong(
                entry.1.span(),
                "there is no home folder for `~`",
                Some("write the whole path".to_owned()),
            );
        }
        home
    }

    pub(super) fn boolean(&mut self, entry: Entry<'_, '_>) -> Option<bool> {
        let value = entry.1.get_ref().as_bool();
        if value.is_none() {
            self.wrong_type(entry, "true or false");
        }
        value
    }

    pub(super) fn string(&mut self, entry: Entry<'_, '_>) -> Option<String> {
        let text = entry.1.get_ref().as_str().map(str::to_owned);
        if text.is_none() {
            self.wrong_type(entry, "text in quotes");
        }
        text
    }

    pub(super) fn table<'t, 'i>(&mut self, entry: Entry<'t, 'i>) -> Option<&'t DeTable<'i>> {
        let table = entry.1.get_ref().as_table();
        if table.is_none() {
            self.wrong_type(entry, "a table");
        }
        table
    }

    pub(super) fn wrong_type(&mut self, entry: Entry<'_, '_>, wanted: &str) {
        let (key, found) = (entry.0.get_ref(), entry.1.get_ref().type_str());
        let fix = match wanted {
            "true or false" => format!("{key} = true"),
            "a table" if key == "directory" => "[directory]".to_owned(),
            "a list" => format!("{key} = [\"Fri 16:00..Mon 08:00 UTC\"]"),
            "a table" => format!("[profiles.{key}]"),
            _ => format!("{key} = \"…\""),
        };
        let fix = if key == "profiles" { "[profiles.NAME]".to_owned() } else { fix };
        self.wrong(entry.1.span(), format!("`{key}` is {wanted}, not {}", in_words(found)), Some(fix));
    }
}

/// Returns a type of TOML as the messages about flags.toml call it.
fn in_words(found: &str) -> &str {
    match found {
        "string" => "text",
        "integer" => "a whole number",
        "float" => "a decimal number",
        "boolean" => "a boolean",
        "datetime" => "a date",
        "array" => "a list",
        "table" => "a table",
        other => other,
    }
}

/// Shows only the keys of a line that may hold a password or a token.
fn hide_secret(diagnostic: &mut Diagnostic) {
    let text = &diagnostic.text;
    if !["@", "url", "token", "password"].iter().any(|word| text.contains(word)) {
        return;
    }
    let Some(end) = text.find('=') else { return };
    let shown = format!("{}= …", &text[..end]);
    let length = shown.chars().count();
    diagnostic.column = diagnostic.column.min(length);
    diagnostic.width = diagnostic.width.min(length + 1 - diagnostic.column);
    diagnostic.text = shown;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Config> {
        let folders = Folders { home: Some("/home/u".into()), ..Folders::default() };
        Config::parse(text, Path::new("/home/u/.config/ffctl/config.toml"), "config.toml", &folders)
    }

    #[test]
    fn profiles_are_read() {
        let text = "\u{feff}default_profile = \"prod\"\n[profiles.prod]\nurl = \"https://flags.example.com\"\ntoken_file = \"~/.t\"\nprotected = true\ndescription = \"d\"\n[profiles.staging]\nurl = \"http://localhost:1\"\ntoken_file = \"t\"\n";
        let config = parse(text).expect("valid");
        assert_eq!(config.default_profile.as_deref(), Some("prod"));
        let prod = config.profile("prod", "`-p`").expect("there");
        assert_eq!(prod.token_file.as_deref(), Some(Path::new("/home/u/.t")));
        assert!(prod.protected && !config.profiles["staging"].protected);
        let beside = config.profiles["staging"].token_file.as_deref();
        assert_eq!(beside, Some(Path::new("/home/u/.config/ffctl/t")));
        let error = config.profile("stagin", "`-p`").expect_err("unknown");
        assert_eq!((error.kind(), error.hints()[0].as_str()), (Kind::Unknown, "did you mean `staging`?"));
    }

    #[test]
    fn every_mistake_is_reported_in_one_run_with_its_place() {
        let text = "default_profile = \"prd\"\ncolour = true\n[profiles.prod]\nurl = \"http://u:hunter2@example.com\"\nprotected = \"yes\"\ntoken = \"hunter3\"\n[profiles.local]\n[profiles.x]\nurl = 1\n= 3\n";
        let error = parse(text).expect_err("wrong");
        let found: Vec<_> =
            error.diagnostics().iter().map(|d| (d.line, d.column, d.message.as_str())).collect();
        let expected = [
            (1, 19, "there is no profile `prd`"),
            (2, 1, "unknown key `colour`"),
            (4, 1, "profiles.prod.url: credentials do not belong in an address; use a token file"),
            (5, 13, "`protected` is true or false, not text"),
            (6, 1, "a token does not belong in config.toml"),
            (7, 11, "`local` is the name of the local store"),
            (7, 11, "profile `local` has no `url`"),
            (9, 7, "`url` is text in quotes, not a whole number"),
        ];
        assert_eq!(found[..expected.len()], expected);
        assert_eq!(found.len(), expected.len() + 1, "{found:?}");
        assert_eq!(found.last().map(|last| last.0), Some(10));
        assert!(!format!("{error:?}").contains("hunter"), "no password in a diagnostic");
    }

    #[test]
    fn a_line_that_is_no_toml_does_not_show_its_password_either() {
        let error = parse("[profiles.x]\nurl = \"https://u:hunter2@example.com\n").expect_err("open quote");
        assert_eq!(error.diagnostics()[0].line, 2);
        assert!(!format!("{error:?}").contains("hunter"), "{error:?}");
    }

    #[test]
    fn no_file_is_an_empty_config_unless_it_was_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let config = Some(folder.path().to_owned());
        let folders = Folders { start: folder.path().to_owned(), config, ..Folders::default() };
        assert!(Config::read(&Variables::default(), &folders).expect("none").profiles.is_empty());
        let error = Config::read(&[("FFCTL_CONFIG", "c.toml")].into(), &folders).expect_err("named");
        assert_eq!(error.kind(), Kind::Invalid);
    }
}
