// An app that was written for the other plugin: its name, and calls as its page prints them.
var Im = uni.requireNativePlugin('RY-TencentIM')
check(uni.requireNativePlugin('Whinchat-IM') === undefined, 'the package has the one name')
var bob = await login(stage.phone('bob'), 'bob')
var heard = hear(bob, 'setAdvancedMsgListener')
await must(Im, 'init', { sdkAppId: stage.appId })
await new Promise(function (resolve) {
  Im.login({ userId: 'alice' }, (ret) => {
    check(ret.hasOwnProperty('status') && ret.status, 'logged in: ' + JSON.stringify(ret))
    Im.createTextMessage({ text: 'hello' }, (ret) => {
      check(ret.hasOwnProperty('status') && ret.status, 'made')
      Im.sendMesasge({ receiver: 'bob', mesageKey: ret.messageKey }, (ret) => {
        check(ret.hasOwnProperty('status') && ret.status, 'sent: ' + JSON.stringify(ret))
        resolve()
      })
    })
  })
})
check((await heard.next('onRecvNewMessage')).elem.text === 'hello', 'it arrives')
Im = await stage.restart()
check((await must(Im, 'getLoginUser')).userId === '', 'a new process of the same package')
