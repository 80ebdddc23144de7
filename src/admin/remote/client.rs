//! The HTTP client of one server: how it connects, and what it never does by itself.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::blocking::{Client, ClientBuilder};
use reqwest::{NoProxy, Proxy};

use crate::settings::{AdminUrl, ProxyChoice, TimeLimits};

/// Builds the client.
pub(super) fn build(
    url: &AdminUrl,
    limits: &TimeLimits,
    proxy: Option<&ProxyChoice>,
) -> reqwest::Result<Client> {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Fails only if another thread was faster, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
    let mut builder = Client::builder()
        .user_agent(concat!("ffctl/", env!("CARGO_PKG_VERSION")))
        .http1_only()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .connect_timeout(limits.connect)
        .timeout(None);
    if url.is_loopback() {
        // What the system's resolver makes of `localhost` is not to decide where a token goes.
        let here = [SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), SocketAddr::from((Ipv6Addr::LOCALHOST, 0))];
        builder = builder.no_proxy().resolve_to_addrs("localhost", &here);
    } else if let Some(proxy) = proxy {
        builder = through(builder, proxy)?;
    }
    if url.is_https() {
        builder = builder.https_only(true);
    } else {
        // Reading the system's certificates takes longer than everything else.
        builder = builder.tls_certs_only([]);
    }
    builder.build()
}

/// Sets the proxy, and with it none of those that the client would look for itself.
fn through(builder: ClientBuilder, proxy: &ProxyChoice) -> reqwest::Result<ClientBuilder> {
    let except = proxy.except.as_deref().and_then(NoProxy::from_string);
    Ok(builder.proxy(Proxy::https(proxy.expose())?.no_proxy(except)))
}
