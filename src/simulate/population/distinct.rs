//! Each id once: the first row of an id counts, every later one is a duplicate.
//!
//! What a block holds is told in the order of the input, so that the same rows count for any number of threads. A first
//! look at a block finds its ids and nothing else; lines that repeat one are left out of what is read then.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use sha2::{Digest, Sha256};

use crate::bucket::bulk::Engine;
use crate::eval::{Cells, Program, Run, Subject};
use crate::model::Timestamp;

use super::super::engine::Job;
use super::bulk::InBulk;
use super::columns::{Asked, Many, ManyMemory, Work};
use super::intake::{BlockIntake, KEPT};
use super::open::{Block, Rows};

/// The ids so far, each as 128 bits of its SHA-256: two ids that share them are not found in this universe.
pub(crate) struct Distinct<'s> {
    known: Mutex<Known>,
    moved: Condvar,
    scan: &'s Scan,
    bulk: InBulk<'s>,
}

#[derive(Default)]
struct Known {
    /// The block whose turn it is.
    turn: u64,
    ids: HashSet<u128, BuildHasherDefault<Itself>>,
    over: bool,
}

/// How ids are found: with a program that asks nothing.
pub(crate) struct Scan {
    program: Program,
    cells: Cells,
}

impl Default for Scan {
    fn default() -> Self {
        let program = Program::default();
        let cells = program.cells().expect("a program that asks nothing has one cell");
        Self { program, cells }
    }
}

/// A block with the input it is of, and how its rows are read.
type Whole<'a> = (&'a Rows, &'a Block, &'a [u8], usize);

impl<'s> Distinct<'s> {
    pub(crate) fn new(scan: &'s Scan) -> Self {
        let bulk = InBulk::new(&scan.cells, &scan.program, Engine::best()).taking(vec![true]);
        Self { known: Mutex::new(Known::default()), moved: Condvar::new(), scan, bulk }
    }

    /// Looks for the ids of block `number`; none if the run ends before its turn.
    pub(crate) fn scan(
        &'s self,
        number: u64,
        (rows, block, buffer, input): Whole<'_>,
        memory: &mut ManyMemory<'s, ()>,
    ) -> Option<Firsts> {
        let Scan { program, cells } = self.scan;
        let now = Timestamp::from_millis(0);
        let asked = Asked { program, cells, grouped: &[], now, times: &[] };
        let many = Many { bulk: Some(&self.bulk), asked: Some(asked) };
        let mut ids = Vec::new();
        let mut work = Work { job: &Marks { block: buffer }, worker: &mut (), out: &mut ids };
        let BlockIntake { seen, .. } = rows.read(block, buffer, input, &mut work, many, memory);
        let repeated = self.take_turn(number, &ids)?;
        Some(Firsts { ids, repeated, seen })
    }

    /// Waits for the turn of a block, and tells which of its rows repeat an id.
    fn take_turn(&self, number: u64, ids: &[Marked]) -> Option<Vec<bool>> {
        let mut known = self.lock();
        while known.turn != number {
            if known.over {
                return None;
            }
            known = self.moved.wait(known).unwrap_or_else(PoisonError::into_inner);
        }
        let repeated = ids.iter().map(|id| id.mark != NO_ID && !known.ids.insert(id.mark)).collect();
        known.turn += 1;
        drop(known);
        self.moved.notify_all();
        Some(repeated)
    }

    /// Says that nobody is to wait for its turn any longer.
    pub(crate) fn end(&self) {
        self.lock().over = true;
        self.moved.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What stands for a row without an id: it repeats none.
const NO_ID: u128 = 0;

/// A row's id.
pub(crate) struct Marked {
    mark: u128,
    /// Where it stands in the block; none where it does not stand there as it is.
    place: Option<Range<usize>>,
}

/// Notes the ids of a block.
struct Marks<'b> {
    block: &'b [u8],
}

impl Job for Marks<'_> {
    type Worker = ();
    type Out = Vec<Marked>;
    type Kind = ();

    fn start(&self) -> Vec<Marked> {
        Vec::new()
    }

    fn row<S: Subject + ?Sized>(&self, (): &mut (), out: &mut Vec<Marked>, id: &str, _: &S) {
        self.take(out, id);
    }

    fn kind<S: Subject + ?Sized>(&self, _: Run<'_, S>) {}

    fn takes(&self) -> bool {
        true
    }

    fn is_taken(&self, (): &()) -> bool {
        true
    }

    fn take(&self, out: &mut Vec<Marked>, id: &str) {
        let mark = if id.is_empty() { NO_ID } else { mark(id) };
        // A part of the block is where its first byte is.
        let start = id.as_ptr().addr().checked_sub(self.block.as_ptr().addr());
        let place = start.map(|start| start..start + id.len()).filter(|place| place.end <= self.block.len());
        out.push(Marked { mark, place });
    }
}

/// Returns the first 128 bits of an id's SHA-256.
fn mark(id: &str) -> u128 {
    let digest = Sha256::digest(id.as_bytes());
    digest.iter().take(16).fold(0, |mark, byte| mark << 8 | u128::from(*byte))
}

/// Which rows of a block are the first of their id.
pub(crate) struct Firsts {
    ids: Vec<Marked>,
    repeated: Vec<bool>,
    /// Which of the watched attributes occurred in any row.
    seen: Vec<bool>,
}

impl Firsts {
    /// Reads the block, handing the first row of each id to the job.
    pub(crate) fn read<'p, J: Job>(
        self,
        (rows, block, buffer, input): Whole<'_>,
        work: &mut Work<'_, J>,
        many: Many<'p>,
        memory: &mut ManyMemory<'p, J::Kind>,
    ) -> BlockIntake {
        let duplicates = self.repeated.iter().filter(|repeated| **repeated).count() as u64;
        if duplicates == 0 {
            return rows.read(block, buffer, input, work, many, memory);
        }
        match self.without_repeated(rows, buffer) {
            Some((text, blank)) => {
                let intake = rows.read(block, &text, input, work, many, memory);
                BlockIntake {
                    blank: intake.blank - blank,
                    bytes: buffer.len() as u64,
                    duplicates,
                    first_duplicates: self.first_duplicates(buffer),
                    seen: self.seen,
                    ..intake
                }
            }
            None => BlockIntake { duplicates, ..self.skip((rows, block, buffer), work) },
        }
    }

    /// Returns the block with nothing but a line end left of each line that repeats an id, and how many those are; none
    /// where rows are not lines, or ids do not stand in them as they are.
    fn without_repeated(&self, rows: &Rows, buffer: &[u8]) -> Option<(Vec<u8>, u64)> {
        if matches!(rows, Rows::Csv(_)) && memchr::memchr(b'"', buffer).is_some() {
            return None;
        }
        let (mut text, mut kept, mut blank) = (Vec::with_capacity(buffer.len()), 0, 0);
        for (id, _) in self.ids.iter().zip(&self.repeated).filter(|(_, repeated)| **repeated) {
            let place = id.place.clone()?;
            let start = memchr::memrchr(b'\n', &buffer[..place.start]).map_or(0, |end| end + 1);
            let end = memchr::memchr(b'\n', &buffer[place.end..]);
            blank += u64::from(end.is_some());
            text.extend_from_slice(&buffer[kept..start]);
            kept = end.map_or(buffer.len(), |end| place.end + end);
        }
        text.extend_from_slice(&buffer[kept..]);
        Some((text, blank))
    }

    fn first_duplicates(&self, buffer: &[u8]) -> Vec<String> {
        let repeated = self.ids.iter().zip(&self.repeated).filter(|(_, repeated)| **repeated);
        let places = repeated.filter_map(|(id, _)| id.place.clone()).take(KEPT);
        places.map(|place| String::from_utf8_lossy(&buffer[place]).into_owned()).collect()
    }

    /// Reads the block row by row.
    fn skip<J: Job>(
        &self,
        (rows, block, buffer): (&Rows, &Block, &[u8]),
        work: &mut Work<'_, J>,
    ) -> BlockIntake {
        let one_by_one = Many { bulk: None, asked: None };
        let skipping = Skipping { job: work.job, repeated: &self.repeated };
        let mut skipper = Skipper { worker: std::mem::take(work.worker), at: 0 };
        let start = Kept {
            out: std::mem::replace(work.out, work.job.start()),
            left_out: Vec::new(),
            odd: BlockIntake::default(),
        };
        let mut kept = start;
        let mut skipped = Work { job: &skipping, worker: &mut skipper, out: &mut kept };
        let intake = rows.read(block, buffer, 0, &mut skipped, one_by_one, &mut ManyMemory::default());
        *work.worker = skipper.worker;
        let Kept { out, left_out, odd } = kept;
        *work.out = out;
        BlockIntake {
            rows: intake.rows - odd.rows,
            padded: intake.padded - odd.padded,
            first_duplicates: left_out,
            ..intake
        }
    }
}

/// Hands the rows of a block on that repeat no id.
struct Skipping<'a, J> {
    job: &'a J,
    repeated: &'a [bool],
}

#[derive(Default)]
struct Skipper<W> {
    worker: W,
    /// Which row comes next.
    at: usize,
}

/// What comes out of the rows that are handed on, and of the others.
struct Kept<T> {
    out: T,
    /// The first ids that are repeated.
    left_out: Vec<String>,
    /// What the intake says of the rows that repeat one.
    odd: BlockIntake,
}

impl<J: Job> Job for Skipping<'_, J> {
    type Worker = Skipper<J::Worker>;
    type Out = Kept<J::Out>;
    type Kind = ();

    fn start(&self) -> Self::Out {
        Kept { out: self.job.start(), left_out: Vec::new(), odd: BlockIntake::default() }
    }

    fn row<S: Subject + ?Sized>(
        &self,
        skipper: &mut Self::Worker,
        kept: &mut Self::Out,
        id: &str,
        subject: &S,
    ) {
        let repeated = self.repeated.get(skipper.at).copied().unwrap_or_default();
        skipper.at += 1;
        if !repeated {
            self.job.row(&mut skipper.worker, &mut kept.out, id, subject);
            return;
        }
        kept.odd.row(id);
        if kept.left_out.len() < KEPT {
            kept.left_out.push(id.to_owned());
        }
    }
}

/// Takes a part of the mark for its own hash: its bits are as good as any.
#[derive(Default)]
struct Itself(u64);

impl Hasher for Itself {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0 << 8 | u64::from(*byte);
        }
    }

    fn write_u128(&mut self, mark: u128) {
        self.0 = u64::try_from(mark & u128::from(u64::MAX)).unwrap_or_default();
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
