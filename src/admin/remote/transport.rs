//! Requests and answers: their limits, their repetition, and where the token may go.

use std::fmt;
use std::io::{self, Read};
use std::mem::ManuallyDrop;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use reqwest::blocking::{Client, RequestBuilder, Response};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, IF_NONE_MATCH};
use reqwest::{Method, Url};
use serde_json::Value;

use crate::error::{Error, Kind, Result};
use crate::model::Timestamp;
use crate::net::{Attempts, Deadline, Failure, RetryAfter, Unanswered, Verdict, build, certificate, root};
use crate::settings::{AdminUrl, CredentialSource, TimeLimits, Token};

use super::answer::{Answer, told};
use super::headers::headers;
use super::options::ClientOptions;
use super::redirect::{Redirect, redirect};
use super::refusal::outcome_is_unknown;

/// Bytes of an answer that are read; more is no answer of this API.
const LARGEST: u64 = 8 * 1024 * 1024;
/// Bytes of a refusal that are read; what comes after them is not missed.
const LARGEST_REFUSAL: u64 = 64 * 1024;
/// The least time in which asking again can come to anything.
const WORTH_IT: Duration = Duration::from_millis(20);
/// Redirects of one read that are followed, all on the same origin.
const REDIRECTS: usize = 5;

/// Sends requests to one server.
pub(super) struct Transport {
    url: AdminUrl,
    name: String,
    credentials: CredentialSource,
    limits: TimeLimits,
    options: ClientOptions,
    // Never dropped: dropping waits for the lookup of a host's name, which knows no time limit.
    client: OnceLock<ManuallyDrop<Client>>,
    token: OnceLock<Option<Token>>,
    honours_keys: AtomicBool,
    /// The most milliseconds that a read may take, whatever the limits say.
    most_millis: AtomicU64,
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport").field("url", &self.url).finish_non_exhaustive()
    }
}

/// What became of a change that was sent.
#[derive(Debug)]
pub(super) struct Sent {
    /// The last answer, or why there is none.
    pub(super) result: std::result::Result<Answer, Failure>,
    /// Whether an attempt before may have changed something.
    pub(super) before: bool,
}

impl Transport {
    pub(super) fn new(
        url: AdminUrl,
        name: String,
        credentials: CredentialSource,
        limits: TimeLimits,
    ) -> Self {
        Self {
            url,
            name,
            credentials,
            limits,
            options: ClientOptions::default(),
            client: OnceLock::new(),
            token: OnceLock::new(),
            honours_keys: AtomicBool::new(false),
            most_millis: AtomicU64::new(u64::MAX),
        }
    }

    /// Uses what a run gives beside the address, before anything is asked.
    pub(super) fn set(&mut self, options: ClientOptions) {
        self.options = options;
    }

    /// Returns what the run gave beside the address.
    pub(super) fn options(&self) -> &ClientOptions {
        &self.options
    }

    /// Remembers that the server does nothing twice for one `Idempotency-Key`.
    pub(super) fn honours_keys(&self) {
        self.honours_keys.store(true, Ordering::Relaxed);
    }

    /// Returns the address of a route, as the cache names it.
    pub(super) fn address(&self, parts: &[&str]) -> String {
        self.url.route(parts).to_string()
    }

    /// Returns the end of one question that starts now. Reading the system's certificates is no part of it.
    ///
    /// # Errors
    /// When there is no client.
    pub(super) fn deadline_of_read(&self) -> Result<Deadline> {
        self.client()?;
        let most = Duration::from_millis(self.most_millis.load(Ordering::Relaxed));
        Ok(Deadline::after(self.limits.read.min(most)))
    }

    /// Asks for a route, following redirects on the same origin, again after faults.
    ///
    /// # Errors
    /// When no answer comes: [`Kind::Unreachable`], or [`Kind::Credentials`] without a usable token.
    pub(super) fn get(
        &self,
        parts: &[&str],
        query: &[(&str, String)],
    ) -> std::result::Result<Answer, Unanswered> {
        self.ask(parts, query, None, self.deadline_of_read()?)
    }

    /// Asks for a route, if it is no longer what this entity tag names.
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
        let mut url = self.url.route(parts);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let mut headers = headers(token);
        if let Some(known) = known.and_then(|known| HeaderValue::try_from(known).ok()) {
            headers.insert(IF_NONE_MATCH, known);
        }
        let mut attempts = Attempts::new(self.options.retries);
        let mut before = None;
        loop {
            let outcome = self.follow(url.clone(), &headers, deadline, token);
            let verdict = match &outcome {
                Ok(answer) => self.verdict(answer),
                Err(unanswered) if unanswered.fault => Verdict::Again(None),
                Err(_) => Verdict::Final,
            };
            let over = matches!(&outcome, Err(unanswered) if unanswered.fault && deadline.is_over());
            if !attempts.again(verdict, deadline, WORTH_IT) {
                // An attempt that only ran out of time tells less than the one before.
                let outcome = before.filter(|_| over).unwrap_or(outcome);
                return told(outcome, attempts.made());
            }
            before = Some(outcome);
        }
    }

    /// Makes one attempt, with the redirects that it leads to.
    fn follow(
        &self,
        mut url: Url,
        headers: &HeaderMap,
        deadline: Deadline,
        token: Option<&Token>,
    ) -> std::result::Result<Answer, Unanswered> {
        let client = self.client()?;
        for _ in 0..=REDIRECTS {
            let request = client.request(Method::GET, url.clone()).headers(headers.clone());
            let answer = self.exchange(request, deadline, token);
            let answer = answer.map_err(|failure| self.unanswered(failure))?;
            match redirect(&url, &answer) {
                Redirect::No => return Ok(answer),
                Redirect::Within(next) => url = next,
                Redirect::Away => return Err(self.redirected(&answer).into()),
            }
        }
        Err(Error::new(Kind::Unreachable, format!("{}: more than {REDIRECTS} redirects", self.name)).into())
    }

    /// Tells whether another attempt may lead to another answer.
    fn verdict(&self, answer: &Answer) -> Verdict {
        match &answer.body {
            Err(failure) if failure.fault && answer.status.is_success() => Verdict::Again(None),
            _ => Verdict::of(answer.status, RetryAfter::of(&answer.headers, self.now())),
        }
    }

    /// Sends a change; again where that cannot make two of it, see [`crate::net::Retries`]. Redirects are not followed:
    /// nobody agreed to change something elsewhere.
    ///
    /// # Errors
    /// When nothing could be sent.
    pub(super) fn patch(
        &self,
        parts: &[&str],
        extra: Vec<(HeaderName, String)>,
        body: &Value,
    ) -> Result<Sent> {
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
        let (url, body) = (self.url.route(parts), body.to_string());
        let deadline = Deadline::after(self.limits.write);
        let mut attempts = Attempts::new(self.options.retries);
        let mut before = false;
        loop {
            let request =
                client.request(Method::PATCH, url.clone()).headers(headers.clone()).body(body.clone());
            let result = self.exchange(request, deadline, token);
            // Less would make a change that was never sent look like one whose answer is late.
            let enough = self.limits.connect;
            if !attempts.again(self.verdict_of_change(&result), deadline, enough) {
                return Ok(Sent { result, before });
            }
            before |= match &result {
                Ok(answer) => outcome_is_unknown(answer.status),
                Err(failure) => failure.sent,
            };
        }
    }

    /// Sends a request once, with a body or none: neither a redirect nor a lost answer is followed by another.
    ///
    /// # Errors
    /// When no answer comes; outcome unknown, when the server may have got it.
    pub(super) fn once(
        &self,
        method: Method,
        parts: &[&str],
        query: &[(&str, String)],
        body: Option<&Value>,
    ) -> Result<Answer> {
        let token = self.token()?;
        let mut url = self.url.route(parts);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let mut request = self.client()?.request(method, url).headers(headers(token));
        if let Some(body) = body {
            request = request.header(CONTENT_TYPE, "application/json").body(body.to_string());
        }
        let answer = self.exchange(request, Deadline::after(self.limits.write), token);
        let answer = answer.map_err(|failure| {
            if !failure.sent {
                return self.unreachable(failure);
            }
            let message = format!(
                "{}: it was sent, and whether it took effect is unknown: {}",
                self.name, failure.reason
            );
            Error::new(Kind::OutcomeUnknown, message).hint("see what is there now: ffctl token list")
        })?;
        if answer.status.is_redirection() {
            return Err(self.redirected(&answer));
        }
        Ok(answer)
    }

    /// Begins a question whose answer goes on: without a time limit of its own, without another attempt, following
    /// nothing.
    ///
    /// # Errors
    /// When there is no client, or no usable token.
    pub(super) fn endless(&self, parts: &[&str]) -> Result<RequestBuilder> {
        let request = self.client()?.request(Method::GET, self.url.route(parts));
        Ok(request.headers(headers(self.token()?)))
    }

    /// Gives each read no more than this time from now on.
    pub(super) fn limit(&self, read: Duration) {
        let millis = u64::try_from(read.as_millis()).unwrap_or(u64::MAX);
        self.most_millis.store(millis, Ordering::Relaxed);
    }

    fn verdict_of_change(&self, result: &std::result::Result<Answer, Failure>) -> Verdict {
        let honoured = self.honours_keys.load(Ordering::Relaxed);
        match result {
            Err(failure) if !failure.fault => Verdict::Final,
            Err(failure) if !failure.sent || honoured => Verdict::Again(None),
            Ok(answer) if honoured && matches!(answer.status.as_u16(), 500 | 502..=504) => {
                self.verdict(answer)
            }
            Ok(_) | Err(_) => Verdict::Final,
        }
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
        request: RequestBuilder,
        deadline: Deadline,
        token: Option<&Token>,
    ) -> std::result::Result<Answer, Failure> {
        let connect = self.limits.connect;
        let mut response = request
            .timeout(deadline.left())
            .send()
            .map_err(|error| Failure::of(&error, connect, deadline))?;
        let status = response.status();
        let body = if status.is_success() {
            match read_body(&mut response, LARGEST + 1) {
                Ok(body) if body.len() as u64 > LARGEST => {
                    Err(Failure::nonsense(format!("its answer is larger than {} MiB", LARGEST / 1024 / 1024)))
                }
                Ok(body) => Ok(body),
                Err(error) => Err(Failure::of_body(&error, connect, deadline)),
            }
        } else {
            read_body(&mut response, LARGEST_REFUSAL)
                .map_err(|error| Failure::of_body(&error, connect, deadline))
        };
        let secret = token.map(|token| token.expose().to_owned());
        let (headers, now) = (response.headers().clone(), self.now());
        let certificate = certificate(response.extensions().get());
        Ok(Answer { status, headers, body, secret, now, certificate, attempts: 1 })
    }

    fn now(&self) -> Option<Timestamp> {
        let since = (self.options.clock?)().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).ok().map(Timestamp::from_millis)
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
        let client =
            build(&self.url.route(&[]), &self.limits, self.options.proxy.as_ref()).map_err(|error| {
                let root = root(&error);
                let error = Error::new(
                    Kind::Unreachable,
                    format!("{}: cannot set up a connection: {root}", self.name),
                );
                if self.url.is_https() {
                    error.hint("are the system's CA certificates installed?")
                } else {
                    error
                }
            })?;
        Ok(self.client.get_or_init(|| ManuallyDrop::new(client)))
    }
}

/// Reads at most so many bytes.
fn read_body(response: &mut Response, most: u64) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    response.take(most).read_to_end(&mut body)?;
    Ok(body)
}
