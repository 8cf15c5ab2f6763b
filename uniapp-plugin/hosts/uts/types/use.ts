// Compiles: what a page may write. The lines marked as errors have to be some.
import { getLoginStatus, initSDK, login, sendC2CTextMessage, setAdvancedMsgListener } from '../src/uni_modules/whinchat-im'

export async function use(): Promise<string> {
  await initSDK({ sdkAppId: 1400000001 })
  const { loginStatus } = await getLoginStatus()
  const exact: number = loginStatus
  const ret = await login({ userId: 'alice', userSig: '' })
  // @ts-expect-error a login needs a user
  await login({ userSig: '' })
  // @ts-expect-error a code is a number
  const text: string = ret.code
  setAdvancedMsgListener((event) => {
    if (event.eventType === 'onRecvNewMessage') console.log(event.message.sender)
    // @ts-expect-error there is no such event
    if (event.eventType === 'onNothing') console.log(event)
  })
  const { msgId } = await sendC2CTextMessage({ userId: 'bob', text: `${exact}${text}` })
  return msgId
}

declare const console: { log(...args: unknown[]): void }
