//! Short ways to write definitions and to ask for an outcome.

use indexmap::IndexMap;

use crate::eval::{Builder, NoObserver, Scratch};
use crate::model::{
    Clause, Context, ContextKind, Definitions, Experiment, Fallthrough, Flag, FlagName, Operator,
    Prerequisite, Reason, Rule, Segment, SegmentName, SegmentRule, Serve, Share, Split, Timestamp, Value,
    VariationName, Variations, Weight,
};

/// The time of every evaluation here.
pub(super) const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);

/// What came out, with the variation's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) variation: String,
    pub(super) reason: Reason,
    pub(super) rule: Option<usize>,
    pub(super) bucket: Option<u32>,
}

pub(super) fn evaluate(definitions: &Definitions, flag: &str, context: &Context) -> Outcome {
    let mut builder = Builder::default();
    let id = builder.flag(definitions, flag).expect("the flag is defined");
    let program = builder.build();
    let mut scratch = Scratch::default();
    let result = scratch.subject(&program, context, NOW).evaluate(id, &mut NoObserver);
    let variation = program.variation(id, result.variation).to_string();
    let bucket = program.bucket(id, &result).and_then(whole);
    Outcome { variation, reason: result.reason, rule: result.rule, bucket }
}

/// Returns a whole bucket.
pub(super) fn whole(number: crate::bucket::Number) -> Option<u32> {
    number.whole().and_then(|number| number.try_into().ok())
}

/// Returns the variation and the reason that the only flag serves.
pub(super) fn served(flag: &Flag, context: &Context) -> (String, Reason) {
    let outcome = evaluate(&world([flag.clone()]), flag.name.as_str(), context);
    (outcome.variation, outcome.reason)
}

/// Tells whether one clause matches.
pub(super) fn matches(clause: Clause, context: &Context) -> bool {
    evaluate(&world([behind(clause)]), "f", context).reason == Reason::TargetingMatch
}

/// Returns a flag `f` that is on where the clause matches, and off elsewhere.
pub(super) fn behind(clause: Clause) -> Flag {
    Flag { rules: vec![rule([clause], "100%", "on")], ..ramp("f", "0%") }
}

pub(super) fn world(flags: impl IntoIterator<Item = Flag>) -> Definitions {
    let flags = flags.into_iter().map(|flag| (flag.name.clone(), flag)).collect();
    Definitions { flags, ..Definitions::default() }
}

pub(super) fn with_segments(
    mut world: Definitions,
    segments: impl IntoIterator<Item = Segment>,
) -> Definitions {
    world.segments.extend(segments.into_iter().map(|segment| (segment.name.clone(), segment)));
    world
}

pub(super) fn with_experiment(mut world: Definitions, experiment: Experiment) -> Definitions {
    world.experiments.insert(experiment.name.clone(), experiment);
    world
}

pub(super) fn name(text: &str) -> FlagName {
    FlagName::try_from(text).expect("a name")
}

pub(super) fn variation(text: &str) -> VariationName {
    VariationName::try_from(text).expect("a name")
}

pub(super) fn weight(text: &str) -> Weight {
    Weight::parse(text).expect("a percentage")
}

/// Returns a boolean flag that is on for this part of the users.
pub(super) fn ramp(flag: &str, rollout: &str) -> Flag {
    Flag { fallthrough: Fallthrough::Rollout(weight(rollout)), ..Flag::boolean(name(flag), true) }
}

/// Returns a flag with the variations `v1`, `v2` and `v3`, of which `v1` is served when it is off.
pub(super) fn versions(flag: &str, fallthrough: Serve) -> Flag {
    let all = ["v1", "v2", "v3"].map(|name| (variation(name), Value::from(name)));
    let variations = Variations::named(IndexMap::from(all), variation("v1")).expect("v1 is there");
    let fallthrough = Fallthrough::Serve(fallthrough);
    Flag { variations, fallthrough, ..Flag::boolean(name(flag), true) }
}

pub(super) fn serve(text: &str) -> Serve {
    Serve::Variation(variation(text))
}

pub(super) fn shares(pairs: &[(&str, i64)]) -> Split {
    let pair = |(name, share): &(&str, i64)| (variation(name), Share::try_from(*share).expect("a share"));
    Split::new(pairs.iter().map(pair).collect()).expect("a split")
}

pub(super) fn listed<'a>(
    entries: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> IndexMap<String, VariationName> {
    entries.into_iter().map(|(key, name)| (key.to_owned(), variation(name))).collect()
}

pub(super) fn rule(when: impl IntoIterator<Item = Clause>, rollout: &str, serves: &str) -> Rule {
    Rule { name: None, when: when.into_iter().collect(), rollout: weight(rollout), serve: serve(serves) }
}

pub(super) fn clause(attribute: &str, operator: Operator, values: impl IntoIterator<Item = Value>) -> Clause {
    let kind = ContextKind::user();
    Clause {
        kind,
        attribute: attribute.to_owned(),
        operator,
        values: values.into_iter().collect(),
        negate: false,
    }
}

pub(super) fn negated(clause: Clause) -> Clause {
    Clause { negate: true, ..clause }
}

pub(super) fn in_segment(segment: &str) -> Clause {
    clause("", Operator::Segment, [Value::from(segment)])
}

pub(super) fn requires(flag: Flag, other: &str, wanted: &str) -> Flag {
    let mut flag = flag;
    flag.prerequisites.push(Prerequisite { flag: name(other), variation: variation(wanted) });
    flag
}

pub(super) fn segment(text: &str, ways: impl IntoIterator<Item = Clause>) -> Segment {
    Segment {
        name: SegmentName::try_from(text).expect("a name"),
        description: None,
        included: [].into(),
        excluded: [].into(),
        rules: ways.into_iter().map(|clause| SegmentRule { when: vec![clause] }).collect(),
    }
}

/// Returns a user `u1` with one attribute.
pub(super) fn user_with(attribute: &str, value: impl Into<Value>) -> Context {
    let mut context = Context::user("u1");
    context.part_mut(&ContextKind::user()).set(attribute, value.into());
    context
}

/// Returns a user `u1` of this organisation.
pub(super) fn of_org(org: &str) -> Context {
    let mut context = Context::user("u1");
    context.part_mut(&ContextKind::org()).key = Some(org.to_owned());
    context
}

/// Returns the value of a JSON text.
pub(super) fn json(text: &str) -> Value {
    serde_json::from_str::<serde_json::Value>(text).expect("JSON").into()
}

/// Returns the bucket of a unit by the algorithm alone.
pub(super) fn bucket_of(purpose: crate::bucket::Purpose, key: &str, unit: &str, total: u32) -> u32 {
    crate::bucket::Prefix::new(purpose, key).point(unit).bucket(total)
}
