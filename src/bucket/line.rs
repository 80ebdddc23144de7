//! A record compiled for one flag or experiment: units → draws.

use super::algorithm::{Algorithm, Purpose};
use super::code::{FLAGSMITH, cbor, flagsmith, remainder_of, seed_of_key};
use super::digest::Digest;
use super::draw::Draw;
use super::hash::Hash;
use super::prefix::Prefix;
use super::record::{Record, Reduce, Seed, Slice};
use super::reduction::Reduction;

/// What goes into the hash beside the unit.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a> {
    /// The flag's or experiment's name.
    pub key: &'a str,
    /// Its salt.
    pub salt: Option<&'a str>,
}

/// A record with everything but the unit filled in. Equal lines draw the same for every unit.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Line(Kind);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Kind {
    /// The first 32 bits of SHA-256 over a text that ends with the unit, to be scaled: `ffctl/1`'s, and fast.
    Prefix(Prefix),
    /// Everything else.
    Record(Box<Compiled>),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Compiled {
    parts: Vec<Option<String>>,
    cbor: bool,
    seed: u32,
    hash: Hash,
    reduction: Reduction,
}

/// What a line hashes where that is a text before the unit, the unit, and a text after it.
pub(super) enum Around<'l> {
    /// SHA-256 of a text that was begun already.
    Begun(&'l Prefix),
    /// A hash of these texts.
    Texts(Hash, String, String),
}

/// Inputs up to this length are put together without asking for memory.
const SHORT: usize = 256;

impl Line {
    /// Compiles the record of an algorithm for a flag or an experiment whose shares add up to `total`.
    pub fn new(algorithm: &Algorithm, purpose: Purpose, names: Names<'_>, total: u32) -> Self {
        Self::of_record(algorithm.record(purpose), purpose, names, total)
    }

    /// Compiles a record.
    pub fn of_record(record: &Record, purpose: Purpose, names: Names<'_>, total: u32) -> Self {
        let seed = match record.seed {
            Seed::Fixed(seed) => seed,
            Seed::OfKey(seed) => seed_of_key(names.salt.unwrap_or(names.key), seed),
        };
        let mut parts = record.template.filled(purpose, names.key, names.salt, seed);
        let first_word = matches!(record.slice, Slice::Hex(8) | Slice::Bytes(4));
        let scaled = matches!(record.reduce, Reduce::Scale(_));
        let units = parts.iter().filter(|part| part.is_none()).count();
        if record.hash == Hash::Sha256 && first_word && scaled && units == 1 && parts.last() == Some(&None) {
            parts.pop();
            let text: String = parts.into_iter().flatten().collect();
            return Self(Kind::Prefix(Prefix::of(text.as_bytes())));
        }
        Self(Kind::Record(Box::new(Compiled {
            parts,
            cbor: record.template.is_cbor(),
            seed,
            hash: record.hash,
            reduction: Reduction::new(record, total),
        })))
    }

    /// Returns a unit's draw.
    #[inline]
    pub fn draw(&self, unit: &str) -> Draw {
        match &self.0 {
            Kind::Prefix(prefix) => Draw::new(prefix.point(unit).place().into()),
            Kind::Record(compiled) => compiled.draw(unit),
        }
    }

    /// Returns how digests become draws.
    pub(super) fn reduction(&self) -> Reduction {
        match &self.0 {
            Kind::Prefix(_) => Reduction::of_first_word(),
            Kind::Record(compiled) => compiled.reduction.clone(),
        }
    }

    /// Returns what is hashed around the unit; none where the unit stands in it twice, or in CBOR.
    pub(super) fn around(&self) -> Option<Around<'_>> {
        let compiled = match &self.0 {
            Kind::Prefix(prefix) => return Some(Around::Begun(prefix)),
            Kind::Record(compiled) => compiled,
        };
        let mut texts = compiled.parts.split(Option::is_none);
        let mut text = || texts.next().map(|parts| parts.iter().flatten().cloned().collect::<String>());
        let (start, end) = (text()?, text()?);
        (text().is_none() && !compiled.cbor).then_some(Around::Texts(compiled.hash, start, end))
    }
}

impl Compiled {
    fn draw(&self, unit: &str) -> Draw {
        let length: usize = self.parts.iter().map(|part| part.as_ref().map_or(unit.len(), String::len)).sum();
        let parts = self.parts.iter().map(|part| part.as_deref().unwrap_or(unit));
        if self.cbor {
            return self.reduced(&cbor(parts));
        }
        if length > SHORT {
            return self.reduced(parts.collect::<String>().as_bytes());
        }
        let mut input = [0; SHORT];
        let mut end = 0;
        for part in parts {
            input[end..end + part.len()].copy_from_slice(part.as_bytes());
            end += part.len();
        }
        self.reduced(&input[..end])
    }

    fn reduced(&self, input: &[u8]) -> Draw {
        let number = match self.reduction.reduce {
            Reduce::Flagsmith => flagsmith(input, |text| {
                remainder_of(Digest::of(self.hash, self.seed, text).bytes(), FLAGSMITH)
            }),
            _ => self.reduction.number(&Digest::of(self.hash, self.seed, input)),
        };
        self.reduction.draw(number)
    }
}

/// Returns the input of the hash as people read it; an array in CBOR in its diagnostic notation.
pub(super) fn input(record: &Record, purpose: Purpose, names: Names<'_>, unit: &str) -> String {
    let seed = match record.seed {
        Seed::Fixed(seed) => seed,
        Seed::OfKey(seed) => seed_of_key(names.salt.unwrap_or(names.key), seed),
    };
    let parts = record.template.filled(purpose, names.key, names.salt, seed);
    let texts = parts.iter().map(|part| part.as_deref().unwrap_or(unit));
    if record.template.is_cbor() {
        let quoted: Vec<String> = texts.map(|text| format!("{text:?}")).collect();
        return format!("cbor[{}]", quoted.join(", "));
    }
    let text = texts.collect::<String>();
    if record.hash.is_seeded() && seed != 0 { format!("{text} (seed {seed})") } else { text }
}
