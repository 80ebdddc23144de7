//! Hashes: each that the flag needs is computed once a row.

use std::cell::RefCell;

use crate::bucket::{Algorithm, Hash, Names, Purpose, Whole};

use super::dialect::Dialect;

/// One hash of a row, and the whole number that comes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Drawn {
    /// The name of the unit's text in the query.
    pub(super) unit: String,
    /// What is hashed; none is the unit.
    texts: Vec<Option<String>>,
    hash: Hash,
    digits: u32,
    bits: u32,
    whole: Whole,
    /// The numbers of [`KNOWN`].
    pub(super) known: Vec<u64>,
}

/// Ids whose buckets are known: a database proves with them that it computes the same. Text of one and of several
/// bytes a character, digits alone, and more than one block of a hash.
pub(super) const KNOWN: [&str; 8] = [
    "user-1",
    "42",
    "a",
    "zoë@example.com",
    "日本語-7",
    "00000000-0000-4000-8000-000000000001",
    "user-100000",
    "a-long-id-that-takes-more-than-one-block-of-a-hash-whatever-the-flag-in-front-of-it-is-called",
];

const TOO_WIDE: &str = "computes what does not fit whole numbers of 64 bits, or hashes again";

/// Says what databases lack of a hash; none if all of them have it.
const fn missing(hash: Hash) -> Option<&'static str> {
    match hash {
        Hash::Sha256 | Hash::Sha1 | Hash::Md5 => None,
        Hash::Murmur3 => Some("hashes with murmur3, which databases do not have in this form"),
        Hash::Fnv1a32 | Hash::Fnv1a32Utf16 | Hash::Fnv1a32Utf16Twice => {
            Some("hashes with FNV-1a, which databases do not have")
        }
        Hash::Crc32 => Some("hashes with CRC-32, which few databases have"),
        Hash::Java => Some("hashes as Java does, which databases do not have"),
    }
}

/// The hashes of a query, equal ones once.
#[derive(Default)]
pub(super) struct AllDrawn(RefCell<Vec<Drawn>>);

impl AllDrawn {
    /// Returns the name of the whole number in the query.
    ///
    /// # Errors
    /// What of the algorithm SQL cannot say.
    pub(super) fn number(
        &self,
        algorithm: &Algorithm,
        purpose: Purpose,
        names: Names<'_>,
        total: u32,
        unit: String,
    ) -> Result<String, &'static str> {
        let record = algorithm.record(purpose);
        if let Some(what) = missing(record.hash) {
            return Err(what);
        }
        let texts = record.texts(purpose, names).ok_or("hashes what is not plain text")?;
        let whole = record.whole_number(total).ok_or(TOO_WIDE)?;
        let digits = record.digits().ok_or("takes the sign of a digest")?;
        let folds = matches!(whole, Whole::Remainder(_)) && digits.is_multiple_of(8);
        if digits > 15 && !folds {
            return Err(TOO_WIDE);
        }
        let known = KNOWN.iter().map(|id| record.whole_number_of(purpose, names, id, total));
        let known = known.collect::<Option<_>>().ok_or("hashes what is not plain text")?;
        let drawn = Drawn { unit, texts, hash: record.hash, digits, bits: record.bits(), whole, known };
        let mut all = self.0.borrow_mut();
        let at = all.iter().position(|other| *other == drawn).unwrap_or_else(|| {
            all.push(drawn);
            all.len() - 1
        });
        Ok(format!("ff_n{at}"))
    }

    pub(super) fn into_all(self) -> Vec<Drawn> {
        self.0.into_inner()
    }
}

impl Drawn {
    pub(super) fn is_sha1(&self) -> bool {
        self.hash == Hash::Sha1
    }

    /// Returns the digest of the unit that the query calls `unit`.
    pub(super) fn hex(&self, dialect: Dialect, unit: &str) -> Result<String, &'static str> {
        let mut texts: Vec<String> = Vec::new();
        let mut before = String::new();
        let literal =
            |text: &str| dialect.literal(text).ok_or("its salt or name holds what cannot be written in SQL");
        for text in &self.texts {
            if let Some(text) = text {
                before.push_str(text);
            } else {
                if !before.is_empty() {
                    texts.push(literal(&before)?);
                    before.clear();
                }
                texts.push(unit.to_owned());
            }
        }
        if !before.is_empty() {
            texts.push(literal(&before)?);
        }
        dialect.hex(self.hash, &dialect.concatenated(&texts))
    }

    /// Returns the whole number of the digest that the query calls `hex`.
    pub(super) fn number(&self, dialect: Dialect, hex: &str) -> String {
        match self.whole {
            Whole::First => dialect.number(hex, 1, self.digits),
            Whole::Scaled(count) => {
                let number = dialect.number(hex, 1, self.digits);
                dialect.shifted(&format!("{number} * {count}"), self.bits)
            }
            Whole::Remainder(count) if self.digits <= 15 => {
                dialect.remainder(&dialect.number(hex, 1, self.digits), count)
            }
            // Eight digits at a time: nothing grows beyond 63 bits.
            Whole::Remainder(count) => {
                let words = (0..self.digits / 8).map(|word| dialect.number(hex, 8 * word + 1, 8));
                words
                    .reduce(|sum, word| {
                        dialect.remainder(
                            &format!("({}) * 4294967296 + {word}", dialect.remainder(&sum, count)),
                            count,
                        )
                    })
                    .unwrap_or_default()
            }
        }
    }
}
