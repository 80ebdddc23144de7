//! An HTTP server of the standard library alone. It notes every request and answers with what a closure says,
//! also with what no server should do.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A request as it came in.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    /// `GET`, `PATCH`.
    pub(crate) method: String,
    /// The path with its query.
    pub(crate) path: String,
    /// The headers, by their names in lower case.
    pub(crate) headers: BTreeMap<String, String>,
    /// The body.
    pub(crate) body: String,
}

/// What the server does.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    /// Answers.
    Answer { status: u16, headers: Vec<(String, String)>, body: Vec<u8> },
    /// Waits, then does that.
    Late(Duration, Box<Reply>),
    /// Answers 200 and sends the body byte by byte with a pause after each.
    Drip(Vec<u8>, Duration),
    /// Answers 200 and closes with this many bytes of the body missing.
    Short(Vec<u8>, usize),
    /// Closes without a word.
    Close,
    /// Resets the connection, after 200 and the start of a body if there is one.
    Reset(Option<Vec<u8>>),
}

impl Reply {
    /// Returns an answer of JSON.
    pub(crate) fn json(status: u16, body: &serde_json::Value) -> Self {
        Self::text(status, "application/json", &body.to_string())
    }

    /// Returns a problem document.
    pub(crate) fn problem(status: u16, code: &str, detail: &str) -> Self {
        let body = serde_json::json!({ "status": status, "code": code, "detail": detail });
        Self::text(status, "application/problem+json", &body.to_string())
    }

    /// Returns an answer of any type.
    pub(crate) fn text(status: u16, kind: &str, body: &str) -> Self {
        let headers = vec![("content-type".to_owned(), kind.to_owned())];
        Self::Answer { status, headers, body: body.as_bytes().to_vec() }
    }

    /// Adds a header to an answer.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        if let Self::Answer { headers, .. } = &mut self {
            headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }
}

/// A server that runs until it is dropped.
pub(crate) struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
    stopped: Arc<AtomicBool>,
}

impl Server {
    /// Starts a server on a free port of loopback.
    pub(crate) fn start(reply: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let requests = Arc::new(Mutex::new(Vec::new()));
        let stopped = Arc::new(AtomicBool::new(false));
        let (noted, stop, reply) = (Arc::clone(&requests), Arc::clone(&stopped), Arc::new(reply));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if stop.load(Ordering::SeqCst) {
                    break;
                }
                let (noted, reply) = (Arc::clone(&noted), Arc::clone(&reply));
                std::thread::spawn(move || {
                    // A client that goes away in between is a test's doing.
                    let _ = stream.and_then(|stream| serve(stream, &noted, &*reply));
                });
            }
        });
        Self { address, requests, stopped }
    }

    /// Returns the server's address.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns what was asked so far, in order.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().expect("no test panics while it holds the lock").clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
    }
}

fn serve(
    mut stream: TcpStream,
    noted: &Mutex<Vec<Request>>,
    reply: &(impl Fn(&Request) -> Reply + ?Sized),
) -> std::io::Result<()> {
    let Some((request, length)) = look(&stream)? else { return Ok(()) };
    noted.lock().expect("no test panics while it holds the lock").push(request.clone());
    let mut reply = reply(&request);
    while let Reply::Late(pause, then) = reply {
        wait(pause);
        reply = *then;
    }
    if !matches!(reply, Reply::Reset(_)) {
        stream.read_exact(&mut vec![0; length])?;
    }
    match reply {
        Reply::Answer { status, headers, body } => {
            head(&mut stream, status, &headers, body.len())?;
            stream.write_all(&body)
        }
        Reply::Drip(body, pause) => {
            head(&mut stream, 200, &[], body.len())?;
            body.iter().try_for_each(|byte| {
                wait(pause);
                stream.write_all(&[*byte])
            })
        }
        Reply::Short(body, missing) => {
            head(&mut stream, 200, &[], body.len() + missing)?;
            stream.write_all(&body)
        }
        // Closing a connection with something unread resets it.
        Reply::Reset(Some(body)) => {
            head(&mut stream, 200, &[], body.len() + 100)?;
            stream.write_all(&body)?;
            wait(Duration::from_millis(50));
            Ok(())
        }
        Reply::Reset(None) | Reply::Close | Reply::Late(..) => Ok(()),
    }
}

/// Looks at the whole request without taking it from the connection; returns it and its length in bytes.
fn look(stream: &TcpStream) -> std::io::Result<Option<(Request, usize)>> {
    let mut bytes = vec![0; 256 * 1024];
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    loop {
        let seen = stream.peek(&mut bytes)?;
        if seen == 0 {
            return Ok(None);
        }
        let text = String::from_utf8_lossy(&bytes[..seen]);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let mut lines = head.lines();
            let mut first = lines.next().unwrap_or_default().split(' ').map(str::to_owned);
            let (method, path) = (first.next().unwrap_or_default(), first.next().unwrap_or_default());
            let header = |line: &str| line.split_once(": ").map(|(n, v)| (n.to_lowercase(), v.to_owned()));
            let headers: BTreeMap<_, _> = lines.filter_map(header).collect();
            let length = headers.get("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
            if body.len() >= length {
                let request = Request { method, path, headers, body: body.to_owned() };
                return Ok(Some((request, head.len() + 4 + length)));
            }
        }
        wait(Duration::from_millis(1));
    }
}

fn head(
    stream: &mut TcpStream,
    status: u16,
    headers: &[(String, String)],
    length: usize,
) -> std::io::Result<()> {
    let mut head = format!("HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {length}\r\n");
    for (name, value) in headers {
        head.extend([name, ": ", value, "\r\n"]);
    }
    stream.write_all((head + "\r\n").as_bytes())
}

#[expect(clippy::disallowed_methods, reason = "a server that is slow on purpose")]
fn wait(pause: Duration) {
    std::thread::sleep(pause);
}
