//! Where in the file a value stands, for provenance: `flags.toml:12`.

use super::position::Span;

/// Where the parts of one flag stand. Spans cover keys for entries and values for fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlagPlaces {
    /// The flag's key: `x` in `[flags.x]` or `x = false`.
    pub key: Span,
    /// The value of `enabled`; of the shorthand the value itself.
    pub enabled: Span,
    /// The value of `description`.
    pub description: Option<Span>,
    /// The value of `owner`.
    pub owner: Option<Span>,
    /// The value of `expires`.
    pub expires: Option<Span>,
    /// The value of `rollout`, `serve` or `split`; none where the rollout is not said and so is 100%.
    pub fallthrough: Option<Span>,
    /// The entries of `users`, in the order of the definition.
    pub users: Vec<Span>,
    /// The entries of `orgs`, in the order of the definition.
    pub orgs: Vec<Span>,
    /// The rules, in their order: the header or the braces.
    pub rules: Vec<Span>,
    /// The prerequisites, in their order.
    pub prerequisites: Vec<Span>,
}

impl FlagPlaces {
    /// Returns the places of a flag of which only the key and the switch stand in the file.
    pub(super) const fn of_shorthand(key: Span, enabled: Span) -> Self {
        Self {
            key,
            enabled,
            description: None,
            owner: None,
            expires: None,
            fallthrough: None,
            users: Vec::new(),
            orgs: Vec::new(),
            rules: Vec::new(),
            prerequisites: Vec::new(),
        }
    }
}

/// Where everything that a file defines stands, each in the order of the definitions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Places {
    pub(super) flags: Vec<FlagPlaces>,
    /// The keys of the experiments.
    pub(super) experiments: Vec<Span>,
    /// The keys of the segments.
    pub(super) segments: Vec<Span>,
}
