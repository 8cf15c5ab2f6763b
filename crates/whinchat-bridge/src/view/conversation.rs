//! The conversation as JavaScript sees it (spec 4.1).

use whinchat_core::{Conversation as Core, ConversationId};

use super::message::{self, Message, Setting, places};
use super::view;

view! {
    /// An @ that nobody has read yet.
    GroupAtInfo {
        seq "seq": u64, "The message's place.", "消息序号。";
        at_type "atType": i32, "1 me, 2 all, 3 all and me.", "1 @我，2 @所有人，3 @所有人并@我。";
    }
}

view! {
    /// A conversation.
    Conversation {
        conversation_id "conversationId": String, "c2c_<userId> or group_<groupId>.", "c2c_<userId> 或 group_<groupId>。";
        kind "type": i32, "1 one to one, 2 group.", "1 单聊，2 群聊。";
        user_id "userId": String, "One to one: the other person.", "单聊：对方用户 ID。";
        group_id "groupId": String, "The group.", "群组 ID。";
        group_type "groupType": String, "The group's kind.", "群类型。";
        show_name "showName": String, "What to show as its name.", "展示名称。";
        face_url "faceUrl": String, "What to show as its picture.", "展示头像。";
        unread_count "unreadCount": u64, "Unread messages.", "未读数。";
        recv_opt "recvOpt": i32, "The receive option.", "消息接收选项。";
        last_message "lastMessage": Option<Message>, "The newest message that may stand there.", "最后一条消息。";
        group_at_info_list "groupAtInfoList": Vec<GroupAtInfo>, "Who was named and has not read it.", "未读的 @ 信息。";
        group_at_infolist "groupAtInfolist": Vec<GroupAtInfo>, "The same.", "同 groupAtInfoList。";
        draft_text "draftText": String, "What is being written.", "草稿。";
        draft_timestamp "draftTimestamp": i64, "Since when, in seconds.", "草稿时间（秒）。";
        is_pinned "isPinned": bool, "Whether it stands at the top.", "是否置顶。";
        order_key "orderKey": i64, "Larger is higher in the list.", "排序值，越大越靠前。";
        mark_list "markList": Vec<String>, "Marks.", "会话标记。";
        custom_data "customData": String, "Data of the app's own.", "自定义数据。";
        conversation_group_list "conversationGroupList": Vec<String>, "Own groups of conversations that it is in.", "所属会话分组。";
        c2c_read_timestamp "c2cReadTimestamp": i64, "One to one: read up to this time, in seconds; 0 unknown.", "单聊已读时间（秒）；0 未知。";
        group_read_sequence "groupReadSequence": u64, "Group: read up to this place.", "群聊已读序号。";
    }
}

/// A conversation as JavaScript sees it; `key` gives the handle of a message that was created here.
pub(crate) fn conversation(conversation: &Core, key: impl Fn(&str) -> String) -> Conversation {
    let last_message = conversation.last_message.as_ref().map(|last| {
        let key = key(last.id.as_str());
        message::message(last, Setting { read_seq: conversation.read_seq, key: &key })
    });
    let group = conversation.group.as_ref();
    let name = group.map(|group| group.name.clone()).filter(|name| !name.is_empty());
    let mut shown = empty(&conversation.id);
    shown.group_type = group.map(|group| group.kind.clone()).unwrap_or_default();
    shown.show_name = name.unwrap_or(shown.show_name);
    shown.unread_count = conversation.unread;
    shown.last_message = last_message;
    shown.order_key = conversation.active_ms;
    if shown.kind == 2 {
        shown.group_read_sequence = conversation.read_seq;
    }
    shown
}

/// A conversation of which nothing is known.
pub(crate) fn empty(id: &ConversationId) -> Conversation {
    let (user_id, group_id) = places(id);
    let (kind, show_name) = match id {
        ConversationId::User(user) => (1, user.to_string()),
        ConversationId::Group(group) => (2, group.to_string()),
    };
    Conversation {
        conversation_id: id.to_string(),
        kind,
        show_name,
        user_id,
        group_id,
        ..Conversation::default()
    }
}
