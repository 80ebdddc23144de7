//! The place of one server's answer.

use std::fs::{self, DirBuilder, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::hex::hex;
use crate::settings::Token;

use super::answer::{CachedAnswer, Damage, decode, encode};
use super::folder::Cache;

/// Bytes of the largest answer that is kept, with what stands above it.
const LARGEST: u64 = 8 * 1024 * 1024 + 64 * 1024;
/// Bytes of the longest entity tag that is kept.
const LONGEST_TAG: usize = 1024;
const SUFFIX: &str = ".answer";
const TEMPORARY: &str = ".tmp";
/// A file is written in some milliseconds.
const ABANDONED: Duration = Duration::from_mins(1);
/// An answer that nobody refreshed for so long is of a server or a token that is gone.
const FORGOTTEN: Duration = Duration::from_hours(24 * 7);

/// The place of the answer of one address to one token.
#[derive(Debug)]
pub(in crate::admin) struct Slot {
    cache: Cache,
    path: PathBuf,
    url: String,
    asked_by: String,
}

/// What stands there.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::admin) enum Stored {
    /// Nothing.
    Nothing,
    /// Something that is no answer of this server to this token.
    Unusable(Damage),
    /// The last good answer, and how old it is.
    Answer(CachedAnswer, Duration),
}

impl Slot {
    pub(super) fn new(cache: Cache, url: &str, token: Option<&Token>) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"ffctl cache\0");
        hash.update(url.as_bytes());
        // No token is told from every token.
        hash.update(if token.is_some() { b"\0token\0".as_slice() } else { b"\0" });
        hash.update(token.map_or("", Token::expose).as_bytes());
        let asked_by = hex(&hash.finalize());
        let path = cache.folder().join(format!("{}{SUFFIX}", &asked_by[..40]));
        Self { cache, path, url: url.to_owned(), asked_by }
    }

    /// Reads what stands there. A file that is not exactly what was written, of this server and this token,
    /// counts for nothing.
    pub(in crate::admin) fn read(&self) -> Stored {
        match self.load() {
            Ok(Some((answer, age))) => Stored::Answer(answer, age),
            Ok(None) => Stored::Nothing,
            Err(damage) => Stored::Unusable(damage),
        }
    }

    fn load(&self) -> Result<Option<(CachedAnswer, Duration)>, Damage> {
        let found = match fs::symlink_metadata(&self.path) {
            Ok(found) => found,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(_) => return Err(Damage::Unreadable),
        };
        if !found.is_file() {
            return Err(Damage::Foreign);
        }
        let file = File::open(&self.path).map_err(|_| Damage::Unreadable)?;
        let metadata = file.metadata().map_err(|_| Damage::Unreadable)?;
        if writable_by_others(&metadata) {
            return Err(Damage::Writable);
        }
        if metadata.len() > LARGEST {
            return Err(Damage::Oversize);
        }
        let mut content = Vec::new();
        file.take(LARGEST + 1).read_to_end(&mut content).map_err(|_| Damage::Unreadable)?;
        let answer = decode(content)?;
        if answer.url != self.url || answer.asked_by != self.asked_by {
            return Err(Damage::Misplaced);
        }
        let age = self.cache.now().millis().checked_sub(answer.at.millis());
        let age = age.and_then(|age| u64::try_from(age).ok()).ok_or(Damage::Future)?;
        Ok(Some((answer, Duration::from_millis(age))))
    }

    /// Keeps an answer that was asked for `ago`. Where that is not possible, there is no answer.
    pub(in crate::admin) fn keep(&self, body: &[u8], etag: Option<&str>, ago: Duration) {
        let ago = i64::try_from(ago.as_millis()).unwrap_or(i64::MAX);
        let at = crate::model::Timestamp::from_millis(self.cache.now().millis().saturating_sub(ago));
        let etag = etag.filter(|etag| etag.len() <= LONGEST_TAG).map(str::to_owned);
        let (url, asked_by) = (self.url.clone(), self.asked_by.clone());
        let content = encode(&CachedAnswer { url, asked_by, at, etag, body: body.to_vec() });
        if content.len() as u64 <= LARGEST {
            // What stood there before stays, and its age with it.
            let _ = self.write(&content);
        }
    }

    /// Takes away what stands there.
    pub(in crate::admin) fn forget(&self) {
        // Whether it was there or cannot be taken away: its age stands in it.
        let _ = fs::remove_file(&self.path);
    }

    /// Replaces the file at once. It is not synced: what a power failure leaves of it, the checksum tells.
    fn write(&self, content: &[u8]) -> io::Result<()> {
        let folder = self.cache.folder();
        make(folder)?;
        let mut builder = tempfile::Builder::new();
        let mut file = builder.prefix(".ffctl-").suffix(TEMPORARY).tempfile_in(folder)?;
        sweep(folder, file.as_file());
        file.write_all(content)?;
        file.persist(&self.path).map_err(|error| error.error)?;
        Ok(())
    }
}

/// Makes the folder, for its owner alone.
fn make(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Takes away what killed runs left, and answers that nobody has asked for in a week.
fn sweep(folder: &Path, newest: &File) {
    let written = |metadata: fs::Metadata| metadata.modified().ok();
    let Some(now) = newest.metadata().ok().and_then(written) else { return };
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let Some(name) = name.to_str() else { continue };
        let limit = match name {
            name if name.starts_with(".ffctl-") && name.ends_with(TEMPORARY) => ABANDONED,
            name if name.ends_with(SUFFIX) => FORGOTTEN,
            _ => continue,
        };
        let age = entry.metadata().ok().and_then(written).and_then(|then| now.duration_since(then).ok());
        if age.is_some_and(|age| age > limit) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Returns whether the group or everybody may write to the file; not asked where modes are not numbers.
#[cfg(unix)]
fn writable_by_others(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o022 != 0
}

#[cfg(not(unix))]
fn writable_by_others(_: &fs::Metadata) -> bool {
    false
}
