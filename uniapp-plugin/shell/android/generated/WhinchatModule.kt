// Generated from the table of methods in crates/whinchat-bridge by `cargo xtask bindings`; do not edit.
package im.whinchat.uniapp

import io.dcloud.feature.uniapp.annotation.UniJSMethod
import io.dcloud.feature.uniapp.bridge.UniJSCallback

/** The module that JavaScript gets by `uni.requireNativePlugin`. */
public class WhinchatModule : WhinchatCalls() {
    /** Prepares the SDK; no network is needed. */
    @UniJSMethod(uiThread = false)
    public fun init(options: String?, callback: UniJSCallback?) {
        call("init", options, callback)
    }

    /** Logs out, ends running calls and clears the listeners. */
    @UniJSMethod(uiThread = false)
    public fun unInit(options: String?, callback: UniJSCallback?) {
        endAll("unInit", options, callback)
    }

    /** Another spelling of `unInit`. */
    @UniJSMethod(uiThread = false)
    public fun unInitSDK(options: String?, callback: UniJSCallback?) {
        endAll("unInitSDK", options, callback)
    }

    /** Another spelling of `unInit`. */
    @UniJSMethod(uiThread = false)
    public fun destroy(options: String?, callback: UniJSCallback?) {
        endAll("destroy", options, callback)
    }

    /** The SDK's version. */
    @UniJSMethod(uiThread = false)
    public fun getVersion(options: String?, callback: UniJSCallback?) {
        call("getVersion", options, callback)
    }

    /** The server's time in seconds, estimated from the last handshake. */
    @UniJSMethod(uiThread = false)
    public fun getServerTime(options: String?, callback: UniJSCallback?) {
        call("getServerTime", options, callback)
    }

    /** Logs a user in; answers when the server has accepted. */
    @UniJSMethod(uiThread = false)
    public fun login(options: String?, callback: UniJSCallback?) {
        call("login", options, callback)
    }

    /** Logs out; local data stays. */
    @UniJSMethod(uiThread = false)
    public fun logout(options: String?, callback: UniJSCallback?) {
        call("logout", options, callback)
    }

    /** Who is logged in; empty for nobody. */
    @UniJSMethod(uiThread = false)
    public fun getLoginUser(options: String?, callback: UniJSCallback?) {
        call("getLoginUser", options, callback)
    }

    /** Whether somebody is logged in. */
    @UniJSMethod(uiThread = false)
    public fun getLoginStatus(options: String?, callback: UniJSCallback?) {
        call("getLoginStatus", options, callback)
    }

    /** For trials; none is defined. */
    @UniJSMethod(uiThread = false)
    public fun callExperimentalAPI(options: String?, callback: UniJSCallback?) {
        call("callExperimentalAPI", options, callback)
    }

    /** Events of connection and login. */
    @UniJSMethod(uiThread = false)
    public fun setSDKListener(options: String?, callback: UniJSCallback?) {
        listen("setSDKListener", "setSDKListener", options, callback)
    }

    /** Ends them. */
    @UniJSMethod(uiThread = false)
    public fun removeSDKListener(options: String?, callback: UniJSCallback?) {
        unlisten("removeSDKListener", "setSDKListener", options, callback)
    }

    /** Creates a text. */
    @UniJSMethod(uiThread = false)
    public fun createTextMessage(options: String?, callback: UniJSCallback?) {
        call("createTextMessage", options, callback)
    }

    /** Creates a text that names members of a group with an @. */
    @UniJSMethod(uiThread = false)
    public fun createTextAtMessage(options: String?, callback: UniJSCallback?) {
        call("createTextAtMessage", options, callback)
    }

    /** Creates a message of the app's own data. */
    @UniJSMethod(uiThread = false)
    public fun createCustomMessage(options: String?, callback: UniJSCallback?) {
        call("createCustomMessage", options, callback)
    }

    /** Creates a message with the content of one that was sent. */
    @UniJSMethod(uiThread = false)
    public fun createForwardMessage(options: String?, callback: UniJSCallback?) {
        call("createForwardMessage", options, callback)
    }

    /** Makes an unsent message one for some members of a group alone; it does not count as unread. */
    @UniJSMethod(uiThread = false)
    public fun createTargetedGroupMessage(options: String?, callback: UniJSCallback?) {
        call("createTargetedGroupMessage", options, callback)
    }

    /** Lets an unsent message name members of a group with an @. */
    @UniJSMethod(uiThread = false)
    public fun createAtSignedGroupMessage(options: String?, callback: UniJSCallback?) {
        call("createAtSignedGroupMessage", options, callback)
    }

    /** Sets what an unsent message does. */
    @UniJSMethod(uiThread = false)
    public fun setMessage(options: String?, callback: UniJSCallback?) {
        call("setMessage", options, callback)
    }

    /** Adds the element of another unsent message. */
    @UniJSMethod(uiThread = false)
    public fun appendElem(options: String?, callback: UniJSCallback?) {
        call("appendElem", options, callback)
    }

    /** A message by its id or its handle. */
    @UniJSMethod(uiThread = false)
    public fun getMessage(options: String?, callback: UniJSCallback?) {
        call("getMessage", options, callback)
    }

    /** Sends a message that was created; answers when the server has stored it, over reconnects and restarts. */
    @UniJSMethod(uiThread = false)
    public fun sendMessage(options: String?, callback: UniJSCallback?) {
        call("sendMessage", options, callback)
    }

    /** Another spelling of `sendMessage`. */
    @UniJSMethod(uiThread = false)
    public fun sendMesasge(options: String?, callback: UniJSCallback?) {
        call("sendMesasge", options, callback)
    }

    /** Creates and sends a text, one to one. */
    @UniJSMethod(uiThread = false)
    public fun sendC2CTextMessage(options: String?, callback: UniJSCallback?) {
        call("sendC2CTextMessage", options, callback)
    }

    /** Creates and sends custom data, one to one. */
    @UniJSMethod(uiThread = false)
    public fun sendC2CCustomMessage(options: String?, callback: UniJSCallback?) {
        call("sendC2CCustomMessage", options, callback)
    }

    /** Creates and sends a text to a group. */
    @UniJSMethod(uiThread = false)
    public fun sendGroupTextMessage(options: String?, callback: UniJSCallback?) {
        call("sendGroupTextMessage", options, callback)
    }

    /** Another spelling of `sendGroupTextMessage`. */
    @UniJSMethod(uiThread = false)
    public fun sendGroupTextMsg(options: String?, callback: UniJSCallback?) {
        call("sendGroupTextMsg", options, callback)
    }

    /** Creates and sends custom data to a group. */
    @UniJSMethod(uiThread = false)
    public fun sendGroupCustomMessage(options: String?, callback: UniJSCallback?) {
        call("sendGroupCustomMessage", options, callback)
    }

    /** Sends a failed message again, at the end of its conversation. */
    @UniJSMethod(uiThread = false)
    public fun reSendMessage(options: String?, callback: UniJSCallback?) {
        call("reSendMessage", options, callback)
    }

    /** Takes a message back that has not reached the server. */
    @UniJSMethod(uiThread = false)
    public fun cancelMessage(options: String?, callback: UniJSCallback?) {
        call("cancelMessage", options, callback)
    }

    /** What becomes of messages that are sent. */
    @UniJSMethod(uiThread = false)
    public fun setSendMessageListener(options: String?, callback: UniJSCallback?) {
        listen("setSendMessageListener", "setSendMessageListener", options, callback)
    }

    /** Ends it. */
    @UniJSMethod(uiThread = false)
    public fun removeSendMessageListener(options: String?, callback: UniJSCallback?) {
        unlisten("removeSendMessageListener", "setSendMessageListener", options, callback)
    }

    /** Texts and custom data that come. */
    @UniJSMethod(uiThread = false)
    public fun setSimpleMsgListener(options: String?, callback: UniJSCallback?) {
        listen("setSimpleMsgListener", "setSimpleMsgListener", options, callback)
    }

    /** Another spelling of `setSimpleMsgListener`. */
    @UniJSMethod(uiThread = false)
    public fun setSimpleMsgListender(options: String?, callback: UniJSCallback?) {
        listen("setSimpleMsgListender", "setSimpleMsgListener", options, callback)
    }

    /** Ends it. */
    @UniJSMethod(uiThread = false)
    public fun removeSimpleMsgListener(options: String?, callback: UniJSCallback?) {
        unlisten("removeSimpleMsgListener", "setSimpleMsgListener", options, callback)
    }

    /** Another spelling of `removeSimpleMsgListener`. */
    @UniJSMethod(uiThread = false)
    public fun delSimpleMsgListener(options: String?, callback: UniJSCallback?) {
        unlisten("delSimpleMsgListener", "setSimpleMsgListener", options, callback)
    }

    /** Messages of every kind that come, receipts, deletions. */
    @UniJSMethod(uiThread = false)
    public fun setAdvancedMsgListener(options: String?, callback: UniJSCallback?) {
        listen("setAdvancedMsgListener", "setAdvancedMsgListener", options, callback)
    }

    /** Ends it. */
    @UniJSMethod(uiThread = false)
    public fun removeAdvancedMsgListener(options: String?, callback: UniJSCallback?) {
        unlisten("removeAdvancedMsgListener", "setAdvancedMsgListener", options, callback)
    }

    /** Another spelling of `removeAdvancedMsgListener`. */
    @UniJSMethod(uiThread = false)
    public fun delAdvancedMsgListener(options: String?, callback: UniJSCallback?) {
        unlisten("delAdvancedMsgListener", "setAdvancedMsgListener", options, callback)
    }

    /** Marks what is in a one to one conversation now as read; works offline. */
    @UniJSMethod(uiThread = false)
    public fun markC2CMessageAsRead(options: String?, callback: UniJSCallback?) {
        call("markC2CMessageAsRead", options, callback)
    }

    /** Marks what is in a group now as read; works offline. */
    @UniJSMethod(uiThread = false)
    public fun markGroupMessageAsRead(options: String?, callback: UniJSCallback?) {
        call("markGroupMessageAsRead", options, callback)
    }

    /** Marks everything as read. */
    @UniJSMethod(uiThread = false)
    public fun markAllMessageAsRead(options: String?, callback: UniJSCallback?) {
        call("markAllMessageAsRead", options, callback)
    }

    /** A page of a one to one conversation, newest first. */
    @UniJSMethod(uiThread = false)
    public fun getC2CHistoryMessageList(options: String?, callback: UniJSCallback?) {
        call("getC2CHistoryMessageList", options, callback)
    }

    /** A page of a group, newest first. */
    @UniJSMethod(uiThread = false)
    public fun getGroupHistoryMessageList(options: String?, callback: UniJSCallback?) {
        call("getGroupHistoryMessageList", options, callback)
    }

    /** Messages by their ids, as far as they are on this device. */
    @UniJSMethod(uiThread = false)
    public fun findMessages(options: String?, callback: UniJSCallback?) {
        call("findMessages", options, callback)
    }

    /** Deletes messages of one conversation for this user, on all his devices. */
    @UniJSMethod(uiThread = false)
    public fun deleteMessages(options: String?, callback: UniJSCallback?) {
        call("deleteMessages", options, callback)
    }

    /** Empties a one to one conversation for this user. */
    @UniJSMethod(uiThread = false)
    public fun clearC2CHistoryMessage(options: String?, callback: UniJSCallback?) {
        call("clearC2CHistoryMessage", options, callback)
    }

    /** Empties a group's conversation for this user. */
    @UniJSMethod(uiThread = false)
    public fun clearGroupHistoryMessage(options: String?, callback: UniJSCallback?) {
        call("clearGroupHistoryMessage", options, callback)
    }

    /** A page of the conversation list; local, at once. */
    @UniJSMethod(uiThread = false)
    public fun getConversationList(options: String?, callback: UniJSCallback?) {
        call("getConversationList", options, callback)
    }

    /** One conversation; an empty one if nothing is known of it. */
    @UniJSMethod(uiThread = false)
    public fun getConversation(options: String?, callback: UniJSCallback?) {
        call("getConversation", options, callback)
    }

    /** Several conversations. */
    @UniJSMethod(uiThread = false)
    public fun getConversationListByIds(options: String?, callback: UniJSCallback?) {
        call("getConversationListByIds", options, callback)
    }

    /** Unread messages over all conversations. */
    @UniJSMethod(uiThread = false)
    public fun getTotalUnreadMessageCount(options: String?, callback: UniJSCallback?) {
        call("getTotalUnreadMessageCount", options, callback)
    }

    /** Marks one conversation, or all of a kind, as read. */
    @UniJSMethod(uiThread = false)
    public fun cleanConversationUnreadMessageCount(options: String?, callback: UniJSCallback?) {
        call("cleanConversationUnreadMessageCount", options, callback)
    }

    /** Changes of the conversation list. */
    @UniJSMethod(uiThread = false)
    public fun setConversationListener(options: String?, callback: UniJSCallback?) {
        listen("setConversationListener", "setConversationListener", options, callback)
    }

    /** Ends it. */
    @UniJSMethod(uiThread = false)
    public fun removeConversationListener(options: String?, callback: UniJSCallback?) {
        unlisten("removeConversationListener", "setConversationListener", options, callback)
    }

    /** Creates a group; needs a connection. */
    @UniJSMethod(uiThread = false)
    public fun createGroup(options: String?, callback: UniJSCallback?) {
        call("createGroup", options, callback)
    }

    /** Invites users into a group; needs a connection. */
    @UniJSMethod(uiThread = false)
    public fun inviteUserToGroup(options: String?, callback: UniJSCallback?) {
        call("inviteUserToGroup", options, callback)
    }

    /** Leaves a group; what was seen stays readable. */
    @UniJSMethod(uiThread = false)
    public fun quitGroup(options: String?, callback: UniJSCallback?) {
        call("quitGroup", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun createImageMessage(options: String?, callback: UniJSCallback?) {
        call("createImageMessage", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun createSoundMessage(options: String?, callback: UniJSCallback?) {
        call("createSoundMessage", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun createVideoMessage(options: String?, callback: UniJSCallback?) {
        call("createVideoMessage", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun createFileMessage(options: String?, callback: UniJSCallback?) {
        call("createFileMessage", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun createLocationMessage(options: String?, callback: UniJSCallback?) {
        call("createLocationMessage", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun createFaceMessage(options: String?, callback: UniJSCallback?) {
        call("createFaceMessage", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun createMergerMessage(options: String?, callback: UniJSCallback?) {
        call("createMergerMessage", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun revokeMessage(options: String?, callback: UniJSCallback?) {
        call("revokeMessage", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun modifyMessage(options: String?, callback: UniJSCallback?) {
        call("modifyMessage", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun sendMessageReadReceipts(options: String?, callback: UniJSCallback?) {
        call("sendMessageReadReceipts", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun getMessageReadReceipts(options: String?, callback: UniJSCallback?) {
        call("getMessageReadReceipts", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun getGroupMessageReadMemberList(options: String?, callback: UniJSCallback?) {
        call("getGroupMessageReadMemberList", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun setC2CReceiveMessageOpt(options: String?, callback: UniJSCallback?) {
        call("setC2CReceiveMessageOpt", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun getC2CReceiveMessageOpt(options: String?, callback: UniJSCallback?) {
        call("getC2CReceiveMessageOpt", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun setGroupReceiveMessageOpt(options: String?, callback: UniJSCallback?) {
        call("setGroupReceiveMessageOpt", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun setReceiveMessageOpt(options: String?, callback: UniJSCallback?) {
        call("setReceiveMessageOpt", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun setAllReceiveMessageOpt(options: String?, callback: UniJSCallback?) {
        call("setAllReceiveMessageOpt", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun getAllReceiveMessageOpt(options: String?, callback: UniJSCallback?) {
        call("getAllReceiveMessageOpt", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun setMessageExtensions(options: String?, callback: UniJSCallback?) {
        call("setMessageExtensions", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun getMessageExtensions(options: String?, callback: UniJSCallback?) {
        call("getMessageExtensions", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun deleteMessageExtensions(options: String?, callback: UniJSCallback?) {
        call("deleteMessageExtensions", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun addMessageReaction(options: String?, callback: UniJSCallback?) {
        call("addMessageReaction", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun removeMessageReaction(options: String?, callback: UniJSCallback?) {
        call("removeMessageReaction", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun getMessageReactions(options: String?, callback: UniJSCallback?) {
        call("getMessageReactions", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun getAllUserListOfMessageReaction(options: String?, callback: UniJSCallback?) {
        call("getAllUserListOfMessageReaction", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun pinGroupMessage(options: String?, callback: UniJSCallback?) {
        call("pinGroupMessage", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun getPinnedGroupMessageList(options: String?, callback: UniJSCallback?) {
        call("getPinnedGroupMessageList", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun downloadMergerMessage(options: String?, callback: UniJSCallback?) {
        call("downloadMergerMessage", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun downloadMessage(options: String?, callback: UniJSCallback?) {
        call("downloadMessage", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun cancelDownload(options: String?, callback: UniJSCallback?) {
        call("cancelDownload", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun getMessageOnlineUrl(options: String?, callback: UniJSCallback?) {
        call("getMessageOnlineUrl", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun translateText(options: String?, callback: UniJSCallback?) {
        call("translateText", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun convertVoiceToText(options: String?, callback: UniJSCallback?) {
        call("convertVoiceToText", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun insertGroupMessageToLocalStorage(options: String?, callback: UniJSCallback?) {
        call("insertGroupMessageToLocalStorage", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun insertC2CMessageToLocalStorage(options: String?, callback: UniJSCallback?) {
        call("insertC2CMessageToLocalStorage", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun getHistoryMessageList(options: String?, callback: UniJSCallback?) {
        call("getHistoryMessageList", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun deleteMessageFromLocalStorage(options: String?, callback: UniJSCallback?) {
        call("deleteMessageFromLocalStorage", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun searchLocalMessages(options: String?, callback: UniJSCallback?) {
        call("searchLocalMessages", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun searchCloudMessages(options: String?, callback: UniJSCallback?) {
        call("searchCloudMessages", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun setLocalCustomData(options: String?, callback: UniJSCallback?) {
        call("setLocalCustomData", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun setLocalCustomInt(options: String?, callback: UniJSCallback?) {
        call("setLocalCustomInt", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun setCloudCustomData(options: String?, callback: UniJSCallback?) {
        call("setCloudCustomData", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun getConversationListByFilter(options: String?, callback: UniJSCallback?) {
        call("getConversationListByFilter", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun getUnreadMessageCountByFilter(options: String?, callback: UniJSCallback?) {
        call("getUnreadMessageCountByFilter", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun subscribeUnreadMessageCountByFilter(options: String?, callback: UniJSCallback?) {
        call("subscribeUnreadMessageCountByFilter", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun unsubscribeUnreadMessageCountByFilter(options: String?, callback: UniJSCallback?) {
        call("unsubscribeUnreadMessageCountByFilter", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun pinConversation(options: String?, callback: UniJSCallback?) {
        call("pinConversation", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun deleteConversation(options: String?, callback: UniJSCallback?) {
        call("deleteConversation", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun deleteConversationList(options: String?, callback: UniJSCallback?) {
        call("deleteConversationList", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun setConversationDraft(options: String?, callback: UniJSCallback?) {
        call("setConversationDraft", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun markConversation(options: String?, callback: UniJSCallback?) {
        call("markConversation", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun setConversationCustomData(options: String?, callback: UniJSCallback?) {
        call("setConversationCustomData", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun createConversationGroup(options: String?, callback: UniJSCallback?) {
        call("createConversationGroup", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun getConversationGroupList(options: String?, callback: UniJSCallback?) {
        call("getConversationGroupList", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun deleteConversationGroup(options: String?, callback: UniJSCallback?) {
        call("deleteConversationGroup", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun renameConversationGroup(options: String?, callback: UniJSCallback?) {
        call("renameConversationGroup", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun addConversationsToGroup(options: String?, callback: UniJSCallback?) {
        call("addConversationsToGroup", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun deleteConversationsFromGroup(options: String?, callback: UniJSCallback?) {
        call("deleteConversationsFromGroup", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun createGroupWithMemberList(options: String?, callback: UniJSCallback?) {
        call("createGroupWithMemberList", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun joinGroup(options: String?, callback: UniJSCallback?) {
        call("joinGroup", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun dismissGroup(options: String?, callback: UniJSCallback?) {
        call("dismissGroup", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun getJoinedGroupList(options: String?, callback: UniJSCallback?) {
        call("getJoinedGroupList", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun getGroupsInfo(options: String?, callback: UniJSCallback?) {
        call("getGroupsInfo", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun setGroupInfo(options: String?, callback: UniJSCallback?) {
        call("setGroupInfo", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun searchCloudGroups(options: String?, callback: UniJSCallback?) {
        call("searchCloudGroups", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun searchCloudGroupMembers(options: String?, callback: UniJSCallback?) {
        call("searchCloudGroupMembers", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun searchGroups(options: String?, callback: UniJSCallback?) {
        call("searchGroups", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun getGroupOnlineMemberCount(options: String?, callback: UniJSCallback?) {
        call("getGroupOnlineMemberCount", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun getGroupApplicationList(options: String?, callback: UniJSCallback?) {
        call("getGroupApplicationList", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun acceptGroupApplication(options: String?, callback: UniJSCallback?) {
        call("acceptGroupApplication", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun refuseGroupApplication(options: String?, callback: UniJSCallback?) {
        call("refuseGroupApplication", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun setGroupApplicationRead(options: String?, callback: UniJSCallback?) {
        call("setGroupApplicationRead", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun getGroupMemberList(options: String?, callback: UniJSCallback?) {
        call("getGroupMemberList", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun getGroupMembersInfo(options: String?, callback: UniJSCallback?) {
        call("getGroupMembersInfo", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun setGroupMemberInfo(options: String?, callback: UniJSCallback?) {
        call("setGroupMemberInfo", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun muteGroupMember(options: String?, callback: UniJSCallback?) {
        call("muteGroupMember", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun muteAllGroupMembers(options: String?, callback: UniJSCallback?) {
        call("muteAllGroupMembers", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun kickGroupMember(options: String?, callback: UniJSCallback?) {
        call("kickGroupMember", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun setGroupMemberRole(options: String?, callback: UniJSCallback?) {
        call("setGroupMemberRole", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun transferGroupOwner(options: String?, callback: UniJSCallback?) {
        call("transferGroupOwner", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun searchGroupMembers(options: String?, callback: UniJSCallback?) {
        call("searchGroupMembers", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun markGroupMemberList(options: String?, callback: UniJSCallback?) {
        call("markGroupMemberList", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun initGroupAttributes(options: String?, callback: UniJSCallback?) {
        call("initGroupAttributes", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun setGroupAttributes(options: String?, callback: UniJSCallback?) {
        call("setGroupAttributes", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun deleteGroupAttributes(options: String?, callback: UniJSCallback?) {
        call("deleteGroupAttributes", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun getGroupAttributes(options: String?, callback: UniJSCallback?) {
        call("getGroupAttributes", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun setGroupCounters(options: String?, callback: UniJSCallback?) {
        call("setGroupCounters", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun getGroupCounters(options: String?, callback: UniJSCallback?) {
        call("getGroupCounters", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun increaseGroupCounter(options: String?, callback: UniJSCallback?) {
        call("increaseGroupCounter", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun decreaseGroupCounter(options: String?, callback: UniJSCallback?) {
        call("decreaseGroupCounter", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun createCommunity(options: String?, callback: UniJSCallback?) {
        call("createCommunity", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun getJoinedCommunityList(options: String?, callback: UniJSCallback?) {
        call("getJoinedCommunityList", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun createTopicInCommunity(options: String?, callback: UniJSCallback?) {
        call("createTopicInCommunity", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun deleteTopicFromCommunity(options: String?, callback: UniJSCallback?) {
        call("deleteTopicFromCommunity", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun setTopicInfo(options: String?, callback: UniJSCallback?) {
        call("setTopicInfo", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun getTopicInfoList(options: String?, callback: UniJSCallback?) {
        call("getTopicInfoList", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun createPermissionGroupInCommunity(options: String?, callback: UniJSCallback?) {
        call("createPermissionGroupInCommunity", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun deletePermissionGroupFromCommunity(options: String?, callback: UniJSCallback?) {
        call("deletePermissionGroupFromCommunity", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun modifyPermissionGroupInfoInCommunity(options: String?, callback: UniJSCallback?) {
        call("modifyPermissionGroupInfoInCommunity", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun getJoinedPermissionGroupListInCommunity(options: String?, callback: UniJSCallback?) {
        call("getJoinedPermissionGroupListInCommunity", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun getPermissionGroupListInCommunity(options: String?, callback: UniJSCallback?) {
        call("getPermissionGroupListInCommunity", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun addCommunityMembersToPermissionGroup(options: String?, callback: UniJSCallback?) {
        call("addCommunityMembersToPermissionGroup", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun removeCommunityMembersFromPermissionGroup(options: String?, callback: UniJSCallback?) {
        call("removeCommunityMembersFromPermissionGroup", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun getCommunityMemberListInPermissionGroup(options: String?, callback: UniJSCallback?) {
        call("getCommunityMemberListInPermissionGroup", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun addTopicPermissionToPermissionGroup(options: String?, callback: UniJSCallback?) {
        call("addTopicPermissionToPermissionGroup", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun deleteTopicPermissionFromPermissionGroup(options: String?, callback: UniJSCallback?) {
        call("deleteTopicPermissionFromPermissionGroup", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun modifyTopicPermissionInPermissionGroup(options: String?, callback: UniJSCallback?) {
        call("modifyTopicPermissionInPermissionGroup", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun getTopicPermissionInPermissionGroup(options: String?, callback: UniJSCallback?) {
        call("getTopicPermissionInPermissionGroup", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun setCommunityListener(options: String?, callback: UniJSCallback?) {
        call("setCommunityListener", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun removeCommunityListener(options: String?, callback: UniJSCallback?) {
        call("removeCommunityListener", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun setGroupListener(options: String?, callback: UniJSCallback?) {
        call("setGroupListener", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun removeGroupListener(options: String?, callback: UniJSCallback?) {
        call("removeGroupListener", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun invite(options: String?, callback: UniJSCallback?) {
        call("invite", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun inviteInGroup(options: String?, callback: UniJSCallback?) {
        call("inviteInGroup", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun cancel(options: String?, callback: UniJSCallback?) {
        call("cancel", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun accept(options: String?, callback: UniJSCallback?) {
        call("accept", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun reject(options: String?, callback: UniJSCallback?) {
        call("reject", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun getSignalingInfo(options: String?, callback: UniJSCallback?) {
        call("getSignalingInfo", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun addInvitedSignaling(options: String?, callback: UniJSCallback?) {
        call("addInvitedSignaling", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun modifyInvitation(options: String?, callback: UniJSCallback?) {
        call("modifyInvitation", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun getPendingInvitationList(options: String?, callback: UniJSCallback?) {
        call("getPendingInvitationList", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun setSignalingListener(options: String?, callback: UniJSCallback?) {
        call("setSignalingListener", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun removeSignalingListener(options: String?, callback: UniJSCallback?) {
        call("removeSignalingListener", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun getUsersInfo(options: String?, callback: UniJSCallback?) {
        call("getUsersInfo", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun setSelfInfo(options: String?, callback: UniJSCallback?) {
        call("setSelfInfo", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun searchUsers(options: String?, callback: UniJSCallback?) {
        call("searchUsers", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun subscribeUserInfo(options: String?, callback: UniJSCallback?) {
        call("subscribeUserInfo", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun unsubscribeUserInfo(options: String?, callback: UniJSCallback?) {
        call("unsubscribeUserInfo", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun getUserStatus(options: String?, callback: UniJSCallback?) {
        call("getUserStatus", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun setSelfStatus(options: String?, callback: UniJSCallback?) {
        call("setSelfStatus", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun subscribeUserStatus(options: String?, callback: UniJSCallback?) {
        call("subscribeUserStatus", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun unsubscribeUserStatus(options: String?, callback: UniJSCallback?) {
        call("unsubscribeUserStatus", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun getFriendList(options: String?, callback: UniJSCallback?) {
        call("getFriendList", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun getFriendsInfo(options: String?, callback: UniJSCallback?) {
        call("getFriendsInfo", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun setFriendInfo(options: String?, callback: UniJSCallback?) {
        call("setFriendInfo", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun addFriend(options: String?, callback: UniJSCallback?) {
        call("addFriend", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun deleteFromFriendList(options: String?, callback: UniJSCallback?) {
        call("deleteFromFriendList", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun checkFriend(options: String?, callback: UniJSCallback?) {
        call("checkFriend", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun getFriendApplicationList(options: String?, callback: UniJSCallback?) {
        call("getFriendApplicationList", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun acceptFriendApplication(options: String?, callback: UniJSCallback?) {
        call("acceptFriendApplication", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun refuseFriendApplication(options: String?, callback: UniJSCallback?) {
        call("refuseFriendApplication", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun deleteFriendApplication(options: String?, callback: UniJSCallback?) {
        call("deleteFriendApplication", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun setFriendApplicationRead(options: String?, callback: UniJSCallback?) {
        call("setFriendApplicationRead", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun searchFriends(options: String?, callback: UniJSCallback?) {
        call("searchFriends", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun addToBlackList(options: String?, callback: UniJSCallback?) {
        call("addToBlackList", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun deleteFromBlackList(options: String?, callback: UniJSCallback?) {
        call("deleteFromBlackList", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun getBlackList(options: String?, callback: UniJSCallback?) {
        call("getBlackList", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun createFriendGroup(options: String?, callback: UniJSCallback?) {
        call("createFriendGroup", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun deleteFriendGroup(options: String?, callback: UniJSCallback?) {
        call("deleteFriendGroup", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun renameFriendGroup(options: String?, callback: UniJSCallback?) {
        call("renameFriendGroup", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun getFriendGroupList(options: String?, callback: UniJSCallback?) {
        call("getFriendGroupList", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun getFriendGroups(options: String?, callback: UniJSCallback?) {
        call("getFriendGroups", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun addFriendsToFriendGroup(options: String?, callback: UniJSCallback?) {
        call("addFriendsToFriendGroup", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun deleteFriendsFromFriendGroup(options: String?, callback: UniJSCallback?) {
        call("deleteFriendsFromFriendGroup", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun setFriendListener(options: String?, callback: UniJSCallback?) {
        call("setFriendListener", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun removeFriendListener(options: String?, callback: UniJSCallback?) {
        call("removeFriendListener", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun followUser(options: String?, callback: UniJSCallback?) {
        call("followUser", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun unfollowUser(options: String?, callback: UniJSCallback?) {
        call("unfollowUser", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun getMyFollowingList(options: String?, callback: UniJSCallback?) {
        call("getMyFollowingList", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun getMyFollowersList(options: String?, callback: UniJSCallback?) {
        call("getMyFollowersList", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun getMutualFollowersList(options: String?, callback: UniJSCallback?) {
        call("getMutualFollowersList", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun getUserFollowInfo(options: String?, callback: UniJSCallback?) {
        call("getUserFollowInfo", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun checkFollowType(options: String?, callback: UniJSCallback?) {
        call("checkFollowType", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun subscribeOfficialAccount(options: String?, callback: UniJSCallback?) {
        call("subscribeOfficialAccount", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun unsubscribeOfficialAccount(options: String?, callback: UniJSCallback?) {
        call("unsubscribeOfficialAccount", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun getOfficialAccountsInfo(options: String?, callback: UniJSCallback?) {
        call("getOfficialAccountsInfo", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun setOfflinePushConfig(options: String?, callback: UniJSCallback?) {
        call("setOfflinePushConfig", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun doBackground(options: String?, callback: UniJSCallback?) {
        call("doBackground", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun doForeground(options: String?, callback: UniJSCallback?) {
        call("doForeground", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun setAppBadge(options: String?, callback: UniJSCallback?) {
        call("setAppBadge", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun setAPNSListener(options: String?, callback: UniJSCallback?) {
        call("setAPNSListener", options, callback)
    }

    /** Not served yet. */
    @UniJSMethod(uiThread = false)
    public fun removeAPNSListener(options: String?, callback: UniJSCallback?) {
        call("removeAPNSListener", options, callback)
    }
}
