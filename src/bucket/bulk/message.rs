//! What is hashed around a unit, prepared once for many units.

use super::super::hash::Hash;
use super::super::line::{Around, Line};

/// The bytes of one block.
const BLOCK: usize = 64;

/// Everything of a hash input but the unit.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub(super) hash: Lanes,
    /// The state of the hash after the whole blocks before the unit.
    pub(super) state: [u32; 8],
    /// The bytes of those blocks.
    pub(super) hashed: usize,
    /// What comes between them and the unit; zeros from `filled` on.
    pub(super) head: [u8; BLOCK + 16],
    /// How many bytes of `head` are part of the input, 0..64.
    pub(super) filled: usize,
    /// How many bytes come after the unit, the 0x80 of the padding with them.
    pub(super) behind: usize,
    /// Those bytes between zeros, sixteen before and thirty-two after them.
    pub(super) tail: Vec<u8>,
}

/// A hash that is computed in lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lanes {
    Sha256,
    Sha1,
    Md5,
}

impl Lanes {
    /// Returns the hash; none for what is computed one by one.
    pub(super) const fn of(hash: Hash) -> Option<Self> {
        match hash {
            Hash::Sha256 => Some(Self::Sha256),
            Hash::Sha1 => Some(Self::Sha1),
            Hash::Md5 => Some(Self::Md5),
            _ => None,
        }
    }
}

impl Message {
    /// Prepares what a line hashes; none if that hash is not computed in lanes, or the unit does not stand in it once.
    pub(super) fn of(line: &Line) -> Option<Self> {
        match line.around()? {
            Around::Begun(prefix) => {
                let (state, hashed, rest) = prefix.begun();
                Some(Self::begun(Lanes::Sha256, *state, usize::try_from(hashed).ok()?, rest, b""))
            }
            Around::Texts(hash, start, end) => {
                let hash = Lanes::of(hash)?;
                let (blocks, rest) = start.as_bytes().as_chunks::<BLOCK>();
                let state = state_after(hash, blocks);
                Some(Self::begun(hash, state, start.len() - rest.len(), rest, end.as_bytes()))
            }
        }
    }

    fn begun(hash: Lanes, state: [u32; 8], hashed: usize, rest: &[u8], end: &[u8]) -> Self {
        let mut head = [0; BLOCK + 16];
        head[..rest.len()].copy_from_slice(rest);
        let (filled, behind) = (rest.len(), end.len() + 1);
        let tail = [&[0; 16], end, &[0x80], &[0; 32]].concat();
        Self { hash, state, hashed, head, filled, behind, tail }
    }
}

/// Returns the state of a hash after some blocks.
fn state_after(hash: Lanes, blocks: &[[u8; BLOCK]]) -> [u32; 8] {
    /// Section 5.3.1 of FIPS 180-4; MD5 begins with the first four (RFC 1321, section 3.3).
    const SHA1: [u32; 5] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0];
    let mut state = [0; 8];
    match hash {
        Lanes::Sha256 => {
            state = crate::bucket::prefix::INITIAL;
            sha2::block_api::compress256(&mut state, blocks);
        }
        Lanes::Sha1 => {
            let mut five = SHA1;
            sha1::block_api::compress(&mut five, blocks);
            state[..5].copy_from_slice(&five);
        }
        Lanes::Md5 => {
            let [mut four @ .., _] = SHA1;
            md5::block_api::compress(&mut four, blocks);
            state[..4].copy_from_slice(&four);
        }
    }
    state
}
