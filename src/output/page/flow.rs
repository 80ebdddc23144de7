//! The flow: where users go from each state to the next, as bands between them.

use maud::{Markup, html};

use crate::report::{ForecastReport, StateReport, StepForecast};

use super::super::number::{share, thousands};
use super::picture::{Picture, across, labels, middle, number, real};
use super::series::states;

/// The height of all users, the gap between who is on and who is off, and a line of numbers below.
const HEIGHT: f64 = 190.0;
const GAP: f64 = 14.0;
const LINE: f64 = 16.0;
/// The width of a state, of 100.
const STATE: f64 = 2.4;

/// Returns the picture of all steps.
pub(super) fn section(report: &ForecastReport) -> Markup {
    let states = states(report);
    let users = report.population.users;
    let moves = Moves::of(&report.steps);
    let height = HEIGHT + GAP + moves.lines() * LINE + 6.0;
    let words = |step: &StepForecast| {
        format!(
            "{} to {}: {} join, {} leave, {} switch, {} stay on, {} stay off",
            step.from,
            step.then.label,
            thousands(step.joins),
            thousands(step.leaves),
            thousands(step.switches),
            thousands(step.stays_on),
            thousands(step.stays_off)
        )
    };
    let words: Vec<String> = report.steps.iter().map(words).collect();
    let drawing = html! {
        svg x="0" y="0" width="100%" height=(number(HEIGHT + GAP)) viewBox={ "0 0 100 " (number(HEIGHT + GAP)) } preserveAspectRatio="none" {
            @for (at, step) in report.steps.iter().enumerate() { (bands(at, states.len(), step, users)) }
        }
        @for (at, state) in states.iter().enumerate() { (blocks(at, states.len(), state, users)) }
        @for (at, step) in report.steps.iter().enumerate() {
            (moves.numbers(step, f64::midpoint(middle(at, states.len()), middle(at + 1, states.len()))))
        }
    };
    let below = labels(states.iter().map(|state| (state.label.as_str(), None)));
    let picture =
        Picture { id: "flow", title: "Who moves", words: words.join("; "), height, columns: states.len() };
    html! {
        section aria-labelledby="moves" {
            h2 #moves { "Who moves" }
            (picture.figure(&drawing, &below, &legend(&moves, report.kind == "experiment")))
        }
    }
}

/// The upper and lower edge of some users, as they stand in a state from the bottom up.
struct Place {
    top: f64,
    bottom: f64,
}

/// Returns where users stand of whom `below` others stand further down; those who are off stand above the gap.
fn place(below: u64, some: u64, users: u64, on: bool) -> Place {
    let floor = HEIGHT + GAP - if on { 0.0 } else { GAP };
    let bottom = floor - share(below, users) * HEIGHT;
    Place { top: bottom - share(some, users) * HEIGHT, bottom }
}

/// The bands of one step. On stand, from the bottom up, who stays, who switches, and who leaves or has joined.
fn bands(at: usize, columns: usize, step: &StepForecast, users: u64) -> Markup {
    let (left, right) = (middle(at, columns) + STATE / 2.0, middle(at + 1, columns) - STATE / 2.0);
    let kept = step.stays_on + step.switches;
    let (before, after) = (kept + step.leaves, kept + step.joins);
    let all = [
        (
            "stays-off",
            step.stays_off,
            place(before + step.joins, step.stays_off, users, false),
            place(after + step.leaves, step.stays_off, users, false),
        ),
        (
            "stays-on",
            step.stays_on,
            place(0, step.stays_on, users, true),
            place(0, step.stays_on, users, true),
        ),
        (
            "switches",
            step.switches,
            place(step.stays_on, step.switches, users, true),
            place(step.stays_on, step.switches, users, true),
        ),
        ("joins", step.joins, place(before, step.joins, users, false), place(kept, step.joins, users, true)),
        (
            "leaves",
            step.leaves,
            place(kept, step.leaves, users, true),
            place(after, step.leaves, users, false),
        ),
    ];
    let path = |from: &Place, to: &Place| {
        let half = f64::midpoint(left, right);
        let [left, right, half] = [left, right, half].map(number);
        let [from_top, from_bottom, to_top, to_bottom] =
            [from.top, from.bottom, to.top, to.bottom].map(number);
        format!(
            "M{left} {from_top}C{half} {from_top} {half} {to_top} {right} {to_top}V{to_bottom}C{half} {to_bottom} {half} {from_bottom} {left} {from_bottom}Z"
        )
    };
    html! {
        @for (class, some, from, to) in &all {
            @if *some > 0 { path class={ "flow " (class) } d=(path(from, to)) { title { (thousands(*some)) " " (class.replace('-', " ")) } } }
        }
    }
}

/// The state itself: who is on below, who is off above.
fn blocks(at: usize, columns: usize, state: &StateReport, users: u64) -> Markup {
    let (on, off) =
        (place(0, state.on, users, true), place(state.on, users.saturating_sub(state.on), users, false));
    html! {
        @for (class, place, some) in [("fill", on, state.on), ("idle", off, users.saturating_sub(state.on))] {
            @if some > 0 {
                rect class=(class) x=(across(middle(at, columns) - STATE / 2.0)) width=(across(STATE)) y=(number(place.top)) height=(number((place.bottom - place.top).max(1.0))) {}
            }
        }
    }
}

/// Which moves there are at all, in any step.
struct Moves {
    joins: bool,
    leaves: bool,
    switches: bool,
}

impl Moves {
    fn of(steps: &[StepForecast]) -> Self {
        let any = |of: fn(&StepForecast) -> u64| steps.iter().any(|step| of(step) > 0);
        Self {
            joins: any(|step| step.joins),
            leaves: any(|step| step.leaves),
            switches: any(|step| step.switches),
        }
    }

    /// How many lines of numbers there are.
    fn lines(&self) -> f64 {
        f64::from(u8::from(self.joins) + u8::from(self.leaves) + u8::from(self.switches))
    }

    /// The numbers of one step, a line for each move.
    fn numbers(&self, step: &StepForecast, center: f64) -> Markup {
        let rows = [
            (self.joins, "joins", "+", step.joins),
            (self.leaves, "leaves", "−", step.leaves),
            (self.switches, "switches", "~", step.switches),
        ];
        html! {
            @for (line, (_, class, sign, some)) in rows.into_iter().filter(|(any, ..)| *any).enumerate() {
                @let y = HEIGHT + GAP + LINE * real(line + 1);
                @if some > 0 { text class={ "moves " (class) } x=(across(center)) y=(number(y)) { (sign) (thousands(some)) } }
            }
        }
    }
}

fn legend(moves: &Moves, experiment: bool) -> Markup {
    let (on, off) =
        if experiment { ("in, as before", "not in") } else { ("on, as before", "off, as before") };
    let signs = [
        (true, "stays-on", on),
        (true, "stays-off", off),
        (moves.joins, "joins", "+ joins"),
        (moves.leaves, "leaves", "− leaves"),
        (moves.switches, "switches", "~ switches to something else"),
    ];
    html! {
        ul.legend {
            @for (_, class, words) in signs.into_iter().filter(|(any, ..)| *any) {
                li { svg.arm viewBox="0 0 10 10" aria-hidden="true" { rect class={ "flow " (class) } width="10" height="10" rx="3" {} } " " (words) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::samples::{self, Foreign};
    use super::*;

    /// Where the users of each band begin and end, as `bands` draws them.
    #[test]
    fn nobody_is_lost_between_two_states() {
        let report = samples::forecast(Foreign(None));
        let users = report.population.users;
        let whole = place(0, users, users, true);
        assert!((whole.top - GAP).abs() < 1e-9 && (whole.bottom - (HEIGHT + GAP)).abs() < 1e-9);
        for step in &report.steps {
            assert_eq!(step.joins + step.leaves + step.switches + step.stays_on + step.stays_off, users);
            let before = step.stays_on + step.switches + step.leaves;
            // Who stays off stands at the upper edge, before and after.
            let off = place(before + step.joins, step.stays_off, users, false);
            assert!(off.top.abs() < 1e-9, "{}", off.top);
        }
        let drawn = section(&report).into_string();
        assert_eq!(
            drawn.matches("class=\"flow ").count(),
            5 + 3 + 5,
            "five in the legend, and the bands of both steps: {drawn}"
        );
        assert!(drawn.contains("+14,972") && drawn.contains("−12") && drawn.contains("~1,200"), "{drawn}");
    }
}
