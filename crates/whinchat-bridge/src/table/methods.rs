//! The table. A new method is one entry here and the function that it names.

use super::entry::{Entry, Kind, Need, begin};
use crate::event::Listener;
use crate::method::{account, conversation, create, group, history, send};
use crate::params::{NoParams, Params};
use crate::view::{Nothing, View};

/// An entry: `Need name | alias (Params) -> Result = function, "what it does", "中文"`, with `burst` before it if it does not
/// wait for what was sent before to be durable; for listeners `listen`/`unlisten name | alias = Listener, …`.
macro_rules! entry {
    ($chapter:expr; listen $name:ident $(| $alias:ident)* = $listener:ident, $en:literal, $zh:literal) => {
        entry!(@ $chapter, $name, [$($alias),*], Nothing, Kind::Listen(Listener::$listener), NoParams, Nothing, $en, $zh)
    };
    ($chapter:expr; unlisten $name:ident $(| $alias:ident)* = $listener:ident, $en:literal, $zh:literal) => {
        entry!(@ $chapter, $name, [$($alias),*], Nothing, Kind::Unlisten(Listener::$listener), NoParams, Nothing, $en, $zh)
    };
    ($chapter:expr; burst $need:ident $name:ident $(| $alias:ident)* ($params:ty) -> $result:ty = $serve:path, $en:literal, $zh:literal) => {
        Entry { burst: true, ..entry!($chapter; $need $name $(| $alias)* ($params) -> $result = $serve, $en, $zh) }
    };
    ($chapter:expr; $need:ident $name:ident $(| $alias:ident)* ($params:ty) -> $result:ty = $serve:path, $en:literal, $zh:literal) => {
        entry!(@ $chapter, $name, [$($alias),*], $need, Kind::Call(|call, given| begin($serve, call, &given)), $params, $result, $en, $zh)
    };
    (@ $chapter:expr, $name:ident, [$($alias:ident),*], $need:ident, $kind:expr, $params:ty, $result:ty, $en:literal, $zh:literal) => {
        Entry {
            chapter: $chapter,
            name: stringify!($name),
            aliases: &[$(stringify!($alias)),*],
            need: Need::$need,
            kind: $kind,
            burst: false,
            params: || (<$params as Params>::NAME, <$params as Params>::fields()),
            result: || (<$result as View>::NAME, <$result as View>::fields()),
            shapes: |shapes| shapes.add::<$result>(),
            failure: |error| crate::answer::result::<$result>(&Err(error.clone())),
            en: $en,
            zh: $zh,
        }
    };
}

const ACCOUNT: &str = "Init, login, connection";
const MESSAGE: &str = "Messages";
const HISTORY: &str = "History, search, deletion, local data";
const CONVERSATION: &str = "Conversations";
const GROUP: &str = "Groups";

/// Every method, in the order of the reference page.
pub(crate) static METHODS: &[Entry] = &[
    entry!(ACCOUNT; Nothing init(account::Init) -> Nothing = account::init,
        "Prepares the SDK; no network is needed.", "初始化 SDK，无需网络。"),
    entry!(ACCOUNT; Nothing unInit | unInitSDK | destroy(NoParams) -> Nothing = account::un_init,
        "Logs out, ends running calls and clears the listeners.", "登出、结束进行中的调用并清除监听器。"),
    entry!(ACCOUNT; Nothing getVersion(NoParams) -> account::VersionResult = account::get_version,
        "The SDK's version.", "SDK 版本号。"),
    entry!(ACCOUNT; Init getServerTime(NoParams) -> account::ServerTime = account::get_server_time,
        "The server's time in seconds, estimated from the last handshake.", "服务器时间（秒），按最近一次握手估算。"),
    entry!(ACCOUNT; Init login(account::Login) -> Nothing = account::login,
        "Logs a user in; answers when the server has accepted.", "登录；服务器接受后回调。"),
    entry!(ACCOUNT; Init logout(NoParams) -> Nothing = account::logout,
        "Logs out; local data stays.", "登出；本地数据保留。"),
    entry!(ACCOUNT; Nothing getLoginUser(NoParams) -> account::LoginUser = account::get_login_user,
        "Who is logged in; empty for nobody.", "当前登录用户；未登录时为空。"),
    entry!(ACCOUNT; Nothing getLoginStatus(NoParams) -> account::LoginStatus = account::get_login_status,
        "Whether somebody is logged in.", "登录状态。"),
    entry!(ACCOUNT; Nothing callExperimentalAPI(account::Experimental) -> Nothing = account::call_experimental,
        "For trials; none is defined.", "实验性接口；目前没有。"),
    entry!(ACCOUNT; listen setSDKListener = Sdk,
        "Events of connection and login.", "连接与登录事件。"),
    entry!(ACCOUNT; unlisten removeSDKListener = Sdk,
        "Ends them.", "移除监听。"),
    entry!(MESSAGE; burst Login createTextMessage(create::CreateText) -> create::Created = create::create_text,
        "Creates a text.", "创建文本消息。"),
    entry!(MESSAGE; burst Login createTextAtMessage(create::CreateTextAt) -> create::Created = create::create_text_at,
        "Creates a text that names members of a group with an @.", "创建带 @ 的文本消息（群聊）。"),
    entry!(MESSAGE; burst Login createCustomMessage(create::CreateCustom) -> create::Created = create::create_custom,
        "Creates a message of the app's own data.", "创建自定义消息。"),
    entry!(MESSAGE; Login createForwardMessage(create::CreateForward) -> create::Created = create::create_forward,
        "Creates a message with the content of one that was sent.", "创建转发消息。"),
    entry!(MESSAGE; Login createTargetedGroupMessage(create::CreateTargeted) -> create::Created = create::create_targeted,
        "Makes an unsent message one for some members of a group alone; it does not count as unread.",
        "把未发送的消息设为群定向消息；不计入未读。"),
    entry!(MESSAGE; Login createAtSignedGroupMessage(create::CreateAtSigned) -> create::Created = create::create_at_signed,
        "Lets an unsent message name members of a group with an @.", "为未发送的消息添加 @ 成员。"),
    entry!(MESSAGE; Login setMessage(create::SetMessage) -> Nothing = create::set_message,
        "Sets what an unsent message does.", "设置未发送消息的属性。"),
    entry!(MESSAGE; Login appendElem(create::AppendElem) -> Nothing = create::append_elem,
        "Adds the element of another unsent message.", "追加另一条未发送消息的元素。"),
    entry!(MESSAGE; Login getMessage(send::ByIdOrKey) -> send::OneMessage = send::get_message,
        "A message by its id or its handle.", "按 msgId 或 messageKey 获取消息。"),
    entry!(MESSAGE; burst Login sendMessage | sendMesasge(send::SendMessage) -> send::Sent = send::send_message,
        "Sends a message that was created; answers when the server has stored it, over reconnects and restarts.",
        "发送已创建的消息；服务器存储后回调，断线与重启后继续。"),
    entry!(MESSAGE; burst Login sendC2CTextMessage(send::SendC2CText) -> send::Sent = send::send_c2c_text,
        "Creates and sends a text, one to one.", "发送单聊文本。"),
    entry!(MESSAGE; burst Login sendC2CCustomMessage(send::SendC2CCustom) -> send::Sent = send::send_c2c_custom,
        "Creates and sends custom data, one to one.", "发送单聊自定义消息。"),
    entry!(MESSAGE; burst Login sendGroupTextMessage | sendGroupTextMsg(send::SendGroupText) -> send::Sent = send::send_group_text,
        "Creates and sends a text to a group.", "发送群文本。"),
    entry!(MESSAGE; burst Login sendGroupCustomMessage(send::SendGroupCustom) -> send::Sent = send::send_group_custom,
        "Creates and sends custom data to a group.", "发送群自定义消息。"),
    entry!(MESSAGE; Login reSendMessage(send::ByIdOrKey) -> send::Sent = send::resend,
        "Sends a failed message again, at the end of its conversation.", "重发失败的消息，移到会话末尾。"),
    entry!(MESSAGE; Login cancelMessage(send::ByKey) -> Nothing = send::cancel,
        "Takes a message back that has not reached the server.", "取消尚未到达服务器的消息。"),
    entry!(MESSAGE; listen setSendMessageListener = SendMessage,
        "What becomes of messages that are sent.", "消息发送结果。"),
    entry!(MESSAGE; unlisten removeSendMessageListener = SendMessage, "Ends it.", "移除监听。"),
    entry!(MESSAGE; listen setSimpleMsgListener | setSimpleMsgListender = SimpleMessage,
        "Texts and custom data that come.", "收到的文本与自定义消息。"),
    entry!(MESSAGE; unlisten removeSimpleMsgListener | delSimpleMsgListener = SimpleMessage, "Ends it.", "移除监听。"),
    entry!(MESSAGE; listen setAdvancedMsgListener = AdvancedMessage,
        "Messages of every kind that come, receipts, deletions.", "各类消息、已读回执与删除事件。"),
    entry!(MESSAGE; unlisten removeAdvancedMsgListener | delAdvancedMsgListener = AdvancedMessage,
        "Ends it.", "移除监听。"),
    entry!(MESSAGE; Login markC2CMessageAsRead(history::MarkC2C) -> Nothing = history::mark_c2c,
        "Marks what is in a one to one conversation now as read; works offline.", "单聊标记已读；离线可用。"),
    entry!(MESSAGE; Login markGroupMessageAsRead(history::MarkGroup) -> Nothing = history::mark_group,
        "Marks what is in a group now as read; works offline.", "群聊标记已读；离线可用。"),
    entry!(MESSAGE; Login markAllMessageAsRead(NoParams) -> Nothing = history::mark_everything,
        "Marks everything as read.", "全部标记已读。"),
    entry!(HISTORY; Login getC2CHistoryMessageList(history::C2CHistory) -> history::MessagePage = history::c2c_history,
        "A page of a one to one conversation, newest first.", "单聊历史消息，最新在前。"),
    entry!(HISTORY; Login getGroupHistoryMessageList(history::GroupHistory) -> history::MessagePage = history::group_history,
        "A page of a group, newest first.", "群聊历史消息，最新在前。"),
    entry!(HISTORY; Login findMessages(history::MessageIds) -> history::MessageList = history::find_messages,
        "Messages by their ids, as far as they are on this device.", "按 ID 查找本地消息。"),
    entry!(HISTORY; Login deleteMessages(history::MessageIds) -> Nothing = history::delete_messages,
        "Deletes messages of one conversation for this user, on all his devices.", "删除同一会话的消息（仅自己，多设备同步）。"),
    entry!(HISTORY; Login clearC2CHistoryMessage(history::OfUser) -> Nothing = history::clear_c2c,
        "Empties a one to one conversation for this user.", "清空单聊历史消息（仅自己）。"),
    entry!(HISTORY; Login clearGroupHistoryMessage(history::OfGroup) -> Nothing = history::clear_group,
        "Empties a group's conversation for this user.", "清空群聊历史消息（仅自己）。"),
    entry!(CONVERSATION; Login getConversationList(conversation::ListPage) -> conversation::ConversationPage = conversation::list,
        "A page of the conversation list; local, at once.", "会话列表分页；本地即时返回。"),
    entry!(CONVERSATION; Login getConversation(conversation::OneId) -> conversation::OneConversation = conversation::get,
        "One conversation; an empty one if nothing is known of it.", "获取会话；未知会话返回空对象。"),
    entry!(CONVERSATION; Login getConversationListByIds(conversation::Ids) -> conversation::Conversations = conversation::get_several,
        "Several conversations.", "批量获取会话。"),
    entry!(CONVERSATION; Login getTotalUnreadMessageCount(NoParams) -> conversation::TotalUnread = conversation::total_unread,
        "Unread messages over all conversations.", "未读总数。"),
    entry!(CONVERSATION; Login cleanConversationUnreadMessageCount(history::CleanUnread) -> Nothing = history::clean_unread,
        "Marks one conversation, or all of a kind, as read.", "清除会话未读数：单个会话、某类会话或全部。"),
    entry!(CONVERSATION; listen setConversationListener = Conversation,
        "Changes of the conversation list.", "会话列表变更。"),
    entry!(CONVERSATION; unlisten removeConversationListener = Conversation, "Ends it.", "移除监听。"),
    entry!(GROUP; Login createGroup(group::CreateGroup) -> group::CreatedGroup = group::create,
        "Creates a group; needs a connection.", "创建群组；需要网络。"),
    entry!(GROUP; Login inviteUserToGroup(group::Invite) -> group::Invited = group::invite,
        "Invites users into a group; needs a connection.", "邀请用户入群；需要网络。"),
    entry!(GROUP; Login quitGroup(group::Quit) -> Nothing = group::quit,
        "Leaves a group; what was seen stays readable.", "退出群组；已有消息仍可读。"),
];
