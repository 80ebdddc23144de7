//! Experiments behind a flag that is off for everyone.

use crate::eval::{State, state_of};
use crate::flagfile::{Span, Step};
use crate::lint::finding::Severity;
use crate::lint::rules::Rule;
use crate::lint::scope::Scope;

pub(in crate::lint) const RULE: Rule = Rule {
    code: "closed-gate",
    severity: Severity::Warning,
    finds: "an experiment whose gate is off for everyone",
    why: "Everyone gets the first variant, and the experiment measures nothing.",
};

pub(super) fn find(scope: &mut Scope<'_>) {
    for experiment in scope.definitions().experiments.values() {
        let Some(gate) = &experiment.flag else { continue };
        let Some(flag) = scope.effective(gate) else { continue };
        if !matches!(state_of(&scope.layers(), &flag), State::Off(_)) {
            continue;
        }
        let name = experiment.name.as_str();
        let key = scope.subject.file.experiment_place(&experiment.name).unwrap_or(Span::new(0, 0));
        let place =
            scope.at(scope.value_at(&[Step::Key("experiments"), Step::Key(name), Step::Key("flag")], key));
        let first = experiment.first();
        let message = format!("`{gate}` is off for everyone, so everyone in `{name}` gets `{first}`");
        scope.report(&RULE, name, place, message, format!("switch `{gate}` on, or take the experiment out"));
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::support::{clean, found, found_with};

    fn gated(flag: &str) -> String {
        format!("[flags]\na = {flag}\n[experiments.e]\nflag = \"a\"\nvariants = [[\"c\", 1], [\"t\", 1]]\n")
    }

    #[test]
    fn a_gate_lets_somebody_through() {
        let hit = ["4:8+3 `a` is off for everyone, so everyone in `e` gets `c`"];
        assert_eq!(found("closed-gate", &gated("false")), hit);
        assert_eq!(found("closed-gate", &gated("{ enabled = true, rollout = \"0%\" }")), hit);
        clean("closed-gate", &gated("true"));
        clean("closed-gate", &gated("{ enabled = true, rollout = \"1%\" }"));
        clean("closed-gate", &gated("{ enabled = true, rollout = \"0%\", users = [\"u\"] }"));
    }

    #[test]
    fn a_variable_opens_and_closes_it() {
        assert!(found_with("closed-gate", &gated("false"), "FF_A=on\n").is_empty());
        assert_eq!(found_with("closed-gate", &gated("true"), "FF_A=off\n").len(), 1);
        assert!(found_with("closed-gate", &gated("false"), "FF_A=huh\n").is_empty(), "nobody knows");
    }
}
