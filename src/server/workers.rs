//! The threads that serve connections.
//!
//! Each has a scheduler of its own and keeps the connections it was given, so that nothing of an answer moves
//! between cores. A connection goes to the thread that has the fewest.

use std::pin::Pin;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::error::{Error, Kind, Result};

/// What a thread is given: everything of a connection, to the end of it.
pub(super) type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The threads that serve connections, until they are dropped.
pub(super) struct Workers {
    workers: Vec<Worker>,
}

struct Worker {
    /// Gives the thread work; it ends when this is dropped.
    sender: Option<UnboundedSender<(Work, Arc<()>)>>,
    /// Shared by all connections that the thread has: their count is the thread's load.
    load: Arc<()>,
    thread: Option<JoinHandle<()>>,
}

impl Workers {
    /// Starts a thread for each core.
    ///
    /// # Errors
    /// When the system has no threads left.
    pub(super) fn start() -> Result<Self> {
        let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Ok(Self { workers: (0..cores).map(Worker::start).collect::<Result<_>>()? })
    }

    /// Has the thread with the least to do do this.
    pub(super) fn serve(&self, work: impl Future<Output = ()> + Send + 'static) {
        let Some(worker) = self.workers.iter().min_by_key(|worker| Arc::strong_count(&worker.load)) else {
            return;
        };
        if let Some(sender) = &worker.sender {
            // A thread lives as long as its sender.
            let _ = sender.send((Box::pin(work), worker.load.clone()));
        }
    }
}

impl Worker {
    fn start(number: usize) -> Result<Self> {
        let failed =
            |error| Error::new(Kind::Local, "cannot start a thread that serves connections").caused_by(error);
        let runtime = Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let (sender, receiver) = unbounded_channel();
        let run = move || run(&runtime, receiver);
        let thread = thread::Builder::new().name(format!("worker-{number}")).spawn(run).map_err(failed)?;
        Ok(Self { sender: Some(sender), load: Arc::default(), thread: Some(thread) })
    }
}

/// What is not finished when nobody gives work any more is cut off.
impl Drop for Workers {
    fn drop(&mut self) {
        for worker in &mut self.workers {
            worker.sender = None;
        }
        for worker in &mut self.workers {
            if let Some(thread) = worker.thread.take() {
                let _ = thread.join();
            }
        }
    }
}

fn run(runtime: &Runtime, mut receiver: UnboundedReceiver<(Work, Arc<()>)>) {
    runtime.block_on(async {
        while let Some((work, load)) = receiver.recv().await {
            tokio::spawn(async move {
                work.await;
                drop(load);
            });
        }
    });
}
