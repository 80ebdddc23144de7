//! What was read of a population, and what could not be.

use crate::eval::Need;

/// How many wrong rows are kept with their place.
const KEPT: usize = 5;

/// What was read of a population. Every row is either in `rows` or in `wrong`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Intake {
    /// Rows that were evaluated.
    pub rows: u64,
    /// Rows that could not be read: JSON or UTF-8 that is none, too few or too many fields, a cell that is not
    /// what its header says.
    pub wrong: u64,
    /// The first wrong rows, at most 5.
    pub first_wrong: Vec<WrongRow>,
    /// Blank lines in a list of ids or JSON lines, which are no rows.
    pub blank: u64,
    /// Rows among `rows` without a user's key.
    pub without_id: u64,
    /// Ids among `rows` that start or end with a blank, which is part of the id.
    pub padded: u64,
    /// Bytes read, without a byte order mark.
    pub bytes: u64,
    /// What rules ask for and no column, or no line of JSON, ever had: missing for everyone.
    pub never_seen: Vec<Need>,
}

/// A row that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongRow {
    /// Its line, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub message: String,
}

/// What was read of one block; lines count from 0 within it.
#[derive(Debug, Default)]
pub(crate) struct BlockIntake {
    pub(super) rows: u64,
    pub(super) wrong: u64,
    pub(super) first_wrong: Vec<WrongRow>,
    pub(super) blank: u64,
    pub(super) without_id: u64,
    pub(super) padded: u64,
    pub(super) bytes: u64,
    pub(super) lines: u64,
    /// Which of the watched attributes occurred.
    pub(super) seen: Vec<bool>,
}

impl BlockIntake {
    pub(super) fn wrong(&mut self, line: u64, message: impl FnOnce() -> String) {
        self.wrong += 1;
        if self.first_wrong.len() < KEPT {
            self.first_wrong.push(WrongRow { line, message: message() });
        }
    }

    /// Counts a row and what is odd about its id.
    #[inline]
    pub(super) fn row(&mut self, id: &str) {
        self.rows += 1;
        match id.as_bytes() {
            [] => self.without_id += 1,
            [first, .., last] if first.is_ascii_whitespace() || last.is_ascii_whitespace() => {
                self.padded += 1;
            }
            _ => {}
        }
    }
}

/// Adds blocks up, in their order.
#[derive(Debug)]
pub(crate) struct Adder {
    pub(super) intake: Intake,
    /// Line ends before the next block.
    pub(super) lines: u64,
    pub(super) seen: Vec<bool>,
}

impl Adder {
    /// Starts with the line ends and bytes of a header.
    pub(super) fn new((lines, bytes): (u64, u64)) -> Self {
        Self { intake: Intake { bytes, ..Intake::default() }, lines, seen: Vec::new() }
    }

    pub(crate) fn add(&mut self, block: BlockIntake) {
        let intake = &mut self.intake;
        intake.rows += block.rows;
        intake.wrong += block.wrong;
        intake.blank += block.blank;
        intake.without_id += block.without_id;
        intake.padded += block.padded;
        intake.bytes += block.bytes;
        let room = KEPT - intake.first_wrong.len();
        let placed = block.first_wrong.into_iter().take(room);
        intake.first_wrong.extend(placed.map(|row| WrongRow { line: self.lines + row.line + 1, ..row }));
        self.lines += block.lines;
        self.seen.resize(self.seen.len().max(block.seen.len()), false);
        for (seen, now) in self.seen.iter_mut().zip(block.seen) {
            *seen |= now;
        }
    }

    /// Returns the rows and bytes so far.
    pub(crate) fn progress(&self) -> (u64, u64) {
        (self.intake.rows, self.intake.bytes)
    }
}
