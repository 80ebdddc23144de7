//! What the files tell: definitions, variables, overrides, profiles, journals. Each is read when it is asked for,
//! and whatever cannot be read is not there.

use std::cell::OnceCell;
use std::time::SystemTime;

use crate::admin::{self, Cache, JournalFilter, LocalStore, Store};
use crate::bucket::presets;
use crate::cmd::load::{read_text, variables};
use crate::cmd::side::Without;
use crate::cmd::snapshot::snapshot_names;
use crate::eval::state_of;
use crate::flagfile::FlagFile;
use crate::layer::{AdminLayer, EnvLayer, Layers, Resolved};
use crate::model::Definitions;
use crate::settings::{Settings, TargetPlace};

use super::candidate::Candidate;

/// What the files tell.
pub(super) struct Known {
    settings: Settings,
    clock: fn() -> SystemTime,
    ground: OnceCell<Ground>,
}

/// All layers, as far as they can be read.
struct Ground {
    file: Option<FlagFile>,
    /// The flags of which only the name can be read.
    unread: Vec<String>,
    env: EnvLayer,
    admin: AdminLayer,
}

impl Known {
    pub(super) fn new(settings: Settings, clock: fn() -> SystemTime) -> Self {
        Self { settings, clock, ground: OnceCell::new() }
    }

    fn ground(&self) -> &Ground {
        self.ground.get_or_init(|| {
            let found = self.settings.flag_file().ok();
            let path = found.as_ref().and_then(|found| found.required().ok());
            let text = path.and_then(|(path, shown)| read_text(path, shown).ok());
            let (file, unread) = text.map(|text| FlagFile::salvage("flags.toml", text)).unzip();
            let env = match (&file, variables(&self.settings, false)) {
                (Some(file), Ok(variables)) => EnvLayer::read(file.definitions(), variables),
                _ => EnvLayer::default(),
            };
            let choice = found.and_then(|found| self.settings.target(&found).ok());
            let folder = self.settings.cache_folder().ok().flatten();
            let cache = folder.map(|folder| Cache::new(folder, self.clock));
            let admin = choice.and_then(|choice| admin::cached(&choice, cache));
            let admin = admin.unwrap_or_else(|| Without::anything().admin);
            Ground { file, unread: unread.unwrap_or_default(), env, admin }
        })
    }

    /// Returns the names of the bucketing algorithms, the file's own first.
    pub(super) fn algorithms(&self) -> Vec<Candidate> {
        let own = self.ground().file.iter().flat_map(|file| file.definitions().bucketing.custom.clone());
        own.chain(presets()).map(|one| Candidate::new(one.name(), one.about())).collect()
    }

    fn layers(&self) -> Layers<'_> {
        let ground = self.ground();
        Layers { file: ground.file.as_ref(), env: &ground.env, admin: &ground.admin, what_if: None }
    }

    /// Returns what flags.toml defines.
    pub(super) fn definitions(&self) -> Option<&Definitions> {
        Some(self.ground().file.as_ref()?.definitions())
    }

    /// Returns a flag as it is in effect.
    pub(super) fn flag(&self, name: &str) -> Option<Resolved> {
        self.layers().resolve(name)
    }

    /// Returns the flags, each with its state and where that comes from.
    pub(super) fn flags(&self) -> Vec<Candidate> {
        let layers = self.layers();
        let names = layers.declared().map(crate::model::FlagName::as_str).chain(layers.undeclared());
        let candidate = |name: &str| Some(Candidate::new(name, in_short(&layers, &layers.resolve(name)?)));
        let read = names.filter_map(candidate);
        let unread = self.ground().unread.iter();
        read.chain(unread.map(|name| Candidate::new(name.as_str(), "not readable"))).collect()
    }

    /// Returns the experiments, each with its variants.
    pub(super) fn experiments(&self) -> Vec<Candidate> {
        let all = self.definitions().into_iter().flat_map(|all| all.experiments.values());
        all.map(|one| Candidate::new(one.name.as_str(), one.variants.to_string())).collect()
    }

    /// Returns the segments, each with its description.
    pub(super) fn segments(&self) -> Vec<Candidate> {
        let all = self.definitions().into_iter().flat_map(|all| all.segments.values());
        all.map(|one| Candidate::new(one.name.as_str(), one.description.clone().unwrap_or_default()))
            .collect()
    }

    /// Returns the owners of flags, each with how many it has.
    pub(super) fn owners(&self) -> Vec<Candidate> {
        let flags = self.definitions().into_iter().flat_map(|all| all.flags.values());
        counted(flags.filter_map(|flag| flag.owner.clone()))
    }

    /// Returns the tags of flags, each with how many have it.
    pub(super) fn tags(&self) -> Vec<Candidate> {
        let flags = self.definitions().into_iter().flat_map(|all| all.flags.values());
        counted(flags.flat_map(|flag| flag.tags.clone()))
    }

    /// Returns the organisations that flags treat apart.
    pub(super) fn orgs(&self) -> Vec<Candidate> {
        let flags = self.definitions().into_iter().flat_map(|all| all.flags.values());
        counted(flags.flat_map(|flag| flag.orgs.keys().cloned()))
    }

    /// Returns the users that flags treat apart.
    pub(super) fn users(&self) -> Vec<Candidate> {
        let flags = self.definitions().into_iter().flat_map(|all| all.flags.values());
        counted(flags.flat_map(|flag| flag.users.keys().cloned()))
    }

    /// Returns the profiles of config.toml, each with its address.
    pub(super) fn profiles(&self) -> Vec<Candidate> {
        let Ok(config) = self.settings.config() else { return Vec::new() };
        let about = |profile: &crate::settings::Profile| {
            let protected = if profile.protected { ", protected" } else { "" };
            format!("{}{protected}", profile.url)
        };
        config.profiles.iter().map(|(name, profile)| Candidate::new(name.as_str(), about(profile))).collect()
    }

    /// Returns the names of the snapshots that are kept.
    pub(super) fn snapshots(&self) -> Vec<Candidate> {
        snapshot_names(&self.settings).into_iter().map(|name| Candidate::new(name, "a snapshot")).collect()
    }

    /// Returns the newest changes that the local store has journalled, each with what it changed.
    pub(super) fn journal(&self) -> Vec<Candidate> {
        let found = self.settings.flag_file().ok();
        let store = |place| match place {
            TargetPlace::Local { store, shown } => Some(LocalStore::new(store, shown)),
            TargetPlace::Database { .. } | TargetPlace::Server { .. } => None,
        };
        let choice = found.and_then(|found| self.settings.target(&found).ok());
        let Some(store) = choice.and_then(|choice| store(choice.place)) else { return Vec::new() };
        let filter = JournalFilter { limit: 20, ..JournalFilter::default() };
        let mut all = Vec::new();
        let entries = Store::from(store.clone()).journal(&filter).unwrap_or_default().into_iter();
        for entry in entries.filter(|entry| entry.token.is_none()) {
            let flags: Vec<&str> = entry.changes.iter().map(|change| change.flag.as_str()).collect();
            let why = entry.reason.map_or_else(String::new, |reason| format!(": {reason}"));
            all.push(Candidate::new(entry.number.to_string(), format!("{}{why}", flags.join(", "))));
        }
        for entry in store.file_journal(&filter).unwrap_or_default() {
            let flags: Vec<&str> = entry.change.edits.iter().map(|edit| edit.flag.as_str()).collect();
            let about = format!("{} in {}", flags.join(", "), entry.change.layer);
            all.push(Candidate::new(format!("L{}", entry.number), about));
        }
        all
    }
}

/// Returns the state of a flag and the layer of its switch: `on, default`, `partial: 25%, admin`.
fn in_short(layers: &Layers<'_>, resolved: &Resolved) -> String {
    if !resolved.problems.is_empty() {
        return "invalid".to_owned();
    }
    let state = state_of(layers, &resolved.effective);
    let shown = match state.word() {
        "partial" => format!("partial: {state}"),
        _ => state.to_string(),
    };
    format!("{shown}, {}", resolved.enabled.effective().source)
}

/// Returns each text once, sorted, with how many flags have it.
fn counted(texts: impl Iterator<Item = String>) -> Vec<Candidate> {
    let mut count: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    for text in texts {
        *count.entry(text).or_default() += 1;
    }
    let about = |number| if number == 1 { "1 flag".to_owned() } else { format!("{number} flags") };
    count.into_iter().map(|(text, number)| Candidate::new(text, about(number))).collect()
}
