//! Each id once: the first row of an id counts, every later one is a duplicate.
//!
//! What a block holds is told in the order of the input, so that the same rows count for any number of threads.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use sha2::{Digest, Sha256};

use crate::eval::Subject;

use super::super::engine::Job;
use super::columns::{Many, ManyMemory, Work};
use super::intake::{BlockIntake, KEPT};
use super::open::{Block, Rows};

/// The ids so far, each as 128 bits of its SHA-256: two ids that share them are not found in this universe.
pub(crate) struct Distinct {
    known: Mutex<Known>,
    moved: Condvar,
}

#[derive(Default)]
struct Known {
    /// The block whose turn it is.
    turn: u64,
    ids: HashSet<u128, BuildHasherDefault<Itself>>,
    over: bool,
}

impl Distinct {
    pub(crate) fn new() -> Self {
        Self { known: Mutex::new(Known::default()), moved: Condvar::new() }
    }

    /// Reads block `number`, handing the first row of each id to the job; none if the run ends before its turn.
    pub(crate) fn read<J: Job>(
        &self,
        number: u64,
        (rows, block, buffer): (&Rows, &Block, &[u8]),
        work: &mut Work<'_, J>,
    ) -> Option<BlockIntake> {
        let one_by_one = Many { bulk: None, asked: None };
        let mut ids = Vec::new();
        let mut marking = Work { job: &Marks, worker: &mut (), out: &mut ids };
        rows.read(block, buffer, 0, &mut marking, one_by_one, &mut ManyMemory::default());
        let repeated = self.take_turn(number, &ids)?;
        let skipping = Skipping { job: work.job, repeated: &repeated };
        let mut skipper = Skipper { worker: std::mem::take(work.worker), at: 0 };
        let mut kept = (std::mem::replace(work.out, work.job.start()), Vec::new());
        let mut skipped = Work { job: &skipping, worker: &mut skipper, out: &mut kept };
        let mut intake = rows.read(block, buffer, 0, &mut skipped, one_by_one, &mut ManyMemory::default());
        *work.worker = skipper.worker;
        (*work.out, intake.first_duplicates) = kept;
        let duplicates = repeated.iter().filter(|repeated| **repeated).count() as u64;
        intake.rows -= duplicates;
        intake.duplicates = duplicates;
        Some(intake)
    }

    /// Waits for the turn of a block, and tells which of its rows repeat an id.
    fn take_turn(&self, number: u64, ids: &[u128]) -> Option<Vec<bool>> {
        let mut known = self.lock();
        while known.turn != number {
            if known.over {
                return None;
            }
            known = self.moved.wait(known).unwrap_or_else(PoisonError::into_inner);
        }
        let repeated = ids.iter().map(|id| *id != NO_ID && !known.ids.insert(*id)).collect();
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

/// Notes the ids of a block.
struct Marks;

impl Job for Marks {
    type Worker = ();
    type Out = Vec<u128>;
    type Kind = ();

    fn start(&self) -> Vec<u128> {
        Vec::new()
    }

    fn row<S: Subject + ?Sized>(&self, (): &mut (), out: &mut Vec<u128>, id: &str, _: &S) {
        out.push(if id.is_empty() { NO_ID } else { mark(id) });
    }
}

/// Returns the first 128 bits of an id's SHA-256.
fn mark(id: &str) -> u128 {
    let digest = Sha256::digest(id.as_bytes());
    digest.iter().take(16).fold(0, |mark, byte| mark << 8 | u128::from(*byte))
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

impl<J: Job> Job for Skipping<'_, J> {
    type Worker = Skipper<J::Worker>;
    /// What comes out, and the first ids that are repeated.
    type Out = (J::Out, Vec<String>);
    type Kind = ();

    fn start(&self) -> Self::Out {
        (self.job.start(), Vec::new())
    }

    fn row<S: Subject + ?Sized>(
        &self,
        skipper: &mut Self::Worker,
        out: &mut Self::Out,
        id: &str,
        subject: &S,
    ) {
        let repeated = self.repeated.get(skipper.at).copied().unwrap_or_default();
        skipper.at += 1;
        if !repeated {
            self.job.row(&mut skipper.worker, &mut out.0, id, subject);
        } else if out.1.len() < KEPT {
            out.1.push(id.to_owned());
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
