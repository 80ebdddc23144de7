//! A record compiled for one flag or experiment: units → draws.

use super::algorithm::{Algorithm, Purpose};
use super::code::{cbor, flagsmith, remainder_of, seed_of_key};
use super::digest::Digest;
use super::draw::Draw;
use super::hash::Hash;
use super::prefix::Prefix;
use super::record::{Precision, Record, Reduce, Seed, Slice};
use super::share::single;

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
    /// How many buckets there are, where they are counted.
    count: u64,
    hash: Hash,
    slice: Slice,
    reduce: Reduce,
    precision: Precision,
    bits: u32,
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
        // What does not depend on the sum of the shares must not differ by it: equal lines are drawn once.
        let count = if record.is_unscaled() { 0 } else { record.count(total) };
        Self(Kind::Record(Box::new(Compiled {
            parts,
            cbor: record.template.is_cbor(),
            seed,
            count,
            hash: record.hash,
            slice: record.slice,
            reduce: record.reduce,
            precision: record.precision,
            bits: record.bits(),
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
        let digest = || Digest::of(self.hash, self.seed, input);
        match self.reduce {
            Reduce::Scale(_) if self.count == 0 => Draw::new(digest().number(self.slice)),
            Reduce::Scale(_) => {
                let wide = (u128::from(digest().number(self.slice)) * u128::from(self.count)) >> self.bits;
                Draw::new(u64::try_from(wide).expect("a bucket is below the count"))
            }
            Reduce::Modulo(_) => Draw::new(digest().remainder(self.slice, self.count)),
            Reduce::Fraction(_) => self.fraction(digest().remainder(self.slice, self.count), self.count, 1),
            Reduce::Unit { closed, top } => self.unit(digest().number(self.slice), closed, top),
            Reduce::Flagsmith => Draw::of_fraction(flagsmith(input, |text| {
                remainder_of(Digest::of(self.hash, self.seed, text).bytes(), 9999)
            })),
        }
    }

    fn unit(&self, number: u64, closed: bool, top: u32) -> Draw {
        let largest = u64::MAX >> (64 - self.bits);
        if closed { self.fraction(number, largest, top) } else { self.open(number, top) }
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "systems convert before they divide, and so lose the same"
    )]
    fn fraction(&self, number: u64, divisor: u64, top: u32) -> Draw {
        Draw::of_fraction(match self.precision {
            Precision::F64 => number as f64 / divisor as f64 * f64::from(top),
            Precision::F32 => f64::from(single(number) / single(divisor) * single(top.into())),
        })
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "systems convert before they divide, and so lose the same"
    )]
    fn open(&self, number: u64, top: u32) -> Draw {
        Draw::of_fraction(match self.precision {
            Precision::F64 => number as f64 / (1_u128 << self.bits) as f64 * f64::from(top),
            Precision::F32 => f64::from(single(number) / ((1_u128 << self.bits) as f32) * single(top.into())),
        })
    }
}

/// Returns the draw of a number of a record that takes the unit interval; none of other records.
pub(super) fn fraction_of(record: &Record, number: u64) -> Option<Draw> {
    let Reduce::Unit { closed, top } = record.reduce else { return None };
    let names = Names { key: "", salt: None };
    match Line::of_record(record, Purpose::Rollout, names, 1).0 {
        Kind::Record(compiled) => Some(compiled.unit(number, closed, top)),
        Kind::Prefix(_) => None,
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
