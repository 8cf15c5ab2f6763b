//! Messages that are delivered to whoever is online and stored nowhere.

use std::time::Duration;

use prost::Message as _;
use whinchat_proto::error::{ErrorCode, ProtoError};
use whinchat_proto::id::{ConversationId, UserId};
use whinchat_proto::wire;
use whinchat_proto::wire::response::Body;

use super::message::Checked;
use super::{Asker, Service};
use crate::bus::Subject;

/// How long such a message is worth anything to another node.
const TTL: Duration = Duration::from_secs(5);

impl Service {
    /// Hands a message on and tells the sender so.
    pub(crate) async fn send_online(&self, asker: &dyn Asker, checked: Checked) -> Result<Body, ProtoError> {
        let sender = asker.user();
        let (named, mut receivers) = match &checked.conversation {
            ConversationId::User(peer) => {
                match self.storage.user_exists(peer.clone()).await {
                    Ok(true) => {}
                    Ok(false) => return Err(ErrorCode::ReceiverUnknown.into()),
                    Err(_) => return Err(ErrorCode::MessageFault.into()),
                }
                (ConversationId::User(sender.clone()), vec![peer.clone()])
            }
            ConversationId::Group(group) => {
                (checked.conversation.clone(), self.group_audience(group, sender).await?)
            }
        };
        if !checked.audience.is_empty() {
            receivers.retain(|user| checked.audience.contains(user));
        }
        let time_ms = crate::clock::now_ms();
        let frame = frame(sender, &named, checked, time_ms);
        for user in receivers {
            self.bus.deliver(&Subject::User(user), frame.clone(), TTL);
        }
        Ok(Body::SendMessage(wire::SendMessageResult { time_ms, ..Default::default() }))
    }
}

fn frame(sender: &UserId, named: &ConversationId, checked: Checked, time_ms: i64) -> bytes::Bytes {
    let ephemeral = wire::EphemeralMessage {
        conversation: Some(named.to_wire()),
        message: Some(wire::StoredMessage {
            sender: sender.as_str().to_owned(),
            envelope: Some(checked.envelope),
            content: checked.content,
        }),
        time_ms,
    };
    let push = wire::Push { prev_version: 0, version: 0, body: Some(wire::push::Body::Ephemeral(ephemeral)) };
    wire::ServerFrame { body: Some(wire::server_frame::Body::Push(push)) }.encode_to_vec().into()
}
