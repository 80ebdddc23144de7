//! What a rule or everybody else gets: `rollout`, `serve`, `split`.

use super::reader::Reader;
use super::text::quoted;
use super::variations::Choices;
use crate::flagfile::position::Span;
use crate::flagfile::syntax::{Data, Entry, Table};
use crate::model::{Fallthrough, OFF, ON, Serve, VariationName, Weight};

/// The three keys that say what is served.
#[derive(Clone, Copy)]
pub(super) struct Served<'a> {
    pub(super) rollout: Option<&'a Entry<'a>>,
    pub(super) serve: Option<&'a Entry<'a>>,
    pub(super) split: Option<&'a Entry<'a>>,
}

impl<'a> Reader<'a> {
    /// Reads what everybody else gets; `targeted` are the keys given that make it obligatory to say so.
    pub(super) fn fallthrough(
        &mut self,
        served: Served<'a>,
        choices: &Choices,
        table: &Table<'_>,
        key: Span,
        targeted: Option<&str>,
    ) -> Option<Fallthrough> {
        if choices.is_boolean() {
            return self.boolean_fallthrough(served, table, key, targeted);
        }
        if let Some(rollout) = served.rollout {
            let fix = "split = [[\"a\", 50], [\"b\", 50]]";
            self.wrong(rollout.key_span, "a flag with variations has `serve` or `split`, no `rollout`", fix);
            return None;
        }
        match (served.serve, served.split) {
            (Some(serve), None) => {
                self.variation(&serve.value, choices).map(|name| Fallthrough::Serve(Serve::Variation(name)))
            }
            (None, Some(split)) => {
                self.split(split, choices).map(|split| Fallthrough::Serve(Serve::Split(split)))
            }
            (Some(_), Some(split)) => {
                self.wrong(split.key_span, "either `serve` or `split`, not both", "keep one of the two");
                None
            }
            (None, None) => {
                let fix = format!("serve = {}", quoted(choices.names().first().unwrap_or(&"…")));
                self.missing(table, "serve", key, "nothing says which variation is served", fix);
                None
            }
        }
    }

    fn boolean_fallthrough(
        &mut self,
        served: Served<'a>,
        table: &Table<'_>,
        key: Span,
        targeted: Option<&str>,
    ) -> Option<Fallthrough> {
        if let Some(split) = served.split {
            self.wrong(
                split.key_span,
                "a flag without `variations` has a `rollout`, no `split`",
                "rollout = \"25%\"",
            );
            return None;
        }
        if let Some(serve) = served.serve {
            let off = matches!(&serve.value.data, Data::Text(text) if text == OFF);
            let weight = if off { Weight::NONE } else { Weight::ALL };
            let message = "a flag without `variations` has a `rollout`, no `serve`";
            self.wrong(serve.key_span, message, format!("rollout = \"{weight}\""));
            return None;
        }
        match (served.rollout, targeted) {
            (Some(rollout), _) => self.weight(rollout).map(Fallthrough::Rollout),
            (None, Some(given)) => {
                let message = format!("`{given}` is given, so what everybody else gets must be said");
                self.missing(table, "rollout", key, message, "rollout = \"0%\"");
                None
            }
            (None, None) => Some(Fallthrough::Rollout(Weight::ALL)),
        }
    }

    /// Reads what a rule serves, and to how many of those who match.
    pub(super) fn rule_serves(
        &mut self,
        served: Served<'a>,
        choices: &Choices,
        table: &Table<'_>,
        place: Span,
    ) -> Option<(Weight, Serve)> {
        let weight = match served.rollout {
            Some(rollout) => self.weight(rollout),
            None => Some(Weight::ALL),
        };
        let serve = match (served.serve, served.split) {
            (Some(_), Some(split)) => {
                self.wrong(split.key_span, "either `serve` or `split`, not both", "keep one of the two");
                None
            }
            (None, Some(split)) if choices.is_boolean() => {
                let message = "a flag without `variations` has a `rollout`, no `split`";
                self.wrong(split.key_span, message, "rollout = \"25%\"");
                None
            }
            (None, Some(split)) => self.split(split, choices).map(Serve::Split),
            (Some(serve), None) => self.variation(&serve.value, choices).map(Serve::Variation),
            (None, None) if choices.is_boolean() && served.rollout.is_some() => {
                self.on(choices).map(Serve::Variation)
            }
            (None, None) => {
                let fix = format!("serve = {}", quoted(choices.names().first().unwrap_or(&"…")));
                self.missing(table, "serve", place, "the rule does not say what it serves", fix);
                None
            }
        };
        Some((weight?, serve?))
    }

    fn on(&mut self, choices: &Choices) -> Option<VariationName> {
        self.find_variation(ON, Span::new(0, 0), choices)
    }
}
