//! Does a change keep everyone who is in? What the definitions alone say, for any users.

use crate::bucket::{Algorithm, Draw, Line, Names, Purpose};
use crate::eval::{State, World, in_order, state_of};
use crate::model::{BucketBy, Experiment, Fallthrough, Flag, ON, Serve, Split, VariationName, Weight};

/// Tells whether the definitions alone guarantee that everyone who is in now stays in with the same variation,
/// whoever the users are: nobody is in now, or nothing but a rollout grew, or shares were scaled or grew at
/// the expense of the variation that stands for off; with the same salt, unit, targeting, prerequisites and
/// segments. False means only that nothing is guaranteed.
pub fn keeps_everyone(now: (&dyn World, &Flag), then: (&dyn World, &Flag)) -> bool {
    let (world, flag) = now;
    let (later_world, later) = then;
    if matches!(state_of(world, flag), State::Off(_)) {
        return true;
    }
    let boolean = flag.variations.is_boolean() && later.variations.is_boolean();
    if boolean && matches!(state_of(later_world, later), State::On(_)) {
        return true;
    }
    flag.enabled == later.enabled
        && flag.variations.is_boolean() == later.variations.is_boolean()
        && flag.variations.off() == later.variations.off()
        && same_draws(
            (&flag.bucketing, flag.hash_names(), &flag.bucket_by),
            (&later.bucketing, later.hash_names(), &later.bucket_by),
        )
        && flag.users == later.users
        && flag.orgs == later.orgs
        && rules_keep(flag, later)
        && fallthrough_keeps(&flag.bucketing, flag.variations.off(), &flag.fallthrough, &later.fallthrough)
        && same_surroundings(world, flag, later_world, later)
}

/// Tells the same of an experiment, whose users are in where its gate is open: shares were only scaled, and
/// nobody falls behind the gate.
pub(super) fn experiment_keeps(now: (&dyn World, &Experiment), then: (&dyn World, &Experiment)) -> bool {
    let (world, experiment) = now;
    let (later_world, later) = then;
    let gate = match (&experiment.flag, &later.flag) {
        (Some(gate), Some(other)) if gate == other => {
            match (world.flag(gate.as_str()), later_world.flag(gate.as_str())) {
                (Some(flag), Some(other)) => keeps_everyone((world, &flag), (later_world, &other)),
                _ => false,
            }
        }
        (_, None) => true,
        _ => false,
    };
    let algorithm = &experiment.bucketing;
    gate && same_draws(
        (algorithm, experiment.hash_names(), &experiment.bucket_by),
        (&later.bucketing, later.hash_names(), &later.bucket_by),
    ) && experiment.force == later.force
        && comparable(algorithm, &experiment.variants, &later.variants)
        && pieces_keep(
            None,
            &pieces_of(algorithm, &experiment.variants),
            &pieces_of(algorithm, &later.variants),
        )
}

/// What decides where a unit falls: the algorithm, the names that are hashed, and the unit.
type Drawing<'a> = (&'a Algorithm, Names<'a>, &'a BucketBy);

/// Tells whether every unit falls where it fell, for rollouts and for splits of the same sum.
fn same_draws((algorithm, names, by): Drawing<'_>, (later, later_names, later_by): Drawing<'_>) -> bool {
    let line = |algorithm, names, purpose| Line::new(algorithm, purpose, names, Weight::TOTAL);
    algorithm == later
        && by == later_by
        && Purpose::ALL
            .into_iter()
            .all(|purpose| line(algorithm, names, purpose) == line(later, later_names, purpose))
}

/// Tells whether two splits draw the same: an algorithm may take the remainder of the sum of the shares.
fn comparable(algorithm: &Algorithm, now: &Split, then: &Split) -> bool {
    now.total() == then.total() || !algorithm.record(Purpose::Variant).depends_on_total()
}

/// Rules must be the same, but for rollouts of rules that serve `on`: who joins one of them got `on` or `off`
/// before, and who needs a unit for it needed one before.
fn rules_keep(flag: &Flag, later: &Flag) -> bool {
    flag.rules.len() == later.rules.len()
        && flag.rules.iter().zip(&later.rules).all(|(rule, later_rule)| {
            let serves_on = matches!(&rule.serve, Serve::Variation(name) if name.as_str() == ON);
            let grew = flag.variations.is_boolean()
                && serves_on
                && rule.rollout > Weight::NONE
                && rule.rollout <= later_rule.rollout;
            rule.when == later_rule.when
                && (rule.rollout == later_rule.rollout || grew)
                && serves_keep(&flag.bucketing, flag.variations.off(), &rule.serve, &later_rule.serve)
        })
}

fn fallthrough_keeps(
    algorithm: &Algorithm,
    off: &VariationName,
    now: &Fallthrough,
    then: &Fallthrough,
) -> bool {
    match (now, then) {
        (Fallthrough::Rollout(now), Fallthrough::Rollout(then)) => now <= then,
        (Fallthrough::Serve(now), Fallthrough::Serve(then)) => serves_keep(algorithm, off, now, then),
        _ => false,
    }
}

fn serves_keep(algorithm: &Algorithm, off: &VariationName, now: &Serve, then: &Serve) -> bool {
    let draws = match (now, then) {
        (Serve::Split(now), Serve::Split(then)) => comparable(algorithm, now, then),
        _ => true,
    };
    draws && pieces_keep(Some(off), &pieces(algorithm, now), &pieces(algorithm, then))
}

/// A piece of all draws: it ends before a limit; none for the last, which takes all that are left.
struct Piece<'a> {
    end: Option<Draw>,
    variation: &'a VariationName,
}

/// Returns the pieces that a serve cuts.
fn pieces<'a>(algorithm: &Algorithm, serve: &'a Serve) -> Vec<Piece<'a>> {
    match serve {
        Serve::Variation(variation) => vec![Piece { end: None, variation }],
        Serve::Split(split) => pieces_of(algorithm, split),
    }
}

fn pieces_of<'a>(algorithm: &Algorithm, split: &'a Split) -> Vec<Piece<'a>> {
    let pairs = in_order(algorithm, split);
    let shares: Vec<u32> = pairs.iter().map(|(_, share)| share.get()).collect();
    let limits = algorithm.record(Purpose::Variant).limits(&shares);
    let last = pairs.len() - 1;
    let cut = pairs.iter().zip(limits).enumerate();
    cut.map(|(at, ((variation, _), limit))| Piece { end: (at < last).then_some(limit), variation }).collect()
}

/// Tells whether every piece that is not off now has the same variation later, wherever the two overlap.
fn pieces_keep(off: Option<&VariationName>, now: &[Piece<'_>], then: &[Piece<'_>]) -> bool {
    let (mut now, mut then) = (now.iter().peekable(), then.iter().peekable());
    while let (Some(a), Some(b)) = (now.peek(), then.peek()) {
        if Some(a.variation) != off && a.variation != b.variation {
            return false;
        }
        let order = match (a.end, b.end) {
            (Some(a), Some(b)) => a.cmp(&b),
            (a, b) => b.is_some().cmp(&a.is_some()),
        };
        if order.is_le() {
            now.next();
        }
        if order.is_ge() {
            then.next();
        }
    }
    true
}

/// Tells whether segments and prerequisites are the same in both worlds.
fn same_surroundings(world: &dyn World, flag: &Flag, later_world: &dyn World, later: &Flag) -> bool {
    flag.prerequisites == later.prerequisites
        && same_segments(world, later_world)
        && same_prerequisites(world, flag, later_world, &mut vec![flag.name.to_string()])
}

fn same_segments(world: &dyn World, later: &dyn World) -> bool {
    let names = world.segment_names();
    names.len() == later.segment_names().len()
        && names.iter().all(|name| world.segment(name).as_deref() == later.segment(name).as_deref())
}

fn same_prerequisites(world: &dyn World, flag: &Flag, later: &dyn World, seen: &mut Vec<String>) -> bool {
    flag.prerequisites.iter().all(|prerequisite| {
        let name = prerequisite.flag.as_str();
        if seen.iter().any(|other| other == name) {
            return true;
        }
        seen.push(name.to_owned());
        match (world.flag(name), later.flag(name)) {
            (Some(a), Some(b)) => *a == *b && same_prerequisites(world, &a, later, seen),
            (None, None) => true,
            _ => false,
        }
    })
}
