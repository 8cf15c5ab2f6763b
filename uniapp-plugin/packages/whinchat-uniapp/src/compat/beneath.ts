import { createWhinchat, findNative, type Whinchat } from '../facade.js';
import type { EventName, Handler } from '../emitter.js';
import type { WhinchatNative } from '../generated/index.js';

/** Gives the module beneath a face. */
export type FindNative = () => WhinchatNative;

/**
 * The module beneath a face, asked for when it is first needed: importing a face needs no plugin. What the face hears is
 * remembered, so that it can be let go as a whole.
 */
export class Beneath {
  private found: Whinchat | undefined;
  private ends: (() => void)[] = [];

  constructor(private readonly find: FindNative = findNative) {}

  /** Throws a WhinchatError (7013) in an app without the plugin. */
  get im(): Whinchat {
    return (this.found ??= createWhinchat({ native: this.find() }));
  }

  on<E extends EventName>(event: E, handler: Handler<E>): void {
    this.ends.push(this.im.on(event, handler));
  }

  /** Hears nothing any more. */
  letGo(): void {
    for (const end of this.ends.splice(0)) end();
  }
}

/** Calls what belongs to the app; what it throws is the app's, and ends nothing of ours. */
export function told(what: string, callback: unknown, ...args: unknown[]): void {
  if (typeof callback !== 'function') return;
  try {
    callback(...args);
  } catch (error) {
    console.error(`[whinchat] ${what} threw:`, error);
  }
}

/** An object with keys, and no list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
