//! The address of a user directory that speaks HTTP.

use std::fmt;

use reqwest::Url;

use super::admin_url::{UrlError, is_loopback, trusted};

/// What stands in an address where the user's key goes.
const PLACE: &str = "{id}";
/// The same as an address writes it.
const ENCODED_PLACE: &str = "%7Bid%7D";

/// An address such as `https://people.example.com/users/{id}` that a token may travel to: https, or http to this
/// machine; without user, query or fragment.
#[derive(Clone, PartialEq, Eq)]
pub struct DirectoryUrl {
    template: Url,
}

impl DirectoryUrl {
    /// Reads an address with `{id}` in its path, once.
    ///
    /// # Errors
    /// When it is none, or none that a token may travel to.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        let template = trusted(text)?;
        match template.path().matches(ENCODED_PLACE).count() {
            1 => Ok(Self { template }),
            _ => Err(UrlError::NoId),
        }
    }

    /// Returns the address of one user; none for a key that would lead to another place of the server, such as `..`.
    pub fn of(&self, key: &str) -> Option<Url> {
        let path = self.template.path().replace(ENCODED_PLACE, &encoded(key));
        let mut url = self.template.clone();
        url.set_path(&path);
        (!key.is_empty() && url.path() == path).then_some(url)
    }

    /// Returns the address before a key stands in it: the server that is meant.
    pub fn template(&self) -> &Url {
        &self.template
    }

    /// Returns whether it is an address of this machine, which no proxy stands before.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.template)
    }
}

/// Writes everything but letters, digits and `-._~` (RFC 3986, 2.3) as `%XX`.
fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.extend(["%", &format!("{byte:02X}")]);
        }
    }
    out
}

/// Writes the address as the user wrote it, with `{id}`.
impl fmt::Display for DirectoryUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.template.as_str().replace(ENCODED_PLACE, PLACE))
    }
}

impl fmt::Debug for DirectoryUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> DirectoryUrl {
        DirectoryUrl::parse(text).expect(text)
    }

    #[test]
    fn the_key_is_one_part_of_the_path_whatever_stands_in_it() {
        let users = url("https://people.example.com/v1/users/{id}");
        for (key, path) in [
            ("u1", "/v1/users/u1"),
            ("a/b?c#d", "/v1/users/a%2Fb%3Fc%23d"),
            ("%2e%2e", "/v1/users/%252e%252e"),
            ("ä b\r\n", "/v1/users/%C3%A4%20b%0D%0A"),
            ("...", "/v1/users/..."),
            ("{id}", "/v1/users/%7Bid%7D"),
        ] {
            assert_eq!(users.of(key).as_ref().map(Url::path), Some(path), "{key}");
        }
        for key in ["", ".", ".."] {
            assert_eq!(users.of(key), None, "{key}");
        }
        let file = url("http://localhost:1/people/{id}.json");
        assert_eq!(file.of("..").expect("a file").path(), "/people/...json");
        assert_eq!(file.to_string(), "http://localhost:1/people/{id}.json");
    }

    #[test]
    fn it_is_an_address_for_a_token_with_one_place_for_the_key() {
        for (text, expected) in [
            ("https://people.example.com/users", UrlError::NoId),
            ("https://people.example.com/{id}/{id}", UrlError::NoId),
            ("https://{id}.example.com/users", UrlError::NoId),
            ("https://people.example.com/users?id={id}", UrlError::Query),
            ("http://people.example.com/users/{id}", UrlError::Clear),
            ("https://u:hunter2@people.example.com/users/{id}", UrlError::Credentials),
            ("ftp://people.example.com/{id}", UrlError::Scheme),
            ("", UrlError::NotAnAddress),
        ] {
            assert_eq!(DirectoryUrl::parse(text), Err(expected), "{text}");
        }
    }
}
