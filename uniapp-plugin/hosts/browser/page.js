// The page that a script runs in: the globals of an app, a stage around them, and a count of who still owes a callback.
import { PLUGIN_ID } from '/packages/whinchat-uniapp/dist/shim.js'
import { Watch } from './watch.js'
import { makeStage } from './stage.js'

/** Runs a script to its end; says what went wrong with it. */
async function run({ source, name, info, patience, device }) {
  const watch = new Watch()
  addEventListener('error', (event) => watch.fail(event.error ?? event.message))
  addEventListener('unhandledrejection', (event) => {
    event.preventDefault()
    watch.fail(event.reason)
  })
  const { stage, own, check } = makeStage({ watch, info, device, key: new URLSearchParams(location.search).get('key') })
  const known = (plugin) => (plugin === PLUGIN_ID ? own.module : undefined)
  Object.assign(globalThis, {
    uni: { requireNativePlugin: known },
    weex: { requireModule: known },
    plus: { io: { convertLocalFileSystemURL: (path) => own.convert(path) } },
    stage,
    check,
  })
  await own.ready
  // A script that names the end itself has work between its callbacks that nobody can see.
  watch.expectDone = /\bstage\s*\.\s*done\s*\(/.test(source)
  const AsyncFunction = (async () => {}).constructor
  try {
    const main = new AsyncFunction(`${source}\n//# sourceURL=${name}`)
    watch.main(main())
  } catch (error) {
    watch.fail(error)
  }
  return watch.end(patience)
}

globalThis.__runScript = run
