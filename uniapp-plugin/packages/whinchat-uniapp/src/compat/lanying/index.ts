/**
 * The calls and events of Lanying IM over the native plugin, for apps that move over. docs/compat.md says what works.
 *
 * @packageDocumentation
 */
import { lanyingOver } from './im.js';

/** `IM.init`, `IM.login`, and the managers of Lanying. */
export const IM = lanyingOver();
export { lanyingOver, type LanyingIM } from './im.js';
export type { LanyingEvents } from './events.js';
export type { GroupManage, RosterManage, SysManage, UserManage } from './managers.js';
export type { Meta, Outgoing } from './meta.js';
export type { ConversationItem } from './mirror.js';
export type { LanyingConfig, LanyingLogin } from './session.js';
