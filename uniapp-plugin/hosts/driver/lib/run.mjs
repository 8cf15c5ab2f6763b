// One script, from its simulator to the verdict.
import { readFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { KEEPS, LONGEST } from '../../browser/watch.js'
import { startSim } from '../../browser/lib/whinchat.mjs'
import { Talker } from './lines.mjs'
import { Phone } from './phone.mjs'
import { helpers, runtime } from './prelude.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const plugin = resolve(here, '../../..')
/** A script ends by itself, with a verdict that says what it waits for. One that does not has an engine that is stuck. */
const STUCK = LONGEST + 30_000
const DEVICE = 'phone'

/** Runs a script; gives what is wrong. `settings`: whinchat, command, folder (of the package), server, appId, patience, print. */
export async function runFile(file, settings) {
  const { whinchat, server, appId } = settings
  const sim = await startSim(resolve(whinchat), { pages: plugin, server, appId })
  const run = new Run(sim, settings)
  try {
    await run.script(basename(file), await readFile(file, 'utf8'))
    return await run.end()
  } finally {
    await sim.stop()
  }
}

class Run {
  #sim
  #settings
  #phones = new Map()
  #engine
  #failures = []
  #finish
  #finished = new Promise((resolve) => (this.#finish = resolve))

  constructor(sim, settings) {
    this.#sim = sim
    this.#settings = settings
  }

  async script(name, source) {
    // A phone that its own script ends cannot live in the script's process.
    const beside = /\bstage\s*\.\s*restart\s*\(\s*(\)|['"`]phone['"`])/.test(source)
    const info = await this.#ask('GET', '/sim/info', {})
    const own = this.#begin({ device: DEVICE, platform: 'android' })
    const ready = await own.ready.catch(() => undefined)
    if (!ready) return
    const { documents } = await this.#place(DEVICE)
    const within = ready.engine === true && !beside
    const given = { plugins: ready.plugins, device: DEVICE, appId: info.appId, server: info.server, documents, patience: this.#settings.patience, beside: !within }
    const prelude = [await runtime(), ...(await helpers(source))]
    const line = { do: 'script', page: 'service', prelude, name, source, given }
    if (within) own.say(line)
    else this.#scriptElsewhere(line)
    this.#engine ??= own
    const late = setTimeout(() => this.#fail(`its engine says nothing, also not that it goes on for more than ${LONGEST / 1000} s: it is stuck`), STUCK)
    const done = await this.#finished
    clearTimeout(late)
    this.#failures.push(...done.failures)
    if (done.itself && this.#failures.length === 0) await this.#owed()
  }

  /** Ends what still runs; gives everything that went wrong, also with that. */
  async end() {
    const engine = this.#engine
    this.#engine = undefined
    if (engine instanceof Talker) await engine.quit()
    const ends = await Promise.all([...this.#phones.values()].map((phone) => phone.quit()))
    return [...this.#failures, ...ends.filter(Boolean)]
  }

  #scriptElsewhere(line) {
    const command = [process.execPath, join(here, '../engine.mjs')]
    const engine = new Talker(command, (line) => this.#hear(line, undefined))
    engine.ended.then((how) => this.#engine === engine && this.#fail(`the script's engine ended (${how})`))
    engine.say(line)
    this.#engine = engine
  }

  /** Ids that were never invoked although their method owes an answer. */
  async #owed() {
    for (const phone of this.#phones.values()) {
      if (!phone.lives) continue
      const { unanswered, slow } = await phone.stats()
      for (const { method, id, page } of unanswered.filter(({ method }) => !KEEPS.test(method))) {
        this.#failures.push(`${phone.device}: ${method} never called back (id ${id} of ${page} is leaked)`)
      }
      const longest = slow.reduce((most, one) => (one.ms > most.ms ? one : most), { ms: 0 })
      if (slow.length > 0) this.#settings.print('info', `${phone.device}: ${slow.length} calls held the JavaScript thread for more than 16 ms, ${longest.method} for ${longest.ms} ms`)
    }
  }

  #fail(sentence) {
    this.#failures.push(sentence)
    this.#finish({ failures: [], itself: false })
  }

  #place(device) {
    return this.#ask('GET', '/control/device', { device })
  }

  /** A phone of this name, on its way at once: what it is told meanwhile waits in order. */
  #begin({ device, platform }) {
    const before = this.#phones.get(device)
    if (before && !before.isOver) return before
    const { command, folder } = this.#settings
    const start = this.#place(device).then(({ server, documents }) => ({ package: resolve(folder), documents, device, platform, server, parameters: {} }))
    const phone = new Phone(command, device, start, (line) => this.#hear(line, phone))
    phone.ready.catch((error) => this.#fail(error.message))
    this.#phones.set(device, phone)
    return phone
  }

  #hear(line, phone) {
    const from = phone ? `${phone.device}: ` : ''
    if (line.violation !== undefined) this.#fail(from + line.violation)
    else if (line.lost !== undefined) this.#fail(line.lost)
    else if (line.done) this.#finish(line.done)
    else if (line.log) this.#log(line.log.level, from + line.log.text)
    else if (line.console) this.#settings.print(line.console.level, line.console.text)
    else if (line.callback) this.#engine?.say({ do: 'from', phone: phone.device, ...line.callback })
    else if (line.phone) this.#begin(line.phone)
    else if (line.to) this.#call(line.to)
    else if (line.ask) this.#answer(line.ask)
  }

  #log(level, text) {
    if (level === 'warn' || level === 'error') this.#settings.print(level, text)
  }

  #call({ device, ...call }) {
    this.#phones.get(device).say({ do: 'call', ...call })
  }

  async #answer({ n, what, ...given }) {
    let line
    try {
      line = { do: 'answer', to: n, value: await this.#asked(what, given) }
    } catch (error) {
      line = { do: 'answer', to: n, error: error.message }
    }
    this.#engine?.say(line)
  }

  async #asked(what, { device, ...given }) {
    const phone = this.#phones.get(device)
    switch (what) {
      case 'sig':
        return this.#ask('GET', '/control/sig', given)
      case 'server':
        return this.#ask('POST', '/control/server', given)
      case 'network': {
        const answer = await this.#ask('POST', '/control/network', { device, ...given })
        // What a phone's system tells its apps.
        if (given.state === 'open') phone?.say({ do: 'lifecycle', event: 'network' })
        return answer
      }
      case 'ready':
        return void (await phone.ready)
      case 'kill':
        return void (await phone.kill())
      case 'destroyPage':
        return void (await phone.destroyPage(given.page))
      case 'lifecycle':
        return void phone.say({ do: 'lifecycle', event: given.event })
      case 'stats':
        return phone.stats()
      default:
        throw new Error(`there is no ${what} to ask for`)
    }
  }

  async #ask(method, path, query) {
    const key = this.#sim.address.searchParams.get('key')
    const answer = await fetch(`${this.#sim.address.origin}${path}?${new URLSearchParams({ key, ...query })}`, { method })
    const body = await answer.json()
    if (!answer.ok) throw new Error(`${path}: ${body.error}`)
    return body
  }
}
