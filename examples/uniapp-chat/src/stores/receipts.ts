import type { Ref } from 'vue'
import type { Message } from '@whinchat/uniapp'
import { im } from '../im'
import type { Target } from './messages'

/** A receipt names a second, the core knows the message: ask it which of mine were read. */
export function ownReads(target: Target, items: Ref<Message[]>, take: (message: Message) => void): () => void {
  return im.on('onRecvC2CReadReceipt', ({ receiptList }) => {
    if (!target.userId || !receiptList.some((receipt) => receipt.userId === target.userId)) return
    const open = items.value.filter((message) => message.isSelf && message.status === 2 && !message.isPeerRead && message.msgId).map((message) => message.msgId)
    if (open.length === 0) return
    im.findMessages({ msgIdList: open.slice(-100) }).then(
      ({ messageList }) => messageList.filter((message) => message.isPeerRead).forEach(take),
      () => {}, // shown with the next receipt or page
    )
  })
}
