//! Pictures: SVG that is as wide as the page, with text that keeps its size.
//!
//! Positions across are shares of the width, in percent; those down are pixels. So a picture fits a telephone and a sheet
//! of paper without a script. Every picture has a title and says in words what it shows.

use maud::{Markup, html};

use super::super::sanitize::sanitize;

/// What a picture is.
pub(super) struct Picture<'a> {
    /// The id of its element; no other picture of the page has it.
    pub(super) id: &'a str,
    /// What it is called.
    pub(super) title: &'a str,
    /// What it shows, in words.
    pub(super) words: String,
    /// How high it is, in pixels.
    pub(super) height: f64,
    /// How many columns stand side by side: from some number on it is scrolled on a narrow screen.
    pub(super) columns: usize,
}

impl Picture<'_> {
    /// Returns the picture; `labels` stand below it and are as wide as it is, `legend` below these.
    pub(super) fn figure(&self, drawing: &Markup, labels: &Markup, legend: &Markup) -> Markup {
        let (title, words) = (format!("{}-title", self.id), format!("{}-words", self.id));
        let width = match self.columns {
            0..=6 => None,
            7..=14 => Some("many"),
            _ => Some("most"),
        };
        html! {
            figure #(self.id) {
                div.sideways tabindex=[width.map(|_| "0")] role=[width.map(|_| "region")] aria-label=[width.map(|_| format!("{}, to be scrolled sideways", self.title))] {
                    div class=[width] {
                        svg.chart role="img" aria-labelledby={ (title) " " (words) } width="100%" height=(number(self.height)) {
                            title id=(title) { (self.title) }
                            desc id=(words) { (sanitize(&self.words)) }
                            (drawing)
                        }
                        (labels)
                    }
                }
                (legend)
            }
        }
    }
}

/// Returns a number as SVG has it, with two digits after the point at most.
pub(super) fn number(number: f64) -> String {
    let text = format!("{number:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Returns a position across, 0..=100.
pub(super) fn across(percent: f64) -> String {
    format!("{}%", number(percent))
}

/// The room at the left for the scale, of 100; the labels in `style.css` keep as much.
pub(super) const SCALE: f64 = 6.0;

/// Returns the middle of one of several columns, 0..=100.
pub(super) fn middle(at: usize, columns: usize) -> f64 {
    SCALE + (real(at) + 0.5) * (100.0 - SCALE) / real(columns.max(1))
}

/// Returns a small count as a number to reckon with.
pub(super) fn real(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}

/// Returns the smallest end of a scale that a share (0..=1) fits below with room for its label.
pub(super) fn scale(most: f64) -> f64 {
    const ENDS: [f64; 12] = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0];
    ENDS.into_iter().find(|end| most <= *end).unwrap_or(1.0)
}

/// Returns the names below the columns of a picture, each with a word in smaller letters where there is one.
pub(super) fn labels<'a>(all: impl IntoIterator<Item = (&'a str, Option<&'a str>)>) -> Markup {
    html! {
        div.labels aria-hidden="true" {
            @for (label, below) in all {
                div { bdi { (sanitize(label)) } @if let Some(below) = below { small { bdi { (sanitize(below)) } } } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        for (from, to) in [(0.0, "0"), (-0.001, "0"), (100.0 / 3.0, "33.33"), (12.5, "12.5"), (200.0, "200")]
        {
            assert_eq!(number(from), to);
        }
        assert_eq!(across(middle(0, 4)), "17.75%");
    }

    #[test]
    fn a_scale_ends_at_a_round_share_above_everything() {
        for (most, end) in [(0.0, 0.001), (0.0991, 0.1), (0.101, 0.2), (0.499, 0.6), (0.81, 1.0), (1.0, 1.0)]
        {
            assert!((scale(most) - end).abs() < 1e-12, "{most}");
        }
    }
}
