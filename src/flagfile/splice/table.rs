//! Setting and removing a key of a table, however the table is written.

use super::patch::{Patch, indent, line_end, lines, newline};
use crate::flagfile::position::Span;
use crate::flagfile::quote;
use crate::flagfile::syntax::{Data, Entry, Form, TableId, Tree};

/// Returns where an entry ends, with everything that dotted keys put into it.
pub(super) fn end_of(tree: &Tree<'_>, entry: &Entry<'_>) -> usize {
    match entry.value.data {
        Data::Table(id) if tree.table(id).form == Form::Dotted => tree
            .table(id)
            .entries
            .iter()
            .map(|inner| end_of(tree, inner))
            .max()
            .unwrap_or(entry.value.span.end),
        _ => entry.value.span.end,
    }
}

/// Returns the patch that writes `keys` with their values, in this order, into the table `id`, where none of
/// them stands yet: behind `anchor`, an entry of the table, of which they take over the dotted prefix.
pub(super) fn add(
    tree: &Tree<'_>,
    id: TableId,
    anchor: Option<&Entry<'_>>,
    keys: &[(&str, String)],
) -> Patch {
    let table = tree.table(id);
    let prefix = anchor.map_or("", |anchor| Span::new(anchor.start, anchor.key_span.start).of(tree.text));
    let written = |(key, value): &(&str, String)| format!("{prefix}{} = {value}", quote::key(key));
    let at = anchor.map_or(table.span.end, |anchor| end_of(tree, anchor));
    if table.in_braces {
        let all = keys.iter().map(written).collect::<Vec<_>>().join(", ");
        return match anchor {
            Some(_) => Patch::insert(at, format!(", {all}")),
            None => Patch::replace(table.span, format!("{{ {all} }}")),
        };
    }
    let start = anchor.map_or(table.span.start, |anchor| anchor.start);
    let (end, indent) = (newline(tree.text, at), indent(tree.text, start));
    let lines: Vec<String> = keys.iter().map(written).map(|line| format!("{end}{indent}{line}")).collect();
    Patch::insert(line_end(tree.text, at), lines.concat())
}

/// Returns the entry of the table `id` that ends last in the text.
pub(super) fn last<'a>(tree: &'a Tree<'a>, id: TableId) -> Option<&'a Entry<'a>> {
    tree.table(id).entries.iter().max_by_key(|entry| end_of(tree, entry))
}

/// Returns the patch that takes an entry out of the table `id`.
pub(super) fn remove(tree: &Tree<'_>, id: TableId, entry: &Entry<'_>) -> Patch {
    let span = Span::new(entry.start, end_of(tree, entry));
    if tree.table(id).in_braces {
        remove_item(tree.text, span)
    } else {
        Patch::remove(lines(tree.text, span))
    }
}

/// Returns the patch that takes one of several things between commas out, with one comma.
pub(super) fn remove_item(text: &str, span: Span) -> Patch {
    let blank = |c: char| matches!(c, ' ' | '\t' | '\r' | '\n');
    let before = text[..span.start].trim_end_matches(blank);
    if let Some(rest) = before.strip_suffix(',') {
        return Patch::remove(Span::new(rest.len(), span.end));
    }
    let after = text[span.end..].trim_start_matches(blank);
    match after.strip_prefix(',') {
        Some(rest) => {
            Patch::remove(Span::new(span.start, text.len() - rest.trim_start_matches([' ', '\t']).len()))
        }
        None => Patch::remove(Span::new(before.len(), text.len() - after.len())),
    }
}
