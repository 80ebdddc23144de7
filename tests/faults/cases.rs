//! What a server, or whoever answers in its place, can do wrong: as a table.

use std::time::Duration;

use super::server::{Script, Step};

/// A list of one flag, as a good server answers it.
pub(crate) const LIST: &str = r#"{"flags":[{"name":"use_v3_style","enabled":true,"source":"admin"}]}"#;

/// A fault and what the program makes of it.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) script: Script,
    /// The exit code of `list`.
    pub(crate) code: i32,
    /// How often the server is asked, redirects included.
    pub(crate) asked: usize,
    /// What standard error says.
    pub(crate) says: &'static str,
    /// `FFCTL_TIMEOUT`, in milliseconds.
    pub(crate) limit: u64,
}

const SECOND: Duration = Duration::from_secs(1);
const FOREVER: usize = usize::MAX;

fn send(text: impl Into<Vec<u8>>) -> Vec<Step> {
    vec![Step::Send(text.into())]
}

/// Returns an answer with this status line and these header lines.
pub(crate) fn answer(status: &str, headers: &[&str], body: &str) -> Vec<Step> {
    let headers: Vec<String> = headers.iter().map(|line| format!("{line}\r\n")).collect();
    let headers = headers.concat();
    let length = body.len();
    send(format!("HTTP/1.1 {status}\r\nconnection: close\r\n{headers}content-length: {length}\r\n\r\n{body}"))
}

pub(crate) fn good() -> Vec<Step> {
    answer("200 OK", &["content-type: application/json"], LIST)
}

fn body(text: &str) -> Vec<Step> {
    answer("200 OK", &["content-type: application/json"], text)
}

fn head(lines: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\nconnection: close\r\n{lines}\r\n").into_bytes()
}

fn case(name: &'static str, script: Vec<Step>, code: i32, asked: usize, says: &'static str) -> Case {
    turns(name, vec![script], code, asked, says)
}

fn turns(name: &'static str, script: Script, code: i32, asked: usize, says: &'static str) -> Case {
    Case { name, script, code, asked, says, limit: 3_000 }
}

fn slow(name: &'static str, script: Vec<Step>, says: &'static str) -> Case {
    Case { limit: 1_000, ..case(name, script, 6, 1, says) }
}

fn redirect(name: &'static str, location: &str, says: &'static str) -> Case {
    let lines = [format!("location: {location}")];
    case(name, answer("302 Found", &[&lines[0]], ""), 6, 1, says)
}

/// Connections that end or stay silent.
pub(crate) fn connections() -> Vec<Case> {
    let closed = Vec::new;
    let reset = || vec![Step::Reset];
    let busy = || answer("503 Busy", &[], "");
    vec![
        case("closed before the request is read", closed(), 6, 3, "the connection broke"),
        case("closed after the request", send(""), 6, 3, "the connection broke"),
        case("reset", reset(), 6, 3, "the connection broke"),
        turns("reset twice, then good", vec![reset(), reset(), good()], 0, 3, ""),
        turns("closed, then busy, then good", vec![closed(), busy(), good()], 0, 3, ""),
        turns("reset, then a page", vec![reset(), body("<html>")], 6, 2, "a web page"),
        turns("reset, then refused", vec![reset(), answer("403 No", &[], "")], 4, 2, "does not allow"),
        slow("silent", vec![Step::Pause(SECOND * 9)], "no answer within 1s"),
        slow("a head of one byte a second", vec![Step::Drip(head(""), SECOND)], "no answer within 1s"),
        Case {
            limit: 1_000,
            ..turns("reset, then silent", vec![reset(), vec![Step::Pause(SECOND * 9)]], 6, 2, "broke")
        },
    ]
}

/// Bodies that do not arrive, never end, or weigh too much.
pub(crate) fn bodies() -> Vec<Case> {
    let start = || [head("content-length: 500\r\n"), LIST.as_bytes().to_vec()].concat();
    let chunked = head("transfer-encoding: chunked\r\n");
    let chunk =
        |size: &str, text: &str| [chunked.clone(), format!("{size}\r\n{text}\r\n").into_bytes()].concat();
    let large = |length: usize| vec![Step::Send(head(&format!("content-length: {length}\r\n")))];
    let megabyte = vec![b' '; 1 << 20];
    let endless_chunks = [b"10000\r\n".as_slice(), &vec![b' '; 0x10000], b"\r\n"].concat();
    let mut cases = vec![
        case("reset inside the body", vec![Step::Send(start()), Step::Reset], 6, 3, "the connection broke"),
        case("truncated", send(start()), 6, 3, "the connection broke"),
        turns("truncated, then good", vec![send(start()), good()], 0, 2, ""),
        case(
            "shorter than it is",
            send([head("content-length: 20\r\n"), LIST.as_bytes().to_vec()].concat()),
            6,
            1,
            "not JSON",
        ),
        case("chunks without an end", send(chunk("5", "{\"fla")), 6, 3, "the connection broke"),
        case("a chunk of no size", send(chunk("zz", LIST)), 6, 1, "no HTTP"),
        case("a chunk of a negative size", send(chunk("-5", LIST)), 6, 1, "no HTTP"),
        case("a chunk of an absurd size", send(chunk("ffffffffffffffffff", LIST)), 6, 1, "no HTTP"),
        slow(
            "a body of one byte a second",
            [send(start()), vec![Step::Drip(vec![b' '; 400], SECOND)]].concat(),
            "no answer within 1s",
        ),
        slow(
            "a body that stops",
            [send(start()), vec![Step::Pause(SECOND * 9)]].concat(),
            "no answer within 1s",
        ),
    ];
    let heavy = [
        ("100 MB", [large(100 << 20), vec![Step::Repeat(megabyte.clone(), 100)]].concat()),
        ("endless", vec![Step::Send(head("")), Step::Repeat(megabyte.clone(), FOREVER)]),
        ("endless chunks", vec![Step::Send(chunked.clone()), Step::Repeat(endless_chunks, FOREVER)]),
        ("a length beyond all numbers", [large(1 << 62), vec![Step::Repeat(megabyte, FOREVER)]].concat()),
    ];
    cases.extend(heavy.map(|(name, script)| case(name, script, 6, 1, "larger than 8 MiB")));
    cases
}

/// Bodies that arrive and are no list of flags.
pub(crate) fn nonsense() -> Vec<Case> {
    let gzip: &[u8] =
        &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xab, 0xae, 5, 0, 0x43, 0xbf, 0xa6, 0xa3, 2, 0, 0, 0];
    let of = |items: String| format!(r#"{{"flags":[{items}]}}"#);
    let zeros = of("0,".repeat(4_000_000) + "0");
    let in_entry =
        format!(r#"{{"name":"a","enabled":true,"source":"x","junk":[{}0]}}"#, "0,".repeat(3_900_000));
    let in_override = format!(
        r#"{{"name":"a","enabled":true,"source":"x","override":{{"users":[{}0]}}}}"#,
        "0,".repeat(500_000)
    );
    let cases: Vec<(&str, Vec<Step>, &str)> = vec![
        (
            "a page",
            answer("200 OK", &["content-type: text/html"], "<!doctype html><h1>Sign in"),
            "a web page",
        ),
        ("a page that claims to be JSON", body("\r\n <html>"), "a web page"),
        ("nothing", body(""), "answered with nothing"),
        ("204", answer("204 No Content", &[], ""), "answered with nothing"),
        ("206", answer("206 Partial", &["content-range: bytes 0-9/99"], LIST), "206"),
        ("202", answer("202 Accepted", &[], LIST), "202"),
        ("JSON cut off", body(&LIST[..30]), "not JSON"),
        ("more than JSON", body(&format!("{LIST} x")), "not JSON"),
        ("null", body("null"), "no list `flags`"),
        ("a list", body("[]"), "no list `flags`"),
        ("a number", body("7"), "no list `flags`"),
        ("flags that are no list", body(r#"{"flags":{"use_v3_style":false}}"#), "no list `flags`"),
        ("two lists", body(r#"{"flags":[],"flags":[]}"#), "two lists"),
        ("a flag twice", body(&of(format!("{e},{e}", e = &LIST[10..LIST.len() - 2]))), "twice"),
        ("a switch that is a word", body(&LIST.replace("true", "\"off\"")), "`enabled`"),
        ("no switch", body(&LIST.replace("enabled", "on")), "`enabled`"),
        ("no name", body(&LIST.replace("use_v3_style", "")), "`name`"),
        ("bytes that are no text", answer_of(&[0xff; 60]), "not JSON"),
        ("zeros", answer_of(&[0; 60]), "not JSON"),
        (
            "UTF-16",
            answer_of(&LIST.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()),
            "not JSON",
        ),
        ("deep lists", body(&"[".repeat(100_000)), "not JSON"),
        ("deep objects", body(&r#"{"a":"#.repeat(100_000)), "not JSON"),
        ("deep in a flag", body(&of("[".repeat(100_000) + &"]".repeat(100_000))), "recursion"),
        ("four million zeros", body(&zeros), "entry 1"),
        ("a flag of 8 MB", body(&of(in_entry)), "larger than 1 MiB"),
        ("an override of 1 MB", body(&of(in_override)), "override"),
        ("gzip claimed", answer("200 OK", &["content-encoding: gzip"], LIST), "compressed"),
        (
            "gzip",
            [
                send(head(&format!("content-encoding: gzip\r\ncontent-length: {}\r\n", gzip.len()))),
                send(gzip),
            ]
            .concat(),
            "compressed",
        ),
        ("br claimed", answer("200 OK", &["content-encoding: br"], LIST), "compressed"),
        ("another protocol", send("SSH-2.0-OpenSSH_9.2p1\r\n"), "no HTTP"),
        ("a body without a head", send(LIST), "no HTTP"),
        ("a version that is none", send(format!("HTTP/7.3 200 OK\r\n\r\n{LIST}")), "no HTTP"),
        ("a status that is none", send(format!("HTTP/1.1 abc OK\r\n\r\n{LIST}")), "no HTTP"),
        ("status 999", answer("999 Denied", &[], LIST), "not the admin API"),
        (
            "two lengths",
            send([head("content-length: 5\r\ncontent-length: 68\r\n"), LIST.into()].concat()),
            "no HTTP",
        ),
        ("a negative length", send([head("content-length: -1\r\n"), LIST.into()].concat()), "no HTTP"),
        ("a header with a zero", send([head("x: a\0b\r\n"), LIST.into()].concat()), "no HTTP"),
        ("ten thousand headers", send([head(&"x: y\r\n".repeat(10_000)), LIST.into()].concat()), "no HTTP"),
        (
            "a header of 1 MB",
            send([head(&format!("x: {}\r\n", "y".repeat(1 << 20))), LIST.into()].concat()),
            "no HTTP",
        ),
        (
            "headers without an end",
            vec![
                Step::Send(b"HTTP/1.1 200 OK\r\n".to_vec()),
                Step::Repeat(b"x-y: zzzzzzzz\r\n".repeat(100), FOREVER),
            ],
            "no HTTP",
        ),
        (
            "101",
            answer("101 Switching Protocols", &["upgrade: x", "connection: upgrade"], ""),
            "not the admin API",
        ),
    ];
    let mut cases: Vec<Case> =
        cases.into_iter().map(|(name, script, says)| case(name, script, 6, 1, says)).collect();
    let early = |count: usize| "HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n".repeat(count).into_bytes();
    cases.push(case("100 before it", [send("HTTP/1.1 100 Continue\r\n\r\n"), good()].concat(), 0, 1, ""));
    cases.push(case("50 early hints before it", [send(early(50)), good()].concat(), 0, 1, ""));
    cases.push(slow(
        "early hints without an end",
        vec![Step::Repeat(early(100), FOREVER)],
        "no answer within 1s",
    ));
    cases
}

fn answer_of(body: &[u8]) -> Vec<Step> {
    send([head(&format!("content-length: {}\r\n", body.len())).as_slice(), body].concat())
}

/// Redirects. `{here}` is the address of the server itself.
pub(crate) fn redirects() -> Vec<Case> {
    let elsewhere = "which is not followed";
    let moved = |status: &str, location: &str| {
        let line = format!("location: {location}");
        answer(status, &[&line], "")
    };
    vec![
        turns("within, absolute", vec![moved("302 Found", "http://{here}/x"), good()], 0, 2, ""),
        turns("within, a path", vec![moved("307 Temporary", "/x"), good()], 0, 2, ""),
        turns("within, relative", vec![moved("308 Permanent", "../x?y#z"), good()], 0, 2, ""),
        turns("within, see other", vec![moved("303 See Other", "x"), good()], 0, 2, ""),
        turns(
            "within, then refused",
            vec![moved("301 Moved", "/x"), answer("401 Who", &[], "")],
            4,
            2,
            "token",
        ),
        case("a loop", moved("302 Found", "/api/v1/admin/feature-flags"), 6, 6, "more than 5 redirects"),
        turns(
            "a loop of two",
            (0..6).map(|at| moved("302 Found", ["/a", "/b"][at % 2])).collect(),
            6,
            6,
            "more than 5 redirects",
        ),
        redirect("another port", "http://127.0.0.1:1/x", elsewhere),
        redirect("another host", "http://flags.example.com/x", elsewhere),
        redirect("another name of the same host", "http://localhost/x", elsewhere),
        redirect("a host that looks alike", "http://127.0.0.1.example.com/x", elsewhere),
        redirect("another scheme", "https://{here}/x", elsewhere),
        redirect("without a scheme, elsewhere", "//flags.example.com/x", elsewhere),
        redirect("backslashes, elsewhere", "\\\\flags.example.com\\x", elsewhere),
        redirect("credentials in it", "http://user:pass@{here}/x", elsewhere),
        redirect("a file", "file:///etc/passwd", elsewhere),
        redirect("a script", "javascript:alert(1)", elsewhere),
        redirect("data", "data:application/json,{\"flags\":[]}", elsewhere),
        redirect("no address", "http://[", elsewhere),
        case("nowhere", answer("302 Found", &[], ""), 6, 1, "sends to nowhere"),
        case("a choice", answer("300 Choices", &["location: /x"], ""), 6, 1, "not the admin API"),
        case(
            "use a proxy",
            answer("305 Use Proxy", &["location: http://127.0.0.1:1/"], ""),
            6,
            1,
            "not the admin API",
        ),
        case(
            "not modified since never",
            answer("304 Not Modified", &["etag: \"1\""], ""),
            6,
            1,
            "not the admin API",
        ),
    ]
}

/// Servers that say when to come back.
pub(crate) fn retry_after() -> Vec<Case> {
    let of = |status: &str, after: &str| {
        let line = format!("retry-after: {after}");
        answer(status, &[&line, "date: Fri, 31 Dec 2027 23:59:29 GMT"], "")
    };
    let many = |name, after, says| case(name, of("429 Too Many", after), 6, 1, says);
    let half_a_minute = "come back in 30 s";
    let later = "come back later";
    vec![
        many("429, seconds", "30", half_a_minute),
        many("429, a date", "Fri, 31 Dec 2027 23:59:59 GMT", half_a_minute),
        many("429, a date of RFC 850", "Friday, 31-Dec-27 23:59:59 GMT", half_a_minute),
        many("429, a date of asctime", "Fri Dec 31 23:59:59 2027", half_a_minute),
        many("429, at once", "0", "come back at once"),
        many("429, a date gone by", "Fri, 31 Dec 1999 23:59:59 GMT", "come back at once"),
        many("429, a century", "3155760000", "in more than a day"),
        many("429, beyond all numbers", "99999999999999999999999", "in more than a day"),
        many("429, negative", "-30", later),
        many("429, a fraction", "0.5", later),
        many("429, a word", "soon", later),
        many("429, a date that is none", "Fri, 32 Dec 2027 23:59:59 GMT", later),
        case("429 that says nothing", answer("429 Too Many", &[], ""), 6, 1, later),
        turns("503, a second, then good", vec![of("503 Busy", "1"), good()], 0, 2, ""),
        turns(
            "503, a date, then good",
            vec![of("503 Busy", "Fri, 31 Dec 2027 23:59:30 GMT"), good()],
            0,
            2,
            "",
        ),
        turns("503, longer than the limit", vec![of("503 Busy", "60"), good()], 6, 1, "come back in 60 s"),
        turns("503, absurd, then good", vec![of("503 Busy", "-1"), good()], 0, 2, ""),
        case("503 for ever", of("503 Busy", "0"), 6, 3, "asked 3 times"),
    ]
}
