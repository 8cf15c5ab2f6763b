// Helpers for the scripts of the other faces (compat-*.js).
'use strict'

/** Waits. */
function pause(ms) {
  return new Promise(function (resolve) { setTimeout(resolve, ms) })
}

/** What a ZIM's handlers were called with: `next` waits for an event from here on, `all` holds [event, ...arguments]. */
function hearZim(zim) {
  var ear = makeEar()
  ;['error', 'connectionStateChanged', 'tokenWillExpire', 'receivePeerMessage'].forEach(function (event) {
    zim.on(event, function () {
      ear.take([event].concat(Array.from(arguments)))
    })
  })
  return ear
}

/** A queue of calls, each [name, ...arguments]. */
function makeEar() {
  var ear = { all: [], place: 0, waiting: null }
  ear.take = function (call) {
    ear.all.push(call)
    if (ear.waiting) ear.waiting()
  }
  /** The arguments of the next call of this name that fits. */
  ear.next = async function (name, fits) {
    var call = await caught(ear, name, function (call) { return call[0] === name && (!fits || fits(call.slice(1))) })
    return call.slice(1)
  }
  /** The arguments of every call of this name so far. */
  ear.of = function (name) {
    return ear.all.filter(function (call) { return call[0] === name }).map(function (call) { return call.slice(1) })
  }
  return ear
}

/** Logs a user in and gives what his handlers hear. */
async function zimLogin(zim, userID) {
  var ear = hearZim(zim)
  await zim.login({ userID: userID, userName: userID }, await stage.sig(userID))
  return ear
}

/** A promise that has to be refused with this code of ZIM. */
async function zimRefused(promise, code) {
  var error = await promise.then(function (value) { return { value: value } }, function (error) { return error })
  check(error.code === code && typeof error.message === 'string' && error.message !== '', 'refused with ' + code + ': ' + (JSON.stringify(error) + ' ' + error.message).slice(0, 300))
  return error
}

/** Sends at the pace that ZIM allows: what was too fast is sent again. */
async function paced(send) {
  for (;;) {
    try {
      return await send()
    } catch (error) {
      if (error.code !== 6000004) throw error
      await pause(50)
    }
  }
}

/** What an IMSDK calls: every callback is set. */
function hearImsdk(sdk) {
  var ear = makeEar()
  Object.keys(sdk).forEach(function (name) {
    if (name.indexOf('callback_') !== 0) return
    sdk[name] = function () {
      ear.take([name.slice('callback_on'.length)].concat(Array.from(arguments)))
    }
  })
  return ear
}

/** The address of the stage's server with its app, as loginImpl takes it. */
function imsdkUrl() {
  return stage.server.url + '?appId=' + stage.appId
}

/** Logs a user in and gives what his IMSDK calls. */
async function imsdkLogin(sdk, loginUserId, seconds) {
  var ear = hearImsdk(sdk)
  sdk.loginImpl({ loginUserId: loginUserId, loginToken: await stage.sig(loginUserId, seconds) }, imsdkUrl())
  await ear.next('IMAfterLoginSucess')
  return ear
}

/** The outcome of a send: its code, and what ok, fail and complete were called with. */
function imsdkSend(sdk, p) {
  var called = []
  var record = function (name) { return function (told) { called.push([name, told]) } }
  var code
  var complete = new Promise(function (resolve) {
    code = sdk.sendData(p, record('ok'), record('fail'), function (told) { called.push(['complete', told]); resolve(called) })
  })
  return { code: code, called: called, complete: complete }
}

/** What an IM of Lanying tells. */
function hearLanying(im) {
  var ear = makeEar()
  var events = ['loginSuccess', 'loginFail', 'flooNotice', 'flooError', 'onRosterMessage', 'onGroupMessage', 'onMentionMessage', 'onSendingMessageStatusChanged',
    'onMessageStatusChanged', 'onReceiveHistoryMsg', 'onInputStatusMessage', 'onMessageDeleted', 'onUnreadChange', 'recentlistUpdate', 'onGroupMemberChanged']
  events.forEach(function (event) {
    im.on(event, function () {
      ear.take([event].concat(Array.from(arguments)))
    })
  })
  return ear
}

/** Logs a user in and gives what his IM tells. */
async function lanyingLogin(im, username, settings) {
  var ear = hearLanying(im)
  await im.init(Object.assign({ appId: stage.appId }, settings))
  await im.login({ username: username, password: await stage.sig(username) })
  return ear
}

/** A promise that has to be refused with this code. */
async function refusedWith(promise, code) {
  var error = await promise.then(function (value) { return { value: value } }, function (error) { return error })
  check(error.code === code && error.message !== '', 'refused with ' + code + ': ' + (JSON.stringify(error) + ' ' + error.message).slice(0, 300))
  return error
}
