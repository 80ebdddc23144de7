//! The options with which a further command means the same target and the same files as this one: what is
//! offered to be typed must not hit something else.

use crate::cli::LayerWord;
use crate::error::Result;
use crate::settings::{ChosenBy, TargetPlace};

use super::load::Loaded;
use super::session::Session;
use super::shell;

/// The options, each with a blank in front; empty where none is needed.
#[derive(Clone, Debug, Default)]
pub(super) struct Again {
    /// Of a question: `ffctl explain FLAG…`.
    pub(super) ask: String,
    /// Of another change of the same layer: `ffctl set FLAG VALUE…`.
    pub(super) change: String,
    /// Of a change of the target: `ffctl unset FLAG…`.
    pub(super) admin: String,
    /// Of taking the change back by its number: `ffctl undo N…`.
    pub(super) undo: String,
    /// Of a change of the env file, where there is one.
    pub(super) env: Option<String>,
}

impl Again {
    /// Returns the options that this run had, as far as they decide what is asked or changed.
    pub(super) fn of(session: &Session, loaded: &Loaded, layer: LayerWord) -> Result<Self> {
        let options = &session.settings.options;
        let flags = options.flags.as_ref();
        let flags = flags.map(|path| shell::option("--flags", &path.display().to_string()));
        let flags = flags.unwrap_or_default();
        let env = session.settings.env_file()?.map(|(_, shown)| shell::option("--env-file", &shown));
        let of_env = env.as_ref().map(|env| format!(" --layer env{env}{flags}"));
        let env = env.unwrap_or_default();
        let target = target(loaded);
        Ok(Self {
            change: match layer {
                LayerWord::Admin => format!("{target}{flags}"),
                LayerWord::Env => format!(" --layer env{env}{flags}"),
                LayerWord::Default => format!(" --layer default{flags}"),
            },
            undo: match (layer, &options.store) {
                (LayerWord::Admin, _) => format!("{target}{flags}"),
                // The store that journals changes of files, whatever the target.
                (_, Some(store)) if !matches!(loaded.choice.place, TargetPlace::Database { .. }) => {
                    format!("{}{flags}", shell::option("--store", &store.display().to_string()))
                }
                (_, _) => flags.clone(),
            },
            admin: format!("{target}{flags}"),
            env: of_env,
            ask: format!("{target}{env}{flags}"),
        })
    }
}

/// Returns the options with which a further command means the same target.
pub(super) fn target(loaded: &Loaded) -> String {
    match (&loaded.choice.place, loaded.choice.chosen_by) {
        (TargetPlace::Server { profile: Some(name), .. }, _) => shell::option("--profile", name),
        (TargetPlace::Local { store, .. }, ChosenBy::Option("--store")) => {
            shell::option("--store", &store.display().to_string())
        }
        (TargetPlace::Local { .. }, ChosenBy::Option(_)) => " --local".to_owned(),
        (TargetPlace::Database { url, .. }, ChosenBy::Option(_)) => {
            shell::option("--store", url.without_password())
        }
        // What the environment or the settings say holds for the next command too.
        (TargetPlace::Local { .. } | TargetPlace::Database { .. } | TargetPlace::Server { .. }, _) => {
            String::new()
        }
    }
}
