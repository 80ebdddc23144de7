//! A condition against the layers.

use crate::error::did_you_mean;
use crate::eval::World;
use crate::flagfile::FlagFile;
use crate::layer::{Layers, Resolved, View};
use crate::model::{Context, ContextKind, ExperimentName, FlagName, Timestamp};

use super::condition::Condition;
use super::verdict::{Outcome, Verdict};
use super::{experiment, flag};

/// What conditions are judged by.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// The layers.
    pub layers: Layers<'a>,
    /// The one context that is asked about; none where everybody is.
    pub context: Option<&'a Context>,
    /// The time of evaluations.
    pub at: Timestamp,
}

/// Returns the verdict on a condition. Total.
pub fn judge(asked: &Asked<'_>, condition: &Condition) -> Verdict {
    let name = condition.name.as_str();
    let context = context_of(asked, condition);
    let asked = Asked { context: context.as_ref(), ..*asked };
    if let Some(resolved) = asked.layers.resolve(name) {
        let judge = |flags: &[Resolved]| {
            unreadable(flags, name).unwrap_or_else(|| flag::judge(&asked, condition, &resolved))
        };
        return with_drift(&asked, judge(&asked.layers.closure(name)), name, Some(name));
    }
    let Some(found) = asked.layers.experiment(name) else { return unknown(&asked.layers, name) };
    let gate = found.flag.as_ref().map(FlagName::as_str);
    let needed = gate.map(|gate| asked.layers.closure(gate)).unwrap_or_default();
    let verdict = unreadable(&needed, name).unwrap_or_else(|| experiment::judge(&asked, condition, &found));
    with_drift(&asked, verdict, name, gate)
}

/// Returns the context that the condition is about: the user that it names, with all else that is known; none if it is
/// about everybody.
pub fn context_of(asked: &Asked<'_>, condition: &Condition) -> Option<Context> {
    if !condition.asks_of_contexts() {
        return None;
    }
    let Some(user) = &condition.user else { return asked.context.cloned() };
    let mut context = asked.context.cloned().unwrap_or_default();
    context.part_mut(&ContextKind::user()).key = Some(user.clone());
    Some(context)
}

/// Returns the verdict where a layer holds something that cannot be read of a flag that is needed.
fn unreadable(needed: &[Resolved], name: &str) -> Option<Verdict> {
    let mut problems = needed.iter().flat_map(|flag| &flag.problems);
    let first = problems.next()?;
    let more = match problems.count() {
        0 => String::new(),
        1 => ", and one more value cannot be read".to_owned(),
        more => format!(", and {more} more values cannot be read"),
    };
    let message = format!("nobody can tell what `{name}` is: {first}{more}");
    Some(Verdict::unclear(Outcome::Invalid, message, Some(first.fix.clone())))
}

/// Takes in what the server sees otherwise, unless it was chosen whose word counts. What cannot be answered at all
/// stays that.
fn with_drift(asked: &Asked<'_>, verdict: Verdict, name: &str, flag: Option<&str>) -> Verdict {
    let drift = flag.map(|flag| asked.layers.drifts(flag)).unwrap_or_default();
    let answered = verdict.outcome == Outcome::Holds || verdict.outcome.is_no();
    if drift.is_empty() || !answered || asked.layers.admin.view.is_some() {
        return verdict;
    }
    let said: Vec<String> = drift
        .iter()
        .map(|one| {
            let of = if one.flag.as_str() == name { String::new() } else { format!("`{}`: ", one.flag) };
            format!("{of}{one}")
        })
        .collect();
    let hint = format!(
        "--view {} or --view {} chooses whose word counts",
        View::Checkout.word(),
        View::Server.word()
    );
    let unclear = Verdict::unclear(Outcome::Drift, said.join("; "), Some(hint));
    Verdict { actual: verdict.actual, reason: verdict.reason, decided: verdict.decided, drift, ..unclear }
}

/// Returns the verdict on a name that nothing has.
fn unknown(layers: &Layers<'_>, name: &str) -> Verdict {
    let undeclared = layers.undeclared();
    let definitions = layers.file.map(FlagFile::definitions);
    let experiments =
        definitions.into_iter().flat_map(|all| all.experiments.keys().map(ExperimentName::as_str));
    let flags = layers.declared().map(FlagName::as_str).chain(undeclared.iter().copied());
    let hint = did_you_mean(name, flags.chain(experiments))
        .unwrap_or_else(|| "`ffctl list -o name` names all flags".to_owned());
    Verdict::unclear(Outcome::Unknown, format!("there is no flag or experiment `{name}`"), Some(hint))
}

/// How many variations are named rather than the nearest of them.
const FEW: usize = 8;

/// Returns the verdict on a variation or variant (that is the noun) which is not among those that there are.
pub(super) fn unknown_variation(condition: &Condition, noun: &str, wanted: &str, known: &[&str]) -> Verdict {
    let name = &condition.name;
    let all = known.join(", ");
    let hint = match did_you_mean(wanted, known.iter().copied()) {
        Some(hint) if known.len() > FEW => hint,
        _ => format!("it has {all}"),
    };
    Verdict::unclear(Outcome::Unknown, format!("`{name}` has no {noun} `{wanted}`"), Some(hint))
}
