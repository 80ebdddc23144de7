//! One of the inputs that a population is made of: a file or another stream of bytes.

use std::fs::File;
use std::io::{self, Read};

use super::format::Format;

/// A stream of bytes.
pub(super) type Reader<'a> = Box<dyn Read + Send + 'a>;
/// Opens a file anew, each time at its start.
type Opener<'a> = Box<dyn Fn() -> io::Result<File> + Send + 'a>;

/// A file or another stream of bytes with rows.
pub struct Input<'a> {
    /// What to call it: the file as the user named it, `-` for standard input.
    pub(super) name: String,
    pub(super) format: Option<Format>,
    /// The query that its rows answer; there are no bytes of it but those made on the way.
    pub(super) query: Option<String>,
    source: Source<'a>,
}

enum Source<'a> {
    File(Opener<'a>),
    Stream(Option<Reader<'a>>),
}

/// What an input is once it is open.
pub(super) enum Opened<'a> {
    File(File),
    Stream(Reader<'a>),
}

impl<'a> Input<'a> {
    /// Returns an input that can be read once. Its format is the one given, else what the name tells, else what the
    /// first line tells.
    pub fn stream(reader: impl Read + Send + 'a, name: &str, format: Option<Format>) -> Self {
        Self::new(name, format, Source::Stream(Some(Box::new(reader))))
    }

    /// Returns a file that `open` opens as often as it is called; otherwise as [`Input::stream`]. It is not opened
    /// before its turn, but for a look at its columns.
    pub fn file(open: impl Fn() -> io::Result<File> + Send + 'a, name: &str, format: Option<Format>) -> Self {
        Self::new(name, format, Source::File(Box::new(open)))
    }

    /// Returns the rows that a database answers a query with, as CSV.
    pub fn query(rows: impl Read + Send + 'a, name: &str, query: &str) -> Self {
        let input = Self::stream(rows, name, Some(Format::Csv));
        Self { query: Some(query.to_owned()), ..input }
    }

    fn new(name: &str, format: Option<Format>, source: Source<'a>) -> Self {
        let format = format.or_else(|| Format::of_name(name));
        Self { name: name.to_owned(), format, query: None, source }
    }

    /// Tells whether it can be read more than once.
    pub(super) const fn reads_again(&self) -> bool {
        matches!(self.source, Source::File(_))
    }

    pub(super) fn open(&mut self) -> io::Result<Opened<'a>> {
        match &mut self.source {
            Source::File(open) => Ok(Opened::File(open()?)),
            Source::Stream(reader) => {
                let once = || io::Error::other("it was read before, and can be read only once");
                reader.take().map(Opened::Stream).ok_or_else(once)
            }
        }
    }
}
