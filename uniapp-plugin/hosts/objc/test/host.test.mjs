// The host itself: what it makes of modules that break the rules. WHINCHAT names the binary, WHINCHAT_OBJC the folder
// with what was built.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'node:test'
import { startSim } from '../../browser/lib/whinchat.mjs'

const at = (path) => fileURLToPath(new URL(path, import.meta.url))
const target = at('../../../../target')
const whinchat = process.env.WHINCHAT ?? join(target, 'debug/whinchat')
const objc = process.env.WHINCHAT_OBJC ?? join(target, 'uniapp/objc')

/** Runs a line of a script over a package of modules. */
function run(folder, source, ...flags) {
  const scripts = mkdtempSync(join(tmpdir(), 'whinchat-objc-'))
  const script = join(scripts, 'script.js')
  writeFileSync(script, source)
  const args = [at('../../driver/run.mjs'), '--whinchat', whinchat, '--package', at(folder), ...flags, script, '--', join(objc, 'host')]
  const ended = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 60_000 })
  rmSync(scripts, { recursive: true })
  return { code: ended.status, out: ended.stdout, err: ended.stderr }
}

const calling = (method, options = '{}') => `uni.requireNativePlugin('Misbehaving').${method}(${options}, function () {})`

test('a module that keeps the rules is let be', () => {
  const { code, err } = run('misbehaving', calling('behaves'))
  assert.equal(code, 0, err)
})

test('each broken rule is named, and fails the script', () => {
  for (const [source, named, ...flags] of [
    [calling('twice'), /twice called back \(1\) after its last time/],
    [calling('early'), /early called back before it had returned/],
    [calling('unspeakable'), /unspeakable called back with what JSON cannot hold/],
    [calling('throws', '5'), /an exception left throws/],
    [calling('slow'), /slow held the main thread for \d{4,} ms/],
    [calling('never'), /no callback came from: never on phone/, '--patience', '1'],
    [calling('behaves') + '; throw new Error("thrown in JavaScriptCore")', /thrown in JavaScriptCore/],
    ['Promise.reject(new Error("rejected in JavaScriptCore")); await new Promise(function () {})', /rejected in JavaScriptCore/],
  ]) {
    const { code, err } = run('misbehaving', source, ...flags)
    assert.equal(code, 1, source)
    assert.match(err, named)
  }
})

test('a package that the runtime would not take is not taken', () => {
  for (const [folder, named] of [
    ['mistyped', /wrong: is exported and MISSING/],
    ['absent', /is to be the class AbsentModule, and there is none/],
    ['commented', /is no strict JSON/],
  ]) {
    const { code, err } = run(folder, calling('behaves'))
    assert.equal(code, 1, folder)
    assert.match(err, named)
  }
})

test('the engine of iOS keeps order between callbacks, promises and timers', () => {
  const source = `
    var seen = []
    var Im = uni.requireNativePlugin('Misbehaving')
    await new Promise(function (resolve) {
      setTimeout(function () { seen.push('timer'); resolve() }, 5)
      setTimeout(function () { seen.push('cleared') }, 1)
      clearTimeout(2)
      Promise.resolve().then(function () { seen.push('promise') })
      seen.push('now')
    })
    check(seen.join() === 'now,promise,timer', seen.join())
    check(Object.keys(Im).join() !== '' && typeof Im.behaves === 'function', 'the module lists its methods')`
  const { code, err } = run('misbehaving', source)
  assert.equal(code, 0, err)
})

test('the shell turns values into JSON, lets go of what it kept, sleeps and wakes', async () => {
  const sim = await startSim(whinchat, { pages: at('.') })
  const folder = mkdtempSync(join(tmpdir(), 'whinchat-objc-'))
  try {
    const info = await (await fetch(`${sim.address.origin}/sim/info?key=${sim.address.searchParams.get('key')}`)).json()
    const tests = spawn(join(objc, 'shell-tests'), [folder, info.server, String(info.appId)], { stdio: ['ignore', 'pipe', 'pipe'] })
    const said = []
    for (const stream of [tests.stdout, tests.stderr]) stream.on('data', (text) => said.push(text))
    const code = await new Promise((resolve) => tests.once('close', (code, signal) => resolve(signal ?? code)))
    assert.equal(code, 0, said.join(''))
    assert.match(said.join(''), /^good$/m)
  } finally {
    await sim.stop()
    rmSync(folder, { recursive: true })
  }
})
