import type { GroupTipsElem, Message } from '@whinchat/uniapp'

type Translate = (key: string, values?: Record<string, unknown>) => string

const KINDS: Record<number, string> = { 2: 'custom', 3: 'image', 4: 'sound', 5: 'video', 6: 'file', 7: 'location', 8: 'face', 10: 'merged' }
const TIPS: Record<number, string> = { 1: 'joined', 2: 'invited', 3: 'left', 4: 'removed', 5: 'admin', 6: 'noAdmin', 7: 'changed' }

/** A message as one line of words. */
export function previewOf(message: Message, t: Translate): string {
  if (message.status === 6) return t(message.isSelf ? 'message.youRevoked' : 'message.revoked')
  const { elem } = message
  if (elem?.elemType === 1) return elem.text
  if (elem?.elemType === 9) return tipOf(elem, t)
  return t(`message.kind.${KINDS[message.elemType] ?? 'unknown'}`)
}

export function tipOf(tip: GroupTipsElem, t: Translate): string {
  const name = (member: { userId: string; nickName?: string; nameCard?: string }) => member.nameCard || member.nickName || member.userId
  const who = tip.opMember ? name(tip.opMember) : ''
  const members = (tip.memberList ?? []).map(name).filter((one) => one !== who).join(t('list.comma'))
  return t(`message.tip.${TIPS[tip.type] ?? 'changed'}`, { who, members: members || who })
}
