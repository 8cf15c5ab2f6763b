import type { WhinchatNative } from './generated/index.js';

/** What `uni.requireNativePlugin` knows by name; other plugins may add theirs. */
export interface NativePlugins {
  'Whinchat-IM': WhinchatNative;
}

declare global {
  interface Uni {
    requireNativePlugin<K extends keyof NativePlugins>(name: K): NativePlugins[K] | undefined;
  }
}
