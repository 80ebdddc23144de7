//! Rules that an earlier one leaves nobody for.

use crate::lint::clause::{contradiction, implies_all};
use crate::lint::finding::Severity;
use crate::lint::rules::Rule;
use crate::lint::scope::Scope;
use crate::model::Weight;

pub(in crate::lint) const RULE: Rule = Rule {
    code: "shadowed-rule",
    severity: Severity::Warning,
    finds: "a rule that matches only users whom an earlier rule serves",
    why: "The first rule that matches decides, so the later one never does. All rollouts of a flag share one bucket: an \
          earlier 40% also contains a later 25%.",
};

pub(super) fn find(scope: &mut Scope<'_>) {
    for (flag, places) in scope.flags().filter(|(flag, _)| flag.rules.len() > 1) {
        for (at, rule) in flag.rules.iter().enumerate().filter(|(_, rule)| rule.rollout > Weight::NONE) {
            let earlier = flag.rules[..at].iter().position(|earlier| {
                earlier.rollout >= rule.rollout && implies_all(&rule.when, &earlier.when)
            });
            let Some(earlier) = earlier.filter(|_| contradiction(&rule.when).is_none()) else { continue };
            let name = flag.name.as_str();
            let place = scope.at(places.rules.get(at).copied().unwrap_or(places.key));
            let message = format!(
                "rule {} of `{name}` never decides: whoever it matches is served by rule {}",
                at + 1,
                earlier + 1
            );
            scope.report(
                &RULE,
                name,
                place,
                message,
                format!("move it above rule {}, or take it out", earlier + 1),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::support::{clean, found};

    fn rules(first: (&str, &str), second: (&str, &str)) -> String {
        let rule = |(serve, when): (&str, &str)| format!("[[flags.a.rules]]\n{serve}\nwhen = [{when}]\n");
        let rules = [rule(first), rule(second)].concat();
        format!("[flags.a]\nenabled = true\nrollout = \"0%\"\n{rules}[segments.s]\n[segments.t]\n")
    }

    const ON: &str = "serve = \"on\"";
    const S: &str = "{ segment = \"s\" }";
    const S_AND_T: &str = "{ segment = \"s\" }, { segment = \"t\" }";

    #[test]
    fn whoever_matches_later_is_served_before() {
        let hit = ["7:1+17 rule 2 of `a` never decides: whoever it matches is served by rule 1"];
        assert_eq!(found("shadowed-rule", &rules((ON, S), ("serve = \"off\"", S_AND_T))), hit);
        assert_eq!(found("shadowed-rule", &rules((ON, S), (ON, S))), hit);
        clean("shadowed-rule", &rules((ON, S_AND_T), (ON, S)));
        clean("shadowed-rule", &rules((ON, S), (ON, "{ segment = \"t\" }")));
    }

    #[test]
    fn a_larger_rollout_contains_a_smaller_one() {
        let weight = |weight: &str| format!("rollout = \"{weight}\"");
        assert_eq!(found("shadowed-rule", &rules((&weight("40%"), S), (&weight("25%"), S))).len(), 1);
        clean("shadowed-rule", &rules((&weight("25%"), S), (&weight("40%"), S)));
    }

    #[test]
    fn an_earlier_range_contains_a_later_one() {
        let below = |number: i64| format!("{{ attribute = \"n\", op = \"less_than\", values = [{number}] }}");
        assert_eq!(found("shadowed-rule", &rules((ON, &below(30)), (ON, &below(7)))).len(), 1);
        clean("shadowed-rule", &rules((ON, &below(7)), (ON, &below(30))));
    }
}
