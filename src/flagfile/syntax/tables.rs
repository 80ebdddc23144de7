//! TOML's rules on tables: which may be opened, extended or closed for good.
//!
//! A key is given once; a table with a header is opened once and not extended by dotted keys; one in braces is
//! never extended. Where a rule is broken the first text wins and the second is a mistake.

use std::borrow::Cow;

use super::tree::{Data, Entry, Form, Node, Table, TableId, Tree};
use crate::flagfile::mistake::Mistake;
use crate::flagfile::position::Span;

/// One part of a dotted key.
#[derive(Clone, Debug)]
pub(super) struct Part<'t> {
    pub(super) text: Cow<'t, str>,
    pub(super) span: Span,
}

impl<'t> Tree<'t> {
    pub(super) fn add_table(&mut self, form: Form, span: Span) -> TableId {
        self.tables.push(Table::new(form, span));
        TableId(self.tables.len() - 1)
    }

    /// Opens the table of `[path]`.
    pub(super) fn open_table(&mut self, path: &[Part<'t>], header: Span) -> Result<TableId, Mistake> {
        let (last, parents) = path.split_last().expect("a header has a key");
        let parent = self.descend(Self::ROOT, parents, Form::Implied)?;
        let Some(at) = self.table(parent).position(&last.text) else {
            let id = self.add_table(Form::Header, header);
            self.insert(parent, last, last.span.start, Node { span: header, data: Data::Table(id) });
            return Ok(id);
        };
        let entry = &mut self.tables[parent.0].entries[at];
        let first = entry.key_span;
        if let Data::Table(id) = entry.value.data
            && self.tables[id.0].form == Form::Implied
        {
            let entry = &mut self.tables[parent.0].entries[at];
            entry.key_span = last.span;
            entry.start = last.span.start;
            entry.value.span = header;
            self.tables[id.0].form = Form::Header;
            self.tables[id.0].span = header;
            return Ok(id);
        }
        Err(self.twice(path, last.span, first))
    }

    /// Opens one more table of `[[path]]`.
    pub(super) fn open_element(&mut self, path: &[Part<'t>], header: Span) -> Result<TableId, Mistake> {
        let (last, parents) = path.split_last().expect("a header has a key");
        let parent = self.descend(Self::ROOT, parents, Form::Implied)?;
        let existing = self.table(parent).position(&last.text);
        if let Some(at) = existing
            && !matches!(self.table(parent).entries[at].value.data, Data::Tables(_))
        {
            let first = self.table(parent).entries[at].key_span;
            return Err(self.twice(path, last.span, first));
        }
        let id = self.add_table(Form::Header, header);
        let element = Node { span: header, data: Data::Table(id) };
        let tables = existing.map(|at| &mut self.tables[parent.0].entries[at].value.data);
        if let Some(Data::Tables(tables)) = tables {
            tables.push(element);
        } else {
            let list = Node { span: header, data: Data::Tables(vec![element]) };
            self.insert(parent, last, last.span.start, list);
        }
        Ok(id)
    }

    /// Sets the dotted key `path` in `table`, which is written in the form `form`.
    pub(super) fn set(&mut self, table: TableId, path: &[Part<'t>], value: Node<'t>) -> Result<(), Mistake> {
        let (last, parents) = path.split_last().expect("an entry has a key");
        let parent = self.descend(table, parents, Form::Dotted)?;
        if let Some(old) = self.table(parent).entry(&last.text) {
            let first = old.key_span;
            return Err(self.twice(path, last.span, first));
        }
        self.insert(parent, last, path[0].span.start, value);
        Ok(())
    }

    fn insert(&mut self, table: TableId, key: &Part<'t>, start: usize, value: Node<'t>) {
        let entry = Entry { key: key.text.clone(), key_span: key.span, start, value };
        self.tables[table.0].push(entry);
    }

    /// Goes down the tables that `path` names, making those that are missing in the form `form`.
    fn descend(&mut self, from: TableId, path: &[Part<'t>], form: Form) -> Result<TableId, Mistake> {
        let mut id = from;
        for (depth, key) in path.iter().enumerate() {
            let Some(at) = self.table(id).position(&key.text) else {
                let made = self.add_table(form, key.span);
                self.tables[made.0].in_braces = self.tables[from.0].in_braces;
                let start = if form == Form::Dotted { path[0].span.start } else { key.span.start };
                self.insert(id, key, start, Node { span: key.span, data: Data::Table(made) });
                id = made;
                continue;
            };
            let entry = &self.table(id).entries[at];
            let first = entry.key_span;
            let next = match &entry.value.data {
                Data::Table(next) => Some(*next),
                Data::Tables(tables) => match tables.last() {
                    Some(Node { data: Data::Table(next), .. }) => Some(*next),
                    _ => None,
                },
                // What could not be read may have been a table; its mistake is reported already.
                Data::Broken => Some(self.add_table(form, key.span)),
                _ => None,
            };
            let Some(next) = next else {
                return Err(self.not_a_table(&path[..=depth], key.span, first));
            };
            let existing = self.tables[next.0].form;
            match (existing, form) {
                (Form::Inline, _) | (Form::Header, Form::Dotted) => {
                    return Err(self.closed(&path[..=depth], key.span, first));
                }
                // Extended with dotted keys, it cannot be opened by a header any more.
                (Form::Implied, Form::Dotted) => self.tables[next.0].form = Form::Dotted,
                _ => {}
            }
            id = next;
        }
        Ok(id)
    }

    fn twice(&self, path: &[Part<'t>], span: Span, first: Span) -> Mistake {
        let (name, line) = (dotted(path), self.line(first.start));
        Mistake::new(span, format!("`{name}` is given twice, first in line {line}"), "keep one of the two")
    }

    fn not_a_table(&self, path: &[Part<'t>], span: Span, first: Span) -> Mistake {
        let (name, line) = (dotted(path), self.line(first.start));
        let message = format!("`{name}` has a value of its own in line {line} and takes no keys");
        Mistake::new(span, message, format!("make line {line} a table, or remove it"))
    }

    fn closed(&self, path: &[Part<'t>], span: Span, first: Span) -> Mistake {
        let (name, line) = (dotted(path), self.line(first.start));
        let message = format!("`{name}` is a table that ended in line {line} and takes no more keys");
        Mistake::new(span, message, format!("write this key where `{name}` stands, in line {line}"))
    }
}

fn dotted(path: &[Part<'_>]) -> String {
    path.iter().map(|part| part.text.as_ref()).collect::<Vec<_>>().join(".")
}
