//! What rules ask: the subject with its places, and where they put what they find.

use crate::flagfile::{Excerpt, FlagPlaces, Outline, Span, Step};
use crate::layer::{AdminLayer, EnvLayer, Freshness, Layers, Origin, TargetKind, TargetLabel};
use crate::model::{Definitions, Flag, FlagName};
use crate::settings::diagnostic_at;

use super::finding::{Finding, Place};
use super::rules::Rule;
use super::subject::Subject;

/// Returns the name of the variable that stands there.
pub(super) fn name_of(origin: &Origin) -> &str {
    match origin {
        Origin::Variable { name } | Origin::EnvFile { name, .. } => name,
        _ => "",
    }
}

/// The subject, and what was found so far.
pub(super) struct Scope<'a> {
    pub(super) subject: Subject<'a>,
    outline: Outline<'a>,
    nothing: EnvLayer,
    admin: AdminLayer,
    pub(super) found: Vec<Finding>,
}

impl<'a> Scope<'a> {
    pub(super) fn new(subject: Subject<'a>) -> Self {
        // No store and no server is asked: what they override is not a matter of files.
        let target =
            TargetLabel { profile: None, address: String::new(), kind: TargetKind::Local, served: false };
        Self {
            subject,
            outline: Outline::of(subject.file.text()),
            nothing: EnvLayer::default(),
            admin: AdminLayer::empty(target, Freshness::NotAsked),
            found: Vec::new(),
        }
    }

    pub(super) fn definitions(&self) -> &'a Definitions {
        self.subject.file.definitions()
    }

    /// Returns the flags with their places.
    pub(super) fn flags(&self) -> impl Iterator<Item = (&'a Flag, &'a FlagPlaces)> + use<'a> {
        let file = self.subject.file;
        file.definitions().flags.values().filter_map(|flag| Some((flag, file.flag_places(&flag.name)?)))
    }

    /// Returns the definitions under the variables of this run.
    pub(super) fn layers(&self) -> Layers<'_> {
        let env = self.subject.environments.first().map_or(&self.nothing, |here| &here.layer);
        Layers { file: Some(self.subject.file), env, admin: &self.admin, what_if: None }
    }

    /// Returns a flag as it is under the variables of this run; none if they cannot be read.
    pub(super) fn effective(&self, name: &FlagName) -> Option<Flag> {
        let resolved = self.layers().resolve(name.as_str())?;
        resolved.problems.is_empty().then_some(resolved.effective)
    }

    /// Returns where the value at a path stands, else `otherwise`.
    pub(super) fn value_at(&self, path: &[Step<'_>], otherwise: Span) -> Span {
        self.outline.find(path).map_or(otherwise, |place| place.value)
    }

    /// Returns where the key at a path stands, else `otherwise`.
    pub(super) fn key_at(&self, path: &[Step<'_>], otherwise: Span) -> Span {
        self.outline.find(path).map_or(otherwise, |place| place.key)
    }

    /// Returns a part of flags.toml as a place.
    pub(super) fn at(&self, span: Span) -> Place {
        let Excerpt { position, text, width } = self.subject.file.excerpt(span);
        let file = self.subject.file.name().to_owned();
        Place::File { file, line: position.line, column: position.column, width, text }
    }

    /// Returns where a variable stands.
    pub(super) fn variable_at(&self, origin: &Origin) -> Place {
        let Origin::EnvFile { name, file, line } = origin else {
            return Place::Variable { name: origin.to_string() };
        };
        let files = self.subject.environments.iter().filter_map(|environment| environment.file.as_ref());
        let mut entries = files.filter(|env_file| env_file.name.as_str() == &**file).filter_map(|env_file| {
            Some((env_file, env_file.entries.iter().find(|entry| entry.line == *line)?))
        });
        match entries.next() {
            Some((env_file, entry)) => {
                let start = env_file.text[..entry.span.start].rfind('\n').map_or(0, |at| at + 1);
                let key = env_file.text[start..].find(&entry.name).map_or(start, |at| start + at);
                let span = key..entry.span.end.max(key + entry.name.len());
                (&diagnostic_at(file, &env_file.text, span, "", None)).into()
            }
            None => Place::Variable { name: name.clone() },
        }
    }

    /// Puts down a finding.
    pub(super) fn report(
        &mut self,
        rule: &Rule,
        name: &str,
        place: Place,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) {
        let (code, severity) = (rule.code, rule.severity);
        let (message, fix, name) = (message.into(), Some(fix.into()), Some(name.to_owned()));
        self.found.push(Finding { code, severity, message, fix, place, name });
    }
}
