//! Times that cannot be read: the account of a user whose `created_at` is none has no age, and no rule for ages matches.

use crate::eval::{Program, Subject};

use super::json_lines::JsonRows;
use super::layout::Layout;
use super::open::Rows;

/// How much of an input is looked at: some hundred rows tell whether a column has times.
const LOOKED_AT: usize = 64 * 1024;

/// Rows of an input whose account has no age, though something says when it began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadTimes {
    /// How many such rows there are.
    pub rows: u64,
    /// Of how many rows, the first of the input.
    pub of: u64,
    /// What stands there in the first of them.
    pub first: String,
}

/// What was looked at so far.
#[derive(Default)]
struct Seen {
    of: u64,
    rows: u64,
    first: Option<String>,
}

impl Seen {
    fn row<S: Subject + ?Sized>(&mut self, program: &Program, subject: &S) {
        self.of += 1;
        if let Some(text) = program.unread_time(subject) {
            self.rows += 1;
            self.first.get_or_insert(text);
        }
    }
}

impl Rows {
    /// Looks for times that cannot be read in the first rows of an input; none if there are none.
    pub(super) fn unread_times(&self, block: &[u8], program: &Program) -> Option<UnreadTimes> {
        if !program.depends_on_time() {
            return None;
        }
        let start = block.get(..LOOKED_AT).unwrap_or(block);
        let mut seen = Seen::default();
        match self {
            Self::Csv(layout) => csv(layout, start, program, &mut seen),
            Self::Json(rows) => json(rows, start, program, &mut seen),
            Self::Ids | Self::Synthetic { .. } => {}
        }
        let Seen { of, rows, first } = seen;
        first.map(|first| UnreadTimes { rows, of, first })
    }
}

fn csv(layout: &Layout, start: &[u8], program: &Program, seen: &mut Seen) {
    // A row that is cut is wrong, and no row.
    layout.each(start, |_, row| seen.row(program, row));
}

fn json(rows: &JsonRows, start: &[u8], program: &Program, seen: &mut Seen) {
    for line in start.split(|byte| *byte == b'\n') {
        if let Ok(context) = rows.context(line) {
            seen.row(program, &context);
        }
    }
}
