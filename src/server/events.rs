//! Those who watch: each has a task that sends what changes, and is let go if it does not keep up.

use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Bytes;
use hyper::body::{Body, Frame};
use serde_json::json;
use tokio::sync::mpsc;

use crate::admin::JournalFilter;
use crate::error::Result;

use super::metrics::Counted;
use super::snapshot::Snapshot;
use super::state::{Server, Shared};

/// Between two comments that keep the connection from being taken for dead.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Events that may wait for a client; with more it is too slow.
const WAITING: usize = 64;

/// The most entries that one event stream catches up with at once.
const CATCH_UP: u32 = 10_000;

/// The body of an answer that goes on.
pub(super) struct Events {
    events: mpsc::Receiver<Bytes>,
    _counted: Counted,
}

impl Body for Events {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<std::result::Result<Frame<Bytes>, Self::Error>>> {
        self.events.poll_recv(context).map(|event| event.map(|bytes| Ok(Frame::data(bytes))))
    }
}

/// Starts to watch for the token of this number; what came after the entry `since` is sent first.
pub(super) fn watch(server: &Shared, token: u64, since: Option<u64>) -> Events {
    let (sender, events) = mpsc::channel(WAITING);
    let counted = Counted::new(&server.metrics.watchers);
    let seen = server.snapshot();
    let last = since.unwrap_or(seen.last);
    // Taken before the first look, so that nothing falls in between.
    let generations = server.generations();
    let watcher = Watcher { server: server.clone(), token, sender, seen, last };
    tokio::spawn(watcher.run(generations));
    Events { events, _counted: counted }
}

struct Watcher {
    server: Shared,
    token: u64,
    sender: mpsc::Sender<Bytes>,
    /// What the client knows.
    seen: Arc<Snapshot>,
    /// The last entry that the client knows.
    last: u64,
}

impl Watcher {
    async fn run(mut self, mut generations: tokio::sync::watch::Receiver<u64>) {
        let mut ending = self.server.ending();
        let mut heartbeat = tokio::time::interval(HEARTBEAT);
        let mut open = self.send("retry: 1000\n: watching\n\n".into());
        while open {
            open = self.catch_up().await;
            if !open {
                break;
            }
            tokio::select! {
                changed = generations.changed() => open = changed.is_ok(),
                _ = heartbeat.tick() => open = self.send(": still here\n\n".into()),
                _ = ending.wait_for(|ending| *ending) => open = false,
                () = self.sender.closed() => open = false,
            }
            open &= self.may_stay();
        }
    }

    /// Tells whether the token still counts.
    fn may_stay(&self) -> bool {
        let snapshot = self.server.snapshot();
        let now = self.server.now();
        snapshot.tokens.values().any(|record| record.number == self.token && record.is_valid(now))
    }

    /// Sends what the client does not know yet.
    async fn catch_up(&mut self) -> bool {
        let now = self.server.snapshot();
        let mut told = BTreeSet::new();
        if now.last > self.last {
            // No newer ones than reads answer with: who hears of a change must find it.
            let read = self.server.told.entries(&self.server, (self.last, now.last)).await;
            let Some(entries) = read else { return false };
            for (number, flags) in entries.iter() {
                let number = *number;
                let data = json!({ "journal": number, "flags": flags });
                if !self.send(format!("event: change\nid: {number}\ndata: {data}\n\n")) {
                    return false;
                }
                self.last = number;
                told.extend(flags.iter().cloned());
            }
        }
        // What the definitions changed is in no journal.
        let tag = |snapshot: &Snapshot, name: &str| snapshot.flags.get(name).map(|flag| flag.tag.clone());
        let names: BTreeSet<&String> = self.seen.flags.keys().chain(now.flags.keys()).collect();
        let changed = names.into_iter().filter(|name| tag(&self.seen, name) != tag(&now, name));
        let changed: Vec<&String> = changed.filter(|name| !told.contains(*name)).collect();
        let open = changed.is_empty()
            || self
                .send(format!("event: change\ndata: {}\n\n", json!({ "journal": null, "flags": changed })));
        self.seen = now;
        open
    }

    /// Sends; a client that has not taken the last events yet is let go, since nobody waits for it.
    fn send(&self, event: String) -> bool {
        match self.sender.try_send(event.into()) {
            Ok(()) => true,
            Err(mpsc::error::TrySendError::Closed(_)) => false,
            Err(mpsc::error::TrySendError::Full(_)) => {
                tracing::warn!(token = self.token, "a client that watches is too slow and is let go");
                false
            }
        }
    }
}

/// Entries of the journal, oldest first: the number of each and its flags.
type Entries = Vec<(u64, Vec<String>)>;

/// What the last of those who watch was told. The others mostly know as much, and are told the same without another
/// look at the journal.
#[derive(Default)]
pub(super) struct Told(tokio::sync::Mutex<Option<Last>>);

/// After which number up to which, and what that is.
type Last = ((u64, u64), Arc<Entries>);

impl Told {
    /// Returns the entries after one number up to another; none if they cannot be read.
    async fn entries(&self, server: &Shared, known: (u64, u64)) -> Option<Arc<Entries>> {
        let mut last = self.0.lock().await;
        if let Some((of, entries)) = last.as_ref()
            && *of == known
        {
            return Some(Arc::clone(entries));
        }
        let reading = server.clone();
        let read = tokio::task::spawn_blocking(move || entries(&reading, known)).await;
        let Ok(Ok(entries)) = read else { return None };
        let entries = Arc::new(entries);
        *last = Some((known, Arc::clone(&entries)));
        Some(entries)
    }
}

/// Returns the entries after one number up to another, oldest first, each with its flags.
fn entries(server: &Server, (after, last): (u64, u64)) -> Result<Entries> {
    let (after, before) = (Some(after), last.checked_add(1));
    let filter = JournalFilter { after, before, limit: CATCH_UP, ..JournalFilter::default() };
    let entries = server.store.journal(&filter)?;
    let flags = |entry: crate::admin::JournalEntry| {
        (entry.number, entry.changes.into_iter().map(|change| change.flag).collect())
    };
    Ok(entries.into_iter().rev().map(flags).collect())
}
