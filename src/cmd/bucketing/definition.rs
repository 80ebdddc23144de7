//! An algorithm → its report.

use crate::bucket::{Algorithm, Order, Purpose, Record, Seed, SeedUse};
use crate::model::Weight;
use crate::report::{AlgorithmReport, RecordReport};

/// Returns the report of an algorithm; `used_by` are the flags and experiments that are bucketed by it.
pub(super) fn algorithm_report(
    algorithm: &Algorithm,
    default: bool,
    used_by: Vec<String>,
) -> AlgorithmReport {
    AlgorithmReport {
        name: algorithm.name().to_owned(),
        about: algorithm.about().to_owned(),
        custom: algorithm.is_custom(),
        default,
        used_by,
        rollout: record_report(algorithm.record(Purpose::Rollout)),
        variant: record_report(algorithm.record(Purpose::Variant)),
        order: match algorithm.order() {
            Order::Written => "written",
            Order::NameDescending => "name_descending",
        },
        seed: match algorithm.seed_use() {
            SeedUse::None => "none",
            SeedUse::Optional => "optional",
            SeedUse::Required => "required",
        },
        needs_salt: algorithm.needs_salt(),
        missing_there: Some(algorithm.missing().to_owned()).filter(|text| !text.is_empty()),
        missing_here: "off, targeting_key_missing",
        notes: algorithm.notes().to_vec(),
    }
}

pub(super) fn record_report(record: &Record) -> RecordReport {
    RecordReport {
        template: record.template.to_string(),
        hash: record.hash.word(),
        seed: match record.seed {
            Seed::Fixed(seed) => seed.to_string(),
            Seed::OfKey(seed) => format!("murmur3(key, {seed})"),
        },
        slice: record.slice.to_string(),
        reduce: record.reduce.to_string(),
        offset: record.offset,
        precision: record.precision.word(),
        compare: record.compare.sign(),
        buckets: record.buckets(Weight::TOTAL),
        independent: record.hash.is_independent() && !record.template.is_unit_alone(),
    }
}
