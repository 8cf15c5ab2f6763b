// What JavaScript measures in a host, in place of a script: it does what the lines `answer` say, and says what it found.
// Plain callbacks: promises would be the engine's own time.
(() => {
  'use strict'
  const native = globalThis.__native
  const found = (figures) => native('say', JSON.stringify({ figures }))
  let Im

  const work = {
    /** So many calls, one after the other: milliseconds of all. */
    calls({ method, params, count }) {
      let left = count
      const began = Date.now()
      const next = (ret) => {
        if (ret && ret.status !== true) return found({ wrong: JSON.stringify(ret) })
        if (left-- === 0) return found({ ms: Date.now() - began })
        Im[method](params, next)
      }
      next()
    },
    /**
     * Hears so many messages that begin with this text: milliseconds from the first to the last, those that came out of their log's
     * order, and those that stand there in another order than they were sent in.
     */
    listen({ text, count }) {
      let got = 0
      let began = 0
      let last = 0
      const disordered = []
      const strayed = []
      Im.setAdvancedMsgListener({}, (ret) => {
        if (ret.eventType !== 'onRecvNewMessage' || !ret.elem.text.startsWith(text)) return
        if (got === 0) began = Date.now()
        const { seq } = ret.message
        if (last > 0 && seq !== last + 1) disordered.push(`${ret.elem.text} (seq ${seq}) behind seq ${last}`)
        if (ret.elem.text !== text + ' ' + got) strayed.push(`${ret.elem.text} (seq ${seq}) at ${got}`)
        last = seq
        if (++got === count) found({ ms: Date.now() - began, disordered: disordered.slice(0, 4), strayed: strayed.slice(0, 4) })
      })
      // Answered behind the setter, so the listener is there.
      Im.getVersion({}, () => found({ listens: true }))
    },
    /** Hears nothing any more. */
    deaf() {
      Im.removeAdvancedMsgListener({}, () => found({}))
    },
    /** These calls, one behind the other: milliseconds until the last one's answer. */
    first({ calls }) {
      const began = Date.now()
      Im = uni.requireNativePlugin('Whinchat-IM')
      calls.forEach(([method, params], at) => {
        Im[method](params, (ret) => {
          if (at === calls.length - 1) found({ ms: Date.now() - began, answer: ret })
        })
      })
    },
  }

  globalThis.__runtime.run = () => found({ ready: true })
  globalThis.__runtime.answered = (text) => {
    const { value } = JSON.parse(text)
    work[value.work](value)
  }
})()
