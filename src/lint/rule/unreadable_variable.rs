//! `FF_*` values that cannot be read.

use crate::lint::finding::Severity;
use crate::lint::rules::Rule;
use crate::lint::scope::{Scope, name_of};

pub(in crate::lint) const RULE: Rule = Rule {
    code: "unreadable-variable",
    severity: Severity::Error,
    finds: "an FF_* value that is no boolean word, percentage or variation",
    why: "Nobody can tell what the flag is; it is never taken for off.",
};

pub(super) fn find(scope: &mut Scope<'_>) {
    for environment in scope.subject.environments {
        for name in scope.definitions().flags.keys() {
            for problem in environment.layer.problems(name.as_str()) {
                let place = scope.variable_at(&problem.origin);
                let message = format!("`{}` cannot be read: {}", name_of(&problem.origin), problem.message);
                scope.report(&RULE, name.as_str(), place, message, problem.fix.as_str());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::support::{found_across, found_here, found_with};

    const FLAGS: &str = "[flags]\na = true\nb = false\n";

    #[test]
    fn a_value_is_read_or_reported() {
        let hit = [".env:2:8+10 `FF_A` cannot be read: `flase` is not true, false or a percentage"];
        assert_eq!(found_with("unreadable-variable", FLAGS, "X=1\nexport FF_A=flase # why\nFF_B=no\n"), hit);
        assert!(found_with("unreadable-variable", FLAGS, "FF_A=12.5%\nFF_ELSE=huh\nFF_B=\n").is_empty());
        let here = found_here("unreadable-variable", FLAGS, "", &[("FF_A", "0.25")]);
        assert_eq!(
            here,
            ["FF_A `FF_A` cannot be read: `0.25` is less than 1%: a fraction where a percentage is meant?"]
        );
        let across = found_across("unreadable-variable", FLAGS, &[("prod.env", "FF_A=120%\n")]);
        assert_eq!(across, ["prod.env:1:1+9 `FF_A` cannot be read: `120%` is above 100%"]);
    }
}
