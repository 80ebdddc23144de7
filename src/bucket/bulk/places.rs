//! Between which limits units draw.

use super::super::code::FLAGSMITH;
use super::super::draw::Draw;
use super::super::line::Line;
use super::super::record::{Reduce, Slice};
use super::batch::{Batch, Words};
use super::divisor::Divisor;
use super::engine::Engine;
use super::message::Message;

/// A line with limits, prepared for many units.
#[derive(Clone, Debug)]
pub struct Bulk<'l> {
    line: &'l Line,
    limits: Vec<Draw>,
    engine: Engine,
    /// None where units are drawn one by one.
    lanes: Option<InLanes>,
}

/// What is done with the words of digests.
#[derive(Clone, Debug)]
struct InLanes {
    message: Message,
    /// How many words of each digest count.
    wanted: usize,
    compare: Compare,
}

/// How words are compared with limits: by the first numbers that do not draw below them, ascending.
#[derive(Clone, Debug)]
enum Compare {
    /// The first word, with numbers moved to its upper end.
    Word(Vec<u32>),
    /// The first two words, the same.
    TwoWords(Vec<u64>),
    /// Their remainder, of two words shifted down or of more as they are.
    Remainder { divisor: Divisor, down: Option<u32>, of: usize, firsts: Vec<u64>, again: Option<u64> },
}

/// Memory for one batch after another.
#[derive(Debug)]
pub struct Scratch {
    words: Box<Words>,
    places: Box<[u16; Batch::SIZE]>,
}

impl Default for Scratch {
    fn default() -> Self {
        let words = vec![[0; Batch::SIZE]; Batch::WORDS].into_boxed_slice().try_into();
        Self { words: words.expect("as many as were made"), places: Box::new([0; Batch::SIZE]) }
    }
}

/// The longest text that is hashed in lanes: the length of a message in bits must fit a word.
const LONGEST: usize = 1 << 28;

impl<'l> Bulk<'l> {
    /// Prepares a line; limits ascend, and are of its record.
    pub fn new(line: &'l Line, limits: Vec<Draw>, engine: Engine) -> Self {
        debug_assert!(limits.is_sorted(), "limits ascend");
        let lanes = if engine == Engine::PORTABLE { None } else { InLanes::new(line, &limits) };
        Self { line, limits, engine, lanes }
    }

    /// Returns for each unit of a batch how many limits its draw is not below. Units are those of the text.
    ///
    /// # Panics
    /// When units stand elsewhere than in the text, or not between its characters.
    pub fn places<'s>(&self, text: &str, batch: &Batch, scratch: &'s mut Scratch) -> &'s [u16] {
        let Scratch { words, places } = scratch;
        let places = &mut places[..batch.len()];
        let lanes = self.lanes.as_ref().filter(|_| text.len() < LONGEST);
        match lanes {
            Some(lanes) if self.engine.hash(&lanes.message, text.as_bytes(), batch, lanes.wanted, words) => {
                lanes.compare.places(words, places, |at| self.one(text, batch.places().nth(at)));
            }
            _ => {
                for (place, unit) in places.iter_mut().zip(batch.places()) {
                    *place = self.one(text, Some(unit));
                }
            }
        }
        places
    }

    /// Adds to `counts` how many units of a batch are at each place, see [`Bulk::places`].
    ///
    /// # Panics
    /// As [`Bulk::places`], and when there are fewer counts than places.
    pub fn count(&self, text: &str, batch: &Batch, scratch: &mut Scratch, counts: &mut [u64]) {
        if let Some(InLanes { message, wanted, compare: Compare::Word(firsts) }) = &self.lanes
            && text.len() < LONGEST
            && self.engine.hash(message, text.as_bytes(), batch, *wanted, &mut scratch.words)
        {
            let words = &scratch.words[0][..batch.len()];
            let mut before = words.len();
            for (at, first) in firsts.iter().enumerate() {
                let beyond = words.iter().map(|word| u32::from(word >= first)).sum::<u32>() as usize;
                counts[at] += (before - beyond) as u64;
                before = beyond;
            }
            counts[firsts.len()] += before as u64;
            return;
        }
        for place in self.places(text, batch, scratch) {
            counts[usize::from(*place)] += 1;
        }
    }

    /// Draws one unit as it is drawn everywhere else.
    fn one(&self, text: &str, unit: Option<(usize, usize)>) -> u16 {
        let (start, end) = unit.expect("a unit of the batch");
        let draw = self.line.draw(&text[start..end]);
        place_of(self.limits.partition_point(|limit| *limit <= draw))
    }
}

/// Limits are shares of flags and experiments: there are never so many.
fn place_of(at: usize) -> u16 {
    u16::try_from(at).unwrap_or(u16::MAX)
}

impl InLanes {
    fn new(line: &Line, limits: &[Draw]) -> Option<Self> {
        let (message, reduction) = (Message::of(line)?, line.reduction());
        // A limit that all draw below is above all numbers.
        let firsts: Vec<u64> = limits.iter().map_while(|limit| reduction.first_at(*limit)).collect();
        let bits = reduction.bits;
        let wanted = (bits.div_ceil(32)) as usize;
        let compare = match reduction.divisor() {
            Some(divisor) if divisor <= 1 << 32 => {
                let down = (reduction.slice != Slice::Whole && bits <= 64).then(|| 64 - bits);
                let again = (reduction.reduce == Reduce::Flagsmith).then_some(FLAGSMITH - 1);
                Compare::Remainder { divisor: Divisor::new(divisor), down, of: wanted, firsts, again }
            }
            Some(_) => return None,
            None if bits <= 32 => {
                let moved = firsts.iter().map(|first| u32::try_from(first << (32 - bits)).ok());
                Compare::Word(moved.collect::<Option<_>>()?)
            }
            None => Compare::TwoWords(firsts.iter().map(|first| first << (64 - bits)).collect()),
        };
        Some(Self { message, wanted, compare })
    }
}

impl Compare {
    /// Puts the place of each unit into `places`; `one` draws a unit again.
    fn places(&self, words: &Words, places: &mut [u16], one: impl Fn(usize) -> u16) {
        match self {
            Self::Word(firsts) => {
                places.fill(0);
                for first in firsts {
                    for (place, word) in places.iter_mut().zip(&words[0]) {
                        *place += u16::from(word >= first);
                    }
                }
            }
            Self::TwoWords(firsts) => {
                for (at, place) in places.iter_mut().enumerate() {
                    let number = two(words, at);
                    *place = place_of(firsts.partition_point(|first| *first <= number));
                }
            }
            Self::Remainder { divisor, down, of, firsts, again } => {
                for (at, place) in places.iter_mut().enumerate() {
                    let number = match down {
                        Some(down) => divisor.remainder(two(words, at) >> down),
                        None => divisor.remainder_of(words[..*of].iter().map(|word| word[at])),
                    };
                    *place = if *again == Some(number) {
                        one(at)
                    } else {
                        place_of(firsts.partition_point(|first| *first <= number))
                    };
                }
            }
        }
    }
}

/// Returns the first two words of a unit's digest.
fn two(words: &Words, at: usize) -> u64 {
    u64::from(words[0][at]) << 32 | u64::from(words[1][at])
}
