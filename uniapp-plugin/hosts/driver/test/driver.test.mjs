// The driver itself: what it makes of scripts and hosts that go wrong. WHINCHAT names the binary.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { test } from 'node:test'

const at = (path) => fileURLToPath(new URL(path, import.meta.url))

function run(script, ...flags) {
  const binary = process.env.WHINCHAT ?? at('../../../../target/debug/whinchat')
  const host = ['--', process.execPath, at('fake-phone.mjs')]
  const args = [at('../run.mjs'), '--whinchat', binary, '--package', at('.'), ...flags, at(script), ...host]
  const ended = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 60_000 })
  return { code: ended.status, out: ended.stdout, err: ended.stderr }
}

test('a script sees modules, arguments, phones and their restarts as in the runtime', () => {
  const { code, err } = run('scripts/crossing.js')
  assert.equal(code, 0, err)
})

test('a script that ends well is printed as it logs, and the exit code is 0', () => {
  const { code, out, err } = run('../../browser/test/scripts/good.js')
  assert.equal(code, 0, err)
  assert.match(out, /^version string$/m)
})

test('a listener that nothing was told owes no answer', () => {
  const { code, err } = run('scripts/quiet-listener.js')
  assert.equal(code, 0, err)
})

test('what goes wrong is named, and the exit code is not 0', () => {
  for (const [script, named] of [
    ['../../browser/test/scripts/failed-check.js', /not so: one is more than two/],
    ['../../browser/test/scripts/thrown.js', /thrown on purpose/],
    ['../../browser/test/scripts/rejected.js', /rejected on purpose/],
    ['../../browser/test/scripts/broken.js', /SyntaxError/],
    ['scripts/answersTwice.js', /invalid callback id/],
    ['scripts/throws.js', /phone: throws threw an exception/],
    ['scripts/dies.js', /the process of phone ended \(3\)/],
  ]) {
    const { code, err } = run(script)
    assert.equal(code, 1, script)
    assert.match(err, named)
  }
})

test('a callback that never comes is named with its method', () => {
  const { code, err } = run('scripts/answersNever.js', '--patience', '2')
  assert.equal(code, 1)
  assert.match(err, /no callback came from: answersNever on phone/)
})

test('what does not happen is named with its line, also when much else happens', () => {
  for (const [script, named] of [
    ['waits.js', /onConnectSuccess: this did not happen within 2 s[^]*waits\.js/],
    ['polls.js', /pigs fly: this did not happen within 2 s/],
  ]) {
    const { code, err } = run(`scripts/${script}`, '--patience', '2')
    assert.equal(code, 1, script)
    assert.match(err, named)
  }
})
