//! JSON lines sorted by their fields.

use std::collections::HashMap;

use crate::bucket::bulk::{Quotes, QuotesMemory, has_odd_bytes};
use crate::context::{Document, Role};
use crate::eval::{AttributeId, Input, Subject, ValueRef};
use crate::model::{ContextKind, Value};

use super::super::super::engine::Job;
use super::super::super::quick::Quick;
use super::super::intake::BlockIntake;
use super::super::json_lines::JsonRows;
use super::many::{Sorted, Work};
use super::object::{Line, Span, each_field, is_key};
use super::short::Short;
use super::sorting::{Asked, Cell, Place, Sorting};
use super::template::{Field, Template};

/// What a thread knows of the lines so far.
#[derive(Default)]
pub(super) struct Names {
    /// What fields are, each with a number.
    known: HashMap<Box<str>, (usize, Option<Field>), Quick>,
    /// Lines that others may differ from in their values alone.
    templates: Vec<Template>,
    /// The one that the last line was like, if it was like one.
    last: Option<usize>,
    quotes: QuotesMemory,
    /// Where the values of the last line stand: by the column, then the user's key, then one that nobody asks for. Nowhere
    /// if they are empty.
    values: Vec<Span>,
}

impl Names {
    /// How many names are told apart: each has a bit.
    const MOST: usize = 64;
    /// How many templates there are at most.
    const TEMPLATES: usize = 8;

    /// Returns the number and the meaning of a field by its name, which has none if only the whole line tells what it
    /// means; none if there are too many.
    fn of(&mut self, rows: &JsonRows, name: &str) -> Option<(usize, Option<Field>)> {
        if let Some(known) = self.known.get(name) {
            return Some(*known);
        }
        let number = Some(self.known.len()).filter(|number| *number < Self::MOST)?;
        let known = (number, rows.field(name));
        self.known.insert(name.into(), known);
        Some(known)
    }

    /// Finds the values of a line that is like the last one; none if it is not. Lines of one template have values in the
    /// same columns, which need not be cleared between them. Returns how many marks are of it.
    #[inline]
    fn take_alike(&mut self, (text, start, marks): Marked<'_>) -> Option<usize> {
        let template = self.templates.get(self.last?)?;
        let passed = template.fill(text.as_bytes(), start, marks, &mut self.values)?;
        self.take_quotes(text.as_bytes());
        Some(passed)
    }

    /// Leaves the quotes of the user's key out, and null for one.
    #[inline]
    fn take_quotes(&mut self, text: &[u8]) {
        let Some([.., key, _]) = self.values.get_mut(..) else { return };
        match text.get(key.0) {
            Some(b'"') if key.0 < key.1 => *key = (key.0 + 1, key.1 - 1),
            Some(b'n') => key.1 = key.0,
            _ => {}
        }
    }
}

/// A line whose fields are read where they stand.
struct JsonRow<'a> {
    rows: &'a JsonRows,
    text: &'a str,
    /// Where the value of each column stands, and then the user's key; nowhere if they are empty.
    values: &'a [Span],
}

impl Cell for JsonRow<'_> {
    #[inline]
    fn cell(&self, column: usize) -> &str {
        self.values.get(column).and_then(|(start, end)| self.text.get(*start..*end)).unwrap_or_default()
    }

    #[inline]
    fn short(&self, column: usize) -> Option<Short> {
        let (start, end) = self.values.get(column).copied().unwrap_or_default();
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
            self.cell(self.rows.fields.len())
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

    /// Returns what a field is; none if only the whole line tells what it means.
    fn field(&self, name: &str) -> Option<Field> {
        if name == "kind" {
            return None;
        }
        let (id, elsewhere) = (self.fields.len(), self.fields.len() + 1);
        if self.columns.id_of([name]).is_ok_and(|id| id.is_some()) {
            return Some(Field { place: id, key: true });
        }
        let place = |kind, name| self.column(kind, name).unwrap_or(elsewhere);
        match self.columns.role(name, None) {
            Role::Key(kind) if kind.is_user() => None,
            Role::Key(kind) => Some(Field { place: place(&kind, "key"), key: true }),
            Role::Attribute(kind, name) => Some(Field { place: place(&kind, &name), key: false }),
            Role::Metadata => None,
        }
    }

    /// Reads a block of lines, as [`JsonRows::read`] does one by one.
    pub(in super::super) fn read_sorted<J: Job>(
        &self,
        block: &[u8],
        sorted: &mut Sorted<'_, J::Kind>,
        work: &mut Work<'_, J>,
    ) -> BlockIntake {
        let Ok(text) = simdutf8::basic::from_utf8(block) else {
            return self.read(block, work.job, work.worker, work.out);
        };
        let engine = sorted.sorting.engine;
        let mut memory = std::mem::take(&mut sorted.names.quotes);
        let Some(mut quotes) = Quotes::new(block, engine, &mut memory) else {
            return self.read(block, work.job, work.worker, work.out);
        };
        let mut intake = self.intake();
        // Whether there is something that no line has had yet.
        let mut watching = true;
        let (mut number, mut start) = (0, 0);
        while let Some((mut marks, odd)) = quotes.next_lines() {
            while !marks.is_empty() {
                let of = (text, start, marks);
                let plain = !(odd && has_odd_bytes(line_of(block, start, marks).0, engine));
                let like = if plain { sorted.names.take_alike(of) } else { None };
                let taken =
                    if plain && like.is_none() { self.take_unlike(of, &mut sorted.names) } else { like };
                let passed = if let Some(passed) = taken {
                    let (at, end) = sorted.names.values[self.fields.len()];
                    let row = JsonRow { rows: self, text, values: &sorted.names.values };
                    if watching {
                        self.watch_row(&row, &mut intake.seen);
                        watching = intake.seen.contains(&false);
                    }
                    intake.row(&block[at..end]);
                    sorted.sorter.take(&sorted.sorting, work, (text, at, end), &row);
                    passed
                } else {
                    let (_, count) = line_of(block, start, marks);
                    let end = marks[count] as usize;
                    sorted.sorter.let_pass(&sorted.sorting, work, text);
                    intake.lines = number;
                    // What comes after the last line end is a line if it is not blank.
                    if end < block.len() || !block[start..end].trim_ascii().is_empty() {
                        self.take(&block[start..end], work.job, work.worker, work.out, &mut intake);
                    }
                    count + 1
                };
                start = marks[passed - 1] as usize + 1;
                number += 1;
                marks = &marks[passed..];
            }
        }
        intake.lines = number - u64::from(start > block.len());
        sorted.names.quotes = memory;
        sorted.sorter.finish(&sorted.sorting, work, text);
        let job = work.job;
        job.examples_again(work.worker, work.out, |worker, out| {
            self.read(block, job, worker, out);
        });
        intake
    }

    #[cold]
    fn watch_row(&self, row: &JsonRow<'_>, seen: &mut [bool]) {
        for (seen, watched) in seen.iter_mut().zip(&self.watched_columns) {
            *seen = *seen || watched.is_some_and(|column| self.is_there(column, row.cell(column)));
        }
    }

    /// Finds the values of a line that is not like the last one; none where only the whole line tells what it means.
    /// Returns how many marks are of it.
    #[cold]
    fn take_unlike(&self, (text, start, marks): Marked<'_>, names: &mut Names) -> Option<usize> {
        names.last = None;
        for (at, template) in names.templates.iter().enumerate() {
            self.clear(&mut names.values);
            if let Some(passed) = template.fill(text.as_bytes(), start, marks, &mut names.values) {
                names.last = Some(at);
                names.take_quotes(text.as_bytes());
                return Some(passed);
            }
        }
        let passed = self.take_new((text, start, marks), names)?;
        names.take_quotes(text.as_bytes());
        Some(passed)
    }

    fn clear(&self, values: &mut Vec<Span>) {
        values.clear();
        values.resize(self.fields.len() + 2, (0, 0));
    }

    /// Finds the values of a line that is like none before, as [`Self::take_unlike`] does.
    fn take_new(&self, (text, start, marks): Marked<'_>, names: &mut Names) -> Option<usize> {
        let mut found = std::mem::take(&mut names.values);
        self.clear(&mut found);
        let bytes = text.as_bytes();
        let (line, count) = line_of(bytes, start, marks);
        let (mut met, mut values): (u64, Vec<(Field, Span)>) = (0, Vec::new());
        let mut any_nested = false;
        let line = Line { text, start, end: start + line.len(), quotes: &marks[..count] };
        let plain = each_field(line, |(start, end), value| {
            let Some((number, Some(field))) = names.of(self, &text[start..end]) else { return false };
            let (again, nested) = (met >> number & 1 == 1, matches!(bytes[value.0], b'{' | b'['));
            met |= 1 << number;
            any_nested |= nested;
            values.push((field, value));
            // A column that has a value already has two names.
            let asked = field.place <= self.fields.len();
            let fits = !asked || found[field.place] == (0, 0) && !nested;
            found[field.place] = value;
            !again && fits && (!field.key || bytes[value.0] == b'"' || is_key(&bytes[value.0..value.1]))
        });
        names.values = found;
        let end = marks[count] as usize + 1;
        if plain && !any_nested && end <= bytes.len() && names.templates.len() < Names::TEMPLATES {
            names.last = Some(names.templates.len());
            names.templates.push(Template::of(bytes, (start, end), values.into_iter()));
        }
        plain.then_some(count + 1)
    }
}

/// A text, where a line of it starts, and where quotes and line ends stand from there on.
type Marked<'t> = (&'t str, usize, &'t [u32]);

/// Returns the line that starts there, without its line end, and how many quotes are in it.
fn line_of<'t>(text: &'t [u8], start: usize, marks: &[u32]) -> (&'t [u8], usize) {
    let is_end = |at: &u32| text.get(*at as usize) != Some(&b'"');
    let count = marks.iter().position(is_end).expect("each line has an end");
    let line = &text[start..marks[count] as usize];
    (line.strip_suffix(b"\r").unwrap_or(line), count)
}
