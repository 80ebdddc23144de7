//! Flags near their day.

use crate::lint::finding::Severity;
use crate::lint::rules::Rule;
use crate::lint::scope::Scope;

pub(in crate::lint) const RULE: Rule = Rule {
    code: "expires-soon",
    severity: Severity::Note,
    finds: "a flag that expires within 30 days",
    why: "There is still time to take it out before `expired` warns.",
};

/// How many days ahead a note is given.
const SOON: i64 = 30;

pub(super) fn find(scope: &mut Scope<'_>) {
    let today = scope.subject.today;
    for (flag, places) in scope.flags() {
        let Some(expires) = flag.expires else { continue };
        let when = match today.days_until(expires) {
            0 => "today".to_owned(),
            1 => "tomorrow".to_owned(),
            days @ 2..=SOON => format!("in {days} days"),
            _ => continue,
        };
        let place = scope.at(places.expires.unwrap_or(places.key));
        let message = format!("`{}` expires {when}, on {expires}", flag.name);
        scope.report(&RULE, flag.name.as_str(), place, message, "take the flag out, or give it a later day");
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::support::{clean, found};

    #[test]
    fn thirty_days_are_soon() {
        let expires = |day: &str| format!("[flags.x]\nenabled = true\nexpires = {day}\n");
        assert_eq!(
            found("expires-soon", &expires("2026-11-22")),
            ["3:11+10 `x` expires today, on 2026-11-22"]
        );
        assert!(found("expires-soon", &expires("2026-12-22"))[0].contains("in 30 days"));
        clean("expires-soon", &expires("2026-12-23"));
        clean("expires-soon", &expires("2026-11-21"));
    }
}
