//! The keys that each table of the format knows. The JSON schema is tested against these lists.

/// The keys of the file itself.
pub(super) const FILE: [&str; 5] = ["schema", "bucketing", "flags", "experiments", "segments"];

/// The keys of a flag, boolean or with variations.
pub(super) const FLAG: [&str; 17] = [
    "description",
    "owner",
    "tags",
    "expires",
    "enabled",
    "rollout",
    "serve",
    "split",
    "users",
    "orgs",
    "rules",
    "prerequisites",
    "variations",
    "off",
    "salt",
    "bucket_by",
    "bucketing",
];

/// The keys of a targeting rule.
pub(super) const RULE: [&str; 5] = ["name", "when", "serve", "rollout", "split"];

/// The keys of a clause; `segment` stands with `negate` at most.
pub(super) const CLAUSE: [&str; 6] = ["attribute", "op", "values", "negate", "kind", "segment"];

/// The keys of a prerequisite.
pub(super) const PREREQUISITE: [&str; 2] = ["flag", "variation"];

/// The keys of a segment.
pub(super) const SEGMENT: [&str; 4] = ["description", "included", "excluded", "rules"];

/// The keys of a segment's rule.
pub(super) const SEGMENT_RULE: [&str; 1] = ["when"];

/// The keys of an experiment.
pub(super) const EXPERIMENT: [&str; 8] =
    ["description", "owner", "flag", "variants", "force", "salt", "bucket_by", "bucketing"];

/// The keys of `[bucketing]`.
pub(super) const BUCKETING: [&str; 4] = ["algorithm", "seed", "precision", "custom"];

/// The keys of the choice of an algorithm.
pub(super) const CHOICE: [&str; 3] = ["algorithm", "seed", "precision"];

/// The keys of an algorithm of one's own.
pub(super) const ALGORITHM: [&str; 10] = [
    "description",
    "variant",
    "hash",
    "template",
    "reduce",
    "slice",
    "seed",
    "offset",
    "compare",
    "precision",
];

/// The keys of a record, which `variant` repeats where it differs.
pub(super) const RECORD: [&str; 8] =
    ["hash", "template", "reduce", "slice", "seed", "offset", "compare", "precision"];

/// Keys that would configure the tool. A committed file must never choose where a credential goes.
pub(super) const SETTINGS: [&str; 20] = [
    "admin_url",
    "api_key",
    "credentials",
    "env_file",
    "hook",
    "hooks",
    "include",
    "password",
    "path",
    "profile",
    "profiles",
    "protected",
    "proxy",
    "secret",
    "server",
    "store",
    "timeout",
    "token",
    "token_file",
    "url",
];
