import { Emitter, type EventName, type Handler } from './emitter.js';
import { WhinchatError } from './error.js';
import type { WhinchatNative } from './generated/index.js';

type ListenerName = Extract<keyof WhinchatNative, `${'set' | 'remove' | 'del'}${string}Listener`>;
/** Everything but the listeners, which `on` sets. */
export type MethodName = Exclude<keyof WhinchatNative, ListenerName>;

type Params<M extends MethodName> = Parameters<WhinchatNative[M]>[0];
type Ret<M extends MethodName> = Parameters<WhinchatNative[M]> extends [any?, ((ret: infer R) => void)?] ? R : never;
type Promised<M extends MethodName> = undefined extends Params<M> ? (params?: Params<M>) => Promise<Ret<M>> : (params: Params<M>) => Promise<Ret<M>>;

export type Whinchat = { readonly [M in MethodName]: Promised<M> } & {
  /** Calls the handler for each event of this name; gives the function that ends it. */
  on<E extends EventName>(event: E, handler: Handler<E>): () => void;
  once<E extends EventName>(event: E, handler: Handler<E>): () => void;
  off<E extends EventName>(event: E, handler: Handler<E>): void;
  /** The module beneath, for what the facade does not have. */
  readonly native: WhinchatNative;
};

export interface CreateOptions {
  /** Any object with the module's methods; without it the plugin is asked for. */
  native?: WhinchatNative;
}

export const PLUGIN_ID = 'Whinchat-IM';

/** Promises and one event emitter over the native module (app) or the simulator's (H5). */
export function createWhinchat(options: CreateOptions = {}): Whinchat {
  const native = options.native ?? findNative();
  const emitter = Emitter.of(native);
  const own: Record<string, unknown> = {
    native,
    on: emitter.on.bind(emitter),
    off: emitter.off.bind(emitter),
    once(event: EventName, handler: Handler<EventName>) {
      const end = emitter.on(event, (told) => {
        end();
        handler(told);
      });
      return end;
    },
    async unInit(params?: unknown) {
      const answer = await invoke(native, 'unInit', params);
      emitter.renew();
      return answer;
    },
  };
  return new Proxy(own, {
    get(target, name) {
      if (typeof name !== 'string' || name === 'then') return undefined; // an awaited object is asked for `then`
      return (target[name] ??= (params?: unknown) => invoke(native, name, params));
    },
  }) as unknown as Whinchat;
}

/** Only the member expression: in app builds the compiler replaces it. */
declare const uni: { requireNativePlugin(name: string): unknown };

/** The plugin; 7013 in an app that does not contain it. */
export function findNative(): WhinchatNative {
  const native = uni.requireNativePlugin(PLUGIN_ID);
  if (native) return native as WhinchatNative;
  throw new WhinchatError('createWhinchat', { code: 7013, msg: `this app does not contain the native plugin ${PLUGIN_ID}` });
}

function invoke(native: WhinchatNative, name: string, params: unknown): Promise<unknown> {
  return new Promise((done, fail) => {
    const method = (native as unknown as Record<string, unknown>)[name];
    if (typeof method !== 'function') return fail(new WhinchatError(name, { code: 7013, msg: 'the native plugin has no such method' }));
    (method as (params: unknown, callback: (ret: { status?: boolean; code?: number; msg?: string }) => void) => void)(params ?? {}, (ret) => {
      if (ret && ret.status) done(ret);
      else fail(new WhinchatError(name, ret ?? {}));
    });
  });
}
