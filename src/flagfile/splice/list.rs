//! Adding keys to a list and taking them out.

use super::patch::{Patch, indent, line_end, line_start, lines, newline};
use super::table::remove_item;
use crate::flagfile::position::Span;
use crate::flagfile::quote::quoted;
use crate::flagfile::syntax::{Data, Node};

/// Returns where in a list the text `key` stands.
pub(super) fn find<'a, 't>(items: &'a [Node<'t>], key: &str) -> Option<&'a Node<'t>> {
    items.iter().find(|item| matches!(&item.data, Data::Text(text) if text == key))
}

/// Returns the patches that append `key` to the list at `list`: on a line of its own if the last one has that.
pub(super) fn append(text: &str, list: Span, items: &[Node<'_>], key: &str) -> Vec<Patch> {
    let key = quoted(key);
    let Some(last) = items.last() else {
        // An empty list may hold a comment that says why.
        let comment = list.of(text).contains('#');
        return vec![if comment {
            Patch::insert(list.end - 1, key)
        } else {
            Patch::replace(list, format!("[{key}]"))
        }];
    };
    if !stands_alone(text, list, last.span) {
        return vec![Patch::insert(last.span.end, format!(", {key}"))];
    }
    let start = format!("{}{}", newline(text, last.span.end), indent(text, last.span.start));
    let end = line_end(text, last.span.end);
    if followed_by_comma(text, last.span) {
        vec![Patch::insert(end, format!("{start}{key},"))]
    } else {
        vec![Patch::insert(last.span.end, ","), Patch::insert(end, format!("{start}{key}"))]
    }
}

/// Returns the patch that takes the item at `item` out of the list at `list`.
pub(super) fn remove(text: &str, list: Span, items: &[Node<'_>], item: Span) -> Patch {
    if items.len() == 1 && !list.of(text).contains('#') {
        return Patch::replace(list, "[]");
    }
    if stands_alone(text, list, item) {
        return Patch::remove(lines(text, item));
    }
    remove_item(text, item)
}

/// Tells whether an item has a line of its own, which neither starts nor ends the list.
fn stands_alone(text: &str, list: Span, item: Span) -> bool {
    let start = line_start(text, item.start);
    let end = line_end(text, item.end);
    let before = &text[start..item.start];
    let after = text[item.end..end].trim_start_matches([' ', '\t']);
    let after = after.strip_prefix(',').unwrap_or(after).trim_start_matches([' ', '\t']);
    start > list.start
        && end < list.end
        && before.trim_start_matches([' ', '\t']).is_empty()
        && (after.is_empty() || after.starts_with('#'))
}

/// Tells whether a comma stands behind an item, in its line.
fn followed_by_comma(text: &str, item: Span) -> bool {
    text[item.end..].trim_start_matches([' ', '\t']).starts_with(',')
}
