//! What a flag can serve, and looking up the variations that the rest of it names.

use indexmap::IndexMap;

use super::reader::Reader;
use super::text::{fragment, listed, quoted};
use crate::flagfile::position::Span;
use crate::flagfile::syntax::{Data, Entry, Node};
use crate::model::{Number, OFF, ON, Split, Value, VariationName, Variations};

/// What is known of a flag's variations while the rest of it is read.
pub(super) enum Choices {
    /// A boolean flag.
    Boolean(Variations),
    /// A flag with variations; none where they could not be read.
    Named(Option<IndexMap<VariationName, Value>>),
    /// The variants of an experiment; none where they could not be read.
    Variants(Option<Split>),
}

impl Choices {
    pub(super) const fn is_boolean(&self) -> bool {
        matches!(self, Self::Boolean(_))
    }

    /// Returns the variation of that name; `Err` where nobody knows because they could not be read.
    fn find(&self, name: &str) -> Result<Option<VariationName>, ()> {
        match self {
            Self::Boolean(variations) => Ok(variations.find(name).cloned()),
            Self::Named(Some(all)) => Ok(all.get_key_value(name).map(|(name, _)| name.clone())),
            Self::Variants(Some(split)) => {
                Ok(split.pairs().iter().map(|(other, _)| other).find(|other| other.as_str() == name).cloned())
            }
            Self::Named(None) | Self::Variants(None) => Err(()),
        }
    }

    pub(super) fn names(&self) -> Vec<&str> {
        match self {
            Self::Boolean(_) => vec![ON, OFF],
            Self::Named(all) => all.iter().flatten().map(|(name, _)| name.as_str()).collect(),
            Self::Variants(split) => {
                split.iter().flat_map(Split::pairs).map(|(name, _)| name.as_str()).collect()
            }
        }
    }
}

impl<'a> Reader<'a> {
    /// Reads `variations`; a flag without them is boolean.
    pub(super) fn choices(&mut self, entry: Option<&'a Entry<'a>>, boolean: &Variations) -> Choices {
        let Some(entry) = entry else { return Choices::Boolean(boolean.clone()) };
        let Data::Table(id) = entry.value.data else {
            let fix = "variations = { v1 = \"…\", v2 = \"…\" }";
            self.wrong_type("variations", "a table of names and values", &entry.value, fix);
            return Choices::Named(None);
        };
        let before = self.mistakes.len();
        let table = self.tree.table(id);
        let mut all = IndexMap::with_capacity(table.entries.len());
        let mut complete = !table.damaged;
        for entry in &table.entries {
            match VariationName::named(&entry.key) {
                Ok(name) => match self.value(&entry.value) {
                    Some(value) => {
                        all.insert(name, value);
                    }
                    None => complete = false,
                },
                Err(error) => self.bad_name(entry.key_span, &entry.key, &error),
            }
        }
        if complete && before == self.mistakes.len() && all.len() < 2 {
            let message = format!("a flag has at least two variations, this one has {}", all.len());
            self.wrong(entry.key_span, message, "a second variation, or no `variations` for a boolean flag");
        }
        Choices::Named((complete && before == self.mistakes.len()).then_some(all))
    }

    /// Reads a value as JSON has them.
    pub(super) fn value(&mut self, node: &'a Node<'a>) -> Option<Value> {
        Some(match &node.data {
            Data::Text(text) => Value::Text(text.to_string()),
            Data::Boolean(value) => Value::Bool(*value),
            Data::Integer(_) | Data::Float(_) => Value::Number(self.number(node)?),
            Data::List(items) | Data::Tables(items) => {
                let mut values = Vec::with_capacity(items.len());
                let mut complete = true;
                for item in items {
                    match self.value(item) {
                        Some(value) => values.push(value),
                        None => complete = false,
                    }
                }
                complete.then_some(Value::List(values))?
            }
            Data::Table(id) => {
                let table = self.tree.table(*id);
                let mut entries = Vec::with_capacity(table.entries.len());
                let mut complete = !table.damaged;
                for entry in &table.entries {
                    match self.value(&entry.value) {
                        Some(value) => entries.push((entry.key.to_string(), value)),
                        None => complete = false,
                    }
                }
                complete.then_some(Value::Object(entries))?
            }
            Data::Datetime(_) => {
                let raw = self.raw(node);
                self.wrong(node.span, "JSON has no dates", quoted(raw));
                return None;
            }
            Data::Broken => return None,
        })
    }

    /// Reads a number, whole or not; the caller has seen that it is one.
    pub(super) fn number(&mut self, node: &Node<'_>) -> Option<Number> {
        let number = match node.data {
            Data::Integer(number) => number.map(Number::Integer),
            Data::Float(number) => Some(Number::Float(number)).filter(|_| number.is_finite()),
            _ => return None,
        };
        if number.is_none() {
            let raw = self.raw(node);
            let range = if matches!(node.data, Data::Integer(_)) {
                "does not fit 64 bits"
            } else {
                "is no finite number"
            };
            self.wrong(node.span, format!("`{raw}` {range}"), quoted(raw));
        }
        number
    }

    /// Reads the name of one of a flag's variations.
    pub(super) fn variation(&mut self, node: &Node<'_>, choices: &Choices) -> Option<VariationName> {
        let Data::Text(text) = &node.data else {
            if matches!(node.data, Data::Broken) {
                return None;
            }
            let fix = match node.data {
                Data::Boolean(on) if choices.is_boolean() => quoted(if on { ON } else { OFF }),
                _ => choices.names().first().map_or_else(|| "\"…\"".to_owned(), |name| quoted(name)),
            };
            self.wrong(node.span, format!("a variation is text, not {}", node.data.kind()), fix);
            return None;
        };
        self.find_variation(text, node.span, choices)
    }

    /// Looks up a variation by its name.
    pub(super) fn find_variation(
        &mut self,
        text: &str,
        span: Span,
        choices: &Choices,
    ) -> Option<VariationName> {
        match choices.find(text) {
            Ok(Some(name)) => Some(name),
            Err(()) => None,
            Ok(None) => {
                let shown = fragment(text);
                let names = choices.names();
                if choices.is_boolean() {
                    let on = matches!(text.to_lowercase().as_str(), "true" | "yes" | "1" | "on");
                    let message = format!("`{shown}` is no variation of a boolean flag: `on` or `off`");
                    self.wrong(span, message, quoted(if on { ON } else { OFF }));
                } else {
                    let message = match choices {
                        Choices::Variants(_) => format!("the experiment has no variant `{shown}`"),
                        _ => format!("the flag has no variation `{shown}`"),
                    };
                    let all = listed(names.iter().copied());
                    self.unknown_name(span, message, text, names, || format!("one of {all}"));
                }
                None
            }
        }
    }
}
