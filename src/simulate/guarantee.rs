//! Does a change keep everyone who is in? What the definitions alone say, for any users.

use crate::eval::{State, World, state_of};
use crate::model::{Experiment, Fallthrough, Flag, ON, Serve, Split, VariationName, Weight};

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
        && flag.hash_key() == later.hash_key()
        && flag.bucket_by == later.bucket_by
        && flag.users == later.users
        && flag.orgs == later.orgs
        && rules_keep(flag, later)
        && fallthrough_keeps(flag.variations.off(), &flag.fallthrough, &later.fallthrough)
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
    gate && experiment.hash_key() == later.hash_key()
        && experiment.bucket_by == later.bucket_by
        && experiment.force == later.force
        && pieces_keep(None, &pieces_of(&experiment.variants), &pieces_of(&later.variants))
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
                && pieces_keep(Some(flag.variations.off()), &pieces(&rule.serve), &pieces(&later_rule.serve))
        })
}

fn fallthrough_keeps(off: &VariationName, now: &Fallthrough, then: &Fallthrough) -> bool {
    match (now, then) {
        (Fallthrough::Rollout(now), Fallthrough::Rollout(then)) => now <= then,
        (Fallthrough::Serve(now), Fallthrough::Serve(then)) => {
            pieces_keep(Some(off), &pieces(now), &pieces(then))
        }
        _ => false,
    }
}

/// A piece of all buckets: it ends before `end`/`total` of the circle.
struct Piece<'a> {
    end: u64,
    total: u64,
    variation: &'a VariationName,
}

/// Returns the pieces of the circle that a serve cuts. A bucket `place * total >> 32` lies below a cumulative
/// share exactly if `place / 2^32` lies below that share divided by the total, so the cuts of different totals
/// can be compared as fractions.
fn pieces(serve: &Serve) -> Vec<Piece<'_>> {
    match serve {
        Serve::Variation(variation) => vec![Piece { end: 1, total: 1, variation }],
        Serve::Split(split) => pieces_of(split),
    }
}

fn pieces_of(split: &Split) -> Vec<Piece<'_>> {
    let total = u64::from(split.total());
    let mut end = 0;
    let cut = split.pairs().iter().map(|(variation, share)| {
        end += u64::from(share.get());
        Piece { end, total, variation }
    });
    cut.collect()
}

/// Tells whether every piece that is not off now has the same variation later, wherever the two overlap.
fn pieces_keep(off: Option<&VariationName>, now: &[Piece<'_>], then: &[Piece<'_>]) -> bool {
    let (mut now, mut then) = (now.iter().peekable(), then.iter().peekable());
    while let (Some(a), Some(b)) = (now.peek(), then.peek()) {
        if Some(a.variation) != off && a.variation != b.variation {
            return false;
        }
        // Both totals are below 2^31: no product overflows.
        let order = (a.end * b.total).cmp(&(b.end * a.total));
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
