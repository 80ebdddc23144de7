//! Single users and organisations: lists, tables in braces, with headers and of dotted keys.

use super::error::SpliceError;
use super::patch::Patch;
use super::{list, table};
use crate::flagfile::quote::{self, quoted};
use crate::flagfile::syntax::{Data, Entry, Node, TableId, Tree};
use crate::model::{FlagName, ON, VariationName};

/// Returns the patches that give `key` of the given field the variation, or none any more.
pub(super) fn set(
    tree: &Tree<'_>,
    flag: &FlagName,
    field: &'static str,
    entry: &Entry<'_>,
    key: &str,
    variation: Option<&VariationName>,
) -> Result<Vec<Patch>, SpliceError> {
    match (&entry.value.data, variation) {
        (Data::Table(id), _) => Ok(in_table(tree, *id, key, variation)),
        (Data::List(items), Some(variation)) if variation.as_str() == ON => {
            Ok(match list::find(items, key) {
                Some(_) => Vec::new(),
                None => list::append(tree.text, entry.value.span, items, key),
            })
        }
        (Data::List(items), Some(variation)) => {
            // A list says `on` of everyone in it: it becomes a table.
            if has_comments(tree.text, &entry.value, items) {
                return Err(SpliceError::Comments { flag: flag.clone(), field });
            }
            Ok(vec![Patch::replace(entry.value.span, as_table(items, key, variation))])
        }
        (Data::List(items), None) => {
            let item = list::find(items, key).map(|item| item.span);
            Ok(item.map(|item| list::remove(tree.text, entry.value.span, items, item)).into_iter().collect())
        }
        _ => Ok(Vec::new()),
    }
}

fn in_table(tree: &Tree<'_>, id: TableId, key: &str, variation: Option<&VariationName>) -> Vec<Patch> {
    let existing = tree.table(id).entry(key);
    match (existing, variation) {
        (Some(entry), Some(variation)) => {
            vec![Patch::replace(entry.value.span, quoted(variation.as_str()))]
        }
        (Some(entry), None) => vec![table::remove(tree, id, entry)],
        (None, Some(variation)) => {
            vec![table::add(tree, id, table::last(tree, id), &[(key, quoted(variation.as_str()))])]
        }
        (None, None) => Vec::new(),
    }
}

/// Returns what a field that is not there yet is written as.
pub(super) fn first(key: &str, variation: &VariationName, boolean: bool) -> String {
    if boolean && variation.as_str() == ON {
        format!("[{}]", quoted(key))
    } else {
        format!("{{ {} = {} }}", quote::key(key), quoted(variation.as_str()))
    }
}

fn as_table(items: &[Node<'_>], key: &str, variation: &VariationName) -> String {
    let names = items.iter().filter_map(|item| match &item.data {
        Data::Text(text) if text != key => Some(text.as_ref()),
        _ => None,
    });
    let others = names.map(|name| format!("{} = {}", quote::key(name), quoted(ON)));
    let all: Vec<String> =
        others.chain([format!("{} = {}", quote::key(key), quoted(variation.as_str()))]).collect();
    format!("{{ {} }}", all.join(", "))
}

/// Tells whether a list holds a comment: a `#` that is not part of one of its items.
fn has_comments(text: &str, list: &Node<'_>, items: &[Node<'_>]) -> bool {
    let starts = std::iter::once(list.span.start).chain(items.iter().map(|item| item.span.end));
    let ends = items.iter().map(|item| item.span.start).chain([list.span.end]);
    starts.zip(ends).any(|(start, end)| text.get(start..end).is_some_and(|gap| gap.contains('#')))
}
