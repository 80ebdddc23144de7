//! `FF_*` variables without a value.

use crate::layer::EnvNote;
use crate::lint::finding::Severity;
use crate::lint::rules::Rule;
use crate::lint::scope::{Scope, name_of};

pub(in crate::lint) const RULE: Rule = Rule {
    code: "empty-variable",
    severity: Severity::Note,
    finds: "an FF_* variable of a flag that is empty",
    why: "It counts as unset. Often it is a secret or an input that a CI job does not have.",
};

pub(super) fn find(scope: &mut Scope<'_>) {
    for environment in scope.subject.environments {
        for note in environment.layer.notes() {
            let EnvNote::Empty { origin, flag } = note else { continue };
            let place = scope.variable_at(origin);
            let message =
                format!("`{}` is empty, and `{flag}` keeps its value from elsewhere", name_of(origin));
            scope.report(&RULE, flag.as_str(), place, message, "give it a value, or take it out");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::support::{found_here, found_with};

    #[test]
    fn an_empty_variable_says_nothing() {
        let flags = "[flags]\na = true\n";
        let hit = [".env:1:1+5 `FF_A` is empty, and `a` keeps its value from elsewhere"];
        assert_eq!(found_with("empty-variable", flags, "FF_A=\n"), hit);
        assert!(found_with("empty-variable", flags, "FF_A=0\nFF_B=\n").is_empty());
        assert!(
            found_here("empty-variable", flags, "FF_A=\n", &[("FF_A", "on")]).is_empty(),
            "the process has one"
        );
    }
}
