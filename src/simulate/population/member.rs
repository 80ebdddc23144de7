//! One member of a gzip stream or one frame of a zstd stream; what follows it is no matter of this file.

use std::io::{self, Read};

use flate2::bufread::GzDecoder;
use zstd::stream::read::Decoder;

use super::compressed::{Bytes, Compression};

/// The largest window of zstd, as a power of two: 128 MiB, which is what `zstd` itself reads unless told otherwise.
const WINDOW_LOG: u32 = 27;

/// A member or frame; reading it takes no byte behind its end.
pub(super) enum Member<'a> {
    Gzip(Box<GzDecoder<Bytes<'a>>>),
    Zstd(Box<Decoder<'static, Bytes<'a>>>),
}

impl<'a> Member<'a> {
    /// Returns the member that the bytes start with.
    ///
    /// # Errors
    /// When there is no memory for it.
    pub(super) fn new(compression: Compression, bytes: Bytes<'a>) -> io::Result<Self> {
        Ok(match compression {
            Compression::Gzip => Self::Gzip(Box::new(GzDecoder::new(bytes))),
            Compression::Zstd => {
                let mut decoder = Decoder::with_buffer(bytes)?.single_frame();
                decoder.window_log_max(WINDOW_LOG)?;
                Self::Zstd(Box::new(decoder))
            }
        })
    }

    /// Returns how many bytes were read and not taken yet.
    pub(super) fn ahead(&self) -> usize {
        let (start, rest) = match self {
            Self::Gzip(decoder) => decoder.get_ref().get_ref(),
            Self::Zstd(decoder) => decoder.get_ref().get_ref(),
        };
        let taken = usize::try_from(start.position()).unwrap_or(usize::MAX);
        start.get_ref().len().saturating_sub(taken) + rest.buffer().len()
    }

    /// Returns what follows, once it was read to its end.
    pub(super) fn into_bytes(self) -> Bytes<'a> {
        match self {
            Self::Gzip(decoder) => decoder.into_inner(),
            Self::Zstd(decoder) => decoder.finish(),
        }
    }
}

impl Read for Member<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Gzip(decoder) => decoder.read(buffer),
            Self::Zstd(decoder) => decoder.read(buffer),
        }
    }
}
