// Measures what a page sees: node bench.mjs --whinchat BINARY [--conversations 1000] [--events 10000] [--out FILE]
import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { launch } from './lib/chromium.mjs'
import { startSim } from './lib/whinchat.mjs'

const plugin = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const { values: flags } = parseArgs({
  options: {
    whinchat: { type: 'string' },
    conversations: { type: 'string', default: '1000' },
    events: { type: 'string', default: '10000' },
    out: { type: 'string' },
  },
})
const RUNS = 5
const rows = []

// What the page still holds, not what its collector has left lying.
const browser = await launch(['--js-flags=--expose-gc', '--enable-precise-memory-info'])
try {
  await onASim(list)
  await onASim(events)
} finally {
  await browser.close()
}
for (const row of rows) {
  const ratio = row.floor === undefined ? '' : `  floor ${row.floor.toFixed(2)}  ratio ${(row.ours / row.floor).toFixed(2)}`
  console.log(`${row.name}: ${row.ours.toFixed(2)} ${row.unit}${ratio}`)
}
if (flags.out) await writeFile(flags.out, JSON.stringify(rows, null, 2) + '\n')

async function onASim(work) {
  const sim = await startSim(resolve(flags.whinchat), { pages: plugin })
  try {
    await work(sim)
  } finally {
    await sim.stop()
  }
}

/** A page with a phone and the helpers of the scripts. */
async function phone(sim, device) {
  const page = await (await browser.newContext()).newPage()
  const key = sim.address.searchParams.get('key')
  const info = await (await fetch(`${sim.address.origin}/sim/info?key=${key}`)).json()
  await page.goto(`${sim.address.origin}/hosts/browser/page.html?key=${key}`)
  await page.waitForFunction(() => typeof globalThis.__runScript === 'function')
  await page.addScriptTag({ content: await readFile(join(plugin, 'tests/lib/talk.js'), 'utf8') })
  const run = async (source, given = {}) => {
    await page.evaluate((given) => Object.assign(globalThis, { given, figures: undefined }), given)
    const script = { source, name: 'bench', info, patience: 60_000, device }
    const { failures } = await page.evaluate((script) => globalThis.__runScript(script), script)
    if (failures.length > 0) throw new Error(failures.join('\n'))
    return page.evaluate(() => globalThis.figures)
  }
  return { run, ready: () => page.waitForFunction(() => globalThis.listening === true) }
}

/** The list of so many conversations, from a start without anything in memory to the page. */
async function list(sim) {
  const count = Number(flags.conversations)
  const alice = await phone(sim, 'alice')
  const found = await alice.run(
    `
    await login(uni.requireNativePlugin('Whinchat-IM'), 'alice')
    var Im = uni.requireNativePlugin('Whinchat-IM')
    await Promise.all(Array.from({ length: given.count }, (_, n) => must(Im, 'createGroup', { groupType: 'Work', groupName: 'group ' + n })))
    function draw(items) {
      for (const item of items) {
        const row = document.body.appendChild(document.createElement('div'))
        row.textContent = item.showName + ' ' + (item.lastMessage ? item.lastMessage.timestamp : '')
      }
      document.body.getBoundingClientRect()
    }
    const ours = [], first = [], floor = []
    for (let run = 0; run < given.runs; run++) {
      Im = await stage.restart()
      document.body.replaceChildren()
      const began = performance.now()
      const login = ask(Im, 'init', { sdkAppId: stage.appId }) && ask(Im, 'login', { userId: 'alice', userSig: '' })
      const texts = []
      let next = 0, drawn = 0
      for (;;) {
        const page = await must(Im, 'getConversationList', { nextSeq: next, count: 100 })
        draw(page.conversationList)
        if (drawn === 0) first.push(performance.now() - began)
        drawn += page.conversationList.length
        next = page.nextSeq
        texts.push(JSON.stringify(page))
        if (page.isFinished) break
      }
      ours.push(performance.now() - began)
      check(drawn === given.count, drawn + ' conversations were drawn')
      await login
      document.body.replaceChildren()
      const bare = performance.now()
      for (const text of texts) draw(JSON.parse(text).conversationList)
      floor.push(performance.now() - bare)
    }
    figures = { ours, first, floor }
    `,
    { count, runs: RUNS },
  )
  rows.push({ name: `first list of ${count} conversations in Chromium, from a start to all of them drawn`, unit: 'ms', ours: median(found.ours), floor: median(found.floor) })
  rows.push({ name: 'the same, until the first 100 are drawn', unit: 'ms', ours: median(found.first) })
}

/** So many messages into a page that takes each at once, and into one that takes a millisecond for each. */
async function events(sim) {
  const count = Number(flags.events)
  const bob = await phone(sim, 'bob')
  for (const [kind, busy] of [['fast', 0], ['slow', 1]]) {
    const page = await phone(sim, `alice-${kind}`)
    const hearing = page.run(
      `
      var Im = uni.requireNativePlugin('Whinchat-IM')
      await login(Im, 'alice')
      const wanted = given.count, heap = [], order = []
      let began = 0
      const all = new Promise((done) => Im.setAdvancedMsgListener({}, function (ret) {
        if (ret.eventType !== 'onRecvNewMessage' || !ret.elem.text.startsWith(given.kind)) return
        if (order.length === 0) began = performance.now()
        order.push(Number(ret.elem.text.split(' ')[1]))
        for (const until = performance.now() + given.busy; performance.now() < until;);
        if (order.length % 500 === 0) { gc(); heap.push(performance.memory.usedJSHeapSize) }
        if (order.length === wanted) done()
      }))
      globalThis.listening = true
      await all
      figures = { took: performance.now() - began, heap, kept: order.every((n, at) => n === at), got: order.length }
      `,
      { count, kind, busy },
    )
    const memory = watchMemory(sim.pid)
    await Promise.race([page.ready(), hearing])
    const sending = bob.run(
      `
      var Im = await login(uni.requireNativePlugin('Whinchat-IM'), 'bob')
      for (let n = 0; n < given.count; n += 500) {
        await Promise.all(Array.from({ length: Math.min(500, given.count - n) }, (_, at) => must(Im, 'sendC2CTextMessage', { text: given.kind + ' ' + (n + at), userId: 'alice' })))
      }
      `,
      { count, kind },
    )
    const [found] = await Promise.all([hearing, sending])
    const resident = memory.stop()
    if (!found.kept || found.got !== count) throw new Error(`${kind}: the order was not kept, or ${found.got} of ${count} came`)
    rows.push({ name: `${count} messages into a ${kind} page, each`, unit: 'us', ours: (found.took / count) * 1000 })
    rows.push({ name: 'the same: memory of server, simulator and its devices, last quarter beside the second', unit: 'MB', ...flatness(resident) })
    rows.push({ name: 'the same: heap of the page, last quarter beside the second', unit: 'MB', ...flatness(found.heap.map((bytes) => bytes / 1e6)) })
  }
}

/** Resident memory of a process on Linux, looked at while it works. */
function watchMemory(pid) {
  const seen = []
  const look = async () => {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
    const found = /VmRSS:\s+(\d+) kB/.exec(status)
    if (found) seen.push(Number(found[1]) / 1000)
  }
  const timer = setInterval(look, 250)
  look()
  return { stop: () => (clearInterval(timer), seen) }
}

/** What is flat has the same in the last quarter of the work as in the second: the first warms up. */
function flatness(values) {
  const quarter = Math.floor(values.length / 4)
  return { ours: median(values.slice(3 * quarter)), floor: median(values.slice(quarter, 2 * quarter)) }
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
}
