//! Creating messages (spec 2.4): local, and sent by their key.

use whinchat_core::{Element, Error, ErrorCode, MessageId, MessageState, Result, UserId};

use super::Served;
use crate::context::Call;
use crate::params::{ids, params};
use crate::profile::Profile;
use crate::session::{Draft, element_key, message_key, unknown};
use crate::view::message::{self, AT_ALL, Message, Setting, from_text};
use crate::view::{Nothing, view};

/// Most names of an @, everybody counting as one.
const MENTIONS: usize = 30;
/// Most members that a targeted message is for.
const AUDIENCE: usize = 50;
/// Another spelling of at-all.
const AT_ALL_ALIAS: &str = "__ALL__";

params! {
    /// Of `createTextMessage`.
    CreateText { text "text": String, "What is said.", "文本。"; }
}

params! {
    /// Of `createTextAtMessage`.
    CreateTextAt {
        text "text": String, "What is said.", "文本。";
        user_id_list "userIdList" | "atUserList" | "userList": Option<Vec<String>>,
            "Whom the @ names, at most 30; `__kImSDK_MesssageAtALL__` is everybody.",
            "被 @ 的用户，最多 30 个；`__kImSDK_MesssageAtALL__` 表示所有人。";
        is_at_all "isAtAll": Option<bool>, "It names everybody.", "是否 @ 所有人。";
    }
}

params! {
    /// Of `createCustomMessage`.
    CreateCustom {
        custom_msg "customMsg" | "data" | "customData": String, "The data.", "自定义数据。";
        desc "desc": Option<String>, "What to show in a list.", "描述。";
        extension "extension": Option<String>, "Further data.", "扩展字段。";
    }
}

params! {
    /// Of `createForwardMessage`.
    CreateForward { msg_id "msgId": String, "A message that was sent.", "已发送的消息。"; }
}

params! {
    /// Of `createTargetedGroupMessage`.
    CreateTargeted {
        message_key "messageKey" | "mesageKey": String, "An unsent message.", "未发送的消息。";
        receiver_list "receiverList": Vec<String>, "The members that it is for alone, at most 50.", "定向接收的成员，最多 50 个。";
    }
}

params! {
    /// Of `createAtSignedGroupMessage`.
    CreateAtSigned {
        message_key "messageKey" | "mesageKey": String, "An unsent message.", "未发送的消息。";
        user_id_list "userIdList" | "atUserList" | "userList": Vec<String>, "Whom the @ names.", "被 @ 的用户。";
    }
}

params! {
    /// What can be set on an unsent message.
    Options {
        is_excluded_from_unread_count "isExcludedFromUnreadCount": Option<bool>, "It does not count as unread.", "不计入未读。";
        is_excluded_from_last_message "isExcludedFromLastMessage": Option<bool>, "It does not become the last message.", "不更新会话最后消息。";
        cloud_custom_data "cloudCustomData": Option<String>, "Travels with the message.", "随消息传输的自定义数据。";
    }
}

params! {
    /// Of `setMessage`.
    SetMessage {
        message_key "messageKey" | "mesageKey": String, "An unsent message.", "未发送的消息。";
        + options: Options;
    }
}

params! {
    /// Of `appendElem`.
    AppendElem {
        message_key "messageKey" | "mesageKey": String, "The message that grows.", "被追加的消息。";
        elem_key "elemKey": String, "`elemKey` or `messageKey` of another unsent message, which is used up.",
            "另一条未发送消息的 elemKey 或 messageKey，使用后失效。";
    }
}

view! {
    /// Of the create methods.
    Created {
        message_key "messageKey": String, "The handle to send it with.", "发送时使用的句柄。";
        elem_key "elemKey": String, "The handle of its element.", "元素句柄。";
        message "message": Option<Message>, "The unsent message.", "未发送的消息。";
    }
}

pub(crate) async fn create_text(call: Call, params: CreateText) -> Served<Created> {
    created(&call, Draft::of(vec![Element::Text { text: params.text }]))
}

pub(crate) async fn create_text_at(call: Call, params: CreateTextAt) -> Served<Created> {
    let mut draft = Draft::of(vec![Element::Text { text: params.text }]);
    name(
        call.profile(),
        &mut draft,
        &params.user_id_list.unwrap_or_default(),
        params.is_at_all.unwrap_or(false),
    )?;
    created(&call, draft)
}

pub(crate) async fn create_custom(call: Call, params: CreateCustom) -> Served<Created> {
    created(&call, Draft::of(vec![custom(&params.custom_msg, params.desc, params.extension)]))
}

pub(crate) async fn create_forward(call: Call, params: CreateForward) -> Served<Created> {
    let id = MessageId::parse(&params.msg_id)?;
    let message = call.client()?.messages().get(&id).await?.ok_or(ErrorCode::RecordNotFound)?;
    let is_plain = |element: &Element| matches!(element, Element::Text { .. } | Element::Custom { .. });
    if message.state != MessageState::Sent || !message.content.elements.iter().all(is_plain) {
        return Err(ErrorCode::ElementNotAllowed.into());
    }
    let mut draft = Draft::of(message.content.elements);
    draft.custom_data = message.content.custom_data;
    created(&call, draft)
}

pub(crate) async fn create_targeted(call: Call, params: CreateTargeted) -> Served<Created> {
    let audience = ids::users(call.profile(), &params.receiver_list)?;
    if audience.is_empty() || audience.len() > AUDIENCE {
        return Err(bad("`receiverList` has 1 to 50 members"));
    }
    changed(&call, &params.message_key, |draft| {
        if draft.mention_all || !draft.mentions.is_empty() {
            return Err(bad("a message with an @ cannot be for some members alone"));
        }
        draft.audience = audience;
        draft.excluded_from_unread = true;
        Ok(())
    })
}

pub(crate) async fn create_at_signed(call: Call, params: CreateAtSigned) -> Served<Created> {
    changed(&call, &params.message_key, |draft| name(call.profile(), draft, &params.user_id_list, false))
}

pub(crate) async fn set_message(call: Call, params: SetMessage) -> Served<Nothing> {
    let mut session = call.device.session();
    if session.keys.id(&params.message_key).is_some() {
        return Err(Error::new(
            ErrorCode::WrongState,
            "the message was sent already; it cannot be set any more",
        ));
    }
    let draft = session.drafts.get(&params.message_key)?;
    let mut changed = draft.clone();
    params.options.apply(&mut changed);
    call.profile().fits(&changed)?;
    *draft = changed;
    Ok(Nothing {}.into())
}

pub(crate) async fn append_elem(call: Call, params: AppendElem) -> Served<Nothing> {
    let (to, from) = (message_key(&params.message_key), message_key(&params.elem_key));
    if to == from {
        return Err(unknown());
    }
    let profile = call.profile();
    let mut session = call.device.session();
    let elements = session.drafts.get(from)?.elements.clone();
    let draft = session.drafts.get(to)?;
    let before = draft.elements.len();
    draft.elements.extend(elements);
    if let Err(error) = profile.fits(draft) {
        draft.elements.truncate(before);
        return Err(error);
    }
    // Used up.
    session.drafts.take(from)?;
    Ok(Nothing {}.into())
}

impl Options {
    /// Sets what was given.
    pub(crate) fn apply(self, draft: &mut Draft) {
        draft.excluded_from_unread = self.is_excluded_from_unread_count.unwrap_or(draft.excluded_from_unread);
        draft.excluded_from_last_message =
            self.is_excluded_from_last_message.unwrap_or(draft.excluded_from_last_message);
        if let Some(data) = self.cloud_custom_data {
            draft.custom_data = from_text(&data);
        }
    }
}

/// A custom element.
pub(crate) fn custom(data: &str, desc: Option<String>, extension: Option<String>) -> Element {
    Element::Custom {
        data: from_text(data),
        description: desc.unwrap_or_default(),
        extension: extension.unwrap_or_default(),
    }
}

fn name(profile: &Profile, draft: &mut Draft, list: &[String], everybody: bool) -> Result<()> {
    let is_all = |text: &String| text == AT_ALL || text == AT_ALL_ALIAS;
    draft.mention_all |= everybody || list.iter().any(is_all);
    for text in list.iter().filter(|text| !is_all(text)) {
        let user: UserId = ids::user(profile, text)?;
        if !draft.mentions.contains(&user) {
            draft.mentions.push(user);
        }
    }
    let count = draft.mentions.len() + usize::from(draft.mention_all);
    if count == 0 || count > MENTIONS {
        return Err(bad("`userIdList` names 1 to 30 users, everybody counting as one"));
    }
    Ok(())
}

fn created(call: &Call, draft: Draft) -> Served<Created> {
    call.profile().fits(&draft)?;
    let shown = draft.clone();
    let key = call.device.session().drafts.add(draft)?;
    Ok(shown_draft(call, key, &shown)?.into())
}

fn changed(call: &Call, key: &str, change: impl FnOnce(&mut Draft) -> Result<()>) -> Served<Created> {
    let shown = {
        let mut session = call.device.session();
        let draft = session.drafts.get(message_key(key))?;
        let mut changed = draft.clone();
        change(&mut changed)?;
        draft.clone_from(&changed);
        changed
    };
    Ok(shown_draft(call, message_key(key).to_owned(), &shown)?.into())
}

fn shown_draft(call: &Call, key: String, draft: &Draft) -> Result<Created> {
    let sender = call.client()?.user().ok_or(ErrorCode::NotLoggedIn)?;
    let shown = message::unsent(draft, sender.as_str(), Setting { key: &key, read_seq: 0 });
    Ok(Created { elem_key: element_key(&key), message: Some(shown), message_key: key })
}

fn bad(what: &str) -> Error {
    Error::new(ErrorCode::BadParameter, what)
}
