//! The forecast: a plan × a population → counts, and what they mean.

use std::io;

use crate::eval::Cells;
use crate::model::VariationName;

use super::change::{Change, Keeps};
use super::decider::rule_names;
use super::dimension::Grouping;
use super::engine::{Watch, run};
use super::error::SimulateError;
use super::expectation::Expectation;
use super::funnel::Hurdle;
use super::group::Groups;
use super::job::ForecastJob;
use super::orgs::Orgs;
use super::overlap::Overlap;
use super::plan::{Plan, Thing};
use super::population::{Intake, Options, Population};
use super::statistics::{self, Interval, SampleRatio, sample_ratio, wilson};
use super::tally::{StageTally, Tally};
use super::times::Times;

/// What a change does to a population.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    /// The name of the flag or experiment.
    pub name: String,
    /// Which of the two it is.
    pub thing: Thing,
    /// Whether the users were made up: then the counts are a sample, and carry intervals. A given list is
    /// counted exactly.
    pub synthetic: bool,
    /// What was read of the population.
    pub intake: Intake,
    /// The stages: now, and after each step.
    pub stages: Vec<Stage>,
    /// Each step against the one before; one less than there are stages.
    pub steps: Vec<Change>,
    /// The last stage against the first; none if there is only one.
    pub overall: Option<Change>,
    /// The last stage at several times, if that was asked.
    pub times: Option<Times>,
    /// The breakdowns, from the first stage to the last.
    pub groups: Vec<Groups>,
    /// By organisation, or by what else is bucketed; none where that is the user, or nobody has one.
    pub orgs: Option<Orgs>,
    /// Of how many users one is as good as where organisations, or others that users fall in together, are bucketed: what
    /// the tests of single users are corrected by. Of all users of the population; none where users are bucketed.
    pub design_effect: Option<f64>,
    /// The same of the users who are in at the last stage: what they are worth together.
    pub design_effect_in: Option<f64>,
    /// Against other flags and experiments, in the order asked for.
    pub overlaps: Vec<Overlap>,
    /// How many rows were evaluated one by one: all others were counted with those that come to the same.
    pub one_by_one: u64,
}

/// Who gets what at one stage. `variations`, `missing_key` and `invalid` add up to the rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    /// Its label, such as `now` or `25%`.
    pub label: String,
    /// How many are in: with another variation than that of a flag that is off; past the gate of an experiment.
    pub inside: u64,
    /// The share of all rows that is in, 0.0..=1.0; 0.0 without rows.
    pub share: f64,
    /// A 95% interval of that share; synthetic users only.
    pub interval: Option<Interval>,
    /// A 95% interval of the share among users like these who were not counted: of a given list, where the definitions
    /// alone do not say it, and users are bucketed one by one.
    pub unseen: Option<Interval>,
    /// What the definitions promise, where they alone decide.
    pub expectation: Option<Expectation>,
    /// How many get which variation or variant, those of all stages in one order.
    pub variations: Vec<VariationCount>,
    /// Rows whose evaluation ended because what to bucket by is missing.
    pub missing_key: u64,
    /// Rows whose evaluation ended because the definition refers to what is not there.
    pub invalid: u64,
    /// What users must pass first, each with how many pass it, of those that passed all before.
    pub funnel: Vec<(Hurdle, u64)>,
    /// What only experiments have.
    pub experiment: Option<ExperimentCounts>,
}

/// How many get one variation or variant.
#[derive(Clone, Debug, PartialEq)]
pub struct VariationCount {
    /// The variation or variant.
    pub name: VariationName,
    /// How many rows get it.
    pub count: u64,
    /// Their share of all rows, 0.0..=1.0.
    pub share: f64,
    /// A 95% interval of that share; synthetic users only.
    pub interval: Option<Interval>,
    /// The share that the definitions promise, where they alone decide.
    pub expected: Option<f64>,
}

/// How the variants of an experiment came about; counts in the order of [`Stage::variations`].
#[derive(Clone, Debug, PartialEq)]
pub struct ExperimentCounts {
    /// Users with the variant of their bucket.
    pub bucketed: Vec<u64>,
    /// The share of them that each should have, 0.0..=1.0.
    pub shares: Vec<f64>,
    /// Users with a variant forced on them.
    pub forced: Vec<u64>,
    /// Users behind the gate, who get the first variant and are not part of the experiment.
    pub gate_closed: u64,
    /// The bucketed users against the shares, by [`Forecast::design_effect`]; none without any, or with one variant.
    pub sample_ratio: Option<SampleRatio>,
}

/// Takes the id of a user who joins.
pub type TakeJoin<'a> = &'a mut dyn FnMut(&str) -> io::Result<()>;

/// Runs a population through a plan. `joins` takes every user who joins between the first stage and the last,
/// in the order of the input (an empty text for one without an id).
///
/// # Errors
/// When the population cannot be read, holds nobody, or lacks what the rules ask for (unless allowed), `joins`
/// fails, or the caller cancels.
pub fn forecast(
    plan: &Plan,
    population: Population<'_>,
    options: &Options,
    watch: Watch<'_>,
    joins: Option<TakeJoin<'_>>,
) -> Result<Forecast, SimulateError> {
    forecast_by(plan.program.cells(), plan, population, options, watch, joins)
}

/// Does so by the cells of the plan's program; without them rows are taken one by one.
pub(super) fn forecast_by(
    cells: Option<Cells>,
    plan: &Plan,
    population: Population<'_>,
    options: &Options,
    watch: Watch<'_>,
    mut joins: Option<TakeJoin<'_>>,
) -> Result<Forecast, SimulateError> {
    let synthetic = population.is_synthetic();
    let all_joins = joins.is_some() && !plan.changes.is_empty();
    let job = ForecastJob::new(plan, options.at, all_joins, cells);
    let mut tally = Tally::new(plan);
    for ((_, grouping), groups) in plan.by.iter().zip(&mut tally.groups) {
        match grouping {
            Grouping::Segments => plan.segments.iter().for_each(|(name, _)| groups.expect(name)),
            Grouping::Rule => rule_names(&plan.rules).iter().for_each(|name| groups.expect(name)),
            Grouping::Attribute(_) => {}
        }
    }
    let intake = run(population, &plan.program, options, &job, watch, &mut |block: Tally| {
        if let Some(joins) = &mut joins {
            for id in block.joined.iter() {
                joins(id)?;
            }
        }
        tally.merge(block);
        job.note_complete(&tally);
        Ok(())
    })?;
    if intake.rows == 0 {
        let first = intake.wrong_rows().into_iter().next();
        let Intake { wrong, blank, inputs, .. } = intake;
        let empty = SimulateError::Empty { wrong, blank, first };
        return Err(match inputs.as_slice() {
            [one] => SimulateError::In { input: one.name.clone(), error: Box::new(empty) },
            _ => empty,
        });
    }
    Ok(finish(plan, synthetic, intake, tally))
}

/// Returns the forecast of nobody: what the definitions promise, and no counts.
pub fn unpopulated(plan: &Plan) -> Forecast {
    finish(plan, false, Intake::default(), Tally::new(plan))
}

fn finish(plan: &Plan, synthetic: bool, intake: Intake, tally: Tally) -> Forecast {
    let orgs = plan.orgs.as_ref().and_then(|(unit, _)| tally.orgs.finish(unit.clone(), &plan.outcomes));
    let grouped = orgs.as_ref().filter(|_| !plan.is_by_user);
    let design_effect = grouped.map(|orgs| statistics::design_effect(orgs.users, orgs.effective_size));
    let design_effect_in = grouped.map(|orgs| statistics::design_effect(orgs.users_in, orgs.effective_in));
    let stages = tally.stages.iter().enumerate();
    let stages = stages.map(|(at, counts)| stage(plan, at, counts, (synthetic, design_effect), &intake));
    let stages = stages.collect();
    let mut steps: Vec<Change> = plan
        .changes
        .iter()
        .zip(tally.changes)
        .map(|(planned, of)| Change {
            from: planned.from,
            to: planned.to,
            keeps: Keeps {
                observed: of.counts.leaves == 0 && of.counts.switches == 0,
                guaranteed: planned.guaranteed,
            },
            counts: of.counts,
            exposed: tally.stages[planned.to].exposed,
            ways: of.ways.finish(&plan.outcomes),
            joins: of.joins,
            leaves: of.leaves,
            switches: of.switches,
        })
        .collect();
    let overall = if plan.stages.len() > 2 { steps.pop() } else { steps.last().cloned() };
    let groups = plan.by.iter().zip(tally.groups).map(|((by, _), of)| of.finish(by.clone())).collect();
    let last = plan.stages.last().map(|stage| stage.outcome_of.as_slice()).unwrap_or_default();
    let overlaps = plan.others.iter().zip(tally.joints);
    let overlaps = overlaps.map(|(other, joint)| joint.finish(other, &plan.outcomes, last)).collect();
    let (times, one_by_one) = (tally.times.finish(plan), tally.one_by_one);
    let (name, thing) = (plan.name.clone(), plan.thing);
    Forecast {
        name,
        thing,
        synthetic,
        intake,
        stages,
        steps,
        overall,
        times,
        groups,
        orgs,
        design_effect,
        design_effect_in,
        overlaps,
        one_by_one,
    }
}

fn stage(
    plan: &Plan,
    at: usize,
    counts: &StageTally,
    (synthetic, design_effect): (bool, Option<f64>),
    intake: &Intake,
) -> Stage {
    let planned = &plan.stages[at];
    let share = |count: u64| fraction(count, intake.rows);
    let interval = |count: u64| synthetic.then(|| wilson(count, intake.rows));
    let expectation = planned.expectation.clone();
    let unseen = !synthetic && intake.rows > 0 && expectation.is_none() && plan.is_by_user;
    let variations = plan
        .outcomes
        .iter()
        .zip(&counts.variations)
        .map(|(name, count)| VariationCount {
            name: name.clone(),
            count: *count,
            share: share(*count),
            interval: interval(*count),
            expected: expectation.as_ref().map(|expectation| expectation.of(name)),
        })
        .collect();
    let experiment = (plan.thing == Thing::Experiment).then(|| {
        let mut shares = vec![0.0; counts.bucketed.len()];
        let total = planned.shares.iter().map(|share| u64::from(*share)).sum();
        for (at, share) in planned.outcome_of.iter().zip(&planned.shares) {
            shares[*at] = fraction(u64::from(*share), total);
        }
        let observed: Vec<u64> = planned.outcome_of.iter().map(|at| counts.bucketed[*at]).collect();
        let test =
            sample_ratio(&observed, &planned.shares.iter().copied().map(f64::from).collect::<Vec<_>>());
        ExperimentCounts {
            bucketed: counts.bucketed.clone(),
            shares,
            forced: counts.forced.clone(),
            gate_closed: counts.closed,
            sample_ratio: test.map(|test| design_effect.map_or(test, |effect| test.grouped(effect))),
        }
    });
    Stage {
        label: planned.label.clone(),
        inside: counts.inside,
        share: share(counts.inside),
        interval: interval(counts.inside),
        unseen: unseen.then(|| wilson(counts.inside, intake.rows)),
        expectation,
        variations,
        missing_key: counts.missing_key,
        invalid: counts.invalid,
        funnel: planned.funnel.iter().cloned().zip(counts.funnel.iter().copied()).collect(),
        experiment,
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share is for reading; the counts beside it are exact")]
fn fraction(count: u64, total: u64) -> f64 {
    if total == 0 { 0.0 } else { count as f64 / total as f64 }
}
