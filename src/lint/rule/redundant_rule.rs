//! Rules that serve what everybody else gets anyway.

use crate::lint::finding::Severity;
use crate::lint::rules::Rule;
use crate::lint::scope::Scope;
use crate::model::{Fallthrough, Flag, OFF, ON, Serve, Weight};

pub(in crate::lint) const RULE: Rule = Rule {
    code: "redundant-rule",
    severity: Severity::Note,
    finds: "a last rule that serves what everybody else gets",
    why: "Nothing would change without it. Often it is what remains of a rollout that has reached everyone.",
};

pub(super) fn find(scope: &mut Scope<'_>) {
    for (flag, places) in scope.flags() {
        let name = flag.name.as_str();
        for at in (0..flag.rules.len()).rev() {
            if !is_redundant(flag, &flag.rules[at]) {
                break;
            }
            let place = scope.at(places.rules.get(at).copied().unwrap_or(places.key));
            let message = format!("rule {} of `{name}` serves what everybody else gets", at + 1);
            scope.report(&RULE, name, place, message, "take the rule out");
        }
    }
}

/// Tells whether those who match `rule`, which nothing but the fallthrough follows, would get the same without it.
/// All rollouts of a flag share one bucket, so a smaller one lies within a larger.
fn is_redundant(flag: &Flag, rule: &crate::model::Rule) -> bool {
    match (&rule.serve, &flag.fallthrough) {
        (Serve::Variation(variation), Fallthrough::Rollout(weight)) => match variation.as_str() {
            ON => rule.rollout > Weight::NONE && rule.rollout <= *weight,
            OFF => *weight == Weight::NONE,
            _ => false,
        },
        (serve, Fallthrough::Serve(everybody)) => serve == everybody,
        (Serve::Split(_), Fallthrough::Rollout(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::support::{clean, found};

    fn flag(everybody: &str, rules: &[&str]) -> String {
        let when = "when = [{ attribute = \"p\", op = \"in\", values = [1] }]";
        let rules: Vec<String> =
            rules.iter().map(|rule| format!("[[flags.a.rules]]\n{rule}\n{when}\n")).collect();
        let rules = rules.concat();
        format!("[flags.a]\nenabled = true\nrollout = \"{everybody}\"\n{rules}")
    }

    #[test]
    fn the_same_with_and_without() {
        let hit = ["4:1+17 rule 1 of `a` serves what everybody else gets"];
        assert_eq!(found("redundant-rule", &flag("100%", &["serve = \"on\""])), hit);
        assert_eq!(found("redundant-rule", &flag("40%", &["rollout = \"40%\""])), hit);
        assert_eq!(found("redundant-rule", &flag("0%", &["serve = \"off\""])), hit);
        assert_eq!(
            found("redundant-rule", &flag("50%", &["rollout = \"40%\"", "rollout = \"10%\""])).len(),
            2
        );
        clean("redundant-rule", &flag("40%", &["rollout = \"41%\""]));
        clean("redundant-rule", &flag("99%", &["serve = \"on\""]));
        clean("redundant-rule", &flag("1%", &["serve = \"off\""]));
    }

    #[test]
    fn a_rule_that_keeps_another_off_is_needed() {
        clean("redundant-rule", &flag("100%", &["serve = \"on\"", "serve = \"off\""]));
    }

    #[test]
    fn variations_are_compared_as_they_are() {
        let text = "[flags.a]\nenabled = true\noff = \"v\"\nvariations = { v = 1, w = 2 }\nserve = \"w\"\n\
                    [[flags.a.rules]]\nserve = \"w\"\nwhen = [{ segment = \"s\" }]\n[segments.s]\n";
        assert_eq!(found("redundant-rule", text).len(), 1);
        clean("redundant-rule", &text.replace("]]\nserve = \"w\"", "]]\nserve = \"v\""));
    }
}
