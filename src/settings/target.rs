//! Which target a command speaks to, and who said so.

use std::path::{Path, PathBuf};

use crate::error::{Error, Kind, Result};

use super::admin_url::AdminUrl;
use super::config::Config;
use super::credentials::CredentialSource;
use super::discovery::FlagFile;
use super::folders::Folders;
use super::guards::ProfileGuards;
use super::options::Options;
use super::postgres_url::PostgresUrl;
use super::store_path::store_path;
use super::variables::Variables;

/// Who named the target, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChosenBy {
    /// This option of the command line.
    Option(&'static str),
    /// This variable.
    Variable(&'static str),
    /// `default_profile` of config.toml.
    DefaultProfile,
    /// Nobody: the local store is what remains.
    Nobody,
}

impl ChosenBy {
    /// Returns whether somebody named the target for this run, which a write without a terminal needs.
    pub const fn is_explicit(self) -> bool {
        matches!(self, Self::Option(_) | Self::Variable(_))
    }

    /// Returns whether the command line itself named it, which a write to a protected profile needs.
    pub const fn is_on_command_line(self) -> bool {
        matches!(self, Self::Option(_))
    }
}

/// A target, nothing of it opened or asked yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TargetPlace {
    /// The local store.
    Local {
        /// Its file, absolute; it may not exist yet.
        store: PathBuf,
        /// Its path as the user would write it.
        shown: String,
    },
    /// A store in a database.
    Database {
        /// Its address.
        url: Box<PostgresUrl>,
        /// Where its password comes from, unless it stands in the address.
        credentials: CredentialSource,
    },
    /// An admin API.
    Server {
        /// Its address.
        url: AdminUrl,
        /// The profile that names it, if one does.
        profile: Option<String>,
        /// Where its token comes from.
        credentials: CredentialSource,
    },
}

/// The target that was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetChoice {
    /// Where it is.
    pub place: TargetPlace,
    /// Who named it.
    pub chosen_by: ChosenBy,
    /// Whether writes need its name on the command line.
    pub protected: bool,
    /// What its profile demands of changes.
    pub guards: ProfileGuards,
    /// The config.toml that its profile stands in, as the user would write it; empty without a profile.
    pub config: String,
    /// What was set and has no effect on this target, for people.
    pub notes: Vec<String>,
}

/// Chooses: `--profile`, `--local` and `--store` (only one of the first two); then `FFCTL_PROFILE`,
/// `FFCTL_ADMIN_URL`, `FFCTL_STORE`, the default profile, and the local store of the flags.toml.
///
/// # Errors
/// When options contradict each other, a variable that names a target is empty, two of them name a server,
/// a profile is unknown, config.toml has mistakes, or the local store has no place.
pub(super) fn choose(
    options: &Options,
    variables: &Variables,
    folders: &Folders,
    flag_file: &FlagFile,
) -> Result<TargetChoice> {
    if let Some(profile) = &options.profile {
        let other = if options.local { Some("--local") } else { options.store.as_ref().map(|_| "--store") };
        if let Some(other) = other {
            let message = format!("`--profile` and `{other}` name different targets");
            return Err(Error::new(Kind::Usage, message).hint("leave one of them out"));
        }
        return server_of_profile(profile, ChosenBy::Option("--profile"), variables, folders);
    }
    let store = |place, chosen_by| {
        Ok(TargetChoice {
            place,
            chosen_by,
            protected: false,
            guards: ProfileGuards::default(),
            config: String::new(),
            notes: Vec::new(),
        })
    };
    let any_store = || store_place(options, variables, folders, flag_file);
    if options.store.is_some() {
        return store(any_store()?, ChosenBy::Option("--store"));
    }
    if options.local {
        // Of this machine, whatever the settings say: so no database either.
        let file = local_store(options, variables, folders, flag_file)?;
        return store(local_place(file, folders), ChosenBy::Option("--local"));
    }
    match (variables.filled("FFCTL_PROFILE")?, variables.filled("FFCTL_ADMIN_URL")?) {
        (Some(_), Some(_)) => {
            let message = "both `FFCTL_PROFILE` and `FFCTL_ADMIN_URL` are set";
            return Err(Error::new(Kind::Invalid, message)
                .hint("`unset FFCTL_ADMIN_URL`, or name one with `-p NAME`"));
        }
        (Some(profile), None) => {
            return server_of_profile(profile, ChosenBy::Variable("FFCTL_PROFILE"), variables, folders);
        }
        (None, Some(text)) => return server_of_variable(text, variables, folders),
        (None, None) => {}
    }
    if variables.filled("FFCTL_STORE")?.is_some() {
        return store(any_store()?, ChosenBy::Variable("FFCTL_STORE"));
    }
    let config = Config::read(variables, folders)?;
    match &config.default_profile {
        Some(profile) => server(&config, profile, ChosenBy::DefaultProfile, variables, folders),
        None => store(any_store()?, ChosenBy::Nobody),
    }
}

/// Returns the store that no profile names: `--store`, then `FFCTL_STORE`, then the file of the flags.toml.
pub(super) fn store_place(
    options: &Options,
    variables: &Variables,
    folders: &Folders,
    flag_file: &FlagFile,
) -> Result<TargetPlace> {
    let named = match &options.store {
        Some(store) => store.to_str().map(|text| (text, "`--store`")),
        None => variables.filled("FFCTL_STORE")?.map(|text| (text, "variable `FFCTL_STORE`")),
    };
    match named {
        Some((text, who)) if PostgresUrl::is_meant(text) => database(text, who, variables, folders),
        _ => Ok(local_place(local_store(options, variables, folders, flag_file)?, folders)),
    }
}

fn local_place(store: PathBuf, folders: &Folders) -> TargetPlace {
    TargetPlace::Local { shown: folders.shown(&store), store }
}

fn database(text: &str, who: &str, variables: &Variables, folders: &Folders) -> Result<TargetPlace> {
    let invalid = |message: String| Error::new(Kind::Invalid, format!("{who}: {message}"));
    let url = PostgresUrl::parse(text).map_err(|error| invalid(error.to_string()))?;
    let credentials = CredentialSource::of_store(variables, folders)?;
    let credentials = match credentials {
        CredentialSource::File { .. } if url.has_password() => {
            return Err(invalid("a password stands in it and beside it".to_owned())
                .hint("keep FFCTL_STORE_PASSWORD_FILE"));
        }
        _ if url.has_password() => CredentialSource::None,
        credentials => credentials,
    };
    Ok(TargetPlace::Database { url: Box::new(url), credentials })
}

/// Returns the local store's file: `--store`, then `FFCTL_STORE`, unless they name a database, then the one of the
/// flags.toml.
pub(super) fn local_store(
    options: &Options,
    variables: &Variables,
    folders: &Folders,
    flag_file: &FlagFile,
) -> Result<PathBuf> {
    if let Some(store) = &options.store
        && !store.to_str().is_some_and(PostgresUrl::is_meant)
    {
        return Ok(folders.absolute(store));
    }
    match variables.filled("FFCTL_STORE")?.filter(|store| !PostgresUrl::is_meant(store)) {
        Some(store) if options.store.is_none() => Ok(folders.absolute(Path::new(store))),
        _ => store_path(flag_file.required()?.0, variables, folders),
    }
}

fn server_of_profile(
    profile: &str,
    chosen_by: ChosenBy,
    variables: &Variables,
    folders: &Folders,
) -> Result<TargetChoice> {
    server(&Config::read(variables, folders)?, profile, chosen_by, variables, folders)
}

fn server(
    config: &Config,
    name: &str,
    chosen_by: ChosenBy,
    variables: &Variables,
    folders: &Folders,
) -> Result<TargetChoice> {
    let named_by = match chosen_by {
        ChosenBy::Option(option) => format!("`{option}`"),
        ChosenBy::Variable(variable) => format!("variable `{variable}`"),
        ChosenBy::DefaultProfile | ChosenBy::Nobody => "`default_profile`".to_owned(),
    };
    let profile = config.profile(name, &named_by)?;
    let credentials = CredentialSource::of_profile(name, profile, variables, folders)?;
    // A token of the environment was meant for the address beside it; it must not reach another server.
    let unused = ["FFCTL_TOKEN", "FFCTL_TOKEN_FILE"].into_iter();
    let unused = unused.filter(|variable| !matches!(variables.text(variable), Ok(None)));
    let notes = unused.map(|variable| {
        format!("variable `{variable}` is not used: it goes with `FFCTL_ADMIN_URL` only, not with profile `{name}`")
    });
    Ok(TargetChoice {
        place: TargetPlace::Server { url: profile.url.clone(), profile: Some(name.to_owned()), credentials },
        chosen_by,
        protected: profile.protected,
        guards: profile.guards.clone(),
        config: config.shown.clone(),
        notes: notes.collect(),
    })
}

fn server_of_variable(text: &str, variables: &Variables, folders: &Folders) -> Result<TargetChoice> {
    let url = AdminUrl::parse(text).map_err(|error| {
        Error::new(Kind::Invalid, format!("variable `FFCTL_ADMIN_URL`: {error}"))
            .hint("write FFCTL_ADMIN_URL=https://flags.example.com")
    })?;
    let credentials = CredentialSource::from_variables(variables, folders)?;
    Ok(TargetChoice {
        place: TargetPlace::Server { url, profile: None, credentials },
        chosen_by: ChosenBy::Variable("FFCTL_ADMIN_URL"),
        protected: false,
        guards: ProfileGuards::default(),
        config: String::new(),
        notes: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    struct User {
        root: tempfile::TempDir,
        options: Options,
    }

    impl User {
        fn new(config: &str) -> Self {
            let root = tempfile::tempdir().expect("a folder");
            std::fs::create_dir_all(root.path().join("config/ffctl")).expect("a folder");
            std::fs::write(root.path().join("config/ffctl/config.toml"), config).expect("written");
            std::fs::write(root.path().join("flags.toml"), "schema = 1\n").expect("written");
            Self { root, options: Options::default() }
        }

        fn choose(&self, variables: impl Into<Variables>) -> Result<TargetChoice> {
            let folder = |name: &str| Some(self.root.path().join(name));
            let (config, state) = (folder("config"), folder("state"));
            let start = self.root.path().to_owned();
            let folders = Folders { start, config, state, ..Folders::default() };
            let path = self.root.path().join("flags.toml");
            let flag_file = FlagFile::Found { path, shown: "flags.toml".to_owned() };
            choose(&self.options, &variables.into(), &folders, &flag_file)
        }

        fn with(mut self, options: Options) -> Self {
            self.options = options;
            self
        }
    }

    const PROFILES: &str = "[profiles.prod]\nurl = \"https://prod.example.com\"\nprotected = true\ntoken_file = \"t\"\n[profiles.dev]\nurl = \"http://localhost:1\"\n";

    fn profile_of(choice: &TargetChoice) -> Option<&str> {
        match &choice.place {
            TargetPlace::Server { profile, .. } => profile.as_deref(),
            TargetPlace::Local { .. } => Some("local"),
            TargetPlace::Database { .. } => Some("database"),
        }
    }

    fn on(profile: &str) -> Options {
        Options { profile: Some(profile.to_owned()), ..Options::default() }
    }

    #[test]
    fn the_order_is_option_profile_address_store_default_local() {
        let user = User::new(PROFILES);
        let choice = user.choose([]).expect("local");
        assert_eq!((profile_of(&choice), choice.chosen_by), (Some("local"), ChosenBy::Nobody));
        assert!(!choice.chosen_by.is_explicit());

        let user = User::new(&format!("default_profile = \"dev\"\n{PROFILES}"));
        let choice = user.choose([]).expect("the default");
        assert_eq!((profile_of(&choice), choice.chosen_by), (Some("dev"), ChosenBy::DefaultProfile));
        let choice = user.choose([("FFCTL_STORE", "s.db")]).expect("a store");
        assert_eq!(choice.chosen_by, ChosenBy::Variable("FFCTL_STORE"));
        let choice = user.choose([("FFCTL_STORE", "s.db"), ("FFCTL_ADMIN_URL", "https://a.example.com")]);
        let choice = choice.expect("an address");
        assert_eq!((profile_of(&choice), choice.chosen_by.is_explicit()), (None, true));
        let choice = user.choose([("FFCTL_PROFILE", "prod")]).expect("a profile");
        assert!(choice.protected && choice.chosen_by.is_explicit() && !choice.chosen_by.is_on_command_line());

        let user = User::new(PROFILES).with(on("prod"));
        let choice =
            user.choose([("FFCTL_PROFILE", ""), ("FFCTL_ADMIN_URL", "")]).expect("the option decides");
        assert!(choice.protected && choice.chosen_by.is_on_command_line());
        let user = User::new("nonsense").with(Options { local: true, ..Options::default() });
        let choice =
            user.choose([("FFCTL_ADMIN_URL", "x"), ("FFCTL_STORE", "s.db")]).expect("needs no config");
        assert!(matches!(choice.place, TargetPlace::Local { store, .. } if store.ends_with("s.db")));
    }

    #[test]
    fn a_store_can_be_a_database_and_local_is_never_one() {
        let url = "postgres://u:hunter2@db.example.com/app";
        let by_option = Options { store: Some(url.into()), ..Options::default() };
        let user = User::new("").with(by_option);
        let choice = user.choose([("FFCTL_STORE", "s.db")]).expect("an address");
        assert_eq!((profile_of(&choice), choice.chosen_by), (Some("database"), ChosenBy::Option("--store")));
        assert!(!format!("{choice:?}").contains("hunter2"));
        let choice = User::new("").choose([("FFCTL_STORE", url)]).expect("an address");
        assert_eq!(choice.chosen_by, ChosenBy::Variable("FFCTL_STORE"));
        let local = User::new("").with(Options { local: true, ..Options::default() });
        assert_eq!(profile_of(&local.choose([("FFCTL_STORE", url)]).expect("a file")), Some("local"));
        let twice = [("FFCTL_STORE", url), ("FFCTL_STORE_PASSWORD_FILE", "p")];
        let error = User::new("").choose(twice).expect_err("two passwords");
        assert_eq!(error.message(), "variable `FFCTL_STORE`: a password stands in it and beside it");
        let error = User::new("").choose([("FFCTL_STORE", "postgres:hunter2")]).expect_err("no address");
        assert!(error.kind() == Kind::Invalid && !format!("{error:?}").contains("hunter2"));
    }

    #[test]
    fn what_is_empty_or_contradicts_is_refused() {
        let user = User::new(PROFILES);
        let kind = |variables: Variables| user.choose(variables).expect_err("refused").kind();
        assert_eq!(kind([("FFCTL_ADMIN_URL", "")].into()), Kind::Invalid);
        assert_eq!(kind([("FFCTL_PROFILE", " ")].into()), Kind::Invalid);
        assert_eq!(kind([("FFCTL_PROFILE", "dev"), ("FFCTL_ADMIN_URL", "https://a")].into()), Kind::Invalid);
        assert_eq!(kind([("FFCTL_PROFILE", "dev"), ("FFCTL_ADMIN_URL", "")].into()), Kind::Invalid);
        assert_eq!(kind([("FFCTL_PROFILE", "dve")].into()), Kind::Unknown);
        let error =
            user.choose([("FFCTL_ADMIN_URL", "http://u:hunter2@a.example.com")]).expect_err("userinfo");
        assert!(error.message().contains("FFCTL_ADMIN_URL") && !error.to_string().contains("hunter2"));

        let both = Options { local: true, ..on("prod") };
        assert_eq!(User::new(PROFILES).with(both).choose([]).expect_err("both").kind(), Kind::Usage);
        let unknown = User::new(PROFILES).with(on("prdo")).choose([]).expect_err("unknown");
        assert_eq!(unknown.hints(), ["did you mean `prod`?"]);
    }

    #[test]
    fn a_token_of_the_environment_goes_with_its_address_only() {
        let user = User::new(PROFILES);
        let choice = user.choose([("FFCTL_ADMIN_URL", "https://a.example.com"), ("FFCTL_TOKEN", "secret")]);
        let TargetPlace::Server { credentials, .. } = choice.expect("a server").place else {
            panic!("a server")
        };
        assert!(matches!(credentials, CredentialSource::Variable(_)));
        let choice = user.choose([("FFCTL_PROFILE", "dev"), ("FFCTL_TOKEN", "secret")]).expect("a server");
        assert!(choice.notes[0].contains("FFCTL_TOKEN"), "{:?}", choice.notes);
        let TargetPlace::Server { credentials, .. } = choice.place else { panic!("a server") };
        assert!(matches!(credentials, CredentialSource::Kept(_)), "{credentials:?}");
        assert_eq!(credentials.load().expect("nothing is kept"), None);
    }
}
