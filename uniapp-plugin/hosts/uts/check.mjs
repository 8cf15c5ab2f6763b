// Compiles uni_modules/whinchat-im with the vendor's npm tools and holds what comes out against the table of methods:
//   node check.mjs [--whinchat BINARY]      with a simulator to run the browser's half on
import { spawnSync } from 'node:child_process'
import { cpSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { kotlin, swift } from './lib/signatures.mjs'
import { proxies } from './lib/proxies.mjs'

/** One fault of the generator is one of every function. */
const SHOWN = 10

const here = dirname(fileURLToPath(import.meta.url))
const plugin = resolve(here, '../..')
const { values: flags } = parseArgs({ options: { whinchat: { type: 'string' } } })
const binary = flags.whinchat && resolve(flags.whinchat)
process.chdir(here)

const table = JSON.parse(readFileSync(join(plugin, 'generated/methods.json'), 'utf8'))
const functions = expected(table)
let failed = 0

const module = 'src/uni_modules/whinchat-im'
rmSync(module, { recursive: true, force: true })
cpSync(join(plugin, 'uni_modules/whinchat-im'), module, { recursive: true })

const compiled = 'dist/build/app/uni_modules/whinchat-im/utssdk'
await step('Kotlin', () => {
  build('app-android')
  // The next build empties its folder; the Kotlin is compiled later.
  rmSync('dist/android', { recursive: true, force: true })
  cpSync(`${compiled}/app-android/src`, 'dist/android', { recursive: true })
  return kotlin(readFileSync(`${compiled}/app-android/src/index.kt`, 'utf8'), functions)
})
await step('the calls of an Android app', () => proxies('dist/build/app/app-service.js', functions))
await step('Swift', () => {
  build('app-ios')
  return swift(readFileSync(`${compiled}/app-ios/src/index.swift`, 'utf8'), functions)
})
await step('the calls of an iOS app', () => proxies('dist/build/app/app-service.js', functions))
await step('types', () => {
  run('npx', ['tsc', '-p', 'types'])
  return []
})
await step('a browser', async () => {
  build('h5')
  if (!binary) return []
  const { browser } = await import('./lib/browser.mjs')
  return browser(binary, resolve('dist/build/h5'), functions)
})
process.exitCode = failed > 0 ? 1 : 0

/** Every function that has to come out, by name: what it asks for, and whose listener it sets. */
function expected({ methods, later }) {
  const all = new Map()
  const exported = (name) => (name === 'init' ? 'initSDK' : name)
  for (const { name, aliases, kind } of methods) {
    for (const each of [name, ...aliases]) all.set(exported(each), { asks: each, setter: kind === 'listen' ? name : undefined })
  }
  for (const name of later) all.set(exported(name), { asks: name, setter: /^set\w+Listener$/.test(name) ? name : undefined })
  return all
}

async function step(what, work) {
  const failures = await Promise.resolve().then(work).catch((error) => [error.message])
  for (const failure of failures.slice(0, SHOWN)) console.error(`uts: ${what}: ${failure}`)
  if (failures.length > SHOWN) console.error(`uts: ${what}: and ${failures.length - SHOWN} more`)
  if (failures.length > 0) failed += 1
  else console.log(`uts: ${what}`)
}

function build(platform) {
  const said = run('npx', ['uni', 'build', '-p', platform])
  // The compiler only warns of a name that a page imports and that the module does not export.
  const wrong = said.split('\n').filter((line) => /is not exported by|error TS|UTSCompileError/.test(line))
  if (wrong.length > 0) throw new Error(wrong.join('\n'))
}

function run(program, args) {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error ?? ''}${stdout ?? ''}${stderr ?? ''}`)
  return stdout + stderr
}
