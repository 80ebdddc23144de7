//! What the server counts of itself.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

/// The upper bounds of durations, in seconds: a read takes some 100 µs, a write waits for the disk.
const BOUNDS: [f64; 10] = [0.000_1, 0.000_25, 0.001, 0.002_5, 0.01, 0.025, 0.1, 0.25, 1.0, 10.0];

/// Which requests are counted together. The route is the pattern, not the path: names are not for metrics.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    method: String,
    route: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: String,
    route: String,
    status: u16,
}

/// What came of looking users up.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct LookedUp {
    /// `record`, `cached`, `no_such_user`, `failed`, `late` (nobody waits any longer) or `not_asked` (it was away just now).
    pub(super) outcome: &'static str,
}

/// Lookups by what came of them.
pub(super) type Lookups = Family<LookedUp, Counter>;

/// What the server counts of itself.
#[derive(Debug)]
pub(super) struct Metrics {
    registry: Registry,
    requests: Family<Answered, Counter>,
    durations: Family<Route, Histogram>,
    /// Connections that are open.
    pub(super) connections: Gauge,
    /// Clients that watch.
    pub(super) watchers: Gauge,
    /// Lookups in the user directory.
    pub(super) lookups: Lookups,
    /// How often the snapshot was made anew.
    generation: Counter,
    age: Gauge<f64, std::sync::atomic::AtomicU64>,
    journal: Gauge,
    flags: Gauge,
    reachable: Gauge,
}

/// What counts the requests of a route that are answered with one status.
pub(super) struct Answers {
    requests: Counter,
    durations: Histogram,
}

impl Answers {
    /// Counts a request.
    pub(super) fn count(&self, took: Duration) {
        self.durations.observe(took.as_secs_f64());
        self.requests.inc();
    }
}

/// What is true at the moment it is asked for.
pub(super) struct Now {
    /// The age of the snapshot.
    pub(super) age: Duration,
    /// The number of the last entry of the journal.
    pub(super) journal: u64,
    /// How many flags there are.
    pub(super) flags: usize,
}

impl Metrics {
    /// Returns metrics that are all 0.
    pub(super) fn new() -> Self {
        let mut registry = Registry::with_prefix("ffctl");
        let requests = Family::<Answered, Counter>::default();
        let durations = Family::<Route, Histogram>::new_with_constructor(|| Histogram::new(BOUNDS));
        let (connections, watchers) = (Gauge::default(), Gauge::default());
        let (generation, age, journal, flags) =
            (Counter::default(), Gauge::default(), Gauge::default(), Gauge::default());
        registry.register("requests", "Requests answered", requests.clone());
        let help = "Time until a request is answered";
        registry.register_with_unit("request_duration", help, Unit::Seconds, durations.clone());
        registry.register("connections", "Connections that are open", connections.clone());
        registry.register("watchers", "Clients that watch for changes", watchers.clone());
        let lookups = Lookups::default();
        let help = "Users looked up in the user directory";
        registry.register("directory_lookups", help, lookups.clone());
        registry.register("snapshots", "Times that the state of all flags was made anew", generation.clone());
        let help = "Age of the state of all flags";
        registry.register_with_unit("snapshot_age", help, Unit::Seconds, age.clone());
        registry.register("journal_entries", "Number of the last entry of the journal", journal.clone());
        registry.register("flags", "Flags that are served", flags.clone());
        let reachable = Gauge::default();
        reachable.set(1);
        registry.register(
            "store_reachable",
            "Whether the store can be reached: 1, else 0",
            reachable.clone(),
        );
        Self {
            registry,
            requests,
            durations,
            connections,
            watchers,
            lookups,
            generation,
            age,
            journal,
            flags,
            reachable,
        }
    }

    /// Returns what counts the requests of a route that are answered with a status.
    pub(super) fn answers(&self, method: &str, route: &str, status: u16) -> Answers {
        let (method, route) = (method.to_owned(), route.to_owned());
        let requests = Answered { method: method.clone(), route: route.clone(), status };
        Answers {
            requests: self.requests.get_or_create_owned(&requests),
            durations: self.durations.get_or_create_owned(&Route { method, route }),
        }
    }

    /// Counts a snapshot.
    pub(super) fn refreshed(&self) {
        self.generation.inc();
    }

    /// Notes whether the store is away.
    pub(super) fn store_is_away(&self, is_away: bool) {
        self.reachable.set(i64::from(!is_away));
    }

    /// Returns everything in the text format of `OpenMetrics`, which Prometheus reads.
    pub(super) fn text(&self, now: &Now) -> String {
        self.age.set(now.age.as_secs_f64());
        self.journal.set(i64::try_from(now.journal).unwrap_or(i64::MAX));
        self.flags.set(i64::try_from(now.flags).unwrap_or(i64::MAX));
        let mut text = String::new();
        let _ = encode(&mut text, &self.registry);
        text
    }
}

/// Counts something for as long as it lives.
pub(super) struct Counted(Gauge);

impl Counted {
    /// Counts one more.
    pub(super) fn new(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.dec();
    }
}
