//! Samples: `history`.

use crate::layer::Source;
use crate::model::Timestamp;
use crate::report::*;

use super::*;

pub(in crate::output) fn history(foreign: Foreign<'_>) -> HistoryReport {
    let f = foreign;
    let change = |flag: &str, field: &str, old: Option<&str>, new: Option<&str>| HistoryChange {
        flag: f.text(flag),
        field: f.text(field),
        old: old.map(|old| f.text(old)),
        new: new.map(|new| f.text(new)),
        expires_at: None,
        ends: String::new(),
    };
    let entry = |number: &str, at: Option<i64>, ago: &str, by: Option<&str>, changes| HistoryEntry {
        number: number.to_owned(),
        at: at.map(Timestamp::from_millis),
        ago: ago.to_owned(),
        by: by.map(|by| f.text(by)),
        reason: None,
        tool: f.some("ffctl 0.1.0"),
        expires_at: None,
        ends: String::new(),
        layer: Source::Admin,
        file: None,
        file_shown: None,
        changes,
        token: None,
    };
    let ramp = vec![
        change("enable_memory_v2", "enabled", None, Some("on")),
        change("enable_memory_v2", "rollout", Some("25%"), Some("50%")),
        change("use_v3_style", "org acme", Some("on"), None),
    ];
    let undo = vec![
        change("use_v3_style", "enabled", None, Some("on")),
        HistoryChange {
            expires_at: Some(Timestamp::from_millis(1_795_345_200_000)),
            ends: "in 1h".to_owned(),
            ..change("use_v3_style", "rollout", None, Some("25%"))
        },
    ];
    let token = |change, ends: Option<i64>| HistoryToken {
        change,
        number: 3,
        name: f.text("ci deploy"),
        role: "editor",
        expires_at: ends.map(Timestamp::from_millis),
    };
    let variable = vec![change("use_v3_style", "FF_USE_V3_STYLE", Some("off"), Some("25%"))];
    HistoryReport {
        target: prod(f),
        freshness: live(),
        entries: vec![
            HistoryEntry {
                reason: f.some("ramp after the review of Monday"),
                ..entry("18", Some(1_795_339_800_123), "5m ago", Some("ada"), ramp)
            },
            HistoryEntry {
                expires_at: Some(Timestamp::from_millis(1_795_345_200_000)),
                ..entry("19", Some(1_795_339_900_000), "3m ago", Some("ada"), undo)
            },
            HistoryEntry {
                layer: Source::Env,
                file: f.some("/home/ada/app/.env"),
                file_shown: f.some(".env"),
                ..entry("L3", Some(1_795_336_200_000), "1h ago", Some("ada"), variable)
            },
            HistoryEntry {
                token: Some(token("revoked", None)),
                reason: f.some("it was in a log"),
                ..entry("16", Some(1_795_330_000_000), "2h ago", Some("ada"), Vec::new())
            },
            HistoryEntry {
                token: Some(token("created", Some(1_803_000_000_000))),
                ..entry("15", Some(1_795_320_000_000), "5h ago", Some("ada"), Vec::new())
            },
            HistoryEntry { tool: None, ..entry("17", None, "", None, Vec::new()) },
        ],
        complete: false,
        notes: notes(f),
    }
}
