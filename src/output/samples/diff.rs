//! Samples: `diff`.

use crate::layer::Origin;
use crate::report::*;

use super::*;

pub(in crate::output) fn diff(foreign: Foreign<'_>) -> DiffReport {
    let f = foreign;
    let field = |field: &str, effect, old: Option<&str>, new: Option<&str>, line| FieldDifferenceReport {
        field: f.text(field),
        effect,
        old: old.map(|old| f.text(old)),
        new: new.map(|new| f.text(new)),
        old_place: old.map(|_| Origin::File {
            file: f.text("git:HEAD~1:flags.toml").into(),
            line,
            column: 11,
        }),
        new_place: new.map(|_| f.file(line + 4, 11)),
    };
    let side = |state: Option<StateWord>, summary: &str, line| SideReport {
        state,
        summary: state.map(|_| f.text(summary)),
        place: Some(f.file(line, 8)),
        problems: match state {
            Some(StateWord::Invalid) => vec![f.text("FF_ENABLE_TRY_ON: `flase` is no value; write off")],
            _ => Vec::new(),
        },
    };
    let one = |kind, name: &str, change, before: Option<SideReport>, after: Option<SideReport>, fields| {
        let moves =
            |fields: &Vec<FieldDifferenceReport>| fields.iter().any(|one| one.effect == "moves_people");
        DifferenceReport {
            kind,
            name: f.text(name),
            change,
            was: (change == "renamed").then(|| f.text("use_v3_stile")),
            before,
            after,
            moves_people: moves(&fields),
            fields,
            used_by: if kind == "segment" { vec![f.text("enable_memory_v2")] } else { Vec::new() },
            resembles: (change == "added").then(|| f.text("enable_cost_alarms")),
        }
    };
    let (on, off, partial, invalid) =
        (Some(StateWord::On), Some(StateWord::Off), Some(StateWord::Partial), Some(StateWord::Invalid));
    let owner = field("owner", "metadata", Some("memory-team"), Some("agents-team"), 40);
    DiffReport {
        before: ComparedReport::new(&f.text("git:HEAD~1"), f.some("git:HEAD~1:flags.toml")),
        after: ComparedReport::new(&f.text("admin"), f.some("flags.toml")),
        differences: vec![
            one(
                "flag",
                "use_v3_style",
                "renamed",
                Some(side(off, "off", 8)),
                Some(side(off, "off", 8)),
                vec![],
            ),
            one(
                "flag",
                "enable_memory_v2",
                "changed",
                Some(side(partial, "25% + 2 rules", 37)),
                Some(side(partial, "50% + 2 rules", 41)),
                vec![
                    field("rollout", "behaviour", Some("25%"), Some("50%"), 42),
                    field(
                        "rule 2 \"new users, gradually\" clause",
                        "behaviour",
                        Some("account_age_days is less than 7"),
                        Some("account_age_days is less than 30"),
                        50,
                    ),
                    field("salt", "moves_people", Some("\"enable_memory_v2\""), Some("\"memory\""), 37),
                    owner,
                ],
            ),
            one(
                "flag",
                "enable_try_on",
                "changed",
                Some(side(on, "on", 15)),
                Some(side(invalid, "invalid", 15)),
                vec![],
            ),
            one(
                "flag",
                "enable_cost_alerts",
                "added",
                None,
                Some(side(on, "on", 60)),
                vec![field("enabled", "behaviour", None, Some("on"), 61)],
            ),
            one(
                "flag",
                "enable_cost_alarms",
                "removed",
                Some(side(on, "on", 60)),
                None,
                vec![field("enabled", "behaviour", Some("on"), None, 61)],
            ),
            one(
                "segment",
                "employee",
                "changed",
                Some(side(None, "", 101)),
                Some(side(None, "", 105)),
                vec![field("included", "behaviour", None, Some("u-42"), 101)],
            ),
        ],
        count: DiffCount {
            compared: 15,
            differing: 6,
            added: 1,
            removed: 1,
            changed: 3,
            renamed: 1,
            moving: 1,
            invalid: 1,
        },
        target: Some(prod(f)),
        freshness: Some(cached()),
        notes: notes(f),
    }
}

/// A comparison of two servers, one of which was asked a while ago.
pub(in crate::output) fn diff_targets(foreign: Foreign<'_>) -> DiffReport {
    let f = foreign;
    let compared = |word: &str, freshness| ComparedReport {
        target: Some(prod(f)),
        freshness: Some(freshness),
        view: Some("server"),
        ..ComparedReport::new(&f.text(word), None)
    };
    let cached = FreshnessReport { state: "cached", age_seconds: Some(300) };
    let mut report = diff(f);
    report.differences.retain(|one| one.kind == "flag" && one.change == "changed");
    report.differences.truncate(1);
    let count = DiffCount { compared: 9, differing: 1, changed: 1, ..DiffCount::default() };
    DiffReport {
        before: compared("profile:staging", live()),
        after: compared("profile:prod", cached),
        count,
        target: None,
        freshness: None,
        ..report
    }
}
