//! Keeping the snapshot true: whoever changes the store or flags.toml, this server sees it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, SystemTime};

use crate::error::{Error, Kind, Result};

use super::state::Shared;

/// Between two looks at the store: what other processes change in a file is seen that late at most. A database says
/// at once that there is something to look at.
const STORE_EVERY: Duration = Duration::from_millis(20);

/// Looks at the store between two looks at flags.toml and the calendar.
const FILE_EVERY: u32 = 10;

/// What the thread is called for.
enum Call {
    /// To look at once.
    Look,
    /// To end.
    End,
}

/// A thread that looks for changes until it is dropped.
pub(super) struct Keeper {
    calls: SyncSender<Call>,
    thread: Option<JoinHandle<()>>,
}

impl Keeper {
    /// Starts to look.
    ///
    /// # Errors
    /// When the store cannot be opened or the system has no thread left.
    pub(super) fn start(server: Shared, flags: PathBuf) -> Result<Self> {
        // One call that waits is as good as many.
        let (calls, called) = sync_channel(1);
        let caller = calls.clone();
        let watch = server.store.watch(move || {
            let _ = caller.try_send(Call::Look);
        })?;
        let look = move || Look { server, flags, watch, failing: false, unusable: None }.run(&called);
        let thread = thread::Builder::new().name("keeper".to_owned()).spawn(look).map_err(|error| {
            Error::new(Kind::Local, "cannot start a thread that looks for changes").caused_by(error)
        })?;
        Ok(Self { calls, thread: Some(thread) })
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        let _ = self.calls.send(Call::End);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Look {
    server: Shared,
    flags: PathBuf,
    watch: crate::admin::StoreWatch,
    /// Whether the last attempt failed, so that a failure is told once.
    failing: bool,
    /// Why the store is of no use although it is there: a newer program has brought it up.
    unusable: Option<Error>,
}

impl Look {
    fn run(mut self, called: &Receiver<Call>) {
        // Everything is read once more: it may have changed between the first reading and this.
        let mut file = None;
        for turn in 1_u32.. {
            match called.recv_timeout(STORE_EVERY) {
                Err(RecvTimeoutError::Timeout) | Ok(Call::Look) => {}
                Ok(Call::End) | Err(RecvTimeoutError::Disconnected) => return,
            }
            let mut changed = self.failing && turn % FILE_EVERY == 0;
            let looked = self.watch.changed();
            self.server.note_away(looked.as_ref().err().or(self.unusable.as_ref()));
            match looked {
                Ok(moved) => changed |= moved,
                Err(error) => {
                    // Who is away need not be asked, and is told of when it is back.
                    self.failed(&error);
                    continue;
                }
            }
            if turn % FILE_EVERY == 0 {
                let now = stamp(&self.flags);
                changed |= now != file || self.server.snapshot().day != self.server.now().date();
                file = now;
            }
            if changed {
                self.refresh();
            }
            // A store that could not be written is tried again more slowly.
            if !self.failing || turn % FILE_EVERY == 0 {
                self.end_due();
            }
        }
    }

    fn refresh(&mut self) {
        let refreshed = self.server.refresh();
        self.unusable = None;
        match refreshed {
            Ok(()) if self.failing => {
                self.failing = false;
                tracing::info!("flags.toml and the store can be read again");
            }
            Ok(()) => tracing::debug!("something changed"),
            Err(error) => {
                self.failed(&error);
                self.unusable = Some(error).filter(Error::is_outdated);
            }
        }
    }

    /// Ends the overrides whose time is over.
    fn end_due(&mut self) {
        let now = self.server.now();
        if self.server.snapshot().next_end.is_none_or(|ends| now < ends) {
            return;
        }
        let turn = self.server.turn();
        let ended = self.server.store.end_due(&self.server.permit, now);
        let ended = ended.and_then(|ended| self.server.refresh_store().map(|()| ended));
        drop(turn);
        match ended {
            // Another server over the same store was faster.
            Ok(ended) if ended.is_empty() => {}
            Ok(ended) => tracing::info!(journal = ?ended, "overrides have ended"),
            Err(error) => self.failed(&error),
        }
    }

    fn failed(&mut self, error: &Error) {
        if !self.failing {
            tracing::error!(error = %error, "going on with what was true before");
        }
        self.failing = true;
    }
}

/// What changes when a file does: its time, its length, and its number where a system has such.
fn stamp(path: &Path) -> Option<(SystemTime, u64, u64)> {
    let found = fs::metadata(path).ok()?;
    #[cfg(unix)]
    let number = std::os::unix::fs::MetadataExt::ino(&found);
    #[cfg(not(unix))]
    let number = 0;
    Some((found.modified().ok()?, found.len(), number))
}
