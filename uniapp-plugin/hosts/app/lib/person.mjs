// Somebody with a phone that the app was opened on: what he does, and what he sees.
const LOOK_EVERY = 50

export class Person {
  /** `until(sentence, holds)` waits. */
  constructor(user, app, until) {
    Object.assign(this, { user, app, until })
  }

  /** What is drawn under this name on the page that is seen. */
  seen(name) {
    return this.app.seen.getByTestId(name)
  }

  /** Waits until this page is the one that is seen, and drawn. */
  isOn(page) {
    return this.until(`${this.app.device} shows the page ${page}`, async () => (await this.app.seen?.getByTestId(`page-${page}`).count()) === 1)
  }

  write(field, words) {
    return this.seen(field).locator('input, textarea').fill(words)
  }

  tap(name) {
    return this.seen(name).tap()
  }

  /** The message stands in the open chat, once, in this state. */
  async reads(text, state) {
    const rows = this.seen('message').and(this.app.seen.locator(state ? `[data-state=${state}]` : '*')).filter({ hasText: text })
    await rows.first().waitFor()
    const count = await rows.count()
    if (count !== 1) throw new Error(`${this.app.device} shows "${text}" ${count} times`)
  }

  /** This method is not called for some time, longer than the app itself waits with it. */
  async doesNotCall(method, ms) {
    const end = Date.now() + ms
    await this.until(`${ms} ms are over`, async () => Date.now() > end)
    if (this.app.calls.includes(method)) throw new Error(`${this.app.device} called ${method}`)
  }

  /** These methods of the plugin were called since this was asked last, in this order, whatever came between. */
  called(...methods) {
    const calls = this.app.calls.splice(0)
    let from = 0
    for (const method of methods) {
      const at = calls.indexOf(method, from)
      if (at < 0) throw new Error(`${this.app.device} did not call ${method} in its turn, but: ${calls.join(' ')}`)
      from = at + 1
    }
  }
}

/** Looks again and again until something holds, it takes too long, or `isOver`. */
export function waiting(patience, isOver) {
  return async (sentence, holds) => {
    for (const end = Date.now() + patience; !isOver() && !(await holds()); await new Promise((done) => setTimeout(done, LOOK_EVERY))) {
      if (Date.now() > end) throw new Error(`not so in ${patience / 1000} s: ${sentence}`)
    }
  }
}
