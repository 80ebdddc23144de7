//! The flow: where users go from each state to the next, as bands between what they are served.

use maud::{Markup, html};

use crate::report::{ForecastReport, StepForecast};

use super::super::number::thousands;
use super::super::sanitize::sanitize;
use super::parts::{arm_mark, foreign_markup};
use super::picture::{Picture, across, labels, middle, number, real};
use super::series::{Palette, states};
use super::stack::{Band, Block, Flow, GAP, HEIGHT};

/// The height of a line of numbers below.
const LINE: f64 = 16.0;
/// The width of a state, of 100.
const STATE: f64 = 2.4;
/// From this height on a block has room for its name.
const NAMED: f64 = 15.0;
/// The most states beside which names have room.
const NAMED_STATES: usize = 4;

/// Returns the picture of all steps.
pub(super) fn section(report: &ForecastReport, palette: &Palette<'_>) -> Markup {
    let states = states(report);
    let flow = Flow::of(report, palette);
    let moves = Moves::of(&report.steps);
    let height = HEIGHT + GAP + moves.lines() * LINE + 6.0;
    let words: Vec<String> =
        report.steps.iter().zip(&flow.steps).map(|(step, bands)| words(step, bands)).collect();
    let columns = states.len();
    let drawing = html! {
        svg x="0" y="0" width="100%" height=(number(HEIGHT + GAP)) viewBox={ "0 0 100 " (number(HEIGHT + GAP)) } preserveAspectRatio="none" {
            @for (at, bands) in flow.steps.iter().enumerate() { @for one in bands { (band(at, columns, one, palette)) } }
        }
        @for (at, blocks) in flow.states.iter().enumerate() {
            @for one in blocks { (block(at, columns, one, palette)) }
        }
        @for (at, step) in report.steps.iter().enumerate() {
            (moves.numbers(step, f64::midpoint(middle(at, columns), middle(at + 1, columns))))
        }
    };
    let below = labels(states.iter().map(|state| (state.label.as_str(), None)));
    let picture = Picture { id: "flow", title: "Who moves", words: words.join("; "), height, columns };
    html! {
        section aria-labelledby="moves" {
            h2 #moves { "Who moves" }
            (picture.figure(&drawing, &below, &legend(&moves, &flow, palette)))
        }
    }
}

/// Says what the bands of a step show.
fn words(step: &StepForecast, bands: &[Band<'_>]) -> String {
    let mut words = format!(
        "{} to {}: {} join, {} leave, {} switch, {} stay on, {} stay off",
        step.from,
        step.then.label,
        thousands(step.joins),
        thousands(step.leaves),
        thousands(step.switches),
        thousands(step.stays_on),
        thousands(step.stays_off)
    );
    for band in bands.iter().filter(|band| band.before != band.after) {
        for part in [", ", &thousands(band.users), " from ", band.before, " to ", band.after] {
            words.push_str(part);
        }
    }
    words
}

/// One band. Who stays on has the colour of what is served, who joins that of what is served then.
fn band(at: usize, columns: usize, band: &Band<'_>, palette: &Palette<'_>) -> Markup {
    let (left, right) = (middle(at, columns) + STATE / 2.0, middle(at + 1, columns) - STATE / 2.0);
    let half = number(f64::midpoint(left, right));
    let [left, right] = [left, right].map(number);
    let edges = [band.from.top, band.from.bottom, band.to.top, band.to.bottom];
    let [from_top, from_bottom, to_top, to_bottom] = edges.map(number);
    let path = format!(
        "M{left} {from_top}C{half} {from_top} {half} {to_top} {right} {to_top}V{to_bottom}C{half} {to_bottom} {half} {from_bottom} {left} {from_bottom}Z"
    );
    let class = match band.moves {
        "joins" | "stays_on" => {
            format!("flow {} {}", band.moves.replace('_', "-"), palette.class(band.after))
        }
        moves => format!("flow {}", moves.replace('_', "-")),
    };
    let way = if band.before == band.after {
        band.before.to_owned()
    } else {
        format!("{} → {}", band.before, band.after)
    };
    html! {
        path class=(class) d=(path) { title { (sanitize(&way)) ": " (thousands(band.users)) " " (band.moves.replace('_', " ")) } }
    }
}

/// Who is served one thing in a state, with its name where there is room.
fn block(at: usize, columns: usize, block: &Block<'_>, palette: &Palette<'_>) -> Markup {
    let (left, height) = (middle(at, columns) - STATE / 2.0, block.place.bottom - block.place.top);
    let class = if block.on { palette.class(block.name) } else { "idle".to_owned() };
    let last = at + 1 == columns;
    let (x, side) = if last { (left - 0.8, "name end") } else { (left + STATE + 0.8, "name") };
    html! {
        rect class=(class) x=(across(left)) width=(across(STATE)) y=(number(block.place.top)) height=(number(height.max(1.0))) {
            title { (sanitize(block.name)) ": " (thousands(block.users)) }
        }
        @if columns <= NAMED_STATES && height >= NAMED {
            text class=(side) x=(across(x)) y=(number(f64::midpoint(block.place.top, block.place.bottom) + 4.0)) { (sanitize(block.name)) }
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

fn legend(moves: &Moves, flow: &Flow<'_>, palette: &Palette<'_>) -> Markup {
    let mut names: Vec<(usize, &str)> = Vec::new();
    let mut off: Vec<&str> = Vec::new();
    for block in flow.states.iter().flatten() {
        match palette.arm(block.name).filter(|_| block.on) {
            Some(arm) if !names.contains(&(arm, block.name)) => names.push((arm, block.name)),
            None if !block.on && !off.contains(&block.name) => off.push(block.name),
            _ => {}
        }
    }
    names.sort_unstable();
    let signs = [
        (true, "stays-on", "as before"),
        (moves.joins, "joins", "+ joins"),
        (moves.leaves, "leaves", "− leaves"),
        (moves.switches, "switches", "~ switches to something else"),
    ];
    html! {
        ul.legend {
            @for (arm, name) in names { li { (arm_mark(arm)) " " (foreign_markup(name)) } }
            @for name in off {
                li { svg.arm viewBox="0 0 10 10" aria-hidden="true" { rect.idle width="10" height="10" rx="3" {} } " " (foreign_markup(name)) @if name != "off" { " (off)" } }
            }
            @for (_, class, words) in signs.into_iter().filter(|(any, ..)| *any) {
                li { svg.sign viewBox="0 0 16 10" aria-hidden="true" { rect class={ "flow " (class) } x="1" y="1" width="14" height="8" {} } " " (words) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::samples::{self, Foreign};
    use super::*;

    /// Where the users of each band begin and end, as they are drawn.
    #[test]
    fn nobody_is_lost_between_two_states() {
        for report in [samples::forecast(Foreign(None)), samples::forecast_split(Foreign(None))] {
            let palette = Palette::of(&report);
            let (flow, users) = (Flow::of(&report, &palette), report.population.users);
            for blocks in &flow.states {
                assert_eq!(blocks.iter().map(|block| block.users).sum::<u64>(), users);
                let top = blocks.iter().map(|block| block.place.top).fold(f64::MAX, f64::min);
                let bottom = blocks.iter().map(|block| block.place.bottom).fold(0.0, f64::max);
                assert!(top.abs() < 1e-9 && (bottom - (HEIGHT + GAP)).abs() < 1e-9, "{top} {bottom}");
            }
            for (at, bands) in flow.steps.iter().enumerate() {
                assert_eq!(bands.iter().map(|band| band.users).sum::<u64>(), users);
                for band in bands {
                    let thick = |place: super::super::stack::Place| place.bottom - place.top;
                    assert!((thick(band.from) - thick(band.to)).abs() < 1e-9, "as thick at both ends");
                    let within = |blocks: &[Block<'_>], place: super::super::stack::Place| {
                        blocks.iter().any(|block| {
                            block.place.top - 1e-9 <= place.top && place.bottom <= block.place.bottom + 1e-9
                        })
                    };
                    assert!(within(&flow.states[at], band.from) && within(&flow.states[at + 1], band.to));
                }
            }
            let drawn = section(&report, &palette).into_string();
            let bands: usize = flow.steps.iter().map(Vec::len).sum();
            assert_eq!(drawn.matches("<path class=\"flow ").count(), bands, "{drawn}");
        }
    }

    #[test]
    fn what_is_served_stands_beside_its_users() {
        let report = samples::forecast_split(Foreign(None));
        let drawn = section(&report, &Palette::of(&report)).into_string();
        assert!(drawn.contains("+1,218") && drawn.contains("v2 → v3: 1,218 joins"), "{drawn}");
        assert!(drawn.contains(">v3</text>") && drawn.contains("1,218 from v2 to v3"), "{drawn}");
        let flag = samples::forecast(Foreign(None));
        let drawn = section(&flag, &Palette::of(&flag)).into_string();
        assert!(drawn.contains("+14,972") && drawn.contains("−12") && drawn.contains("~1,200"), "{drawn}");
    }
}
