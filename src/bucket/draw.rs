//! What a line draws for a unit.

/// Where a unit falls by one record, in an order: it is in where its draw is below a limit of the same record.
/// Draws of different records say nothing to each other. A whole bucket is its number, a fraction the bits of
/// its floating point number (which order as the numbers do, none being negative), and what is scaled by 32 bits
/// or fewer the number before scaling, so that one draw serves shares of any sum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Draw(u64);

impl Draw {
    /// Returns the draw of this place in the order.
    #[inline]
    pub(super) const fn new(place: u64) -> Self {
        Self(place)
    }

    /// Returns the draw of a fraction, which is not negative.
    pub(super) const fn of_fraction(fraction: f64) -> Self {
        Self(fraction.to_bits())
    }

    pub(in crate::bucket) const fn place(self) -> u64 {
        self.0
    }

    pub(super) const fn fraction(self) -> f64 {
        f64::from_bits(self.0)
    }

    /// Returns the draw after this one.
    pub(super) const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}
