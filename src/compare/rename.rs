//! Which of the removed definitions an added one is under a new name.

/// What a definition that only one side has puts into the hash, beside its name.
pub(super) struct Alone<'a> {
    pub(super) name: &'a str,
    pub(super) hash_key: &'a str,
}

/// Returns, for each added definition, the name of the removed one that hashes alike: it keeps its people where
/// they are under a new name. None where several would do, for then nobody can tell.
pub(super) fn renames<'a>(removed: &[Alone<'a>], added: &[Alone<'a>]) -> Vec<(&'a str, &'a str)> {
    fn only<'s, 'a>(all: &'s [Alone<'a>], hash_key: &str) -> Option<&'s Alone<'a>> {
        let mut found = all.iter().filter(|alone| alone.hash_key == hash_key);
        found.next().filter(|_| found.next().is_none())
    }
    let pairs = added.iter().filter_map(|new| {
        only(added, new.hash_key)?;
        Some((only(removed, new.hash_key)?.name, new.name))
    });
    pairs.collect()
}
