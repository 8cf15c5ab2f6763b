//! Who may send what, and where.

use std::sync::Arc;

use prost::Message as _;
use tokio::sync::oneshot;
use whinchat_proto::error::{ErrorCode, ProtoError};
use whinchat_proto::id::{ClientMessageId, ConversationId, GroupId, UserId};
use whinchat_proto::limits::{AUDIENCE, KB, MENTIONS};
use whinchat_proto::wire;
use whinchat_proto::wire::response::Body;

use super::appender::{Outcome, Send, Submission};
use super::{Asker, Service, refusal};
use crate::storage::{Append, Cancel, Denied, GroupKind, GroupRules, Role};

/// Largest envelope; the whole entry then fits a page beside the largest content.
const ENVELOPE_BYTES: usize = 16 * KB;

/// A message whose form is right; the rules have not been asked yet.
pub(crate) struct Checked {
    pub(crate) request: u64,
    pub(crate) conversation: ConversationId,
    pub(crate) client_id: ClientMessageId,
    pub(crate) envelope: wire::Envelope,
    pub(crate) content: bytes::Bytes,
    pub(crate) audience: Vec<UserId>,
    pub(crate) online_only: bool,
    pub(crate) again: bool,
}

fn bad(what: &str) -> ProtoError {
    ProtoError::new(ErrorCode::BadParameter, what)
}

impl Service {
    /// Checks the form of a message.
    pub(crate) fn check(
        &self,
        sender: &UserId,
        request: u64,
        message: wire::SendMessage,
    ) -> Result<Checked, ProtoError> {
        let conversation = ConversationId::from_wire(message.conversation.as_ref())?;
        let envelope = message.envelope.ok_or_else(|| bad("the envelope is missing"))?;
        let client_id = ClientMessageId::from_slice(&envelope.client_message_id)?;
        if message.content.is_empty() {
            return Err(ProtoError::new(ErrorCode::BadPacket, "the message has no content"));
        }
        if message.content.len() > self.config.content_bytes {
            return Err(ProtoError::new(
                ErrorCode::MessageTooLarge,
                format!(
                    "the content has {} bytes; {} are allowed",
                    message.content.len(),
                    self.config.content_bytes
                ),
            ));
        }
        if envelope.encoded_len() > ENVELOPE_BYTES {
            return Err(ProtoError::new(
                ErrorCode::MessageTooLarge,
                format!("what travels beside the content is over {ENVELOPE_BYTES} bytes"),
            ));
        }
        if envelope.kind() == wire::MessageKind::GroupTip
            || envelope.kind() == wire::MessageKind::Typing && !message.online_only
        {
            return Err(ErrorCode::ElementNotAllowed.into());
        }
        match &conversation {
            ConversationId::User(peer) if peer == sender => return Err(ErrorCode::ReceiverInvalid.into()),
            ConversationId::User(_)
                if envelope.mention_all || !envelope.mentions.is_empty() || !envelope.audience.is_empty() =>
            {
                return Err(bad("mentions and audience are for groups"));
            }
            _ => {}
        }
        if envelope.mentions.len() > MENTIONS {
            return Err(bad("at most 30 users can be mentioned"));
        }
        if envelope.audience.len() > AUDIENCE {
            return Err(bad("at most 50 users can be the audience"));
        }
        for mention in &envelope.mentions {
            UserId::new(mention)?;
        }
        let audience = envelope.audience.iter().map(UserId::new).collect::<Result<_, _>>()?;
        Ok(Checked {
            request,
            conversation,
            client_id,
            envelope,
            content: message.content,
            audience,
            online_only: message.online_only,
            again: message.again,
        })
    }

    /// Asks the rules. What they refuse but storage holds already is answered with its first result: nothing is given
    /// then.
    pub(crate) async fn prepare(
        &self,
        asker: &dyn Asker,
        checked: &Checked,
    ) -> Result<Option<Send>, ProtoError> {
        let sender = asker.user();
        let mut envelope = checked.envelope.clone();
        let (mut expected, mut refused) = (None, None);
        if let ConversationId::Group(group) = &checked.conversation {
            match self.rules_for(group, sender).await {
                Ok(rules) => {
                    expected = Some(rules.version);
                    // Meetings have no unread (spec 5.3), whatever the client says.
                    envelope.excluded_from_unread |= rules.kind == GroupKind::Meeting;
                    if !may_send(rules.role(sender)) {
                        refused = Some(ErrorCode::NotMember.into());
                    }
                }
                Err(Denied::Refused(error)) => refused = Some(error),
                Err(denied) => return Err(refusal(denied, ErrorCode::MessageFault)),
            }
        }
        let append = Append {
            conversation: checked.conversation.clone(),
            sender: sender.clone(),
            client_id: checked.client_id,
            envelope: envelope.encode_to_vec().into(),
            content: checked.content.clone(),
            counted: !envelope.excluded_from_unread,
            audience: checked.audience.clone(),
            expected,
            again: checked.again,
        };
        let Some(error) = refused else {
            return Ok(Some(Send { request: checked.request, append, envelope }));
        };
        let held = match self.storage.sent(append).await {
            Ok(None) => self.refuse(sender, checked, &error).await,
            held => held,
        };
        match held {
            Ok(Some(result)) => {
                asker.answer(checked.request, None, Body::SendMessage(result));
                Ok(None)
            }
            Ok(None) => Err(error),
            Err(denied) => Err(refusal(denied, ErrorCode::MessageFault)),
        }
    }

    /// Remembers that a message was refused for good. If the answer is lost it is sent again, and those behind it may stand in
    /// the log by then: let in now, it would stand behind what was said after it. Gives its place if it was stored meanwhile.
    async fn refuse(
        &self,
        sender: &UserId,
        checked: &Checked,
        error: &ProtoError,
    ) -> Result<Option<wire::SendMessageResult>, Denied> {
        let code = ErrorCode::from_name(&error.name);
        if code.is_none() || error.class.is_retryable() {
            return Ok(None);
        }
        let cancel = Cancel {
            conversation: checked.conversation.clone(),
            sender: sender.clone(),
            client_id: checked.client_id,
            refused: code,
        };
        Ok(self.storage.cancel_send(cancel).await?.stored)
    }

    /// Hands messages to the appender and waits until each is settled.
    pub(crate) async fn append(&self, asker: Arc<dyn Asker>, sends: Vec<Send>) -> Vec<Outcome> {
        let count = sends.len();
        let (done, settled) = oneshot::channel();
        let submission = Submission { asker, sends, done };
        let lost = || vec![Outcome::Refused(ErrorCode::MessageFault.into()); count];
        if self.appender.send(submission).await.is_err() {
            return lost();
        }
        settled.await.unwrap_or_else(|_| lost())
    }

    /// The membership of a group has moved under a message: the next look reads it afresh.
    pub(crate) fn look_again(&self, conversation: &ConversationId) {
        if let ConversationId::Group(group) = conversation {
            self.rules.forget(group);
        }
    }

    /// Settles a send that is in doubt.
    pub(crate) async fn cancel_send(
        &self,
        asker: &dyn Asker,
        request: &wire::CancelSend,
    ) -> Result<Body, ProtoError> {
        let cancel = Cancel {
            conversation: ConversationId::from_wire(request.conversation.as_ref())?,
            sender: asker.user().clone(),
            client_id: ClientMessageId::from_slice(&request.client_message_id)?,
            refused: None,
        };
        match self.storage.cancel_send(cancel).await {
            Ok(result) => Ok(Body::CancelSend(result)),
            Err(denied) => Err(refusal(denied, ErrorCode::MessageFault)),
        }
    }

    /// The rules of a group, read afresh when they would refuse the sender.
    async fn rules_for(&self, group: &GroupId, sender: &UserId) -> Result<Arc<GroupRules>, Denied> {
        let rules = self.rules.of(&*self.storage, group).await?;
        if may_send(rules.role(sender)) {
            return Ok(rules);
        }
        self.rules.fresh(&*self.storage, group).await
    }

    /// Who hears a message that is stored nowhere.
    pub(super) async fn group_audience(
        &self,
        group: &GroupId,
        sender: &UserId,
    ) -> Result<Vec<UserId>, ProtoError> {
        // No transaction will notice that the cached rules were overtaken on another node: so this looks itself.
        let fault = |denied| refusal(denied, ErrorCode::MessageFault);
        let version = self.storage.group_version(group.clone()).await.map_err(|f| fault(Denied::Fault(f)))?;
        let version = version.ok_or(ErrorCode::GroupGone)?;
        let rules = self.rules.since(&*self.storage, group, version).await.map_err(fault)?;
        if !may_send(rules.role(sender)) {
            return Err(ErrorCode::NotMember.into());
        }
        Ok(rules.members.keys().filter(|user| *user != sender).cloned().collect())
    }
}

/// Every member may send, an outsider may not (spec 5.4). Muting will narrow it here.
fn may_send(role: Option<Role>) -> bool {
    matches!(role, Some(Role::Member | Role::Admin | Role::Owner))
}
