//! From a configuration to a server that runs and ends.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::admin::{NewToken, Permit, Role, Secret, Store};
use crate::error::{Error, Kind, Result};
use crate::model::Timestamp;

use super::accept;
use super::config::ServerConfig;
use super::keeper::Keeper;
use super::router::router;
use super::state::{Server, Shared};
use super::workers::Workers;

/// The name of the token that a server makes for a store that has none.
const FIRST_TOKEN: &str = "first admin";

/// A server that listens and does not answer yet.
pub struct Bound {
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    server: Shared,
    keeper: Keeper,
    workers: Workers,
    /// Where it listens.
    pub address: SocketAddr,
    /// The first token of a store that had none; shown once.
    pub first_token: Option<Secret>,
}

/// Reads everything, makes the first token of a new store, and listens. Within a runtime of tokio.
///
/// # Errors
/// When flags.toml, a variable, the store or a certificate cannot be read, or the address is taken.
pub async fn bind(config: ServerConfig, permit: &Permit, now: Timestamp) -> Result<Bound> {
    let tls = config.tls.as_ref().map(|(chain, key)| acceptor(chain, key)).transpose()?;
    let listener = listen(config.listen).await?;
    let address = listener
        .local_addr()
        .map_err(|error| Error::new(Kind::Local, "cannot tell where the server listens").caused_by(error))?;
    let flags = config.flags.clone();
    config.store.prepare(permit)?;
    let server = Arc::new(Server::new(config, *permit)?);
    // Only what will run leaves something behind.
    let first_token = first_token(&server.store, *permit, now)?;
    server.refresh()?;
    let keeper = Keeper::start(server.clone(), flags)?;
    let workers = Workers::start()?;
    Ok(Bound { listener, tls, server, keeper, workers, address, first_token })
}

impl Bound {
    /// Tells whether it speaks TLS.
    pub fn is_encrypted(&self) -> bool {
        self.tls.is_some()
    }

    /// Serves until `ended` is ready and the answers under way are sent.
    pub async fn serve(self, ended: impl Future<Output = ()>) {
        let Self { listener, tls, server, keeper, workers, .. } = self;
        let telling = server.clone();
        let ended = async move {
            ended.await;
            telling.end();
        };
        accept::serve(listener, workers, tls, router(&server), &server, ended).await;
        drop(keeper);
    }
}

async fn listen(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| {
        Error::new(Kind::Local, format!("cannot listen on {address}"))
            .hint("--listen HOST:PORT names another place; port 0 takes a free one")
            .caused_by(error)
    })
}

/// Makes a token for a store without any, so that somebody can begin.
fn first_token(store: &Store, permit: Permit, now: Timestamp) -> Result<Option<Secret>> {
    // The mere look takes no lock and leaves no store behind where there is none.
    if !store.tokens()?.is_empty() {
        return Ok(None);
    }
    let secret = Secret::random()
        .map_err(|error| Error::new(Kind::Local, "the system has no random numbers").caused_by(error))?;
    let token = NewToken {
        name: FIRST_TOKEN.to_owned(),
        role: Role::Admin,
        created_at: now,
        expires_at: None,
        digest: secret.digest(),
    };
    // Another server that starts over the same store may have been faster, and shows its token.
    let made = store.create_first_token(&permit, &token)?;
    Ok(made.then_some(secret))
}

fn acceptor(chain: &Path, key: &Path) -> Result<TlsAcceptor> {
    let wrong = |path: &Path, what: &str| Error::new(Kind::Invalid, format!("`{}`: {what}", path.display()));
    let read = |path: &Path| {
        fs::read(path).map_err(|error| {
            Error::new(Kind::Local, format!("cannot read `{}`", path.display())).caused_by(error)
        })
    };
    let certificates: Vec<_> = CertificateDer::pem_slice_iter(&read(chain)?)
        .collect::<std::result::Result<_, _>>()
        .map_err(|error| wrong(chain, "no certificate chain in PEM form").caused_by(error))?;
    if certificates.is_empty() {
        return Err(wrong(chain, "holds no certificate"));
    }
    let private = PrivateKeyDer::from_pem_slice(&read(key)?)
        .map_err(|error| wrong(key, "no private key in PEM form").caused_by(error))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::new(Kind::Bug, "no version of TLS").caused_by(error))?
        .with_no_client_auth()
        .with_single_cert(certificates, private)
        .map_err(|error| wrong(key, "does not belong to the certificate").caused_by(error))?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}
