export { createWhinchat, PLUGIN_ID, type CreateOptions, type MethodName, type Whinchat } from './facade.js';
export { WhinchatError } from './error.js';
export type { EventName, Handler, Told } from './emitter.js';
export { overUts } from './uts.js';
export type { NativePlugins } from './uni.js';
export type * from './generated/index.js';
