//! Addresses: in the clear only to this machine, never with credentials, and every route stays on the origin.

use std::net::{IpAddr, ToSocketAddrs};

use ffctl::settings::AdminUrl;

/// Any text as the address of an admin API.
pub fn admin_url(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(url) = AdminUrl::parse(text) else { return };
    let shown = url.to_string();
    assert_eq!(AdminUrl::parse(&shown).as_ref(), Ok(&url), "it reads back");
    let route = url.route(&["feature-flags", text]);
    assert!(route.username().is_empty() && route.password().is_none() && route.query().is_none());
    assert_eq!(route.origin(), url.route(&[]).origin(), "a name cannot leave the origin");
    let below = url.route(&["feature-flags"]).path().to_owned();
    assert!(route.path().starts_with(&below), "a name cannot leave the route: {route}");
    if route.scheme() == "http" {
        let host = route.host_str().expect("it has a host").to_owned();
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let here = bare == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        assert!(here && url.is_loopback(), "{route}");
        if bare != "localhost" {
            let mut sockets = (bare, 80).to_socket_addrs().expect("a number needs no lookup");
            assert!(sockets.all(|socket| socket.ip().is_loopback()));
        }
    }
}
