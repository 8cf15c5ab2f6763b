// The phone's base as an app's service layer sees it: `plus`, `weex`, `service`. Evaluated behind the driver's runtime.js, in
// front of the vendor's framework. What has a screen is told to the driver, which holds the webviews and says in `__os` what the
// phone's system is.
;(() => {
  'use strict'
  const say = (line) => __native('say', JSON.stringify(line))
  const plugin = weex.requireModule
  const globalEvent = plugin('globalEvent')
  const os = globalThis.__os
  delete globalThis.__os
  const SCREEN = { resolutionWidth: 412, resolutionHeight: 892 }
  const STATUS_BAR = 24
  const language = 'en'

  // Webviews.
  const LAUNCH = '1'
  const webviews = new Map()

  class Webview {
    #listeners = new Map()
    #style = {}

    constructor(id, extras) {
      this.id = id
      Object.assign(this, extras)
      webviews.set(id, this)
    }

    evalJS(code) {
      this.#tell('eval', { code })
    }

    setStyle(style) {
      this.#style = { ...this.#style, ...style }
      this.#tell('style', { style: this.#style })
    }

    show(_animation, _ms, shown) {
      if (shown) this.#once('show', shown)
      this.#tell('show')
    }

    hide() {
      this.#tell('hide')
    }

    close() {
      if (!webviews.delete(this.id)) return
      this.#tell('close')
      this.fire('close')
    }

    addEventListener(name, listener) {
      this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), listener])
    }

    removeEventListener(name, listener) {
      this.#listeners.set(name, (this.#listeners.get(name) ?? []).filter((one) => one !== listener))
    }

    fire(name, event) {
      for (const listener of this.#listeners.get(name) ?? []) listener(event)
    }

    getStyle = () => this.#style
    getSafeAreaInsets = safeArea
    children = () => []

    #once(name, listener) {
      const once = () => {
        this.removeEventListener(name, once)
        listener()
      }
      this.addEventListener(name, once)
    }

    #tell(what, more) {
      say({ webview: { id: this.id, what, ...more } })
    }
  }

  function safeArea() {
    return { top: 0, left: 0, right: 0, bottom: 0, deviceTop: STATUS_BAR, deviceLeft: 0, deviceRight: 0, deviceBottom: 0 }
  }

  new Webview(LAUNCH)
  globalEvent.addEventListener('webview', ({ id, name }) => webviews.get(id)?.fire(name))

  const webview = {
    create(url, id, _style, extras) {
      say({ webview: { id, what: 'create', url } })
      return new Webview(id, extras)
    },
    getWebviewById: (id) => webviews.get(String(id)),
    getLaunchWebview: () => webviews.get(LAUNCH),
  }

  // What the app keeps. A phone keeps it on disk.
  const kept = new Map()
  const storage = {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, String(value)),
    removeItem: (key) => void kept.delete(key),
    clear: () => kept.clear(),
    getLength: () => kept.size,
    key: (index) => [...kept.keys()][index] ?? null,
  }

  const nothing = () => {}
  const toast = (text) => say({ toast: String(text) })

  const plus = {
    ...globalThis.plus,
    os: { ...os, language },
    screen: { scale: 2.625, getCurrentSize: () => SCREEN, ...SCREEN },
    navigator: {
      setStatusBarStyle: nothing,
      getStatusBarStyle: () => 'dark',
      getUIStyle: () => 'light',
      getSafeAreaInsets: safeArea,
      getStatusbarHeight: () => STATUS_BAR,
      isImmersedStatusbar: () => true,
      getOrientation: () => 0,
      closeSplashscreen: nothing,
    },
    nativeUI: { toast, closeToast: nothing, showWaiting: nothing, closeWaiting: nothing },
    runtime: { arguments: '', channel: '', launcher: 'default', appid: '__UNI__', version: '0.1.0', quit: nothing },
    key: { addEventListener: nothing, removeEventListener: nothing, showSoftKeybord: nothing, hideSoftKeybord: nothing },
    io: { ...globalThis.plus.io, convertAbsoluteFileSystem: (path) => path, resolveLocalFileSystemURL: nothing },
    globalEvent,
    storage,
    webview,
  }

  const modules = {
    globalEvent,
    plus: {
      getLanguage: () => language,
      setLanguage: nothing,
      getRedirectInfo: () => ({}),
      getAppState: () => 1,
      getSystemInfoSync: () => ({ osName: os.name.toLowerCase(), osTheme: 'light', osLanguage: language, appLanguage: language, language, hostLanguage: language }),
    },
  }
  const env = { platform: os.name, scale: plus.screen.scale, deviceWidth: SCREEN.resolutionWidth * plus.screen.scale }
  const base = {
    plus,
    weex: { requireModule: (name) => modules[name] ?? plugin(name), config: { env, preload: true } },
    /** Services put names into the instance: the app's configuration, the framework. */
    service: {
      register: (name, { create }) => Object.assign(globalThis, create(name, { weex: base.weex, plus }, {}).instance),
    },
  }
  // An app has the framework's `uni`, not the one of a lone page.
  delete globalThis.uni
  Object.assign(globalThis, base)
})()
