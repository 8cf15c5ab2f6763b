//! Connects over TLS, says one thing in a WebSocket, and writes the answer into SQLite: every part of the client, and no client.
//! `cargo xtask size` builds it as it builds the library that ships.

use std::error::Error;
use std::sync::Arc;

use futures_util::{SinkExt as _, StreamExt as _};
use prost::Message as _;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_tungstenite::tungstenite::Message;

/// A message on the wire.
#[derive(Clone, PartialEq, Eq, prost::Message)]
struct Said {
    /// Its number.
    #[prost(uint64, tag = "1")]
    seq: u64,
    /// Its text.
    #[prost(string, tag = "2")]
    text: String,
}

/// Runs it once. Gives 0, or 1 for any failure.
#[allow(unsafe_code, reason = "an export, so that the linker keeps what it calls")]
#[unsafe(no_mangle)]
pub extern "C" fn whinchat_floor() -> i32 {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    match runtime.map_err(Into::into).and_then(|runtime| runtime.block_on(run())) {
        Ok(()) => 0,
        Err(_) => 1,
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(("localhost", 443)).await?;
    let name = ServerName::try_from("localhost")?;
    let stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await?;
    let (mut socket, _) = tokio_tungstenite::client_async("wss://localhost/", stream).await?;
    let hello = Said { seq: 1, text: "hello".to_owned() };
    socket.send(Message::Binary(hello.encode_to_vec().into())).await?;
    if let Some(answer) = socket.next().await {
        let said = Said::decode(answer?.into_data())?;
        tokio::task::spawn_blocking(move || keep(&said)).await??;
    }
    Ok(())
}

fn keep(said: &Said) -> rusqlite::Result<()> {
    let database = rusqlite::Connection::open("floor.db")?;
    database.pragma_update(None, "journal_mode", "WAL")?;
    database
        .execute_batch("CREATE TABLE IF NOT EXISTS said (seq INTEGER PRIMARY KEY, text TEXT NOT NULL)")?;
    let seq = i64::try_from(said.seq).unwrap_or(i64::MAX);
    database.execute("INSERT INTO said (seq, text) VALUES (?1, ?2)", (seq, &said.text)).map(drop)
}
