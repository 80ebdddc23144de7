//! Which requests are plain enough for the short cut.

use httparse::{EMPTY_HEADER, Status};

use crate::server::config::Limits;
use crate::server::ofrep::SINGLE;

/// The bytes of the largest request that is answered quickly: less than anybody may send without a token.
pub(super) const LARGEST: usize = 16 * 1024;

/// More headers than applications send.
const HEADERS: usize = 32;

/// Headers that ask for something, or say of the body what only hyper shall judge.
const ASKING: [&str; 5] = ["transfer-encoding", "expect", "upgrade", "trailer", "te"];

/// What stands at the begin of the bytes that were read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Begin<'a> {
    /// A plain request.
    Whole(Plain<'a>),
    /// Nothing yet, or the plain head of one whose body is not all there.
    Part,
    /// Something else.
    Other,
}

/// A request for the evaluation of one flag.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Plain<'a> {
    /// The flag.
    pub(super) key: &'a str,
    /// The value of `Authorization`.
    pub(super) authorization: &'a str,
    /// The body.
    pub(super) body: &'a [u8],
    /// The bytes of all of it.
    pub(super) length: usize,
}

/// Returns what stands at the begin of `bytes`.
pub(super) fn begin<'a>(bytes: &'a [u8], limits: &Limits) -> Begin<'a> {
    if bytes.is_empty() { Begin::Part } else { plain(bytes, limits).unwrap_or(Begin::Other) }
}

fn plain<'a>(bytes: &'a [u8], limits: &Limits) -> Option<Begin<'a>> {
    let mut headers = [EMPTY_HEADER; HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    let Status::Complete(head) = request.parse(bytes).ok()? else { return None };
    if (request.method, request.version) != (Some("POST"), Some(1)) || head > limits.head_bytes {
        return None;
    }
    let key = request.path?.strip_prefix(SINGLE.strip_suffix("{key}")?)?;
    if key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte)) {
        return None;
    }
    let (mut host, mut authorization, mut length) = (None, None, None);
    for header in request.headers.iter() {
        let is = |name: &str| header.name.eq_ignore_ascii_case(name);
        let once = if is("host") {
            &mut host
        } else if is("authorization") {
            &mut authorization
        } else if is("content-length") {
            &mut length
        } else if ASKING.into_iter().any(is)
            || (is("connection") && !header.value.eq_ignore_ascii_case(b"keep-alive"))
        {
            return None;
        } else {
            continue;
        };
        if once.replace(header.value).is_some() {
            return None;
        }
    }
    host?;
    let authorization = str::from_utf8(authorization?).ok()?;
    let body = digits(length?)?;
    let length = head.checked_add(body)?;
    if body > limits.body_bytes || length > LARGEST {
        return None;
    }
    let body = bytes.get(head..length);
    Some(body.map_or(Begin::Part, |body| Begin::Whole(Plain { key, authorization, body, length })))
}

/// Returns a number that is written in digits alone.
fn digits(value: &[u8]) -> Option<usize> {
    let text = str::from_utf8(value).ok()?;
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: fn() -> Limits = Limits::default;

    fn with(line: &str, headers: &str) -> String {
        format!("{line}\r\nHost: x\r\nAuthorization: Bearer t\r\nContent-Length: 2\r\n{headers}\r\n{{}}rest")
    }

    const LINE: &str = "POST /ofrep/v1/evaluate/flags/a_b-c.D9 HTTP/1.1";

    #[test]
    fn a_plain_request_is_read() {
        for headers in ["", "connection: Keep-Alive\r\n", "content-type: text/plain\r\nx: \u{e9}\r\n"] {
            let text = with(LINE, headers);
            let length = text.len() - "rest".len();
            let plain = Plain { key: "a_b-c.D9", authorization: "Bearer t", body: b"{}", length };
            assert_eq!(begin(text.as_bytes(), &LIMITS()), Begin::Whole(plain), "{text}");
            assert_eq!(begin(&text.as_bytes()[..length - 1], &LIMITS()), Begin::Part);
        }
        assert_eq!(begin(b"", &LIMITS()), Begin::Part);
    }

    #[test]
    fn everything_else_is_left_to_hyper() {
        for line in [
            "GET /ofrep/v1/evaluate/flags/a HTTP/1.1",
            "POST /ofrep/v1/evaluate/flags HTTP/1.1",
            "POST /ofrep/v1/evaluate/flags/ HTTP/1.1",
            "POST /ofrep/v1/evaluate/flags/a/b HTTP/1.1",
            "POST /ofrep/v1/evaluate/flags/a?b HTTP/1.1",
            "POST /ofrep/v1/evaluate/flags/%61 HTTP/1.1",
            "POST http://x/ofrep/v1/evaluate/flags/a HTTP/1.1",
            "POST /ofrep/v1/evaluate/flags/a HTTP/1.0",
            "POST  /ofrep/v1/evaluate/flags/a HTTP/1.1",
            "\r\nPOST /ofrep/v1/evaluate/flagz/a HTTP/1.1",
        ] {
            assert_eq!(begin(with(line, "").as_bytes(), &LIMITS()), Begin::Other, "{line}");
        }
        for headers in [
            "Transfer-Encoding: chunked\r\n",
            "Expect: 100-continue\r\n",
            "Upgrade: h2c\r\n",
            "Connection: close\r\n",
            "Connection: keep-alive, te\r\n",
            "TE: trailers\r\n",
            "Host: y\r\n",
            "content-length: 2\r\n",
            "authorization: Bearer t\r\n",
            " folded\r\n",
            "no colon\r\n",
            &"a: b\r\n".repeat(HEADERS),
            &format!("a: {}\r\n", "b".repeat(LARGEST)),
        ] {
            assert_eq!(begin(with(LINE, headers).as_bytes(), &LIMITS()), Begin::Other, "{headers}");
        }
        let text = with(LINE, "");
        for (what, instead) in [
            ("Host: x\r\n", ""),
            ("Authorization: Bearer t\r\n", ""),
            ("Content-Length: 2\r\n", ""),
            ("Content-Length: 2", "Content-Length: +2"),
            ("Content-Length: 2", "Content-Length: 2, 2"),
            ("Content-Length: 2", "Content-Length:"),
            ("Content-Length: 2", "Content-Length: 99999999999999999999999"),
            ("Content-Length: 2", "Content-Length: 16384"),
        ] {
            assert_eq!(begin(text.replace(what, instead).as_bytes(), &LIMITS()), Begin::Other, "{instead}");
        }
        let head = text.find("{}").expect("a body");
        for end in 1..head {
            assert_eq!(begin(&text.as_bytes()[..end], &LIMITS()), Begin::Other, "a head of {end} bytes");
        }
        let tight = Limits { body_bytes: 1, ..LIMITS() };
        assert_eq!(begin(text.as_bytes(), &tight), Begin::Other);
        let tight = Limits { head_bytes: head - 1, ..LIMITS() };
        assert_eq!(begin(text.as_bytes(), &tight), Begin::Other);
    }
}
