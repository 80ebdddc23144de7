//! CSV with a header: a row answers straight from its cells.

use csv::StringRecord;

use crate::context::{metadata, typed_ref};
use crate::eval::{AttributeId, Subject, ValueRef};
use crate::model::{ContextKind, Value};

use super::super::engine::Job;
use super::blocks::count_lines;
use super::columns::{Cell, Short};
use super::intake::BlockIntake;
use super::layout::{Cell as FromCell, Layout};

/// Something that fields can be had of.
pub(super) trait Fields {
    /// Returns a field by its column.
    fn field(&self, column: usize) -> Option<&str>;

    /// Returns the same as [`Short`]; none if it is longer, or there is none.
    #[inline]
    fn short(&self, column: usize) -> Option<Short> {
        Short::of(self.field(column)?)
    }
}

impl Fields for StringRecord {
    #[inline]
    fn field(&self, column: usize) -> Option<&str> {
        self.get(column)
    }
}

/// A row of a CSV population.
pub(super) struct Row<'a, F> {
    pub(super) layout: &'a Layout,
    pub(super) fields: &'a F,
    pub(super) typed: &'a [Option<Value>],
    pub(super) metadata: &'a [(String, Value)],
}

impl<F: Fields> Row<'_, F> {
    #[inline]
    fn text(&self, column: usize) -> Option<&str> {
        self.fields.field(column).filter(|text| !text.is_empty())
    }
}

impl<F: Fields> Cell for Row<'_, F> {
    #[inline]
    fn cell(&self, column: usize) -> &str {
        self.fields.field(column).unwrap_or_default()
    }

    #[inline]
    fn short(&self, column: usize) -> Option<Short> {
        self.fields.short(column)
    }

    #[inline]
    fn is_missing(cell: &str) -> bool {
        cell.is_empty()
    }
}

impl<F: Fields> Subject for Row<'_, F> {
    #[inline]
    fn key(&self, kind: &ContextKind) -> Option<&str> {
        if kind.is_user() {
            return self.text(self.layout.id);
        }
        let (_, column) = self.layout.keys.iter().find(|(other, _)| other == kind)?;
        self.text(*column)
    }

    #[inline]
    fn attribute(&self, id: AttributeId, _kind: &ContextKind, name: &str) -> Option<ValueRef<'_>> {
        let source = self.layout.sources.get(id.index())?;
        let value = match source.cell {
            FromCell::Absent => None,
            FromCell::Canonical(column) => self.fields.field(column).and_then(typed_ref),
            FromCell::Text(column) => self.text(column).map(ValueRef::Text),
            FromCell::Typed(at) => self.typed.get(at)?.as_ref().and_then(ValueRef::of),
        };
        if value.is_some() || !source.metadata {
            return value;
        }
        self.metadata.iter().find(|(other, _)| other == name).and_then(|(_, value)| ValueRef::of(value))
    }
}

impl Layout {
    /// Reads a block of rows.
    pub(super) fn read<J: Job>(
        &self,
        block: &[u8],
        job: &J,
        worker: &mut J::Worker,
        out: &mut J::Out,
    ) -> BlockIntake {
        self.each(block, |id, row| job.row(worker, out, id, row))
    }

    /// Hands over each row of a block with its id, but those that are wrong.
    pub(super) fn each(
        &self,
        block: &[u8],
        mut take: impl FnMut(&str, &Row<'_, StringRecord>),
    ) -> BlockIntake {
        let mut intake = BlockIntake::default();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(block);
        let mut record = StringRecord::new();
        let (mut typed, mut further) = (Vec::new(), Vec::new());
        loop {
            let position = reader.position().clone();
            let row = match reader.read_record(&mut record) {
                Ok(false) => break,
                Ok(true) => self.extra(&record, &mut typed, &mut further),
                Err(error) => Err(match error.kind() {
                    csv::ErrorKind::Utf8 { .. } => "not UTF-8".to_owned(),
                    _ => error.to_string(),
                }),
            };
            if let Err(message) = row {
                // The reader skips blank lines before a row, and its position is from before them.
                let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
                let blank = block.get(start..).unwrap_or_default();
                let skipped = blank.iter().position(|byte| !matches!(byte, b'\r' | b'\n')).unwrap_or(0);
                intake.wrong(position.line() - 1 + count_lines(&blank[..skipped]), || message);
                continue;
            }
            let row = Row { layout: self, fields: &record, typed: &typed, metadata: &further };
            let id = record.get(self.id).unwrap_or_default();
            intake.row(id);
            take(id, &row);
        }
        intake.lines = count_lines(block);
        intake
    }

    /// Returns what is wrong with a row of so many fields.
    pub(super) fn other_width(&self, fields: usize) -> String {
        let plural = if fields == 1 { "" } else { "s" };
        format!("{fields} field{plural} where the header has {}", self.width)
    }

    /// Reads the cells of a row that are not read when asked for, and checks its width.
    #[inline]
    fn extra(
        &self,
        record: &StringRecord,
        typed: &mut Vec<Option<Value>>,
        further: &mut Vec<(String, Value)>,
    ) -> Result<(), String> {
        if record.len() != self.width {
            return Err(self.other_width(record.len()));
        }
        typed.clear();
        for of in &self.typed {
            let text = record.get(of.column).unwrap_or_default();
            let value = of.typing.read(text);
            typed.push(value.map_err(|_| format!("{}: `{text}` is not {}", of.name, of.typing.wants()))?);
        }
        further.clear();
        if let Some(column) = self.metadata {
            let text = record.get(column).unwrap_or_default();
            *further = metadata(Value::from(text)).map_err(|error| error.to_string())?;
        }
        Ok(())
    }
}
