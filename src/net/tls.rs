//! TLS without HTTP: which certificates are trusted, and the provider of its cryptography.

use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;

/// Makes ring the provider of every connection of the process that names none.
pub(crate) fn install_provider() {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Fails only if another thread was faster, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
}

/// Returns how to connect to those whose certificate the system trusts, or one of the certificates in a file (PEM).
///
/// # Errors
/// What is wrong with the file or with the system's certificates.
pub fn client_config(trusted: Option<&Path>) -> Result<ClientConfig, String> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?;
    let Some(path) = trusted else {
        let builder = builder
            .with_platform_verifier()
            .map_err(|error| format!("the system's CA certificates cannot be used: {error}"))?;
        return Ok(builder.with_no_client_auth());
    };
    let wrong = |what: &dyn std::fmt::Display| format!("`{}`: {what}", path.display());
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(path).map_err(|error| wrong(&error))? {
        let certificate = certificate.map_err(|error| wrong(&error))?;
        roots.add(certificate).map_err(|error| wrong(&error))?;
    }
    if roots.is_empty() {
        return Err(wrong(&"there is no certificate in it"));
    }
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}
