//! Which columns decide, and what is asked of each.

use crate::bucket::bulk::Engine;
use crate::eval::{AttributeId, Cells, Input, Program, Question, Run, Scratch, Subject};
use crate::model::Timestamp;

use super::super::bulk::InBulk;

/// A row of which single cells can be looked at.
pub(in super::super) trait Cell: Subject {
    /// Returns a cell as it stands; rows with equal cells answer alike.
    fn cell(&self, column: usize) -> &str;
}

/// Where a population has what is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Place {
    /// Nowhere.
    Absent,
    /// In a column.
    Column(usize),
    /// In several, or where only the whole row tells.
    Scattered,
}

/// By what rows are grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Grouped {
    /// By nothing, or by what is the same for all that are served alike.
    No,
    /// By an attribute.
    By(AttributeId),
}

/// A program's questions by the columns that answer them.
pub(crate) struct Sorting<'p> {
    pub(super) program: &'p Program,
    pub(super) cells: &'p Cells,
    /// Draws of the users' keys.
    pub(in super::super) bulk: InBulk<'p>,
    /// The columns that decide, each with what is asked of it.
    pub(super) columns: Vec<(usize, Vec<Question<'p>>)>,
    /// What is grouped by, and the column that has it.
    pub(super) grouped: Option<(AttributeId, Option<usize>)>,
    pub(super) now: Timestamp,
    pub(in super::super) engine: Engine,
}

impl<'p> Sorting<'p> {
    /// Sorts the questions of a program by columns; none where one of them needs more than one column.
    pub(in super::super) fn new(
        (program, cells): (&'p Program, &'p Cells),
        grouped: Grouped,
        now: Timestamp,
        place: impl Fn(Input<'_>) -> Place,
    ) -> Option<Self> {
        let column_of = |inputs: Vec<Input<'_>>| {
            let mut column = None;
            for input in inputs {
                match place(input) {
                    Place::Absent => {}
                    Place::Column(at) if column.is_none_or(|known| known == at) => column = Some(at),
                    Place::Column(_) | Place::Scattered => return None,
                }
            }
            Some(column)
        };
        let mut columns: Vec<(usize, Vec<Question<'p>>)> = Vec::new();
        for question in program.questions() {
            // What no column has is answered alike by all.
            let Some(column) = column_of(question.inputs())? else { continue };
            match columns.iter_mut().find(|(known, _)| *known == column) {
                Some((_, questions)) => questions.push(question),
                None => columns.push((column, vec![question])),
            }
        }
        let grouped = match grouped {
            Grouped::No => None,
            Grouped::By(attribute) => Some((attribute, column_of(program.inputs(attribute))?)),
        };
        let engine = Engine::best();
        let bulk = InBulk::new(cells, program, engine);
        Some(Self { program, cells, bulk, columns, grouped, now, engine })
    }

    /// Starts with a row as if its user were one of a cell.
    pub(super) fn start<'a, S: Subject + ?Sized>(
        &'a self,
        cell: usize,
        row: &'a S,
        scratch: &'a mut Scratch,
    ) -> Run<'a, S> {
        self.cells.start_as(cell, row, (scratch, self.program), self.now)
    }
}
