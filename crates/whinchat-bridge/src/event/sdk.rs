//! Events of `setSDKListener`.

use super::events;

events! {
    Sdk:
    OnConnecting "onConnecting" "A connection attempt starts." "开始连接服务器。" {}
    OnConnectSuccess "onConnectSuccess" "The server has accepted the session." "已连接到服务器。" {}
    OnConnectFailed "onConnectFailed" "An attempt failed; more follow by themselves." "连接失败；之后会自动重试。" {
        code "code": i32, "Why.", "错误码。";
        error "error": String, "Why, in a sentence.", "错误说明。";
        msg "msg": String, "The same.", "同 error。";
    }
    OnKickedOffline "onKickedOffline" "Another device or the administrator has ended the session: now logged out."
        "被其他设备或管理员踢下线，已登出。" {
        code "code": i32, "Why.", "错误码。";
        msg "msg": String, "Why, in a sentence.", "说明。";
    }
    OnUserSigExpired "onUserSigExpired" "The signature has expired: now logged out; log in with a fresh one."
        "UserSig 已过期，已登出；请用新的 UserSig 登录。" {}
    OnUserSigWillExpire "onUserSigWillExpire" "The signature expires soon; log in again with a fresh one to renew it."
        "UserSig 即将过期；用新的 UserSig 再次调用 login 即可续期。" {
        seconds "seconds": u64, "In how many seconds.", "剩余秒数。";
    }
    OnPing "onPing" "The server is asked whether the connection lives; told only with the profile `mobileimsdk`."
        "已发出心跳；仅 profile 为 `mobileimsdk` 时通知。" {}
    OnPong "onPong" "It answered; told only with the profile `mobileimsdk`."
        "收到心跳应答；仅 profile 为 `mobileimsdk` 时通知。" {}
}
