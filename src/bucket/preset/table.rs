//! The presets as data: every formula that was reproduced from its system's own published vectors or source.

use super::super::algorithm::{Order, SeedUse};
use super::super::hash::Hash;
use super::super::record::{Precision, Seed};
use super::row::{Form, Row};

/// What most forms have.
const PLAIN: Form = Form {
    template: "{key}:{unit}",
    cbor: false,
    hash: Hash::Murmur3,
    seed: Seed::Fixed(0),
    slice: "whole",
    reduce: "modulo 100",
    offset: 0,
    precision: Precision::F64,
    compare: "<",
};

/// What most rows have.
const ROW: Row = Row {
    name: "",
    about: "",
    missing: "",
    notes: &[],
    rollout: PLAIN,
    variant: None,
    order: Order::Written,
    seed_use: SeedUse::None,
    seeded: None,
};

/// The first fifteen digits of SHA-1 in the unit interval.
const SHA1_UNIT: Form =
    Form { template: "{key}.{unit}", hash: Hash::Sha1, slice: "hex 15", reduce: "unit", ..PLAIN };
const FFCTL_1: Form = Form {
    template: "{purpose}:{key}:{unit}",
    hash: Hash::Sha256,
    slice: "hex 8",
    reduce: "scale total",
    ..PLAIN
};
const GROWTHBOOK: Form = Form { compare: "<=", slice: "whole", ..PLAIN };
const GROWTHBOOK_1: Form =
    Form { template: "{unit}{key}", hash: Hash::Fnv1a32Utf16, reduce: "fraction 1000", ..GROWTHBOOK };
const GROWTHBOOK_2: Form =
    Form { template: "{key}{unit}", hash: Hash::Fnv1a32Utf16Twice, reduce: "fraction 10000", ..GROWTHBOOK };
const FLAGD: Form = Form { template: "{key}{unit}", reduce: "scale total", ..PLAIN };
const FLAGSMITH: Form =
    Form { template: "{key},{unit}", hash: Hash::Md5, reduce: "flagsmith", compare: "<=", ..PLAIN };
const DEVCYCLE: Form = Form { template: "{unit}", seed: Seed::OfKey(1), reduce: "unit", ..PLAIN };
const WHOLE_MD5: Form = Form { hash: Hash::Md5, ..PLAIN };

const SAME_DRAW: &str = "a rollout and a split of one flag draw the same: at a 10% ramp of an even split everyone \
                         inside gets the first variation";
const SHARES_AS_THERE: &str =
    "write shares with the same numbers as there: 1:1 and 50:50 put half of the users elsewhere";
const RELATED: &str = "buckets of different flags are related to each other: experiments are not independent";

pub(super) static TABLE: [Row; 25] = [
    Row {
        name: "ffctl/1",
        about: "this program's own: SHA-256, whole numbers alone, rollouts and variants apart",
        missing: "off, targeting_key_missing",
        rollout: FFCTL_1,
        ..ROW
    },
    Row {
        name: "launchdarkly",
        about: "LaunchDarkly: flag key, salt and unit; with a seed the seed and the unit alone",
        missing: "bucket 0: in, whatever the percentage",
        notes: &[SAME_DRAW, "the Go and Rust SDKs compute in single precision: precision = \"f32\""],
        rollout: Form { template: "{key}.{salt}.{unit}", ..SHA1_UNIT },
        seed_use: SeedUse::Optional,
        seeded: Some("{seed}.{unit}"),
        ..ROW
    },
    Row {
        name: "unleash",
        about: "Unleash: gradual rollout and variants; the salt is the group id",
        missing: "off for a named stickiness, else random",
        notes: &["whole percentages only", SHARES_AS_THERE],
        rollout: Form { offset: 1, compare: "<=", ..PLAIN },
        variant: Some(Form {
            seed: Seed::Fixed(86_028_157),
            reduce: "modulo total",
            offset: 1,
            compare: "<=",
            ..PLAIN
        }),
        ..ROW
    },
    Row {
        name: "growthbook/1",
        about: "GrowthBook, hash version 1; the salt is the seed",
        missing: "the rule is skipped",
        notes: &[RELATED, SAME_DRAW],
        rollout: GROWTHBOOK_1,
        variant: Some(Form { compare: "<", ..GROWTHBOOK_1 }),
        ..ROW
    },
    Row {
        name: "growthbook/2",
        about: "GrowthBook, hash version 2; the salt is the seed",
        missing: "the rule is skipped",
        notes: &[SAME_DRAW],
        rollout: GROWTHBOOK_2,
        variant: Some(Form { compare: "<", ..GROWTHBOOK_2 }),
        ..ROW
    },
    Row {
        name: "flagd/1",
        about: "flagd, first version of fractional: the sign of murmur3 dropped, a percentage",
        missing: "the default variant",
        notes: &[SAME_DRAW],
        rollout: Form { template: "{key}{unit}", slice: "absolute", reduce: "percent", ..PLAIN },
        ..ROW
    },
    Row {
        name: "flagd/2",
        about: "flagd, second version of fractional: murmur3 scaled by the sum of the weights",
        missing: "the default variant",
        notes: &[SAME_DRAW],
        rollout: FLAGD,
        ..ROW
    },
    Row {
        name: "flagd/3",
        about: "flagd, third version of fractional: murmur3 over an array in CBOR",
        missing: "the default variant",
        notes: &[SAME_DRAW],
        rollout: Form { cbor: true, ..FLAGD },
        ..ROW
    },
    Row {
        name: "flagsmith",
        about: "Flagsmith: percentage splits and multivariate values; the salt is the feature's id",
        missing: "no split",
        notes: &[SAME_DRAW],
        rollout: FLAGSMITH,
        variant: Some(Form { compare: "<", ..FLAGSMITH }),
        ..ROW
    },
    Row {
        name: "go-feature-flag",
        about: "GO Feature Flag: shares are percentages, variations in reverse alphabetical order",
        missing: "an error",
        notes: &[RELATED, SAME_DRAW, SHARES_AS_THERE],
        rollout: Form { template: "{key}{unit}", hash: Hash::Fnv1a32, reduce: "modulo total", ..PLAIN },
        variant: Some(Form {
            template: "{key}{unit}",
            hash: Hash::Fnv1a32,
            reduce: "modulo total*1000",
            ..PLAIN
        }),
        order: Order::NameDescending,
        ..ROW
    },
    Row {
        name: "flipt",
        about: "Flipt: threshold rollouts and distributions of variants",
        missing: "refused",
        notes: &[RELATED, "whole percentages of a threshold, tenths of a distribution"],
        rollout: Form { template: "{unit}{key}", hash: Hash::Crc32, ..PLAIN },
        variant: Some(Form {
            template: "{key}{unit}",
            hash: Hash::Crc32,
            reduce: "modulo 1000",
            precision: Precision::F32,
            ..PLAIN
        }),
        ..ROW
    },
    Row {
        name: "eppo",
        about: "Eppo: shards; the salt is the split's",
        missing: "refused",
        notes: &[SAME_DRAW],
        rollout: Form {
            template: "{key}-{unit}",
            hash: Hash::Md5,
            slice: "hex 8",
            reduce: "modulo 10000",
            ..PLAIN
        },
        ..ROW
    },
    Row {
        name: "posthog",
        about: "PostHog: release conditions and multivariate flags",
        missing: "cannot decide",
        rollout: Form { compare: "<=", ..SHA1_UNIT },
        variant: Some(Form { template: "{key}.{unit}variant", ..SHA1_UNIT }),
        ..ROW
    },
    Row {
        name: "statsig",
        about: "Statsig: the config's salt (the name here), the rule's salt (the salt here) and the unit",
        missing: "hashes the empty text",
        notes: &[SAME_DRAW],
        rollout: Form {
            template: "{key}.{salt}.{unit}",
            hash: Hash::Sha256,
            slice: "bytes 8",
            reduce: "modulo 10000",
            ..PLAIN
        },
        ..ROW
    },
    Row {
        name: "split",
        about: "Split (Harness), algorithm 2: murmur3 of the key with the flag's seed",
        missing: "control",
        notes: &["whole percentages only", SAME_DRAW],
        rollout: Form { template: "{unit}", offset: 1, compare: "<=", ..PLAIN },
        seed_use: SeedUse::Required,
        ..ROW
    },
    Row {
        name: "split/legacy",
        about: "Split (Harness), algorithm 1: Java's hash of the key xor the flag's seed",
        missing: "control",
        notes: &["whole percentages only", RELATED, SAME_DRAW],
        rollout: Form {
            template: "{unit}",
            hash: Hash::Java,
            slice: "absolute",
            offset: 1,
            compare: "<=",
            ..PLAIN
        },
        seed_use: SeedUse::Required,
        ..ROW
    },
    Row {
        name: "configcat",
        about: "ConfigCat: percentage options",
        missing: "skipped",
        notes: &["whole percentages only", SAME_DRAW],
        rollout: Form { template: "{key}{unit}", hash: Hash::Sha1, slice: "hex 7", ..PLAIN },
        ..ROW
    },
    Row {
        name: "featurevisor",
        about: "Featurevisor: murmur3 with seed 1, 100000 buckets, the limit included",
        missing: "one bucket for all of them",
        notes: &[SAME_DRAW],
        rollout: Form {
            template: "{unit}.{key}",
            seed: Seed::Fixed(1),
            reduce: "scale 100000",
            compare: "<=",
            ..PLAIN
        },
        ..ROW
    },
    Row {
        name: "devcycle",
        about: "DevCycle: the salt is the target's id, whose hash is the seed",
        missing: "hashes the word null",
        rollout: Form { template: "{unit}_rollout", compare: "<=", ..DEVCYCLE },
        variant: Some(DEVCYCLE),
        order: Order::NameDescending,
        ..ROW
    },
    Row {
        name: "optimizely",
        about: "Optimizely: murmur3 with seed 1, 10000 buckets; the salt is the experiment's id",
        missing: "not in",
        notes: &[SAME_DRAW],
        rollout: Form { template: "{unit}{key}", seed: Seed::Fixed(1), reduce: "scale 10000", ..PLAIN },
        ..ROW
    },
    Row {
        name: "md5-flag-user",
        about: "by hand: int(md5(f\"{flag}:{user}\").hexdigest(), 16) % 100",
        notes: &["whole percentages only", SAME_DRAW],
        rollout: WHOLE_MD5,
        ..ROW
    },
    Row {
        name: "md5-user",
        about: "by hand: int(md5(user).hexdigest(), 16) % 100",
        notes: &[
            "every flag begins with the same people: the first 10% of one are the first 10% of all",
            "whole percentages only",
        ],
        rollout: Form { template: "{unit}", ..WHOLE_MD5 },
        ..ROW
    },
    Row {
        name: "md5-user-experiment",
        about: "by hand: int(md5(f\"{user}:{experiment}\").hexdigest(), 16) % 100",
        notes: &["whole percentages only", SAME_DRAW],
        rollout: Form { template: "{unit}:{key}", ..WHOLE_MD5 },
        ..ROW
    },
    Row {
        name: "sha256-flag-user",
        about: "by hand: int(sha256(f\"{flag}:{user}\").hexdigest(), 16) % 100",
        notes: &["whole percentages only", SAME_DRAW],
        rollout: Form { hash: Hash::Sha256, ..PLAIN },
        ..ROW
    },
    Row {
        name: "sha256-8",
        about: "by hand: int(sha256(f\"{flag}:{user}\").hexdigest()[:8], 16) % 100",
        notes: &["whole percentages only", SAME_DRAW],
        rollout: Form { hash: Hash::Sha256, slice: "hex 8", ..PLAIN },
        ..ROW
    },
];
