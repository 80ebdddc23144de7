//! Samples: `simulate-rollout` with what the configuration says, times and a funnel.

use crate::model::Timestamp;
use crate::report::*;

use super::*;

fn shares(pairs: &[(&str, f64)]) -> Vec<LayoutShare> {
    pairs.iter().map(|(name, share)| LayoutShare { variation: variation(name), share: *share }).collect()
}

/// A state of the layout; pieces of all draws in their order.
fn state(label: String, on: f64, exposed: f64, pairs: &[(&str, f64)]) -> LayoutState {
    let mut from = 0.0;
    let pieces = pairs.iter().map(|(name, share)| {
        let piece = LayoutPiece { variation: variation(name), from, to: from + share };
        from += share;
        piece
    });
    LayoutState { label, on, exposed: Some(exposed), pieces: pieces.collect(), variations: shares(pairs) }
}

fn step((from, to): (String, String), ways: &[(&str, &str, f64)]) -> LayoutStep {
    let of = |holds: fn(&str, &str) -> bool| {
        ways.iter().filter(|(before, after, _)| holds(before, after)).map(|(_, _, share)| share).sum()
    };
    let transition = |(before, after, share): &(&str, &str, f64)| LayoutTransition {
        before: variation(before),
        after: variation(after),
        moves: match (*before == "v1", *after == "v1") {
            (true, true) => "stays_off",
            (true, false) => "joins",
            (false, true) => "leaves",
            (false, false) if before == after => "stays_on",
            (false, false) => "switches",
        },
        share: *share,
    };
    LayoutStep {
        from,
        to,
        exact: true,
        redrawn: Vec::new(),
        joins: of(|before, after| before == "v1" && after != "v1"),
        leaves: of(|before, after| before != "v1" && after == "v1"),
        switches: of(|before, after| before != "v1" && after != "v1" && before != after),
        stays_on: of(|before, after| before != "v1" && before == after),
        stays_off: of(|before, after| before == "v1" && after == "v1"),
        transitions: ways.iter().map(transition).collect(),
    }
}

fn configuration(f: Foreign<'_>) -> ConfigurationReport {
    let (now, then) = (f.text("now"), f.text("v2=20,v3=20,v1=60"));
    let said = |good, text: &str| Sentence { text: f.text(text), good };
    let everyone = LayoutGroup {
        whom: f.text("users that no rule matches"),
        rule: None,
        by: f.text("user"),
        states: vec![
            state(now.clone(), 0.2, 0.2, &[("v2", 0.1), ("v3", 0.1), ("v1", 0.8)]),
            state(then.clone(), 0.4, 0.4, &[("v2", 0.2), ("v3", 0.2), ("v1", 0.6)]),
        ],
        steps: vec![step(
            (now.clone(), then.clone()),
            &[("v2", "v2", 0.1), ("v3", "v2", 0.1), ("v1", "v3", 0.2), ("v1", "v1", 0.6)],
        )],
        said: vec![said(Some(false), "All of v3 (10%) switch to v2.")],
        offers: vec![LayoutOffer {
            text: f.text("v2=10,v3=30,v1=60 has as many on and moves nobody who is on:"),
            splits: vec![f.text("v2=10,v3=30,v1=60")],
            moved: 0.0,
            command: Some(f.text("ffctl simulate-rollout style_prompt --split v2=10,v3=30,v1=60 --no-users")),
            toml: f.text(r#"split = [["v2", 10], ["v3", 30], ["v1", 60]]"#),
        }],
    };
    let redrawn = LayoutStep {
        exact: false,
        redrawn: vec!["salt"],
        ..step(
            (now.clone(), then.clone()),
            &[("v2", "v2", 0.25), ("v2", "v1", 0.25), ("v1", "v2", 0.25), ("v1", "v1", 0.25)],
        )
    };
    let ruled = LayoutGroup {
        whom: f.text("users that only the rule `employees` matches"),
        rule: Some(1),
        by: f.text("org"),
        states: vec![
            LayoutState { pieces: Vec::new(), ..state(now, 0.5, 0.5, &[("v2", 0.5), ("v1", 0.5)]) },
            state(then, 0.5, 0.75, &[("v2", 0.5), ("v1", 0.5)]),
        ],
        steps: vec![redrawn],
        said: vec![said(None, "Expected, not exact: the salt changes, so everyone draws anew.")],
        offers: Vec::new(),
    };
    ConfigurationReport {
        groups: vec![everyone, ruled],
        others: vec![said(None, "Users whom several rules match (one combination) go as those of one rule.")],
        unknown: vec![f.text("the rule `old` is not in every state: whom it matches is not told apart")],
    }
}

fn times(f: Foreign<'_>) -> TimesReport {
    let point = |day: i64, on: u64, joins: u64, leaves: u64, exposed: u64| TimePoint {
        at: Timestamp::from_millis(1_795_305_600_000 + day * Timestamp::DAY),
        on,
        share: super::super::number::share(on, 8123),
        joins,
        leaves,
        switches: 0,
        exposed,
        ended: if day == 2 { vec![f.text("style_prompt rollout")] } else { Vec::new() },
    };
    TimesReport {
        state: f.text("v2=20,v3=20,v1=60"),
        every_seconds: 86_400,
        points: vec![point(0, 3249, 0, 0, 3249), point(1, 3301, 60, 8, 3309), point(2, 12, 5, 3294, 3314)],
        flapping: 7,
        sample_flapping: vec![f.text("user-12"), f.text("user-40")],
        depends_on_time: true,
    }
}

fn funnel(f: Foreign<'_>, label: &str) -> FunnelReport {
    let step = |kind, flag: &str, wanted: Option<&str>, passed| FunnelStep {
        kind,
        flag: f.text(flag),
        variation: wanted.map(variation),
        passed,
    };
    FunnelReport {
        label: f.text(label),
        users: 8123,
        steps: vec![
            step("switch", "style_prompt", None, 8123),
            step("prerequisite", "use_v3_style", Some("on"), 4060),
            step("gate", "ab_test_personalization", None, 1991),
        ],
        left: 1991,
    }
}

/// A ramp with all that can be said of it.
pub(in crate::output) fn forecast_ramp(foreign: Foreign<'_>) -> ForecastReport {
    let base = forecast_split(foreign);
    let steps = base.steps.iter().cloned().map(|step| StepForecast { exposed: step.then.on + 40, ..step });
    ForecastReport {
        configuration: Some(configuration(foreign)),
        times: Some(times(foreign)),
        funnel: vec![funnel(foreign, "now"), funnel(foreign, "v2=20,v3=20,v1=60")],
        steps: steps.collect(),
        ..base
    }
}
