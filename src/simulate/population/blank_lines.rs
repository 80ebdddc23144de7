//! Blank lines of CSV, which its reader passes over without a word.

/// Returns how many lines of a block of whole rows hold nothing: no row, and not within quotes.
pub(super) fn blank_lines(block: &[u8]) -> u64 {
    let mut blank = 0;
    let mut from = 0;
    // Whether what comes next is in quotes that an earlier line opened.
    let mut quoted = false;
    for end in memchr::memchr_iter(b'\n', block) {
        let line = &block[from..end];
        from = end + 1;
        if !quoted && matches!(line, [] | [b'\r']) {
            blank += 1;
        } else if memchr::memchr(b'"', line).is_some() || quoted {
            quoted = in_quotes(line, quoted);
        }
    }
    blank
}

/// Tells whether a line that starts in quotes or not ends in them, as [`super::blocks`] reads quotes.
fn in_quotes(line: &[u8], mut quoted: bool) -> bool {
    let mut field_start = !quoted;
    let mut closing = false;
    for byte in line {
        match (byte, quoted, closing) {
            (b'"', true, _) => (quoted, closing) = (false, true),
            // A doubled one stands for itself.
            (b'"', false, true) => (quoted, closing) = (true, false),
            (b'"', false, false) if field_start => quoted = true,
            (_, true, _) => {}
            _ => closing = false,
        }
        field_start = !quoted && matches!(byte, b',' | b'\r');
    }
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_with_nothing_in_them_are_blank() {
        for (text, blank) in [
            ("", 0),
            ("u1,a\nu2,b\n", 0),
            ("\nu1,a\n\r\n\nu2,b\r\n\n", 4),
            ("u1,\"a\n\n\nb\"\n\nu2,c\n", 1),
            ("u1,\"a \"\"x\"\"\n\n\",\"\n\n\"\n\n", 1),
            ("u1,a \"quote\n\nu2,b\n", 1),
            ("u1,\"\"\n\nu2,\"\"\"\"\n\n", 2),
            ("u1,a\n ", 0),
        ] {
            assert_eq!(blank_lines(text.as_bytes()), blank, "{text:?}");
        }
    }
}
