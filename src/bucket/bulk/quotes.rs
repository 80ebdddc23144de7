//! Where quotes and line ends stand in a text.

use super::engine::Engine;
use super::marks::{has_odd_bytes, marks_of, places_of};

/// How many bytes are looked at before what was found is handed on: few enough to stay in the processor's first cache.
const STRETCH: usize = 16 * 1024;
/// What is looked for.
const WANTED: [u8; 2] = [b'"', b'\n'];

/// Where quotes and line ends stand in a text, one line after another.
pub struct Quotes<'t> {
    text: &'t [u8],
    engine: Engine,
    /// How many bytes were looked at.
    looked: usize,
    /// Whether there are odd bytes in what was looked at last, and in any stretch that the lines at hand are of.
    odd: (bool, bool),
    memory: &'t mut QuotesMemory,
    /// How many places are of lines that were handed on, and how many there are.
    whole: usize,
    count: usize,
}

/// What is kept from text to text.
#[derive(Default)]
pub struct QuotesMemory {
    places: Vec<u32>,
}

impl<'t> Quotes<'t> {
    /// Starts at the beginning of a text; none if it is too long for places of 32 bits.
    pub fn new(text: &'t [u8], engine: Engine, memory: &'t mut QuotesMemory) -> Option<Self> {
        let odd = (false, false);
        let short = u32::try_from(text.len()).is_ok();
        short.then_some(Self { text, engine, looked: 0, odd, memory, whole: 0, count: 0 })
    }

    /// Returns where quotes and line ends stand in the next lines, of which there is at least one, and whether there may be
    /// odd bytes in them, as [`has_odd_bytes`] has it; none behind the last line. A text that does not end with a line end
    /// is as if one came behind it.
    pub fn next_lines(&mut self) -> Option<(&[u32], bool)> {
        self.look().then(|| (&self.memory.places[..self.whole], self.odd.1))
    }

    /// Looks at the text until there is a whole line; false at its end.
    fn look(&mut self) -> bool {
        let Self { text, engine, memory: QuotesMemory { places }, .. } = self;
        places.copy_within(self.whole..self.count, 0);
        self.count -= self.whole;
        (self.whole, self.odd.1) = (0, self.odd.0);
        let place = |at| u32::try_from(at).expect("the text is short enough");
        while self.looked < text.len() {
            let stretch = &text[self.looked..text.len().min(self.looked + STRETCH)];
            let from = self.count;
            let room = from + stretch.len() + 64;
            if places.len() < room {
                places.resize(room, 0);
            }
            let (pieces, rest) = stretch.as_chunks();
            let (start, behind) = (self.looked, self.looked + stretch.len() - rest.len());
            self.count += engine.places(pieces, WANTED, place(start), &mut places[from..]);
            self.count += places_of(marks_of(rest, WANTED), place(behind), &mut places[self.count..]);
            self.odd.0 = has_odd_bytes(stretch, *engine);
            self.odd.1 |= self.odd.0;
            self.looked += stretch.len();
            if self.looked == text.len() && text.last() != Some(&b'\n') {
                places[self.count] = place(self.looked);
                self.count += 1;
                self.whole = self.count;
                return true;
            }
            let ends = |at: &u32| text[*at as usize] == b'\n';
            if let Some(last) = places[from..self.count].iter().rposition(ends) {
                self.whole = from + last + 1;
                return true;
            }
        }
        false
    }
}
