//! Samples: `variant-for-user`.

use crate::bucket::{Algorithm, Number};
use crate::model::{ErrorCode, Reason};
use crate::report::*;

use super::*;

pub(in crate::output) fn variants(foreign: Foreign<'_>) -> VariantsReport {
    let f = foreign;
    let variant = |experiment: &str, name: &str, bucket, reason| VariantReport {
        user: f.some("u-42"),
        experiment: f.text(experiment),
        variant: variation(name),
        bucket,
        reason,
        error_code: None,
        gate: Some("open"),
        flag: f.some("ab_test_personalization"),
        forced: false,
        shares: Some(split(&[("control", 50), ("treatment", 50)])),
        slots: Some((Number::Whole(50), Number::Whole(100))),
        total: Some(Number::Whole(100)),
        algorithm: Algorithm::default(),
    };
    let gate = |gate| VariantReport {
        gate: Some(gate),
        ..variant("checkout_button", "control", None, Reason::Default)
    };
    VariantsReport {
        directory: Some(directory(f, "cached")),
        variants: vec![
            variant("personalization_v2", "treatment", Some(Number::Whole(73)), Reason::Split),
            VariantReport { flag: f.some("use_v3_style"), ..gate("closed") },
            VariantReport {
                forced: true,
                gate: None,
                flag: None,
                bucket: None,
                ..variant("prices", "treatment", None, Reason::TargetingMatch)
            },
            VariantReport {
                error_code: Some("targeting_key_missing"),
                ..variant("by_device", "control", None, Reason::Error(ErrorCode::TargetingKeyMissing))
            },
        ],
        target: local(),
        freshness: live(),
        notes: notes(f),
    }
}
