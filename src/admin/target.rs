//! A target, local or remote, as one thing.

use std::time::Duration;

use crate::error::Result;
use crate::layer::{AdminLayer, TargetLabel};
use crate::settings::{TargetChoice, TargetPlace, TimeLimits};

use super::cache::Cache;
use super::change_set::{ChangeSet, Written};
use super::journal::{JournalEntry, JournalFilter};
use super::permit::Permit;
use super::remote::{Cached, ClientOptions, Listening, RemoteServer};

use super::store::{LocalStore, PostgresStore, Store};
use super::token::{NewToken, Secret, TokenRecord};
use super::token_change::{Journalled, TokenAuthor};

/// The store or server that a command speaks to. Every failure names it.
#[derive(Debug)]
pub enum Target {
    /// A store: a file of this machine, or a database.
    Store(Store),
    /// An admin API.
    Server(Box<RemoteServer>),
}

/// A token that was just made.
#[derive(Clone, Debug)]
pub struct CreatedToken {
    /// The token.
    pub record: TokenRecord,
    /// Its secret, which nobody keeps.
    pub secret: Secret,
    /// The entry of the journal; none where a server tells of none.
    pub entry: Option<Journalled>,
}

impl Target {
    /// Returns the target that was chosen. Nothing is opened or asked yet.
    pub fn new(choice: &TargetChoice, limits: TimeLimits) -> Self {
        match &choice.place {
            TargetPlace::Local { store, shown } => Self::Store(LocalStore::new(store.clone(), shown).into()),
            TargetPlace::Database { url, credentials } => {
                Self::Store(Store::Postgres(PostgresStore::new(url, credentials.clone(), limits)))
            }
            TargetPlace::Server { url, profile, credentials } => {
                let server = RemoteServer::new(url.clone(), profile.clone(), credentials.clone(), limits);
                Self::Server(Box::new(server))
            }
        }
    }

    /// Uses what a run gives a client of a server; a store needs nothing of it.
    #[must_use]
    pub fn with_options(self, options: ClientOptions) -> Self {
        match self {
            Self::Store(store) => Self::Store(store),
            Self::Server(server) => Self::Server(Box::new(server.with_options(options))),
        }
    }

    /// Gives a server no more than this time for each read from now on.
    pub fn limit(&self, read: Duration) {
        if let Self::Server(server) = self {
            server.limit(read);
        }
    }

    /// Asks a server for its events from the journal entry after `since` on; none of a store.
    ///
    /// # Errors
    /// When there is no client, or no usable token.
    pub fn listen(&self, since: Option<u64>) -> Result<Option<Listening>> {
        match self {
            Self::Store(_) => Ok(None),
            Self::Server(server) => server.listen(since).map(Some),
        }
    }

    /// Returns how to name it.
    pub fn label(&self) -> &TargetLabel {
        match self {
            Self::Store(store) => store.label(),
            Self::Server(server) => server.label(),
        }
    }

    /// Returns how to name it as it is now; of a store this is a look at it.
    pub fn label_now(&self) -> TargetLabel {
        match self {
            Self::Store(store) => store.label_now(),
            Self::Server(server) => server.label().clone(),
        }
    }

    /// Reads all overrides: one query, or one request.
    ///
    /// # Errors
    /// [`crate::error::Kind::Local`] for a store of this machine; for a server or database unreachable, credentials.
    pub fn read(&self) -> Result<AdminLayer> {
        match self {
            Self::Store(store) => store.read(),
            Self::Server(server) => server.read(),
        }
    }

    /// Reads all overrides; of a server that cannot be reached or fails, its last good answer if that is no older
    /// than `accepted`. Without `accepted`, only a live answer will do.
    ///
    /// # Errors
    /// As [`Target::read`]; stale when the only answer left is too old.
    pub fn read_accepting(&self, accepted: Option<Duration>) -> Result<AdminLayer> {
        match self {
            Self::Store(store) => store.read(),
            Self::Server(server) => server.read_accepting(accepted),
        }
    }

    /// Returns all overrides without asking over a network: what a file says, or a server's last good answer. Of a
    /// database none are kept.
    ///
    /// # Errors
    /// [`crate::error::Kind::Local`] for a store.
    pub fn cached(&self, accepted: Option<Duration>) -> Result<Cached> {
        match self {
            Self::Store(store @ Store::Sqlite(_)) => store.read().map(Cached::Layer),
            Self::Store(Store::Postgres(_)) => Ok(Cached::Nothing(None)),
            Self::Server(server) => Ok(server.cached(accepted)),
        }
    }

    /// Reads the overrides of some flags alone, with the versions that a write must find. Of a store this is
    /// always cheaper; of a server it is what a change is planned on, while a mere question is better asked
    /// with [`Target::read`], which every server answers in one request.
    ///
    /// # Errors
    /// As [`Target::read`].
    pub fn read_flags(&self, flags: &[&str]) -> Result<AdminLayer> {
        match self {
            Self::Store(store) => store.read_flags(flags),
            Self::Server(server) => server.read_flags(flags),
        }
    }

    /// Reads all overrides, with the versions that a write to `flags` must find. What a change is planned on:
    /// of a server that sends the versions with the list it is one request, else one more for each flag.
    ///
    /// # Errors
    /// As [`Target::read`].
    pub fn read_for_change(&self, flags: &[&str]) -> Result<AdminLayer> {
        match self {
            Self::Store(store) => store.read(),
            Self::Server(server) => server.read_for_change(flags),
        }
    }

    /// Applies a change set, or nothing of it.
    ///
    /// # Errors
    /// Conflict, when a flag changed since the expected version; what the target refuses; outcome unknown,
    /// when a server got it and its answer was lost.
    pub fn write(&self, permit: &Permit, set: &ChangeSet) -> Result<Written> {
        match self {
            Self::Store(store) => store.write(permit, set),
            Self::Server(server) => server.write(permit, set),
        }
    }

    /// Returns journal entries, newest first.
    ///
    /// # Errors
    /// As [`Target::read`]; unreachable when a server keeps no journal.
    pub fn journal(&self, filter: &JournalFilter) -> Result<Vec<JournalEntry>> {
        match self {
            Self::Store(store) => store.journal(filter),
            Self::Server(server) => server.journal(filter),
        }
    }
}

impl Target {
    /// Returns the name of the token that a server is asked with, as it stands in its journal; none of a store, and of a
    /// server that does not tell.
    ///
    /// # Errors
    /// When the server cannot be reached, or refuses the token.
    pub fn token_name(&self) -> Result<Option<String>> {
        match self {
            Self::Store(_) => Ok(None),
            Self::Server(server) => server.token_name(),
        }
    }

    /// Returns the whole journal, oldest entries first.
    ///
    /// # Errors
    /// As [`Target::journal`].
    pub fn whole_journal(&self) -> Result<Vec<JournalEntry>> {
        match self {
            Self::Store(store) => store.whole_journal(),
            Self::Server(server) => server.whole_journal(),
        }
    }

    /// Returns all tokens, also those that do not count any more.
    ///
    /// # Errors
    /// As [`Target::read`]; unreachable when a server keeps no tokens.
    pub fn tokens(&self) -> Result<Vec<TokenRecord>> {
        match self {
            Self::Store(store) => store.tokens(),
            Self::Server(server) => server.tokens(),
        }
    }

    /// Makes a token; of a local store it has `secret`, of a server one that the server makes, which also knows who does
    /// it.
    ///
    /// # Errors
    /// Conflict, when a token of that name counts already; as [`Target::tokens`].
    pub fn create_token(
        &self,
        permit: &Permit,
        token: NewToken,
        secret: Secret,
        by: &TokenAuthor,
    ) -> Result<CreatedToken> {
        match self {
            Self::Store(store) => {
                let (number, entry) = store.create_token(permit, &token, by)?;
                let record = TokenRecord { number, token, revoked_at: None };
                Ok(CreatedToken { record, secret, entry: Some(entry) })
            }
            Self::Server(server) => server.create_token(permit, &token, by.reason.as_deref()),
        }
    }

    /// Revokes a token; returns the entry of the journal, where one is told.
    ///
    /// # Errors
    /// Refused, when it is the last that may make tokens and `force` does not say that this is meant; as
    /// [`Target::tokens`].
    pub fn revoke_token(
        &self,
        permit: &Permit,
        token: u64,
        by: &TokenAuthor,
        force: bool,
    ) -> Result<Option<Journalled>> {
        match self {
            Self::Store(store) => store.revoke_token(permit, token, by, force).map(|(_, entry)| entry),
            Self::Server(server) => server.revoke_token(permit, token, by.reason.as_deref(), force),
        }
    }
}

/// Returns what a target said last, from files alone: what completion shows. None whatever goes wrong.
pub fn cached(choice: &TargetChoice, cache: Option<Cache>) -> Option<AdminLayer> {
    let target = Target::new(choice, TimeLimits::default())
        .with_options(ClientOptions { cache, ..ClientOptions::default() });
    match target.cached(Some(Cache::LONGEST)) {
        Ok(Cached::Layer(layer)) => Some(layer),
        Ok(Cached::TooOld(_) | Cached::Nothing(_)) | Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::layer::TargetKind;
    use crate::settings::{AdminUrl, ChosenBy, CredentialSource};

    use super::*;

    fn choice(place: TargetPlace) -> TargetChoice {
        let guards = crate::settings::ProfileGuards::default();
        let (chosen_by, config) = (ChosenBy::Nobody, String::new());
        TargetChoice { place, chosen_by, protected: false, guards, config, notes: Vec::new() }
    }

    #[test]
    fn a_target_is_named_as_it_was_chosen() {
        let store = TargetPlace::Local { store: "/s/x.sqlite3".into(), shown: "~/x.sqlite3".to_owned() };
        let local = Target::new(&choice(store), TimeLimits::default());
        assert_eq!((local.label().kind, local.label().address.as_str()), (TargetKind::Local, "~/x.sqlite3"));
        let url = AdminUrl::parse("https://flags.example.com/api/v1/admin").expect("an address");
        let credentials = CredentialSource::None;
        let place = TargetPlace::Server { url, profile: Some("prod".to_owned()), credentials };
        let server = Target::new(&choice(place), TimeLimits::default());
        assert_eq!(server.label().to_string(), "prod https://flags.example.com");
    }
}
