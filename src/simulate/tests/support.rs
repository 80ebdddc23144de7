//! Small worlds and populations.

use std::fmt::Write;
use std::io::Cursor;

use crate::context::Columns;
use crate::model::{
    BucketBy, Clause, ContextKind, Definitions, Experiment, ExperimentName, Fallthrough, Flag, FlagName, ON,
    Operator, Rule, Serve, Share, Split, Timestamp, Value, VariationName, Variations, Weight,
};
use crate::simulate::{Counts, Dimension, Forecast, Options, Plan, Population, Watch, forecast};
use indexmap::IndexMap;

pub(super) fn weight(thousandths: u32) -> Weight {
    Weight::from_thousandths(thousandths).expect("a weight")
}

pub(super) fn variation(name: &str) -> VariationName {
    VariationName::try_from(name).expect("a name")
}

pub(super) fn split(pairs: &[(&str, i64)]) -> Split {
    let pair = |(name, share): &(&str, i64)| (variation(name), Share::try_from(*share).expect("a share"));
    Split::new(pairs.iter().map(pair).collect()).expect("a split")
}

pub(super) fn flag(name: &str, thousandths: u32) -> Flag {
    let mut flag = Flag::boolean(FlagName::try_from(name).expect("a name"), true);
    flag.fallthrough = Fallthrough::Rollout(weight(thousandths));
    flag
}

pub(super) fn style(shares: &[(&str, i64)]) -> Flag {
    let values: IndexMap<VariationName, Value> =
        ["v1", "v2", "v3"].into_iter().map(|name| (variation(name), name.into())).collect();
    let mut flag = flag("style", 0);
    flag.variations = Variations::named(values, variation("v1")).expect("off is there");
    flag.fallthrough = Fallthrough::Serve(Serve::Split(split(shares)));
    flag
}

pub(super) fn clause(attribute: &str, operator: Operator, value: impl Into<Value>) -> Clause {
    let (kind, attribute) = (ContextKind::user(), attribute.to_owned());
    Clause { kind, attribute, operator, values: vec![value.into()], negate: false }
}

pub(super) fn rule(clause: Clause, thousandths: u32) -> Rule {
    let serve = Serve::Variation(variation(ON));
    Rule { name: None, when: vec![clause], rollout: weight(thousandths), serve }
}

pub(super) fn world(flags: impl IntoIterator<Item = Flag>) -> Definitions {
    let mut world = Definitions::default();
    world.flags.extend(flags.into_iter().map(|flag| (flag.name.clone(), flag)));
    world
}

pub(super) fn options(workers: usize) -> Options {
    Options {
        columns: Columns::default(),
        allow_missing: false,
        at: Timestamp::from_millis(0),
        workers,
        distinct: false,
        digest: true,
    }
}

pub(super) fn stream<'a>(text: &'a str, name: &str) -> Population<'a> {
    Population::stream(Cursor::new(text.as_bytes()), name, None)
}

pub(super) fn plan(name: &str, worlds: &[&Definitions], by: Option<&str>) -> Plan {
    let worlds: Vec<_> = worlds.iter().map(|world| ("stage", *world as &dyn crate::eval::World)).collect();
    let by = by.and_then(Dimension::parse);
    Plan::new(name, &worlds, by.as_ref()).expect("a plan")
}

pub(super) fn run(plan: &Plan, population: Population<'_>) -> Forecast {
    forecast(plan, population, &options(2), Watch::default(), None).expect("a forecast")
}

pub(super) fn counts(forecast: &Forecast) -> Counts {
    forecast.overall.as_ref().expect("a change").counts
}

pub(super) fn experiment(shares: &[(&str, i64)], gate: Option<&str>) -> Experiment {
    Experiment {
        name: ExperimentName::try_from("exp").expect("a name"),
        description: None,
        owner: None,
        flag: gate.map(|gate| FlagName::try_from(gate).expect("a name")),
        variants: split(shares),
        force: IndexMap::from([("qa-1".to_owned(), variation("treatment"))]),
        salt: None,
        bucket_by: BucketBy::default(),
        bucketing: crate::bucket::Algorithm::default(),
    }
}

/// That many ids, a line each.
pub(super) fn ids(count: u32) -> String {
    let mut text = String::new();
    for number in 0..count {
        writeln!(text, "user-{number}").expect("written");
    }
    text
}
