//! Units that are worked on together.

/// Where units stand in a text.
#[derive(Clone, Debug)]
pub struct Batch {
    pub(super) starts: Box<[u32; Batch::SIZE]>,
    pub(super) lengths: Box<[u32; Batch::SIZE]>,
    pub(super) count: usize,
}

/// The words of digests: for each word, that of every unit.
pub(super) type Words = [[u32; Batch::SIZE]; Batch::WORDS];

impl Batch {
    /// The most units in a batch: what comes out of them stays in the processor's first cache.
    pub const SIZE: usize = 1024;
    /// The most words of a digest.
    pub(super) const WORDS: usize = 8;

    /// Adds the unit at these bytes of the text; without room, or beyond 4 GiB, it is not added.
    #[inline]
    pub fn push(&mut self, start: usize, end: usize) -> bool {
        let place = (u32::try_from(start), u32::try_from(end.saturating_sub(start)));
        let (Ok(start), Ok(length), true) = (place.0, place.1, self.count < Self::SIZE) else { return false };
        self.starts[self.count] = start;
        self.lengths[self.count] = length;
        self.count += 1;
        true
    }

    /// Removes all units.
    pub fn clear(&mut self) {
        self.count = 0;
    }

    /// Returns how many units there are.
    pub const fn len(&self) -> usize {
        self.count
    }

    /// Tells whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Returns where each unit starts and ends.
    pub fn places(&self) -> impl ExactSizeIterator<Item = (usize, usize)> {
        let places = self.starts.iter().zip(self.lengths.iter()).take(self.count);
        places.map(|(start, length)| (*start as usize, *start as usize + *length as usize))
    }
}

impl Default for Batch {
    fn default() -> Self {
        Self { starts: Box::new([0; Self::SIZE]), lengths: Box::new([0; Self::SIZE]), count: 0 }
    }
}
