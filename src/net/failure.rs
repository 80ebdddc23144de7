//! Why there is no answer: from the errors of the HTTP client to what a person can do, and whether the network is
//! to blame.

use std::error::Error as StdError;
use std::io::{self, ErrorKind};
use std::time::Duration;

use crate::error::Error;

use super::deadline::Deadline;
use super::excerpt::clean;

/// Why there is no answer, or only a part of it.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) reason: String,
    pub(crate) hint: Option<String>,
    /// Whether the server may have got the request.
    pub(crate) sent: bool,
    /// Whether it is the network's doing, or the server's that is not there. Whom it claims to be, and what it says
    /// that is no HTTP, are no faults: neither would be another at the next attempt.
    pub(crate) fault: bool,
}

/// Why a question has no answer.
#[derive(Debug)]
pub(crate) struct Unanswered {
    pub(crate) error: Error,
    /// Whether it is a fault of the network, after which the last good answer may do.
    pub(crate) fault: bool,
}

impl From<Error> for Unanswered {
    fn from(error: Error) -> Self {
        Self { error, fault: false }
    }
}

impl From<Unanswered> for Error {
    fn from(unanswered: Unanswered) -> Self {
        if unanswered.fault { unanswered.error.passing() } else { unanswered.error }
    }
}

impl Failure {
    /// Reads an error of the client.
    pub(crate) fn of(error: &reqwest::Error, connect: Duration, deadline: Deadline) -> Self {
        let root = clean(&root(error), None);
        let cause = Cause::of(error);
        let sent = !(error.is_connect() || error.is_builder());
        let reason = match cause {
            _ if error.is_timeout() && error.is_connect() => {
                format!("no connection within {:?}", connect.min(deadline.whole))
            }
            _ if error.is_timeout() => format!("no answer within {:?}", deadline.whole),
            Cause::NoHttp => format!("its answer is no HTTP: {root}"),
            _ if error.is_connect() => format!("cannot connect: {root}"),
            _ => format!("the connection broke: {root}"),
        };
        let hint = match cause {
            Cause::Distrusted => "its certificate is not trusted here; is it the right address?",
            Cause::NoTls | Cause::NoHttp => "is it the right address and port?",
            _ if error.is_timeout() => "FFCTL_TIMEOUT=30s waits longer",
            Cause::Network => "is it the right address, and is the server running?",
        };
        let fault = cause == Cause::Network && !error.is_builder();
        Self { reason, hint: Some(hint.to_owned()), sent, fault }
    }

    /// Reads an error inside a body.
    pub(crate) fn of_body(error: &io::Error, connect: Duration, deadline: Deadline) -> Self {
        match error.get_ref().and_then(|inner| inner.downcast_ref()) {
            Some(error) => Self::of(error, connect, deadline),
            None => Self {
                reason: format!("the connection broke inside its answer: {error}"),
                hint: None,
                sent: true,
                fault: true,
            },
        }
    }

    /// Says how often was asked.
    #[must_use]
    pub(crate) fn after(mut self, attempts: u32) -> Self {
        if attempts > 1 {
            self.reason = format!("{} (asked {attempts} times)", self.reason);
        }
        self
    }

    /// Returns the failure of an answer that came and is none.
    pub(crate) fn nonsense(reason: String) -> Self {
        Self { reason, hint: None, sent: true, fault: false }
    }
}

/// What lies at the bottom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    /// The network.
    Network,
    /// A certificate that is not trusted.
    Distrusted,
    /// Who answers does not speak TLS as it should.
    NoTls,
    /// Who answers does not speak HTTP as it should.
    NoHttp,
}

impl Cause {
    fn of(error: &reqwest::Error) -> Self {
        let mut next: Option<&(dyn StdError + 'static)> = Some(error);
        while let Some(error) = next {
            if let Some(cause) = Self::of_one(error) {
                return cause;
            }
            next = error.source();
        }
        Self::Network
    }

    fn of_one(error: &(dyn StdError + 'static)) -> Option<Self> {
        if let Some(error) = error.downcast_ref::<rustls::Error>() {
            return Some(match error {
                rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented => {
                    Self::Distrusted
                }
                _ => Self::NoTls,
            });
        }
        if let Some(error) = error.downcast_ref::<hyper::Error>() {
            return error.is_parse().then_some(Self::NoHttp);
        }
        let error = error.downcast_ref::<io::Error>()?;
        // What it wraps is not its source, but has it.
        let wrapped = error.get_ref().and_then(|wrapped| Self::of_one(wrapped));
        // How a body in chunks is none.
        let garbled = matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::InvalidData);
        wrapped.or_else(|| garbled.then_some(Self::NoHttp))
    }
}

/// Returns the message of the innermost cause.
pub(crate) fn root(error: &(dyn StdError + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(error) = next {
        text = error.to_string();
        next = error.source();
    }
    text
}
