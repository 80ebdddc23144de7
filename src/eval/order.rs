//! References in an order in which what is referred to comes first.

use std::collections::HashSet;

/// How deep flags may require flags, and segments may be made of segments. What lies deeper is a mistake, and
/// the limit keeps the evaluator's stack small whatever the definitions say.
pub(super) const DEEPEST: usize = 100;

/// A definition, with the names that it refers to.
pub(super) struct Referring<T> {
    pub(super) name: String,
    pub(super) definition: T,
    pub(super) references: Vec<String>,
}

impl<T> Referring<T> {
    /// Returns how deep the definition is nested, from the depths of what it refers to.
    pub(super) fn depth(&self, depth_of: impl Fn(&str) -> Option<usize>) -> usize {
        let deepest = self.references.iter().filter_map(|name| depth_of(name)).max();
        deepest.map_or(0, |depth| depth + 1)
    }
}

/// Returns what `start` names and all that it refers to, directly or not: each once, and after what it refers
/// to itself. A reference that closes a circle is passed over, so one partner of a circle comes too early; a
/// name that `look_up` does not find is left out. Does not recurse: definitions may be nested at any depth.
pub(super) fn referred_first<T>(
    start: &str,
    mut look_up: impl FnMut(&str) -> Option<(T, Vec<String>)>,
) -> Vec<Referring<T>> {
    let mut seen = HashSet::new();
    let mut open = |name: &str| {
        if !seen.insert(name.to_owned()) {
            return None;
        }
        let (definition, references) = look_up(name)?;
        Some((Referring { name: name.to_owned(), definition, references }, 0))
    };
    let mut order = Vec::new();
    let mut path = Vec::from_iter(open(start));
    while let Some((referring, at)) = path.last_mut() {
        match referring.references.get(*at) {
            Some(name) => {
                *at += 1;
                let next = open(name);
                path.extend(next);
            }
            None => order.extend(path.pop().map(|(referring, _)| referring)),
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(start: &str, known: &[(&str, &[&str])]) -> Vec<String> {
        let order = referred_first(start, |name| {
            let (_, references) = known.iter().find(|(other, _)| *other == name)?;
            Some(((), references.iter().map(ToString::to_string).collect()))
        });
        order.into_iter().map(|referring| referring.name).collect()
    }

    #[test]
    fn what_is_referred_to_comes_first_and_once() {
        let known: &[(&str, &[&str])] =
            &[("a", &["b", "c", "nowhere"]), ("b", &["d"]), ("c", &["d"]), ("d", &[])];
        assert_eq!(order("a", known), ["d", "b", "c", "a"]);
    }

    #[test]
    fn a_circle_ends() {
        assert_eq!(order("a", &[("a", &["a"])]), ["a"]);
        assert_eq!(order("a", &[("a", &["b"]), ("b", &["c"]), ("c", &["a", "b"])]), ["c", "b", "a"]);
    }
}
