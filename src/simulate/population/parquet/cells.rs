//! Values of a column, as the cells of CSV.

use std::fmt::Write;

use jiff::civil::date;
use jiff::{Timestamp, ToSpan};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, DataType, FixedLenByteArray, Int96};
use parquet::errors::Result;

use super::column::{Column, Holds};

/// The cells of a column, one after another.
#[derive(Default)]
pub(super) struct Cells {
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Cells {
    /// Returns how many there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Returns a cell, quoted where it must be.
    pub(super) fn get(&self, at: usize) -> &[u8] {
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(at).copied().unwrap_or(start);
        self.text.get(start..end).unwrap_or_default()
    }

    fn push(&mut self, cell: &[u8]) {
        push_quoted(&mut self.text, cell);
        self.ends.push(self.text.len());
    }
}

/// Adds a cell, in quotes where CSV asks for them.
pub(super) fn push_quoted(text: &mut Vec<u8>, cell: &[u8]) {
    if !cell.iter().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
        text.extend_from_slice(cell);
        return;
    }
    text.push(b'"');
    for byte in cell {
        if *byte == b'"' {
            text.push(b'"');
        }
        text.push(*byte);
    }
    text.push(b'"');
}

/// Reads the next rows of a column, at most `rows`.
///
/// # Errors
/// When the file is damaged.
pub(super) fn read(reader: &mut ColumnReader, column: &Column, levels: Levels, rows: usize) -> Result<Cells> {
    match reader {
        ColumnReader::BoolColumnReader(reader) => cells(reader, column, levels, rows),
        ColumnReader::Int32ColumnReader(reader) => cells(reader, column, levels, rows),
        ColumnReader::Int64ColumnReader(reader) => cells(reader, column, levels, rows),
        ColumnReader::Int96ColumnReader(reader) => cells(reader, column, levels, rows),
        ColumnReader::FloatColumnReader(reader) => cells(reader, column, levels, rows),
        ColumnReader::DoubleColumnReader(reader) => cells(reader, column, levels, rows),
        ColumnReader::ByteArrayColumnReader(reader) => cells(reader, column, levels, rows),
        ColumnReader::FixedLenByteArrayColumnReader(reader) => cells(reader, column, levels, rows),
    }
}

/// From which definition level on there is a value, and an element of a list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Levels {
    pub(super) value: i16,
    pub(super) element: i16,
}

fn cells<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    column: &Column,
    levels: Levels,
    rows: usize,
) -> Result<Cells>
where
    T::T: Cell,
{
    let (mut values, mut definitions, mut repetitions) = (Vec::new(), Vec::new(), Vec::new());
    let (records, _, _) =
        reader.read_records(rows, Some(&mut definitions), Some(&mut repetitions), &mut values)?;
    let mut out = Cells::default();
    let mut values = values.iter();
    let mut text = Vec::new();
    if !column.list {
        for row in 0..records {
            text.clear();
            // Without levels every row has a value.
            if definitions.get(row).is_none_or(|level| *level == levels.value)
                && let Some(value) = values.next()
            {
                value.write(column.holds, &mut text);
            }
            out.push(&text);
        }
        return Ok(out);
    }
    let mut row = Row::NotBegun;
    for (definition, repetition) in definitions.iter().zip(&repetitions) {
        if *repetition == 0 {
            row.finish(&mut out);
            // One level below its elements there is a list without any, and further below there is none.
            row = if *definition + 1 >= levels.element { Row::List(Vec::new()) } else { Row::Nothing };
        }
        let Row::List(text) = &mut row else { continue };
        if *definition < levels.element {
            continue;
        }
        text.push(if text.is_empty() { b'[' } else { b',' });
        let value = if *definition == levels.value { values.next() } else { None };
        match value {
            Some(value) => value.write_json(column.holds, text),
            None => text.extend_from_slice(b"null"),
        }
    }
    row.finish(&mut out);
    Ok(out)
}

/// A row of lists, on its way.
enum Row {
    NotBegun,
    /// It has no list.
    Nothing,
    /// Its elements so far, after the bracket.
    List(Vec<u8>),
}

impl Row {
    fn finish(&mut self, out: &mut Cells) {
        match self {
            Self::NotBegun => {}
            Self::Nothing => out.push(&[]),
            Self::List(text) => {
                if text.is_empty() {
                    text.push(b'[');
                }
                text.push(b']');
                out.push(text);
            }
        }
    }
}

/// A value that can be written as a cell; nothing where it says nothing, such as a float that is no number.
trait Cell {
    fn write(&self, holds: Holds, out: &mut Vec<u8>);

    /// Writes it as an element of a JSON list.
    fn write_json(&self, holds: Holds, out: &mut Vec<u8>) {
        let mut text = Vec::new();
        self.write(holds, &mut text);
        match holds {
            _ if text.is_empty() && !matches!(holds, Holds::Text) => out.extend_from_slice(b"null"),
            Holds::Text | Holds::Date | Holds::Time { .. } | Holds::Uuid => {
                let json = serde_json::to_vec(&String::from_utf8_lossy(&text));
                out.extend(json.unwrap_or_default());
            }
            _ => out.extend(text),
        }
    }
}

fn show(out: &mut Vec<u8>, value: impl std::fmt::Display) {
    let mut text = String::new();
    // Writing into a string cannot fail.
    let _ = write!(text, "{value}");
    out.extend_from_slice(text.as_bytes());
}

fn write_integer(value: i64, holds: Holds, out: &mut Vec<u8>) {
    match holds {
        Holds::Date => {
            let day =
                i32::try_from(value).ok().and_then(|days| date(1970, 1, 1).checked_add(days.days()).ok());
            if let Some(day) = day {
                show(out, day);
            }
        }
        Holds::Time { a_second } => write_time(i128::from(value), a_second, out),
        Holds::Decimal { scale } => write_decimal(i128::from(value), scale, out),
        Holds::Unsigned => show(out, value.cast_unsigned()),
        _ => show(out, value),
    }
}

fn write_time(value: i128, a_second: i64, out: &mut Vec<u8>) {
    let nanoseconds = value.checked_mul(i128::from(1_000_000_000 / a_second.max(1)));
    if let Some(time) = nanoseconds.and_then(|of| Timestamp::from_nanosecond(of).ok()) {
        show(out, time);
    }
}

fn write_decimal(value: i128, scale: usize, out: &mut Vec<u8>) {
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    // Without zeros that say nothing a number is one as it stands.
    let fraction = fraction.trim_end_matches('0');
    out.extend_from_slice(if value < 0 { b"-" } else { b"" });
    out.extend_from_slice(whole.as_bytes());
    if !fraction.is_empty() {
        out.push(b'.');
        out.extend_from_slice(fraction.as_bytes());
    }
}

impl Cell for bool {
    fn write(&self, _: Holds, out: &mut Vec<u8>) {
        show(out, self);
    }
}

impl Cell for i32 {
    fn write(&self, holds: Holds, out: &mut Vec<u8>) {
        match holds {
            Holds::Unsigned => show(out, self.cast_unsigned()),
            holds => write_integer(i64::from(*self), holds, out),
        }
    }
}

impl Cell for i64 {
    fn write(&self, holds: Holds, out: &mut Vec<u8>) {
        write_integer(*self, holds, out);
    }
}

impl Cell for Int96 {
    fn write(&self, _: Holds, out: &mut Vec<u8>) {
        /// The day of the Unix epoch among Julian days.
        const EPOCH: i128 = 2_440_588;
        let [low, high, day] = match self.data() {
            [low, high, day] => [*low, *high, *day].map(i128::from),
            _ => return,
        };
        write_time((day - EPOCH) * 86_400_000_000_000 + (high << 32 | low), 1_000_000_000, out);
    }
}

impl Cell for f32 {
    fn write(&self, _: Holds, out: &mut Vec<u8>) {
        if self.is_finite() {
            show(out, self);
        }
    }
}

impl Cell for f64 {
    fn write(&self, _: Holds, out: &mut Vec<u8>) {
        if self.is_finite() {
            show(out, self);
        }
    }
}

/// Writes what stands in bytes.
fn write_bytes(bytes: &[u8], holds: Holds, out: &mut Vec<u8>) {
    match holds {
        Holds::Decimal { scale } if bytes.len() <= 16 => {
            let sign = if bytes.first().is_some_and(|first| *first >= 0x80) { -1_i128 } else { 0 };
            write_decimal(bytes.iter().fold(sign, |value, byte| value << 8 | i128::from(*byte)), scale, out);
        }
        // Beyond what any number of a rule can be.
        Holds::Decimal { .. } => {}
        Holds::Uuid => {
            let digits = crate::hex::hex(bytes);
            for (at, digit) in digits.bytes().enumerate() {
                if matches!(at, 8 | 12 | 16 | 20) {
                    out.push(b'-');
                }
                out.push(digit);
            }
        }
        _ => out.extend_from_slice(bytes),
    }
}

impl Cell for ByteArray {
    fn write(&self, holds: Holds, out: &mut Vec<u8>) {
        write_bytes(self.data(), holds, out);
    }
}

impl Cell for FixedLenByteArray {
    fn write(&self, holds: Holds, out: &mut Vec<u8>) {
        write_bytes(self.data(), holds, out);
    }
}
