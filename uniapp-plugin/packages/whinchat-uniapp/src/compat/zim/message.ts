import type { Message } from '../../generated/index.js';
import { bytesOf } from '../bytes.js';
import { ConversationType, MessagePriority, MessageType } from './numbers.js';

/** A text that is sent: `type` 1, up to 32 KB. */
export interface ZIMTextToSend {
  type: typeof MessageType.Text;
  message: string;
  priority?: MessagePriority;
}

/** Bytes of the app's own that are sent: `type` 2, up to 5 KB. */
export interface ZIMCommandToSend {
  type: typeof MessageType.Command;
  message: Uint8Array;
  priority?: MessagePriority;
}

export type ZIMMessageToSend = ZIMTextToSend | ZIMCommandToSend;

/** A message as ZIM gives it. */
export interface ZIMMessage {
  priority: MessagePriority;
  type: MessageType;
  /** The same at both ends. */
  messageID: string;
  /** The server's time in milliseconds. */
  timestamp: number;
  /** Text for type 1, bytes for type 2, '' for what is neither. */
  message: string | Uint8Array;
  senderUserID: string;
  /** The other person, whoever sent. */
  conversationID: string;
  conversationType: typeof ConversationType.Peer;
}

/** 1 is the lowest to ZIM and the highest to the bridge. */
export const PRIORITIES: Readonly<Record<number, number>> = { 1: 3, 2: 2, 3: 1 };

/** A message of a one to one conversation. */
export function zimMessage(message: Message): ZIMMessage {
  const { elem } = message;
  const [type, content] =
    elem?.elemType === 1 ? [MessageType.Text, elem.text] : elem?.elemType === 2 ? [MessageType.Command, bytesOf(elem.data)] : [MessageType.Unknown, ''];
  return {
    priority: (PRIORITIES[message.priority] ?? MessagePriority.Low) as MessagePriority,
    type,
    messageID: message.msgId,
    timestamp: message.timestampMs,
    message: content,
    senderUserID: message.sender,
    conversationID: message.userId,
    conversationType: ConversationType.Peer,
  };
}
