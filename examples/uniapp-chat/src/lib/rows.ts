import type { Message } from '@whinchat/uniapp'
import { keyOf } from '../stores/messages'
import { sameDay } from './time'

export interface Row { key: string; message: Message; first: boolean; last: boolean; newDay: boolean }

const RUN_SECONDS = 300

function isNote(message: Message): boolean {
  return message.elemType === 9 || message.status === 6
}

function together(a: Message | undefined, b: Message | undefined): boolean {
  return !!a && !!b && !isNote(a) && !isNote(b) && a.sender === b.sender && a.isSelf === b.isSelf && Math.abs(b.timestamp - a.timestamp) < RUN_SECONDS && sameDay(a.timestamp, b.timestamp)
}

/** Runs of one person's messages stand together; a new day is told. */
export function rowsOf(messages: Message[]): Row[] {
  return messages.map((message, at) => {
    const before = messages[at - 1]
    return {
      key: keyOf(message),
      message,
      first: !together(before, message),
      last: !together(message, messages[at + 1]),
      newDay: !before || !sameDay(before.timestamp, message.timestamp),
    }
  })
}
