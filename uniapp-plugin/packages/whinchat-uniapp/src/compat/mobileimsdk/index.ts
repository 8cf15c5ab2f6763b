/**
 * The calls and callbacks of MobileIMSDK over the native plugin, for apps that move over. docs/compat.md says what works.
 *
 * @packageDocumentation
 */
import { imsdkOver } from './imsdk.js';

/** `IMSDK.loginImpl(…)` and the callbacks that an app sets on it. */
export const IMSDK = imsdkOver();
export { imsdkOver, type IMSDKCallbacks, type IMSDKFace } from './imsdk.js';
export { MBErrorCode, MBKickoutCode } from './numbers.js';
export { MBProtocalFactory, type Protocal } from './protocal.js';
export type { LoginInfo } from './address.js';
