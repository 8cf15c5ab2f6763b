import type { WhinchatNative } from './generated/index.js';
import { setterOf } from './listener.js';

type Answer = (ret: unknown) => void;
type Asked = (params: unknown) => Promise<unknown>;
type Heard = (listener: Answer) => void;

/** Swift lets no function be called `init`. */
const RENAMED: Record<string, string> = { init: 'initSDK' };

/**
 * The functions of `uni_modules/whinchat-im` in the shape of the native module:
 * `createWhinchat({ native: overUts(Im) })` after `import * as Im from '@/uni_modules/whinchat-im'`.
 */
export function overUts(functions: object): WhinchatNative {
  return new Proxy({} as WhinchatNative, {
    get(_, name) {
      const found = typeof name === 'string' ? (functions as Record<string, unknown>)[RENAMED[name] ?? name] : undefined;
      if (typeof found !== 'function' || typeof name !== 'string') return undefined;
      if (setterOf(name)?.sets) return (_params: unknown, callback?: Answer) => (found as Heard)(callback ?? (() => {}));
      return (params: unknown, callback: Answer = () => {}) => {
        // The functions answer whatever happens; what is rejected never reached them.
        const refused = (error: unknown) => callback({ status: false, code: 7012, msg: String(error), desc: String(error) });
        (found as Asked)(params ?? {}).then(callback, refused);
      };
    },
  });
}
