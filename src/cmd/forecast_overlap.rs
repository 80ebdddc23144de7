//! `--overlap`: the last state against other flags and experiments, and why they have to do with each other.

use std::collections::HashSet;

use crate::bucket::{Algorithm, Hash, Names, Purpose, Slice};
use crate::error::{Error, Kind, Result};
use crate::eval::{World, state_of};
use crate::model::{BucketBy, Fallthrough, Flag, Serve, Weight};
use crate::output::{counted, percent};
use crate::report::{AssociationReport, OverlapReport, Sentence};
use crate::simulate::{Overlap, Thing};

use super::forecast_verdict::{bad, good, plain};
use super::load::Loaded;

/// Below this probability, divided by the number of pairs, an association is no chance.
const RARE: f64 = 0.001;

/// Returns the names that `--overlap` asks for, each once: `all` is every flag and experiment of flags.toml.
///
/// # Errors
/// When there is no such flag or experiment, or it is the one that is rehearsed.
pub(super) fn names(loaded: &Loaded, name: &str, asked: &[String]) -> Result<Vec<String>> {
    let mut names: Vec<String> = Vec::new();
    for word in asked {
        if word == "all" {
            let layers = loaded.layers();
            let flags = layers.declared().map(ToString::to_string);
            let experiments = loaded.file.iter().flat_map(|file| file.definitions().experiments.keys());
            names.extend(flags.chain(experiments.map(ToString::to_string)).filter(|other| other != name));
        } else if word == name {
            let message = format!("--overlap {word}: that is what is rehearsed");
            return Err(Error::new(Kind::Usage, message).hint("--overlap all"));
        } else if loaded.layers().resolve(word).is_none() && loaded.layers().experiment(word).is_none() {
            return Err(loaded.unknown_flag_or_experiment(word));
        } else {
            names.push(word.clone());
        }
    }
    let mut seen = HashSet::new();
    names.retain(|name| seen.insert(name.clone()));
    for name in &names {
        loaded.check(name)?;
    }
    Ok(names)
}

/// Returns the reports; `world` is that of the last state.
///
/// Where both draw for groups of users, chance associates more than it does single users: of how many one is as good as is
/// said of the first, which bounds what both come to. Where one draws for each user, users are independent.
pub(super) fn overlap_reports(
    overlaps: &[Overlap],
    name: &str,
    world: &dyn World,
    design_effect: Option<f64>,
) -> Vec<OverlapReport> {
    let pairs = overlaps.iter().filter(|one| one.association.is_some()).count() as u64;
    let effect = |other: &str| design_effect.filter(|_| group(world, other).is_some());
    overlaps.iter().map(|one| report(one, name, world, (pairs, effect(&one.with)))).collect()
}

/// Returns what a flag or experiment buckets by; none where that is the user.
pub(super) fn group(world: &dyn World, name: &str) -> Option<BucketBy> {
    let unit = world.flag(name).map(|flag| flag.bucket_by.clone());
    let unit = unit.or_else(|| world.experiment(name).map(|experiment| experiment.bucket_by.clone()));
    unit.filter(|unit| *unit != BucketBy::default())
}

fn report(
    overlap: &Overlap,
    name: &str,
    world: &dyn World,
    (pairs, design_effect): (u64, Option<f64>),
) -> OverlapReport {
    let found = overlap.association.map(|found| design_effect.map_or(found, |effect| found.grouped(effect)));
    let notable = found.is_some_and(|found| found.matters(pairs));
    let cause = notable.then(|| Cause::of(world, name, &overlap.with));
    let square = overlap.rows.len() == 2 && overlap.columns.len() == 2;
    #[expect(clippy::cast_precision_loss, reason = "pairs of flags are few")]
    let association = found.map(|found| AssociationReport {
        measure: if square { "phi" } else { "cramers_v" },
        strength: found.strength,
        chi_square: found.statistic,
        degrees: found.degrees,
        p: found.p,
        limit: RARE / pairs.max(1) as f64,
        notable,
        cause: cause.as_ref().map(Cause::word),
        design_effect,
    });
    OverlapReport {
        with: overlap.with.clone(),
        kind: match overlap.thing {
            Thing::Flag => "flag",
            Thing::Experiment => "experiment",
        },
        rows: overlap.rows.iter().map(ToString::to_string).collect(),
        columns: overlap.columns.iter().map(ToString::to_string).collect(),
        users: overlap.counts.iter().flatten().sum(),
        counts: overlap.counts.clone(),
        left_out: overlap.left_out,
        association,
        meaning: meaning(overlap, name, cause.as_ref()),
    }
}

fn meaning(overlap: &Overlap, name: &str, cause: Option<&Cause>) -> Sentence {
    let with = &overlap.with;
    let Some(cause) = cause else {
        return match overlap.association {
            Some(_) => good(format!("`{with}` has nothing to do with `{name}` for these users.")),
            None => plain(format!("`{with}` or `{name}` gives everybody here the same: nothing to compare.")),
        };
    };
    let together = together(overlap);
    match cause {
        Cause::Reference => {
            plain(format!("{together} One of the two asks the other, or both ask the same flag."))
        }
        Cause::HashAlone(algorithm) => bad(format!(
            "{together} Both are bucketed by `{algorithm}`, which hashes the user alone: the same people come first."
        )),
        Cause::SameSalt(salt) => {
            bad(format!("{together} Both hash the salt `{salt}`: the same people come first."))
        }
        Cause::RelatedHash(hash) => bad(format!(
            "{together} Both hash with {hash}, whose buckets of different names are related: bucketing by SHA, MD5 or murmur3 ends that."
        )),
        Cause::Definitions => {
            bad(format!("{together} They do not draw the same: rules and lists match the same users."))
        }
    }
}

/// Says where the counts are furthest from chance.
fn together(overlap: &Overlap) -> String {
    let users: u64 = overlap.counts.iter().flatten().sum();
    let column = |at: usize| overlap.counts.iter().map(|row| row[at]).sum::<u64>();
    #[expect(clippy::cast_precision_loss, reason = "what chance has is rounded anyway")]
    let by_chance = |row: usize, at: usize| {
        overlap.counts[row].iter().sum::<u64>() as f64 * column(at) as f64 / users.max(1) as f64
    };
    let mut most = (0, 0, f64::NEG_INFINITY);
    for (row, counts) in overlap.counts.iter().enumerate() {
        for (at, count) in counts.iter().enumerate() {
            #[expect(clippy::cast_precision_loss, reason = "what chance has is rounded anyway")]
            let more = *count as f64 - by_chance(row, at);
            if more > most.2 {
                most = (row, at, more);
            }
        }
    }
    let (row, at, _) = most;
    let of_row = overlap.counts[row].iter().sum::<u64>();
    #[expect(clippy::cast_precision_loss, reason = "a share is for reading")]
    let part = |count: u64, of: u64| if of == 0 { 0.0 } else { count as f64 / of as f64 };
    format!(
        "`{}` goes with this: of {} with {} here {} have {} there, {} of all.",
        overlap.with,
        counted(of_row, "user"),
        overlap.rows[row],
        percent(part(overlap.counts[row][at], of_row)),
        overlap.columns[at],
        percent(part(column(at), users)),
    )
}

/// Where an association likely comes from.
enum Cause {
    /// Both hash the user alone, by this algorithm.
    HashAlone(String),
    /// Both hash the same salt.
    SameSalt(String),
    /// One refers to the other, or both to a third.
    Reference,
    /// Both hash with this, which does not keep different keys apart.
    RelatedHash(&'static str),
    /// Something else in the definitions.
    Definitions,
}

impl Cause {
    const fn word(&self) -> &'static str {
        match self {
            Self::HashAlone(_) | Self::SameSalt(_) => "hash",
            Self::Reference => "reference",
            Self::RelatedHash(_) => "related_hash",
            Self::Definitions => "definitions",
        }
    }

    fn of(world: &dyn World, one: &str, other: &str) -> Self {
        let (ours, theirs) = (Drawn::of(world, one), Drawn::of(world, other));
        if let Some(shared) = ours.iter().find(|drawn| theirs.iter().any(|other| other.input == drawn.input))
        {
            return match &shared.salt {
                Some(salt) if !shared.alone => Self::SameSalt(salt.clone()),
                _ => Self::HashAlone(shared.algorithm.clone()),
            };
        }
        if refer(world, one, other) {
            return Self::Reference;
        }
        let related = |drawn: &&Drawn| {
            let hash = drawn.input.0;
            !hash.is_independent() && theirs.iter().any(|other| other.input.0 == hash)
        };
        ours.iter().find(related).map_or(Self::Definitions, |drawn| Self::RelatedHash(drawn.input.0.word()))
    }
}

/// Tells whether what one is asked for decides about the other: of two flags one asks the other, or both ask a third
/// that does not give everybody the same. An experiment is never the reason: who is behind its gate is not counted,
/// so all that its gate asks for holds for everybody who is.
fn refer(world: &dyn World, one: &str, other: &str) -> bool {
    if world.flag(one).is_none() || world.flag(other).is_none() {
        return false;
    }
    let (ours, theirs) = (references(world, one), references(world, other));
    ours.intersection(&theirs).any(|shared| {
        shared == one
            || shared == other
            || world.flag(shared).is_some_and(|flag| state_of(world, &flag).everyone().is_none())
    })
}

/// A number that is drawn for a user.
struct Drawn {
    /// The hash, what is taken of it, what goes into it for a unit, and what the unit is. Equal ones draw alike.
    input: (Hash, Slice, String, String),
    algorithm: String,
    salt: Option<String>,
    alone: bool,
}

impl Drawn {
    /// Returns what a flag or an experiment draws.
    fn of(world: &dyn World, name: &str) -> Vec<Self> {
        if let Some(flag) = world.flag(name) {
            let draw = |purpose| Self::new(&flag.bucketing, purpose, flag.hash_names(), &flag.bucket_by);
            return purposes(&flag).into_iter().map(draw).collect();
        }
        let experiment = world.experiment(name);
        let draw = |of: &crate::model::Experiment| {
            Self::new(&of.bucketing, Purpose::Variant, of.hash_names(), &of.bucket_by)
        };
        experiment.iter().map(|of| draw(of)).collect()
    }

    fn new(algorithm: &Algorithm, purpose: Purpose, names: Names<'_>, by: &BucketBy) -> Self {
        let record = algorithm.record(purpose);
        let input = algorithm.input(purpose, names, "unit");
        Self {
            input: (record.hash, record.slice, input, by.to_string()),
            algorithm: algorithm.to_string(),
            salt: names.salt.map(str::to_owned),
            alone: record.template.is_unit_alone(),
        }
    }
}

/// Returns what a flag draws for: rollouts that are neither nobody nor everybody, and splits.
fn purposes(flag: &Flag) -> Vec<Purpose> {
    let part = |weight: Weight| !matches!(weight, Weight::NONE | Weight::ALL);
    let split = |serve: &Serve| matches!(serve, Serve::Split(split) if split.single().is_none());
    let (rollout, shares) = match &flag.fallthrough {
        Fallthrough::Rollout(weight) => (part(*weight), false),
        Fallthrough::Serve(serve) => (false, split(serve)),
    };
    let mut purposes = Vec::new();
    if rollout || flag.rules.iter().any(|rule| part(rule.rollout)) {
        purposes.push(Purpose::Rollout);
    }
    if shares || flag.rules.iter().any(|rule| split(&rule.serve)) {
        purposes.push(Purpose::Variant);
    }
    purposes
}

/// Returns the name with all flags that it asks, directly or not.
fn references(world: &dyn World, name: &str) -> HashSet<String> {
    let mut all = HashSet::from([name.to_owned()]);
    let mut open = vec![name.to_owned()];
    while let Some(name) = open.pop() {
        let Some(flag) = world.flag(&name) else { continue };
        let asked = flag.prerequisites.iter().map(|other| other.flag.to_string());
        open.extend(asked.filter(|asked| all.insert(asked.clone())));
    }
    all
}
