// The JavaScript side of a native host: what the vendor's runtime does in JavaScript, and the globals of a page. Evaluated in
// each JavaScript instance, behind watch.js and stage.js, as one text; README.md says what `__native` is.
import { Watch, explained } from '../browser/watch.js'
import { makeStage, runScript } from './stage.js'

const native = globalThis.__native
const say = (line) => native('say', JSON.stringify(line))
/** What the driver told of this run: plugins, device, documents, … */
let given = { plugins: [] }
/** Whom a fault that nobody took is told to. */
let blame = (error) => say({ violation: `an error that nobody took: ${explained(error)}` })

// Callbacks: a function crosses as an id.
const callbacks = new Map()
let lastId = 0

function invoked(text) {
  const { id, data, keep } = JSON.parse(text)
  const callback = callbacks.get(id)
  if (!keep) callbacks.delete(id)
  if (callback) tried(() => callback(data))
  else if (id !== '') say({ violation: `invalid callback id "${id}"` })
}

function tried(work) {
  try {
    work()
  } catch (error) {
    blame(error)
  }
}

/** What a top-level argument becomes. What is in an object becomes what JSON makes of it. */
function crossing(value) {
  if (value === undefined || value === null) return ''
  if (value instanceof Date) return value.toISOString()
  if (value instanceof RegExp) return value.toString()
  if (value instanceof ArrayBuffer) return binary('ArrayBuffer', new Uint8Array(value))
  if (ArrayBuffer.isView(value)) return binary(value.constructor.name, new Uint8Array(value.buffer, value.byteOffset, value.byteLength))
  return value
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

function binary(dataType, bytes) {
  let base64 = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const three = (bytes[at] << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
    for (let n = 0; n < 4; n++) base64 += at + n > bytes.length ? '=' : DIGITS[(three >> (18 - 6 * n)) & 63]
  }
  return { '@type': 'binary', dataType, base64 }
}

/** The way to the server leads through the phone's own network, also for a script that names the server itself. */
function throughNetwork(method, params) {
  if (method !== 'init' || !params || params.server !== given.server) return params
  const { server, ...rest } = params
  return rest
}

/** A module as the runtime gives it: enumerable getters and nothing else; assigning to one calls it. */
function makeModule({ name, methods }, send) {
  const module = {}
  for (const method of methods) {
    const call = (...args) => {
      const indexes = []
      const crossed = args.map((arg, at) => {
        if (typeof arg !== 'function') return crossing(throughNetwork(method, arg))
        const id = String(++lastId)
        callbacks.set(id, arg)
        indexes.push(at)
        return id
      })
      return send({ module: name, method, args: crossed, callbacks: indexes })
    }
    Object.defineProperty(module, method, { enumerable: true, get: () => call, set: (value) => void call(value) })
  }
  return module
}

function sendHere(call) {
  const returned = native('call', JSON.stringify(call))
  return returned === undefined ? undefined : JSON.parse(returned)
}

const sendTo = (device, page) => (call) => say({ to: { device, page, ...call } })

// Global events of this instance.
const listeners = new Map()
const globalEvent = {
  addEventListener: (name, listener) => void listeners.set(name, [...(listeners.get(name) ?? []), listener]),
  removeEventListener: (name) => void listeners.delete(name),
  removeAllEventListeners: () => listeners.clear(),
}

function fired(text) {
  const { name, params } = JSON.parse(text)
  for (const listener of listeners.get(name) ?? []) tried(() => listener(params))
}

// Questions to the driver.
const questions = new Map()

function ask(what, more = {}) {
  return new Promise((resolve, reject) => {
    const n = questions.size === 0 ? 1 : Math.max(...questions.keys()) + 1
    questions.set(n, { resolve, reject })
    say({ ask: { n, what, ...more } })
  })
}

function answered(text) {
  const { to, value, error } = JSON.parse(text)
  const question = questions.get(to)
  questions.delete(to)
  if (error === undefined) question?.resolve(value)
  else question?.reject(new Error(error))
}

// Timers and the console.
const timers = new Map()
let lastTimer = 0

function later(work, ms, args, every) {
  const id = ++lastTimer
  timers.set(id, { work: () => work(...args), ms, every })
  native('timer', JSON.stringify({ id, ms: Math.max(0, Number(ms) || 0) }))
  return id
}

function timer(text) {
  const id = Number(text)
  const due = timers.get(id)
  if (!due) return
  if (due.every) native('timer', JSON.stringify({ id, ms: Math.max(1, Number(due.ms) || 0) }))
  else timers.delete(id)
  tried(due.work)
}

function written(value) {
  if (typeof value === 'string') return value
  if (value instanceof Error) return explained(value)
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return String(value)
  }
}

const print = (level) => (...words) => native('console', JSON.stringify({ level, text: words.map(written).join(' ') }))

/** `_doc/…` and `_www/…` become absolute. */
function convert(path) {
  const match = /^(?:file:\/\/)?_(doc|www)(?:\/(.*))?$/.exec(path)
  if (!match) return path.replace(/^file:\/\//, '')
  const root = match[1] === 'doc' ? given.documents : `${given.documents}/_www`
  return match[2] ? `${root}/${match[2]}` : root
}

const known = new Map()

/** What `uni.requireNativePlugin` gives; `counted` makes of a module one whose callbacks are watched. */
function finder(send, counted) {
  return (name) => {
    if (name === 'globalEvent') return globalEvent
    const plugin = given.plugins.find((plugin) => plugin.name === name)
    if (!plugin) {
      console.warn(`this base does not contain the native plugin [${name}]`)
      return undefined
    }
    if (!known.has(name)) known.set(name, counted(makeModule(plugin, send)))
    return known.get(name)
  }
}

function install(find) {
  Object.assign(globalThis, {
    uni: { requireNativePlugin: find },
    weex: { requireModule: find },
    plus: { io: { convertLocalFileSystemURL: convert } },
  })
}

/** Begins: `__runtime.run` or ready-made scripts follow. */
function begin(text) {
  given = JSON.parse(text)
  Object.assign(globalThis, {
    console: { log: print('info'), info: print('info'), debug: print('debug'), warn: print('warn'), error: print('error') },
    setTimeout: (work, ms, ...args) => later(work, ms, args, false),
    setInterval: (work, ms, ...args) => later(work, ms, args, true),
    clearTimeout: (id) => void timers.delete(id),
    clearInterval: (id) => void timers.delete(id),
  })
  install(finder(sendHere, (module) => module))
}

/** A script of uniapp-plugin/tests. */
function run(text) {
  const { name, source } = JSON.parse(text)
  const watch = new Watch()
  blame = (error) => watch.fail(error)
  const first = given.plugins[0]
  const elsewhere = (device, page) => watch.module(makeModule(first, sendTo(device, page)), device)
  const take = (device, platform) => {
    if (device === given.device && !given.beside) {
      const end = () => Promise.reject(new Error('this phone lives with its script: write stage.restart() into it'))
      return { module: find(first.name), ready: Promise.resolve(), end, platform }
    }
    say({ phone: { device, platform } })
    return { module: elsewhere(device, 'service'), ready: ask('ready', { device }), end: () => ask('kill', { device }), platform }
  }
  const send = given.beside ? sendTo(given.device, 'service') : sendHere
  const find = finder(send, (module) => watch.module(module, given.device))
  const { stage, check } = makeStage({ watch, info: given, device: given.device, patience: given.patience, take, ask })
  // What only a native host can do.
  stage.native = {
    page: (page, device = given.device) => elsewhere(device, page),
    closePage: (page, device = given.device) => watch.work('stage closePage', ask('destroyPage', { device, page })),
    lifecycle: (event, device = given.device) => watch.work('stage lifecycle', ask('lifecycle', { device, event })),
    stats: (device = given.device) => watch.work('stage stats', ask('stats', { device })),
  }
  install(find)
  Object.assign(globalThis, { stage, check })
  const itself = () => !watch.expectDone
  runScript(watch, { source, name, patience: given.patience }).then(({ failures }) => say({ done: { failures, itself: itself() } }))
}

globalThis.__runtime = { begin, run, invoked, fired, timer, answered, rejected: (error) => blame(error) }
