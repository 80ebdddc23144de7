//! Segments that no rule asks for.

use std::collections::HashSet;

use crate::lint::finding::Severity;
use crate::lint::rules::Rule;
use crate::lint::scope::Scope;
use crate::model::{Clause, Operator, Value};

pub(in crate::lint) const RULE: Rule = Rule {
    code: "unused-segment",
    severity: Severity::Note,
    finds: "a segment that no flag's rule asks for, directly or through another segment",
    why: "It decides nothing; forecasts can still be counted by it.",
};

pub(super) fn find(scope: &mut Scope<'_>) {
    let definitions = scope.definitions();
    if definitions.segments.is_empty() {
        return;
    }
    let rules = definitions.flags.values().flat_map(|flag| &flag.rules);
    let mut open: Vec<&Clause> = rules.flat_map(|rule| &rule.when).collect();
    let mut used: HashSet<&str> = HashSet::new();
    while let Some(clause) = open.pop() {
        let Some(named) = asked_for(clause) else { return };
        for name in named {
            if let Some(segment) = definitions.segments.get(name).filter(|_| used.insert(name)) {
                open.extend(segment.rules.iter().flat_map(|rule| &rule.when));
            }
        }
    }
    for segment in definitions.segments.values().filter(|segment| !used.contains(segment.name.as_str())) {
        let Some(place) = scope.subject.file.segment_place(&segment.name) else { continue };
        let (name, place) = (segment.name.as_str(), scope.at(place));
        scope.report(
            &RULE,
            name,
            place,
            format!("no rule asks for `{name}`"),
            "take it out, unless forecasts count by it",
        );
    }
}

/// Returns the segments that a clause asks for by name; none if it asks for all of them.
fn asked_for(clause: &Clause) -> Option<Vec<&str>> {
    let by_name = clause.kind.is_user() && clause.attribute == "segments";
    match clause.operator {
        Operator::Segment => {}
        Operator::In if by_name => {}
        _ if by_name => return None,
        _ => return Some(Vec::new()),
    }
    Some(clause.values.iter().filter_map(Value::as_text).collect())
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::support::{clean, found};

    fn file(clause: &str) -> String {
        format!(
            "[flags.a]\nenabled = true\nrollout = \"0%\"\n[[flags.a.rules]]\nserve = \"on\"\nwhen = [{clause}]\n\
             [segments.s]\nrules = [{{ when = [{{ segment = \"t\" }}] }}]\n[segments.t]\nincluded = [\"u\"]\n"
        )
    }

    #[test]
    fn a_segment_is_used_by_a_rule_of_a_flag() {
        let other = "{ attribute = \"plan\", op = \"in\", values = [\"s\"] }";
        assert_eq!(
            found("unused-segment", &file(other)),
            ["7:11+1 no rule asks for `s`", "9:11+1 no rule asks for `t`"]
        );
        assert_eq!(found("unused-segment", &file("{ segment = \"t\" }")), ["7:11+1 no rule asks for `s`"]);
        clean("unused-segment", &file("{ segment = \"s\" }"));
        clean("unused-segment", &file("{ attribute = \"segments\", op = \"in\", values = [\"s\"] }"));
        clean(
            "unused-segment",
            &file("{ attribute = \"segments\", op = \"starts_with\", values = [\"x\"] }"),
        );
    }
}
