//! The hashes that systems bucket with, each from bytes to a digest. Short ones are written here, after their
//! published descriptions; the cryptographic ones are `RustCrypto`'s.

mod crc32;
mod fnv;
mod java;
mod murmur3;
mod name;

pub(super) use crc32::crc32;
pub(super) use fnv::{fnv1a32, fnv1a32_utf16};
pub(super) use java::java;
pub(super) use murmur3::murmur3;
pub use name::Hash;
