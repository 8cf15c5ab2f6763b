import { computed, ref, shallowRef, watch } from 'vue'
import type { Conversation } from '@whinchat/uniapp'
import { im } from '../im'
import { can, soon } from '../lib/soon'
import { session } from './session'

const PAGE = 100

const byId = new Map<string, Conversation>()
/** Pinned first, then newest. */
export const conversations = shallowRef<Conversation[]>([])
export const totalUnread = ref(0)
export const listed = ref(false)

/** Asked for together in one sort a frame, however many events there are. */
let scheduled = false
function changed(): void {
  if (scheduled) return
  scheduled = true
  setTimeout(() => {
    scheduled = false
    conversations.value = [...byId.values()].sort((a, b) => b.orderKey - a.orderKey)
  }, 16)
}

function take(list: Conversation[]): void {
  for (const conversation of list) byId.set(conversation.conversationId, conversation)
  changed()
}

function drop(ids: string[]): void {
  for (const id of ids) byId.delete(id)
  changed()
}

let listening = false
function listen(): void {
  if (listening) return
  listening = true
  im.on('onNewConversation', ({ conversationList }) => take(conversationList))
  im.on('onConversationChanged', ({ conversationList }) => take(conversationList))
  im.on('onConversationDeleted', ({ conversationIdList }) => drop(conversationIdList))
  im.on('onTotalUnreadMessageCountChanged', ({ totalUnreadCount }) => (totalUnread.value = totalUnreadCount))
}

/** The first page is drawn at once, the others follow. */
export async function loadConversations(): Promise<void> {
  listen()
  const seen = new Set<string>()
  let nextSeq = 0
  for (;;) {
    const page = await im.getConversationList({ nextSeq, count: PAGE })
    for (const { conversationId } of page.conversationList) seen.add(conversationId)
    take(page.conversationList)
    listed.value = true
    if (page.isFinished || page.conversationList.length === 0) break
    nextSeq = page.nextSeq
  }
  drop([...byId.keys()].filter((id) => !seen.has(id)))
  totalUnread.value = (await im.getTotalUnreadMessageCount()).totalUnreadCount
}

export function conversationOf(id: string): Conversation | undefined {
  return byId.get(id)
}

/** Follows one conversation; undefined until its first message. */
export function useConversation(id: () => string) {
  return computed(() => (conversations.value, byId.get(id())))
}

export const pin = (conversation: Conversation) => soon.pinConversation({ conversationId: conversation.conversationId, isPinned: !conversation.isPinned })
export const remove = (conversation: Conversation) => soon.deleteConversation({ conversationId: conversation.conversationId })
export const keepDraft = (conversationId: string, draftText: string) => (can('setConversationDraft') ? soon.setConversationDraft({ conversationId, draftText }) : Promise.resolve())

watch(() => session.phase, (phase) => {
  if (phase !== 'out') return
  byId.clear()
  conversations.value = []
  listed.value = false
  totalUnread.value = 0
})

// #ifdef H5
watch(totalUnread, (count) => (document.title = count > 0 ? `(${count > 99 ? '99+' : count}) Whinchat` : 'Whinchat'))
// #endif
