// The JavaScript half of a build for apps, run without an app: every function is called, and what reaches the vendor's proxy
// module is looked at.
import { readFileSync } from 'node:fs'
import vm from 'node:vm'

/** Gives a sentence for each function that does not reach native code as it should. */
export async function proxies(file, functions) {
  const calls = []
  const scope = appScope(calls)
  vm.runInContext(readFileSync(file, 'utf8'), scope, { filename: file })
  const Im = scope.whinchatIm
  if (!Im) return ['the module was not loaded']
  const wrong = Object.keys(Im).filter((name) => !functions.has(name)).map((name) => `${name} is too many`)
  for (const [name, { setter }] of functions) {
    if (typeof Im[name] !== 'function') {
      wrong.push(`${name} is missing`)
      continue
    }
    calls.length = 0
    const fault = await (setter ? listened(Im[name]) : asked(Im[name])).catch((error) => String(error))
    const [call] = calls
    if (fault) wrong.push(`${name}: ${fault}`)
    if (calls.length !== 1 || call.options.name !== `${name}ByJs`) wrong.push(`${name} calls ${calls.map((made) => made.options.name)}`)
  }
  return wrong

  async function asked(call) {
    const ret = await call({ userId: 'alice' })
    const [{ options, args }] = calls
    if (JSON.stringify(args) !== '[{"userId":"alice"}]') return `native code gets ${JSON.stringify(args)}`
    if (ret.status !== true) return `it answers ${JSON.stringify(ret)}`
    if (options.keepAlive || !options.async) return 'it is no Promise'
  }

  async function listened(set) {
    set(() => {})
    const [{ options, args }] = calls
    if (!options.keepAlive) return 'its callback is let go after the first event'
    if (args.length !== 1 || typeof args[0] !== 'function') return `native code gets ${JSON.stringify(args)}`
  }
}

/** As much of an app's scope as the file asks for while it is loaded. */
function appScope(calls) {
  const anything = () => new Proxy(function () {}, { get: (target, key) => (key === Symbol.toPrimitive ? () => '' : key === 'then' ? undefined : anything()), apply: anything, construct: anything })
  const initUTSProxyFunction = (async, options) => (...args) => {
    calls.push({ options: { ...options, async }, args })
    return async ? Promise.resolve({ status: true, code: 0 }) : undefined
  }
  const uni = new Proxy({ initUTSProxyFunction }, { get: (known, name) => known[name] ?? anything() })
  const scope = { console, uni, plus: anything(), weex: anything(), Vue: anything(), __uniConfig: {}, UniApp: anything(), getApp: anything(), getCurrentPages: () => [], __definePage() {}, __registerApp() {}, setTimeout, clearTimeout }
  return vm.createContext(new Proxy(scope, { has: () => true, get: (known, name) => known[name] ?? (typeof name === 'string' && !(name in globalThis) ? anything() : globalThis[name]) }))
}
