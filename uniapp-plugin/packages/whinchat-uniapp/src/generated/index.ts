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

export interface AppendElemParams {
  /** The message that grows. / 被追加的消息。 (also read as / 也接受: `mesageKey`) */
  messageKey: string;
  /** `elemKey` or `messageKey` of another unsent message, which is used up. / 另一条未发送消息的 elemKey 或 messageKey，使用后失效。 */
  elemKey: string;
}

export interface ByIdOrKeyParams {
  /** Its id. / 消息 ID。 */
  msgId?: string | null;
  /** Or its handle. / 或本地句柄。 (also read as / 也接受: `mesageKey`) */
  messageKey?: string | null;
}

export interface ByKeyParams {
  /** Its handle. / 本地句柄。 (also read as / 也接受: `mesageKey`) */
  messageKey: string;
}

export interface C2CHistoryParams {
  /** The other person. / 对方用户 ID。 */
  userId: string;
  /** How many, 1 to 100; default 20. / 数量，1 到 100；默认 20。 */
  count?: number | null;
  /** The last message of the page before; empty for the newest. / 上一页的最后一条消息；为空表示最新。 (also read as / 也接受: `lastMsgId`, `lastMsgID`) */
  msgId?: string | null;
}

export interface CleanUnreadParams {
  /** Which; `c2c` or `group` for all of a kind, empty for all. / 会话 ID；`c2c` 或 `group` 表示某类全部，为空表示全部。 */
  conversationId?: string | null;
  /** 0: everything. / 0 表示全部。 */
  cleanTimestamp?: number | null;
  /** 0: everything. / 0 表示全部。 */
  cleanSequence?: number | null;
}

export interface Conversation {
  /** c2c_<userId> or group_<groupId>. / c2c_<userId> 或 group_<groupId>。 */
  conversationId: string;
  /** 1 one to one, 2 group. / 1 单聊，2 群聊。 */
  type: number;
  /** One to one: the other person. / 单聊：对方用户 ID。 */
  userId: string;
  /** The group. / 群组 ID。 */
  groupId: string;
  /** The group's kind. / 群类型。 */
  groupType: string;
  /** What to show as its name. / 展示名称。 */
  showName: string;
  /** What to show as its picture. / 展示头像。 */
  faceUrl: string;
  /** Unread messages. / 未读数。 */
  unreadCount: number;
  /** The receive option. / 消息接收选项。 */
  recvOpt: number;
  /** The newest message that may stand there. / 最后一条消息。 */
  lastMessage: Message | null;
  /** Who was named and has not read it. / 未读的 @ 信息。 */
  groupAtInfoList: GroupAtInfo[];
  /** The same. / 同 groupAtInfoList。 */
  groupAtInfolist: GroupAtInfo[];
  /** What is being written. / 草稿。 */
  draftText: string;
  /** Since when, in seconds. / 草稿时间（秒）。 */
  draftTimestamp: number;
  /** Whether it stands at the top. / 是否置顶。 */
  isPinned: boolean;
  /** Larger is higher in the list. / 排序值，越大越靠前。 */
  orderKey: number;
  /** Marks. / 会话标记。 */
  markList: string[];
  /** Data of the app's own. / 自定义数据。 */
  customData: string;
  /** Own groups of conversations that it is in. / 所属会话分组。 */
  conversationGroupList: string[];
  /** One to one: read up to this time, in seconds; 0 unknown. / 单聊已读时间（秒）；0 未知。 */
  c2cReadTimestamp: number;
  /** Group: read up to this place. / 群聊已读序号。 */
  groupReadSequence: number;
}

export interface ConversationPage {
  /** Newest activity first. / 会话列表，最近活跃在前。 */
  conversationList: Conversation[];
  /** For the next page. / 下一页游标。 */
  nextSeq: number;
  /** Nothing follows. / 是否已到末尾。 */
  isFinished: boolean;
  /** The same. / 同 isFinished。 */
  isFinish: boolean;
}

export interface Conversations {
  /** The conversations. / 会话列表。 */
  conversationList: Conversation[];
}

export interface CreateAtSignedParams {
  /** An unsent message. / 未发送的消息。 (also read as / 也接受: `mesageKey`) */
  messageKey: string;
  /** Whom the @ names. / 被 @ 的用户。 (also read as / 也接受: `atUserList`, `userList`) */
  userIdList: string[];
}

export interface CreateCustomParams {
  /** The data. / 自定义数据。 (also read as / 也接受: `data`, `customData`) */
  customMsg: string;
  /** What to show in a list. / 描述。 */
  desc?: string | null;
  /** Further data. / 扩展字段。 */
  extension?: string | null;
}

export interface CreateForwardParams {
  /** A message that was sent. / 已发送的消息。 */
  msgId: string;
}

export interface CreateGroupParams {
  /** Work, Public or Meeting. / Work、Public 或 Meeting。 */
  groupType: string;
  /** Its name, 1 to 100 bytes. / 群名称，1 到 100 字节。 */
  groupName: string;
  /** Its id; the server gives one if there is none. / 群组 ID；为空时由服务器分配。 */
  groupId?: string | null;
}

export interface CreateTargetedParams {
  /** An unsent message. / 未发送的消息。 (also read as / 也接受: `mesageKey`) */
  messageKey: string;
  /** The members that it is for alone, at most 50. / 定向接收的成员，最多 50 个。 */
  receiverList: string[];
}

export interface CreateTextAtParams {
  /** What is said. / 文本。 */
  text: string;
  /** Whom the @ names, at most 30; `__kImSDK_MesssageAtALL__` is everybody. / 被 @ 的用户，最多 30 个；`__kImSDK_MesssageAtALL__` 表示所有人。 (also read as / 也接受: `atUserList`, `userList`) */
  userIdList?: string[] | null;
  /** It names everybody. / 是否 @ 所有人。 */
  isAtAll?: boolean | null;
}

export interface CreateTextParams {
  /** What is said. / 文本。 */
  text: string;
}

export interface Created {
  /** The handle to send it with. / 发送时使用的句柄。 */
  messageKey: string;
  /** The handle of its element. / 元素句柄。 */
  elemKey: string;
  /** The unsent message. / 未发送的消息。 */
  message: Message;
}

export interface CreatedGroup {
  /** The group's id. / 群组 ID。 */
  groupId: string;
}

export interface CustomElem {
  /** 2. / 2。 */
  elemType: 2;
  /** The data; bytes that are not UTF-8 as `base64:` and text. / 自定义数据；非 UTF-8 字节为 base64: 加文本。 */
  data: string;
  /** What to show in a list. / 描述。 */
  desc: string;
  /** Further data. / 扩展字段。 */
  extension: string;
}

export interface ExperimentalParams {
  /** Which. / 接口名。 */
  api: string;
  /** Its parameters. / 参数。 */
  param?: Record<string, unknown> | null;
}

export interface GroupAtInfo {
  /** The message's place. / 消息序号。 */
  seq: number;
  /** 1 me, 2 all, 3 all and me. / 1 @我，2 @所有人，3 @所有人并@我。 */
  atType: number;
}

export interface GroupHistoryParams {
  /** The group. / 群组 ID。 */
  groupId: string;
  /** How many, 1 to 100; default 20. / 数量，1 到 100；默认 20。 */
  count?: number | null;
  /** The last message of the page before; empty for the newest. / 上一页的最后一条消息；为空表示最新。 (also read as / 也接受: `lastMsgId`, `lastMsgID`) */
  msgId?: string | null;
}

export interface GroupTipsElem {
  /** 9. / 9。 */
  elemType: 9;
  /** Which group. / 群组 ID。 */
  groupId: string;
  /** 1 joined, 2 invited, 3 quit, 4 kicked; 0 unknown. / 1 加入，2 被邀请，3 退出，4 被踢；0 未知。 */
  type: number;
  /** Who did it. / 操作者。 */
  opMember: User;
  /** Whom it concerns. / 相关成员。 */
  memberList: User[];
  /** What of the group changed. / 群资料变更列表。 */
  groupChangeInfoList: unknown[];
  /** What of the members changed. / 成员资料变更列表。 */
  memberChangeInfoList: unknown[];
  /** Members afterwards. / 变更后的成员数。 */
  memberCount: number;
}

export interface IdsParams {
  /** Which. / 会话 ID 列表。 */
  conversationIdList: string[];
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
  /** Whose limits hold: `zim`, `mobileimsdk` or `lanying`, for apps that come from there; default: those of this API. / 采用哪一套限制：`zim`、`mobileimsdk` 或 `lanying`，供从相应 SDK 迁移的应用使用；默认为本 API 的限制。 */
  profile?: string | null;
}

export interface InviteParams {
  /** The group. / 群组 ID。 */
  groupId: string;
  /** Who is invited, at most 20. / 被邀请的用户，最多 20 个。 (also read as / 也接受: `userList`, `memberList`) */
  userIdList: string[];
}

export interface Invited {
  /** The outcome for each. / 每个用户的结果。 */
  resultList: MemberResult[];
}

export interface ListPageParams {
  /** 0 for the first page, then what the page before gave. / 首页传 0，之后传上一页返回值。 */
  nextSeq?: number | null;
  /** How many, 1 to 100; default 50. / 数量，1 到 100；默认 50。 */
  count?: number | null;
}

export interface LoginParams {
  /** Who logs in. / 登录的用户。 */
  userId: string;
  /** The signature that the app's backend made; only a server in development does without. / 由业务后台签发的 UserSig；仅开发模式的服务器可省略。 */
  userSig?: string | null;
  /** What others are to see him as: held to the profile's rule, and shown once profiles are served. / 展示给他人的名称：按 profile 的规则校验，资料功能上线后展示。 */
  userName?: string | null;
}

export interface LoginStatus {
  /** 1 logged in, 2 logging in, 3 logged out. / 1 已登录，2 登录中，3 已登出。 */
  loginStatus: number;
}

export interface LoginUser {
  /** Empty for nobody. / 未登录时为空。 */
  userId: string;
}

export interface MarkC2CParams {
  /** The other person; empty for all of them. / 对方用户 ID；为空表示全部单聊。 */
  userId?: string | null;
}

export interface MarkGroupParams {
  /** The group; empty for all of them. / 群组 ID；为空表示全部群聊。 */
  groupId?: string | null;
}

export interface MemberResult {
  /** Who. / 用户 ID。 */
  userId: string;
  /** 0 failed, 1 done, 2 nothing to do. / 0 失败，1 成功，2 无需操作。 */
  result: number;
  /** 0, or why it failed. / 0 或失败错误码。 */
  resultCode: number;
  /** Why, in a sentence. / 失败说明。 */
  resultInfo: string;
}

export interface Message {
  /** Its id; empty until it was first sent. / 消息 ID；首次发送前为空。 */
  msgId: string;
  /** The local handle that a create method gave. / create 方法返回的本地句柄。 */
  messageKey: string;
  /** The server's time, in seconds. / 服务器时间（秒）。 */
  timestamp: number;
  /** The same in milliseconds. / 服务器时间（毫秒）。 */
  timestampMs: number;
  /** Who wrote it. / 发送者。 */
  sender: string;
  /** The sender's name. / 发送者昵称。 */
  nickName: string;
  /** What one calls him. / 好友备注。 */
  friendRemark: string;
  /** His name in the group. / 群名片。 */
  nameCard: string;
  /** His picture. / 发送者头像。 */
  faceUrl: string;
  /** One to one: the other person, whoever sent; else empty. / 单聊：对方用户 ID；否则为空。 */
  userId: string;
  /** The group; else empty. / 群组 ID；否则为空。 */
  groupId: string;
  /** Its place in the conversation; 0 while it is not stored at the server. / 会话内序号；未存入服务器时为 0。 */
  seq: number;
  /** Of no meaning here. / 无意义，恒为 0。 */
  random: number;
  /** 1 sending, 2 sent, 3 failed, 4 deleted, 5 imported, 6 revoked. / 1 发送中，2 已发送，3 失败，4 已删除，5 本地导入，6 已撤回。 */
  status: number;
  /** One's own, from any device. / 是否自己发送。 */
  isSelf: boolean;
  /** Whether it is read here. / 自己是否已读。 */
  isRead: boolean;
  /** One to one: whether the other person has read it. / 单聊：对方是否已读。 */
  isPeerRead: boolean;
  /** A receipt for each message was asked for. / 是否需要已读回执。 */
  needReadReceipt: boolean;
  /** Members who have read it. / 已读人数。 */
  readCount: number;
  /** Members who have not. / 未读人数。 */
  unreadCount: number;
  /** 0 default, 1 high, 2 normal, 3 low. / 0 默认，1 高，2 普通，3 低。 */
  priority: number;
  /** Whom an @ names. / 被 @ 的用户。 */
  groupAtUserList: string[];
  /** The kind of the first element. / 首个元素类型。 */
  elemType: number;
  /** The first element. / 首个元素。 */
  elem: Elem | null;
  /** The further ones. / 其余元素。 */
  elemList: Elem[];
  /** The first element, if it is text. / 首个元素（文本）。 */
  textElem: Elem | null;
  /** The first element, if it is custom. / 首个元素（自定义）。 */
  customElem: Elem | null;
  /** The first element, if it is a tip. / 首个元素（群提示）。 */
  groupTipsElem: Elem | null;
  /** Of this device only. / 仅本设备的自定义数据。 */
  localCustomData: string;
  /** Of this device only. / 仅本设备的自定义整数。 */
  localCustomInt: number;
  /** Travels with the message. / 随消息传输的自定义数据。 */
  cloudCustomData: string;
  /** It does not count as unread. / 不计入未读。 */
  isExcludedFromUnreadCount: boolean;
  /** It does not become the last message. / 不更新会话最后消息。 */
  isExcludedFromLastMessage: boolean;
  /** It is not checked. / 不做内容审核。 */
  isExcludedFromContentModeration: boolean;
  /** It takes extensions. / 支持消息扩展。 */
  isSupportMessageExtension: boolean;
  /** To all live rooms. / 直播群广播消息。 */
  isBroadcastMessage: boolean;
  /** A check has objected. / 含风险内容。 */
  hasRiskContent: boolean;
  /** How it is pushed. / 离线推送信息。 */
  offlinePushInfo: unknown | null;
  /** Who revoked it. / 撤回者。 */
  revokerInfo: User | null;
  /** Why. / 撤回原因。 */
  revokeReason: string;
  /** Who pinned it. / 置顶者。 */
  pinnerInfo: unknown | null;
  /** The members that it was sent to alone; the sender's view. / 定向接收者（发送者可见）。 */
  receiverList: string[];
  /** Sent with onlineUserOnly. / 仅在线消息。 */
  isOnlineOnly: boolean;
  /** Why it failed; 0 otherwise. / 失败错误码；否则为 0。 */
  code: number;
  /** Why, in a sentence. / 失败说明。 */
  msg: string;
}

export interface MessageIdsParams {
  /** Their ids. / 消息 ID 列表。 (also read as / 也接受: `msgIds`, `msgId`) */
  msgIdList: string[];
}

export interface MessageList {
  /** The messages. / 消息列表。 */
  messageList: Message[];
}

export interface MessagePage {
  /** Newest first. / 消息列表，最新在前。 */
  messageList: Message[];
  /** Nothing follows; false also when that cannot be known. / 是否已到末尾；无法确认时为 false。 */
  isFinished: boolean;
}

export interface NoElem {
  /** 0. / 0。 */
  elemType: 0;
}

export interface OfGroupParams {
  /** The group. / 群组 ID。 */
  groupId: string;
}

export interface OfUserParams {
  /** The other person. / 对方用户 ID。 */
  userId: string;
}

export interface OneConversation {
  /** The conversation. / 会话。 */
  conversation: Conversation;
}

export interface OneIdParams {
  /** Which. / 会话 ID。 */
  conversationId: string;
}

export interface OneMessage {
  /** The message. / 消息。 */
  message: Message;
}

export interface QuitParams {
  /** The group. / 群组 ID。 */
  groupId: string;
}

export interface ReadReceipt {
  /** Who. / 用户 ID。 */
  userId: string;
  /** Time of the newest message that he has read, in seconds. / 对方已读到的最新消息时间（秒）。 */
  timestamp: number;
}

export interface SendC2CCustomParams {
  /** The data. / 自定义数据。 (also read as / 也接受: `customMsg`, `data`) */
  customData: string;
  /** Whom it is for. / 接收者用户 ID。 (also read as / 也接受: `receiver`) */
  userId: string;
  /** 0 default, 1 high, 2 normal, 3 low; groups only. / 0 默认，1 高，2 普通，3 低；仅群聊。 */
  priority?: number | null;
  /** Only to who is online now; stored nowhere. / 仅投递给在线用户，不存储。 (also read as / 也接受: `onLineUserOnly`) */
  onlineUserOnly?: boolean | null;
  /** How it is pushed. / 离线推送信息。 */
  offlinePushInfo?: Record<string, unknown> | null;
  /** Gives up (6012) after so many milliseconds; 0 never. / 超时毫秒数（6012）；0 表示不超时。 */
  timeoutMs?: number | null;
  /** It does not count as unread. / 不计入未读。 */
  isExcludedFromUnreadCount?: boolean | null;
  /** It does not become the last message. / 不更新会话最后消息。 */
  isExcludedFromLastMessage?: boolean | null;
  /** Travels with the message. / 随消息传输的自定义数据。 */
  cloudCustomData?: string | null;
}

export interface SendC2CTextParams {
  /** What is said. / 文本。 */
  text: string;
  /** Whom it is for. / 接收者用户 ID。 (also read as / 也接受: `receiver`) */
  userId: string;
  /** 0 default, 1 high, 2 normal, 3 low; groups only. / 0 默认，1 高，2 普通，3 低；仅群聊。 */
  priority?: number | null;
  /** Only to who is online now; stored nowhere. / 仅投递给在线用户，不存储。 (also read as / 也接受: `onLineUserOnly`) */
  onlineUserOnly?: boolean | null;
  /** How it is pushed. / 离线推送信息。 */
  offlinePushInfo?: Record<string, unknown> | null;
  /** Gives up (6012) after so many milliseconds; 0 never. / 超时毫秒数（6012）；0 表示不超时。 */
  timeoutMs?: number | null;
  /** It does not count as unread. / 不计入未读。 */
  isExcludedFromUnreadCount?: boolean | null;
  /** It does not become the last message. / 不更新会话最后消息。 */
  isExcludedFromLastMessage?: boolean | null;
  /** Travels with the message. / 随消息传输的自定义数据。 */
  cloudCustomData?: string | null;
}

export interface SendGroupCustomParams {
  /** The data. / 自定义数据。 (also read as / 也接受: `customMsg`, `data`) */
  customData: string;
  /** The group. / 群组 ID。 */
  groupId: string;
  /** 0 default, 1 high, 2 normal, 3 low; groups only. / 0 默认，1 高，2 普通，3 低；仅群聊。 */
  priority?: number | null;
  /** Only to who is online now; stored nowhere. / 仅投递给在线用户，不存储。 (also read as / 也接受: `onLineUserOnly`) */
  onlineUserOnly?: boolean | null;
  /** How it is pushed. / 离线推送信息。 */
  offlinePushInfo?: Record<string, unknown> | null;
  /** Gives up (6012) after so many milliseconds; 0 never. / 超时毫秒数（6012）；0 表示不超时。 */
  timeoutMs?: number | null;
  /** It does not count as unread. / 不计入未读。 */
  isExcludedFromUnreadCount?: boolean | null;
  /** It does not become the last message. / 不更新会话最后消息。 */
  isExcludedFromLastMessage?: boolean | null;
  /** Travels with the message. / 随消息传输的自定义数据。 */
  cloudCustomData?: string | null;
}

export interface SendGroupTextParams {
  /** What is said. / 文本。 */
  text: string;
  /** The group. / 群组 ID。 */
  groupId: string;
  /** 0 default, 1 high, 2 normal, 3 low; groups only. / 0 默认，1 高，2 普通，3 低；仅群聊。 */
  priority?: number | null;
  /** Only to who is online now; stored nowhere. / 仅投递给在线用户，不存储。 (also read as / 也接受: `onLineUserOnly`) */
  onlineUserOnly?: boolean | null;
  /** How it is pushed. / 离线推送信息。 */
  offlinePushInfo?: Record<string, unknown> | null;
  /** Gives up (6012) after so many milliseconds; 0 never. / 超时毫秒数（6012）；0 表示不超时。 */
  timeoutMs?: number | null;
  /** It does not count as unread. / 不计入未读。 */
  isExcludedFromUnreadCount?: boolean | null;
  /** It does not become the last message. / 不更新会话最后消息。 */
  isExcludedFromLastMessage?: boolean | null;
  /** Travels with the message. / 随消息传输的自定义数据。 */
  cloudCustomData?: string | null;
}

export interface SendMessageParams {
  /** What a create method gave. / create 方法返回的句柄。 (also read as / 也接受: `mesageKey`) */
  messageKey: string;
  /** The user that it is for. / 接收者用户 ID。 (also read as / 也接受: `userId`, `userID`) */
  receiver?: string | null;
  /** The group that it is for. / 群组 ID。 */
  groupId?: string | null;
  /** 0 default, 1 high, 2 normal, 3 low; groups only. / 0 默认，1 高，2 普通，3 低；仅群聊。 */
  priority?: number | null;
  /** Only to who is online now; stored nowhere. / 仅投递给在线用户，不存储。 (also read as / 也接受: `onLineUserOnly`) */
  onlineUserOnly?: boolean | null;
  /** How it is pushed. / 离线推送信息。 */
  offlinePushInfo?: Record<string, unknown> | null;
  /** Gives up (6012) after so many milliseconds; 0 never. / 超时毫秒数（6012）；0 表示不超时。 */
  timeoutMs?: number | null;
  /** It does not count as unread. / 不计入未读。 */
  isExcludedFromUnreadCount?: boolean | null;
  /** It does not become the last message. / 不更新会话最后消息。 */
  isExcludedFromLastMessage?: boolean | null;
  /** Travels with the message. / 随消息传输的自定义数据。 */
  cloudCustomData?: string | null;
}

export interface Sent {
  /** The message's id. / 消息 ID。 */
  msgId: string;
  /** Its handle. / 本地句柄。 */
  messageKey: string;
  /** The message. / 消息。 */
  message: Message;
}

export interface ServerTime {
  /** Seconds since the epoch. / 自纪元起的秒数。 */
  serverTime: number;
}

export interface SetMessageParams {
  /** An unsent message. / 未发送的消息。 (also read as / 也接受: `mesageKey`) */
  messageKey: string;
  /** It does not count as unread. / 不计入未读。 */
  isExcludedFromUnreadCount?: boolean | null;
  /** It does not become the last message. / 不更新会话最后消息。 */
  isExcludedFromLastMessage?: boolean | null;
  /** Travels with the message. / 随消息传输的自定义数据。 */
  cloudCustomData?: string | null;
}

export interface TextElem {
  /** 1. / 1。 */
  elemType: 1;
  /** What is said. / 文本。 */
  text: string;
}

export interface TotalUnread {
  /** Unread messages over all conversations. / 未读总数。 */
  totalUnreadCount: number;
}

export interface User {
  /** Who. / 用户 ID。 */
  userId: string;
  /** His name; empty until profiles are served. / 昵称；资料功能上线前为空。 */
  nickName: string;
  /** His picture. / 头像地址。 */
  faceUrl: string;
}

export interface VersionResult {
  /** The SDK's version. / SDK 版本号。 */
  version: string;
}

export type Elem = TextElem | CustomElem | GroupTipsElem | NoElem;

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
  /** Creates a text. / 创建文本消息。 */
  createTextMessage(params: CreateTextParams, callback?: Callback<Created>): void;
  /** Creates a text that names members of a group with an @. / 创建带 @ 的文本消息（群聊）。 */
  createTextAtMessage(params: CreateTextAtParams, callback?: Callback<Created>): void;
  /** Creates a message of the app's own data. / 创建自定义消息。 */
  createCustomMessage(params: CreateCustomParams, callback?: Callback<Created>): void;
  /** Creates a message with the content of one that was sent. / 创建转发消息。 */
  createForwardMessage(params: CreateForwardParams, callback?: Callback<Created>): void;
  /** Makes an unsent message one for some members of a group alone; it does not count as unread. / 把未发送的消息设为群定向消息；不计入未读。 */
  createTargetedGroupMessage(params: CreateTargetedParams, callback?: Callback<Created>): void;
  /** Lets an unsent message name members of a group with an @. / 为未发送的消息添加 @ 成员。 */
  createAtSignedGroupMessage(params: CreateAtSignedParams, callback?: Callback<Created>): void;
  /** Sets what an unsent message does. / 设置未发送消息的属性。 */
  setMessage(params: SetMessageParams, callback?: Callback): void;
  /** Adds the element of another unsent message. / 追加另一条未发送消息的元素。 */
  appendElem(params: AppendElemParams, callback?: Callback): void;
  /** A message by its id or its handle. / 按 msgId 或 messageKey 获取消息。 */
  getMessage(params?: ByIdOrKeyParams | null, callback?: Callback<OneMessage>): void;
  /** Sends a message that was created; answers when the server has stored it, over reconnects and restarts. / 发送已创建的消息；服务器存储后回调，断线与重启后继续。 */
  sendMessage(params: SendMessageParams, callback?: Callback<Sent>): void;
  /** @deprecated the name is `sendMessage` */
  sendMesasge(params: SendMessageParams, callback?: Callback<Sent>): void;
  /** Creates and sends a text, one to one. / 发送单聊文本。 */
  sendC2CTextMessage(params: SendC2CTextParams, callback?: Callback<Sent>): void;
  /** Creates and sends custom data, one to one. / 发送单聊自定义消息。 */
  sendC2CCustomMessage(params: SendC2CCustomParams, callback?: Callback<Sent>): void;
  /** Creates and sends a text to a group. / 发送群文本。 */
  sendGroupTextMessage(params: SendGroupTextParams, callback?: Callback<Sent>): void;
  /** @deprecated the name is `sendGroupTextMessage` */
  sendGroupTextMsg(params: SendGroupTextParams, callback?: Callback<Sent>): void;
  /** Creates and sends custom data to a group. / 发送群自定义消息。 */
  sendGroupCustomMessage(params: SendGroupCustomParams, callback?: Callback<Sent>): void;
  /** Sends a failed message again, at the end of its conversation. / 重发失败的消息，移到会话末尾。 */
  reSendMessage(params?: ByIdOrKeyParams | null, callback?: Callback<Sent>): void;
  /** Takes a message back that has not reached the server. / 取消尚未到达服务器的消息。 */
  cancelMessage(params: ByKeyParams, callback?: Callback): void;
  /** What becomes of messages that are sent. / 消息发送结果。 */
  setSendMessageListener(params?: Empty | null, callback?: (event: SendMessageEvent) => void): void;
  /** Ends it. / 移除监听。 */
  removeSendMessageListener(params?: Empty | null, callback?: Callback): void;
  /** Texts and custom data that come. / 收到的文本与自定义消息。 */
  setSimpleMsgListener(params?: Empty | null, callback?: (event: SimpleMsgEvent) => void): void;
  /** @deprecated the name is `setSimpleMsgListener` */
  setSimpleMsgListender(params?: Empty | null, callback?: (event: SimpleMsgEvent) => void): void;
  /** Ends it. / 移除监听。 */
  removeSimpleMsgListener(params?: Empty | null, callback?: Callback): void;
  /** @deprecated the name is `removeSimpleMsgListener` */
  delSimpleMsgListener(params?: Empty | null, callback?: Callback): void;
  /** Messages of every kind that come, receipts, deletions. / 各类消息、已读回执与删除事件。 */
  setAdvancedMsgListener(params?: Empty | null, callback?: (event: AdvancedMsgEvent) => void): void;
  /** Ends it. / 移除监听。 */
  removeAdvancedMsgListener(params?: Empty | null, callback?: Callback): void;
  /** @deprecated the name is `removeAdvancedMsgListener` */
  delAdvancedMsgListener(params?: Empty | null, callback?: Callback): void;
  /** Marks what is in a one to one conversation now as read; works offline. / 单聊标记已读；离线可用。 */
  markC2CMessageAsRead(params?: MarkC2CParams | null, callback?: Callback): void;
  /** Marks what is in a group now as read; works offline. / 群聊标记已读；离线可用。 */
  markGroupMessageAsRead(params?: MarkGroupParams | null, callback?: Callback): void;
  /** Marks everything as read. / 全部标记已读。 */
  markAllMessageAsRead(params?: Empty | null, callback?: Callback): void;
  /** A page of a one to one conversation, newest first. / 单聊历史消息，最新在前。 */
  getC2CHistoryMessageList(params: C2CHistoryParams, callback?: Callback<MessagePage>): void;
  /** A page of a group, newest first. / 群聊历史消息，最新在前。 */
  getGroupHistoryMessageList(params: GroupHistoryParams, callback?: Callback<MessagePage>): void;
  /** Messages by their ids, as far as they are on this device. / 按 ID 查找本地消息。 */
  findMessages(params: MessageIdsParams, callback?: Callback<MessageList>): void;
  /** Deletes messages of one conversation for this user, on all his devices. / 删除同一会话的消息（仅自己，多设备同步）。 */
  deleteMessages(params: MessageIdsParams, callback?: Callback): void;
  /** Empties a one to one conversation for this user. / 清空单聊历史消息（仅自己）。 */
  clearC2CHistoryMessage(params: OfUserParams, callback?: Callback): void;
  /** Empties a group's conversation for this user. / 清空群聊历史消息（仅自己）。 */
  clearGroupHistoryMessage(params: OfGroupParams, callback?: Callback): void;
  /** A page of the conversation list; local, at once. / 会话列表分页；本地即时返回。 */
  getConversationList(params?: ListPageParams | null, callback?: Callback<ConversationPage>): void;
  /** One conversation; an empty one if nothing is known of it. / 获取会话；未知会话返回空对象。 */
  getConversation(params: OneIdParams, callback?: Callback<OneConversation>): void;
  /** Several conversations. / 批量获取会话。 */
  getConversationListByIds(params: IdsParams, callback?: Callback<Conversations>): void;
  /** Unread messages over all conversations. / 未读总数。 */
  getTotalUnreadMessageCount(params?: Empty | null, callback?: Callback<TotalUnread>): void;
  /** Marks one conversation, or all of a kind, as read. / 清除会话未读数：单个会话、某类会话或全部。 */
  cleanConversationUnreadMessageCount(params?: CleanUnreadParams | null, callback?: Callback): void;
  /** Changes of the conversation list. / 会话列表变更。 */
  setConversationListener(params?: Empty | null, callback?: (event: ConversationEvent) => void): void;
  /** Ends it. / 移除监听。 */
  removeConversationListener(params?: Empty | null, callback?: Callback): void;
  /** Creates a group; needs a connection. / 创建群组；需要网络。 */
  createGroup(params: CreateGroupParams, callback?: Callback<CreatedGroup>): void;
  /** Invites users into a group; needs a connection. / 邀请用户入群；需要网络。 */
  inviteUserToGroup(params: InviteParams, callback?: Callback<Invited>): void;
  /** Leaves a group; what was seen stays readable. / 退出群组；已有消息仍可读。 */
  quitGroup(params: QuitParams, callback?: Callback): void;
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
  /** The server is asked whether the connection lives; told only with the profile `mobileimsdk`. / 已发出心跳；仅 profile 为 `mobileimsdk` 时通知。 */
  onPing: {};
  /** It answered; told only with the profile `mobileimsdk`. / 收到心跳应答；仅 profile 为 `mobileimsdk` 时通知。 */
  onPong: {};
}

export interface SendMessageEventMap {
  /** A message is stored at the server. / 消息已存入服务器。 */
  onSuccess: {
    /** Its handle; empty if it was created before a restart. / 本地句柄；重启前创建的为空。 */
    messageKey: string;
    /** Its id. / 消息 ID。 */
    msgId: string;
    /** The message. / 消息。 */
    message: Message | null;
  };
  /** A message has failed for good. / 消息发送失败。 */
  onError: {
    /** Its handle; empty if it was created before a restart. / 本地句柄；重启前创建的为空。 */
    messageKey: string;
    /** Its id. / 消息 ID。 */
    msgId: string;
    /** Why. / 错误码。 */
    code: number;
    /** Why, in a sentence. / 说明。 */
    msg: string;
  };
}

export interface SimpleMsgEventMap {
  /** A text came, one to one. / 收到单聊文本。 */
  onRecvC2CTextMessage: {
    /** The message's id. / 消息 ID。 */
    msgId: string;
    /** Who wrote it. / 发送者。 */
    sender: User;
    /** What is said. / 文本。 */
    text: string;
  };
  /** Custom data came, one to one. / 收到单聊自定义消息。 */
  onRecvC2CCustomMessage: {
    /** The message's id. / 消息 ID。 */
    msgId: string;
    /** Who wrote it. / 发送者。 */
    sender: User;
    /** The data. / 自定义数据。 */
    customData: string;
  };
  /** A text came in a group. / 收到群文本。 */
  onRecvGroupTextMessage: {
    /** The message's id. / 消息 ID。 */
    msgId: string;
    /** The group. / 群组 ID。 */
    groupId: string;
    /** Who wrote it. / 发送者。 */
    sender: User;
    /** What is said. / 文本。 */
    text: string;
  };
  /** Custom data came in a group. / 收到群自定义消息。 */
  onRecvGroupCustomMessage: {
    /** The message's id. / 消息 ID。 */
    msgId: string;
    /** The group. / 群组 ID。 */
    groupId: string;
    /** Who wrote it. / 发送者。 */
    sender: User;
    /** The data. / 自定义数据。 */
    customData: string;
  };
}

export interface AdvancedMsgEventMap {
  /** A message came. / 收到新消息。 */
  onRecvNewMessage: {
    /** The message. / 消息。 */
    message: Message;
    /** Its id. / 消息 ID。 */
    msgId: string;
    /** The kind of its first element. / 首个元素类型。 */
    elemType: number;
    /** Its first element. / 首个元素。 */
    elem: Elem | null;
    /** The further ones. / 其余元素。 */
    elemList: Elem[];
  };
  /** The other person has read further. / 对方已读。 */
  onRecvC2CReadReceipt: {
    /** Who, and how far. / 已读回执列表。 */
    receiptList: ReadReceipt[];
  };
  /** Another device of the same user has deleted messages. / 其他设备删除了消息。 */
  onMessageDeleted: {
    /** Their ids. / 消息 ID 列表。 */
    msgIdList: string[];
    /** One to one: with whom. / 单聊对方用户 ID。 */
    userId: string;
    /** The group. / 群组 ID。 */
    groupId: string;
  };
}

export interface ConversationEventMap {
  /** After connecting: what was missed is being fetched. / 开始同步。 */
  onSyncServerStart: {};
  /** What was missed is stored. / 同步完成。 */
  onSyncServerFinish: {};
  /** Fetching met an error; it is tried again. / 同步失败，将自动重试。 */
  onSyncServerFailed: {};
  /** Conversations that were not in the list. / 新增会话。 */
  onNewConversation: {
    /** They. / 会话列表。 */
    conversationList: Conversation[];
  };
  /** Conversations that changed; bursts are gathered, ten calls a second at most. / 会话变更；短时间内的变更会合并，每秒最多十次。 */
  onConversationChanged: {
    /** They. / 会话列表。 */
    conversationList: Conversation[];
  };
  /** Conversations that are gone. / 会话被删除。 */
  onConversationDeleted: {
    /** Their ids. / 会话 ID 列表。 */
    conversationIdList: string[];
  };
  /** The total of unread messages changed. / 未读总数变更。 */
  onTotalUnreadMessageCountChanged: {
    /** The new total. / 新的未读总数。 */
    totalUnreadCount: number;
  };
}

/** Every event, by name. / 全部事件。 */
export interface EventMap extends SDKEventMap, SendMessageEventMap, SimpleMsgEventMap, AdvancedMsgEventMap, ConversationEventMap {}

/** Which events each setter brings. / 各监听方法对应的事件。 */
export type ListenerSetters = {
  setSDKListener: keyof SDKEventMap;
  setSendMessageListener: keyof SendMessageEventMap;
  setSimpleMsgListener: keyof SimpleMsgEventMap;
  setAdvancedMsgListener: keyof AdvancedMsgEventMap;
  setConversationListener: keyof ConversationEventMap;
};

type Told<M> = { [E in keyof M]: { eventType: E } & M[E] }[keyof M];
export type SDKEvent = Told<SDKEventMap>;
export type SendMessageEvent = Told<SendMessageEventMap>;
export type SimpleMsgEvent = Told<SimpleMsgEventMap>;
export type AdvancedMsgEvent = Told<AdvancedMsgEventMap>;
export type ConversationEvent = Told<ConversationEventMap>;
