import { WhinchatError } from '../../error.js';
import type { Message } from '../../generated/index.js';
import { Arrivals } from '../arrivals.js';
import { Beneath, isObject, told, type FindNative } from '../beneath.js';
import { readTarget, type LoginInfo, type Target } from './address.js';
import { MBErrorCode, MBKickoutCode } from './numbers.js';
import { Once } from './once.js';
import { carried, newFingerprint, protocalOf, readCarried, type Protocal } from './protocal.js';

/** What the app sets, as far as it wants; each is called with what stands here, and may be exchanged at any time. */
export interface IMSDKCallbacks {
  /** Every line of the logs that are switched on. */
  callback_onIMLog: ((message: string, toConsole: boolean) => void) | null;
  /** A message, each once. */
  callback_onIMData: ((p: Protocal, options: { msgId: string; timestamp: number }) => void) | null;
  callback_onIMAfterLoginSucess: (() => void) | null;
  /** True: the login that stood is no longer good. */
  callback_onIMAfterLoginFailed: ((isReconnect: boolean) => void) | null;
  callback_onIMReconnectSucess: (() => void) | null;
  callback_onIMDisconnected: (() => void) | null;
  callback_onIMPing: (() => void) | null;
  callback_onIMPong: (() => void) | null;
  /** A hint for the user. Nothing is shown by itself. */
  callback_onIMShowAlert: ((text: string) => void) | null;
  callback_onIMKickout: ((info: { code: number; reason: string }) => void) | null;
  /** Messages that were given up, each once. */
  callback_onMessagesLost: ((list: Protocal[]) => void) | null;
  /** The server holds the message of this fingerprint for its receiver, online or not; each once. */
  callback_onMessagesBeReceived: ((fingerprint: string) => void) | null;
}

type Outcome = (told: { errMsg: string; code: number }) => void;

/** `IMSDK` as an app imports it. */
export interface IMSDKFace extends IMSDKCallbacks {
  /** From the first success of a login until its end, also while the network is down. */
  isLogined(): boolean;
  /** Whether the link stands. */
  isOnline(): boolean;
  /** What was given to `loginImpl`; null before it and after `disconnectSocket`. */
  getLoginInfo(): LoginInfo | null;
  /** Connects to `ws://host:port?appId=NUMBER` and logs in; a callback tells how that went. */
  loginImpl(loginInfo: LoginInfo, wsUrl: string): void;
  /** Logs out; no reconnect follows. */
  disconnectSocket(): void;
  /**
   * Sends; 0 when it was taken, else a code at once. `ok` is called when the server has it, `fail` when it came to nothing,
   * `complete` after either, also where the code is not 0.
   */
  sendData(p: Protocal, ok?: Outcome, fail?: Outcome, complete?: Outcome): number;
  /**
   * After how many repeats, so many milliseconds apart, a message with QoS is given up: (retryCount + 1) * checkInterval after
   * it was sent. `retryCount: Infinity` is never. Default 2 and 5000. 0 when it was taken, 4 for what is no such thing.
   */
  setQoS(settings: { retryCount?: number; checkInterval?: number }): number;
  /** The log of connection and login. */
  setDebugCoreEnable(enable: boolean): void;
  /** The log of calls and callbacks. */
  setDebugSDKEnable(enable: boolean): void;
  /** The log of heartbeats; only with that of the core. */
  setDebugPingPongEnable(enable: boolean): void;
}

/** A message that was taken and has no outcome. */
interface Waiting {
  p: Protocal;
  outcomes: { ok: unknown; fail: unknown; complete: unknown }[];
}

class Core {
  private target: Target | undefined;
  private info: LoginInfo | null = null;
  private phase: 'out' | 'trying' | 'in' = 'out';
  /** Counts logins: what an earlier one still answers is nobody's business. */
  private turn = 0;
  private online = false;
  private heard = false;
  private readonly debug = { core: false, sdk: false, beats: false };
  private readonly qos = { retryCount: 2, checkInterval: 5000 };
  private readonly once = new Once();
  private readonly arrivals: Arrivals;
  /** By fingerprint. */
  private readonly waiting = new Map<string, Waiting>();

  constructor(
    private readonly beneath: Beneath,
    /** Whose callbacks are called: the object that the app has. */
    private readonly app: () => IMSDKCallbacks,
  ) {
    this.arrivals = new Arrivals(beneath, (message) => this.received(message));
  }

  isLogined = (): boolean => this.phase === 'in';
  isOnline = (): boolean => this.phase === 'in' && this.online;
  getLoginInfo = (): LoginInfo | null => this.info;
  setDebugCoreEnable = (enable: boolean): void => void (this.debug.core = enable === true);
  setDebugSDKEnable = (enable: boolean): void => void (this.debug.sdk = enable === true);
  setDebugPingPongEnable = (enable: boolean): void => void (this.debug.beats = enable === true);

  setQoS = (settings: { retryCount?: number; checkInterval?: number }): number => {
    const { retryCount = this.qos.retryCount, checkInterval = this.qos.checkInterval } = isObject(settings) ? settings : { retryCount: NaN };
    const forEver = retryCount === Infinity;
    const whole = (Number.isInteger(retryCount) || forEver) && retryCount >= 0 && Number.isInteger(checkInterval) && checkInterval > 0;
    if (!whole || (!forEver && giveUpAfter(retryCount, checkInterval) > 0xffffffff)) return MBErrorCode.COMMON_INVALID_PROTOCAL;
    Object.assign(this.qos, { retryCount, checkInterval });
    return MBErrorCode.COMMON_CODE_OK;
  };

  loginImpl = (info: LoginInfo, wsUrl: string): void => {
    const target = readTarget(info, wsUrl);
    if (typeof target === 'string') return this.refused(target);
    if (this.phase !== 'out' && (this.target!.userId !== target.userId || this.target!.server !== target.server)) {
      return this.refused('somebody else is logged in, or at another server: call disconnectSocket first');
    }
    if (this.phase === 'trying') return this.log('sdk', 'loginImpl: this login runs already');
    this.target = target;
    this.info = { ...info };
    this.phase = 'trying';
    this.log('sdk', `loginImpl: ${target.userId} at ${target.server}`);
    const turn = (this.turn += 1);
    this.login(target, turn).then(
      () => turn === this.turn && this.entered(),
      (error: unknown) => turn === this.turn && this.notEntered(error),
    );
  };

  disconnectSocket = (): void => {
    this.log('sdk', 'disconnectSocket');
    const before = this.phase;
    this.leave();
    this.info = null;
    if (before === 'out' && !this.heard) return;
    this.calmly('logout', () => this.arrivals.logout(() => this.beneath.im.logout()));
  };

  sendData = (p: Protocal, ok?: Outcome, fail?: Outcome, complete?: Outcome): number => {
    const outcome = { ok, fail, complete };
    const code = this.judge(p);
    if (code !== MBErrorCode.COMMON_CODE_OK) {
      this.log('sdk', `sendData: refused with ${code}`);
      // Not before the code is in the app's hands.
      void Promise.resolve().then(() => this.settle([outcome], code, `sendData:fail ${code}`));
      return code;
    }
    const QoS = p.QoS !== false;
    const fp = p.fp || (QoS ? newFingerprint() : null);
    // The app looks its message up by what stands there; one that is frozen has to bring its own.
    if (fp !== p.fp) Reflect.set(p, 'fp', fp);
    const before = fp ? this.waiting.get(fp) : undefined;
    if (before) before.outcomes.push(outcome);
    else this.send({ ...p, fp, QoS, typeu: typeof p.typeu === 'number' ? p.typeu : -1 }, outcome);
    return code;
  };

  private judge(p: unknown): number {
    if (!this.target) return MBErrorCode.CLIENT_SDK_NO_INITIALED;
    if (this.phase !== 'in') return MBErrorCode.COMMON_NO_LOGIN;
    const good = isObject(p) && typeof p.to === 'string' && p.to !== '' && typeof p.dataContent === 'string' && p.dataContent !== '' && isFingerprint(p.fp);
    if (!good) return MBErrorCode.COMMON_INVALID_PROTOCAL;
    return this.online ? MBErrorCode.COMMON_CODE_OK : MBErrorCode.BREOKEN_CONNECT_TO_SERVER;
  }

  private send(p: Protocal, outcome: Waiting['outcomes'][number]): void {
    const waiting: Waiting = { p, outcomes: [outcome] };
    if (p.fp) this.waiting.set(p.fp, waiting);
    this.log('sdk', `sendData: ${p.fp ?? 'without a fingerprint'} to ${p.to}`);
    const { retryCount, checkInterval } = this.qos;
    const limit = p.QoS && retryCount !== Infinity ? giveUpAfter(retryCount, checkInterval) : 0;
    const params = { userId: p.to, text: p.dataContent, cloudCustomData: carried(p), onlineUserOnly: !p.QoS, timeoutMs: limit };
    this.beneath.im.sendC2CTextMessage(params).then(
      () => {
        this.forget(p);
        if (p.QoS) this.acknowledged(p.fp!);
        this.settle(waiting.outcomes, MBErrorCode.COMMON_CODE_OK, 'sendData:ok');
      },
      (error: unknown) => {
        this.forget(p);
        // Logged out meanwhile: it waits in the outbox, and is told of by its fingerprint after the next login.
        if (codeOf(error) === 7009) return this.settle(waiting.outcomes, undefined, 'sendData:interrupted');
        if (p.QoS) this.lost([p], codeOf(error));
        this.settle(waiting.outcomes, MBErrorCode.COMMON_DATA_SEND_FAILD, `sendData:fail ${codeOf(error)}`);
      },
    );
  }

  private forget(p: Protocal): void {
    if (p.fp) this.waiting.delete(p.fp);
  }

  /** Without a code nobody knows yet. */
  private settle(outcomes: Waiting['outcomes'], code: number | undefined, errMsg: string): void {
    for (const { ok, fail, complete } of outcomes) {
      const result = { errMsg, code: code ?? MBErrorCode.COMMON_UNKNOW_ERROR };
      if (code !== undefined) told('a callback of sendData', code === MBErrorCode.COMMON_CODE_OK ? ok : fail, result);
      told('a callback of sendData', complete, result);
    }
  }

  private async login({ server, appId, userId, token }: Target, turn: number): Promise<void> {
    this.hear();
    await this.beneath.im.init({ sdkAppId: appId, server, profile: 'mobileimsdk' });
    // Not behind the back of an app that has given it up meanwhile.
    if (turn !== this.turn) return;
    this.arrivals.entering(userId);
    await this.beneath.im.login({ userId, userSig: token });
  }

  private entered(): void {
    this.phase = 'in';
    // A login that stood already has no event of its own.
    this.online = true;
    this.log('core', 'logged in');
    const { turn } = this;
    this.call('callback_onIMAfterLoginSucess');
    if (turn === this.turn) this.arrivals.entered(this.target!.userId);
  }

  private notEntered(error: unknown): void {
    this.leave();
    this.log('core', `the login was refused with ${codeOf(error)}`);
    this.call('callback_onIMAfterLoginFailed', false);
  }

  /** What cannot be tried. */
  private refused(why: string): void {
    this.log('sdk', `loginImpl: ${why}`);
    void Promise.resolve().then(() => this.call('callback_onIMAfterLoginFailed', false));
  }

  private leave(): void {
    this.turn += 1;
    this.phase = 'out';
    this.online = false;
    this.arrivals.left();
  }

  private hear(): void {
    if (this.heard) return;
    this.beneath.on('onConnecting', () => this.log('core', 'connecting'));
    this.beneath.on('onConnectSuccess', () => this.up());
    this.beneath.on('onConnectFailed', ({ code }) => this.down(code));
    this.beneath.on('onKickedOffline', ({ code, msg }) => this.kicked(code, msg));
    this.beneath.on('onUserSigExpired', () => this.expired());
    this.beneath.on('onPing', () => this.beat('ping', 'callback_onIMPing'));
    this.beneath.on('onPong', () => this.beat('pong', 'callback_onIMPong'));
    this.arrivals.hear();
    // What was on its way when the app was ended, or the user logged out: no key of this run names it.
    this.beneath.on('onSuccess', ({ messageKey, message }) => {
      const fp = messageKey ? undefined : message && readCarried(message.cloudCustomData).fp;
      if (fp && !message!.isOnlineOnly) this.acknowledged(fp);
    });
    this.beneath.on('onError', ({ messageKey, msgId, code }) => {
      if (!messageKey) this.calmly('getMessage', () => this.lostEarlier(msgId, code));
    });
    this.heard = true;
  }

  private up(): void {
    const isRecovery = this.phase === 'in' && !this.online;
    this.online = true;
    this.log('core', isRecovery ? 'connected again' : 'connected');
    if (isRecovery) this.call('callback_onIMReconnectSucess');
  }

  private down(code: number): void {
    const isBreak = this.phase === 'in' && this.online;
    this.online = false;
    this.log('core', `no connection (${code}); it is tried again`);
    if (isBreak) this.call('callback_onIMDisconnected');
  }

  private kicked(code: number, reason: string): void {
    this.leave();
    this.log('core', `the session was ended from outside (${code})`);
    // One code for both; the sentence of the second names the administrator (docs/protocol.md).
    const why = /administrator/i.test(reason) ? MBKickoutCode.KICKOUT_FOR_ADMIN : MBKickoutCode.KICKOUT_FOR_DUPLICATE_LOGIN;
    this.call('callback_onIMShowAlert', why === MBKickoutCode.KICKOUT_FOR_ADMIN ? '您已被管理员强制下线' : '您的账号已在其他设备登录');
    this.call('callback_onIMKickout', { code: why, reason });
  }

  private expired(): void {
    this.leave();
    this.log('core', 'the token has expired');
    this.call('callback_onIMShowAlert', '登录凭证已过期，请重新登录');
    this.call('callback_onIMAfterLoginFailed', true);
  }

  private beat(what: string, name: 'callback_onIMPing' | 'callback_onIMPong'): void {
    if (this.debug.core && this.debug.beats) this.write('PINGPONG', what);
    this.call(name);
  }

  private received(message: Message): void {
    if (message.groupId !== '') return;
    const p = protocalOf(message, this.target!.userId);
    if (!p || !this.once.first(p.from, p.fp!)) return;
    this.log('sdk', `received: ${p.fp} from ${p.from}`);
    this.call('callback_onIMData', p, { msgId: message.msgId, timestamp: message.timestampMs });
  }

  private async lostEarlier(msgId: string, code: number): Promise<void> {
    const { message } = await this.beneath.im.getMessage({ msgId });
    const p = message && readCarried(message.cloudCustomData).fp && protocalOf(message, this.target!.userId);
    if (p) this.lost([p], code);
  }

  private acknowledged(fp: string): void {
    this.log('sdk', `the server has ${fp}`);
    this.call('callback_onMessagesBeReceived', fp);
  }

  private lost(list: Protocal[], code: number): void {
    for (const { fp } of list) this.log('sdk', `${fp} was given up (${code})`);
    this.call('callback_onMessagesLost', list);
  }

  private call<K extends keyof IMSDKCallbacks>(name: K, ...args: Parameters<NonNullable<IMSDKCallbacks[K]>>): void {
    told(name, this.app()[name], ...args);
  }

  /** Neither tokens nor what is said stands in any line. */
  private log(kind: 'core' | 'sdk', line: string): void {
    if (this.debug[kind]) this.write(kind.toUpperCase(), line);
  }

  private write(kind: string, line: string): void {
    this.call('callback_onIMLog', `[${kind}] ${line}`, true);
  }

  private calmly(what: string, work: () => Promise<unknown>): void {
    Promise.resolve()
      .then(work)
      .catch((error: unknown) => this.log('core', `${what}: ${codeOf(error)}`));
  }
}

function giveUpAfter(retryCount: number, checkInterval: number): number {
  return (retryCount + 1) * checkInterval;
}

function codeOf(error: unknown): number {
  return error instanceof WhinchatError ? error.code : 7012;
}

function isFingerprint(fp: unknown): boolean {
  return fp === undefined || fp === null || (typeof fp === 'string' && fp.length <= 256);
}

/** MobileIMSDK over a module of one's own choice; `IMSDK` is it over the plugin of the app. */
export function imsdkOver(find?: FindNative): IMSDKFace {
  const core: Core = new Core(new Beneath(find), () => face);
  const { isLogined, isOnline, getLoginInfo, loginImpl, disconnectSocket, sendData, setQoS, setDebugCoreEnable, setDebugSDKEnable, setDebugPingPongEnable } = core;
  const face: IMSDKFace = {
    callback_onIMLog: null,
    callback_onIMData: null,
    callback_onIMAfterLoginSucess: null,
    callback_onIMAfterLoginFailed: null,
    callback_onIMReconnectSucess: null,
    callback_onIMDisconnected: null,
    callback_onIMPing: null,
    callback_onIMPong: null,
    callback_onIMShowAlert: null,
    callback_onIMKickout: null,
    callback_onMessagesLost: null,
    callback_onMessagesBeReceived: null,
    ...{ isLogined, isOnline, getLoginInfo, loginImpl, disconnectSocket, sendData, setQoS },
    ...{ setDebugCoreEnable, setDebugSDKEnable, setDebugPingPongEnable },
  };
  return face;
}
