//! Starting, stopping, TLS.

use std::sync::Arc;

use futures_util::{SinkExt as _, StreamExt as _};
use prost::Message as _;
use tokio_tungstenite::tungstenite::Message;
use whinchat_proto::wire;
use whinchat_proto::wire::client_frame::Body as ClientBody;
use whinchat_proto::wire::request::Body as Ask;
use whinchat_proto::wire::server_frame::Body as ServerBody;
use whinchat_server::{Server, ServerError, TlsConfig};

use crate::device::{Host, config, hello, text, user};

#[tokio::test]
async fn stopping_answers_what_was_asked_and_says_goodbye() {
    let host = Host::start().await;
    drop(host.device("bob").await);
    let mut alice = host.device("alice").await;
    let mut idle = host.device("idle").await;
    for n in 0..100 {
        alice.ask(Ask::SendMessage(text(user("bob"), &format!("{n}")))).await;
    }
    // The first answer shows that they are being worked on.
    alice.response().await;
    let Host { server, data } = host;
    let stopping = tokio::spawn(server.stop());
    let mut answers = 1;
    let code = loop {
        match alice.frame().await {
            Some(ServerBody::Response(_)) => answers += 1,
            Some(ServerBody::Bye(bye)) => break bye.error.unwrap().code,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(code, 9524);
    assert_eq!(idle.bye().await, 9524);
    stopping.await.unwrap();
    // What was answered is there after the restart, and what was not answered may be: it is repeated by the client.
    let server = Server::start(config(data.path())).await.unwrap();
    let host = Host { server, data };
    let changes = host.raw().await.login("bob").await.changes.unwrap();
    assert!(changes.to.unwrap().version >= 1);
    let Some(wire::change::Body::Conversation(change)) = &changes.changes[0].body else { panic!("nothing") };
    assert!(change.state.as_ref().unwrap().head_seq >= answers);
}

fn failed(result: Result<whinchat_server::RunningServer, ServerError>) -> ServerError {
    match result {
        Ok(_) => panic!("started"),
        Err(error) => error,
    }
}

#[tokio::test]
async fn what_is_in_the_way_of_a_start_is_named() {
    let host = Host::start().await;
    let error = failed(Server::start(config(host.data.path())).await);
    assert!(matches!(error, ServerError::DataInUse(_)), "{error}");
    assert!(error.to_string().contains("--data"));

    let other = tempfile::tempdir().unwrap();
    let mut taken = config(other.path());
    taken.listen = host.server.local_addr();
    let error = failed(Server::start(taken).await);
    assert!(matches!(error, ServerError::AddressTaken(_)), "{error}");
    assert!(error.to_string().contains("--listen"));

    let garbage = tempfile::tempdir().unwrap();
    std::fs::write(garbage.path().join("server.db"), "this is no database, it is a letter".repeat(100))
        .unwrap();
    let error = failed(Server::start(config(garbage.path())).await);
    assert!(matches!(error, ServerError::NotADatabase(_)), "{error}");

    // A file stands where the folder should be: unwritable even for root.
    let file = tempfile::NamedTempFile::new().unwrap();
    let error = failed(Server::start(config(&file.path().join("data"))).await);
    assert!(matches!(error, ServerError::DataUnwritable(..)), "{error}");

    let folder = tempfile::tempdir().unwrap();
    let mut tls = config(folder.path());
    tls.tls =
        Some(TlsConfig { certificate: folder.path().join("no.pem"), key: folder.path().join("no.key") });
    let error = failed(Server::start(tls).await);
    assert!(matches!(error, ServerError::Certificate(..)), "{error}");
    assert!(error.to_string().contains("no.pem"));
}

#[tokio::test]
async fn dropping_the_server_stops_it() {
    let host = Host::start().await;
    let mut alice = host.device("alice").await;
    let Host { server, data: _data } = host;
    drop(server);
    assert_eq!(alice.bye().await, 9524);
}

#[tokio::test]
async fn wss_serves_with_a_certificate_of_ones_own() {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let tls = TlsConfig { certificate: folder.path().join("cert.pem"), key: folder.path().join("key.pem") };
    std::fs::write(&tls.certificate, made.cert.pem()).unwrap();
    std::fs::write(&tls.key, made.signing_key.serialize_pem()).unwrap();
    let host = Host::with(|config| config.tls = Some(tls)).await;

    let mut roots = rustls::RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let client =
        rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
    let connector = tokio_rustls::TlsConnector::from(Arc::new(client));
    for resumed in [false, true] {
        let tcp = tokio::net::TcpStream::connect(host.server.local_addr()).await.unwrap();
        let stream = connector.connect("localhost".try_into().unwrap(), tcp).await.unwrap();
        let kind = stream.get_ref().1.handshake_kind().unwrap();
        assert_eq!(kind == rustls::HandshakeKind::Resumed, resumed, "{kind:?}");
        let (mut ws, _) = tokio_tungstenite::client_async("wss://localhost/", stream).await.unwrap();
        let frame = wire::ClientFrame { body: Some(ClientBody::Hello(hello("alice"))) }.encode_to_vec();
        ws.send(Message::Binary(frame.into())).await.unwrap();
        let Some(Ok(Message::Binary(bytes))) = ws.next().await else { panic!("no answer") };
        let frame = wire::ServerFrame::decode(bytes).unwrap();
        assert!(matches!(frame.body, Some(ServerBody::Welcome(_))), "{frame:?}");
    }
    // Plain text at the TLS port is a connection that ends, not a server that does.
    let tcp = tokio::net::TcpStream::connect(host.server.local_addr()).await.unwrap();
    assert!(tokio_tungstenite::client_async("ws://localhost/", tcp).await.is_err());
}
