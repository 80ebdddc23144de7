//! Noticing that somebody changed the database, and that it is away.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::task::AbortHandle;
use tokio_postgres::types::Type;

use crate::error::{Error, Kind, Result};

use super::failure::Trouble;
use super::sessions::Sessions;
use super::store::PostgresStore;

/// Between two looks at the counter, in case an announcement was lost, or the connection without a word.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Between two attempts to reach a database that is away.
const AGAIN_AFTER: Duration = Duration::from_millis(250);

/// A connection that listens until it is dropped.
#[derive(Debug)]
pub(in crate::admin::store) struct PostgresWatch {
    seen: Arc<Mutex<Seen>>,
    shown: String,
    task: AbortHandle,
}

/// What was noticed and not asked for yet.
#[derive(Debug, Default)]
struct Seen {
    changed: bool,
    /// Why nobody listens at present.
    away: Option<String>,
}

impl PostgresStore {
    /// Starts to listen; `wake` is called whenever there is something to ask the watch for.
    pub(in crate::admin::store) fn watch(
        &self,
        wake: impl Fn() + Send + Sync + 'static,
    ) -> Result<PostgresWatch> {
        let seen = Arc::new(Mutex::new(Seen::default()));
        let listener = Listener { sessions: Arc::clone(&self.sessions), seen: Arc::clone(&seen), wake };
        let background = self.sessions.background().map_err(|trouble| self.failed(trouble))?;
        let task = background.spawn(async move {
            let never = listener.run().await;
            match never {}
        });
        Ok(PostgresWatch { seen, shown: self.shown().to_owned(), task })
    }
}

impl PostgresWatch {
    /// Tells whether the store changed since the last time this was asked.
    pub(in crate::admin::store) fn changed(&mut self) -> Result<bool> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(why) = &seen.away {
            let message = format!("`{}` cannot be reached: {why}", self.shown);
            return Err(Error::new(Kind::Unreachable, message));
        }
        Ok(std::mem::take(&mut seen.changed))
    }
}

impl Drop for PostgresWatch {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Listener<W> {
    sessions: Arc<Sessions>,
    seen: Arc<Mutex<Seen>>,
    wake: W,
}

impl<W: Fn() + Send + Sync> Listener<W> {
    async fn run(self) -> std::convert::Infallible {
        loop {
            let trouble = match self.listen().await {
                Ok(never) => match never {},
                Err(trouble) => trouble,
            };
            self.note(|seen| seen.away = Some(trouble.words()));
            tokio::time::sleep(AGAIN_AFTER).await;
        }
    }

    /// Listens until the connection is lost.
    async fn listen(&self) -> std::result::Result<std::convert::Infallible, Trouble> {
        let connector = self.sessions.connector()?;
        let limits = self.sessions.limits;
        let (client, mut told) = within(limits.connect, connector.connect_to_listen()).await?;
        within(limits.read, client.batch_execute("LISTEN ffctl")).await?;
        let mut known = None;
        loop {
            // After LISTEN, so that nothing falls in between.
            let query = "SELECT number FROM ffctl.revision";
            let found = within(limits.read, client.query_typed(query, &[] as &[(_, Type)])).await?;
            let now: Option<i64> = found.first().and_then(|row| row.try_get(0).ok());
            if known != Some(now) {
                known = Some(now);
                self.note(|seen| *seen = Seen { changed: true, away: None });
            }
            // Announcements until there were none for a while.
            loop {
                match tokio::time::timeout(LOOK_EVERY, told.recv()).await {
                    Ok(Some(number)) => {
                        known = Some(number.parse().ok());
                        self.note(|seen| seen.changed = true);
                    }
                    Ok(None) => return Err(Trouble::Here("the connection was lost".to_owned())),
                    Err(_) => break,
                }
            }
        }
    }

    fn note(&self, note: impl FnOnce(&mut Seen)) {
        note(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner));
        (self.wake)();
    }
}

async fn within<T>(
    limit: Duration,
    future: impl Future<Output = std::result::Result<T, tokio_postgres::Error>>,
) -> std::result::Result<T, Trouble> {
    match tokio::time::timeout(limit, future).await {
        Ok(result) => result.map_err(Trouble::Database),
        Err(_) => Err(Trouble::Late(limit)),
    }
}
