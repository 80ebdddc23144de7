//! Values and clauses that stand twice in one list.

use crate::flagfile::Span;
use crate::flagfile::Step::{At, Key};
use crate::lint::finding::Severity;
use crate::lint::rules::Rule;
use crate::lint::scope::Scope;
use crate::model::{Clause, Operator};

pub(in crate::lint) const RULE: Rule = Rule {
    code: "duplicate-value",
    severity: Severity::Warning,
    finds: "a value, clause or prerequisite that stands twice in one list",
    why: "One of the two is without effect; mostly another one was meant.",
};

/// One more list of clauses: whose, and the path and place of its rule.
struct List<'a> {
    name: &'a str,
    section: &'static str,
    rule: usize,
    otherwise: Span,
}

pub(super) fn find(scope: &mut Scope<'_>) {
    for (flag, places) in scope.flags() {
        let name = flag.name.as_str();
        for (rule, targeting) in flag.rules.iter().enumerate() {
            let otherwise = places.rules.get(rule).copied().unwrap_or(places.key);
            let list = List { name, section: "flags", rule, otherwise };
            clauses(scope, &list, &targeting.when);
        }
        for (at, wanted) in flag.prerequisites.iter().enumerate() {
            if flag.prerequisites[..at].contains(wanted) {
                let place = scope.at(places.prerequisites.get(at).copied().unwrap_or(places.key));
                let message = format!("the prerequisite `{}` stands twice in `{name}`", wanted.flag);
                scope.report(&RULE, name, place, message, "keep one of the two");
            }
        }
    }
    for segment in scope.definitions().segments.values() {
        let Some(otherwise) = scope.subject.file.segment_place(&segment.name) else { continue };
        for (rule, one) in segment.rules.iter().enumerate() {
            let list = List { name: segment.name.as_str(), section: "segments", rule, otherwise };
            clauses(scope, &list, &one.when);
        }
    }
}

fn clauses(scope: &mut Scope<'_>, list: &List<'_>, when: &[Clause]) {
    let List { name, section, rule, otherwise } = *list;
    for (at, clause) in when.iter().enumerate() {
        let path = [Key(section), Key(name), Key("rules"), At(rule), Key("when"), At(at)];
        if when[..at].contains(clause) {
            let place = scope.at(scope.value_at(&path, otherwise));
            let message = format!("`{clause}` stands twice in rule {} of `{name}`", rule + 1);
            scope.report(&RULE, name, place, message, "keep one of the two");
            continue;
        }
        // Segments named twice are a mistake of the file.
        let values = if clause.operator == Operator::Segment { &[] } else { clause.values.as_slice() };
        for (index, value) in
            values.iter().enumerate().filter(|(index, value)| values[..*index].contains(value))
        {
            let path = [&path[..], &[Key("values"), At(index)]].concat();
            let place = scope.at(scope.value_at(&path, otherwise));
            let message = format!("{} stands twice in rule {} of `{name}`", value.in_words(), rule + 1);
            scope.report(&RULE, name, place, message, "keep one of the two");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::support::{clean, found};

    #[test]
    fn a_value_stands_once() {
        let text = |values: &str| {
            format!(
                "[segments.s]\nrules = [{{ when = [{{ attribute = \"a\", op = \"in\", values = [{values}] }}] }}]\n"
            )
        };
        assert_eq!(
            found("duplicate-value", &text("7, 8, 7.0")),
            ["2:66+3 7.0 stands twice in rule 1 of `s`"]
        );
        clean("duplicate-value", &text("7, \"7\", true"));
    }

    #[test]
    fn clauses_and_prerequisites_stand_once() {
        let text = "[flags.a]\nenabled = true\nrollout = \"0%\"\nprerequisites = [{ flag = \"b\" }, { flag = \"b\" }]\n\
                    [[flags.a.rules]]\nserve = \"on\"\nwhen = [{ segment = \"s\" }, { segment = \"s\" }]\n\
                    [flags.b]\nenabled = true\n[segments.s]\n";
        let expected = [
            "4:34+14 the prerequisite `b` stands twice in `a`",
            "7:28+17 `is in segment \"s\"` stands twice in rule 1 of `a`",
        ];
        assert_eq!(found("duplicate-value", text), expected);
        clean(
            "duplicate-value",
            &text.replace("[{ flag = \"b\" }, ", "[").replace("[{ segment = \"s\" }, ", "["),
        );
    }
}
