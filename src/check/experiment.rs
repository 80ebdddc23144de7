//! A condition on an experiment.

use crate::eval::{Builder, Part, Scratch, Step, World, on_bounds};
use crate::layer::Source;
use crate::model::{Context, Experiment, Reason, VariationName};

use super::condition::{Condition, Test};
use super::flag::{error, named};
use super::judge::{Asked, unknown_variation};
use super::verdict::{Decided, Outcome, Verdict};

/// Judges an experiment whose gate can be read in all layers.
pub(super) fn judge(asked: &Asked<'_>, condition: &Condition, experiment: &Experiment) -> Verdict {
    let name = &experiment.name;
    let variants = experiment.variants.pairs().iter().map(|(variant, _)| variant);
    let Test::Serves(wanted) = &condition.test else {
        let message =
            format!("`{name}` is an experiment, which is neither on nor off: it has {}", named(variants));
        return Verdict::no_question(message, format!("{name}:u-42={}", experiment.first()));
    };
    if !variants.clone().any(|variant| variant == wanted) {
        return unknown_variation(
            condition,
            "variant",
            wanted.as_str(),
            &variants.map(VariationName::as_str).collect::<Vec<_>>(),
        );
    }
    let verdict = match asked.context {
        Some(context) => of_context(asked, experiment, wanted, context),
        None => of_everybody(asked, experiment, wanted),
    };
    let decided = verdict.decided.clone().or_else(|| {
        let origin = asked.layers.experiment_origin(name)?;
        Some(Decided { source: Source::Default, origin })
    });
    Verdict { decided, ..verdict }
}

/// Returns where it stands that a gate is closed; none where it is on and yet nobody gets through it.
fn of_gate(asked: &Asked<'_>, experiment: &Experiment) -> Option<Decided> {
    let gate = asked.layers.resolve(experiment.flag.as_ref()?.as_str())?;
    let switch = gate.enabled.effective();
    (!switch.value).then(|| Decided { source: switch.source, origin: switch.origin.clone() })
}

/// Judges what everybody gets: the first variant where the gate is closed, else whatever the bucket says.
fn of_everybody(asked: &Asked<'_>, experiment: &Experiment, wanted: &VariationName) -> Verdict {
    let everyone = |served: &VariationName| Verdict::plain(served == wanted, served.to_string());
    let gate = match &experiment.flag {
        None => "it has no gate".to_owned(),
        Some(flag) => {
            let found = asked.layers.flag(flag.as_str());
            let open = found.map(|found| on_bounds(&asked.layers, &found));
            if open.is_none_or(|open| open.most == Part::NONE) {
                let message = format!("its gate `{flag}` is off, so all get the first variant");
                let decided = of_gate(asked, experiment);
                return Verdict { message: Some(message), decided, ..everyone(experiment.first()) };
            }
            let whom = if open.is_some_and(|open| open.least == Part::ALL) { "" } else { " for some" };
            format!("its gate `{flag}` is on{whom}")
        }
    };
    if let Some(only) = experiment.variants.single() {
        return everyone(only);
    }
    let pairs = experiment.variants.pairs().iter();
    let shares: Vec<String> = pairs.map(|(name, share)| format!("{name} {}", share.get())).collect();
    let hint = format!("{}:USER={wanted} asks for one user", experiment.name);
    let partial = Verdict::unclear(Outcome::Partial, gate, Some(hint));
    Verdict { actual: Some(shares.join(" / ")), ..partial }
}

fn of_context(
    asked: &Asked<'_>,
    experiment: &Experiment,
    wanted: &VariationName,
    context: &Context,
) -> Verdict {
    let mut builder = Builder::default();
    let name = &experiment.name;
    let Some(id) = builder.experiment(&asked.layers, name.as_str()) else {
        return Verdict::unclear(Outcome::Unknown, format!("there is no experiment `{name}`"), None);
    };
    let program = builder.build();
    let (mut by, mut gate) = (None, None);
    let mut watch = |step: Step<'_>| match step {
        Step::Fallthrough { bucketed: Some(bucketed), .. } if bucketed.unit.is_none() => {
            by = Some(bucketed.by);
        }
        Step::Gate { flag, open: false, .. } => gate = Some(format!("its gate `{flag}` is not on")),
        _ => {}
    };
    let mut scratch = Scratch::default();
    let result = scratch.subject(&program, context, asked.at).assign(id, &mut watch);
    if let Reason::Error(code) = result.reason {
        return error(code, by.as_deref(), result.reason);
    }
    let variant = &program.variants(id)[result.variant];
    Verdict {
        decided: gate.as_ref().and_then(|_| of_gate(asked, experiment)),
        message: gate,
        reason: Some(result.reason),
        ..Verdict::plain(variant == wanted, variant.to_string())
    }
}
