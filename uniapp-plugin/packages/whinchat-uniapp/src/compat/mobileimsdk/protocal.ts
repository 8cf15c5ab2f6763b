import type { Message } from '../../generated/index.js';
import { isObject } from '../beneath.js';
import { COMMON_DATA } from './numbers.js';

/** A message of MobileIMSDK; the spelling is that of the system that apps come from. */
export interface Protocal {
  /** 2: data of the app. */
  type: number;
  /** What is said, often JSON of the app's own. */
  dataContent: string;
  /** Who; when sending it is who is logged in, whatever stands here. */
  from: string;
  /** Whom it is for. */
  to: string;
  /** Whether it is sent again until the server has it, or given up. */
  QoS: boolean;
  /** Its fingerprint: unique, and the same at both ends. */
  fp: string | null;
  /** A number of the app's own; -1 for none. */
  typeu: number;
}

/** Makes messages, as the factory of the same name does. */
export const MBProtocalFactory = {
  /** A message with QoS and a fingerprint of its own. */
  createCommonDataSimple: (dataContent: string, from: string, to: string, typeu = -1): Protocal => createCommonData(dataContent, from, to, true, null, typeu),
  createCommonData,
};

function createCommonData(dataContent: string, from: string, to: string, QoS = true, fp: string | null = null, typeu = -1): Protocal {
  return { type: COMMON_DATA, dataContent, from, to, QoS, fp: fp ?? (QoS ? newFingerprint() : null), typeu };
}

let count = 0;

/** Unique among what all devices send. */
export function newFingerprint(): string {
  const random = () => Math.floor(Math.random() * 0x100000000).toString(16).padStart(8, '0');
  return `${Date.now().toString(16)}-${(count += 1).toString(16)}-${random()}${random()}`;
}

/** What a message carries beside its text, for the other end. */
export function carried(p: Protocal): string {
  return JSON.stringify({ mobileimsdk: { fp: p.fp, typeu: p.typeu } });
}

/** A one to one message; undefined for what holds neither text nor data. What no face of this kind wrote is known by its own id. */
export function protocalOf(message: Message, me: string): Protocal | undefined {
  const { elem } = message;
  if (elem?.elemType !== 1 && elem?.elemType !== 2) return undefined;
  const { fp, typeu } = readCarried(message.cloudCustomData);
  return {
    type: COMMON_DATA,
    dataContent: elem.elemType === 1 ? elem.text : elem.data,
    from: message.sender,
    to: message.isSelf ? message.userId : me,
    QoS: !message.isOnlineOnly,
    fp: fp ?? message.msgId,
    typeu: typeu ?? -1,
  };
}

/** The fingerprint that a message of this face carries. */
export function readCarried(text: string): { fp?: string; typeu?: number } {
  try {
    const value: unknown = JSON.parse(text);
    const own = isObject(value) ? value.mobileimsdk : undefined;
    if (!isObject(own)) return {};
    return { ...(typeof own.fp === 'string' && { fp: own.fp }), ...(typeof own.typeu === 'number' && { typeu: own.typeu }) };
  } catch {
    return {};
  }
}
