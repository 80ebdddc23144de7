//! Rollouts by a hash of the user alone.

use std::collections::HashMap;

use crate::bucket::Purpose;
use crate::lint::drawn::{Drawn, among, drawn, percent};
use crate::lint::finding::Severity;
use crate::lint::rules::Rule;
use crate::lint::scope::Scope;

pub(in crate::lint) const RULE: Rule = Rule {
    code: "same-people-first",
    severity: Severity::Warning,
    finds: "flags or experiments whose bucket is a hash of the user alone",
    why: "The same people are first in all of them: they meet every fault, and no experiment is independent of another.",
};

pub(super) fn find(scope: &mut Scope<'_>) {
    let all: Vec<Drawn<'_>> =
        drawn(scope).into_iter().filter(|one| one.record().template.is_unit_alone()).collect();
    let mut groups: HashMap<_, Vec<&Drawn<'_>>> = HashMap::new();
    for one in &all {
        groups.entry((&one.same, one.by.to_string(), one.purpose.word())).or_default().push(one);
    }
    // Ten thousand flags have a few percentages.
    let mut known = HashMap::new();
    let mut meet = |one: &Drawn<'_>, other: &Drawn<'_>| {
        for drawn in [one, other] {
            let (line, limit) = drawn.inner();
            known.entry((line.clone(), limit)).or_insert_with(|| (drawn.users(), drawn.share()));
        }
        let of = |drawn: &Drawn<'_>| {
            let (line, limit) = drawn.inner();
            &known[&(line.clone(), limit)]
        };
        let ((ours, share), (theirs, chance)) = (of(one), of(other));
        // Who draws the same is in both or in the larger alone; else the made-up users know about how many are.
        let overlap = if one.inner().0 == other.inner().0 {
            percent((chance / share).min(1.0))
        } else {
            format!("{:.0}%", among(ours, theirs).unwrap_or_default() * 100.0)
        };
        Meeting {
            inside: in_effect(one, *share),
            overlap,
            theirs: in_effect(other, *chance),
            chance: percent(*chance),
            nobody: *share <= 0.0,
        }
    };
    for one in &all {
        let group = &groups[&(&one.same, one.by.to_string(), one.purpose.word())];
        let Drawn { name, algorithm, .. } = one;
        let others: Vec<&&Drawn<'_>> = group.iter().filter(|other| other.name != *name).collect();
        let alone = format!("`{name}` is bucketed by the unit alone (`{algorithm}`)");
        let message = match others.as_slice() {
            // Its seed is its own.
            [] if algorithm.seed().is_some() => continue,
            [] => format!("{alone}: who is first in it is first in every flag that is"),
            [other, rest @ ..] => {
                let Meeting { inside, overlap, theirs, chance, nobody } = meet(one, other);
                let more =
                    if rest.is_empty() { String::new() } else { format!("; so with {} more", rest.len()) };
                let other = other.name;
                if nobody {
                    format!("{alone}: of its {inside}, who comes to be first is first in `{other}` too{more}")
                } else {
                    format!(
                        "{alone}: of its {inside}, {overlap} are in {theirs} of `{other}`, where {chance} were by chance{more}"
                    )
                }
            }
        };
        let fix =
            format!("bucketing = \"ffctl/1\"; `ffctl bucketing migrate {name} --to ffctl/1` says who flips");
        scope.report(&RULE, name, scope.at(one.place), message, fix);
    }
}

/// How many of those inside one are inside another, in words.
struct Meeting {
    inside: String,
    overlap: String,
    theirs: String,
    chance: String,
    /// Whether nobody is inside the first.
    nobody: bool,
}

/// Returns what is inside, with what a percentage between two buckets comes to.
fn in_effect(one: &Drawn<'_>, share: f64) -> String {
    let (asked, effective) = (&one.inside, percent(share));
    if one.purpose == Purpose::Variant || *asked == effective {
        return asked.clone();
    }
    format!("{asked} ({effective} in effect)")
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::support::{clean, fixes, found};

    const TWO: &str = "[flags]\na = { enabled = true, rollout = \"10%\", bucketing = \"md5-user\" }\n\
                       b = { enabled = true, rollout = \"25%\", bucketing = \"md5-user\" }\n";

    #[test]
    fn the_overlap_is_measured() {
        assert_eq!(
            found("same-people-first", TWO),
            [
                "2:52+10 `a` is bucketed by the unit alone (`md5-user`): of its 10%, 100% are in 25% of `b`, where 25% were by chance",
                "3:52+10 `b` is bucketed by the unit alone (`md5-user`): of its 25%, 40% are in 10% of `a`, where 10% were by chance",
            ]
        );
        assert!(fixes("same-people-first", TWO)[0].contains("migrate a --to ffctl/1"));
    }

    /// 12.5% are 13 of the hundred buckets.
    #[test]
    fn shares_are_those_that_the_buckets_come_to() {
        let coarse = "[bucketing.custom.coarse]\nhash = \"md5\"\ntemplate = \"{unit}\"\nslice = \"hex 8\"\n\
                      reduce = \"modulo 100\"\n";
        let two = format!("{coarse}{}", TWO.replace("md5-user", "coarse").replace("25%", "12.5%"));
        let said = found("same-people-first", &two);
        assert!(
            said[0]
                .contains("of its 10%, 100% are in 12.5% (13% in effect) of `b`, where 13% were by chance"),
            "{said:?}"
        );
        assert!(
            said[1].contains(
                "of its 12.5% (13% in effect), 76.923% are in 10% of `a`, where 10% were by chance"
            ),
            "{said:?}"
        );
    }

    #[test]
    fn one_alone_is_first_in_what_comes() {
        let one =
            "[bucketing]\nalgorithm = \"md5-user\"\n[flags]\na = { enabled = true, rollout = \"10%\" }\n";
        assert_eq!(
            found("same-people-first", one),
            [
                "4:1+1 `a` is bucketed by the unit alone (`md5-user`): who is first in it is first in every flag that is"
            ]
        );
        let by_org = TWO.replacen("bucketing =", "bucket_by = \"org\", bucketing =", 1);
        assert!(found("same-people-first", &by_org).iter().all(|found| found.ends_with("flag that is")));
    }

    #[test]
    fn names_seeds_of_their_own_and_both_ends_keep_people_apart() {
        clean("same-people-first", &TWO.replace("md5-user", "md5-flag-user"));
        clean("same-people-first", &TWO.replace("10%", "0%").replace("25%", "100%"));
        let split = |seed: u32| format!("{{ algorithm = \"split\", seed = {seed} }}");
        let seeded =
            |second| TWO.replacen("\"md5-user\"", &split(7), 1).replacen("\"md5-user\"", &split(second), 1);
        clean("same-people-first", &seeded(8));
        assert_eq!(found("same-people-first", &seeded(7)).len(), 2);
    }
}
