//! Coming back: how soon, and why not sooner.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use whinchat_proto::id::SessionId;
use whinchat_proto::wire::hello::Start;

use super::client::{Settings, TestClient, told};
use super::server::FakeServer;
use crate::connection::{Backoff, Inbound};
use crate::error::{Error, ErrorClass, ErrorCode};

const BASE: Duration = Duration::from_millis(2);
const HOUR: Duration = Duration::from_secs(3_600);

#[tokio::test]
async fn handshakes_and_short_sessions_do_not_begin_the_back_off_anew() {
    let server = FakeServer::start().await;
    let backoff = Backoff { base: BASE, cap: Duration::from_millis(300) };
    let mut client = TestClient::start(Settings { backoff, ..Settings::new(server.url()) });
    let mut waits = Vec::new();
    for attempt in 0..9 {
        let mut peer = server.accept().await;
        peer.hello().await;
        if attempt % 2 == 0 {
            peer.bye(&ErrorCode::LoginFault.into()).await;
        } else {
            peer.welcome(super::server::welcome()).await;
            client.up().await;
            drop(peer);
        }
        waits.push(client.down().await.1.unwrap());
    }
    // Each wait is drawn at random, but four small ones in a row out of spans 16 to 128 times as long do not happen.
    assert!(waits[5..].iter().any(|wait| *wait > BASE), "{waits:?}");
}

#[tokio::test]
async fn a_stable_session_begins_the_back_off_anew() {
    let server = FakeServer::start().await;
    let backoff = Backoff { base: BASE, cap: HOUR };
    let settings = Settings { backoff, stable_after: Duration::ZERO, ..Settings::new(server.url()) };
    let mut client = TestClient::start(settings);
    for _ in 0..12 {
        let peer = server.accept_and_welcome().await;
        client.up().await;
        drop(peer);
        assert!(client.down().await.1.unwrap() <= BASE);
    }
}

#[tokio::test]
async fn the_server_may_say_when_to_come_back_and_nothing_shortens_it() {
    const FLOOR: Duration = Duration::from_millis(300);
    let server = FakeServer::start().await;
    let mut client = TestClient::start(Settings::new(server.url()));
    let mut peer = server.accept().await;
    peer.hello().await;
    let mut error = Error::from(ErrorCode::TooManyFailures);
    error.class = ErrorClass::After(300);
    let sent_away = Instant::now();
    peer.bye(&error).await;
    assert!(client.down().await.1.unwrap() >= FLOOR);
    client.link.network_changed();
    server.accept_and_welcome().await;
    assert!(sent_away.elapsed() >= FLOOR);
    client.up().await;
}

#[tokio::test]
async fn a_changed_network_ends_a_wait() {
    let server = FakeServer::start().await;
    let backoff = Backoff { base: HOUR, cap: HOUR };
    let mut client = TestClient::start(Settings { backoff, ..Settings::new(server.url()) });
    drop(server.accept().await);
    client.down().await;
    client.link.network_changed();
    let peer = server.accept_and_welcome().await;
    client.up().await;
    drop(peer);
    client.down().await;
    // Several hints at once are one.
    client.link.network_changed();
    client.link.network_changed();
    drop(server.accept().await);
    client.down().await;
    assert!(client.inbound.try_recv().is_err(), "waiting, not connecting");
}

#[tokio::test]
async fn a_changed_network_begins_a_stuck_attempt_anew() {
    let server = FakeServer::start().await;
    let mut client = TestClient::start(Settings::new(server.url()));
    let mut stuck = server.accept_tcp().await;
    client.link.network_changed();
    server.accept_and_welcome().await;
    client.up().await;
    let mut sent = Vec::new();
    stuck.read_to_end(&mut sent).await.unwrap();
    assert!(sent.starts_with(b"GET / HTTP/1.1"));
}

#[tokio::test]
async fn each_attempt_is_told() {
    let server = FakeServer::start().await;
    let mut client = TestClient::start(Settings::new(server.url()));
    for _ in 0..3 {
        assert!(matches!(client.inbound.recv().await, Some(Inbound::Connecting)));
        drop(server.accept_and_welcome().await);
        assert_eq!(told(&client.next().await), "up");
        client.down().await;
    }
}

#[tokio::test]
async fn what_is_no_whinchat_server_is_told_apart() {
    // Nobody.
    let port = FakeServer::start().await.port();
    let mut client = TestClient::start(Settings::new(format!("ws://127.0.0.1:{port}")));
    assert!(client.down().await.0.is(ErrorCode::ConnectRefused));

    // A web server.
    let server = FakeServer::start().await;
    let mut client = TestClient::start(Settings::new(server.url()));
    let mut stream = server.accept_tcp().await;
    stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n").await.unwrap();
    let (error, _) = client.down().await;
    assert!(error.is(ErrorCode::ConnectRefused) && error.message.contains("404"), "{error}");

    // Something else.
    let server = FakeServer::start().await;
    let mut client = TestClient::start(Settings::new(server.url()));
    server.accept_tcp().await.write_all(b"220 mail.example.com ESMTP\r\n\r\n").await.unwrap();
    let (error, retry_in) = client.down().await;
    assert!(error.is(ErrorCode::ConnectRefused) && error.message.contains("WebSocket"), "{error}");
    assert!(retry_in.is_some());

    // One that goes away.
    let server = FakeServer::start().await;
    let mut client = TestClient::start(Settings::new(server.url()));
    let mut stream = server.accept_tcp().await;
    // Read first: a close over unread bytes is a reset.
    let _ = stream.read(&mut [0; 1_024]).await.unwrap();
    drop(stream);
    let (error, _) = client.down().await;
    assert!(error.is(ErrorCode::ConnectionReset), "{error}");

    // One that accepts and says nothing.
    let server = FakeServer::start().await;
    let connect_timeout = Duration::from_millis(100);
    let mut client = TestClient::start(Settings { connect_timeout, ..Settings::new(server.url()) });
    let _silent = server.accept_tcp().await;
    assert!(client.down().await.0.is(ErrorCode::ConnectTimeout));
}

#[tokio::test]
async fn coming_to_the_foreground_ends_a_wait_once() {
    let server = FakeServer::start().await;
    let backoff = Backoff { base: HOUR, cap: HOUR };
    let mut client = TestClient::start(Settings { backoff, ..Settings::new(server.url()) });
    client.set_foreground(false);
    drop(server.accept().await);
    client.down().await;
    client.set_foreground(true);
    client.set_foreground(true);
    drop(server.accept().await);
    client.down().await;
    assert!(client.inbound.try_recv().is_err(), "waiting, not connecting");
}

#[tokio::test]
async fn in_the_background_the_waits_grow_beyond_the_cap_of_the_foreground() {
    let server = FakeServer::start().await;
    let backoff = Backoff { base: BASE, cap: BASE };
    let background_cap = Duration::from_millis(400);
    let mut client = TestClient::start(Settings { backoff, background_cap, ..Settings::new(server.url()) });
    let mut waits = Vec::new();
    for background in [false, true] {
        client.set_foreground(!background);
        for _ in 0..10 {
            drop(server.accept().await);
            waits.push(client.down().await.1.unwrap());
        }
    }
    assert!(waits[..10].iter().all(|wait| *wait <= BASE), "{waits:?}");
    // Drawn at random from spans that double up to 200 times the base: ten small ones do not happen.
    assert!(waits[10..].iter().any(|wait| *wait > BASE), "{waits:?}");
}

#[tokio::test]
async fn a_session_that_the_server_has_forgotten_becomes_a_new_login_once() {
    let server = FakeServer::start().await;
    let mut client = TestClient::start(Settings::new(server.url()));
    *client.source.session.lock().unwrap() = Some(SessionId([7; 16]));
    let mut peer = server.accept().await;
    assert!(matches!(peer.hello().await.start, Some(Start::Resume(_))));
    peer.bye(&ErrorCode::NotAuthorised.into()).await;
    let (error, retry_in) = client.down().await;
    assert!(error.is(ErrorCode::NotAuthorised) && retry_in.is_some(), "{error}");
    let mut peer = server.accept().await;
    assert!(matches!(peer.hello().await.start, Some(Start::Login(_))));
    // A new login that is refused in the same words is the end.
    peer.bye(&ErrorCode::NotAuthorised.into()).await;
    assert_eq!(client.down().await.1, None);
}
