//! What one user gets, and every step of why.

use maud::{Markup, html};
use serde::Deserialize;

use crate::answer::evaluation;
use crate::context::from_options;
use crate::layer::{Layers, Resolved};
use crate::model::{Context, Timestamp};
use crate::report::{DirectoryReport, EvaluationReport, StepReport};
use crate::server::people::Known;
use crate::server::state::Server;

use super::parts;

/// For whom a flag is explained.
#[derive(Default, Deserialize)]
pub(super) struct For {
    /// The user's key.
    #[serde(default)]
    user: String,
    /// The organisation's key.
    #[serde(default)]
    org: String,
    /// Attributes as the command line has them, `email=a@b.example plan=pro`.
    #[serde(default)]
    attributes: String,
    /// The number of the change that was just made.
    pub(super) done: Option<u64>,
}

impl For {
    fn is_given(&self) -> bool {
        !(self.user.is_empty() && self.org.is_empty() && self.attributes.trim().is_empty())
    }

    fn context(&self) -> Result<Context, String> {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let (user, org) = (given(self.user.trim()), given(self.org.trim()));
        let attributes = self.attributes.split_whitespace();
        from_options(Context::default(), user.as_deref(), org.as_deref(), attributes)
            .map_err(|error| error.to_string())
    }
}

/// Whom a page explains a flag for, as far as known; none where nobody is asked about.
pub(super) type Asked = Option<Result<Known, String>>;

/// Returns whom is asked about, looked up where the server does so.
pub(super) async fn known(server: &Server, asked: &For) -> Asked {
    if !asked.is_given() {
        return None;
    }
    Some(match asked.context() {
        Ok(context) => Ok(server.known(context).await),
        Err(wrong) => Err(wrong),
    })
}

/// Returns the question and, once it is asked, the answer.
pub(super) fn section(
    layers: &Layers<'_>,
    resolved: &Resolved,
    asked: &For,
    answer: &Asked,
    now: Timestamp,
) -> Markup {
    html! {
        section #explain {
            h2 { "Explain for a user" }
            form.explain method="get" action="#explain" {
                label { "User" input name="user" value=(asked.user) placeholder="u-42"; }
                label { "Organisation" input name="org" value=(asked.org) placeholder="acme"; }
                label.grow { "Attributes" input name="attributes" value=(asked.attributes) placeholder="email=ada@example.com account_age_days=3"; }
                button type="submit" { "Explain" }
            }
            @match answer {
                None => {},
                Some(Err(wrong)) => { p.alert role="alert" { (parts::foreign(wrong)) } },
                Some(Ok(known)) => {
                    @if let Some(report) = evaluation(layers, resolved, &known.context, now) { (explained(&report, known.report(now).directory.as_ref())) }
                },
            }
        }
    }
}

fn explained(report: &EvaluationReport, directory: Option<&DirectoryReport>) -> Markup {
    html! {
        p.verdict {
            (parts::foreign(&report.context.summary)) " gets "
            strong class=(if report.on { "state on" } else { "state off" }) { (parts::foreign(report.variation.as_str())) }
            span.faint { " because of " (report.reason.word()) }
        }
        @if let Some(directory) = directory {
            p.faint {
                "The user is known " (directory.words())
                @if let Some(message) = &directory.message { ": " (parts::foreign(message)) }
                @for odd in &directory.odd { " · " (parts::foreign(&odd.field)) ": " (parts::foreign(&odd.message)) }
            }
        }
        ol.trace { @for step in &report.trace { (line(step)) } }
    }
}

fn line(step: &StepReport) -> Markup {
    html! {
        li class=(step.outcome) {
            span.step { (parts::foreign(&step.subject)) }
            span { (parts::foreign(&step.detail)) }
            @for clause in &step.clauses {
                div.clause class=(if clause.matched { "matched" } else { "missed" }) {
                    code { (parts::foreign(&clause.clause)) } span.faint { " is " (parts::foreign(&clause.actual_text)) }
                }
            }
            @if let Some(origin) = &step.origin { span.place { (parts::foreign(&origin.to_string())) } }
        }
    }
}
