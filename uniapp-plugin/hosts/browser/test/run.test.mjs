// The runner itself: what it makes of scripts that go wrong. WHINCHAT names the binary.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { test } from 'node:test'

const at = (path) => fileURLToPath(new URL(path, import.meta.url))

function run(script, ...flags) {
  const binary = process.env.WHINCHAT ?? at('../../../../target/debug/whinchat')
  const ended = spawnSync(process.execPath, [at('../run.mjs'), '--whinchat', binary, ...flags, at(`scripts/${script}.js`)], { encoding: 'utf8', timeout: 60_000 })
  return { code: ended.status, out: ended.stdout, err: ended.stderr }
}

test('a script that ends well is printed as it logs, and the exit code is 0', () => {
  const { code, out, err } = run('good')
  assert.equal(code, 0, err)
  assert.match(out, /^version string$/m)
})

test('what goes wrong is named, and the exit code is not 0', () => {
  for (const [script, named] of [
    ['failed-check', /not so: one is more than two/],
    ['thrown', /thrown on purpose/],
    ['rejected', /rejected on purpose/],
    ['broken', /SyntaxError/],
  ]) {
    const { code, err } = run(script)
    assert.equal(code, 1, script)
    assert.match(err, named)
  }
})

test('a callback that never comes is named with its method', () => {
  const { code, err } = run('no-callback', '--patience', '2')
  assert.equal(code, 1)
  assert.match(err, /no callback came from: sendC2CTextMessage on phone/)
})
