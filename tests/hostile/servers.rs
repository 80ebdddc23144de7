//! Servers: their flags, every field of them, their refusals, their headers.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};

use serde_json::json;

use super::super::project::Project;
use super::arguments::{markdown, spreadsheet};
use super::check::{aligned, harmless};
use super::project::{run, run_with};
use super::strings::{bytes, in_turn, strings};

/// A server that answers with raw bytes, chosen by the first two parts of the path: which answer, and which string.
struct Raw {
    address: SocketAddr,
}

impl Raw {
    fn start(answer: fn(&str, &[u8]) -> Vec<u8>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let strings = bytes();
        // It ends with the tests.
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let Some(path) = path_of(&mut stream) else { continue };
                let mut parts = path.split('/').skip(1);
                let kind = parts.next().unwrap_or_default();
                let number: usize = parts.next().and_then(|part| part.parse().ok()).unwrap_or_default();
                // A client that hangs up early is not the server's business.
                let _ = stream.write_all(&answer(kind, &strings[number].1));
            }
        });
        Self { address }
    }

    fn url(&self, kind: &str, number: usize) -> String {
        format!("http://{}/{kind}/{number}", self.address)
    }
}

fn path_of(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let length =
        head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
    stream.read_exact(&mut vec![0; length.unwrap_or(0)]).ok()?;
    head.split(' ').nth(1).map(str::to_owned)
}

/// An answer as it stands on the wire.
fn raw(status: &[u8], headers: &[&[u8]], body: &[u8]) -> Vec<u8> {
    let mut out = [b"HTTP/1.1 ", status, b"\r\nconnection: close\r\n"].concat();
    for header in headers {
        out.extend([header, b"\r\n" as &[u8]].concat());
    }
    out.extend(format!("content-length: {}\r\n\r\n", body.len()).into_bytes());
    out.extend(body);
    out
}

/// The refusals and answers in which a server says something.
const KINDS: [&str; 13] = [
    "detail", "title", "code", "text", "html", "status", "location", "retry", "server", "type", "wrong",
    "tag", "nested",
];

fn answer(kind: &str, text: &[u8]) -> Vec<u8> {
    let lossy = String::from_utf8_lossy(text).into_owned();
    let problem: &[u8] = b"content-type: application/problem+json";
    let json: &[u8] = b"content-type: application/json";
    let one = json!({ "flags": [{ "name": "a", "enabled": true, "source": "env", "override": {}, "etag": lossy }] });
    match kind {
        "detail" => raw(b"403 X", &[problem], json!({ "detail": lossy }).to_string().as_bytes()),
        "title" => raw(b"409 X", &[problem], json!({ "title": lossy, "type": lossy }).to_string().as_bytes()),
        "code" => raw(b"422 X", &[problem], json!({ "code": lossy, "detail": lossy }).to_string().as_bytes()),
        "text" => raw(b"400 X", &[b"content-type: text/plain"], text),
        "html" => raw(b"404 X", &[b"content-type: text/html"], &[b"<html>", text].concat()),
        "status" => raw(&[b"418 ", text].concat(), &[], b""),
        "location" => raw(b"302 X", &[&[b"location: http://127.0.0.1:9/", text].concat()], b""),
        "retry" => raw(b"429 X", &[&[b"retry-after: ", text].concat()], b""),
        "server" => {
            raw(b"401 X", &[&[b"server: ", text].concat(), &[b"www-authenticate: ", text].concat()], b"")
        }
        "type" => raw(b"200 X", &[&[b"content-type: ", text].concat()], one.to_string().as_bytes()),
        "wrong" => {
            let flag = json!({ "name": lossy, "enabled": lossy, "source": lossy });
            raw(b"200 X", &[json], json!({ "flags": [flag] }).to_string().as_bytes())
        }
        "tag" => raw(b"200 X", &[json, &[b"etag: ", text].concat()], one.to_string().as_bytes()),
        "nested" => {
            let over = json!({ "rollout": lossy, "users": { lossy.clone(): lossy } });
            let flag = json!({ "name": "a", "enabled": true, "source": "env", "override": over });
            raw(
                b"200 X",
                &[json],
                json!({ "flags": [flag], "error": { "message": [lossy] } }).to_string().as_bytes(),
            )
        }
        // All strings at once, as names and in every field.
        _ => {
            let all = strings();
            let all = all.iter().filter(|(_, text)| !text.is_empty()).enumerate();
            let all = all.flat_map(|(number, (_, text))| {
                let over = json!({ "enabled": true, "users": { text: "on" }, "orgs": { text: "off" } });
                let named = json!({ "name": format!("n{number}"), "enabled": true, "source": text, "etag": text,
                                    "journal": 3, "state": text, "override": over });
                [named, json!({ "name": text, "enabled": true, "source": "env" })]
            });
            raw(b"200 X", &[json], json!({ "flags": all.collect::<Vec<_>>() }).to_string().as_bytes())
        }
    }
}

fn project() -> Project {
    let mut project = Project::new("schema = 1\n[flags]\na = true\n");
    project.set("CI", "true");
    project
}

#[test]
fn refusals_and_headers() {
    let (server, project) = (Raw::start(answer), project());
    for (number, (name, _)) in bytes().iter().enumerate() {
        for (at, kind) in in_turn(KINDS, number) {
            let format = ["table", "json", "csv", "markdown"][(number / 2 + at) % 4];
            let words: &[&str] = match (number / 2 + at) % 3 {
                0 => &["list", "-o", format],
                1 => &["explain", "a", "-o", format],
                _ => &["set", "a", "off", "--yes", "-o", format],
            };
            let url = server.url(kind, number);
            let variables = [("FFCTL_ADMIN_URL", url.as_ref())];
            let output = run_with(&project, &variables, words.iter().map(|word| word.as_bytes()));
            harmless(&format!("{words:?} where {kind} is {name}"), &output);
        }
    }
}

#[test]
fn flags_that_only_a_server_knows() {
    let server = Raw::start(answer);
    let mut project = project();
    project.set("FFCTL_ADMIN_URL", &server.url("all", 0));
    for format in ["table", "markdown", "csv", "json", "jsonl", "name"] {
        let output = run(&project, [b"list" as &[u8], b"-o", format.as_bytes()]);
        let (shown, stderr) = harmless(format, &output);
        assert!(output.status.success(), "{stderr}");
        assert!(stderr.contains("that cannot be shown") || format.starts_with("json"), "{stderr}");
        match format {
            "table" => assert!(aligned(format, &shown) > 200, "{shown}"),
            "csv" => spreadsheet(format, &shown),
            "markdown" => markdown(format, &shown),
            "json" => {
                let list: serde_json::Value = serde_json::from_str(&shown).expect("JSON");
                let all = strings();
                for (number, (name, text)) in all.iter().filter(|(_, text)| !text.is_empty()).enumerate() {
                    let flags = list["flags"].as_array().expect("a list");
                    let flag = flags.iter().find(|flag| flag["name"] == format!("n{number}"));
                    assert_eq!(flag.map(|flag| &flag["users"][text]), Some(&"on".into()), "{name}");
                }
            }
            _ => {}
        }
    }
    for (name, text) in
        strings().iter().filter(|(_, text)| !text.is_empty() && !text.contains('\0')).step_by(2)
    {
        for words in [
            &[b"explain" as &[u8], b"--", text.as_bytes()] as &[&[u8]],
            &[b"get", b"--", text.as_bytes()],
            &[b"set", b"--yes", b"--", text.as_bytes(), b"off"],
        ] {
            harmless(name, &run(&project, words.iter().copied()));
        }
    }
}
