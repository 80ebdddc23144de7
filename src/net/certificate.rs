//! When the certificate of a server ends.

use std::time::Duration;

use reqwest::tls::TlsInfo;
use x509_cert::Certificate;
use x509_cert::der::Decode;

use crate::model::Timestamp;

/// Returns the certificate (DER) of the server that answered, over TLS alone.
pub(crate) fn certificate(info: Option<&TlsInfo>) -> Option<Vec<u8>> {
    info?.peer_certificate().map(<[u8]>::to_vec)
}

/// Returns when a certificate (DER) ends; none if it cannot be read.
pub(crate) fn certificate_ends(certificate: &[u8]) -> Option<Timestamp> {
    let certificate = Certificate::from_der(certificate).ok()?;
    let ends: Duration = certificate.tbs_certificate.validity.not_after.to_unix_duration();
    i64::try_from(ends.as_millis()).ok().map(Timestamp::from_millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_the_one_of_the_certificate() {
        let key = rcgen::KeyPair::generate().expect("a key");
        let mut parameters = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).expect("a name");
        parameters.not_after = rcgen::date_time_ymd(2031, 2, 3);
        let made = parameters.self_signed(&key).expect("a certificate");
        assert_eq!(certificate_ends(made.der()), Timestamp::parse("2031-02-03T00:00:00Z").ok());
        assert_eq!(certificate_ends(b"nothing"), None);
    }
}
