import { WhinchatError } from '../../error.js';
import type { FindNative } from '../beneath.js';
import type { Off, On } from './events.js';
import { groupManage, rosterManage, sysManage, userManage, type GroupManage, type RosterManage, type SysManage, type UserManage } from './managers.js';
import { Session, type LanyingConfig, type LanyingLogin } from './session.js';

/** `IM` as an app imports it. */
export interface LanyingIM {
  /** Prepares the SDK; no network is needed. */
  init(config: LanyingConfig): Promise<void>;
  /** Logs in; also told as `loginSuccess` or `loginFail`. */
  login(given: LanyingLogin): Promise<void>;
  /** The same, with `user_id` and `token`. */
  tokenLogin(given: LanyingLogin): Promise<void>;
  /** The same, with `user_id` and `password`. */
  idLogin(given: LanyingLogin): Promise<void>;
  /** Logs out; nothing arrives any more. */
  logout(): Promise<void>;
  isLogin(): boolean;
  on: On;
  off: Off;
  readonly sysManage: SysManage;
  readonly rosterManage: RosterManage;
  readonly groupManage: GroupManage;
  readonly userManage: UserManage;
}

/** Lanying over a module of one's own choice; `IM` is it over the plugin of the app. */
export function lanyingOver(find?: FindNative): LanyingIM {
  const session = new Session(find);
  const login = (given: LanyingLogin) =>
    taken(
      session.login(given).catch((error: unknown) => {
        session.hub.emit('loginFail', error instanceof WhinchatError ? `${error.msg} (${error.code})` : String(error));
        throw error;
      }),
    );
  return {
    init: (config) => taken(session.init(config)),
    login,
    tokenLogin: login,
    idLogin: login,
    logout: () => taken(session.logout()),
    isLogin: () => session.isLogin,
    on: session.hub.on,
    off: session.hub.off,
    sysManage: sysManage(session),
    rosterManage: rosterManage(session),
    groupManage: groupManage(session),
    userManage: userManage(session),
  };
}

/** An app that goes by events does not take the promise: its refusal is no fault of the page. */
function taken<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
