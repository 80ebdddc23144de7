//! What was done to tokens, as the journal tells it: never a secret, nor what is kept of one.

use serde_json::{Value, json};

use crate::model::Timestamp;

use super::chain::EntryHash;
use super::token::{NewToken, Role};

/// What can be done to a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenAct {
    /// It was made.
    Created,
    /// It was taken away.
    Revoked,
}

impl TokenAct {
    /// Returns the word in every output, in the journal and in its chain.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Revoked => "revoked",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        [Self::Created, Self::Revoked].into_iter().find(|act| act.word() == word)
    }
}

/// What an entry of the journal did to a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenChange {
    /// What.
    pub act: TokenAct,
    /// The number of the token.
    pub number: u64,
    /// Its name.
    pub name: String,
    /// What it allows, or allowed.
    pub role: Role,
    /// When it counts no more by itself; none for one that has no end.
    pub expires_at: Option<Timestamp>,
}

impl TokenChange {
    /// Returns what was done to the token of this number.
    pub fn new(act: TokenAct, number: u64, token: &NewToken) -> Self {
        let NewToken { name, role, expires_at, .. } = token;
        Self { act, number, name: name.clone(), role: *role, expires_at: *expires_at }
    }

    /// Returns it as JSON: `{"change":"created","number":3,"name":"ci","role":"editor"}`, its end as `time` says it.
    pub fn to_json(&self, time: impl FnOnce(Timestamp) -> Value) -> Value {
        let mut object = json!({
            "change": self.act.word(),
            "number": self.number,
            "name": self.name,
            "role": self.role.word(),
        });
        if let Some(ends) = self.expires_at {
            object["expires_at"] = time(ends);
        }
        object
    }

    /// Reads what [`TokenChange::to_json`] says; none if it is something else.
    pub fn from_json(json: &Value, time: impl FnOnce(&Value) -> Option<Timestamp>) -> Option<Self> {
        let text = |key: &str| json.get(key).and_then(Value::as_str);
        Some(Self {
            act: TokenAct::parse(text("change")?)?,
            number: json.get("number")?.as_u64()?,
            name: text("name")?.to_owned(),
            role: Role::parse(text("role")?)?,
            expires_at: match json.get("expires_at") {
                None | Some(Value::Null) => None,
                Some(ends) => Some(time(ends)?),
            },
        })
    }
}

/// Who does something to a token, when and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenAuthor {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

/// The entry of the journal that something was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Journalled {
    /// Its number.
    pub number: u64,
    /// Its hash, which chains it to all before it.
    pub head: EntryHash,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_reads_back() {
        let at = Timestamp::from_millis;
        for (act, expires_at) in [(TokenAct::Created, Some(at(1_790_000_000_123))), (TokenAct::Revoked, None)]
        {
            let change =
                TokenChange { act, number: 3, name: "ci  \u{e9}".to_owned(), role: Role::Editor, expires_at };
            let json = change.to_json(|ends| json!(ends.millis()));
            assert_eq!(TokenChange::from_json(&json, |ends| ends.as_i64().map(at)), Some(change));
            let mut odd = json;
            odd["change"] = json!("renamed");
            assert_eq!(TokenChange::from_json(&odd, |ends| ends.as_i64().map(at)), None);
        }
    }
}
