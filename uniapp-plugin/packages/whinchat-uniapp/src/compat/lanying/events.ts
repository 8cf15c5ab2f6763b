import { told } from '../beneath.js';
import type { Meta } from './meta.js';

/** What every handler is called with, by event. */
export interface LanyingEvents {
  loginSuccess: (res: object) => void;
  loginFail: (desc: string) => void;
  /** Progress of the connection, and what the app should do about its login. */
  flooNotice: (res: { category: string; desc: string }) => void;
  /** What a call without a promise was refused with. */
  flooError: (res: { category: string; desc: string }) => void;
  onRosterMessage: (meta: Meta) => void;
  onGroupMessage: (meta: Meta) => void;
  /** A message of a group that names me, or everybody; `onGroupMessage` tells of it as well. */
  onMentionMessage: (meta: Meta) => void;
  /** `mid` is what the sending call gave; `message` has the id of the server once it is sent. */
  onSendingMessageStatusChanged: (res: { status: 'sending' | 'sent' | 'failed'; mid: number; message?: Meta; errorCode?: number; errorReason?: string }) => void;
  /** A message of mine was read. */
  onMessageStatusChanged: (res: { uid: string; mid: string }) => void;
  /** `next` leads to the messages before; '' at the end. */
  onReceiveHistoryMsg: (res: { next: string }) => void;
  onInputStatusMessage: (res: { ext: string; from: string; to: string }) => void;
  onMessageDeleted: (res: { uid: string; mid: string }) => void;
  onUnreadChange: (cid: string) => void;
  recentlistUpdate: () => void;
  onGroupMemberChanged: (groupId: string) => void;
}

/** The events that are told. */
export const EVENTS: readonly (keyof LanyingEvents)[] = [
  'loginSuccess', 'loginFail', 'flooNotice', 'flooError', 'onRosterMessage', 'onGroupMessage', 'onMentionMessage', 'onSendingMessageStatusChanged',
  'onMessageStatusChanged', 'onReceiveHistoryMsg', 'onInputStatusMessage', 'onMessageDeleted', 'onUnreadChange', 'recentlistUpdate', 'onGroupMemberChanged',
];

type Handlers = { [E in keyof LanyingEvents]?: LanyingEvents[E] };

/** Calls the handler for each event of this name, or those of an object. */
export interface On {
  <E extends keyof LanyingEvents>(event: E, handler: LanyingEvents[E]): void;
  (handlers: Handlers): void;
}

/** Takes them away; without a handler all of an event. */
export interface Off {
  <E extends keyof LanyingEvents>(event: E, handler?: LanyingEvents[E]): void;
  (handlers: Handlers): void;
}

/** Handlers by event; both spellings of Lanying: one event and its handler, or an object of them. */
export class Hub {
  private readonly handlers = new Map<string, Set<unknown>>();

  on: On = (events: unknown, handler?: unknown): void => {
    for (const [event, one] of pairs(events, handler)) {
      if (!(EVENTS as readonly string[]).includes(event)) console.warn(`[whinchat] im.on: ${event} is not told by this face`);
      else if (typeof one !== 'function') this.emit('flooError', { category: 'on', desc: `the handler of ${event} is no function` });
      else this.handlers.set(event, (this.handlers.get(event) ?? new Set()).add(one));
    }
  };

  off: Off = (events: unknown, handler?: unknown): void => {
    for (const [event, one] of pairs(events, handler)) {
      if (one === undefined) this.handlers.delete(event);
      else this.handlers.get(event)?.delete(one);
    }
  };

  emit<E extends keyof LanyingEvents>(event: E, ...args: Parameters<LanyingEvents[E]>): void {
    for (const handler of [...(this.handlers.get(event) ?? [])]) told(`a handler of ${event}`, handler, ...args);
  }
}

function pairs(events: unknown, handler: unknown): [string, unknown][] {
  if (typeof events === 'string') return [[events, handler]];
  return typeof events === 'object' && events !== null ? Object.entries(events) : [];
}
