//! Users and organisations who are listed with what they would get anyway.

use indexmap::IndexMap;

use crate::flagfile::Span;
use crate::lint::finding::Severity;
use crate::lint::rules::Rule;
use crate::lint::scope::Scope;
use crate::model::{Fallthrough, Flag, OFF, ON, Serve, VariationName, Weight};

pub(in crate::lint) const RULE: Rule = Rule {
    code: "redundant-entry",
    severity: Severity::Note,
    finds: "a user or organisation listed with what everybody gets",
    why: "Nothing would change without the entry. Often it is what remains of a rollout that has reached everyone.",
};

pub(super) fn find(scope: &mut Scope<'_>) {
    for (flag, places) in scope.flags() {
        // Rules stand between the entries and everybody else.
        let Some(everybody) = everybody(flag).filter(|_| flag.rules.is_empty()) else { continue };
        let same =
            |entries: &IndexMap<String, VariationName>| entries.values().all(|one| one.as_str() == everybody);
        if same(&flag.orgs) {
            // A user who is listed may be of an organisation that gets something else.
            report(scope, flag, "user", &flag.users, &places.users, everybody);
        }
        report(scope, flag, "organisation", &flag.orgs, &places.orgs, everybody);
    }
}

fn report(
    scope: &mut Scope<'_>,
    flag: &Flag,
    noun: &str,
    entries: &IndexMap<String, VariationName>,
    spans: &[Span],
    everybody: &str,
) {
    for ((key, variation), span) in entries.iter().zip(spans) {
        if variation.as_str() == everybody {
            let place = scope.at(*span);
            let message =
                format!("the {noun} `{key}` of `{}` gets `{everybody}`, as everybody does", flag.name);
            scope.report(&RULE, flag.name.as_str(), place, message, "take the entry out");
        }
    }
}

/// Returns the one variation that those get whom nothing matches, if it is one.
fn everybody(flag: &Flag) -> Option<&str> {
    match &flag.fallthrough {
        Fallthrough::Rollout(Weight::ALL) => Some(ON),
        Fallthrough::Rollout(Weight::NONE) => Some(OFF),
        Fallthrough::Rollout(_) => None,
        Fallthrough::Serve(Serve::Variation(variation)) => Some(variation.as_str()),
        Fallthrough::Serve(Serve::Split(split)) => split.single().map(VariationName::as_str),
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::support::{clean, found};

    fn flag(rest: &str) -> String {
        format!("[flags.a]\nenabled = true\n{rest}\n")
    }

    #[test]
    fn an_entry_says_something_else_than_the_rest() {
        let hit = ["3:12+3 the user `v` of `a` gets `on`, as everybody does"];
        assert_eq!(
            found("redundant-entry", &flag("users = { v = \"on\", u = \"off\" }\nrollout = \"100%\"")),
            hit.map(|hit| hit.replace("12+3", "11+1"))
        );
        assert_eq!(found("redundant-entry", &flag("orgs = { o = \"off\" }\nrollout = \"0%\"")).len(), 1);
        clean("redundant-entry", &flag("users = [\"v\"]\nrollout = \"99%\""));
    }

    #[test]
    fn an_entry_may_guard_against_what_comes_after_it() {
        clean("redundant-entry", &flag("users = [\"v\"]\norgs = { o = \"off\" }\nrollout = \"100%\""));
        let rule = "[[flags.a.rules]]\nserve = \"off\"\nwhen = [{ segment = \"s\" }]\n[segments.s]";
        clean("redundant-entry", &flag(&format!("users = [\"v\"]\nrollout = \"100%\"\n{rule}")));
    }
}
