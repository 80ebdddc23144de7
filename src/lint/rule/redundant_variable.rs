//! Variables that say what flags.toml says.

use crate::layer::{Field, FieldValue, Origin};
use crate::lint::finding::Severity;
use crate::lint::rules::Rule;
use crate::lint::scope::{Scope, name_of};
use crate::model::{Fallthrough, Flag};

pub(in crate::lint) const RULE: Rule = Rule {
    code: "redundant-variable",
    severity: Severity::Note,
    finds: "an FF_* line of an env file that says what flags.toml says",
    why: "Nothing would change without it, until the default changes and the line is forgotten.",
};

pub(super) fn find(scope: &mut Scope<'_>) {
    for environment in scope.subject.environments {
        for flag in scope.definitions().flags.values() {
            let Some(values) = environment.layer.values(flag.name.as_str()) else { continue };
            let Some((_, origin)) = values.values().next() else { continue };
            let in_file = matches!(origin, Origin::EnvFile { .. });
            if !in_file || !values.iter().all(|(field, (value, _))| is_default(flag, field, value)) {
                continue;
            }
            let place = scope.variable_at(origin);
            let message = format!("`{}` says what flags.toml says", name_of(origin));
            scope.report(&RULE, flag.name.as_str(), place, message, "take the line out");
        }
    }
}

/// Tells whether flags.toml gives a field this value.
pub(super) fn is_default(flag: &Flag, field: &Field, value: &FieldValue) -> bool {
    match (field, value) {
        (Field::Enabled, FieldValue::Switch(on)) => *on == flag.enabled,
        (Field::Rollout, FieldValue::Weight(weight)) => flag.fallthrough == Fallthrough::Rollout(*weight),
        (Field::Serve, FieldValue::Serve(serve)) => flag.fallthrough == Fallthrough::Serve(serve.clone()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::support::{found_here, found_with};

    const FLAGS: &str = "[flags]\na = true\nb = { enabled = true, rollout = \"25%\" }\n";

    #[test]
    fn a_variable_says_something_new() {
        let hit =
            [".env:1:1+7 `FF_A` says what flags.toml says", ".env:2:1+8 `FF_B` says what flags.toml says"];
        assert_eq!(
            found_with("redundant-variable", FLAGS, "FF_A=yes\nFF_B=25%\n"),
            hit.map(|hit| hit.replace("1+7", "1+8"))
        );
        assert!(found_with("redundant-variable", FLAGS, "FF_A=off\nFF_B=26%\n").is_empty());
        let here = found_here("redundant-variable", FLAGS, "", &[("FF_A", "on")]);
        assert!(here.is_empty(), "a variable of one shell is nobody's file");
    }
}
