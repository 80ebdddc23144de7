//! Requests and answers: the HTTP client, its limits, and where the token may go.

use std::fmt;
use std::io::Read;
use std::mem::ManuallyDrop;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use reqwest::blocking::{Client, Response};
use reqwest::header::{
    ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, IF_NONE_MATCH, LOCATION,
};
use reqwest::{Method, Url};
use serde_json::Value;

use crate::error::{Error, Kind, Result};
use crate::settings::{AdminUrl, CredentialSource, TimeLimits, Token};

use super::answer::Answer;
use super::excerpt::clean;

/// Bytes of an answer that are read; more is no answer of this API.
const LARGEST: usize = 8 * 1024 * 1024;
/// Redirects of one read that are followed, all on the same origin.
const REDIRECTS: usize = 5;

/// Sends requests to one server.
pub(super) struct Transport {
    url: AdminUrl,
    name: String,
    credentials: CredentialSource,
    limits: TimeLimits,
    // Never dropped: dropping waits for the lookup of a host's name, which knows no time limit.
    client: OnceLock<ManuallyDrop<Client>>,
    token: OnceLock<Option<Token>>,
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport").field("url", &self.url).finish_non_exhaustive()
    }
}

/// Why there is no answer, or only a part of it.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    pub(super) reason: String,
    pub(super) hint: Option<String>,
    /// Whether the server may have got the request.
    pub(super) sent: bool,
    /// Whether it is the network's doing, or the server's that is not there; what the server says on purpose and
    /// whom it claims to be are no faults.
    pub(super) fault: bool,
}

/// Why a question has no answer.
#[derive(Debug)]
pub(super) struct Unanswered {
    pub(super) error: Error,
    /// Whether it is a fault of the network, after which the last good answer may do.
    pub(super) fault: bool,
}

impl From<Error> for Unanswered {
    fn from(error: Error) -> Self {
        Self { error, fault: false }
    }
}

impl From<Unanswered> for Error {
    fn from(unanswered: Unanswered) -> Self {
        unanswered.error
    }
}

impl Transport {
    pub(super) fn new(
        url: AdminUrl,
        name: String,
        credentials: CredentialSource,
        limits: TimeLimits,
    ) -> Self {
        Self { url, name, credentials, limits, client: OnceLock::new(), token: OnceLock::new() }
    }

    /// Returns the address of a route, as the cache names it.
    pub(super) fn address(&self, parts: &[&str]) -> String {
        self.url.route(parts).to_string()
    }

    /// Returns the end of one question that starts now.
    pub(super) fn deadline_of_read(&self) -> Deadline {
        Deadline::after(self.limits.read)
    }

    /// Asks for a route, following redirects on the same origin.
    ///
    /// # Errors
    /// When no answer comes: [`Kind::Unreachable`], or [`Kind::Credentials`] without a usable token.
    pub(super) fn get(
        &self,
        parts: &[&str],
        query: &[(&str, String)],
    ) -> std::result::Result<Answer, Unanswered> {
        self.ask(parts, query, None, self.deadline_of_read())
    }

    /// Asks for a route, if it is no longer what this entity tag names, following redirects on the same origin.
    ///
    /// # Errors
    /// As [`Transport::get`].
    pub(super) fn ask(
        &self,
        parts: &[&str],
        query: &[(&str, String)],
        known: Option<&str>,
        deadline: Deadline,
    ) -> std::result::Result<Answer, Unanswered> {
        let token = self.token()?;
        let client = self.client()?;
        let mut url = self.url.route(parts);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let mut headers = headers(token);
        if let Some(known) = known.and_then(|known| HeaderValue::try_from(known).ok()) {
            headers.insert(IF_NONE_MATCH, known);
        }
        for _ in 0..=REDIRECTS {
            let request = client.request(Method::GET, url.clone()).headers(headers.clone());
            let answer =
                self.exchange(request, deadline, token).map_err(|failure| self.unanswered(failure))?;
            match redirect(&url, &answer) {
                Redirect::No => return Ok(answer),
                Redirect::Within(next) => url = next,
                Redirect::Away => return Err(self.redirected(&answer).into()),
            }
        }
        Err(Error::new(Kind::Unreachable, format!("{}: more than {REDIRECTS} redirects", self.name)).into())
    }

    /// Sends a change. Redirects are not followed: nobody agreed to change something elsewhere.
    ///
    /// # Errors
    /// The outer one when nothing could be sent; the inner one says whether the server may have got it.
    pub(super) fn patch(
        &self,
        parts: &[&str],
        extra: Vec<(HeaderName, String)>,
        body: &Value,
    ) -> Result<std::result::Result<Answer, Failure>> {
        let token = self.token()?;
        let client = self.client()?;
        let mut headers = headers(token);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        for (name, value) in extra {
            let value = HeaderValue::try_from(value).map_err(|_| {
                Error::new(Kind::Bug, format!("`{name}` has a value that no header can have"))
            })?;
            headers.insert(name, value);
        }
        let request =
            client.request(Method::PATCH, self.url.route(parts)).headers(headers).body(body.to_string());
        Ok(self.exchange(request, Deadline::after(self.limits.write), token))
    }

    /// Returns why a question has no answer.
    pub(super) fn unanswered(&self, failure: Failure) -> Unanswered {
        Unanswered { fault: failure.fault, error: self.unreachable(failure) }
    }

    /// Returns the error of a request without an answer that changed nothing.
    pub(super) fn unreachable(&self, failure: Failure) -> Error {
        let error = Error::new(Kind::Unreachable, format!("{}: {}", self.name, failure.reason));
        match failure.hint {
            Some(hint) => error.hint(hint),
            None => error,
        }
    }

    /// Returns the error of an answer that leads elsewhere.
    pub(super) fn redirected(&self, answer: &Answer) -> Error {
        let to = answer.location().unwrap_or_else(|| "nowhere".to_owned());
        let message =
            format!("{}: it answered {} and sends to {to}, which is not followed", self.name, answer.status);
        Error::new(Kind::Unreachable, message).hint("if that is the right address, set it as the url")
    }

    fn exchange(
        &self,
        request: reqwest::blocking::RequestBuilder,
        deadline: Deadline,
        token: Option<&Token>,
    ) -> std::result::Result<Answer, Failure> {
        let failed = |error: &reqwest::Error| self.failure(error, deadline);
        let mut response = request.timeout(deadline.left()).send().map_err(|error| failed(&error))?;
        let body = read_body(&mut response).map_err(|error| match error {
            BodyError::TooLarge => Failure {
                reason: format!("its answer is larger than {} MiB", LARGEST / 1024 / 1024),
                hint: None,
                sent: true,
                fault: false,
            },
            BodyError::Lost(error) => match error.get_ref().and_then(|inner| inner.downcast_ref()) {
                Some(error) => failed(error),
                None => Failure {
                    reason: format!("the connection broke inside its answer: {error}"),
                    hint: None,
                    sent: true,
                    fault: true,
                },
            },
        });
        let secret = token.map(|token| token.expose().to_owned());
        Ok(Answer { status: response.status(), headers: response.headers().clone(), body, secret })
    }

    fn failure(&self, error: &reqwest::Error, deadline: Deadline) -> Failure {
        let chain = chain(error);
        let root = clean(chain.last().map_or("", String::as_str), None);
        let sent = !(error.is_connect() || error.is_builder());
        let reason = if error.is_timeout() && error.is_connect() {
            format!("no connection within {:?}", self.limits.connect.min(deadline.whole))
        } else if error.is_timeout() {
            format!("no answer within {:?}", deadline.whole)
        } else if error.is_connect() {
            format!("cannot connect: {root}")
        } else {
            format!("the connection broke: {root}")
        };
        let distrusted = chain.iter().any(|text| text.contains("certificate"));
        let hint = if distrusted {
            "its certificate is not trusted here; is it the right address?"
        } else if error.is_timeout() {
            "FFCTL_TIMEOUT=30s waits longer"
        } else {
            "is it the right address, and is the server running?"
        };
        Failure { reason, hint: Some(hint.to_owned()), sent, fault: !distrusted && !error.is_builder() }
    }

    /// Returns the token, read when it is first asked for.
    pub(super) fn token(&self) -> Result<Option<&Token>> {
        if let Some(token) = self.token.get() {
            return Ok(token.as_ref());
        }
        let token = self.credentials.load()?;
        Ok(self.token.get_or_init(|| token).as_ref())
    }

    fn client(&self) -> Result<&Client> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let client = build(&self.url, &self.limits).map_err(|error| {
            let root = chain(&error).pop().unwrap_or_default();
            let error =
                Error::new(Kind::Unreachable, format!("{}: cannot set up a connection: {root}", self.name));
            if self.url.is_https() {
                error.hint("are the system's CA certificates installed?")
            } else {
                error
            }
        })?;
        Ok(self.client.get_or_init(|| ManuallyDrop::new(client)))
    }
}

fn build(url: &AdminUrl, limits: &TimeLimits) -> reqwest::Result<Client> {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Fails only if another thread was faster, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
    let mut builder = Client::builder()
        .user_agent(concat!("ffctl/", env!("CARGO_PKG_VERSION")))
        .http1_only()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .connect_timeout(limits.connect)
        .timeout(None);
    if url.is_loopback() {
        // What the system's resolver makes of `localhost` is not to decide where a token goes.
        let here = [SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), SocketAddr::from((Ipv6Addr::LOCALHOST, 0))];
        builder = builder.no_proxy().resolve_to_addrs("localhost", &here);
    }
    if url.is_https() {
        builder = builder.https_only(true);
    } else {
        // Reading the system's certificates takes longer than everything else.
        builder = builder.tls_certs_only([]);
    }
    builder.build()
}

fn headers(token: Option<&Token>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json, application/problem+json"));
    if let Some(token) = token {
        let mut value = HeaderValue::try_from(format!("Bearer {}", token.expose()))
            .expect("a token is printable ASCII, which every header can have");
        value.set_sensitive(true);
        headers.insert(AUTHORIZATION, value);
    }
    headers
}

enum Redirect {
    No,
    Within(Url),
    Away,
}

fn redirect(from: &Url, answer: &Answer) -> Redirect {
    if !matches!(answer.status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Redirect::No;
    }
    let location = answer.headers.get(LOCATION).and_then(|value| value.to_str().ok());
    match location.and_then(|location| from.join(location).ok()) {
        Some(to) if to.origin() == from.origin() && to.username().is_empty() && to.password().is_none() => {
            Redirect::Within(to)
        }
        _ => Redirect::Away,
    }
}

enum BodyError {
    TooLarge,
    Lost(std::io::Error),
}

fn read_body(response: &mut Response) -> std::result::Result<Vec<u8>, BodyError> {
    let mut body = Vec::new();
    let limit = u64::try_from(LARGEST).unwrap_or(u64::MAX).saturating_add(1);
    response.take(limit).read_to_end(&mut body).map_err(BodyError::Lost)?;
    if body.len() > LARGEST { Err(BodyError::TooLarge) } else { Ok(body) }
}

/// Returns the messages of an error and its causes, outermost first.
fn chain(error: &reqwest::Error) -> Vec<String> {
    let mut texts = Vec::new();
    let mut next: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = next {
        texts.push(error.to_string());
        next = error.source();
    }
    texts
}

/// The end of one whole question, redirects included.
#[derive(Clone, Copy)]
pub(super) struct Deadline {
    start: Instant,
    whole: Duration,
}

impl Deadline {
    fn after(whole: Duration) -> Self {
        Self { start: Instant::now(), whole }
    }

    /// Returns what is left, at least a millisecond.
    fn left(self) -> Duration {
        self.whole.saturating_sub(self.start.elapsed()).max(Duration::from_millis(1))
    }
}
