//! A thread that drives connections for threads that wait.

use std::io;
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::Duration;

use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;
use tokio::task::AbortHandle;

/// A thread that drives connections until this is dropped. It may be dropped anywhere, inside another runtime too:
/// nobody waits for the thread.
#[derive(Debug)]
pub(crate) struct Background {
    handle: Handle,
    /// The thread ends when this is dropped.
    _end: oneshot::Sender<()>,
}

impl Background {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the system has no thread or no descriptor left.
    pub(crate) fn start(name: &str) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        let (end, ended) = oneshot::channel::<()>();
        let drive = move || {
            let _ = runtime.block_on(ended);
        };
        thread::Builder::new().name(name.to_owned()).spawn(drive)?;
        Ok(Self { handle, _end: end })
    }

    /// Waits for what the thread drives. Not for threads that drive something themselves.
    pub(crate) fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.handle.block_on(future)
    }

    /// Waits for what the thread drives, also on a thread that drives something itself; none if it takes longer than
    /// `limit`, and then it is given up.
    pub(crate) fn wait<T: Send + 'static>(
        &self,
        limit: Duration,
        future: impl Future<Output = T> + Send + 'static,
    ) -> Option<T> {
        let (sender, receiver) = sync_channel(1);
        self.spawn(async move {
            // Who asked waits for it.
            let _ = sender.send(tokio::time::timeout(limit, future).await.ok());
        });
        receiver.recv().ok().flatten()
    }

    /// Lets the thread drive something that nobody waits for, until it is told to end or this is dropped.
    pub(crate) fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) -> AbortHandle {
        self.handle.spawn(future).abort_handle()
    }
}
