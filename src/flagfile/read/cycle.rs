//! Cycles in what names what.

/// Returns the cycles among nodes `0..edges.len()`: the nodes in order, and the edge (as its place in the last
/// node's list) that closes it. Each edge closes at most one cycle, so the answer is short.
pub(super) fn cycles(edges: &[Vec<usize>]) -> Vec<(Vec<usize>, usize)> {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        Open,
        Done,
    }
    let mut state = vec![State::New; edges.len()];
    let mut found = Vec::new();
    for start in 0..edges.len() {
        if state[start] != State::New {
            continue;
        }
        // Each step: a node and how many of its edges were followed. Not recursive: a chain may be long.
        let mut path = vec![(start, 0)];
        state[start] = State::Open;
        while let Some((node, next)) = path.last_mut() {
            let Some(&to) = edges[*node].get(*next) else {
                state[*node] = State::Done;
                path.pop();
                continue;
            };
            let edge = *next;
            *next += 1;
            match state[to] {
                State::New => {
                    state[to] = State::Open;
                    path.push((to, 0));
                }
                State::Open => {
                    let from = path.iter().position(|(node, _)| *node == to).unwrap_or(0);
                    found.push((path[from..].iter().map(|(node, _)| *node).collect(), edge));
                }
                State::Done => {}
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cycle_is_found_once() {
        assert_eq!(cycles(&[vec![1], vec![2], vec![0]]), [(vec![0, 1, 2], 0)]);
        assert_eq!(cycles(&[vec![0]]), [(vec![0], 0)]);
        assert_eq!(cycles(&[vec![1, 2], vec![2], vec![]]), []);
        assert_eq!(cycles(&[vec![1], vec![1, 0]]), [(vec![1], 0), (vec![0, 1], 1)]);
    }

    #[test]
    fn a_long_chain_is_no_problem() {
        let edges: Vec<Vec<usize>> = (0..200_000).map(|node| vec![(node + 1) % 200_000]).collect();
        assert_eq!(cycles(&edges).len(), 1);
    }
}
