//! JSON lines sorted by their fields.

use std::collections::HashMap;

use crate::bucket::bulk::each_mark;
use crate::context::{Document, Role};
use crate::eval::{AttributeId, Input, Subject, ValueRef};
use crate::model::{ContextKind, Value};

use super::super::super::engine::Job;
use super::super::intake::BlockIntake;
use super::super::json_lines::JsonRows;
use super::many::{Sorted, Work};
use super::object::{Line, Span, each_field};
use super::quick::Quick;
use super::sorting::{Asked, Cell, Place, Sorting};

/// What a field is, by its name.
#[derive(Clone, Copy, Debug)]
enum Field {
    /// The user's key.
    Id,
    /// The key of another kind, and its column if it is asked for.
    Key(Option<usize>),
    /// An attribute, the same.
    Attribute(Option<usize>),
    /// A line that has it is read as a whole.
    Odd,
}

/// The names of fields that a thread has met.
#[derive(Default)]
pub(super) struct Names {
    known: HashMap<Box<str>, (u32, Field), Quick>,
    /// The names of the last line, in their order: mostly those of the next one.
    last: Vec<(Box<str>, (u32, Field))>,
    quotes: Vec<usize>,
    spans: Vec<Span>,
}

impl Names {
    /// How many names are told apart: each has a bit.
    const MOST: usize = 64;

    /// Returns the number and the meaning of the name of a line's field; none if there are too many.
    #[inline]
    fn of(&mut self, rows: &JsonRows, number: usize, name: &str) -> Option<(u32, Field)> {
        if let Some((last, known)) = self.last.get(number)
            && **last == *name
        {
            return Some(*known);
        }
        let known = if let Some(known) = self.known.get(name) {
            *known
        } else {
            let bit = u32::try_from(self.known.len()).ok().filter(|bit| (*bit as usize) < Self::MOST)?;
            let known = (bit, rows.field(name));
            self.known.insert(name.into(), known);
            known
        };
        self.last.truncate(number);
        if self.last.len() == number {
            self.last.push((name.into(), known));
        }
        Some(known)
    }
}

/// A line whose fields are read where they stand.
struct JsonRow<'a> {
    rows: &'a JsonRows,
    text: &'a str,
    id: &'a str,
    /// Where the value of each column stands; nowhere if it is empty.
    spans: &'a [Span],
}

impl Cell for JsonRow<'_> {
    #[inline]
    fn cell(&self, column: usize) -> &str {
        self.spans.get(column).and_then(|(start, end)| self.text.get(*start..*end)).unwrap_or_default()
    }
}

impl Subject for JsonRow<'_> {
    fn key(&self, kind: &ContextKind) -> Option<&str> {
        let key = if kind.is_user() {
            self.id
        } else {
            match self.cell(self.rows.column(kind, "key")?) {
                "null" => "",
                text => inner(text).unwrap_or(text),
            }
        };
        Some(key).filter(|key| !key.is_empty())
    }

    fn attribute(&self, id: AttributeId, _kind: &ContextKind, _name: &str) -> Option<ValueRef<'_>> {
        let value = self.cell(id.index());
        if let Some(text) = inner(value) {
            return Some(ValueRef::Text(text));
        }
        match value {
            "" | "null" => None,
            "true" => Some(ValueRef::Bool(true)),
            "false" => Some(ValueRef::Bool(false)),
            number => match serde_json::from_str(number) {
                Ok(Document(Value::Number(number))) => Some(ValueRef::Number(number)),
                _ => None,
            },
        }
    }
}

/// Returns what stands between quotes.
fn inner(value: &str) -> Option<&str> {
    value.strip_prefix('"')?.strip_suffix('"')
}

/// Tells whether a number is written as a key is written: whole, and in no other way.
fn is_key(value: &str) -> bool {
    let digits = value.strip_prefix('-').unwrap_or(value);
    let short = (1..=18).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    short && value != "-0"
}

impl JsonRows {
    /// Returns how lines are sorted; none where that cannot be.
    pub(in super::super) fn sorting<'p>(&self, asked: Asked<'p>) -> Option<Sorting<'p>> {
        Sorting::new(asked, |input| match input {
            Input::Attribute(id) => Place::Column(id.index()),
            Input::Key(kind) => self.column(kind, "key").map_or(Place::Scattered, Place::Column),
        })
    }

    /// Tells whether a value of a column is one: an empty text is no key.
    fn is_there(&self, column: usize, value: &str) -> bool {
        match value {
            "" | "null" => false,
            "\"\"" => self.fields.get(column).is_some_and(|(_, name)| name != "key"),
            _ => true,
        }
    }

    fn field(&self, name: &str) -> Field {
        if name == "kind" {
            return Field::Odd;
        }
        if self.columns.id_of([name]).is_ok_and(|id| id.is_some()) {
            return Field::Id;
        }
        match self.columns.role(name, None) {
            Role::Key(kind) if kind.is_user() => Field::Odd,
            Role::Key(kind) => Field::Key(self.column(&kind, "key")),
            Role::Attribute(kind, name) => Field::Attribute(self.column(&kind, &name)),
            Role::Metadata => Field::Odd,
        }
    }

    /// Reads a block of lines, as [`JsonRows::read`] does one by one.
    pub(in super::super) fn read_sorted<J: Job>(
        &self,
        block: &[u8],
        sorted: &mut Sorted<'_, J::Kind>,
        work: &mut Work<'_, J>,
    ) -> BlockIntake {
        let Ok(text) = std::str::from_utf8(block) else {
            return self.read(block, work.job, work.worker, work.out);
        };
        let (odd, engine) = (has_odd_bytes(block), sorted.sorting.engine);
        let mut intake = self.intake();
        let mut quotes = std::mem::take(&mut sorted.names.quotes);
        let mut start = 0;
        let mut line = |intake: &mut BlockIntake, (start, end): Span, quotes: &[usize]| {
            let cut = if end > start && block[end - 1] == b'\r' { end - 1 } else { end };
            let line = Line { text, start, end: cut, quotes };
            if odd && has_odd_bytes(&block[start..cut]) || !self.take_plain(line, sorted, work, intake) {
                sorted.sorter.let_pass(&sorted.sorting, work, text);
                self.take(&block[start..end], work.job, work.worker, work.out, intake);
            }
        };
        quotes.clear();
        each_mark(block, engine, [b'"', b'\n'], |at| {
            if block[at] == b'"' {
                quotes.push(at);
                return;
            }
            line(&mut intake, (start, at), &quotes);
            intake.lines += 1;
            start = at + 1;
            quotes.clear();
        });
        if !block[start..].trim_ascii().is_empty() {
            line(&mut intake, (start, block.len()), &quotes);
        }
        sorted.names.quotes = quotes;
        sorted.sorter.finish(&sorted.sorting, work, text);
        let job = work.job;
        job.examples_again(work.worker, work.out, |worker, out| {
            self.read(block, job, worker, out);
        });
        intake
    }

    /// Takes a line whose fields are read where they stand; false if it is none such.
    #[inline]
    fn take_plain<J: Job>(
        &self,
        line: Line<'_>,
        sorted: &mut Sorted<'_, J::Kind>,
        work: &mut Work<'_, J>,
        intake: &mut BlockIntake,
    ) -> bool {
        let text = line.text;
        let Sorted { sorting, sorter, names } = sorted;
        let mut spans = std::mem::take(&mut names.spans);
        spans.clear();
        spans.resize(self.fields.len(), (0, 0));
        let (mut met, mut id): (u64, Option<Span>) = (0, None);
        let plain = each_field(line, |number, (start, end), value| {
            let Some((bit, field)) = names.of(self, number, &text[start..end]) else { return false };
            let again = met >> bit & 1 == 1;
            met |= 1 << bit;
            let token = &text[value.0..value.1];
            let first = token.as_bytes().first().copied().unwrap_or_default();
            let column = match field {
                _ if again => return false,
                Field::Id | Field::Key(_) if !(first == b'"' || token == "null" || is_key(token)) => {
                    return false;
                }
                Field::Id => {
                    let twice = id.is_some();
                    id = Some(match first {
                        b'"' => (value.0 + 1, value.1 - 1),
                        b'n' => (value.0, value.0),
                        _ => value,
                    });
                    return !twice;
                }
                Field::Attribute(Some(_)) if matches!(first, b'{' | b'[') => return false,
                Field::Key(column) | Field::Attribute(column) => column,
                Field::Odd => return false,
            };
            let Some(column) = column else { return true };
            let free = spans[column] == (0, 0);
            spans[column] = value;
            free
        });
        if plain {
            let (start, end) = id.unwrap_or_default();
            let row = JsonRow { rows: self, text, id: &text[start..end], spans: &spans };
            for (seen, watched) in intake.seen.iter_mut().zip(&self.watched_columns) {
                *seen = *seen || watched.is_some_and(|column| self.is_there(column, row.cell(column)));
            }
            intake.row(row.id);
            sorter.take(sorting, work, (text, start, row.id), &row);
        }
        names.spans = spans;
        plain
    }
}

/// Tells whether there is a backslash, or a control character that is no line end.
fn has_odd_bytes(bytes: &[u8]) -> bool {
    bytes.iter().any(|byte| *byte == b'\\' || (*byte < b' ' && *byte != b'\n'))
}
