//! A Parquet file as rows of CSV: as a stream, or group by group.

use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;

use parquet::basic::Compression;
use parquet::column::reader::ColumnReader;
use parquet::errors::ParquetError;
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::schema::types::Type;

use super::super::damaged::Damaged;
use super::super::groups::Groups;
use super::super::meter::{SharedMeter, look};
use super::at::SharedFile;
use super::cells::{Levels, push_quoted, read};
use super::column::{Column, words};

/// How many rows of a stream are read at once.
const ROWS: usize = 4096;
/// How many rows of a group are: what comes of them is handed on as one.
const ROWS_OF_GROUP: usize = 32 * 1024;

/// How many rows are looked at before all others.
const ROWS_AT_START: usize = 512;

/// A Parquet file with the columns that are wanted.
pub(in super::super) struct ParquetFile {
    file: SerializedFileReader<SharedFile>,
    length: u64,
    columns: Vec<Column>,
    wanted: Vec<bool>,
    rows: u64,
}

/// The rows of a row group that are not read yet.
struct Group {
    /// The columns that are wanted.
    columns: Vec<Option<(ColumnReader, Levels)>>,
    left: usize,
}

impl ParquetFile {
    /// Opens a file. `wanted` tells which of the columns are to be read, by their names, and `id` which of them is
    /// the user's key.
    ///
    /// # Errors
    /// When it is damaged, needs a codec that is not here, or its column of keys holds what is none.
    pub(in super::super) fn open(
        file: File,
        wanted: &dyn Fn(&[&str]) -> Vec<bool>,
        id: &dyn Fn(&[&str]) -> Option<usize>,
    ) -> io::Result<Self> {
        let file = SharedFile::new(file)?;
        let length = file.length();
        let file = SerializedFileReader::new(file).map_err(|error| damaged(&error))?;
        let metadata = file.metadata().file_metadata();
        let columns = Column::all(metadata.schema_descr());
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        refuse_no_key(&names, &columns, metadata.schema_descr().root_schema(), id)?;
        let wanted = wanted(&names);
        let rows = u64::try_from(metadata.num_rows()).unwrap_or_default();
        let opened = Self { file, length, columns, wanted, rows };
        opened.check_codecs()?;
        Ok(opened)
    }

    /// Refuses what is compressed as nobody here can read it, before anything is counted.
    fn check_codecs(&self) -> io::Result<()> {
        let wanted = self.columns.iter().zip(&self.wanted).filter(|(_, wanted)| **wanted);
        for (column, _) in wanted {
            for group in self.file.metadata().row_groups() {
                let codec = match group.columns().get(column.leaf).map(ColumnChunkMetaData::compression) {
                    Some(Compression::BROTLI(_)) => "brotli",
                    Some(Compression::LZ4 | Compression::LZ4_RAW) => "lz4",
                    Some(Compression::LZO) => "lzo",
                    _ => continue,
                };
                return Err(Damaged::error(
                    format!("a Parquet file compressed with {codec}, which ffctl does not read"),
                    "write it again: `duckdb -c \"COPY (FROM 'FILE') TO 'NEW.parquet' (CODEC zstd)\"`",
                ));
            }
        }
        Ok(())
    }

    /// Returns the header of its rows: the types of all columns.
    pub(in super::super) fn header(&self) -> Vec<u8> {
        let mut text = Vec::new();
        for (at, column) in self.columns.iter().enumerate() {
            if at > 0 {
                text.push(b',');
            }
            push_quoted(&mut text, column.header().as_bytes());
        }
        text.push(b'\n');
        text
    }

    fn group(&self, number: usize) -> io::Result<Group> {
        let group = self.file.get_row_group(number).map_err(|error| damaged(&error))?;
        let left = usize::try_from(group.metadata().num_rows()).unwrap_or_default();
        let mut columns = Vec::new();
        for (column, wanted) in self.columns.iter().zip(&self.wanted) {
            columns.push(if *wanted {
                let description = group.metadata().schema_descr().column(column.leaf);
                let element = if column.list { description.repeated_ancestor_def_level() } else { 0 };
                let levels = Levels { value: description.max_def_level(), element };
                Some((group.get_column_reader(column.leaf).map_err(|error| damaged(&error))?, levels))
            } else {
                None
            });
        }
        Ok(Group { columns, left })
    }

    /// Adds the next rows of a group to `text`, at most so many; returns how many.
    fn write(&self, group: &mut Group, most: usize, text: &mut Vec<u8>) -> io::Result<usize> {
        let wanted = group.left.min(most);
        let mut all = Vec::new();
        for (column, open) in self.columns.iter().zip(&mut group.columns) {
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
            let start = text.len();
            for (at, cells) in all.iter().enumerate() {
                if at > 0 {
                    text.push(b',');
                }
                if let Some(cells) = cells {
                    text.extend_from_slice(cells.get(row));
                }
            }
            if text.len() == start {
                // A line with nothing in it would be none.
                text.extend_from_slice(b"\"\"");
            }
            text.push(b'\n');
        }
        group.left -= wanted;
        Ok(wanted)
    }
}

impl Groups for ParquetFile {
    fn count(&self) -> usize {
        self.file.num_row_groups()
    }

    fn bytes(&self) -> u64 {
        self.length
    }

    fn start(&self) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        self.write(&mut self.group(0)?, ROWS_AT_START, &mut text)?;
        Ok(text)
    }

    fn read(&self, group: usize, take: &mut dyn FnMut(&[u8])) -> io::Result<()> {
        let mut group = self.group(group)?;
        let mut text = Vec::new();
        while self.write(&mut group, ROWS_OF_GROUP, &mut text)? > 0 {
            take(&text);
            text.clear();
        }
        Ok(())
    }
}

/// The rows of a Parquet file as a stream of CSV.
pub(in super::super) struct ParquetRows {
    file: Arc<ParquetFile>,
    meter: SharedMeter,
    /// The row group that comes next, and the one before that is not read to its end.
    next: usize,
    open: Option<Group>,
    rows_done: u64,
    /// Bytes that wait to be taken.
    text: Vec<u8>,
    taken: usize,
}

impl ParquetRows {
    pub(in super::super) fn new(file: Arc<ParquetFile>, meter: SharedMeter) -> Self {
        let text = file.header();
        Self { file, meter, next: 0, open: None, rows_done: 0, text, taken: 0 }
    }

    /// Writes the next rows; false at the end.
    fn fill(&mut self) -> io::Result<bool> {
        self.text.clear();
        self.taken = 0;
        let mut written = 0;
        while written == 0 {
            if let Some(open) = &mut self.open {
                written = self.file.write(open, ROWS, &mut self.text)?;
            }
            if written == 0 {
                if self.next == self.file.count() {
                    look(&self.meter).bytes = self.file.length;
                    return Ok(false);
                }
                self.open = Some(self.file.group(self.next)?);
                self.next += 1;
            }
        }
        self.rows_done += written as u64;
        let length = self.file.length;
        let done = u128::from(length) * u128::from(self.rows_done) / u128::from(self.file.rows.max(1));
        look(&self.meter).bytes = u64::try_from(done).unwrap_or(length).min(length);
        Ok(true)
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

/// Refuses a column of keys whose values are none: production hashes no list, and no struct.
fn refuse_no_key(
    names: &[&str],
    columns: &[Column],
    root: &Type,
    id: &dyn Fn(&[&str]) -> Option<usize>,
) -> io::Result<()> {
    let what = if let Some(column) = id(names).and_then(|at| columns.get(at)) {
        column.is_no_key().map(|what| (column.name.as_str(), what))
    } else {
        // Perhaps it is one of those that are no attributes at all.
        let fields: Vec<&str> = root.get_fields().iter().map(|field| field.name()).collect();
        let field = id(&fields).and_then(|at| root.get_fields().get(at));
        field.map(|field| (field.name(), words(field)))
    };
    let Some((name, what)) = what else { return Ok(()) };
    Err(Damaged::error(
        format!("a Parquet file whose column of user ids, `{name}`, holds {what}: nobody hashes that"),
        "name a column of text or numbers: `--id-column NAME`; or write the ids as text",
    ))
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
