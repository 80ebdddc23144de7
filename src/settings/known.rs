//! The variables that the tool itself reads, and the ones that look as if it would.

use crate::error::nearest;

use super::variables::Variables;

/// A variable that sets something of the tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownVariable {
    /// Its name.
    pub name: &'static str,
    /// What it sets, for the help.
    pub about: &'static str,
}

const fn known(name: &'static str, about: &'static str) -> KnownVariable {
    KnownVariable { name, about }
}

/// Every variable of the tool, sorted by name; a test holds the code to it.
pub const KNOWN_VARIABLES: [KnownVariable; 21] = [
    known("FFCTL_ADMIN_URL", "address of an admin API, https or on this machine"),
    known("FFCTL_CACHE_DIR", "folder of the last good answers of servers"),
    known("FFCTL_COLOR", "colour: auto, always or never, as --color"),
    known("FFCTL_CONFIG", "file to read instead of config.toml in the user's config folder"),
    known(
        "FFCTL_DIRECTORY",
        "address of a user directory, https://HOST/users/{id} or postgres://HOST/DATABASE",
    ),
    known("FFCTL_DIRECTORY_QUERY", "query of a postgres:// user directory, $1 being the user's key"),
    known(
        "FFCTL_DIRECTORY_TOKEN",
        "token or password for FFCTL_DIRECTORY; FFCTL_DIRECTORY_TOKEN_FILE is safer",
    ),
    known("FFCTL_DIRECTORY_TOKEN_FILE", "file with the token or password for FFCTL_DIRECTORY"),
    known("FFCTL_ENV_FILE", "file with FF_* lines, as --env-file"),
    known("FFCTL_FLAGS", "flags.toml to read, as --flags"),
    known("FFCTL_OUTPUT", "output format, as --output"),
    known("FFCTL_PROFILE", "profile of config.toml to speak to, as --profile"),
    known("FFCTL_STATE_DIR", "folder of the local stores and of snapshots"),
    known("FFCTL_STORE", "file of the local store, or postgres://HOST/DATABASE, as --store"),
    known("FFCTL_STORE_PASSWORD_FILE", "file with the password for a postgres:// store"),
    known("FFCTL_TIMEOUT", "time limit of each read and write of a server, such as 5s"),
    known("FFCTL_TOKEN", "token for FFCTL_ADMIN_URL; FFCTL_TOKEN_FILE is safer"),
    known("FFCTL_TOKEN_FILE", "file with the token for FFCTL_ADMIN_URL"),
    known("CLICOLOR_FORCE", "colour even where it is no terminal, unless 0"),
    known("NO_COLOR", "no colour, whatever it holds"),
    known("PGPASSWORD", "password for a postgres:// store or population"),
];

/// Returns a note for each `FFCTL_*` variable that sets nothing.
pub(super) fn unknown(variables: &Variables) -> Vec<String> {
    let names = KNOWN_VARIABLES.map(|known| known.name);
    // Those begin so that `watch` gives to the commands that it runs, which may be this program again.
    let told = |name: &str| name.starts_with("FFCTL_WATCH_");
    let unknown = variables.starting_with("FFCTL_").filter(|(name, _)| !names.contains(name) && !told(name));
    let note = |(name, _): (&str, &str)| match nearest(name, names) {
        Some(meant) => format!("variable `{name}` sets nothing; did you mean `{meant}`?"),
        None => format!("variable `{name}` sets nothing"),
    };
    unknown.map(note).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_variable_gets_a_note() {
        let variables =
            Variables::from([("FFCTL_PROFIL", "prod"), ("FFCTL_XYZZY", "1"), ("FFCTL_FLAGS", "f")]);
        let notes = unknown(&variables);
        assert_eq!(notes[0], "variable `FFCTL_PROFIL` sets nothing; did you mean `FFCTL_PROFILE`?");
        assert_eq!(notes[1], "variable `FFCTL_XYZZY` sets nothing");
        assert_eq!(notes.len(), 2);
    }

    #[test]
    fn every_variable_in_this_room_is_in_the_table() {
        let sources = [
            include_str!("color.rs"),
            include_str!("config.rs"),
            include_str!("credentials.rs"),
            include_str!("directory.rs"),
            include_str!("limits.rs"),
            include_str!("resolve.rs"),
            include_str!("store_path.rs"),
            include_str!("target.rs"),
        ];
        for source in sources {
            for (at, _) in source.match_indices("\"FFCTL_") {
                let name = source[at + 1..].split('"').next().unwrap_or_default();
                assert!(KNOWN_VARIABLES.iter().any(|known| known.name == name), "{name}");
            }
        }
    }
}
