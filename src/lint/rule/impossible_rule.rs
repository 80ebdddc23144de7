//! Rules whose clauses can never hold together.

use crate::flagfile::Step::{At, Key};
use crate::lint::clause::contradiction;
use crate::lint::finding::Severity;
use crate::lint::rules::Rule;
use crate::lint::scope::Scope;

pub(in crate::lint) const RULE: Rule = Rule {
    code: "impossible-rule",
    severity: Severity::Warning,
    finds: "a rule whose clauses can never all match",
    why: "Nobody ever gets what it serves. Lists of text are taken to be able to match several values at once.",
};

pub(super) fn find(scope: &mut Scope<'_>) {
    for (flag, places) in scope.flags() {
        for (at, rule) in flag.rules.iter().enumerate() {
            let Some(found) = contradiction(&rule.when) else { continue };
            let name = flag.name.as_str();
            let path = [Key("flags"), Key(name), Key("rules"), At(at), Key("when"), At(found.clause)];
            let place = scope.at(scope.value_at(&path, places.rules.get(at).copied().unwrap_or(places.key)));
            let message = format!("rule {} of `{name}` can never match: {}", at + 1, found.why);
            scope.report(&RULE, name, place, message, "correct the clause, or take the rule out");
        }
    }
    for segment in scope.definitions().segments.values() {
        let impossible: Vec<_> = segment.rules.iter().map(|rule| contradiction(&rule.when)).collect();
        // Where no way in is left, that is found as one.
        if segment.included.is_empty() && impossible.iter().all(Option::is_some) {
            continue;
        }
        for (at, found) in impossible.into_iter().enumerate() {
            let (Some(found), Some(otherwise)) = (found, scope.subject.file.segment_place(&segment.name))
            else {
                continue;
            };
            let name = segment.name.as_str();
            let path = [Key("segments"), Key(name), Key("rules"), At(at), Key("when"), At(found.clause)];
            let place = scope.at(scope.value_at(&path, otherwise));
            let message = format!("rule {} of the segment `{name}` can never match: {}", at + 1, found.why);
            scope.report(&RULE, name, place, message, "correct the clause, or take the rule out");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::support::{clean, found};

    fn flag(low: &str, high: &str) -> String {
        format!(
            "[flags.a]\nenabled = true\nrollout = \"0%\"\n[[flags.a.rules]]\nserve = \"on\"\nwhen = [\n  \
             {{ attribute = \"n\", op = \"less_than\", values = [{high}] }},\n  \
             {{ attribute = \"n\", op = \"greater_than\", values = [{low}] }},\n]\n"
        )
    }

    #[test]
    fn the_clause_that_cannot_hold_is_pointed_at() {
        let hit = "8:3+54 rule 1 of `a` can never match: nothing matches both `n is less than 3` and `n is greater than 7`";
        assert_eq!(found("impossible-rule", &flag("7", "3")), [hit]);
        clean("impossible-rule", &flag("3", "7"));
    }

    #[test]
    fn a_segment_has_another_way_in() {
        let text = "[segments.s]\nincluded = [\"u\"]\nrules = [{ when = [{ attribute = \"key\", op = \"in\", values = [7] }] }]\n";
        assert_eq!(found("impossible-rule", text).len(), 1);
        clean("impossible-rule", &text.replace("[7]", "[\"7\"]"));
    }
}
