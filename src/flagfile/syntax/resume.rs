//! Where to go on reading after a statement that never ended.
//!
//! An unclosed list, brace or `"""` swallows everything after it. What it swallowed is read again from the next
//! line that looks like the start of a statement and is indented no deeper than the broken one.

/// Returns where, in `text[from..until]`, the first line after the one at `from` starts a new statement.
pub(super) fn next_statement(text: &str, from: usize, until: usize) -> Option<usize> {
    let line_start = text[..from].rfind('\n').map_or(0, |at| at + 1);
    let indent = from - line_start;
    let mut at = from + text[from..until].find('\n')? + 1;
    while at < until {
        let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
        let line = &text[at..end];
        let body = line.trim_start_matches([' ', '\t']);
        if line.len() - body.len() <= indent && starts_statement(body) {
            return Some(at);
        }
        at = end + 1;
    }
    None
}

/// Tells whether a line looks like `key = …` or `[header]`.
fn starts_statement(line: &str) -> bool {
    if let Some(rest) = line.strip_prefix('[') {
        let rest = rest.strip_prefix('[').unwrap_or(rest);
        let after = after_key(rest).map(|rest| rest.trim_start_matches([' ', '\t']));
        return after.is_some_and(|after| {
            let tail = after.trim_start_matches(']').trim();
            after.starts_with(']') && (tail.is_empty() || tail.starts_with('#'))
        });
    }
    after_key(line).is_some_and(|rest| rest.trim_start_matches([' ', '\t']).starts_with('='))
}

/// Returns what follows the dotted key at the start of `line`, if there is one.
fn after_key(line: &str) -> Option<&str> {
    let mut rest = line.trim_start_matches([' ', '\t']);
    loop {
        let first = rest.chars().next()?;
        rest = if first == '"' || first == '\'' {
            let body = &rest[1..];
            &body[body.find(first)? + 1..]
        } else {
            let bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
            let after = rest.trim_start_matches(bare);
            if after.len() == rest.len() {
                return None;
            }
            after
        };
        match rest.trim_start_matches([' ', '\t']).strip_prefix('.') {
            Some(next) => rest = next.trim_start_matches([' ', '\t']),
            None => return Some(rest),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_look_like_keys_and_headers() {
        for line in ["a = 1", "a.\"b c\" . d=2", "[flags]", "[[ flags.x . rules ]] # why", "'a' = 1"] {
            assert!(starts_statement(line), "{line}");
        }
        for line in ["", "# a = 1", "{ a = 1 },", "[\"v2\", 90],", "\"a\",", "]", "= 1", "a b = 1"] {
            assert!(!starts_statement(line), "{line}");
        }
    }

    #[test]
    fn reading_goes_on_at_the_next_statement_of_the_same_depth() {
        let text = "tags = [\"a\",\n  b = 1\nowner = \"x\"\n";
        assert_eq!(next_statement(text, 0, text.len()), text.find("owner"));
        assert_eq!(next_statement(text, 0, 14), None);
    }
}
