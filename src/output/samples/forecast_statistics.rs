//! Samples: the statistics of `simulate-rollout`.

use crate::report::*;

use super::*;

fn said(good: Option<bool>, text: String) -> Sentence {
    Sentence { text, good }
}

/// A flag that is bucketed by organisation, beside two others.
pub(in crate::output) fn forecast_statistics(foreign: Foreign<'_>) -> ForecastReport {
    let f = foreign;
    let base = forecast_split(foreign);
    let bound = |users: u64, rate, rule| FailureBound {
        users,
        effective: None,
        rate,
        rule_of_three: rule,
        confidence: 0.95,
    };
    let group = |by: &str, name: &str, users, on| GroupReport {
        by: by.into(),
        group: Some(f.text(name)),
        users,
        on_before: 0,
        on_after: on,
        joins: on,
        leaves: 0,
        switches: 0,
    };
    let step = StepForecast {
        failure_bound: Some(bound(1218, 0.002_456_6, 0.002_463_1)),
        groups: vec![
            group("rule", "rule 1: employees first", 323, 323),
            group("rule", "default", 7800, 895),
            group("segment", "employee", 323, 323),
        ],
        ..base.steps[0].clone()
    };
    ForecastReport {
        orgs: Some(orgs(f)),
        overlaps: overlaps(f),
        power: Some(power(f)),
        steps: vec![step],
        ..base
    }
}

/// An experiment with what production counted, and what it can show.
pub(in crate::output) fn experiment_statistics(foreign: Foreign<'_>) -> ForecastReport {
    let f = foreign;
    let base = experiment(foreign);
    let count = |name, users| VariationCount {
        variation: variation(name),
        users,
        share: super::super::number::share(users, 9894),
        expected: Some(0.5),
    };
    let observed = ObservedReport {
        variants: vec![count("control", 5021), count("treatment", 4873)],
        users: 9894,
        against: "configuration",
        unexpected: 3,
        sample_ratio: Some(SampleRatio {
            chi_square: 2.213_867,
            degrees: 1,
            p: 0.136_777,
            mismatch: false,
            deviation_points: 0.747_928,
            design_effect: Some(1.5),
        }),
        sequential: Some(SequentialReport { log_odds: 0.206_3, p: 0.813_6, limit: 0.01, mismatch: false }),
        meaning: vec![said(Some(true), f.text("What production counted fits the shares."))],
    };
    ForecastReport { observed: Some(observed), ..base }
}

fn orgs(f: Foreign<'_>) -> OrgsReport {
    let org = |name: &str, users, on| OrgReport { org: f.text(name), users, on };
    let gets = |name, orgs, users| OrgVariation { variation: variation(name), orgs, users };
    OrgsReport {
        unit: f.text("org"),
        orgs: 214,
        users: 8100,
        without: 23,
        truncated: false,
        effective_size: 31.4,
        on: 21,
        off: 192,
        split: 1,
        share_of_orgs: 0.098_131,
        share_of_users: 0.310_494,
        variations: vec![gets("v2", 192, 5585), gets("v3", 21, 2515)],
        largest_on: vec![org("acme", 1802, 1802), org("globex", 211, 211)],
        largest_off: vec![org("initech", 940, 0), org("hooli", 422, 0)],
        largest_split: vec![org("umbrella", 34, 12)],
        meaning: vec![said(
            Some(false),
            f.text("9.81% of the orgs is 31.05% of the users: one org, acme, alone has 22.25% of them."),
        )],
    }
}

fn overlaps(f: Foreign<'_>) -> Vec<OverlapReport> {
    let texts = |all: &[&str]| all.iter().map(|one| f.text(one)).collect::<Vec<_>>();
    let base = OverlapReport {
        with: f.text("use_v3_style"),
        kind: "flag",
        rows: texts(&["v2", "v3"]),
        columns: texts(&["off", "on"]),
        counts: vec![vec![6102, 0], vec![1209, 812]],
        users: 8123,
        left_out: 0,
        association: Some(AssociationReport {
            measure: "phi",
            strength: 0.579_069,
            chi_square: 2723.846,
            degrees: 1,
            p: 0.0,
            limit: 0.000_5,
            notable: true,
            cause: Some("hash"),
            design_effect: None,
        }),
        meaning: said(
            Some(false),
            f.text("use_v3_style meets the same users: both draw the same number of a user."),
        ),
    };
    let other = OverlapReport {
        with: f.text("personalization_v2"),
        kind: "experiment",
        columns: texts(&["control", "treatment", "holdout"]),
        counts: vec![vec![2001, 2040, 2037], vec![682, 660, 673]],
        users: 8093,
        left_out: 30,
        association: Some(AssociationReport {
            measure: "cramers_v",
            strength: 0.009_241,
            chi_square: 0.691_1,
            degrees: 2,
            p: 0.707_8,
            limit: 0.000_5,
            notable: false,
            cause: None,
            design_effect: Some(1.5),
        }),
        meaning: said(Some(true), f.text("personalization_v2 has nothing to do with it.")),
        ..base.clone()
    };
    vec![base, other]
}

fn power(f: Foreign<'_>) -> PowerReport {
    let after = |days: u32, users, detectable| DurationReport {
        days,
        users,
        effective: Some(users / 257.96),
        detectable: Some(detectable),
    };
    PowerReport {
        state: f.text("v2 75 / v3 25"),
        daily_users: 1200,
        baseline: 0.042,
        worst_case: false,
        alpha: 0.05,
        power: 0.8,
        correction: Some(CorrectionReport { method: "bonferroni", comparisons: 2, alpha: 0.025 }),
        design: Some(DesignReport {
            unit: f.text("org"),
            groups: 214,
            effective_size: 31.4,
            design_effect: 257.96,
        }),
        effect: Some(0.008_4),
        comparisons: vec![ComparisonReport {
            control: ArmReport { name: f.text("v2"), share: 0.75 },
            arm: ArmReport { name: f.text("v3"), share: 0.25 },
            durations: vec![
                after(1, 1200.0, 0.037_46),
                after(3, 3600.0, 0.021_63),
                after(7, 8400.0, 0.014_16),
                after(14, 16_800.0, 0.010_01),
                after(28, 33_600.0, 0.007_08),
            ],
            days: Some(Some(20)),
        }],
        meaning: vec![said(
            None,
            f.text("After 14 days v3 is seen to differ from v2 by 1.00 points or more."),
        )],
    }
}
