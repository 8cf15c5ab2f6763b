// Generated from the table of methods in crates/whinchat-bridge by `cargo xtask bindings`; do not edit.

/** What the callback of a method gets; its data stands beside `status`. / 方法回调的结果；数据与 status 并列。 */
export interface Answer {
  /** true: done; false: failed. An event never has it. / true 成功，false 失败；事件没有此字段。 */
  status: boolean;
  /** 0, or a code of docs/errors.md. / 0 或错误码。 */
  code: number;
  /** A sentence for the developer; not for matching. / 给开发者的说明，请勿用于判断。 */
  msg: string;
  /** The same text as `msg`. / 与 msg 相同。 */
  desc: string;
}
export type Result<T = {}> = Answer & T;
export type Callback<T = {}> = (ret: Result<T>) => void;
/** Methods without parameters take any object, `null` or nothing. / 无参数的方法可传任意对象、null 或不传。 */
export type Empty = object;

export interface ExperimentalParams {
  /** Which. / 接口名。 */
  api: string;
  /** Its parameters. / 参数。 */
  param?: Record<string, unknown> | null;
}

export interface InitParams {
  /** The app id that the server serves. / 服务器的应用 ID。 (also read as / 也接受: `sdkAppID`, `SDKAppID`) */
  sdkAppId: number;
  /** The server's address, ws:// or wss://; default: the plugin's manifest parameter. / 服务器地址 ws:// 或 wss://；默认取插件的 manifest 参数。 */
  server?: string | null;
  /** Folder for the data; default: the app's private documents. / 数据目录；默认为应用私有目录。 */
  docPath?: string | null;
  /** 0 none, 1 debug, 2 info, 3 warning, 4 error; default 1. / 0 不记录，1 调试，2 信息，3 警告，4 错误；默认 1。 */
  logLevel?: number | null;
  /** Folder for the log. / 日志目录。 */
  logPath?: string | null;
  /** A stable id of this installation. / 本安装的固定标识。 */
  deviceId?: string | null;
}

export interface LoginParams {
  /** Who logs in. / 登录的用户。 */
  userId: string;
  /** The signature that the app's backend made. / 由业务后台签发的 UserSig。 */
  userSig: string;
}

export interface LoginStatus {
  /** 1 logged in, 2 logging in, 3 logged out. / 1 已登录，2 登录中，3 已登出。 */
  loginStatus: number;
}

export interface LoginUser {
  /** Empty for nobody. / 未登录时为空。 */
  userId: string;
}

export interface ServerTime {
  /** Seconds since the epoch. / 自纪元起的秒数。 */
  serverTime: number;
}

export interface VersionResult {
  /** The SDK's version. / SDK 版本号。 */
  version: string;
}

/** The module as `uni.requireNativePlugin('Whinchat-IM')` gives it. / 原生插件模块。 */
export interface WhinchatNative {
  /** Prepares the SDK; no network is needed. / 初始化 SDK，无需网络。 */
  init(params: InitParams, callback?: Callback): void;
  /** Logs out, ends running calls and clears the listeners. / 登出、结束进行中的调用并清除监听器。 */
  unInit(params?: Empty | null, callback?: Callback): void;
  /** @deprecated the name is `unInit` */
  unInitSDK(params?: Empty | null, callback?: Callback): void;
  /** @deprecated the name is `unInit` */
  destroy(params?: Empty | null, callback?: Callback): void;
  /** The SDK's version. / SDK 版本号。 */
  getVersion(params?: Empty | null, callback?: Callback<VersionResult>): void;
  /** The server's time in seconds, estimated from the last handshake. / 服务器时间（秒），按最近一次握手估算。 */
  getServerTime(params?: Empty | null, callback?: Callback<ServerTime>): void;
  /** Logs a user in; answers when the server has accepted. / 登录；服务器接受后回调。 */
  login(params: LoginParams, callback?: Callback): void;
  /** Logs out; local data stays. / 登出；本地数据保留。 */
  logout(params?: Empty | null, callback?: Callback): void;
  /** Who is logged in; empty for nobody. / 当前登录用户；未登录时为空。 */
  getLoginUser(params?: Empty | null, callback?: Callback<LoginUser>): void;
  /** Whether somebody is logged in. / 登录状态。 */
  getLoginStatus(params?: Empty | null, callback?: Callback<LoginStatus>): void;
  /** For trials; none is defined. / 实验性接口；目前没有。 */
  callExperimentalAPI(params: ExperimentalParams, callback?: Callback): void;
  /** Events of connection and login. / 连接与登录事件。 */
  setSDKListener(params?: Empty | null, callback?: (event: SDKEvent) => void): void;
  /** Ends them. / 移除监听。 */
  removeSDKListener(params?: Empty | null, callback?: Callback): void;
}

export interface SDKEventMap {
  /** A connection attempt starts. / 开始连接服务器。 */
  onConnecting: {};
  /** The server has accepted the session. / 已连接到服务器。 */
  onConnectSuccess: {};
  /** An attempt failed; more follow by themselves. / 连接失败；之后会自动重试。 */
  onConnectFailed: {
    /** Why. / 错误码。 */
    code: number;
    /** Why, in a sentence. / 错误说明。 */
    error: string;
    /** The same. / 同 error。 */
    msg: string;
  };
  /** Another device or the administrator has ended the session: now logged out. / 被其他设备或管理员踢下线，已登出。 */
  onKickedOffline: {
    /** Why. / 错误码。 */
    code: number;
    /** Why, in a sentence. / 说明。 */
    msg: string;
  };
  /** The signature has expired: now logged out; log in with a fresh one. / UserSig 已过期，已登出；请用新的 UserSig 登录。 */
  onUserSigExpired: {};
  /** The signature expires soon; log in again with a fresh one to renew it. / UserSig 即将过期；用新的 UserSig 再次调用 login 即可续期。 */
  onUserSigWillExpire: {
    /** In how many seconds. / 剩余秒数。 */
    seconds: number;
  };
}

/** Every event, by name. / 全部事件。 */
export interface EventMap extends SDKEventMap {}

/** Which events each setter brings. / 各监听方法对应的事件。 */
export type ListenerSetters = {
  setSDKListener: keyof SDKEventMap;
};

type Told<M> = { [E in keyof M]: { eventType: E } & M[E] }[keyof M];
export type SDKEvent = Told<SDKEventMap>;
