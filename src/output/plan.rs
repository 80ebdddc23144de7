//! What is about to change, shown before the question.

use crate::report::{ChangeReport, TokensReport};

use super::present::{plan_document, token_document};
use super::screen::Screen;
use super::text::text;

/// Returns the plan of a change for stderr: where, and per flag old and new of each field, the effective
/// state before and after, what is masked, and the flags' notes. The notes of the whole report are not part
/// of it; they go through [`super::note`].
pub fn plan(report: &ChangeReport, screen: &Screen) -> String {
    text(&plan_document(report), *screen)
}

/// Returns what is about to happen to tokens, likewise.
pub fn token_plan(report: &TokensReport, screen: &Screen) -> String {
    text(&token_document(report), *screen)
}
