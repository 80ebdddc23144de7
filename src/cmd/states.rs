//! The states that a rehearsal compares: the present one, a word, a layer, a file, a git revision.

use crate::bucket::Algorithm;
use crate::change::{parse_split, set_patch};
use crate::error::{Error, Kind, Result};
use crate::eval::{Overlay, World};
use crate::flagfile::FlagFile;
use crate::layer::{EnvLayer, Field, FieldValue, Layers, Source};
use crate::model::{Experiment, Fallthrough, Flag, Serve};

use super::load::Loaded;
use super::session::Session;
use super::shell::option;
use super::side::{Side, Without};

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
        self.over(loaded.layers(), without, with)
    }

    /// Calls `with` with the state's world over other layers than those of now.
    pub(super) fn over<R>(
        &self,
        layers: Layers<'_>,
        without: &Without,
        with: impl FnOnce(&dyn World) -> R,
    ) -> R {
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

impl State {
    /// Tells whether overrides of a flag count in the state of `name`: not where the state is without any, or says itself
    /// what the flag is.
    pub(super) fn follows_overrides(&self, flag: &str, name: &str) -> bool {
        match &self.kind {
            StateKind::Layer { .. } => false,
            StateKind::Flag(_) => flag != name,
            StateKind::Now | StateKind::Experiment(_) | StateKind::File(..) => true,
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
        let kind = match self.side(word)? {
            Some(Side::Layer(Source::Default)) => StateKind::Layer { env: false },
            Some(Side::Layer(Source::Env)) => StateKind::Layer { env: true },
            Some(Side::Layer(Source::Admin | Source::WhatIf)) => StateKind::Now,
            Some(Side::File(file)) => whole(loaded, *file),
            Some(Side::Target(_) | Side::Snapshot(_)) => {
                let message = format!("`{word}` is another target: what is rehearsed is a change of one");
                return Err(Error::new(Kind::Usage, message)
                    .hint(format!("ffctl diff {word} admin compares it"))
                    .hint("--profile, --local and --store name the target of a rehearsal"));
            }
            None if loaded.layers().experiment(name).is_some() && loaded.layers().flag(name).is_none() => {
                let message = format!("`{word}` is no state of the experiment `{name}`");
                return Err(experiment_hints(loaded, name, word, Error::new(Kind::Usage, message)));
            }
            None => StateKind::Flag(Box::new(flag_as(loaded, name, word)?)),
        };
        Ok(State { label, kind })
    }
}

/// Says what can be rehearsed of an experiment instead: its shares, and the rollout of its gate.
fn experiment_hints(loaded: &Loaded, name: &str, word: &str, error: Error) -> Error {
    let layers = loaded.layers();
    let Some(experiment) = layers.experiment(name) else { return error };
    let shares = experiment.variants.pairs().iter().map(|(variant, _)| format!("{variant}=1"));
    let shares: Vec<String> = shares.collect();
    let error = error
        .hint(format!("ffctl simulate-rollout {name} --split {} rehearses other shares", shares.join(",")));
    match &experiment.flag {
        Some(gate) => error.hint(format!("ffctl simulate-rollout {gate} --to {word} rehearses its gate")),
        None => error,
    }
}

/// Returns the state of a flag or an experiment that is bucketed by another algorithm.
///
/// # Errors
/// When there is neither.
pub(super) fn bucketed_state(loaded: &Loaded, name: &str, algorithm: &Algorithm) -> Result<State> {
    let label = algorithm.in_words();
    let layers = loaded.layers();
    if let Some(resolved) = layers.resolve(name) {
        let flag = Flag { bucketing: algorithm.clone(), ..resolved.effective };
        return Ok(State { label, kind: StateKind::Flag(Box::new(flag)) });
    }
    let experiment = layers.experiment(name).ok_or_else(|| loaded.unknown_flag_or_experiment(name))?;
    let experiment = Experiment { bucketing: algorithm.clone(), ..experiment.into_owned() };
    Ok(State { label, kind: StateKind::Experiment(Box::new(experiment)) })
}

/// Returns a command that rehearses a step of a flag: a rollout, or for one with variations their shares, those that it
/// serves where it splits.
pub(super) fn example_step(flag: &Flag) -> String {
    let name = &flag.name;
    if flag.variations.is_boolean() {
        return format!("ffctl simulate-rollout {name} --to 25%");
    }
    let shares: Vec<String> = match &flag.fallthrough {
        Fallthrough::Serve(Serve::Split(split)) => {
            split.pairs().iter().map(|(variation, share)| format!("{variation}={}", share.get())).collect()
        }
        Fallthrough::Serve(Serve::Variation(_)) | Fallthrough::Rollout(_) => {
            flag.variations.iter().map(|variation| format!("{}=1", variation.name)).collect()
        }
    };
    format!("ffctl simulate-rollout {name}{}", option("--split", &shares.join(",")))
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
            .hint(example_step(&flag)));
        }
        let names: Vec<&str> = flag.variations.iter().map(|variation| variation.name.as_str()).collect();
        let split = parse_split(text, &names)?;
        flag.enabled = true;
        flag.fallthrough = Fallthrough::Serve(Serve::Split(split));
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
