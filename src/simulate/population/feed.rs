//! What hands a population out in blocks: one input after another, each with its own columns.

use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::sync::Arc;

use crate::eval::{Need, Program};

use super::super::error::SimulateError;
use super::blocks::Blocks;
use super::format::refuse_other_forms;
use super::groups::Groups;
use super::input::Input;
use super::intake::{Adder, InputRead, Intake};
use super::meter::{SharedMeter, look, whole};
use super::open::{Block, Options, Population, Rows, Start, wanted};
use super::opening::{Wish, open};
use super::unread::UnreadTimes;

/// How many made-up users are one block.
const SYNTHETIC_BLOCK: u64 = 16 * 1024;

/// Hands blocks out.
pub(crate) enum Feed<'a> {
    Synthetic { next: u64, count: u64, rows: Arc<Rows>, absent: Vec<Need> },
    Inputs(Box<Inputs<'a>>),
}

/// A block and how it is read.
pub(crate) struct Handed {
    pub(crate) block: Block,
    pub(crate) rows: Arc<Rows>,
    pub(crate) place: Place,
}

/// Where a block stands.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Place {
    /// Which of the inputs, from 0.
    pub(super) input: usize,
    /// Line ends and bytes before it that belong to no block: a header.
    pub(super) before: (u64, u64),
    /// How many bytes were read of all inputs to come by it.
    pub(super) read: u64,
}

impl Place {
    /// Returns which of the inputs it is in, from 0.
    pub(crate) const fn input(&self) -> usize {
        self.input
    }
}

/// Inputs, one after another.
pub(crate) struct Inputs<'a> {
    waiting: VecDeque<Input<'a>>,
    current: Option<Current<'a>>,
    done: Vec<InputRead>,
    /// Bytes of the inputs that are done.
    read: u64,
    /// What none of the inputs so far can have, those of JSON lines left out; none before the first of the others.
    absent: Option<Vec<Need>>,
    /// Whether some are JSON lines, of which only the lines tell what they have.
    any_json: bool,
    unread_times: Vec<UnreadTimes>,
    program: &'a Program,
    options: &'a Options,
    /// Whether there are several, so that a fault names the one.
    several: bool,
}

/// The input that is being read.
struct Current<'a> {
    name: String,
    query: Option<String>,
    blocks: Blocks<'a>,
    meter: SharedMeter,
    /// The file whose bytes are hashed in the end, where they are not read in their order.
    hash_last: Option<File>,
    rows: Arc<Rows>,
    first: Option<Vec<u8>>,
    /// Groups of rows that come after all blocks, and the one that is next.
    groups: Option<(Arc<dyn Groups>, usize)>,
    before: (u64, u64),
    /// Whether a block was handed out; the first one is, even if it is empty, for what stands before it.
    started: bool,
}

impl<'a> Feed<'a> {
    /// Opens a population: finds the form of each input out and looks its columns up against the program.
    ///
    /// # Errors
    /// When an input cannot be read, is in another form, or lacks a column that is needed.
    pub(crate) fn new(
        population: Population<'a>,
        program: &'a Program,
        options: &'a Options,
    ) -> Result<Self, SimulateError> {
        match population {
            Population::Synthetic { count, seed } => {
                let Start { rows, absent, .. } = Start::synthetic(seed, program, options)?;
                Ok(Self::Synthetic { next: 0, count, rows: Arc::new(rows), absent })
            }
            Population::Inputs(inputs) => {
                let mut feed = Inputs {
                    several: inputs.len() > 1,
                    waiting: inputs.into(),
                    current: None,
                    done: Vec::new(),
                    read: 0,
                    absent: None,
                    any_json: false,
                    unread_times: Vec::new(),
                    program,
                    options,
                };
                feed.open_next()?;
                feed.look_ahead()?;
                Ok(Self::Inputs(Box::new(feed)))
            }
        }
    }

    /// Hands the next block out; none at the end.
    pub(crate) fn next(&mut self, buffer: &mut Vec<u8>) -> Result<Option<Handed>, SimulateError> {
        match self {
            Self::Synthetic { next, count, rows, .. } => {
                let (from, to) = (*next, (*count).min(next.saturating_add(SYNTHETIC_BLOCK)));
                *next = to;
                let (block, rows) = (Block::Users { from, to }, Arc::clone(rows));
                Ok((from < to).then(|| Handed { block, rows, place: Place::default() }))
            }
            Self::Inputs(inputs) => inputs.next(buffer),
        }
    }

    /// Returns the fault of an input that was handed out.
    pub(crate) fn fault(&self, place: Place, error: io::Error) -> SimulateError {
        match self {
            Self::Synthetic { .. } => SimulateError::Read(error),
            Self::Inputs(inputs) => {
                let done = inputs.done.get(place.input).map(|input| &input.name);
                let name = done.or_else(|| inputs.current.as_ref().map(|current| &current.name));
                named(SimulateError::Read(error), inputs.several, name.map_or("", String::as_str))
            }
        }
    }

    /// Returns what was read in all, once there are no more blocks.
    pub(crate) fn finish(self, adder: Adder, program: &Program) -> Intake {
        match self {
            Self::Synthetic { absent, .. } => Intake { never_seen: absent, ..adder.intake },
            Self::Inputs(inputs) => {
                let Inputs { absent, any_json, done, options, unread_times, .. } = *inputs;
                let never_seen = match absent {
                    Some(absent) if !any_json => absent,
                    absent => {
                        let seen = Rows::lacking(&options.columns, &adder.seen, program);
                        seen.into_iter()
                            .filter(|need| absent.as_ref().is_none_or(|of| of.contains(need)))
                            .collect()
                    }
                };
                Intake { never_seen, inputs: done, unread_times, ..adder.intake }
            }
        }
    }
}

impl<'a> Inputs<'a> {
    fn next(&mut self, buffer: &mut Vec<u8>) -> Result<Option<Handed>, SimulateError> {
        loop {
            let Some(current) = &mut self.current else { return Ok(None) };
            let any = match current.first.take() {
                Some(first) if !first.is_empty() => {
                    *buffer = first;
                    true
                }
                _ => {
                    current.blocks.next(buffer).map_err(|error| named(error, self.several, &current.name))?
                }
            };
            if !current.started {
                let start = match &current.groups {
                    Some((groups, _)) if self.program.depends_on_time() => groups
                        .start()
                        .map_err(|error| named(SimulateError::Read(error), self.several, &current.name))?,
                    _ => Vec::new(),
                };
                let start: &[u8] = if start.is_empty() { buffer } else { &start };
                self.unread_times.extend(current.rows.unread_times(start, self.program));
            }
            if any || !current.started {
                current.started = true;
                let before = std::mem::take(&mut current.before);
                let read = self.read + look(&current.meter).bytes;
                let place = Place { input: self.done.len(), before, read };
                return Ok(Some(Handed { block: Block::Bytes, rows: Arc::clone(&current.rows), place }));
            }
            if let Some((groups, number)) = &mut current.groups
                && *number < groups.count()
            {
                let block = Block::Group(Arc::clone(groups), *number);
                let read = self.read + groups.bytes() * *number as u64 / groups.count() as u64;
                *number += 1;
                let place = Place { input: self.done.len(), before: (0, 0), read };
                return Ok(Some(Handed { block, rows: Arc::clone(&current.rows), place }));
            }
            self.close()?;
            self.open_next()?;
        }
    }

    /// Notes what was read of the input that has ended.
    fn close(&mut self) -> Result<(), SimulateError> {
        let Some(Current { name, query, meter, hash_last, groups, .. }) = self.current.take() else {
            return Ok(());
        };
        if let Some((groups, _)) = groups {
            look(&meter).bytes = groups.bytes();
        }
        self.read += look(&meter).bytes;
        let meter = match hash_last {
            Some(file) => {
                whole(file).map_err(|error| named(SimulateError::Read(error), self.several, &name))?
            }
            None => meter,
        };
        let meter = look(&meter);
        let bytes = query.is_none().then_some(meter.bytes);
        self.done.push(InputRead { name, bytes, sha256: meter.sha256(), query });
        Ok(())
    }

    fn open_next(&mut self) -> Result<(), SimulateError> {
        let Some(mut input) = self.waiting.pop_front() else { return Ok(()) };
        let digest = self.options.digest && input.query.is_none();
        let (current, absent) = self.open(&mut input, digest)?;
        if matches!(*current.rows, Rows::Json(_)) {
            self.any_json = true;
        } else {
            match &mut self.absent {
                Some(all) => all.retain(|need| absent.contains(need)),
                none => *none = Some(absent),
            }
        }
        self.current = Some(current);
        Ok(())
    }

    fn open(&self, input: &mut Input<'a>, digest: bool) -> Result<(Current<'a>, Vec<Need>), SimulateError> {
        let name = input.name.clone();
        let named = |error| named(error, self.several, &name);
        let wanted = |names: &[&str]| wanted(names, &self.options.columns, self.program);
        // Ids are told apart in the order of the input.
        let in_groups = self.options.workers > 1 && !self.options.distinct;
        let columns = &self.options.columns;
        let id = |names: &[&str]| {
            let id = columns.id_of(names.iter().copied()).ok().flatten()?;
            names.iter().position(|name| *name == id)
        };
        let wish = Wish { digest, in_groups, columns: &wanted, id: &id };
        let opened = open(input, wish).map_err(named)?;
        let mut blocks = Blocks::new(opened.reader);
        // What a cell of Parquet holds says nothing of the file.
        if !opened.unordered {
            refuse_other_forms(blocks.peek().map_err(named)?, opened.format).map_err(named)?;
        }
        let start = Start::of(&mut blocks, opened.format, self.program, self.options).map_err(named)?;
        let Start { rows, first, mut before, absent } = start;
        if opened.unordered {
            // Its header is no line of its own.
            before.0 = 0;
        }
        let groups = opened.groups.map(|groups| (groups, 0));
        let (rows, query, meter, hash_last) =
            (Arc::new(rows), input.query.clone(), opened.meter, opened.hash_last);
        let current =
            Current { name, query, blocks, meter, hash_last, rows, first, groups, before, started: false };
        Ok((current, absent))
    }

    /// Looks at the columns of all that can be read again, so that a column that the last one lacks is not found
    /// out when all others were counted.
    fn look_ahead(&mut self) -> Result<(), SimulateError> {
        let mut waiting = std::mem::take(&mut self.waiting);
        let looked = waiting
            .iter_mut()
            .filter(|input| input.reads_again())
            .try_for_each(|input| self.open(input, false).map(drop));
        self.waiting = waiting;
        looked
    }
}

/// Returns a fault with the input it is of: where there are several, or the file itself is at fault.
fn named(error: SimulateError, several: bool, input: &str) -> SimulateError {
    let error = match error {
        SimulateError::Read(error) => SimulateError::read(error),
        error => error,
    };
    let tells = several
        || matches!(
            error,
            SimulateError::NoParquet | SimulateError::Damaged { .. } | SimulateError::Form { .. }
        );
    if tells { SimulateError::In { input: input.to_owned(), error: Box::new(error) } } else { error }
}
