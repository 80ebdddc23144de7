//! What all requests share.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use arc_swap::ArcSwap;
use tokio::sync::watch;

use crate::admin::{Permit, Store};
use crate::error::{Error, Kind, Result};
use crate::flagfile::FlagFile;
use crate::layer::{EnvLayer, Layers, Source, Variable};
use crate::model::Timestamp;

use super::config::{Limits, ReadDefinitions, ServerConfig};
use super::events::Told;
use super::metrics::Metrics;
use super::peer::Peer;
use super::people::People;
use super::rate::Rate;
use super::snapshot::Snapshot;
use super::strangers::{EVERY, SAVED_UP, Strangers};

/// What all requests share.
pub(super) struct Server {
    /// The overrides, the journal, the tokens.
    pub(super) store: Store,
    /// The proof that it may write there.
    pub(super) permit: Permit,
    /// What no client may exceed.
    pub(super) limits: Limits,
    /// Whether it speaks TLS.
    pub(super) encrypted: bool,
    /// What it counts of itself.
    pub(super) metrics: Metrics,
    /// How often a token may ask; as often as it likes without.
    pub(super) rate: Option<Rate>,
    /// What those who watch were told last.
    pub(super) told: Told,
    /// How often it may ask for evaluations.
    pub(super) evaluation_rate: Option<Rate>,
    /// How often somebody may try to log in with what is no token.
    pub(super) logins: Rate<Peer>,
    /// Who came to another place with what is no token.
    pub(super) strangers: Strangers,
    /// The users that are looked up; none are without.
    pub(super) people: Option<People>,
    /// Whether `/metrics` is for everybody.
    pub(super) metrics_open: bool,
    definitions: ReadDefinitions,
    variables: Vec<Variable>,
    clock: fn() -> SystemTime,
    current: ArcSwap<Snapshot>,
    /// Held while a snapshot is made, so that an older one never replaces a newer one.
    refreshing: Mutex<()>,
    /// Held while the store is written.
    writing: Mutex<()>,
    generation: watch::Sender<u64>,
    /// Since when the store is away or of no use, and the snapshot may be older than it.
    away: Mutex<Option<Away>>,
    ending: watch::Sender<bool>,
}

/// That the store is of no use at present.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Away {
    /// Since when.
    pub(super) since: Timestamp,
    /// Why, where that is for everybody to know.
    pub(super) why: Option<String>,
}

/// A server's shared state, as handlers get it.
pub(super) type Shared = Arc<Server>;

impl Server {
    /// Returns the state of a server at its start.
    ///
    /// # Errors
    /// When flags.toml or a variable cannot be read for what it is, or the store cannot be read.
    pub(super) fn new(config: ServerConfig, permit: Permit) -> Result<Self> {
        let ServerConfig { store, definitions, variables, clock, limits, tls, .. } = config;
        let metrics = Metrics::new();
        let people = config
            .directory
            .map(|directory| People::new(directory, limits.directory, metrics.lookups.clone()));
        let first = make(&store, Arc::new(definitions()?), &variables, now(clock))?;
        refuse_guesses(&first.layers())?;
        Ok(Self {
            store,
            permit,
            limits,
            encrypted: tls.is_some(),
            told: Told::default(),
            definitions,
            variables,
            clock,
            current: ArcSwap::from_pointee(first),
            refreshing: Mutex::new(()),
            writing: Mutex::new(()),
            generation: watch::Sender::new(0),
            away: Mutex::new(None),
            ending: watch::Sender::new(false),
            metrics,
            rate: Rate::new(limits.rate),
            evaluation_rate: Rate::new(limits.evaluation_rate),
            logins: Rate::every(EVERY, SAVED_UP),
            strangers: Strangers::new(),
            people,
            metrics_open: config.metrics_open,
        })
    }

    /// Returns the time.
    pub(super) fn now(&self) -> Timestamp {
        now(self.clock)
    }

    /// Returns everything as it is.
    pub(super) fn snapshot(&self) -> Arc<Snapshot> {
        self.current.load_full()
    }

    /// Returns what counts the snapshots: it changes after every change.
    pub(super) fn generations(&self) -> watch::Receiver<u64> {
        self.generation.subscribe()
    }

    /// Reads everything anew; of flags.toml, what was true before stays if it cannot be read. Blocks: not for the
    /// threads that serve connections.
    ///
    /// # Errors
    /// When flags.toml or the store cannot be read.
    pub(super) fn refresh(&self) -> Result<()> {
        let _turn = self.refreshing.lock().unwrap_or_else(PoisonError::into_inner);
        let definitions = (self.definitions)();
        let (file, failed) = match definitions {
            Ok(file) => (Arc::new(file), Ok(())),
            Err(error) => (self.snapshot().file.clone(), Err(error)),
        };
        self.replace(make(&self.store, file, &self.variables, self.now())?);
        failed
    }

    /// Reads the store anew, after a change of it. Blocks.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) fn refresh_store(&self) -> Result<()> {
        let _turn = self.refreshing.lock().unwrap_or_else(PoisonError::into_inner);
        let file = self.snapshot().file.clone();
        self.replace(make(&self.store, file, &self.variables, self.now())?);
        Ok(())
    }

    /// Reads the store anew after a change that was made in it. Blocks.
    ///
    /// # Errors
    /// [`Kind::OutcomeUnknown`] when it cannot be read now: the change was made, and cannot be told of.
    pub(super) fn refresh_written(&self) -> Result<()> {
        self.refresh_store().map_err(|error| {
            Error::new(Kind::OutcomeUnknown, "the change was made and cannot be read back").caused_by(error)
        })
    }

    fn replace(&self, next: Snapshot) {
        self.current.store(Arc::new(next));
        self.metrics.refreshed();
        self.generation.send_modify(|generation| *generation += 1);
    }

    /// Returns since when the store is of no use, and why; reads are answered with what was true then.
    pub(super) fn away(&self) -> Option<Away> {
        self.away.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Notes whether the store is of no use at present.
    pub(super) fn note_away(&self, error: Option<&Error>) {
        let mut away = self.away.lock().unwrap_or_else(PoisonError::into_inner);
        *away = error.map(|error| Away {
            since: away.as_ref().map_or_else(|| self.now(), |away| away.since),
            why: error.is_outdated().then(|| error.message().to_owned()),
        });
        self.metrics.store_is_away(away.is_some());
    }

    /// Returns what becomes true when the server ends.
    pub(super) fn ending(&self) -> watch::Receiver<bool> {
        self.ending.subscribe()
    }

    /// Tells those who watch that the server ends.
    pub(super) fn end(&self) {
        self.ending.send_replace(true);
    }

    /// Waits for the turn to write: a store lets one write at a time, and `SQLite` is not fair to those who wait.
    pub(super) fn turn(&self) -> MutexGuard<'_, ()> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn now(clock: fn() -> SystemTime) -> Timestamp {
    let since = clock().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

fn make(store: &Store, file: Arc<FlagFile>, variables: &[Variable], now: Timestamp) -> Result<Snapshot> {
    let env = Arc::new(EnvLayer::read(file.definitions(), variables.to_vec()));
    Ok(Snapshot::build(file, env, store.read()?, store.tokens()?, now.date()))
}

/// Refuses to start where a variable holds what cannot be read: nothing guesses.
fn refuse_guesses(layers: &Layers<'_>) -> Result<()> {
    let all = layers.declared().filter_map(|name| layers.resolve(name.as_str()));
    let problems: Vec<_> =
        all.flat_map(|flag| flag.problems).filter(|problem| problem.layer == Source::Env).collect();
    let Some(first) = problems.first() else { return Ok(()) };
    let mut error = Error::new(Kind::Invalid, format!("nobody can tell what a flag is: {first}"));
    for problem in &problems {
        error = error.hint(format!("{}: {}", problem.origin, problem.fix));
    }
    Err(error)
}
