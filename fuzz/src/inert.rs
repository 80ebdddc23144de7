//! What nothing that is shown may ever hold.

/// Fails on a character that a terminal obeys or hides. Looks at general categories, so that it does not repeat
/// the program's own list.
pub(crate) fn assert_inert(shown: &str) {
    let obeyed = |c: char| c != '\n' && (c.is_control() || FORMAT.iter().any(|range| range.contains(&c)));
    assert!(!shown.contains(obeyed), "{shown:?}");
}

/// Format characters that move or hide text: directions, joiners, separators, tags.
const FORMAT: [std::ops::RangeInclusive<char>; 7] = [
    '\u{ad}'..='\u{ad}',
    '\u{61c}'..='\u{61c}',
    '\u{200b}'..='\u{200f}',
    '\u{2028}'..='\u{202e}',
    '\u{2060}'..='\u{206f}',
    '\u{feff}'..='\u{feff}',
    '\u{e0000}'..='\u{e0fff}',
];

/// Fails on a line that GitHub's runner obeys.
pub(crate) fn assert_unarmed(shown: &str) {
    for line in shown.lines() {
        assert!(!line.trim_start().starts_with("::") && !line.contains("##["), "{line:?}");
    }
}
