//! Splits that draw what a rollout before them drew.

use crate::bucket::Purpose;
use crate::lint::drawn::{Drawn, among, drawn, percent};
use crate::lint::finding::Severity;
use crate::lint::rules::Rule;
use crate::lint::scope::Scope;

pub(in crate::lint) const RULE: Rule = Rule {
    code: "one-draw-for-two",
    severity: Severity::Warning,
    finds: "a rollout and a split behind it that hash the same",
    why: "Who is inside a small rollout has a small bucket: nearly all of them get the first variant.",
};

pub(super) fn find(scope: &mut Scope<'_>) {
    let all = drawn(scope);
    let (rollouts, splits): (Vec<&Drawn<'_>>, Vec<&Drawn<'_>>) =
        all.iter().partition(|one| one.purpose == Purpose::Rollout);
    for split in splits {
        let before = split.gate.unwrap_or(split.name);
        let same = |one: &&&Drawn<'_>| one.name == before && one.same == split.same && one.by == split.by;
        let Some(rollout) = rollouts.iter().find(same) else { continue };
        let passes = split.gate.is_some() || rollout.passes;
        let whom: Vec<bool> = rollout.users().into_iter().map(|inside| inside == passes).collect();
        let Some(first) = among(&whom, &split.users()) else { continue };
        let Drawn { name, algorithm, inside, .. } = split;
        let message = format!(
            "`{name}` and the {} rollout of `{before}` draw the same (`{algorithm}`): {:.0}% of those {} get {inside}, \
             not {}",
            rollout.inside,
            first * 100.0,
            if passes { "inside" } else { "outside" },
            percent(split.share()),
        );
        let fix = "bucketing = \"ffctl/1\", which draws the two apart";
        scope.report(&RULE, name, scope.at(split.place), message, fix);
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::support::{clean, found};

    const GATED: &str = "[bucketing]\nalgorithm = \"md5-user\"\n[flags]\ng = { enabled = true, rollout = \"10%\" }\n\
                         [experiments.e]\nflag = \"g\"\nvariants = [[\"control\", 50], [\"treatment\", 50]]\n";

    #[test]
    fn an_experiment_behind_a_small_rollout_needs_a_draw_of_its_own() {
        assert_eq!(
            found("one-draw-for-two", GATED),
            [
                "5:14+1 `e` and the 10% rollout of `g` draw the same (`md5-user`): 100% of those inside get `control`, not 50%"
            ]
        );
        for apart in ["ffctl/1", "md5-flag-user", "posthog"] {
            clean("one-draw-for-two", &GATED.replace("md5-user", apart));
        }
        clean("one-draw-for-two", &GATED.replace("10%", "100%"));
        clean("one-draw-for-two", &GATED.replace("flag = \"g\"\n", ""));
    }

    /// Of those who miss a rule's 40%, the buckets from 40 to 50 of 60 get the first variation.
    #[test]
    fn a_rule_that_serves_one_variation_leaves_the_split_to_those_outside() {
        let flag = |serve: &str| {
            format!(
                "[bucketing]\nalgorithm = \"md5-user\"\n[flags.f]\nenabled = true\noff = \"a\"\nvariations = {{ a = 1, b = 2 }}\n\
                 split = [[\"a\", 50], [\"b\", 50]]\nrules = [{{ when = [{{ attribute = \"x\", op = \"in\", values = [1] }}], \
                 rollout = \"40%\", {serve} }}]\n"
            )
        };
        let told = |serve: &str| found("one-draw-for-two", &flag(serve)).join("\n");
        let outside = told("serve = \"b\"");
        assert!(outside.ends_with("17% of those outside get `a`, not 50%"), "{outside}");
        let inside = told("split = [[\"a\", 50], [\"b\", 50]]");
        assert!(inside.ends_with("100% of those inside get `a`, not 50%"), "{inside}");
    }

    #[test]
    fn one_salt_for_both_is_one_draw_unless_the_purpose_is_hashed() {
        let salted = |algorithm: &str| {
            GATED
                .replace("md5-user", algorithm)
                .replace("\"10%\"", "\"10%\", salt = \"s\"")
                .replace("flag =", "salt = \"s\"\nflag =")
        };
        assert_eq!(found("one-draw-for-two", &salted("md5-flag-user")).len(), 1);
        assert_eq!(found("one-draw-for-two", &salted("flagsmith")).len(), 1);
        clean("one-draw-for-two", &salted("ffctl/1"));
        clean("one-draw-for-two", &salted("posthog"));
    }
}
