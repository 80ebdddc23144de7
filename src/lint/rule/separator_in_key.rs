//! Keys that contain what stands between a key and a unit.

use crate::bucket::Piece;
use crate::flagfile::Step::Key;
use crate::lint::drawn::{Drawn, drawn};
use crate::lint::finding::Severity;
use crate::lint::rules::Rule;
use crate::lint::scope::Scope;

pub(in crate::lint) const RULE: Rule = Rule {
    code: "separator-in-key",
    severity: Severity::Note,
    finds: "a name or salt that contains the separator of what is hashed",
    why: "The hashed text can be read in two ways: a user of one flag may share the bucket of another's of another flag.",
};

/// Returns the separator that a key or salt contains, and that text.
fn inside<'a>(one: &Drawn<'a>) -> Option<(&'a str, &'a str)> {
    let template = &one.record().template;
    let names = one.names;
    let key = if template.has(&Piece::Salt) { names.key } else { names.salt.unwrap_or(names.key) };
    let text = |piece: &Piece| match piece {
        Piece::Key => Some(key),
        Piece::Salt => names.salt,
        _ => None,
    };
    let named = |piece: &Piece| matches!(piece, Piece::Key | Piece::Salt | Piece::Unit);
    template.pieces().windows(3).find_map(|three| {
        let [before, Piece::Text(separator), after] = three else { return None };
        let mut texts = [text(before), text(after)].into_iter().flatten();
        let hit = texts.find(|text| text.contains(separator.as_str()))?;
        (named(before) && named(after)).then_some((separator.as_str(), hit))
    })
}

pub(super) fn find(scope: &mut Scope<'_>) {
    let mut told: Vec<&str> = Vec::new();
    for one in drawn(scope) {
        let Some((separator, text)) = inside(&one) else { continue };
        let Drawn { name, algorithm, purpose, names, .. } = one;
        if told.last() == Some(&name) {
            continue;
        }
        told.push(name);
        let of = if text == name { format!("`{name}`") } else { format!("the salt `{text}` of `{name}`") };
        let input = algorithm.input(purpose, names, "u-1");
        let message = format!(
            "{of} contains `{separator}`, which `{algorithm}` puts beside it: `{input}` can be read in two ways"
        );
        let table = if scope.definitions().flags.contains_key(name) { "flags" } else { "experiments" };
        let salt = scope.value_at(&[Key(table), Key(name), Key("salt")], one.place);
        let place = scope.at(if text == name { one.place } else { salt });
        let fix = format!(
            "a salt without `{separator}`, while nobody or everybody is in: another salt moves users"
        );
        scope.report(&RULE, name, place, message, fix);
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::support::{clean, found};

    fn of(algorithm: &str, name: &str, more: &str) -> String {
        format!("[flags.{name:?}]\nenabled = true\nrollout = \"10%\"\nbucketing = \"{algorithm}\"\n{more}")
    }

    #[test]
    fn a_dot_in_a_name_is_ambiguous_beside_a_dot() {
        assert_eq!(
            found("separator-in-key", &of("posthog", "checkout.v2", "")),
            [
                "4:13+9 `checkout.v2` contains `.`, which `posthog` puts beside it: `checkout.v2.u-1` can be read in two ways"
            ]
        );
        assert_eq!(
            found("separator-in-key", &of("ffctl/1", "a", "salt = \"x:y\"\n")),
            [
                "5:8+5 the salt `x:y` of `a` contains `:`, which `ffctl/1` puts beside it: `rollout:x:y:u-1` can be read in two ways"
            ]
        );
        clean("separator-in-key", &of("ffctl/1", "checkout.v2", ""));
        clean("separator-in-key", &of("posthog", "checkout-v2", ""));
        clean("separator-in-key", &of("posthog", "checkout.v2", "salt = \"x\"\n"));
        clean("separator-in-key", &of("md5-user", "checkout.v2", ""));
    }
}
