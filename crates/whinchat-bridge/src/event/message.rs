//! Events of messages: `setSimpleMsgListener`, `setAdvancedMsgListener`, `setSendMessageListener`.

use crate::view::message::{Elem, Message, User};
use crate::view::view;

/// Events of `setSimpleMsgListener`.
pub(crate) mod simple {
    use super::User;
    use crate::event::events;

    events! {
        SimpleMessage:
        OnRecvC2CTextMessage "onRecvC2CTextMessage" "A text came, one to one." "收到单聊文本。" {
            msg_id "msgId": String, "The message's id.", "消息 ID。";
            sender "sender": User, "Who wrote it.", "发送者。";
            text "text": String, "What is said.", "文本。";
        }
        OnRecvC2CCustomMessage "onRecvC2CCustomMessage" "Custom data came, one to one." "收到单聊自定义消息。" {
            msg_id "msgId": String, "The message's id.", "消息 ID。";
            sender "sender": User, "Who wrote it.", "发送者。";
            custom_data "customData": String, "The data.", "自定义数据。";
        }
        OnRecvGroupTextMessage "onRecvGroupTextMessage" "A text came in a group." "收到群文本。" {
            msg_id "msgId": String, "The message's id.", "消息 ID。";
            group_id "groupId": String, "The group.", "群组 ID。";
            sender "sender": User, "Who wrote it.", "发送者。";
            text "text": String, "What is said.", "文本。";
        }
        OnRecvGroupCustomMessage "onRecvGroupCustomMessage" "Custom data came in a group." "收到群自定义消息。" {
            msg_id "msgId": String, "The message's id.", "消息 ID。";
            group_id "groupId": String, "The group.", "群组 ID。";
            sender "sender": User, "Who wrote it.", "发送者。";
            custom_data "customData": String, "The data.", "自定义数据。";
        }
    }
}

view! {
    /// How far the other person has read.
    ReadReceipt {
        user_id "userId": String, "Who.", "用户 ID。";
        timestamp "timestamp": i64, "Time of the newest message that he has read, in seconds.", "对方已读到的最新消息时间（秒）。";
    }
}

/// Events of `setAdvancedMsgListener`.
pub(crate) mod advanced {
    use super::{Elem, Message, ReadReceipt};
    use crate::event::events;

    events! {
        AdvancedMessage:
        OnRecvNewMessage "onRecvNewMessage" "A message came." "收到新消息。" {
            message "message": Message, "The message.", "消息。";
            msg_id "msgId": String, "Its id.", "消息 ID。";
            elem_type "elemType": i32, "The kind of its first element.", "首个元素类型。";
            elem "elem": Option<Elem>, "Its first element.", "首个元素。";
            elem_list "elemList": Vec<Elem>, "The further ones.", "其余元素。";
        }
        OnRecvC2CReadReceipt "onRecvC2CReadReceipt" "The other person has read further." "对方已读。" {
            receipt_list "receiptList": Vec<ReadReceipt>, "Who, and how far.", "已读回执列表。";
        }
        OnMessageDeleted "onMessageDeleted" "Another device of the same user has deleted messages." "其他设备删除了消息。" {
            msg_id_list "msgIdList": Vec<String>, "Their ids.", "消息 ID 列表。";
            user_id "userId": String, "One to one: with whom.", "单聊对方用户 ID。";
            group_id "groupId": String, "The group.", "群组 ID。";
        }
    }
}

/// Events of `setSendMessageListener`.
pub(crate) mod sending {
    use super::Message;
    use crate::event::events;

    events! {
        SendMessage:
        OnSuccess "onSuccess" "A message is stored at the server." "消息已存入服务器。" {
            message_key "messageKey": String, "Its handle; empty if it was created before a restart.", "本地句柄；重启前创建的为空。";
            msg_id "msgId": String, "Its id.", "消息 ID。";
            message "message": Option<Message>, "The message.", "消息。";
        }
        OnError "onError" "A message has failed for good." "消息发送失败。" {
            message_key "messageKey": String, "Its handle; empty if it was created before a restart.", "本地句柄；重启前创建的为空。";
            msg_id "msgId": String, "Its id.", "消息 ID。";
            code "code": i32, "Why.", "错误码。";
            msg "msg": String, "Why, in a sentence.", "说明。";
        }
    }
}
