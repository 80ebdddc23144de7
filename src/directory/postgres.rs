//! A directory in PostgreSQL: a query with the user's key as `$1` that gives one row or none.

use std::error::Error as StdError;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::BytesMut;
use tokio::sync::Mutex;
use tokio_postgres::types::{Format, IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Client, Error, Statement};

use crate::net::{Attempts, Background, Deadline, PostgresConnector, Verdict, clean, root};
use crate::settings::{PostgresUrl, Token};

use super::limits::DirectoryOptions;
use super::lookup::{NoRecord, Source};
use super::record::Record;

/// Bytes of a record; a thousand of them are kept.
const LARGEST: usize = 256 * 1024;
/// The least time in which asking again can come to anything.
const WORTH_IT: Duration = Duration::from_millis(20);

/// A query of a database. One connection is kept and shared by all threads; it only reads.
pub(super) struct Postgres {
    connector: PostgresConnector,
    query: String,
    options: DirectoryOptions,
    runtime: OnceLock<Background>,
    session: Mutex<Option<Arc<Session>>>,
}

/// A connection with its query prepared.
struct Session {
    client: Client,
    statement: Statement,
}

/// Why a question has no answer.
enum Trouble {
    /// The database or the way to it.
    Database(Error),
    /// What it answers.
    Answer(String),
    /// The time limit.
    Late,
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Database(error)
    }
}

impl Source for Postgres {
    fn record(&self, key: &str) -> Result<Record, NoRecord> {
        let runtime = self.runtime()?;
        let deadline = Deadline::after(self.options.limits.read);
        let mut attempts = Attempts::new(self.options.retries);
        loop {
            let asked = runtime.block_on(async {
                tokio::time::timeout(deadline.left(), self.ask(key)).await.unwrap_or(Err(Trouble::Late))
            });
            let trouble = match asked {
                Ok(Some(text)) => return Record::from_json(text.as_bytes()).map_err(NoRecord::Failed),
                Ok(None) => return Err(NoRecord::NoSuchUser),
                Err(trouble) => trouble,
            };
            if trouble.ends_the_session() {
                runtime.block_on(async { *self.session.lock().await = None });
            }
            if !attempts.again(trouble.verdict(), deadline, WORTH_IT) {
                let why = trouble.words(self.options.limits.read);
                return Err(match trouble {
                    Trouble::Answer(_) => NoRecord::Failed(why),
                    Trouble::Database(_) | Trouble::Late => NoRecord::Away(why),
                });
            }
        }
    }
}

impl Postgres {
    pub(super) fn new(
        url: &PostgresUrl,
        query: &str,
        password: Option<&Token>,
        options: &DirectoryOptions,
    ) -> Result<Self, String> {
        let limit = options.limits.read.as_millis();
        let session = format!(
            "-c statement_timeout={limit} -c default_transaction_read_only=on -c timezone=UTC -c datestyle=ISO"
        );
        let connector = PostgresConnector::new(url, password)?.with_options(&session);
        // Whatever types its columns have, as JSON they are text, and two rows are enough to know that it is not one.
        let query = format!(
            "SELECT row_to_json(directory_record)::text FROM (\n{query}\n) AS directory_record LIMIT 2"
        );
        let (runtime, session) = (OnceLock::new(), Mutex::new(None));
        Ok(Self { connector, query, options: options.clone(), runtime, session })
    }

    fn runtime(&self) -> Result<&Background, NoRecord> {
        if let Some(runtime) = self.runtime.get() {
            return Ok(runtime);
        }
        let started = Background::start("directory");
        let started = started.map_err(|error| NoRecord::Away(format!("cannot start a thread: {error}")))?;
        // Another thread may have been faster.
        let _ = self.runtime.set(started);
        self.runtime.get().ok_or_else(|| NoRecord::Away("cannot start a thread".to_owned()))
    }

    /// Returns the row as JSON; none where there is none.
    async fn ask(&self, key: &str) -> Result<Option<String>, Trouble> {
        let session = self.session().await?;
        let [asked] = session.statement.params() else {
            return Err(Trouble::Answer("its query asks for more than `$1`".to_owned()));
        };
        if !can_be(key, asked) {
            return Ok(None);
        }
        let rows = session.client.query(&session.statement, &[&Key(key)]).await?;
        match rows.as_slice() {
            [] => Ok(None),
            [row] => {
                let text: String = row.try_get(0)?;
                if text.len() > LARGEST {
                    return Err(Trouble::Answer(format!("the record is larger than {} KiB", LARGEST / 1024)));
                }
                Ok(Some(text))
            }
            _ => Err(Trouble::Answer("its query gives several rows for one user".to_owned())),
        }
    }

    /// Returns the connection, a new one where there is none that works. Who comes meanwhile waits for it.
    async fn session(&self) -> Result<Arc<Session>, Trouble> {
        let mut kept = self.session.lock().await;
        if let Some(session) = kept.as_ref().filter(|session| !session.client.is_closed()) {
            return Ok(Arc::clone(session));
        }
        let client = self.connector.connect().await?;
        let statement = client.prepare(&self.query).await?;
        let session = Arc::new(Session { client, statement });
        *kept = Some(Arc::clone(&session));
        Ok(session)
    }
}

/// A key as text, whatever type the query has in its place: the database reads it.
#[derive(Debug)]
struct Key<'a>(&'a str);

impl ToSql for Key<'_> {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        out.extend_from_slice(self.0.as_bytes());
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn encode_format(&self, _: &Type) -> Format {
        Format::Text
    }

    to_sql_checked!();
}

/// Tells whether a key can be a value of a column's type; one that cannot is nobody's.
fn can_be(key: &str, asked: &Type) -> bool {
    match *asked {
        Type::INT2 => key.parse::<i16>().is_ok(),
        Type::INT4 => key.parse::<i32>().is_ok(),
        Type::INT8 => key.parse::<i64>().is_ok(),
        Type::UUID => {
            let digits = key.bytes().filter(u8::is_ascii_hexdigit).count();
            digits == 32 && key.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
        }
        _ => !key.contains('\0'),
    }
}

impl Trouble {
    /// Tells whether the connection is of no more use.
    fn ends_the_session(&self) -> bool {
        match self {
            Self::Late => true,
            Self::Database(error) => error.as_db_error().is_none(),
            Self::Answer(_) => false,
        }
    }

    /// Tells whether another attempt may lead to another answer: after faults of the network, and where the server has
    /// no room or is on its way up or down.
    fn verdict(&self) -> Verdict {
        let Self::Database(error) = self else { return Verdict::Final };
        let passing = match error.code() {
            Some(state) => ["08", "53", "57P"].iter().any(|class| state.code().starts_with(class)),
            None => !distrusts(error),
        };
        if passing { Verdict::Again(None) } else { Verdict::Final }
    }

    fn words(&self, limit: Duration) -> String {
        match self {
            Self::Late => format!("no answer within {limit:?}"),
            Self::Answer(message) => message.clone(),
            Self::Database(error) => {
                // Its details may hold somebody's record.
                if let Some(said) = error.as_db_error() {
                    return clean(said.message(), None);
                }
                clean(&root(error), None)
            }
        }
    }
}

fn is_of_tls(error: &(dyn StdError + Send + Sync + 'static)) -> bool {
    error.is::<rustls::Error>()
}

/// Tells whether the server is not whom it should be, or does not speak TLS.
fn distrusts(error: &Error) -> bool {
    let mut next: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(error) = next {
        let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        if error.is::<rustls::Error>() || wrapped.is_some_and(is_of_tls) {
            return true;
        }
        next = error.source();
    }
    false
}
