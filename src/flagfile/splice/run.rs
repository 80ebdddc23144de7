//! The splice itself: edit by edit, then reading back.

use super::edit::Edit;
use super::error::SpliceError;
use super::patch::{Patch, apply};
use super::{table, targets};
use crate::flagfile::FlagFile;
use crate::flagfile::position::Span;
use crate::flagfile::quote::quoted;
use crate::flagfile::syntax::{Data, Entry, TableId, Tree, parse};
use crate::model::{Definitions, Flag, FlagName, Share, Split, VariationName, Weight};

/// Returns the file's text with the edits made, in their order. Every byte outside the values changed stays as it
/// was; an edit that changes nothing changes no byte. Only TOML 1.0 is written.
///
/// Naming the first user or organisation of a flag that does not say its rollout writes `rollout = "100%"` beside
/// it, since the file must then say what everybody else gets; what it defines is the same. For the same reason
/// taking out the rollout of a flag with users, organisations or rules writes 100%.
///
/// # Errors
/// When a flag or variation does not exist, the field does not fit the kind of flag or cannot be removed, or the
/// changed text would not read back as exactly what was meant.
pub fn splice(file: &FlagFile, edits: &[(FlagName, Edit)]) -> Result<String, SpliceError> {
    let mut intended = file.definitions().clone();
    let mut text = file.text().to_owned();
    for (name, edit) in edits {
        let before = intended.flags.get(name.as_str()).cloned();
        edit.apply(name, &mut intended)?;
        let flag = &intended.flags[name.as_str()];
        let changes = before.as_ref() != Some(flag);
        // A rollout of 100% may be said or not; taking it out changes the text alone.
        if changes || (*edit == Edit::Rollout(None) && !is_targeted(flag)) {
            let patches = patches(&text, flag, edit)?;
            text = apply(&text, patches);
        }
    }
    let read = FlagFile::parse(file.name(), text).map_err(SpliceError::NotAsIntended)?;
    if !same(read.definitions(), &intended) {
        return Err(SpliceError::NotAsIntended(Vec::new()));
    }
    Ok(read.into_parts().1)
}

/// Tells whether two files define the same, in the same order of flags.
fn same(a: &Definitions, b: &Definitions) -> bool {
    a == b && a.flags.keys().eq(b.flags.keys())
}

/// Returns the patches of one edit; `flag` is the flag as it is to be.
fn patches(text: &str, flag: &Flag, edit: &Edit) -> Result<Vec<Patch>, SpliceError> {
    let (tree, _) = parse(text);
    let Some(place) = Place::find(&tree, &flag.name) else { return Ok(Vec::new()) };
    Ok(match edit {
        Edit::Enabled(enabled) => place.enabled(*enabled),
        Edit::Rollout(weight) => place.rollout(flag, *weight),
        Edit::Serve(Some(variation)) => place.serves("serve", quoted(variation.as_str())),
        Edit::Split(Some(split)) => place.serves("split", pairs(split)),
        Edit::Serve(None) | Edit::Split(None) => Vec::new(),
        Edit::User { key, variation } => place.target(flag, "users", key, variation.as_ref())?,
        Edit::Org { key, variation } => place.target(flag, "orgs", key, variation.as_ref())?,
    })
}

/// Tells whether the file must say what everybody else gets.
fn is_targeted(flag: &Flag) -> bool {
    !(flag.users.is_empty() && flag.orgs.is_empty() && flag.rules.is_empty())
}

fn pairs(split: &Split) -> String {
    let pair =
        |(name, share): &(VariationName, Share)| format!("[{}, {}]", quoted(name.as_str()), share.get());
    format!("[{}]", split.pairs().iter().map(pair).collect::<Vec<_>>().join(", "))
}

/// Where a flag stands in the text.
struct Place<'a> {
    tree: &'a Tree<'a>,
    entry: &'a Entry<'a>,
    /// The flag's table; none for the shorthand.
    table: Option<TableId>,
}

impl<'a> Place<'a> {
    fn find(tree: &'a Tree<'a>, name: &FlagName) -> Option<Self> {
        let Data::Table(flags) = tree.table(Tree::ROOT).entry("flags")?.value.data else { return None };
        let entry = tree.table(flags).entry(name.as_str())?;
        let table = match entry.value.data {
            Data::Table(id) => Some(id),
            _ => None,
        };
        Some(Self { tree, entry, table })
    }

    fn field(&self, key: &str) -> Option<&'a Entry<'a>> {
        self.tree.table(self.table?).entry(key)
    }

    /// Returns the patch that writes keys which the flag does not have yet.
    fn add(&self, flag: &Flag, keys: &[(&str, String)]) -> Vec<Patch> {
        let patch = if let Some(id) = self.table {
            table::add(self.tree, id, self.field("enabled"), keys)
        } else {
            let enabled = [("enabled", flag.enabled.to_string())];
            let all = enabled.iter().chain(keys).map(|(key, value)| format!("{key} = {value}"));
            let all = all.collect::<Vec<_>>().join(", ");
            Patch::replace(self.entry.value.span, format!("{{ {all} }}"))
        };
        vec![patch]
    }

    fn enabled(&self, enabled: bool) -> Vec<Patch> {
        let value = self.field("enabled").unwrap_or(self.entry).value.span;
        vec![Patch::replace(value, enabled.to_string())]
    }

    fn rollout(&self, flag: &Flag, weight: Option<Weight>) -> Vec<Patch> {
        let weight = weight.or(is_targeted(flag).then_some(Weight::ALL));
        match (self.field("rollout"), weight) {
            (Some(entry), Some(weight)) => {
                vec![self.replace(entry.value.span, &weight.to_string())]
            }
            (None, Some(weight)) => self.add(flag, &[("rollout", quoted(&weight.to_string()))]),
            (Some(entry), None) => {
                self.table.map(|id| table::remove(self.tree, id, entry)).into_iter().collect()
            }
            (None, None) => Vec::new(),
        }
    }

    /// Returns the patch that writes a percentage, in the quotes that stood there if there were any.
    fn replace(&self, span: Span, percentage: &str) -> Patch {
        let old = span.of(self.tree.text);
        let literal = old.starts_with('\'') && !old.starts_with("'''");
        Patch::replace(span, if literal { format!("'{percentage}'") } else { quoted(percentage) })
    }

    /// Returns the patches that make `serve` or `split` what everybody else gets, in place of either.
    fn serves(&self, key: &str, value: String) -> Vec<Patch> {
        match (self.field(key), self.field("serve").or_else(|| self.field("split"))) {
            (Some(entry), _) => vec![Patch::replace(entry.value.span, value)],
            (None, Some(other)) => {
                vec![Patch::replace(other.key_span, key), Patch::replace(other.value.span, value)]
            }
            (None, None) => Vec::new(),
        }
    }

    fn target(
        &self,
        flag: &Flag,
        field: &'static str,
        key: &str,
        variation: Option<&VariationName>,
    ) -> Result<Vec<Patch>, SpliceError> {
        if let Some(entry) = self.field(field) {
            let mut patches = targets::set(self.tree, &flag.name, field, entry, key, variation)?;
            if !patches.is_empty() && variation.is_some() {
                patches.extend(self.say_rollout(flag));
            }
            return Ok(patches);
        }
        let Some(variation) = variation else { return Ok(Vec::new()) };
        let boolean = flag.variations.is_boolean();
        let mut keys = vec![(field, targets::first(key, variation, boolean))];
        if boolean && self.field("rollout").is_none() {
            keys.push(("rollout", quoted(&Weight::ALL.to_string())));
        }
        Ok(self.add(flag, &keys))
    }

    /// Returns the patch that says the rollout of a flag whose field for users or organisations was empty.
    fn say_rollout(&self, flag: &Flag) -> Vec<Patch> {
        if !flag.variations.is_boolean() || self.field("rollout").is_some() {
            return Vec::new();
        }
        self.add(flag, &[("rollout", quoted(&Weight::ALL.to_string()))])
    }
}
