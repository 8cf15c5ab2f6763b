//! What a connection costs the server that has nothing to say: 10,000 of them, the server in a process of its own.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;

use clap::ValueEnum;
use futures_util::{SinkExt as _, StreamExt as _};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::{TlsAcceptor, TlsConnector};
use tokio_tungstenite::{WebSocketStream, accept_async_with_config, client_async_with_config};
use whinchat_proto::wire::server_frame;
use whinchat_server::{Server, ServerConfig, TlsConfig};

use crate::row::{Row, median};
use crate::{echo, latency, raw};

/// Connections that are counted.
const IDLE: usize = 10_000;
/// Those that are there before, so that what a server has once is not counted.
const WARM: usize = 500;
/// Connections that are made at once.
const AT_ONCE: usize = 64;
/// What a logged-in connection may cost under TLS, in KB.
const TLS_AIM: f64 = 28.0;

/// What a child process serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Serve {
    /// The product.
    Ours,
    /// The product under TLS.
    OursTls,
    /// WebSockets that do nothing.
    Floor,
    /// The same under TLS.
    FloorTls,
}

impl Serve {
    fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::OursTls => "ours-tls",
            Self::Floor => "floor",
            Self::FloorTls => "floor-tls",
        }
    }

    fn is_tls(self) -> bool {
        matches!(self, Self::OursTls | Self::FloorTls)
    }

    fn is_ours(self) -> bool {
        matches!(self, Self::Ours | Self::OursTls)
    }
}

/// Bytes of this process that no file backs.
fn memory() -> u64 {
    let text = std::fs::read_to_string("/proc/self/smaps_rollup").unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("Anonymous:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1_024
}

fn tls_files(folder: &Path) -> TlsConfig {
    TlsConfig { certificate: folder.join("cert.pem"), key: folder.join("key.pem") }
}

/// The child: serves until its standard input ends, and answers each line with its memory.
pub(crate) async fn serve(kind: Serve, folder: &Path) {
    let mut running = None;
    let address = if kind.is_ours() {
        let config = ServerConfig {
            heartbeat_ms: 3_600_000,
            tls: kind.is_tls().then(|| tls_files(folder)),
            ..latency::unlimited(&folder.join("server"))
        };
        running.insert(Server::start(config).await.unwrap()).local_addr()
    } else {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(bare(listener, kind.is_tls().then(|| acceptor(folder))));
        address
    };
    say(&address.to_string());
    let (lines, mut asked) = tokio::sync::mpsc::channel(1);
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines() {
            if line.is_err() || lines.blocking_send(()).is_err() {
                return;
            }
        }
    });
    while asked.recv().await.is_some() {
        say(&memory().to_string());
    }
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").unwrap();
    out.flush().unwrap();
}

fn acceptor(folder: &Path) -> TlsAcceptor {
    let files = tls_files(folder);
    let chain = CertificateDer::pem_file_iter(&files.certificate).unwrap().map(Result::unwrap).collect();
    let key = PrivateKeyDer::from_pem_file(&files.key).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    config.ticketer = rustls::crypto::ring::Ticketer::new().unwrap();
    config.send_tls13_tickets = 1;
    TlsAcceptor::from(Arc::new(config))
}

/// The least that a server of idle WebSockets can be: small buffers, one task a connection.
async fn bare(listener: TcpListener, tls: Option<TlsAcceptor>) {
    loop {
        let (socket, _) = listener.accept().await.unwrap();
        let tls = tls.clone();
        tokio::spawn(async move {
            match tls {
                None => idle(socket).await,
                Some(tls) => {
                    let socket = Box::pin(tls.accept(socket)).await.unwrap();
                    Box::pin(idle(socket)).await;
                }
            }
        });
    }
}

async fn idle(socket: impl AsyncRead + AsyncWrite + Unpin) {
    let Ok(mut socket) = Box::pin(accept_async_with_config(socket, Some(echo::config()))).await else {
        return;
    };
    while let Some(Ok(_)) = socket.next().await {}
}

/// A running child.
struct Process {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    address: SocketAddr,
}

impl Process {
    fn start(kind: Serve, folder: &Path) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--serve", kind.name(), "--folder"])
            .arg(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = child.stdin.take().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let address = line.trim().parse().unwrap();
        Self { child, input, output, address }
    }

    fn memory(&mut self) -> u64 {
        writeln!(self.input).unwrap();
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        line.trim().parse().unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

type Anything = Box<dyn Connection>;
trait Connection: Send {}
impl<T: Send> Connection for T {}

/// How clients connect.
#[derive(Clone)]
struct Dial {
    server: SocketAddr,
    tls: Option<TlsConnector>,
    log_in: bool,
    /// Several of them, so that ports do not run short.
    from: [u8; 4],
}

impl Dial {
    async fn connect(&self, number: usize) -> Anything {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind((self.from, 0).into()).unwrap();
        let socket = socket.connect(self.server).await.unwrap();
        socket.set_nodelay(true).unwrap();
        match &self.tls {
            None => self.greet(socket, number).await,
            Some(tls) => {
                let name = ServerName::try_from("localhost").unwrap();
                let socket: tokio_rustls::client::TlsStream<TcpStream> =
                    tls.connect(name, socket).await.unwrap();
                self.greet(socket, number).await
            }
        }
    }

    async fn greet<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
        &self,
        socket: S,
        number: usize,
    ) -> Anything {
        let url = format!("ws://{}/", self.server);
        let mut socket: WebSocketStream<S> =
            client_async_with_config(url, socket, Some(echo::config())).await.unwrap().0;
        if self.log_in {
            socket.send(raw::hello(&format!("user{number}"), None)).await.unwrap();
            while !matches!(raw::next(&mut socket).await, Some(server_frame::Body::Welcome(_))) {}
        }
        Box::new(socket)
    }
}

fn connector(folder: &Path) -> TlsConnector {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(tls_files(folder).certificate).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    TlsConnector::from(Arc::new(config))
}

/// KB a connection.
async fn cost(kind: Serve, run: usize) -> f64 {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let files = tls_files(folder.path());
    std::fs::write(&files.certificate, made.cert.pem()).unwrap();
    std::fs::write(&files.key, made.signing_key.serialize_pem()).unwrap();
    let mut process = Process::start(kind, folder.path());
    let number = u8::try_from(run * 4 + kind as usize).unwrap_or(u8::MAX);
    let dial = Dial {
        server: process.address,
        tls: kind.is_tls().then(|| connector(folder.path())),
        log_in: kind.is_ours(),
        from: [127, 0, 0, 2 + number % 200],
    };
    let mut connections = open(&dial, 0, WARM).await;
    let before = process.memory();
    connections.extend(open(&dial, WARM, IDLE).await);
    let after = process.memory();
    assert_eq!(connections.len(), WARM + IDLE);
    after.saturating_sub(before) as f64 / IDLE as f64 / 1_024.0
}

async fn open(dial: &Dial, first: usize, count: usize) -> Vec<Anything> {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let mut opening = tokio::task::JoinSet::new();
    for number in first..first + count {
        let place = places.clone().acquire_owned().await.unwrap();
        let dial = dial.clone();
        opening.spawn(async move {
            let connection = dial.connect(number).await;
            drop(place);
            connection
        });
    }
    opening.join_all().await
}

pub(crate) async fn measure(runs: usize) -> Vec<Row> {
    let mut costs: [Vec<f64>; 4] = Default::default();
    for run in 0..runs {
        for kind in [Serve::Ours, Serve::OursTls, Serve::Floor, Serve::FloorTls] {
            costs[kind as usize].push(cost(kind, run).await);
        }
    }
    let [ours, ours_tls, floor, floor_tls] = costs.map(median);
    vec![
        Row {
            name: "server memory a logged-in idle connection, plain".into(),
            unit: "KB",
            ours,
            floor,
            aim: Some(2.0),
        },
        Row {
            name: "the same under TLS (the aim is 28 KB)".into(),
            unit: "KB",
            ours: ours_tls,
            floor: floor_tls,
            aim: Some(TLS_AIM / floor_tls),
        },
    ]
}
