//! What the configuration alone says: where the cut points of all states lie, and who goes where between them.

use maud::{Markup, html};

use crate::report::{ConfigurationReport, LayoutGroup, LayoutOffer, LayoutState, LayoutStep};

use super::super::number::short_percent;
use super::super::sanitize::sanitize;
use super::parts::{arm_mark, foreign_markup};
use super::picture::{Picture, across, number, real};
use super::series::Palette;
use super::summary::said;

/// The height of a state with its name above, and of its bar.
const ROW: f64 = 44.0;
const BAR: f64 = 20.0;

/// Returns what is known without users.
pub(super) fn section(report: &ConfigurationReport, palette: &Palette<'_>) -> Markup {
    html! {
        section aria-labelledby="configuration" {
            h2 #configuration { "From the configuration alone" }
            p.faint { "Shares of all units, whoever they are: no user was counted for this." }
            @for (at, group) in report.groups.iter().enumerate() { (layout(at, group, palette)) }
            @if !report.others.is_empty() { ul.said { @for sentence in &report.others { (said(sentence)) } } }
            @if !report.unknown.is_empty() {
                ul { @for unknown in &report.unknown { li.faint { (foreign_markup(unknown)) } } }
            }
        }
    }
}

fn layout(at: usize, group: &LayoutGroup, palette: &Palette<'_>) -> Markup {
    let words = |state: &LayoutState| {
        let shares = state.variations.iter();
        let shares = shares.map(|one| format!("{} {}", one.variation, short_percent(one.share)));
        format!("{}: {}", state.label, shares.collect::<Vec<_>>().join(", "))
    };
    let words: Vec<String> = group.states.iter().map(words).collect();
    let (id, title) = (format!("layout-{at}"), "Who gets what of all draws");
    let height = ROW * real(group.states.len()) + 4.0;
    let picture = Picture { id: &id, title, words: words.join("; "), height, columns: 1 };
    let drawing = html! {
        @for (at, state) in group.states.iter().enumerate() { (row(ROW * real(at), state, palette)) }
    };
    html! {
        h3 { "Of " (foreign_markup(&group.whom)) ", by " (foreign_markup(&group.by)) }
        ul.said { @for sentence in &group.said { (said(sentence)) } }
        (picture.figure(&drawing, &html! {}, &legend(group, palette)))
        @if !group.steps.is_empty() { (steps(group)) }
        @for offer in &group.offers { (show_offer(offer)) }
    }
}

/// One state: its pieces in the order of the draws; where two draws decide, the shares side by side.
fn row(y: f64, state: &LayoutState, palette: &Palette<'_>) -> Markup {
    let mut pieces: Vec<(&str, f64, f64)> =
        state.pieces.iter().map(|piece| (piece.variation.as_str(), piece.from, piece.to)).collect();
    if pieces.is_empty() {
        let mut from = 0.0;
        for one in &state.variations {
            pieces.push((one.variation.as_str(), from, from + one.share));
            from += one.share;
        }
    }
    let more = state.exposed.filter(|exposed| exposed - state.on > 1e-9);
    html! {
        text.piece x="0" y=(number(y + 14.0)) {
            tspan.strong { (sanitize(&state.label)) }
            tspan.tick { "  " (short_percent(state.on)) " on" @if let Some(more) = more { ", " (short_percent(more)) " ever on" } }
        }
        @for (name, from, to) in pieces {
            @let wide = to - from;
            rect class=(palette.class(name)) x=(across(from * 100.0)) width=(across(wide * 100.0)) y=(number(y + ROW - BAR - 4.0)) height=(number(BAR)) {
                title { (name) ": " (short_percent(from)) " to " (short_percent(to)) }
            }
            @if wide >= 0.12 && palette.arm(name).is_some() {
                text.inside x=(across(f64::midpoint(from, to) * 100.0)) y=(number(y + ROW - 10.0)) { (short_percent(wide)) }
            }
            @if from > 0.0 { line.cut x1=(across(from * 100.0)) x2=(across(from * 100.0)) y1=(number(y + ROW - BAR - 4.0)) y2=(number(y + ROW - 4.0)) {} }
        }
    }
}

fn legend(group: &LayoutGroup, palette: &Palette<'_>) -> Markup {
    let mut names: Vec<&str> = Vec::new();
    for one in group.states.iter().flat_map(|state| &state.variations) {
        if !names.contains(&one.variation.as_str()) {
            names.push(one.variation.as_str());
        }
    }
    html! {
        ul.legend {
            @for name in names {
                li {
                    @match palette.arm(name) {
                        Some(arm) => { (arm_mark(arm)) },
                        None => { svg.arm viewBox="0 0 10 10" aria-hidden="true" { rect.idle width="10" height="10" rx="3" {} } },
                    }
                    " " (foreign_markup(name))
                }
            }
        }
    }
}

fn steps(group: &LayoutGroup) -> Markup {
    let caption = format!("Who moves, in shares of {}", group.whom);
    html! {
        div.scroll tabindex="0" role="region" aria-label=(sanitize(&caption)) {
            table {
                caption { "Who moves, in shares of " (foreign_markup(&group.whom)) }
                thead { tr {
                    th scope="col" { "Step" }
                    th.number scope="col" { "Join" }
                    th.number scope="col" { "Leave" }
                    th.number scope="col" { "Switch" }
                    th.number scope="col" { "Stay on" }
                    th.number scope="col" { "Stay off" }
                } }
                @for one in &group.steps { tbody { (step(one)) } }
            }
        }
    }
}

fn step(step: &LayoutStep) -> Markup {
    let figure = |class: &str, sign: &str, share: f64| {
        html! { td class={ "number " (class) } { @if share > 0.0 { (sign) (short_percent(share)) } @else { span.none { "0%" } } } }
    };
    let ways: Vec<_> = step.transitions.iter().filter(|way| way.before != way.after).collect();
    html! {
        tr {
            th scope="row" { (foreign_markup(&step.from)) " → " (foreign_markup(&step.to)) }
            (figure("joins", "+", step.joins)) (figure("leaves", "−", step.leaves)) (figure("switches", "~", step.switches))
            td.number { (short_percent(step.stays_on)) }
            td.number { (short_percent(step.stays_off)) }
        }
        @if !ways.is_empty() {
            tr.samples {
                td colspan="6" {
                    div {
                        @for (at, way) in ways.iter().enumerate() {
                            @if at > 0 { " · " }
                            (foreign_markup(way.before.as_str())) " → " (foreign_markup(way.after.as_str())) " "
                            @if !step.exact { "about " }
                            (short_percent(way.share))
                        }
                    }
                }
            }
        }
    }
}

fn show_offer(offer: &LayoutOffer) -> Markup {
    html! {
        div.offer {
            p { (foreign_markup(&offer.text)) }
            @if let Some(command) = &offer.command { p { code { (foreign_markup(command)) } } }
            p { code { (foreign_markup(&offer.toml)) } }
        }
    }
}
