//! The users that evaluations are for: looked up in the user directory, without ever waiting long for it.
//!
//! Whoever is remembered is there at once. Else an evaluation waits a moment; then it goes on with the key alone, while the
//! lookup goes on by itself for whoever comes next. After a failure of the directory nobody is asked for a while, and then by
//! one lookup first. So a directory that is slow or away costs one evaluation in a while a moment, and none an error.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;

use crate::answer::context_report;
use crate::directory::{Directory, Lookup, Mark, NoRecord};
use crate::model::{Context, ContextKind, Timestamp};
use crate::report::{ContextReport, DirectoryReport};

use super::metrics::{LookedUp, Lookups};
use super::state::Server;

/// Lookups at once; each has a thread to itself.
const AT_ONCE: usize = 64;

/// How long nobody is asked after a failure.
const REST: Duration = Duration::from_secs(1);

/// The user directory of a server.
pub(super) struct People {
    directory: Arc<Directory>,
    /// How long an evaluation waits.
    patience: Duration,
    places: Arc<Semaphore>,
    resting: Arc<Mutex<Option<Rest>>>,
    lookups: Lookups,
}

/// That nobody is asked, until when and why.
struct Rest {
    until: Instant,
    why: String,
}

/// A context with all that is known of its user.
pub(super) struct Known {
    /// The context.
    pub(super) context: Context,
    /// What came of the lookup, where there was one.
    looked_up: Option<(Arc<Directory>, Lookup)>,
}

impl Known {
    /// Returns a context of which nobody was asked.
    pub(super) const fn as_told(context: Context) -> Self {
        Self { context, looked_up: None }
    }

    /// Returns why nothing but the key is known, if a directory was to be asked.
    pub(super) fn bare(&self) -> Option<&'static str> {
        match self.looked_up.as_ref()?.1.bare()? {
            NoRecord::NoSuchUser => Some("no_such_user"),
            NoRecord::Failed(_) | NoRecord::Away(_) => Some("failed"),
        }
    }

    /// Returns the report of the context.
    pub(super) fn report(&self, at: Timestamp) -> ContextReport {
        let directory =
            self.looked_up.as_ref().map(|(directory, lookup)| DirectoryReport::new(directory, lookup));
        context_report(&self.context, at).with_directory(directory)
    }
}

impl Server {
    /// Returns a context with what the user directory knows of its user; what the caller says goes first and is not kept.
    pub(super) async fn known(&self, context: Context) -> Known {
        let key = context.key(&ContextKind::user());
        let Some((people, key)) = self.people.as_ref().zip(key) else {
            return Known::as_told(context);
        };
        let lookup = people.lookup(key).await;
        let directory = people.directory.clone();
        Known { context: lookup.context_with(&context), looked_up: Some((directory, lookup)) }
    }
}

impl People {
    /// Returns the users of a directory; nobody is asked yet.
    pub(super) fn new(directory: Directory, patience: Duration, lookups: Lookups) -> Self {
        let (directory, places) = (Arc::new(directory), Arc::new(Semaphore::new(AT_ONCE)));
        Self { directory, patience, places, resting: Arc::default(), lookups }
    }

    async fn lookup(&self, key: &str) -> Lookup {
        if let Some(lookup) = self.directory.remembered(key) {
            self.count("cached");
            return lookup;
        }
        if let Some(why) = self.rests() {
            self.count("not_asked");
            return Lookup::bare_of(key, NoRecord::Away(why));
        }
        let Ok(lookup) = tokio::time::timeout(self.patience, self.ask(key)).await else {
            self.count("late");
            let why = format!("no answer within {:?}", self.patience);
            rest(&self.resting, &why);
            return Lookup::bare_of(key, NoRecord::Away(why));
        };
        self.count(match &lookup.mark {
            Mark::Directory => "record",
            Mark::Cached => "cached",
            Mark::Bare(NoRecord::NoSuchUser) => "no_such_user",
            Mark::Bare(NoRecord::Failed(_) | NoRecord::Away(_)) => "failed",
        });
        lookup
    }

    /// Asks, for as long as it takes; whoever waits for it may give up, and the record is remembered all the same.
    async fn ask(&self, key: &str) -> Lookup {
        let place = self.places.clone().acquire_owned().await.expect("the semaphore is never closed");
        let (directory, resting, asked) = (self.directory.clone(), self.resting.clone(), key.to_owned());
        let asking = tokio::task::spawn_blocking(move || {
            let _place = place;
            let lookup = directory.lookup(&asked);
            match &lookup.mark {
                Mark::Bare(NoRecord::Away(why)) => rest(&resting, why),
                // It answers.
                Mark::Directory | Mark::Bare(_) => wake(&resting),
                Mark::Cached => {}
            }
            lookup
        });
        let failed = |_| Lookup::bare_of(key, NoRecord::Failed("the lookup met a defect".to_owned()));
        asking.await.unwrap_or_else(failed)
    }

    /// Returns why nobody is to be asked now. When the rest is over, one goes ahead and the others still wait for what it
    /// comes back with.
    fn rests(&self) -> Option<String> {
        let mut resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner);
        let rest = resting.as_mut()?;
        let now = Instant::now();
        if now < rest.until {
            return Some(rest.why.clone());
        }
        rest.until = now + self.patience + REST;
        None
    }

    fn count(&self, outcome: &'static str) {
        self.lookups.get_or_create(&LookedUp { outcome }).inc();
    }
}

/// Asks nobody for a while.
fn rest(resting: &Mutex<Option<Rest>>, why: &str) {
    let next = Rest { until: Instant::now() + REST, why: why.to_owned() };
    let before = resting.lock().unwrap_or_else(PoisonError::into_inner).replace(next);
    if before.is_none() {
        tracing::warn!(why, "the user directory is away; only the keys of users count");
    }
}

fn wake(resting: &Mutex<Option<Rest>>) {
    if resting.lock().unwrap_or_else(PoisonError::into_inner).take().is_some() {
        tracing::info!("the user directory answers again");
    }
}
