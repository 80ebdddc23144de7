//! Evaluating whatever could be read: total, and the same whether somebody watches or not.

use ffctl::eval::{Builder, NoObserver, Scratch, Step, state_of};
use ffctl::model::{Context, Definitions, Timestamp};

/// 2026-01-01, in milliseconds.
const NOW: Timestamp = Timestamp::from_millis(1_767_225_600_000);

/// Evaluates every flag and experiment for a subject.
pub(crate) fn evaluate_all(definitions: &Definitions, context: &Context) {
    let mut builder = Builder::default();
    let flags: Vec<_> =
        definitions.flags.keys().filter_map(|name| builder.flag(definitions, name.as_str())).collect();
    let experiments: Vec<_> = definitions
        .experiments
        .keys()
        .filter_map(|name| builder.experiment(definitions, name.as_str()))
        .collect();
    let program = builder.build();
    assert_eq!(flags.len(), definitions.flags.len(), "every flag compiles");
    assert_eq!(experiments.len(), definitions.experiments.len(), "every experiment compiles");
    for flag in definitions.flags.values() {
        let _ = state_of(definitions, flag);
    }
    for flag in flags {
        let unwatched = Scratch::default().subject(&program, context, NOW).evaluate(flag, &mut NoObserver);
        let mut steps = 0_usize;
        let mut watch = |_: Step<'_>| steps += 1;
        let watched = Scratch::default().subject(&program, context, NOW).evaluate(flag, &mut watch);
        assert_eq!(format!("{unwatched:?}"), format!("{watched:?}"), "who watches changes nothing");
        assert!(steps > 0 && unwatched.variation < program.variations(flag).len());
    }
    for experiment in experiments {
        let given = Scratch::default().subject(&program, context, NOW).assign(experiment, &mut NoObserver);
        assert!(given.variant < program.variants(experiment).len());
    }
}
