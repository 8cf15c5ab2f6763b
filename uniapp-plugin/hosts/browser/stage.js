// What a script has beside its own phone: further phones, the server, the networks.
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

export function makeStage({ watch, info, device, key }) {
  const phones = new Map()
  const ask = (method, path, query) => watch.work(`stage ${path}`, fetched(method, path, query))
  const fetched = async (method, path, query) => {
    const answer = await fetch(`${path}?${new URLSearchParams({ key, ...query })}`, { method })
    const body = await answer.json()
    if (!answer.ok) throw new Error(`${path}: ${body.error}`)
    return body
  }
  const take = (name, platform) => {
    const phone = takeDevice({ watch, key, name, platform })
    phones.set(name, phone)
    return phone
  }
  const own = take(device, 'android')
  const stage = {
    device,
    appId: info.appId,
    phone: (name, { platform = 'android' } = {}) => (phones.get(name) ?? take(name, platform)).module,
    sig: async (user, seconds) => (await ask('GET', '/control/sig', seconds === undefined ? { user } : { user, seconds })).userSig,
    server: {
      url: info.server,
      stop: () => ask('POST', '/control/server', { state: 'stop' }),
      start: () => ask('POST', '/control/server', { state: 'start' }),
    },
    cut: (name = device) => ask('POST', '/control/network', { device: name, state: 'cut' }),
    mend: (name = device) => ask('POST', '/control/network', { device: name, state: 'open' }),
    restart: (name = device) => watch.work('stage.restart', again(name)),
    done: () => watch.done(),
  }
  const again = async (name) => {
    const before = phones.get(name)
    await before?.end()
    const phone = take(name, before?.platform ?? 'android')
    await phone.ready
    return phone.module
  }
  const check = (condition, sentence) => {
    if (!condition) watch.fail(new Error(`not so: ${sentence}`))
    return Boolean(condition)
  }
  return { stage, own, check }
}
