//! The HTTP client of one server: how it connects, and what it never does by itself.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::blocking::{Client, ClientBuilder};
use reqwest::{NoProxy, Proxy, Url};

use crate::settings::{ProxyChoice, TimeLimits, is_loopback};

use super::tls::install_provider;

/// Builds the client for the server at this address.
pub(crate) fn build(url: &Url, limits: &TimeLimits, proxy: Option<&ProxyChoice>) -> reqwest::Result<Client> {
    install_provider();
    let mut builder = Client::builder()
        .user_agent(concat!("ffctl/", env!("CARGO_PKG_VERSION")))
        .http1_only()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        // The certificate of the answer at hand: `doctor` tells when it ends.
        .tls_info(true)
        .connect_timeout(limits.connect)
        .timeout(None);
    if is_loopback(url) {
        // What the system's resolver makes of `localhost` is not to decide where a token goes.
        let here = [SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), SocketAddr::from((Ipv6Addr::LOCALHOST, 0))];
        builder = builder.no_proxy().resolve_to_addrs("localhost", &here);
    } else if let Some(proxy) = proxy {
        builder = through(builder, proxy)?;
    }
    if url.scheme() == "https" {
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
