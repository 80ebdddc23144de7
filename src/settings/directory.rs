//! Which user directory is asked, and who said so.

use std::fmt;

use crate::error::{Error, Kind, Result};

use super::config::Config;
use super::config_directory::DirectoryEntry;
pub use super::config_directory::DirectoryPlace;
use super::credentials::CredentialSource;
use super::folders::Folders;
use super::postgres_url::PostgresUrl;
use super::target::{TargetChoice, TargetPlace};
use super::variables::Variables;

/// The user directory that was chosen; nothing of it asked yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectoryChoice {
    /// Where it is, and how it is asked.
    pub place: DirectoryPlace,
    /// Where its token comes from, or the password of its database. It goes with this address only.
    pub credentials: CredentialSource,
    /// What was set and has no effect on it, for people.
    pub notes: Vec<String>,
}

impl DirectoryChoice {
    /// Chooses: `FFCTL_DIRECTORY`, then the directory of the target's profile, then `[directory]` of config.toml.
    pub(super) fn resolve(
        variables: &Variables,
        folders: &Folders,
        target: Option<&TargetChoice>,
    ) -> Result<Option<Self>> {
        if let Some(text) = variables.filled("FFCTL_DIRECTORY")? {
            return Self::of_variable(text, variables, folders).map(Some);
        }
        let config = Config::read(variables, folders)?;
        let profile = target.and_then(|target| match &target.place {
            TargetPlace::Server { profile: Some(name), .. } => config.profiles.get(name),
            TargetPlace::Server { profile: None, .. }
            | TargetPlace::Local { .. }
            | TargetPlace::Database { .. } => None,
        });
        let entry = profile.and_then(|profile| profile.directory.as_ref()).or(config.directory.as_ref());
        let Some(DirectoryEntry { place, token_file }) = entry.cloned() else { return Ok(None) };
        let credentials = token_file.map(|path| CredentialSource::file(path, folders));
        // A token of the environment was meant for the address beside it; it must not reach another server.
        let beside = ["FFCTL_DIRECTORY_TOKEN", "FFCTL_DIRECTORY_TOKEN_FILE", "FFCTL_DIRECTORY_QUERY"];
        let unused = beside.into_iter().filter(|variable| !matches!(variables.text(variable), Ok(None)));
        let notes = unused.map(|variable| {
            format!("variable `{variable}` is not used: it goes with `FFCTL_DIRECTORY` only")
        });
        Ok(Some(Self {
            place,
            credentials: credentials.unwrap_or(CredentialSource::None),
            notes: notes.collect(),
        }))
    }

    /// Returns the directory that an option names. Its query is that of the variables; their token goes with it unless
    /// they name another directory themselves.
    pub(super) fn of_option(text: &str, variables: &Variables, folders: &Folders) -> Result<Self> {
        let query = variables.filled("FFCTL_DIRECTORY_QUERY")?.filter(|_| PostgresUrl::is_meant(text));
        let place = parsed("--directory", text, query)?;
        if matches!(&place, DirectoryPlace::Postgres { url, .. } if url.has_password()) {
            let message =
                "--directory: a password on the command line can be read by everybody on this machine";
            return Err(Error::new(Kind::Usage, message)
                .hint("name a file with it: FFCTL_DIRECTORY_TOKEN_FILE=/path/to/password"));
        }
        let another = variables.optional("FFCTL_DIRECTORY")?.filter(|other| *other != text);
        if another.is_some() {
            let note = "variable `FFCTL_DIRECTORY` and what stands beside it are not used: --directory names another one";
            return Ok(Self { place, credentials: CredentialSource::None, notes: vec![note.to_owned()] });
        }
        let credentials = CredentialSource::of_directory(variables, folders)?;
        Ok(Self { place, credentials, notes: Vec::new() })
    }

    fn of_variable(text: &str, variables: &Variables, folders: &Folders) -> Result<Self> {
        let query = variables.filled("FFCTL_DIRECTORY_QUERY")?;
        let place = parsed("FFCTL_DIRECTORY", text, query)?;
        let credentials = CredentialSource::of_directory(variables, folders)?;
        let twice = credentials != CredentialSource::None
            && matches!(&place, DirectoryPlace::Postgres { url, .. } if url.has_password());
        if twice {
            let message = "variable `FFCTL_DIRECTORY`: a password stands in it and beside it";
            return Err(Error::new(Kind::Invalid, message).hint("keep FFCTL_DIRECTORY_TOKEN_FILE"));
        }
        Ok(Self { place, credentials, notes: Vec::new() })
    }
}

/// Reads the address that an option or a variable holds.
fn parsed(place: &str, text: &str, query: Option<&str>) -> Result<DirectoryPlace> {
    let option = place.starts_with('-');
    DirectoryPlace::parse(text, query).map_err(|(message, fix)| {
        let (kind, named) = if option {
            (Kind::Usage, place.to_owned())
        } else {
            (Kind::Invalid, format!("variable `{place}`"))
        };
        let joint = if option { ' ' } else { '=' };
        Error::new(kind, format!("{named}: {message}")).hint(match fix.split_once(' ') {
            None => format!("write {place}{joint}'{fix}'"),
            Some(("select", _)) => format!("write FFCTL_DIRECTORY_QUERY='{fix}'"),
            Some(_) => "`unset FFCTL_DIRECTORY_QUERY`".to_owned(),
        })
    })
}

/// Writes where it is, without user and password.
impl fmt::Display for DirectoryChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            DirectoryPlace::Http(url) => fmt::Display::fmt(url, f),
            DirectoryPlace::Postgres { url, .. } => fmt::Display::fmt(url, f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{FlagFile, Options, Settings};
    use super::*;

    const HTTP: &str = "https://people.example.com/users/{id}";

    struct User {
        root: tempfile::TempDir,
    }

    impl User {
        fn new(config: &str) -> Self {
            let root = tempfile::tempdir().expect("a folder");
            std::fs::create_dir_all(root.path().join("config/ffctl")).expect("a folder");
            std::fs::write(root.path().join("config/ffctl/config.toml"), config).expect("written");
            Self { root }
        }

        fn choose(
            &self,
            profile: Option<&str>,
            variables: impl Into<Variables>,
        ) -> Result<Option<DirectoryChoice>> {
            let config = Some(self.root.path().join("config"));
            let folders = Folders { start: self.root.path().to_owned(), config, ..Folders::default() };
            let options = Options { profile: profile.map(str::to_owned), ..Options::default() };
            let settings = Settings { options, variables: variables.into(), folders };
            let missing = FlagFile::Missing { looked_in: Vec::new() };
            let target = profile.map(|_| settings.target(&missing)).transpose()?;
            settings.directory(target.as_ref())
        }
    }

    fn shown(choice: Result<Option<DirectoryChoice>>) -> Option<String> {
        choice.expect("valid").map(|choice| choice.to_string())
    }

    const CONFIG: &str = "[directory]\nurl = \"https://all.example.com/users/{id}\"\ntoken_file = \"t\"\n[profiles.prod]\nurl = \"https://flags.example.com\"\n[profiles.prod.directory]\nurl = \"postgres://reader@db.example.com/app\"\nquery = \"select * from users where id = $1;\"\n[profiles.dev]\nurl = \"http://localhost:1\"\n";

    #[test]
    fn the_order_is_variable_profile_everybody() {
        let user = User::new(CONFIG);
        assert_eq!(shown(user.choose(None, [])).as_deref(), Some("https://all.example.com/users/{id}"));
        assert_eq!(
            shown(user.choose(Some("dev"), [])).as_deref(),
            Some("https://all.example.com/users/{id}")
        );
        assert_eq!(shown(user.choose(Some("prod"), [])).as_deref(), Some("postgres://db.example.com/app"));
        let choice = user.choose(Some("prod"), [("FFCTL_DIRECTORY", HTTP), ("FFCTL_DIRECTORY_TOKEN", "s")]);
        let choice = choice.expect("valid").expect("named");
        assert_eq!(choice.to_string(), HTTP);
        assert!(matches!(choice.credentials, CredentialSource::Variable(_)));
        assert_eq!(shown(User::new("").choose(None, [])), None);
    }

    #[test]
    fn a_token_of_the_environment_goes_with_its_address_only() {
        let choice = User::new(CONFIG).choose(None, [("FFCTL_DIRECTORY_TOKEN", "secret")]);
        let choice = choice.expect("valid").expect("named");
        assert!(matches!(choice.credentials, CredentialSource::File { .. }));
        assert!(choice.notes[0].contains("FFCTL_DIRECTORY_TOKEN"), "{:?}", choice.notes);
        let none = User::new(&CONFIG.replace("token_file = \"t\"\n", ""))
            .choose(None, [("FFCTL_DIRECTORY_TOKEN", "secret"), ("FFCTL_TOKEN", "secret")]);
        assert_eq!(none.expect("valid").expect("named").credentials, CredentialSource::None);
    }

    #[test]
    fn an_option_names_another_directory_and_gets_no_token_that_was_meant_for_one() {
        let of = |url: &str, variables: Vec<(&str, &str)>| {
            let all = variables.into_iter().map(|(name, value)| (name.into(), value.into()));
            DirectoryChoice::of_option(url, &all.collect(), &Folders::default())
        };
        let token = ("FFCTL_DIRECTORY_TOKEN", "secret");
        let alone = of(HTTP, vec![token]).expect("valid");
        assert!(matches!(alone.credentials, CredentialSource::Variable(_)));
        let same = of(HTTP, vec![token, ("FFCTL_DIRECTORY", HTTP)]).expect("valid");
        assert!(matches!(same.credentials, CredentialSource::Variable(_)));
        let other = of(HTTP, vec![token, ("FFCTL_DIRECTORY", "https://a.example.com/{id}")]).expect("valid");
        assert_eq!(other.credentials, CredentialSource::None);
        assert!(other.notes[0].contains("FFCTL_DIRECTORY"), "{:?}", other.notes);
        let query = ("FFCTL_DIRECTORY_QUERY", "select 1 where $1 = ''");
        assert!(of("postgres://reader@localhost/app", vec![query]).is_ok());
        for (url, variables) in [
            ("https://people.example.com/users", vec![]),
            ("postgres://reader@localhost/app", vec![]),
            ("postgres://u:hunter2@localhost/app", vec![query]),
            ("", vec![]),
        ] {
            let error = of(url, variables).expect_err(url);
            assert_eq!(error.kind(), Kind::Usage, "{error}");
            assert!(
                error.message().contains("--directory") && !format!("{error:?}").contains("hunter2"),
                "{error}"
            );
        }
    }

    #[test]
    fn variables_that_name_no_directory_are_refused_and_no_password_shown() {
        let user = User::new("");
        let query = ("FFCTL_DIRECTORY_QUERY", "select 1 where $1 = ''");
        for variables in [
            vec![("FFCTL_DIRECTORY", "")],
            vec![("FFCTL_DIRECTORY", "https://people.example.com/users")],
            vec![("FFCTL_DIRECTORY", "http://u:hunter2@people.example.com/{id}")],
            vec![("FFCTL_DIRECTORY", HTTP), query],
            vec![("FFCTL_DIRECTORY", "postgres://u:hunter2@localhost/app")],
            vec![("FFCTL_DIRECTORY", "postgres://u:hunter2@localhost/app"), ("FFCTL_DIRECTORY_QUERY", "x")],
            vec![("FFCTL_DIRECTORY", "postgres://u:hunter2@localhost/app?sslmode=hunter2"), query],
            vec![
                ("FFCTL_DIRECTORY", "postgres://u:hunter2@localhost/app"),
                query,
                ("FFCTL_DIRECTORY_TOKEN", "hunter2"),
            ],
        ] {
            let all = variables.iter().map(|(name, value)| ((*name).into(), (*value).into()));
            let error = user.choose(None, all.collect::<Variables>()).expect_err("refused");
            assert_eq!(error.kind(), Kind::Invalid, "{variables:?}");
            assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
            assert!(error.message().contains("FFCTL_DIRECTORY"), "{error}");
        }
        let local = [("FFCTL_DIRECTORY", "postgres://u:hunter2@localhost/app"), query];
        let choice = user.choose(None, local).expect("valid").expect("named");
        assert!(!format!("{choice:?} {choice}").contains("hunter2"));
    }

    #[test]
    fn mistakes_in_the_file_have_their_place() {
        for (text, line, message) in [
            ("[directory]\n", 1, "a user directory has a `url`"),
            ("[directory]\nurl = \"https://a.example.com\"\n", 2, "no `{id}`"),
            ("[directory]\nurl = \"postgres://a/b\"\n", 2, "needs a query"),
            (
                "[directory]\nurl = \"postgres://u:hunter2@a/b\"\nquery = \"select $1\"\n",
                2,
                "a password does not belong",
            ),
            ("[directory]\nurl = \"https://a/{id}\"\ntoken = \"hunter2\"\n", 3, "a token does not belong"),
            ("[directory]\nurl = \"https://a/{id}\"\npassword = \"hunter2\"\n", 3, "a token does not belong"),
            ("[directory]\nulr = \"https://a/{id}\"\n", 2, "unknown key `ulr`"),
            ("directory = 1\n", 1, "`directory` is a table"),
            (
                "[profiles.x]\nurl = \"https://a\"\ndirectory = { url = \"ftp://u:hunter2@a/{id}\" }\n",
                3,
                "not an https address",
            ),
        ] {
            let error = User::new(text).choose(None, []).expect_err(text);
            let found: Vec<_> =
                error.diagnostics().iter().map(|one| (one.line, one.message.as_str())).collect();
            assert!(
                found.iter().any(|(at, said)| *at == line && said.contains(message)),
                "{text}: {found:?}"
            );
            assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
        }
    }
}
