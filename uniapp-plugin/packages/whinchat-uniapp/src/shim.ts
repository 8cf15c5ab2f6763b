import { findAddress } from './sim/address.js';
import { NativeModule } from './sim/module.js';
import { showNotice } from './sim/notice.js';
import { Session, type World } from './sim/session.js';

export const PLUGIN_ID = 'Whinchat-IM';

export interface ShimOptions {
  /** Address of the simulator when the page's own does not name one. */
  simulator?: string | undefined;
  /** Also give `plus.io.convertLocalFileSystemURL`. */
  plus?: boolean | undefined;
}

type Names = Record<string, any>;
type Require = (name: string) => unknown;

/**
 * Gives a browser page what the app runtime has: `uni.requireNativePlugin` and `weex.requireModule`, with the one
 * plugin the simulator serves.
 */
export function install(options: ShimOptions = {}, scope: Names = globalThis, world: World = browserWorld(scope)): void {
  if (scope.__whinchatShim) return;
  const paths = { doc: '', www: '' };
  const module = connect(options, scope, world, paths);
  const modules: Names = { [PLUGIN_ID]: module.object, globalEvent: { addEventListener() {}, removeEventListener() {}, removeAllEventListeners() {} } };
  const require: Require = (name) => {
    if (Object.prototype.hasOwnProperty.call(modules, name)) return modules[name];
    world.console.warn(`[whinchat] this page does not contain the native plugin [${name}]`);
    return undefined;
  };
  Object.defineProperty(scope, '__whinchatShim', { value: true });
  extend(scope, 'uni', { requireNativePlugin: require });
  extend(scope, 'weex', { requireModule: require });
  if (options.plus) extend(scope, 'plus', { io: { convertLocalFileSystemURL: (path: string) => convert(path, paths) } });
}

function connect(options: ShimOptions, scope: Names, world: World, paths: { doc: string; www: string }): NativeModule {
  const address = findAddress({ location: scope.location, given: scope.__WHINCHAT__, built: options.simulator, storage: sessionStorageOf(scope) });
  if (!address) {
    const text = 'no simulator is named: start "whinchat sim" and open this page with ?whinchat=ADDRESS, or give the Vite plugin its address.';
    world.console.error('[whinchat] ' + text);
    world.notice('Whinchat: ' + text);
    return new NativeModule((_method, _params, callback) => {
      if (callback) queueMicrotask(() => callback({ status: false, code: 9508, msg: text, desc: text }));
    });
  }
  const module: NativeModule = new NativeModule((method, params, callback) => session.call(method, params, callback));
  const session = new Session(address, world, (hello) => {
    module.addMethods(hello.methods);
    paths.doc = hello.docPath;
    paths.www = hello.wwwPath;
  });
  return module;
}

/** `uni` is made by uni-app's own code, before or after us, and may be frozen: keep our names on whatever it becomes. */
function extend(scope: Names, name: string, names: Names): void {
  let value = withNames(scope[name], names);
  Object.defineProperty(scope, name, {
    configurable: true,
    enumerable: true,
    get: () => value,
    set: (next: unknown) => {
      value = withNames(next, names);
    },
  });
}

function withNames(value: unknown, names: Names): unknown {
  if (value === undefined || value === null) return { ...names };
  if (typeof value !== 'object' && typeof value !== 'function') return value;
  const target = Object.isExtensible(value) ? (value as Names) : Object.create(value as object);
  for (const [name, given] of Object.entries(names)) {
    Object.defineProperty(target, name, { configurable: true, enumerable: true, writable: true, value: given });
  }
  return target;
}

/** `_doc/…` and `_www/…` become absolute; before the simulator has told where, the core reads them as they are. */
function convert(path: string, paths: { doc: string; www: string }): string {
  const match = /^(?:file:\/\/)?_(doc|www)(?:\/(.*))?$/.exec(path);
  const root = match && paths[match[1] as 'doc' | 'www'];
  if (!root) return path.replace(/^file:\/\//, '');
  return match[2] ? `${root}/${match[2]}` : root;
}

function sessionStorageOf(scope: Names): Storage | undefined {
  try {
    return scope.sessionStorage;
  } catch {
    return undefined;
  }
}

function browserWorld(scope: Names): World {
  return { WebSocket: scope.WebSocket, fetch: (...args) => scope.fetch(...args), console, notice: showNotice };
}
