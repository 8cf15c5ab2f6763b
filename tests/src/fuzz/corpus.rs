//! Valid frames and texts to begin with.

use prost::Message as _;
use whinchat_proto::PROTOCOL_VERSION;
use whinchat_proto::error::{ErrorCode, ProtoError};
use whinchat_proto::id::{ClientMessageId, OperationId};
use whinchat_proto::wire::{self, client_frame, request, response, server_frame};

use crate::account::APP_ID;

fn to_user(user: &str) -> Option<wire::ConversationRef> {
    Some(wire::ConversationRef { target: Some(wire::conversation_ref::Target::UserId(user.into())) })
}

fn to_group(group: &str) -> Option<wire::ConversationRef> {
    Some(wire::ConversationRef { target: Some(wire::conversation_ref::Target::GroupId(group.into())) })
}

fn text(words: &str) -> Vec<u8> {
    let text = wire::element::Body::Text(wire::Text { text: words.into() });
    let element = wire::Element { body: Some(text) };
    wire::Content { elements: vec![element], ..Default::default() }.encode_to_vec()
}

fn envelope(number: u8) -> wire::Envelope {
    wire::Envelope {
        client_message_id: ClientMessageId([number; 16]).to_bytes(),
        kind: wire::MessageKind::Text.into(),
        push: Some(wire::PushPreview { title: "a title".into(), ..Default::default() }),
        ..Default::default()
    }
}

/// The first frame of a connection.
#[must_use]
pub fn hello(user: &str, signature: &str) -> wire::ClientFrame {
    let hello = wire::Hello {
        protocol_version: PROTOCOL_VERSION,
        app_id: APP_ID,
        user_id: user.into(),
        device_id: "fuzz".into(),
        platform: wire::Platform::Desktop.into(),
        credential: Some(wire::hello::Credential::UserSig(signature.into())),
        start: Some(wire::hello::Start::Login(wire::Login {})),
        cursor: Some(wire::Cursor { epoch: 1, version: 2, groups: 3 }),
        client: "fuzz".into(),
        ..Default::default()
    };
    wire::ClientFrame { body: Some(client_frame::Body::Hello(hello)) }
}

/// One of every frame that a client sends after its first. Requests have the ids from `first_id` on.
#[must_use]
pub fn client_frames(signature: &str, first_id: u64) -> Vec<wire::ClientFrame> {
    let send = |conversation, number, online_only| {
        request::Body::SendMessage(wire::SendMessage {
            conversation,
            envelope: Some(envelope(number)),
            content: text("hello").into(),
            online_only,
            round: 1,
            again: false,
        })
    };
    let range = |conversation| wire::EntryRange { conversation, epoch: 1, from: 1, to: 100 };
    let bodies = vec![
        send(to_user("bob"), 1, false),
        send(to_group("team"), 2, false),
        send(to_user("bob"), 3, true),
        request::Body::CancelSend(wire::CancelSend {
            conversation: to_user("bob"),
            client_message_id: ClientMessageId([4; 16]).to_bytes(),
        }),
        request::Body::FetchEntries(wire::FetchEntries {
            ranges: vec![range(to_user("bob")), range(to_group("team"))],
        }),
        request::Body::GetChanges(wire::GetChanges {
            since: Some(wire::Cursor::default()),
            below: 9,
            ..Default::default()
        }),
        request::Body::GetConversations(wire::GetConversations {
            conversations: [to_user("bob"), to_group("team")].into_iter().flatten().collect(),
        }),
        request::Body::MarkRead(wire::MarkRead { conversation: to_user("bob"), epoch: 1, seq: 1 }),
        request::Body::CreateGroup(wire::CreateGroup {
            group_id: "team".into(),
            kind: "Work".into(),
            name: "The team".into(),
            members: vec!["bob".into(), "carol".into()],
        }),
        request::Body::InviteMembers(wire::InviteMembers {
            group_id: "team".into(),
            users: vec!["bob".into()],
        }),
        request::Body::QuitGroup(wire::QuitGroup { group_id: "team".into() }),
        request::Body::DeleteMessages(wire::DeleteMessages {
            conversation: to_user("bob"),
            epoch: 1,
            seqs: vec![1, 2, 3],
        }),
        request::Body::ClearHistory(wire::ClearHistory { conversation: to_user("bob"), epoch: 1, seq: 2 }),
        request::Body::RenewCredential(wire::RenewCredential { user_sig: signature.into() }),
    ];
    let mut frames: Vec<_> = (first_id..)
        .zip(bodies)
        .map(|(id, body)| {
            let operation_id = OperationId([id.to_le_bytes()[0]; 16]).to_bytes();
            let request = wire::Request { id, operation_id, body: Some(body) };
            wire::ClientFrame { body: Some(client_frame::Body::Request(request)) }
        })
        .collect();
    let ping = wire::Ping { nonce: 5, next_ms: 1_000, groups: 1 };
    frames.push(wire::ClientFrame { body: Some(client_frame::Body::Ping(ping)) });
    frames
}

fn entry(seq: u64, sender: &str) -> wire::Entry {
    let message = wire::StoredMessage {
        sender: sender.into(),
        envelope: Some(envelope(u8::try_from(seq % 200).unwrap_or(0))),
        content: text("hello").into(),
    };
    wire::Entry {
        seq,
        time_ms: 1_780_000_000_000,
        r#mod: 1,
        counted: seq,
        counted_by_sender: 1,
        body: Some(wire::entry::Body::Message(message)),
    }
}

fn blank(seq: u64) -> wire::Entry {
    let body = Some(wire::entry::Body::Blank(wire::Blank { counted: true }));
    wire::Entry { seq, counted: seq, body, ..Default::default() }
}

fn state(
    conversation: Option<wire::ConversationRef>,
    head_seq: u64,
    version: u64,
) -> wire::ConversationState {
    wire::ConversationState {
        conversation,
        epoch: 1,
        epoch_base: 1,
        head_seq,
        counted: head_seq,
        own_counted: 1,
        floor: Some(wire::UnreadFloor { seq: 1, counted: 1, own_counted: 0 }),
        read_seq: 1,
        visible_from: 1,
        excepted: vec![2],
        active_ms: 1_780_000_000_000,
        group: Some(wire::GroupSummary {
            kind: "Work".into(),
            name: "The team".into(),
            owner: "bob".into(),
            member_count: 3,
        }),
        peer_read_seq: 1,
        version,
        ..Default::default()
    }
}

fn changes() -> wire::Changes {
    let change = |conversation, version| {
        let entries = vec![entry(4, "bob"), blank(3), entry(2, "alice")];
        let state = Some(state(conversation, 4, version));
        let conversation = wire::ConversationChange { state, entries, deleted: vec![1] };
        wire::Change { version, body: Some(wire::change::Body::Conversation(conversation)) }
    };
    wire::Changes {
        to: Some(wire::Cursor { epoch: 1, version: 6, groups: 2 }),
        snapshot: false,
        changes: vec![change(to_user("bob"), 6), change(to_group("team"), 5)],
        continue_below: 3,
        from_version: 1,
    }
}

/// The answer to a Hello.
#[must_use]
pub fn welcome() -> wire::ServerFrame {
    let welcome = wire::Welcome {
        session_id: vec![7; 16].into(),
        server_time_ms: 1_780_000_000_000,
        heartbeat_ms: 2_000,
        limits: Some(wire::ServerLimits {
            content_bytes: 32_768,
            frame_bytes: 131_072,
            id_bytes: 128,
            page_entries: 100,
            requests_in_flight: 64,
            requests_per_second: 100,
        }),
        changes: Some(changes()),
        credential_expires_ms: 1_890_000_000_000,
        longest_heartbeat_ms: 60_000,
    };
    wire::ServerFrame { body: Some(server_frame::Body::Welcome(welcome)) }
}

/// One of every frame that a server sends after its first; responses to the request `id`.
#[must_use]
pub fn server_frames(id: u64) -> Vec<wire::ServerFrame> {
    let stored = wire::SendMessageResult { epoch: 1, seq: 5, time_ms: 1, counted: 5, ..Default::default() };
    let error = ProtoError::from(ErrorCode::NotMember).to_wire();
    let again = ProtoError::from(ErrorCode::MessageFault).to_wire();
    let page = |conversation: Option<wire::ConversationRef>| wire::EntryPage {
        conversation: conversation.clone(),
        epoch: 1,
        from: 1,
        to: 4,
        entries: vec![entry(1, "bob"), entry(2, "alice"), blank(3), entry(4, "bob")],
        state: Some(state(conversation, 4, 6)),
        error: None,
    };
    let change = |conversation| wire::ConversationChange {
        state: Some(state(conversation, 5, 7)),
        entries: vec![entry(5, "bob")],
        deleted: vec![2],
    };
    let item = wire::ItemResult { id: "bob".into(), error: None };
    let answers = vec![
        response::Body::Error(error),
        response::Body::Error(again),
        response::Body::SendMessage(stored),
        response::Body::CancelSend(wire::CancelSendResult { stored: Some(stored), tombstoned: true }),
        response::Body::FetchEntries(
            wire::FetchEntriesResult { pages: vec![page(to_user("bob")), page(to_group("team"))] }
                .encode_to_vec()
                .into(),
        ),
        response::Body::GetChanges(changes()),
        response::Body::GetConversations(wire::GetConversationsResult {
            items: vec![wire::ConversationLookup { change: Some(change(to_user("bob"))), error: None }],
        }),
        response::Body::MarkRead(wire::MarkReadResult {
            floor: Some(wire::UnreadFloor { seq: 4, counted: 4, own_counted: 1 }),
            read_seq: 4,
        }),
        response::Body::CreateGroup(wire::CreateGroupResult {
            group_id: "team".into(),
            conversation: Some(change(to_group("team"))),
            members: vec![item.clone()],
        }),
        response::Body::InviteMembers(wire::InviteMembersResult { members: vec![item] }),
        response::Body::ClearHistory(wire::ClearHistoryResult { visible_from: 3 }),
        response::Body::RenewCredential(wire::RenewCredentialResult { credential_expires_ms: 1 }),
    ];
    let mut frames: Vec<_> = answers
        .into_iter()
        .map(|body| {
            let response = wire::Response { id, prev_version: 6, version: 7, body: Some(body) };
            server_frame::Body::Response(response)
        })
        .collect();
    let message = |sender: &str| {
        let Some(wire::entry::Body::Message(message)) = entry(1, sender).body else { return None };
        Some(message)
    };
    let pushes = vec![
        wire::push::Body::Entry(wire::EntryPush {
            conversation: to_user("bob"),
            epoch: 1,
            entry: Some(entry(5, "bob")),
            group: None,
        }),
        wire::push::Body::Conversation(change(to_group("team"))),
        wire::push::Body::Ephemeral(wire::EphemeralMessage {
            conversation: to_user("bob"),
            message: message("bob"),
            time_ms: 1,
        }),
    ];
    frames.extend((6..).zip(pushes).map(|(prev, body)| {
        let push = wire::Push { prev_version: prev, version: prev + 1, body: Some(body) };
        server_frame::Body::Push(push)
    }));
    let moved = vec![wire::GroupHead { conversation: to_group("team"), epoch: 1, head_seq: 9 }];
    let cursor = Some(wire::Cursor { epoch: 1, version: 9, groups: 4 });
    frames.push(server_frame::Body::Pong(wire::Pong { nonce: 1, server_time_ms: 1, cursor, moved }));
    frames.into_iter().map(|body| wire::ServerFrame { body: Some(body) }).collect()
}

/// Ids as people and protocols write them.
pub const IDS: &[&str] =
    &["c2c_bob", "group_team", "c2c_张三", "group_@TGS#1", "c2c_", "", "bob", "a b", "\u{1}", "c2c_c2c_bob"];

/// A whole configuration.
pub const CONFIG: &str = r#"
listen = "127.0.0.1:7200"
data = "data"
app_id = 1400000001
keys = ["a key", "another"]
heartbeat_ms = 30000
idle_heartbeats = 2.5
frame_bytes = 131072
requests_per_second = 100
commit_batch = 256
readers = 2
node = "main"
sweep_ms = 2000
large_group = 200

[tls]
certificate = "cert.pem"
key = "key.pem"
"#;
