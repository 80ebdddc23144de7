//! The tokens of a server, for those with an admin's.

use reqwest::Method;
use serde_json::{Value, json};

use crate::admin::chain::EntryHash;
use crate::admin::permit::Permit;
use crate::admin::target::CreatedToken;
use crate::admin::token::{NewToken, Role, Secret, SecretDigest, TokenRecord};
use crate::admin::token_change::Journalled;
use crate::error::{Error, Kind, Result};
use crate::model::Timestamp;

use super::answer::Answer;
use super::refusal::Asked;
use super::server::RemoteServer;

impl RemoteServer {
    /// Asks for all tokens.
    ///
    /// # Errors
    /// When the server cannot be reached, refuses, keeps no tokens, or answers something else.
    pub fn tokens(&self) -> Result<Vec<TokenRecord>> {
        let answer = self.transport().get(&["tokens"], &[])?;
        let json = self.answered(&answer)?;
        let list = json.get("tokens").and_then(Value::as_array).ok_or_else(|| self.odd())?;
        list.iter().map(|token| token_of(token).ok_or_else(|| self.odd())).collect()
    }

    /// Has a token made; the server makes the secret.
    ///
    /// # Errors
    /// As [`RemoteServer::tokens`]; conflict, when a token of that name counts already.
    pub fn create_token(&self, _: &Permit, token: &NewToken, reason: Option<&str>) -> Result<CreatedToken> {
        let mut body = json!({ "name": token.name, "role": token.role.word() });
        if let Some(ends) = token.expires_at {
            body["expires_at"] = json!(ends);
        }
        if let Some(reason) = reason {
            body["reason"] = json!(reason);
        }
        let answer = self.transport().once(Method::POST, &["tokens"], &[], Some(&body))?;
        if answer.status.as_u16() == 409 {
            let said = answer.explanation().unwrap_or_else(|| "it has a token of that name".to_owned());
            return Err(Error::new(Kind::Conflict, format!("{}: {said}", self.label())));
        }
        let json = self.answered(&answer)?;
        let secret = json.get("secret").and_then(Value::as_str).and_then(Secret::given);
        let (record, secret) = token_of(&json).zip(secret).ok_or_else(|| self.odd())?;
        Ok(CreatedToken { record, secret, entry: entry_of(&json) })
    }

    /// Has a token revoked.
    ///
    /// # Errors
    /// As [`RemoteServer::tokens`]; refused, when it is the last that may make tokens and `force` does not say that this
    /// is meant.
    pub fn revoke_token(
        &self,
        _: &Permit,
        token: u64,
        reason: Option<&str>,
        force: bool,
    ) -> Result<Option<Journalled>> {
        let mut query = vec![("force", force.to_string())];
        query.extend(reason.map(|reason| ("reason", reason.to_owned())));
        let answer = self.transport().once(Method::DELETE, &["tokens", &token.to_string()], &query, None)?;
        if answer.status.as_u16() == 409 {
            let said = answer.explanation().unwrap_or_else(|| "it is the last admin token".to_owned());
            return Err(Error::new(Kind::Refused, format!("{}: {said}", self.label())));
        }
        self.answered(&answer).map(|json| entry_of(&json))
    }

    fn answered(&self, answer: &Answer) -> Result<Value> {
        if answer.lacks_route() && answer.code().as_deref() != Some("unknown_token") {
            let message = format!("{}: it keeps no tokens that could be asked for", self.label());
            return Err(Error::new(Kind::Unreachable, message));
        }
        if !answer.status.is_success() {
            return Err(self.refused(Asked::Everything, answer));
        }
        answer.json().map_err(|what| Error::new(Kind::Unreachable, format!("{}: {what}", self.label())))
    }

    fn odd(&self) -> Error {
        Error::new(Kind::Unreachable, format!("{}: its tokens cannot be read", self.label()))
    }
}

/// Returns the entry of the journal that an answer tells of.
fn entry_of(json: &Value) -> Option<Journalled> {
    let head = json.get("head")?.as_str().and_then(EntryHash::parse)?;
    Some(Journalled { number: json.get("journal")?.as_u64()?, head })
}

fn token_of(json: &Value) -> Option<TokenRecord> {
    let time = |name: &str| json.get(name)?.as_str().and_then(|text| Timestamp::parse(text).ok());
    Some(TokenRecord {
        number: json.get("number")?.as_u64()?,
        token: NewToken {
            name: json.get("name")?.as_str()?.to_owned(),
            role: Role::parse(json.get("role")?.as_str()?)?,
            created_at: time("created_at")?,
            expires_at: time("expires_at"),
            // What a server keeps of a secret it tells nobody.
            digest: SecretDigest([0; 32]),
        },
        revoked_at: time("revoked_at"),
    })
}
