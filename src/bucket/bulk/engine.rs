//! What the processor can do.
#![expect(unsafe_code, reason = "the functions below need what only detection can promise")]

use super::batch::{Batch, Words};
use super::marks::{PIECES, any_odd_byte, marks_of, places_of};
use super::message::Message;

/// In which way a bulk job hashes and cuts lines. All of them come to the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Engine(Kind);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// One unit after another, by the crates that hash everything else.
    Portable,
    /// Eight lanes.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// Sixteen lanes.
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Engine {
    /// The way that every processor can go.
    pub const PORTABLE: Self = Self(Kind::Portable);

    /// Returns the fastest way that this processor can go.
    pub fn best() -> Self {
        Self::all().pop().unwrap_or(Self::PORTABLE)
    }

    /// Returns every way that this processor can go, the slowest first.
    pub fn all() -> Vec<Self> {
        let mut all = vec![Self::PORTABLE];
        #[cfg(target_arch = "x86_64")]
        {
            let bits = is_x86_feature_detected!("bmi1") && is_x86_feature_detected!("bmi2");
            if bits && is_x86_feature_detected!("popcnt") && is_x86_feature_detected!("avx2") {
                all.push(Self(Kind::Avx2));
                let wide = is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bw");
                if wide && is_x86_feature_detected!("avx512vl") {
                    all.push(Self(Kind::Avx512));
                }
            }
        }
        all
    }

    /// Returns a word for people: `portable`, `avx2` or `avx512`.
    pub const fn word(self) -> &'static str {
        match self.0 {
            Kind::Portable => "portable",
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2 => "avx2",
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512 => "avx512",
        }
    }

    /// Puts the first `wanted` words of each unit's digest into `words`, as they stand in its bytes, big-endian; false
    /// where there are no lanes to do so, and nothing was done.
    pub(super) fn hash(
        self,
        message: &Message,
        text: &[u8],
        batch: &Batch,
        wanted: usize,
        words: &mut Words,
    ) -> bool {
        match self.0 {
            Kind::Portable => return false,
            // SAFETY: this kind comes from `all` alone, where the processor was asked for all that is enabled there.
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2 => unsafe { super::avx2::hash(message, text, batch, wanted, words) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512 => unsafe { super::avx512::hash(message, text, batch, wanted, words) },
        }
        true
    }

    /// Puts into `masks` which bytes of each sixty-four are one of two, the first byte's bit being the lowest.
    pub(super) fn marks(self, pieces: &[[u8; 64]], wanted: [u8; 2], masks: &mut [u64; PIECES]) {
        match self.0 {
            Kind::Portable => {
                for (piece, mask) in pieces.iter().zip(masks) {
                    *mask = marks_of(piece, wanted);
                }
            }
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2 => unsafe { super::avx2::each_marks(pieces, wanted, masks) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512 => unsafe { super::avx512::each_marks(pieces, wanted, masks) },
        }
    }

    /// Puts into `places` where one of two bytes stands in pieces of which the first starts at `start`, in order; returns
    /// how many such bytes there are. There is room for as many as there are bytes.
    pub(super) fn places(
        self,
        pieces: &[[u8; 64]],
        wanted: [u8; 2],
        start: u32,
        places: &mut [u32],
    ) -> usize {
        match self.0 {
            Kind::Portable => {
                let mut count = 0;
                for (piece, start) in pieces.iter().zip((start..).step_by(64)) {
                    count += places_of(marks_of(piece, wanted), start, &mut places[count..]);
                }
                count
            }
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2 => unsafe { super::avx2::places(pieces, wanted, start, places) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512 => unsafe { super::avx512::places(pieces, wanted, start, places) },
        }
    }

    /// See [`super::has_odd_bytes`].
    pub(super) fn has_odd_bytes(self, text: &[u8]) -> bool {
        match self.0 {
            Kind::Portable => any_odd_byte(text),
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2 => unsafe { super::avx2::has_odd_bytes(text) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512 => unsafe { super::avx512::has_odd_bytes(text) },
        }
    }
}
