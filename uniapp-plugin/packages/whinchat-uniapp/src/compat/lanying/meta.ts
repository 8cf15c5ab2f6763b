import type { Message } from '../../generated/index.js';
import { isObject } from '../beneath.js';

/** A message as Lanying gives it: plain data, readable as JSON. */
export interface Meta {
  id: string;
  from: string;
  /** The receiver, or the group. */
  to: string;
  content: string;
  /** `text`, `command`, or a name of the app's own. */
  type: string;
  /** What the sender added. */
  ext: string;
  /** Whom an @ names. */
  config: { mentionList: string[]; mentionAll: boolean };
  attach: unknown;
  /** Own messages: 1 the server has it, 2 it was read. Others: 0 unread, 2 read. */
  status: 0 | 1 | 2;
  /** The server's time in milliseconds. */
  timestamp: string;
  toType: 'roster' | 'group';
}

/** What is sent. */
export interface Outgoing {
  content?: string;
  type?: string;
  ext?: string | object;
  attachment?: unknown;
}

/** What at-all appears as in `groupAtUserList`. */
const AT_ALL = '__kImSDK_MesssageAtALL__';
/** Types that need files to be carried. */
export const MEDIA = ['image', 'audio', 'video', 'file'];

/** A message of the bridge; undefined for what the server says of groups. */
export function metaOf(message: Message, me: string): Meta | undefined {
  const { elem, groupId } = message;
  if (elem?.elemType !== 1 && elem?.elemType !== 2) return undefined;
  const body = elem.elemType === 1 ? { type: 'text', content: elem.text, attachment: undefined } : readBody(elem.data);
  const named = message.groupAtUserList;
  return {
    id: message.msgId,
    from: message.sender,
    to: groupId || (message.isSelf ? message.userId : me),
    content: body.content,
    type: body.type,
    ext: message.cloudCustomData,
    config: { mentionList: named.filter((user) => user !== AT_ALL), mentionAll: named.includes(AT_ALL) },
    attach: body.attachment ?? '',
    status: message.isSelf ? (message.isPeerRead ? 2 : 1) : message.isRead ? 2 : 0,
    timestamp: String(message.timestampMs),
    toType: groupId ? 'group' : 'roster',
  };
}

/** The conversation that a message stands in, as the list names it. */
export function placeOf(message: Message): string {
  return message.groupId ? `group_${message.groupId}` : `c2c_${message.userId}`;
}

/** What a message that is no text is sent as. */
export function bodyOf({ type, content = '', attachment }: Outgoing): string {
  return JSON.stringify({ lanying: { type, content, attachment } });
}

export function extOf(ext: Outgoing['ext']): string | null {
  if (ext === undefined || ext === null) return null;
  return typeof ext === 'string' ? ext : JSON.stringify(ext);
}

/** Whether a message only says that somebody is typing. */
export function isInputStatus(message: Message): boolean {
  return message.isOnlineOnly && /"input_status"/.test(message.cloudCustomData);
}

/** Data that no face of this kind wrote is a command. */
function readBody(data: string): { type: string; content: string; attachment?: unknown } {
  try {
    const value: unknown = JSON.parse(data);
    const own = isObject(value) ? value.lanying : undefined;
    if (isObject(own) && typeof own.type === 'string' && typeof own.content === 'string') {
      return { type: own.type, content: own.content, attachment: own.attachment };
    }
  } catch {
    // No JSON.
  }
  return { type: 'command', content: data };
}
