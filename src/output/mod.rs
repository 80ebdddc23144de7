//! Reports → table, json, jsonl, csv, markdown, names; failures, notes, plans and progress for stderr.
//!
//! A presenter (`present/`) turns a report into a [`document`] whose styles are named by meaning. Widths,
//! colours, drawing characters and the neutralising of foreign text belong to the renderers alone, so no
//! presenter can forget them. Nothing here reads, decides, or writes to a stream: every function returns text.

mod bar;
mod delimited;
mod document;
mod excerpt;
mod failure;
mod format;
mod json;
mod junit;
mod log_commands;
mod markdown;
mod number;
mod page;
mod plan;
mod plot;
mod present;
mod progress;
mod render;
mod sanitize;
mod sarif;
mod screen;
mod stream;
mod style;
mod table;
mod text;
mod watched;
mod width;
mod workflow;

#[cfg(test)]
mod samples;
#[cfg(test)]
mod samples_setup;
#[cfg(test)]
mod tests;

pub use delimited::Records;
pub use document::{
    Block, Cell, Column, Document, Excerpt, Fold, Item, Plot, PlotColumn, Row, Ruler, Table, Text,
};
pub use failure::{failure, note, waiting, watching};
pub use format::Format;
pub use number::{counted, percent, short_percent, thousands};
pub use page::{Making, arm_mark, forecast_page, foreign_markup, is_page};
pub use plan::{plan, token_plan};
pub use progress::progress_line;
pub use render::{Present, foreign, render};
pub use sanitize::sanitize;
pub use screen::Screen;
pub use stream::VariantStream;
pub use style::Style;
pub use watched::watched;
