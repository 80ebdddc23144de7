//! Those who watch: each has a task that sends what changes, and is let go if it does not keep up.

use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{HeaderValue, StatusCode, header};
use hyper::body::{Body, Frame};
use serde_json::json;
use tokio::sync::mpsc;

use crate::admin::JournalFilter;
use crate::error::Result;

use super::metrics::Counted;
use super::problem::Problem;
use super::snapshot::Snapshot;
use super::state::{Server, Shared};

/// Between two signs of life that keep the connection from being taken for dead.
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

/// What is told to one who watches.
pub(super) trait News: Send + 'static {
    /// The sign of life.
    const HEARTBEAT: &'static str = ": still here\n\n";

    /// Sends what the client does not know yet; false to let it go.
    fn tell(&mut self, client: &Client) -> impl Future<Output = bool> + Send;
}

/// One who watches.
pub(super) struct Client {
    server: Shared,
    token: u64,
    sender: mpsc::Sender<Bytes>,
}

/// Starts to watch for the token of this number.
///
/// # Errors
/// When too many watch already.
pub(super) fn watch(server: &Shared, token: u64, news: impl News) -> std::result::Result<Events, Problem> {
    let watching = usize::try_from(server.metrics.watchers.get()).unwrap_or(usize::MAX);
    // Those who only listen must leave room for those who ask.
    if watching >= (server.limits.connections / 2).max(1) {
        let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "watchers", "too many watch already");
        return Err(problem.header(header::RETRY_AFTER, HeaderValue::from_static("10")));
    }
    let (sender, events) = mpsc::channel(WAITING);
    let counted = Counted::new(&server.metrics.watchers);
    // Taken before the first look, so that nothing falls in between.
    let generations = server.generations();
    let client = Client { server: server.clone(), token, sender };
    tokio::spawn(client.run(generations, news));
    Ok(Events { events, _counted: counted })
}

impl Client {
    async fn run(self, mut generations: tokio::sync::watch::Receiver<u64>, mut news: impl News) {
        let mut ending = self.server.ending();
        let mut heartbeat = tokio::time::interval(HEARTBEAT);
        let mut open = self.send("retry: 1000\n: watching\n\n".into());
        while open {
            open = news.tell(&self).await;
            if !open {
                break;
            }
            tokio::select! {
                changed = generations.changed() => open = changed.is_ok(),
                _ = heartbeat.tick() => open = self.beat(&news),
                _ = ending.wait_for(|ending| *ending) => open = false,
                () = self.sender.closed() => open = false,
            }
            open &= self.may_stay();
        }
    }

    fn beat<N: News>(&self, _: &N) -> bool {
        self.send(N::HEARTBEAT.to_owned())
    }

    /// Returns the server that it watches.
    pub(super) fn server(&self) -> &Shared {
        &self.server
    }

    /// Tells whether the token still counts.
    fn may_stay(&self) -> bool {
        let snapshot = self.server.snapshot();
        let now = self.server.now();
        snapshot.tokens.values().any(|record| record.number == self.token && record.is_valid(now))
    }

    /// Sends; a client that has not taken the last events yet is let go, since nobody waits for it.
    pub(super) fn send(&self, event: String) -> bool {
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

/// The changes of flags, each with its number in the journal.
pub(super) struct Changes {
    /// What the client knows.
    seen: Arc<Snapshot>,
    /// The last entry that the client knows.
    last: u64,
}

impl Changes {
    /// Returns the changes from now on; what came after the entry `since` is sent first.
    pub(super) fn of(server: &Server, since: Option<u64>) -> Self {
        let seen = server.snapshot();
        Self { last: since.unwrap_or(seen.last), seen }
    }
}

impl News for Changes {
    async fn tell(&mut self, client: &Client) -> bool {
        let now = client.server.snapshot();
        let mut told = BTreeSet::new();
        if now.last > self.last {
            // No newer ones than reads answer with: who hears of a change must find it.
            let read = client.server.told.entries(&client.server, (self.last, now.last)).await;
            let Some(entries) = read else { return false };
            for (number, flags) in entries.iter() {
                let number = *number;
                let data = json!({ "journal": number, "flags": flags });
                if !client.send(format!("event: change\nid: {number}\ndata: {data}\n\n")) {
                    return false;
                }
                self.last = number;
                told.extend(flags.iter().cloned());
            }
        }
        // What the definitions changed is in no journal.
        let changed = changed_flags(&self.seen, &now);
        let changed: Vec<&String> = changed.into_iter().filter(|name| !told.contains(*name)).collect();
        let open = changed.is_empty()
            || client
                .send(format!("event: change\ndata: {}\n\n", json!({ "journal": null, "flags": changed })));
        self.seen = now;
        open
    }
}

/// Returns the flags that are not as they were.
pub(super) fn changed_flags<'a>(seen: &'a Snapshot, now: &'a Snapshot) -> BTreeSet<&'a String> {
    let tag = |snapshot: &Snapshot, name: &str| snapshot.flags.get(name).map(|flag| flag.tag.clone());
    let names = seen.flags.keys().chain(now.flags.keys());
    names.filter(|name| tag(seen, name) != tag(now, name)).collect()
}

/// Returns the entries after one number up to another, oldest first, each with its flags.
fn entries(server: &Server, (after, last): (u64, u64)) -> Result<Entries> {
    let (after, before) = (Some(after), last.checked_add(1));
    let filter = JournalFilter { after, before, limit: CATCH_UP, ..JournalFilter::default() };
    let entries = server.store.journal(&filter)?;
    let flags = |entry: crate::admin::JournalEntry| {
        (entry.number, entry.changes.into_iter().map(|change| change.flag).collect())
    };
    // What was done to a token is no change of a flag.
    let of_flags = entries.into_iter().rev().filter(|entry| entry.token.is_none());
    Ok(of_flags.map(flags).collect())
}
