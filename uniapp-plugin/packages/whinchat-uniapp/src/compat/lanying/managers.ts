import type { Sent } from '../../generated/index.js';
import { isObject } from '../beneath.js';
import { bodyOf, extOf, MEDIA, metaOf, type Meta, type Outgoing } from './meta.js';
import type { ConversationItem } from './mirror.js';
import { refused, type Session } from './session.js';

/** Users invited in one call. */
const INVITED = 20;
/** What Lanying's kinds of groups are here. */
const KINDS: Readonly<Record<number, string>> = { 0: 'Work', 1: 'Public', 2: 'AVChatRoom' };

type Id = string | number;

export interface SysManage {
  /** Sends to a user. Gives a number that `onSendingMessageStatusChanged` names. */
  sendRosterMessage(message: Outgoing & { uid: Id }): number;
  sendGroupMessage(message: Outgoing & { gid: Id }): number;
  /** Sends a text that names members of a group, or all. */
  sendMentionMessage(message: { gid: Id; txt: string; mentionAll?: boolean; mentionList?: Id[]; ext?: Outgoing['ext'] }): number;
  /** Tells somebody that I am typing (`typing`), or no longer (`nothing`); nobody keeps it. */
  sendInputStatusMessage(uid: Id, status: string): number;
  forwardMessage(message: { mid: string; uid?: Id; gid?: Id }): number;
  /** Messages before `sid` (0 or '' for the newest), newest first; also told as `onReceiveHistoryMsg`. */
  requireHistoryMessage(cid: Id, sid: string | number, amount: number, isGroup?: boolean): Promise<Meta[]>;
  /** Of a message that was looked at. */
  getMessageStatus(cid: Id, mid: string, isGroup?: boolean): 'unread' | 'delivered' | 'read';
}

export interface RosterManage {
  /** Everything from this user is read; he is told so. */
  readRosterMessage(uid: Id, mid?: string): Promise<void>;
  /** For me, on all my devices. */
  deleteMessage(uid: Id, mid: string): Promise<void>;
  getUnreadCount(uid: Id): number;
  /** Messages that were looked at, oldest first. */
  getRosterMessageByRid(uid: Id): Meta[];
}

export interface GroupManage {
  /** `type` 0 private, 1 public. */
  asyncCreate(params: { name: string; type?: number; user_list?: Id[] }): Promise<{ group_id: string; name: string; type: number; status: number }>;
  asyncInvite(params: { group_id: Id; user_list: Id[] }): Promise<{ user_id: string; result: string; reason: string }[]>;
  asyncLeave(params: { group_id: Id }): Promise<boolean>;
  readGroupMessage(group_id: Id, mid?: string): Promise<void>;
  deleteMessage(group_id: Id, mid: string): Promise<void>;
  getUnreadCount(gid: Id): number;
  /** Messages that were looked at, oldest first; the spelling is that of the system that apps come from. */
  getGruopMessage(gid: Id): Meta[];
}

export interface UserManage {
  /** '' for nobody. */
  getUid(): string;
  getAppid(): string;
  getConversationList(): ConversationItem[];
}

let lastMid = 0;

/** Numbers that rise, also over restarts. */
function nextMid(): number {
  return (lastMid = Math.max(lastMid + 1, Date.now() * 1000));
}

/** Sends, and tells of it by its number. */
function sending(session: Session, work: () => Promise<Sent>): number {
  const mid = nextMid();
  const run = async () => {
    session.hub.emit('onSendingMessageStatusChanged', { status: 'sending', mid });
    try {
      const { message } = await work();
      const meta = message ? metaOf(message, session.uid) : undefined;
      if (message && !message.isOnlineOnly) session.keep([message]);
      session.hub.emit('onSendingMessageStatusChanged', { status: 'sent', mid, ...(meta && { message: meta }) });
    } catch (error) {
      const { code = 7012, msg = String(error) } = error as { code?: number; msg?: string };
      session.hub.emit('onSendingMessageStatusChanged', { status: 'failed', mid, errorCode: code, errorReason: msg });
    }
  };
  // Not before the app has the number.
  void Promise.resolve().then(run);
  return mid;
}

export function sysManage(session: Session): SysManage {
  const how = (ext: Outgoing['ext']) => ({ cloudCustomData: extOf(ext), timeoutMs: session.sendTimeout });
  const post = async (to: { userId: string } | { groupId: string }, message: Outgoing): Promise<Sent> => {
    const { type = 'text', content, ext } = message;
    if (typeof type !== 'string' || type === '') throw refused('send', '`type` is a text');
    if (MEDIA.includes(type)) throw refused('send', `\`type\` ${type} is not carried yet: files come later`);
    if (type === 'text' && typeof content !== 'string') throw refused('send', '`content` is a text');
    const { im } = session;
    const all = { ...how(ext), ...(type === 'text' ? { text: content! } : { customData: bodyOf(message) }) };
    if ('userId' in to) return 'text' in all ? im.sendC2CTextMessage({ ...to, ...all }) : im.sendC2CCustomMessage({ ...to, ...all });
    return 'text' in all ? im.sendGroupTextMessage({ ...to, ...all }) : im.sendGroupCustomMessage({ ...to, ...all });
  };
  return {
    sendRosterMessage: (message) => sending(session, async () => post({ userId: idOf(checked(message).uid, 'uid') }, message)),
    sendGroupMessage: (message) => sending(session, async () => post({ groupId: idOf(checked(message).gid, 'gid') }, message)),
    sendMentionMessage: (message) =>
      sending(session, async () => {
        const { gid, txt, mentionAll = false, mentionList = [], ext } = checked(message);
        const groupId = idOf(gid, 'gid');
        const { messageKey } = await session.im.createTextAtMessage({ text: txt, userIdList: mentionList.map(String), isAtAll: mentionAll });
        return session.im.sendMessage({ messageKey, groupId, ...how(ext) });
      }),
    sendInputStatusMessage: (uid, status) =>
      sending(session, async () => {
        const cloudCustomData = JSON.stringify({ input_status: String(status) });
        const customData = bodyOf({ type: 'command' });
        return session.im.sendC2CCustomMessage({ userId: idOf(uid, 'uid'), customData, cloudCustomData, onlineUserOnly: true });
      }),
    forwardMessage: (message) =>
      sending(session, async () => {
        const { mid, uid, gid } = checked(message);
        const to = gid === undefined || gid === null ? { receiver: idOf(uid, 'uid') } : { groupId: idOf(gid, 'gid') };
        const { messageKey } = await session.im.createForwardMessage({ msgId: String(mid) });
        return session.im.sendMessage({ messageKey, ...to, timeoutMs: session.sendTimeout });
      }),
    async requireHistoryMessage(cid, sid, amount, isGroup) {
      const id = idOf(cid, 'uid');
      const at = { count: amount, msgId: sid ? String(sid) : '' };
      const group = isGroup ?? session.mirror.isGroup(id);
      const page = group ? await session.im.getGroupHistoryMessageList({ groupId: id, ...at }) : await session.im.getC2CHistoryMessageList({ userId: id, ...at });
      session.keep(page.messageList);
      const last = page.messageList[page.messageList.length - 1];
      session.hub.emit('onReceiveHistoryMsg', { next: page.isFinished || !last ? '' : last.msgId });
      return page.messageList.map((message) => metaOf(message, session.uid)).filter((meta): meta is Meta => meta !== undefined);
    },
    getMessageStatus(cid, mid, isGroup = false) {
      const found = session.mirror.of(`${isGroup ? 'group' : 'c2c'}_${cid}`).find(({ id }) => id === mid);
      return found?.status === 2 ? 'read' : found?.status === 1 ? 'delivered' : 'unread';
    },
  };
}

export function rosterManage(session: Session): RosterManage {
  return {
    readRosterMessage: (uid) => quietly(session, 'readRosterMessage', () => session.im.markC2CMessageAsRead({ userId: idOf(uid, 'uid') })),
    deleteMessage: (uid, mid) => quietly(session, 'deleteMessage', () => remove(session, `c2c_${idOf(uid, 'uid')}`, mid)),
    getUnreadCount: (uid) => session.mirror.unread(`c2c_${uid}`),
    getRosterMessageByRid: (uid) => session.mirror.of(`c2c_${uid}`),
  };
}

export function groupManage(session: Session): GroupManage {
  const invite = async (groupId: string, users: readonly Id[]) => {
    const results = [];
    for (let at = 0; at < users.length; at += INVITED) {
      const { resultList } = await session.im.inviteUserToGroup({ groupId, userIdList: users.slice(at, at + INVITED).map(String) });
      results.push(...resultList);
    }
    return results.map(({ userId, resultCode, resultInfo }) => ({ user_id: userId, result: resultCode === 0 ? 'success' : 'failed', reason: resultInfo }));
  };
  return {
    async asyncCreate(params) {
      const { name, type = 0, user_list = [] } = checked(params);
      const { groupId } = await session.im.createGroup({ groupType: KINDS[type] ?? String(type), groupName: name });
      await invite(groupId, listOf(user_list));
      return { group_id: groupId, name, type, status: 0 };
    },
    async asyncInvite(params) {
      const { group_id, user_list } = checked(params);
      return invite(idOf(group_id, 'group_id'), listOf(user_list));
    },
    async asyncLeave(params) {
      await session.im.quitGroup({ groupId: idOf(checked(params).group_id, 'group_id') });
      return true;
    },
    readGroupMessage: (gid) => quietly(session, 'readGroupMessage', () => session.im.markGroupMessageAsRead({ groupId: idOf(gid, 'group_id') })),
    deleteMessage: (gid, mid) => quietly(session, 'deleteMessage', () => remove(session, `group_${idOf(gid, 'group_id')}`, mid)),
    getUnreadCount: (gid) => session.mirror.unread(`group_${gid}`),
    getGruopMessage: (gid) => session.mirror.of(`group_${gid}`),
  };
}

export function userManage(session: Session): UserManage {
  return {
    getUid: () => session.uid,
    getAppid: () => session.appId,
    getConversationList: () => session.mirror.list(),
  };
}

async function remove(session: Session, place: string, mid: unknown): Promise<void> {
  await session.im.deleteMessages({ msgIdList: [idOf(mid, 'mid')] });
  session.mirror.remove(place, [String(mid)]);
}

/** What Lanying's own call gives no promise for: refusals are told as `flooError`. */
async function quietly(session: Session, what: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    session.complain(what, error);
  }
}

function checked<T>(params: T): T {
  if (!isObject(params)) throw refused('call', 'the parameters are no object');
  return params;
}

function idOf(id: unknown, name: string): string {
  if ((typeof id === 'string' && id !== '') || typeof id === 'number') return String(id);
  throw refused('call', `\`${name}\` is missing`);
}

function listOf(users: unknown): Id[] {
  if (Array.isArray(users)) return users as Id[];
  throw refused('call', '`user_list` is no list');
}
