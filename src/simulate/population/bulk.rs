//! Users of whom only the id is known, many at once.

use std::ops::Range;

use crate::bucket::bulk::{Batch, Bulk, Engine, Scratch, each_line};
use crate::eval::{Cells, Program};

use super::super::engine::Job;
use super::ids::id_end;
use super::intake::BlockIntake;
use super::synthetic::SyntheticId;

/// A program's cells, prepared for many users.
pub(crate) struct InBulk<'p> {
    cells: &'p Cells,
    axes: Vec<(Bulk<'p>, usize)>,
    engine: Engine,
    listed: Listed,
    /// For each cell whether the job takes the ids of its users; empty if it takes none.
    taken: Vec<bool>,
}

/// What a thread keeps from block to block.
#[derive(Default)]
pub(crate) struct Memory {
    batch: Batch,
    scratch: Scratch,
    cells: Vec<u16>,
    /// How many users each cell has.
    counts: Vec<u64>,
    text: String,
}

impl<'p> InBulk<'p> {
    /// Prepares the cells of a program.
    pub(crate) fn new(cells: &'p Cells, program: &'p Program, engine: Engine) -> Self {
        let axis = |(line, limits): (_, &[_])| (Bulk::new(line, limits.to_vec(), engine), limits.len() + 1);
        let (axes, listed) = (cells.axes(program).map(axis).collect(), Listed::new(cells));
        Self { cells, axes, engine, listed, taken: Vec::new() }
    }

    /// Says of which cells the job takes the ids.
    pub(crate) fn taking(self, taken: Vec<bool>) -> Self {
        Self { taken, ..self }
    }

    /// Reads a block of lines, each an id, as [`super::ids::read`] does.
    pub(super) fn read<J: Job>(
        &self,
        text: &str,
        job: &J,
        worker: &mut J::Worker,
        out: &mut J::Out,
        memory: &mut Memory,
    ) -> BlockIntake {
        let mut intake = BlockIntake::default();
        let bytes = text.as_bytes();
        memory.start(self.cells);
        intake.lines = each_line(bytes, self.engine, |start, end| {
            // Most lines have no blank at either end, and are not listed.
            if let [first, .., last] | [first @ last] = &bytes[start..end]
                && *first > b' '
                && *last > b' '
                && !self.listed.may_have(end - start, *last)
            {
                intake.rows += 1;
                self.push(text, (start, end), (job, out), memory);
                return;
            }
            let Some(cut) = id_end(bytes, start, end) else {
                intake.blank += 1;
                return;
            };
            let id = &text[start..cut];
            intake.row(id);
            if self.listed.has(id.as_bytes()) {
                self.let_pass(text, (job, out), memory);
                job.row(worker, out, id, id);
            } else {
                self.push(text, (start, cut), (job, out), memory);
            }
        });
        self.count(text, (job, out), memory);
        memory.finish(job, worker, out);
        let lines = text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
        let ids = lines.filter(|line| !line.as_bytes().trim_ascii().is_empty());
        job.examples(worker, out, ids);
        intake
    }

    /// Makes users up, as [`super::synthetic_id`] does.
    pub(super) fn make_up<J: Job>(
        &self,
        (seed, numbers): (u64, Range<u64>),
        job: &J,
        worker: &mut J::Worker,
        out: &mut J::Out,
        memory: &mut Memory,
    ) -> BlockIntake {
        memory.start(self.cells);
        let mut text = std::mem::take(&mut memory.text);
        text.clear();
        for number in numbers.clone() {
            let id = SyntheticId::new(seed, number);
            let start = text.len();
            if self.listed.has(id.as_str().as_bytes()) {
                self.let_pass(&text, (job, out), memory);
                job.row(worker, out, id.as_str(), id.as_str());
                continue;
            }
            text.push_str(id.as_str());
            memory.batch.push(start, text.len());
            if memory.batch.len() == Batch::SIZE {
                self.count(&text, (job, out), memory);
                text.clear();
            }
        }
        self.count(&text, (job, out), memory);
        memory.text = text;
        memory.finish(job, worker, out);
        let rows = numbers.end - numbers.start;
        let ids = numbers.map(|number| SyntheticId::new(seed, number));
        job.examples(worker, out, ids);
        BlockIntake { rows, ..BlockIntake::default() }
    }

    /// Adds the id at these bytes of a text to the batch, counting it first where it is full.
    #[inline]
    fn push<J: Job>(
        &self,
        text: &str,
        (start, end): (usize, usize),
        to: (&J, &mut J::Out),
        memory: &mut Memory,
    ) {
        if !memory.batch.push(start, end) {
            self.count(text, to, memory);
            memory.batch.push(start, end);
        }
    }

    /// Prepares for a user that is evaluated alone: ids are taken in their order.
    fn let_pass<J: Job>(&self, text: &str, to: (&J, &mut J::Out), memory: &mut Memory) {
        if !self.taken.is_empty() {
            self.count(text, to, memory);
        }
    }

    /// Counts the users of the batch by their cells, and removes them from it.
    fn count<J: Job>(&self, text: &str, (job, out): (&J, &mut J::Out), memory: &mut Memory) {
        if !self.taken.is_empty() {
            self.cells(text, memory);
            for (cell, (start, end)) in memory.cells.iter().zip(memory.batch.places()) {
                memory.counts[usize::from(*cell)] += 1;
                if self.taken[usize::from(*cell)] {
                    job.take(out, &text[start..end]);
                }
            }
        } else if let [(bulk, _)] = self.axes.as_slice() {
            bulk.count(text, &memory.batch, &mut memory.scratch, &mut memory.counts);
        } else {
            self.cells(text, memory);
            for cell in &memory.cells {
                memory.counts[usize::from(*cell)] += 1;
            }
        }
        memory.batch.clear();
    }

    /// Returns the cell of each user of the batch.
    pub(super) fn cells<'m>(&self, text: &str, memory: &'m mut Memory) -> &'m [u16] {
        let Memory { batch, scratch, cells, .. } = memory;
        cells.clear();
        for (axis, (bulk, places)) in self.axes.iter().enumerate() {
            let of = bulk.places(text, batch, scratch);
            if axis == 0 {
                cells.extend_from_slice(of);
                continue;
            }
            let places = u16::try_from(*places).unwrap_or(u16::MAX);
            for (cell, place) in cells.iter_mut().zip(of) {
                *cell = *cell * places + place;
            }
        }
        // Without anything to draw there is one cell.
        cells.resize(batch.len(), 0);
        cells
    }

    /// Tells whether something is said of a user.
    #[inline]
    pub(super) fn lists(&self, id: &[u8]) -> bool {
        self.listed.has(id)
    }
}

impl Memory {
    /// Hands the counts over.
    fn finish<J: Job>(&self, job: &J, worker: &mut J::Worker, out: &mut J::Out) {
        for (cell, rows) in self.counts.iter().enumerate().filter(|(_, rows)| **rows > 0) {
            job.cell(worker, out, cell, *rows);
        }
    }

    /// Adds the id at these bytes of a text; false where there is no room.
    #[inline]
    pub(super) fn push(&mut self, start: usize, end: usize) -> bool {
        self.batch.push(start, end)
    }

    /// Returns where each id starts and ends.
    pub(super) fn places(&self) -> impl Iterator<Item = (usize, usize)> {
        self.batch.places()
    }

    /// Removes all ids.
    pub(super) fn clear(&mut self) {
        self.batch.clear();
    }

    fn start(&mut self, cells: &Cells) {
        self.batch.clear();
        self.counts.clear();
        self.counts.resize(cells.count(), 0);
    }
}

/// The keys that something is said of, and what lets most others pass without a look.
struct Listed {
    keys: std::collections::HashSet<String>,
    /// Which lengths there are, modulo 64.
    lengths: u64,
    /// Which last bytes there are.
    ends: [bool; 256],
}

impl Listed {
    fn new(cells: &Cells) -> Self {
        let mut listed = Self { keys: cells.listed().clone(), lengths: 0, ends: [false; 256] };
        for key in cells.listed() {
            listed.lengths |= 1 << (key.len() % 64);
            listed.ends[usize::from(key.as_bytes().last().copied().unwrap_or_default())] = true;
        }
        listed
    }

    #[inline]
    fn has(&self, id: &[u8]) -> bool {
        self.may_have(id.len(), id.last().copied().unwrap_or_default())
            && std::str::from_utf8(id).is_ok_and(|id| self.keys.contains(id))
    }

    /// Tells whether a key of this length that ends with this byte could be one.
    #[inline]
    const fn may_have(&self, length: usize, last: u8) -> bool {
        self.lengths >> (length % 64) & 1 == 1 && self.ends[last as usize]
    }
}
