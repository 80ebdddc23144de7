//! A population, and what is needed to read it.

use std::io::{self, Read};
use std::sync::Arc;

use crate::context::{Columns, Role};
use crate::eval::{Need, Program};
use crate::model::Timestamp;

use super::super::engine::Job;
use super::super::error::SimulateError;
use super::blank_lines::blank_lines;
use super::blocks::{Blocks, count_lines};
use super::columns::{Many, ManyMemory, Sorting, Work, make_up_ids, read_ids, sorting_of_ids};
use super::format::Format;
use super::groups::Groups;
use super::input::Input;
use super::intake::BlockIntake;
use super::json_lines::JsonRows;
use super::layout::Layout;
use super::synthetic::SyntheticId;

/// Users to simulate for.
pub enum Population<'a> {
    /// So many users made up from a seed, see [`super::synthetic_id`]. They have an id and nothing else.
    Synthetic {
        /// How many.
        count: u64,
        /// Which ones.
        seed: u64,
    },
    /// Rows of files or other streams, one after another.
    Inputs(Vec<Input<'a>>),
}

impl<'a> Population<'a> {
    /// Returns the population of a stream. Its format is the one given, else what the name's extension tells
    /// (see [`Format::of_name`]), else what the first line tells (see [`Format::of_content`]).
    pub fn stream(reader: impl Read + Send + 'a, name: &str, format: Option<Format>) -> Self {
        Self::Inputs(vec![Input::stream(reader, name, format)])
    }

    /// Tells whether the users are made up.
    pub const fn is_synthetic(&self) -> bool {
        matches!(self, Self::Synthetic { .. })
    }
}

/// How a population is read and worked on.
#[derive(Clone, Debug)]
pub struct Options {
    /// Which fields are the user's and the organisation's keys.
    pub columns: Columns,
    /// Whether what rules ask for may be absent, and so missing for everyone.
    pub allow_missing: bool,
    /// The time at which account ages are taken.
    pub at: Timestamp,
    /// How many threads work; at least one does.
    pub workers: usize,
    /// Whether each id counts once: the first row of it.
    pub distinct: bool,
    /// Whether to take the SHA-256 of each input as it is read.
    pub digest: bool,
}

/// One block; the bytes of a stream's block are in the buffer given along.
pub(crate) enum Block {
    Users {
        from: u64,
        to: u64,
    },
    Bytes,
    /// A group of rows by its number.
    Group(Arc<dyn Groups>, usize),
}

/// How blocks are read.
pub(crate) enum Rows {
    Synthetic { seed: u64 },
    Ids,
    Csv(Box<Layout>),
    Json(Box<JsonRows>),
}

/// How the rows of an input are read, and what is known of them before the first.
pub(super) struct Start {
    pub(super) rows: Rows,
    /// The first block, where finding out took it from the stream.
    pub(super) first: Option<Vec<u8>>,
    /// Line ends and bytes before the first block: the header.
    pub(super) before: (u64, u64),
    /// What is asked for and no row can have.
    pub(super) absent: Vec<Need>,
}

impl Start {
    /// Finds out in which form a stream is and looks its columns up against the program.
    ///
    /// # Errors
    /// When it cannot be read, is in another form, or lacks a column that is needed.
    pub(super) fn of(
        blocks: &mut Blocks<'_>,
        format: Option<Format>,
        program: &Program,
        options: &Options,
    ) -> Result<Self, SimulateError> {
        let start = blocks.peek()?;
        if start.is_empty() {
            // Nobody lacks anything; that there is nobody is said in the end.
            let absent = program.lacking(&|_, _| false);
            return Ok(Self { rows: Rows::Ids, first: None, before: (0, 0), absent });
        }
        let format = format.unwrap_or_else(|| Format::of_content(start));
        let (mut first, mut before, mut absent) = (None, (0, 0), Vec::new());
        let rows = match format {
            Format::Ids => {
                let columns = &options.columns;
                if let Some(named) = columns.id.as_ref().or(columns.org.as_ref()) {
                    return Err(SimulateError::NoColumns(named.clone()));
                }
                absent = program.lacking(&|_, _| false);
                Rows::Ids
            }
            Format::JsonLines => Rows::Json(Box::new(JsonRows::new(options.columns.clone(), program))),
            Format::Csv => {
                blocks.with_quotes();
                let mut block = Vec::new();
                blocks.next(&mut block)?;
                let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(block.as_slice());
                let mut header = csv::ByteRecord::new();
                // A read from memory without a fixed width cannot fail.
                let _ = reader.read_byte_record(&mut header);
                let mut end =
                    usize::try_from(reader.position().byte()).unwrap_or(block.len()).min(block.len());
                // The reader stops between the two bytes of a line end, of which the second is no blank line.
                if end > 0 && block[end - 1] == b'\r' && block.get(end) == Some(&b'\n') {
                    end += 1;
                }
                let cells: Vec<String> =
                    header.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect();
                let cells = cells.iter().map(String::as_str);
                let (layout, missing) = Layout::resolve(cells, &options.columns, program)?;
                absent = missing;
                before = (count_lines(&block[..end]), end as u64);
                block.drain(..end);
                first = Some(block);
                Rows::Csv(Box::new(layout))
            }
        };
        Self { rows, first, before, absent }.checked(options)
    }

    /// Returns made-up users: they have an id and nothing else.
    pub(super) fn synthetic(seed: u64, program: &Program, options: &Options) -> Result<Self, SimulateError> {
        let absent = program.lacking(&|_, _| false);
        Self { rows: Rows::Synthetic { seed }, first: None, before: (0, 0), absent }.checked(options)
    }

    fn checked(self, options: &Options) -> Result<Self, SimulateError> {
        if self.absent.is_empty() || options.allow_missing {
            Ok(self)
        } else {
            Err(SimulateError::Absent(self.absent))
        }
    }
}

impl Rows {
    /// Reads a block of an input, handing its rows to the job: one by one, or many together where that comes to the same.
    pub(crate) fn read<'p, J: Job>(
        &self,
        block: &Block,
        buffer: &[u8],
        input: usize,
        work: &mut Work<'_, J>,
        many: Many<'p>,
        memory: &mut ManyMemory<'p, J::Kind>,
    ) -> BlockIntake {
        let Work { job, worker, out } = work;
        let mut intake = match (self, block) {
            (Self::Synthetic { seed }, Block::Users { from, to }) if let Some(bulk) = many.bulk => {
                bulk.make_up((*seed, *from..*to), *job, worker, out, &mut memory.bulk)
            }
            (Self::Synthetic { seed }, Block::Users { from, to })
                if let Some(sorted) = memory.sorted(input, many, sorting_of_ids) =>
            {
                make_up_ids((*seed, *from..*to), sorted, work)
            }
            (Self::Synthetic { seed }, Block::Users { from, to }) => {
                for number in *from..*to {
                    let id = SyntheticId::new(*seed, number);
                    job.row(worker, out, id.as_str(), id.as_str());
                }
                BlockIntake { rows: to - from, ..BlockIntake::default() }
            }
            (Self::Synthetic { .. }, Block::Bytes) | (_, Block::Users { .. } | Block::Group(..)) => {
                BlockIntake::default()
            }
            // Where some lines are no text the others are found one by one.
            (Self::Ids, Block::Bytes) => match (simdutf8::basic::from_utf8(buffer), many.bulk) {
                (Ok(text), Some(bulk)) => bulk.read(text, *job, worker, out, &mut memory.bulk),
                (Ok(text), None) => match memory.sorted(input, many, sorting_of_ids) {
                    Some(sorted) => read_ids(text, sorted, work),
                    None => super::ids::read(buffer, *job, worker, out),
                },
                (Err(_), _) => super::ids::read(buffer, *job, worker, out),
            },
            (Self::Csv(layout), Block::Bytes) => {
                let sorting = |asked| Sorting::new(asked, |input| layout.place(input));
                match memory.sorted(input, many, sorting) {
                    Some(sorted) => layout.read_sorted(buffer, sorted, work),
                    None => {
                        BlockIntake { blank: blank_lines(buffer), ..layout.read(buffer, *job, worker, out) }
                    }
                }
            }
            (Self::Json(rows), Block::Bytes) => match memory.sorted(input, many, |asked| rows.sorting(asked))
            {
                Some(sorted) => rows.read_sorted(buffer, sorted, work),
                None => rows.read(buffer, *job, worker, out),
            },
        };
        if matches!(block, Block::Bytes) {
            intake.bytes = buffer.len() as u64;
        }
        intake
    }

    /// Reads a group of rows, some after the other: each comes out by itself.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(crate) fn read_group<'p, J: Job>(
        &self,
        (groups, number): (&dyn Groups, usize),
        input: usize,
        (job, worker): (&J, &mut J::Worker),
        many: Many<'p>,
        memory: &mut ManyMemory<'p, J::Kind>,
    ) -> io::Result<(BlockIntake, Vec<J::Out>)> {
        let (mut intake, mut all) = (BlockIntake::default(), Vec::new());
        groups.read(number, &mut |text| {
            let mut out = job.start();
            let mut work = Work { job, worker: &mut *worker, out: &mut out };
            intake.append(self.read(&Block::Bytes, text, input, &mut work, many, memory));
            all.push(out);
        })?;
        Ok((intake, all))
    }

    /// Returns what no line of JSON ever had, by what was seen in all of them.
    pub(super) fn lacking(columns: &Columns, seen: &[bool], program: &Program) -> Vec<Need> {
        let rows = JsonRows::new(columns.clone(), program);
        program.lacking(&|kind, name| rows.has(seen, kind, name))
    }
}

/// Tells which columns evaluation asks for, by their names: the user's key, other keys, metadata, and attributes of
/// the program.
pub(super) fn wanted(names: &[&str], columns: &Columns, program: &Program) -> Vec<bool> {
    let id = columns.id_of(names.iter().copied()).ok().flatten();
    let asked = |name: &str| match columns.role(name, id) {
        Role::Attribute(kind, name) => {
            program.attributes().any(|(other, asked)| *other == kind && asked == name)
        }
        _ => true,
    };
    names.iter().map(|name| id == Some(*name) || asked(name)).collect()
}
