//! An answer of the server, as far as it came.

use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::{CONTENT_ENCODING, ETAG, HeaderMap, LOCATION};
use serde_json::Value;

use crate::layer::Version;
use crate::model::Timestamp;

use crate::error::Error;
use crate::net::{Failure, RetryAfter, Unanswered, clean, explanation, is_page};

/// Bytes of an answer that is read as a whole.
const LARGEST: usize = 1024 * 1024;

/// A status, its headers and the body, or why the body did not arrive.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Result<Vec<u8>, Failure>,
    /// What must not be shown again, should the server repeat it.
    pub(super) secret: Option<String>,
    /// When it came, if there is a clock.
    pub(super) now: Option<Timestamp>,
    /// The server's certificate (DER), over TLS.
    pub(super) certificate: Option<Vec<u8>>,
    /// How often was asked for it.
    pub(super) attempts: u32,
}

impl Answer {
    /// Returns a body that may be JSON; the error is what is wrong with it.
    pub(super) fn content(&self) -> Result<&[u8], String> {
        let body = self.body.as_ref().map_err(|failure| failure.reason.clone())?;
        let coded = self.headers.get(CONTENT_ENCODING).filter(|coding| !coding.is_empty());
        if coded.is_some_and(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity")) {
            return Err("its answer is compressed, which nobody asked for".to_owned());
        }
        if is_page(body) {
            return Err("it answered with a web page".to_owned());
        }
        if body.trim_ascii().is_empty() {
            return Err("it answered with nothing".to_owned());
        }
        Ok(body)
    }

    /// Returns the body as JSON, if it is as small as one flag or one refusal; the error is what is wrong with it.
    pub(super) fn json(&self) -> Result<Value, String> {
        let body = self.content()?;
        if body.len() > LARGEST {
            return Err(format!("its answer is larger than {} MiB", LARGEST / 1024 / 1024));
        }
        serde_json::from_slice(body).map_err(|error| format!("its answer is not JSON: {error}"))
    }

    /// Returns whether the server sends the token back, which then must be kept nowhere.
    pub(super) fn repeats_the_token(&self) -> bool {
        let Some(secret) = &self.secret else { return false };
        self.body.as_ref().is_ok_and(|body| memchr::memmem::find(body, secret.as_bytes()).is_some())
    }

    /// Returns whether the body is a web page.
    pub(super) fn is_page(&self) -> bool {
        self.body.as_ref().is_ok_and(|body| is_page(body))
    }

    /// Returns whether the server says that it has no such route.
    pub(super) fn lacks_route(&self) -> bool {
        matches!(self.status.as_u16(), 404 | 405 | 501)
    }

    /// Returns the `code` of a problem document.
    pub(super) fn code(&self) -> Option<String> {
        self.json().ok()?.get("code")?.as_str().map(str::to_owned)
    }

    /// Returns what the server says of why, on one safe line.
    pub(super) fn explanation(&self) -> Option<String> {
        explanation(self.body.as_ref().ok()?, self.secret.as_deref())
    }

    /// Returns the version in the `ETag` header.
    pub(super) fn tag(&self) -> Tag {
        self.headers.get(ETAG).map_or(Tag::None, |value| value.to_str().map_or(Tag::Odd, Tag::parse))
    }

    /// Returns where the server sends to, on one safe line.
    pub(super) fn location(&self) -> Option<String> {
        let location = String::from_utf8_lossy(self.headers.get(LOCATION)?.as_bytes()).into_owned();
        // A query may hold a session or a signature.
        Some(clean(location.split(['?', '#']).next().unwrap_or_default(), self.secret.as_deref()))
    }

    /// Returns how long to wait, where the server says so.
    pub(super) fn wait(&self) -> Option<Duration> {
        RetryAfter::of(&self.headers, self.now).map(|told| told.wait)
    }

    /// Returns when to come back, in words.
    pub(super) fn come_back(&self) -> Option<String> {
        RetryAfter::of(&self.headers, self.now).map(RetryAfter::words)
    }
}

/// Adds how often was asked.
pub(super) fn told(
    outcome: std::result::Result<Answer, Unanswered>,
    attempts: u32,
) -> std::result::Result<Answer, Unanswered> {
    match outcome {
        Ok(answer) => Ok(Answer { attempts, ..answer }),
        Err(Unanswered { error, fault }) if attempts > 1 => {
            let message = format!("{error} (asked {attempts} times)");
            let again = Error::new(error.kind(), message);
            Err(Unanswered { error: error.hints().iter().fold(again, Error::hint), fault })
        }
        Err(unanswered) => Err(unanswered),
    }
}

/// An entity tag, as far as it can guard a write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    /// A strong tag, quotes included.
    Strong(String),
    /// A weak tag, which `If-Match` never matches (RFC 9110, 13.1.1).
    Weak,
    /// Something else.
    Odd,
    /// None.
    None,
}

impl Tag {
    /// Reads a tag; only characters that are safe in a header.
    pub(super) fn parse(text: &str) -> Self {
        let inner = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        match inner {
            Some(inner) if inner.chars().all(|c| c.is_ascii_graphic() && c != '"') => {
                Self::Strong(text.to_owned())
            }
            _ if text.starts_with("W/\"") => Self::Weak,
            _ => Self::Odd,
        }
    }

    /// Returns the version that a write can be guarded with.
    pub(super) fn version(self) -> Version {
        match self {
            Self::Strong(tag) => Version::Tag(tag),
            Self::Weak | Self::Odd | Self::None => Version::Unknown,
        }
    }
}

/// Returns whether a text is an entity tag, strong or weak, that can be sent back.
pub fn is_entity_tag(text: &str) -> bool {
    matches!(Tag::parse(text.strip_prefix("W/").unwrap_or(text)), Tag::Strong(_))
}

/// Returns whether two entity tags name the same content (RFC 9110, 8.8.3.2, the weak comparison).
pub(super) fn same_tag(one: &[u8], other: &[u8]) -> bool {
    let opaque = |tag: &[u8]| tag.strip_prefix(b"W/").unwrap_or(tag).to_vec();
    opaque(one) == opaque(other)
}

/// Returns the version that an `ETag` of this text guards a write with.
pub fn version_of_tag(text: &str) -> Version {
    Tag::parse(text).version()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strong_and_weak_tags_revalidate() {
        for tag in ["\"17\"", "W/\"17\"", "\"\""] {
            assert!(is_entity_tag(tag), "{tag}");
        }
        for odd in ["17", "W/17", "w/\"17\"", "W/W/\"17\"", "\"a b\"", "*", ""] {
            assert!(!is_entity_tag(odd), "{odd}");
        }
        assert!(same_tag(b"W/\"1\"", b"\"1\"") && !same_tag(b"\"1\"", b"\"2\""));
    }

    #[test]
    fn only_strong_tags_guard() {
        assert_eq!(Tag::parse("\"17\""), Tag::Strong("\"17\"".to_owned()));
        assert_eq!(Tag::parse("\"\""), Tag::Strong("\"\"".to_owned()));
        assert_eq!(Tag::parse("W/\"17\""), Tag::Weak);
        for odd in ["17", "\"a b\"", "\"a\"b\"", "\"\r\n\"", "\"", "*"] {
            assert_eq!(Tag::parse(odd), Tag::Odd, "{odd}");
        }
    }
}
