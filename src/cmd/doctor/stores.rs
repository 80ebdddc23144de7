//! The local store and the answers of servers that are kept.

use std::time::Duration;

use crate::admin::{Cache, Cached, LocalStore, Store, Target, verify_chain};
use crate::cmd::session::Session;
use crate::layer::Freshness;
use crate::output::counted;
use crate::settings::{FlagFile, TargetPlace, short_duration};

use super::findings::Findings;
use super::run::Ground;

/// Looks at the local store: its seal, and the chain of its journal.
pub(super) fn check_store(session: &Session, ground: &Ground, findings: &mut Findings) {
    findings.begin("store");
    if let Some(choice) = &ground.choice
        && let TargetPlace::Database { url, .. } = &choice.place
    {
        if session.offline {
            return findings.skipped(format!("the database {url} was not asked"));
        }
        let Ok(limits) = session.settings.limits() else { return };
        if let Target::Store(store) = Target::new(choice, limits) {
            look(&store, url.to_string(), findings);
        }
        return;
    }
    let missing = FlagFile::Missing { looked_in: Vec::new() };
    // Where there is no flags.toml there is no store, which has been said.
    let Ok(path) = session.settings.local_store(ground.flag_file.as_ref().unwrap_or(&missing)) else {
        return;
    };
    let shown = session.settings.folders.shown(&path);
    if !path.exists() {
        return findings.ok("nothing is kept in it yet", Some(shown));
    }
    look(&Store::Sqlite(LocalStore::new(path, &shown)), shown, findings);
}

/// Reads a store and recomputes the chain of its journal.
fn look(store: &Store, shown: String, findings: &mut Findings) {
    let layer = match store.read() {
        Ok(layer) => layer,
        Err(error) => return findings.wrong(&error, Some(shown)),
    };
    let flags = counted(layer.overrides.len() as u64, "flag");
    findings.ok(format!("overrides {flags}; it is as it was written"), Some(shown.clone()));
    match store.whole_journal() {
        Err(error) => findings.wrong(&error, Some(shown)),
        Ok(entries) if entries.iter().any(|entry| entry.hash.is_some()) => match verify_chain(&entries) {
            Ok(_) => {
                let entries = counted(entries.len() as u64, "change");
                findings.ok(format!("its journal of {entries} is whole"), Some(shown));
            }
            Err(broken) => {
                let message = format!("its journal is broken at {}: {}", broken.number, broken.what);
                findings.warning(message, Some(shown), Some("ffctl journal verify --local".to_owned()));
            }
        },
        Ok(_) => {}
    }
}

/// Looks at the answers of servers that are kept, and how old the one of the target is.
pub(super) fn check_cache(session: &Session, ground: &Ground, findings: &mut Findings) {
    findings.begin("cache");
    // A variable that cannot be read has been told.
    let Ok(Some(folder)) = session.settings.cache_folder() else { return };
    let shown = session.settings.folders.shown(&folder);
    let files = match std::fs::read_dir(&folder) {
        Ok(files) => files,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return findings.ok("no answer of a server is kept", Some(shown));
        }
        Err(error) => {
            let message = format!("it cannot be read, so that nothing is answered from it: {error}");
            return findings.warning(message, Some(shown), None);
        }
    };
    let sizes: Vec<u64> = files
        .flatten()
        .filter(|file| file.path().extension().is_some_and(|end| end == "answer"))
        .filter_map(|file| file.metadata().ok())
        .map(|found| found.len())
        .collect();
    let (count, kib) = (sizes.len() as u64, sizes.iter().sum::<u64>().div_ceil(1024));
    findings.ok(format!("{} of servers kept, {kib} KiB", counted(count, "answer")), Some(shown.clone()));
    let Some(choice) = &ground.choice else { return };
    if !matches!(choice.place, TargetPlace::Server { .. }) {
        return;
    }
    let Ok(limits) = session.settings.limits() else { return };
    let Ok(Some(cache)) = session.cache() else { return };
    let options = crate::admin::ClientOptions { cache: Some(cache), ..Default::default() };
    let target = Target::new(choice, limits).with_options(options);
    match target.cached(Some(Cache::LONGEST)) {
        Ok(Cached::Layer(layer)) => {
            let age = match layer.freshness {
                Freshness::Cached(age) => age,
                Freshness::Live | Freshness::NotAsked => Duration::ZERO,
            };
            let message = format!("the last answer of the target is {} old", short_duration(age));
            findings.ok(message, Some(shown));
        }
        Ok(Cached::TooOld(age)) => {
            let message = format!("the last answer of the target is {} old: too old", short_duration(age));
            findings.ok(message, Some(shown));
        }
        Ok(Cached::Nothing(None)) => findings.ok("no answer of the target is kept", Some(shown)),
        Ok(Cached::Nothing(Some(why))) => {
            let message = format!("the last answer of the target cannot be used: {why}");
            findings.warning(message, Some(shown), Some("ffctl list asks for another".to_owned()));
        }
        Err(_) => {}
    }
}
