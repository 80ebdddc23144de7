//! Clauses: the first line is the inside of a rule's `when = […]`, the rest the context.

use ffctl::context::{Columns, from_text};
use ffctl::flagfile::FlagFile;
use ffctl::model::Context;

use super::evaluation::evaluate_all;
use super::first_line;

/// Any clauses on any context.
pub fn clauses(data: &[u8]) {
    let Some((clauses, context)) = first_line(data) else { return };
    let text = format!(
        "schema = 1\n[flags.f]\nenabled = true\nrollout = \"0%\"\nrules = [{{ when = [{clauses}], serve = \"on\" }}]\n\
         [segments.s]\nincluded = [\"u-1\"]\nrules = [{{ when = [{{ attribute = \"a\", op = \"in\", values = [1] }}] }}]\n"
    );
    let Ok(file) = FlagFile::parse("flags.toml", text) else { return };
    let context = from_text(context, &Columns::default()).unwrap_or_else(|_| Context::user("u-1"));
    evaluate_all(file.definitions(), &context);
}
