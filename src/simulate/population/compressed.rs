//! Inputs that are compressed with gzip or zstd, told by their first bytes.

use std::io::{self, BufReader, Chain, Cursor, Read};

use flate2::bufread::MultiGzDecoder;
use zstd::stream::read::Decoder;

use super::damaged::Damaged;
use super::input::Reader;
use super::meter::{Metered, SharedMeter, look};

const GZIP: &[u8] = &[0x1f, 0x8b];
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];
/// The largest window of zstd, as a power of two: 128 MiB, which is what `zstd` itself reads unless told otherwise.
const WINDOW_LOG: u32 = 27;
/// How many compressed bytes are read at once.
const BUFFER: usize = 128 * 1024;

/// What a decompressor reads: the first bytes, which were looked at, and the rest.
type Bytes<'a> = BufReader<Chain<Cursor<Vec<u8>>, Metered<'a>>>;

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
    reader.by_ref().take(4).read_to_end(&mut start)?;
    let compression = Compression::of(&start);
    let whole = Cursor::new(start).chain(reader);
    let Some(compression) = compression else {
        return match inner_name(name).1 {
            Some(compression) => Err(Fault::NotAtAll.at(compression, 0)),
            None => Ok(Box::new(whole)),
        };
    };
    let bytes = BufReader::with_capacity(BUFFER, whole);
    let inner = match compression {
        Compression::Gzip => Inner::Gzip(Box::new(MultiGzDecoder::new(bytes))),
        Compression::Zstd => {
            let mut decoder = Decoder::with_buffer(bytes)?;
            decoder.window_log_max(WINDOW_LOG)?;
            Inner::Zstd(Box::new(decoder))
        }
    };
    Ok(Box::new(Decompressed { compression, inner, meter: SharedMeter::clone(meter) }))
}

enum Inner<'a> {
    Gzip(Box<MultiGzDecoder<Bytes<'a>>>),
    Zstd(Box<Decoder<'static, Bytes<'a>>>),
}

/// A decompressor whose faults say what is wrong and where.
struct Decompressed<'a> {
    compression: Compression,
    inner: Inner<'a>,
    meter: SharedMeter,
}

impl Read for Decompressed<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let result = match &mut self.inner {
            Inner::Gzip(decoder) => decoder.read(buffer),
            Inner::Zstd(decoder) => decoder.read(buffer),
        };
        result.map_err(|error| self.placed(&error))
    }
}

impl Decompressed<'_> {
    /// Returns a fault of the compressed bytes with its place; that of a stream that cannot be read is another one.
    fn placed(&self, error: &io::Error) -> io::Error {
        if error.raw_os_error().is_some() || error.kind() == io::ErrorKind::Interrupted {
            return error.raw_os_error().map_or_else(|| error.kind().into(), io::Error::from_raw_os_error);
        }
        let ahead = match &self.inner {
            Inner::Gzip(decoder) => decoder.get_ref().buffer().len(),
            Inner::Zstd(decoder) => decoder.get_ref().buffer().len(),
        };
        let text = error.to_string();
        let fault = match self.compression {
            _ if error.kind() == io::ErrorKind::UnexpectedEof => Fault::CutOff,
            Compression::Zstd if text.contains("too much memory") => Fault::Window,
            _ => Fault::Wrong(text),
        };
        let offset = look(&self.meter).bytes.saturating_sub(ahead as u64);
        fault.at(self.compression, offset)
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
            Self::NotAtAll => format!("not compressed with {word}, as its name says"),
            Self::Window => "compressed with zstd over a window of more than 128 MiB".to_owned(),
            Self::Wrong(said) => format!("compressed with {word} and damaged near byte {offset}: {said}"),
        };
        let hint = match (self, compression) {
            (Self::NotAtAll, _) => "rename it, or fetch it again: an empty file is not compressed, either",
            (Self::Window, _) => {
                "compress it again without `--long`, or: `zstd -dc --long=31 FILE | ffctl … --population -`"
            }
            (_, Compression::Gzip) => "`gzip -t FILE` tests it; fetch or write it again",
            (_, Compression::Zstd) => "`zstd -t FILE` tests it; fetch or write it again",
        };
        Damaged::error(what, hint)
    }
}
