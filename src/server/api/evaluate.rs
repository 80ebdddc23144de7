//! `POST /evaluate`: flags × context → evaluations, with traces on request.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::answer::{evaluate_value, traced, value_report};
use crate::context::{Columns, Document, from_value};
use crate::eval::Scratch;
use crate::layer::Layers;
use crate::model::{Context, Timestamp};
use crate::report::{Answer, ContextReport, StepReport};
use crate::server::body::Body;
use crate::server::caller::Viewer;
use crate::server::people::Known;
use crate::server::problem::{Problem, ProblemBody};
use crate::server::snapshot::{Served, Snapshot};
use crate::server::state::Shared;

/// The name and version of the answer's form; fields may be added without a new version.
const SCHEMA: &str = "ffctl.evaluate/1";

/// What to evaluate.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EvaluateRequest)]
pub(super) struct Request {
    /// The flags; all of them if absent.
    #[serde(default)]
    flags: Option<Vec<String>>,
    /// For whom, as `ffctl get --context` takes it: `{"kind":"user","key":"u-42",…}`, `{"kind":"multi",…}` or a record
    /// with an `id`. Absent: for everyone, and what is not the same for everyone has no value.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    context: Option<Document>,
    /// The time at which to evaluate, RFC 3339; now if absent.
    #[serde(default)]
    at: Option<String>,
    /// Whether to tell every step.
    #[serde(default)]
    explain: bool,
}

/// The evaluations.
#[derive(Serialize, ToSchema)]
#[schema(as = Evaluations)]
pub(super) struct Evaluations {
    /// The name and version of this form.
    schema: &'static str,
    /// What the flags are worth, in the order asked: the answers of `ffctl get --json`.
    flags: Vec<Evaluated>,
    /// The flags of which nobody can tell what they are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    unclear: Vec<Unclear>,
    /// For whom; absent where everyone is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<ContextReport>,
}

/// What one flag is worth.
#[derive(Serialize, ToSchema)]
#[schema(as = EvaluatedFlag)]
struct Evaluated {
    #[serde(flatten)]
    answer: Answer,
    /// Every step tried, in order, as `ffctl explain --json` tells them; on request.
    #[serde(skip_serializing_if = "Option::is_none")]
    trace: Option<Vec<StepReport>>,
}

/// A flag of which a layer, or one of a flag that it needs, holds what cannot be read.
#[derive(Serialize, ToSchema)]
#[schema(as = UnclearFlag)]
struct Unclear {
    /// The flag.
    name: String,
    /// What is wrong, and what to do about it.
    detail: String,
}

/// Evaluates flags for one context, or for everyone; nothing is changed.
#[utoipa::path(
    post,
    path = "/evaluate",
    operation_id = "evaluate",
    tag = "admin",
    request_body = Request,
    responses(
        (status = 200, description = "the evaluations", body = Evaluations),
        (status = 400, description = "the body is no such request", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "no flag has one of these names", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "the context or the time is none", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("token" = ["viewer"]))
)]
pub(super) async fn evaluate(
    _: Viewer,
    State(server): State<Shared>,
    body: Body,
) -> Result<Json<Evaluations>, Problem> {
    let request: Request = body.object().map_err(|error| {
        Problem::new(StatusCode::BAD_REQUEST, "body", format!("the body is no request to evaluate: {error}"))
    })?;
    let context = request.context.map(|Document(value)| from_value(value, &Columns::default())).transpose();
    let context = context.map_err(|error| {
        let hint = error.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
        invalid("context", format!("{error}{hint}"))
    })?;
    let at = match &request.at {
        Some(text) => Timestamp::parse(text).map_err(|error| invalid("at", format!("at: {error}")))?,
        None => server.now(),
    };
    if request.explain && context.is_none() {
        return Err(invalid(
            "context",
            "what is explained is explained for a context, and there is none".to_owned(),
        ));
    }
    let known = match context {
        Some(context) => Some(server.known(context).await),
        None => None,
    };
    let snapshot = server.snapshot();
    let mut asked = Vec::new();
    match &request.flags {
        Some(names) => {
            for name in names {
                asked.push(snapshot.flag(name)?);
            }
        }
        None => asked.extend(snapshot.flags.values()),
    }
    Ok(Json(evaluations(&snapshot, &asked, known.as_ref(), at, request.explain)))
}

fn evaluations(
    snapshot: &Snapshot,
    asked: &[&Served],
    known: Option<&Known>,
    at: Timestamp,
    explain: bool,
) -> Evaluations {
    let layers = snapshot.layers();
    let mut scratch = Scratch::default();
    let (mut flags, mut unclear) = (Vec::new(), Vec::new());
    for flag in asked {
        match &flag.unclear {
            Some(detail) => {
                let name = flag.resolved.effective.name.to_string();
                unclear.push(Unclear { name, detail: detail.clone() });
            }
            None => flags.push(evaluated(
                snapshot,
                &layers,
                flag,
                known.map(|known| (&known.context, at)),
                explain,
                &mut scratch,
            )),
        }
    }
    let context = known.map(|known| known.report(at));
    Evaluations { schema: SCHEMA, flags, unclear, context }
}

fn evaluated(
    snapshot: &Snapshot,
    layers: &Layers<'_>,
    flag: &Served,
    context: Option<(&Context, Timestamp)>,
    explain: bool,
    scratch: &mut Scratch,
) -> Evaluated {
    let mut answer = value_report(layers, &flag.resolved);
    let Some((context, at)) = context else { return Evaluated { answer, trace: None } };
    let mut run = scratch.subject(&snapshot.program, context, at);
    evaluate_value(&snapshot.program, flag.id, &mut run, &mut answer);
    let trace = explain.then(|| traced(layers, &flag.resolved, flag.id, &mut run).1);
    Evaluated { answer, trace }
}

fn invalid(code: &'static str, detail: String) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail)
}
