// E2: init, then setSDKListener.
var Im = uni.requireNativePlugin('Whinchat-IM')
var sdk = hear(Im, 'setSDKListener')

// 5. sdkAppId is all that is needed, and it is needed.
await refused(Im, 'init', {}, 6017)
check(sdk.all.length === 0, 'registering makes no call, and neither does an init that fails')

// 1. Without network too.
await stage.cut()
await must(Im, 'init', { sdkAppId: stage.appId, docPath: plus.io.convertLocalFileSystemURL('_doc') })
await must(Im, 'init', { sdkAppId: String(stage.appId), docPath: plus.io.convertLocalFileSystemURL('_doc') })
check(sdk.all.length === 0, 'init makes no event')
await stage.mend()

// 3. Once each, in this order.
await must(Im, 'login', { userId: 'alice', userSig: await stage.sig('alice') })
await sdk.next('onConnectSuccess')
check(sdk.count('onConnecting') === 1 && sdk.count('onConnectSuccess') === 1, 'one attempt, one success')
check(sdk.all[0].eventType === 'onConnecting', 'onConnecting comes first')

// 4. The server goes and comes; the app does nothing.
await stage.server.stop()
var down = await sdk.next('onConnectFailed')
check(typeof down.code === 'number' && down.code > 0, 'onConnectFailed has a code')
await sdk.next('onConnecting')
await stage.server.start()
await sdk.next('onConnectSuccess')

// The same user on a second phone of the platform.
var second = stage.phone('second')
await login(second, 'alice')
await sdk.next('onKickedOffline')
check((await must(Im, 'getLoginStatus')).loginStatus === 3, 'who was kicked is logged out')

// 5. docPath left out, 6. every level.
for (var level = 0; level <= 4; level++) {
  var fresh = stage.phone('level' + level)
  await must(fresh, 'init', { sdkAppId: stage.appId, logLevel: level })
}

// A signature that runs out while online ends the login, and nothing tries again.
await must(Im, 'login', { userId: 'carol', userSig: await stage.sig('carol', 2) })
await sdk.next('onUserSigExpired')
check((await must(Im, 'getLoginStatus')).loginStatus === 3, 'whose signature ran out is logged out')
