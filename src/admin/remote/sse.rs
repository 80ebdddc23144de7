//! The stream of server-sent events, line by line (WHATWG HTML, 9.2.6).

use std::time::Duration;

/// Bytes of the longest line; who sends a longer one does not speak this protocol.
const LONGEST: usize = 256 * 1024;

/// What a stream says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// A comment: somebody is there.
    Comment,
    /// How long to wait before coming back.
    Retry(Duration),
    /// An event with its id, if it has one.
    Event(Option<u64>),
}

/// Puts bytes together to lines, and lines to events.
#[derive(Debug, Default)]
pub(super) struct Parser {
    line: Vec<u8>,
    after_return: bool,
    id: Option<u64>,
    data: bool,
}

impl Parser {
    /// Takes bytes in and tells what they complete; false when a line is too long.
    pub(super) fn take(&mut self, bytes: &[u8], tell: &mut dyn FnMut(Item)) -> bool {
        for byte in bytes {
            match byte {
                b'\n' if std::mem::take(&mut self.after_return) => {}
                b'\n' | b'\r' => {
                    self.after_return = *byte == b'\r';
                    let line = std::mem::take(&mut self.line);
                    self.end_of_line(&line, tell);
                }
                byte => {
                    self.after_return = false;
                    self.line.push(*byte);
                }
            }
        }
        self.line.len() <= LONGEST
    }

    fn end_of_line(&mut self, line: &[u8], tell: &mut dyn FnMut(Item)) {
        if line.is_empty() {
            if std::mem::take(&mut self.data) {
                tell(Item::Event(self.id.take()));
            }
            self.id = None;
            return;
        }
        let text = String::from_utf8_lossy(line);
        let (name, value) = text.split_once(':').unwrap_or((&text, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match name {
            "" => tell(Item::Comment),
            "data" => self.data = true,
            "id" => self.id = value.parse().ok(),
            "retry" => {
                if let Ok(millis) = value.parse() {
                    tell(Item::Retry(Duration::from_millis(millis)));
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: &str = "retry: 1500\n: watching\n\nevent: change\nid: 17\ndata: {\"a\":1}\ndata: x\n\n\
                          id: 9\n\nevent: change\r\ndata:{}\r\n\r\nretry: soon\ndata\r\rbroken";

    fn items(chunks: impl Iterator<Item = Vec<u8>>) -> Vec<Item> {
        let (mut parser, mut all) = (Parser::default(), Vec::new());
        for chunk in chunks {
            assert!(parser.take(&chunk, &mut |item| all.push(item)));
        }
        all
    }

    #[test]
    fn a_stream_means_the_same_however_it_is_cut() {
        let whole = items([STREAM.as_bytes().to_vec()].into_iter());
        let event = Item::Event;
        let expected = [
            Item::Retry(Duration::from_millis(1_500)),
            Item::Comment,
            event(Some(17)),
            event(None),
            event(None),
        ];
        assert_eq!(whole, expected);
        for size in 1..9 {
            assert_eq!(items(STREAM.as_bytes().chunks(size).map(<[u8]>::to_vec)), expected, "{size}");
        }
    }

    #[test]
    fn a_line_without_end_is_no_stream() {
        let mut parser = Parser::default();
        assert!(parser.take(&vec![b'x'; LONGEST], &mut |_| {}));
        assert!(!parser.take(b"x", &mut |_| {}));
    }
}
