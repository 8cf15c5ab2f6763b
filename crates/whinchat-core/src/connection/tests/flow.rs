//! Requests, answers and pushes on a sound connection.

use std::task::Poll;

use futures_util::poll;
use tokio_tungstenite::tungstenite::Message;
use whinchat_proto::id::{OperationId, SessionId};
use whinchat_proto::limits::FRAME_BYTES;
use whinchat_proto::wire;

use super::client::{Settings, TestClient, mutation, read, soon, told};
use super::server::{FakeServer, limits, welcome};
use crate::connection::Inbound;
use crate::error::ErrorCode;

#[tokio::test]
async fn the_hello_says_who_comes_and_how_far_he_is() {
    let server = FakeServer::start().await;
    let client = TestClient::start(Settings::new(server.url()));
    let mut peer = server.accept().await;
    let hello = peer.hello().await;
    assert_eq!(hello.protocol_version, 1);
    assert_eq!(
        (hello.app_id, hello.user_id.as_str(), hello.device_id.as_str()),
        (1_400_000_001, "alice", "device")
    );
    assert_eq!(hello.platform(), wire::Platform::Desktop);
    assert_eq!(hello.credential, Some(wire::hello::Credential::UserSig("signature".to_owned())));
    assert_eq!(hello.start, Some(wire::hello::Start::Login(wire::Login {})));
    assert_eq!(hello.cursor, Some(wire::Cursor { epoch: 11, version: 22, groups: 0 }));
    assert_eq!(hello.client, "test 1");

    // What is asked anew at each attempt is said anew.
    let session = SessionId([5; 16]);
    *client.source.session.lock().unwrap() = Some(session);
    drop(peer);
    let hello = server.accept().await.hello().await;
    assert_eq!(
        hello.start,
        Some(wire::hello::Start::Resume(wire::Resume { session_id: session.to_bytes() }))
    );
}

#[tokio::test]
async fn answers_and_pushes_arrive_in_the_servers_order() {
    let server = FakeServer::start().await;
    let mut client = TestClient::start(Settings::new(server.url()));
    let mut peer = server.accept_and_welcome().await;
    let (welcome, session) = client.up().await;
    assert_eq!(&welcome.session_id[..], [7; 16]);
    assert!(client.link.is_up());
    assert!(client.link.server_time_ms().unwrap() >= 1_700_000_000_000);

    let operation = OperationId([3; 16]);
    session.submit(100, Some(operation), mutation()).await.unwrap();
    for tag in 101..110 {
        session.submit(tag, None, mutation()).await.unwrap();
    }
    let mut ids = Vec::new();
    for tag in 100..110 {
        let request = peer.request().await;
        assert_eq!(request.operation_id, if tag == 100 { operation.to_bytes() } else { bytes::Bytes::new() });
        ids.push(request.id);
    }
    assert!(ids.is_sorted() && ids[0] > 0, "requests are written in the order of submission: {ids:?}");

    peer.push(1).await;
    peer.answer(ids[1]).await;
    peer.push(2).await;
    peer.refuse(ids[0], ErrorCode::NotMember).await;
    peer.answer(ids[2]).await;
    peer.push(3).await;
    for expected in ["push 1", "answer 101", "push 2", "refusal 100 group.not_member", "answer 102", "push 3"]
    {
        assert_eq!(told(&client.next().await), expected);
    }
}

#[tokio::test]
async fn a_read_gets_its_own_answer_or_refusal() {
    let server = FakeServer::start().await;
    let mut client = TestClient::start(Settings::new(server.url()));
    let mut peer = server.accept_and_welcome().await;
    client.up().await;
    let (first, second, third, ()) = tokio::join!(
        client.link.request(read()),
        client.link.request(read()),
        client.link.request(read()),
        async {
            let ids = [peer.request().await.id, peer.request().await.id, peer.request().await.id];
            peer.refuse(ids[1], ErrorCode::GroupGone).await;
            // A result that this version does not know has an empty body.
            let unknown = wire::Response { id: ids[2], ..Default::default() };
            peer.send(wire::server_frame::Body::Response(unknown)).await;
            peer.answer(ids[0]).await;
        }
    );
    assert!(matches!(first.unwrap().body, Some(wire::response::Body::MarkRead(_))));
    assert!(second.unwrap_err().is(ErrorCode::GroupGone));
    assert!(third.unwrap_err().is(ErrorCode::ResponseUndecodable));
}

#[tokio::test]
async fn what_this_version_does_not_know_is_ignored() {
    let server = FakeServer::start().await;
    let mut client = TestClient::start(Settings::new(server.url()));
    let mut peer = server.accept().await;
    peer.hello().await;
    peer.push(1).await;
    peer.welcome(welcome()).await;
    client.up().await;
    peer.send_raw(Message::Binary(bytes::Bytes::new())).await;
    // Field 99, of a frame yet to be invented.
    peer.send_raw(Message::Binary(bytes::Bytes::from_static(&[0x9a, 0x06, 0x01, 0x00]))).await;
    peer.send_raw(Message::Text("hello".into())).await;
    peer.send_raw(Message::Ping(bytes::Bytes::new())).await;
    peer.answer(4_711).await;
    peer.welcome(welcome()).await;
    peer.push(2).await;
    assert_eq!(told(&client.next().await), "push 2");
}

#[tokio::test]
async fn a_full_window_holds_mutations_back_and_lets_reads_pass() {
    let server = FakeServer::start().await;
    let mut client = TestClient::start(Settings::new(server.url()));
    let mut peer = server.accept().await;
    peer.hello().await;
    peer.welcome(wire::Welcome { limits: Some(limits(4)), ..welcome() }).await;
    let (_, session) = client.up().await;
    let mut ids = Vec::new();
    for tag in 0..3 {
        session.submit(tag, None, mutation()).await.unwrap();
        ids.push(peer.request().await.id);
    }
    let mut fourth = Box::pin(session.submit(3, None, mutation()));
    assert!(poll!(&mut fourth).is_pending());
    let mut page = Box::pin(client.link.request(read()));
    assert!(poll!(&mut page).is_pending());
    let asked = peer.request().await;
    assert!(matches!(asked.body, Some(wire::request::Body::GetChanges(_))), "the read went first");
    assert!(poll!(&mut fourth).is_pending());

    peer.answer(ids[1]).await;
    soon(fourth).await.unwrap();
    assert!(matches!(peer.request().await.body, Some(wire::request::Body::MarkRead(_))));
    peer.answer(asked.id).await;
    soon(page).await.unwrap();
}

#[tokio::test]
async fn a_request_that_was_given_up_leaves_nothing_behind() {
    let server = FakeServer::start().await;
    let mut client = TestClient::start(Settings::new(server.url()));
    let mut peer = server.accept().await;
    peer.hello().await;
    peer.welcome(wire::Welcome { limits: Some(limits(1)), ..welcome() }).await;
    let (_, session) = client.up().await;

    let mut given_up = Box::pin(session.request(read()));
    assert!(poll!(&mut given_up).is_pending());
    let id = peer.request().await.id;
    let mut waiting = Box::pin(session.request(read()));
    assert!(poll!(&mut waiting).is_pending());
    drop(waiting);
    drop(given_up);

    // The server counts it until it has answered, and so does the client.
    let mut next = Box::pin(session.submit(1, None, mutation()));
    assert!(poll!(&mut next).is_pending());
    assert_eq!(session.in_flight_len(), 1);
    peer.answer(id).await;
    soon(next).await.unwrap();
    let id = peer.request().await.id;
    peer.answer(id).await;
    assert_eq!(told(&client.next().await), "answer 1");
    assert_eq!(session.in_flight_len(), 0);
}

#[tokio::test]
async fn what_cannot_be_written_is_answered_here() {
    let server = FakeServer::start().await;
    let mut client = TestClient::start(Settings::new(server.url()));
    let mut peer = server.accept_and_welcome().await;
    let (_, session) = client.up().await;
    let too_large = || {
        let content = bytes::Bytes::from(vec![0; FRAME_BYTES]);
        wire::request::Body::SendMessage(wire::SendMessage { content, ..Default::default() })
    };
    assert!(session.request(too_large()).await.unwrap_err().is(ErrorCode::FrameTooLarge));
    session.submit(1, None, too_large()).await.unwrap();
    assert_eq!(told(&client.next().await), "refusal 1 connection.frame_too_large");
    // Those behind it go on.
    session.submit(2, None, mutation()).await.unwrap();
    let id = peer.request().await.id;
    peer.answer(id).await;
    assert_eq!(told(&client.next().await), "answer 2");
    assert_eq!(session.in_flight_len(), 0);
}

#[tokio::test]
async fn a_slow_owner_loses_nothing() {
    let server = FakeServer::start().await;
    let mut client = TestClient::start(Settings { capacity: 1, ..Settings::new(server.url()) });
    let mut peer = server.accept_and_welcome().await;
    let pushing = tokio::spawn(async move {
        for version in 1..=5_000 {
            peer.push(version).await;
        }
        peer
    });
    client.up().await;
    for version in 1..=5_000 {
        match client.next().await {
            Inbound::Push(push) => assert_eq!(push.version, version),
            other => panic!("{}", told(&other)),
        }
    }
    drop(soon(pushing).await.unwrap());
}

#[tokio::test]
async fn many_submissions_fill_the_pipe_without_a_hitch() {
    const COUNT: u64 = 20_000;
    let server = FakeServer::start().await;
    let mut client = TestClient::start(Settings::new(server.url()));
    let mut peer = server.accept_and_welcome().await;
    let (_, session) = client.up().await;
    let submitting = async {
        for tag in 0..COUNT {
            session.submit(tag, None, mutation()).await.unwrap();
        }
    };
    let serving = async {
        for _ in 0..COUNT {
            let id = peer.request().await.id;
            peer.answer(id).await;
        }
    };
    let taking = async {
        for tag in 0..COUNT {
            match client.next().await {
                Inbound::Answer { tag: answered, result: Ok(_) } => assert_eq!(answered, tag),
                other => panic!("{}", told(&other)),
            }
        }
    };
    soon(async { tokio::join!(submitting, serving, taking) }).await;
    assert_eq!(session.in_flight_len(), 0);
    let mut idle = Box::pin(client.inbound.recv());
    assert!(matches!(poll!(&mut idle), Poll::Pending));
}
