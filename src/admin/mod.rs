//! The admin layer: the stores, the client of the admin API with its cache, and the one shape they have.
//!
//! Reads give a [`crate::layer::AdminLayer`]; writes take a [`ChangeSet`] and a [`Permit`], which no dry run
//! has. Decides nothing: what a change means, who must agree to it and what to say about it is `change/`'s
//! business, which target is meant `settings/`', and what an override means `layer/`'s.

mod cache;
mod chain;
mod change_set;
mod journal;
mod past;
mod permit;
mod remote;
mod snapshot;
mod store;
mod target;
mod token;
mod token_change;

pub use cache::{Cache, CachedAnswer, Damage, decode_cached_answer};
pub use chain::{ChainError, EntryHash, verify_chain};
pub use change_set::{ChangeSet, FlagChange, IdempotencyKey, Written};
pub use journal::{FileChange, FileEdit, FileJournalEntry, Hunk, JournalChange, JournalEntry, JournalFilter};
pub use past::{Past, Undoing};
pub use permit::Permit;
pub use remote::{
    Cached, ClientOptions, Greeting, Identity, Listening, RemoteServer, Signal, is_entity_tag, version_of_tag,
};
pub use snapshot::{
    LARGEST_SNAPSHOT, SnapshotError, SnapshotFile, SnapshotFlag, SnapshotTarget, save as save_snapshot,
};
pub use store::{Attempt, FileIntent, LocalStore, PostgresStore, Store, StoreWatch};
pub use target::{CreatedToken, Target, cached};
pub use token::{NewToken, Role, Secret, SecretDigest, TokenRecord, is_token_name};
pub use token_change::{Journalled, TokenAct, TokenAuthor, TokenChange};
