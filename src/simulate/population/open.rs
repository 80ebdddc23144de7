//! A population, and what is needed to read it.

use std::io::Read;

use crate::context::Columns;
use crate::eval::{Need, Program};
use crate::model::Timestamp;

use super::super::engine::Job;
use super::super::error::SimulateError;
use super::blocks::{Blocks, count_lines};
use super::columns::{Many, ManyMemory, Sorting, Work};
use super::format::{Format, refuse_other_forms};
use super::intake::{Adder, BlockIntake, Intake};
use super::json_lines::JsonRows;
use super::layout::Layout;
use super::synthetic::SyntheticId;

/// How many made-up users are one block.
const SYNTHETIC_BLOCK: u64 = 16 * 1024;

/// Users to simulate for.
pub enum Population<'a> {
    /// So many users made up from a seed, see [`super::synthetic_id`]. They have an id and nothing else.
    Synthetic {
        /// How many.
        count: u64,
        /// Which ones.
        seed: u64,
    },
    /// Rows from a file or another stream.
    Stream {
        /// Where they come from.
        reader: Box<dyn Read + Send + 'a>,
        /// In which form; found out where none is given.
        format: Option<Format>,
    },
}

impl<'a> Population<'a> {
    /// Returns the population of a stream. Its format is the one given, else what the name's extension tells
    /// (see [`Format::of_name`]), else what the first line tells (see [`Format::of_content`]).
    pub fn stream(reader: impl Read + Send + 'a, name: &str, format: Option<Format>) -> Self {
        Self::Stream { reader: Box::new(reader), format: format.or_else(|| Format::of_name(name)) }
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
}

/// A population ready to be handed out in blocks.
pub(crate) struct Opened<'a> {
    pub(crate) feed: Feed<'a>,
    pub(crate) rows: Rows,
    /// Line ends and bytes before the first block: the header.
    before: (u64, u64),
    absent: Vec<Need>,
}

/// Hands blocks out.
pub(crate) enum Feed<'a> {
    Synthetic { next: u64, count: u64 },
    Stream { blocks: Box<Blocks<'a>>, first: Option<Vec<u8>> },
}

/// One block; the bytes of a stream's block are in the buffer given along.
pub(crate) enum Block {
    Users { from: u64, to: u64 },
    Bytes,
}

/// How blocks are read.
pub(crate) enum Rows {
    Synthetic { seed: u64 },
    Ids,
    Csv(Box<Layout>),
    Json(Box<JsonRows>),
}

impl<'a> Opened<'a> {
    /// Opens a population: finds its format out and looks its columns up against the program.
    ///
    /// # Errors
    /// When it cannot be read, is in another form, or lacks a column that is needed.
    pub(crate) fn new(
        population: Population<'a>,
        program: &Program,
        options: &Options,
    ) -> Result<Self, SimulateError> {
        let (mut blocks, format) = match population {
            Population::Synthetic { count, seed } => {
                let opened = Self {
                    feed: Feed::Synthetic { next: 0, count },
                    rows: Rows::Synthetic { seed },
                    before: (0, 0),
                    absent: program.lacking(&|_, _| false),
                };
                return opened.checked(options);
            }
            Population::Stream { reader, format } => (Box::new(Blocks::new(reader)), format),
        };
        let start = blocks.peek()?;
        refuse_other_forms(start, format)?;
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
                let end = usize::try_from(reader.position().byte()).unwrap_or(block.len()).min(block.len());
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
        Self { feed: Feed::Stream { blocks, first }, rows, before, absent }.checked(options)
    }

    fn checked(self, options: &Options) -> Result<Self, SimulateError> {
        if self.absent.is_empty() || options.allow_missing {
            Ok(self)
        } else {
            Err(SimulateError::Absent(self.absent))
        }
    }

    /// Returns what adds the blocks up.
    pub(crate) fn adder(&self) -> Adder {
        Adder::new(self.before)
    }
}

impl Feed<'_> {
    /// Hands the next block out; none at the end.
    pub(crate) fn next(&mut self, buffer: &mut Vec<u8>) -> Result<Option<Block>, SimulateError> {
        match self {
            Self::Synthetic { next, count } => {
                let (from, to) = (*next, count.min(&mut next.saturating_add(SYNTHETIC_BLOCK)).to_owned());
                *next = to;
                Ok((from < to).then_some(Block::Users { from, to }))
            }
            Self::Stream { blocks, first } => {
                if let Some(first) = first.take().filter(|first| !first.is_empty()) {
                    *buffer = first;
                    return Ok(Some(Block::Bytes));
                }
                Ok(blocks.next(buffer)?.then_some(Block::Bytes))
            }
        }
    }
}

impl Rows {
    /// Reads a block, handing its rows to the job: one by one, or many together where that comes to the same.
    pub(crate) fn read<'p, J: Job>(
        &self,
        block: &Block,
        buffer: &[u8],
        work: &mut Work<'_, J>,
        many: Many<'p>,
        memory: &mut ManyMemory<'p, J::Kind>,
    ) -> BlockIntake {
        let Work { job, worker, out } = work;
        let mut intake = match (self, block) {
            (Self::Synthetic { seed }, Block::Users { from, to }) if let Some(bulk) = many.bulk => {
                bulk.make_up((*seed, *from..*to), *job, worker, out, &mut memory.bulk)
            }
            (Self::Synthetic { seed }, Block::Users { from, to }) => {
                for number in *from..*to {
                    let id = SyntheticId::new(*seed, number);
                    job.row(worker, out, id.as_str(), id.as_str());
                }
                BlockIntake { rows: to - from, ..BlockIntake::default() }
            }
            (Self::Synthetic { .. }, Block::Bytes) | (_, Block::Users { .. }) => BlockIntake::default(),
            // Where some lines are no text the others are found one by one.
            (Self::Ids, Block::Bytes) => match (std::str::from_utf8(buffer), many.bulk) {
                (Ok(text), Some(bulk)) => bulk.read(text, *job, worker, out, &mut memory.bulk),
                _ => super::ids::read(buffer, *job, worker, out),
            },
            (Self::Csv(layout), Block::Bytes) => {
                let sorting = |asked| Sorting::new(asked, |input| layout.place(input));
                match memory.sorted(0, many, sorting) {
                    Some(sorted) => layout.read_sorted(buffer, sorted, work),
                    None => layout.read(buffer, *job, worker, out),
                }
            }
            (Self::Json(rows), Block::Bytes) => match memory.sorted(0, many, |asked| rows.sorting(asked)) {
                Some(sorted) => rows.read_sorted(buffer, sorted, work),
                None => rows.read(buffer, *job, worker, out),
            },
        };
        if matches!(block, Block::Bytes) {
            intake.bytes = buffer.len() as u64;
        }
        intake
    }

    /// Returns what was read in all; `absent` of the header is joined by what no line had.
    pub(crate) fn finish(&self, adder: Adder, absent: Vec<Need>, program: &Program) -> Intake {
        let never_seen = match self {
            Self::Json(rows) => program.lacking(&|kind, name| rows.has(&adder.seen, kind, name)),
            _ => absent,
        };
        Intake { never_seen, ..adder.intake }
    }
}

impl<'a> Opened<'a> {
    /// Returns the parts: what hands blocks out, how they are read, and what no column answers.
    pub(crate) fn into_parts(self) -> (Feed<'a>, Rows, Vec<Need>) {
        (self.feed, self.rows, self.absent)
    }
}
