//! A directory behind HTTP: `GET …/users/{id}`, which answers with a record as JSON, or 404.

use std::io::{self, Read};
use std::mem::ManuallyDrop;
use std::sync::OnceLock;
use std::time::{Duration, UNIX_EPOCH};

use reqwest::blocking::{Client, Response};
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderValue};
use reqwest::{StatusCode, Url};

use crate::model::Timestamp;
use crate::net::{Attempts, Deadline, Failure, RetryAfter, Verdict, build, is_page, root};
use crate::settings::{DirectoryUrl, Token};

use super::limits::DirectoryOptions;
use super::lookup::{NoRecord, Source};
use super::record::Record;

/// Bytes of a record; a thousand of them are kept.
const LARGEST: u64 = 256 * 1024;
/// The least time in which asking again can come to anything.
const WORTH_IT: Duration = Duration::from_millis(20);

/// An endpoint. Redirects are not followed: an endpoint that moved is told to the operator.
pub(super) struct Http {
    url: DirectoryUrl,
    token: Option<Token>,
    options: DirectoryOptions,
    // Never dropped: dropping waits for the lookup of a host's name, which knows no time limit.
    client: OnceLock<ManuallyDrop<Client>>,
}

/// An answer, as far as it came.
struct Answer {
    status: StatusCode,
    told: Option<RetryAfter>,
    body: Result<Vec<u8>, Failure>,
}

impl Source for Http {
    fn record(&self, key: &str) -> Result<Record, NoRecord> {
        // No user has a key that leads to another route.
        let url = self.url.of(key).ok_or(NoRecord::NoSuchUser)?;
        let client = self.client()?;
        let deadline = Deadline::after(self.options.limits.read);
        let mut attempts = Attempts::new(self.options.retries);
        loop {
            let answer = self.exchange(client, url.clone(), deadline);
            if !attempts.again(verdict(&answer), deadline, WORTH_IT) {
                return outcome(answer, attempts.made());
            }
        }
    }
}

impl Http {
    pub(super) fn new(url: DirectoryUrl, token: Option<Token>, options: DirectoryOptions) -> Self {
        Self { url, token, options, client: OnceLock::new() }
    }

    fn exchange(&self, client: &Client, url: Url, deadline: Deadline) -> Result<Answer, Failure> {
        let connect = self.options.limits.connect;
        let mut request = client.get(url).header(ACCEPT, "application/json").timeout(deadline.left());
        if let Some(token) = &self.token {
            let mut value = HeaderValue::try_from(format!("Bearer {}", token.expose()))
                .expect("a token is printable ASCII, which every header can have");
            value.set_sensitive(true);
            request = request.header(AUTHORIZATION, value);
        }
        let mut response = request.send().map_err(|error| Failure::of(&error, connect, deadline))?;
        let status = response.status();
        let told = RetryAfter::of(response.headers(), self.now());
        // What stands in a refusal is nobody's business: it may be somebody's record.
        let body = if status == StatusCode::OK {
            read_body(&mut response).map_err(|error| Failure::of_body(&error, connect, deadline))
        } else {
            Ok(Vec::new())
        };
        Ok(Answer { status, told, body })
    }

    fn now(&self) -> Option<Timestamp> {
        let since = (self.options.clock?)().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).ok().map(Timestamp::from_millis)
    }

    fn client(&self) -> Result<&Client, NoRecord> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let client = build(self.url.template(), &self.options.limits, self.options.proxy.as_ref())
            .map_err(|error| NoRecord::Away(format!("cannot set up a connection: {}", root(&error))))?;
        Ok(self.client.get_or_init(|| ManuallyDrop::new(client)))
    }
}

/// Reads one byte more than a record may have.
fn read_body(response: &mut Response) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    response.take(LARGEST + 1).read_to_end(&mut body)?;
    Ok(body)
}

/// Tells whether another attempt may lead to another answer. No 4xx is ever asked again.
fn verdict(answer: &Result<Answer, Failure>) -> Verdict {
    match answer {
        Ok(Answer { body: Err(failure), .. }) | Err(failure) if failure.fault => Verdict::Again(None),
        Ok(Answer { body: Ok(_), status, told }) => Verdict::of(*status, *told),
        Ok(_) | Err(_) => Verdict::Final,
    }
}

/// Returns the record of the last answer.
fn outcome(answer: Result<Answer, Failure>, attempts: u32) -> Result<Record, NoRecord> {
    let told_of = |why: String| if attempts > 1 { format!("{why} (asked {attempts} times)") } else { why };
    let (failed, away) = (|why| NoRecord::Failed(told_of(why)), |why| NoRecord::Away(told_of(why)));
    let Answer { status, told, body } = answer.map_err(|failure| away(failure.reason))?;
    match status.as_u16() {
        200 => {}
        404 | 410 => return Err(NoRecord::NoSuchUser),
        401 | 403 => return Err(away(format!("it refuses the token ({status})"))),
        300..=399 => return Err(away(format!("it answered {status}, which is not followed"))),
        429 => {
            let when = told.map(|told| format!("; it can be asked again {}", told.words()));
            return Err(away(format!("too many requests ({status}){}", when.unwrap_or_default())));
        }
        500.. => return Err(away(format!("it answered {status}"))),
        _ => return Err(failed(format!("it answered {status}"))),
    }
    let body = body.map_err(|failure| away(failure.reason))?;
    if body.len() as u64 > LARGEST {
        return Err(failed(format!("its answer is larger than {} KiB", LARGEST / 1024)));
    }
    if is_page(&body) {
        return Err(failed("it answered with a web page".to_owned()));
    }
    Record::from_json(&body).map_err(failed)
}
