//! Asking a server who one is to it, and how it is: what `login` and `doctor` need to know before anything else.

use reqwest::header::DATE;
use serde_json::Value;

use crate::admin::token::Role;
use crate::error::Result;
use crate::model::Timestamp;
use crate::net::{certificate_ends, clean, http_date};

use super::answer::Answer;
use super::refusal::Asked;
use super::server::RemoteServer;

/// What a server says to somebody it lets in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Greeting {
    /// Whose token it was; none where the server does not tell, or asks for no token.
    pub identity: Option<Identity>,
    /// The program that answers, and its version, where it tells.
    pub server: Option<String>,
    /// The server's clock, to the second, when it answered.
    pub date: Option<Timestamp>,
    /// When its certificate ends, over TLS.
    pub certificate_ends: Option<Timestamp>,
}

/// Whose token it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Its name at the server.
    pub name: String,
    /// What it allows; none for a word that this program does not know.
    pub role: Option<Role>,
    /// When it counts no more by itself.
    pub expires_at: Option<Timestamp>,
}

impl RemoteServer {
    /// Asks whose token it is; a server that does not tell that is asked for its flags, which it answers to those it lets in.
    ///
    /// # Errors
    /// When the server cannot be reached, refuses the token, or speaks no admin API.
    pub fn whoami(&self) -> Result<Greeting> {
        let answer = self.transport().get(&["whoami"], &[])?;
        if matches!(answer.status.as_u16(), 401 | 403) {
            return Err(self.refused(Asked::Everything, &answer));
        }
        let told = answer.status.is_success().then(|| answer.json().ok()).flatten();
        let identity = told.as_ref().and_then(|json| identity(json, &answer));
        if identity.is_none() {
            // Whether it is an admin API at all, its flags tell.
            self.read()?;
        }
        let server = told.as_ref().and_then(|json| text(json, "server", &answer));
        let date = answer.headers.get(DATE).and_then(|date| http_date(date.to_str().ok()?));
        let certificate_ends = answer.certificate.as_deref().and_then(certificate_ends);
        Ok(Greeting { identity, server, date, certificate_ends })
    }

    /// Asks for the name of the token alone, letter by letter as the journal has it; none where the server does not tell.
    ///
    /// # Errors
    /// When the server cannot be reached, fails, or refuses the token.
    pub fn token_name(&self) -> Result<Option<String>> {
        let answer = self.transport().get(&["whoami"], &[])?;
        if answer.lacks_route() || (answer.status.is_success() && answer.is_page()) {
            return Ok(None);
        }
        if !answer.status.is_success() {
            return Err(self.refused(Asked::Everything, &answer));
        }
        Ok(answer.json().ok().and_then(|json| json.get("name")?.as_str().map(str::to_owned)))
    }
}

fn identity(json: &Value, answer: &Answer) -> Option<Identity> {
    let time = |name: &str| json.get(name)?.as_str().and_then(|text| Timestamp::parse(text).ok());
    Some(Identity {
        name: text(json, "name", answer)?,
        role: json.get("role")?.as_str().and_then(Role::parse),
        expires_at: time("expires_at"),
    })
}

/// Returns a text on one safe line.
fn text(json: &Value, name: &str, answer: &Answer) -> Option<String> {
    Some(clean(json.get(name)?.as_str()?, answer.secret.as_deref()))
}
