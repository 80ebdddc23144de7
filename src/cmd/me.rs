//! Who runs this, as the journal of a target names people.

use crate::admin::{JournalEntry, Target};
use crate::error::{Error, Kind, Result};
use crate::layer::TargetKind;
use crate::report::Note;

use super::session::Session;
use super::write::actor;

/// Who runs this.
pub(super) enum Me {
    /// The one whose token a server says it is.
    Token(String),
    /// The user of this machine, who writes to a store without asking anybody; none where nobody knows.
    User(Option<String>),
    /// The user of this machine, to a server that does not tell whose token it is.
    Untold(Option<String>),
}

impl Me {
    /// Returns who runs this; a server is asked.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses the token.
    pub(super) fn of(session: &Session, target: &Target) -> Result<Self> {
        let user = actor(session);
        Ok(match (target.token_name()?, target.label().kind) {
            (Some(name), _) => Self::Token(name),
            (None, TargetKind::Server) => Self::Untold(user),
            (None, TargetKind::Local | TargetKind::Database) => Self::User(user),
        })
    }

    /// Tells whether an entry of the target's journal is of who runs this. A server that does not tell whose token it is
    /// may name people in any way: only what this program did for one who is called the same is taken for one's own.
    pub(super) fn made(&self, entry: &JournalEntry) -> bool {
        let actor = entry.actor.as_deref();
        let by_tool = entry.tool.as_deref().is_none_or(|tool| tool.starts_with("ffctl "));
        match self {
            Self::Token(name) => actor == Some(name),
            Self::User(user) => by_tool && actor == user.as_deref(),
            Self::Untold(user) => by_tool && user.is_some() && actor == user.as_deref(),
        }
    }

    /// Returns the error that no entry is of who runs this; `newest` is the newest of all.
    pub(super) fn made_none(&self, target: &Target, newest: Option<&JournalEntry>) -> Error {
        let label = target.label();
        let whose = match self {
            Self::Token(name) => format!(", whose token is `{name}`"),
            Self::User(_) | Self::Untold(_) => String::new(),
        };
        let message = format!("{label:#}: its journal has no change of yours{whose}");
        let error = self.doubt().into_iter().fold(Error::new(Kind::Unknown, message), Error::hint);
        match newest {
            Some(entry) => error
                .hint("`ffctl history` lists those of others")
                .hint(format!("the newest: ffctl undo {}", entry.number)),
            None => error.hint("nothing was changed there yet"),
        }
    }

    /// Returns what must be said where it is not known for sure who runs this.
    pub(super) fn note(&self) -> Option<Note> {
        self.doubt().map(Note::new)
    }

    fn doubt(&self) -> Option<String> {
        let Self::Untold(user) = self else { return None };
        let looked = match user {
            Some(user) => format!("changes of `{user}` are taken for yours"),
            None => "no change can be told for yours".to_owned(),
        };
        Some(format!("this server does not tell whose token it is: {looked}"))
    }
}
