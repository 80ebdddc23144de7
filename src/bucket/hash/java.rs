//! `String.hashCode` of Java.

/// Returns `s[0]*31^(n-1) + … + s[n-1]` over UTF-16 code units in 32 bits (the documentation of
/// `java.lang.String`).
pub(in crate::bucket) fn java(text: &str) -> u32 {
    text.encode_utf16().fold(0, |hash: u32, unit| hash.wrapping_mul(31).wrapping_add(u32::from(unit)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `"polygenelubricants".hashCode()` is the well-known smallest of all.
    #[test]
    fn published_values() {
        assert_eq!(java(""), 0);
        assert_eq!(java("hello"), 99_162_322);
        assert_eq!(java("polygenelubricants").cast_signed(), i32::MIN);
        assert_eq!(java("Aa"), java("BB"));
    }
}
