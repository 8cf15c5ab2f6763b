import { im } from '../im'

/** Methods that the core beneath may not have yet; what needs them is offered only where they are. */
interface Soon {
  pinConversation(params: { conversationId: string; isPinned: boolean }): Promise<unknown>
  deleteConversation(params: { conversationId: string }): Promise<unknown>
  setConversationDraft(params: { conversationId: string; draftText: string }): Promise<unknown>
}

export const soon = im as unknown as Soon
export const can = (method: keyof Soon): boolean => typeof (im.native as unknown as Record<string, unknown>)[method] === 'function'
