//! Variations that nothing serves.

use crate::flagfile::Step::Key;
use crate::lint::finding::Severity;
use crate::lint::rules::Rule;
use crate::lint::scope::Scope;
use crate::model::{Fallthrough, Flag, Serve};

pub(in crate::lint) const RULE: Rule = Rule {
    code: "unserved-variation",
    severity: Severity::Note,
    finds: "a variation that nothing in flags.toml serves",
    why: "Only a variable or an override could serve it; if none is meant to, it can go.",
};

pub(super) fn find(scope: &mut Scope<'_>) {
    for (flag, places) in scope.flags().filter(|(flag, _)| !flag.variations.is_boolean()) {
        for variation in flag.variations.iter().map(|variation| variation.name.as_str()) {
            if serves(flag, variation) {
                continue;
            }
            let name = flag.name.as_str();
            let path = [Key("flags"), Key(name), Key("variations"), Key(variation)];
            let place = scope.at(scope.key_at(&path, places.key));
            let message = format!("nothing serves the variation `{variation}` of `{name}`");
            scope.report(&RULE, name, place, message, "serve it somewhere, or take it out");
        }
    }
}

fn serves(flag: &Flag, wanted: &str) -> bool {
    let serves = |serve: &Serve| match serve {
        Serve::Variation(variation) => variation.as_str() == wanted,
        Serve::Split(split) => split.pairs().iter().any(|(variation, _)| variation.as_str() == wanted),
    };
    flag.variations.off().as_str() == wanted
        || flag.users.values().chain(flag.orgs.values()).any(|variation| variation.as_str() == wanted)
        || flag.rules.iter().any(|rule| serves(&rule.serve))
        || matches!(&flag.fallthrough, Fallthrough::Serve(serve) if serves(serve))
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::support::{clean, found};

    #[test]
    fn every_variation_is_served_somewhere() {
        let text =
            "[flags.a]\nenabled = true\noff = \"u\"\nvariations = { u = 0, v = 1, w = 2 }\nserve = \"v\"\n";
        let hit = ["4:30+1 nothing serves the variation `w` of `a`"];
        assert_eq!(found("unserved-variation", text), hit);
        clean("unserved-variation", &format!("{text}users = {{ x = \"w\" }}\n"));
        clean("unserved-variation", &text.replace("serve = \"v\"", "split = [[\"v\", 1], [\"w\", 1]]"));
        clean("unserved-variation", "[flags]\nb = false\n");
    }
}
