// Generated from the table of methods in crates/whinchat-bridge by `cargo xtask bindings`; do not edit.
#import "WhinchatIMModule.h"

@implementation WhinchatIMModule

UNI_EXPORT_METHOD(@selector(init:callback:ignored:ignored:))
- (void)init:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"init" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(unInit:callback:ignored:ignored:))
- (void)unInit:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"unInit" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(unInitSDK:callback:ignored:ignored:))
- (void)unInitSDK:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"unInit" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(destroy:callback:ignored:ignored:))
- (void)destroy:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"unInit" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getVersion:callback:ignored:ignored:))
- (void)getVersion:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getVersion" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getServerTime:callback:ignored:ignored:))
- (void)getServerTime:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getServerTime" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(login:callback:ignored:ignored:))
- (void)login:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"login" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(logout:callback:ignored:ignored:))
- (void)logout:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"logout" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getLoginUser:callback:ignored:ignored:))
- (void)getLoginUser:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getLoginUser" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getLoginStatus:callback:ignored:ignored:))
- (void)getLoginStatus:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getLoginStatus" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(callExperimentalAPI:callback:ignored:ignored:))
- (void)callExperimentalAPI:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"callExperimentalAPI" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(setSDKListener:callback:ignored:ignored:))
- (void)setSDKListener:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self listen:@"setSDKListener" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(removeSDKListener:callback:ignored:ignored:))
- (void)removeSDKListener:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self unlisten:@"removeSDKListener" setter:@"setSDKListener" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(createTextMessage:callback:ignored:ignored:))
- (void)createTextMessage:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"createTextMessage" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(createTextAtMessage:callback:ignored:ignored:))
- (void)createTextAtMessage:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"createTextAtMessage" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(createCustomMessage:callback:ignored:ignored:))
- (void)createCustomMessage:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"createCustomMessage" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(createForwardMessage:callback:ignored:ignored:))
- (void)createForwardMessage:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"createForwardMessage" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(createTargetedGroupMessage:callback:ignored:ignored:))
- (void)createTargetedGroupMessage:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"createTargetedGroupMessage" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(createAtSignedGroupMessage:callback:ignored:ignored:))
- (void)createAtSignedGroupMessage:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"createAtSignedGroupMessage" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(setMessage:callback:ignored:ignored:))
- (void)setMessage:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"setMessage" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(appendElem:callback:ignored:ignored:))
- (void)appendElem:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"appendElem" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getMessage:callback:ignored:ignored:))
- (void)getMessage:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getMessage" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(sendMessage:callback:ignored:ignored:))
- (void)sendMessage:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"sendMessage" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(sendMesasge:callback:ignored:ignored:))
- (void)sendMesasge:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"sendMessage" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(sendC2CTextMessage:callback:ignored:ignored:))
- (void)sendC2CTextMessage:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"sendC2CTextMessage" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(sendC2CCustomMessage:callback:ignored:ignored:))
- (void)sendC2CCustomMessage:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"sendC2CCustomMessage" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(sendGroupTextMessage:callback:ignored:ignored:))
- (void)sendGroupTextMessage:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"sendGroupTextMessage" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(sendGroupTextMsg:callback:ignored:ignored:))
- (void)sendGroupTextMsg:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"sendGroupTextMessage" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(sendGroupCustomMessage:callback:ignored:ignored:))
- (void)sendGroupCustomMessage:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"sendGroupCustomMessage" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(reSendMessage:callback:ignored:ignored:))
- (void)reSendMessage:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"reSendMessage" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(cancelMessage:callback:ignored:ignored:))
- (void)cancelMessage:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"cancelMessage" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(setSendMessageListener:callback:ignored:ignored:))
- (void)setSendMessageListener:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self listen:@"setSendMessageListener" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(removeSendMessageListener:callback:ignored:ignored:))
- (void)removeSendMessageListener:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self unlisten:@"removeSendMessageListener" setter:@"setSendMessageListener" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(setSimpleMsgListener:callback:ignored:ignored:))
- (void)setSimpleMsgListener:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self listen:@"setSimpleMsgListener" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(setSimpleMsgListender:callback:ignored:ignored:))
- (void)setSimpleMsgListender:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self listen:@"setSimpleMsgListener" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(removeSimpleMsgListener:callback:ignored:ignored:))
- (void)removeSimpleMsgListener:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self unlisten:@"removeSimpleMsgListener" setter:@"setSimpleMsgListener" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(delSimpleMsgListener:callback:ignored:ignored:))
- (void)delSimpleMsgListener:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self unlisten:@"removeSimpleMsgListener" setter:@"setSimpleMsgListener" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(setAdvancedMsgListener:callback:ignored:ignored:))
- (void)setAdvancedMsgListener:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self listen:@"setAdvancedMsgListener" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(removeAdvancedMsgListener:callback:ignored:ignored:))
- (void)removeAdvancedMsgListener:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self unlisten:@"removeAdvancedMsgListener" setter:@"setAdvancedMsgListener" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(delAdvancedMsgListener:callback:ignored:ignored:))
- (void)delAdvancedMsgListener:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self unlisten:@"removeAdvancedMsgListener" setter:@"setAdvancedMsgListener" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(markC2CMessageAsRead:callback:ignored:ignored:))
- (void)markC2CMessageAsRead:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"markC2CMessageAsRead" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(markGroupMessageAsRead:callback:ignored:ignored:))
- (void)markGroupMessageAsRead:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"markGroupMessageAsRead" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(markAllMessageAsRead:callback:ignored:ignored:))
- (void)markAllMessageAsRead:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"markAllMessageAsRead" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getC2CHistoryMessageList:callback:ignored:ignored:))
- (void)getC2CHistoryMessageList:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getC2CHistoryMessageList" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getGroupHistoryMessageList:callback:ignored:ignored:))
- (void)getGroupHistoryMessageList:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getGroupHistoryMessageList" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(findMessages:callback:ignored:ignored:))
- (void)findMessages:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"findMessages" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(deleteMessages:callback:ignored:ignored:))
- (void)deleteMessages:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"deleteMessages" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(clearC2CHistoryMessage:callback:ignored:ignored:))
- (void)clearC2CHistoryMessage:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"clearC2CHistoryMessage" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(clearGroupHistoryMessage:callback:ignored:ignored:))
- (void)clearGroupHistoryMessage:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"clearGroupHistoryMessage" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getConversationList:callback:ignored:ignored:))
- (void)getConversationList:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getConversationList" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getConversation:callback:ignored:ignored:))
- (void)getConversation:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getConversation" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getConversationListByIds:callback:ignored:ignored:))
- (void)getConversationListByIds:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getConversationListByIds" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getTotalUnreadMessageCount:callback:ignored:ignored:))
- (void)getTotalUnreadMessageCount:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getTotalUnreadMessageCount" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(cleanConversationUnreadMessageCount:callback:ignored:ignored:))
- (void)cleanConversationUnreadMessageCount:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"cleanConversationUnreadMessageCount" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(setConversationListener:callback:ignored:ignored:))
- (void)setConversationListener:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self listen:@"setConversationListener" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(removeConversationListener:callback:ignored:ignored:))
- (void)removeConversationListener:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self unlisten:@"removeConversationListener" setter:@"setConversationListener" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(createGroup:callback:ignored:ignored:))
- (void)createGroup:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"createGroup" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(inviteUserToGroup:callback:ignored:ignored:))
- (void)inviteUserToGroup:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"inviteUserToGroup" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(quitGroup:callback:ignored:ignored:))
- (void)quitGroup:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"quitGroup" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(createImageMessage:callback:ignored:ignored:))
- (void)createImageMessage:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"createImageMessage" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(createSoundMessage:callback:ignored:ignored:))
- (void)createSoundMessage:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"createSoundMessage" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(createVideoMessage:callback:ignored:ignored:))
- (void)createVideoMessage:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"createVideoMessage" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(createFileMessage:callback:ignored:ignored:))
- (void)createFileMessage:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"createFileMessage" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(createLocationMessage:callback:ignored:ignored:))
- (void)createLocationMessage:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"createLocationMessage" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(createFaceMessage:callback:ignored:ignored:))
- (void)createFaceMessage:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"createFaceMessage" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(createMergerMessage:callback:ignored:ignored:))
- (void)createMergerMessage:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"createMergerMessage" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(revokeMessage:callback:ignored:ignored:))
- (void)revokeMessage:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"revokeMessage" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(modifyMessage:callback:ignored:ignored:))
- (void)modifyMessage:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"modifyMessage" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(sendMessageReadReceipts:callback:ignored:ignored:))
- (void)sendMessageReadReceipts:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"sendMessageReadReceipts" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getMessageReadReceipts:callback:ignored:ignored:))
- (void)getMessageReadReceipts:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getMessageReadReceipts" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getGroupMessageReadMemberList:callback:ignored:ignored:))
- (void)getGroupMessageReadMemberList:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getGroupMessageReadMemberList" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(setC2CReceiveMessageOpt:callback:ignored:ignored:))
- (void)setC2CReceiveMessageOpt:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"setC2CReceiveMessageOpt" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getC2CReceiveMessageOpt:callback:ignored:ignored:))
- (void)getC2CReceiveMessageOpt:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getC2CReceiveMessageOpt" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(setGroupReceiveMessageOpt:callback:ignored:ignored:))
- (void)setGroupReceiveMessageOpt:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"setGroupReceiveMessageOpt" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(setReceiveMessageOpt:callback:ignored:ignored:))
- (void)setReceiveMessageOpt:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"setReceiveMessageOpt" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(setAllReceiveMessageOpt:callback:ignored:ignored:))
- (void)setAllReceiveMessageOpt:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"setAllReceiveMessageOpt" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getAllReceiveMessageOpt:callback:ignored:ignored:))
- (void)getAllReceiveMessageOpt:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getAllReceiveMessageOpt" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(setMessageExtensions:callback:ignored:ignored:))
- (void)setMessageExtensions:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"setMessageExtensions" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getMessageExtensions:callback:ignored:ignored:))
- (void)getMessageExtensions:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getMessageExtensions" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(deleteMessageExtensions:callback:ignored:ignored:))
- (void)deleteMessageExtensions:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"deleteMessageExtensions" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(addMessageReaction:callback:ignored:ignored:))
- (void)addMessageReaction:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"addMessageReaction" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(removeMessageReaction:callback:ignored:ignored:))
- (void)removeMessageReaction:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"removeMessageReaction" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getMessageReactions:callback:ignored:ignored:))
- (void)getMessageReactions:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getMessageReactions" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getAllUserListOfMessageReaction:callback:ignored:ignored:))
- (void)getAllUserListOfMessageReaction:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getAllUserListOfMessageReaction" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(pinGroupMessage:callback:ignored:ignored:))
- (void)pinGroupMessage:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"pinGroupMessage" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getPinnedGroupMessageList:callback:ignored:ignored:))
- (void)getPinnedGroupMessageList:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getPinnedGroupMessageList" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(downloadMergerMessage:callback:ignored:ignored:))
- (void)downloadMergerMessage:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"downloadMergerMessage" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(downloadMessage:callback:ignored:ignored:))
- (void)downloadMessage:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"downloadMessage" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(cancelDownload:callback:ignored:ignored:))
- (void)cancelDownload:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"cancelDownload" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getMessageOnlineUrl:callback:ignored:ignored:))
- (void)getMessageOnlineUrl:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getMessageOnlineUrl" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(translateText:callback:ignored:ignored:))
- (void)translateText:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"translateText" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(convertVoiceToText:callback:ignored:ignored:))
- (void)convertVoiceToText:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"convertVoiceToText" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(insertGroupMessageToLocalStorage:callback:ignored:ignored:))
- (void)insertGroupMessageToLocalStorage:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"insertGroupMessageToLocalStorage" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(insertC2CMessageToLocalStorage:callback:ignored:ignored:))
- (void)insertC2CMessageToLocalStorage:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"insertC2CMessageToLocalStorage" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getHistoryMessageList:callback:ignored:ignored:))
- (void)getHistoryMessageList:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getHistoryMessageList" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(deleteMessageFromLocalStorage:callback:ignored:ignored:))
- (void)deleteMessageFromLocalStorage:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"deleteMessageFromLocalStorage" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(searchLocalMessages:callback:ignored:ignored:))
- (void)searchLocalMessages:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"searchLocalMessages" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(searchCloudMessages:callback:ignored:ignored:))
- (void)searchCloudMessages:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"searchCloudMessages" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(setLocalCustomData:callback:ignored:ignored:))
- (void)setLocalCustomData:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"setLocalCustomData" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(setLocalCustomInt:callback:ignored:ignored:))
- (void)setLocalCustomInt:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"setLocalCustomInt" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(setCloudCustomData:callback:ignored:ignored:))
- (void)setCloudCustomData:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"setCloudCustomData" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getConversationListByFilter:callback:ignored:ignored:))
- (void)getConversationListByFilter:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getConversationListByFilter" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getUnreadMessageCountByFilter:callback:ignored:ignored:))
- (void)getUnreadMessageCountByFilter:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getUnreadMessageCountByFilter" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(subscribeUnreadMessageCountByFilter:callback:ignored:ignored:))
- (void)subscribeUnreadMessageCountByFilter:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"subscribeUnreadMessageCountByFilter" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(unsubscribeUnreadMessageCountByFilter:callback:ignored:ignored:))
- (void)unsubscribeUnreadMessageCountByFilter:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"unsubscribeUnreadMessageCountByFilter" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(pinConversation:callback:ignored:ignored:))
- (void)pinConversation:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"pinConversation" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(deleteConversation:callback:ignored:ignored:))
- (void)deleteConversation:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"deleteConversation" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(deleteConversationList:callback:ignored:ignored:))
- (void)deleteConversationList:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"deleteConversationList" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(setConversationDraft:callback:ignored:ignored:))
- (void)setConversationDraft:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"setConversationDraft" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(markConversation:callback:ignored:ignored:))
- (void)markConversation:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"markConversation" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(setConversationCustomData:callback:ignored:ignored:))
- (void)setConversationCustomData:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"setConversationCustomData" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(createConversationGroup:callback:ignored:ignored:))
- (void)createConversationGroup:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"createConversationGroup" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getConversationGroupList:callback:ignored:ignored:))
- (void)getConversationGroupList:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getConversationGroupList" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(deleteConversationGroup:callback:ignored:ignored:))
- (void)deleteConversationGroup:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"deleteConversationGroup" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(renameConversationGroup:callback:ignored:ignored:))
- (void)renameConversationGroup:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"renameConversationGroup" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(addConversationsToGroup:callback:ignored:ignored:))
- (void)addConversationsToGroup:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"addConversationsToGroup" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(deleteConversationsFromGroup:callback:ignored:ignored:))
- (void)deleteConversationsFromGroup:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"deleteConversationsFromGroup" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(createGroupWithMemberList:callback:ignored:ignored:))
- (void)createGroupWithMemberList:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"createGroupWithMemberList" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(joinGroup:callback:ignored:ignored:))
- (void)joinGroup:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"joinGroup" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(dismissGroup:callback:ignored:ignored:))
- (void)dismissGroup:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"dismissGroup" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getJoinedGroupList:callback:ignored:ignored:))
- (void)getJoinedGroupList:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getJoinedGroupList" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getGroupsInfo:callback:ignored:ignored:))
- (void)getGroupsInfo:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getGroupsInfo" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(setGroupInfo:callback:ignored:ignored:))
- (void)setGroupInfo:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"setGroupInfo" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(searchCloudGroups:callback:ignored:ignored:))
- (void)searchCloudGroups:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"searchCloudGroups" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(searchCloudGroupMembers:callback:ignored:ignored:))
- (void)searchCloudGroupMembers:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"searchCloudGroupMembers" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(searchGroups:callback:ignored:ignored:))
- (void)searchGroups:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"searchGroups" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getGroupOnlineMemberCount:callback:ignored:ignored:))
- (void)getGroupOnlineMemberCount:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getGroupOnlineMemberCount" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getGroupApplicationList:callback:ignored:ignored:))
- (void)getGroupApplicationList:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getGroupApplicationList" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(acceptGroupApplication:callback:ignored:ignored:))
- (void)acceptGroupApplication:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"acceptGroupApplication" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(refuseGroupApplication:callback:ignored:ignored:))
- (void)refuseGroupApplication:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"refuseGroupApplication" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(setGroupApplicationRead:callback:ignored:ignored:))
- (void)setGroupApplicationRead:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"setGroupApplicationRead" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getGroupMemberList:callback:ignored:ignored:))
- (void)getGroupMemberList:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getGroupMemberList" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getGroupMembersInfo:callback:ignored:ignored:))
- (void)getGroupMembersInfo:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getGroupMembersInfo" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(setGroupMemberInfo:callback:ignored:ignored:))
- (void)setGroupMemberInfo:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"setGroupMemberInfo" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(muteGroupMember:callback:ignored:ignored:))
- (void)muteGroupMember:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"muteGroupMember" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(muteAllGroupMembers:callback:ignored:ignored:))
- (void)muteAllGroupMembers:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"muteAllGroupMembers" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(kickGroupMember:callback:ignored:ignored:))
- (void)kickGroupMember:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"kickGroupMember" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(setGroupMemberRole:callback:ignored:ignored:))
- (void)setGroupMemberRole:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"setGroupMemberRole" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(transferGroupOwner:callback:ignored:ignored:))
- (void)transferGroupOwner:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"transferGroupOwner" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(searchGroupMembers:callback:ignored:ignored:))
- (void)searchGroupMembers:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"searchGroupMembers" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(markGroupMemberList:callback:ignored:ignored:))
- (void)markGroupMemberList:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"markGroupMemberList" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(initGroupAttributes:callback:ignored:ignored:))
- (void)initGroupAttributes:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"initGroupAttributes" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(setGroupAttributes:callback:ignored:ignored:))
- (void)setGroupAttributes:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"setGroupAttributes" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(deleteGroupAttributes:callback:ignored:ignored:))
- (void)deleteGroupAttributes:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"deleteGroupAttributes" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getGroupAttributes:callback:ignored:ignored:))
- (void)getGroupAttributes:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getGroupAttributes" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(setGroupCounters:callback:ignored:ignored:))
- (void)setGroupCounters:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"setGroupCounters" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getGroupCounters:callback:ignored:ignored:))
- (void)getGroupCounters:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getGroupCounters" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(increaseGroupCounter:callback:ignored:ignored:))
- (void)increaseGroupCounter:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"increaseGroupCounter" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(decreaseGroupCounter:callback:ignored:ignored:))
- (void)decreaseGroupCounter:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"decreaseGroupCounter" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(createCommunity:callback:ignored:ignored:))
- (void)createCommunity:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"createCommunity" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getJoinedCommunityList:callback:ignored:ignored:))
- (void)getJoinedCommunityList:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getJoinedCommunityList" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(createTopicInCommunity:callback:ignored:ignored:))
- (void)createTopicInCommunity:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"createTopicInCommunity" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(deleteTopicFromCommunity:callback:ignored:ignored:))
- (void)deleteTopicFromCommunity:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"deleteTopicFromCommunity" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(setTopicInfo:callback:ignored:ignored:))
- (void)setTopicInfo:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"setTopicInfo" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getTopicInfoList:callback:ignored:ignored:))
- (void)getTopicInfoList:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getTopicInfoList" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(createPermissionGroupInCommunity:callback:ignored:ignored:))
- (void)createPermissionGroupInCommunity:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"createPermissionGroupInCommunity" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(deletePermissionGroupFromCommunity:callback:ignored:ignored:))
- (void)deletePermissionGroupFromCommunity:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"deletePermissionGroupFromCommunity" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(modifyPermissionGroupInfoInCommunity:callback:ignored:ignored:))
- (void)modifyPermissionGroupInfoInCommunity:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"modifyPermissionGroupInfoInCommunity" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getJoinedPermissionGroupListInCommunity:callback:ignored:ignored:))
- (void)getJoinedPermissionGroupListInCommunity:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getJoinedPermissionGroupListInCommunity" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getPermissionGroupListInCommunity:callback:ignored:ignored:))
- (void)getPermissionGroupListInCommunity:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getPermissionGroupListInCommunity" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(addCommunityMembersToPermissionGroup:callback:ignored:ignored:))
- (void)addCommunityMembersToPermissionGroup:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"addCommunityMembersToPermissionGroup" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(removeCommunityMembersFromPermissionGroup:callback:ignored:ignored:))
- (void)removeCommunityMembersFromPermissionGroup:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"removeCommunityMembersFromPermissionGroup" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getCommunityMemberListInPermissionGroup:callback:ignored:ignored:))
- (void)getCommunityMemberListInPermissionGroup:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getCommunityMemberListInPermissionGroup" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(addTopicPermissionToPermissionGroup:callback:ignored:ignored:))
- (void)addTopicPermissionToPermissionGroup:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"addTopicPermissionToPermissionGroup" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(deleteTopicPermissionFromPermissionGroup:callback:ignored:ignored:))
- (void)deleteTopicPermissionFromPermissionGroup:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"deleteTopicPermissionFromPermissionGroup" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(modifyTopicPermissionInPermissionGroup:callback:ignored:ignored:))
- (void)modifyTopicPermissionInPermissionGroup:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"modifyTopicPermissionInPermissionGroup" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getTopicPermissionInPermissionGroup:callback:ignored:ignored:))
- (void)getTopicPermissionInPermissionGroup:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getTopicPermissionInPermissionGroup" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(setCommunityListener:callback:ignored:ignored:))
- (void)setCommunityListener:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"setCommunityListener" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(removeCommunityListener:callback:ignored:ignored:))
- (void)removeCommunityListener:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"removeCommunityListener" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(setGroupListener:callback:ignored:ignored:))
- (void)setGroupListener:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"setGroupListener" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(removeGroupListener:callback:ignored:ignored:))
- (void)removeGroupListener:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"removeGroupListener" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(invite:callback:ignored:ignored:))
- (void)invite:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"invite" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(inviteInGroup:callback:ignored:ignored:))
- (void)inviteInGroup:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"inviteInGroup" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(cancel:callback:ignored:ignored:))
- (void)cancel:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"cancel" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(accept:callback:ignored:ignored:))
- (void)accept:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"accept" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(reject:callback:ignored:ignored:))
- (void)reject:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"reject" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getSignalingInfo:callback:ignored:ignored:))
- (void)getSignalingInfo:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getSignalingInfo" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(addInvitedSignaling:callback:ignored:ignored:))
- (void)addInvitedSignaling:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"addInvitedSignaling" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(modifyInvitation:callback:ignored:ignored:))
- (void)modifyInvitation:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"modifyInvitation" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getPendingInvitationList:callback:ignored:ignored:))
- (void)getPendingInvitationList:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getPendingInvitationList" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(setSignalingListener:callback:ignored:ignored:))
- (void)setSignalingListener:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"setSignalingListener" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(removeSignalingListener:callback:ignored:ignored:))
- (void)removeSignalingListener:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"removeSignalingListener" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getUsersInfo:callback:ignored:ignored:))
- (void)getUsersInfo:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getUsersInfo" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(setSelfInfo:callback:ignored:ignored:))
- (void)setSelfInfo:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"setSelfInfo" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(searchUsers:callback:ignored:ignored:))
- (void)searchUsers:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"searchUsers" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(subscribeUserInfo:callback:ignored:ignored:))
- (void)subscribeUserInfo:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"subscribeUserInfo" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(unsubscribeUserInfo:callback:ignored:ignored:))
- (void)unsubscribeUserInfo:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"unsubscribeUserInfo" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getUserStatus:callback:ignored:ignored:))
- (void)getUserStatus:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getUserStatus" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(setSelfStatus:callback:ignored:ignored:))
- (void)setSelfStatus:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"setSelfStatus" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(subscribeUserStatus:callback:ignored:ignored:))
- (void)subscribeUserStatus:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"subscribeUserStatus" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(unsubscribeUserStatus:callback:ignored:ignored:))
- (void)unsubscribeUserStatus:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"unsubscribeUserStatus" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getFriendList:callback:ignored:ignored:))
- (void)getFriendList:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getFriendList" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getFriendsInfo:callback:ignored:ignored:))
- (void)getFriendsInfo:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getFriendsInfo" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(setFriendInfo:callback:ignored:ignored:))
- (void)setFriendInfo:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"setFriendInfo" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(addFriend:callback:ignored:ignored:))
- (void)addFriend:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"addFriend" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(deleteFromFriendList:callback:ignored:ignored:))
- (void)deleteFromFriendList:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"deleteFromFriendList" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(checkFriend:callback:ignored:ignored:))
- (void)checkFriend:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"checkFriend" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getFriendApplicationList:callback:ignored:ignored:))
- (void)getFriendApplicationList:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getFriendApplicationList" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(acceptFriendApplication:callback:ignored:ignored:))
- (void)acceptFriendApplication:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"acceptFriendApplication" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(refuseFriendApplication:callback:ignored:ignored:))
- (void)refuseFriendApplication:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"refuseFriendApplication" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(deleteFriendApplication:callback:ignored:ignored:))
- (void)deleteFriendApplication:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"deleteFriendApplication" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(setFriendApplicationRead:callback:ignored:ignored:))
- (void)setFriendApplicationRead:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"setFriendApplicationRead" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(searchFriends:callback:ignored:ignored:))
- (void)searchFriends:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"searchFriends" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(addToBlackList:callback:ignored:ignored:))
- (void)addToBlackList:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"addToBlackList" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(deleteFromBlackList:callback:ignored:ignored:))
- (void)deleteFromBlackList:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"deleteFromBlackList" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getBlackList:callback:ignored:ignored:))
- (void)getBlackList:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getBlackList" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(createFriendGroup:callback:ignored:ignored:))
- (void)createFriendGroup:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"createFriendGroup" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(deleteFriendGroup:callback:ignored:ignored:))
- (void)deleteFriendGroup:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"deleteFriendGroup" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(renameFriendGroup:callback:ignored:ignored:))
- (void)renameFriendGroup:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"renameFriendGroup" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getFriendGroupList:callback:ignored:ignored:))
- (void)getFriendGroupList:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getFriendGroupList" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getFriendGroups:callback:ignored:ignored:))
- (void)getFriendGroups:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getFriendGroups" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(addFriendsToFriendGroup:callback:ignored:ignored:))
- (void)addFriendsToFriendGroup:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"addFriendsToFriendGroup" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(deleteFriendsFromFriendGroup:callback:ignored:ignored:))
- (void)deleteFriendsFromFriendGroup:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"deleteFriendsFromFriendGroup" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(setFriendListener:callback:ignored:ignored:))
- (void)setFriendListener:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"setFriendListener" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(removeFriendListener:callback:ignored:ignored:))
- (void)removeFriendListener:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"removeFriendListener" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(followUser:callback:ignored:ignored:))
- (void)followUser:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"followUser" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(unfollowUser:callback:ignored:ignored:))
- (void)unfollowUser:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"unfollowUser" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getMyFollowingList:callback:ignored:ignored:))
- (void)getMyFollowingList:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getMyFollowingList" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getMyFollowersList:callback:ignored:ignored:))
- (void)getMyFollowersList:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getMyFollowersList" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getMutualFollowersList:callback:ignored:ignored:))
- (void)getMutualFollowersList:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getMutualFollowersList" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getUserFollowInfo:callback:ignored:ignored:))
- (void)getUserFollowInfo:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getUserFollowInfo" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(checkFollowType:callback:ignored:ignored:))
- (void)checkFollowType:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"checkFollowType" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(subscribeOfficialAccount:callback:ignored:ignored:))
- (void)subscribeOfficialAccount:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"subscribeOfficialAccount" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(unsubscribeOfficialAccount:callback:ignored:ignored:))
- (void)unsubscribeOfficialAccount:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"unsubscribeOfficialAccount" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(getOfficialAccountsInfo:callback:ignored:ignored:))
- (void)getOfficialAccountsInfo:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"getOfficialAccountsInfo" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(setOfflinePushConfig:callback:ignored:ignored:))
- (void)setOfflinePushConfig:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"setOfflinePushConfig" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(doBackground:callback:ignored:ignored:))
- (void)doBackground:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"doBackground" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(doForeground:callback:ignored:ignored:))
- (void)doForeground:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"doForeground" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(setAppBadge:callback:ignored:ignored:))
- (void)setAppBadge:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"setAppBadge" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(setAPNSListener:callback:ignored:ignored:))
- (void)setAPNSListener:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"setAPNSListener" options:options callback:callback];
}

UNI_EXPORT_METHOD(@selector(removeAPNSListener:callback:ignored:ignored:))
- (void)removeAPNSListener:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {
  [self call:@"removeAPNSListener" options:options callback:callback];
}

@end
