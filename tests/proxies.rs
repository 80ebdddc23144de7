//! Proxies: which one stands before a server, what it gets to see, and how its failures end.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::faults::{Authority, Certified, FaultServer, GOOD, good};
use super::project::Project;
use super::remote::TOKEN;

/// A proxy that leads every `CONNECT` to one server, or answers with a refusal, and notes what it is asked.
struct Proxy {
    address: SocketAddr,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// Starts a proxy; `to` is where it leads, or what it answers.
    fn start(to: Result<SocketAddr, &'static str>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let heads = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&heads);
        // It ends with the process of the tests.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let noted = Arc::clone(&noted);
                std::thread::spawn(move || {
                    let _ = serve(stream, to, &noted);
                });
            }
        });
        Self { address, heads }
    }

    fn heads(&self) -> Vec<String> {
        self.heads.lock().expect("no panic").clone()
    }
}

fn serve(
    mut stream: TcpStream,
    to: Result<SocketAddr, &'static str>,
    noted: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte)? == 0 {
            break;
        }
        head.push(byte[0]);
    }
    noted.lock().expect("no panic").push(String::from_utf8_lossy(&head).into_owned());
    let to = match to {
        Ok(to) => to,
        Err("") => return stream.read(&mut [0; 64]).map(drop),
        Err(refusal) => return stream.write_all(refusal.as_bytes()),
    };
    let mut server = TcpStream::connect(to)?;
    stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
    let (mut from, mut into) = (stream.try_clone()?, server.try_clone()?);
    std::thread::spawn(move || std::io::copy(&mut from, &mut into));
    std::io::copy(&mut server, &mut stream).map(drop)
}

/// A server far away, as far as anybody can tell, with a certificate for its name.
struct Far {
    server: FaultServer,
    project: Project,
}

fn far() -> Far {
    let authority = Authority::new();
    let certified = Certified { name: "flags.test", ..GOOD };
    let server = FaultServer::start(vec![good()], Some(authority.server(certified)));
    let mut project = Project::shipped();
    authority.write(&project.path("authority.pem"));
    project.set("SSL_CERT_FILE", &project.path("authority.pem").display().to_string());
    project.set("FFCTL_ADMIN_URL", "https://flags.test");
    project.set("FFCTL_TOKEN", TOKEN);
    project.set("FFCTL_TIMEOUT", "3s");
    Far { server, project }
}

#[test]
fn a_proxy_sees_where_to_and_nothing_else() {
    for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        let mut far = far();
        let proxy = Proxy::start(Ok(far.server.address()));
        far.project.set(variable, &format!("http://ada:hunter2@{}", proxy.address));
        let run = far.project.run(&["list"]);
        assert_eq!(run.code, 0, "{variable}: {run:?}");
        let heads = proxy.heads();
        assert_eq!(heads.len(), 1, "{variable}");
        assert!(heads[0].starts_with("CONNECT flags.test:443 HTTP/1.1\r\n"), "{}", heads[0]);
        // ada:hunter2
        assert!(heads[0].contains("Basic YWRhOmh1bnRlcjI="), "its own credentials are for it: {}", heads[0]);
        assert!(!heads[0].contains(TOKEN), "the token is for the server");
        let told = far.server.heads();
        assert!(told[0].contains(TOKEN) && !told[0].to_lowercase().contains("proxy-"), "{}", told[0]);
    }
}

#[test]
fn another_schemes_proxy_and_none_before_this_machine() {
    let mut far = far();
    let proxy = Proxy::start(Ok(far.server.address()));
    let address = proxy.address.to_string();
    far.project.set("HTTP_PROXY", &address);
    far.project.set("http_proxy", &address);
    far.project.set("FFCTL_TIMEOUT", "500ms");
    assert_eq!(far.project.run(&["list"]).code, 6, "there is no such host");
    // What is said to need none is asked directly.
    far.project.set("HTTPS_PROXY", &address);
    for except in ["flags.test", ".test", "a, flags.test", "*"] {
        far.project.set("NO_PROXY", except);
        assert_eq!(far.project.run(&["list"]).code, 6, "{except}");
    }
    assert!(proxy.heads().is_empty());
    far.project.set("NO_PROXY", "other.test");
    assert_eq!(far.project.run(&["list"]).code, 0);
    assert_eq!(proxy.heads().len(), 1);

    let here = FaultServer::start(vec![good()], None);
    let mut project = Project::shipped();
    project.set("FFCTL_ADMIN_URL", &format!("http://{}", here.address()));
    for variable in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"] {
        project.set(variable, &address);
    }
    assert_eq!(project.run(&["list"]).code, 0);
    assert_eq!((here.asked(), proxy.heads().len()), (1, 1), "no proxy stands before this machine");
}

#[test]
fn a_proxy_that_fails_is_named_as_the_reason_without_its_password() {
    let cases = [
        ("HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n", "proxy"),
        ("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n", "tunnel"),
        ("HTTP/1.1 200 OK\r\n\r\n<html>welcome</html>", ""),
        ("SSH-2.0-OpenSSH\r\n\r\n", "tunnel"),
        ("", "no connection within"),
    ];
    for (answer, says) in cases {
        let mut far = far();
        let proxy = Proxy::start(Err(answer));
        far.project.set("HTTPS_PROXY", &format!("http://ada:hunter2@{}", proxy.address));
        far.project.set("FFCTL_TIMEOUT", "1s");
        let start = std::time::Instant::now();
        let run = far.project.run(&["list"]);
        assert_eq!((run.code, run.stdout.as_str()), (6, ""), "{answer}: {run:?}");
        assert!(run.stderr.contains(says), "{answer}: {}", run.stderr);
        assert!(run.stderr.contains("https://flags.test"), "{answer}: {}", run.stderr);
        assert!(!run.stderr.contains("hunter2") && !run.stderr.contains(TOKEN), "{}", run.stderr);
        assert!(start.elapsed() < Duration::from_secs(20), "{answer}");
        assert!(far.server.heads().is_empty());
    }
    let mut far = far();
    far.project.set("HTTPS_PROXY", "http://ada:hunter2@127.0.0.1:1");
    let run = far.project.run(&["list"]);
    assert_eq!(run.code, 6);
    assert!(!run.stderr.contains("hunter2"), "{}", run.stderr);
}

#[test]
fn what_names_no_proxy_is_not_gone_around() {
    let mut far = far();
    for (variable, value) in [("ALL_PROXY", "socks5://127.0.0.1:1"), ("HTTPS_PROXY", "http://ada:hunter2@:x")]
    {
        far.project.set(variable, value);
        let said = far.project.fails(7, &["list"]);
        assert!(said.contains(&format!("variable `{variable}` names no http proxy")), "{said}");
        assert!(!said.contains("hunter2"), "{said}");
    }
    assert_eq!(far.server.asked(), 0);
    assert_eq!(far.project.run(&["list", "--offline"]).code, 0, "who asks nobody needs no proxy");
    assert_eq!(far.project.run(&["list", "--local"]).code, 0);
}

#[test]
fn behind_a_proxy_too_who_answers_must_be_who_was_asked() {
    let authority = Authority::new();
    let server = FaultServer::start(vec![good()], Some(authority.server(GOOD)));
    let mut far = far();
    authority.write(&far.project.path("authority.pem"));
    let proxy = Proxy::start(Ok(server.address()));
    far.project.set("HTTPS_PROXY", &proxy.address.to_string());
    let run = far.project.run(&["list"]);
    assert_eq!((run.code, proxy.heads().len()), (6, 1), "{run:?}");
    assert!(run.stderr.contains("certificate is not trusted here"), "{}", run.stderr);
    assert!(server.heads().is_empty(), "the token stays here");
}
