//! Rows of a file that come in groups, each of which can be read by itself: several at once.

use std::io;

/// A file with groups of rows; rows are those of the CSV whose header was read before.
pub(crate) trait Groups: Send + Sync {
    /// Returns how many groups there are.
    fn count(&self) -> usize;

    /// Returns how many bytes the file has.
    fn bytes(&self) -> u64;

    /// Returns some of the first rows.
    ///
    /// # Errors
    /// When they cannot be read.
    fn start(&self) -> io::Result<Vec<u8>>;

    /// Reads a group, handing on some of its rows after the other.
    ///
    /// # Errors
    /// When it cannot be read.
    fn read(&self, group: usize, take: &mut dyn FnMut(&[u8])) -> io::Result<()>;
}
