//! The store as a target.

use std::sync::Arc;
use std::time::Duration;

use crate::admin::permit::Permit;
use crate::admin::store::rows::Rows;
use crate::error::{Error, Kind, Result};
use crate::layer::{TargetKind, TargetLabel};
use crate::net::Deadline;
use crate::settings::{CredentialSource, PostgresUrl, TimeLimits};

use super::failure::Trouble;
use super::rows::PostgresRows;
use super::schema::{self, FIND, Found, LOCK};
use super::sessions::{Session, Sessions, last_of};

/// Between two looks for what became of a write.
const PAUSE: Duration = Duration::from_millis(100);

/// How often the tables are brought up before a write: once, and again if somebody took them away meanwhile.
const MIGRATIONS: usize = 2;

/// The store in one database. Nothing is connected before it is asked something; its clones share their connections.
#[derive(Clone, Debug)]
pub struct PostgresStore {
    pub(super) sessions: Arc<Sessions>,
    label: TargetLabel,
}

impl PostgresStore {
    /// Returns the store in the database of this address; `credentials` may hold its password.
    pub fn new(url: &PostgresUrl, credentials: CredentialSource, limits: TimeLimits) -> Self {
        let label = TargetLabel {
            profile: None,
            address: url.to_string(),
            kind: TargetKind::Database,
            served: false,
        };
        Self { sessions: Arc::new(Sessions::new(url.clone(), credentials, limits)), label }
    }

    /// Returns how to name it: its host and database.
    pub fn label(&self) -> &TargetLabel {
        &self.label
    }

    pub(super) fn shown(&self) -> &str {
        &self.label.address
    }

    /// Makes the tables, or brings them up to this program's version.
    pub(in crate::admin::store) fn prepare(&self, _: Permit) -> Result<()> {
        schema::migrate(&self.sessions, self.shown())
    }

    /// Runs `read` in one consistent view of the store; none if there is no store.
    pub(in crate::admin::store) fn reading<T>(
        &self,
        read: impl Fn(&dyn Rows) -> Result<T>,
    ) -> Result<Option<T>> {
        let begin = format!("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {FIND}");
        let Some((session, found)) = self.begin(&begin).map_err(|trouble| self.failed(trouble))? else {
            return Ok(None);
        };
        if found.version == 0 {
            self.sessions.roll_back(session);
            return Ok(None);
        }
        let rows = PostgresRows { store: self, session, version: found.version };
        let found = found.known().and_then(|()| read(&rows));
        self.sessions.roll_back(rows.session);
        found.map(Some)
    }

    /// Runs `write` in one transaction that no other writer can get into; commits if it returns `true` beside its
    /// result, else takes everything back. Makes the tables if there are none.
    pub(in crate::admin::store) fn writing<T>(
        &self,
        permit: Permit,
        write: impl FnOnce(&dyn Rows) -> Result<(T, bool)>,
    ) -> Result<T> {
        let session = self.begin_writing(permit).map_err(nothing_changed)?;
        let rows = PostgresRows { store: self, session, version: schema::current() };
        let written = write(&rows).map_err(nothing_changed);
        let session = rows.session;
        match written {
            Ok((result, true)) => self.commit(session).map(|()| result),
            other => {
                self.sessions.roll_back(session);
                other.map(|(result, _)| result)
            }
        }
    }

    /// Asks again for as long as a write may take while the database cannot be reached.
    pub(in crate::admin::store) fn insist<T>(&self, ask: impl Fn() -> Result<T>) -> Result<T> {
        let deadline = Deadline::after(self.sessions.limits.write);
        loop {
            match ask() {
                Err(error) if error.kind() == Kind::Unreachable && !deadline.is_over() => {
                    let Ok(background) = self.sessions.background() else { return Err(error) };
                    background.wait(PAUSE * 2, async { tokio::time::sleep(PAUSE).await });
                }
                answer => return answer,
            }
        }
    }

    pub(super) fn failed(&self, trouble: Trouble) -> Error {
        trouble.into_error(self.shown())
    }

    /// Begins a transaction; returns what the store says of itself beside it, nothing if there is none.
    fn begin(&self, statements: &str) -> std::result::Result<Option<(Session, Found)>, Trouble> {
        match self.sessions.begin(statements) {
            Ok((session, found)) => Ok(Some((session, Found::read(last_of(&found))))),
            Err(trouble) if trouble.lacks_tables() => Ok(None),
            Err(trouble) => Err(trouble),
        }
    }

    fn begin_writing(&self, permit: Permit) -> Result<Session> {
        // Not REPEATABLE READ: who waited for the lock must see what was written meanwhile. And whatever the database
        // is set to, what is acknowledged must be on its disk.
        let begin = format!(
            "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
             SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off';
             SELECT pg_advisory_xact_lock({LOCK});
             {FIND}"
        );
        for _ in 0..=MIGRATIONS {
            if let Some((session, found)) = self.begin(&begin).map_err(|trouble| self.failed(trouble))? {
                if found.version == schema::current() {
                    return Ok(session);
                }
                self.sessions.roll_back(session);
                found.known()?;
            }
            self.prepare(permit)?;
        }
        Err(Error::new(Kind::Unreachable, format!("`{}` loses its tables again and again", self.shown())))
    }

    /// Commits, and tells everybody who listens.
    fn commit(&self, session: Session) -> Result<()> {
        let commit = "WITH raised AS (UPDATE ffctl.revision SET number = number + 1 RETURNING number)
             SELECT pg_notify('ffctl', number::text) FROM raised;
             COMMIT";
        match self.sessions.batch(&session, commit.to_owned()) {
            Ok(_) => {
                self.sessions.give_back(session);
                Ok(())
            }
            // It says itself that it did not happen.
            Err(trouble) if !trouble.ends_the_session() => {
                self.sessions.roll_back(session);
                Err(nothing_changed(self.failed(trouble)))
            }
            Err(trouble) => {
                let message = format!(
                    "{}: the connection was lost while the change was written, and whether it took effect is unknown: {}",
                    self.label,
                    trouble.words()
                );
                Err(Error::new(Kind::OutcomeUnknown, message))
            }
        }
    }
}

/// Says of a failure before COMMIT what it means for the store.
fn nothing_changed(error: Error) -> Error {
    if error.kind() == Kind::Unreachable {
        return error.saying("nothing was changed");
    }
    error
}
