// Who still owes a callback, and what went wrong.

/** Setters keep their callback and owe none; the spellings of taking one away answer like any method. */
export const KEEPS = /^set\w+Listend?er$/

/** A script may not go on for longer than this, whatever still happens. */
export const LONGEST = 300_000

/** What an error says and where it came from: V8 begins its stack with the first, JavaScriptCore leaves that out. */
export function explained(error) {
  const said = String(error)
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  return stack.includes(said) ? stack : `${said}\n${stack}`.trimEnd()
}

export class Watch {
  failures = []
  expectDone = false
  #pending = new Map()
  #waits = new Set()
  #last = 0
  #running = true
  #done = false
  #stir = () => {}

  fail(error) {
    this.failures.push(explained(error))
    this.#stirred()
  }

  done() {
    this.#done = true
    this.#stirred()
  }

  main(promise) {
    promise.catch((error) => this.fail(error)).finally(() => {
      this.#running = false
      this.#stirred()
    })
  }

  /** Something of the script's that runs; the end waits for it. */
  work(label, promise) {
    const id = ++this.#last
    this.#pending.set(id, { label })
    const settled = () => {
      this.#pending.delete(id)
      // Whoever waits for it goes on first.
      setTimeout(() => this.#stirred())
    }
    promise.then(settled, settled)
    return promise
  }

  /**
   * Gives what the promise gives. Whatever else happens meanwhile, heartbeats for one, it fails the script when that takes longer
   * than `patience`.
   */
  async within(patience, what, promise) {
    // Made here: its stack says which line of the script waits.
    const late = new Error(`${what}: this did not happen within ${patience / 1000} s`)
    const timer = setTimeout(() => this.fail(late), patience)
    const wait = { what }
    this.#waits.add(wait)
    try {
      return await promise
    } finally {
      clearTimeout(timer)
      this.#waits.delete(wait)
    }
  }

  /** A phone's process was ended: nobody is left who could answer. */
  gone(device) {
    for (const [id, owed] of this.#pending) if (owed.device === device) this.#pending.delete(id)
    this.#stirred()
  }

  /** The same module, every callback counted. */
  module(module, device) {
    const methods = new Map()
    return new Proxy(module, {
      get: (target, name, receiver) => {
        const method = Reflect.get(target, name, receiver)
        if (typeof method !== 'function') return method
        if (!methods.has(name)) methods.set(name, (...args) => this.#call(method, name, args, device))
        return methods.get(name)
      },
    })
  }

  #call(method, name, args, device) {
    const at = args.findIndex((arg) => typeof arg === 'function')
    if (at < 0) return method(...args)
    const callback = args[at]
    const id = ++this.#last
    const label = `${name} on ${device}`
    const keeps = KEEPS.test(name)
    let returned = false
    let calls = 0
    if (!keeps) this.#pending.set(id, { label, device })
    const given = [...args]
    given[at] = (ret) => {
      this.#pending.delete(id)
      if (!returned) this.fail(`${label} called back before it returned`)
      if (++calls > 1 && !keeps) this.fail(`${label} called back ${calls} times`)
      try {
        const outcome = callback(ret)
        // A callback may be an async function: the script goes on in it, and what it throws is the script's.
        if (outcome instanceof Promise) this.work(`the callback of ${label}`, outcome).catch((error) => this.fail(error))
      } catch (error) {
        this.fail(error)
      }
      this.#stirred()
    }
    const outcome = method(...given)
    returned = true
    return outcome
  }

  #stirred() {
    const stir = this.#stir
    this.#stir = () => {}
    stir()
  }

  get #ended() {
    return this.failures.length > 0 || this.#done || (!this.#running && this.#pending.size === 0 && !this.expectDone)
  }

  /** Who owes a callback, and what the script waits for. */
  get #open() {
    const owed = [...this.#pending.values()].map(({ label }) => label)
    const waits = [...this.#waits].map(({ what }) => what)
    if (owed.length > 0) return `no callback came from: ${owed.join(', ')}`
    return waits.length > 0 ? `it waits for: ${waits.join(', ')}` : 'it waits for something that does not happen'
  }

  /** Waits for the end; `patience` is how long nothing may happen, `longest` how long it may go on in all. */
  async end(patience, longest = LONGEST) {
    const tooLong = setTimeout(() => this.fail(new Error(`it goes on for more than ${longest / 1000} s: ${this.#open}`)), longest)
    while (!this.#ended) {
      const stirred = new Promise((resolve) => (this.#stir = () => resolve(true)))
      let timer
      const late = new Promise((resolve) => (timer = setTimeout(() => resolve(false), patience)))
      const moved = await Promise.race([stirred, late])
      clearTimeout(timer)
      if (!moved && !this.#ended) this.failures.push(`after ${patience / 1000} s ${this.#open}`)
    }
    clearTimeout(tooLong)
    return { failures: this.failures }
  }
}
