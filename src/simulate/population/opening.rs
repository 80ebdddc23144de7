//! What an input is, by its first bytes: text, compressed text, or Parquet; and its text, whichever it is.

use std::fs::File;
use std::io;
use std::sync::Arc;

use super::super::error::SimulateError;
use super::compressed::decompressed;
use super::format::Format;
use super::groups::Groups;
use super::input::{Input, Opened, Reader};
use super::meter::{Metered, SharedMeter};

/// Whether this program is built to read Parquet files.
pub const READS_PARQUET: bool = cfg!(feature = "parquet");

/// What a Parquet file starts with.
pub(super) const PARQUET: &[u8] = b"PAR1";

/// An input that is open.
pub(super) struct Open<'a> {
    /// Its rows as text.
    pub(super) reader: Reader<'a>,
    pub(super) meter: SharedMeter,
    pub(super) format: Option<Format>,
    /// Groups of rows that are read by themselves; then the text is their header.
    pub(super) groups: Option<Arc<dyn Groups>>,
    /// Whether its bytes are not read in their order, so that lines of the text are none of it.
    pub(super) unordered: bool,
    /// The file whose bytes are hashed in the end, where they are wanted and not read in their order.
    pub(super) hash_last: Option<File>,
}

/// How an input is opened.
#[derive(Clone, Copy)]
#[cfg_attr(not(feature = "parquet"), expect(dead_code, reason = "only Parquet has groups and columns"))]
pub(super) struct Wish<'w> {
    /// Whether its digest is wanted.
    pub(super) digest: bool,
    /// Whether groups of rows may be read several at once.
    pub(super) in_groups: bool,
    /// Which columns are wanted where they can be read one without the other.
    pub(super) columns: &'w dyn Fn(&[&str]) -> Vec<bool>,
    /// Which column is the user's key, if one is; none also where several could be.
    pub(super) id: &'w dyn Fn(&[&str]) -> Option<usize>,
}

/// Opens an input.
///
/// # Errors
/// When it cannot be read, is damaged, or is Parquet and this program does not read that.
pub(super) fn open<'a>(input: &mut Input<'a>, wish: Wish<'_>) -> Result<Open<'a>, SimulateError> {
    let digest = wish.digest;
    let (reader, meter) = match input.open().map_err(SimulateError::Read)? {
        Opened::Stream(reader) => Metered::new(reader, digest),
        Opened::File(mut file) => {
            if starts_with_parquet(&mut file).map_err(SimulateError::Read)? {
                if let Some(format) = input.format {
                    return Err(SimulateError::Damaged {
                        what: format!("a Parquet file, and not {}", format.word()),
                        hint: "leave --format out, and name it as what it is",
                    });
                }
                return parquet(file, wish);
            }
            if input.format.is_none() && is_named_parquet(&input.name) {
                return Err(SimulateError::Form {
                    form: "named like a Parquet file, and is none that can be read",
                    hint: "`--format ids|csv|jsonl` reads it as text",
                });
            }
            Metered::new(Box::new(file), digest)
        }
    };
    let reader = decompressed(reader, &meter, &input.name).map_err(SimulateError::Read)?;
    Ok(Open { reader, meter, format: input.format, groups: None, unordered: false, hash_last: None })
}

/// Returns the text of a stream that is no population, decompressed if its first bytes say so.
///
/// # Errors
/// When it cannot be read, or its name alone says that it is compressed.
pub fn uncompressed<'a>(reader: impl io::Read + Send + 'a, name: &str) -> io::Result<Box<dyn io::Read + 'a>> {
    let (reader, meter) = Metered::new(Box::new(reader), false);
    Ok(decompressed(reader, &meter, name)?)
}

fn starts_with_parquet(file: &mut File) -> io::Result<bool> {
    use std::io::{Read, Seek};
    let mut start = Vec::new();
    file.by_ref().take(PARQUET.len() as u64).read_to_end(&mut start)?;
    file.rewind()?;
    Ok(start == PARQUET)
}

fn is_named_parquet(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("parquet"))
}

#[cfg(feature = "parquet")]
fn parquet<'a>(file: File, wish: Wish<'_>) -> Result<Open<'a>, SimulateError> {
    use super::parquet::{ParquetFile, ParquetRows};
    let hash_last = wish.digest.then(|| file.try_clone()).transpose().map_err(SimulateError::Read)?;
    let meter = SharedMeter::default();
    let file = Arc::new(ParquetFile::open(file, wish.columns, wish.id).map_err(SimulateError::Read)?);
    // The rows of a single group are read in their order, while those before are counted.
    let in_groups = wish.in_groups && file.count() > 1;
    let (reader, groups): (Reader<'a>, Option<Arc<dyn Groups>>) = if in_groups {
        (Box::new(io::Cursor::new(file.header())), Some(file))
    } else {
        (Box::new(ParquetRows::new(file, SharedMeter::clone(&meter))), None)
    };
    Ok(Open { reader, meter, format: Some(Format::Csv), groups, unordered: true, hash_last })
}

#[cfg(not(feature = "parquet"))]
fn parquet<'a>(_: File, _: Wish<'_>) -> Result<Open<'a>, SimulateError> {
    Err(SimulateError::NoParquet)
}
