// Phones of a page.
import { makeStage } from '../driver/stage.js'
import { install, PLUGIN_ID } from '/packages/whinchat-uniapp/dist/shim.js'

/** A device of the simulator as one JavaScript context. */
function takeDevice({ watch, key, name, platform }) {
  let dead = false
  let socket
  let hello
  const ready = new Promise((resolve) => (hello = resolve))
  class Socket extends WebSocket {
    constructor(url) {
      if (dead) throw new Error('this process was ended')
      super(url)
      socket = this
      // After the shim, which hears the same frame and learns every spelling from it.
      this.addEventListener('message', () => setTimeout(hello), { once: true })
    }
  }
  const query = new URLSearchParams({ whinchat: `ws://${location.host}/sim/socket?key=${key}`, device: name, platform })
  const scope = { location: { search: `?${query}`, hash: '' } }
  const quiet = (log) => (...words) => dead || log(...words)
  const world = {
    WebSocket: Socket,
    fetch: (...args) => fetch(...args),
    console: { error: quiet(console.error), warn: quiet(console.warn), info: quiet(console.info) },
    notice() {},
  }
  install({ plus: true }, scope, world)
  const module = watch.module(scope.uni.requireNativePlugin(PLUGIN_ID), name)
  const end = async () => {
    dead = true
    const closed = new Promise((resolve) => (socket.readyState === 3 ? resolve() : socket.addEventListener('close', resolve)))
    socket.close()
    await closed
  }
  return { module, ready, end, platform, convert: (path) => scope.plus.io.convertLocalFileSystemURL(path) }
}

/** The stage of a page: its phones are devices of the simulator, which is asked by HTTP. */
export function makePageStage({ watch, info, device, patience, key }) {
  const ask = async (what, given) => {
    const path = `/control/${what}`
    const method = what === 'sig' ? 'GET' : 'POST'
    const answer = await fetch(`${path}?${new URLSearchParams({ key, ...given })}`, { method })
    const body = await answer.json()
    if (!answer.ok) throw new Error(`${path}: ${body.error}`)
    return body
  }
  return makeStage({ watch, info, device, patience, ask, take: (name, platform) => takeDevice({ watch, key, name, platform }) })
}
