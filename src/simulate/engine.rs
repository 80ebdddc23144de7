//! Many threads over one population: blocks are read in order, worked on in parallel, and folded in order, with
//! a bounded number of them on the way.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crate::bucket::bulk::Engine;
use crate::eval::{AttributeId, Cells, Program, Run, Scratch, Subject};
use crate::model::Timestamp;

use super::error::SimulateError;
use super::population::{
    Adder, Asked, Block, BlockIntake, Distinct, Feed, InBulk, Intake, Many, ManyMemory, Options, Place,
    Population, Scan, Work,
};

/// What is done with each row. A job is shared by all threads.
pub(crate) trait Job: Sync {
    /// What a thread keeps from row to row.
    type Worker: Default;
    /// What comes out of a block of rows.
    type Out: Send;
    /// What rows come to; those that come to the same are taken together.
    type Kind: PartialEq + Default;

    /// Starts with a block.
    fn start(&self) -> Self::Out;

    /// Takes a row; `id` is the user's key, empty where the row has none.
    fn row<S: Subject + ?Sized>(&self, worker: &mut Self::Worker, out: &mut Self::Out, id: &str, subject: &S);

    /// Returns how users fall apart of whom only the id is known, if nothing is asked of them but their cell, some
    /// examples, and those that are listed.
    fn cells(&self) -> Option<&Cells> {
        None
    }

    /// Takes that many users of a cell, where there are [`Job::cells`].
    fn cell(&self, _worker: &mut Self::Worker, _out: &mut Self::Out, _cell: usize, _rows: u64) {}

    /// Tells whether the ids of some rows are taken; rows are then handed over in the order of the input.
    fn takes(&self) -> bool {
        false
    }

    /// Tells whether the ids of rows of a kind are taken.
    fn is_taken(&self, _kind: &Self::Kind) -> bool {
        false
    }

    /// Takes the id of a row that is counted with others of its kind.
    fn take(&self, _out: &mut Self::Out, _id: &str) {}

    /// Returns the times at which rows are looked at beside the one of all evaluations.
    fn times(&self) -> &[Timestamp] {
        &[]
    }

    /// Finds examples for what comes out of a block, where there are [`Job::cells`]; `ids` are all of its users, in
    /// their order.
    fn examples<I: AsRef<str>>(
        &self,
        _worker: &mut Self::Worker,
        _out: &mut Self::Out,
        _ids: impl Iterator<Item = I>,
    ) {
    }

    /// Returns the attributes that rows are grouped by, each once, where there are [`Job::cells`].
    fn grouped(&self) -> &[AttributeId] {
        &[]
    }

    /// Returns what a row comes to, where there are [`Job::cells`].
    fn kind<S: Subject + ?Sized>(&self, _run: Run<'_, S>) -> Self::Kind {
        Self::Kind::default()
    }

    /// Takes that many rows of a kind.
    fn count(&self, _out: &mut Self::Out, _kind: &Self::Kind, _rows: u64) {}

    /// Takes rows of a group, so many of each kind; they are counted already. `which` is what is grouped by; without a
    /// label it is the group of those without a value.
    fn group<'k>(
        &self,
        _out: &mut Self::Out,
        _which: AttributeId,
        _label: Option<&Arc<str>>,
        _kinds: impl Iterator<Item = (&'k Self::Kind, u64)> + Clone,
    ) where
        Self::Kind: 'k,
    {
    }

    /// Finds examples for what comes out of a block, where there are [`Job::cells`]; `again` takes all of its rows one
    /// by one.
    fn examples_again(
        &self,
        _worker: &mut Self::Worker,
        _out: &mut Self::Out,
        _again: impl FnOnce(&mut Self::Worker, &mut Self::Out),
    ) {
    }
}

/// How the caller follows a run, and stops it.
#[derive(Clone, Copy, Default)]
pub struct Watch<'a> {
    /// Called on the caller's own thread with the rows and bytes done so far, some times a second or oftener.
    pub progress: Option<&'a dyn Fn(u64, u64)>,
    /// Ends the run with [`SimulateError::Cancelled`] once it is true.
    pub cancel: Option<&'a AtomicBool>,
}

/// How many blocks a thread may be ahead of the oldest that is not folded yet.
const AHEAD: u64 = 4;

/// Runs a job over a population. `fold` sees what came out of each block, in the order of the input and on the
/// caller's own thread, so that the result does not depend on how many threads there are.
///
/// # Errors
/// When the population cannot be opened or read, `fold` fails, or the caller cancels.
pub(crate) fn run<J: Job>(
    population: Population<'_>,
    program: &Program,
    options: &Options,
    job: &J,
    watch: Watch<'_>,
    fold: &mut dyn FnMut(J::Out) -> io::Result<()>,
) -> Result<Intake, SimulateError> {
    let feed = Feed::new(population, program, options)?;
    let mut adder = Adder::new(options.distinct);
    let grouped = job.grouped();
    let by_key = grouped.iter().any(|id| program.is_user_key(*id));
    let by_cell = job.cells().filter(|cells| !cells.asks_key() && !by_key);
    let bulk = by_cell.map(|cells| {
        let taken = taken_cells(job, cells, program, options.at);
        InBulk::new(cells, program, Engine::best()).taking(taken)
    });
    let (now, times) = (options.at, job.times());
    let asked = job.cells().map(|cells| Asked { program, cells, grouped, now, times });
    let many = Many { bulk: bulk.as_ref(), asked };
    let scan = Scan::default();
    let workers = options.workers.max(1);
    let shared = Shared {
        feed: Mutex::new(Queue { feed, next: 0, ended: false }),
        folded: Mutex::new(0),
        moved: Condvar::new(),
        stop: AtomicBool::new(false),
        window: AHEAD * workers as u64,
        distinct: options.distinct.then(|| Distinct::new(&scan)),
    };
    std::thread::scope(|scope| {
        let (sender, receiver) = sync_channel(workers);
        for _ in 0..workers {
            let sender = sender.clone();
            let shared = &shared;
            scope.spawn(move || shared.work(job, many, &sender));
        }
        drop(sender);
        // Whatever way this ends, the threads must not wait for it any longer.
        let _stop = StopOnDrop(&shared);
        shared.collect(receiver, watch, &mut |place, intake, out| {
            adder.add(place, intake);
            out.into_iter().try_for_each(&mut *fold).map_err(SimulateError::Sink)?;
            if let Some(progress) = watch.progress {
                let (rows, bytes) = adder.progress();
                progress(rows, bytes);
            }
            Ok(())
        })
    })?;
    let Queue { feed, .. } = shared.feed.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(feed.finish(adder, program))
}

/// Returns for each cell whether the ids of its users are taken; nothing where none are.
fn taken_cells<J: Job>(job: &J, cells: &Cells, program: &Program, at: Timestamp) -> Vec<bool> {
    let mut scratch = Scratch::default();
    let count = if job.takes() { cells.count() } else { 0 };
    let taken = |cell| job.is_taken(&job.kind(cells.start(cell, &mut scratch, program, at)));
    (0..count).map(taken).collect()
}

/// What the threads share.
struct Shared<'a> {
    feed: Mutex<Queue<'a>>,
    /// How many blocks are folded.
    folded: Mutex<u64>,
    moved: Condvar,
    stop: AtomicBool,
    window: u64,
    /// The ids so far, where each counts once.
    distinct: Option<Distinct<'a>>,
}

/// The blocks that are not handed out yet.
struct Queue<'a> {
    feed: Feed<'a>,
    next: u64,
    ended: bool,
}

/// What came out of a block: one after the other where it was read in several pieces.
type Done<T> = (u64, Result<(Place, BlockIntake, Vec<T>), SimulateError>);

impl Shared<'_> {
    /// Works on one block after another until there are no more.
    fn work<J: Job>(&self, job: &J, many: Many<'_>, sender: &SyncSender<Done<J::Out>>) {
        let _stop = StopOnPanic(self);
        let (mut worker, mut buffer) = (J::Worker::default(), Vec::new());
        let (mut memory, mut scanning) = (ManyMemory::default(), ManyMemory::default());
        loop {
            let (number, handed) = {
                let mut queue = lock(&self.feed);
                if queue.ended || !self.wait_for_room(queue.next) {
                    return;
                }
                let number = queue.next;
                queue.next += 1;
                match queue.feed.next(&mut buffer) {
                    Ok(Some(handed)) => (number, handed),
                    Ok(None) => {
                        queue.ended = true;
                        return;
                    }
                    Err(error) => {
                        queue.ended = true;
                        // A receiver that is gone has ended the run already.
                        let _ = sender.send((number, Err(error)));
                        return;
                    }
                }
            };
            if let Block::Group(groups, group) = &handed.block {
                let (place, groups) = (handed.place, (&**groups, *group));
                let read =
                    handed.rows.read_group(groups, place.input(), (job, &mut worker), many, &mut memory);
                let done = match read {
                    Ok((intake, all)) => Ok((place, intake, all)),
                    Err(error) => {
                        let mut queue = lock(&self.feed);
                        queue.ended = true;
                        Err(queue.feed.fault(place, error))
                    }
                };
                if sender.send((number, done)).is_err() {
                    return;
                }
                continue;
            }
            let mut out = job.start();
            let (rows, block, input) = (&*handed.rows, &handed.block, handed.place.input());
            let mut work = Work { job, worker: &mut worker, out: &mut out };
            let intake = match &self.distinct {
                None => rows.read(block, &buffer, input, &mut work, many, &mut memory),
                Some(distinct) => {
                    let Some(first) = distinct.scan(number, (rows, block, &buffer, input), &mut scanning)
                    else {
                        return;
                    };
                    first.read((rows, block, &buffer, input), &mut work, many, &mut memory)
                }
            };
            if sender.send((number, Ok((handed.place, intake, vec![out])))).is_err() {
                return;
            }
        }
    }

    /// Waits until block `number` is near enough to the oldest not folded yet; false if the run is over.
    fn wait_for_room(&self, number: u64) -> bool {
        let mut folded = lock(&self.folded);
        while !self.stop.load(Ordering::Relaxed) {
            if number < *folded + self.window {
                return true;
            }
            folded = self.moved.wait(folded).unwrap_or_else(PoisonError::into_inner);
        }
        false
    }

    /// Brings what comes out of the threads into order.
    fn collect<T>(
        &self,
        receiver: Receiver<Done<T>>,
        watch: Watch<'_>,
        fold: &mut dyn FnMut(Place, BlockIntake, Vec<T>) -> Result<(), SimulateError>,
    ) -> Result<(), SimulateError> {
        let mut early = BTreeMap::new();
        let mut next = 0;
        for (number, done) in receiver {
            early.insert(number, done);
            while let Some(done) = early.remove(&next) {
                if watch.cancel.is_some_and(|cancel| cancel.load(Ordering::Relaxed)) {
                    return Err(SimulateError::Cancelled);
                }
                let (place, intake, out) = done?;
                fold(place, intake, out)?;
                next += 1;
                *lock(&self.folded) = next;
                self.moved.notify_all();
            }
        }
        Ok(())
    }

    fn stop(&self) {
        // Under the lock, so that no thread misses it between looking and waiting.
        let _folded = lock(&self.folded);
        self.stop.store(true, Ordering::Relaxed);
        self.moved.notify_all();
        if let Some(distinct) = &self.distinct {
            distinct.end();
        }
    }
}

/// A thread that panicked is reported by the scope; what it guarded is still whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends the run when the caller's thread is through with it.
struct StopOnDrop<'a, 'b>(&'a Shared<'b>);

impl Drop for StopOnDrop<'_, '_> {
    fn drop(&mut self) {
        self.0.stop();
    }
}

/// Ends the run when a thread panics: its block will never be folded, and the others would wait for it.
struct StopOnPanic<'a, 'b>(&'a Shared<'b>);

impl Drop for StopOnPanic<'_, '_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.stop();
        }
    }
}
