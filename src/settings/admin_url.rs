//! The address of an admin API.

use std::fmt;

use reqwest::Url;

/// An address that a token may travel to: https, or http to this machine; without user, query or fragment.
#[derive(Clone, PartialEq, Eq)]
pub struct AdminUrl {
    url: Url,
    shown: String,
}

/// Why a text is no such address. Never holds the text: there may be a password in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// Not an absolute address of a host.
    #[error("not an address such as https://flags.example.com")]
    NotAnAddress,
    /// A scheme other than https and http.
    #[error("not an https address")]
    Scheme,
    /// http to another machine: a token would travel in the clear.
    #[error("http goes to this machine only (localhost, 127.0.0.1, [::1]); use https")]
    Clear,
    /// A user name or password.
    #[error("credentials do not belong in an address; use a token file")]
    Credentials,
    /// A query or a fragment.
    #[error("an address of the API has no `?` and no `#`")]
    Query,
    /// The address of a user directory without a place for the user's key.
    #[error("there is no `{{id}}` in its path, where the user's key goes")]
    NoId,
}

const API: [&str; 3] = ["api", "v1", "admin"];

impl AdminUrl {
    /// Reads an address; it may or may not end in `/api/v1/admin`.
    ///
    /// # Errors
    /// When it is none, or none that a token may travel to.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        let mut url = trusted(text)?;
        let mut shown = url.clone();
        let segments: Vec<String> = url
            .path_segments()
            .into_iter()
            .flatten()
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect();
        let api = API.map(str::to_owned);
        let mut given = &segments[..];
        // Also where it stands there twice, or what is shown would not read back as itself.
        while let Some(shorter) = given.strip_suffix(&api[..]) {
            given = shorter;
        }
        // Set as a whole: segments that are added one by one have their `%20` encoded once more.
        url.set_path(&[given, &api].concat().join("/"));
        shown.set_path(&given.join("/"));
        Ok(Self { url, shown: shown.as_str().trim_end_matches('/').to_owned() })
    }

    /// Returns the address of a route of the API, such as `["feature-flags", "x"]`; each part is encoded.
    pub fn route(&self, parts: &[&str]) -> Url {
        let mut url = self.url.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.extend(parts);
        }
        url
    }

    /// Returns whether it is an address of this machine, which no proxy stands before.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.url)
    }

    /// Returns scheme, host and port: what a token is kept for.
    pub fn origin(&self) -> String {
        self.url.origin().ascii_serialization()
    }

    /// Returns whether it is an https address.
    pub fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }
}

/// Reads an address that a token may travel to.
pub(super) fn trusted(text: &str) -> Result<Url, UrlError> {
    let url = Url::parse(text.trim()).map_err(|_| UrlError::NotAnAddress)?;
    if !matches!(url.scheme(), "https" | "http") {
        return Err(if url.has_host() { UrlError::Scheme } else { UrlError::NotAnAddress });
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(UrlError::Credentials);
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(UrlError::Query);
    }
    if url.scheme() == "http" && !is_loopback(&url) {
        return Err(UrlError::Clear);
    }
    Ok(url)
}

/// Returns whether an address is one of this machine.
pub fn is_loopback(url: &Url) -> bool {
    match url.host_str() {
        Some("localhost") => true,
        Some(host) => {
            let bare = host.trim_start_matches('[').trim_end_matches(']');
            bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        None => false,
    }
}

/// Writes the address as the user named it, without `/api/v1/admin`.
impl fmt::Display for AdminUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.shown)
    }
}

impl fmt::Debug for AdminUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.shown, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_the_api_is_added_once() {
        for text in [
            "https://flags.example.com",
            "https://flags.example.com/",
            " https://flags.example.com/api/v1/admin ",
            "https://flags.example.com//api/v1/admin/",
            "https://flags.example.com/api/v1/admin/api/v1/admin",
        ] {
            let url = AdminUrl::parse(text).expect(text);
            assert_eq!(url.to_string(), "https://flags.example.com");
            assert_eq!(
                url.route(&["feature-flags", "a/b?c"]).as_str(),
                "https://flags.example.com/api/v1/admin/feature-flags/a%2Fb%3Fc"
            );
        }
        let below = AdminUrl::parse("https://example.com/flags/").expect("an address");
        assert_eq!(below.route(&["journal"]).path(), "/flags/api/v1/admin/journal");
        assert_eq!(below.to_string(), "https://example.com/flags");
        let encoded = AdminUrl::parse("https://example.com/a%20b/%2e%2e/c%2Fd").expect("an address");
        assert_eq!(encoded.to_string(), "https://example.com/c%2Fd");
        assert_eq!(encoded.route(&["x"]).path(), "/c%2Fd/api/v1/admin/x");
        let blank = AdminUrl::parse("https://example.com/a%20b").expect("an address");
        assert_eq!(blank.to_string(), "https://example.com/a%20b");
    }

    #[test]
    fn a_token_travels_over_https_or_inside_this_machine() {
        for good in [
            "http://localhost:8080",
            "http://127.0.0.1",
            "http://127.9.9.9:1",
            "http://[::1]:80",
            "HTTPS://X.example",
        ] {
            assert!(AdminUrl::parse(good).is_ok(), "{good}");
        }
        let cases = [
            ("http://example.com", UrlError::Clear),
            ("http://localhost.example.com", UrlError::Clear),
            ("http://127.0.0.1.example.com", UrlError::Clear),
            ("http://0.0.0.0", UrlError::Clear),
            ("http://user:secret@localhost", UrlError::Credentials),
            ("https://token@example.com", UrlError::Credentials),
            ("https://example.com/?token=x", UrlError::Query),
            ("https://example.com/#x", UrlError::Query),
            ("ftp://example.com", UrlError::Scheme),
            ("file:///etc/passwd", UrlError::NotAnAddress),
            ("example.com", UrlError::NotAnAddress),
            ("localhost:8080", UrlError::NotAnAddress),
            ("https://", UrlError::NotAnAddress),
            ("", UrlError::NotAnAddress),
        ];
        for (text, expected) in cases {
            assert_eq!(AdminUrl::parse(text), Err(expected), "{text}");
            assert!(!expected.to_string().contains("secret"));
        }
    }
}
