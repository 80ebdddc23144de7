//! A cached answer as the bytes of its file.
//!
//! ```text
//! ffctl-cache 1 <sha256 of everything below this line>
//! {"url":"https://…","asked_by":"<fingerprint>","at":1767225600000,"etag":"\"17\""}
//! <the body, as the server sent it>
//! ```

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::hex::hex;
use crate::model::Timestamp;

/// What a file starts with; another version of this format starts with something else.
const MAGIC: &str = "ffctl-cache 1 ";
/// Hexadecimal digits of a SHA-256.
const DIGITS: usize = 64;

/// A good answer, and when and to whom it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CachedAnswer {
    /// The address that was asked.
    pub url: String,
    /// A fingerprint of the address and the token.
    pub asked_by: String,
    /// When it was asked for.
    pub at: Timestamp,
    /// Its entity tag, as it came.
    pub etag: Option<String>,
    /// Its body, as it came.
    pub body: Vec<u8>,
}

/// Why a file is no cached answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// It does not start like one of this version.
    #[error("it is no cached answer of this version")]
    Foreign,
    /// Its content is not what was written.
    #[error("it is damaged")]
    Checksum,
    /// It is of another address or other credentials.
    #[error("it belongs to another server or token")]
    Misplaced,
    /// It is larger than any answer.
    #[error("it is too large")]
    Oversize,
    /// It is from the future: a clock is wrong.
    #[error("it is from the future")]
    Future,
    /// Somebody else could have written it.
    #[error("others can write to it")]
    Writable,
    /// It cannot be read.
    #[error("it cannot be read")]
    Unreadable,
}

/// The second line.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct About {
    url: String,
    asked_by: String,
    at: i64,
    etag: Option<String>,
}

/// Returns the content of the file.
pub(super) fn encode(answer: &CachedAnswer) -> Vec<u8> {
    let about = About {
        url: answer.url.clone(),
        asked_by: answer.asked_by.clone(),
        at: answer.at.millis(),
        etag: answer.etag.clone(),
    };
    let about = serde_json::to_string(&about).expect("texts and a number are JSON");
    let mut hash = Sha256::new();
    hash.update(about.as_bytes());
    hash.update(b"\n");
    hash.update(&answer.body);
    let mut file = format!("{MAGIC}{}\n{about}\n", hex(&hash.finalize())).into_bytes();
    file.extend_from_slice(&answer.body);
    file
}

/// Reads the content of a file.
///
/// # Errors
/// [`Damage::Foreign`] or [`Damage::Checksum`] when it is not exactly what was once written.
pub fn decode(mut file: Vec<u8>) -> Result<CachedAnswer, Damage> {
    let head = MAGIC.len() + DIGITS;
    let rest = head + 1;
    let first = file.get(..rest).ok_or(Damage::Foreign)?;
    if !first.starts_with(MAGIC.as_bytes()) || first[head] != b'\n' {
        return Err(Damage::Foreign);
    }
    if hex(&Sha256::digest(&file[rest..])).as_bytes() != &first[MAGIC.len()..head] {
        return Err(Damage::Checksum);
    }
    let length = memchr::memchr(b'\n', &file[rest..]).ok_or(Damage::Foreign)?;
    let about: About = serde_json::from_slice(&file[rest..rest + length]).map_err(|_| Damage::Foreign)?;
    file.drain(..=rest + length);
    Ok(CachedAnswer {
        url: about.url,
        asked_by: about.asked_by,
        at: Timestamp::from_millis(about.at),
        etag: about.etag,
        body: file,
    })
}
