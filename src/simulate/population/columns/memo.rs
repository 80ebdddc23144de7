//! What is made of a text, remembered while few different ones come.

use std::collections::HashMap;

use super::super::super::quick::Quick;
/// Remembers a number for each text, unless nearly every text is a new one.
#[derive(Default)]
pub(super) struct Memo {
    known: HashMap<Box<str>, u32, Quick>,
    asked: u32,
    missed: u32,
    useless: bool,
}

impl Memo {
    /// The most texts that are remembered.
    const MOST: usize = 1 << 15;
    /// The longest of them, in bytes.
    const LONGEST: usize = 256;
    /// After how many texts it is asked again whether remembering them is of use.
    const TRIED: u32 = 1 << 16;

    /// Returns the number of a text, asking `make` where it is not remembered; none where `make` has none.
    #[inline]
    pub(super) fn number(&mut self, text: &str, make: impl FnOnce() -> Option<u32>) -> Option<u32> {
        if self.useless {
            return make();
        }
        self.asked += 1;
        if self.asked == Self::TRIED {
            self.judge();
        }
        if let Some(number) = self.known.get(text) {
            return Some(*number);
        }
        let number = make()?;
        self.miss(text, number);
        Some(number)
    }

    #[cold]
    fn miss(&mut self, text: &str, number: u32) {
        self.missed += 1;
        if self.known.len() < Self::MOST && text.len() <= Self::LONGEST {
            self.known.insert(text.into(), number);
        }
    }

    #[cold]
    fn judge(&mut self) {
        self.useless = self.missed > Self::TRIED / 2;
        (self.asked, self.missed) = (0, 0);
        if self.useless {
            self.known = HashMap::default();
        }
    }

    /// Forgets all texts.
    pub(super) fn clear(&mut self) {
        self.known.clear();
    }
}
