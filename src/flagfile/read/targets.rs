//! `users` and `orgs`: who gets what by key; also an experiment's `force`.

use indexmap::IndexMap;

use super::reader::Reader;
use super::text::quoted;
use super::variations::Choices;
use crate::flagfile::position::Span;
use crate::flagfile::syntax::{Data, Entry};
use crate::model::{ON, VariationName};

/// Keys and what they get, with the place of each.
pub(super) type Targets = (IndexMap<String, VariationName>, Vec<Span>);

impl<'a> Reader<'a> {
    /// Reads `users` or `orgs`: a list of keys (on, for a boolean flag), or a table key → variation.
    pub(super) fn targets(&mut self, entry: Option<&'a Entry<'a>>, choices: &Choices) -> Option<Targets> {
        let Some(entry) = entry else { return Some(Targets::default()) };
        let name = entry.key.as_ref();
        match &entry.value.data {
            Data::List(items) if choices.is_boolean() => {
                let before = self.mistakes.len();
                let on = self.find_variation(ON, entry.value.span, choices)?;
                let keys = self.keys(name, items);
                let spans = keys.iter().map(|(_, span)| *span).collect();
                let all = keys.into_iter().map(|(key, _)| (key.to_owned(), on.clone())).collect();
                let broken = items.iter().any(|item| matches!(item.data, Data::Broken));
                (before == self.mistakes.len() && !broken).then_some((all, spans))
            }
            Data::List(items) => {
                let variation = choices.names().first().map_or("…".to_owned(), |name| (*name).to_owned());
                let pairs: Vec<String> = items
                    .iter()
                    .filter_map(|item| match &item.data {
                        Data::Text(text) => Some(crate::flagfile::quote::key(text)),
                        _ => None,
                    })
                    .map(|key| format!("{key} = {}", quoted(&variation)))
                    .collect();
                let message = format!("`{name}` of a flag with variations says what each gets");
                self.wrong(entry.value.span, message, format!("{name} = {{ {} }}", pairs.join(", ")));
                None
            }
            _ => self.assignments(entry, choices),
        }
    }

    /// Reads a table key → variation.
    pub(super) fn assignments(&mut self, entry: &'a Entry<'a>, choices: &Choices) -> Option<Targets> {
        let name = entry.key.as_ref();
        let Data::Table(id) = entry.value.data else {
            let example = choices.names().first().map_or("…", |name| name).to_owned();
            let fix = match &entry.value.data {
                Data::Text(text) if choices.is_boolean() => format!("{name} = [{}]", quoted(text)),
                _ => format!("{name} = {{ key = {} }}", quoted(&example)),
            };
            self.wrong_type(name, "a table of keys and variations", &entry.value, fix);
            return None;
        };
        let table = self.tree.table(id);
        let mut complete = !table.damaged;
        let mut all = IndexMap::with_capacity(table.entries.len());
        let mut spans = Vec::with_capacity(table.entries.len());
        for target in &table.entries {
            if target.key.is_empty() {
                self.wrong(target.key_span, format!("a key in `{name}` is empty"), "remove it");
                complete = false;
            }
            match self.variation(&target.value, choices) {
                Some(variation) => {
                    all.insert(target.key.to_string(), variation);
                    spans.push(target.key_span);
                }
                None => complete = false,
            }
        }
        complete.then_some((all, spans))
    }
}
