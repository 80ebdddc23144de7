//! The states that a rehearsal compares: the present one, a word, a layer, a file, a git revision.

use std::path::Path;
use std::process::Command;

use crate::admin::Target;
use crate::change::{parse_split, set_patch};
use crate::error::{Error, Kind, Result};
use crate::eval::{Overlay, World};
use crate::flagfile::FlagFile;
use crate::layer::{AdminLayer, EnvLayer, Field, FieldValue, Freshness, Layers};
use crate::model::{Experiment, Fallthrough, Flag};

use super::load::{Loaded, read_definitions};
use super::session::Session;

/// A state: how it is called, and what it is.
pub(super) struct State {
    /// The word that named it, or `now`.
    pub(super) label: String,
    kind: StateKind,
}

enum StateKind {
    /// All layers as they are.
    Now,
    /// flags.toml alone, or with the variables.
    Layer { env: bool },
    /// The flag replaced in the present layers.
    Flag(Box<Flag>),
    /// The experiment replaced.
    Experiment(Box<Experiment>),
    /// Another flags.toml under the variables and overrides of now.
    File(Box<FlagFile>, EnvLayer),
}

/// What the layers are without a part of them; kept beside the states, which borrow it.
pub(super) struct Without {
    env: EnvLayer,
    admin: AdminLayer,
}

impl Without {
    /// Returns empty layers of the same target.
    pub(super) fn of(target: &Target) -> Self {
        Self {
            env: EnvLayer::default(),
            admin: AdminLayer::empty(target.label().clone(), Freshness::NotAsked),
        }
    }
}

impl State {
    /// Returns the present state.
    pub(super) fn now() -> Self {
        Self { label: "now".to_owned(), kind: StateKind::Now }
    }

    /// Calls `with` with the state's world.
    pub(super) fn with<R>(
        &self,
        loaded: &Loaded,
        without: &Without,
        with: impl FnOnce(&dyn World) -> R,
    ) -> R {
        let layers = loaded.layers();
        match &self.kind {
            StateKind::Now => with(&layers),
            StateKind::Layer { env } => {
                let env = if *env { layers.env } else { &without.env };
                with(&Layers { env, admin: &without.admin, ..layers })
            }
            StateKind::Flag(flag) => with(&Overlay::new(&layers).with_flag((**flag).clone())),
            StateKind::Experiment(experiment) => {
                with(&Overlay::new(&layers).with_experiment((**experiment).clone()))
            }
            StateKind::File(file, env) => with(&Layers { file: Some(file), env, ..layers }),
        }
    }
}

impl Session {
    /// Reads a state of the flag or experiment `name` from its word.
    ///
    /// # Errors
    /// When the word names no state, or the file or revision cannot be read.
    pub(super) fn state(&self, loaded: &Loaded, name: &str, word: &str) -> Result<State> {
        if word.trim().is_empty() {
            return Err(Error::new(Kind::Usage, "a state is empty").hint("--to 25%,50%"));
        }
        let label = word.to_owned();
        let kind = match word {
            "default" => StateKind::Layer { env: false },
            "env" => StateKind::Layer { env: true },
            "admin" | "now" => StateKind::Now,
            _ => {
                if let Some(revision) = word.strip_prefix("git:") {
                    return Ok(State { label, kind: whole(loaded, self.of_revision(revision)?) });
                }
                let path = self.settings.folders.absolute(Path::new(word));
                let is_path = word.contains(['/', '\\'])
                    || Path::new(word).extension().is_some_and(|end| end == "toml");
                if is_path || path.is_file() {
                    return Ok(State { label, kind: whole(loaded, read_definitions(&path, word)?) });
                }
                if loaded.layers().experiment(name).is_some() && loaded.layers().flag(name).is_none() {
                    return Err(Error::new(
                        Kind::Usage,
                        format!("`{word}` is no state of the experiment `{name}`"),
                    )
                    .hint("--split control=50,treatment=50 rehearses other shares")
                    .hint("to rehearse its gate, name the gate's flag"));
                }
                StateKind::Flag(Box::new(flag_as(loaded, name, word)?))
            }
        };
        Ok(State { label, kind })
    }

    /// Reads the flags.toml of a git revision.
    fn of_revision(&self, revision: &str) -> Result<FlagFile> {
        let found = self.settings.flag_file()?;
        let (path, shown) = found.required()?;
        let named = format!("git:{revision}:{shown}");
        let usage = |message: String| Error::new(Kind::Usage, message);
        if revision.is_empty() || revision.starts_with('-') || revision.contains(':') {
            return Err(usage(format!("`git:{revision}` names no revision"))
                .hint("write git:HEAD~1 or git:origin/main"));
        }
        let folder = path.parent().unwrap_or(Path::new("."));
        let file = path.file_name().and_then(|name| name.to_str()).unwrap_or("flags.toml");
        let output = Command::new("git")
            .arg("-C")
            .arg(folder)
            .args(["show", &format!("{revision}:./{file}")])
            .output()
            .map_err(|error| Error::new(Kind::Local, "cannot run git").caused_by(error))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            let said = said.lines().next().unwrap_or("").trim_start_matches("fatal: ").to_owned();
            return Err(Error::new(
                Kind::Invalid,
                format!("cannot read {shown} of revision `{revision}`: {said}"),
            )
            .hint("in CI a shallow clone lacks older revisions: fetch-depth: 0, or git fetch --unshallow"));
        }
        let text = String::from_utf8(output.stdout)
            .map_err(|_| Error::new(Kind::Invalid, format!("{named} is not UTF-8")))?;
        FlagFile::parse(&named, text).map_err(|mistakes| Error::in_file(&named, mistakes))
    }
}

/// Reads the state of `--split`.
///
/// # Errors
/// When the shares do not fit the flag or experiment.
pub(super) fn split_state(loaded: &Loaded, name: &str, text: &str) -> Result<State> {
    let label = text.to_owned();
    let layers = loaded.layers();
    if let Some(resolved) = layers.resolve(name) {
        let mut flag = resolved.effective;
        if flag.variations.is_boolean() {
            return Err(Error::new(
                Kind::Usage,
                format!("`{name}` is boolean: it takes a rollout, not a split"),
            )
            .hint(format!("ffctl simulate-rollout {name} --to 25%")));
        }
        let names: Vec<&str> = flag.variations.iter().map(|variation| variation.name.as_str()).collect();
        let split = parse_split(text, &names)?;
        flag.enabled = true;
        flag.fallthrough = Fallthrough::Serve(crate::model::Serve::Split(split));
        return Ok(State { label, kind: StateKind::Flag(Box::new(flag)) });
    }
    let experiment = layers.experiment(name).ok_or_else(|| loaded.unknown_flag(name))?;
    let mut experiment = experiment.into_owned();
    let names: Vec<&str> = experiment.variants.pairs().iter().map(|(name, _)| name.as_str()).collect();
    experiment.variants = parse_split(text, &names)?;
    Ok(State { label, kind: StateKind::Experiment(Box::new(experiment)) })
}

/// Returns the state of another flags.toml: its own definitions, the variables and overrides of now.
fn whole(loaded: &Loaded, file: FlagFile) -> StateKind {
    let env = EnvLayer::read(file.definitions(), loaded.variables.clone());
    StateKind::File(Box::new(file), env)
}

/// Returns the error of a word of `set` with hints for a rehearsal.
fn of_rehearsal(error: &Error, name: &str) -> Error {
    let typed = format!("ffctl set {name} ");
    let hints = error.hints().iter().map(|hint| match hint.strip_prefix(&typed) {
        Some(option) if option.starts_with('-') => format!("ffctl simulate-rollout {name} {option}"),
        Some(value) => format!("ffctl simulate-rollout {name} --to {value}"),
        None => hint.clone(),
    });
    hints.fold(Error::new(error.kind(), error.message()), Error::hint)
}

/// Returns the flag as it would be with the word of `set`.
fn flag_as(loaded: &Loaded, name: &str, word: &str) -> Result<Flag> {
    let mut flag = loaded.flag(name)?.effective;
    let patch = set_patch(&flag, word, &[], &[]).map_err(|error| of_rehearsal(&error, name))?;
    for (field, value) in patch {
        match (field, value) {
            (Field::Enabled, Some(FieldValue::Switch(on))) => flag.enabled = on,
            (Field::Rollout, Some(FieldValue::Weight(weight))) => {
                flag.fallthrough = Fallthrough::Rollout(weight);
            }
            (Field::Serve, Some(FieldValue::Serve(serve))) => {
                flag.fallthrough = Fallthrough::Serve(serve);
            }
            _ => {}
        }
    }
    Ok(flag)
}
