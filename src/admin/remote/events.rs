//! Listening to the events of a server: a thread of its own reads them for as long as they come.

use std::io::Read;
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::blocking::{RequestBuilder, Response};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};

use crate::error::Result;
use crate::net::{RetryAfter, clean, root};

use super::server::RemoteServer;
use super::sse::{Item, Parser};

/// What a server that is listened to does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signal {
    /// It tells of changes from now on.
    Open,
    /// It is still there.
    Alive,
    /// Something changed; of a journalled change its number.
    Change(Option<u64>),
    /// It wants those it loses to come back after this time.
    Retry(Duration),
    /// It has no events, or not for us, whenever we ask: it answered this status.
    Refused(u16),
    /// It has none now; it may have said when to come back.
    Busy(Option<Duration>),
    /// It was asked too often; it may have said when to come back.
    TooMany(Option<Duration>),
    /// The connection is over, and why.
    Ended(String),
}

/// A question for events that is yet to be asked.
#[derive(Debug)]
pub struct Listening {
    request: RequestBuilder,
}

impl RemoteServer {
    /// Prepares to ask for the events from the journal entry after `since` on.
    ///
    /// # Errors
    /// When there is no client, or no usable token.
    pub fn listen(&self, since: Option<u64>) -> Result<Listening> {
        let accept = (ACCEPT, HeaderValue::from_static("text/event-stream"));
        let mut request = self.transport().endless(&["events"])?.headers(HeaderMap::from_iter([accept]));
        if let Some(since) = since {
            request = request.header("last-event-id", since);
        }
        Ok(Listening { request })
    }
}

impl Listening {
    /// Asks, and tells what comes until the connection is over, or `tell` says that nobody listens any more.
    pub fn run(self, tell: &mut dyn FnMut(Signal) -> bool) {
        let response = match self.request.send() {
            Ok(response) => response,
            Err(error) => {
                tell(Signal::Ended(clean(&root(&error), None)));
                return;
            }
        };
        let status = response.status();
        let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
        if status == StatusCode::OK && kind.starts_with("text/event-stream") {
            if tell(Signal::Open) {
                read(response, tell);
            }
            return;
        }
        let wait = RetryAfter::of(response.headers(), None).map(|told| told.wait);
        tell(match status.as_u16() {
            429 => Signal::TooMany(wait),
            501 => Signal::Refused(501),
            500.. => Signal::Busy(wait),
            // Nothing that another attempt would change: no such route, no right to it, another place, a web page.
            status => Signal::Refused(status),
        });
    }
}

fn read(mut response: Response, tell: &mut dyn FnMut(Signal) -> bool) {
    let (mut parser, mut bytes) = (Parser::default(), vec![0; 16 * 1024]);
    loop {
        let why = match response.read(&mut bytes) {
            Ok(0) => "the server ended it".to_owned(),
            Ok(count) => {
                let mut listened = true;
                let sound = parser.take(bytes.get(..count).unwrap_or_default(), &mut |item| {
                    listened &= tell(match item {
                        Item::Comment => Signal::Alive,
                        Item::Retry(wait) => Signal::Retry(wait),
                        Item::Event(id) => Signal::Change(id),
                    });
                });
                if !listened {
                    return;
                }
                if sound {
                    continue;
                }
                "what it sends are no events".to_owned()
            }
            Err(error) => format!("the connection broke: {}", clean(&error.to_string(), None)),
        };
        tell(Signal::Ended(why));
        return;
    }
}
