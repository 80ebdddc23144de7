//! What no client may do to the others.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::super::ffctl_server::{FfctlServer, until};
use super::super::project::Project;

pub(super) fn connect(server: &FfctlServer) -> TcpStream {
    let stream = TcpStream::connect(server.address()).expect("connected");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("set");
    stream
}

/// Sends bytes and returns all that comes back until the connection ends.
pub(super) fn exchange(mut stream: &TcpStream, bytes: &[u8]) -> String {
    // A server that has had enough closes before all is sent.
    let _ = stream.write_all(bytes);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn heads_and_bodies_have_a_largest_size() {
    let project = Project::shipped();
    let server = FfctlServer::start(&project, &[]);
    let long = format!("GET /healthz HTTP/1.1\r\nhost: x\r\nx: {}\r\n\r\n", "a".repeat(64 * 1024));
    let answer = exchange(&connect(&server), long.as_bytes());
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
    let many = (0..200).fold(String::new(), |head, n| head + &format!("x{n}: 1\r\n"));
    let answer =
        exchange(&connect(&server), format!("GET /healthz HTTP/1.1\r\nhost: x\r\n{many}\r\n").as_bytes());
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
    let body = "x".repeat(2 * 1024 * 1024);
    let patch = |declared: bool| {
        let request = server.request("PATCH", "/feature-flags/use_v3_style").with("if-match", "*");
        let request = request.with("content-type", "application/json").body(&body);
        if declared { request } else { request.with("expect", "100-continue") }
    };
    if let Some(answer) = patch(true).try_send() {
        assert_eq!(answer.problem(413), "too_large");
    }
    assert_eq!(server.get("/feature-flags").status, 200);
}

#[test]
fn nonsense_is_answered_and_closed() {
    let project = Project::shipped();
    let server = FfctlServer::start(&project, &[]);
    for nonsense in
        ["\r\n\r\n\u{0}\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\u{16}\u{3}\u{1}hello\r\n\r\n"]
    {
        let answer = exchange(&connect(&server), nonsense.as_bytes());
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 400") || answer.starts_with("HTTP/1.1 505"),
            "{answer}"
        );
    }
    assert_eq!(server.get("/feature-flags").status, 200);
}

#[test]
fn who_is_slow_is_cut_off_and_who_is_many_waits() {
    let project = Project::shipped();
    let server = FfctlServer::start(&project, &["--max-connections", "8", "--head-timeout", "1s"]);
    let begin = Instant::now();
    let mut slow: Vec<TcpStream> = (0..8).map(|_| connect(&server)).collect();
    for stream in &mut slow {
        stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: ").expect("sent");
    }
    // All places are taken; the ninth is answered once a slow one was cut off.
    assert_eq!(server.get("/feature-flags").status, 200);
    assert!(begin.elapsed() > Duration::from_millis(500), "{:?}", begin.elapsed());
    for stream in &slow {
        let answer = exchange(stream, b"");
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
    }
    // Also one that drips: the head as a whole has its time.
    let mut drip = connect(&server);
    drip.write_all(b"GET /healthz HTTP/1.1\r\n").expect("sent");
    until(Duration::from_secs(30), || drip.write_all(b"a: b\r\n").is_err());
}

#[test]
fn what_is_under_way_is_answered_before_the_end() {
    let project = Project::shipped();
    let mut server = FfctlServer::start(&project, &[]);
    let mut stream = connect(&server);
    let token = &server.token;
    let head = format!(
        "PATCH /api/v1/admin/feature-flags/use_v3_style HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\nif-match: *\r\ncontent-length: 16\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).expect("sent");
    until(Duration::from_secs(30), || stream.write_all(b"").is_ok());
    let idle = connect(&server);
    server.get("/feature-flags");
    server.tell("TERM");
    until(Duration::from_secs(30), || TcpStream::connect(server.address()).is_err());
    let answer = exchange(&stream, b"{\"enabled\":true}");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(exchange(&idle, b""), "", "who asked nothing is let go");
    assert!(server.wait().success());
    assert_eq!(project.ok(&["get", "use_v3_style", "--local"]), "true\n", "what was acknowledged is written");
}

#[test]
fn with_a_certificate_it_speaks_tls_and_nothing_else() {
    let mut project = Project::shipped();
    let key = rcgen::KeyPair::generate().expect("a key");
    let parameters = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).expect("parameters");
    let certificate = parameters.self_signed(&key).expect("a certificate");
    project.write("chain.pem", &certificate.pem());
    project.write("key.pem", &key.serialize_pem());
    let options = ["--tls-certificate", "chain.pem", "--tls-key", "key.pem"];
    let server = FfctlServer::start(&project, &options);
    assert!(server.url().starts_with("https://127.0.0.1:"), "{}", server.url());
    let plain = exchange(&connect(&server), b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n");
    assert!(!plain.contains("HTTP/1.1 200"), "{plain}");
    let answer =
        over_tls(&server, certificate.der(), "GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let body = "{}";
    let evaluation = format!(
        "POST /ofrep/v1/evaluate/flags/use_v3_style HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\
         content-length: {}\r\n\r\n{body}",
        server.token,
        body.len()
    );
    let last = "GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    let answer = over_tls(&server, certificate.der(), &format!("{evaluation}{evaluation}{last}"));
    assert_eq!(answer.matches("HTTP/1.1 200").count(), 3, "{answer}");
    assert_eq!(answer.matches("\"key\":\"use_v3_style\"").count(), 2, "{answer}");
    // Nobody vouches for this certificate: the command line sends it no token.
    server.point(&mut project);
    let said = project.fails(6, &["list"]);
    assert!(said.contains("certificate"), "{said}");
    let other = rcgen::KeyPair::generate().expect("a key");
    project.write("other.pem", &other.serialize_pem());
    let wrong =
        ["serve", "--listen", "127.0.0.1:0", "--tls-certificate", "chain.pem", "--tls-key", "other.pem"];
    assert!(project.fails(7, &wrong).contains("does not belong"));
    let swapped =
        ["serve", "--listen", "127.0.0.1:0", "--tls-certificate", "key.pem", "--tls-key", "chain.pem"];
    assert!(project.fails(7, &swapped).contains("key.pem"));
}

/// Asks over TLS, trusting this certificate alone.
fn over_tls(server: &FfctlServer, trusted: &rustls::pki_types::CertificateDer<'_>, request: &str) -> String {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(trusted.clone().into_owned()).expect("a certificate");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = rustls::pki_types::ServerName::try_from("localhost").expect("a name");
    let mut session = rustls::ClientConnection::new(Arc::new(config), name).expect("a session");
    let mut stream = connect(server);
    let mut tls = rustls::Stream::new(&mut session, &mut stream);
    tls.write_all(request.as_bytes()).expect("sent");
    let mut answer = Vec::new();
    let _ = tls.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}
