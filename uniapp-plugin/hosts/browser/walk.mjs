// Walks the two phones of the demo: node walk.mjs --whinchat BINARY --pages FOLDER [--shots FOLDER]
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { launch } from './lib/chromium.mjs'
import { start } from './lib/whinchat.mjs'

const { values: flags } = parseArgs({ options: { whinchat: { type: 'string' }, pages: { type: 'string' }, shots: { type: 'string' } } })
const PATIENCE = 30_000

const demo = await start(flags.whinchat, ['demo', '--pages', flags.pages])
let browser
try {
  browser = await launch()
  await walk(browser, demo.address)
} catch (error) {
  console.error(`walk: ${error.message}`)
  process.exitCode = 1
} finally {
  await browser?.close()
  await demo.stop()
}

async function walk(browser, address) {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: 'en-US' })
  context.setDefaultTimeout(PATIENCE)
  const page = await context.newPage()
  const wrong = []
  context.on('weberror', (error) => wrong.push(String(error.error())))
  const step = async (sentence, work) => {
    await work()
    if (wrong.length > 0) throw new Error(`${sentence}: a page is broken: ${wrong[0]}`)
    if (flags.shots) {
      mkdirSync(flags.shots, { recursive: true })
      await page.screenshot({ path: join(flags.shots, `${sentence.replace(/\W+/g, '-')}.png`) })
    }
    console.log(`walk: ${sentence}`)
  }
  const phone = (name, root = page.frameLocator(`iframe[name=${name}]`)) => ({
    write: async (text) => {
      await root.getByTestId('composer').locator('textarea').fill(text)
      await root.getByTestId('send').click()
    },
    /** The message stands there, once, in this state. */
    shows: async (text, state) => {
      const row = root.locator(`[data-testid=message]${state ? `[data-state=${state}]` : ''}`).filter({ hasText: text })
      await row.first().waitFor()
      if ((await row.count()) !== 1) throw new Error(`${name} shows "${text}" ${await row.count()} times`)
    },
    misses: async (text) => {
      if ((await root.getByText(text).count()) > 0) throw new Error(`${name} already shows "${text}"`)
    },
    /** The banner says so; online it says nothing. */
    isOffline: () => root.locator('[data-testid=connection][data-state=offline]').first().waitFor({ state: 'attached' }),
    isOnline: () => root.locator('[data-testid=connection]:not([data-state=online])').first().waitFor({ state: 'detached' }),
    ready: () => root.getByTestId('composer').waitFor(),
  })
  const [alice, bob] = [phone('alice'), phone('bob')]

  await page.goto(address.href)
  await step('alice and bob are logged in', async () => {
    for (const one of [alice, bob]) await one.ready(), await one.isOnline()
  })
  await step('a message each way', async () => {
    await alice.write('Are you on the train?')
    await bob.shows('Are you on the train?')
    await bob.write('Yes, third carriage')
    await alice.shows('Yes, third carriage')
  })
  await step('the network of bob is cut, and he goes on writing', async () => {
    await page.getByTestId('network-bob').click()
    await bob.isOffline()
    await bob.write('There is a tunnel')
    await bob.shows('There is a tunnel', 'clock')
    await alice.write('When do you arrive?')
    await alice.shows('When do you arrive?', 'sent')
    await alice.misses('There is a tunnel')
  })
  await step('it is mended, and both messages arrive', async () => {
    await page.getByTestId('network-bob').click()
    await alice.shows('There is a tunnel')
    await bob.shows('When do you arrive?')
  })
  await step('the server is stopped, and alice goes on writing', async () => {
    await page.getByTestId('server').click()
    await alice.isOffline()
    await alice.write('I bring cake')
    await alice.shows('I bring cake', 'clock')
    await bob.misses('I bring cake')
  })
  await step('it is started again, and her message arrives', async () => {
    await page.getByTestId('server').click()
    await bob.shows('I bring cake')
    await bob.isOnline()
  })
  await step('a second device of alice has it all', async () => {
    const second = await context.newPage()
    const query = new URLSearchParams({ device: 'alice-tablet', platform: 'tablet', user: 'alice', autologin: '1' })
    query.set('whinchat', `ws://${address.host}/sim/socket?key=${address.searchParams.get('key')}`)
    await second.goto(`${address.origin}/?${query}#/pages/chat/chat?id=c2c_bob`)
    const tablet = phone('the second device', second)
    await tablet.ready()
    for (const text of ['Are you on the train?', 'There is a tunnel', 'I bring cake']) await tablet.shows(text)
    await tablet.write('Written on the tablet')
    for (const one of [alice, bob]) await one.shows('Written on the tablet')
    await second.close()
  })
}
