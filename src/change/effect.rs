//! What a change does to the users: how large a share newly gets something, and whether anybody gets more at all.

use crate::layer::{Field, FieldValue};
use crate::model::{Fallthrough, Flag, ON, Serve, Weight};

use super::plan::PlannedField;

/// What a change does to those that nothing but the fallthrough decides for, and to the entries that it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effect {
    /// The share of the users that newly get a variation other than the one of a flag that is off. Users that a user's
    /// or an organisation's entry or a rule decides for are counted like all others: how many they are, nobody knows.
    pub gains: Weight,
    /// The share that gets such a variation before.
    pub before: Weight,
    /// Whether nobody gets more and somebody less: off, a smaller share, an entry that goes.
    pub only_less: bool,
}

/// Returns what a change of `fields` does that makes `will` of what `was` in effect.
pub(super) fn effect(was: &Flag, will: &Flag, fields: &[PlannedField]) -> Effect {
    let (before, after) = (Bands::of(was), Bands::of(will));
    let moved = |wanted: fn(Option<&str>, Option<&str>) -> bool| before.share_where(&after, wanted);
    let gains = moved(|before, after| after.is_some() && before != after);
    let loses = moved(|before, after| after.is_none() && before.is_some()) > Weight::NONE;
    let switched_off = fields.iter().any(|field| field.field == Field::Enabled && is_off(field.new.as_ref()));
    let only_less = match (was.enabled, will.enabled) {
        (_, false) => was.enabled || switched_off,
        (false, true) => false,
        (true, true) => {
            let entries: Vec<_> = fields.iter().map(|field| entry(was, will, &field.field)).collect();
            let less = loses || switched_off || entries.contains(&Some(true));
            gains == Weight::NONE && !entries.contains(&Some(false)) && less
        }
    };
    let all = Bands { bands: vec![(1, None)], total: 1 };
    Effect { gains, before: all.share_where(&before, |_, now| now.is_some()), only_less }
}

fn is_off(value: Option<&FieldValue>) -> bool {
    matches!(value, Some(FieldValue::Switch(false)))
}

/// Tells whether a user's or an organisation's entry gives less; none if it gives the same as before, or the field is no entry.
fn entry(was: &Flag, will: &Flag, field: &Field) -> Option<bool> {
    let (before, after) = match field {
        Field::User(key) => (was.users.get(key), will.users.get(key)),
        Field::Org(key) => (was.orgs.get(key), will.orgs.get(key)),
        Field::Enabled | Field::Rollout | Field::Serve => return None,
    };
    if before == after {
        return None;
    }
    let off = will.variations.off();
    Some(match after {
        Some(after) => after == off,
        // What they get then, others decide; of two variations it cannot be more than on.
        None => will.variations.is_boolean() && before.is_some_and(|before| before != off),
    })
}

/// What the fallthrough serves, bucket by bucket; none stands for the variation of a flag that is off.
struct Bands<'a> {
    /// Where each band ends, of `total`.
    bands: Vec<(u64, Option<&'a str>)>,
    total: u64,
}

impl<'a> Bands<'a> {
    fn of(flag: &'a Flag) -> Self {
        let off = flag.variations.off();
        let served = |name: &'a crate::model::VariationName| (name != off).then(|| name.as_str());
        if !flag.enabled {
            return Self { bands: vec![(1, None)], total: 1 };
        }
        match &flag.fallthrough {
            Fallthrough::Rollout(weight) => {
                let total = u64::from(Weight::TOTAL);
                Self { bands: vec![(u64::from(weight.thousandths()), Some(ON)), (total, None)], total }
            }
            Fallthrough::Serve(Serve::Variation(name)) => Self { bands: vec![(1, served(name))], total: 1 },
            Fallthrough::Serve(Serve::Split(split)) => {
                let mut end = 0;
                let band = |(name, share): &'a (_, crate::model::Share)| {
                    end += u64::from(share.get());
                    (end, served(name))
                };
                Self { bands: split.pairs().iter().map(band).collect(), total: u64::from(split.total()) }
            }
        }
    }

    /// Returns the share of the buckets of which `wanted` holds, rounded up.
    fn share_where(&self, other: &Self, wanted: impl Fn(Option<&str>, Option<&str>) -> bool) -> Weight {
        // Totals are below 2^31, so that their product fits.
        let total = self.total * other.total;
        let (mut at, mut found) = (0, 0);
        let (mut mine, mut theirs) = (self.bands.iter(), other.bands.iter());
        let (mut one, mut two) = (mine.next(), theirs.next());
        while let (Some((my_end, my)), Some((their_end, their))) = (one, two) {
            let (my_end, their_end) = (my_end * other.total, their_end * self.total);
            let end = my_end.min(their_end);
            if wanted(*my, *their) {
                found += end - at;
            }
            at = end;
            if my_end == end {
                one = mine.next();
            }
            if their_end == end {
                two = theirs.next();
            }
        }
        let thousandths = (u128::from(found) * u128::from(Weight::TOTAL)).div_ceil(u128::from(total.max(1)));
        u32::try_from(thousandths).ok().and_then(Weight::from_thousandths).unwrap_or(Weight::ALL)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flagfile::FlagFile;

    fn flag(text: &str) -> Flag {
        let text = format!("schema = 1\n[flags.x]\n{text}\n");
        let file = FlagFile::parse("flags.toml", text).expect("sound");
        file.definitions().flags["x"].clone()
    }

    fn rollout(enabled: bool, share: &str) -> Flag {
        flag(&format!("enabled = {enabled}\nrollout = \"{share}\""))
    }

    fn split(shares: &str) -> Flag {
        let values = "variations = { v2 = 2, v3 = 3, v4 = 4 }";
        flag(&format!("enabled = true\noff = \"v2\"\n{values}\nsplit = {shares}"))
    }

    #[test]
    fn only_those_count_who_newly_get_something() {
        let cases = [
            (rollout(true, "10%"), rollout(true, "25%"), "15%", false),
            (rollout(true, "25%"), rollout(true, "10%"), "0%", true),
            (rollout(true, "25%"), rollout(true, "25%"), "0%", false),
            (rollout(false, "25%"), rollout(true, "25%"), "25%", false),
            (rollout(true, "25%"), rollout(false, "25%"), "0%", true),
            (rollout(true, "25%"), rollout(false, "100%"), "0%", true),
            (rollout(false, "25%"), rollout(false, "100%"), "0%", false),
            (rollout(false, "0%"), rollout(true, "0%"), "0%", false),
            (split("[[\"v2\", 90], [\"v3\", 10]]"), split("[[\"v2\", 80], [\"v3\", 20]]"), "10%", false),
            (split("[[\"v2\", 90], [\"v3\", 10]]"), split("[[\"v2\", 95], [\"v3\", 5]]"), "0%", true),
            // The same shares in another order move everybody.
            (split("[[\"v2\", 50], [\"v3\", 50]]"), split("[[\"v3\", 50], [\"v2\", 50]]"), "50%", false),
            (split("[[\"v3\", 1], [\"v4\", 2]]"), split("[[\"v4\", 1], [\"v3\", 2]]"), "100%", false),
            (split("[[\"v2\", 1], [\"v3\", 1]]"), split("[[\"v2\", 7], [\"v3\", 7]]"), "0%", false),
        ];
        for (was, will, gains, only_less) in cases {
            let found = effect(&was, &will, &[]);
            assert_eq!((found.gains.to_string().as_str(), found.only_less), (gains, only_less), "{will:?}");
        }
    }

    #[test]
    fn entries_give_more_or_less() {
        let was = flag("enabled = true\norgs = { a = \"on\", b = \"off\" }\nrollout = \"5%\"");
        for (orgs, key, only_less) in [
            ("{ a = \"off\", b = \"off\" }", "a", true),
            ("{ b = \"off\" }", "a", true),
            ("{ a = \"on\" }", "b", false),
            ("{ a = \"on\", b = \"on\" }", "b", false),
            ("{ a = \"on\", b = \"off\", c = \"off\" }", "c", true),
            ("{ a = \"on\", b = \"off\", c = \"on\" }", "c", false),
        ] {
            let will = flag(&format!("enabled = true\norgs = {orgs}\nrollout = \"5%\""));
            let field = PlannedField {
                field: Field::Org(key.to_owned()),
                old: None,
                new: None,
                over: None,
                then: None,
                masked: None,
                old_ends: None,
                new_ends: None,
            };
            assert_eq!(effect(&was, &will, &[field]).only_less, only_less, "{orgs}");
        }
    }
}
