//! Short words for the tests of the contract.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use prost::Message as _;
use whinchat_proto::id::{
    ClientMessageId, ConversationId, DeviceId, GroupId, OperationId, SessionId, UserId,
};
use whinchat_proto::limits::FRAME_BYTES;
use whinchat_proto::wire;

use crate::storage::{
    Append, Appended, Denied, Done, GroupKind, NewGroup, OpenSession, Operation, Range, SessionOpened,
    Storage,
};

/// A backend and what the tests do with it.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) storage: Arc<dyn Storage>,
}

static NEXT: AtomicU64 = AtomicU64::new(1);

pub(crate) fn unique() -> [u8; 16] {
    u128::from(NEXT.fetch_add(1, Ordering::Relaxed)).to_be_bytes()
}

pub(crate) fn id(name: &str) -> UserId {
    UserId::new(name).unwrap()
}

pub(crate) fn with(name: &str) -> ConversationId {
    ConversationId::User(id(name))
}

pub(crate) fn group_id(name: &str) -> GroupId {
    GroupId::new(name).unwrap()
}

pub(crate) fn group(name: &str) -> ConversationId {
    ConversationId::Group(group_id(name))
}

pub(crate) fn operation(user: &str) -> Operation {
    Operation { user: id(user), id: OperationId(unique()) }
}

pub(crate) fn code(denied: &Denied) -> i32 {
    match denied {
        Denied::Refused(error) => error.code,
        other => panic!("not refused: {other:?}"),
    }
}

/// A message of `sender`; change what the test is about.
pub(crate) fn message(sender: &str, conversation: ConversationId, size: usize) -> Append {
    let client_id = ClientMessageId(unique());
    let envelope = wire::Envelope {
        client_message_id: client_id.to_bytes(),
        kind: wire::MessageKind::Custom.into(),
        ..Default::default()
    };
    Append {
        conversation,
        sender: id(sender),
        client_id,
        envelope: envelope.encode_to_vec().into(),
        content: vec![7; size].into(),
        counted: true,
        audience: Vec::new(),
        expected: None,
        again: false,
    }
}

/// The same message, seen by these alone.
pub(crate) fn only_for(mut message: Append, audience: &[&str]) -> Append {
    let mut envelope = wire::Envelope::decode(message.envelope.clone()).unwrap();
    envelope.audience = audience.iter().map(|name| (*name).to_owned()).collect();
    message.envelope = envelope.encode_to_vec().into();
    message.audience = audience.iter().map(|name| id(name)).collect();
    message
}

/// The same message, not counted.
pub(crate) fn uncounted(mut message: Append) -> Append {
    let mut envelope = wire::Envelope::decode(message.envelope.clone()).unwrap();
    envelope.excluded_from_unread = true;
    message.envelope = envelope.encode_to_vec().into();
    message.counted = false;
    message
}

pub(crate) fn conversation_of(change: &wire::Change) -> &wire::ConversationChange {
    let Some(wire::change::Body::Conversation(conversation)) = &change.body else { panic!("{change:?}") };
    conversation
}

impl World {
    pub(crate) fn new(storage: Arc<dyn Storage>) -> Self {
        Self { storage }
    }

    pub(crate) async fn open(&self, request: OpenSession) -> SessionOpened {
        self.storage.open_session(request).await.unwrap()
    }

    /// Connects; the user exists from then on.
    pub(crate) async fn connect(&self, user: &str) -> SessionId {
        let session = SessionId(unique());
        let opened = self.open(login(user, session, "device", 4)).await;
        assert!(matches!(opened, SessionOpened::Opened { .. }));
        session
    }

    pub(crate) async fn leave(&self, user: &str, session: SessionId) {
        self.storage.close_session(id(user), session, false).await.unwrap();
    }

    /// Creates users that are not connected.
    pub(crate) async fn users(&self, names: &[&str]) {
        for name in names {
            let session = self.connect(name).await;
            self.leave(name, session).await;
        }
    }

    pub(crate) async fn append(&self, message: Append) -> Result<Appended, Denied> {
        self.storage.append(vec![message]).await.pop().unwrap()
    }

    /// Looks at the rules and sends.
    pub(crate) async fn say(&self, sender: &str, conversation: &ConversationId) -> wire::SendMessageResult {
        let mut message = message(sender, conversation.clone(), 20);
        if let ConversationId::Group(group) = conversation {
            message.expected = Some(self.version(group).await);
        }
        self.append(message).await.unwrap().result
    }

    pub(crate) async fn version(&self, group: &GroupId) -> u64 {
        self.storage.group_rules(group.clone()).await.unwrap().unwrap().version
    }

    pub(crate) async fn group(
        &self,
        owner: &str,
        name: &str,
        kind: GroupKind,
        members: &[&str],
    ) -> Done<wire::CreateGroupResult> {
        let group = NewGroup {
            id: group_id(name),
            kind,
            name: name.to_owned(),
            members: members.iter().map(|name| id(name)).collect(),
            capacity: 100,
        };
        self.storage.create_group(operation(owner), group).await.unwrap()
    }

    pub(crate) async fn state(&self, user: &str, conversation: &ConversationId) -> wire::ConversationState {
        let found = self.storage.conversations(id(user), vec![conversation.clone()]).await.unwrap();
        found.into_iter().next().unwrap().change.unwrap().state.unwrap()
    }

    pub(crate) async fn page(
        &self,
        user: &str,
        conversation: &ConversationId,
        epoch: u64,
        from: u64,
        to: u64,
    ) -> wire::EntryPage {
        let range = Range { conversation: conversation.clone(), epoch, from, to };
        self.pages(user, vec![range]).await.pop().unwrap()
    }

    pub(crate) async fn pages(&self, user: &str, ranges: Vec<Range>) -> Vec<wire::EntryPage> {
        let result = self.storage.fetch(id(user), ranges).await.unwrap();
        assert!(result.len() < FRAME_BYTES - 1_024, "{}", result.len());
        wire::FetchEntriesResult::decode(result).unwrap().pages
    }

    /// Everything that the user may read, oldest first.
    pub(crate) async fn everything(&self, user: &str, conversation: &ConversationId) -> Vec<wire::Entry> {
        let state = self.state(user, conversation).await;
        let (mut to, mut pages) = (state.head_seq, Vec::new());
        while to >= state.visible_from && to > 0 {
            let page = self.page(user, conversation, state.epoch, state.visible_from, to).await;
            to = page.from - 1;
            pages.push(page.entries);
        }
        pages.into_iter().rev().flatten().collect()
    }

    pub(crate) async fn changes(&self, user: &str, since: wire::Cursor, below: u64) -> wire::Changes {
        self.storage.changes(id(user), since, below, None).await.unwrap()
    }
}

pub(crate) fn login(user: &str, session: SessionId, device: &str, platform: i32) -> OpenSession {
    let (device, cursor) = (DeviceId::new(device).unwrap(), wire::Cursor::default());
    OpenSession { user: id(user), session, device, platform, resume: false, issued_ms: 1, cursor }
}
