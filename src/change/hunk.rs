//! What a change did to the lines of a file, and taking that back where the lines may have moved since.

use crate::admin::Hunk;

/// How many lines around a change tell its place.
const AROUND: usize = 3;
/// A place among many lines of the same text is tried so many times.
const TRIES: usize = 20;

/// Returns what changed between two texts, as one piece from the first line that differs to the last; none if
/// nothing did.
pub fn hunk(flag: &str, old: &str, new: &str) -> Option<Hunk> {
    if old == new {
        return None;
    }
    let (old, new) = (lines(old), lines(new));
    let same = |(a, b): &(&&str, &&str)| a == b;
    let start = old.iter().zip(&new).take_while(same).count();
    let rest = (old.len().min(new.len())) - start;
    let end = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(same).count();
    let tail = old.len() - end;
    Some(Hunk {
        flag: flag.to_owned(),
        line: start + 1,
        above: old[start.saturating_sub(AROUND)..start].concat(),
        before: old[start..tail].concat(),
        after: new[start..new.len() - end].concat(),
        below: old[tail..old.len().min(tail + AROUND)].concat(),
    })
}

/// Returns the texts in which the change is taken back, the likeliest place first; none where what it wrote
/// stands nowhere any more.
pub fn taken_back(text: &str, hunk: &Hunk) -> Vec<String> {
    let present = lines(text);
    let (above, below) = (lines(&hunk.above), lines(&hunk.below));
    let after = lines(&hunk.after);
    let mut places: Vec<(usize, usize, usize)> = (0..=present.len())
        .filter(|at| {
            let found = present[*at..].iter().zip(&after);
            *at + after.len() <= present.len() && found.into_iter().all(|(a, b)| same_line(a, b))
        })
        .map(|at| {
            let before = above.iter().rev().zip(present[..at].iter().rev());
            let behind = below.iter().zip(&present[at + after.len()..]);
            let known = before.take_while(|(a, b)| same_line(a, b)).count()
                + behind.take_while(|(a, b)| same_line(a, b)).count();
            (known, at.abs_diff(hunk.line - 1), at)
        })
        .collect();
    places.sort_by_key(|(known, distance, _)| (std::cmp::Reverse(*known), *distance));
    places.truncate(TRIES);
    places.into_iter().map(|(_, _, at)| put(&present, at, after.len(), &hunk.before)).collect()
}

/// Returns the text with so many lines from `at` on replaced.
fn put(present: &[&str], at: usize, count: usize, before: &str) -> String {
    let (head, tail) = (present[..at].concat(), present[at + count..].concat());
    let end = if head.contains("\r\n") || tail.contains("\r\n") { "\r\n" } else { "\n" };
    // The last line of a file may lack its end, and need it when it is no longer the last.
    let between = |a: &str, b: &str| if a.is_empty() || b.is_empty() || a.ends_with('\n') { "" } else { end };
    let rest = format!("{before}{}{tail}", between(before, &tail));
    format!("{head}{}{rest}", between(&head, &rest))
}

/// Tells whether two lines are the same but for their ends.
fn same_line(a: &str, b: &str) -> bool {
    let end = ['\n', '\r'];
    a.trim_end_matches(end) == b.trim_end_matches(end)
}

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_change_is_taken_back_where_it_stands_now() {
        let old = "a\nb\nx = 1\nc\nd\n";
        let change = hunk("x", old, "a\nb\nx = 2\ny\nc\nd\n").expect("a change");
        assert_eq!(
            (change.line, change.before.as_str(), change.after.as_str()),
            (3, "x = 1\n", "x = 2\ny\n")
        );
        let moved = "new\nnew\na\nb\nx = 2\ny\nc\n";
        assert_eq!(taken_back(moved, &change)[0], "new\nnew\na\nb\nx = 1\nc\n");
        assert!(taken_back("a\nb\nx = 3\ny\nc\nd\n", &change).is_empty(), "it reads differently now");
    }

    #[test]
    fn what_was_taken_out_comes_back_between_its_neighbours() {
        let gone = hunk("x", "a\nx\nb\n", "a\nb\n").expect("a change");
        assert_eq!(taken_back("0\n0\n0\na\nb\n", &gone)[0], "0\n0\n0\na\nx\nb\n");
        let last = hunk("x", "a\nx", "a").expect("a change");
        assert_eq!(taken_back("a", &last)[0], "a\nx");
        assert_eq!(taken_back("a\n", &last)[0], "a\nx");
    }

    #[test]
    fn no_change_is_no_piece() {
        assert_eq!(hunk("x", "a\n", "a\n"), None);
    }

    proptest! {
        #[test]
        fn taking_back_at_once_gives_the_old_text(
            old in proptest::collection::vec("[ab]{0,1}(\r)?\n", 0..8), new in proptest::collection::vec("[ab]{0,1}\n", 0..8),
        ) {
            let (old, new) = (old.concat(), new.concat());
            if let Some(change) = hunk("x", &old, &new) {
                prop_assert_eq!(taken_back(&new, &change).into_iter().next(), Some(old));
            }
        }
    }
}
