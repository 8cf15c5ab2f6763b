//! The conversation list (spec 4.2).

use whinchat_core::{Error, ErrorCode};

use super::Served;
use crate::context::Call;
use crate::params::{NoParams, ids, params};
use crate::view::conversation::{self, Conversation};
use crate::view::view;

/// Conversations of a page if the app does not say, and at most.
const PAGE: i64 = 50;
const PAGE_LIMIT: usize = 100;

params! {
    /// Of `getConversationList`.
    ListPage {
        next_seq "nextSeq": Option<u64>, "0 for the first page, then what the page before gave.", "首页传 0，之后传上一页返回值。";
        count "count": Option<i64>, "How many, 1 to 100; default 50.", "数量，1 到 100；默认 50。";
    }
}

params! {
    /// A conversation.
    OneId { conversation_id "conversationId": String, "Which.", "会话 ID。"; }
}

params! {
    /// Several conversations.
    Ids { conversation_id_list "conversationIdList": Vec<String>, "Which.", "会话 ID 列表。"; }
}

view! {
    /// Of `getConversationList`.
    ConversationPage {
        conversation_list "conversationList": Vec<Conversation>, "Newest activity first.", "会话列表，最近活跃在前。";
        next_seq "nextSeq": u64, "For the next page.", "下一页游标。";
        is_finished "isFinished": bool, "Nothing follows.", "是否已到末尾。";
        is_finish "isFinish": bool, "The same.", "同 isFinished。";
    }
}

view! {
    /// Of `getConversation`.
    OneConversation { conversation "conversation": Option<Conversation>, "The conversation.", "会话。"; }
}

view! {
    /// Of `getConversationListByIds`.
    Conversations { conversation_list "conversationList": Vec<Conversation>, "The conversations.", "会话列表。"; }
}

view! {
    /// Of `getTotalUnreadMessageCount`.
    TotalUnread { total_unread_count "totalUnreadCount": u64, "Unread messages over all conversations.", "未读总数。"; }
}

pub(crate) async fn list(call: Call, params: ListPage) -> Served<ConversationPage> {
    let count = usize::try_from(params.count.unwrap_or(PAGE)).unwrap_or(0).min(PAGE_LIMIT);
    if count == 0 {
        return Err(Error::new(ErrorCode::BadParameter, "`count` is 1 to 100"));
    }
    let next_seq = params.next_seq.unwrap_or(0);
    let list = call.client()?.conversations();
    let reader = call.device.session().pages.reader(next_seq)?;
    let Some(reader) = reader else {
        // Behind the last page: empty, again and again.
        let page =
            ConversationPage { next_seq, is_finished: true, is_finish: true, ..ConversationPage::default() };
        return Ok(page.into());
    };
    let mut page = reader.read(&list, count).await?;
    let mut session = call.device.session();
    let is_finished = page.is_last();
    let next_seq = session.pages.number(&mut page);
    let keys = &session.keys;
    let show = |found: &whinchat_core::Conversation| conversation::conversation(found, |id| keys.key(id));
    let conversation_list = page.items.iter().map(show).collect();
    Ok(ConversationPage { conversation_list, next_seq, is_finished, is_finish: is_finished }.into())
}

pub(crate) async fn get(call: Call, params: OneId) -> Served<OneConversation> {
    Ok(OneConversation { conversation: Some(one(&call, &params.conversation_id).await?) }.into())
}

pub(crate) async fn get_several(call: Call, params: Ids) -> Served<Conversations> {
    let mut conversation_list = Vec::with_capacity(params.conversation_id_list.len());
    for id in &params.conversation_id_list {
        conversation_list.push(one(&call, id).await?);
    }
    Ok(Conversations { conversation_list }.into())
}

pub(crate) async fn total_unread(call: Call, _: NoParams) -> Served<TotalUnread> {
    let total_unread_count = call.client()?.conversations().total_unread().await?;
    Ok(TotalUnread { total_unread_count }.into())
}

async fn one(call: &Call, id: &str) -> whinchat_core::Result<Conversation> {
    let id = ids::conversation(id)?;
    let found = call.client()?.conversations().get(&id).await?;
    let session = call.device.session();
    let show =
        |found: &whinchat_core::Conversation| conversation::conversation(found, |id| session.keys.key(id));
    Ok(found.as_ref().map_or_else(|| conversation::empty(&id), show))
}
