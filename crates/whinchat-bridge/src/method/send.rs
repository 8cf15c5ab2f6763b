//! Sending (spec 2.5): durable first, then on its way; the answer comes when the server has stored it.

use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use serde_json::{Map, Value};
use whinchat_core::{ConversationId, Element, Error, ErrorCode, MessageId, Priority, Result, SendHandle};

use super::Served;
use super::create::{Options, custom};
use crate::context::Call;
use crate::params::{ids, params};
use crate::session::{Draft, message_key};
use crate::table::Reply;
use crate::view::message::{self, Message, Setting};
use crate::view::{Nothing, view};

params! {
    /// How a message is sent. What is said of pushing is accepted and read by nobody until there is push.
    #[allow(dead_code)]
    Sending {
        priority "priority": Option<i64>, "0 default, 1 high, 2 normal, 3 low; groups only.", "0 默认，1 高，2 普通，3 低；仅群聊。";
        online_user_only "onlineUserOnly" | "onLineUserOnly": Option<bool>,
            "Only to who is online now; stored nowhere.", "仅投递给在线用户，不存储。";
        offline_push_info "offlinePushInfo": Option<Map<String, Value>>, "How it is pushed.", "离线推送信息。";
        timeout_ms "timeoutMs": Option<u32>, "Gives up (6012) after so many milliseconds; 0 never.", "超时毫秒数（6012）；0 表示不超时。";
        + options: Options;
    }
}

params! {
    /// Of `sendMessage`.
    SendMessage {
        message_key "messageKey" | "mesageKey": String, "What a create method gave.", "create 方法返回的句柄。";
        receiver "receiver" | "userId" | "userID": Option<String>, "The user that it is for.", "接收者用户 ID。";
        group_id "groupId": Option<String>, "The group that it is for.", "群组 ID。";
        + sending: Sending;
    }
}

params! {
    /// Of `sendC2CTextMessage`.
    SendC2CText {
        text "text": String, "What is said.", "文本。";
        user_id "userId" | "receiver": String, "Whom it is for.", "接收者用户 ID。";
        + sending: Sending;
    }
}

params! {
    /// Of `sendC2CCustomMessage`.
    SendC2CCustom {
        custom_data "customData" | "customMsg" | "data": String, "The data.", "自定义数据。";
        user_id "userId" | "receiver": String, "Whom it is for.", "接收者用户 ID。";
        + sending: Sending;
    }
}

params! {
    /// Of `sendGroupTextMessage`.
    SendGroupText {
        text "text": String, "What is said.", "文本。";
        group_id "groupId": String, "The group.", "群组 ID。";
        + sending: Sending;
    }
}

params! {
    /// Of `sendGroupCustomMessage`.
    SendGroupCustom {
        custom_data "customData" | "customMsg" | "data": String, "The data.", "自定义数据。";
        group_id "groupId": String, "The group.", "群组 ID。";
        + sending: Sending;
    }
}

params! {
    /// A message by its id or its handle.
    ByIdOrKey {
        msg_id "msgId": Option<String>, "Its id.", "消息 ID。";
        message_key "messageKey" | "mesageKey": Option<String>, "Or its handle.", "或本地句柄。";
    }
}

params! {
    /// A message by its handle.
    ByKey { message_key "messageKey" | "mesageKey": String, "Its handle.", "本地句柄。"; }
}

view! {
    /// Of the sending methods.
    Sent {
        msg_id "msgId": String, "The message's id.", "消息 ID。";
        message_key "messageKey": String, "Its handle.", "本地句柄。";
        message "message": Option<Message>, "The message.", "消息。";
    }
}

view! {
    /// Of `getMessage`.
    OneMessage { message "message": Option<Message>, "The message.", "消息。"; }
}

pub(crate) async fn send_message(call: Call, params: SendMessage) -> Served<Sent> {
    let key = message_key(&params.message_key).to_owned();
    let (to, audience) = match (params.receiver, params.group_id) {
        (None, None) => return Err(ErrorCode::ReceiverMissing.into()),
        (Some(user), None) => (ids::with_user(call.profile(), &user)?, None),
        (None, Some(group)) => (ids::of_group(&group)?, None),
        (Some(user), Some(group)) => (ids::of_group(&group)?, Some(ids::user(call.profile(), &user)?)),
    };
    let draft = call.device.session().drafts.take(&key)?;
    let mut sent = draft.clone();
    if let Some(user) = audience {
        sent.audience = vec![user];
        sent.excluded_from_unread = true;
    }
    send(&call, Sender { key, to, unsent: Some(draft) }, sent, params.sending).await
}

pub(crate) async fn send_c2c_text(call: Call, params: SendC2CText) -> Served<Sent> {
    let draft = Draft::of(vec![Element::Text { text: params.text }]);
    send_new(&call, ids::with_user(call.profile(), &params.user_id)?, draft, params.sending).await
}

pub(crate) async fn send_c2c_custom(call: Call, params: SendC2CCustom) -> Served<Sent> {
    let draft = Draft::of(vec![custom(&params.custom_data, None, None)]);
    send_new(&call, ids::with_user(call.profile(), &params.user_id)?, draft, params.sending).await
}

pub(crate) async fn send_group_text(call: Call, params: SendGroupText) -> Served<Sent> {
    let draft = Draft::of(vec![Element::Text { text: params.text }]);
    send_new(&call, ids::of_group(&params.group_id)?, draft, params.sending).await
}

pub(crate) async fn send_group_custom(call: Call, params: SendGroupCustom) -> Served<Sent> {
    let draft = Draft::of(vec![custom(&params.custom_data, None, None)]);
    send_new(&call, ids::of_group(&params.group_id)?, draft, params.sending).await
}

pub(crate) async fn resend(call: Call, params: ByIdOrKey) -> Served<Sent> {
    let id = params.id(&call)?;
    let messages = call.client()?.messages();
    let handle = match messages.retry(&id).await {
        // Not in the outbox, and yet known: it was sent.
        Err(error) if error.is(ErrorCode::RecordNotFound) && messages.get(&id).await?.is_some() => {
            return Err(Error::new(
                ErrorCode::WrongState,
                "the message was sent; only a failed one is sent again",
            ));
        }
        retried => retried?,
    };
    let key = call.device.session().keys.key(id.as_str());
    Ok(Reply::later(settled(handle, key)))
}

pub(crate) async fn cancel(call: Call, params: ByKey) -> Served<Nothing> {
    let id = by_key(&call, &params.message_key)?;
    let client = call.client()?;
    Ok(Reply::later(async move {
        client.messages().cancel(&id).await?;
        Ok(Nothing {})
    }))
}

pub(crate) async fn get_message(call: Call, params: ByIdOrKey) -> Served<OneMessage> {
    if let Some(key) = &params.message_key
        && let Ok(draft) = call.device.session().drafts.get(message_key(key)).cloned()
    {
        let sender = call.client()?.user().ok_or(ErrorCode::NotLoggedIn)?;
        let shown = message::unsent(&draft, sender.as_str(), Setting { key: message_key(key), read_seq: 0 });
        return Ok(OneMessage { message: Some(shown) }.into());
    }
    let id = params.id(&call)?;
    let client = call.client()?;
    let found = client.messages().get(&id).await?.ok_or(ErrorCode::RecordNotFound)?;
    let read_seq = super::history::read_seq(&client, &found.conversation).await?;
    let key = call.device.session().keys.key(id.as_str());
    Ok(OneMessage { message: Some(message::message(&found, Setting { read_seq, key: &key })) }.into())
}

impl ByIdOrKey {
    fn id(&self, call: &Call) -> Result<MessageId> {
        match (&self.msg_id, &self.message_key) {
            (Some(id), _) => MessageId::parse(id),
            (None, Some(key)) => by_key(call, key),
            (None, None) => Err(Error::new(
                ErrorCode::BadParameter,
                "`msgId` is missing: name a message, or its `messageKey`",
            )),
        }
    }
}

fn by_key(call: &Call, key: &str) -> Result<MessageId> {
    let session = call.device.session();
    let id = session.keys.id(message_key(key)).ok_or_else(|| {
        Error::new(ErrorCode::MessageIdReused, "no message was sent from here with this key")
    })?;
    MessageId::parse(id)
}

/// A message that had no key before.
async fn send_new(call: &Call, to: ConversationId, draft: Draft, how: Sending) -> Served<Sent> {
    call.profile().fits(&draft)?;
    let key = call.device.session().drafts.add(draft)?;
    let draft = call.device.session().drafts.take(&key)?;
    send(call, Sender { key, to, unsent: None }, draft, how).await
}

/// What a message is sent with.
struct Sender {
    key: String,
    to: ConversationId,
    /// What comes back under the key when it goes nowhere, to be sent again.
    unsent: Option<Draft>,
}

impl Sender {
    /// It has gone nowhere.
    fn give_back(self, call: &Call) {
        let mut session = call.device.session();
        session.keys.forget(&self.key);
        if let Some(draft) = self.unsent {
            session.drafts.put_back(self.key, draft);
        }
    }
}

async fn send(call: &Call, sender: Sender, draft: Draft, how: Sending) -> Served<Sent> {
    match begin(call, &sender, draft, how).await {
        Ok(Begun::Online(sending)) => Ok(Reply::Later(sending)),
        Ok(Begun::Durable(durable)) => {
            // The calls behind it begin now: those that send share a commit with it, the others wait until it is durable.
            let (held, call) = (call.pending.clone().read_owned().await, call.clone());
            Ok(Reply::later(async move {
                match durable.await {
                    Ok(handle) => {
                        drop(held);
                        settled(handle, sender.key).await
                    }
                    Err(error) => {
                        sender.give_back(&call);
                        Err(error)
                    }
                }
            }))
        }
        Err(error) => {
            sender.give_back(call);
            Err(error)
        }
    }
}

/// A message that is on its way.
enum Begun {
    /// To be answered by the server, and stored nowhere.
    Online(BoxFuture<'static, Result<Sent>>),
    /// In its place in the outbox.
    Durable(BoxFuture<'static, Result<SendHandle>>),
}

async fn begin(call: &Call, sender: &Sender, mut draft: Draft, how: Sending) -> Result<Begun> {
    let Sender { key, to, .. } = sender;
    let priority = match how.priority.unwrap_or(0) {
        0 => Priority::Unset,
        1 => Priority::High,
        2 => Priority::Normal,
        3 => Priority::Low,
        _ => return Err(Error::new(ErrorCode::BadParameter, "`priority` is 0 to 3")),
    };
    how.options.apply(&mut draft);
    let profile = call.profile();
    profile.fits(&draft)?;
    profile.count(&draft, &mut call.device.session().rates)?;
    let mut message = draft.to_message(matches!(to, ConversationId::Group(_))).priority(priority);
    if let Some(limit) = how.timeout_ms.filter(|limit| *limit > 0) {
        message = message.timeout(Duration::from_millis(limit.into()));
    }
    let messages = call.client()?.messages();
    if how.online_user_only.unwrap_or(false) {
        let (message, call) = (message.online_only(true), call.clone());
        let (key, to) = (key.clone(), to.clone());
        let sending = async move {
            let sent = messages.send(&to, message).await;
            let sent =
                sent.map(|handle| message::message(handle.message(), Setting { key: &key, read_seq: 0 }));
            let id = sent.as_ref().map(|message| message.msg_id.clone()).unwrap_or_default();
            call.ears.tell_sent(&key, &id, &sent).await;
            sent.map(|message| Sent {
                msg_id: message.msg_id.clone(),
                message_key: key,
                message: Some(message),
            })
        };
        return Ok(Begun::Online(sending.boxed()));
    }
    let (id, durable) = messages.begin_send(to, message).await?;
    call.device.session().keys.sent(key.clone(), id.to_string());
    Ok(Begun::Durable(durable.boxed()))
}

/// Waits for a message's end.
async fn settled(handle: SendHandle, key: String) -> Result<Sent> {
    let message = handle.settled().await?;
    let message = message::message(&message, Setting { key: &key, read_seq: 0 });
    Ok(Sent { msg_id: message.msg_id.clone(), message_key: key, message: Some(message) })
}
