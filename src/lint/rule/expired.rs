//! Flags past their day.

use crate::lint::finding::Severity;
use crate::lint::rules::Rule;
use crate::lint::scope::Scope;

pub(in crate::lint) const RULE: Rule = Rule {
    code: "expired",
    severity: Severity::Warning,
    finds: "a flag whose `expires` is over",
    why: "It was meant to be gone by then. Take it out of the code and the file, or give it a later day.",
};

pub(super) fn find(scope: &mut Scope<'_>) {
    let today = scope.subject.today;
    for (flag, places) in scope.flags() {
        let Some(expires) = flag.expires.filter(|expires| *expires < today) else { continue };
        let days = expires.days_until(today);
        let ago = if days == 1 { "yesterday".to_owned() } else { format!("{days} days ago") };
        let place = scope.at(places.expires.unwrap_or(places.key));
        let message = format!("`{}` expired {ago}, on {expires}", flag.name);
        scope.report(&RULE, flag.name.as_str(), place, message, "take the flag out, or give it a later day");
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::support::{clean, found};

    #[test]
    fn the_day_itself_is_still_good() {
        let expires = |day: &str| format!("[flags.x]\nenabled = true\nexpires = {day}\n");
        let hit = found("expired", &expires("2026-11-21"));
        assert_eq!(hit, ["3:11+10 `x` expired yesterday, on 2026-11-21"]);
        assert!(found("expired", &expires("2026-01-01"))[0].contains("325 days ago"));
        clean("expired", &expires("2026-11-22"));
    }
}
