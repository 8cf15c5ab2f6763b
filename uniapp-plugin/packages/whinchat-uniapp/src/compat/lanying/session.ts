import { WhinchatError } from '../../error.js';
import type { Conversation, Message } from '../../generated/index.js';
import { Arrivals } from '../arrivals.js';
import { Beneath, isObject, type FindNative } from '../beneath.js';
import { Hub } from './events.js';
import { isInputStatus, metaOf, placeOf } from './meta.js';
import { Mirror } from './mirror.js';

/** How long a message is tried to be sent, unless the app says so: a day. */
const SEND_TIMEOUT_MS = 24 * 60 * 60 * 1000;
/** Messages that are asked for at once. */
const FIND = 50;
const PAGE = 100;

export interface LanyingConfig {
  /** The app that the server serves. */
  appId?: number | string;
  appid?: number | string;
  /**
   * For development only: a server in development mode logs in whoever asks, and needs no key. Any other one refuses, since a
   * key in an app is everybody's key. It is read nowhere, stored nowhere and sent nowhere.
   */
  secretKey?: string;
  /** The server's address; default: the plugin's manifest parameter. */
  server?: string;
  /** Milliseconds after which a message that was not stored fails; 0: it is tried for ever. Default: a day. */
  sendTimeout?: number;
}

/** Who logs in, and with what. */
export interface LanyingLogin {
  username?: string;
  name?: string;
  user_id?: string | number;
  /** The UserSig that the app's backend made: accounts with passwords come later. */
  password?: string;
  token?: string;
}

/** One user's login, and what it hears. */
export class Session {
  readonly hub = new Hub();
  readonly mirror = new Mirror();
  appId = '';
  uid = '';
  sendTimeout = SEND_TIMEOUT_MS;
  private development = false;
  private phase: 'out' | 'trying' | 'in' = 'out';
  /** Counts logins and their ends: what an earlier one still answers is nobody's business. */
  private turn = 0;
  private heard = false;
  /** Conversations that were told of since the login: what is read of them beside that may be older. */
  private readonly newer = new Set<string>();
  private readonly beneath: Beneath;
  private readonly arrivals: Arrivals;

  constructor(find?: FindNative) {
    this.beneath = new Beneath(find);
    this.arrivals = new Arrivals(this.beneath, (message) => this.received(message));
  }

  get im() {
    return this.beneath.im;
  }

  get isLogin(): boolean {
    return this.phase === 'in';
  }

  async init(config: LanyingConfig): Promise<void> {
    if (!isObject(config)) throw refused('init', 'the settings are missing: pass {appId}');
    const { appId = config.appid, secretKey, server, sendTimeout = SEND_TIMEOUT_MS } = config as LanyingConfig;
    if (!Number.isInteger(sendTimeout) || sendTimeout < 0 || sendTimeout > 0xffffffff) throw refused('init', '`sendTimeout` is a number of milliseconds');
    this.hear();
    // At once: an app calls login without waiting for this.
    this.appId = String(appId);
    this.sendTimeout = sendTimeout;
    this.development = secretKey !== undefined && secretKey !== null && secretKey !== '';
    if (this.development) console.warn('[whinchat] IM.init: secretKey is for development only; leave it out of what you release');
    await this.im.init({ sdkAppId: appId as number, server: server ?? null, profile: 'lanying' });
  }

  async login(given: LanyingLogin): Promise<void> {
    if (!isObject(given)) throw refused('login', 'nobody is named: pass {username, password}');
    const { username, name, user_id, password, token } = given as LanyingLogin;
    const user = username ?? name ?? user_id;
    if (typeof user !== 'string' && typeof user !== 'number') throw refused('login', '`username` is missing');
    const sig = this.development ? '' : (token ?? password ?? '');
    if (typeof sig !== 'string') throw refused('login', '`password` is no text');
    const first = this.phase === 'out';
    if (first) this.enter(String(user));
    const { turn } = this;
    try {
      await this.im.login({ userId: String(user), userSig: sig });
    } catch (error) {
      if (first && turn === this.turn) this.leave();
      throw this.development && error instanceof WhinchatError && error.code === 70002 ? noDevelopment() : error;
    }
    if (turn !== this.turn) return;
    this.phase = 'in';
    this.hub.emit('loginSuccess', {});
    if (turn !== this.turn) return;
    this.arrivals.entered(this.uid);
    await this.fill().catch((error: unknown) => this.complain('getConversationList', error));
  }

  async logout(): Promise<void> {
    this.leave();
    await this.arrivals.logout(() => this.im.logout());
  }

  /** Tells why something without a promise was refused. */
  complain(category: string, error: unknown): void {
    this.hub.emit('flooError', { category, desc: error instanceof WhinchatError ? `${error.msg} (${error.code})` : String(error) });
  }

  /** What was looked at is kept, for what is asked for at once. */
  keep(messages: readonly Message[]): void {
    for (const message of messages) {
      const meta = metaOf(message, this.uid);
      if (meta) this.mirror.add(placeOf(message), [meta]);
    }
  }

  private enter(user: string): void {
    this.turn += 1;
    this.phase = 'trying';
    this.uid = user;
    this.newer.clear();
    this.arrivals.entering(user);
  }

  private leave(): void {
    this.turn += 1;
    this.phase = 'out';
    this.uid = '';
    this.arrivals.left();
    this.mirror.clear();
  }

  /** The list as it stands; what changes later comes by events. */
  private async fill(): Promise<void> {
    const { turn } = this;
    for (let nextSeq = 0; ; ) {
      const page = await this.im.getConversationList({ nextSeq, count: PAGE });
      if (turn !== this.turn) return;
      this.mirror.take(page.conversationList.filter(({ conversationId }) => !this.newer.has(conversationId)));
      if (page.isFinished) break;
      nextSeq = page.nextSeq;
    }
    this.hub.emit('recentlistUpdate');
  }

  private hear(): void {
    if (this.heard) return;
    const { hub, beneath } = this;
    const notice = (category: string, desc: string) => this.phase !== 'out' && hub.emit('flooNotice', { category, desc });
    beneath.on('onConnecting', () => notice('loginMessage', 'socket connecting...'));
    beneath.on('onConnectSuccess', () => notice('loginMessage', 'socket connect success...'));
    beneath.on('onConnectFailed', () => notice('loginMessage', 'login socket failure ......'));
    beneath.on('onUserSigWillExpire', () => notice('action', 'relogin'));
    beneath.on('onUserSigExpired', () => (notice('action', 'relogin_manually'), this.leave()));
    beneath.on('onKickedOffline', () => (notice('userNotice', 'KICKED_BY_OTHER_DEVICE'), this.leave()));
    this.arrivals.hear();
    beneath.on('onMessageDeleted', ({ userId, groupId, msgIdList }) => this.deleted(userId, groupId, msgIdList));
    beneath.on('onRecvC2CReadReceipt', ({ receiptList }) => {
      for (const { userId } of receiptList) this.read(userId).catch((error: unknown) => this.complain('readReceipt', error));
    });
    beneath.on('onNewConversation', ({ conversationList }) => this.moved(conversationList));
    beneath.on('onConversationChanged', ({ conversationList }) => this.moved(conversationList));
    beneath.on('onConversationDeleted', ({ conversationIdList }) => this.dropped(conversationIdList));
    this.heard = true;
  }

  private received(message: Message): void {
    const { hub } = this;
    if (isInputStatus(message)) {
      hub.emit('onInputStatusMessage', { ext: message.cloudCustomData, from: message.sender, to: message.groupId || this.uid });
      return;
    }
    const meta = metaOf(message, this.uid);
    if (!meta) {
      if (message.groupId) hub.emit('onGroupMemberChanged', message.groupId);
      return;
    }
    if (!message.isOnlineOnly) this.mirror.add(placeOf(message), [meta]);
    if (meta.toType === 'roster') return hub.emit('onRosterMessage', meta);
    hub.emit('onGroupMessage', meta);
    if (!message.isSelf && (meta.config.mentionAll || meta.config.mentionList.includes(this.uid))) hub.emit('onMentionMessage', meta);
  }

  private deleted(userId: string, groupId: string, ids: readonly string[]): void {
    this.mirror.remove(groupId ? `group_${groupId}` : `c2c_${userId}`, ids);
    for (const mid of ids) this.hub.emit('onMessageDeleted', { uid: groupId || userId, mid });
  }

  /** Which of mine the other side has read is the core's to say; times of a second would be too coarse. */
  private async read(userId: string): Promise<void> {
    const place = `c2c_${userId}`;
    const open = this.mirror.of(place).filter((meta) => meta.from === this.uid && meta.status !== 2);
    for (let at = 0; at < open.length; at += FIND) {
      const { messageList } = await this.im.findMessages({ msgIdList: open.slice(at, at + FIND).map(({ id }) => id) });
      const read = messageList.filter((message) => message.isPeerRead);
      this.keep(read);
      for (const { msgId } of read) this.hub.emit('onMessageStatusChanged', { uid: userId, mid: msgId });
    }
  }

  private dropped(ids: readonly string[]): void {
    for (const id of ids) this.newer.add(id);
    this.mirror.drop(ids);
    this.hub.emit('recentlistUpdate');
  }

  private moved(list: readonly Conversation[]): void {
    if (this.phase === 'out') return;
    for (const { conversationId } of list) this.newer.add(conversationId);
    const changed = list.filter(({ conversationId, unreadCount }) => unreadCount !== this.mirror.unread(conversationId));
    this.mirror.take(list);
    for (const { userId, groupId } of changed) this.hub.emit('onUnreadChange', groupId || userId);
    this.hub.emit('recentlistUpdate');
  }
}

export function refused(method: string, msg: string): WhinchatError {
  return new WhinchatError(method, { code: 6017, msg });
}

function noDevelopment(): WhinchatError {
  const msg = 'secretKey is taken by a server in development mode only, and this one is none: leave it out, and give the signature that your backend makes as password';
  return new WhinchatError('login', { code: 70002, msg });
}
