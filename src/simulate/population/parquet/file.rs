//! A Parquet file as a stream of rows.

use std::fs::File;
use std::io::{self, Read};

use parquet::column::reader::ColumnReader;
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};

use super::super::damaged::Damaged;
use super::super::meter::{SharedMeter, look};
use super::cells::{Levels, push_quoted, read};
use super::column::Column;

/// How many rows are read at once.
const ROWS: usize = 4096;

/// The rows of a Parquet file as CSV: a header with the types of all columns, and cells for those that are wanted.
pub(in super::super) struct ParquetRows {
    file: SerializedFileReader<File>,
    length: u64,
    columns: Vec<Column>,
    wanted: Vec<bool>,
    meter: SharedMeter,
    /// The row group that comes next.
    group: usize,
    /// The columns that are wanted of the present row group, and how many rows are left in it.
    open: Vec<Option<(ColumnReader, Levels)>>,
    left: usize,
    rows_done: u64,
    rows: u64,
    /// Bytes that wait to be taken.
    text: Vec<u8>,
    taken: usize,
}

impl ParquetRows {
    /// Opens a file. `wanted` tells which of the columns are to be read, by their names.
    ///
    /// # Errors
    /// When it is damaged, or needs a codec that is not here.
    pub(in super::super) fn new(
        file: File,
        meter: SharedMeter,
        wanted: &dyn Fn(&[&str]) -> Vec<bool>,
    ) -> io::Result<Self> {
        let length = file.metadata()?.len();
        let file = SerializedFileReader::new(file).map_err(|error| damaged(&error))?;
        let metadata = file.metadata().file_metadata();
        let columns = Column::all(metadata.schema_descr());
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        let wanted = wanted(&names);
        let rows = u64::try_from(metadata.num_rows()).unwrap_or_default();
        let mut text = Vec::new();
        for (at, column) in columns.iter().enumerate() {
            if at > 0 {
                text.push(b',');
            }
            push_quoted(&mut text, column.header().as_bytes());
        }
        text.push(b'\n');
        let (open, group) = (Vec::new(), 0);
        Ok(Self {
            file,
            length,
            columns,
            wanted,
            meter,
            group,
            open,
            left: 0,
            rows_done: 0,
            rows,
            text,
            taken: 0,
        })
    }

    /// Writes the next rows; false at the end.
    fn fill(&mut self) -> io::Result<bool> {
        self.text.clear();
        self.taken = 0;
        while self.left == 0 {
            if self.group == self.file.num_row_groups() {
                look(&self.meter).bytes = self.length;
                return Ok(false);
            }
            self.next_group()?;
        }
        let wanted = self.left.min(ROWS);
        let mut all = Vec::new();
        for (column, open) in self.columns.iter().zip(&mut self.open) {
            let cells = match open {
                Some((reader, levels)) => {
                    Some(read(reader, column, *levels, wanted).map_err(|error| damaged(&error))?)
                }
                None => None,
            };
            if cells.as_ref().is_some_and(|cells| cells.len() != wanted) {
                return Err(broken(&format!("the column `{}` has fewer rows than it says", column.name)));
            }
            all.push(cells);
        }
        for row in 0..wanted {
            let start = self.text.len();
            for (at, cells) in all.iter().enumerate() {
                if at > 0 {
                    self.text.push(b',');
                }
                if let Some(cells) = cells {
                    self.text.extend_from_slice(cells.get(row));
                }
            }
            if self.text.len() == start {
                // A line with nothing in it would be none.
                self.text.extend_from_slice(b"\"\"");
            }
            self.text.push(b'\n');
        }
        self.left -= wanted;
        self.rows_done += wanted as u64;
        let done = u128::from(self.length) * u128::from(self.rows_done) / u128::from(self.rows.max(1));
        look(&self.meter).bytes = u64::try_from(done).unwrap_or(self.length).min(self.length);
        Ok(true)
    }

    fn next_group(&mut self) -> io::Result<()> {
        let group = self.file.get_row_group(self.group).map_err(|error| damaged(&error))?;
        self.left = usize::try_from(group.metadata().num_rows()).unwrap_or_default();
        self.open.clear();
        for (column, wanted) in self.columns.iter().zip(&self.wanted) {
            self.open.push(if *wanted {
                let description = group.metadata().schema_descr().column(column.leaf);
                let element = if column.list { description.repeated_ancestor_def_level() } else { 0 };
                let levels = Levels { value: description.max_def_level(), element };
                Some((group.get_column_reader(column.leaf).map_err(|error| damaged(&error))?, levels))
            } else {
                None
            });
        }
        self.group += 1;
        Ok(())
    }
}

impl Read for ParquetRows {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.taken == self.text.len() && !self.fill()? {
            return Ok(0);
        }
        let mut waiting = self.text.get(self.taken..).unwrap_or_default();
        let count = waiting.read(buffer)?;
        self.taken += count;
        Ok(count)
    }
}

/// Returns what is wrong with a file as the fault of a reader.
fn damaged(error: &ParquetError) -> io::Error {
    if let ParquetError::External(cause) = error
        && let Some(code) = cause.downcast_ref::<io::Error>().and_then(io::Error::raw_os_error)
    {
        return io::Error::from_raw_os_error(code);
    }
    broken(error)
}

fn broken(what: &dyn std::fmt::Display) -> io::Error {
    let what = what.to_string();
    let what =
        ["Parquet error: ", "External: "].iter().find_map(|start| what.strip_prefix(start)).unwrap_or(&what);
    Damaged::error(
        format!("a Parquet file that cannot be read: {what}"),
        "write it again, compressed with snappy, zstd or gzip; or export it as CSV",
    )
}
