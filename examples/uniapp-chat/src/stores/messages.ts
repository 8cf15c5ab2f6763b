import { ref, shallowRef } from 'vue'
import { WhinchatError, type Message } from '@whinchat/uniapp'
import { im } from '../im'
import { ownReads } from './receipts'
import { isTyping } from './typing'

const PAGE = 30
/** More than this is not kept drawn once the reader is back at the newest. */
const KEPT = 120

export const SENDING = 1
export const SENT = 2
export const FAILED = 3

export interface Target { conversationId: string; userId: string; groupId: string }

export function targetOf(conversationId: string): Target {
  const group = conversationId.startsWith('group_')
  const id = conversationId.replace(/^(c2c|group)_/, '')
  return { conversationId, userId: group ? '' : id, groupId: group ? id : '' }
}

export const keyOf = (message: Message): string => message.messageKey || message.msgId

/** What is still on its way has no time of the server's yet: it shows when it was written. */
function timed(message: Message, before?: Message): Message {
  return message.timestamp > 0 ? message : { ...message, timestamp: before?.timestamp || Math.floor(Date.now() / 1000) }
}

/** The messages of one open chat, oldest first. */
export function openMessages(target: Target) {
  const items = shallowRef<Message[]>([])
  const complete = ref(false)
  const loading = ref(false)
  const opened = ref(false)

  const belongs = (message: Message) => (target.groupId ? message.groupId === target.groupId : !message.groupId && message.userId === target.userId)
  const indexOf = (list: Message[], message: { msgId: string; messageKey?: string }) =>
    list.findIndex((one) => (!!message.msgId && one.msgId === message.msgId) || (!!message.messageKey && one.messageKey === message.messageKey))

  /** A message that got its place goes below what the server put before it; one on its way stays last. */
  function place(list: Message[], message: Message): void {
    let at = list.length
    if (message.status === SENT) while (at > 0 && list[at - 1]!.status === SENT && list[at - 1]!.seq > message.seq) at -= 1
    list.splice(at, 0, message)
  }

  function take(told: Message): void {
    if (!belongs(told) || isTyping(told)) return
    const list = [...items.value]
    const at = indexOf(list, told)
    const message = timed(told, list[at])
    if (at < 0) place(list, message)
    else {
      const before = list[at]!
      const next = { ...message, messageKey: message.messageKey || before.messageKey }
      const moves = before.status !== SENT && next.status === SENT && list.slice(at + 1).some((one) => one.status === SENT && one.seq < next.seq)
      if (moves) {
        list.splice(at, 1)
        place(list, next)
      } else list[at] = next
    }
    items.value = list
  }

  function change(which: (message: Message) => boolean, with_: Partial<Message>): void {
    if (items.value.some(which)) items.value = items.value.map((one) => (which(one) ? { ...one, ...with_ } : one))
  }

  function drop(ids: string[]): void {
    items.value = items.value.filter((one) => !ids.includes(one.msgId))
  }

  async function history(msgId: string): Promise<Message[]> {
    const page = target.groupId
      ? await im.getGroupHistoryMessageList({ groupId: target.groupId, count: PAGE, msgId })
      : await im.getC2CHistoryMessageList({ userId: target.userId, count: PAGE, msgId })
    complete.value = page.messageList.length === 0 || page.isFinished
    return page.messageList.map((message) => timed(message)).reverse()
  }

  /** At first, and after every time away: the newest page, joined to what is there when they touch. */
  async function loadNewest(): Promise<void> {
    const page = await history('')
    const touches = items.value.length === 0 || page.some((message) => indexOf(items.value, message) >= 0)
    if (items.value.length === 0 || !touches) items.value = page
    else for (const message of page) take(message)
    opened.value = true
  }

  /** Gives what puts the older page above, so that the caller can measure before and after; nothing when there is none. */
  async function fetchOlder(): Promise<(() => void) | undefined> {
    const first = items.value.find((message) => message.msgId)
    if (loading.value || complete.value || !first) return undefined
    loading.value = true
    try {
      const page = (await history(first.msgId)).filter((message) => indexOf(items.value, message) < 0)
      return page.length > 0 ? () => (items.value = [...page, ...items.value]) : undefined
    } catch {
      return undefined // asked again at the next scroll
    } finally {
      loading.value = false
    }
  }

  /** The reader is at the newest: what he scrolled through is fetched again when wanted. */
  function trim(): void {
    if (items.value.length <= KEPT + PAGE) return
    items.value = items.value.slice(-KEPT)
    complete.value = false
  }

  async function send(text: string): Promise<void> {
    const { messageKey, message } = await im.createTextMessage({ text })
    take({ ...message, messageKey, userId: target.userId, groupId: target.groupId, status: SENDING, isSelf: true })
    await settle(messageKey, im.sendMessage({ messageKey, ...(target.groupId ? { groupId: target.groupId } : { receiver: target.userId }) }))
  }

  async function resend(message: Message): Promise<void> {
    if (message.status !== FAILED) return
    items.value = [...items.value.filter((one) => one !== message), { ...message, status: SENDING }]
    await settle(message.messageKey, im.reSendMessage(message.msgId ? { msgId: message.msgId } : { messageKey: message.messageKey }), message.msgId)
  }

  async function settle(messageKey: string, sending: Promise<{ message: Message }>, msgId = ''): Promise<void> {
    const mine = (one: Message) => (!!messageKey && one.messageKey === messageKey) || (!!msgId && one.msgId === msgId)
    try {
      const { message } = await sending
      take({ ...message, messageKey: messageKey || message.messageKey })
    } catch (error) {
      if (!(error instanceof WhinchatError)) throw error
      const told = (error.answer as { msgId?: string }).msgId
      change(mine, { status: FAILED, code: error.code, msg: error.msg, ...(told ? { msgId: told } : {}) })
    }
  }

  async function remove(message: Message): Promise<void> {
    if (message.msgId) await im.deleteMessages({ msgIdList: [message.msgId] })
    items.value = items.value.filter((one) => one !== message && (!message.msgId || one.msgId !== message.msgId))
  }

  const markRead = () => (target.groupId ? im.markGroupMessageAsRead({ groupId: target.groupId }) : im.markC2CMessageAsRead({ userId: target.userId })).catch(() => {})

  const ends = [
    im.on('onRecvNewMessage', ({ message }) => take(message)),
    im.on('onMessageDeleted', ({ msgIdList }) => drop(msgIdList)),
    im.on('onSuccess', ({ message }) => message && take(message)),
    im.on('onError', ({ messageKey, msgId, code, msg }) =>
      change((one) => (!!messageKey && one.messageKey === messageKey) || (!!msgId && one.msgId === msgId), { status: FAILED, code, msg })),
    im.on('onSyncServerFinish', () => void loadNewest().catch(() => {})),
    ownReads(target, items, take),
  ]
  const close = () => ends.forEach((end) => end())

  return { items, complete, loading, opened, loadNewest, fetchOlder, trim, send, resend, remove, markRead, close }
}
