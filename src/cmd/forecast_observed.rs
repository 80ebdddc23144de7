//! `--observed`: what production counted, against the shares of an experiment.

use crate::error::{Error, Kind, Result, did_you_mean};
use crate::model::{Experiment, Split, VariationName};
use crate::output::thousands;
use crate::report::{ObservedReport, SampleRatio, Sentence, SequentialReport, VariationCount};
use crate::simulate::{sample_ratio, sequential_ratio};

use super::forecast_verdict::{bad, good, plain};

/// Below this probability, over all looks together, counts are a mismatch. It is ten times that of a single look:
/// an experiment is looked at more often than ten times, and its test is done once.
const LIMIT: f64 = 0.01;

/// Counts by variant, in the order of the experiment.
pub(super) struct Observed {
    counts: Vec<(VariationName, u64)>,
}

impl Observed {
    /// Reads `control=5021,treatment=4873`.
    ///
    /// # Errors
    /// When a variant is unknown, missing or said twice, or its users are no number.
    pub(super) fn parse(text: &str, experiment: &Experiment) -> Result<Self> {
        let variants = experiment.variants.pairs();
        let names = || variants.iter().map(|(name, _)| name.as_str());
        let example = || {
            let counts: Vec<String> = names().map(|name| format!("{name}=5000")).collect();
            format!("--observed {}", counts.join(","))
        };
        let usage = |message: String| Error::new(Kind::Usage, message).hint(example());
        let mut found: Vec<Option<u64>> = vec![None; variants.len()];
        for part in text.split(',') {
            let (name, count) = part
                .split_once('=')
                .ok_or_else(|| usage(format!("`{}` is not a variant and its users", part.trim())))?;
            let (name, count) = (name.trim(), count.trim());
            let Some(at) = names().position(|known| known == name) else {
                let message = format!("`{}` has no variant `{name}`", experiment.name);
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
        let missing: Vec<String> = names()
            .zip(&found)
            .filter(|(_, users)| users.is_none())
            .map(|(name, _)| format!("`{name}`"))
            .collect();
        if !missing.is_empty() {
            let message = format!("--observed says nothing of {}", missing.join(", "));
            return Err(usage(message).hint("a variant that nobody got is written as 0"));
        }
        let counts = variants.iter().zip(found);
        Ok(Self { counts: counts.map(|((name, _), users)| (name.clone(), users.unwrap_or(0))).collect() })
    }

    /// Returns what the counts say of the shares.
    pub(super) fn report(&self, shares: &Split) -> ObservedReport {
        let of = |wanted: &VariationName| {
            shares.pairs().iter().find(|(name, _)| name == wanted).map_or(0, |(_, share)| share.get())
        };
        let weights: Vec<u32> = self.counts.iter().map(|(name, _)| of(name)).collect();
        let counts: Vec<u64> = self.counts.iter().map(|(_, users)| *users).collect();
        let users: u64 = counts.iter().sum();
        #[expect(clippy::cast_precision_loss, reason = "a share is for show; counts stay exact")]
        let share = |part: u64, whole: u64| if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
        let variants: Vec<VariationCount> = self
            .counts
            .iter()
            .zip(&weights)
            .map(|((name, count), weight)| VariationCount {
                variation: name.clone(),
                users: *count,
                share: share(*count, users),
                expected: Some(share(u64::from(*weight), u64::from(shares.total()))),
            })
            .collect();
        let deviation = |one: &VariationCount| (one.share - one.expected.unwrap_or(0.0)).abs() * 100.0;
        let deviation_points = variants.iter().map(deviation).fold(0.0, f64::max);
        let test = sample_ratio(&counts, &weights);
        let meaning_of_few = test.as_ref().is_some_and(|test| test.rough);
        let sample_ratio = test.map(|test| SampleRatio {
            chi_square: test.statistic,
            degrees: test.degrees,
            p: test.p,
            mismatch: test.mismatch,
            deviation_points,
        });
        let sequential = sequential_ratio(&counts, &weights).filter(|_| users > 0);
        let sequential = sequential.map(|test| SequentialReport {
            log_odds: test.log_odds,
            p: test.p,
            limit: LIMIT,
            mismatch: test.p < LIMIT,
        });
        let mut meaning = Vec::new();
        if users == 0 {
            meaning.push(plain("No user was observed: there is nothing to test."));
        }
        if let (Some(once), Some(always)) = (&sample_ratio, &sequential) {
            meaning.push(sentence(once, always, users));
            if meaning_of_few {
                meaning.push(bad(
                    "Some variant is to have fewer than 5 users: the p of a single look is rough.",
                ));
            }
        }
        ObservedReport { variants, users, sample_ratio, sequential, meaning }
    }
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
