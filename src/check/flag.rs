//! A condition on a flag.

use std::cmp::Ordering;

use crate::eval::{Bounds, Builder, Part, Scratch, State, Step, on_bounds, state_of};
use crate::layer::{Freshness, Layers, Origin, Resolved, Setting, TargetKind, View};
use crate::model::{Context, ErrorCode, Reason, VariationName, Weight};
use crate::simulate::Comparison;

use super::condition::{Condition, Test};
use super::judge::{Asked, unknown_variation};
use super::verdict::{Decided, Outcome, Verdict};

/// Judges a flag whose layers can all be read.
pub(super) fn judge(asked: &Asked<'_>, condition: &Condition, resolved: &Resolved) -> Verdict {
    if let Some(unanswerable) = unanswerable(asked, condition, resolved) {
        return unanswerable;
    }
    let verdict = match (&condition.test, asked.context) {
        (Test::Enabled(wanted), _) => {
            let on = resolved.is_enabled();
            let verdict = Verdict::plain(on == *wanted, Test::Enabled(on).to_string());
            Verdict { decided: Some(of(resolved.enabled.effective())), ..verdict }
        }
        (Test::Share(comparison, weight), _) => {
            let bounds = on_bounds(&asked.layers, &resolved.effective);
            of_everybody(asked, resolved, |state| share(*comparison, *weight, bounds, state))
        }
        (Test::Partial, _) => of_everybody(asked, resolved, |state| match state {
            State::Partial(_) => Verdict::plain(true, state.to_string()),
            State::On(served) | State::Off(served) => Verdict::plain(false, served.to_string()),
        }),
        (test, None) => of_everybody(asked, resolved, |state| match (test, state) {
            (_, State::Partial(_)) => {
                Verdict { actual: Some(state.to_string()), ..Verdict::new(Outcome::Partial) }
            }
            (Test::Serves(wanted), State::On(served) | State::Off(served)) => {
                Verdict::plain(served == wanted, served.to_string())
            }
            (_, State::On(served)) => Verdict::plain(*test == Test::Switch(true), served.to_string()),
            (_, State::Off(served)) => Verdict::plain(*test == Test::Switch(false), served.to_string()),
        }),
        (test, Some(context)) => of_context(asked, resolved, test, context),
    };
    let message = verdict.message.clone().or_else(|| one_sided(asked, resolved));
    Verdict { message, ..verdict }
}

/// Returns which side alone knows the flag, where both were asked.
fn one_sided(asked: &Asked<'_>, resolved: &Resolved) -> Option<String> {
    let admin = asked.layers.admin;
    let listed = asked.layers.server(resolved.effective.name.as_str()).is_some();
    let asked = admin.target.kind == TargetKind::Server && admin.freshness != Freshness::NotAsked;
    match (resolved.is_declared(), listed) {
        (false, _) => Some("undeclared, so only the switch is known".to_owned()),
        (true, false) if asked => Some("the server does not list it".to_owned()),
        (true, _) => None,
    }
}

/// Returns the verdict where the condition asks for what the flag does not have.
fn unanswerable(asked: &Asked<'_>, condition: &Condition, resolved: &Resolved) -> Option<Verdict> {
    let name = &resolved.effective.name;
    let variations = &resolved.effective.variations;
    let admin = asked.layers.admin;
    if admin.view == Some(View::Server)
        && admin.target.kind == TargetKind::Server
        && asked.layers.server(name.as_str()).is_none()
    {
        let message = format!("{} knows no flag `{name}`, so it has no view of it", admin.target);
        let hint = "leave out --view server to go by this checkout".to_owned();
        return Some(Verdict::unclear(Outcome::Unknown, message, Some(hint)));
    }
    if let Some(word) = condition.test.word().filter(|word| variations.find(word).is_some()) {
        let message = format!("`{word}` is a variation of `{name}` as well: nobody can tell which is meant");
        return Some(Verdict::no_question(message, format!("ffctl get {name} -o json tells both apart")));
    }
    match &condition.test {
        Test::Serves(wanted) if variations.find(wanted.as_str()).is_none() => {
            let known = variations.iter().map(|variation| variation.name.as_str());
            Some(unknown_variation(condition, "variation", wanted.as_str(), &known.collect::<Vec<_>>()))
        }
        _ => None,
    }
}

/// Compares the part of everybody that is on. No only where no group of contexts has it so.
fn share(comparison: Comparison, weight: Weight, bounds: Bounds, state: &State) -> Verdict {
    let wanted = Part::from(weight);
    let holds = |part: Part| comparison.holds(part.cmp(&wanted));
    let (least, most) = (bounds.least.cmp(&wanted), bounds.most.cmp(&wanted));
    let never = match comparison {
        Comparison::AtLeast | Comparison::Above => !holds(bounds.most),
        Comparison::AtMost | Comparison::Below => !holds(bounds.least),
        Comparison::Equal => least == Ordering::Greater || most == Ordering::Less,
    };
    let outcome = match (holds(bounds.least) && holds(bounds.most), never) {
        (true, _) => Outcome::Holds,
        (false, true) => Outcome::Fails,
        (false, false) => Outcome::Partial,
    };
    let (told, summary) = (bounds.to_string(), state.to_string());
    let message = match (outcome, state) {
        (Outcome::Holds, _) | (_, State::On(_) | State::Off(_)) => None,
        _ if told.contains(" to ") => Some(format!("from {told}, depending on who they are")),
        // Shares of variations, and what the algorithm makes of a percentage that it cannot express.
        _ => (told != summary).then(|| format!("on for {told} in effect")),
    };
    Verdict { actual: Some(summary), message, ..Verdict::new(outcome) }
}

/// Judges what everybody gets.
fn of_everybody(asked: &Asked<'_>, resolved: &Resolved, judge: impl FnOnce(&State) -> Verdict) -> Verdict {
    let state = state_of(&asked.layers, &resolved.effective);
    let verdict = judge(&state);
    let unmet = resolved.is_enabled().then(|| unmet(&asked.layers, resolved, &state)).flatten();
    let decided = match &unmet {
        Some((_, decided)) => decided.clone(),
        None => Some(deciding(resolved, &state)),
    };
    let message = verdict.message.clone().or(unmet.map(|(message, _)| message));
    Verdict { message, decided, ..verdict }
}

/// Returns the prerequisite that keeps a flag off for everyone, and the value that keeps it from being met.
fn unmet(layers: &Layers<'_>, resolved: &Resolved, state: &State) -> Option<(String, Option<Decided>)> {
    let State::Off(_) = state else { return None };
    resolved.effective.prerequisites.iter().find_map(|needed| {
        let other = layers.resolve(needed.flag.as_str())?;
        let state = state_of(layers, &other.effective);
        let served = state.everyone().filter(|served| **served != needed.variation)?;
        let message = format!("requires {}={}, which is {served}", needed.flag, needed.variation);
        Some((message, Some(deciding(&other, &state))))
    })
}

/// Returns the value that decides what everybody gets: the switch where it is off; else what everybody else gets, or
/// the switch where it comes from a higher layer or that is all there is.
fn deciding(resolved: &Resolved, state: &State) -> Decided {
    let (switch, rest) = (resolved.enabled.effective(), resolved.fallthrough.effective());
    let everybody_alike = !matches!(state, State::Partial(_));
    let by_switch = !switch.value
        || rest.origin == Origin::BuiltIn
        || everybody_alike && matches!(state, State::On(_)) && switch.source > rest.source;
    if by_switch { of(switch) } else { of(rest) }
}

fn of<T>(setting: &Setting<T>) -> Decided {
    Decided { source: setting.source, origin: setting.origin.clone() }
}

/// Judges what one context gets.
fn of_context(asked: &Asked<'_>, resolved: &Resolved, test: &Test, context: &Context) -> Verdict {
    let mut builder = Builder::default();
    let name = &resolved.effective.name;
    let Some(flag) = builder.flag(&asked.layers, name.as_str()) else {
        return Verdict::unclear(Outcome::Unknown, format!("there is no flag `{name}`"), None);
    };
    let program = builder.build();
    let mut seen = Seen::default();
    let mut watch = |step: Step<'_>| seen.step(asked, resolved, &step);
    let mut scratch = Scratch::default();
    let result = scratch.subject(&program, context, asked.at).evaluate(flag, &mut watch);
    let served = program.variation(flag, result.variation);
    if let Reason::Error(code) = result.reason {
        return error(code, seen.by.as_deref(), result.reason);
    }
    let on = result.variation != program.off(flag);
    let holds = match test {
        Test::Serves(wanted) => served == wanted,
        test => *test == Test::Switch(on),
    };
    Verdict {
        message: seen.unmet,
        decided: seen.decided,
        reason: Some(result.reason),
        ..Verdict::plain(holds, served.to_string())
    }
}

/// Returns the verdict on an evaluation that could not be finished: what is served then is no answer.
pub(super) fn error(code: ErrorCode, by: Option<&str>, reason: Reason) -> Verdict {
    let (message, hint) = match (code, by) {
        (ErrorCode::TargetingKeyMissing, Some(by)) => {
            let hint = match by {
                "user" => "name one with --user".to_owned(),
                "org" => "name one with --org".to_owned(),
                by => format!("name one with --attr {}=…", by.strip_prefix("user.").unwrap_or(by)),
            };
            (format!("the context has no {by}, by which it is bucketed"), Some(hint))
        }
        (ErrorCode::TargetingKeyMissing, None) => ("the context has no unit to bucket by".to_owned(), None),
        (ErrorCode::InvalidDefinition, _) => ("its definition refers to what is not there".to_owned(), None),
    };
    Verdict { reason: Some(reason), ..Verdict::unclear(Outcome::Invalid, message, hint) }
}

/// What an evaluation went by.
#[derive(Default)]
struct Seen {
    decided: Option<Decided>,
    unmet: Option<String>,
    by: Option<String>,
}

impl Seen {
    fn step(&mut self, asked: &Asked<'_>, resolved: &Resolved, step: &Step<'_>) {
        match step {
            Step::Switch { enabled: false } => self.decided = Some(of(resolved.enabled.effective())),
            Step::Prerequisite { flag, wanted, actual, met: false } => {
                let served = actual.map_or("not there", |(served, _)| served.as_str());
                self.unmet.get_or_insert(format!("requires {flag}={wanted}, which is {served}"));
            }
            Step::User { key: Some(key), served: Some(_), .. } => {
                self.decided = resolved.users.get(*key).map(|stack| of(stack.effective()));
            }
            Step::Org { key: Some(key), served: Some(_), .. } => {
                self.decided = resolved.orgs.get(*key).map(|stack| of(stack.effective()));
            }
            Step::Rule { rule, served: Some(_), .. } => {
                let name = resolved.effective.name.as_str();
                let origin = asked.layers.rule_origin(name, *rule);
                self.decided = origin.map(|origin| Decided { source: crate::layer::Source::Default, origin });
            }
            Step::Rule { rollout, split, served: None, .. } => {
                let bucketed = rollout.iter().chain(split).find(|bucketed| bucketed.unit.is_none());
                self.by = bucketed.map(|bucketed| bucketed.by.clone()).or(self.by.take());
            }
            Step::Fallthrough { bucketed, .. } => {
                self.decided = Some(of(resolved.fallthrough.effective()));
                let bucketed = bucketed.as_ref().filter(|bucketed| bucketed.unit.is_none());
                self.by = bucketed.map(|bucketed| bucketed.by.clone()).or(self.by.take());
            }
            _ => {}
        }
    }
}

/// Returns the variations in words: `control, treatment`.
pub(super) fn named<'a>(all: impl Iterator<Item = &'a VariationName>) -> String {
    all.map(VariationName::as_str).collect::<Vec<_>>().join(", ")
}
