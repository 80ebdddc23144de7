//! Lines of an env file that the process overrides.

use crate::layer::{EnvLayer, Origin, Values, Variable};
use crate::lint::finding::Severity;
use crate::lint::rules::Rule;
use crate::lint::scope::Scope;
use crate::model::{Definitions, Flag, FlagName, variable_of};

pub(in crate::lint) const RULE: Rule = Rule {
    code: "shadowed-variable",
    severity: Severity::Warning,
    finds: "an FF_* line of an env file that a variable of the process contradicts",
    why: "The process wins, so the line says something that is not so here.",
};

pub(super) fn find(scope: &mut Scope<'_>) {
    for environment in scope.subject.environments {
        let of_process: Vec<&Variable> = environment
            .variables
            .iter()
            .filter(|variable| matches!(variable.origin, Origin::Variable { .. }))
            .filter(|variable| !variable.value.trim().is_empty())
            .collect();
        if environment.file.is_none() || of_process.is_empty() {
            continue;
        }
        for flag in scope.definitions().flags.values() {
            let name = variable_of(flag.name.as_str());
            let Some(winner) = of_process.iter().find(|variable| variable.name == name) else { continue };
            let last = environment.variables.iter().rev();
            let mut last =
                last.filter(|one| one.name == name && matches!(one.origin, Origin::EnvFile { .. }));
            let Some(line) = last.next().filter(|line| !line.value.trim().is_empty()) else { continue };
            if says(flag, line) == says(flag, winner) {
                continue;
            }
            let place = scope.variable_at(&line.origin);
            let message = format!("`{name}` is `{}` in this process, which wins", winner.value.trim());
            scope.report(
                &RULE,
                flag.name.as_str(),
                place,
                message,
                format!("unset {name}, or correct the line"),
            );
        }
    }
}

/// Returns what a variable says of its flag, wherever it stands.
fn says(flag: &Flag, variable: &Variable) -> Option<Vec<String>> {
    let one: (FlagName, Flag) = (flag.name.clone(), flag.clone());
    let definitions = Definitions { flags: [one].into(), ..Definitions::default() };
    let layer = EnvLayer::read(&definitions, [variable.clone()]);
    let texts =
        |values: &Values| values.iter().map(|(field, (value, _))| format!("{field} {value}")).collect();
    layer.values(flag.name.as_str()).map(texts)
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::support::found_here;

    #[test]
    fn only_a_contradiction_counts() {
        let shadowed = |line: &str, value: &str| {
            let env = format!("# x\nFF_A={line}\n");
            found_here("shadowed-variable", "[flags]\na = true\n", &env, &[("FF_A", value)])
        };
        assert_eq!(shadowed("off", "25%"), [".env:2:1+8 `FF_A` is `25%` in this process, which wins"]);
        assert!(shadowed("off", "FALSE").is_empty(), "the same in other words");
        assert!(shadowed("off", " ").is_empty(), "an empty one does not win");
        assert!(shadowed("", "on").is_empty());
    }
}
