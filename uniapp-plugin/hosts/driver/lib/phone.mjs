// A phone: a host process on a device of the simulator.
import { Talker } from './lines.mjs'

const PATIENCE = 30_000

export class Phone {
  device
  #talker
  #told
  #waiting = []
  #asked = new Map()
  #state = 'starting'
  /** What it said of itself; rejects when it does not start. */
  ready

  /**
   * `start` promises its first line; the process begins meanwhile. `told` hears the lines that are not answers to the driver,
   * and `{"lost": …}` when the process ends without having been asked to.
   */
  constructor(command, device, start, told) {
    this.device = device
    this.#told = told
    this.#talker = new Talker(command, (line) => this.#hear(line))
    this.ready = new Promise((resolve, reject) => {
      this.#asked.set('ready', resolve)
      this.#asked.set('failed', (why) => reject(new Error(`${device} does not start: ${why}`)))
    }).then((ready) => {
      this.#state = 'ready'
      for (const line of this.#waiting.splice(0)) this.#talker.say(line)
      return ready
    })
    this.ready.catch(() => {})
    this.#talker.ended.then((how) => {
      const was = this.#state
      this.#state = 'gone'
      this.#answer('failed', `it ended (${how})`)
      this.#answer('bye', how)
      if (was === 'ready' || was === 'starting') told({ lost: `the process of ${this.device} ended (${how})` })
    })
    start.then((line) => this.#talker.say({ do: 'start', ...line }), (error) => this.#answer('failed', error.message))
  }

  /** Before it is ready, lines wait in order. */
  say(line) {
    if (this.#state === 'starting') this.#waiting.push(line)
    else if (this.#state === 'ready') this.#talker.say(line)
  }

  stats() {
    return this.#ask('stats', { do: 'stats' })
  }

  destroyPage(page) {
    return this.#ask('destroyed', { do: 'destroyPage', page })
  }

  async kill() {
    this.#state = 'killed'
    await this.#talker.kill()
  }

  /** Ends it politely; gives what is wrong with that, if anything is. */
  async quit() {
    if (this.#state !== 'ready') return this.kill()
    const bye = this.#ask('bye', { do: 'quit' })
    this.#state = 'quitting'
    const late = Symbol()
    const how = await Promise.race([bye, after(PATIENCE, late)])
    if (how === late) {
      await this.#talker.kill()
      return `${this.device} did not end when it was asked to`
    }
    const code = await Promise.race([this.#talker.ended, after(PATIENCE, late)])
    if (code === late) await this.#talker.kill()
    return how === true && code === 0 ? undefined : `${this.device} ended (${String(code.description ?? code)}) when it was asked to end`
  }

  get lives() {
    return this.#state === 'ready'
  }

  get isOver() {
    return this.#state === 'killed' || this.#state === 'gone'
  }

  #ask(answer, line) {
    return new Promise((resolve, reject) => {
      if (this.isOver) reject(new Error(`${this.device} is gone`))
      this.#asked.set(answer, resolve)
      this.say(line)
    })
  }

  #answer(kind, value) {
    const resolve = this.#asked.get(kind)
    this.#asked.delete(kind)
    resolve?.(value)
  }

  #hear(line) {
    // What was on its way when it was killed is lost with it.
    if (this.#state === 'killed') return
    const [kind] = Object.keys(line)
    if (['ready', 'failed', 'stats', 'destroyed', 'bye'].includes(kind)) this.#answer(kind, line[kind])
    else this.#told(line)
  }
}

function after(ms, value) {
  return new Promise((resolve) => setTimeout(resolve, ms, value).unref())
}
