//! Segments without a way in.

use crate::lint::finding::Severity;
use crate::lint::rules::Rule;
use crate::lint::scope::Scope;

pub(in crate::lint) const RULE: Rule = Rule {
    code: "empty-segment",
    severity: Severity::Note,
    finds: "a segment without `included` and `rules`",
    why: "Only contexts that name it themselves belong to it. If they do not, nobody does.",
};

pub(super) fn find(scope: &mut Scope<'_>) {
    for segment in scope.definitions().segments.values() {
        if !segment.included.is_empty() || !segment.rules.is_empty() {
            continue;
        }
        let Some(place) = scope.subject.file.segment_place(&segment.name) else { continue };
        let (name, place) = (segment.name.as_str(), scope.at(place));
        let message = format!("`{name}` has no member unless contexts name it");
        scope.report(&RULE, name, place, message, "included = [\"…\"], or rules");
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::support::{clean, found};

    #[test]
    fn a_segment_has_a_way_in() {
        let hit = ["1:11+1 `s` has no member unless contexts name it"];
        assert_eq!(found("empty-segment", "[segments.s]\nexcluded = [\"u\"]\n"), hit);
        clean("empty-segment", "[segments.s]\nincluded = [\"u\"]\n");
    }
}
