//! Connections that end: by a cut, by the server's word, by the owner's wish.

use futures_util::poll;
use tokio_tungstenite::tungstenite::Message;
use whinchat_proto::wire;

use super::client::{Settings, TestClient, mutation, read, soon, told};
use super::server::FakeServer;
use crate::connection::Inbound;
use crate::error::{Error, ErrorCode};

#[tokio::test]
async fn a_cut_in_mid_flight_is_told_once_and_answers_nothing() {
    let server = FakeServer::start().await;
    let mut client = TestClient::start(Settings::new(server.url()));
    let mut peer = server.accept_and_welcome().await;
    let (_, session) = client.up().await;
    for tag in 1..=3 {
        session.submit(tag, None, mutation()).await.unwrap();
    }
    let mut page = Box::pin(session.request(read()));
    assert!(poll!(&mut page).is_pending());
    let first = peer.request().await.id;
    peer.request().await;
    peer.answer(first).await;
    assert_eq!(told(&client.next().await), "answer 1");
    drop(peer);

    let (error, retry_in) = client.down().await;
    assert!(error.is(ErrorCode::ConnectionReset), "{error}");
    assert!(retry_in.is_some());
    assert!(soon(page).await.unwrap_err().is(ErrorCode::Disconnected));

    // The next connection gets nothing of the old one, not even from a handle to it.
    let mut peer = server.accept_and_welcome().await;
    let (_, second) = client.up().await;
    assert!(session.submit(4, None, mutation()).await.unwrap_err().is(ErrorCode::Disconnected));
    assert!(session.request(read()).await.unwrap_err().is(ErrorCode::Disconnected));
    second.submit(5, None, mutation()).await.unwrap();
    let request = peer.request().await;
    assert_eq!(request.id, 1);
    peer.answer(request.id).await;
    assert_eq!(told(&client.next().await), "answer 5");
}

#[tokio::test]
async fn what_waits_for_the_window_falls_with_the_connection() {
    let server = FakeServer::start().await;
    let mut client = TestClient::start(Settings::new(server.url()));
    let mut peer = server.accept().await;
    peer.hello().await;
    let limits = super::server::limits(1);
    peer.welcome(wire::Welcome { limits: Some(limits), ..super::server::welcome() }).await;
    let (_, session) = client.up().await;
    session.submit(1, None, mutation()).await.unwrap();
    let mut waiting = Box::pin(session.submit(2, None, mutation()));
    assert!(poll!(&mut waiting).is_pending());
    peer.request().await;
    drop(peer);
    assert!(soon(waiting).await.unwrap_err().is(ErrorCode::Disconnected));
    client.down().await;
}

#[tokio::test]
async fn without_a_connection_requests_fail_at_once() {
    let server = FakeServer::start().await;
    let mut client = TestClient::start(Settings::new(server.url()));
    // Connecting, but the server has not said its Welcome yet.
    let mut peer = server.accept().await;
    peer.hello().await;
    assert!(!client.link.is_up());
    assert!(client.link.request(read()).await.unwrap_err().is(ErrorCode::Disconnected));
    assert_eq!(client.link.server_time_ms(), None);
    peer.welcome(super::server::welcome()).await;
    let (_, session) = client.up().await;
    drop(peer);
    client.down().await;
    assert!(!client.link.is_up());
    assert!(session.submit(1, None, mutation()).await.unwrap_err().is(ErrorCode::Disconnected));
    assert!(client.link.server_time_ms().is_some(), "the time goes on without a connection");
}

#[tokio::test]
async fn a_displaced_session_stays_down() {
    let server = FakeServer::start().await;
    let mut client = TestClient::start(Settings::new(server.url()));
    let peer = server.accept_and_welcome().await;
    client.up().await;
    peer.bye(&ErrorCode::SessionDisplaced.into()).await;
    let (error, retry_in) = client.down().await;
    assert!(error.is(ErrorCode::SessionDisplaced));
    assert_eq!(retry_in, None);
    client.ended().await;
    assert!(!client.link.is_up());
    // A link that has ended still takes every call.
    client.link.network_changed();
    soon(client.link.stop(true)).await;
}

#[tokio::test]
async fn a_final_refusal_of_the_login_ends_it() {
    for code in [ErrorCode::UserSigOtherKey, ErrorCode::UserSigExpired, ErrorCode::AppUnknown] {
        let server = FakeServer::start().await;
        let mut client = TestClient::start(Settings::new(server.url()));
        let mut peer = server.accept().await;
        peer.hello().await;
        peer.bye(&code.into()).await;
        let (error, retry_in) = client.down().await;
        assert_eq!((error, retry_in), (code.into(), None));
        client.ended().await;
    }
}

#[tokio::test]
async fn a_server_that_cannot_read_the_hello_may_say_so_in_a_response() {
    let server = FakeServer::start().await;
    let mut client = TestClient::start(Settings::new(server.url()));
    let mut peer = server.accept().await;
    peer.hello().await;
    peer.refuse(0, ErrorCode::Unsupported).await;
    let (error, retry_in) = client.down().await;
    assert!(error.is(ErrorCode::Unsupported));
    assert_eq!(retry_in, None);
}

#[tokio::test]
async fn the_reason_is_told_even_when_the_client_is_writing() {
    // A write to a socket that the server has closed fails, perhaps before the Bye in front of it was read.
    for _ in 0..20 {
        let server = FakeServer::start().await;
        let mut client = TestClient::start(Settings::new(server.url()));
        let peer = server.accept_and_welcome().await;
        let (_, session) = client.up().await;
        let writing = async {
            let mut tag = 0;
            while session.submit(tag, None, mutation()).await.is_ok() {
                tag += 1;
                tokio::task::yield_now().await;
            }
        };
        let displaced = ErrorCode::SessionDisplaced.into();
        let ((), (), (error, retry_in)) = tokio::join!(writing, peer.bye(&displaced), client.down());
        assert!(error.is(ErrorCode::SessionDisplaced), "{error}");
        assert_eq!(retry_in, None);
    }
}

#[tokio::test]
async fn rubbish_cuts_the_connection_and_the_client_comes_back() {
    let server = FakeServer::start().await;
    let mut client = TestClient::start(Settings::new(server.url()));
    let mut peer = server.accept_and_welcome().await;
    client.up().await;
    peer.send_raw(Message::Binary(bytes::Bytes::from_static(&[0xff; 9]))).await;
    let (error, retry_in) = client.down().await;
    assert!(error.is(ErrorCode::FrameUndecodable));
    assert!(retry_in.is_some());

    let mut peer = server.accept_and_welcome().await;
    client.up().await;
    let too_large = vec![0; whinchat_proto::limits::FRAME_BYTES + 1];
    peer.send_raw(Message::Binary(too_large.into())).await;
    let (error, retry_in) = client.down().await;
    assert!(error.is(ErrorCode::FrameTooLarge), "{error}");
    assert!(retry_in.is_some());
    server.accept_and_welcome().await;
    client.up().await;
}

#[tokio::test]
async fn stopping_says_bye_after_what_was_queued() {
    for logout in [false, true] {
        let server = FakeServer::start().await;
        let mut client = TestClient::start(Settings::new(server.url()));
        let mut peer = server.accept_and_welcome().await;
        let (_, session) = client.up().await;
        session.submit(1, None, mutation()).await.unwrap();
        let serving = async {
            let id = peer.request().await.id;
            match peer.receive().await {
                Some(wire::client_frame::Body::Bye(bye)) => {
                    assert_eq!(bye, wire::Bye { error: None, logout })
                }
                other => panic!("{other:?}"),
            }
            // What was on its way still counts.
            peer.answer(id).await;
            assert!(peer.receive().await.is_none());
        };
        soon(async { tokio::join!(client.link.stop(logout), serving) }).await;
        assert!(session.submit(2, None, mutation()).await.unwrap_err().is(ErrorCode::Disconnected));
        assert_eq!(told(&client.next().await), "answer 1");
        client.ended().await;
        assert!(!client.link.is_up());
    }
}

#[tokio::test]
async fn stopping_works_in_every_state() {
    // While the server does not answer the Hello.
    let server = FakeServer::start().await;
    let mut client = TestClient::start(Settings::new(server.url()));
    let mut peer = server.accept().await;
    peer.hello().await;
    soon(client.link.stop(true)).await;
    assert!(peer.receive().await.is_none());
    assert!(matches!(client.inbound.recv().await, Some(Inbound::Connecting)));
    client.ended().await;

    // While waiting for the next attempt.
    let mut settings = Settings::new(server.url());
    let hour = std::time::Duration::from_secs(3_600);
    settings.backoff = crate::connection::Backoff { base: hour, cap: hour };
    let mut client = TestClient::start(settings);
    drop(server.accept().await);
    client.down().await;
    soon(client.link.stop(false)).await;
    client.ended().await;

    // While nobody takes what arrives.
    let mut client = TestClient::start(Settings { capacity: 1, ..Settings::new(server.url()) });
    let mut peer = server.accept_and_welcome().await;
    peer.push(1).await;
    soon(client.link.stop(false)).await;
    while soon(client.inbound.recv()).await.is_some() {}
}

#[tokio::test]
async fn dropping_the_task_or_the_channel_leaves_nobody_waiting() {
    let server = FakeServer::start().await;
    let mut client = TestClient::start(Settings::new(server.url()));
    let mut peer = server.accept_and_welcome().await;
    client.up().await;
    let mut page = Box::pin(client.link.request(read()));
    assert!(poll!(&mut page).is_pending());
    peer.request().await;
    drop(client.task);
    let error: Error = soon(page).await.unwrap_err();
    assert!(error.is(ErrorCode::Disconnected));
    assert!(peer.receive().await.is_none());

    let client = TestClient::start(Settings::new(server.url()));
    let mut peer = server.accept_and_welcome().await;
    drop(client.inbound);
    assert!(peer.receive().await.is_none());
    soon(client.link.stop(false)).await;
}
