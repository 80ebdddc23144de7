//! Certificates, good and bad, made for one run.

use std::path::Path;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// An authority that the program under test trusts.
pub(crate) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

/// What a server's certificate says.
#[derive(Clone, Copy)]
pub(crate) struct Certified {
    /// The name or address that it is for.
    pub(crate) name: &'static str,
    /// The years from which and until which it is good.
    pub(crate) years: (i32, i32),
    /// Whether the authority signed it, or it itself.
    pub(crate) by_authority: bool,
}

/// A certificate with which nothing is wrong.
pub(crate) const GOOD: Certified = Certified { name: "127.0.0.1", years: (2020, 2090), by_authority: true };

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("no names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        Self { issuer: CertifiedIssuer::self_signed(params, key).expect("signed") }
    }

    /// Writes the authority's certificate where `SSL_CERT_FILE` can name it.
    pub(crate) fn write(&self, path: &Path) {
        std::fs::write(path, self.issuer.pem()).expect("written");
    }

    /// Returns what a server with such a certificate needs.
    pub(crate) fn server(&self, certified: Certified) -> Arc<ServerConfig> {
        let mut params = CertificateParams::new(vec![certified.name.to_owned()]).expect("a name");
        params.not_before = rcgen::date_time_ymd(certified.years.0, 1, 1);
        params.not_after = rcgen::date_time_ymd(certified.years.1, 1, 1);
        let key = KeyPair::generate().expect("a key");
        let certificate = if certified.by_authority {
            params.signed_by(&key, &self.issuer).expect("signed")
        } else {
            params.self_signed(&key).expect("signed")
        };
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let chain = vec![CertificateDer::from(certificate)];
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .expect("a certificate with its key");
        Arc::new(config)
    }
}
