//! Arbitrary definitions and contexts. They draw from a few names, keys and values, so that flags, segments
//! and users meet often; [`FLAGS`] and [`EXPERIMENTS`] are what can be asked for.

use indexmap::{IndexMap, IndexSet};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use crate::bucket::{Algorithm, presets};
use crate::model::{
    BucketBy, Bucketing, Clause, Context, ContextKind, Definitions, Experiment, ExperimentName, Fallthrough,
    Flag, FlagName, Number, Operator, Prerequisite, Rule, Segment, SegmentName, SegmentRule, Serve, Share,
    Split, Value, VariationName, Variations, Weight,
};

/// The flags of generated definitions; the first half of them is boolean.
pub(crate) const FLAGS: [&str; 6] = ["f0", "f1", "f2", "f3", "f4", "f5"];
/// The experiments of generated definitions.
pub(crate) const EXPERIMENTS: [&str; 2] = ["e0", "e1"];

const SEGMENTS: [&str; 4] = ["s0", "s1", "s2", "s3"];
const BOOLEAN: [&str; 2] = ["on", "off"];
const VERSIONS: [&str; 3] = ["v1", "v2", "v3"];
const VARIANTS: [&str; 3] = ["control", "treatment", "other"];
const KEYS: [&str; 6] = ["u0", "u1", "u2", "alice@example.com", "42", "é"];
const ORGS: [&str; 3] = ["acme", "globex", "u1"];
const KINDS: [&str; 3] = ["user", "org", "device"];
const ATTRIBUTES: [&str; 8] =
    ["key", "email", "email_domain", "created_at", "account_age_days", "segments", "plan", "score"];
const TEXTS: [&str; 14] = [
    "",
    "pro",
    "bob@agpt.co",
    "agpt.co",
    "@",
    "s1",
    "u1",
    "42",
    "1.2.3",
    "2.0.0-rc.1",
    "2026-09-20T00:00:00Z",
    "2026-09-20T00:00:00",
    "^a.*z$",
    "(",
];

/// Whether definitions are sound, as flags.toml is after its check, or refer to what they like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Soundness {
    Sound,
    Unchecked,
}

impl Soundness {
    /// Returns the names, and where nothing is checked also one that does not exist.
    fn of(self, names: &[&'static str]) -> Vec<&'static str> {
        let mut names = names.to_vec();
        if self == Self::Unchecked {
            names.push("gone");
        }
        names
    }
}

/// Returns definitions as flags.toml may hold them: every reference names something, and nothing runs in a
/// circle.
pub(crate) fn definitions() -> impl Strategy<Value = Definitions> {
    definitions_of(Soundness::Sound)
}

/// Returns definitions that nobody has checked: names that do not exist, circles, values that do not fit.
pub(crate) fn unchecked_definitions() -> impl Strategy<Value = Definitions> {
    definitions_of(Soundness::Unchecked)
}

/// Returns a context of up to three kinds, keys and attributes possibly missing, null or of odd types.
pub(crate) fn context() -> impl Strategy<Value = Context> {
    let part = |keys: &'static [&'static str]| {
        option::weighted(
            0.8,
            (option::weighted(0.8, select(keys)), vec((select(&ATTRIBUTES[1..]), value()), 0..5)),
        )
    };
    (part(&KEYS), part(&ORGS), part(&KEYS)).prop_map(|(user, org, device)| {
        let mut context = Context::default();
        for (kind, part) in KINDS.into_iter().zip([user, org, device]) {
            let Some((key, attributes)) = part else { continue };
            let part = context.part_mut(&context_kind(kind));
            part.key = key.map(str::to_owned);
            for (name, value) in attributes {
                part.set(name, value);
            }
        }
        context
    })
}

/// Returns a weight, often one at the edges.
pub(crate) fn weight() -> impl Strategy<Value = Weight> {
    let thousandths = prop_oneof![
        2 => Just(0),
        2 => Just(Weight::TOTAL),
        1 => Just(1),
        1 => Just(Weight::TOTAL - 1),
        4 => 0..=Weight::TOTAL,
    ];
    thousandths.prop_map(|thousandths| Weight::from_thousandths(thousandths).expect("in range"))
}

/// Returns a split among some of these variations, in any order.
pub(crate) fn split(names: Vec<&'static str>) -> impl Strategy<Value = Split> {
    let count = names.len();
    let pairs = (Just(names).prop_shuffle(), vec(share(), count), 1..=count);
    pairs.prop_map(|(names, shares, count)| {
        let pairs = names.into_iter().zip(shares).take(count);
        Split::new(pairs.map(|(name, share)| (variation(name), share)).collect()).expect("a split")
    })
}

/// Returns a share that leaves room for a few others.
pub(crate) fn share() -> impl Strategy<Value = Share> {
    let number = prop_oneof![4 => 1_i64..=100, 1 => 1_i64..=500_000_000];
    number.prop_map(|number| Share::try_from(number).expect("in range"))
}

/// Returns an attribute's value of any type.
pub(crate) fn value() -> impl Strategy<Value = Value> {
    let float = prop_oneof![any::<f64>().prop_filter("finite", |float| float.is_finite()), Just(7.0)];
    let leaf = prop_oneof![
        6 => select(&TEXTS[..]).prop_map(Value::from),
        1 => ".{0,12}".prop_map(Value::Text),
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::Bool),
        2 => (-2_i64..50).prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => float.prop_map(|float| Value::Number(Number::Float(float))),
    ];
    leaf.prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            2 => vec(inner.clone(), 0..3).prop_map(Value::List),
            1 => vec((select(&ATTRIBUTES[..]).prop_map(str::to_owned), inner), 0..2).prop_map(Value::Object),
        ]
    })
}

fn definitions_of(soundness: Soundness) -> impl Strategy<Value = Definitions> {
    let flags: Vec<_> = (0..FLAGS.len()).map(|at| flag(at, soundness).boxed()).collect();
    let experiments: Vec<_> =
        EXPERIMENTS.into_iter().map(|name| experiment(name, soundness).boxed()).collect();
    let segments: Vec<_> = (0..SEGMENTS.len()).map(|at| segment(at, soundness).boxed()).collect();
    (flags, experiments, segments).prop_map(|(flags, experiments, segments)| Definitions {
        flags: flags.into_iter().map(|flag| (flag.name.clone(), flag)).collect(),
        experiments: experiments.into_iter().map(|one| (one.name.clone(), one)).collect(),
        segments: segments.into_iter().map(|one| (one.name.clone(), one)).collect(),
        bucketing: Bucketing::default(),
    })
}

/// Returns the variations that a flag may name.
fn variations_of(at: usize, soundness: Soundness) -> Vec<&'static str> {
    soundness.of(if at < FLAGS.len() / 2 { &BOOLEAN } else { &VERSIONS })
}

fn flag(at: usize, soundness: Soundness) -> impl Strategy<Value = Flag> {
    let boolean = at < FLAGS.len() / 2;
    let names = variations_of(at, soundness);
    let lists = (listed(&KEYS, names.clone()), listed(&ORGS, names.clone()));
    let fallthrough = if boolean || soundness == Soundness::Unchecked {
        let serve = serve(names.clone()).prop_map(Fallthrough::Serve);
        let rollout = weight().prop_map(Fallthrough::Rollout);
        if boolean && soundness == Soundness::Sound {
            rollout.boxed()
        } else {
            prop_oneof![rollout, serve].boxed()
        }
    } else {
        serve(names.clone()).prop_map(Fallthrough::Serve).boxed()
    };
    let rules = vec(rule(names, soundness), 0..3);
    let hashing = (salt(), bucket_by(), algorithm());
    let enabled = prop::bool::weighted(0.9);
    (enabled, prerequisites(at, soundness), lists, rules, fallthrough, hashing).prop_map(
        move |(enabled, prerequisites, (users, orgs), rules, fallthrough, hashing)| {
            let (salt, bucket_by, bucketing) = hashing;
            let name = FlagName::try_from(FLAGS[at]).expect("a name");
            let versions = || {
                let all = VERSIONS.map(|name| (variation(name), Value::from(name)));
                Variations::named(all.into(), variation(VERSIONS[0])).expect("it is among them")
            };
            let variations = if boolean { Variations::boolean() } else { versions() };
            let plain = Flag::boolean(name, enabled);
            Flag {
                variations,
                prerequisites,
                users,
                orgs,
                rules,
                fallthrough,
                salt,
                bucket_by,
                bucketing,
                ..plain
            }
        },
    )
}

fn prerequisites(at: usize, soundness: Soundness) -> impl Strategy<Value = Vec<Prerequisite>> {
    let others: Vec<usize> = match soundness {
        Soundness::Sound => (0..at).collect(),
        Soundness::Unchecked => (0..FLAGS.len()).collect(),
    };
    if others.is_empty() {
        return Just(Vec::new()).boxed();
    }
    let one = select(others).prop_flat_map(move |other| {
        let flag = select(match soundness {
            Soundness::Sound => vec![FLAGS[other]],
            Soundness::Unchecked => vec![FLAGS[other], "gone"],
        });
        (flag, select(variations_of(other, soundness))).prop_map(|(flag, wanted)| Prerequisite {
            flag: FlagName::try_from(flag).expect("a name"),
            variation: variation(wanted),
        })
    });
    prop_oneof![2 => Just(Vec::new()), 1 => vec(one, 1..3)].boxed()
}

fn rule(names: Vec<&'static str>, soundness: Soundness) -> impl Strategy<Value = Rule> {
    let when = vec(clause(SEGMENTS.len(), soundness), 0..3);
    (option::of(Just("a rule".to_owned())), when, weight(), serve(names))
        .prop_map(|(name, when, rollout, serve)| Rule { name, when, rollout, serve })
}

fn serve(names: Vec<&'static str>) -> impl Strategy<Value = Serve> {
    prop_oneof![
        2 => select(names.clone()).prop_map(|name| Serve::Variation(variation(name))),
        1 => split(names).prop_map(Serve::Split),
    ]
}

fn experiment(name: &'static str, soundness: Soundness) -> impl Strategy<Value = Experiment> {
    let gate = option::of(select(soundness.of(&FLAGS)));
    let variants = soundness.of(&VARIANTS);
    // An experiment forces nothing but its own variants: all of them where definitions are sound.
    let shares =
        (Just(VARIANTS.to_vec()).prop_shuffle(), vec(share(), VARIANTS.len())).prop_map(|(names, shares)| {
            let pairs = names.into_iter().zip(shares).map(|(name, share)| (variation(name), share));
            Split::new(pairs.collect()).expect("a split")
        });
    (gate, shares, listed(&KEYS, variants), salt(), bucket_by(), algorithm()).prop_map(
        move |(gate, variants, force, salt, bucket_by, bucketing)| Experiment {
            name: ExperimentName::try_from(name).expect("a name"),
            description: None,
            owner: None,
            flag: gate.map(|flag| FlagName::try_from(flag).expect("a name")),
            variants,
            force,
            salt,
            bucket_by,
            bucketing,
        },
    )
}

/// Returns an algorithm: mostly our own, else any other.
pub(crate) fn algorithm() -> impl Strategy<Value = Algorithm> {
    let others: Vec<_> = presets().map(|preset| preset.with_seed(7).unwrap_or(preset)).collect();
    prop_oneof![2 => Just(Algorithm::default()), 1 => select(others)]
}

fn segment(at: usize, soundness: Soundness) -> impl Strategy<Value = Segment> {
    let reach = if soundness == Soundness::Sound { at } else { SEGMENTS.len() };
    let keys = || vec(select(&KEYS[..]), 0..2);
    let ways = vec(vec(clause(reach, soundness), 0..3), 0..3);
    (keys(), keys(), ways).prop_map(move |(included, excluded, ways)| {
        let set = |keys: Vec<&str>| keys.into_iter().map(str::to_owned).collect::<IndexSet<_>>();
        Segment {
            name: SegmentName::try_from(SEGMENTS[at]).expect("a name"),
            description: None,
            included: set(included),
            excluded: set(excluded),
            rules: ways.into_iter().map(|when| SegmentRule { when }).collect(),
        }
    })
}

/// Returns a clause. Where definitions are sound it names segments below `reach` only, and its values fit.
fn clause(reach: usize, soundness: Soundness) -> impl Strategy<Value = Clause> {
    let sound = soundness == Soundness::Sound;
    let names = soundness.of(&SEGMENTS[..reach]);
    let about = (select(&KINDS[..]), select(&ATTRIBUTES[..]), any::<bool>());
    let asked = select(Operator::ALL).prop_flat_map(move |operator| {
        let values = match operator {
            Operator::Segment if names.is_empty() => Just(Vec::new()).boxed(),
            Operator::Segment => vec(select(names.clone()).prop_map(Value::from), 1..3).boxed(),
            _ if !sound => vec(value(), 0..4).boxed(),
            _ => vec(fitting(operator), 1..10).boxed(),
        };
        (Just(operator), values)
    });
    (about, asked).prop_map(move |((kind, attribute, negate), (operator, values))| {
        // `segments` asks for every segment, which closes a circle within a segment.
        let attribute = if sound && attribute == "segments" { "email" } else { attribute };
        Clause { kind: context_kind(kind), attribute: attribute.to_owned(), operator, values, negate }
    })
}

/// Returns a value that the operator can read.
fn fitting(operator: Operator) -> BoxedStrategy<Value> {
    let among = |texts: &'static [&'static str]| select(texts).prop_map(Value::from).boxed();
    match operator {
        Operator::In => {
            prop_oneof![select(&TEXTS[..]).prop_map(Value::from), (-2_i64..50).prop_map(Value::from)].boxed()
        }
        Operator::StartsWith | Operator::EndsWith | Operator::Contains | Operator::Segment => among(&TEXTS),
        Operator::Matches => among(&["^a", "o$", "[0-9]+", "^$"]),
        Operator::LessThan
        | Operator::LessThanOrEqual
        | Operator::GreaterThan
        | Operator::GreaterThanOrEqual => (-2_i64..50).prop_map(Value::from).boxed(),
        Operator::Before | Operator::After => among(&["2026-09-20T00:00:00Z", "2026-09-20T02:00:00+02:00"]),
        Operator::SemverEqual | Operator::SemverLessThan | Operator::SemverGreaterThan => {
            among(&["1.2.3", "2.0.0-rc.1", "2.0.0"])
        }
    }
}

fn listed(
    keys: &'static [&'static str],
    names: Vec<&'static str>,
) -> impl Strategy<Value = IndexMap<String, VariationName>> {
    let entry = (select(keys), select(names)).prop_map(|(key, name)| (key.to_owned(), variation(name)));
    vec(entry, 0..3).prop_map(|entries| entries.into_iter().collect())
}

fn salt() -> impl Strategy<Value = Option<String>> {
    option::weighted(0.2, select(&["f0", "e0", "", "2026:a salt"][..]).prop_map(str::to_owned))
}

fn bucket_by() -> impl Strategy<Value = BucketBy> {
    let by = prop_oneof![
        4 => Just("user"),
        1 => Just("org"),
        1 => Just("org.plan"),
        1 => Just("user.score"),
        1 => Just("device.key"),
    ];
    by.prop_map(|text| BucketBy::parse(text).expect("a unit"))
}

fn context_kind(text: &str) -> ContextKind {
    ContextKind::try_from(text).expect("a kind")
}

fn variation(text: &str) -> VariationName {
    VariationName::try_from(text).expect("a name")
}
