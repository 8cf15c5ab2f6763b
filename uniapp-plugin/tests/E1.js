// E1: loading the module.
var Im = uni.requireNativePlugin('Whinchat-IM')
var again = weex.requireModule('Whinchat-IM')

check(uni.requireNativePlugin('RY-TencentIM') === undefined, 'our id replaces the old one')
var names = ['init', 'unInit', 'login', 'logout', 'getLoginUser', 'getLoginStatus', 'getVersion', 'getServerTime', 'setSDKListener', 'removeSDKListener',
  'setSimpleMsgListener', 'setAdvancedMsgListener', 'delAdvancedMsgListener', 'setSendMessageListener', 'setConversationListener', 'createTextMessage',
  'createCustomMessage', 'createTextAtMessage', 'setMessage', 'appendElem', 'sendMessage', 'sendMesasge', 'sendC2CTextMessage', 'sendGroupTextMessage',
  'markC2CMessageAsRead', 'getC2CHistoryMessageList', 'getGroupHistoryMessageList', 'deleteMessages', 'getConversationList', 'getTotalUnreadMessageCount']
for (var i = 0; i < names.length; i++) {
  check(typeof Im[names[i]] === 'function', names[i] + ' is there')
  check(typeof again[names[i]] === 'function', names[i] + ' is there through weex.requireModule too')
}

// One core: a listener set through one hears of the login of the other.
var sdk = hear(again, 'setSDKListener')
await login(Im, 'alice')
await sdk.next('onConnectSuccess')
check((await must(again, 'getLoginUser')).userId === 'alice', 'both have the same core')
