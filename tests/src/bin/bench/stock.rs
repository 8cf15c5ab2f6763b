//! Fills a server's database through its storage, before the server runs on it.

use std::path::Path;
use std::sync::Arc;

use futures_util::StreamExt as _;
use futures_util::stream;
use prost::Message as _;
use whinchat_proto::id::{
    ClientMessageId, ConversationId, DeviceId, GroupId, OperationId, SessionId, UserId,
};
use whinchat_proto::wire;
use whinchat_server::storage::sqlite::{SqliteOptions, SqliteStorage};
use whinchat_server::storage::{Append, GroupKind, NewGroup, OpenSession, Operation, Storage};
use whinchat_tests::server::DATABASE;

use crate::raw::TEXT;

/// Operations that wait at once: they share commits.
const AT_ONCE: usize = 256;

/// A database that nobody serves yet.
pub(crate) struct Stock {
    storage: Arc<SqliteStorage>,
    ids: u64,
}

fn user(name: &str) -> UserId {
    UserId::new(name).unwrap()
}

impl Stock {
    /// Opens it in a server's data folder; groups are large from `large_group` members on.
    pub(crate) fn open(data: &Path, large_group: u32) -> Self {
        std::fs::create_dir_all(data).unwrap();
        let options = SqliteOptions { large_group, ..SqliteOptions::new(data.join(DATABASE)) };
        Self { storage: Arc::new(SqliteStorage::open(&options).unwrap()), ids: 0 }
    }

    /// Ids from here on: those of an earlier stocking are taken.
    pub(crate) fn ids_from(&mut self, first: u64) {
        self.ids = first;
    }

    fn id(&mut self) -> [u8; 16] {
        self.ids += 1;
        // Time-ordered, as a client's.
        (u128::from(self.ids) << 16).to_be_bytes()
    }

    /// These users exist.
    pub(crate) async fn users(&mut self, names: &[String]) {
        let opens: Vec<OpenSession> = names
            .iter()
            .map(|name| OpenSession {
                user: user(name),
                session: SessionId(self.id()),
                device: DeviceId::new("stock").unwrap(),
                platform: 4,
                resume: false,
                issued_ms: i64::MAX,
                cursor: wire::Cursor::default(),
            })
            .collect();
        let storage = &self.storage;
        stream::iter(opens)
            .for_each_concurrent(AT_ONCE, |open| async move {
                let (user, session) = (open.user.clone(), open.session);
                storage.open_session(open).await.unwrap();
                storage.close_session(user, session, true).await.unwrap();
            })
            .await;
    }

    /// A group of these; the first owns it.
    pub(crate) async fn group(&mut self, name: &str, members: &[String]) {
        let operation = Operation { user: user(&members[0]), id: OperationId(self.id()) };
        let new = NewGroup {
            id: GroupId::new(name).unwrap(),
            kind: GroupKind::Work,
            name: name.to_owned(),
            members: members[1..].iter().map(|name| user(name)).collect(),
            capacity: members.len(),
        };
        self.storage.create_group(operation, new).await.unwrap();
    }

    /// One text each: sender and conversation.
    pub(crate) async fn texts(&mut self, texts: Vec<(String, ConversationId)>) {
        for some in texts.chunks(AT_ONCE) {
            let mut batch = Vec::with_capacity(some.len());
            for (sender, conversation) in some {
                let client_id = ClientMessageId(self.id());
                let envelope = wire::Envelope {
                    client_message_id: client_id.to_bytes(),
                    kind: wire::MessageKind::Text.into(),
                    ..wire::Envelope::default()
                };
                let text = wire::Text { text: "x".repeat(TEXT) };
                let element = wire::Element { body: Some(wire::element::Body::Text(text)) };
                let content = wire::Content { elements: vec![element], custom_data: bytes::Bytes::new() };
                batch.push(Append {
                    conversation: conversation.clone(),
                    sender: user(sender),
                    client_id,
                    envelope: envelope.encode_to_vec().into(),
                    content: content.encode_to_vec().into(),
                    counted: true,
                    audience: Vec::new(),
                    // Nobody has come or gone since the groups were made.
                    expected: matches!(conversation, ConversationId::Group(_)).then_some(1),
                    again: false,
                });
            }
            for result in self.storage.append(batch).await {
                result.unwrap();
            }
        }
    }

    /// Closes it.
    pub(crate) async fn close(self) {
        self.storage.close().await;
    }
}
