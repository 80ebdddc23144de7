//! Segments whose every rule contradicts itself.

use crate::flagfile::Step::{At, Key};
use crate::lint::clause::{Contradiction, contradiction};
use crate::lint::finding::Severity;
use crate::lint::rules::Rule;
use crate::lint::scope::Scope;

pub(in crate::lint) const RULE: Rule = Rule {
    code: "impossible-segment",
    severity: Severity::Warning,
    finds: "a segment whose rules can all never match, and that includes nobody",
    why: "Nobody belongs to it, so every rule that asks for it is as good as absent.",
};

pub(super) fn find(scope: &mut Scope<'_>) {
    for segment in scope.definitions().segments.values().filter(|segment| segment.included.is_empty()) {
        let all: Option<Vec<Contradiction>> =
            segment.rules.iter().map(|rule| contradiction(&rule.when)).collect();
        let Some(first) = all.and_then(|all| all.into_iter().next()) else { continue };
        let Some(otherwise) = scope.subject.file.segment_place(&segment.name) else { continue };
        let name = segment.name.as_str();
        let path = [Key("segments"), Key(name), Key("rules"), At(0), Key("when"), At(first.clause)];
        let place = scope.at(scope.value_at(&path, otherwise));
        let message = format!("nobody can belong to the segment `{name}`: {}", first.why);
        scope.report(&RULE, name, place, message, "correct the clause, or take the segment out");
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::support::{clean, found};

    #[test]
    fn one_way_in_is_enough() {
        let never = "{ when = [{ attribute = \"email_domain\", op = \"in\", values = [\"@a.co\"] }] }";
        let hit = "2:20+61 nobody can belong to the segment `s`: a domain is what stands behind the `@`";
        assert_eq!(found("impossible-segment", &format!("[segments.s]\nrules = [{never}]\n")), [hit]);
        let good = never.replace('@', "");
        clean("impossible-segment", &format!("[segments.s]\nrules = [{never}, {good}]\n"));
        clean("impossible-segment", &format!("[segments.s]\nincluded = [\"u\"]\nrules = [{never}]\n"));
        clean("impossible-segment", "[segments.s]\n");
    }
}
