//! Names of the hashes.

use std::fmt;

/// A hash, as a record names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hash {
    /// SHA-256 (FIPS 180-4).
    Sha256,
    /// SHA-1 (FIPS 180-4).
    Sha1,
    /// MD5 (RFC 1321).
    Md5,
    /// `MurmurHash3` `x86_32` over UTF-8, unsigned.
    Murmur3,
    /// FNV-1a in 32 bits over UTF-8.
    Fnv1a32,
    /// FNV-1a in 32 bits over UTF-16 code units.
    Fnv1a32Utf16,
    /// The same, of the decimal digits of the same: `GrowthBook`'s second version.
    Fnv1a32Utf16Twice,
    /// CRC-32 (ISO 3309) over UTF-8.
    Crc32,
    /// Java's `String.hashCode`, xor the seed.
    Java,
}

impl Hash {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Sha256,
        Self::Sha1,
        Self::Md5,
        Self::Murmur3,
        Self::Fnv1a32,
        Self::Fnv1a32Utf16,
        Self::Fnv1a32Utf16Twice,
        Self::Crc32,
        Self::Java,
    ];

    /// Returns the word of flags.toml and of JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha1 => "sha1",
            Self::Md5 => "md5",
            Self::Murmur3 => "murmur3",
            Self::Fnv1a32 => "fnv1a32",
            Self::Fnv1a32Utf16 => "fnv1a32-utf16",
            Self::Fnv1a32Utf16Twice => "fnv1a32-utf16-twice",
            Self::Crc32 => "crc32",
            Self::Java => "java",
        }
    }

    /// Returns the hash of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|hash| hash.word() == word)
    }

    /// Returns how many bytes a digest has.
    pub const fn bytes(self) -> u32 {
        match self {
            Self::Sha256 => 32,
            Self::Sha1 => 20,
            Self::Md5 => 16,
            _ => 4,
        }
    }

    /// Tells whether the hash takes a seed.
    pub const fn is_seeded(self) -> bool {
        matches!(self, Self::Murmur3 | Self::Java)
    }

    /// Tells whether buckets of different keys are independent of each other. FNV-1a, CRC-32 and Java's are not:
    /// their outputs over inputs that differ in the key alone keep a relation.
    pub const fn is_independent(self) -> bool {
        matches!(self, Self::Sha256 | Self::Sha1 | Self::Md5 | Self::Murmur3)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}
