// A built app on a phone: its service layer in the host's JavaScript instance, its webviews in Chromium.
import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { KEEPS } from '../../browser/watch.js'
import { Phone } from '../../driver/lib/phone.mjs'
import { runtime } from '../../driver/lib/prelude.mjs'
import { Webview } from './webview.mjs'

const BASE = resolve(dirname(fileURLToPath(import.meta.url)), '../base.js')
/** The one JavaScript instance that all pages share. */
const SERVICE = 'service'
/** The webview that the base makes for the first page. */
const LAUNCH = '1'
const VIEW = '__uniappview.html'
/** As `plus.os` says it. */
const SYSTEMS = { android: { name: 'Android', version: '13' }, ios: { name: 'iOS', version: '17.0' } }
/** Of a sentence: a minified line of source may hang on it. */
const LONGEST = 400

export class App {
  /** Methods of the plugin that were called, in order. */
  calls = []
  #phone
  #context
  #folder
  #os
  #wrong
  #webviews = new Map()
  /** Of those that were shown and are not closed, the last is seen. */
  #shown = []
  #loaded
  #isLoaded = new Promise((resolve) => (this.#loaded = resolve))

  /**
   * `start` promises the phone's first line; `system` is `android` or `ios`; `folder` is what the compiler made; `context` a browser's; `wrong` hears a sentence
   * about each thing that must not be.
   */
  constructor({ device, command, start, system, folder, context, wrong }) {
    this.#os = SYSTEMS[system]
    this.#context = context
    this.#folder = folder
    this.#wrong = (sentence) => wrong(`${device}: ${sentence.slice(0, LONGEST)}`)
    this.#phone = new Phone(command, device, start.then((line) => ({ ...line, platform: system, trace: true })), (line) => this.#hear(line))
  }

  get device() {
    return this.#phone.device
  }

  /** Does what the base does with an app that is tapped: its webview and its service layer begin at the same time. */
  async launch(framework) {
    const { plugins } = await this.#phone.ready
    const file = async (path) => ({ name: path, source: await readFile(path, 'utf8') })
    const os = { name: 'os.js', source: `globalThis.__os = ${JSON.stringify(this.#os)}` }
    const prelude = [await runtime(), os, await file(BASE), framework]
    const scripts = await Promise.all(['app-config-service.js', 'app-service.js'].map((name) => file(join(this.#folder, name))))
    this.#open(LAUNCH)
    this.#phone.say({ do: 'load', page: SERVICE, prelude, scripts, given: { plugins } })
    await this.#isLoaded
  }

  /** The page of Chromium that is seen. */
  get seen() {
    return this.#shown.at(-1)?.page
  }

  /** Somebody leaves the app for another one. */
  leave() {
    this.#event('pause', {})
    this.#phone.say({ do: 'lifecycle', event: 'background' })
  }

  /** He comes back to it. */
  return() {
    this.#phone.say({ do: 'lifecycle', event: 'foreground' })
    this.#event('resume', {})
  }

  /** Ends it; what is wrong at the end is told too. */
  async end() {
    if (this.#phone.lives) {
      const { unanswered } = await this.#phone.stats()
      for (const { method } of unanswered.filter(({ method }) => !KEEPS.test(method))) this.#wrong(`${method} never called back`)
    }
    const end = await this.#phone.quit()
    if (end) this.#wrong(end)
    await this.#close()
  }

  async kill() {
    await this.#phone.kill()
    await this.#close()
  }

  #close() {
    return Promise.all([...this.#webviews.values()].map((webview) => webview.close()))
  }

  #event(name, params) {
    this.#phone.say({ do: 'event', page: SERVICE, name, params })
  }

  #open(id) {
    const tell = (message) => this.#event('plusMessage', { data: message })
    const failed = (error) => this.#wrong(`webview ${id}: ${error.message}`)
    const url = pathToFileURL(join(this.#folder, VIEW)).href
    this.#webviews.set(id, new Webview(this.#context, { id, url, os: this.#os, tell, failed }))
  }

  #hear(line) {
    if (line.called) this.calls.push(line.called.method)
    else if (line.webview) this.#show(line.webview)
    else if (line.loaded) this.#loaded()
    else if (line.violation !== undefined) this.#wrong(line.violation)
    else if (line.lost !== undefined) this.#wrong(line.lost)
    else if (line.toast !== undefined) this.#wrong(`a person is told: ${line.toast}`)
    else if (line.console?.level === 'error') this.#wrong(`on its console: ${line.console.text}`)
  }

  #show({ id, what, ...more }) {
    const webview = this.#webviews.get(id)
    switch (what) {
      case 'create':
        if (more.url !== `_www/${VIEW}`) this.#wrong(`it wants a webview of ${more.url}`)
        return this.#open(id)
      case 'eval':
        return webview.evaluate(more.code)
      case 'style':
        return webview.restyle(more.style)
      case 'show':
        this.#shown = [...this.#shown.filter((one) => one !== webview), webview]
        return webview.show(() => this.#event('webview', { id, name: 'show' }))
      case 'hide':
        this.#shown = this.#shown.filter((one) => one !== webview)
        return
      case 'close':
        this.#shown = this.#shown.filter((one) => one !== webview)
        this.#webviews.delete(id)
        return webview.close()
    }
  }
}
