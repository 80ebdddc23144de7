//! The change within each group, as bars: how much was on before, and what came or went.

use maud::{Markup, html};

use crate::report::GroupReport;

use super::super::number::{count, percent, share, thousands};
use super::super::sanitize::sanitize;
use super::parts::foreign_markup;
use super::picture::number;
use super::summary::signed;

/// How many groups a page shows, the largest first; more than a person reads.
const SHOWN: usize = 200;

/// Returns a table for each of what is grouped by; `step` names the step they are of, where there are several.
pub(super) fn section(groups: &[GroupReport], step: Option<&str>) -> Markup {
    html! {
        @for of_one in groups.chunk_by(|one, next| one.by == next.by) { (of_one_kind(of_one, step)) }
    }
}

fn of_one_kind(groups: &[GroupReport], step: Option<&str>) -> Markup {
    let by = groups.first().map_or("group", |group| group.by.as_str());
    let label = step.map_or_else(|| format!("By {by}"), |step| format!("By {by}, {step}"));
    let rest = groups.len().saturating_sub(SHOWN);
    html! {
        section {
            h2 { "By " (foreign_markup(by)) @if let Some(step) = step { small { " " (foreign_markup(step)) } } }
            ul.legend {
                (sign("was", "on before and after")) (sign("gained", "on after alone")) (sign("lost", "on before alone"))
            }
            div.scroll tabindex="0" role="region" aria-label=(sanitize(&label)) {
                table.groups {
                    caption { "The change by " (foreign_markup(by)) }
                    thead { tr {
                        th scope="col" { "Group" }
                        th.bars scope="col" { "Share on" }
                        th.number scope="col" { "Before → after" }
                        th.number scope="col" { "Users" }
                        th.number scope="col" { "Join" }
                        th.number scope="col" { "Leave" }
                        th.number scope="col" { "Switch" }
                    } }
                    tbody {
                        @for group in groups.iter().take(SHOWN) { (row(group)) }
                        @if rest > 0 {
                            tr { td.faint colspan="7" { "… and " (thousands(count(rest))) " smaller groups: " code { "-o csv" } " has them all" } }
                        }
                    }
                }
            }
        }
    }
}

fn row(group: &GroupReport) -> Markup {
    let (before, after) = (share(group.on_before, group.users), share(group.on_after, group.users));
    html! {
        tr {
            th scope="row" { @if let Some(name) = &group.group { (foreign_markup(name)) } @else { span.faint { "(none)" } } }
            td.bars { (bar(before, after)) }
            td.number { span.faint { (percent(before)) " → " } strong { (percent(after)) } }
            td.number { (thousands(group.users)) }
            td.number.joins { (signed("+", group.joins)) }
            td.number.leaves { (signed("−", group.leaves)) }
            td.number.switches { (signed("~", group.switches)) }
        }
    }
}

/// A bar of a share before and after; the numbers beside it say the same.
fn bar(before: f64, after: f64) -> Markup {
    let (kept, gained) = (before.min(after) * 100.0, (after - before).max(0.0) * 100.0);
    let lost = (before - after).max(0.0) * 100.0;
    html! {
        svg.share viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" {
            rect.track width="100" height="6" {}
            rect.was width=(number(kept)) height="6" {}
            @if gained > 0.0 { rect.gained x=(number(kept)) width=(number(gained)) height="6" {} }
            @if lost > 0.0 { rect.lost x=(number(kept)) width=(number(lost)) height="6" {} }
        }
    }
}

fn sign(class: &str, words: &str) -> Markup {
    html! { li { svg.arm viewBox="0 0 10 10" aria-hidden="true" { rect class=(class) width="10" height="10" rx="3" {} } " " (words) } }
}
