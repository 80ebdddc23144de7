//! What the profile of a target demands of a change, asked in the one place where all changes pass.

use crate::change::{Plan, Refusal, Restricted, nothing_frozen};
use crate::cli::LayerWord;
use crate::error::Result;
use crate::report::RefusalReport;
use crate::settings::TargetPlace;

use super::again::Again;
use super::change::Change;
use super::load::Loaded;
use super::session::Session;

/// Returns the guards of the profile that refuse a change; a file is nobody's target and has none.
pub(super) fn refusals(
    session: &Session,
    loaded: &Loaded,
    change: &Change<'_>,
    plan: &Plan,
    again: &Again,
) -> Result<Vec<Refusal>> {
    let arguments = change.arguments;
    let override_freeze = arguments.override_freeze.as_deref();
    match (&loaded.choice.place, change.layer) {
        (TargetPlace::Server { profile: Some(profile), .. }, LayerWord::Admin) => crate::change::refusals(
            plan,
            &Restricted {
                profile,
                guards: &loaded.choice.guards,
                config: &loaded.choice.config,
                reason: arguments.reason.as_deref(),
                override_freeze,
                now: session.now(),
                again: &again.change,
            },
        ),
        _ => nothing_frozen(override_freeze).map(|none: Option<Refusal>| none.into_iter().collect()),
    }
}

/// Returns a refusal as a dry run tells it.
pub(super) fn refusal_report(refusal: &Refusal) -> RefusalReport {
    let (message, place) = (refusal.message.clone(), refusal.place.clone());
    RefusalReport { guard: refusal.guard, message, place }
}
