//! JSON lines sorted by their fields.

use std::collections::HashMap;

use crate::bucket::bulk::{each_line, has_odd_bytes};
use crate::context::{Document, Role};
use crate::eval::{AttributeId, Input, Subject, ValueRef};
use crate::model::{ContextKind, Value};

use super::super::super::engine::Job;
use super::super::super::quick::Quick;
use super::super::intake::BlockIntake;
use super::super::json_lines::JsonRows;
use super::many::{Sorted, Work};
use super::object::{Line, Span, each_field};
use super::short::Short;
use super::sorting::{Asked, Cell, Place, Sorting};
use super::template::Template;

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

/// What a thread knows of the lines so far.
#[derive(Default)]
pub(super) struct Names {
    /// What fields are, each with a number.
    known: HashMap<Box<str>, (usize, Field), Quick>,
    /// Lines that others may differ from in their values alone.
    templates: Vec<Template<Field>>,
    /// The one that the last line was like.
    last: usize,
    /// The one that the spans are of, if the last line was like one.
    filled: Option<usize>,
    quotes: Vec<usize>,
    spans: Vec<Span>,
}

impl Names {
    /// How many names are told apart: each has a bit.
    const MOST: usize = 64;
    /// How many templates there are at most.
    const TEMPLATES: usize = 8;

    /// Returns the number and the meaning of a field by its name; none if there are too many.
    fn of(&mut self, rows: &JsonRows, name: &str) -> Option<(usize, Field)> {
        if let Some(known) = self.known.get(name) {
            return Some(*known);
        }
        let number = Some(self.known.len()).filter(|number| *number < Self::MOST)?;
        let known = (number, rows.field(name));
        self.known.insert(name.into(), known);
        Some(known)
    }
}

/// Where the id and the columns of a line stand.
struct Found<'a> {
    text: &'a str,
    id: Option<Span>,
    /// Nowhere if they are empty.
    spans: Vec<Span>,
}

impl Found<'_> {
    /// Takes the value of a field of a line like one before, which is no list or object; false if only the whole line
    /// tells what it means.
    #[inline]
    fn take(&mut self, field: Field, value: Span) -> bool {
        match field {
            Field::Attribute(None) => true,
            Field::Attribute(Some(column)) => {
                self.spans[column] = value;
                true
            }
            Field::Id => {
                self.id = Some(match self.first(value) {
                    b'"' => (value.0 + 1, value.1 - 1),
                    b'n' => (value.0, value.0),
                    _ => value,
                });
                self.is_key(value)
            }
            Field::Key(column) => {
                if let Some(column) = column {
                    self.spans[column] = value;
                }
                self.is_key(value)
            }
            Field::Odd => false,
        }
    }

    /// Takes the value of a field of a line that is unlike those before; false also for a field that has one already.
    #[cold]
    fn take_new(&mut self, field: Field, value: Span) -> bool {
        let fits = match field {
            Field::Attribute(Some(column)) => {
                self.spans[column] == (0, 0) && !matches!(self.first(value), b'{' | b'[')
            }
            Field::Key(Some(column)) => self.spans[column] == (0, 0),
            Field::Id => self.id.is_none(),
            _ => true,
        };
        fits && self.take(field, value)
    }

    #[inline]
    fn first(&self, value: Span) -> u8 {
        self.text.as_bytes().get(value.0).copied().unwrap_or_default()
    }

    /// Tells whether a value is one that a key may be: a text, a whole number, or none.
    #[inline]
    fn is_key(&self, value: Span) -> bool {
        if self.first(value) == b'"' {
            return true;
        }
        let token = self.text.get(value.0..value.1).unwrap_or_default();
        token == "null" || is_key(token)
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
        if column == self.rows.fields.len() {
            return self.id;
        }
        self.spans.get(column).and_then(|(start, end)| self.text.get(*start..*end)).unwrap_or_default()
    }

    #[inline]
    fn short(&self, column: usize) -> Option<Short> {
        if column == self.rows.fields.len() {
            return Short::of(self.id);
        }
        let (start, end) = self.spans.get(column).copied().unwrap_or_default();
        Short::within(self.text, start, end)
    }

    #[inline]
    fn is_missing(cell: &str) -> bool {
        matches!(cell, "" | "null")
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
            Input::Key(kind) if kind.is_user() => Place::Column(self.fields.len()),
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
        let engine = sorted.sorting.engine;
        let odd = has_odd_bytes(block, engine);
        let mut intake = self.intake();
        // Whether there is something that no line has had yet.
        let mut watching = true;
        let mut number = 0;
        let lines = each_line(block, engine, |start, end| {
            let cut = if end > start && block[end - 1] == b'\r' { end - 1 } else { end };
            let plain = !(odd && has_odd_bytes(&block[start..cut], engine));
            if !(plain && self.take_plain((text, (start, cut)), sorted, work, (&mut intake, &mut watching))) {
                sorted.sorter.let_pass(&sorted.sorting, work, text);
                intake.lines = number;
                // What comes after the last line end is a line if it is not blank.
                if end < block.len() || !block[start..end].trim_ascii().is_empty() {
                    self.take(&block[start..end], work.job, work.worker, work.out, &mut intake);
                }
            }
            number += 1;
        });
        intake.lines = lines;
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
        (text, line): (&str, Span),
        sorted: &mut Sorted<'_, J::Kind>,
        work: &mut Work<'_, J>,
        (intake, watching): (&mut BlockIntake, &mut bool),
    ) -> bool {
        let Sorted { sorting, sorter, names } = sorted;
        let mut found = Found { text, id: None, spans: std::mem::take(&mut names.spans) };
        // The template of the last line first, then all of them; at one place, so that it becomes a part of this. Lines of
        // one template have values in the same columns, which need not be cleared between them.
        let (mut plain, mut tried) = (false, None);
        while let Some(template) = names.templates.get(tried.unwrap_or(names.last)) {
            let at = tried.unwrap_or(names.last);
            if names.filled != Some(at) {
                self.clear(&mut found);
            }
            plain = template.each_value(text.as_bytes(), line, |field, value| found.take(field, value));
            names.filled = plain.then_some(at);
            if plain {
                names.last = at;
                break;
            }
            tried = Some(tried.map_or(0, |at| at + 1));
        }
        plain = plain || self.take_new_line(line, names, &mut found);
        if plain {
            let (start, end) = found.id.unwrap_or_default();
            let row = JsonRow { rows: self, text, id: &text[start..end], spans: &found.spans };
            if *watching {
                for (seen, watched) in intake.seen.iter_mut().zip(&self.watched_columns) {
                    *seen = *seen || watched.is_some_and(|column| self.is_there(column, row.cell(column)));
                }
                *watching = intake.seen.contains(&false);
            }
            intake.row(row.id);
            sorter.take(sorting, work, (text, start, row.id), &row);
        }
        names.spans = found.spans;
        plain
    }

    fn clear(&self, found: &mut Found<'_>) {
        found.id = None;
        found.spans.clear();
        found.spans.resize(self.fields.len(), (0, 0));
    }

    /// Takes a line that is like none before.
    #[cold]
    fn take_new_line(&self, line: Span, names: &mut Names, found: &mut Found<'_>) -> bool {
        self.clear(found);
        let bytes = found.text.as_bytes();
        let (start, end) = line;
        let mut quotes = std::mem::take(&mut names.quotes);
        quotes.clear();
        quotes.extend(memchr::memchr_iter(b'"', &bytes[start..end]).map(|at| start + at));
        let (mut met, mut values): (u64, Vec<(Field, Span)>) = (0, Vec::new());
        let (mut nested, text) = (false, found.text);
        let plain = each_field(Line { text, start, end, quotes: &quotes }, |(start, end), value| {
            let Some((number, field)) = names.of(self, &text[start..end]) else { return false };
            let again = met >> number & 1 == 1;
            met |= 1 << number;
            nested |= matches!(bytes[value.0], b'{' | b'[');
            values.push((field, value));
            !again && found.take_new(field, value)
        });
        names.quotes = quotes;
        if plain && !nested && names.templates.len() < Names::TEMPLATES {
            names.last = names.templates.len();
            names.templates.push(Template::of(bytes, line, values.into_iter()));
        }
        plain
    }
}
