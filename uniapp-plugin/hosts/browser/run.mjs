// Runs scripts in headless Chromium, each on a simulator of its own:
//   node run.mjs --whinchat BINARY [--server URL --app-id N] [--patience SECONDS] [--brief] FILE.js ...
import { readFile } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { helpers } from '../driver/lib/prelude.mjs'
import { launch } from './lib/chromium.mjs'
import { startSim } from './lib/whinchat.mjs'
import { LONGEST } from './watch.js'

const here = dirname(fileURLToPath(import.meta.url))
const plugin = resolve(here, '../..')
/** A script ends by itself, with a verdict that says what it waits for. One that does not has a page that is stuck. */
const STUCK = LONGEST + 30_000

const { values: flags, positionals: files } = parseArgs({
  allowPositionals: true,
  options: {
    whinchat: { type: 'string' },
    server: { type: 'string' },
    'app-id': { type: 'string' },
    patience: { type: 'string', default: '30' },
    brief: { type: 'boolean', default: false },
  },
})

const browser = await launch()
let failed = 0
try {
  for (const file of files) {
    const began = Date.now()
    const failures = await run(file).catch((error) => [error.stack ?? String(error)])
    if (failures.length > 0) failed += 1
    for (const failure of failures) console.error(`${basename(file)}: ${failure}`)
    if (flags.brief) console.log(`${failures.length > 0 ? 'FAILED' : 'ok    '} ${basename(file)} (${((Date.now() - began) / 1000).toFixed(1)} s)`)
  }
} finally {
  await browser.close()
}
if (flags.brief) console.log(`scripts: ${files.length - failed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0

/** What comes before a script: hosts without modules run it as one text. */
async function sourceOf(file) {
  const source = await readFile(file, 'utf8')
  const before = (await helpers(source)).map((helper) => helper.source)
  return { before: before.join('\n'), source }
}

async function run(file) {
  const { before, source } = await sourceOf(file)
  const sim = await startSim(resolve(flags.whinchat), { pages: plugin, server: flags.server, appId: flags['app-id'] })
  const context = await browser.newContext()
  try {
    const page = await context.newPage()
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') console.error(message.text())
      else if (!flags.brief) console.log(message.text())
    })
    const key = sim.address.searchParams.get('key')
    const info = await (await fetch(`${sim.address.origin}/sim/info?key=${key}`)).json()
    await page.goto(`${sim.address.origin}/hosts/browser/page.html?key=${key}`)
    await page.waitForFunction(() => typeof globalThis.__runScript === 'function')
    if (before) await page.addScriptTag({ content: before })
    const given = { source, name: basename(file), info, patience: Number(flags.patience) * 1000, device: 'phone' }
    const late = new Promise((resolve) => setTimeout(() => resolve({ failures: [`its page says nothing, also not that it goes on for more than ${LONGEST / 1000} s: it is stuck`] }), STUCK).unref())
    const { failures } = await Promise.race([page.evaluate((given) => globalThis.__runScript(given), given), late])
    return failures
  } finally {
    await context.close()
    await sim.stop()
  }
}
