//! What the counts of a forecast mean, in sentences.

use crate::output::{counted, percent, thousands};
use crate::report::Sentence;
use crate::simulate::{Change, Forecast, Stage, Thing};

/// Returns what the counts mean, the most important first.
pub(super) fn verdict(result: &Forecast, labels: &[String]) -> Vec<Sentence> {
    let mut said = Vec::new();
    match &result.overall {
        Some(overall) => {
            let counts = overall.counts;
            let switch_alone = counts.switches > 0 && (counts.joins, counts.leaves) == (0, 0);
            if result.thing == Thing::Experiment && switch_alone && result.steps.len() == 1 {
                // One sentence says both: who moves, and that they do not keep what they have.
                said.push(bad(moves(result, overall)));
            } else {
                said.push(plain(moves(result, overall)));
                said.push(keeping(result, overall, labels));
            }
        }
        None if result.intake.rows == 0 => {}
        None => said.extend(result.stages.first().map(|stage| plain(present(result, stage)))),
    }
    for (stage, label) in result.stages.iter().zip(labels) {
        if let (Some(interval), Some(expectation)) = (&stage.interval, &stage.expectation)
            && !(interval.low..=interval.high).contains(&expectation.share)
        {
            said.push(bad(format!(
                "In the state {label} {} are on where the configuration promises {}: chance, or a small sample.",
                percent(stage.share),
                percent(expectation.share)
            )));
        }
    }
    let without = result.stages.iter().map(|stage| stage.missing_key).max().unwrap_or(0);
    match without {
        0 => {}
        1 => said.push(bad("One user has no unit to bucket by and gets what the flag serves when off.")),
        more => said.push(bad(format!(
            "{} users have no unit to bucket by and get what the flag serves when off.",
            thousands(more)
        ))),
    }
    let experiment = result.stages.last().and_then(|stage| stage.experiment.as_ref());
    if let Some(ratio) = experiment.and_then(|counts| counts.sample_ratio.as_ref()) {
        said.push(if ratio.mismatch {
            bad("Sample ratio mismatch: counts this far from the shares come up by chance less than once in a thousand times.")
        } else {
            good("The counts fit the shares: no sample ratio mismatch.")
        });
        if let Some((effect, orgs)) = result.design_effect.zip(result.orgs.as_ref()) {
            said.push(plain(format!(
                "It is bucketed by {}: {effect:.1} users count as one in that test (design effect, Kish).",
                orgs.unit
            )));
        }
    }
    said
}

pub(super) fn plain(text: impl Into<String>) -> Sentence {
    Sentence { text: text.into(), good: None }
}

pub(super) fn good(text: impl Into<String>) -> Sentence {
    Sentence { text: text.into(), good: Some(true) }
}

pub(super) fn bad(text: impl Into<String>) -> Sentence {
    Sentence { text: text.into(), good: Some(false) }
}

/// `420 of 1,000 users`.
fn some_of_all(result: &Forecast, some: u64) -> String {
    let thing = if result.synthetic { "made-up user" } else { "user" };
    format!("{} of {}", thousands(some), counted(result.intake.rows, thing))
}

fn inside(result: &Forecast) -> &'static str {
    match result.thing {
        Thing::Flag => "on",
        Thing::Experiment => "in the experiment",
    }
}

/// Says how many are on where nothing changes.
fn present(result: &Forecast, stage: &Stage) -> String {
    let verb = if stage.inside == 1 || result.intake.rows == 1 { "is" } else { "are" };
    format!("{} {verb} {}.", some_of_all(result, stage.inside), inside(result))
}

/// Says how many are on before and after, and who moves.
fn moves(result: &Forecast, overall: &Change) -> String {
    let (from, to) = (result.stages[overall.from].inside, result.stages[overall.to].inside);
    let counts = overall.counts;
    let verb = if from == 1 || result.intake.rows == 1 { "is" } else { "are" };
    let on = inside(result);
    if (counts.joins, counts.leaves, counts.switches) == (0, 0, 0) {
        return format!("{} {verb} {on}, before and after: nothing changes.", some_of_all(result, from));
    }
    if result.thing == Thing::Experiment && (counts.joins, counts.leaves) == (0, 0) {
        let verb = if counts.switches == 1 { "gets" } else { "get" };
        return format!("{} {verb} another variant.", some_of_all(result, counts.switches));
    }
    let moving = |number: u64, one: &str, many: &str| match number {
        0 => format!("nobody {one}"),
        1 => format!("1 {one}"),
        more => format!("{} {many}", thousands(more)),
    };
    let mut words = vec![moving(counts.joins, "joins", "join"), moving(counts.leaves, "leaves", "leave")];
    if counts.switches > 0 {
        words.push(moving(counts.switches, "switches", "switch"));
    }
    format!(
        "{} {verb} {on} before, {} after: {}.",
        some_of_all(result, from),
        thousands(to),
        words.join(", ")
    )
}

/// Says whether the change keeps everyone who is in, on every step of the way.
fn keeping(result: &Forecast, overall: &Change, labels: &[String]) -> Sentence {
    let gone = |change: &Change| change.counts.leaves + change.counts.switches;
    let losing: Vec<String> = result
        .steps
        .iter()
        .filter(|step| gone(step) > 0)
        .map(|step| {
            let verb = match (step.counts.leaves, step.counts.switches) {
                (_, 0) => "leave",
                (0, _) => "switch",
                (_, _) => "leave or switch",
            };
            let step_name = if result.steps.len() > 1 {
                format!(" from {} to {}", labels[step.from], labels[step.to])
            } else {
                String::new()
            };
            format!("{} {verb}{step_name}", thousands(gone(step)))
        })
        .collect();
    let all = |of: fn(&Change) -> bool| of(overall) && result.steps.iter().all(of);
    if !losing.is_empty() {
        bad(format!("Not everyone already in stays as they are: {}.", losing.join(", ")))
    } else if all(|change| change.keeps.guaranteed) {
        good("Everyone already in stays in, whoever the users are: the definitions guarantee it.")
    } else {
        good(
            "Everyone of these users who is in stays in; the definitions alone do not guarantee it for others.",
        )
    }
}
