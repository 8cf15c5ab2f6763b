// Generated from the table of methods in crates/whinchat-bridge by `cargo xtask bindings`; do not edit.
import type { EventMap, ListenerSetters, WhinchatNative } from './index.js';

/** Every name that the module has, accepted spellings included. */
export const METHODS = [
  'init',
  'unInit',
  'unInitSDK',
  'destroy',
  'getVersion',
  'getServerTime',
  'login',
  'logout',
  'getLoginUser',
  'getLoginStatus',
  'callExperimentalAPI',
  'setSDKListener',
  'removeSDKListener',
] as const satisfies readonly (keyof WhinchatNative)[];

/** The setter that brings each event. */
export const SETTERS: { [E in keyof EventMap]: keyof ListenerSetters } = {
  onConnecting: 'setSDKListener',
  onConnectSuccess: 'setSDKListener',
  onConnectFailed: 'setSDKListener',
  onKickedOffline: 'setSDKListener',
  onUserSigExpired: 'setSDKListener',
  onUserSigWillExpire: 'setSDKListener',
};
