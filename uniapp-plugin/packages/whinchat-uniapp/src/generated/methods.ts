// Names of the native module and where its events arrive. Written by hand in the shape of the generated file
// (see index.ts beside it).
import type { AdvancedMsgEventMap, ConversationEventMap, EventMap, GroupEventMap, SDKEventMap, SendMessageEventMap, SimpleMsgEventMap, WhinchatNative } from './index.js';

export const METHODS = [
  'init', 'unInit', 'getVersion', 'getServerTime', 'login', 'logout', 'getLoginUser', 'getLoginStatus', 'callExperimentalAPI',
  'createTextMessage', 'createTextAtMessage', 'createCustomMessage', 'createImageMessage', 'createSoundMessage', 'createVideoMessage',
  'createFileMessage', 'createLocationMessage', 'createFaceMessage', 'createMergerMessage', 'createForwardMessage',
  'createTargetedGroupMessage', 'createAtSignedGroupMessage', 'setMessage', 'appendElem', 'getMessage',
  'sendMessage', 'sendC2CTextMessage', 'sendC2CCustomMessage', 'sendGroupTextMessage', 'sendGroupCustomMessage', 'reSendMessage', 'cancelMessage',
  'revokeMessage', 'markC2CMessageAsRead', 'markGroupMessageAsRead', 'markAllMessageAsRead',
  'getC2CHistoryMessageList', 'getGroupHistoryMessageList', 'getHistoryMessageList', 'findMessages', 'deleteMessages',
  'deleteMessageFromLocalStorage', 'clearC2CHistoryMessage', 'clearGroupHistoryMessage', 'searchLocalMessages',
  'getConversationList', 'getConversation', 'getConversationListByIds', 'getConversationListByFilter', 'getTotalUnreadMessageCount',
  'getUnreadMessageCountByFilter', 'subscribeUnreadMessageCountByFilter', 'unsubscribeUnreadMessageCountByFilter',
  'cleanConversationUnreadMessageCount', 'pinConversation', 'deleteConversation', 'deleteConversationList', 'setConversationDraft',
  'createGroup', 'createGroupWithMemberList', 'inviteUserToGroup', 'quitGroup',
  'setSDKListener', 'removeSDKListener', 'setSimpleMsgListener', 'removeSimpleMsgListener', 'setAdvancedMsgListener', 'removeAdvancedMsgListener',
  'setSendMessageListener', 'removeSendMessageListener', 'setConversationListener', 'removeConversationListener', 'setGroupListener', 'removeGroupListener',
] as const satisfies readonly (keyof WhinchatNative)[];

const under = <M>(setter: keyof WhinchatNative, names: { [E in keyof M]: 0 }) =>
  Object.fromEntries(Object.keys(names).map((name) => [name, setter])) as { [E in keyof M]: keyof WhinchatNative };

/** The setter that brings each event. */
export const SETTERS: { [E in keyof EventMap]: keyof WhinchatNative } = {
  ...under<SDKEventMap>('setSDKListener', {
    onConnecting: 0, onConnectSuccess: 0, onConnectFailed: 0, onKickedOffline: 0, onUserSigExpired: 0, onUserSigWillExpire: 0,
    onSelfInfoUpdated: 0, onLog: 0,
  }),
  ...under<SimpleMsgEventMap>('setSimpleMsgListener', {
    onRecvC2CTextMessage: 0, onRecvC2CCustomMessage: 0, onRecvGroupTextMessage: 0, onRecvGroupCustomMessage: 0,
  }),
  ...under<AdvancedMsgEventMap>('setAdvancedMsgListener', {
    onRecvNewMessage: 0, onRecvMessageRevoked: 0, onRecvC2CReadReceipt: 0, onRecvMessageReadReceipts: 0, onRecvMessageModified: 0,
    onMessageDeleted: 0, onMessageDownloadProgress: 0,
  }),
  ...under<SendMessageEventMap>('setSendMessageListener', { onProgress: 0, onSuccess: 0, onError: 0 }),
  ...under<ConversationEventMap>('setConversationListener', {
    onSyncServerStart: 0, onSyncServerFinish: 0, onSyncServerFailed: 0, onNewConversation: 0, onConversationChanged: 0,
    onConversationDeleted: 0, onTotalUnreadMessageCountChanged: 0, onUnreadMessageCountChangedByFilter: 0,
  }),
  ...under<GroupEventMap>('setGroupListener', {
    onMemberEnter: 0, onMemberLeave: 0, onMemberInvited: 0, onMemberKicked: 0, onGroupCreated: 0, onGroupDismissed: 0,
    onGroupInfoChanged: 0, onQuitFromGroup: 0,
  }),
};
