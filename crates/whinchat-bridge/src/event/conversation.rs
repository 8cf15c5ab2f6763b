//! Events of `setConversationListener`.

use super::events;
use crate::view::conversation::Conversation;

events! {
    Conversation:
    OnSyncServerStart "onSyncServerStart" "After connecting: what was missed is being fetched." "开始同步。" {}
    OnSyncServerFinish "onSyncServerFinish" "What was missed is stored." "同步完成。" {}
    OnSyncServerFailed "onSyncServerFailed" "Fetching met an error; it is tried again." "同步失败，将自动重试。" {}
    OnNewConversation "onNewConversation" "Conversations that were not in the list." "新增会话。" {
        conversation_list "conversationList": Vec<Conversation>, "They.", "会话列表。";
    }
    OnConversationChanged "onConversationChanged" "Conversations that changed; bursts are gathered, ten calls a second at most."
        "会话变更；短时间内的变更会合并，每秒最多十次。" {
        conversation_list "conversationList": Vec<Conversation>, "They.", "会话列表。";
    }
    OnConversationDeleted "onConversationDeleted" "Conversations that are gone." "会话被删除。" {
        conversation_id_list "conversationIdList": Vec<String>, "Their ids.", "会话 ID 列表。";
    }
    OnTotalUnreadMessageCountChanged "onTotalUnreadMessageCountChanged" "The total of unread messages changed." "未读总数变更。" {
        total_unread_count "totalUnreadCount": u64, "The new total.", "新的未读总数。";
    }
}
