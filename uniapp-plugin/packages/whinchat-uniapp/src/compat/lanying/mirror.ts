import type { Conversation } from '../../generated/index.js';
import type { Meta } from './meta.js';

/** Messages that are kept of one conversation, and conversations of which some are kept; the oldest go first. */
const MESSAGES = 200;
const CONVERSATIONS = 200;

/** A conversation as Lanying lists it. */
export interface ConversationItem {
  id: string;
  /** Of its last message. */
  content: string;
  timestamp: string;
  type: 'roster' | 'group';
  unread: number;
}

/** What Lanying answers at once and the core only by a promise: a copy of the list, and the messages that were looked at. */
export class Mirror {
  private readonly conversations = new Map<string, Conversation>();
  private readonly messages = new Map<string, Meta[]>();

  clear(): void {
    this.conversations.clear();
    this.messages.clear();
  }

  /** Takes newer states. */
  take(list: readonly Conversation[]): void {
    for (const conversation of list) this.conversations.set(conversation.conversationId, conversation);
  }

  drop(ids: readonly string[]): void {
    for (const id of ids) this.conversations.delete(id), this.messages.delete(id);
  }

  isGroup(id: string): boolean {
    return this.conversations.has(`group_${id}`) && !this.conversations.has(`c2c_${id}`);
  }

  unread(place: string): number {
    return this.conversations.get(place)?.unreadCount ?? 0;
  }

  /** Newest activity first. */
  list(): ConversationItem[] {
    const sorted = [...this.conversations.values()].sort((a, b) => b.orderKey - a.orderKey);
    return sorted.map(({ userId, groupId, unreadCount, lastMessage }) => ({
      id: groupId || userId,
      content: lastMessage?.elem?.elemType === 1 ? lastMessage.elem.text : '',
      timestamp: String(lastMessage?.timestampMs ?? 0),
      type: groupId ? 'group' : 'roster',
      unread: unreadCount,
    }));
  }

  /** Keeps messages, each once, in the order of their times. */
  add(place: string, metas: readonly Meta[]): void {
    const known = this.messages.get(place) ?? [];
    const ids = new Set(metas.map(({ id }) => id));
    const all = [...known.filter(({ id }) => !ids.has(id)), ...metas].sort((a, b) => Number(a.timestamp) - Number(b.timestamp));
    this.messages.delete(place);
    this.messages.set(place, all.slice(-MESSAGES));
    if (this.messages.size > CONVERSATIONS) this.messages.delete(this.messages.keys().next().value!);
  }

  /** Oldest first. */
  of(place: string): Meta[] {
    return [...(this.messages.get(place) ?? [])];
  }

  remove(place: string, ids: readonly string[]): void {
    const left = this.of(place).filter(({ id }) => !ids.includes(id));
    if (this.messages.has(place)) this.messages.set(place, left);
  }
}
