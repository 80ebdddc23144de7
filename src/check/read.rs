//! Conditions from a file: one a line, `#` begins a comment.

use super::condition::Condition;
use super::parse::{Mistake, parse};

/// Reads all conditions of a file. A `#` begins a comment where it stands first or behind a blank: a user's key may
/// hold one. Total.
///
/// # Errors
/// Every mistake, placed within the whole text.
pub fn read(text: &str) -> Result<Vec<Condition>, Vec<Mistake>> {
    let (mut conditions, mut mistakes) = (Vec::new(), Vec::new());
    let mut from = 0;
    for line in text.split_inclusive('\n') {
        // A mark in front of the whole file is an editor's.
        let mark = if from == 0 { line.len() - line.trim_start_matches('\u{feff}').len() } else { 0 };
        let read = &line[mark..];
        let read = &read[..comment(read).unwrap_or(read.len())];
        if !read.trim().is_empty() {
            match parse(read) {
                Ok(condition) => conditions.push(condition),
                Err(mistake) => {
                    let at = from + mark;
                    let span = mistake.span.start + at..mistake.span.end + at;
                    mistakes.push(Mistake { span, ..mistake });
                }
            }
        }
        from += line.len();
    }
    if mistakes.is_empty() { Ok(conditions) } else { Err(mistakes) }
}

/// Returns where a comment begins.
fn comment(line: &str) -> Option<usize> {
    let mut before = ' ';
    line.char_indices().find_map(|(at, c)| {
        let found = c == '#' && before.is_whitespace();
        before = c;
        found.then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_comments_and_blanks() {
        let text = "\u{feff}# the gate\r\n\r\nx=on # why\r\n  y>=25%\r\ne:u#1=treatment\n#z=on";
        let read: Vec<String> = read(text).expect("conditions").iter().map(ToString::to_string).collect();
        assert_eq!(read, ["x=on", "y>=25%", "e:u#1=treatment"]);
        assert_eq!(super::read(" # nothing\n"), Ok(Vec::new()));
    }

    #[test]
    fn every_mistake_has_its_place_in_the_file() {
        let text = "\u{feff}x\ny=on\n  é=on # no\nz>=1\n";
        let mistakes = read(text).expect_err("three mistakes");
        let places: Vec<&str> = mistakes.iter().map(|mistake| &text[mistake.span.clone()]).collect();
        assert_eq!(places, ["x", "é", "1"]);
    }

    proptest! {
        #[test]
        fn every_text_is_read(text in any::<String>()) {
            if let Err(mistakes) = read(&text) {
                prop_assert!(!mistakes.is_empty());
                for mistake in mistakes {
                    prop_assert!(text.get(mistake.span).is_some());
                }
            }
        }
    }
}
