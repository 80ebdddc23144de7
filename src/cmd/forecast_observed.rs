//! `--observed`: what production counted, against the shares of an experiment or a flag.

use crate::error::{Error, Kind, Result, did_you_mean};
use crate::model::VariationName;
use crate::output::thousands;
use crate::report::{ObservedReport, SampleRatio, Sentence, SequentialReport, VariationCount};
use crate::simulate::{sample_ratio, sequential_ratio_of_groups};

use super::forecast_verdict::{bad, good, plain};

/// Below this probability, over all looks together, counts are a mismatch. It is ten times that of a single look:
/// an experiment is looked at more often than ten times, and its test is done once.
const LIMIT: f64 = 0.01;

/// Whose users were counted.
pub(super) struct Subject<'a> {
    /// The flag or experiment.
    pub(super) name: &'a str,
    /// `variant` or `variation`.
    pub(super) noun: &'static str,
    /// What it serves, each with whether its users must be said.
    pub(super) variations: Vec<(VariationName, bool)>,
}

/// Where the shares come from that counts are held against.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Against {
    Configuration,
    Population,
}

impl Against {
    const fn word(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::Population => "population",
        }
    }
}

/// Counts by variation, in the order of the definition.
pub(super) struct Observed {
    counts: Vec<(VariationName, u64)>,
}

impl Observed {
    /// Reads `control=5021,treatment=4873`.
    ///
    /// # Errors
    /// When a variation is unknown, missing or said twice, or its users are no number.
    pub(super) fn parse(text: &str, of: &Subject<'_>) -> Result<Self> {
        let names = || of.variations.iter().map(|(name, _)| name.as_str());
        let example = || {
            let needed = of.variations.iter().filter(|(_, needed)| *needed);
            let counts: Vec<String> = needed.map(|(name, _)| format!("{name}=5000")).collect();
            format!("--observed {}", counts.join(","))
        };
        let usage = |message: String| Error::new(Kind::Usage, message).hint(example());
        let mut found: Vec<Option<u64>> = vec![None; of.variations.len()];
        for part in text.split(',') {
            let (name, count) = part
                .split_once('=')
                .ok_or_else(|| usage(format!("`{}` is not a {} and its users", part.trim(), of.noun)))?;
            let (name, count) = (name.trim(), count.trim());
            let Some(at) = names().position(|known| known == name) else {
                let message = format!("`{}` has no {} `{name}`", of.name, of.noun);
                let known = || format!("known: {}", names().collect::<Vec<_>>().join(", "));
                return Err(Error::new(Kind::Unknown, message)
                    .hint(did_you_mean(name, names()).unwrap_or_else(known)));
            };
            let plain = !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit());
            let users: Option<u64> = count.parse().ok().filter(|users| plain && *users < 1 << 53);
            let users = users.ok_or_else(|| usage(format!("`{count}` is no number of users")))?;
            if found[at].replace(users).is_some() {
                return Err(usage(format!("`{name}` stands twice in --observed")));
            }
        }
        let missing: Vec<String> = of
            .variations
            .iter()
            .zip(&found)
            .filter(|((_, needed), users)| *needed && users.is_none())
            .map(|((name, _), _)| format!("`{name}`"))
            .collect();
        if !missing.is_empty() {
            let message = format!("--observed says nothing of {}", missing.join(", "));
            return Err(usage(message).hint(format!("a {} that nobody got is written as 0", of.noun)));
        }
        let counts = of.variations.iter().zip(found);
        Ok(Self { counts: counts.map(|((name, _), users)| (name.clone(), users.unwrap_or(0))).collect() })
    }

    /// Returns what the counts say of the shares, which may have any sum; `grouped` is what is bucketed where that is not
    /// the user, with of how many users one is as good as, if a population says so.
    pub(super) fn report(
        &self,
        shares: &[(VariationName, f64)],
        against: Against,
        grouped: Option<(&str, Option<f64>)>,
    ) -> ObservedReport {
        let of = |wanted: &VariationName| {
            shares.iter().find(|(name, _)| name == wanted).map_or(0.0, |(_, share)| *share)
        };
        let total: f64 = shares.iter().map(|(_, share)| share).sum();
        // What has no share and no user is not worth a line.
        let weighed: Vec<(&VariationName, u64, f64)> = self
            .counts
            .iter()
            .map(|(name, users)| (name, *users, of(name)))
            .filter(|(_, users, weight)| *users > 0 || *weight > 0.0)
            .collect();
        let users: u64 = weighed.iter().map(|(_, users, _)| users).sum();
        #[expect(clippy::cast_precision_loss, reason = "a share is for show; counts stay exact")]
        let share = |part: u64| if users == 0 { 0.0 } else { part as f64 / users as f64 };
        let variants: Vec<VariationCount> = weighed
            .iter()
            .map(|(name, count, weight)| VariationCount {
                variation: (*name).clone(),
                users: *count,
                share: share(*count),
                expected: Some(if total > 0.0 { weight / total } else { 0.0 }),
            })
            .collect();
        let deviation = |one: &VariationCount| (one.share - one.expected.unwrap_or(0.0)).abs() * 100.0;
        let deviation_points = variants.iter().map(deviation).fold(0.0, f64::max);
        let promised = || weighed.iter().filter(|(.., weight)| *weight > 0.0);
        let counts: Vec<u64> = promised().map(|(_, users, _)| *users).collect();
        let weights: Vec<f64> = promised().map(|(.., weight)| *weight).collect();
        let unexpected = users - counts.iter().sum::<u64>();
        let design_effect = grouped.and_then(|(_, effect)| effect);
        let worth = design_effect.unwrap_or(1.0);
        let test = sample_ratio(&counts, &weights).map(|test| test.grouped(worth));
        let rough = test.as_ref().is_some_and(|test| test.rough);
        let sample_ratio = test.map(|test| SampleRatio {
            chi_square: test.statistic,
            degrees: test.degrees,
            p: test.p,
            mismatch: test.mismatch,
            deviation_points,
            design_effect,
        });
        let sequential = sequential_ratio_of_groups(&counts, &weights, worth).filter(|test| test.users > 0);
        let sequential = sequential.map(|test| SequentialReport {
            log_odds: test.log_odds,
            p: test.p,
            limit: LIMIT,
            mismatch: test.p < LIMIT,
        });
        let mut report = ObservedReport {
            variants,
            users,
            against: against.word(),
            unexpected,
            sample_ratio,
            sequential,
            meaning: Vec::new(),
        };
        report.meaning = meaning(&report, rough, grouped);
        report
    }
}

/// Says what the counts mean.
fn meaning(report: &ObservedReport, rough: bool, grouped: Option<(&str, Option<f64>)>) -> Vec<Sentence> {
    let mut said = Vec::new();
    if report.users == 0 {
        said.push(plain("No user was observed: there is nothing to test."));
    }
    if report.unexpected > 0 {
        let names: Vec<&str> = report
            .variants
            .iter()
            .filter(|one| one.users > 0 && one.expected.is_none_or(|expected| expected <= 0.0))
            .map(|one| one.variation.as_str())
            .collect();
        let verb = if report.unexpected == 1 { "has" } else { "have" };
        said.push(bad(format!(
            "{} {verb} {}, which nobody should have.",
            crate::output::counted(report.unexpected, "observed user"),
            names.join(" or ")
        )));
    }
    match (&report.sample_ratio, &report.sequential) {
        (Some(once), Some(always)) => {
            said.push(sentence(once, always, report.users));
            if rough {
                said.push(bad(
                    "Some of them should have fewer than 5 users: the p of a single look is rough.",
                ));
            }
        }
        _ if report.users > report.unexpected => {
            said.push(plain("All users should get the same: there are no shares to test."));
        }
        _ => {}
    }
    match grouped.filter(|_| report.sequential.is_some()) {
        Some((unit, Some(effect))) => said.push(plain(format!(
            "It is bucketed by {unit}: {effect:.1} users count as one in both tests (design effect, Kish), as if users of one \
             {unit} were counted all or not at all."
        ))),
        Some((unit, None)) => said.push(bad(format!(
            "It is bucketed by {unit}: users of one {unit} come together, and chance alone deviates more than these tests \
             of single users allow. A --population with the {unit} of each user corrects them."
        ))),
        None => {}
    }
    if report.against == Against::Population.word() && report.sequential.is_some() {
        said.push(plain("The shares are those of the population, as if production had the same users."));
    }
    said
}

/// Says what the two tests mean together.
fn sentence(once: &SampleRatio, always: &SequentialReport, users: u64) -> Sentence {
    let points = once.deviation_points;
    let users = thousands(users);
    if always.mismatch {
        bad(format!(
            "Sample ratio mismatch: {users} observed users are {points:.2} points off the shares, which chance does \
             less than once in a hundred experiments, however often one looks. Do not read results before the cause is found."
        ))
    } else if once.mismatch {
        bad(format!(
            "{users} observed users are {points:.2} points off the shares: a mismatch if this is the only look, and not \
             yet one if counts are looked at again and again."
        ))
    } else {
        good(format!("{users} observed users fit the shares: the largest deviation is {points:.2} points."))
    }
}
