use super::*;
use std::time::Instant;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// A server that sends back what it gets.
async fn echo() -> (SocketAddr, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let task = tokio::spawn(async move {
        let mut connections = JoinSet::new();
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            connections.spawn(async move {
                let (mut read, mut write) = stream.split();
                let _ = tokio::io::copy(&mut read, &mut write).await;
            });
        }
    });
    (addr, task)
}

async fn ask(stream: &mut TcpStream, text: &[u8]) -> io::Result<Vec<u8>> {
    stream.write_all(text).await?;
    let mut answer = vec![0; text.len()];
    stream.read_exact(&mut answer).await?;
    Ok(answer)
}

/// Whether nothing arrives for a while: the one thing that only waiting can show.
async fn silent(stream: &mut TcpStream) -> bool {
    let mut byte = [0];
    tokio::time::timeout(Duration::from_millis(100), stream.read(&mut byte)).await.is_err()
}

#[tokio::test]
async fn without_faults_bytes_go_through_both_ways_and_closes_do_too() {
    let (upstream, _server) = echo().await;
    let proxy = FaultProxy::start(upstream).await.unwrap();
    let mut stream = TcpStream::connect(proxy.addr()).await.unwrap();
    let large: Vec<u8> = (0..300_000_u32).map(|n| n.to_le_bytes()[0]).collect();
    let (mut read, mut write) = stream.split();
    let mut back = vec![0; large.len()];
    let (sent, got) = tokio::join!(write.write_all(&large), read.read_exact(&mut back));
    sent.unwrap();
    got.unwrap();
    assert_eq!(back, large);
    write.shutdown().await.unwrap();
    assert_eq!(read.read(&mut back).await.unwrap(), 0);
    assert_eq!(proxy.passed(Direction::Up), 300_000);
    assert_eq!(proxy.passed(Direction::Down), 300_000);
}

#[tokio::test]
async fn a_cut_resets_what_runs_and_lets_new_connections_in() {
    let (upstream, _server) = echo().await;
    let proxy = FaultProxy::start(upstream).await.unwrap();
    let mut stream = TcpStream::connect(proxy.addr()).await.unwrap();
    ask(&mut stream, b"one").await.unwrap();
    proxy.cut();
    assert_eq!(stream.read_u8().await.unwrap_err().kind(), io::ErrorKind::ConnectionReset);
    let mut stream = TcpStream::connect(proxy.addr()).await.unwrap();
    assert_eq!(ask(&mut stream, b"two").await.unwrap(), b"two");
    assert_eq!(proxy.accepted(), 2);
}

#[tokio::test]
async fn offline_refuses_until_restored() {
    let (upstream, _server) = echo().await;
    let proxy = FaultProxy::start(upstream).await.unwrap();
    proxy.offline();
    let mut stream = TcpStream::connect(proxy.addr()).await.unwrap();
    assert!(ask(&mut stream, b"x").await.is_err());
    proxy.restore();
    let mut stream = TcpStream::connect(proxy.addr()).await.unwrap();
    assert_eq!(ask(&mut stream, b"y").await.unwrap(), b"y");
}

#[tokio::test]
async fn a_half_open_connection_is_silent_and_never_wakes_up() {
    let (upstream, _server) = echo().await;
    let proxy = FaultProxy::start(upstream).await.unwrap();
    let mut ghost = TcpStream::connect(proxy.addr()).await.unwrap();
    ask(&mut ghost, b"one").await.unwrap();
    proxy.half_open();
    ghost.write_all(b"two").await.unwrap();
    assert!(silent(&mut ghost).await);
    proxy.restore();
    ghost.write_all(b"three").await.unwrap();
    assert!(silent(&mut ghost).await);
    assert_eq!(proxy.swallowed(), 8);
    let mut fresh = TcpStream::connect(proxy.addr()).await.unwrap();
    assert_eq!(ask(&mut fresh, b"four").await.unwrap(), b"four");
}

#[tokio::test]
async fn swallowed_downwards_the_server_still_gets_everything() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = FaultProxy::start(listener.local_addr().unwrap()).await.unwrap();
    let mut client = TcpStream::connect(proxy.addr()).await.unwrap();
    let (mut server, _) = listener.accept().await.unwrap();
    proxy.swallow(Direction::Down);
    client.write_all(b"sent").await.unwrap();
    let mut got = [0; 4];
    server.read_exact(&mut got).await.unwrap();
    server.write_all(b"answer").await.unwrap();
    assert_eq!(&got, b"sent");
    assert!(silent(&mut client).await);
    assert_eq!(proxy.swallowed(), 6);
}

#[tokio::test]
async fn a_delay_holds_bytes_back_for_as_long_as_asked() {
    let (upstream, _server) = echo().await;
    let proxy = FaultProxy::start(upstream).await.unwrap();
    proxy.delay(Duration::from_millis(40), Duration::from_millis(10));
    let mut stream = TcpStream::connect(proxy.addr()).await.unwrap();
    let start = Instant::now();
    ask(&mut stream, b"there and back").await.unwrap();
    assert!(start.elapsed() >= Duration::from_millis(80));
}

#[tokio::test]
async fn a_throttle_lets_through_at_its_rate_and_can_be_lifted() {
    let (upstream, _server) = echo().await;
    let proxy = FaultProxy::start(upstream).await.unwrap();
    proxy.throttle(20_000);
    let mut stream = TcpStream::connect(proxy.addr()).await.unwrap();
    let start = Instant::now();
    ask(&mut stream, &[7; 4_000]).await.unwrap();
    assert!(start.elapsed() >= Duration::from_millis(150), "{:?}", start.elapsed());
    proxy.throttle(0);
    stream.write_all(b"held").await.unwrap();
    assert!(silent(&mut stream).await);
    proxy.restore();
    let mut held = [0; 4];
    stream.read_exact(&mut held).await.unwrap();
    assert_eq!(&held, b"held");
}

#[tokio::test]
async fn a_planned_cut_comes_after_exactly_so_many_bytes() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = FaultProxy::start(listener.local_addr().unwrap()).await.unwrap();
    let mut client = TcpStream::connect(proxy.addr()).await.unwrap();
    let (mut server, _) = listener.accept().await.unwrap();
    proxy.cut_after(5);
    client.write_all(b"123456789").await.unwrap();
    let mut got = Vec::new();
    let end = server.read_to_end(&mut got).await;
    assert_eq!(end.unwrap_err().kind(), io::ErrorKind::ConnectionReset);
    assert_eq!(got, b"12345");
    assert!(client.read_u8().await.is_err());
}

#[tokio::test]
async fn the_server_may_come_back_at_another_address() {
    let (first, server) = echo().await;
    let proxy = FaultProxy::start(first).await.unwrap();
    let mut stream = TcpStream::connect(proxy.addr()).await.unwrap();
    ask(&mut stream, b"one").await.unwrap();
    server.abort();
    let (second, _server) = echo().await;
    proxy.set_upstream(second);
    proxy.cut();
    let mut stream = TcpStream::connect(proxy.addr()).await.unwrap();
    assert_eq!(ask(&mut stream, b"two").await.unwrap(), b"two");
}

#[tokio::test]
async fn dropping_the_proxy_ends_its_connections() {
    let (upstream, _server) = echo().await;
    let proxy = FaultProxy::start(upstream).await.unwrap();
    let mut stream = TcpStream::connect(proxy.addr()).await.unwrap();
    ask(&mut stream, b"one").await.unwrap();
    drop(proxy);
    let ended = stream.read_u8().await;
    assert!(ended.is_err());
}
