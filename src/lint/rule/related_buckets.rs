//! Buckets that are related though their keys differ.

use crate::bucket::Purpose;
use crate::lint::drawn::{Drawn, correlation, drawn};
use crate::lint::finding::Severity;
use crate::lint::rules::Rule;
use crate::lint::scope::Scope;

pub(in crate::lint) const RULE: Rule = Rule {
    code: "related-buckets",
    severity: Severity::Warning,
    finds: "flags or experiments that a weak hash (FNV-1a, CRC-32, Java's) does not bucket independently",
    why: "An effect of one shows in the other, and no larger sample takes it away.",
};

/// From which correlation on it is told: five standard errors of the made-up users.
const TOLD: f64 = 0.05;
/// More than these are not held against each other.
const MOST: usize = 200;

pub(super) fn find(scope: &mut Scope<'_>) {
    let weak = |one: &Drawn<'_>| {
        let record = one.record();
        !record.hash.is_independent() && !record.template.is_unit_alone()
    };
    let all: Vec<Drawn<'_>> = drawn(scope).into_iter().filter(weak).take(MOST).collect();
    let users: Vec<Vec<bool>> = all.iter().map(Drawn::users).collect();
    for (at, one) in all.iter().enumerate() {
        // A rollout and a split of one flag are another rule's.
        let others = all
            .iter()
            .zip(&users)
            .filter(|(other, _)| other.name != one.name && other.same != one.same && other.by == one.by);
        let related = others.map(|(other, theirs)| (other, correlation(&users[at], theirs)));
        let Some((other, by)) = related.max_by(|a, b| a.1.abs().total_cmp(&b.1.abs())) else { continue };
        if by.abs() < TOLD {
            continue;
        }
        let (name, hash) = (one.name, one.record().hash);
        let what = |of: &Drawn<'_>| match of.purpose {
            Purpose::Rollout => format!("{} of `{}`", of.inside, of.name),
            Purpose::Variant => format!("{} in `{}`", of.inside, of.name),
        };
        let message =
            format!("{} and {} are not independent by {hash}: correlation {by:+.2}", what(one), what(other));
        let fix = "bucketing by SHA, MD5 or murmur3, such as \"ffctl/1\"";
        scope.report(&RULE, name, scope.at(one.place), message, fix);
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::support::{clean, found};

    fn two(algorithm: &str, names: [&str; 2]) -> String {
        let [a, b] = names;
        format!(
            "[bucketing]\nalgorithm = \"{algorithm}\"\n[experiments.{a}]\nvariants = [[\"c\", 1], [\"t\", 1]]\n\
             [experiments.{b}]\nvariants = [[\"c\", 1], [\"t\", 1]]\n"
        )
    }

    #[test]
    fn weak_hashes_relate_names_that_look_alike() {
        assert_eq!(
            found("related-buckets", &two("growthbook/1", ["exp-b", "exp-c"])),
            [
                "3:14+5 `c` in `exp-b` and `c` in `exp-c` are not independent by fnv1a32-utf16: correlation -0.53",
                "5:14+5 `c` in `exp-c` and `c` in `exp-b` are not independent by fnv1a32-utf16: correlation -0.53",
            ]
        );
        assert_eq!(found("related-buckets", &two("go-feature-flag", ["exp-b", "exp-c"])).len(), 2);
    }

    /// The hash of a hash was made for this: it is weak by its kind, and yet nothing is there to tell.
    #[test]
    fn what_is_not_there_is_not_told() {
        clean("related-buckets", &two("growthbook/2", ["exp-b", "exp-c"]));
        clean("related-buckets", &two("growthbook/1", ["checkout", "search"]));
    }

    #[test]
    fn strong_hashes_do_not() {
        for algorithm in ["ffctl/1", "posthog", "md5-flag-user", "flagd/2", "optimizely"] {
            clean("related-buckets", &two(algorithm, ["exp-a", "exp-b"]));
        }
    }
}
