//! The table. A new method is one entry here and the function that it names.

use super::entry::{Entry, Kind, Need, begin};
use crate::event::Listener;
use crate::method::account;
use crate::params::{NoParams, Params};
use crate::view::{Nothing, View};

/// An entry: `Need name | alias (Params) -> Result = function, "what it does", "中文"`; for listeners
/// `listen`/`unlisten name | alias = Listener, …`.
macro_rules! entry {
    ($chapter:expr; listen $name:ident $(| $alias:ident)* = $listener:ident, $en:literal, $zh:literal) => {
        entry!(@ $chapter, $name, [$($alias),*], Nothing, Kind::Listen(Listener::$listener), NoParams, Nothing, $en, $zh)
    };
    ($chapter:expr; unlisten $name:ident $(| $alias:ident)* = $listener:ident, $en:literal, $zh:literal) => {
        entry!(@ $chapter, $name, [$($alias),*], Nothing, Kind::Unlisten(Listener::$listener), NoParams, Nothing, $en, $zh)
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
];
