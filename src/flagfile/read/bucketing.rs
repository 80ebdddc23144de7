//! `[bucketing]` and the key `bucketing` of flags and experiments: which algorithm, and algorithms of one's own.

use super::reader::Reader;
use super::text::{fragment, quoted};
use crate::bucket::{Algorithm, Precision, SeedUse, preset, presets};
use crate::flagfile::keys;
use crate::flagfile::position::Span;
use crate::flagfile::quote::key;
use crate::flagfile::syntax::{Data, Entry, TableId};
use crate::model::{Bucketing, Experiment, Fallthrough, Flag, Serve, Split, Weight};

/// What the file says of bucketing, while the rest of it is read.
#[derive(Default)]
pub(super) struct Known<'a> {
    pub(super) bucketing: Bucketing,
    /// The names of the file's own algorithms, also of those that could not be read.
    declared: Vec<&'a str>,
}

/// The parts of a choice: `algorithm`, `seed`, `precision`.
type Choice<'a> = [Option<&'a Entry<'a>>; 3];

impl<'a> Reader<'a> {
    /// Reads `[bucketing]`; what flags and experiments choose from is known from then on.
    pub(super) fn bucketing(&mut self, entry: Option<&'a Entry<'a>>) {
        let Some(entry) = entry else { return };
        let Data::Table(id) = entry.value.data else {
            let fix = match &entry.value.data {
                Data::Text(_) => format!("bucketing = {{ algorithm = {} }}", self.raw(&entry.value)),
                _ => "[bucketing]".to_owned(),
            };
            self.wrong_type("bucketing", "a table", &entry.value, fix);
            return;
        };
        let [algorithm, seed, precision, custom] = self.fields(id, &keys::BUCKETING, "`[bucketing]`");
        if let Some(custom) = custom {
            self.custom_algorithms(custom);
        }
        let choice = [algorithm, seed, precision];
        if algorithm.is_none() {
            for entry in [seed, precision].into_iter().flatten() {
                let message = format!("`{}` says something of an algorithm, and none is named", entry.key);
                self.wrong(entry.key_span, message, "algorithm = \"…\"");
            }
            return;
        }
        if let Some(default) = self.choice(choice, entry.key_span) {
            self.known.bucketing.default = default;
        }
    }

    /// Reads the key `bucketing` of a flag or an experiment; the file's default without it.
    pub(super) fn algorithm(&mut self, entry: Option<&'a Entry<'a>>) -> Algorithm {
        let default = || Algorithm::default();
        let Some(entry) = entry else { return self.known.bucketing.default.clone() };
        match &entry.value.data {
            Data::Text(_) => self.choice([Some(entry), None, None], entry.key_span).unwrap_or_else(default),
            Data::Table(id) => {
                let choice = self.fields(*id, &keys::CHOICE, "`bucketing`");
                if choice[0].is_none() {
                    let table = self.tree.table(*id);
                    let message = "nothing says which algorithm";
                    self.missing(table, "algorithm", entry.key_span, message, "algorithm = \"…\"");
                    return default();
                }
                self.choice(choice, entry.key_span).unwrap_or_else(default)
            }
            _ => {
                let fix = format!("bucketing = {}", quoted(Algorithm::DEFAULT));
                self.wrong_type("bucketing", "the name of an algorithm, or a table", &entry.value, fix);
                default()
            }
        }
    }

    /// Reads a choice; `place` is where a seed would stand that is missing.
    fn choice(&mut self, [algorithm, seed, precision]: Choice<'a>, place: Span) -> Option<Algorithm> {
        let entry = algorithm?;
        let named = self.named(entry);
        let seed = seed.map(|seed| (seed, self.seed(seed)));
        let precision = precision.and_then(|entry| Some((entry, self.precision(entry)?)));
        let mut algorithm = named?;
        match seed {
            Some((_, Some(seed))) if algorithm.seed_use() != SeedUse::None => {
                algorithm = algorithm.with_seed(seed).unwrap_or(algorithm);
            }
            Some((entry, Some(_))) => {
                self.wrong(entry.key_span, format!("`{algorithm}` takes no seed"), "remove `seed`");
            }
            None if algorithm.seed_use() == SeedUse::Required => {
                let message =
                    format!("`{algorithm}` hashes with a seed of the flag's own, and none is given");
                let fix = match entry.key.as_ref() {
                    "bucketing" => {
                        format!("bucketing = {{ algorithm = {}, seed = … }}", quoted(algorithm.name()))
                    }
                    _ => "seed = …".to_owned(),
                };
                self.wrong(place, message, fix);
            }
            _ => {}
        }
        if let Some((entry, precision)) = precision {
            if let Some(with) = algorithm.with_precision(precision) {
                algorithm = with;
            } else {
                let message = format!("`{algorithm}` computes nothing in the unit interval");
                self.wrong(entry.key_span, message, "remove `precision`");
            }
        }
        Some(algorithm)
    }

    /// Looks up the algorithm that an entry names.
    fn named(&mut self, entry: &'a Entry<'a>) -> Option<Algorithm> {
        let name = self.text(Some(entry))?;
        if let Some(found) = self.known.bucketing.find(&name) {
            return Some(found);
        }
        if self.known.declared.contains(&name.as_str()) {
            return None;
        }
        let message = format!("no bucketing algorithm is called `{}`", fragment(&name));
        let span = entry.value.span;
        let all: Vec<Algorithm> = presets().collect();
        let versions = all.iter().rev().map(Algorithm::name);
        let newest = versions.clone().find(|known| {
            known.rsplit_once('/').is_some_and(|(family, _)| family == name.to_ascii_lowercase())
        });
        if let Some(newest) = newest {
            self.wrong(span, message, quoted(newest));
            return None;
        }
        let own: Vec<&str> = self.known.declared.clone();
        self.unknown_name(span, message, &name, versions.chain(own), || {
            "`ffctl bucketing list` names them all".to_owned()
        });
        None
    }

    pub(super) fn seed(&mut self, entry: &'a Entry<'a>) -> Option<u32> {
        match entry.value.data {
            Data::Integer(Some(number)) if u32::try_from(number).is_ok() => u32::try_from(number).ok(),
            Data::Integer(_) => {
                self.wrong(entry.value.span, "a seed is from 0 to 4294967295", "seed = 0");
                None
            }
            _ => {
                self.wrong_type("seed", "a whole number", &entry.value, "seed = 0");
                None
            }
        }
    }

    pub(super) fn precision(&mut self, entry: &'a Entry<'a>) -> Option<Precision> {
        let text = self.text(Some(entry))?;
        let found = Precision::parse(&text);
        if found.is_none() {
            let message = format!("`{}` is no precision: `f64` or `f32`", fragment(&text));
            self.wrong(entry.value.span, message, "\"f64\"");
        }
        found
    }

    /// Reads `[bucketing.custom]`.
    fn custom_algorithms(&mut self, entry: &'a Entry<'a>) {
        let Data::Table(id) = entry.value.data else {
            self.wrong_type("custom", "a table of names", &entry.value, "[bucketing.custom.NAME]");
            return;
        };
        for entry in &self.tree.table(id).entries {
            let name = entry.key.as_ref();
            self.known.declared.push(name);
            if preset(name).is_some() {
                let message = format!("`{name}` is the name of a known algorithm");
                self.wrong(entry.key_span, message, key(&format!("my-{name}")));
                continue;
            }
            if !is_name(name) {
                let message = format!(
                    "`{}` is no name of an algorithm: letters, digits, `_`, `.`, `-` and one `/`",
                    fragment(name)
                );
                self.wrong(entry.key_span, message, "\"backend/1\"");
                continue;
            }
            let Data::Table(id) = entry.value.data else {
                let fix = format!("[bucketing.custom.{}]", key(name));
                self.wrong_type(name, "a table", &entry.value, fix);
                continue;
            };
            if let Some(algorithm) = self.custom_algorithm(name, entry, id) {
                self.known.bucketing.custom.push(algorithm);
            }
        }
    }

    fn custom_algorithm(&mut self, name: &str, entry: &'a Entry<'a>, id: TableId) -> Option<Algorithm> {
        let before = self.mistakes.len();
        let [description, variant, rest @ ..] = self.fields(id, &keys::ALGORITHM, "an algorithm");
        let description = self.text(description);
        let rollout = self.record(rest, None, entry.key_span, self.tree.table(id));
        let variant = match (variant.map(|variant| (variant, &variant.value.data)), &rollout) {
            (None, rollout) => rollout.clone(),
            (Some((variant, Data::Table(id))), base) => {
                let fields = self.fields(*id, &keys::RECORD, "`variant`");
                let table = self.tree.table(*id);
                match base {
                    Some(base) => self.record(fields, Some(base), variant.key_span, table),
                    None => None,
                }
            }
            (Some((variant, _)), _) => {
                let fix = "variant = { template = \"{key}:{unit}:variant\" }";
                self.wrong_type("variant", "a table of what differs", &variant.value, fix);
                None
            }
        };
        let (rollout, variant) = (rollout?, variant?);
        if before != self.mistakes.len() {
            return None;
        }
        Algorithm::custom(name, description.as_deref(), rollout, variant).ok()
    }

    /// Reports a bucketed flag whose algorithm hashes a salt that it does not have.
    pub(super) fn salted(&mut self, flag: &Flag, place: Span) {
        if is_bucketed(flag) {
            self.needs_salt(&flag.bucketing, flag.salt.as_deref(), flag.name.as_str(), place);
        }
    }

    /// Reports the same of an experiment.
    pub(super) fn experiment_salted(&mut self, experiment: &Experiment, place: Span) {
        let name = experiment.name.as_str();
        self.needs_salt(&experiment.bucketing, experiment.salt.as_deref(), name, place);
    }

    fn needs_salt(&mut self, algorithm: &Algorithm, salt: Option<&str>, name: &str, place: Span) {
        if algorithm.needs_salt() && salt.is_none() {
            let message =
                format!("`{algorithm}` hashes a salt beside the name, and `{}` has none", fragment(name));
            self.wrong(place, message, "salt = \"…\"");
        }
    }
}

/// Tells whether a bucket can decide anything.
fn is_bucketed(flag: &Flag) -> bool {
    let part = |weight: &Weight| !matches!(*weight, Weight::NONE | Weight::ALL);
    let several = |serve: &Serve| matches!(serve, Serve::Split(split) if Split::single(split).is_none());
    let fallthrough = match &flag.fallthrough {
        Fallthrough::Rollout(weight) => part(weight),
        Fallthrough::Serve(serve) => several(serve),
    };
    fallthrough || flag.rules.iter().any(|rule| part(&rule.rollout) || several(&rule.serve))
}

/// Tells whether a text can name an algorithm: `backend`, `backend/2`.
fn is_name(text: &str) -> bool {
    let part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphanumeric())
            && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
    };
    text.len() <= 64 && text.split('/').count() <= 2 && text.split('/').all(part)
}
