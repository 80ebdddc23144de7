//! Which columns decide, and what is asked of each.

use crate::bucket::bulk::Engine;
use crate::eval::{AttributeId, Cells, Input, Program, Question, Run, Scratch, Subject};
use crate::model::Timestamp;

use super::super::bulk::InBulk;
use super::ages::Ages;
use super::short::Short;

/// A row of which single cells can be looked at.
pub(in super::super) trait Cell: Subject {
    /// Returns a cell as it stands; rows with equal cells answer alike.
    fn cell(&self, column: usize) -> &str;

    /// Returns the same as [`Short`]; none if it is longer.
    #[inline]
    fn short(&self, column: usize) -> Option<Short> {
        Short::of(self.cell(column))
    }

    /// Tells whether a cell that may be one of several has nothing to say.
    fn is_missing(cell: &str) -> bool;
}

/// Where a population has what is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Place {
    /// Nowhere.
    Absent,
    /// In a column.
    Column(usize),
    /// In a column of which more than its text says whether something is there.
    Alone(usize),
    /// Where only the whole row tells.
    Scattered,
}

/// Only the whole row tells.
struct Scattered;

/// The column that answers a question, or the two of which the second does where the first has nothing to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Source {
    first: usize,
    second: Option<usize>,
}

impl Source {
    /// Finds the columns of what a question looks at; none where no column has it.
    fn of(inputs: Vec<Input<'_>>, place: impl Fn(Input<'_>) -> Place) -> Result<Option<Self>, Scattered> {
        let (mut columns, mut alone) = (Vec::new(), false);
        for input in inputs {
            match place(input) {
                Place::Absent => {}
                Place::Column(at) => columns.push(at),
                Place::Alone(at) => {
                    columns.push(at);
                    alone = true;
                }
                Place::Scattered => return Err(Scattered),
            }
        }
        match columns[..] {
            [] => Ok(None),
            [first] => Ok(Some(Self { first, second: None })),
            [first, second] if !alone => Ok(Some(Self { first, second: Some(second) })),
            _ => Err(Scattered),
        }
    }

    /// Returns which of the two columns answers for a row, and where it is.
    #[inline]
    pub(super) fn column<R: Cell>(self, row: &R) -> (usize, usize) {
        match self.second {
            Some(second) if R::is_missing(row.cell(self.first)) => (1, second),
            _ => (0, self.first),
        }
    }
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
    /// Other times at which the same rows are looked at.
    pub(crate) times: &'p [Timestamp],
}

/// A program's questions by the columns that answer them.
pub(crate) struct Sorting<'p> {
    pub(super) asked: Asked<'p>,
    /// Draws of the users' keys.
    pub(in super::super) bulk: InBulk<'p>,
    /// The columns that decide, each with what is asked of it.
    pub(super) columns: Vec<(Source, Vec<Question<'p>>)>,
    /// What is grouped by, each with the column that has it.
    pub(super) grouped: Vec<(AttributeId, Option<Source>)>,
    /// Where answers change as time passes, and several times are asked about.
    pub(super) ages: Option<Ages>,
    pub(in super::super) engine: Engine,
}

impl<'p> Sorting<'p> {
    /// Sorts the questions of a program by columns; none where one of them cannot be told from cells.
    pub(in super::super) fn new(asked: Asked<'p>, place: impl Fn(Input<'_>) -> Place) -> Option<Self> {
        let program = asked.program;
        let mut columns: Vec<(Source, Vec<Question<'p>>)> = Vec::new();
        for question in program.questions() {
            // What no column has is answered alike by all.
            let Some(column) = Source::of(question.inputs(), &place).ok()? else { continue };
            match columns.iter_mut().find(|(known, _)| *known == column) {
                Some((_, questions)) => questions.push(question),
                None => columns.push((column, vec![question])),
            }
        }
        let column = |attribute: &AttributeId| {
            Some((*attribute, Source::of(program.inputs(*attribute), &place).ok()?))
        };
        let grouped = asked.grouped.iter().map(column).collect::<Option<_>>()?;
        let of_time = columns.iter().flat_map(|(_, questions)| questions).any(Question::is_of_time);
        let times = [asked.now].into_iter().chain(asked.times.iter().copied());
        let ages = (of_time && !asked.times.is_empty()).then(|| Ages::new(times));
        let engine = Engine::best();
        let bulk = InBulk::new(asked.cells, program, engine);
        Some(Self { asked, bulk, columns, grouped, ages, engine })
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
