//! In which order to write the pairs of a split so that as few as possible are moved.

use crate::model::VariationName;

use super::offer::Shares;

/// The most variations of which every order is tried.
const MOST: usize = 7;
/// The most variations of which an order is searched for.
const MOST_SEARCHED: usize = 24;
/// The most variations of which all orders are kept, so that nothing better is missed.
pub(super) const ALL_KEPT: usize = 5;
/// How many of the best orders of one state are kept for the next: all orders of five variations.
const KEPT: usize = 120;

/// What a way through all states moves so far, and the order of each state but the first.
#[derive(Clone)]
struct Way {
    moved: f64,
    orders: Vec<Shares>,
}

/// Returns the shares of each state but the first in the orders that move the fewest, the first staying as it is, and how
/// many they move. Of ways that move as many, the one nearest to what was asked. None where there are too many
/// variations to look through.
pub(super) fn best(first: &Shares, then: &[Shares]) -> Option<(f64, Vec<Shares>)> {
    let mut ways = vec![Way { moved: 0.0, orders: Vec::new() }];
    for asked in then {
        let many = asked.pairs.len();
        if many > MOST_SEARCHED {
            return None;
        }
        if many > MOST {
            // One way is followed: a search from each would take too long.
            let best = ways.into_iter().reduce(fewer)?;
            let from = best.orders.last().unwrap_or(first);
            let order = searched(from, asked);
            let moved = best.moved + from.moved_to(&order);
            ways = vec![Way { moved, orders: best.orders.iter().cloned().chain([order]).collect() }];
            continue;
        }
        let mut longer: Vec<Way> = Vec::new();
        for order in permutations(asked) {
            let from = |way: &Way| way.moved + way.orders.last().unwrap_or(first).moved_to(&order);
            // The first of equals, since those before it are nearer to what was asked.
            let nearest = ways
                .iter()
                .map(|way| (from(way), way))
                .reduce(|best, other| if other.0 + 1e-12 < best.0 { other } else { best });
            if let Some((moved, way)) = nearest {
                let orders = way.orders.iter().cloned().chain([order]).collect();
                longer.push(Way { moved, orders });
            }
        }
        longer.sort_by(|a, b| a.moved.total_cmp(&b.moved));
        longer.truncate(KEPT);
        ways = longer;
    }
    ways.into_iter().reduce(fewer).map(|way| (way.moved, way.orders))
}

/// Returns the way that moves fewer, of equals the first.
fn fewer(best: Way, other: Way) -> Way {
    if other.moved + 1e-12 < best.moved { other } else { best }
}

/// Returns an order that moves few, from the order that was asked for and from that of the state before: as long as it
/// helps, the pair is put elsewhere that helps most. It may not be the best of all.
fn searched(from: &Shares, asked: &Shares) -> Shares {
    let place = |name: &VariationName| from.pairs.iter().position(|(other, _)| other == name);
    let mut kept = asked.pairs.clone();
    kept.sort_by_key(|(name, _)| place(name).unwrap_or(usize::MAX));
    let descend = |start: Shares| {
        let mut best = (from.moved_to(&start), start);
        loop {
            let (moved, shares) = &best;
            let better = elsewhere(shares).map(|order| (from.moved_to(&order), order));
            let better = better.reduce(|best, other| if other.0 + 1e-12 < best.0 { other } else { best });
            match better.filter(|(fewer, _)| fewer + 1e-12 < *moved) {
                Some(better) => best = better,
                None => return best,
            }
        }
    };
    let (asked, kept) = (descend(asked.clone()), descend(asked.with(kept)));
    if kept.0 + 1e-12 < asked.0 { kept.1 } else { asked.1 }
}

/// Returns the shares with one pair put elsewhere, in every way.
fn elsewhere(shares: &Shares) -> impl Iterator<Item = Shares> + '_ {
    let all = 0..shares.pairs.len();
    all.clone().flat_map(move |from| {
        all.clone().filter(move |to| *to != from).map(move |to| {
            let mut pairs = shares.pairs.clone();
            let pair = pairs.remove(from);
            pairs.insert(to, pair);
            shares.with(pairs)
        })
    })
}

/// Returns the shares in every order, the given one first.
fn permutations(shares: &Shares) -> Vec<Shares> {
    let mut orders: Vec<Vec<usize>> = vec![Vec::new()];
    for _ in 0..shares.pairs.len() {
        let longer = orders.iter().flat_map(|order| {
            let rest = (0..shares.pairs.len()).filter(|at| !order.contains(at));
            rest.map(|at| order.iter().copied().chain([at]).collect::<Vec<_>>()).collect::<Vec<_>>()
        });
        orders = longer.collect();
    }
    let in_order =
        |order: Vec<usize>| shares.with(order.into_iter().map(|at| shares.pairs[at].clone()).collect());
    orders.into_iter().map(in_order).collect()
}
