import type { EventMap, WhinchatNative } from './generated/index.js';
import { SETTERS } from './generated/methods.js';
import { WhinchatError } from './error.js';

export type EventName = keyof EventMap;
export type Told<E extends EventName> = EventMap[E] & { eventType: E };
export type Handler<E extends EventName> = (event: Told<E>) => void;
type AnyHandler = (event: any) => void;

const emitters = new WeakMap<WhinchatNative, Emitter>();

/** Many handlers over the one callback that each native setter keeps; a setter is called when its first event is asked for. */
export class Emitter {
  private readonly handlers = new Map<string, Set<AnyHandler>>();
  private readonly set = new Set<string>();

  private constructor(private readonly native: WhinchatNative) {}

  /** The one of this module: several facades of a page share the one callback that a setter keeps. */
  static of(native: WhinchatNative): Emitter {
    let emitter = emitters.get(native);
    if (!emitter) emitters.set(native, (emitter = new Emitter(native)));
    return emitter;
  }

  on<E extends EventName>(event: E, handler: Handler<E>): () => void {
    const setter = SETTERS[event];
    if (!setter) throw new WhinchatError('on', { code: 6017, msg: `unknown event ${String(event)}` });
    let handlers = this.handlers.get(event);
    if (!handlers) this.handlers.set(event, (handlers = new Set()));
    handlers.add(handler);
    this.listen(setter);
    return () => this.off(event, handler);
  }

  off<E extends EventName>(event: E, handler: Handler<E>): void {
    this.handlers.get(event)?.delete(handler);
  }

  /** unInit cleared the native listeners: set again those that somebody still wants. */
  renew(): void {
    this.set.clear();
    for (const [event, handlers] of this.handlers) if (handlers.size > 0) this.listen(SETTERS[event as EventName]);
  }

  private listen(setter: keyof WhinchatNative): void {
    if (this.set.has(setter)) return;
    this.set.add(setter);
    const native = this.native[setter] as (params: object, callback: (ret: { eventType?: string; status?: boolean; code?: number; msg?: string }) => void) => void;
    native({}, (ret) => {
      if (ret.eventType) return this.emit(ret.eventType, ret);
      if (ret.status === false) {
        this.set.delete(setter); // the next `on` tries again
        console.error('[whinchat]', new WhinchatError(setter, ret).message);
      }
    });
  }

  private emit(event: string, ret: unknown): void {
    for (const handler of [...(this.handlers.get(event) ?? [])]) {
      try {
        handler(ret);
      } catch (error) {
        console.error(`[whinchat] a handler of ${event} threw:`, error);
      }
    }
  }
}
