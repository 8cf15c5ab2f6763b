import { reactive } from 'vue'
import { WhinchatError } from '@whinchat/uniapp'
import { im } from '../im'
import { load, save } from '../lib/storage'

export interface Entry { server: string; appId: string; userId: string; userSig: string }
export type Connection = 'connecting' | 'online' | 'offline' | 'syncing'

export const session = reactive({
  phase: 'out' as 'out' | 'entering' | 'in',
  userId: '',
  server: '',
  appId: '',
  connection: 'online' as Connection,
  /** Why the login page is shown again. */
  ended: '' as '' | 'kicked' | 'expired',
  /** A page that wanted somebody logged in. */
  wanted: '',
})

export const lastEntry = (): Entry => load<Entry>('entry', { server: '', appId: '', userId: '', userSig: '' })

let visits = 0
/** Only the first login page of a page's life logs in by itself. */
export const firstVisit = (): boolean => visits++ === 0

let began = false
let entered: (() => void) | undefined

/** Listeners are set once and stay over logins. */
function begin(): void {
  im.on('onConnecting', () => {
    if (session.connection !== 'offline') session.connection = 'connecting'
  })
  im.on('onConnectSuccess', () => (session.connection = 'online'))
  im.on('onConnectFailed', () => {
    session.connection = 'offline'
    void enterFromStore()
  })
  im.on('onSyncServerStart', () => (session.connection = 'syncing'))
  im.on('onSyncServerFinish', () => (session.connection = 'online'))
  im.on('onSyncServerFailed', () => (session.connection = 'online'))
  im.on('onKickedOffline', () => leave('kicked'))
  im.on('onUserSigExpired', () => leave('expired'))
}

export async function enter(entry: Entry): Promise<void> {
  session.phase = 'entering'
  session.ended = ''
  session.connection = 'connecting'
  session.userId = entry.userId
  session.server = entry.server
  session.appId = entry.appId
  try {
    if (!began) begin()
    began = true
    await im.init({ sdkAppId: Number(entry.appId), ...(entry.server ? { server: entry.server } : {}), docPath: '_doc/whinchat' })
    const opened = new Promise<void>((done) => (entered = done))
    await Promise.race([im.login({ userId: entry.userId, userSig: entry.userSig }), opened])
    session.phase = 'in'
    save('entry', { ...entry, userSig: '' }) // a signature is not kept
  } catch (error) {
    session.phase = 'out'
    session.connection = 'online'
    throw error
  } finally {
    entered = undefined
  }
}

/** Without network a device that this person used before shows what it has; the login goes on by itself. */
async function enterFromStore(): Promise<void> {
  if (session.phase !== 'entering') return
  const known = await im.getConversationList({ count: 1 }).catch((error: unknown) => error)
  if (!(known instanceof WhinchatError)) entered?.()
}

function leave(why: 'kicked' | 'expired'): void {
  session.phase = 'out'
  session.ended = why
  uni.reLaunch({ url: '/pages/login/login' })
}

export async function logout(): Promise<void> {
  await im.logout().catch(() => {})
  session.phase = 'out'
  session.ended = ''
  uni.reLaunch({ url: '/pages/login/login' })
}

/** For pages behind the login: true when somebody is in, else the login page comes first. */
export function mustBeIn(page: string): boolean {
  if (session.phase === 'in') return true
  session.wanted = page
  uni.reLaunch({ url: '/pages/login/login' })
  return false
}
