//! A server that does byte by byte what a script says, over TCP or TLS, and counts how often it was asked.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// A thing to do with a connection whose request was read.
#[derive(Clone)]
pub(crate) enum Step {
    /// Sends bytes.
    Send(Vec<u8>),
    /// Sends bytes again and again: so many times, or until the client goes away.
    Repeat(Vec<u8>, usize),
    /// Sends bytes one by one, with a pause after each.
    Drip(Vec<u8>, Duration),
    /// Waits.
    Pause(Duration),
    /// Does not wait for the request: nothing of it is read.
    Unasked,
    /// Resets the connection instead of closing it.
    Reset,
}

/// What to do at the first, second, … connection; the last holds from then on.
pub(crate) type Script = Vec<Vec<Step>>;

/// A server that runs until it is dropped.
pub(crate) struct FaultServer {
    address: SocketAddr,
    asked: Arc<AtomicUsize>,
    heads: Arc<Mutex<Vec<String>>>,
    stopped: Arc<AtomicBool>,
}

impl FaultServer {
    /// Starts a server; with a configuration it speaks TLS.
    pub(crate) fn start(script: Script, tls: Option<Arc<ServerConfig>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (asked, heads) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(Vec::new())));
        let stopped = Arc::new(AtomicBool::new(false));
        let script = replaced(script, &address.to_string());
        let shared = (Arc::clone(&asked), Arc::clone(&heads), Arc::clone(&stopped), Arc::new(script));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (asked, heads, stopped, script) = shared.clone();
                if stopped.load(Ordering::SeqCst) {
                    break;
                }
                let tls = tls.clone();
                std::thread::spawn(move || {
                    let at = asked.fetch_add(1, Ordering::SeqCst).min(script.len() - 1);
                    // A client that goes away is what many of the scripts are for.
                    let _ = match tls {
                        None => plain(stream, &script[at], &heads),
                        Some(config) => encrypted(stream, config, &script[at], &heads),
                    };
                });
            }
        });
        Self { address, asked, heads, stopped }
    }

    /// Returns the host and port.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns how many connections were made.
    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// Returns the heads of the requests so far.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.heads.lock().expect("no test panics while it holds the lock").clone()
    }
}

impl Drop for FaultServer {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
    }
}

/// Puts the address of the server where a script has `{here}`.
fn replaced(script: Script, here: &str) -> Script {
    let fill = |bytes: Vec<u8>| match std::str::from_utf8(&bytes) {
        Ok(text) if text.contains("{here}") => text.replace("{here}", here).into_bytes(),
        _ => bytes,
    };
    let step = |step| match step {
        Step::Send(bytes) => Step::Send(fill(bytes)),
        other => other,
    };
    script.into_iter().map(|steps| steps.into_iter().map(step).collect()).collect()
}

fn plain(mut stream: TcpStream, steps: &[Step], heads: &Mutex<Vec<String>>) -> io::Result<()> {
    match steps.first() {
        None => return Ok(()),
        Some(Step::Unasked) => {
            act(&mut stream, &steps[1..])?;
            stream.shutdown(std::net::Shutdown::Write)?;
            return stream.read(&mut [0; 4096]).map(drop);
        }
        Some(_) => {}
    }
    let resets = steps.iter().any(|step| matches!(step, Step::Reset));
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    if resets {
        // Who closes a connection with something unread resets it.
        let head = peek_head(&stream)?;
        heads.lock().expect("no panic").push(head);
    } else {
        let head = read_head(&mut stream)?;
        heads.lock().expect("no panic").push(head);
    }
    act(&mut stream, steps)?;
    if !resets {
        // What was sent must arrive before the connection ends.
        stream.shutdown(std::net::Shutdown::Write)?;
        let _ = stream.read(&mut [0; 16]);
    }
    Ok(())
}

fn encrypted(
    stream: TcpStream,
    config: Arc<ServerConfig>,
    steps: &[Step],
    heads: &Mutex<Vec<String>>,
) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let connection = ServerConnection::new(config).map_err(io::Error::other)?;
    let mut stream = StreamOwned::new(connection, stream);
    let head = read_head(&mut stream)?;
    heads.lock().expect("no panic").push(head);
    act(&mut stream, steps)?;
    if !steps.iter().any(|step| matches!(step, Step::Reset)) {
        stream.conn.send_close_notify();
        stream.flush()?;
        let _ = stream.sock.shutdown(std::net::Shutdown::Write);
        let _ = stream.sock.read(&mut [0; 256]);
    }
    Ok(())
}

fn act(stream: &mut impl Write, steps: &[Step]) -> io::Result<()> {
    for step in steps {
        match step {
            Step::Unasked => {}
            Step::Send(bytes) => stream.write_all(bytes)?,
            Step::Repeat(bytes, times) => (0..*times).try_for_each(|_| stream.write_all(bytes))?,
            Step::Drip(bytes, pause) => bytes.iter().try_for_each(|byte| {
                stream.write_all(&[*byte])?;
                stream.flush()?;
                wait(*pause);
                Ok::<(), io::Error>(())
            })?,
            Step::Pause(pause) => {
                stream.flush()?;
                wait(*pause);
            }
            Step::Reset => {
                stream.flush()?;
                // Long enough for what was sent before to be read.
                wait(Duration::from_millis(50));
            }
        }
    }
    stream.flush()
}

fn read_head(stream: &mut impl Read) -> io::Result<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        head.push(byte[0]);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

fn peek_head(stream: &TcpStream) -> io::Result<String> {
    let mut bytes = [0; 8192];
    loop {
        let seen = stream.peek(&mut bytes)?;
        let head = String::from_utf8_lossy(&bytes[..seen]).into_owned();
        if head.contains("\r\n\r\n") || seen == 0 {
            return Ok(head);
        }
        wait(Duration::from_millis(1));
    }
}

#[expect(clippy::disallowed_methods, reason = "a server that is slow on purpose")]
pub(crate) fn wait(pause: Duration) {
    std::thread::sleep(pause);
}
