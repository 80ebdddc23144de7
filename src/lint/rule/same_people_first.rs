//! Rollouts by a hash of the user alone.

use std::collections::HashMap;

use crate::lint::drawn::{Drawn, among, drawn};
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
    let mut users = HashMap::new();
    let mut inside_of = |one: &Drawn<'_>, other: &Drawn<'_>| {
        for drawn in [one, other] {
            let (line, limit) = drawn.inner();
            users.entry((line.clone(), limit)).or_insert_with(|| drawn.users());
        }
        let of = |drawn: &Drawn<'_>| {
            let (line, limit) = drawn.inner();
            &users[&(line.clone(), limit)]
        };
        among(of(one), of(other)).unwrap_or_default()
    };
    for one in &all {
        let group = &groups[&(&one.same, one.by.to_string(), one.purpose.word())];
        let Drawn { name, algorithm, inside, .. } = one;
        let others: Vec<&&Drawn<'_>> = group.iter().filter(|other| other.name != *name).collect();
        let alone = format!("`{name}` is bucketed by the unit alone (`{algorithm}`)");
        let message = match others.as_slice() {
            // Its seed is its own.
            [] if algorithm.seed().is_some() => continue,
            [] => format!("{alone}: who is first in it is first in every flag that is"),
            [other, rest @ ..] => {
                let overlap = inside_of(one, other);
                let more =
                    if rest.is_empty() { String::new() } else { format!("; so with {} more", rest.len()) };
                format!(
                    "{alone}: of its {inside}, {:.0}% are in {} of `{}`, where {:.0}% were by chance{more}",
                    overlap * 100.0,
                    other.inside,
                    other.name,
                    other.share * 100.0,
                )
            }
        };
        let fix =
            format!("bucketing = \"ffctl/1\"; `ffctl bucketing migrate {name} --to ffctl/1` says who flips");
        scope.report(&RULE, name, scope.at(one.place), message, fix);
    }
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
                "3:52+10 `b` is bucketed by the unit alone (`md5-user`): of its 25%, 39% are in 10% of `a`, where 10% were by chance",
            ]
        );
        assert!(fixes("same-people-first", TWO)[0].contains("migrate a --to ffctl/1"));
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
