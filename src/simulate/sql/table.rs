//! The table with the users.

use std::cell::RefCell;

use indexmap::IndexMap;

use crate::model::ContextKind;

use super::dialect::Dialect;

/// The table that a query reads, and what its columns are.
#[derive(Clone, Debug)]
pub struct UserTable {
    /// Its name, or a query in parentheses; taken as it is.
    pub name: String,
    /// What is no column of its own name: `id` and `org`, the keys of users and organisations, and attributes such as
    /// `plan` or `org.plan`, with the expression that each is; taken as they are.
    pub columns: IndexMap<String, String>,
}

/// What a query asks of its table so far.
pub(super) struct Asked<'a> {
    pub(super) dialect: Dialect,
    pub(super) table: &'a UserTable,
    /// The names of what is asked for, each with its expression; in the order in which it was asked for.
    columns: RefCell<IndexMap<String, String>>,
    /// What is asked for, as [`UserTable::columns`] names it, each once.
    names: RefCell<Vec<String>>,
}

impl<'a> Asked<'a> {
    pub(super) fn new(dialect: Dialect, table: &'a UserTable) -> Self {
        let asked = Self { dialect, table, columns: RefCell::default(), names: RefCell::default() };
        let id = dialect.text(&asked.expression("id"));
        asked.columns.borrow_mut().insert(Self::ID.to_owned(), id);
        asked
    }

    /// Returns the name that the user's key has in the query.
    pub(super) const ID: &'static str = "ff_id";

    /// Returns the name that the organisation's key has in the query.
    pub(super) fn org(&self) -> String {
        let value = self.dialect.text(&self.expression("org"));
        self.columns.borrow_mut().entry("ff_org".to_owned()).or_insert(value);
        "ff_org".to_owned()
    }

    /// Returns the name that a key or an attribute has in the query; keys are text, attributes as the table has them, or
    /// text if that is asked for.
    pub(super) fn attribute(&self, kind: &ContextKind, name: &str, as_text: bool) -> String {
        if name == "key" && kind.is_user() {
            return Self::ID.to_owned();
        }
        if name == "key" && *kind == ContextKind::org() {
            return self.org();
        }
        let shown = if kind.is_user() { name.to_owned() } else { format!("{kind}.{name}") };
        let value = self.expression(&shown);
        let value = if as_text { self.dialect.text(&value) } else { value };
        let mut columns = self.columns.borrow_mut();
        if let Some((known, _)) = columns.iter().find(|(_, known)| **known == value) {
            return known.clone();
        }
        let name = format!("ff_a{}", columns.len());
        columns.insert(name.clone(), value);
        name
    }

    /// Returns what is asked for, and what columns of the table are named for that is none of it.
    pub(super) fn names(&self) -> (Vec<String>, Vec<String>) {
        let names = self.names.borrow();
        let unused = self.table.columns.keys().filter(|name| !names.contains(name));
        (names.clone(), unused.cloned().collect())
    }

    /// Returns everything that was asked for: name and expression.
    pub(super) fn into_columns(self) -> IndexMap<String, String> {
        self.columns.into_inner()
    }

    fn expression(&self, name: &str) -> String {
        let mut names = self.names.borrow_mut();
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
        self.table.columns.get(name).cloned().unwrap_or_else(|| self.dialect.column(name))
    }
}
