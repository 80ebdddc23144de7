use serde_json::json;

use crate::admin::RemoteServer;
use crate::error::Kind;
use crate::layer::Version;
use crate::settings::{AdminUrl, CredentialSource, TimeLimits};

use super::{change_set, permit};
use crate::support::api;
use crate::support::server::{Reply, Server};

const TOKEN: &str = "s3cret-token";

fn with_token(server: &Server) -> (RemoteServer, tempfile::NamedTempFile) {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), TOKEN).expect("written");
    let credentials = CredentialSource::File { path: file.path().to_owned(), shown: "~/token".to_owned() };
    let url = AdminUrl::parse(&server.url()).expect("an address");
    (RemoteServer::new(url, None, credentials, TimeLimits::default()), file)
}

fn elsewhere() -> Server {
    Server::start(|_| Reply::json(200, &json!({ "flags": [] })))
}

#[test]
fn the_token_travels_as_a_bearer_and_nowhere_else() {
    let server = api::rich(&["a"], Some(TOKEN));
    let (client, _file) = with_token(&server);
    client.read().expect("let in");
    assert_eq!(server.requests()[0].headers["authorization"], format!("Bearer {TOKEN}"));
    assert!(!format!("{client:?}").contains(TOKEN));
    let stranger = super::client(&server).read().expect_err("not let in");
    assert_eq!(stranger.kind(), Kind::Credentials);
    assert_eq!(stranger.hints(), ["ffctl login --profile test"]);
}

#[test]
fn a_read_follows_redirects_on_its_origin_only() {
    let other = elsewhere();
    for status in [301, 302, 303, 307, 308] {
        for target in
            [other.url(), other.url().replace("127.0.0.1", "localhost"), "https://example.invalid".to_owned()]
        {
            let location = format!("{target}/api/v1/admin/feature-flags?signature=x");
            let server = Server::start(move |_| Reply::text(status, "x/y", "").with("location", &location));
            let (client, _file) = with_token(&server);
            let error = client.read().expect_err("not followed");
            assert_eq!((error.kind(), server.requests().len()), (Kind::Unreachable, 1));
            assert!(error.message().contains(&target) && !error.message().contains("signature"), "{error}");
        }
    }
    assert!(other.requests().is_empty(), "no request, and so no token, went elsewhere");

    let server = Server::start(|request| match request.path.as_str() {
        "/api/v1/admin/feature-flags" => Reply::text(307, "x/y", "").with("location", "/new"),
        _ => Reply::json(200, &json!({ "flags": [{ "name": "a", "enabled": true, "source": "env" }] })),
    });
    let (client, _file) = with_token(&server);
    assert!(client.read().expect("followed").server["a"].enabled);
    assert_eq!(server.requests()[1].headers["authorization"], format!("Bearer {TOKEN}"));
}

#[test]
fn redirects_end() {
    let server = Server::start(|_| Reply::text(302, "x/y", "").with("location", "/again"));
    let error = super::client(&server).read().expect_err("a loop");
    assert_eq!((error.kind(), server.requests().len()), (Kind::Unreachable, 6));
    let server = Server::start(|_| Reply::text(302, "x/y", ""));
    assert_eq!(super::client(&server).read().expect_err("to nowhere").kind(), Kind::Unreachable);
}

#[test]
fn a_change_is_never_redirected() {
    for status in [301, 302, 307, 308] {
        let server = Server::start(move |_| Reply::text(status, "x/y", "").with("location", "/new"));
        let (client, _file) = with_token(&server);
        let set = change_set(&[("a", json!({ "enabled": true }), Version::Unknown)]);
        let error = client.write(&permit(), &set).expect_err("not followed");
        assert_eq!((error.kind(), server.requests().len()), (Kind::Unreachable, 1), "{error}");
    }
}

#[test]
fn a_server_that_repeats_the_token_does_not_get_it_shown() {
    let server = Server::start(|request| {
        Reply::problem(403, "x", &format!("no right for {}", request.headers["authorization"]))
            .with("location", &format!("/{TOKEN}"))
    });
    let (client, _file) = with_token(&server);
    let error = client.read().expect_err("refused");
    assert!(error.message().contains("Bearer ***") && !format!("{error:?}").contains(TOKEN), "{error:?}");
}

#[cfg(unix)]
#[test]
fn without_a_usable_token_nothing_is_asked() {
    use std::os::unix::fs::PermissionsExt;
    let server = elsewhere();
    let (client, file) = with_token(&server);
    std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(0o644)).expect("set");
    assert_eq!(client.read().expect_err("open to others").kind(), Kind::Credentials);
    assert!(server.requests().is_empty());
}

#[test]
fn localhost_is_this_machine_and_keeps_its_port() {
    let server = elsewhere();
    let url = server.url().replace("127.0.0.1", "localhost");
    let client = super::client_at(&url, TimeLimits::default());
    assert!(client.read().expect("read").server.is_empty());
    assert_eq!(client.label().to_string(), format!("test {url}"));
}
