//! Connections that look alive and are not.

use std::time::Duration;

use whinchat_proto::wire;

use super::client::{Settings, TestClient, mutation, read, soon, told};
use super::server::{FakeServer, welcome};
use crate::connection::Inbound;
use crate::error::ErrorCode;

/// Short, since these tests wait for it to pass.
const SHORT: Duration = Duration::from_millis(500);

fn impatient(server: &FakeServer) -> TestClient {
    TestClient::start(Settings { request_timeout: SHORT, ..Settings::new(server.url()) })
}

#[tokio::test]
async fn a_server_gone_silent_is_found_by_an_unanswered_read() {
    let server = FakeServer::start().await;
    let mut client = impatient(&server);
    let mut silent = server.accept_and_welcome().await;
    client.up().await;
    let error = soon(client.link.request(read())).await.unwrap_err();
    assert!(error.is(ErrorCode::AnswerTimeout), "{error}");
    let (error, retry_in) = client.down().await;
    assert!(error.is(ErrorCode::AnswerTimeout));
    assert!(retry_in.is_some());
    silent.request().await;
    assert!(silent.receive().await.is_none(), "the client has cut it");
    let _peer = server.accept_and_welcome().await;
    client.up().await;
}

#[tokio::test]
async fn a_server_gone_silent_is_found_by_an_unanswered_mutation() {
    let server = FakeServer::start().await;
    let mut client = impatient(&server);
    let _silent = server.accept_and_welcome().await;
    let (_, session) = client.up().await;
    session.submit(1, None, mutation()).await.unwrap();
    assert!(client.down().await.0.is(ErrorCode::AnswerTimeout));
}

#[tokio::test]
async fn a_server_gone_silent_is_found_by_a_missing_pong() {
    let server = FakeServer::start().await;
    let mut client = impatient(&server);
    let mut peer = server.accept().await;
    peer.hello().await;
    peer.welcome(wire::Welcome { heartbeat_ms: 50, ..welcome() }).await;
    client.up().await;
    peer.ping().await;
    assert!(client.down().await.0.is(ErrorCode::AnswerTimeout));
}

#[tokio::test]
async fn pongs_keep_a_quiet_connection_alive_and_tell_cursor_and_time() {
    let server = FakeServer::start().await;
    // The pong is answered at once, but the machine that runs this may be busy.
    let patient = Settings { request_timeout: Duration::from_secs(10), ..Settings::new(server.url()) };
    let mut client = TestClient::start(patient);
    let mut peer = server.accept().await;
    peer.hello().await;
    peer.welcome(wire::Welcome { heartbeat_ms: 30, ..welcome() }).await;
    client.up().await;
    for version in 1..=5 {
        let ping = peer.ping().await;
        peer.push(version).await;
        let cursor = wire::Cursor { epoch: 1, version, groups: 0 };
        let server_time_ms = 1_800_000_000_000;
        let pong = wire::Pong { nonce: ping.nonce, server_time_ms, cursor: Some(cursor), moved: Vec::new() };
        peer.send(wire::server_frame::Body::Pong(pong)).await;
        assert_eq!(told(&client.next().await), format!("push {version}"));
        assert!(matches!(client.next().await, Inbound::Pong(told) if told.cursor == Some(cursor)));
    }
    let told = client.link.server_time_ms().unwrap();
    assert!((1_800_000_000_000..1_800_000_060_000).contains(&told), "{told}");
}

#[tokio::test]
async fn a_server_that_answers_nothing_to_the_hello_is_left() {
    let server = FakeServer::start().await;
    let mut client = impatient(&server);
    let mut silent = server.accept().await;
    silent.hello().await;
    assert!(client.down().await.0.is(ErrorCode::AnswerTimeout));
    assert!(silent.receive().await.is_none());
}

#[tokio::test]
async fn a_changed_network_makes_the_client_ask_whether_the_connection_lives() {
    let server = FakeServer::start().await;
    let mut client = impatient(&server);
    let mut dead = server.accept_and_welcome().await;
    client.up().await;
    client.link.network_changed();
    dead.ping().await;
    assert!(client.down().await.0.is(ErrorCode::AnswerTimeout));
}

#[tokio::test]
async fn going_to_the_background_and_back_is_told_at_once() {
    let server = FakeServer::start().await;
    let mut client = TestClient::start(Settings::new(server.url()));
    let mut peer = server.accept().await;
    peer.hello().await;
    peer.welcome(wire::Welcome { longest_heartbeat_ms: 600_000, ..welcome() }).await;
    client.up().await;
    for (foreground, next_ms) in [(false, 210_000), (true, 0), (false, 210_000)] {
        client.set_foreground(foreground);
        let ping = peer.ping().await;
        assert_eq!(ping.next_ms, next_ms);
        let cursor = wire::Cursor { epoch: 1, version: 1, groups: 0 };
        let pong = wire::Pong { nonce: ping.nonce, cursor: Some(cursor), ..Default::default() };
        peer.send(wire::server_frame::Body::Pong(pong)).await;
        assert!(matches!(client.next().await, Inbound::Pong(_)));
    }
    // A connection that is made in the background says so first of all.
    drop(peer);
    let mut peer = server.accept().await;
    peer.hello().await;
    peer.welcome(wire::Welcome { longest_heartbeat_ms: 300_000, ..welcome() }).await;
    assert_eq!(peer.ping().await.next_ms, 210_000);
}
