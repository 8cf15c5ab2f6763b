import { LATER, METHODS } from '../generated/methods.js';

export type Call = (method: string, params: unknown, callback: ((ret: unknown) => void) | undefined) => void;

/**
 * The object an app gets: like the runtime's, it has a getter for every method and nothing else, and assigning to a
 * method changes nothing.
 */
export class NativeModule {
  readonly object: Record<string, (...args: unknown[]) => void> = {};

  constructor(private readonly call: Call) {
    this.addMethods(METHODS);
    this.addMethods(LATER);
  }

  addMethods(names: readonly string[]): void {
    for (const name of names) {
      if (Object.prototype.hasOwnProperty.call(this.object, name)) continue;
      const method = (...args: unknown[]) => {
        const callback = args.find((arg) => typeof arg === 'function') as ((ret: unknown) => void) | undefined;
        this.call(name, typeof args[0] === 'function' ? undefined : detached(args[0]), callback);
      };
      Object.defineProperty(this.object, name, { enumerable: true, configurable: false, get: () => method, set: () => {} });
    }
  }
}

/** What the caller changes afterwards must not reach a call that still waits. */
function detached(params: unknown): unknown {
  if (typeof params !== 'object' || params === null) return params;
  try {
    return JSON.parse(JSON.stringify(params));
  } catch {
    return params; // refused when it is sent
  }
}
