//! What was read of a population, and what could not be.

use crate::eval::Need;

use super::feed::Place;
use super::unread::UnreadTimes;

/// How many wrong rows are kept with their place.
pub(super) const KEPT: usize = 5;

/// What was read of a population. Every row is in `rows`, in `wrong`, or in `duplicates`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Intake {
    /// Rows that were evaluated.
    pub rows: u64,
    /// Rows that could not be read: JSON or UTF-8 that is none, too few or too many fields, a cell that is not
    /// what its header says.
    pub wrong: u64,
    /// The first wrong rows, at most 5.
    pub first_wrong: Vec<WrongRow>,
    /// Blank lines, which are no rows.
    pub blank: u64,
    /// Rows with the id of an earlier row, which were left out; none if they were not told apart.
    pub duplicates: Option<u64>,
    /// The first ids that came again, at most 5.
    pub first_duplicates: Vec<String>,
    /// Rows among `rows` without a user's key.
    pub without_id: u64,
    /// Ids among `rows` that start or end with a blank, which is part of the id.
    pub padded: u64,
    /// Bytes of rows read, decompressed and without a byte order mark.
    pub bytes: u64,
    /// The inputs, in the order in which they were read; none of made-up users.
    pub inputs: Vec<InputRead>,
    /// What rules ask for and no column, or no line of JSON, ever had: missing for everyone.
    pub never_seen: Vec<Need>,
    /// Times that cannot be read among the first rows of inputs, where ages of accounts are asked.
    pub unread_times: Vec<UnreadTimes>,
}

impl Intake {
    /// Returns how many rows and lines there were in all, a header left out.
    pub fn total(&self) -> u64 {
        self.rows + self.wrong + self.blank + self.duplicates.unwrap_or_default()
    }

    /// Returns the first wrong rows as text: the line, after the input's name where there are several, and what is
    /// wrong.
    pub fn wrong_rows(&self) -> Vec<String> {
        let several = self.inputs.len() > 1;
        let text = |row: &WrongRow| {
            let input = self.inputs.get(row.input).filter(|_| several);
            let place = input.map_or_else(String::new, |input| format!("{}, ", input.name));
            format!("{place}line {}: {}", row.line, row.message)
        };
        self.first_wrong.iter().map(text).collect()
    }
}

/// An input that was read to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputRead {
    /// The file as the user named it, `-` for standard input.
    pub name: String,
    /// How many bytes it has as it stands there, compressed or not; none of a query.
    pub bytes: Option<u64>,
    /// The SHA-256 of these bytes, in hexadecimal digits; none if it was not wanted, and of a query.
    pub sha256: Option<String>,
    /// The query that its rows answer.
    pub query: Option<String>,
}

/// A row that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongRow {
    /// Which input it is in, from 0.
    pub input: usize,
    /// Its line in it, from 1.
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
    pub(super) duplicates: u64,
    pub(super) first_duplicates: Vec<String>,
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
            self.first_wrong.push(WrongRow { input: 0, line, message: message() });
        }
    }

    /// Adds what came after it.
    pub(super) fn append(&mut self, later: Self) {
        self.rows += later.rows;
        self.wrong += later.wrong;
        let room = KEPT - self.first_wrong.len();
        let lines = self.lines;
        let placed = later.first_wrong.into_iter().take(room);
        self.first_wrong.extend(placed.map(|row| WrongRow { line: lines + row.line, ..row }));
        self.blank += later.blank;
        self.without_id += later.without_id;
        self.padded += later.padded;
        self.bytes += later.bytes;
        self.lines += later.lines;
    }

    /// Counts a row and what is odd about its id.
    #[inline]
    pub(super) fn row(&mut self, id: impl AsRef<[u8]>) {
        self.rows += 1;
        match id.as_ref() {
            [] => self.without_id += 1,
            [first, .., last] if first.is_ascii_whitespace() || last.is_ascii_whitespace() => {
                self.padded += 1;
            }
            _ => {}
        }
    }
}

/// Adds blocks up, in their order.
#[derive(Debug, Default)]
pub(crate) struct Adder {
    pub(super) intake: Intake,
    /// Which input the last block was of, and its line ends so far.
    input: usize,
    lines: u64,
    /// How many bytes were read to come by the last block.
    read: u64,
    pub(super) seen: Vec<bool>,
}

impl Adder {
    /// Starts with nothing; duplicates are counted if they are told apart.
    pub(crate) fn new(distinct: bool) -> Self {
        let intake = Intake { duplicates: distinct.then_some(0), ..Intake::default() };
        Self { intake, ..Self::default() }
    }

    pub(crate) fn add(&mut self, place: Place, block: BlockIntake) {
        if place.input != self.input {
            (self.input, self.lines) = (place.input, 0);
        }
        self.read = place.read;
        let (lines, bytes) = place.before;
        self.lines += lines;
        let intake = &mut self.intake;
        intake.rows += block.rows;
        intake.wrong += block.wrong;
        intake.blank += block.blank;
        if let Some(duplicates) = &mut intake.duplicates {
            *duplicates += block.duplicates;
        }
        let room = KEPT - intake.first_duplicates.len();
        intake.first_duplicates.extend(block.first_duplicates.into_iter().take(room));
        intake.without_id += block.without_id;
        intake.padded += block.padded;
        intake.bytes += bytes + block.bytes;
        let room = KEPT - intake.first_wrong.len();
        let input = place.input;
        let placed = block.first_wrong.into_iter().take(room);
        intake.first_wrong.extend(placed.map(|row| WrongRow {
            input,
            line: self.lines + row.line + 1,
            ..row
        }));
        self.lines += block.lines;
        self.seen.resize(self.seen.len().max(block.seen.len()), false);
        for (seen, now) in self.seen.iter_mut().zip(block.seen) {
            *seen |= now;
        }
    }

    /// Returns the rows so far, and how many bytes of the inputs as they stand were read for them.
    pub(crate) fn progress(&self) -> (u64, u64) {
        let intake = &self.intake;
        (intake.rows + intake.duplicates.unwrap_or_default(), self.read)
    }
}
