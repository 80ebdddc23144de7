//! Flags that do not say what they do.

use crate::lint::finding::Severity;
use crate::lint::rules::Rule;
use crate::lint::scope::Scope;

pub(in crate::lint) const RULE: Rule = Rule {
    code: "undescribed",
    severity: Severity::Note,
    finds: "a flag without `description`",
    why: "Whoever is woken by it at night has only its name to go by.",
};

pub(super) fn find(scope: &mut Scope<'_>) {
    for (flag, places) in scope.flags() {
        if flag.description.as_ref().is_some_and(|text| !text.trim().is_empty()) {
            continue;
        }
        let place = scope.at(places.description.unwrap_or(places.key));
        let message = format!("`{}` does not say what it does", flag.name);
        scope.report(&RULE, flag.name.as_str(), place, message, "description = \"…\"");
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::support::{clean, found};

    #[test]
    fn a_description_says_something() {
        assert_eq!(found("undescribed", "[flags]\na = true\n"), ["2:1+1 `a` does not say what it does"]);
        assert_eq!(found("undescribed", "[flags]\na = { enabled = true, description = \"\" }\n").len(), 1);
        clean("undescribed", "[flags]\na = { enabled = true, description = \"x\" }\n");
    }
}
