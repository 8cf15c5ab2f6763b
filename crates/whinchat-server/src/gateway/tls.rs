//! TLS for `wss://`: rustls with ring; TLS 1.3 tickets let a phone resume in one round trip.

use std::path::Path;
use std::sync::Arc;

use rustls::ServerConfig as RustlsConfig;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use crate::config::TlsConfig;
use crate::error::ServerError;

fn bad(path: &Path, why: &dyn std::fmt::Display) -> ServerError {
    ServerError::Certificate(path.to_owned(), why.to_string())
}

/// Reads certificate and key.
pub(crate) fn acceptor(config: &TlsConfig) -> Result<TlsAcceptor, ServerError> {
    let chain = CertificateDer::pem_file_iter(&config.certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| bad(&config.certificate, &error))?;
    if chain.is_empty() {
        return Err(bad(&config.certificate, &"it holds no certificate"));
    }
    let key = PrivateKeyDer::from_pem_file(&config.key).map_err(|error| bad(&config.key, &error))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut tls = RustlsConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| bad(&config.certificate, &error))?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|error| bad(&config.certificate, &error))?;
    tls.ticketer = rustls::crypto::ring::Ticketer::new().map_err(|error| bad(&config.key, &error))?;
    // Whole frames are written at once; a session keeps little of its own.
    tls.send_tls13_tickets = 1;
    Ok(TlsAcceptor::from(Arc::new(tls)))
}
