//! From the core's events to a context's callbacks.

use tokio::time::sleep_until;
use whinchat_core::{
    ConnectionState, Conversation, ConversationId, Element, Event as Core, EventStream, HeartbeatStream,
    Heartbeats, Message, MessageId, MessageState,
};

use super::Listener;
use super::advanced::{OnMessageDeleted, OnRecvC2CReadReceipt, OnRecvNewMessage};
use super::conversation::{
    OnConversationDeleted, OnSyncServerFailed, OnSyncServerFinish, OnSyncServerStart,
    OnTotalUnreadMessageCountChanged,
};
use super::gather::Gather;
use super::message::ReadReceipt;
use super::sdk::{
    OnConnectFailed, OnConnectSuccess, OnConnecting, OnKickedOffline, OnPing, OnPong, OnUserSigExpired,
    OnUserSigWillExpire,
};
use super::simple::{
    OnRecvC2CCustomMessage, OnRecvC2CTextMessage, OnRecvGroupCustomMessage, OnRecvGroupTextMessage,
};
use crate::context::Call;
use crate::view::message::{self, Setting, bytes, places, user};

/// Gives a context what the core tells, until the client is closed. A context that takes slowly is waited for: what has
/// happened meanwhile stays in the core, where it costs a key each and merges.
pub(crate) async fn run(mut events: EventStream, mut beats: HeartbeatStream, call: Call) {
    let tells_beats = call.profile().heartbeats;
    let mut pump = Pump { beats: beats.now(), call, gather: Gather::new() };
    loop {
        let due = pump.gather.due();
        tokio::select! {
            biased;
            () = async { match due { Some(due) => sleep_until(due).await, None => std::future::pending().await } } => {
                pump.gather.tell(&pump.call.ears).await;
            }
            event = events.next() => match event {
                Some(event) => pump.take(event).await,
                None => return,
            },
            Some(beats) = beats.next(), if tells_beats => pump.beat(beats).await,
        }
    }
}

struct Pump {
    call: Call,
    gather: Gather,
    /// The heartbeats that were told.
    beats: Heartbeats,
}

impl Pump {
    async fn take(&mut self, event: Core) {
        let ears = self.call.ears.clone();
        match event {
            Core::ConnectionChanged(state) => self.connection(state).await,
            Core::KickedOffline(error) => {
                ears.tell(&OnKickedOffline { code: error.code, msg: error.message }).await;
            }
            Core::LoginExpired(_) => ears.tell(&OnUserSigExpired {}).await,
            Core::LoginExpiring { in_seconds } => {
                ears.tell(&OnUserSigWillExpire { seconds: in_seconds }).await;
            }
            Core::SyncStarted => ears.tell(&OnSyncServerStart {}).await,
            Core::SyncFinished => ears.tell(&OnSyncServerFinish {}).await,
            Core::SyncFailed(_) => ears.tell(&OnSyncServerFailed {}).await,
            Core::MessageReceived(message) | Core::EphemeralReceived(message) => {
                self.received(&message).await
            }
            Core::MessageChanged(message) => self.sent(&message).await,
            Core::ConversationAdded(conversation) => {
                let shown = self.shown(&conversation);
                self.gather.add(shown);
            }
            Core::ConversationChanged(conversation) => {
                let shown = self.shown(&conversation);
                self.gather.change(shown);
            }
            Core::ConversationRemoved(id) => {
                let id = id.to_string();
                self.gather.forget(&id);
                ears.tell(&OnConversationDeleted { conversation_id_list: vec![id] }).await;
            }
            Core::TotalUnreadChanged(total_unread_count) => {
                ears.tell(&OnTotalUnreadMessageCountChanged { total_unread_count }).await;
            }
            Core::ReceiptReceived { conversation: ConversationId::User(user), time_ms, .. } => {
                let timestamp = time_ms.div_euclid(1_000);
                let receipt = ReadReceipt { user_id: user.to_string(), timestamp };
                ears.tell(&OnRecvC2CReadReceipt { receipt_list: vec![receipt] }).await;
            }
            Core::MessagesDeleted { conversation, ids } => {
                let msg_id_list = self.deleted_elsewhere(&ids);
                if !msg_id_list.is_empty() {
                    let (user_id, group_id) = places(&conversation);
                    ears.tell(&OnMessageDeleted { msg_id_list, user_id, group_id }).await;
                }
            }
            _ => {}
        }
    }

    /// Tells each heartbeat, also where several were counted meanwhile.
    async fn beat(&mut self, now: Heartbeats) {
        let ears = self.call.ears.clone();
        while self.beats != now {
            if self.beats.asked < now.asked {
                self.beats.asked += 1;
                ears.tell(&OnPing {}).await;
            }
            if self.beats.answered < now.answered {
                self.beats.answered += 1;
                ears.tell(&OnPong {}).await;
            }
        }
    }

    async fn connection(&self, state: ConnectionState) {
        let ears = &self.call.ears;
        match state {
            ConnectionState::Connecting => ears.tell(&OnConnecting {}).await,
            ConnectionState::Connected => ears.tell(&OnConnectSuccess {}).await,
            ConnectionState::Waiting { error, .. } => {
                let failed =
                    OnConnectFailed { code: error.code, error: error.message.clone(), msg: error.message };
                ears.tell(&failed).await;
            }
            _ => {}
        }
    }

    fn deleted_elsewhere(&self, ids: &[MessageId]) -> Vec<String> {
        let session = self.call.device.session();
        ids.iter().filter(|id| !session.is_deleted_here(id.as_str())).map(ToString::to_string).collect()
    }

    fn shown(&self, conversation: &Conversation) -> crate::view::conversation::Conversation {
        let session = self.call.device.session();
        crate::view::conversation::conversation(conversation, |id| session.keys.key(id))
    }

    async fn received(&self, message: &Message) {
        let ears = &self.call.ears;
        if ears.hear(Listener::AdvancedMessage) {
            let shown = message::message(message, Setting::default());
            let event = OnRecvNewMessage {
                msg_id: shown.msg_id.clone(),
                elem_type: shown.elem_type,
                elem: shown.elem.clone(),
                elem_list: shown.elem_list.clone(),
                message: shown,
            };
            ears.tell(&event).await;
        }
        if ears.hear(Listener::SimpleMessage) && !message.is_own {
            self.simply(message).await;
        }
    }

    /// The simple listener hears of text and custom data alone.
    async fn simply(&self, message: &Message) {
        let [element] = message.content.elements.as_slice() else { return };
        let ears = &self.call.ears;
        let (msg_id, sender) = (message.id.to_string(), user(message.sender.as_str()));
        match (element, places(&message.conversation).1) {
            (Element::Text { text }, group_id) if group_id.is_empty() => {
                ears.tell(&OnRecvC2CTextMessage { msg_id, sender, text: text.clone() }).await;
            }
            (Element::Text { text }, group_id) => {
                ears.tell(&OnRecvGroupTextMessage { msg_id, group_id, sender, text: text.clone() }).await;
            }
            (Element::Custom { data, .. }, group_id) if group_id.is_empty() => {
                ears.tell(&OnRecvC2CCustomMessage { msg_id, sender, custom_data: bytes(data) }).await;
            }
            (Element::Custom { data, .. }, group_id) => {
                let event = OnRecvGroupCustomMessage { msg_id, group_id, sender, custom_data: bytes(data) };
                ears.tell(&event).await;
            }
            _ => {}
        }
    }

    async fn sent(&self, message: &Message) {
        let key = self.call.device.session().keys.key(message.id.as_str());
        let outcome = match &message.state {
            MessageState::Pending => return,
            MessageState::Sent => Ok(message::message(message, Setting { key: &key, read_seq: 0 })),
            MessageState::Failed(error) => Err(error.clone()),
        };
        self.call.ears.tell_sent(&key, message.id.as_str(), &outcome).await;
    }
}
