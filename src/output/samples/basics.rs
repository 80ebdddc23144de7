//! Samples: What the samples of all answers are made of.

use crate::bucket::Algorithm;
use crate::layer::{Origin, Source};
use crate::model::{Date, Share, Split, Timestamp, VariationName, Weight};
use crate::report::*;
use indexmap::IndexMap;

/// The texts from outside: as they are, or all replaced by one.
#[derive(Clone, Copy)]
pub(in crate::output) struct Foreign<'a>(pub(in crate::output) Option<&'a str>);

impl Foreign<'_> {
    pub(in crate::output) fn text(self, text: &str) -> String {
        self.0.unwrap_or(text).to_owned()
    }

    #[expect(clippy::unnecessary_wraps, reason = "most texts of the reports are optional")]
    pub(in crate::output) fn some(self, text: &str) -> Option<String> {
        Some(self.text(text))
    }

    pub(in crate::output) fn file(self, line: usize, column: usize) -> Origin {
        Origin::File { file: self.text("flags.toml").into(), line, column }
    }

    pub(in crate::output) fn variable(self, name: &str) -> Origin {
        Origin::Variable { name: self.text(name) }
    }

    pub(in crate::output) fn journal(self, number: u64) -> Origin {
        Origin::Journal {
            number,
            by: self.some("ana"),
            at: Some(Timestamp::from_millis(1_790_000_000_000)),
            expires_at: None,
        }
    }
}

pub(in crate::output) fn variation(text: &str) -> VariationName {
    VariationName::try_from(text).expect("a name")
}

pub(in crate::output) fn weight(text: &str) -> Weight {
    Weight::parse(text).expect("a percentage")
}

pub(in crate::output) fn split(pairs: &[(&str, i64)]) -> Split {
    let pair = |(name, share): &(&str, i64)| (variation(name), Share::try_from(*share).expect("a share"));
    Split::new(pairs.iter().map(pair).collect()).expect("a split")
}

pub(in crate::output) fn entries<V: Clone>(
    foreign: Foreign<'_>,
    keys: &[&str],
    value: &V,
) -> IndexMap<String, V> {
    keys.iter().map(|key| (foreign.text(key), value.clone())).collect()
}

pub(in crate::output) fn local() -> TargetReport {
    TargetReport {
        kind: "local",
        profile: None,
        address: "/home/ana/.local/state/ffctl/store.db".into(),
        label: "local store, no server reads this".into(),
    }
}

pub(in crate::output) fn prod(foreign: Foreign<'_>) -> TargetReport {
    TargetReport {
        kind: "server",
        profile: foreign.some("prod"),
        address: foreign.text("https://flags.example.com"),
        label: foreign.text("prod https://flags.example.com"),
    }
}

pub(in crate::output) fn live() -> FreshnessReport {
    FreshnessReport { state: "live", age_seconds: None }
}

pub(in crate::output) fn cached() -> FreshnessReport {
    FreshnessReport { state: "cached", age_seconds: Some(190) }
}

pub(in crate::output) fn notes(foreign: Foreign<'_>) -> Vec<Note> {
    vec![
        Note::new(foreign.text("`FF_USE_V3_STYEL` is not a flag"))
            .hint(foreign.text("did you mean `FF_USE_V3_STYLE`?")),
    ]
}

pub(in crate::output) fn flag(
    foreign: Foreign<'_>,
    name: &str,
    state: StateWord,
    summary: &str,
) -> FlagReport {
    FlagReport {
        name: foreign.text(name),
        enabled: Some(state != StateWord::Off),
        source: Source::Default,
        state,
        summary: foreign.text(summary),
        rollout: Some(Weight::ALL),
        serve: None,
        split: None,
        users: IndexMap::new(),
        orgs: IndexMap::new(),
        rules: 0,
        prerequisites: Vec::new(),
        variations: vec![variation("on"), variation("off")],
        description: None,
        owner: None,
        tags: Vec::new(),
        expires: None,
        expired: false,
        declared: true,
        place: Some(foreign.file(12, 1)),
        algorithm: Algorithm::default(),
        sources: SourcesReport {
            enabled: Source::Default,
            rollout: Some(Source::Default),
            serve: None,
            users: IndexMap::new(),
            orgs: IndexMap::new(),
        },
        overridden: Vec::new(),
        override_expires: std::collections::BTreeMap::new(),
        ends: String::new(),
        problems: Vec::new(),
        server: None,
        drift: false,
    }
}

/// The flag `enable_memory_v2` with its rollout overridden.
pub(in crate::output) fn memory(foreign: Foreign<'_>) -> FlagReport {
    let base = flag(foreign, "enable_memory_v2", StateWord::Partial, "50% + 2 rules");
    FlagReport {
        rollout: Some(weight("50%")),
        rules: 2,
        description: foreign.some("MemoryServiceV2 in the analysis pipeline"),
        owner: foreign.some("memory-team"),
        tags: vec![foreign.text("agents"), foreign.text("memory")],
        expires: Date::new(2027, 3, 31),
        sources: SourcesReport { rollout: Some(Source::Admin), ..base.sources.clone() },
        overridden: vec![OverriddenReport {
            field: foreign.text("rollout"),
            value: foreign.text("25%"),
            source: Source::Default,
            origin: foreign.file(16, 11),
        }],
        override_expires: [(foreign.text("rollout"), Timestamp::from_millis(1_790_086_400_000))].into(),
        ends: "in 24h".to_owned(),
        ..base
    }
}
