//! From a plain request to the bytes that the route would answer.

use std::cell::RefCell;
use std::io::Write;
use std::time::Instant;

use axum::http::{Method, StatusCode};
use jiff::fmt::rfc2822::DateTimePrinter;

use crate::admin::Role;
use crate::model::Timestamp;
use crate::server::caller::authorized;
use crate::server::metrics::Answers;
use crate::server::ofrep::{SINGLE, evaluate_at_once};
use crate::server::router::log_answer;
use crate::server::state::Shared;

use super::request::Plain;

thread_local! {
    /// The header of the second that was answered in last, and that second.
    static DATE: RefCell<(i64, String)> = const { RefCell::new((i64::MIN, String::new())) };
}

/// What answers the requests of a connection.
#[derive(Default)]
pub(super) struct Answering {
    /// What counts them, for each status that there was.
    counts: Vec<(StatusCode, Answers)>,
}

impl Answering {
    /// Answers a request into `out`; tells whether it did. If not, it is to be refused, and nothing was counted of it.
    pub(super) fn answer(&mut self, server: &Shared, request: &Plain<'_>, out: &mut Vec<u8>) -> bool {
        let begin = Instant::now();
        // Every token is at least a viewer's: none is refused after the limit counted it.
        let limit = server.evaluation_rate.as_ref();
        if authorized(Some(request.authorization), server, limit, Role::Viewer, None).is_err() {
            return false;
        }
        let now = server.now();
        let (status, body) = evaluate_at_once(&server.snapshot(), request.key, request.body, now);
        write(out, status, &body, now);
        let took = begin.elapsed();
        self.counts(server, status).count(took);
        log_answer(&Method::POST, SINGLE, status, took);
        true
    }

    fn counts(&mut self, server: &Shared, status: StatusCode) -> &Answers {
        let place = self.counts.iter().position(|(counted, _)| *counted == status).unwrap_or_else(|| {
            let answers = server.metrics.answers(Method::POST.as_str(), SINGLE, status.as_u16());
            self.counts.push((status, answers));
            self.counts.len() - 1
        });
        &self.counts[place].1
    }
}

/// Writes what hyper writes for an answer in JSON.
fn write(out: &mut Vec<u8>, status: StatusCode, body: &[u8], now: Timestamp) {
    let (code, reason) = (status.as_str(), status.canonical_reason().unwrap_or_default());
    DATE.with_borrow_mut(|(second, date)| {
        let this = now.millis().div_euclid(1000);
        if *second != this {
            (*second, *date) = (this, date_of(this));
        }
        write!(
            out,
            "HTTP/1.1 {code} {reason}\r\ncontent-type: application/json\r\nx-content-type-options: nosniff\r\n\
             content-length: {}\r\ndate: {date}\r\n\r\n",
            body.len()
        )
        .expect("memory takes everything");
    });
    out.extend_from_slice(body);
}

/// Returns a second as RFC 9110, section 5.6.7 wants it; the first of 1970 for one that it cannot tell.
fn date_of(second: i64) -> String {
    let time = jiff::Timestamp::from_second(second).unwrap_or_default();
    DateTimePrinter::new().timestamp_to_rfc9110_string(&time).expect("years from 1970 on have four digits")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_http() {
        assert_eq!(date_of(784_111_777), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(date_of(0), "Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(date_of(i64::MAX), date_of(0));
    }
}
