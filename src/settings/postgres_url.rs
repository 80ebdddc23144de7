//! The address of a PostgreSQL database.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;

use reqwest::Url;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

/// Whether a connection goes through TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostgresTls {
    /// Never: what stays inside this machine unless asked otherwise, and `sslmode=disable`.
    Never,
    /// If the server offers it: `sslmode=prefer` and `allow`.
    IfOffered,
    /// Always, the server's certificate checked: everything else. `require` and `verify-ca` are as strict as
    /// `verify-full`, since TLS with anybody keeps nothing secret.
    Always,
}

/// An address such as `postgres://reader@db.example.com/app?sslmode=verify-full`.
#[derive(Clone, PartialEq, Eq)]
pub struct PostgresUrl {
    config: Config,
    tls: PostgresTls,
    root_certificate: Option<PathBuf>,
    without_password: String,
}

/// Why a text is no such address. Never holds the text: there may be a password in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PostgresUrlError {
    /// Not an address of a database.
    #[error("not an address such as postgres://reader@db.example.com/app")]
    NotAnAddress,
    /// No host.
    #[error("it names no host")]
    NoHost,
    /// An `sslmode` that there is not.
    #[error("`sslmode` is disable, allow, prefer, require, verify-ca or verify-full")]
    TlsMode,
}

impl PostgresUrl {
    /// Tells whether a text is meant to be the address of a database.
    pub fn is_meant(text: &str) -> bool {
        let text = text.trim_start();
        text.starts_with("postgres:") || text.starts_with("postgresql:")
    }

    /// Reads an address, with the parameters that `tokio-postgres` knows, all six words of `sslmode`, and
    /// `sslrootcert`, a file with the certificates to trust instead of the system's.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(text: &str) -> Result<Self, PostgresUrlError> {
        let text = text.trim();
        let (address, query) = text.split_once('?').unwrap_or((text, ""));
        if !address.contains("://") {
            return Err(PostgresUrlError::NotAnAddress);
        }
        let (mut mode, mut root_certificate, mut rest) = (None, None, Vec::new());
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            match name {
                "sslmode" => mode = Some(tls(value)?),
                "sslrootcert" => root_certificate = Some(PathBuf::from(decoded(pair)?)),
                _ => rest.push(pair),
            }
        }
        let rest = format!("{address}?{}", rest.join("&"));
        let mut config: Config = rest.parse().map_err(|_| PostgresUrlError::NotAnAddress)?;
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            return Err(PostgresUrlError::NoHost);
        }
        // The rest of a password with an `@` that is not written as %40.
        if config.get_hosts().iter().any(|host| matches!(host, Host::Tcp(name) if name.contains('@'))) {
            return Err(PostgresUrlError::NotAnAddress);
        }
        let outside = if is_local(&config) { PostgresTls::Never } else { PostgresTls::Always };
        let tls = mode.unwrap_or(outside);
        config.ssl_mode(match tls {
            PostgresTls::Never => SslMode::Disable,
            PostgresTls::IfOffered => SslMode::Prefer,
            PostgresTls::Always => SslMode::Require,
        });
        Ok(Self { config, tls, root_certificate, without_password: without_password(address, query) })
    }

    /// Returns how to connect; may hold a password.
    pub fn expose(&self) -> &Config {
        &self.config
    }

    /// Returns whether a password stands in it.
    pub fn has_password(&self) -> bool {
        self.config.get_password().is_some()
    }

    /// Returns the address as it was written but for the password, to be typed again.
    pub fn without_password(&self) -> &str {
        &self.without_password
    }

    /// Returns whether a connection goes through TLS.
    pub const fn tls(&self) -> PostgresTls {
        self.tls
    }

    /// Returns the file with the certificates to trust instead of the system's.
    pub fn root_certificate(&self) -> Option<&std::path::Path> {
        self.root_certificate.as_deref()
    }
}

/// Returns an address without its passwords: the one of the user, and a parameter.
fn without_password(address: &str, query: &str) -> String {
    let (scheme, rest) = address.split_once("://").unwrap_or(("postgres", address));
    // As `tokio-postgres` reads it: what stands before the first `@` is the user.
    let rest = match rest.split_once('@') {
        Some((user, host)) => format!("{}@{host}", user.split(':').next().unwrap_or_default()),
        None => rest.to_owned(),
    };
    let kept: Vec<&str> = query.split('&').filter(|pair| !is_password(pair)).collect();
    let query = kept.join("&");
    if query.is_empty() { format!("{scheme}://{rest}") } else { format!("{scheme}://{rest}?{query}") }
}

/// Tells whether a parameter is the password, however its name is written; nothing, too, is none to keep.
fn is_password(pair: &str) -> bool {
    let url = Url::parse(&format!("x:?{pair}"));
    url.is_ok_and(|url| url.query_pairs().next().is_none_or(|(name, _)| name == "password"))
}

fn tls(mode: &str) -> Result<PostgresTls, PostgresUrlError> {
    match mode {
        "disable" => Ok(PostgresTls::Never),
        "allow" | "prefer" => Ok(PostgresTls::IfOffered),
        "require" | "verify-ca" | "verify-full" => Ok(PostgresTls::Always),
        _ => Err(PostgresUrlError::TlsMode),
    }
}

/// Returns the value of `name=value` of a query.
fn decoded(pair: &str) -> Result<String, PostgresUrlError> {
    let url = Url::parse(&format!("x:?{}", pair.replace('+', "%2B")));
    let url = url.map_err(|_| PostgresUrlError::NotAnAddress)?;
    let value = url.query_pairs().next().map(|(_, value)| value.into_owned());
    value.filter(|value| !value.is_empty()).ok_or(PostgresUrlError::NotAnAddress)
}

/// Tells whether every host is this machine.
fn is_local(config: &Config) -> bool {
    let named = config.get_hosts().iter().all(|host| match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse().is_ok_and(|address: IpAddr| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    });
    named && config.get_hostaddrs().iter().all(IpAddr::is_loopback)
}

/// Writes the hosts and the database, without user, password and parameters.
impl fmt::Display for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ports = self.config.get_ports();
        let hosts = self.config.get_hosts().iter().enumerate().map(|(at, host)| {
            let name = match host {
                Host::Tcp(name) => name.clone(),
                #[cfg(unix)]
                Host::Unix(folder) => folder.display().to_string(),
            };
            match ports.get(at).or(ports.first()).filter(|port| **port != 5432) {
                Some(port) => format!("{name}:{port}"),
                None => name,
            }
        });
        let hosts: Vec<String> = match hosts.collect::<Vec<_>>() {
            hosts if hosts.is_empty() => {
                self.config.get_hostaddrs().iter().map(ToString::to_string).collect()
            }
            hosts => hosts,
        };
        write!(f, "postgres://{}", hosts.join(","))?;
        self.config.get_dbname().map_or(Ok(()), |database| write!(f, "/{database}"))
    }
}

impl fmt::Debug for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> PostgresUrl {
        PostgresUrl::parse(text).expect(text)
    }

    #[test]
    fn what_leaves_this_machine_goes_through_tls_unless_the_address_says_otherwise() {
        for (text, expected) in [
            ("postgres://db.example.com/app", PostgresTls::Always),
            ("postgres://localhost/app", PostgresTls::Never),
            ("postgres://127.0.0.1,[::1]/app", PostgresTls::Never),
            ("postgres://localhost,db.example.com/app", PostgresTls::Always),
            ("postgres://localhost/app?hostaddr=192.0.2.1", PostgresTls::Always),
            ("postgres:///app?host=/run/postgresql", PostgresTls::Never),
            ("postgres://localhost/app?sslmode=require", PostgresTls::Always),
            ("postgres://db.example.com/app?sslmode=disable", PostgresTls::Never),
            ("postgresql://db.example.com/app?sslmode=prefer", PostgresTls::IfOffered),
            ("postgres://db.example.com/app?sslmode=allow", PostgresTls::IfOffered),
            ("postgres://db.example.com/app?sslmode=verify-ca", PostgresTls::Always),
            ("postgres://db.example.com/app?a=1&sslmode=verify-full".trim_end(), PostgresTls::Always),
        ] {
            let text = text.replace("a=1&", "connect_timeout=1&");
            assert_eq!(url(&text).tls(), expected, "{text}");
        }
        let mode = url("postgres://db.example.com/app?sslmode=verify-full").expose().get_ssl_mode();
        assert_eq!(mode, SslMode::Require);
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for (text, expected) in [
            ("postgres://", PostgresUrlError::NoHost),
            ("postgres:///app", PostgresUrlError::NoHost),
            ("postgres:app", PostgresUrlError::NotAnAddress),
            ("postgres://u:hunt@er2@localhost/app", PostgresUrlError::NotAnAddress),
            ("host=localhost dbname=app", PostgresUrlError::NotAnAddress),
            ("postgres://localhost:99999/app", PostgresUrlError::NotAnAddress),
            ("postgres://localhost/app?what=ever", PostgresUrlError::NotAnAddress),
            ("postgres://localhost/app?sslmode=on", PostgresUrlError::TlsMode),
            ("postgres://localhost/app?sslrootcert=", PostgresUrlError::NotAnAddress),
        ] {
            assert_eq!(PostgresUrl::parse(text), Err(expected), "{text}");
        }
    }

    #[test]
    fn only_host_and_database_are_shown() {
        let secret = url("postgres://reader:hunter2@db.example.com:6432/app?sslrootcert=%2Fa%2Bb%2Fca.pem");
        assert_eq!(secret.to_string(), "postgres://db.example.com:6432/app");
        assert_eq!(format!("{secret:?}"), "\"postgres://db.example.com:6432/app\"");
        assert_eq!(secret.root_certificate(), Some(std::path::Path::new("/a+b/ca.pem")));
        assert!(secret.has_password() && url("postgres://a@b/c?password=x").has_password());
        assert!(!url("postgres://reader@db/app").has_password());
        assert_eq!(url("postgres:///app?host=/run/pg").to_string(), "postgres:///run/pg/app");
        for (text, expected) in [
            ("postgres://u:hunter2@db/app?sslmode=disable", "postgres://u@db/app?sslmode=disable"),
            ("postgres://u@db/app?password=hunter2", "postgres://u@db/app"),
            (
                "postgres://u@db/app?p%61ssword=hunter2&connect_timeout=1",
                "postgres://u@db/app?connect_timeout=1",
            ),
            ("postgresql://db/app", "postgresql://db/app"),
        ] {
            assert_eq!(url(text).without_password(), expected, "{text}");
        }
    }
}
