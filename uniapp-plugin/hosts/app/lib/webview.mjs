// A webview of the app: a page of Chromium with the vendor's view layer in it.
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const BASE = resolve(dirname(fileURLToPath(import.meta.url)), '../view.js')

export class Webview {
  /** Chromium's page, once it has loaded. */
  page
  #failed
  /** What it is told is done in order. */
  #turn
  #closed = false

  /** `tell` hears its messages to the service layer, `failed` what went wrong in it. */
  constructor(context, { id, url, os, tell, failed }) {
    this.#failed = failed
    this.#turn = this.#load(context, { id, url, os, tell }).catch((error) => this.#blame(error))
  }

  async #load(context, { id, url, os, tell }) {
    const page = await context.newPage()
    page.on('pageerror', (error) => this.#blame(error))
    await page.exposeFunction('__tell', tell)
    const given = JSON.stringify({ id, os, style: {} })
    await page.addInitScript(`window.__webview = { ...${given}, tell: (message) => window.__tell(message) }`)
    await page.addInitScript({ path: BASE })
    await page.goto(url)
    this.page = page
  }

  evaluate(code) {
    this.#then(() => this.page.evaluate(code))
  }

  restyle(style) {
    this.#then(() => this.page.evaluate((style) => void (window.__webview.style = style), style))
  }

  show(shown) {
    this.#then(async () => {
      await this.page.bringToFront()
      shown()
    })
  }

  close() {
    this.#closed = true
    return (this.#turn = this.#turn.then(() => this.page?.close()))
  }

  #then(work) {
    this.#turn = this.#turn.then(() => !this.#closed && work()).catch((error) => this.#blame(error))
  }

  #blame(error) {
    if (!this.#closed) this.#failed(error)
  }
}
