//! The forecast of a change: made-up users, before and after.

use maud::{Markup, html};

use crate::eval::World;
use crate::layer::Layers;
use crate::model::Timestamp;
use crate::output::{short_percent, thousands};
use crate::simulate::{Forecast, Options, Plan, Population, Stage, Watch, forecast};

/// How many made-up users a forecast counts: enough for a tenth of a percent, and done in milliseconds.
const USERS: u64 = 50_000;

/// Counts what made-up users get before and after.
pub(super) fn foresee(
    name: &str,
    before: &Layers<'_>,
    after: &Layers<'_>,
    now: Timestamp,
) -> Result<Forecast, String> {
    let worlds: [(&str, &dyn World); 2] = [("now", before), ("after", after)];
    let plan = Plan::new(name, &worlds, None).map_err(|error| error.to_string())?;
    let population = Population::Synthetic { count: USERS, seed: 1 };
    let options = Options {
        columns: crate::context::Columns::default(),
        allow_missing: true,
        at: now,
        workers: 1,
        distinct: false,
        digest: false,
    };
    forecast(&plan, population, &options, Watch { progress: None, cancel: None }, None)
        .map_err(|error| error.to_string())
}

/// Returns who joins, leaves and switches, and what everybody gets before and after.
pub(super) fn counts(forecast: &Forecast, boolean: bool) -> Markup {
    let (before, after) = (forecast.stages.first(), forecast.stages.last());
    let change = forecast.steps.last();
    html! {
        @if let (Some(before), Some(after), Some(change)) = (before, after, change) {
            @if boolean {
                div.ramp role="img" aria-label={ "from " (short_percent(before.share)) " to " (short_percent(after.share)) } {
                    (share_bar("now", before.share)) (share_bar("after", after.share))
                }
            } @else {
                div.ramp { (arms_bar("now", before)) (arms_bar("after", after)) (legend(before, after)) }
            }
            ul.counts {
                li.joins { strong { (thousands(change.counts.joins)) } " join" }
                li.leaves { strong { (thousands(change.counts.leaves)) } " leave" }
                li.switches { strong { (thousands(change.counts.switches)) } " switch" }
                li { strong { (thousands(change.counts.stays())) } " see no change" }
            }
            p.faint {
                "of " (thousands(USERS)) " made-up users"
                @if change.keeps.guaranteed { "; nobody who has it now loses it, whoever they are" }
            }
        }
    }
}

fn share_bar(label: &str, share: f64) -> Markup {
    html! {
        div.stage {
            span { (label) }
            svg.share viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" {
                rect.track width="100" height="6" {}
                rect.fill width=(share * 100.0) height="6" {}
            }
            span.number { (short_percent(share)) }
        }
    }
}

/// What everybody gets, side by side in one bar.
fn arms_bar(label: &str, stage: &Stage) -> Markup {
    let mut from = 0.0;
    let mut arms = Vec::new();
    for one in &stage.variations {
        arms.push((from, one.share * 100.0));
        from += one.share * 100.0;
    }
    html! {
        div.stage {
            span { (label) }
            svg.share viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" {
                rect.track width="100" height="6" {}
                @for (at, (from, width)) in arms.iter().enumerate() {
                    rect class={ "fill arm-" (at % 6) } x=(from) width=(width) height="6" {}
                }
            }
            span {}
        }
    }
}

fn legend(before: &Stage, after: &Stage) -> Markup {
    html! {
        ul.legend {
            @for (at, (was, is)) in before.variations.iter().zip(&after.variations).enumerate() {
                li {
                    (super::parts::arm_mark(at))
                    " " (super::parts::foreign(was.name.as_str())) " "
                    span.old { (short_percent(was.share)) } " → " span.new { (short_percent(is.share)) }
                }
            }
        }
    }
}
