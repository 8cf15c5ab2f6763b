//! History, deletion (spec 3.1, 3.2), and marking read (2.8).

use std::time::Duration;

use whinchat_core::{
    Client, Conversation, ConversationId, Error, ErrorCode, HISTORY_LIMIT, History, MessageId, Result,
};

use super::Served;
use crate::context::Call;
use crate::params::{NoParams, ids, params};
use crate::table::Reply;
use crate::view::message::{self, Message, Setting};
use crate::view::{Nothing, view};

/// Messages of a page if the app does not say.
const PAGE: i64 = 20;

params! {
    /// Which page.
    PageOf {
        count "count": Option<i64>, "How many, 1 to 100; default 20.", "数量，1 到 100；默认 20。";
        msg_id "msgId" | "lastMsgId" | "lastMsgID": Option<String>, "The last message of the page before; empty for the newest.", "上一页的最后一条消息；为空表示最新。";
    }
}

params! {
    /// Of `getC2CHistoryMessageList`.
    C2CHistory { user_id "userId": String, "The other person.", "对方用户 ID。"; + page: PageOf; }
}

params! {
    /// Of `getGroupHistoryMessageList`.
    GroupHistory { group_id "groupId": String, "The group.", "群组 ID。"; + page: PageOf; }
}

params! {
    /// Messages by their ids.
    MessageIds { msg_id_list "msgIdList" | "msgIds" | "msgId": Vec<String>, "Their ids.", "消息 ID 列表。"; }
}

params! {
    /// A user whose conversation is meant.
    OfUser { user_id "userId": String, "The other person.", "对方用户 ID。"; }
}

params! {
    /// A group whose conversation is meant.
    OfGroup { group_id "groupId": String, "The group.", "群组 ID。"; }
}

params! {
    /// Of `markC2CMessageAsRead`.
    MarkC2C { user_id "userId": Option<String>, "The other person; empty for all of them.", "对方用户 ID；为空表示全部单聊。"; }
}

params! {
    /// Of `markGroupMessageAsRead`.
    MarkGroup { group_id "groupId": Option<String>, "The group; empty for all of them.", "群组 ID；为空表示全部群聊。"; }
}

params! {
    /// Of `cleanConversationUnreadMessageCount`.
    CleanUnread {
        conversation_id "conversationId": Option<String>, "Which; `c2c` or `group` for all of a kind, empty for all.", "会话 ID；`c2c` 或 `group` 表示某类全部，为空表示全部。";
        clean_timestamp "cleanTimestamp": Option<u64>, "0: everything.", "0 表示全部。";
        clean_sequence "cleanSequence": Option<u64>, "0: everything.", "0 表示全部。";
    }
}

view! {
    /// A page of messages.
    MessagePage {
        message_list "messageList": Vec<Message>, "Newest first.", "消息列表，最新在前。";
        is_finished "isFinished": bool, "Nothing follows; false also when that cannot be known.", "是否已到末尾；无法确认时为 false。";
    }
}

view! {
    /// Messages.
    MessageList { message_list "messageList": Vec<Message>, "The messages.", "消息列表。"; }
}

pub(crate) async fn c2c_history(call: Call, params: C2CHistory) -> Served<MessagePage> {
    page(&call, ids::with_user(call.profile(), &params.user_id)?, params.page)
}

pub(crate) async fn group_history(call: Call, params: GroupHistory) -> Served<MessagePage> {
    page(&call, ids::of_group(&params.group_id)?, params.page)
}

pub(crate) async fn find_messages(call: Call, params: MessageIds) -> Served<MessageList> {
    let client = call.client()?;
    let mut message_list = Vec::new();
    for id in parsed(&params.msg_id_list)? {
        if let Some(found) = client.messages().get(&id).await? {
            let read_seq = read_seq(&client, &found.conversation).await?;
            let key = call.device.session().keys.key(id.as_str());
            message_list.push(message::message(&found, Setting { read_seq, key: &key }));
        }
    }
    Ok(MessageList { message_list }.into())
}

pub(crate) async fn delete_messages(call: Call, params: MessageIds) -> Served<Nothing> {
    let ids = parsed(&params.msg_id_list)?;
    let messages = call.client()?.messages();
    let first = ids.first().ok_or_else(|| Error::new(ErrorCode::BadParameter, "`msgIdList` is empty"))?;
    call.device.session().rates.call("calls of `deleteMessages`", 1, Duration::from_secs(1))?;
    let found = messages.get(first).await?.ok_or(ErrorCode::RecordNotFound)?;
    for id in &ids {
        call.device.session().deleted_here(id.as_str());
    }
    Ok(Reply::later(async move {
        messages.delete(&found.conversation, &ids).await?;
        Ok(Nothing {})
    }))
}

pub(crate) async fn clear_c2c(call: Call, params: OfUser) -> Served<Nothing> {
    call.client()?.conversations().clear_history(&ids::with_user(call.profile(), &params.user_id)?).await?;
    Ok(Nothing {}.into())
}

pub(crate) async fn clear_group(call: Call, params: OfGroup) -> Served<Nothing> {
    call.client()?.conversations().clear_history(&ids::of_group(&params.group_id)?).await?;
    Ok(Nothing {}.into())
}

pub(crate) async fn mark_c2c(call: Call, params: MarkC2C) -> Served<Nothing> {
    let client = call.client()?;
    match params.user_id {
        Some(user) => client.conversations().mark_read(&ids::with_user(call.profile(), &user)?).await?,
        None => mark_all(&client, |id| matches!(id, ConversationId::User(_))).await?,
    }
    Ok(Nothing {}.into())
}

pub(crate) async fn mark_group(call: Call, params: MarkGroup) -> Served<Nothing> {
    let client = call.client()?;
    match params.group_id {
        Some(group) => client.conversations().mark_read(&ids::of_group(&group)?).await?,
        None => mark_all(&client, |id| matches!(id, ConversationId::Group(_))).await?,
    }
    Ok(Nothing {}.into())
}

pub(crate) async fn mark_everything(call: Call, _: NoParams) -> Served<Nothing> {
    mark_all(&call.client()?, |_| true).await?;
    Ok(Nothing {}.into())
}

pub(crate) async fn clean_unread(call: Call, params: CleanUnread) -> Served<Nothing> {
    if params.clean_timestamp.is_some_and(|at| at > 0) || params.clean_sequence.is_some_and(|at| at > 0) {
        return Err(Error::new(
            ErrorCode::Unsupported,
            "only everything can be marked as read so far: pass 0",
        ));
    }
    let client = call.client()?;
    match params.conversation_id.as_deref() {
        None => mark_all(&client, |_| true).await?,
        Some("c2c") => mark_all(&client, |id| matches!(id, ConversationId::User(_))).await?,
        Some("group") => mark_all(&client, |id| matches!(id, ConversationId::Group(_))).await?,
        Some(id) => client.conversations().mark_read(&ids::conversation(id)?).await?,
    }
    Ok(Nothing {}.into())
}

/// Up to where a conversation is read.
pub(crate) async fn read_seq(client: &Client, conversation: &ConversationId) -> Result<u64> {
    Ok(client.conversations().get(conversation).await?.map_or(0, |conversation| conversation.read_seq))
}

fn page(call: &Call, conversation: ConversationId, page: PageOf) -> Served<MessagePage> {
    let count = page.count.unwrap_or(PAGE);
    let limit = usize::try_from(count).unwrap_or(0).min(HISTORY_LIMIT);
    if limit == 0 {
        return Err(Error::new(ErrorCode::BadParameter, "`count` is 1 to 100"));
    }
    let history = match page.msg_id {
        Some(id) => History::older(&MessageId::parse(&id)?, limit),
        None => History::newest(limit),
    };
    let (client, device) = (call.client()?, call.device.clone());
    Ok(Reply::later(async move {
        let page = client.messages().history(&conversation, history).await?;
        let read_seq = read_seq(&client, &conversation).await?;
        let session = device.session();
        let show = |found: &whinchat_core::Message| {
            let key = session.keys.key(found.id.as_str());
            message::message(found, Setting { read_seq, key: &key })
        };
        Ok(MessagePage { message_list: page.messages.iter().map(show).collect(), is_finished: page.complete })
    }))
}

fn parsed(texts: &[String]) -> Result<Vec<MessageId>> {
    texts.iter().map(|text| MessageId::parse(text)).collect()
}

async fn mark_all(client: &Client, chosen: impl Fn(&ConversationId) -> bool) -> Result<()> {
    let list = client.conversations();
    let is_unread = |found: &Conversation| found.unread > 0 && chosen(&found.id);
    let mut after = None;
    loop {
        let page = list.list(after.as_ref(), 100).await?;
        for found in page.items.iter().filter(|found| is_unread(found)) {
            list.mark_read(&found.id).await?;
        }
        match page.next {
            Some(next) => after = Some(next),
            None => return Ok(()),
        }
    }
}
