//! `FF_*` variables that set nothing, though they look as if they would.

use crate::layer::EnvNote;
use crate::lint::finding::Severity;
use crate::lint::rules::Rule;
use crate::lint::scope::{Scope, name_of};
use crate::model::{FlagName, variable_of};

pub(in crate::lint) const RULE: Rule = Rule {
    code: "near-miss-variable",
    severity: Severity::Warning,
    finds: "an FF_* variable that no flag has, with a name very like one that some flag has",
    why: "It sets nothing, and whoever set it thinks otherwise.",
};

pub(super) fn find(scope: &mut Scope<'_>) {
    for environment in scope.subject.environments {
        for note in environment.layer.notes() {
            let EnvNote::NearMiss { origin, meant } = note else { continue };
            let place = scope.variable_at(origin);
            let flags = scope.definitions().flags.keys();
            let flag =
                flags.map(FlagName::as_str).find(|name| variable_of(name) == *meant).unwrap_or_default();
            scope.report(
                &RULE,
                flag,
                place,
                format!("no flag has the variable `{}`", name_of(origin)),
                meant.as_str(),
            );
        }
        let experiments = scope.definitions().experiments.values();
        for experiment in experiments {
            let variable = variable_of(experiment.name.as_str());
            let Some(set) = environment.variables.iter().find(|one| one.name == variable) else { continue };
            let place = scope.variable_at(&set.origin);
            let message = format!("`{variable}` sets nothing: `{}` is an experiment", experiment.name);
            let fix = match &experiment.flag {
                Some(gate) => format!("{} sets its gate", variable_of(gate.as_str())),
                None => "remove it".to_owned(),
            };
            scope.report(&RULE, experiment.name.as_str(), place, message, fix);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::support::{found_here, found_with};

    const FLAGS: &str =
        "[flags]\nuse_v3_style = true\n[experiments.e2e]\nflag = \"use_v3_style\"\nvariants = [[\"c\", 1]]\n";

    #[test]
    fn a_near_miss_is_not_a_stranger() {
        let hit = found_here("near-miss-variable", FLAGS, "", &[("FF_USE_V3_STLYE", "on")]);
        assert_eq!(hit, ["FF_USE_V3_STLYE no flag has the variable `FF_USE_V3_STLYE`"]);
        let env = found_with("near-miss-variable", FLAGS, " FF_USE_V3_STYL=on\n");
        assert_eq!(env, [".env:1:2+17 no flag has the variable `FF_USE_V3_STYL`"]);
        assert!(
            found_with("near-miss-variable", FLAGS, "FF_FILE_TIMEOUT=3\nFF_USE_V3_STYLE=on\n").is_empty()
        );
    }

    #[test]
    fn an_experiment_is_set_by_its_gate() {
        let hit = found_with("near-miss-variable", FLAGS, "FF_E2E=on\n");
        assert_eq!(hit, [".env:1:1+9 `FF_E2E` sets nothing: `e2e` is an experiment"]);
    }
}
