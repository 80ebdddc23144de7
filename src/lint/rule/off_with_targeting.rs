//! Flags that are off with a lot behind the switch.

use crate::lint::finding::Severity;
use crate::lint::rules::Rule;
use crate::lint::scope::Scope;
use crate::model::{Fallthrough, Flag, Weight};

pub(in crate::lint) const RULE: Rule = Rule {
    code: "off-with-targeting",
    severity: Severity::Note,
    finds: "a flag that is off and has users, organisations, rules or a rollout all the same",
    why: "None of it counts while the flag is off, and all of it will the moment it is switched on.",
};

pub(super) fn find(scope: &mut Scope<'_>) {
    for (flag, places) in scope.flags().filter(|(flag, _)| !flag.enabled) {
        if scope.effective(&flag.name).is_none_or(|flag| flag.enabled) {
            continue;
        }
        let Some(what) = configured(flag) else { continue };
        let place = scope.at(places.enabled);
        let message = format!("`{}` is off, and with it {what}", flag.name);
        scope.report(&RULE, flag.name.as_str(), place, message, "take out what is not to come back");
    }
}

/// Returns what stands behind the switch; none if that is nothing that could surprise.
fn configured(flag: &Flag) -> Option<String> {
    let counts = [(flag.users.len(), "user"), (flag.orgs.len(), "organisation"), (flag.rules.len(), "rule")];
    let mut parts: Vec<String> = counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, noun)| format!("{count} {noun}{}", if count == 1 { "" } else { "s" }))
        .collect();
    if let Fallthrough::Rollout(weight) = &flag.fallthrough
        && *weight > Weight::NONE
        && *weight < Weight::ALL
    {
        parts.push(format!("a rollout of {weight}"));
    }
    let last = parts.pop()?;
    Some(if parts.is_empty() { last } else { format!("{} and {last}", parts.join(", ")) })
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::support::{clean, found, found_with};

    const OFF: &str =
        "[flags.a]\nenabled = false\nusers = [\"u\", \"v\"]\norgs = [\"o\"]\nrollout = \"25%\"\n";

    #[test]
    fn what_counts_for_nothing_is_counted() {
        let hit = "2:11+5 `a` is off, and with it 2 users, 1 organisation and a rollout of 25%";
        assert_eq!(found("off-with-targeting", OFF), [hit]);
        clean("off-with-targeting", &OFF.replace("false", "true"));
        clean("off-with-targeting", "[flags]\na = false\n");
        clean("off-with-targeting", "[flags]\na = { enabled = false, rollout = \"0%\" }\n");
        assert!(found_with("off-with-targeting", OFF, "FF_A=on\n").is_empty(), "a variable has it on");
    }
}
