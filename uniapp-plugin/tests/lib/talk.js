// Helpers for the scripts beside this folder. Every host runs them before a script, as one text with it: no modules here.
'use strict'

/** Calls a method; gives its answer, whatever it is. */
function ask(Im, method, params) {
  return new Promise(function (resolve) {
    Im[method](params === undefined ? {} : params, resolve)
  })
}

/** Calls a method that has to succeed. */
async function must(Im, method, params) {
  const ret = await ask(Im, method, params)
  check(ret.hasOwnProperty('status') && ret.status === true && ret.code === 0, method + ' succeeds: ' + JSON.stringify(ret))
  check(ret.msg === '' && ret.desc === '' && !ret.hasOwnProperty('eventType'), method + ' says nothing on success')
  return ret
}

/** Calls a method that has to fail with this code. */
async function refused(Im, method, params, code) {
  const ret = await ask(Im, method, params)
  check(ret.status === false && ret.code === code, method + ' fails with ' + code + ': ' + JSON.stringify(ret))
  check(typeof ret.msg === 'string' && ret.msg !== '' && ret.desc === ret.msg, method + ' says why in msg and desc')
  return ret
}

/** Hears a listener: `all` is what came, `next` waits for an event from here on, `count` counts. */
function hear(Im, setter) {
  const ear = { all: [], place: 0, waiting: null }
  Im[setter]({}, function (ret) {
    check(ret.hasOwnProperty('eventType') && !ret.hasOwnProperty('status'), setter + ' gives events: ' + JSON.stringify(ret))
    ear.all.push(ret)
    if (ear.waiting) ear.waiting()
  })
  ear.next = function (eventType, fits) {
    return caught(ear, eventType, function (event) {
      return event.eventType === eventType && (!fits || fits(event))
    })
  }
  ear.count = function (eventType, fits) {
    return ear.all.filter(function (event) {
      return event.eventType === eventType && (!fits || fits(event))
    }).length
  }
  return ear
}

/** The next of what an ear hears that fits; passes over the others. */
function caught(ear, what, fits) {
  async function look() {
    for (;;) {
      while (ear.place < ear.all.length) {
        const heard = ear.all[ear.place++]
        if (fits(heard)) return heard
      }
      await new Promise(function (resolve) {
        ear.waiting = resolve
      })
    }
  }
  return stage.within(what, look())
}

/** A phone with somebody logged in. */
async function login(Im, userId) {
  await must(Im, 'init', { sdkAppId: stage.appId })
  await must(Im, 'login', { userId: userId, userSig: await stage.sig(userId) })
  return Im
}

/** Asks again until the answer is right. */
function until(what, work) {
  async function look() {
    for (;;) {
      const found = await work()
      if (found) return found
      await new Promise(function (resolve) {
        setTimeout(resolve, 20)
      })
    }
  }
  return stage.within(what, look())
}

/** The conversation of this id, or undefined. */
async function conversation(Im, conversationId) {
  const page = await must(Im, 'getConversationList', { nextSeq: 0, count: 100 })
  return page.conversationList.find(function (item) {
    return item.conversationId === conversationId
  })
}

/** The texts of a history, oldest first. */
async function texts(Im, userId) {
  const page = await must(Im, 'getC2CHistoryMessageList', { userId: userId, count: 100, msgId: '' })
  return page.messageList
    .map(function (message) {
      return message.elem && message.elem.text
    })
    .reverse()
}
