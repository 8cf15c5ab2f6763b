// Measures a host of native code beside the bridge in Rust, in the same run, by turns:
//   node bench.mjs --whinchat BINARY --floor BINARY --package FOLDER [--rounds 7] [--out FILE] -- HOST ARGS...
import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hostArgs } from './lib/args.mjs'
import { startSim } from '../browser/lib/whinchat.mjs'
import { Talker } from './lib/lines.mjs'
import { runtime } from './lib/prelude.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const { flags, command } = hostArgs({
  whinchat: { type: 'string' },
  floor: { type: 'string' },
  package: { type: 'string' },
  rounds: { type: 'string', default: '7' },
  out: { type: 'string' },
})
const ROUNDS = Number(flags.rounds)
const HISTORY = 100
const CONVERSATIONS = 100
const CALLS = 400
const HISTORIES = 50
const EVENTS = 2_000
/** Calls before anything counts: Java compiles what was called often. */
const WARM = 4_000
const WARM_HISTORIES = 600

const STATUS = { method: 'getLoginStatus', params: {} }
const PAST = { method: 'getC2CHistoryMessageList', params: { userId: 'bob', count: HISTORY } }
const LIST = ['getConversationList', { nextSeq: 0, count: CONVERSATIONS }]

/** A process that answers in order to what it is told. */
class Process {
  #talker
  #waiting = []
  #over = false

  constructor(command) {
    this.#talker = new Talker(command, (line) => this.hear(line))
    this.#talker.ended.then((how) => {
      if (!this.#over) this.#fail(`${command[0]} ended (${how})`)
    })
  }

  hear(line) {
    if (line.violation) this.#fail(line.violation)
    if (line.failed) this.#fail(line.failed)
    const at = this.#waiting.findIndex(({ fits }) => fits(line))
    if (at >= 0) this.#waiting.splice(at, 1)[0].resolve(line)
  }

  say(line) {
    this.#talker.say(line)
  }

  /** The next line that fits. */
  expect(fits) {
    return new Promise((resolve, reject) => this.#waiting.push({ fits, resolve, reject }))
  }

  async kill() {
    this.#over = true
    await this.#talker.kill()
  }

  /** Says its last line; it ends by itself. */
  async quit(line) {
    this.#over = true
    this.say(line)
    await this.#talker.ended
  }

  #fail(sentence) {
    for (const { reject } of this.#waiting.splice(0)) reject(new Error(sentence))
    console.error(sentence)
    process.exitCode = 1
  }
}

/** The bridge in Rust (tests/src/bin/bench/phone.rs). */
class Floor extends Process {
  constructor(place) {
    super([resolve(flags.floor), '--phone'])
    this.started = this.tell({ do: 'start', ...place })
  }

  async tell(line) {
    const answer = this.expect((line) => 'done' in line)
    this.say(line)
    return (await answer).done
  }

  ask(method, params) {
    return this.tell({ do: 'ask', method, params })
  }
}

/** A host. */
class Phone extends Process {
  #ids = 0

  constructor(place, appId) {
    super(command)
    this.given = { device: 'bench', appId, server: place.server, documents: place.documents, patience: 60_000, beside: false }
    const ready = this.expect((line) => line.ready)
    this.say({ do: 'start', package: resolve(flags.package), device: 'bench', platform: 'android', parameters: {}, timed: true, ...place })
    this.ready = ready.then((line) => line.ready)
  }

  /** Calls a method on a page that has no JavaScript of its own. */
  async ask(method, params) {
    return (await this.call(method, params)).data
  }

  async call(method, params) {
    const id = `bench-${++this.#ids}`
    const answer = this.expect((line) => line.callback?.id === id)
    this.say({ do: 'call', page: 'others', module: 'Whinchat-IM', method, args: [params, id], callbacks: [1] })
    return (await answer).callback
  }

  /** Gives the page its JavaScript. */
  async script() {
    const { plugins } = await this.ready
    const own = { name: 'bench-page.js', source: await readFile(join(here, 'bench-page.js'), 'utf8') }
    const prelude = [await runtime(), own]
    const ready = this.found()
    this.say({ do: 'script', page: 'service', prelude, name: 'bench', source: '', given: { ...this.given, plugins } })
    await ready
  }

  /** What the page found. */
  found() {
    return this.expect((line) => line.figures).then(({ figures }) => {
      if (figures.wrong) throw new Error(figures.wrong)
      return figures
    })
  }

  work(work, given) {
    const found = this.found()
    this.say({ do: 'answer', to: 1, value: { work, ...given } })
    return found
  }

  /** Nobody takes anything of the page while this is done. */
  async held(page, work) {
    await this.times()
    this.say({ do: 'hold', page })
    await work()
    this.say({ do: 'release', page })
  }

  async closed(page) {
    const destroyed = this.expect((line) => line.destroyed === page)
    this.say({ do: 'destroyPage', page })
    await destroyed
  }

  /** What it measured itself; nothing from a host that cannot. */
  async times() {
    if (!(await this.ready).times) return { calls: [], events: [] }
    const times = this.expect((line) => line.times)
    this.say({ do: 'times' })
    return (await times).times
  }
}

const figures = new Map()
function note(name, figure) {
  if (figure === undefined || Number.isNaN(figure)) return
  if (!figures.has(name)) figures.set(name, [])
  figures.get(name).push(figure)
}

const sim = await startSim(resolve(flags.whinchat), { pages: resolve(here, '../..') })
try {
  await measure()
} finally {
  await sim.stop()
}
const rows = [
  row('a call and its answer, getLoginStatus: the shell', 'status', 'us'),
  row('the same as JavaScript sees it', 'status', 'us', 'javascript'),
  row(`${HISTORY} messages of history: the shell`, 'history', 'us'),
  row('the same as JavaScript sees it', 'history', 'us', 'javascript'),
  row(`onRecvNewMessage, each of ${EVENTS} that wait: the shell`, 'event', 'us'),
  row('the same as JavaScript sees it', 'event', 'us', 'javascript'),
  row('a call holds the JavaScript thread: getLoginStatus', 'status held', 'us', 'shell', ''),
  row('a call holds the JavaScript thread: history', 'history held', 'us', 'shell', ''),
  row(`a new process, from the first call to the first list of ${CONVERSATIONS}: the shell`, 'first', 'ms'),
  row('the same as JavaScript sees it', 'first', 'ms', 'javascript'),
  row('the same from the start of the process, JavaScript and its engine left out', 'process', 'ms'),
].filter((row) => row)
for (const { name, unit, ours, floor, ratio } of rows) {
  const told = ({ median, least, most }) => `${median.toFixed(1)} ${unit} (${least.toFixed(1)} to ${most.toFixed(1)})`
  console.log(floor ? `${name}: ${told(ours)}  floor ${told(floor)}  ratio ${ratio.toFixed(2)}` : `${name}: ${told(ours)}`)
}
if (flags.out) await writeFile(flags.out, JSON.stringify(rows, null, 2) + '\n')

function row(name, what, unit, who = 'shell', beside = 'floor') {
  const all = figures.get(`${what} ${who}`)
  if (!all) return undefined
  const [ours, floor] = [spread(all), beside && spread(figures.get(`${what} ${beside}`))]
  return { name, unit, ours, ...(floor && { floor, ratio: ours.median / floor.median }) }
}

async function measure() {
  const { appId } = await control('/sim/info', {})
  const [mine, theirs, others] = await Promise.all(['mine', 'theirs', 'others'].map((device) => control('/control/device', { device })))
  const sender = new Floor(others)
  let floor = new Floor(theirs)
  let phone = new Phone(mine, appId)
  await Promise.all([sender.started, floor.started, phone.ready])
  await enter(sender, appId, 'bob')
  await enter(floor, appId, 'rust')
  await enter(phone, appId, 'host')
  for (const [who, user] of [[floor, 'rust'], [phone, 'host']]) {
    for (let n = 0; n < CONVERSATIONS; n++) must(await who.ask('createGroup', { groupType: 'Work', groupName: `group ${n}` }))
    await sender.tell({ do: 'send', text: 'a message of the past', to: user, count: HISTORY })
    await arrived(who, HISTORY)
  }
  await phone.script()
  await phone.work('first', { calls: [['getVersion', {}]] })
  await calls(phone, floor, 'warm', STATUS, WARM)
  await calls(phone, floor, 'warm', PAST, WARM_HISTORIES)
  await events(phone, floor, sender, 'warm', 0)
  for (let round = 1; round <= ROUNDS; round++) {
    await calls(phone, floor, 'status', STATUS, CALLS)
    await calls(phone, floor, 'history', PAST, HISTORIES)
    await events(phone, floor, sender, 'event', round)
  }
  for (let round = 1; round <= ROUNDS; round++) {
    await Promise.all([phone.quit({ do: 'quit' }), floor.kill()])
    ;({ phone, floor } = await first(mine, theirs, appId))
  }
  await Promise.all([phone.kill(), floor.kill(), sender.kill()])
}

/** New processes, one after the other, until their first list. */
async function first(mine, theirs, appId) {
  const begins = (userId) => [['init', { sdkAppId: appId }], ['login', { userId, userSig: '' }], LIST]
  let began = performance.now()
  const floor = new Floor(theirs)
  await floor.started
  const bare = await floor.tell({ do: 'first', calls: begins('rust') })
  note('process floor', performance.now() - began)
  note('first floor', bare.us / 1000)
  filled(bare.answer)

  began = performance.now()
  let phone = new Phone(mine, appId)
  await phone.ready
  const [, , list] = await Promise.all(begins('host').map(([method, params]) => phone.call(method, params)))
  note('process shell', performance.now() - began)
  filled(list.data)
  const { calls: timed } = await phone.times()
  if (timed.length > 0) {
    const of = (method) => timed.find((call) => call.method === method)
    note('first shell', (of('getConversationList').answered - of('init').entered) / 1000)
  }
  await phone.quit({ do: 'quit' })

  phone = new Phone(mine, appId)
  await phone.script()
  const found = await phone.work('first', { calls: begins('host') })
  filled(found.answer)
  note('first javascript', found.ms)
  return { phone, floor }
}

function filled(list) {
  if (must(list).conversationList.length !== CONVERSATIONS) throw new Error('the first list is not full')
}

/** The same calls in both. */
async function calls(phone, floor, name, { method, params }, count) {
  note(`${name} floor`, median(await floor.tell({ do: 'calls', method, params, count })))
  await phone.times()
  const { ms } = await phone.work('calls', { method, params, count })
  note(`${name} javascript`, (ms * 1000) / count)
  const { calls } = await phone.times()
  note(`${name} shell`, median(calls.map(({ entered, answered }) => answered - entered)))
  note(`${name} held shell`, median(calls.map(({ entered, left }) => left - entered)))
}

/** Messages that wait in the core until all have come; then they are taken. */
async function events(phone, floor, sender, name, round) {
  const text = `event ${round} `
  const begins = `${text}of`
  const before = await unread(floor)
  await floor.tell({ do: 'listen' })
  await sender.tell({ do: 'send', text: begins, to: 'rust', count: EVENTS })
  await arrived(floor, before + EVENTS)
  note(`${name} floor`, await floor.tell({ do: 'events', text: begins, count: EVENTS }))
  must(await floor.ask('markAllMessageAsRead', {}))

  if (!(await phone.ready).times) return
  // A listener that is no function: the shell does all it does, and the host lets it drop.
  phone.say({ do: 'call', page: 'quiet', module: 'Whinchat-IM', method: 'setAdvancedMsgListener', args: [{}, 'dropped'], callbacks: [] })
  let mine = await unread(phone)
  await phone.held('quiet', async () => {
    await sender.tell({ do: 'send', text: 'for nobody', to: 'host', count: EVENTS })
    await arrived(phone, mine + EVENTS)
  })
  const taken = []
  // Asking is work as well: not more often than needed.
  while (taken.length < EVENTS) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    taken.push(...(await phone.times()).events)
  }
  note(`${name} shell`, (taken.at(-1) - taken[0]) / (taken.length - 1))
  await phone.closed('quiet')

  mine = await unread(phone)
  await phone.work('listen', { text: begins, count: EVENTS })
  const heard = phone.found()
  await phone.held('service', async () => {
    await sender.tell({ do: 'send', text: begins, to: 'host', count: EVENTS })
    await arrived(phone, mine + EVENTS)
  })
  const { ms, disordered, strayed } = await heard
  if (disordered.length > 0) throw new Error(`messages came out of order: ${disordered.join(', ')}`)
  // Not what is measured here, and not to be passed over.
  if (strayed.length > 0) console.error(`the sender's order was not kept: ${strayed.join(', ')}`)
  note(`${name} javascript`, (ms * 1000) / (EVENTS - 1))
  await phone.work('deaf', {})
  must(await phone.ask('markAllMessageAsRead', {}))
}

async function enter(who, appId, userId) {
  must(await who.ask('init', { sdkAppId: appId }))
  must(await who.ask('login', { userId, userSig: (await control('/control/sig', { user: userId })).userSig }))
}

async function unread(who) {
  return must(await who.ask('getTotalUnreadMessageCount', {})).totalUnreadCount
}

async function arrived(who, count) {
  while ((await unread(who)) < count);
}

function must(answer) {
  if (answer.status !== true) throw new Error(JSON.stringify(answer))
  return answer
}

async function control(path, query) {
  const key = sim.address.searchParams.get('key')
  const answer = await fetch(`${sim.address.origin}${path}?${new URLSearchParams({ key, ...query })}`)
  return answer.json()
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
}

function spread(values) {
  return { median: median(values), least: Math.min(...values), most: Math.max(...values) }
}
