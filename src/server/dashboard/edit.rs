//! The forms of a flag's page; each leads to the forecast first.

use maud::{Markup, html};

use crate::model::{Flag, Weight};
use crate::report::FlagReport;
use crate::server::snapshot::Served;

use super::parts;
use super::wish::{SHARE, in_order, shares};

/// Returns the address of the forecast of a change of a flag.
pub(super) fn preview(name: &str) -> String {
    format!("{}/preview", super::flags::path(name))
}

/// The switch and, for everybody else, the slider or the shares.
pub(super) fn controls(served: &Served, flag: &FlagReport) -> Markup {
    let on = flag.enabled == Some(true);
    let preview = preview(&flag.name);
    html! {
        section.controls #controls aria-label="Change" data-tag-of=(flag.name) data-tag=(served.tag) {
            form method="get" action=(preview) data-preview {
                input type="hidden" name="enabled" value=(if on { "off" } else { "on" });
                button type="submit" class={ "switch " (if on { "is-on" } else { "is-off" }) } aria-pressed=(on) {
                    span.knob aria-hidden="true" {} (if on { "Turn off" } else { "Turn on" })
                }
            }
            @match flag.rollout {
                Some(weight) => { (rollout(&preview, weight)) },
                None => { (split(&preview, &served.resolved.effective)) },
            }
        }
        section #forecast aria-live="polite" data-keep {}
    }
}

fn rollout(preview: &str, weight: Weight) -> Markup {
    let percent = f64::from(weight.thousandths()) / 1000.0;
    html! {
        form.slide method="get" action=(preview) data-preview {
            label for="rollout" { "Rollout" }
            input #rollout type="range" min="0" max="100" step="1" value=(percent) data-mirror="percent"
                aria-label="Rollout" autocomplete="off";
            input #percent name="rollout" type="number" min="0" max="100" step="0.001" value=(percent)
                aria-label="Rollout in percent" data-mirror="rollout" autocomplete="off";
            span { "%" }
            button type="submit" { "Forecast" }
        }
    }
}

/// A share for each variation, in the order that decides.
fn split(preview: &str, flag: &Flag) -> Markup {
    let shares = shares(flag);
    let total: u32 = shares.iter().map(|(_, share)| *share).sum();
    let names = in_order(flag);
    html! {
        form.split method="get" action=(preview) data-preview {
            @for (at, name) in names.iter().enumerate() {
                @let share = shares.iter().find(|(known, _)| known == name).map_or(0, |(_, share)| *share);
                label.share-of {
                    span.name { (parts::arm_mark(at)) (parts::foreign(name.as_str())) }
                    input type="number" name={ (SHARE) (name) } min="0" step="1" value=(share) data-share autocomplete="off";
                    span.number.faint data-percent { (percent_of(share, total)) }
                }
            }
            div.sum {
                span { "Sum " strong data-sum { (total) } }
                label { input type="checkbox" name="ratio" value="true" checked[total != 100]; " any sum, the ratio counts" }
                button type="submit" { "Forecast" }
            }
        }
    }
}

fn percent_of(share: u32, total: u32) -> String {
    if total == 0 { "–".to_owned() } else { format!("{:.1}%", f64::from(share) * 100.0 / f64::from(total)) }
}

/// A user or an organisation who gets a variation whatever else is said.
pub(super) fn entry(name: &str, flag: &Flag) -> Markup {
    html! {
        form.entry method="get" action=(preview(name)) data-preview {
            label { "Entry for" select name="list" { option value="users" { "the user" } option value="orgs" { "the organisation" } } }
            label.grow { "Key" input name="key" required placeholder="u-42" autocomplete="off"; }
            label {
                "always gets"
                select name="variation" {
                    @for variation in flag.variations.iter() {
                        option value=(variation.name) { (crate::output::sanitize(variation.name.as_str())) }
                    }
                }
            }
            button type="submit" { "Forecast" }
        }
    }
}
