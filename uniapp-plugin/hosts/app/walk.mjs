// Two phones with the built example: they log in, find each other, write, read, log out. Prints a line a step.
//   node walk.mjs --whinchat BINARY --package FOLDER --project FOLDER [--system ios] [--shots FOLDER] -- HOST ARGS...
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { hostArgs } from '../driver/lib/args.mjs'
import { launch } from '../browser/lib/chromium.mjs'
import { startSim } from '../browser/lib/whinchat.mjs'
import { App } from './lib/app.mjs'
import { framework } from './lib/framework.mjs'
import { Person, waiting } from './lib/person.mjs'

const PATIENCE = 30_000
/** The chat marks what was seen for a quarter of a second. */
const LONGER_THAN_A_LOOK = 1000
const BUILT = 'dist/build/app'
const PHONE = { viewport: { width: 412, height: 892 }, isMobile: true, hasTouch: true, locale: 'en-US' }

const { flags, command } = hostArgs({
  whinchat: { type: 'string' },
  package: { type: 'string' },
  project: { type: 'string' },
  system: { type: 'string', default: 'android' },
  shots: { type: 'string' },
})
const project = resolve(flags.project)
const apps = []

let isOver = false
let stop
/** Whatever goes wrong on a phone ends the step that is under way, and the walk. */
const fault = new Promise((_, reject) => (stop = reject))
fault.catch(() => {})

function wrong(sentence) {
  if (isOver) return
  console.error(`app: ${sentence}`)
  process.exitCode = 1
  isOver = true
  stop(new Error(sentence))
}

const sim = await startSim(resolve(flags.whinchat), { pages: project })
const browser = await launch()
try {
  const layer = await framework(project)
  const people = Promise.all(['alice', 'bob'].map((user) => person(user, layer)))
  await walk(...(await Promise.race([people, fault])))
} catch (error) {
  if (!isOver) wrong(error.message)
}
// Who was stopped in the middle owes answers, and nobody wants to hear of it.
await Promise.all(apps.map((app) => (isOver ? app.kill() : app.end())))
await browser.close()
await sim.stop()

async function ask(path, query) {
  const key = sim.address.searchParams.get('key')
  const answer = await fetch(`${sim.address.origin}${path}?${new URLSearchParams({ key, ...query })}`)
  const body = await answer.json()
  if (!answer.ok) throw new Error(`${path}: ${body.error}`)
  return body
}

async function person(user, layer) {
  const device = `${user}-phone`
  const context = await browser.newContext(PHONE)
  context.setDefaultTimeout(PATIENCE)
  const start = ask('/control/device', { device }).then(({ server, documents }) => ({
    package: resolve(flags.package), documents, device, server, parameters: {},
  }))
  const app = new App({ device, command, start, system: flags.system, folder: join(project, BUILT), context, wrong })
  apps.push(app)
  await app.launch(layer)
  return new Person(user, app, waiting(PATIENCE, () => isOver))
}

async function step(sentence, work) {
  try {
    await Promise.race([work(), fault])
  } catch (error) {
    const calls = apps.map((app) => `\n  ${app.device} called ${app.calls.join(' ') || 'nothing'}`)
    throw new Error(`${sentence}: ${error.message}${calls.join('')}`)
  }
  if (flags.shots) {
    mkdirSync(flags.shots, { recursive: true })
    for (const app of apps) await app.seen?.screenshot({ path: join(flags.shots, `${sentence.replace(/\W+/g, '-')}-${app.device}.png`) })
  }
  console.log(`app: ${sentence}`)
}

async function walk(alice, bob) {
  const { appId } = await ask('/sim/info', {})

  await step('the login page is drawn', () => Promise.all([alice.isOn('login'), bob.isOn('login')]))

  await step('both log in', async () => {
    for (const one of [alice, bob]) {
      await one.write('user', one.user)
      await one.write('app-id', String(appId))
      await one.write('sig', (await ask('/control/sig', { user: one.user })).userSig)
      await one.tap('login')
    }
    for (const one of [alice, bob]) {
      await one.isOn('chats')
      await one.seen('empty').waitFor()
      one.called('setAdvancedMsgListener', 'setSDKListener', 'setConversationListener', 'init', 'login', 'getConversationList', 'getTotalUnreadMessageCount')
    }
  })

  await step('alice opens a chat with bob and writes', async () => {
    await alice.tap('new')
    await alice.isOn('new')
    await alice.write('peer', 'bob')
    await alice.tap('create')
    await alice.isOn('chat')
    await alice.write('composer', 'Hello from an app')
    await alice.tap('send')
    await alice.reads('Hello from an app', 'sent')
    alice.called('getC2CHistoryMessageList', 'createTextMessage', 'sendMessage')
  })

  await step("it is in bob's list, and in his chat", async () => {
    await bob.seen('unread').waitFor()
    await bob.seen('conversation').tap()
    await bob.isOn('chat')
    await bob.reads('Hello from an app')
  })

  await step('alice sees that he has read it', async () => {
    await alice.reads('Hello from an app', 'read')
    bob.called('getC2CHistoryMessageList', 'markC2CMessageAsRead')
    alice.called('findMessages')
  })

  await step('bob leaves the app, and reads what comes then when he is back', async () => {
    bob.app.leave()
    await alice.write('composer', 'Are you there?')
    await alice.tap('send')
    await alice.reads('Are you there?', 'sent')
    await bob.doesNotCall('markC2CMessageAsRead', LONGER_THAN_A_LOOK)
    bob.app.return()
    await alice.reads('Are you there?', 'read')
    bob.called('markC2CMessageAsRead')
  })

  await step('bob answers, and alice finds it in her list', async () => {
    await alice.tap('back')
    await alice.isOn('chats')
    await bob.write('composer', 'Hello to an app')
    await bob.tap('send')
    await bob.reads('Hello to an app', 'sent')
    await alice.seen('last-message').filter({ hasText: 'Hello to an app' }).waitFor()
  })

  await step('alice asks for the version, and logs out', async () => {
    await alice.tap('settings')
    await alice.isOn('settings')
    await alice.seen('version').filter({ hasText: /\d+\.\d+/ }).waitFor()
    await alice.tap('logout')
    await alice.isOn('login')
    alice.called('getVersion', 'logout')
  })
}
