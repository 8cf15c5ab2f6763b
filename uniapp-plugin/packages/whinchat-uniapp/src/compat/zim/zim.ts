import { WhinchatError } from '../../error.js';
import type { Message } from '../../generated/index.js';
import { Arrivals } from '../arrivals.js';
import { Beneath, isObject, told, type FindNative } from '../beneath.js';
import { textOf } from '../bytes.js';
import { endOf, refusal, zimError, ZIMError } from './error.js';
import { PRIORITIES, zimMessage, type ZIMMessage, type ZIMMessageToSend } from './message.js';
import { ConnectionEvent, ConnectionState, ConversationType, ErrorCode, MessagePriority, MessageType } from './numbers.js';

/** What every handler is called with, by event. */
export interface ZIMEvents {
  /** Something went wrong that no call of the app is told of. */
  error: (zim: ZIMInstance, error: ZIMError) => void;
  connectionStateChanged: (zim: ZIMInstance, state: ConnectionState, event: ConnectionEvent, extendedData: string) => void;
  /** The token ends in so many seconds: give a fresh one to `renewToken`. */
  tokenWillExpire: (zim: ZIMInstance, second: number) => void;
  /** Messages of one sender in their order, never none. */
  receivePeerMessage: (zim: ZIMInstance, messageList: ZIMMessage[], fromUserID: string) => void;
}

/** The events that are told. Others may be asked for and are not told yet; see docs/compat.md. */
export const EVENTS = ['error', 'connectionStateChanged', 'tokenWillExpire', 'receivePeerMessage'] as const;
const LATER = ['roomStateChanged', 'roomMemberJoined', 'roomMemberLeft', 'receiveRoomMessage'];

export interface ZIMUserInfo {
  /** Up to 32 bytes: digits, letters and !#$%&()+-:;<=.>?@[]^_{}|~. */
  userID: string;
  /** The same; shown to others once profiles are served. */
  userName?: string;
}

export interface ZIMOptions {
  /** The server's address, ws:// or wss://; default: the plugin's manifest parameter. */
  server?: string;
  /** Milliseconds after which a message that was not stored fails; default 0: it waits for as long as it takes. */
  sendTimeout?: number;
}

/** A user's ZIM, from `ZIM.create`. */
export class ZIMInstance {
  private readonly handlers = new Map<string, Set<(...args: any[]) => void>>();
  private state: ConnectionState = ConnectionState.Disconnected;
  /** Who logs in or is logged in; '' from the call of `logout` on. */
  private user = '';
  /** The server has accepted this login. */
  private accepted = false;
  /** Counts logouts: a login that began before one is not to end after it. */
  private turn = 0;
  private destroyed = false;
  private readonly ready: Promise<void>;

  /** @internal */
  constructor(
    private readonly beneath: Beneath,
    /** Outlives the instances of its face, as what the plugin gives does. */
    private readonly arrivals: Arrivals,
    /** The app that it was created for. */
    readonly appID: number,
    private readonly options: ZIMOptions,
    private readonly ended: () => void,
  ) {
    this.hear();
    this.ready = this.im.init({ sdkAppId: appID, profile: 'zim', server: options.server ?? null }).then(() => {});
    this.ready.catch((error: unknown) => this.report(zimError(error, ErrorCode.Failed, { sdkAppId: 'appID' })));
  }

  /** Calls the handler for each event of this name, the instance first. */
  on<E extends keyof ZIMEvents>(event: E, handler: ZIMEvents[E]): void {
    if (this.destroyed) return this.report(destroyed('on'));
    if (typeof handler !== 'function') return this.report(refusal(`on: \`callback\` of ${String(event)} is no function`));
    if (!(EVENTS as readonly string[]).includes(event)) {
      const why = LATER.includes(event) ? 'is not told yet: rooms come later' : 'is no event of this face';
      console.warn(`[whinchat] zim.on: ${String(event)} ${why}`);
      return;
    }
    let handlers = this.handlers.get(event);
    if (!handlers) this.handlers.set(event, (handlers = new Set()));
    handlers.add(handler);
  }

  /** Takes all handlers of an event away, or one. */
  off<E extends keyof ZIMEvents>(event: E, handler?: ZIMEvents[E]): void {
    if (handler) this.handlers.get(event)?.delete(handler);
    else this.handlers.delete(event);
  }

  /** Logs in with a token: the UserSig that the app's backend made. */
  login(userInfo: ZIMUserInfo, token?: string): Promise<void> {
    return this.guarded('login', async () => {
      if (!isObject(userInfo) || typeof userInfo.userID !== 'string') throw refusal('login: `userID` is missing: pass {userID, userName}');
      const { userID, userName } = userInfo;
      if (userName !== undefined && userName !== null && typeof userName !== 'string') throw refusal('login: `userName` is no text');
      if (token !== undefined && token !== null && typeof token !== 'string') throw refusal('login: `token` is no text');
      const { turn } = this;
      await this.ready;
      if (turn !== this.turn) throw refusal('login: logout or destroy was called meanwhile', ErrorCode.UserHasAlreadyLoggedOut);
      const first = this.user === '';
      if (first) {
        this.user = userID;
        this.arrivals.entering(userID);
        this.change(ConnectionState.Connecting, ConnectionEvent.ActiveLogin);
      }
      try {
        await this.im.login({ userId: userID, userSig: token ?? '', userName: userName ?? null });
      } catch (error) {
        const refused = zimError(error, ErrorCode.Failed, { userId: 'userID', userSig: 'token' });
        if (first && turn === this.turn) this.over(endOf(refused));
        throw refused;
      }
      if (turn !== this.turn) throw refusal('login: logout or destroy was called meanwhile', ErrorCode.UserHasAlreadyLoggedOut);
      this.accepted = true;
      // Where the connection's own event has not come yet.
      this.change(ConnectionState.Connected, ConnectionEvent.Success);
      if (turn === this.turn) this.arrivals.entered(userID);
    });
  }

  /** Logs out: from this call on nothing arrives. Nobody logged in: nothing to do. */
  logout(): Promise<void> {
    if (this.destroyed) return Promise.resolve(this.report(destroyed('logout')));
    this.over(ConnectionEvent.Success);
    return this.arrivals.logout(() => this.ready.then(() => this.im.logout())).then(
      () => {},
      (error: unknown) => this.report(zimError(error)),
    );
  }

  /** Puts a fresh token in the place of the one that is used; the connection lives on. */
  renewToken(token: string): Promise<{ token: string }> {
    return this.guarded('renewToken', async () => {
      if (typeof token !== 'string' || token === '') throw refusal('renewToken: `token` is missing');
      const { user } = this;
      if (!user) throw notLoggedIn('renewToken');
      await this.im.login({ userId: user, userSig: token });
      return { token };
    });
  }

  /**
   * Sends a message to somebody; resolves with it once the server has stored it, over breaks of the connection. More than 10
   * texts or 20 commands a second are refused.
   */
  sendPeerMessage(message: ZIMMessageToSend, toUserID: string): Promise<ZIMMessage> {
    return this.guarded('sendPeerMessage', async () => {
      if (!isObject(message)) throw refusal('sendPeerMessage: `message` is missing: pass {priority, type, message}');
      if (typeof toUserID !== 'string' || toUserID === '') throw refusal('sendPeerMessage: `toUserID` is missing');
      const priority = PRIORITIES[message.priority ?? MessagePriority.Low];
      if (priority === undefined) throw refusal('sendPeerMessage: `priority` is 1, 2 or 3');
      if (!this.user) throw notLoggedIn('sendPeerMessage');
      const how = { userId: toUserID, priority, timeoutMs: this.options.sendTimeout ?? null };
      const sending = send(this.beneath, message, how);
      const sent = await sending.catch((error: unknown) => {
        throw zimError(error, ErrorCode.SendMessageFailed, { userId: 'toUserID', text: 'message', customData: 'message' });
      });
      return zimMessage(sent.message!);
    });
  }

  /** Logs out, ends everything and frees it; `ZIM.create` makes a new instance. Once is enough. */
  destroy(): void {
    if (this.destroyed) return;
    this.user = '';
    this.turn += 1;
    this.destroyed = true;
    this.beneath.letGo();
    this.handlers.clear();
    this.ended();
    this.arrivals.logout(() => this.im.unInit()).catch((error: unknown) => console.error('[whinchat] zim.destroy:', error));
  }

  private get im() {
    return this.beneath.im;
  }

  private hear(): void {
    this.beneath.on('onConnectSuccess', () => this.user && this.change(ConnectionState.Connected, ConnectionEvent.Success));
    this.beneath.on('onConnectFailed', () => this.broken());
    this.beneath.on('onConnecting', () => this.broken());
    this.beneath.on('onKickedOffline', () => this.over(ConnectionEvent.KickedOut));
    this.beneath.on('onUserSigExpired', () => this.over(ConnectionEvent.TokenExpired));
    this.beneath.on('onUserSigWillExpire', ({ seconds }) => this.user && this.emit('tokenWillExpire', seconds));
    this.arrivals.hear();
    // What was pending when the app was ended: no promise is left to refuse.
    this.beneath.on('onError', ({ messageKey, msgId, code, msg }) => {
      if (messageKey) return;
      const error = zimError(new WhinchatError('sendPeerMessage', { code, msg }), ErrorCode.SendMessageFailed);
      this.report(new ZIMError(error.code, `message ${msgId} of an earlier run: ${error.message}`, code));
    });
  }

  /** @internal */
  received(message: Message): void {
    if (message.groupId === '') this.emit('receivePeerMessage', [zimMessage(message)], message.sender);
  }

  private broken(): void {
    if (this.accepted) this.change(ConnectionState.Reconnecting, ConnectionEvent.LoginInterrupted);
  }

  /** Nobody is logged in any more. */
  private over(event: ConnectionEvent): void {
    this.turn += 1;
    this.user = '';
    this.accepted = false;
    this.arrivals.left();
    this.change(ConnectionState.Disconnected, event);
  }

  private change(state: ConnectionState, event: ConnectionEvent): void {
    if (this.state === state) return;
    this.state = state;
    this.emit('connectionStateChanged', state, event, '{}');
  }

  private emit(event: keyof ZIMEvents, ...args: unknown[]): void {
    for (const handler of [...(this.handlers.get(event) ?? [])]) told(`a handler of ${event}`, handler, this, ...args);
  }

  /** Tells of what no promise can. */
  private report(error: ZIMError): void {
    if (this.handlers.get('error')?.size) this.emit('error', error);
    else console.error(`[whinchat] zim: ${error.message} (${error.code})`);
  }

  /** What a call ends with is a value or a ZIMError, whatever happens. */
  private async guarded<T>(call: string, work: () => Promise<T>): Promise<T> {
    if (this.destroyed) throw destroyed(call);
    try {
      return await work();
    } catch (error) {
      throw zimError(error);
    }
  }
}

function send({ im }: Beneath, message: Record<string, unknown>, how: { userId: string; priority: number; timeoutMs: number | null }) {
  const { type, message: content } = message;
  if (type === MessageType.Text) {
    if (typeof content !== 'string') throw refusal('sendPeerMessage: `message` of type 1 is a text');
    return im.sendC2CTextMessage({ ...how, text: content });
  }
  if (type !== MessageType.Command) throw refusal('sendPeerMessage: `type` is 1 (text) or 2 (command)');
  if (!ArrayBuffer.isView(content)) throw refusal('sendPeerMessage: `message` of type 2 is a Uint8Array');
  const bytes = new Uint8Array(content.buffer, content.byteOffset, content.byteLength);
  // Signals of the app: they arrive as surely as texts, and move neither a counter nor a list.
  return im.sendC2CCustomMessage({ ...how, customData: textOf(bytes), isExcludedFromUnreadCount: true, isExcludedFromLastMessage: true });
}

function destroyed(call: string): ZIMError {
  return refusal(`${call}: this instance was destroyed; create a new one`, ErrorCode.NotInit);
}

function notLoggedIn(call: string): ZIMError {
  return refusal(`${call}: nobody is logged in; call login first`, ErrorCode.UserIsNotLogged);
}

/** `ZIM` as an app imports it. */
export interface ZIMFace {
  /**
   * The one instance of this app. A second call with the same id gives the same one; with another one while it lives, or with
   * what is no id, it gives null, and the console says why.
   */
  create(appID: number | { appID: number }, options?: ZIMOptions): ZIMInstance | null;
  /** The instance that `create` made, or null. */
  getInstance(): ZIMInstance | null;
  readonly ConnectionState: typeof ConnectionState;
  readonly ConnectionEvent: typeof ConnectionEvent;
  readonly ConversationType: typeof ConversationType;
  readonly MessagePriority: typeof MessagePriority;
  readonly MessageType: typeof MessageType;
  readonly ErrorCode: typeof ErrorCode;
}

/** ZIM over a module of one's own choice; `ZIM` is it over the plugin of the app. */
export function zimOver(find?: FindNative): ZIMFace {
  let living: ZIMInstance | null = null;
  const arrivals = new Arrivals(new Beneath(find), (message) => living?.received(message));
  const refused = (why: string) => {
    console.error(`[whinchat] ZIM.create: ${why}`);
    return null;
  };
  return {
    create(given, options = {}) {
      const appID = isObject(given) ? given.appID : given;
      if (typeof appID !== 'number' || !Number.isSafeInteger(appID) || appID <= 0) return refused('`appID` is a whole number above 0');
      if (!isObject(options)) return refused('`options` is an object');
      if (living) return living.appID === appID ? living : refused(`there is an instance of app ${living.appID}; destroy it first`);
      try {
        living = new ZIMInstance(new Beneath(find), arrivals, appID, options, () => (living = null));
      } catch (error) {
        return refused(error instanceof Error ? error.message : String(error));
      }
      return living;
    },
    getInstance: () => living,
    ConnectionState,
    ConnectionEvent,
    ConversationType,
    MessagePriority,
    MessageType,
    ErrorCode,
  };
}
