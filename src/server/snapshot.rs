//! Everything that answers a read, computed once per change: resolved flags, their JSON, the compiled program.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use axum::body::Bytes;
use indexmap::IndexMap;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::admin::{SecretDigest, TokenRecord};
use crate::answer::{definition_mark, flag_report, override_ends};
use crate::eval::{Builder, FlagId, Program};
use crate::flagfile::FlagFile;
use crate::hex::hex;
use crate::layer::{AdminLayer, EnvLayer, Layers, Resolved, Version, values_to_json};
use crate::model::{Date, FlagName, Timestamp};
use crate::report::FlagReport;

use super::problem::Problem;

/// The state of everything at one moment; never changed, only replaced.
pub(super) struct Snapshot {
    /// The definitions.
    pub(super) file: Arc<FlagFile>,
    /// The variables.
    pub(super) env: Arc<EnvLayer>,
    /// The overrides.
    pub(super) admin: AdminLayer,
    /// The flags by name, in the order of the file, undeclared ones last.
    pub(super) flags: IndexMap<String, Served>,
    /// All of them compiled.
    pub(super) program: Program,
    /// The tokens by what is kept of their secrets.
    pub(super) tokens: HashMap<SecretDigest, TokenRecord>,
    /// The body of `GET /feature-flags`.
    pub(super) list: Bytes,
    /// Its entity tag, with the quotes.
    pub(super) list_tag: String,
    /// The number of the last entry of the journal.
    pub(super) last: u64,
    /// When the first override ends that does.
    pub(super) next_end: Option<Timestamp>,
    /// When it was made.
    pub(super) made: Instant,
    /// The day for which it was made: what has expired depends on it.
    pub(super) day: Date,
    state: OnceLock<String>,
}

/// One flag, ready to be answered with.
pub(super) struct Served {
    /// With all that the layers say of it.
    pub(super) resolved: Resolved,
    /// Its number within the program.
    pub(super) id: FlagId,
    /// Its entity tag, with the quotes.
    pub(super) tag: String,
    /// The body of `GET /feature-flags/{name}`.
    pub(super) body: Bytes,
    /// What a write must find unchanged in the store.
    pub(super) version: Version,
    /// Why nobody can tell what it is: a layer of it, or of a flag that it needs, holds what cannot be read.
    pub(super) unclear: Option<String>,
}

impl Served {
    /// Returns the number of the last change of it; none before the first.
    pub(super) fn journal(&self) -> Option<u64> {
        journal_of(&self.version)
    }
}

/// One flag on the wire: the report that `ffctl list --json` shows, and what a client needs to change it.
#[derive(Serialize, ToSchema)]
#[schema(as = Flag)]
pub(super) struct FlagAnswer<'a> {
    #[serde(flatten)]
    flag: FlagReport,
    /// What the admin layer says of it; null where it says nothing.
    #[schema(required, value_type = Option<Object>)]
    r#override: Option<Value>,
    /// The number of the last change of it; null if it was never changed.
    #[schema(required)]
    journal: Option<u64>,
    /// The mark of its definition: flags of the same mark are defined alike, segments that their rules ask included.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    definition: Option<String>,
    /// The tag that a change of it must name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required, nullable = false)]
    etag: Option<&'a str>,
}

/// Every flag on the wire.
#[derive(ToSchema)]
#[schema(as = Flags)]
#[expect(dead_code, reason = "describes the list, which is put together of the flags' own texts")]
pub(super) struct FlagsAnswer {
    /// The flags in the order of flags.toml, undeclared ones last.
    flags: Vec<FlagAnswer<'static>>,
    /// Whether this server knows the header `Idempotency-Key`.
    idempotency_keys: bool,
}

impl Snapshot {
    /// Puts the layers together.
    pub(super) fn build(
        file: Arc<FlagFile>,
        env: Arc<EnvLayer>,
        admin: AdminLayer,
        tokens: Vec<TokenRecord>,
        day: Date,
    ) -> Self {
        let layers = Layers { file: Some(&file), env: &env, admin: &admin, what_if: None };
        let names = layers.declared().map(FlagName::as_str).chain(layers.undeclared());
        let mut builder = Builder::default();
        let mut flags = IndexMap::new();
        let mut list = String::from("{\"flags\":[");
        for name in names {
            let (Some(resolved), Some(id)) = (layers.resolve(name), builder.flag(&layers, name)) else {
                continue;
            };
            let version = admin.version(name);
            let (tag, body) = one(&layers, &resolved, day);
            if !flags.is_empty() {
                list.push(',');
            }
            list.push_str(&body);
            let unclear = unclear(&layers, &resolved);
            flags.insert(name.to_owned(), Served { resolved, id, tag, body: body.into(), version, unclear });
        }
        list.push_str("],\"idempotency_keys\":true}");
        let last = admin.versions.values().filter_map(journal_of).max().unwrap_or(0);
        let next_end = admin.overrides.values().flat_map(|values| override_ends(values).into_values()).min();
        Self {
            flags,
            last,
            next_end,
            made: Instant::now(),
            program: builder.build(),
            tokens: tokens.into_iter().map(|record| (record.token.digest, record)).collect(),
            list_tag: tag_of(last, &list),
            list: list.into(),
            file,
            env,
            admin,
            day,
            state: OnceLock::new(),
        }
    }

    /// Returns what is another one as soon as any page would show something else: of flags, definitions or the day.
    pub(super) fn state(&self) -> &str {
        self.state
            .get_or_init(|| tag_of(self.last, &format!("{}{}{}", self.list_tag, self.day, self.file.text())))
    }

    /// Returns a flag.
    ///
    /// # Errors
    /// When nobody knows it; says which one was meant.
    pub(super) fn flag(&self, name: &str) -> Result<&Served, Problem> {
        let known = || self.flags.keys().map(String::as_str);
        self.flags.get(name).ok_or_else(|| Problem::unknown_flag(name, known()))
    }

    /// Returns the layers.
    pub(super) fn layers(&self) -> Layers<'_> {
        Layers { file: Some(&self.file), env: &self.env, admin: &self.admin, what_if: None }
    }
}

/// Returns the tag and the body of one flag.
pub(super) fn one(layers: &Layers<'_>, resolved: &Resolved, day: Date) -> (String, String) {
    let name = resolved.effective.name.as_str();
    let values = layers.admin.overrides.get(name);
    let journal = journal_of(&layers.admin.version(name));
    let mut answer = FlagAnswer {
        flag: flag_report(layers, resolved, day),
        r#override: values.map(values_to_json),
        journal,
        definition: definition_mark(layers, name),
        etag: None,
    };
    // The contract of the list: the switch is true or false, also where a layer holds nonsense beside it.
    answer.flag.enabled = Some(resolved.is_enabled());
    let tag = tag_of(journal.unwrap_or(0), &json(&answer));
    answer.etag = Some(&tag);
    let body = json(&answer);
    (tag, body)
}

/// Returns the number of the change that a version is; none before the first.
fn journal_of(version: &Version) -> Option<u64> {
    match version {
        Version::Journal(number) => Some(*number).filter(|number| *number > 0),
        Version::Tag(_) | Version::Unknown => None,
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("reports are plain data")
}

/// Returns the strong entity tag of a body: the number of the last change, so that it can be told what was changed
/// since, and half of the body's SHA-256.
fn tag_of(journal: u64, body: &str) -> String {
    format!("\"{journal}-{}\"", hex(&Sha256::digest(body.as_bytes())[..16]))
}

/// Says why nobody can tell what a flag is, if so.
fn unclear(layers: &Layers<'_>, resolved: &Resolved) -> Option<String> {
    let of = |flag: &Resolved| {
        let problem = flag.problems.first()?;
        let name = &flag.effective.name;
        Some(format!("nobody can tell what `{name}` is: {problem}; {}", problem.fix))
    };
    of(resolved).or_else(|| {
        let needs_none = resolved.effective.prerequisites.is_empty();
        let needed = if needs_none { Vec::new() } else { layers.closure(resolved.effective.name.as_str()) };
        needed.iter().find_map(of)
    })
}

/// Returns the number of the change that a tag of this server names.
pub(super) fn journal_of_tag(tag: &str) -> Option<u64> {
    tag.strip_prefix('"')?.split_once('-')?.0.parse().ok()
}
