//! Init, login, connection (spec 1).

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use serde_json::{Map, Value};
use whinchat_core::{Client, ConnectionState, Error, ErrorCode, Result};

use super::Served;
use crate::bridge::Device;
use crate::context::Call;
use crate::params::{NoParams, OrEmpty, ids, params};
use crate::profile::Profile;
use crate::session::Session;
use crate::table::Reply;
use crate::view::{Nothing, view};

params! {
    /// Of `init`.
    Init {
        sdk_app_id "sdkAppId" | "sdkAppID" | "SDKAppID": u64, "The app id that the server serves.", "服务器的应用 ID。";
        server "server": Option<String>, "The server's address, ws:// or wss://; default: the plugin's manifest parameter.",
            "服务器地址 ws:// 或 wss://；默认取插件的 manifest 参数。";
        doc_path "docPath": Option<String>, "Folder for the data; default: the app's private documents.",
            "数据目录；默认为应用私有目录。";
        log_level "logLevel": Option<i64>, "0 none, 1 debug, 2 info, 3 warning, 4 error; default 1.",
            "0 不记录，1 调试，2 信息，3 警告，4 错误；默认 1。";
        log_path "logPath": Option<String>, "Folder for the log.", "日志目录。";
        device_id "deviceId": Option<String>, "A stable id of this installation.", "本安装的固定标识。";
        profile "profile": Option<String>, "Whose limits hold: `zim`, `mobileimsdk` or `lanying`, for apps that come from there; default: those of this API.",
            "采用哪一套限制：`zim`、`mobileimsdk` 或 `lanying`，供从相应 SDK 迁移的应用使用；默认为本 API 的限制。";
    }
}

params! {
    /// Of `login`.
    Login {
        user_id "userId": OrEmpty, "Who logs in.", "登录的用户。";
        user_sig "userSig": Option<String>, "The signature that the app's backend made; only a server in development does without.", "由业务后台签发的 UserSig；仅开发模式的服务器可省略。";
        user_name "userName": Option<String>, "What others are to see him as: held to the profile's rule, and shown once profiles are served.", "展示给他人的名称：按 profile 的规则校验，资料功能上线后展示。";
    }
}

params! {
    /// Of `callExperimentalAPI`.
    Experimental {
        api "api": String, "Which.", "接口名。";
        param "param": Option<Map<String, Value>>, "Its parameters.", "参数。";
    }
}

view! {
    /// Of `getVersion`.
    VersionResult { version "version": String, "The SDK's version.", "SDK 版本号。"; }
}

view! {
    /// Of `getServerTime`.
    ServerTime { server_time "serverTime": i64, "Seconds since the epoch.", "自纪元起的秒数。"; }
}

view! {
    /// Of `getLoginUser`.
    LoginUser { user_id "userId": String, "Empty for nobody.", "未登录时为空。"; }
}

view! {
    /// Of `getLoginStatus`.
    LoginStatus { login_status "loginStatus": i32, "1 logged in, 2 logging in, 3 logged out.", "1 已登录，2 登录中，3 已登出。"; }
}

/// What `init` was called with, to tell a repeat from a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    app_id: u64,
    server: String,
    folder: PathBuf,
    pub(crate) profile: &'static Profile,
}

/// Holds the place of an `init` that has not answered.
struct Initialising(Arc<Device>);

impl Initialising {
    fn begin(device: &Arc<Device>) -> Result<Self> {
        if device.initialising.swap(true, Ordering::AcqRel) {
            return Err(ErrorCode::CallRunning.into());
        }
        Ok(Self(device.clone()))
    }
}

impl Drop for Initialising {
    fn drop(&mut self) {
        self.0.initialising.store(false, Ordering::Release);
    }
}

pub(crate) async fn init(call: Call, params: Init) -> Served<Nothing> {
    let _running = Initialising::begin(&call.device)?;
    let _turn = call.device.turn.lock().await;
    if call.ears.are_gone() {
        // Whoever closes the device drops its contexts first: no client comes after that.
        return Err(ErrorCode::Interrupted.into());
    }
    let bad = |what: &str| Error::new(ErrorCode::BadParameter, what);
    let host = &call.device.host;
    let level = params.log_level.unwrap_or(1);
    if !matches!(level, 0..=6) {
        return Err(bad("`logLevel` is 0 to 4"));
    }
    let server = params.server.or_else(|| host.server.clone()).ok_or_else(|| {
        bad("`server` is missing: pass it to init, or set it in the plugin's manifest parameter")
    })?;
    let folder = match &params.doc_path {
        Some(path) => host.path("docPath", path)?,
        None => host.documents.clone(),
    };
    let log = match &params.log_path {
        Some(path) => host.path("logPath", path)?,
        None => folder.join("logs"),
    };
    let profile = Profile::of(params.profile.as_deref())?;
    let settings = Settings { app_id: params.sdk_app_id, server, folder, profile };
    let before = call.device.settings().clone();
    if before.as_ref() == Some(&settings) {
        return Ok(Nothing {}.into());
    }
    if let (Some(_), Ok(client)) = (before, call.client()) {
        if client.user().is_some() {
            return Err(bad("somebody is logged in: log out before calling init with other settings"));
        }
        if let Some(client) = call.device.take() {
            client.close().await;
        }
    }
    call.device.log.begin(level, &log)?;
    let mut builder = Client::builder()
        .server(&settings.server)
        .app_id(settings.app_id)
        .data_dir(&settings.folder)
        .platform(host.platform)
        .expiry_lead(profile.expiry_lead)
        .runtime(call.device.runtime.clone());
    if let Some(id) = params.device_id.or_else(|| host.device_id.clone()) {
        builder = builder.device_id(id);
    }
    call.device.put(builder.build()?, settings);
    Ok(Nothing {}.into())
}

pub(crate) async fn un_init(call: Call, _: NoParams) -> Served<Nothing> {
    if let Some(client) = call.device.take() {
        client.logout().await?;
        client.close().await;
    }
    call.device.forget_listeners();
    Ok(Nothing {}.into())
}

pub(crate) async fn get_version(_: Call, _: NoParams) -> Served<VersionResult> {
    Ok(VersionResult { version: env!("CARGO_PKG_VERSION").to_owned() }.into())
}

pub(crate) async fn get_server_time(call: Call, _: NoParams) -> Served<ServerTime> {
    let now = call.client()?.server_time_ms().ok_or(ErrorCode::Disconnected)?;
    Ok(ServerTime { server_time: now.div_euclid(1_000) }.into())
}

pub(crate) async fn login(call: Call, params: Login) -> Served<Nothing> {
    let client = call.client()?;
    let profile = call.profile();
    ids::user(profile, &params.user_id.0)?;
    profile.display_name("userName", params.user_name.as_deref().unwrap_or_default())?;
    if client.user().is_none() {
        // Nothing is left of whoever was logged in before, however that ended.
        *call.device.session() = Session::default();
    }
    let user_sig = params.user_sig.unwrap_or_default();
    let accepted = client.begin_login(&params.user_id.0, &user_sig).await?;
    Ok(Reply::later(async move {
        accepted.await?;
        Ok(Nothing {})
    }))
}

pub(crate) async fn logout(call: Call, _: NoParams) -> Served<Nothing> {
    call.client()?.logout().await?;
    *call.device.session() = Session::default();
    Ok(Nothing {}.into())
}

pub(crate) async fn get_login_user(call: Call, _: NoParams) -> Served<LoginUser> {
    let user = call.client().ok().and_then(|client| client.user());
    Ok(LoginUser { user_id: user.map(String::from).unwrap_or_default() }.into())
}

pub(crate) async fn get_login_status(call: Call, _: NoParams) -> Served<LoginStatus> {
    let login_status = match call.client() {
        Err(_) => 3,
        Ok(client) if client.user().is_none() => 3,
        Ok(client) => match client.connection() {
            ConnectionState::LoggedOut => 3,
            _ if client.is_accepted() => 1,
            _ => 2,
        },
    };
    Ok(LoginStatus { login_status }.into())
}

pub(crate) async fn call_experimental(_: Call, params: Experimental) -> Served<Nothing> {
    let given = params.param.map_or(0, |param| param.len());
    tracing::debug!(given, "an experimental call");
    Err(Error::new(ErrorCode::Unsupported, format!("there is no experimental API `{}`", params.api)))
}
