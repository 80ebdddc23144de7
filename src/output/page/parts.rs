//! Pieces that every page has: text from elsewhere, and the marks of colours.

use maud::{Markup, html};

use super::super::sanitize::sanitize;

/// Returns text that did not come from this program, with everything visible that a browser would obey or hide.
/// Escaping for HTML is done where it is written.
pub fn foreign_markup(text: &str) -> Markup {
    html! { bdi { (sanitize(text)) } }
}

/// Returns the colour of a variation by its place, from 0.
pub fn arm_mark(at: usize) -> Markup {
    html! { svg.arm viewBox="0 0 10 10" aria-hidden="true" { rect class={ "fill arm-" (at % 6) } width="10" height="10" rx="3" {} } }
}
