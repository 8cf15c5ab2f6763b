//! The message as JavaScript sees it (spec 2.1 to 2.3).

use base64::Engine as _;
use serde::Serialize;
use serde_json::Value;
use whinchat_core::{ConversationId, Element, GroupTipKind, Message as Core, MessageState, Priority};

use super::{Is, Ts, view};
use crate::session::Draft;
use crate::table::Shapes;

/// What at-all appears as in `groupAtUserList`; the spelling is that of the systems that apps come from.
pub(crate) const AT_ALL: &str = "__kImSDK_MesssageAtALL__";

view! {
    /// Somebody, and how to show him.
    User {
        user_id "userId": String, "Who.", "用户 ID。";
        nick_name "nickName": String, "His name; empty until profiles are served.", "昵称；资料功能上线前为空。";
        face_url "faceUrl": String, "His picture.", "头像地址。";
    }
}

view! {
    /// Text.
    TextElem {
        elem_type "elemType": Is<1>, "1.", "1。";
        text "text": String, "What is said.", "文本。";
    }
}

view! {
    /// Data of the app's own.
    CustomElem {
        elem_type "elemType": Is<2>, "2.", "2。";
        data "data": String, "The data; bytes that are not UTF-8 as `base64:` and text.", "自定义数据；非 UTF-8 字节为 base64: 加文本。";
        desc "desc": String, "What to show in a list.", "描述。";
        extension "extension": String, "Further data.", "扩展字段。";
    }
}

view! {
    /// What happened to a group.
    GroupTipsElem {
        elem_type "elemType": Is<9>, "9.", "9。";
        group_id "groupId": String, "Which group.", "群组 ID。";
        tips_type "type": i32, "1 joined, 2 invited, 3 quit, 4 kicked; 0 unknown.", "1 加入，2 被邀请，3 退出，4 被踢；0 未知。";
        op_member "opMember": User, "Who did it.", "操作者。";
        member_list "memberList": Vec<User>, "Whom it concerns.", "相关成员。";
        group_change_info_list "groupChangeInfoList": Vec<Value>, "What of the group changed.", "群资料变更列表。";
        member_change_info_list "memberChangeInfoList": Vec<Value>, "What of the members changed.", "成员资料变更列表。";
        member_count "memberCount": u32, "Members afterwards.", "变更后的成员数。";
    }
}

view! {
    /// An element that this version does not know.
    NoElem { elem_type "elemType": Is<0>, "0.", "0。"; }
}

/// One element.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Elem {
    /// Text.
    Text(TextElem),
    /// Data of the app's own.
    Custom(CustomElem),
    /// What happened to a group.
    Tips(GroupTipsElem),
    /// Not known.
    No(NoElem),
}

impl Ts for Elem {
    fn ts() -> String {
        "Elem".to_owned()
    }

    fn collect(shapes: &mut Shapes) {
        shapes.union("Elem", &["TextElem", "CustomElem", "GroupTipsElem", "NoElem"]);
        shapes.add::<TextElem>();
        shapes.add::<CustomElem>();
        shapes.add::<GroupTipsElem>();
        shapes.add::<NoElem>();
    }
}

impl Elem {
    fn of(element: &Element, group_id: &str) -> Self {
        match element {
            Element::Text { text } => Self::Text(TextElem { elem_type: Is, text: text.clone() }),
            Element::Custom { data, description, extension } => Self::Custom(CustomElem {
                elem_type: Is,
                data: bytes(data),
                desc: description.clone(),
                extension: extension.clone(),
            }),
            Element::GroupTip { kind, operator, members, member_count } => Self::Tips(GroupTipsElem {
                elem_type: Is,
                group_id: group_id.to_owned(),
                tips_type: match kind {
                    GroupTipKind::Joined => 1,
                    GroupTipKind::Invited => 2,
                    GroupTipKind::Quit => 3,
                    GroupTipKind::Kicked => 4,
                    _ => 0,
                },
                op_member: user(operator),
                member_list: members.iter().map(|member| user(member)).collect(),
                member_count: *member_count,
                ..GroupTipsElem::default()
            }),
            _ => Self::No(NoElem::default()),
        }
    }

    fn elem_type(&self) -> i32 {
        match self {
            Self::Text(elem) => elem.elem_type.number(),
            Self::Custom(elem) => elem.elem_type.number(),
            Self::Tips(elem) => elem.elem_type.number(),
            Self::No(elem) => elem.elem_type.number(),
        }
    }
}

view! {
    /// A message.
    Message {
        msg_id "msgId": String, "Its id; empty until it was first sent.", "消息 ID；首次发送前为空。";
        message_key "messageKey": String, "The local handle that a create method gave.", "create 方法返回的本地句柄。";
        timestamp "timestamp": i64, "The server's time, in seconds.", "服务器时间（秒）。";
        timestamp_ms "timestampMs": i64, "The same in milliseconds.", "服务器时间（毫秒）。";
        sender "sender": String, "Who wrote it.", "发送者。";
        nick_name "nickName": String, "The sender's name.", "发送者昵称。";
        friend_remark "friendRemark": String, "What one calls him.", "好友备注。";
        name_card "nameCard": String, "His name in the group.", "群名片。";
        face_url "faceUrl": String, "His picture.", "发送者头像。";
        user_id "userId": String, "One to one: the other person, whoever sent; else empty.", "单聊：对方用户 ID；否则为空。";
        group_id "groupId": String, "The group; else empty.", "群组 ID；否则为空。";
        seq "seq": u64, "Its place in the conversation; 0 while it is not stored at the server.", "会话内序号；未存入服务器时为 0。";
        random "random": u32, "Of no meaning here.", "无意义，恒为 0。";
        status "status": i32, "1 sending, 2 sent, 3 failed, 4 deleted, 5 imported, 6 revoked.", "1 发送中，2 已发送，3 失败，4 已删除，5 本地导入，6 已撤回。";
        is_self "isSelf": bool, "One's own, from any device.", "是否自己发送。";
        is_read "isRead": bool, "Whether it is read here.", "自己是否已读。";
        is_peer_read "isPeerRead": bool, "One to one: whether the other person has read it.", "单聊：对方是否已读。";
        need_read_receipt "needReadReceipt": bool, "A receipt for each message was asked for.", "是否需要已读回执。";
        read_count "readCount": u32, "Members who have read it.", "已读人数。";
        unread_count "unreadCount": u32, "Members who have not.", "未读人数。";
        priority "priority": i32, "0 default, 1 high, 2 normal, 3 low.", "0 默认，1 高，2 普通，3 低。";
        group_at_user_list "groupAtUserList": Vec<String>, "Whom an @ names.", "被 @ 的用户。";
        elem_type "elemType": i32, "The kind of the first element.", "首个元素类型。";
        elem "elem": Option<Elem>, "The first element.", "首个元素。";
        elem_list "elemList": Vec<Elem>, "The further ones.", "其余元素。";
        text_elem "textElem": Option<Elem>, "The first element, if it is text.", "首个元素（文本）。";
        custom_elem "customElem": Option<Elem>, "The first element, if it is custom.", "首个元素（自定义）。";
        group_tips_elem "groupTipsElem": Option<Elem>, "The first element, if it is a tip.", "首个元素（群提示）。";
        local_custom_data "localCustomData": String, "Of this device only.", "仅本设备的自定义数据。";
        local_custom_int "localCustomInt": i64, "Of this device only.", "仅本设备的自定义整数。";
        cloud_custom_data "cloudCustomData": String, "Travels with the message.", "随消息传输的自定义数据。";
        is_excluded_from_unread_count "isExcludedFromUnreadCount": bool, "It does not count as unread.", "不计入未读。";
        is_excluded_from_last_message "isExcludedFromLastMessage": bool, "It does not become the last message.", "不更新会话最后消息。";
        is_excluded_from_content_moderation "isExcludedFromContentModeration": bool, "It is not checked.", "不做内容审核。";
        is_support_message_extension "isSupportMessageExtension": bool, "It takes extensions.", "支持消息扩展。";
        is_broadcast_message "isBroadcastMessage": bool, "To all live rooms.", "直播群广播消息。";
        has_risk_content "hasRiskContent": bool, "A check has objected.", "含风险内容。";
        offline_push_info "offlinePushInfo": Option<Value>, "How it is pushed.", "离线推送信息。";
        revoker_info "revokerInfo": Option<User>, "Who revoked it.", "撤回者。";
        revoke_reason "revokeReason": String, "Why.", "撤回原因。";
        pinner_info "pinnerInfo": Option<Value>, "Who pinned it.", "置顶者。";
        receiver_list "receiverList": Vec<String>, "The members that it was sent to alone; the sender's view.", "定向接收者（发送者可见）。";
        is_online_only "isOnlineOnly": bool, "Sent with onlineUserOnly.", "仅在线消息。";
        code "code": i32, "Why it failed; 0 otherwise.", "失败错误码；否则为 0。";
        msg "msg": String, "Why, in a sentence.", "失败说明。";
    }
}

/// What a message does not say by itself.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Setting<'a> {
    /// Everything up to here is read.
    pub(crate) read_seq: u64,
    /// The handle that a create method gave.
    pub(crate) key: &'a str,
}

/// A message as JavaScript sees it.
pub(crate) fn message(message: &Core, setting: Setting<'_>) -> Message {
    let (user_id, group_id) = places(&message.conversation);
    let (status, error) = match &message.state {
        MessageState::Pending => (1, None),
        MessageState::Sent => (2, None),
        MessageState::Failed(error) => (3, Some(error)),
    };
    let mut at: Vec<String> = message.mentions.iter().map(ToString::to_string).collect();
    if message.mention_all {
        at.push(AT_ALL.to_owned());
    }
    let shown = Message {
        msg_id: message.id.to_string(),
        message_key: setting.key.to_owned(),
        timestamp: message.time_ms.div_euclid(1_000),
        timestamp_ms: message.time_ms,
        sender: message.sender.to_string(),
        user_id,
        group_id,
        seq: message.seq,
        status,
        is_self: message.is_own,
        is_read: message.is_own || (message.seq > 0 && message.seq <= setting.read_seq),
        is_peer_read: message.is_read_by_peer,
        priority: match message.priority {
            Priority::Unset => 0,
            Priority::High => 1,
            Priority::Normal => 2,
            Priority::Low => 3,
        },
        group_at_user_list: at,
        cloud_custom_data: bytes(&message.content.custom_data),
        is_excluded_from_unread_count: message.excluded_from_unread,
        is_excluded_from_last_message: message.excluded_from_last_message,
        receiver_list: if message.is_own { texts(&message.audience) } else { Vec::new() },
        is_online_only: message.is_online_only,
        code: error.map_or(0, |error| error.code),
        msg: error.map(|error| error.message.clone()).unwrap_or_default(),
        ..Message::default()
    };
    with_elements(shown, &message.content.elements)
}

/// A message that was created and not sent.
pub(crate) fn unsent(draft: &Draft, sender: &str, setting: Setting<'_>) -> Message {
    let mut at = texts(&draft.mentions);
    if draft.mention_all {
        at.push(AT_ALL.to_owned());
    }
    let shown = Message {
        message_key: setting.key.to_owned(),
        sender: sender.to_owned(),
        status: 1,
        is_self: true,
        is_read: true,
        group_at_user_list: at,
        cloud_custom_data: bytes(&draft.custom_data),
        is_excluded_from_unread_count: draft.excluded_from_unread,
        is_excluded_from_last_message: draft.excluded_from_last_message,
        receiver_list: texts(&draft.audience),
        ..Message::default()
    };
    with_elements(shown, &draft.elements)
}

fn with_elements(mut shown: Message, elements: &[Element]) -> Message {
    let mut elems = elements.iter().map(|element| Elem::of(element, &shown.group_id));
    let elem = elems.next().unwrap_or_else(|| Elem::No(NoElem::default()));
    shown.elem_list = elems.collect();
    shown.elem_type = elem.elem_type();
    match elem {
        Elem::Text(_) => shown.text_elem = Some(elem.clone()),
        Elem::Custom(_) => shown.custom_elem = Some(elem.clone()),
        Elem::Tips(_) => shown.group_tips_elem = Some(elem.clone()),
        Elem::No(_) => {}
    }
    shown.elem = Some(elem);
    shown
}

/// `userId` and `groupId` of a conversation; one of them is empty.
pub(crate) fn places(conversation: &ConversationId) -> (String, String) {
    match conversation {
        ConversationId::User(user) => (user.to_string(), String::new()),
        ConversationId::Group(group) => (String::new(), group.to_string()),
    }
}

/// Somebody of whom only the id is known.
pub(crate) fn user(id: &str) -> User {
    User { user_id: id.to_owned(), ..User::default() }
}

fn texts(ids: &[whinchat_core::UserId]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}

/// Binary data: UTF-8 as it is, other bytes as `base64:` and text.
pub(crate) fn bytes(data: &[u8]) -> String {
    match std::str::from_utf8(data) {
        Ok(text) => text.to_owned(),
        Err(_) => format!("base64:{}", base64::engine::general_purpose::STANDARD.encode(data)),
    }
}

/// The other way round. Text that only looks like base64 is text.
pub(crate) fn from_text(text: &str) -> Vec<u8> {
    text.strip_prefix("base64:")
        .and_then(|text| base64::engine::general_purpose::STANDARD.decode(text).ok())
        .filter(|data| std::str::from_utf8(data).is_err())
        .unwrap_or_else(|| text.as_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binary_data_comes_back_as_it_was() {
        for data in [&b"plain"[..], "你好".as_bytes(), &[0xff, 0x00, 0xfe], b"base64:aGk="] {
            assert_eq!(from_text(&bytes(data)), data);
        }
        assert_eq!(bytes(&[0xff]), "base64:/w==");
    }
}
