//! Prerequisites that never hold.

use crate::eval::variations_of;
use crate::lint::finding::Severity;
use crate::lint::rules::Rule;
use crate::lint::scope::Scope;

pub(in crate::lint) const RULE: Rule = Rule {
    code: "never-met-prerequisite",
    severity: Severity::Warning,
    finds: "a prerequisite of a flag that is on, which holds for nobody",
    why: "The flag is off for everyone, whatever its own switch and rules say.",
};

pub(super) fn find(scope: &mut Scope<'_>) {
    for (flag, places) in scope.flags().filter(|(flag, _)| !flag.prerequisites.is_empty()) {
        if scope.effective(&flag.name).is_none_or(|flag| !flag.enabled) {
            continue;
        }
        let name = flag.name.as_str();
        for (at, wanted) in flag.prerequisites.iter().enumerate() {
            let place = places.prerequisites.get(at).copied().unwrap_or(places.key);
            let mut before = flag.prerequisites[..at].iter();
            if let Some(other) =
                before.find(|other| other.flag == wanted.flag && other.variation != wanted.variation)
            {
                let message = format!(
                    "`{}` cannot serve `{}` and `{}` at once, so `{name}` is off for everyone",
                    wanted.flag, other.variation, wanted.variation
                );
                let place = scope.at(place);
                scope.report(&RULE, name, place, message, "keep one of the two");
                continue;
            }
            let Some(required) = scope.effective(&wanted.flag) else { continue };
            if variations_of(&scope.layers(), &required).contains(&wanted.variation) {
                continue;
            }
            let place = scope.at(place);
            let message = format!(
                "`{}` serves `{}` to nobody, so `{name}` is off for everyone",
                wanted.flag, wanted.variation
            );
            let fix = format!("switch `{name}` off too until `{}` serves it", wanted.flag);
            scope.report(&RULE, name, place, message, fix);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::support::{clean, found, found_with};

    fn flags(b: &str, wanted: &str) -> String {
        format!("[flags]\na = {{ enabled = true, prerequisites = [{wanted}] }}\nb = {b}\n")
    }

    #[test]
    fn what_is_required_is_served_to_somebody() {
        let on = "{ flag = \"b\" }";
        let hit = "2:40+14 `b` serves `on` to nobody, so `a` is off for everyone";
        assert_eq!(found("never-met-prerequisite", &flags("false", on)), [hit]);
        assert_eq!(
            found("never-met-prerequisite", &flags("{ enabled = true, rollout = \"0%\" }", on)).len(),
            1
        );
        clean("never-met-prerequisite", &flags("{ enabled = true, rollout = \"0.001%\" }", on));
        clean("never-met-prerequisite", &flags("true", on));
        clean("never-met-prerequisite", &flags("false", "{ flag = \"b\", variation = \"off\" }"));
        assert!(found_with("never-met-prerequisite", &flags("false", on), "FF_B=1\n").is_empty());
        let off = flags("false", on).replacen("enabled = true", "enabled = false", 1);
        clean("never-met-prerequisite", &off);
    }

    #[test]
    fn one_flag_serves_one_variation() {
        let both = "{ flag = \"b\" }, { flag = \"b\", variation = \"off\" }";
        let text = flags("{ enabled = true, rollout = \"5%\" }", both);
        assert!(found("never-met-prerequisite", &text)[0].contains("cannot serve `on` and `off` at once"));
    }

    #[test]
    fn a_variation_out_of_reach_is_found() {
        let b = "{ enabled = true, off = \"u\", variations = { u = 1, v = 2, w = 3 }, split = [[\"u\", 1], [\"v\", 1]] }";
        let wanted = |variation: &str| flags(b, &format!("{{ flag = \"b\", variation = \"{variation}\" }}"));
        assert_eq!(found("never-met-prerequisite", &wanted("w")).len(), 1);
        clean("never-met-prerequisite", &wanted("v"));
    }
}
