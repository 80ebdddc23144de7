//! Which column of a CSV population answers what evaluation asks.

use crate::context::{Columns, Role, Typing, header};
use crate::eval::{Input, Need, Program};
use crate::model::ContextKind;

use super::super::error::SimulateError;
use super::columns::Place;

/// The columns of a CSV population, looked up once against what a program asks for.
pub(crate) struct Layout {
    /// How many fields a row has.
    pub(super) width: usize,
    /// The column of the user's key.
    pub(super) id: usize,
    /// The columns of the keys of other kinds.
    pub(super) keys: Vec<(ContextKind, usize)>,
    /// Where each attribute of the program comes from, by its number.
    pub(super) sources: Vec<Source>,
    /// Columns whose header types their cells; read with every row.
    pub(super) typed: Vec<TypedColumn>,
    /// The column with an object of further attributes, if any of them is asked for.
    pub(super) metadata: Option<usize>,
}

/// Where an attribute comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) cell: Cell,
    /// Whether the metadata are asked where the cell is empty.
    pub(super) metadata: bool,
}

/// A cell of a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Cell {
    /// There is no such column.
    #[default]
    Absent,
    /// A column, its cells typed by what they hold.
    Canonical(usize),
    /// A column of text.
    Text(usize),
    /// One of [`Layout::typed`].
    Typed(usize),
}

/// A column whose header says what its cells hold.
pub(super) struct TypedColumn {
    pub(super) column: usize,
    pub(super) name: String,
    pub(super) typing: Typing,
}

/// A column by its header.
struct Header<'a> {
    name: &'a str,
    typing: Typing,
}

impl Layout {
    /// Looks the columns up. Also returns what the program asks for and no column answers.
    ///
    /// # Errors
    /// When there is no column with the user's key or several could be it, or one that is needed stands twice.
    pub(super) fn resolve<'a>(
        cells: impl Iterator<Item = &'a str>,
        columns: &Columns,
        program: &Program,
    ) -> Result<(Self, Vec<Need>), SimulateError> {
        let split = |cell: &'a str| {
            let (name, typing) = header(cell.trim());
            Header { name, typing }
        };
        let headers: Vec<Header<'_>> = cells.map(split).collect();
        let names = || headers.iter().map(|column| column.name);
        let id_name = match columns.id_of(names()) {
            Ok(Some(name)) => name,
            Ok(None) => {
                let header = names().map(str::to_owned).collect();
                return Err(SimulateError::NoIdColumn { wanted: columns.id.clone(), header });
            }
            Err(several) if several.iter().all(|name| *name == several[0]) => {
                return Err(SimulateError::DuplicateColumn(several[0].to_owned()));
            }
            Err(several) => {
                return Err(SimulateError::AmbiguousId(several.into_iter().map(str::to_owned).collect()));
            }
        };
        if let Some(wanted) = columns.org.as_ref().filter(|wanted| !names().any(|name| name == *wanted)) {
            let header = names().map(str::to_owned).collect();
            return Err(SimulateError::NoOrgColumn { wanted: wanted.clone(), header });
        }
        let roles: Vec<Role> = names().map(|name| columns.role(name, Some(id_name))).collect();
        let find = |wanted: &Role| -> Result<Option<usize>, SimulateError> {
            let mut found = roles.iter().enumerate().filter(|(_, role)| *role == wanted).map(|(at, _)| at);
            match (found.next(), found.next()) {
                (Some(first), Some(_)) => Err(SimulateError::DuplicateColumn(headers[first].name.to_owned())),
                (first, _) => Ok(first),
            }
        };
        let id = names().position(|name| name == id_name).unwrap_or(0);
        if names().filter(|name| *name == id_name).count() > 1 {
            return Err(SimulateError::DuplicateColumn(id_name.to_owned()));
        }
        let mut keys: Vec<(ContextKind, usize)> = Vec::new();
        for role in &roles {
            if let Role::Key(kind) = role
                && !kind.is_user()
                && !keys.iter().any(|(known, _)| known == kind)
                && let Some(at) = find(role)?
            {
                keys.push((kind.clone(), at));
            }
        }
        let metadata = find(&Role::Metadata)?;
        let typed: Vec<TypedColumn> = headers
            .iter()
            .enumerate()
            .filter(|(_, header)| !matches!(header.typing, Typing::Canonical | Typing::Text))
            .map(|(column, header)| TypedColumn {
                column,
                name: header.name.to_owned(),
                typing: header.typing,
            })
            .collect();
        let mut sources = Vec::with_capacity(program.attributes().len());
        for (kind, name) in program.attributes() {
            let found = find(&Role::Attribute(kind.clone(), name.to_owned()))?;
            let cell = found.map_or(Cell::Absent, |column| match headers[column].typing {
                Typing::Canonical => Cell::Canonical(column),
                Typing::Text => Cell::Text(column),
                _ => typed.iter().position(|of| of.column == column).map_or(Cell::Absent, Cell::Typed),
            });
            sources.push(Source { cell, metadata: metadata.is_some() && in_metadata(kind, name) });
        }
        let has = |kind: &ContextKind, name: &str| {
            if name == "key" {
                return keys.iter().any(|(known, _)| known == kind);
            }
            roles.contains(&Role::Attribute(kind.clone(), name.to_owned()))
                || (metadata.is_some() && in_metadata(kind, name))
        };
        let absent = program.lacking(&has);
        let metadata = metadata.filter(|_| sources.iter().any(|source| source.metadata));
        Ok((Self { width: headers.len(), id, keys, sources, typed, metadata }, absent))
    }

    /// Returns where something is that evaluation asks for.
    pub(super) fn place(&self, input: Input<'_>) -> Place {
        let source = match input {
            Input::Key(kind) if kind.is_user() => return Place::Column(self.id),
            Input::Key(kind) => {
                let found = self.keys.iter().find(|(known, _)| known == kind);
                return found.map_or(Place::Absent, |(_, column)| Place::Column(*column));
            }
            Input::Attribute(id) => self.sources.get(id.index()).copied().unwrap_or_default(),
        };
        match source.cell {
            _ if source.metadata => Place::Scattered,
            Cell::Absent => Place::Absent,
            Cell::Canonical(column) | Cell::Text(column) => Place::Column(column),
            // A typed cell is one that is read with every row.
            Cell::Typed(at) => self.typed.get(at).map_or(Place::Absent, |typed| Place::Alone(typed.column)),
        }
    }
}

/// Tells whether metadata can have an attribute.
fn in_metadata(kind: &ContextKind, name: &str) -> bool {
    kind.is_user() && (name.starts_with("custom_") || name == "segments" || name == "role")
}
