import { reactive } from 'vue'
import type { Message } from '@whinchat/uniapp'
import { im } from '../im'

const SHOWN_MS = 4500
const TOLD_EVERY_MS = 3000
const TYPING = JSON.stringify({ type: 'typing' })

/** Who writes to me right now, by user id. */
export const typing = reactive<Record<string, boolean>>({})
const timers = new Map<string, ReturnType<typeof setTimeout>>()

export function isTyping(message: Message): boolean {
  if (message.elem?.elemType !== 2) return false
  try {
    return JSON.parse(message.elem.data)?.type === 'typing'
  } catch {
    return false
  }
}

let listening = false
export function watchTyping(): void {
  if (listening) return
  listening = true
  im.on('onRecvNewMessage', ({ message }) => {
    if (message.groupId || message.isSelf) return
    if (isTyping(message)) show(message.sender)
    else hide(message.sender)
  })
}

function show(userId: string): void {
  typing[userId] = true
  clearTimeout(timers.get(userId))
  timers.set(userId, setTimeout(() => hide(userId), SHOWN_MS))
}

function hide(userId: string): void {
  clearTimeout(timers.get(userId))
  delete typing[userId]
}

let told = 0
/** Tells the other person, at most every three seconds; nobody misses it when it is lost. */
export async function tellTyping(userId: string): Promise<void> {
  const now = Date.now()
  if (now - told < TOLD_EVERY_MS) return
  told = now
  try {
    const { messageKey } = await im.createCustomMessage({ customMsg: TYPING })
    await im.sendMessage({ messageKey, receiver: userId, onlineUserOnly: true })
  } catch {
    // offline: it was only a hint
  }
}

export const doneTyping = () => (told = 0)
