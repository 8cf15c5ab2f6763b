// Types of the native module. Written by hand in the shape of the generated file, until the table of methods
// in whinchat-bridge writes it; docs/reference.md and this file then come from the same place.

/** What every callback of a method gets; data fields stand beside `status`. */
export interface Answer {
  /** true: done; false: failed. Listener events never have it. */
  status: boolean;
  /** 0, or a code of docs/reference.md. */
  code: number;
  /** A sentence for the developer; not for matching. */
  msg: string;
  /** The same text as `msg`. */
  desc: string;
}
export type Result<T = {}> = Answer & T;
export type Callback<T = {}> = (ret: Result<T>) => void;
export type Listener<T> = (ret: T) => void;
export type Empty = Record<string, never> | null;

export interface User { userId: string; nickName: string; faceUrl: string }
export interface GroupMember extends User { nameCard: string; role: number; joinTime: number; muteUntil: number }

export interface TextElem { elemType: 1; text: string }
export interface CustomElem { elemType: 2; data: string; desc: string; extension: string }
export interface Image { uuid: string; type: number; size: number; width: number; height: number; url: string }
export interface ImageElem { elemType: 3; path: string; imageList: Image[] }
export interface SoundElem { elemType: 4; path: string; uuid: string; dataSize: number; duration: number; url: string }
export interface VideoElem {
  elemType: 5; videoPath: string; videoUuid: string; videoSize: number; videoType: string; duration: number; videoUrl: string;
  snapshotPath: string; snapshotUuid: string; snapshotSize: number; snapshotWidth: number; snapshotHeight: number; snapshotUrl: string;
}
export interface FileElem { elemType: 6; path: string; uuid: string; fileName: string; fileSize: number; url: string }
export interface LocationElem { elemType: 7; desc: string; longitude: number; latitude: number }
export interface FaceElem { elemType: 8; index: number; data: string }
export interface GroupTipsElem {
  elemType: 9; groupId: string; type: number; opMember: GroupMember; memberList: GroupMember[];
  groupChangeInfoList: { type: number; typeName: string; value: string; key: string; boolValue: boolean; intValue: number }[];
  memberChangeInfoList: { userId: string; muteTime: number }[]; memberCount: number;
}
export interface MergerElem { elemType: 10; title: string; abstractList: string[]; layersOverLimit: boolean }
export interface NoElem { elemType: 0 }
export type Elem = NoElem | TextElem | CustomElem | ImageElem | SoundElem | VideoElem | FileElem | LocationElem | FaceElem | GroupTipsElem | MergerElem;

export interface OfflinePushInfo {
  title?: string; desc?: string; ext?: string; iOSSound?: string; disablePush?: boolean; ignoreIOSBadge?: boolean; [vendor: string]: unknown;
}

export interface Message {
  msgId: string; messageKey: string; timestamp: number;
  sender: string; nickName: string; friendRemark: string; nameCard: string; faceUrl: string;
  userId: string; groupId: string; seq: number; random: number;
  /** 1 sending, 2 sent, 3 failed, 4 deleted, 5 imported locally, 6 revoked. */
  status: number;
  isSelf: boolean; isRead: boolean; isPeerRead: boolean; needReadReceipt: boolean; readCount: number; unreadCount: number;
  priority: number; groupAtUserList: string[];
  elemType: number; elem: Elem; elemList: Elem[];
  localCustomData: string; localCustomInt: number; cloudCustomData: string;
  isExcludedFromUnreadCount: boolean; isExcludedFromLastMessage: boolean; isExcludedFromContentModeration: boolean;
  isSupportMessageExtension: boolean; isBroadcastMessage: boolean; hasRiskContent: boolean;
  offlinePushInfo: OfflinePushInfo | null; revokeReason: string; receiverList: string[]; isOnlineOnly: boolean;
  /** Why `status` is 3. */
  code: number; msg: string;
}

export interface Conversation {
  /** `c2c_<userId>` or `group_<groupId>`. */
  conversationId: string;
  /** 1 one-to-one, 2 group. */
  type: number;
  userId: string; groupId: string; groupType: string; showName: string; faceUrl: string;
  unreadCount: number; recvOpt: number; lastMessage: Message | null; groupAtInfoList: { seq: number; atType: number }[];
  draftText: string; draftTimestamp: number; isPinned: boolean; orderKey: number;
  markList: number[]; customData: string; conversationGroupList: string[]; c2cReadTimestamp: number; groupReadSequence: number;
}

export interface InitParams { sdkAppId: number; docPath?: string; logLevel?: number; server?: string; logPath?: string; deviceId?: string }
export interface LoginParams { userId: string; userSig?: string }
export interface CreatedMessage { messageKey: string; elemKey: string; message: Message }
export interface SentMessage { msgId: string; messageKey: string; message: Message }
export interface SetMessageParams {
  messageKey: string; isExcludedFromUnreadCount?: boolean; isExcludedFromLastMessage?: boolean; cloudCustomData?: string; localCustomData?: string;
  localCustomInt?: number; needReadReceipt?: boolean; isSupportMessageExtension?: boolean; isExcludedFromContentModeration?: boolean;
}
export interface SendMessageParams extends SetMessageParams {
  receiver?: string; groupId?: string; priority?: number; onlineUserOnly?: boolean; offlinePushInfo?: OfflinePushInfo; timeoutMs?: number;
}
export interface HistoryPage { messageList: Message[]; isFinished: boolean }
export interface ConversationPage { conversationList: Conversation[]; nextSeq: number; isFinished: boolean; isFinish: boolean }
export interface ConversationFilter { type?: number; conversationGroup?: string; markType?: number; hasUnreadCount?: boolean; hasGroupAtInfo?: boolean }
export interface GroupInfoParams {
  groupId?: string; groupType: string; groupName: string; notification?: string; introduction?: string; faceUrl?: string; allMuted?: boolean;
  groupAddOpt?: number; groupApproveOpt?: number; customInfo?: Record<string, string>; isSupportTopic?: boolean;
}
export interface SearchParams {
  keywordList?: string[]; type?: number; senderUserIdList?: string[]; messageTypeList?: number[]; conversationId?: string;
  searchTimePosition?: number; searchTimePeriod?: number; pageIndex?: number; pageSize?: number;
}

type Method<P, R = {}> = (params: P, callback?: Callback<R>) => void;
type Plain<R = {}> = (params?: Empty, callback?: Callback<R>) => void;
type Setter<E> = (params?: Empty, callback?: Listener<E>) => void;

/** The module as `uni.requireNativePlugin('Whinchat-IM')` gives it. */
export interface WhinchatNative {
  init: Method<InitParams>;
  unInit: Plain;
  getVersion: Plain<{ version: string }>;
  getServerTime: Plain<{ serverTime: number }>;
  login: Method<LoginParams>;
  logout: Plain;
  getLoginUser: Plain<{ userId: string }>;
  getLoginStatus: Plain<{ loginStatus: number }>;
  callExperimentalAPI: Method<{ api: string; param?: unknown }, { param: unknown }>;

  createTextMessage: Method<{ text: string }, CreatedMessage>;
  createTextAtMessage: Method<{ text: string; userIdList: string[]; isAtAll?: boolean }, CreatedMessage>;
  createCustomMessage: Method<{ customMsg: string; desc?: string; extension?: string }, CreatedMessage>;
  createImageMessage: Method<{ img: string }, CreatedMessage>;
  createSoundMessage: Method<{ soundPath: string; duration: number }, CreatedMessage>;
  createVideoMessage: Method<{ videoFilePath: string; type: string; duration: number; snapshotPath?: string }, CreatedMessage>;
  createFileMessage: Method<{ filePath: string; fileName?: string }, CreatedMessage>;
  createLocationMessage: Method<{ desc?: string; longitude: number; latitude: number }, CreatedMessage>;
  createFaceMessage: Method<{ index?: number; data?: string }, CreatedMessage>;
  createMergerMessage: Method<{ msgKeyList: string[]; title?: string; abstractList?: string[]; compatibleText: string }, CreatedMessage>;
  createForwardMessage: Method<{ msgId: string }, CreatedMessage>;
  createTargetedGroupMessage: Method<{ messageKey: string; receiverList: string[] }, CreatedMessage>;
  createAtSignedGroupMessage: Method<{ messageKey: string; userIdList: string[] }, CreatedMessage>;
  setMessage: Method<SetMessageParams>;
  appendElem: Method<{ messageKey: string; elemKey: string }>;
  getMessage: Method<{ messageKey?: string; msgId?: string }, { message: Message }>;

  sendMessage: Method<SendMessageParams, SentMessage>;
  sendC2CTextMessage: Method<{ text: string; userId: string }, SentMessage>;
  sendC2CCustomMessage: Method<{ customData: string; userId: string }, SentMessage>;
  sendGroupTextMessage: Method<{ text: string; groupId: string; priority?: number }, SentMessage>;
  sendGroupCustomMessage: Method<{ customData: string; groupId: string; priority?: number }, SentMessage>;
  reSendMessage: Method<{ msgId?: string; messageKey?: string }, SentMessage>;
  cancelMessage: Method<{ messageKey: string }>;

  revokeMessage: Method<{ msgId: string; userId?: string; groupId?: string; reason?: string }>;
  markC2CMessageAsRead: Method<{ userId: string }>;
  markGroupMessageAsRead: Method<{ groupId: string }>;
  markAllMessageAsRead: Plain;

  getC2CHistoryMessageList: Method<{ userId: string; count?: number; msgId?: string }, HistoryPage>;
  getGroupHistoryMessageList: Method<{ groupId: string; count?: number; msgId?: string }, HistoryPage>;
  getHistoryMessageList: Method<{
    getType?: number; userId?: string; groupId?: string; count?: number; msgId?: string; lastMsgSeq?: number;
    messageTypeList?: number[]; messageSeqList?: number[]; timeBegin?: number; timePeriod?: number;
  }, HistoryPage>;
  findMessages: Method<{ msgIdList: string[] }, { messageList: Message[] }>;
  deleteMessages: Method<{ msgIdList: string[] }>;
  deleteMessageFromLocalStorage: Method<{ msgId: string }>;
  clearC2CHistoryMessage: Method<{ userId: string }>;
  clearGroupHistoryMessage: Method<{ groupId: string }>;
  searchLocalMessages: Method<SearchParams, {
    totalCount: number; messageSearchResultItems: { conversationId: string; messageCount: number; messageList: Message[] }[];
  }>;

  getConversationList: Method<{ nextSeq?: number; count?: number }, ConversationPage>;
  getConversation: Method<{ conversationId: string }, { conversation: Conversation }>;
  getConversationListByIds: Method<{ conversationIdList: string[] }, { conversationList: Conversation[] }>;
  getConversationListByFilter: Method<ConversationFilter & { nextSeq?: number; count?: number }, ConversationPage>;
  getTotalUnreadMessageCount: Plain<{ totalUnreadCount: number }>;
  getUnreadMessageCountByFilter: Method<{ filter: ConversationFilter }, { totalUnreadCount: number }>;
  subscribeUnreadMessageCountByFilter: Method<{ filter: ConversationFilter }>;
  unsubscribeUnreadMessageCountByFilter: Method<{ filter: ConversationFilter }>;
  cleanConversationUnreadMessageCount: Method<{ conversationId?: string; cleanTimestamp?: number; cleanSequence?: number }>;
  pinConversation: Method<{ conversationId: string; isPinned: boolean }>;
  deleteConversation: Method<{ conversationId: string }>;
  deleteConversationList: Method<{ conversationIdList: string[]; clearMessage: boolean }, {
    resultList: { conversationId: string; resultCode: number; resultInfo: string }[];
  }>;
  setConversationDraft: Method<{ conversationId: string; draftText?: string }>;

  createGroup: Method<{ groupType: string; groupName: string; groupId?: string }, { groupId: string }>;
  createGroupWithMemberList: Method<{ groupInfo: GroupInfoParams; memberList?: { userId: string; role?: number }[] }, {
    groupId: string; resultList: { userId: string; resultCode: number; resultInfo: string }[];
  }>;
  inviteUserToGroup: Method<{ groupId: string; userIdList: string[] }, { resultList: { userId: string; result: number }[] }>;
  quitGroup: Method<{ groupId: string }>;

  setSDKListener: Setter<SDKEvent>;
  removeSDKListener: Plain;
  setSimpleMsgListener: Setter<SimpleMsgEvent>;
  removeSimpleMsgListener: Plain;
  setAdvancedMsgListener: Setter<AdvancedMsgEvent>;
  removeAdvancedMsgListener: Plain;
  setSendMessageListener: Setter<SendMessageEvent>;
  removeSendMessageListener: Plain;
  setConversationListener: Setter<ConversationEvent>;
  removeConversationListener: Plain;
  setGroupListener: Setter<GroupEvent>;
  removeGroupListener: Plain;
}

export interface SDKEventMap {
  onConnecting: {};
  onConnectSuccess: {};
  onConnectFailed: { code: number; error: string; msg: string };
  onKickedOffline: { code: number; msg: string };
  onUserSigExpired: {};
  onUserSigWillExpire: { seconds: number };
  onSelfInfoUpdated: { info: User };
  onLog: { logLevel: number; logContent: string };
}
export interface SimpleMsgEventMap {
  onRecvC2CTextMessage: { msgId: string; sender: User; text: string };
  onRecvC2CCustomMessage: { msgId: string; sender: User; customData: string };
  onRecvGroupTextMessage: { msgId: string; groupId: string; sender: GroupMember; text: string };
  onRecvGroupCustomMessage: { msgId: string; groupId: string; sender: GroupMember; customData: string };
}
export interface AdvancedMsgEventMap {
  onRecvNewMessage: { message: Message; msgId: string; elemType: number; elem: Elem; elemList: Elem[] };
  onRecvMessageRevoked: { msgId: string; operateUser: User; reason: string; userId: string; groupId: string };
  onRecvC2CReadReceipt: { receiptList: { userId: string; timestamp: number }[] };
  onRecvMessageReadReceipts: {
    receiptList: { msgId: string; groupId: string; userId: string; isPeerRead: boolean; readCount: number; unreadCount: number; timestamp: number }[];
  };
  onRecvMessageModified: { message: Message };
  onMessageDeleted: { msgIdList: string[]; userId: string; groupId: string };
  onMessageDownloadProgress: { msgId: string; currentSize: number; totalSize: number; isSnapshot: boolean };
}
export interface SendMessageEventMap {
  onProgress: { messageKey: string; msgId: string; progress: number };
  onSuccess: { messageKey: string; msgId: string; message: Message };
  onError: { messageKey: string; msgId: string; code: number; msg: string };
}
export interface ConversationEventMap {
  onSyncServerStart: {};
  onSyncServerFinish: {};
  onSyncServerFailed: {};
  onNewConversation: { conversationList: Conversation[] };
  onConversationChanged: { conversationList: Conversation[] };
  onConversationDeleted: { conversationIdList: string[] };
  onTotalUnreadMessageCountChanged: { totalUnreadCount: number };
  onUnreadMessageCountChangedByFilter: { filter: ConversationFilter; totalUnreadCount: number };
}
export interface GroupEventMap {
  onMemberEnter: { groupId: string; memberList: GroupMember[] };
  onMemberLeave: { groupId: string; member: GroupMember };
  onMemberInvited: { groupId: string; opUser: GroupMember; memberList: GroupMember[] };
  onMemberKicked: { groupId: string; opUser: GroupMember; memberList: GroupMember[] };
  onGroupCreated: { groupId: string };
  onGroupDismissed: { groupId: string; opUser: GroupMember };
  onGroupInfoChanged: { groupId: string; infoList: { type: number; typeName: string; value: string; key: string; boolValue: boolean; intValue: number }[] };
  onQuitFromGroup: { groupId: string };
}
export interface EventMap extends SDKEventMap, SimpleMsgEventMap, AdvancedMsgEventMap, SendMessageEventMap, ConversationEventMap, GroupEventMap {}

type Told<M> = { [E in keyof M]: { eventType: E } & M[E] }[keyof M];
export type SDKEvent = Told<SDKEventMap>;
export type SimpleMsgEvent = Told<SimpleMsgEventMap>;
export type AdvancedMsgEvent = Told<AdvancedMsgEventMap>;
export type SendMessageEvent = Told<SendMessageEventMap>;
export type ConversationEvent = Told<ConversationEventMap>;
export type GroupEvent = Told<GroupEventMap>;
