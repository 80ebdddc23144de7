//! What stands on top: the verdict in words, the key figures; and, at the end, what is worth a word.

use maud::{Markup, html};

use crate::report::{ForecastReport, Sentence, StepForecast};

use super::super::number::{counted, percent, thousands};
use super::parts::foreign_markup;

/// Returns the verdict in words, with marks that tell good from bad without colour.
pub(super) fn verdict(report: &ForecastReport) -> Markup {
    let bad = report.verdict.iter().any(|sentence| sentence.good == Some(false))
        || report.population.wrong_rows > 0;
    let good = report.verdict.iter().any(|sentence| sentence.good == Some(true));
    let (class, heading) = match (report.failed.is_empty(), bad, good) {
        (false, _, _) => ("verdict fails", "It fails what was asked of it"),
        (true, true, _) => ("verdict look", "Look before you go on"),
        (true, false, true) => ("verdict fine", "Nothing in the numbers speaks against it"),
        (true, false, false) => ("verdict", "What it comes to"),
    };
    html! {
        section class=(class) aria-labelledby="verdict" {
            h2 #verdict { (heading) }
            ul {
                @for sentence in &report.verdict { (said(sentence)) }
                @if report.population.wrong_rows > 0 {
                    (line(Some(false), &html! {
                        (counted(report.population.wrong_rows, "row")) " of the population could not be read and "
                        (if report.population.wrong_rows == 1 { "is" } else { "are" }) " not counted."
                    }))
                }
                @for condition in &report.failed {
                    li.is-failed { (mark("✗", "fails: ")) "It fails " code { (foreign_markup(condition)) } "." }
                }
            }
        }
    }
}

/// Returns a sentence as a line of a list, with its mark.
pub(super) fn said(sentence: &Sentence) -> Markup {
    line(sentence.good, &html! { (foreign_markup(&sentence.text)) })
}

/// Returns a line of a list, with the mark of what is good or bad.
pub(super) fn line(good: Option<bool>, text: &Markup) -> Markup {
    html! {
        @match good {
            Some(true) => { li.is-good { (mark("✓", "good: ")) (text) } },
            Some(false) => { li.is-bad { (mark("!", "attention: ")) (text) } },
            None => { li { (text) } },
        }
    }
}

/// A mark, and the same in a word for who hears the page.
fn mark(sign: &str, word: &str) -> Markup {
    html! { span.mark aria-hidden="true" { (sign) } span.heard { (word) } }
}

/// Returns the key figures, of the last state against the first.
pub(super) fn tiles(report: &ForecastReport) -> Markup {
    let whole = report.overall.as_ref().or_else(|| report.steps.last());
    let (before, after) =
        (percent(report.now.share), percent(whole.map_or(report.now.share, |step| step.then.share)));
    let word = if report.kind == "experiment" { "In" } else { "On" };
    let made_up = if report.population.synthetic { "Made-up users" } else { "Users" };
    html! {
        dl.tiles {
            (tile("", word, &html! {
                @if before != after { span.before { (before) " →" } " " }
                (after)
            }))
            @if let Some(step) = whole { (figures(step, &report.steps)) }
            @else { (tile("", "Users on", &html! { (thousands(report.now.on)) })) }
            (tile("", made_up, &html! { (thousands(report.population.users)) }))
        }
    }
}

fn figures(step: &StepForecast, steps: &[StepForecast]) -> Markup {
    // Who leaves on the way and comes back is not seen from the ends.
    let figure = |sign, of: fn(&StepForecast) -> u64| {
        let on_the_way: u64 = steps.iter().map(of).sum();
        html! {
            (signed(sign, of(step)))
            @if on_the_way > of(step) { small { (signed(sign, on_the_way)) " on the way" } }
        }
    };
    html! {
        (tile("joins", "Join", &figure("+", |step| step.joins)))
        (tile("leaves", "Leave", &figure("−", |step| step.leaves)))
        (tile("switches", "Switch", &figure("~", |step| step.switches)))
        (tile("", "Stay", &html! { (thousands(step.stays_on + step.stays_off)) }))
    }
}

fn tile(class: &str, name: &str, value: &Markup) -> Markup {
    html! { div class=[(!class.is_empty()).then_some(class)] { dt { (name) } dd { (value) } } }
}

/// Returns a number of users that move, with the sign that tells it apart without colour; none is a quiet zero.
pub(super) fn signed(sign: &str, users: u64) -> Markup {
    match users {
        0 => html! { span.none { "0" } },
        users => html! { (sign) (thousands(users)) },
    }
}

/// Returns what is worth a word: notes, and the first rows that could not be read.
pub(super) fn notes(report: &ForecastReport) -> Markup {
    let population = &report.population;
    html! {
        @if !report.notes.is_empty() {
            section aria-labelledby="notes" {
                h2 #notes { "Worth knowing" }
                ul {
                    @for note in &report.notes {
                        li { (foreign_markup(&note.message)) @if let Some(hint) = &note.hint { div.faint { (foreign_markup(hint)) } } }
                    }
                }
            }
        }
        @if population.wrong_rows > 0 {
            section aria-labelledby="wrong" {
                h2 #wrong { (counted(population.wrong_rows, "row")) " could not be read" }
                ul {
                    @for row in &population.wrong { li { (foreign_markup(row)) } }
                    @let shown = super::super::number::count(population.wrong.len());
                    @if shown < population.wrong_rows { li.faint { "… and " (thousands(population.wrong_rows - shown)) " more" } }
                }
            }
        }
    }
}
