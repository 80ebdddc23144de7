//! Lines of JSON that differ in their values alone.

use super::object::{Span, scalar};

/// All of a line but its values.
pub(super) struct Template<T> {
    /// What stands before each value, and what that field is.
    fields: Vec<(Box<[u8]>, T)>,
    /// What stands after the last.
    end: Box<[u8]>,
}

impl<T: Copy> Template<T> {
    /// Returns the template of a line that is an object of these values; there is at least one.
    pub(super) fn of(text: &[u8], (start, end): Span, values: impl Iterator<Item = (T, Span)>) -> Self {
        let mut at = start;
        let mut fields = Vec::new();
        for (field, (start, end)) in values {
            fields.push((text[at..start].into(), field));
            at = end;
        }
        Self { fields, end: text[at..end].into() }
    }

    /// Calls `take` with each value of a line that differs from the template in its values alone; false if it differs
    /// otherwise, or `take` refuses one.
    #[inline]
    pub(super) fn each_value(
        &self,
        text: &[u8],
        (start, end): Span,
        mut take: impl FnMut(T, Span) -> bool,
    ) -> bool {
        let mut at = start;
        for (before, field) in &self.fields {
            if !text[at..end].starts_with(before) {
                return false;
            }
            at += before.len();
            let Some(behind) = scalar(text, (at, end)) else { return false };
            if !take(*field, (at, behind)) {
                return false;
            }
            at = behind;
        }
        text[at..end] == *self.end
    }
}
