//! Whom the client trusts.

use std::sync::Arc;

use rustls::client::Resumption;
use rustls::crypto::{CryptoProvider, KeyProvider};
use rustls::sign::SigningKey;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsConnector;

use crate::error::{Error, ErrorCode, Result};

/// A client talks to one server; a few names leave room for an address that moves.
const SESSIONS: usize = 8;

/// The client shows no certificate of its own, and does not carry what signs with one.
#[derive(Debug)]
struct NoKeys;

impl KeyProvider for NoKeys {
    fn load_private_key(&self, _: PrivateKeyDer<'static>) -> Result<Arc<dyn SigningKey>, rustls::Error> {
        Err(rustls::Error::General("clients have no keys".to_owned()))
    }
}

/// The client's TLS settings. Made once a client and kept: the session tickets in it spare reconnects a round trip.
#[derive(Clone)]
pub(crate) struct Tls(TlsConnector);

impl Tls {
    /// Trusts the public authorities and, if given, those of `ca_pem`.
    ///
    /// # Errors
    ///
    /// 6017 when `ca_pem` holds no usable certificate.
    pub(crate) fn new(ca_pem: Option<&[u8]>) -> Result<Self> {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        if let Some(pem) = ca_pem {
            let wrong =
                |why: &str| Error::new(ErrorCode::BadParameter, format!("the CA is not usable: {why}"));
            let public = roots.len();
            for certificate in CertificateDer::pem_slice_iter(pem) {
                let certificate = certificate.map_err(|error| wrong(&error.to_string()))?;
                roots.add(certificate).map_err(|error| wrong(&error.to_string()))?;
            }
            if roots.len() == public {
                return Err(wrong("there is no certificate in it; give it as PEM text"));
            }
        }
        // Named, since an app may link several providers and then there is no default one.
        let provider = CryptoProvider { key_provider: &NoKeys, ..rustls::crypto::ring::default_provider() };
        let provider = Arc::new(provider);
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| Error::new(ErrorCode::Internal, format!("TLS could not be set up: {error}")))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.resumption = Resumption::in_memory_sessions(SESSIONS);
        Ok(Self(TlsConnector::from(Arc::new(config))))
    }

    /// What makes a TLS stream of a TCP stream.
    pub(crate) fn connector(&self) -> &TlsConnector {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ca_of_the_app_is_checked_when_it_is_given() {
        assert!(Tls::new(None).is_ok());
        let ca = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        assert!(Tls::new(Some(ca.cert.pem().as_bytes())).is_ok());
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        for pem in ["", "not a certificate", broken, &ca.signing_key.serialize_pem()] {
            assert!(Tls::new(Some(pem.as_bytes())).err().unwrap().is(ErrorCode::BadParameter), "{pem}");
        }
    }
}
