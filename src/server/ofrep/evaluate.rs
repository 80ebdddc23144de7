//! One flag for one context: the snapshot's program → a success or a failure.

use std::cell::RefCell;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::eval::{NoObserver, Run, Scratch};
use crate::model::{BucketBy, Context, ErrorCode, Reason, Timestamp, Value};
use crate::server::snapshot::{Served, Snapshot};

use super::failure::{Code, Failure};
use super::success::{Metadata, Success, Word};

thread_local! {
    /// Memory for evaluations, one for each thread that serves connections.
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// What came out for one flag.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = OfrepEvaluation)]
pub(super) enum Evaluated<'a> {
    /// A value.
    Success(Success<'a>),
    /// None.
    Failure(Failure<'a>),
}

impl Evaluated<'_> {
    /// Returns the status of the answer.
    pub(super) const fn status(&self) -> StatusCode {
        match self {
            Self::Success(_) => StatusCode::OK,
            Self::Failure(failure) => failure.status(),
        }
    }
}

impl IntoResponse for Evaluated<'_> {
    fn into_response(self) -> Response {
        (self.status(), Json(self)).into_response()
    }
}

/// Calls `then` with what evaluates flags for a context.
pub(super) fn for_context<T>(
    snapshot: &Snapshot,
    context: &Context,
    now: Timestamp,
    then: impl FnOnce(&mut Run<'_, Context>) -> T,
) -> T {
    SCRATCH.with_borrow_mut(|scratch| then(&mut scratch.subject(&snapshot.program, context, now)))
}

/// Evaluates a flag; `bare` is why nothing but the key is known of the user.
pub(super) fn evaluate<'a>(
    snapshot: &'a Snapshot,
    name: &'a str,
    flag: &'a Served,
    bare: Option<&'static str>,
    run: &mut Run<'_, Context>,
) -> Evaluated<'a> {
    let failure = |error_code, error_details: String| {
        Evaluated::Failure(Failure { key: Some(name), error_code, error_details })
    };
    if let Some(unclear) = &flag.unclear {
        return failure(Code::ParseError, unclear.clone());
    }
    let evaluation = run.evaluate(flag.id, &mut NoObserver);
    let Some(reason) = Word::of(evaluation.reason) else {
        return match evaluation.reason {
            Reason::Error(ErrorCode::TargetingKeyMissing) => {
                let by = &flag.resolved.effective.bucket_by;
                if *by == BucketBy::default() {
                    let details =
                        format!("`{name}` is bucketed by user, and the context has no targetingKey");
                    return failure(Code::TargetingKeyMissing, details);
                }
                let details = format!("`{name}` is bucketed by {by}, which the context does not have");
                failure(Code::InvalidContext, details)
            }
            _ => failure(Code::ParseError, format!("the definition of `{name}` refers to what is not there")),
        };
    };
    let value = snapshot.program.value(flag.id, evaluation.variation);
    if matches!(value, Value::List(_) | Value::Null) {
        let details =
            format!("`{name}` serves {}, which OFREP cannot carry: wrap it in an object", value.kind());
        return failure(Code::General, details);
    }
    Evaluated::Success(Success {
        key: name,
        value,
        reason,
        variant: snapshot.program.variation(flag.id, evaluation.variation).as_str(),
        metadata: Metadata {
            source: flag.resolved.enabled.effective().source,
            version: flag.journal().map(|number| number.to_string()),
            directory: bare,
            rule: evaluation.rule.map(|rule| rule + 1),
            reason: (evaluation.reason == Reason::PrerequisiteFailed).then(|| evaluation.reason.word()),
        },
    })
}
