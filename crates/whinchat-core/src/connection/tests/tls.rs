//! wss.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::HandshakeKind;
use rustls_pki_types::PrivateKeyDer;
use tokio_rustls::TlsAcceptor;

use super::client::{Settings, TestClient, soon};
use super::server::{FakeServer, Peer, welcome};
use crate::error::{Error, ErrorCode};

/// An authority of our own.
struct Ca(CertifiedIssuer<'static, KeyPair>);

impl Ca {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    /// A server's settings with a certificate for `name`.
    fn acceptor(&self, name: &str) -> TlsAcceptor {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
            )
            .unwrap();
        TlsAcceptor::from(Arc::new(config))
    }
}

fn settings(server: &FakeServer, ca: Option<&Ca>) -> Settings {
    let url = format!("wss://localhost:{}", server.port());
    Settings { ca_pem: ca.map(|ca| ca.0.pem()), ..Settings::new(url) }
}

/// Why a client does not come in when the server has a certificate for `name`.
async fn refusal(ca: Option<&Ca>, acceptor: TlsAcceptor) -> Error {
    let server = FakeServer::start().await;
    let mut client = TestClient::start(settings(&server, ca));
    let accepting = tokio::spawn(async move { acceptor.accept(server.accept_tcp().await).await.err() });
    let (error, retry_in) = client.down().await;
    assert!(retry_in.is_some(), "the certificate may be repaired");
    assert!(soon(accepting).await.unwrap().is_some());
    error
}

#[tokio::test]
async fn an_authority_of_the_app_is_trusted_and_tickets_are_kept() {
    let ca = Ca::new();
    let acceptor = ca.acceptor("localhost");
    let server = FakeServer::start().await;
    let mut client = TestClient::start(settings(&server, Some(&ca)));
    for expected in [HandshakeKind::Full, HandshakeKind::Resumed, HandshakeKind::Resumed] {
        let stream = soon(acceptor.accept(server.accept_tcp().await)).await.unwrap();
        assert_eq!(stream.get_ref().1.handshake_kind(), Some(expected));
        let mut peer = Peer::shake_hands(Box::new(stream)).await;
        peer.hello().await;
        peer.welcome(welcome()).await;
        client.up().await;
        drop(peer);
        client.down().await;
    }
}

#[tokio::test]
async fn other_authorities_are_not() {
    let error = refusal(None, Ca::new().acceptor("localhost")).await;
    assert!(error.is(ErrorCode::TlsFailed) && error.message.contains("CA"), "{error}");
    let error = refusal(Some(&Ca::new()), Ca::new().acceptor("localhost")).await;
    assert!(error.is(ErrorCode::TlsFailed), "{error}");
}

#[tokio::test]
async fn a_certificate_for_another_name_is_not() {
    let ca = Ca::new();
    let error = refusal(Some(&ca), ca.acceptor("elsewhere.example")).await;
    assert!(error.is(ErrorCode::TlsFailed) && error.message.contains("another name"), "{error}");
}

#[tokio::test]
async fn a_server_without_tls_is_told_apart() {
    let server = FakeServer::start().await;
    let mut client = TestClient::start(settings(&server, None));
    let mut stream = server.accept_tcp().await;
    tokio::io::AsyncWriteExt::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
    let (error, _) = client.down().await;
    assert!(error.is(ErrorCode::TlsFailed) && error.message.contains("ws://"), "{error}");
}
