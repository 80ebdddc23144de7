//! What the configuration alone says: exact shares, whom they are of, and other layouts.

use crate::bucket::{Algorithm, Purpose, preset, presets};
use crate::eval::World;
use crate::model::{
    Clause, Definitions, Fallthrough, Flag, Operator, Rule, Serve, VariationName, Variations, Weight,
};
use crate::simulate::{
    Configuration, LayoutChange, LayoutGroup, OfferKind, Redrawn, Several, Thing, configuration,
};

use super::support::*;

fn said(name: &str, worlds: &[Definitions]) -> Configuration {
    let worlds: Vec<(&str, &dyn World)> = worlds.iter().map(|world| ("stage", world as &dyn World)).collect();
    configuration(name, &worlds)
}

fn of_flags(flags: &[&Flag]) -> Configuration {
    let name = flags[0].name.to_string();
    said(&name, &flags.iter().map(|flag| world([(*flag).clone()])).collect::<Vec<_>>())
}

fn only(configuration: &Configuration) -> &LayoutGroup {
    assert_eq!((configuration.groups.len(), configuration.unknown.len()), (1, 0));
    &configuration.groups[0]
}

fn close(a: f64, b: f64) -> bool {
    // Two sums of shares that were rounded themselves.
    (a - b).abs() < 1e-8
}

fn ways(change: &LayoutChange) -> Vec<(String, String, f64)> {
    let ways = change.transitions.iter();
    ways.map(|way| (way.before.to_string(), way.after.to_string(), way.share)).collect()
}

fn with_shares(pairs: &[(VariationName, u32)]) -> Flag {
    let pairs: Vec<(&str, i64)> =
        pairs.iter().map(|(name, share)| (name.as_str(), i64::from(*share))).collect();
    style(&pairs)
}

#[test]
fn cumulative_shares_turn_one_variation_into_another() {
    let now = style(&[("v2", 10), ("v3", 10), ("v1", 80)]);
    let then = style(&[("v2", 20), ("v3", 20), ("v1", 60)]);
    let all = of_flags(&[&now, &then]);
    let group = only(&all);
    let of = |a: &str, b: &str, share| (a.to_owned(), b.to_owned(), share);
    assert_eq!(
        ways(&group.steps[0]),
        [of("v2", "v2", 0.1), of("v3", "v2", 0.1), of("v1", "v3", 0.2), of("v1", "v1", 0.6)]
    );
    let step = &group.steps[0];
    assert_eq!((step.joins, step.leaves, step.switches), (0.2, 0.0, 0.1));
    assert!(step.redrawn.is_empty());
    // v2 stands first and must stay, v3 behind it too: no split holds both, so other shares are offered.
    let kinds: Vec<OfferKind> = group.offers.iter().map(|offer| offer.kind).collect();
    assert_eq!(kinds, [OfferKind::Beside, OfferKind::Between]);
    assert_eq!(
        group.offers[0].splits,
        [[(variation("v2"), 10), (variation("v3"), 30), (variation("v1"), 60)]],
        "as many on, in shares of the same size"
    );
    assert_eq!(group.offers[1].from.as_ref().map(|pairs| pairs[1].clone()), Some((variation("v1"), 80)));
}

#[test]
fn a_ramp_that_begins_with_nobody_can_be_laid_out_for_all_its_steps() {
    let none = style(&[("v1", 1)]);
    let first = style(&[("v2", 10), ("v3", 10), ("v1", 80)]);
    let second = style(&[("v2", 20), ("v3", 20), ("v1", 60)]);
    let all = of_flags(&[&none, &first, &second]);
    let offer = &only(&all).offers[0];
    assert_eq!((offer.kind, offer.moved, &offer.from), (OfferKind::Order, 0.0, &None));
    let order = |at: usize| offer.splits[at].iter().map(|(name, _)| name.to_string()).collect::<Vec<_>>();
    assert_eq!(order(0), ["v2", "v1", "v3"], "what is off stands between");
    assert_eq!(order(1), ["v2", "v1", "v3"]);
}

/// Shares that look random, the same in every run.
fn made_up(seed: u64) -> Vec<(VariationName, u32)> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = move |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut names = vec!["v1", "v2", "v3"];
    if next(4) == 0 {
        names.remove(1);
    }
    let turns = usize::try_from(next(3)).expect("small");
    names.rotate_left(turns % 2);
    names.iter().map(|name| (variation(name), 1 + u32::try_from(next(40)).expect("small"))).collect()
}

#[test]
fn every_offer_keeps_its_word() {
    let moved = |group: &LayoutGroup| group.steps.iter().map(|step| step.leaves + step.switches).sum::<f64>();
    let ids = ids(3_000);
    let (mut offered, mut quiet) = ([0, 0, 0], 0);
    for seed in 0..300 {
        let now = with_shares(&made_up(seed * 2));
        let then = with_shares(&made_up(seed * 2 + 1));
        let all = of_flags(&[&now, &then]);
        let asked = moved(only(&all));
        quiet += u32::from(only(&all).offers.is_empty());
        for offer in &only(&all).offers {
            offered[offer.kind as usize] += 1;
            let from = offer.from.as_ref().map_or_else(|| now.clone(), |pairs| with_shares(pairs));
            let other = with_shares(&offer.splits[0]);
            let again = of_flags(&[&from, &other]);
            assert!(close(moved(only(&again)), offer.moved), "{seed}: {offer:?}");
            assert!(offer.moved < asked - 1e-9, "{seed}: {offer:?} is no better than {asked}");
            // As many are on as was asked.
            let on = |group: &LayoutGroup| group.states[1].inside;
            assert!(close(on(only(&again)), on(only(&all))), "{seed}: {offer:?}");
            if offer.moved <= 0.0 && offered[offer.kind as usize] < 6 {
                let plan = plan("style", &[&world([from]), &world([other])], None);
                let counted = counts(&run(&plan, stream(&ids, "ids.txt")));
                assert_eq!((counted.leaves, counted.switches), (0, 0), "{seed}: {offer:?}");
            }
        }
    }
    assert!(offered.iter().all(|count| *count > 10) && quiet > 10, "{offered:?} {quiet}");
}

#[test]
fn where_no_order_is_better_that_is_said() {
    let shares = |pairs: &[(&str, i64)]| {
        let mut all = Definitions::default();
        let of = experiment(pairs, None);
        all.experiments.insert(of.name.clone(), of);
        all
    };
    let now = shares(&[("a", 33), ("b", 33), ("c", 34)]);
    let then = shares(&[("a", 50), ("b", 25), ("c", 25)]);
    let all = said("exp", &[now, then]);
    let group = only(&all);
    assert_eq!((group.offers.len(), group.no_better), (0, Some(0.17)));
    assert!(close(group.steps[0].switches, 0.26), "an experiment has nobody who is off");
    assert!(group.whom.unlisted, "one is forced");
    // Of the other way round an order is better.
    let now = shares(&[("a", 20), ("b", 20), ("c", 60)]);
    let then = shares(&[("a", 40), ("b", 20), ("c", 40)]);
    let all = said("exp", &[now, then]);
    let group = only(&all);
    assert_eq!(group.no_better.is_some(), group.offers.is_empty(), "{:?}", group.offers);
}

#[test]
fn draws_that_say_nothing_to_each_other_are_expected_not_exact() {
    let now = flag("x", 25_000);
    let salted = Flag { salt: Some("other".to_owned()), ..flag("x", 40_000) };
    let all = of_flags(&[&now, &salted]);
    let step = &only(&all).steps[0];
    assert_eq!(step.redrawn, [Redrawn::Salt]);
    assert!(close(step.joins, 0.75 * 0.4) && close(step.leaves, 0.25 * 0.6) && close(step.stays_in, 0.1));
    assert!(close(only(&all).states[1].exposed.expect("known"), 1.0 - 0.75 * 0.6));
    let other = Flag { bucketing: preset("sha256-8").expect("a preset"), ..flag("x", 40_000) };
    assert_eq!(only(&of_flags(&[&now, &other])).steps[0].redrawn, [Redrawn::Algorithm]);
    let mut by_org = flag("x", 25_000);
    by_org.bucket_by = crate::model::BucketBy { kind: crate::model::ContextKind::org(), attribute: None };
    assert_eq!(only(&of_flags(&[&now, &by_org])).steps[0].redrawn, [Redrawn::BucketBy]);
    // Where everyone gets the same there is nothing to draw.
    let everyone = Flag { salt: Some("other".to_owned()), ..flag("x", 100_000) };
    let off = Flag { enabled: false, ..salted };
    for other in [everyone, off] {
        assert!(only(&of_flags(&[&now, &other])).steps[0].redrawn.is_empty());
    }
}

#[test]
fn rules_have_users_of_their_own() {
    let mut now = flag("x", 25_000);
    now.rules.push(rule(clause("plan", Operator::In, "pro"), 40_000));
    now.users.insert("u1".to_owned(), variation("off"));
    let mut then = now.clone();
    then.fallthrough = Fallthrough::Rollout(weight(50_000));
    let all = of_flags(&[&now, &then]);
    let [default, pro] = all.groups.as_slice() else { panic!("{all:?}") };
    assert_eq!((default.whom.rules, default.whom.unlisted, &default.whom.rule), (true, true, &None));
    assert_eq!(pro.whom.rule, Some((1, None)));
    assert_eq!((default.states[0].inside, default.states[1].inside), (0.25, 0.5));
    // All rollouts of a flag share one draw: 40% of them are on by the rule, and the 25% are among these.
    assert_eq!((pro.states[0].inside, pro.states[1].inside), (0.4, 0.5));
    assert_eq!((default.steps[0].joins, pro.steps[0].joins), (0.25, 0.1));
    assert!(default.offers.is_empty() && pro.offers.is_empty());
    // A rule with a rollout and a split draws twice: shares are products, and there is no one row of pieces.
    let mut both = style(&[("v1", 1)]);
    let serve = Serve::Split(split(&[("v2", 1), ("v3", 3)]));
    both.rules.push(Rule { serve, ..rule(clause("plan", Operator::In, "pro"), 40_000) });
    let all = of_flags(&[&both]);
    let shares = &all.groups[1].states[0];
    assert!(shares.pieces.is_empty() && all.groups[0].states[0].pieces.len() == 1);
    let of = |name: &str| {
        shares.variations.iter().find(|(known, _)| known.as_str() == name).map(|(_, share)| *share)
    };
    assert_eq!((of("v2"), of("v3"), of("v1")), (Some(0.1), Some(0.3), Some(0.6)));
}

#[test]
fn the_share_that_was_ever_on_only_grows() {
    let all = of_flags(&[&flag("x", 25_000), &flag("x", 5_000), &flag("x", 50_000), &flag("x", 0)]);
    let exposed: Vec<Option<f64>> = only(&all).states.iter().map(|state| state.exposed).collect();
    assert_eq!(exposed, [Some(0.25), Some(0.25), Some(0.5), Some(0.5)]);
}

/// How many users are counted by each algorithm.
const USERS: u32 = 8_000;

/// The steps of a flag and of one with a split, by an algorithm.
fn ramps(algorithm: &Algorithm) -> [Vec<Flag>; 2] {
    let by = |flag: Flag| Flag { bucketing: algorithm.clone(), ..flag };
    [
        vec![by(flag("x", 12_500)), by(flag("x", 40_000))],
        vec![
            by(style(&[("v2", 15), ("v3", 25), ("v1", 60)])),
            by(style(&[("v2", 35), ("v3", 25), ("v1", 40)])),
        ],
    ]
}

#[test]
fn shares_are_what_users_do_by_every_algorithm() {
    let ids = ids(USERS);
    let mut compared = 0;
    for algorithm in presets() {
        for flags in ramps(&algorithm) {
            let worlds: Vec<Definitions> = flags.into_iter().map(|flag| world([flag])).collect();
            let name = worlds[0].flags.keys().next().expect("a flag").to_string();
            let all = said(&name, &worlds);
            let step = &only(&all).steps[0];
            let plan = plan(&name, &worlds.iter().collect::<Vec<_>>(), None);
            let counted = counts(&run(&plan, stream(&ids, "ids.txt")));
            for (share, count) in [
                (step.joins, counted.joins),
                (step.leaves, counted.leaves),
                (step.switches, counted.switches),
                (step.stays_in, counted.stays_in),
                (step.stays_out, counted.stays_out),
            ] {
                let seen = f64::from(u32::try_from(count).expect("few")) / f64::from(USERS);
                let slack = 5.0 * (share * (1.0 - share) / f64::from(USERS)).sqrt();
                assert!((seen - share).abs() <= slack, "{} {name}: {share} and {seen}", algorithm.name());
                compared += 1;
            }
            assert_eq!(plan.thing(), Thing::Flag);
        }
    }
    assert!(compared > 200, "{compared}");
}

#[test]
fn one_number_drawn_twice_is_followed_exactly() {
    // The hash of the id alone decides both in a rollout and in the split of those who are in.
    let algorithm = preset("md5-user").expect("a preset");
    let mut both = Flag { bucketing: algorithm, ..style(&[("v1", 1)]) };
    let serve = Serve::Split(split(&[("v2", 1), ("v3", 2)]));
    both.rules.push(Rule { serve, ..rule(clause("plan", Operator::In, "pro"), 40_000) });
    let all = of_flags(&[&both]);
    let ruled = &all.groups[1].states[0];
    let pieces: Vec<(&str, f64)> =
        ruled.pieces.iter().map(|piece| (piece.variation.as_str(), piece.part.1)).collect();
    assert_eq!(pieces, [("v2", 0.34), ("v3", 0.4), ("v1", 1.0)], "not a third and two thirds of 40%");
}

#[test]
fn what_cannot_be_known_is_not_made_up() {
    // The remainder of the sum of the shares: of another sum another one, and neither says what the other is.
    let algorithm = presets().find(|algorithm| algorithm.record(Purpose::Variant).depends_on_total());
    let algorithm = algorithm.expect("there is one");
    let now = Flag { bucketing: algorithm.clone(), ..style(&[("v2", 10), ("v1", 90)]) };
    let then = Flag { bucketing: algorithm, ..style(&[("v2", 100), ("v1", 400)]) };
    let all = of_flags(&[&now, &then]);
    assert_eq!((all.groups.len(), all.unknown.len()), (0, 1), "{all:?}");
    assert!(said("nothing", &[world([flag("x", 1)])]).groups.is_empty());
}

#[test]
fn whom_several_rules_match_is_looked_at() {
    let pro = || clause("plan", Operator::In, "pro");
    let old = || clause("age", Operator::In, "old");
    let all = |when: Clause| Rule { rollout: Weight::ALL, ..rule(when, 0) };
    // The first rule takes everybody whom it matches, in both states: nothing is left to the second.
    let mut now = flag("x", 10_000);
    now.rules = vec![all(pro()), rule(old(), 40_000)];
    let mut then = now.clone();
    then.fallthrough = Fallthrough::Rollout(weight(20_000));
    let said = of_flags(&[&now, &then]);
    assert_eq!(said.several, Some(Several { combinations: 1, same: 1, quiet: 0, left_out: 0 }));
    assert_eq!(said.groups.len(), 3);
    // A new rule before it is a group of its own: on by the one before, off by the other after.
    let none = Serve::Variation(variation("off"));
    then.rules.insert(0, Rule { serve: none, ..all(clause("country", Operator::In, "x")) });
    let said = of_flags(&[&now, &then]);
    let several = said.several.expect("three rules");
    assert_eq!((several.combinations, several.left_out), (4, 0));
    let both = said.groups.iter().find(|group| group.whom.also.len() == 1).expect("a pair");
    assert_eq!((both.steps[0].leaves, both.states[0].inside), (1.0, 1.0), "{both:?}");
    // The present alone has no step to say anything of.
    assert_eq!(of_flags(&[&now]).several, None);
    let mut many = flag("x", 10_000);
    many.rules = (0..9_i32).map(|at| rule(clause("plan", Operator::In, i64::from(at)), 40_000)).collect();
    let several = of_flags(&[&many, &many]).several.expect("nine rules");
    assert_eq!((several.combinations, several.left_out), (502, 502));
}

#[test]
fn shares_of_a_rule_have_offers() {
    let ruled = |shares: &[(&str, i64)]| {
        let mut flag = style(&[("v1", 1)]);
        let serve = Serve::Split(split(shares));
        let when = clause("plan", Operator::In, "pro");
        flag.rules = vec![Rule { serve, rollout: Weight::ALL, ..rule(when, 0) }];
        flag
    };
    let (now, then) =
        (ruled(&[("v2", 10), ("v3", 10), ("v1", 80)]), ruled(&[("v2", 20), ("v3", 20), ("v1", 60)]));
    let said = of_flags(&[&now, &then]);
    let [default, pro] = said.groups.as_slice() else { panic!("{said:?}") };
    assert!(default.offers.is_empty(), "nothing changes there");
    assert!(close(pro.steps[0].switches, 0.1), "{pro:?}");
    let beside = pro.offers.iter().find(|offer| offer.moved <= 0.0).expect("one that moves nobody");
    let shares: Vec<(&str, i64)> =
        beside.splits[0].iter().map(|(name, share)| (name.as_str(), i64::from(*share))).collect();
    assert!(close(of_flags(&[&now, &ruled(&shares)]).groups[1].steps[0].switches, 0.0));
    // Where a rollout comes first there is no one row of pieces.
    let partly = |mut flag: Flag| {
        flag.rules[0].rollout = weight(50_000);
        flag
    };
    assert!(of_flags(&[&partly(now), &partly(then)]).groups[1].offers.is_empty());
}

#[test]
fn an_order_of_many_variations_is_searched() {
    let names: Vec<String> = (0..12).map(|at| format!("w{at}")).collect();
    let shares = |order: &[usize], free: i64| {
        let pairs = order.iter().map(|at| (names[*at].as_str(), 5));
        pairs.chain([("v1", free)]).collect::<Vec<_>>()
    };
    let straight: Vec<usize> = (0..12).collect();
    let mut turned = straight.clone();
    turned.reverse();
    let of = |pairs: &[(&str, i64)]| {
        let mut flag = style(&[("v1", 1)]);
        let values = names.iter().map(String::as_str).chain(["v1"]);
        let values = values.map(|name| (variation(name), name.into())).collect();
        flag.variations = Variations::named(values, variation("v1")).expect("off is there");
        flag.fallthrough = Fallthrough::Serve(Serve::Split(split(pairs)));
        flag
    };
    let (now, then) = (of(&shares(&straight, 40)), of(&shares(&turned, 40)));
    let said = of_flags(&[&now, &then]);
    let group = &said.groups[0];
    assert!(group.steps[0].switches > 0.5, "{:?}", group.steps);
    let offer = group.offers.first().expect("an offer");
    assert!(offer.kind == OfferKind::Order && offer.moved <= 0.0, "{offer:?}");
}
