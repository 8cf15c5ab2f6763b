import { isObject } from '../beneath.js';

/** What `loginImpl` was called with. */
export interface LoginInfo {
  loginUserId: string;
  /** The UserSig that the app's backend made. */
  loginToken?: string;
  /** The app that the server serves; may stand in the address instead, as `?appId=`. */
  appId?: number;
  /** Whatever the app keeps there; given back by `getLoginInfo`. */
  [more: string]: unknown;
}

/** Where to log in, as whom. */
export interface Target {
  server: string;
  appId: number;
  userId: string;
  token: string;
}

/** Reads the two arguments of `loginImpl`; a sentence where they are wrong. */
export function readTarget(info: unknown, wsUrl: unknown): Target | string {
  if (!isObject(info)) return 'loginInfo is missing: pass {loginUserId, loginToken}';
  const { loginUserId, loginToken = '', appId } = info;
  if ((typeof loginUserId !== 'string' && typeof loginUserId !== 'number') || loginUserId === '') return 'loginUserId is missing';
  if (loginToken !== null && typeof loginToken !== 'string') return 'loginToken is no text';
  if (typeof wsUrl !== 'string' || !/^(ws|http)s?:\/\/./i.test(wsUrl)) return 'wsUrl is no address: pass ws://host:port or wss://host';
  const [, address, query = ''] = /^([^?]*)\??(.*)$/.exec(wsUrl)!;
  const rest = query.split('&').filter((part) => part !== '' && !/^appId=/i.test(part));
  const named = appId ?? /(?:^|&)appId=(\d+)(?:&|$)/i.exec(query)?.[1];
  if (!Number.isSafeInteger(Number(named)) || Number(named) <= 0) return 'the app is not named: add ?appId=NUMBER to wsUrl, or appId to loginInfo';
  const server = address!.replace(/^http/i, 'ws') + (rest.length > 0 ? `?${rest.join('&')}` : '');
  return { server, appId: Number(named), userId: String(loginUserId), token: loginToken ?? '' };
}
