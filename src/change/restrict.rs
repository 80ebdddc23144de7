//! What the profile of a target demands of a change, whatever command makes it: a reason, a small step, no freeze.

use crate::error::{Error, Kind, Result};
use crate::model::{Timestamp, Weight};
use crate::settings::ProfileGuards;

use super::plan::{Plan, PlannedFlag};

/// Whom a change is guarded for, and what its command line says.
#[derive(Clone, Copy, Debug)]
pub struct Restricted<'a> {
    /// The profile.
    pub profile: &'a str,
    /// What it demands.
    pub guards: &'a ProfileGuards,
    /// The file that says so, as the user would write it.
    pub config: &'a str,
    /// `--reason`, as it was said.
    pub reason: Option<&'a str>,
    /// `--override-freeze`.
    pub override_freeze: Option<&'a str>,
    /// When the change is made.
    pub now: Timestamp,
    /// What a further command needs besides to change the same target.
    pub again: &'a str,
}

/// Why a change is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The key of the guard in config.toml.
    pub guard: &'static str,
    /// What it refuses.
    pub message: String,
    /// Where it stands: file and line.
    pub place: String,
    /// What can be done.
    pub hints: Vec<String>,
}

/// Returns the guards that refuse a plan; none if it may be carried out.
///
/// # Errors
/// Kind `Usage`, when `--override-freeze` has no freeze to override.
pub fn refusals(plan: &Plan, restricted: &Restricted<'_>) -> Result<Vec<Refusal>> {
    let changing: Vec<&PlannedFlag> = plan.flags.iter().filter(|flag| !flag.fields.is_empty()).collect();
    let mut found = Vec::new();
    found.extend(freeze(&changing, restricted)?);
    found.extend(reason(restricted));
    found.extend(changing.iter().filter_map(|flag| step(flag, restricted)));
    Ok(found)
}

/// Returns the error that stands for refusals; none without any.
pub fn refused(refusals: &[Refusal]) -> Option<Error> {
    let (first, others) = refusals.split_first()?;
    let told = |refusal: &Refusal| format!("{} ({}: {})", refusal.message, refusal.place, refusal.guard);
    let message = others.iter().fold(told(first), |message, other| format!("{message}; {}", told(other)));
    let hints = refusals.iter().flat_map(|refusal| &refusal.hints);
    Some(hints.fold(Error::new(Kind::Refused, message), Error::hint))
}

impl Restricted<'_> {
    fn place(&self, line: usize) -> String {
        format!("{}:{line}", self.config)
    }
}

/// Refuses what is no step back while the profile is frozen.
fn freeze(changing: &[&PlannedFlag], restricted: &Restricted<'_>) -> Result<Option<Refusal>> {
    let harmless = changing.iter().all(|flag| flag.effect.only_less);
    let hint = "--override-freeze 'WHY' breaks it; the journal says so";
    frozen(restricted, harmless, ["turning off and smaller shares stay allowed", hint])
}

/// Refuses to make a token while the profile is frozen, or without a reason where it demands one.
///
/// # Errors
/// Kind `Refused`; `Usage` where there is no freeze to override.
pub fn may_make_tokens(restricted: &Restricted<'_>) -> Result<()> {
    let hints = ["revoking stays allowed", "--override-freeze 'WHY' breaks it; the journal says so"];
    let refusals: Vec<_> = frozen(restricted, false, hints)?.into_iter().chain(reason(restricted)).collect();
    refused(&refusals).map_or(Ok(()), Err)
}

/// Refuses to revoke a token without a reason where the profile demands one; no freeze stands in the way of that.
///
/// # Errors
/// Kind `Refused`.
pub fn may_revoke_tokens(restricted: &Restricted<'_>) -> Result<()> {
    refused(reason(restricted).as_slice()).map_or(Ok(()), Err)
}

/// Refuses what does any harm while the profile is frozen.
fn frozen(restricted: &Restricted<'_>, harmless: bool, hints: [&str; 2]) -> Result<Option<Refusal>> {
    let windows = restricted.guards.freeze.iter();
    let in_force = windows.filter_map(|(window, line)| Some((window.ends(restricted.now)?, window, *line)));
    let last = in_force.max_by_key(|(ends, ..)| *ends);
    let Some((ends, window, line)) = last else { return nothing_frozen(restricted.override_freeze) };
    if restricted.override_freeze.is_some() || harmless {
        return Ok(None);
    }
    let message =
        format!("profile `{}` is frozen until {ends}, by \"{}\"", restricted.profile, window.text());
    Ok(Some(Refusal {
        guard: "freeze",
        message,
        place: restricted.place(line),
        hints: hints.map(str::to_owned).to_vec(),
    }))
}

/// Refuses to override what is not there.
///
/// # Errors
/// Kind `Usage` where it is tried.
pub fn nothing_frozen<T>(override_freeze: Option<&str>) -> Result<Option<T>> {
    match override_freeze {
        None => Ok(None),
        Some(_) => Err(Error::new(Kind::Usage, "--override-freeze: nothing is frozen here now")
            .hint("leave out --override-freeze")),
    }
}

fn reason(restricted: &Restricted<'_>) -> Option<Refusal> {
    let line = restricted.guards.require_reason?;
    let said = restricted.reason.or(restricted.override_freeze);
    if said.is_some_and(|reason| !reason.trim().is_empty()) {
        return None;
    }
    Some(Refusal {
        guard: "require_reason",
        message: format!("profile `{}` takes no change without a reason", restricted.profile),
        place: restricted.place(line),
        hints: vec!["add --reason 'WHY'".to_owned()],
    })
}

fn step(flag: &PlannedFlag, restricted: &Restricted<'_>) -> Option<Refusal> {
    let (largest, line) = restricted.guards.max_step?;
    let effect = flag.effect;
    if effect.gains <= largest {
        return None;
    }
    let (name, profile) = (&flag.name, restricted.profile);
    let message = format!(
        "`{name}` would newly go to {} of the users, and profile `{profile}` allows {largest} in one change",
        effect.gains
    );
    let next = effect.before.thousandths() + largest.thousandths();
    let next = Weight::from_thousandths(next).filter(|_| flag.has_rollout);
    let hint = match next {
        Some(next) => format!("ffctl set {name} {next}{}", restricted.again),
        None => format!("change its split in steps of at most {largest}"),
    };
    Some(Refusal { guard: "max_step", message, place: restricted.place(line), hints: vec![hint] })
}
