//! The bytes of an input as they stand there: how many were read, and their digest.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sha2::{Digest, Sha256};

use super::input::Reader;

/// What was read of an input so far.
#[derive(Default)]
pub(super) struct Meter {
    /// How many bytes.
    pub(super) bytes: u64,
    hash: Option<Sha256>,
}

/// A meter that the reader and whoever asks for it share.
pub(super) type SharedMeter = Arc<Mutex<Meter>>;

/// A stream whose bytes are counted, and hashed if that is wanted.
pub(super) struct Metered<'a> {
    reader: Reader<'a>,
    meter: SharedMeter,
}

impl<'a> Metered<'a> {
    /// Returns the stream with its meter.
    pub(super) fn new(reader: Reader<'a>, digest: bool) -> (Self, SharedMeter) {
        let meter = Meter { bytes: 0, hash: digest.then(Sha256::new) };
        let meter = Arc::new(Mutex::new(meter));
        (Self { reader, meter: Arc::clone(&meter) }, meter)
    }
}

impl Read for Metered<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        let mut meter = look(&self.meter);
        meter.bytes += count as u64;
        if let Some(hash) = &mut meter.hash {
            hash.update(buffer.get(..count).unwrap_or_default());
        }
        Ok(count)
    }
}

impl Meter {
    /// Returns the SHA-256 of what was read, in hexadecimal digits; none if it was not wanted.
    pub(super) fn sha256(&self) -> Option<String> {
        let hash = self.hash.clone()?.finalize();
        Some(crate::hex::hex(&hash))
    }
}

/// Reads a file from its start to its end, and returns a meter with its digest.
///
/// # Errors
/// When it cannot be read.
pub(super) fn whole(mut file: File) -> io::Result<SharedMeter> {
    file.rewind()?;
    let (mut reader, meter) = Metered::new(Box::new(file), true);
    let mut buffer = vec![0; 256 * 1024];
    while reader.read(&mut buffer)? > 0 {}
    Ok(meter)
}

/// Returns the meter; one that a thread dropped in a panic still counts right.
pub(super) fn look(meter: &SharedMeter) -> MutexGuard<'_, Meter> {
    meter.lock().unwrap_or_else(PoisonError::into_inner)
}
