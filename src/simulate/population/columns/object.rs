//! JSON objects of plain fields, read where they stand.
//!
//! Takes nothing that `serde_json` refuses: what is not as plain as expected here (escapes, a field that stands twice,
//! anything malformed) is left to it.

use std::slice::Iter;

use crate::context::Document;

/// A line of a text, without a backslash and without control characters, and where quotes stand in it.
#[derive(Clone, Copy)]
pub(super) struct Line<'t> {
    pub(super) text: &'t str,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) quotes: &'t [u32],
}

/// Where a text stands.
pub(super) type Span = (usize, usize);

/// Calls `take` with where each field's name and value stand, texts with their quotes; false if the line is no plain
/// object, or `take` refuses a field. A value that is a list or an object is passed on as it stands, and is one.
#[inline]
pub(super) fn each_field(line: Line<'_>, mut take: impl FnMut(Span, Span) -> bool) -> bool {
    let mut cursor =
        Cursor { bytes: &line.text.as_bytes()[..line.end], at: line.start, quotes: line.quotes.iter() };
    let mut fields = || {
        cursor.expect(b'{')?;
        loop {
            cursor.skip_blanks();
            let (start, end) = cursor.text()?;
            cursor.expect(b':')?;
            cursor.skip_blanks();
            let value = cursor.value(line.text)?;
            if !take((start + 1, end - 1), value) {
                return None;
            }
            cursor.skip_blanks();
            match cursor.next()? {
                b',' => {}
                b'}' => break,
                _ => return None,
            }
        }
        cursor.skip_blanks();
        (cursor.at == line.end).then_some(())
    };
    fields().is_some()
}

/// Returns the end of a number, boolean or null that stands there.
#[inline]
pub(super) fn scalar(text: &[u8], start: usize) -> Option<usize> {
    // Most numbers are whole and short, and what follows tells that they are.
    if let Some(bytes) = text.get(start..).and_then(|rest| rest.first_chunk::<8>()) {
        let digits = leading_digits(*bytes);
        let leading_zero = bytes[0] == b'0' && digits > 1;
        if digits > 0 && !leading_zero && matches!(bytes.get(digits), Some(b',' | b'}')) {
            return Some(start + digits);
        }
    }
    other_scalar(text, start)
}

/// Tells whether a value that is no text is one that a key may be: a whole number in the one way to write it, or none.
#[inline]
pub(super) fn is_key(value: &[u8]) -> bool {
    let digits = value.strip_prefix(b"-").unwrap_or(value);
    let short = (1..=18).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit);
    short && value != b"-0" || value == b"null"
}

/// Returns the end of what is no short number that is whole.
fn other_scalar(text: &[u8], start: usize) -> Option<usize> {
    // A line ends with what is no part of a value, so that what follows may be looked at.
    let mut cursor = Cursor { bytes: text, at: start, quotes: [].iter() };
    match cursor.peek()? {
        b'-' | b'0'..=b'9' => cursor.number()?,
        b't' => cursor.word(b"true")?,
        b'f' => cursor.word(b"false")?,
        b'n' => cursor.word(b"null")?,
        _ => return None,
    }
    Some(cursor.at)
}

/// Returns how many of eight bytes are digits, up to the first that is none.
#[inline]
const fn leading_digits(bytes: [u8; 8]) -> usize {
    const ONES: u64 = u64::MAX / 255;
    let value = u64::from_le_bytes(bytes) ^ (ONES * b'0' as u64);
    // Digits are 0 to 9 then; what is more reaches the highest bit of its byte.
    let others = (((value & (ONES * 0x7f)) + ONES * (0x7f - 9)) | value) & (ONES << 7);
    others.trailing_zeros() as usize / 8
}

struct Cursor<'t> {
    bytes: &'t [u8],
    at: usize,
    quotes: Iter<'t, u32>,
}

impl Cursor<'_> {
    /// The deepest nesting that is looked into: less than where `serde_json` ends.
    const DEEPEST: usize = 100;

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    #[inline]
    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    #[inline]
    fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r')) {
            self.at += 1;
        }
    }

    /// Passes blanks and a byte.
    #[inline]
    fn expect(&mut self, byte: u8) -> Option<()> {
        self.skip_blanks();
        (self.next()? == byte).then_some(())
    }

    /// Passes a text.
    #[inline]
    fn text(&mut self) -> Option<Span> {
        let (start, end) = (*self.quotes.next()? as usize, *self.quotes.next()? as usize);
        if start != self.at {
            return None;
        }
        self.at = end + 1;
        Some((start, self.at))
    }

    /// Passes a value.
    #[inline]
    fn value(&mut self, text: &str) -> Option<Span> {
        let start = self.at;
        match self.peek()? {
            b'"' => return self.text(),
            b'-' | b'0'..=b'9' => self.number()?,
            b't' => self.word(b"true")?,
            b'f' => self.word(b"false")?,
            b'n' => self.word(b"null")?,
            _ => self.nested(text)?,
        }
        Some((start, self.at))
    }

    #[inline]
    fn word(&mut self, word: &[u8]) -> Option<()> {
        self.bytes.get(self.at..)?.starts_with(word).then(|| self.at += word.len())
    }

    /// Passes a number without an exponent, and not so long that it could be too large.
    #[inline]
    fn number(&mut self) -> Option<()> {
        let start = self.at;
        self.at += usize::from(self.peek() == Some(b'-'));
        let first = self.next()?;
        match first {
            b'0' => {}
            b'1'..=b'9' => self.digits(),
            _ => return None,
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            let from = self.at;
            self.digits();
            if self.at == from {
                return None;
            }
        }
        (!matches!(self.peek(), Some(b'e' | b'E' | b'0'..=b'9')) && self.at - start <= 32).then_some(())
    }

    #[inline]
    fn digits(&mut self) {
        while let Some(bytes) = self.bytes.get(self.at..).and_then(|rest| rest.first_chunk()) {
            let digits = leading_digits(*bytes);
            self.at += digits;
            if digits < 8 {
                return;
            }
        }
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
    }

    /// Passes a list or an object, if it is one.
    fn nested(&mut self, text: &str) -> Option<()> {
        let (start, mut depth) = (self.at, 0_usize);
        loop {
            match self.peek()? {
                b'"' => {
                    self.text()?;
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.checked_sub(1)?,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                break;
            }
            if depth > Self::DEEPEST {
                return None;
            }
        }
        serde_json::from_str::<Document>(text.get(start..self.at)?).ok().map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_counted_up_to_the_first_other_byte() {
        for byte in 0..=u8::MAX {
            for at in 0..8 {
                let mut bytes = *b"90817263";
                bytes[at] = byte;
                let expected = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
                assert_eq!(leading_digits(bytes), expected, "{bytes:?}");
            }
        }
    }
}
