//! Experiments that nothing switches off.

use crate::lint::finding::Severity;
use crate::lint::rules::Rule;
use crate::lint::scope::Scope;

pub(in crate::lint) const RULE: Rule = Rule {
    code: "ungated-experiment",
    severity: Severity::Note,
    finds: "an experiment without `flag`",
    why: "Without a gate it runs for everyone, and only a deploy ends it.",
};

pub(super) fn find(scope: &mut Scope<'_>) {
    for experiment in scope.definitions().experiments.values().filter(|one| one.flag.is_none()) {
        let Some(place) = scope.subject.file.experiment_place(&experiment.name) else { continue };
        let place = scope.at(place);
        let name = experiment.name.as_str();
        scope.report(
            &RULE,
            name,
            place,
            format!("nothing switches the experiment `{name}` off"),
            "flag = \"…\"",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::support::{clean, found};

    #[test]
    fn an_experiment_has_a_gate() {
        let text = "[flags]\na = true\n[experiments.e]\nvariants = [[\"c\", 1], [\"t\", 1]]\n";
        assert_eq!(found("ungated-experiment", text), ["3:14+1 nothing switches the experiment `e` off"]);
        clean("ungated-experiment", &format!("{text}flag = \"a\"\n"));
    }
}
