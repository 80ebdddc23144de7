//! Which proxy stands before a server.

use std::fmt;

use reqwest::Url;

use crate::error::{Error, Kind, Result};

use super::admin_url::is_loopback;
use super::variables::Variables;

/// A proxy and the hosts that it does not stand before. There may be a password in its address.
#[derive(Clone, PartialEq, Eq)]
pub struct ProxyChoice {
    url: Url,
    /// `NO_PROXY`: hosts, domains and networks, separated by commas.
    pub except: Option<String>,
}

/// Writes the address without credentials.
impl fmt::Debug for ProxyChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.url.origin().ascii_serialization())
    }
}

impl ProxyChoice {
    /// Returns what the variables name for this address: `HTTPS_PROXY`, then `ALL_PROXY`, each in capitals or small,
    /// the first that is not empty. `HTTP_PROXY` never counts: what goes over http goes to this machine, and before
    /// this machine no proxy stands. None leaves it to the system's settings.
    ///
    /// # Errors
    /// When the one that counts is no address of an http proxy: to go without it would be a guess.
    pub(super) fn resolve(variables: &Variables, url: &Url) -> Result<Option<Self>> {
        if is_loopback(url) {
            return Ok(None);
        }
        for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
            let Some(text) = variables.optional(name)? else { continue };
            let except = match variables.optional("NO_PROXY")? {
                Some(hosts) => Some(hosts),
                None => variables.optional("no_proxy")?,
            };
            let except = except.map(str::to_owned);
            return parse(text).map(|url| Some(Self { url, except })).ok_or_else(|| {
                Error::new(Kind::Invalid, format!("variable `{name}` names no http proxy"))
                    .hint(format!("write {name}=http://proxy.example.com:3128, or NO_PROXY to go without"))
            });
        }
        Ok(None)
    }

    /// Returns the address, which may hold a password.
    pub fn expose(&self) -> &str {
        self.url.as_str()
    }
}

/// Reads the address of a proxy; without a scheme it is http, as everywhere.
fn parse(text: &str) -> Option<Url> {
    let url = if text.contains("://") { Url::parse(text) } else { Url::parse(&format!("http://{text}")) };
    url.ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve<const N: usize>(variables: [(&str, &str); N], url: &str) -> Result<Option<ProxyChoice>> {
        ProxyChoice::resolve(&variables.into(), &Url::parse(url).expect("an address"))
    }

    const HTTPS: &str = "https://flags.example.com";

    #[test]
    fn the_variable_of_the_scheme_counts() {
        let cases = [
            (vec![("HTTPS_PROXY", "http://p:1")], Some("http://p:1/")),
            (vec![("https_proxy", "p:1")], Some("http://p:1/")),
            (vec![("ALL_PROXY", "https://p:1")], Some("https://p:1/")),
            (vec![("all_proxy", "p")], Some("http://p/")),
            (vec![("HTTPS_PROXY", ""), ("ALL_PROXY", "p:2")], Some("http://p:2/")),
            (vec![("HTTPS_PROXY", "p:1"), ("ALL_PROXY", "socks5://p:2")], Some("http://p:1/")),
            (vec![("HTTP_PROXY", "p:1"), ("http_proxy", "p:1"), ("REQUEST_METHOD", "GET")], None),
            (vec![], None),
        ];
        for (variables, expected) in cases {
            let variables: Variables =
                variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
            let url = Url::parse(HTTPS).expect("an address");
            let choice = ProxyChoice::resolve(&variables, &url).expect("valid");
            assert_eq!(choice.as_ref().map(ProxyChoice::expose), expected, "{variables:?}");
        }
    }

    #[test]
    fn no_proxy_stands_before_this_machine() {
        for url in ["http://127.0.0.1:1", "https://localhost", "https://[::1]:2", "http://127.9.9.9"] {
            assert_eq!(resolve([("HTTPS_PROXY", "p:1"), ("HTTP_PROXY", "p:1")], url).expect("none"), None);
        }
    }

    #[test]
    fn what_names_no_proxy_is_refused_and_no_password_shown() {
        for text in ["socks5://u:hunter2@p:1", "http://", "::", "ftp://p", "http://u:hunter2@p:99999"] {
            let error = resolve([("HTTPS_PROXY", text)], HTTPS).expect_err(text);
            assert_eq!(error.kind(), Kind::Invalid);
            assert!(!error.to_string().contains("hunter2") && error.message().contains("HTTPS_PROXY"));
        }
        let choice = resolve([("HTTPS_PROXY", "http://u:hunter2@p:1"), ("no_proxy", "a,.b")], HTTPS);
        let choice = choice.expect("valid").expect("a proxy");
        assert_eq!((format!("{choice:?}").as_str(), choice.except.as_deref()), ("http://p:1", Some("a,.b")));
    }
}
