//! Connections to the database: few, kept for the next question, and let go when anything is odd about them.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_postgres::{Client, Row, SimpleQueryMessage};

use crate::net::{Background, PostgresConnector};
use crate::settings::{CredentialSource, PostgresUrl, TimeLimits};

use super::failure::Trouble;
use super::parameter::Parameter;

/// Connections at once, beside the one that listens.
const CONNECTIONS: usize = 8;

/// How the database is reached, and the connections that wait for the next question.
#[derive(Debug)]
pub(super) struct Sessions {
    url: PostgresUrl,
    credentials: CredentialSource,
    pub(super) limits: TimeLimits,
    connector: OnceLock<Arc<PostgresConnector>>,
    background: OnceLock<Background>,
    idle: Mutex<Vec<Client>>,
    room: Arc<Semaphore>,
}

/// A connection that belongs to one who asks, until it is given back. Dropped, it ends, and what was begun on it is
/// taken back.
#[derive(Debug)]
pub(super) struct Session {
    client: Arc<Client>,
    _room: OwnedSemaphorePermit,
}

impl Sessions {
    pub(super) fn new(url: PostgresUrl, credentials: CredentialSource, limits: TimeLimits) -> Self {
        Self {
            url,
            credentials,
            limits,
            connector: OnceLock::new(),
            background: OnceLock::new(),
            idle: Mutex::new(Vec::new()),
            room: Arc::new(Semaphore::new(CONNECTIONS)),
        }
    }

    /// Returns how the database is reached; the password is read, and certificates, with the first question.
    pub(super) fn connector(&self) -> Result<Arc<PostgresConnector>, Trouble> {
        if let Some(connector) = self.connector.get() {
            return Ok(Arc::clone(connector));
        }
        let password = self.credentials.load().map_err(|error| Trouble::Here(error.message().to_owned()))?;
        let limit = self.limits.write.as_millis();
        // Whoever comes to a halt within a transaction must not keep the others out for ever.
        let options = format!(
            "-c search_path=pg_catalog -c statement_timeout={limit} -c lock_timeout={limit} \
             -c idle_in_transaction_session_timeout={limit}"
        );
        let connector = PostgresConnector::new(&self.url, password.as_ref()).map_err(Trouble::Here)?;
        Ok(Arc::clone(self.connector.get_or_init(|| Arc::new(connector.with_options(&options)))))
    }

    /// Begins a transaction with these statements, on a new connection where none waits that works; returns what they
    /// gave. Nothing is begun after an error.
    pub(super) fn begin(&self, statements: &str) -> Result<(Session, Vec<SimpleQueryMessage>), Trouble> {
        let room = Arc::clone(&self.room);
        let room = self.within(self.limits.write, async move { Ok(room.acquire_owned().await) })?;
        let room = room.map_err(|_| Trouble::Here("the store is closed".to_owned()))?;
        let kept = self.idle().pop().filter(|client| !client.is_closed());
        if let Some(client) = kept {
            let client = Arc::new(client);
            match self.batch_of(&client, statements.to_owned()) {
                Ok(found) => return Ok((Session { client, _room: room }, found)),
                Err(trouble) if !trouble.ends_the_session() => return Err(trouble),
                Err(trouble) => {
                    // The others wait for as long, and are of no more use.
                    self.idle().clear();
                    // The database was restarted since, and nothing was begun.
                    if !matches!(trouble, Trouble::Database(_)) {
                        return Err(trouble);
                    }
                }
            }
        }
        let connector = self.connector()?;
        let connect = async move { connector.connect().await };
        let client = Arc::new(self.within(self.limits.connect, connect)?);
        let found = self.batch_of(&client, statements.to_owned())?;
        Ok((Session { client, _room: room }, found))
    }

    /// Runs statements without parameters.
    pub(super) fn batch(
        &self,
        session: &Session,
        statements: String,
    ) -> Result<Vec<SimpleQueryMessage>, Trouble> {
        self.batch_of(&session.client, statements)
    }

    fn batch_of(&self, client: &Arc<Client>, statements: String) -> Result<Vec<SimpleQueryMessage>, Trouble> {
        let client = Arc::clone(client);
        self.within(self.limits.write, async move { client.simple_query(&statements).await })
    }

    /// Asks one question: one way there and back.
    pub(super) fn query(
        &self,
        session: &Session,
        query: &'static str,
        parameters: Vec<Parameter>,
    ) -> Result<Vec<Row>, Trouble> {
        let client = Arc::clone(&session.client);
        self.within(self.limits.write, async move {
            let parameters: Vec<_> =
                parameters.iter().map(|(value, kind)| (&**value as _, kind.clone())).collect();
            client.query_typed(query, &parameters).await
        })
    }

    /// Keeps a session for the next question; its transaction has ended.
    pub(super) fn give_back(&self, session: Session) {
        // Nobody else has it once its answers are there; a question that was given up still holds it.
        if let Some(client) = Arc::into_inner(session.client)
            && !client.is_closed()
        {
            self.idle().push(client);
        }
    }

    /// Takes back what was begun.
    pub(super) fn roll_back(&self, session: Session) {
        if !session.client.is_closed() && self.batch(&session, "ROLLBACK".to_owned()).is_ok() {
            self.give_back(session);
        }
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Client>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn within<T: Send + 'static>(
        &self,
        limit: Duration,
        future: impl Future<Output = Result<T, tokio_postgres::Error>> + Send + 'static,
    ) -> Result<T, Trouble> {
        match self.background()?.wait(limit, future) {
            Some(result) => result.map_err(Trouble::Database),
            None => Err(Trouble::Late(limit)),
        }
    }

    /// Returns the thread that drives the connections.
    pub(super) fn background(&self) -> Result<&Background, Trouble> {
        if let Some(background) = self.background.get() {
            return Ok(background);
        }
        let started = Background::start("store")
            .map_err(|error| Trouble::Here(format!("cannot start a thread: {error}")))?;
        // Another thread may have been faster.
        Ok(self.background.get_or_init(|| started))
    }
}

/// Returns the first column of the last row.
pub(super) fn last_of(messages: &[SimpleQueryMessage]) -> Option<&str> {
    messages.iter().rev().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => Some(row.get(0)),
        _ => None,
    })?
}
