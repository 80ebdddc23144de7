//! In which order to write the pairs of a split so that as few as possible are moved.

use super::offer::Shares;

/// The most variations whose orders are looked through.
pub(super) const MOST: usize = 7;
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
        if asked.pairs.len() > MOST {
            return None;
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
    let moved = |way: &Way| way.moved;
    let best = ways.into_iter().reduce(
        |best, other| {
            if moved(&other) + 1e-12 < moved(&best) { other } else { best }
        },
    );
    best.map(|way| (way.moved, way.orders))
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
