//! Inputs that are compressed with gzip or zstd, told by their first bytes.

use std::io::{self, BufRead, BufReader, Chain, Cursor, Read};

use super::damaged::Damaged;
use super::input::Reader;
use super::member::Member;
use super::meter::{Metered, SharedMeter, look};

const GZIP: &[u8] = &[0x1f, 0x8b];
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];
/// How many bytes tell how a stream is compressed.
const MAGIC: u64 = 4;
/// How many compressed bytes are read at once.
const BUFFER: usize = 128 * 1024;

/// What a decompressor reads: the first bytes, which were looked at, and the rest.
pub(super) type Bytes<'a> = Chain<Cursor<Vec<u8>>, BufReader<Metered<'a>>>;

/// How an input is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compression {
    Gzip,
    Zstd,
}

impl Compression {
    /// Returns how a stream that starts so is compressed; none if it is not.
    pub(super) fn of(start: &[u8]) -> Option<Self> {
        match start {
            _ if start.starts_with(GZIP) => Some(Self::Gzip),
            _ if start.starts_with(ZSTD) => Some(Self::Zstd),
            // A frame to be skipped, which `pzstd` starts with.
            [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Self::Zstd),
            _ => None,
        }
    }

    /// Tells whether a stream that is compressed so can go on with bytes that start so, or were cut off there.
    fn goes_on(self, start: &[u8]) -> bool {
        match self {
            Self::Gzip => start.starts_with(GZIP) || GZIP.starts_with(start),
            Self::Zstd => Self::of(start) == Some(Self::Zstd) || ZSTD.starts_with(start),
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }
}

/// Returns a file's name without the extension of a compression, `users.csv` for `users.csv.gz`, and that compression.
pub(super) fn inner_name(name: &str) -> (&str, Option<Compression>) {
    let Some((inner, extension)) = name.rsplit_once('.') else { return (name, None) };
    match extension.to_ascii_lowercase().as_str() {
        "gz" | "gzip" => (inner, Some(Compression::Gzip)),
        "zst" | "zstd" => (inner, Some(Compression::Zstd)),
        _ => (name, None),
    }
}

/// Returns the text of a stream, decompressed if its first bytes say so.
///
/// # Errors
/// When it cannot be read, or its name alone says that it is compressed.
pub(super) fn decompressed<'a>(
    mut reader: Metered<'a>,
    meter: &SharedMeter,
    name: &str,
) -> io::Result<Reader<'a>> {
    let mut start = Vec::new();
    reader.by_ref().take(MAGIC).read_to_end(&mut start)?;
    let Some(compression) = Compression::of(&start) else {
        return match inner_name(name).1 {
            Some(compression) => Err(Fault::NotAtAll.at(compression, 0)),
            None => Ok(Box::new(Cursor::new(start).chain(reader))),
        };
    };
    let bytes = Cursor::new(start).chain(BufReader::with_capacity(BUFFER, reader));
    let member = Some(Member::new(compression, bytes)?);
    Ok(Box::new(Decompressed { compression, member, meter: SharedMeter::clone(meter) }))
}

/// A decompressor whose faults say what is wrong and where.
struct Decompressed<'a> {
    compression: Compression,
    /// The member or frame that is read; none at the end, and after a fault.
    member: Option<Member<'a>>,
    meter: SharedMeter,
}

impl Read for Decompressed<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = self.member.as_mut().filter(|_| !buffer.is_empty()) {
            match member.read(buffer) {
                Ok(0) => self.next()?,
                Ok(count) => return Ok(count),
                Err(error) => return Err(self.placed(&error)),
            }
        }
        Ok(0)
    }
}

impl Decompressed<'_> {
    /// Goes on behind the end of a member: with the next, or to the end if there is none, nothing but zeros.
    fn next(&mut self) -> io::Result<()> {
        let Some(member) = self.member.take() else { return Ok(()) };
        let (_, mut rest) = member.into_bytes().into_inner();
        let behind = self.offset(rest.buffer().len());
        let mut start = Vec::new();
        rest.by_ref().take(MAGIC).read_to_end(&mut start)?;
        if start.is_empty() {
            return Ok(());
        }
        if self.compression.goes_on(&start) {
            self.member = Some(Member::new(self.compression, Cursor::new(start).chain(rest))?);
            return Ok(());
        }
        if start.iter().all(|byte| *byte == 0) && only_zeros(&mut rest)? {
            return Ok(());
        }
        Err(Fault::Behind.at(self.compression, behind))
    }

    /// Returns a fault of the compressed bytes with its place; that of a stream that cannot be read is another one.
    fn placed(&self, error: &io::Error) -> io::Error {
        if error.raw_os_error().is_some() || error.kind() == io::ErrorKind::Interrupted {
            return error.raw_os_error().map_or_else(|| error.kind().into(), io::Error::from_raw_os_error);
        }
        let text = error.to_string();
        let fault = match self.compression {
            _ if error.kind() == io::ErrorKind::UnexpectedEof => Fault::CutOff,
            Compression::Zstd if text.contains("too much memory") => Fault::Window,
            _ => Fault::Wrong(text),
        };
        fault.at(self.compression, self.offset(self.member.as_ref().map_or(0, Member::ahead)))
    }

    /// Returns how many compressed bytes were taken, where so many wait to be.
    fn offset(&self, ahead: usize) -> u64 {
        look(&self.meter).bytes.saturating_sub(ahead as u64)
    }
}

/// Reads a stream to its end as long as there are zeros, which pad what is written in blocks.
fn only_zeros(rest: &mut impl BufRead) -> io::Result<bool> {
    loop {
        let buffer = rest.fill_buf()?;
        if buffer.iter().any(|byte| *byte != 0) {
            return Ok(false);
        }
        let count = buffer.len();
        if count == 0 {
            return Ok(true);
        }
        rest.consume(count);
    }
}

/// What is wrong with compressed bytes.
enum Fault {
    /// They end too early.
    CutOff,
    /// They ask for more memory than is given.
    Window,
    /// They are none, though the name says so.
    NotAtAll,
    /// Something else follows where they end.
    Behind,
    /// They are not what a compressor writes.
    Wrong(String),
}

impl Fault {
    /// Returns the fault of bytes of which so many were taken until then.
    fn at(&self, compression: Compression, offset: u64) -> io::Error {
        let word = compression.word();
        let what = match self {
            Self::CutOff => {
                format!("compressed with {word} and cut off: it ends at byte {offset}, too early")
            }
            Self::Behind => format!(
                "compressed with {word} up to byte {offset}, and what follows there is neither {word} nor padding"
            ),
            Self::NotAtAll => format!("not compressed with {word}, as its name says"),
            Self::Window => "compressed with zstd over a window of more than 128 MiB".to_owned(),
            Self::Wrong(said) => format!("compressed with {word} and damaged near byte {offset}: {said}"),
        };
        let hint = match (self, compression) {
            (Self::NotAtAll, _) => "rename it, or fetch it again: an empty file is not compressed, either",
            (Self::Behind, _) => {
                "write it again; if what follows does not belong to it: `head -c BYTES FILE | ffctl … --population -`"
            }
            (Self::Window, _) => {
                "compress it again without `--long`, or: `zstd -dc --long=31 FILE | ffctl … --population -`"
            }
            (_, Compression::Gzip) => "`gzip -t FILE` tests it; fetch or write it again",
            (_, Compression::Zstd) => "`zstd -t FILE` tests it; fetch or write it again",
        };
        Damaged::error(what, hint)
    }
}
