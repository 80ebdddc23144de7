//! How many tokens that are none of this server's one address may try.
//!
//! What is counted are guesses. A token of 256 random bits is guessed at no rate at all; but whoever tries shall cost little, and
//! show in the log as 429. A token that counts is never counted, and neither is one that was refused here lately or did count
//! once: that is a script with an old token, and it may share its address with all the others of its office.

use std::time::{Duration, Instant};

use moka::sync::Cache;

use crate::admin::SecretDigest;

use super::peer::Peer;
use super::rate::Rate;

/// Between two guesses of one address, once those that are saved up are used up; attempts to log in likewise.
pub(super) const EVERY: Duration = Duration::from_secs(6);

/// Guesses that are saved up.
pub(super) const SAVED_UP: u32 = 10;

/// Tokens that are remembered as refused; the least recently used go first.
const REMEMBERED: u64 = 10_000;

/// Who came with tokens that are none of this server's.
pub(super) struct Strangers {
    guesses: Rate<Peer>,
    /// What was refused, by whom it came from.
    refused: Cache<(Peer, [u8; 32]), ()>,
}

impl Strangers {
    /// Returns that nobody came yet.
    pub(super) fn new() -> Self {
        Self { guesses: Rate::every(EVERY, SAVED_UP), refused: Cache::new(REMEMBERED) }
    }

    /// Counts a token that is none of this server's, unless it came from there lately.
    ///
    /// # Errors
    /// How long to wait, if it comes too soon.
    pub(super) fn came(&self, peer: Peer, token: SecretDigest, now: Instant) -> Result<(), Duration> {
        let known = (peer, token.0);
        if self.refused.get(&known).is_none() {
            self.guesses.take(peer, now)?;
            self.refused.insert(known, ());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guesses_are_counted_by_address_and_old_tokens_once() {
        let strangers = Strangers::new();
        let (begin, peer) = (Instant::now(), |text: &str| Peer::of(text.parse().expect("an address")));
        let (one, other) = (peer("192.0.2.1:1"), peer("192.0.2.2:1"));
        let came = |peer, guess: u32| strangers.came(peer, SecretDigest::of(&guess.to_string()), begin);
        for guess in 0..SAVED_UP {
            assert_eq!((came(one, guess), came(one, guess)), (Ok(()), Ok(())), "{guess}");
        }
        assert_eq!(came(one, SAVED_UP), Err(EVERY));
        assert_eq!(came(one, 0), Ok(()), "it was refused before");
        assert_eq!(came(other, 0), Ok(()), "another address has its own");
        let later = strangers.came(one, SecretDigest::of("later"), begin + EVERY);
        assert_eq!(later, Ok(()));
    }
}
