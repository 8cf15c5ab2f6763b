// The page that a script runs in: the globals of an app, a stage around them, and a count of who still owes a callback.
import { PLUGIN_ID } from '/packages/whinchat-uniapp/dist/shim.js'
import { runScript } from '../driver/stage.js'
import { Watch } from './watch.js'
import { makePageStage } from './stage.js'

/** Runs a script to its end; says what went wrong with it. */
async function run({ source, name, info, patience, device }) {
  const watch = new Watch()
  addEventListener('error', (event) => watch.fail(event.error ?? event.message))
  addEventListener('unhandledrejection', (event) => {
    event.preventDefault()
    watch.fail(event.reason)
  })
  const { stage, own, check } = makePageStage({ watch, info, device, patience, key: new URLSearchParams(location.search).get('key') })
  const known = (plugin) => (plugin === PLUGIN_ID ? own.module : undefined)
  Object.assign(globalThis, {
    uni: { requireNativePlugin: known },
    weex: { requireModule: known },
    plus: { io: { convertLocalFileSystemURL: (path) => own.convert(path) } },
    stage,
    check,
  })
  await own.ready
  return runScript(watch, { source, name, patience })
}

globalThis.__runScript = run
