//! Rules with a rollout of 0%.

use crate::flagfile::Step::{At, Key};
use crate::lint::finding::Severity;
use crate::lint::rules::Rule;
use crate::lint::scope::Scope;
use crate::model::Weight;

pub(in crate::lint) const RULE: Rule = Rule {
    code: "rollout-of-nobody",
    severity: Severity::Note,
    finds: "a rule with a rollout of 0%",
    why: "Everybody who matches falls through to the next rule, as if it were not there.",
};

pub(super) fn find(scope: &mut Scope<'_>) {
    for (flag, places) in scope.flags() {
        let name = flag.name.as_str();
        for (at, _) in flag.rules.iter().enumerate().filter(|(_, rule)| rule.rollout == Weight::NONE) {
            let path = [Key("flags"), Key(name), Key("rules"), At(at), Key("rollout")];
            let place = scope.at(scope.value_at(&path, places.rules.get(at).copied().unwrap_or(places.key)));
            let message = format!("rule {} of `{name}` serves nobody", at + 1);
            scope.report(&RULE, name, place, message, "raise the rollout, or take the rule out");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::support::{clean, found};

    #[test]
    fn nobody_is_not_one_in_a_hundred_thousand() {
        let rule = |weight: &str| {
            format!(
                "[flags.a]\nenabled = true\nrollout = \"0%\"\n[[flags.a.rules]]\nrollout = \"{weight}\"\n\
                 when = [{{ attribute = \"p\", op = \"in\", values = [1] }}]\n"
            )
        };
        assert_eq!(found("rollout-of-nobody", &rule("0%")), ["5:11+4 rule 1 of `a` serves nobody"]);
        clean("rollout-of-nobody", &rule("0.001%"));
    }
}
