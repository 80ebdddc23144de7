//! The names and patterns of a command line that choose among all flags.

use globset::GlobSet;

use crate::error::{Error, Kind, Result, did_you_mean};
use crate::layer::Layers;
use crate::model::{ExperimentName, FlagName, SegmentName};

use super::list::patterns;

/// Names and patterns.
pub(super) struct Wanted<'a> {
    names: Vec<&'a str>,
    patterns: Option<GlobSet>,
}

impl<'a> Wanted<'a> {
    /// Reads them; none means everything.
    ///
    /// # Errors
    /// When a pattern cannot be read.
    pub(super) fn of(texts: &'a [String]) -> Result<Self> {
        let plain = |text: &&str| !text.contains(['*', '?', '[', '{']);
        Ok(Self {
            names: texts.iter().map(String::as_str).filter(plain).collect(),
            patterns: patterns(texts)?,
        })
    }

    /// Tells whether a name is wanted.
    pub(super) fn is_wanted(&self, name: &str) -> bool {
        self.patterns.as_ref().is_none_or(|patterns| patterns.is_match(name))
    }

    /// Checks that every plain name is among `all`: a typing mistake is not "nothing to tell". `what` and `place`
    /// complete "there is no … `x` …".
    ///
    /// # Errors
    /// Kind `Unknown`, with the nearest name.
    pub(super) fn known(&self, all: &[&str], what: &str, place: &str) -> Result<()> {
        let Some(unknown) = self.names.iter().find(|name| !all.contains(name)) else { return Ok(()) };
        let error = Error::new(Kind::Unknown, format!("there is no {what} `{unknown}`{place}"));
        Err(match did_you_mean(unknown, all.iter().copied()) {
            Some(hint) => error.hint(hint),
            None => error.hint("`ffctl list -o name` names all flags"),
        })
    }
}

/// Returns the names of the flags of some layers.
pub(super) fn flags_of<'a>(layers: &Layers<'a>) -> Vec<&'a str> {
    layers.declared().map(FlagName::as_str).chain(layers.undeclared()).collect()
}

/// Returns the names of all definitions of some layers.
pub(super) fn definitions_of<'a>(layers: &Layers<'a>) -> Vec<&'a str> {
    let mut all = flags_of(layers);
    for definitions in layers.file.iter().map(|file| file.definitions()) {
        all.extend(definitions.experiments.keys().map(ExperimentName::as_str));
        all.extend(definitions.segments.keys().map(SegmentName::as_str));
    }
    all
}
