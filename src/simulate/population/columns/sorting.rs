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

/// What is to be sorted for.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'p> {
    /// The program.
    pub(crate) program: &'p Program,
    /// Its cells.
    pub(crate) cells: &'p Cells,
    /// The attributes that rows are grouped by.
    pub(crate) grouped: &'p [AttributeId],
    /// The time of the evaluations.
    pub(crate) now: Timestamp,
}

/// A program's questions by the columns that answer them.
pub(crate) struct Sorting<'p> {
    pub(super) asked: Asked<'p>,
    /// Draws of the users' keys.
    pub(in super::super) bulk: InBulk<'p>,
    /// The columns that decide, each with what is asked of it.
    pub(super) columns: Vec<(usize, Vec<Question<'p>>)>,
    /// What is grouped by, each with the column that has it.
    pub(super) grouped: Vec<(AttributeId, Option<usize>)>,
    pub(in super::super) engine: Engine,
}

impl<'p> Sorting<'p> {
    /// Sorts the questions of a program by columns; none where one of them needs more than one column.
    pub(in super::super) fn new(asked: Asked<'p>, place: impl Fn(Input<'_>) -> Place) -> Option<Self> {
        let program = asked.program;
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
        let column = |attribute: &AttributeId| Some((*attribute, column_of(program.inputs(*attribute))?));
        let grouped = asked.grouped.iter().map(column).collect::<Option<_>>()?;
        let engine = Engine::best();
        let bulk = InBulk::new(asked.cells, program, engine);
        Some(Self { asked, bulk, columns, grouped, engine })
    }

    /// Starts with a row as if its user were one of a cell.
    pub(super) fn start<'a, S: Subject + ?Sized>(
        &'a self,
        cell: usize,
        row: &'a S,
        scratch: &'a mut Scratch,
    ) -> Run<'a, S> {
        let Asked { program, cells, now, .. } = self.asked;
        cells.start_as(cell, row, (scratch, program), now)
    }
}
