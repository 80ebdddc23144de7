//! Samples: The remote side: `drift`, `snapshot`, `watch`, and settings of a person.

use crate::layer::Origin;
use crate::model::Timestamp;
use crate::report::*;

use super::*;

/// What a server and a checkout disagree in.
pub(in crate::output) fn drift(foreign: Foreign<'_>) -> DriftsReport {
    let f = foreign;
    let side = |state, summary: &str, source: &str, place: Option<Origin>| DriftSide {
        state,
        summary: f.text(summary),
        enabled: (state != StateWord::Invalid).then_some(state != StateWord::Off),
        source: f.text(source),
        place,
    };
    let field = FieldDifferenceReport {
        field: f.text("rollout"),
        effect: "behaviour",
        old: f.some("25%"),
        new: None,
        old_place: None,
        new_place: None,
    };
    let flag = |name: &str, kinds: &[&'static str], here, there, why: &str, fixes: &[&str]| DriftedFlag {
        name: f.text(name),
        kinds: kinds.to_vec(),
        here,
        there,
        fields: if kinds.contains(&"state") { vec![field.clone()] } else { Vec::new() },
        why: f.text(why),
        fixes: fixes.iter().map(|fix| f.text(fix)).collect(),
    };
    DriftsReport {
        target: prod(f),
        freshness: live(),
        file: f.text("flags.toml"),
        flags: vec![
            flag(
                "enable_memory_v2",
                &["state", "source"],
                Some(side(StateWord::Partial, "25% + 2 rules", "default", Some(f.file(35, 1)))),
                Some(side(StateWord::On, "on", "env", None)),
                "FF_ENABLE_MEMORY_V2 is set in the server's environment",
                &[
                    "take FF_ENABLE_MEMORY_V2 out of the server's environment",
                    "or make it so here: ffctl set enable_memory_v2 on --layer default",
                ],
            ),
            flag(
                "use_v3_style",
                &["only_here"],
                Some(side(StateWord::Off, "off", "default", Some(f.file(8, 1)))),
                None,
                "the server does not know it: it runs a flags.toml without it",
                &["deploy this flags.toml to the server, or bring this checkout to what runs there"],
            ),
            flag(
                "enable_fax",
                &["only_there"],
                None,
                Some(side(StateWord::Off, "off", "admin", None)),
                "nobody declares it: an override that outlived its definition",
                &["ffctl unset enable_fax --profile prod"],
            ),
        ],
        count: DriftCount {
            compared: 10,
            drifting: 3,
            state: 1,
            source: 1,
            only_here: 1,
            only_there: 1,
            ..DriftCount::default()
        },
        compared: "state",
        ignored: vec!["definition"],
        exit: 10,
        notes: Vec::new(),
    }
}

/// A snapshot that was saved, or those that are kept, one of them damaged.
pub(in crate::output) fn snapshots(foreign: Foreign<'_>, saved: bool) -> SnapshotsReport {
    let f = foreign;
    let content = SnapshotContent {
        saved_at: Timestamp::from_millis(1_790_000_000_000),
        ago: "2h ago".to_owned(),
        by: f.some("ana"),
        comment: f.some("before the launch"),
        target: prod(f),
        journal: Some(17),
        flags: 10,
        overrides: 2,
        sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
    };
    let one = |name: &str, content: Option<SnapshotContent>| SnapshotReport {
        name: f.text(name),
        file: f.text("/home/ana/.local/state/ffctl/snapshots/before.json"),
        problem: content.is_none().then(|| f.text("it was changed or damaged since it was saved")),
        content,
    };
    let mut snapshots = vec![one("before-the-launch", Some(content))];
    if !saved {
        snapshots.push(one("older", None));
    }
    SnapshotsReport {
        outcome: if saved { "saved" } else { "listed" },
        snapshots,
        folder: f.some("/home/ana/.local/state/ffctl/snapshots"),
        notes: Vec::new(),
    }
}

/// Everything that `watch` tells, by a name.
pub(in crate::output) fn watched(foreign: Foreign<'_>) -> Vec<(&'static str, WatchReport)> {
    let f = foreign;
    let at = Timestamp::from_millis(1_790_000_003_500);
    let side = |state, summary: &str| WatchedSide {
        state,
        summary: f.text(summary),
        enabled: Some(state != StateWord::Off),
        source: f.text("admin"),
    };
    let field = FieldDifferenceReport {
        field: f.text("rollout"),
        effect: "behaviour",
        old: None,
        new: f.some("25%"),
        old_place: None,
        new_place: None,
    };
    let event = |event| WatchReport::new(event, at, prod(f));
    let changed = WatchReport {
        flag: f.some("enable_memory_v2"),
        was: Some(side(StateWord::Off, "off")),
        is: Some(side(StateWord::Partial, "25%")),
        fields: vec![field],
        journal: Some(18),
        changed_at: Some(Timestamp::from_millis(1_790_000_000_000)),
        by: f.some("ben"),
        reason: f.some("canary is fine"),
        ..event("changed")
    };
    let between = WatchReport { was: None, is: None, away: true, ..changed.clone() };
    let why = f.some("cannot connect: Connection refused (os error 111)");
    let added = WatchReport { flag: f.some("enable_fax"), is: changed.is.clone(), ..event("added") };
    let removed = WatchReport { flag: f.some("enable_fax"), was: changed.was.clone(), ..event("removed") };
    let until =
        WatchReport { holds: Some(false), exit: Some(1), conditions: check(f).conditions, ..event("until") };
    vec![
        ("watch_changed", changed),
        ("watch_between", between),
        ("watch_unreachable", WatchReport { message: why, ..event("unreachable") }),
        ("watch_reachable", WatchReport { message: f.some("after 12s"), ..event("reachable") }),
        ("watch_added", added),
        ("watch_removed", removed),
        ("watch_until", until),
    ]
}
