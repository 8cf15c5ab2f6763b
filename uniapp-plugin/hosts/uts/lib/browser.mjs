// The browser's half: its functions are the simulator's, so a message can be sent with them.
import { launch } from '../../browser/lib/chromium.mjs'
import { startSim } from '../../browser/lib/whinchat.mjs'

export async function browser(binary, pages, functions) {
  const sim = await startSim(binary, { pages })
  const chromium = await launch()
  try {
    const page = await chromium.newPage()
    const faults = []
    page.on('pageerror', (error) => faults.push(String(error)))
    const address = new URL(sim.address)
    address.searchParams.set('device', 'uts')
    await page.goto(String(address))
    await page.waitForFunction(() => globalThis.whinchatIm)
    const names = await page.evaluate(() => Object.keys(globalThis.whinchatIm))
    const missing = [...functions.keys()].filter((name) => !names.includes(name)).map((name) => `${name} is missing`)
    return [...missing, ...(await page.evaluate(play)), ...faults]
  } finally {
    await chromium.close()
    await sim.stop()
  }
}

/** In the page: gives sentences about what went wrong. */
async function play() {
  const Im = globalThis.whinchatIm
  const wrong = []
  const check = (what, ret, right) => right || wrong.push(`${what}: ${JSON.stringify(ret)}`)
  // Listeners are told beside the answers of calls.
  const until = async (is) => {
    for (let looks = 0; looks < 1000 && !is(); looks++) await new Promise((resolve) => setTimeout(resolve, 10))
    return is()
  }
  const told = []
  Im.setSendMessageListener((event) => told.push(event))

  const refused = await Im.login({ userId: 'alice', userSig: '' })
  check('a login before initSDK is answered with 6013', refused, refused.status === false && refused.code === 6013)
  const ready = await Im.initSDK({ sdkAppId: 1400000001 })
  check('initSDK', ready, ready.status && ready.code === 0)
  // Somebody is only there from his first login on.
  await Im.login({ userId: 'bob', userSig: '' })
  await Im.logout()
  const inside = await Im.login({ userId: 'alice', userSig: '' })
  check('login', inside, inside.status)
  const sent = await Im.sendC2CTextMessage({ userId: 'bob', text: 'hello' })
  check('a message is stored at the server', sent, sent.status && sent.msgId)
  const history = await Im.getC2CHistoryMessageList({ userId: 'bob' })
  check('it stands in the history', history, history.messageList?.[0]?.msgId === sent.msgId)
  const isTold = () => told.some((event) => event.eventType === 'onSuccess' && event.msgId === sent.msgId)
  check('its listener was told', told, await until(isTold))
  const later = await Im.revokeMessage({ msgId: sent.msgId })
  check('what is not served yet answers 7013', later, later.status === false && later.code === 7013)
  const over = await Im.removeSendMessageListener()
  check('a listener is removed', over, over.status)
  const before = told.length
  await Im.sendC2CTextMessage({ userId: 'bob', text: 'again' })
  check('and told nothing more', told, told.length === before)
  return wrong
}
