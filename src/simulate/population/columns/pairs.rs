//! A number for each pair of numbers.

use std::collections::HashMap;

use super::super::super::quick::Quick;

/// Numbers of pairs, given in the order in which they come.
#[derive(Default)]
pub(super) struct Pairs {
    /// Those of small numbers, one more each; zero where there is none.
    small: Vec<u32>,
    others: HashMap<(u32, u32), u32, Quick>,
    count: u32,
}

impl Pairs {
    /// Numbers below are small.
    const SMALL: u32 = 64;

    /// Returns the number of a pair; none if it is a new one, and there are `most` already.
    #[inline]
    pub(super) fn number(&mut self, one: u32, other: u32, most: usize) -> Option<u32> {
        if one < Self::SMALL && other < Self::SMALL {
            let known = self.small.get((one * Self::SMALL + other) as usize).copied().unwrap_or_default();
            if known > 0 {
                return Some(known - 1);
            }
        } else if let Some(known) = self.others.get(&(one, other)) {
            return Some(*known);
        }
        self.miss(one, other, most)
    }

    #[cold]
    fn miss(&mut self, one: u32, other: u32, most: usize) -> Option<u32> {
        let number = Some(self.count).filter(|count| (*count as usize) < most)?;
        self.count += 1;
        if one < Self::SMALL && other < Self::SMALL {
            self.small.resize((Self::SMALL * Self::SMALL) as usize, 0);
            self.small[(one * Self::SMALL + other) as usize] = self.count;
        } else {
            self.others.insert((one, other), number);
        }
        Some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_pair_keeps_its_number() {
        let mut pairs = Pairs::default();
        let each: Vec<(u32, u32)> = (0..130).flat_map(|one| [(one, 3), (3, one)]).collect();
        let first: Vec<_> = each.iter().map(|(one, other)| pairs.number(*one, *other, 1000)).collect();
        let again: Vec<_> = each.iter().map(|(one, other)| pairs.number(*one, *other, 0)).collect();
        assert_eq!(first, again);
        let distinct: std::collections::BTreeSet<_> = first.iter().flatten().collect();
        // The pair of both comes twice.
        assert_eq!(distinct.len(), each.len() - 1);
        assert_eq!(pairs.number(1, 1, distinct.len()), None);
    }
}
