/**
 * The calls and events of ZEGO ZIM over the native plugin, for apps that move over. docs/compat.md says what works.
 *
 * @packageDocumentation
 */
import { zimOver, type ZIMInstance } from './zim.js';

/** `ZIM.create(appID)` and the numbers of ZIM. */
export const ZIM = zimOver();
export type ZIM = ZIMInstance;
export { zimOver, type ZIMEvents, type ZIMFace, type ZIMInstance, type ZIMOptions, type ZIMUserInfo } from './zim.js';
export { ZIMError } from './error.js';
export type { ZIMCommandToSend, ZIMMessage, ZIMMessageToSend, ZIMTextToSend } from './message.js';
