//! A point on the circle of 2^32 and its bucket among so many.

/// Where a unit falls among 2^32 equal places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Point(u32);

impl Point {
    /// Returns the point at this place.
    pub const fn new(place: u32) -> Self {
        Self(place)
    }

    /// Returns the place, 0..2^32.
    pub const fn place(self) -> u32 {
        self.0
    }

    /// Returns the bucket among `total` equal ones, 0..total, by multiply and shift: unlike a remainder it
    /// keeps the order of points, so shares scaled by a constant move nobody.
    pub const fn bucket(self, total: u32) -> u32 {
        ((self.0 as u64 * total as u64) >> 32) as u32
    }
}
