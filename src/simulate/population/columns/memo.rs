//! What is made of a text, remembered while few different ones come.

use std::collections::HashMap;

use super::super::super::quick::Quick;
use super::short::Short;
use super::sorting::Cell;

/// Remembers a number for each text, unless nearly every text is a new one.
#[derive(Default)]
pub(super) struct Memo {
    short: HashMap<Short, u32, Quick>,
    long: HashMap<Box<str>, u32, Quick>,
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

    /// Returns the number of a cell's text, asking `make` where it is not remembered; none where `make` has none.
    #[inline]
    pub(super) fn number<R: Cell>(
        &mut self,
        row: &R,
        column: usize,
        make: impl FnOnce() -> Option<u32>,
    ) -> Option<u32> {
        if self.useless {
            return make();
        }
        self.asked += 1;
        if self.asked == Self::TRIED {
            self.judge();
        }
        let short = row.short(column);
        let known = match &short {
            Some(short) => self.short.get(short),
            None => self.long.get(row.cell(column)),
        };
        if let Some(number) = known {
            return Some(*number);
        }
        let number = make()?;
        self.miss(row.cell(column), short, number);
        Some(number)
    }

    #[cold]
    fn miss(&mut self, text: &str, short: Option<Short>, number: u32) {
        self.missed += 1;
        if self.short.len() + self.long.len() >= Self::MOST {
            return;
        }
        match short {
            Some(short) => drop(self.short.insert(short, number)),
            None if text.len() <= Self::LONGEST => drop(self.long.insert(text.into(), number)),
            None => {}
        }
    }

    #[cold]
    fn judge(&mut self) {
        self.useless = self.missed > Self::TRIED / 2;
        (self.asked, self.missed) = (0, 0);
        if self.useless {
            (self.short, self.long) = (HashMap::default(), HashMap::default());
        }
    }

    /// Forgets all texts.
    pub(super) fn clear(&mut self) {
        self.short.clear();
        self.long.clear();
    }
}
