//! What is not of the protocol, or asks for what is not there: a stable code, and nothing breaks.

use prost::Message as _;
use tokio_tungstenite::tungstenite::Message;
use whinchat_proto::wire;
use whinchat_proto::wire::client_frame::Body as ClientBody;
use whinchat_proto::wire::request::Body as Ask;
use whinchat_proto::wire::response::Body as Answer;
use whinchat_proto::wire::server_frame::Body as ServerBody;

use crate::device::{Device, Host, group, hello, pages, text, unique, user};

fn refusal(response: &wire::Response) -> (u64, i32) {
    match response.body.as_ref().unwrap() {
        Answer::Error(error) => (response.id, error.code),
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn a_request_before_hello_is_refused_and_the_connection_goes_on() {
    let host = Host::start().await;
    let mut device = host.raw().await;
    device.ask(Ask::GetChanges(wire::GetChanges::default())).await;
    assert_eq!(refusal(&device.response().await), (1, 9503));
    device.login("alice").await;
    assert_eq!(device.code(Ask::GetChanges(wire::GetChanges::default())).await, 0);
}

#[tokio::test]
async fn without_a_hello_the_connection_is_cut() {
    let host = Host::with(|config| config.hello_timeout_ms = 100).await;
    let mut device = host.raw().await;
    assert_eq!(device.bye().await, 9503);
    assert!(device.frame().await.is_none());
}

#[tokio::test]
async fn garbage_before_hello_ends_the_connection() {
    let host = Host::start().await;
    let mut device = host.raw().await;
    device.bytes(vec![0xff; 20]).await;
    assert_eq!(device.bye().await, 9502);
    let mut device = host.raw().await;
    device.ws_send(Message::Text("hello".into())).await;
    assert_eq!(device.bye().await, 9502);
}

#[tokio::test]
async fn garbage_after_hello_is_answered_ten_times() {
    let host = Host::start().await;
    let mut device = host.device("alice").await;
    for n in 1..=9 {
        if n % 2 == 0 {
            device.bytes(vec![0xff; 20]).await;
        } else {
            device.ws_send(Message::Text("?".into())).await;
        }
        assert_eq!(refusal(&device.response().await), (0, 9502));
    }
    assert_eq!(device.code(Ask::GetChanges(wire::GetChanges::default())).await, 0);
    device.bytes(vec![0xff; 20]).await;
    assert_eq!(refusal(&device.response().await), (0, 9502));
    assert_eq!(device.bye().await, 9502);
}

#[tokio::test]
async fn a_frame_over_the_limit_ends_the_connection_with_its_code() {
    let host = Host::start().await;
    let mut device = host.device("alice").await;
    device.bytes(vec![0; 200 * 1_024]).await;
    assert_eq!(device.bye().await, 9522);
    let mut device = host.raw().await;
    device.bytes(vec![0; 200 * 1_024]).await;
    assert_eq!(device.bye().await, 9522);
}

#[tokio::test]
async fn unknown_cases_are_answered() {
    let host = Host::start().await;
    let mut device = host.device("alice").await;
    // Field 99 of Request is nobody's.
    let mut request = wire::Request { id: 41, ..Default::default() }.encode_to_vec();
    request.extend([0x9a, 0x06, 0x00]);
    let mut frame = vec![0x12, u8::try_from(request.len()).unwrap()];
    frame.extend(request);
    device.bytes(frame).await;
    assert_eq!(refusal(&device.response().await), (41, 7013));
    // Field 99 of ClientFrame as well.
    device.bytes(vec![0x9a, 0x06, 0x00]).await;
    assert_eq!(refusal(&device.response().await), (0, 7013));
    device.send(ClientBody::Hello(hello("alice"))).await;
    assert_eq!(refusal(&device.response().await), (0, 7014));
    device.send(ClientBody::Request(wire::Request::default())).await;
    assert_eq!(refusal(&device.response().await), (0, 6017));
}

async fn alice(host: &Host) -> Device {
    drop(host.device("bob").await);
    host.device("alice").await
}

fn changed(change: impl FnOnce(&mut wire::SendMessage)) -> Ask {
    let mut message = text(user("bob"), "hi");
    change(&mut message);
    Ask::SendMessage(message)
}

fn envelope(message: &mut wire::SendMessage) -> &mut wire::Envelope {
    message.envelope.as_mut().unwrap()
}

#[tokio::test]
async fn bad_messages_have_their_codes() {
    let host = Host::start().await;
    let mut alice = alice(&host).await;
    let cases = [
        (8001, changed(|m| m.content = vec![0; 32_769].into())),
        (
            8001,
            changed(|m| {
                envelope(m).push = Some(wire::PushPreview { ext: "x".repeat(20_000), ..Default::default() })
            }),
        ),
        (6032, changed(|m| m.conversation = Some(user("")))),
        (6032, changed(|m| m.conversation = None)),
        (7003, changed(|m| m.conversation = Some(user("b\u{f6}b")))),
        (10015, changed(|m| m.conversation = Some(group("\n")))),
        (20003, changed(|m| m.conversation = Some(user("nobody")))),
        (10010, changed(|m| m.conversation = Some(group("nothing")))),
        (6011, changed(|m| m.conversation = Some(user("alice")))),
        (6017, changed(|m| m.envelope = None)),
        (6017, changed(|m| envelope(m).client_message_id = vec![1, 2, 3].into())),
        (6017, changed(|m| envelope(m).audience = vec!["bob".into()])),
        (6017, changed(|m| envelope(m).mention_all = true)),
        (6017, changed(|m| envelope(m).mentions = vec!["bob".into(); 31])),
        (6016, changed(|m| envelope(m).kind = wire::MessageKind::GroupTip.into())),
        (20001, changed(|m| m.content = Vec::new().into())),
        (0, changed(|m| m.content = vec![0; 32_768].into())),
    ];
    for (code, ask) in cases {
        assert_eq!(alice.code(ask.clone()).await, code, "{ask:?}");
    }
    // Only the last one was stored.
    let Answer::GetChanges(changes) =
        alice.request(Ask::GetChanges(wire::GetChanges::default())).await.body.unwrap()
    else {
        panic!("no changes")
    };
    assert_eq!(changes.changes.len(), 1);
}

#[tokio::test]
async fn reading_what_one_is_not_in_is_refused() {
    let host = Host::start().await;
    let mut owner = host.device("owner").await;
    let create = wire::CreateGroup {
        group_id: "team".into(),
        kind: "Work".into(),
        name: "Team".into(),
        members: vec![],
    };
    assert_eq!(owner.code(Ask::CreateGroup(create)).await, 0);
    let mut alice = alice(&host).await;
    for (conversation, code) in [(user("bob"), 50001), (group("team"), 10007), (group("no"), 10010)] {
        let range = wire::EntryRange { conversation: Some(conversation.clone()), epoch: 1, from: 1, to: 9 };
        let fetch = Ask::FetchEntries(wire::FetchEntries { ranges: vec![range] });
        let Answer::FetchEntries(result) = alice.request(fetch).await.body.unwrap() else {
            panic!("refused whole")
        };
        assert_eq!(pages(&result)[0].error.as_ref().unwrap().code, code);
        let get = Ask::GetConversations(wire::GetConversations { conversations: vec![conversation] });
        let Answer::GetConversations(result) = alice.request(get).await.body.unwrap() else {
            panic!("refused whole")
        };
        assert_eq!(result.items[0].error.as_ref().unwrap().code, code);
    }
    assert_eq!(alice.code(Ask::SendMessage(text(group("team"), "let me in"))).await, 10007);
    let ranges = |count, from| {
        let range = wire::EntryRange { conversation: Some(user("bob")), epoch: 1, from, to: 9 };
        Ask::FetchEntries(wire::FetchEntries { ranges: vec![range; count] })
    };
    for bad in [ranges(0, 1), ranges(101, 1), ranges(1, 0), ranges(1, 10)] {
        assert_eq!(alice.code(bad).await, 6017);
    }
    let quit = wire::QuitGroup { group_id: "team".into() };
    alice.ask_as(vec![1].into(), Ask::QuitGroup(quit.clone())).await;
    assert_eq!(refusal(&alice.response().await).1, 6017);
    assert_eq!(alice.code(Ask::QuitGroup(quit)).await, 10007);
}

#[tokio::test]
async fn an_operation_id_of_another_request_is_refused() {
    let host = Host::start().await;
    let mut owner = host.device("owner").await;
    let create = wire::CreateGroup {
        group_id: "team".into(),
        kind: "Work".into(),
        name: "Team".into(),
        members: vec![],
    };
    let operation = unique();
    owner.ask_as(operation.clone(), Ask::CreateGroup(create)).await;
    owner.response().await;
    owner.ask_as(operation, Ask::QuitGroup(wire::QuitGroup { group_id: "team".into() })).await;
    assert_eq!(refusal(&owner.response().await).1, 6017);
}

#[tokio::test]
async fn a_logout_by_bye_forgets_the_session() {
    let host = Host::start().await;
    let mut device = host.raw().await;
    let welcome = device.login("alice").await;
    device.send(ClientBody::Bye(wire::Bye { error: None, logout: true })).await;
    assert!(device.frame().await.is_none());
    let resume = wire::Resume { session_id: welcome.session_id };
    let hello = wire::Hello { start: Some(wire::hello::Start::Resume(resume)), ..hello("alice") };
    // The end of the session is written after the connection's: until then the resume may still succeed.
    loop {
        let mut device = host.raw().await;
        device.send(ClientBody::Hello(hello.clone())).await;
        match device.frame().await.unwrap() {
            ServerBody::Bye(bye) => {
                assert_eq!(bye.error.unwrap().code, 9503);
                break;
            }
            ServerBody::Welcome(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn bent_frames_never_break_the_server() {
    let host = Host::start().await;
    drop(host.device("bob").await);
    let range = wire::EntryRange { conversation: Some(user("bob")), epoch: 1, from: 1, to: 9 };
    let asks = [
        Ask::SendMessage(text(user("bob"), "hi")),
        Ask::FetchEntries(wire::FetchEntries { ranges: vec![range] }),
        Ask::MarkRead(wire::MarkRead { conversation: Some(user("bob")), epoch: 1, seq: 1 }),
        Ask::CreateGroup(wire::CreateGroup { kind: "Work".into(), name: "n".into(), ..Default::default() }),
        Ask::GetChanges(wire::GetChanges {
            since: Some(wire::Cursor { epoch: 1, version: 1, groups: 0 }),
            below: 3,
            deleted_since: None,
        }),
    ];
    let frames: Vec<Vec<u8>> = asks
        .into_iter()
        .map(|ask| wire::Request { id: 7, operation_id: unique(), body: Some(ask) })
        .map(|request| wire::ClientFrame { body: Some(ClientBody::Request(request)) }.encode_to_vec())
        .chain([wire::ClientFrame { body: Some(ClientBody::Hello(hello("alice"))) }.encode_to_vec()])
        .collect();
    let mut seed: u64 = 7;
    let mut next = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % below
    };
    for round in 0..60 {
        let mut device = host.raw().await;
        if round % 3 != 0 {
            device.login("alice").await;
        }
        for _ in 0..8 {
            let mut frame = frames[next(frames.len())].clone();
            for _ in 0..=next(3) {
                let at = next(frame.len());
                frame[at] ^= 1 << next(8);
            }
            if next(4) == 0 {
                frame.truncate(next(frame.len()));
            }
            // The server may have said goodbye already.
            let _ = futures_util::SinkExt::send(&mut device.ws, Message::Binary(frame.into())).await;
        }
    }
    let mut alice = host.device("alice").await;
    assert_eq!(alice.code(Ask::SendMessage(text(user("bob"), "still here"))).await, 0);
}
