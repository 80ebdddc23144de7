//! Flags and experiments that nobody answers for.

use crate::flagfile::{Span, Step};
use crate::lint::finding::Severity;
use crate::lint::rules::Rule;
use crate::lint::scope::Scope;

pub(in crate::lint) const RULE: Rule = Rule {
    code: "ownerless",
    severity: Severity::Warning,
    finds: "a flag without `owner`, or an experiment of which neither it nor its gate has one",
    why: "When it misbehaves or expires, nobody knows whom to ask.",
};

fn named(owner: Option<&String>) -> bool {
    owner.is_some_and(|owner| !owner.trim().is_empty())
}

pub(super) fn find(scope: &mut Scope<'_>) {
    for (flag, places) in scope.flags().filter(|(flag, _)| !named(flag.owner.as_ref())) {
        let name = flag.name.as_str();
        let place = scope.at(places.owner.unwrap_or(places.key));
        let value = scope.value_at(&[Step::Key("flags"), Step::Key(name)], Span::new(0, 0));
        let fix = match value.of(scope.subject.file.text()) {
            short @ ("true" | "false") => format!("{name} = {{ enabled = {short}, owner = \"…\" }}"),
            _ => "owner = \"…\"".to_owned(),
        };
        scope.report(&RULE, name, place, format!("`{name}` has no owner"), fix);
    }
    let definitions = scope.definitions();
    for experiment in definitions.experiments.values() {
        let gate = experiment.flag.as_ref().and_then(|flag| definitions.flags.get(flag));
        if named(experiment.owner.as_ref()) || gate.is_some_and(|gate| named(gate.owner.as_ref())) {
            continue;
        }
        let name = experiment.name.as_str();
        let Some(place) = scope.subject.file.experiment_place(&experiment.name) else { continue };
        let place = scope.at(place);
        scope.report(&RULE, name, place, format!("the experiment `{name}` has no owner"), "owner = \"…\"");
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::support::{clean, fixes, found};

    #[test]
    fn an_owner_must_be_named() {
        let text = "[flags]\na = true\nb = { enabled = true, owner = \" \" }\n";
        let hits = found("ownerless", text);
        assert_eq!(hits, ["2:1+1 `a` has no owner", "3:31+3 `b` has no owner"]);
        assert_eq!(fixes("ownerless", text)[0], "a = { enabled = true, owner = \"…\" }");
        clean("ownerless", "[flags]\na = { enabled = true, owner = \"o\" }\n");
    }

    #[test]
    fn the_owner_of_the_gate_answers_for_the_experiment() {
        let text =
            "[flags]\na = { enabled = true, owner = \"o\" }\n[experiments.e]\nvariants = [[\"c\", 1]]\n";
        assert_eq!(found("ownerless", text), ["3:14+1 the experiment `e` has no owner"]);
        clean("ownerless", &format!("{text}flag = \"a\"\n"));
        clean("ownerless", &format!("{text}owner = \"o\"\n"));
    }
}
