//! The admin layer as data: what the target's overrides say, how fresh that is, and the server's own view.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use super::ends::Ends;
use super::field::{Patch, Values};
use super::origin::Origin;

/// What kind of thing a command speaks to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TargetKind {
    /// The embedded store of this machine.
    Local,
    /// A store in a database that several servers can share.
    Database,
    /// An admin API.
    Server,
}

impl TargetKind {
    /// Tells whether it is asked over a network.
    pub const fn is_remote(self) -> bool {
        match self {
            Self::Local => false,
            Self::Database | Self::Server => true,
        }
    }
}

/// How a target is named in every prompt, plan, receipt and failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetLabel {
    /// The profile's name; `local` for the local store; none for a server without a profile.
    pub profile: Option<String>,
    /// The store's file, or the address of the server or database without credentials.
    pub address: String,
    /// What kind it is.
    pub kind: TargetKind,
    /// Whether it is a store that has tokens: a server gives it out, or has.
    pub served: bool,
}

/// The plain form stands in lines of its own, the alternate one (`{:#}`) within a sentence.
impl fmt::Display for TargetLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.kind, &self.profile) {
            (TargetKind::Local, _) if f.alternate() => f.write_str("local store"),
            (TargetKind::Local, _) if self.served => {
                f.write_str("local store, which `ffctl serve` gives out")
            }
            (TargetKind::Local, _) => f.write_str("local store, no server reads this"),
            (TargetKind::Server, Some(profile)) => write!(f, "{profile} {}", self.address),
            (TargetKind::Server, None) | (TargetKind::Database, _) => f.write_str(&self.address),
        }
    }
}

/// How old the target's answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// Just asked.
    Live,
    /// The last good answer, this old, since the server could not be reached.
    Cached(Duration),
    /// Nobody was asked (`--offline`).
    NotAsked,
}

impl Freshness {
    /// Returns the word in every output: `live`, `cached` or `not_asked`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Cached(_) => "cached",
            Self::NotAsked => "not_asked",
        }
    }
}

/// What a write to a flag's override must find unchanged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Version {
    /// The number of the last journalled change of the flag; 0 if there is none.
    Journal(u64),
    /// The server's entity tag of the flag.
    Tag(String),
    /// The server names no version: a write is compared by reading back alone.
    Unknown,
}

/// Whose word on a switch counts where a server's own differs from what this checkout resolves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// What this checkout resolves, with the server's overrides.
    Checkout,
    /// The server's own `enabled`.
    Server,
}

impl View {
    /// Returns the word of the view in every output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Checkout => "checkout",
            Self::Server => "server",
        }
    }
}

/// A flag as a server itself sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct ServerFlag {
    /// Whether the server says that it is enabled.
    pub enabled: bool,
    /// The source that the server names.
    pub source: String,
    /// Whether the server sends the flag's override as well, and so knows more than the three fields.
    pub rich: bool,
    /// What else it says of the flag, where that was asked for and the server says it.
    pub state: Option<Box<ServerState>>,
}

/// What a server resolves a flag to, in its own words.
#[derive(Clone, Debug, PartialEq)]
pub struct ServerState {
    /// The word of the state: `on`, `off`, `partial`, `invalid`.
    pub word: String,
    /// The state in short.
    pub summary: String,
    /// The fields as they are in effect there.
    pub values: Values,
    /// Whether its flags.toml declares the flag.
    pub declared: bool,
    /// The number of the last journalled change of the flag.
    pub journal: Option<u64>,
    /// The mark of its definition: flags of the same mark are defined alike.
    pub definition: Option<String>,
}

/// The admin layer.
#[derive(Clone, Debug, PartialEq)]
pub struct AdminLayer {
    /// What was asked.
    pub target: TargetLabel,
    /// How fresh the answer is.
    pub freshness: Freshness,
    /// The overrides, by flag, declared here or not.
    pub overrides: BTreeMap<String, Values>,
    /// What a write to each flag must find unchanged; a flag that is absent has version
    /// [`Version::Journal`]`(0)` on a store and [`Version::Unknown`] on a server.
    pub versions: BTreeMap<String, Version>,
    /// The flags that the server knows, as it sees them; empty for a local store.
    pub server: BTreeMap<String, ServerFlag>,
    /// Whose word on the switch counts; none if nobody has chosen, and a difference is drift.
    pub view: Option<View>,
    /// What the target answered that could not be understood, for people.
    pub notes: Vec<String>,
}

impl AdminLayer {
    /// Sets and clears fields of a flag's override, as a write would. A field that says so already keeps its place, unless
    /// it is to end at another time; the others get `origin` and their end. A flag of which nothing is left has no override.
    pub fn patch(&mut self, flag: &str, patch: &Patch, origin: &Origin, ends: &Ends) {
        let values = self.overrides.entry(flag.to_owned()).or_default();
        for (field, value) in patch {
            match value {
                Some(value)
                    if values.get(field).is_some_and(|(present, place)| {
                        present == value && ends.leave(field, place.expires_at())
                    }) => {}
                Some(value) => {
                    values.insert(field.clone(), (value.clone(), origin.clone().ending(ends.of(field))));
                }
                None => {
                    values.shift_remove(field);
                }
            }
        }
        if values.is_empty() {
            self.overrides.remove(flag);
        }
    }

    /// Returns an empty layer of a target.
    pub fn empty(target: TargetLabel, freshness: Freshness) -> Self {
        Self {
            target,
            freshness,
            overrides: BTreeMap::new(),
            versions: BTreeMap::new(),
            server: BTreeMap::new(),
            view: None,
            notes: Vec::new(),
        }
    }

    /// Returns what a write to `flag` must find unchanged.
    pub fn version(&self, flag: &str) -> Version {
        let absent = match self.target.kind {
            TargetKind::Local | TargetKind::Database => Version::Journal(0),
            TargetKind::Server => Version::Unknown,
        };
        self.versions.get(flag).cloned().unwrap_or(absent)
    }
}
