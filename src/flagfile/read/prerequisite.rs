//! Prerequisites: read with their flag, resolved once all flags are known.

use indexmap::IndexMap;

use super::reader::Reader;
use super::text::{fragment, listed, quoted};
use crate::flagfile::keys;
use crate::flagfile::position::Span;
use crate::flagfile::syntax::{Data, Entry, Node};
use crate::model::{Flag, FlagName, ON, Prerequisite};

/// A prerequisite of which it is not yet known whether its flag has that variation.
pub(super) struct Wanted<'a> {
    /// The flag that wants it.
    pub(super) by: FlagName,
    /// The other flag, as written, and where.
    pub(super) flag: (&'a str, Span),
    /// What it must serve, as written, and where.
    pub(super) variation: Option<(&'a str, Span)>,
    /// The whole entry.
    pub(super) place: Span,
}

impl<'a> Reader<'a> {
    /// Reads `prerequisites`, with the place of each.
    pub(super) fn prerequisites(
        &mut self,
        by: &FlagName,
        entry: Option<&'a Entry<'a>>,
        wanted: &mut Vec<Wanted<'a>>,
    ) -> Option<Vec<Span>> {
        if entry.is_none() {
            return Some(Vec::new());
        }
        let items = self.list(entry, "[{ flag = \"…\" }]")?;
        let mut places = Vec::with_capacity(items.len());
        for item in items {
            if let Some(prerequisite) = self.prerequisite(by, item) {
                places.push(prerequisite.place);
                wanted.push(prerequisite);
            }
        }
        (places.len() == items.len()).then_some(places)
    }

    fn prerequisite(&mut self, by: &FlagName, node: &'a Node<'a>) -> Option<Wanted<'a>> {
        let Data::Table(id) = node.data else {
            let fix = match &node.data {
                Data::Text(text) => format!("{{ flag = {} }}", quoted(text)),
                _ => "{ flag = \"…\" }".to_owned(),
            };
            self.wrong_type("prerequisites", "a list of tables", node, fix);
            return None;
        };
        let before = self.mistakes.len();
        let [flag, variation] = self.fields(id, &keys::PREREQUISITE, "a prerequisite");
        if flag.is_none() {
            self.missing(
                self.tree.table(id),
                "flag",
                node.span,
                "the prerequisite names no flag",
                "flag = \"…\"",
            );
        }
        let mut text = |entry: Option<&'a Entry<'a>>| {
            if let Some(Node { data: Data::Text(text), span }) = entry.map(|entry| &entry.value) {
                return Some((text.as_ref(), *span));
            }
            self.text(entry);
            None
        };
        let (name, written) = (text(flag), text(variation));
        let unreadable = variation.is_some() && written.is_none();
        let wanted = Wanted { by: by.clone(), flag: name?, variation: written, place: node.span };
        (before == self.mistakes.len() && !unreadable).then_some(wanted)
    }

    /// Looks up what prerequisites name and gives them to their flags. `declared` also knows the flags that
    /// could not be read, of which the variations are unknown.
    pub(super) fn resolve_prerequisites(
        &mut self,
        wanted: &[Wanted<'a>],
        flags: &mut IndexMap<FlagName, Flag>,
        declared: &[&'a str],
    ) {
        for wanted in wanted {
            let (name, span) = wanted.flag;
            let Some(flag) = flags.get(name) else {
                if !declared.contains(&name) {
                    let all = listed(declared.iter().copied());
                    let message = format!("no flag is called `{}`", fragment(name));
                    self.unknown_name(span, message, name, declared.iter().copied(), || {
                        format!("one of {all}")
                    });
                }
                continue;
            };
            let names = || flag.variations.iter().map(|variation| variation.name.as_str());
            let found = match wanted.variation {
                Some((text, span)) => {
                    let found = flag.variations.find(text).cloned();
                    if found.is_none() {
                        let message = format!("`{name}` has no variation `{}`", fragment(text));
                        let all = listed(names());
                        let known: Vec<String> = names().map(str::to_owned).collect();
                        self.unknown_name(span, message, text, known.iter().map(String::as_str), || {
                            format!("one of {all}")
                        });
                    }
                    found
                }
                None if flag.variations.is_boolean() => flag.variations.find(ON).cloned(),
                None => {
                    let first = names().next().unwrap_or("…");
                    let message = format!("`{name}` has variations, so one must be named");
                    self.wrong(wanted.place, message, format!("variation = {}", quoted(first)));
                    None
                }
            };
            if let Some(variation) = found {
                let prerequisite = Prerequisite { flag: flag.name.clone(), variation };
                if let Some(by) = flags.get_mut(&wanted.by) {
                    by.prerequisites.push(prerequisite);
                }
            }
        }
    }
}
