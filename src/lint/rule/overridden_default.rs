//! Defaults that no environment leaves as they are.

use indexmap::IndexMap;

use crate::layer::{Field, FieldValue, Values};
use crate::lint::finding::Severity;
use crate::lint::rule::redundant_variable::is_default;
use crate::lint::rules::Rule;
use crate::lint::scope::Scope;

pub(in crate::lint) const RULE: Rule = Rule {
    code: "overridden-default",
    severity: Severity::Note,
    finds: "a flag that every --environment sets alike, to something else than flags.toml says",
    why: "The default is used nowhere. What is the same everywhere belongs in flags.toml.",
};

pub(super) fn find(scope: &mut Scope<'_>) {
    let Some((_, others @ [_, _, ..])) = scope.subject.environments.split_first() else { return };
    for (flag, places) in scope.flags() {
        let values = |values: &Values| -> IndexMap<Field, FieldValue> {
            values.iter().map(|(field, (value, _))| (field.clone(), value.clone())).collect()
        };
        let mut all = others.iter().map(|other| other.layer.values(flag.name.as_str()).map(values));
        let Some(Some(first)) = all.next() else { continue };
        let same = all.all(|other| other.as_ref() == Some(&first));
        if !same || first.iter().all(|(field, value)| is_default(flag, field, value)) {
            continue;
        }
        let words: Vec<String> = first.iter().map(|(field, value)| format!("`{field}` {value}")).collect();
        let place = scope.at(places.enabled);
        let message = format!("every environment sets {} of `{}`", words.join(" and "), flag.name);
        scope.report(&RULE, flag.name.as_str(), place, message, "say so here, and take the variables out");
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::support::found_across;

    #[test]
    fn every_environment_must_agree() {
        let over = |lines: &[&str]| {
            let files: Vec<(String, String)> = lines
                .iter()
                .enumerate()
                .map(|(at, line)| (format!("{at}.env"), format!("{line}\n")))
                .collect();
            let files: Vec<(&str, &str)> =
                files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
            found_across("overridden-default", "[flags]\na = false\n", &files)
        };
        let hit = ["2:5+5 every environment sets `enabled` on and `rollout` 25% of `a`"];
        assert_eq!(over(&["FF_A=25%", "FF_A=25%"]), hit);
        assert!(over(&["FF_A=25%", "FF_A=on"]).is_empty());
        assert!(over(&["FF_A=on", ""]).is_empty());
        assert!(over(&["FF_A=off", "FF_A=0"]).is_empty(), "that is the default");
        assert!(over(&["FF_A=on"]).is_empty(), "one environment is not every environment");
    }
}
