//! From what is wanted to what was done.

use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use crate::admin::{Attempt, ChangeSet, FlagChange, IdempotencyKey, JournalEntry, JournalFilter, Written};
use crate::error::Kind;
use crate::layer::{AdminLayer, Ends, Layers, Origin, Patch, Values, Version};
use crate::model::Timestamp;
use crate::server::caller::Caller;
use crate::server::journal::entry_to_json;
use crate::server::problem::Problem;
use crate::server::snapshot::{Snapshot, journal_of_tag, one};
use crate::server::state::{Server, Shared};

use super::body::patch_of;
use super::fit::fits;
use super::precondition::Precondition;

/// How many of the changes since a version are told.
const TOLD: u32 = 20;

/// How often a change that takes any version is made anew, when somebody writes past this server in between.
const AGAIN: u32 = 10;

/// What is wanted of one flag.
pub(in crate::server) struct Wanted {
    /// The flag.
    pub(in crate::server) flag: String,
    /// The patch as it came in; none to take back all that the override says.
    pub(in crate::server) patch: Option<Map<String, Value>>,
    /// What must be unchanged.
    pub(in crate::server) precondition: Precondition,
    /// Where the patch stands in the body.
    pub(in crate::server) at: String,
}

/// A change as a client wants it.
pub(in crate::server) struct Change {
    /// Who wants it.
    pub(in crate::server) caller: Caller,
    /// The name of the attempt.
    pub(in crate::server) key: IdempotencyKey,
    /// Why.
    pub(in crate::server) reason: Option<String>,
    /// Whether it is only to be rehearsed.
    pub(in crate::server) dry_run: bool,
    /// What, each flag once.
    pub(in crate::server) flags: Vec<Wanted>,
}

/// What came of a change.
pub(in crate::server) struct Applied {
    /// What the store did, or would do.
    pub(in crate::server) written: Written,
    /// Whether it was only rehearsed.
    pub(in crate::server) dry_run: bool,
    /// Each flag since, or as it would be: its tag and its body.
    pub(in crate::server) flags: Vec<(String, String)>,
}

/// Applies a change, or nothing of it; what it did can be read from then on.
pub(in crate::server) async fn apply(server: Shared, change: Change) -> Result<Applied, Problem> {
    let done = tokio::task::spawn_blocking(move || blocking(&server, &change)).await;
    done.map_err(|_| Problem::bug())?
}

/// One flag with what is to be done to it.
struct Planned<'a> {
    wanted: &'a Wanted,
    patch: Patch,
    ends: Ends,
}

fn blocking(server: &Server, change: &Change) -> Result<Applied, Problem> {
    let _turn = server.turn();
    let mut snapshot = server.snapshot();
    for wanted in &change.flags {
        snapshot.flag(&wanted.flag)?;
    }
    let now = server.now();
    // A repetition of `--for 2h` names another end and is the same attempt.
    let lasting = |patch: &Option<Map<String, Value>>| {
        let mut patch = patch.clone();
        if let Some(patch) = &mut patch {
            patch.shift_remove("expires_at");
            patch.shift_remove("ends");
        }
        patch
    };
    let asked: Vec<Value> =
        change.flags.iter().map(|wanted| json!([wanted.flag, lasting(&wanted.patch)])).collect();
    let mut set = ChangeSet {
        at: now,
        actor: Some(change.caller.name.clone()),
        reason: change.reason.clone(),
        key: change.key.clone(),
        asked: Some(Value::Array(asked).to_string()),
        changes: Vec::new(),
    };
    match server.store.attempt(&set).map_err(Problem::unwritten)? {
        Attempt::New => {}
        Attempt::Made(written) => {
            server.refresh_written()?;
            return answered(&server.snapshot(), change, written);
        }
        Attempt::Another(number) => {
            let detail = format!("this Idempotency-Key stands for another change, journal {number}");
            return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key", detail));
        }
    }
    let holds = |snapshot: &Snapshot, wanted: &Wanted| {
        snapshot.flags.get(&wanted.flag).is_some_and(|flag| wanted.precondition.holds(&flag.tag))
    };
    if !change.flags.iter().all(|wanted| holds(&snapshot, wanted)) {
        // Another server over this store may have answered with something newer.
        server.refresh_store().map_err(Problem::unwritten)?;
        snapshot = server.snapshot();
        if let Some(wanted) = change.flags.iter().find(|wanted| !holds(&snapshot, wanted)) {
            return Err(changed(server, wanted)?);
        }
    }
    let mut again = AGAIN;
    loop {
        let planned = plan(&snapshot, change, now)?;
        set.changes = planned.iter().map(|planned| flag_change(&snapshot, planned)).collect();
        let written = if change.dry_run {
            server.store.rehearse(&server.permit, &set)
        } else {
            server.store.write(&server.permit, &set)
        };
        match written {
            Ok(written) if change.dry_run => return Ok(rehearsed(&snapshot, &planned, written)),
            Ok(written) => {
                server.refresh_written()?;
                return answered(&server.snapshot(), change, written);
            }
            Err(error) if error.kind() == Kind::Conflict => {
                // Somebody wrote past this server just now. Which flag it was is looked up in what is there since;
                // a change that takes any version is made of that one.
                server.refresh_store().map_err(Problem::unwritten)?;
                let since = server.snapshot();
                if again > 0 && change.flags.iter().all(|wanted| holds(&since, wanted)) {
                    again -= 1;
                    drop(planned);
                    snapshot = since;
                    continue;
                }
                let moved = change.flags.iter().find(|wanted| {
                    since.flags.get(&wanted.flag).map(|flag| &flag.version)
                        != snapshot.flags.get(&wanted.flag).map(|flag| &flag.version)
                });
                return Err(match moved {
                    Some(wanted) => changed(server, wanted)?,
                    None => error.into(),
                });
            }
            Err(error) => return Err(Problem::unwritten(error)),
        }
    }
}

fn plan<'a>(
    snapshot: &Arc<Snapshot>,
    change: &'a Change,
    now: Timestamp,
) -> Result<Vec<Planned<'a>>, Problem> {
    let planned = change.flags.iter().map(|wanted| {
        let present = snapshot.admin.overrides.get(&wanted.flag);
        let (patch, ends) = match &wanted.patch {
            Some(body) => patch_of(body, present, now, &wanted.at)?,
            None => (
                present.into_iter().flat_map(Values::keys).map(|field| (field.clone(), None)).collect(),
                Ends::default(),
            ),
        };
        fits(snapshot, &wanted.flag, &patch, &wanted.at)?;
        Ok(Planned { wanted, patch, ends })
    });
    planned.collect()
}

fn flag_change(snapshot: &Snapshot, planned: &Planned<'_>) -> FlagChange {
    let flag = &planned.wanted.flag;
    FlagChange {
        flag: flag.clone(),
        patch: planned.patch.clone(),
        // What the plan was made of, also where the client takes any version.
        expect: snapshot.admin.version(flag),
        ends: planned.ends.clone(),
    }
}

/// Returns the answer to a change of what is not there any more.
fn changed(server: &Server, wanted: &Wanted) -> Result<Problem, Problem> {
    let after = wanted.precondition.tag().and_then(journal_of_tag);
    let limit = if after.is_some() { TOLD } else { 1 };
    let flag = &wanted.flag;
    let filter = JournalFilter { flag: Some(flag.clone()), after, limit, ..JournalFilter::default() };
    let entries = server.store.journal(&filter)?;
    let since: Vec<String> = entries.iter().take(3).map(JournalEntry::in_words).collect();
    let detail = match (after, since.is_empty()) {
        (Some(_), false) => format!("`{flag}` was changed meanwhile: {}", since.join("; ")),
        (Some(_), true) => format!("the definition of `{flag}` was changed meanwhile"),
        (None, _) => format!("`If-Match` names no version that `{flag}` has now"),
    };
    let now = server.snapshot().flags.get(flag).map(|flag| flag.tag.clone());
    let problem = Problem::new(StatusCode::PRECONDITION_FAILED, "changed", detail)
        .with("flag", flag.as_str())
        .with("changes", entries.iter().map(entry_to_json).collect::<Vec<_>>());
    Ok(match now {
        Some(tag) => problem.with("etag", tag),
        None => problem,
    })
}

fn answered(snapshot: &Snapshot, change: &Change, written: Written) -> Result<Applied, Problem> {
    let flags = change.flags.iter().map(|wanted| {
        let name = &wanted.flag;
        match snapshot.flags.get(name) {
            Some(flag) => Ok((flag.tag.clone(), String::from_utf8_lossy(&flag.body).into_owned())),
            // An undeclared flag whose override is gone is no flag any more.
            None => Ok((
                String::new(),
                json!({ "name": name, "enabled": false, "source": "default", "override": null }).to_string(),
            )),
        }
    });
    Ok(Applied { written, dry_run: false, flags: flags.collect::<Result<_, Problem>>()? })
}

/// Returns the flags as they would be.
fn rehearsed(snapshot: &Snapshot, planned: &[Planned<'_>], written: Written) -> Applied {
    let mut admin: AdminLayer = snapshot.admin.clone();
    let number = written.number.unwrap_or(snapshot.last);
    let origin = Origin::Journal { number, by: None, at: None, expires_at: None };
    for planned in planned {
        let flag = &planned.wanted.flag;
        admin.patch(flag, &planned.patch, &origin, &planned.ends);
        if let Some(Version::Journal(number)) = written.versions.get(flag) {
            admin.versions.insert(flag.clone(), Version::Journal(*number));
        }
    }
    let layers = Layers { admin: &admin, ..snapshot.layers() };
    let flags = planned.iter().filter_map(|planned| {
        let resolved = layers.resolve(&planned.wanted.flag)?;
        Some(one(&layers, &resolved, snapshot.day))
    });
    Applied { flags: flags.collect(), dry_run: true, written }
}
