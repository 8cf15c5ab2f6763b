import { setterOf } from '../listener.js';
import { type Address, socketUrl } from './address.js';
import { pickedFiles, uploadPicked, UploadError } from './files.js';

export interface Hello {
  version: string;
  device: string;
  platform: string;
  docPath: string;
  wwwPath: string;
  methods: string[];
  server: string;
  appId: number;
}

/** What the browser gives, replaceable in tests. */
export interface World {
  WebSocket: new (url: string) => WebSocket;
  fetch: typeof globalThis.fetch;
  console: Pick<Console, 'error' | 'warn' | 'info'>;
  /** Something the person in front of the page must see; '' takes it away. */
  notice(text: string): void;
}

type Answer = (ret: unknown) => void;

interface Call {
  id: number;
  method: string;
  params: unknown;
  /** Parameters as they go out; waits while picked files are handed over. */
  ready: boolean;
  settled: boolean;
}

const QUEUE_MAX = 1000;
const ACK_EVERY = 64;
const FRAME_MAX = 1 << 20;
const TAKEN_OVER = 4001;
const REFUSALS_BEFORE_NOTICE = 2;

/**
 * One page as one JavaScript context of the simulator: calls leave in the order in which they were made, answers and
 * events are handed on in the order in which they come.
 */
export class Session {
  hello: Hello | undefined;
  private socket: WebSocket | undefined;
  private lastId = 0;
  private handled = 0;
  private attempts = 0;
  private ended = '';
  /** Not yet sent. */
  private readonly queue: Call[] = [];
  /** Sent, unanswered: id to method. */
  private readonly pending = new Map<number, string>();
  private readonly callbacks = new Map<number, Answer>();
  /** The living registration of each setter. */
  private readonly listeners = new Map<string, { id: number; method: string; params: unknown }>();

  constructor(private readonly address: Address, private readonly world: World, private readonly onHello: (hello: Hello) => void) {
    this.connect();
  }

  call(method: string, params: unknown, callback: Answer | undefined): void {
    const call: Call = { id: ++this.lastId, method, params, ready: true, settled: false };
    if (callback) this.callbacks.set(call.id, callback);
    const setter = setterOf(method);
    if (setter?.sets) this.register(setter.name, call);
    else if (setter) this.unregister(setter.name);
    if (this.ended) return this.refuse(call, 9508, this.ended);
    if (this.queue.length >= QUEUE_MAX) return this.refuse(call, 9507, `more than ${QUEUE_MAX} calls wait for the simulator`);
    this.queue.push(call);
    const files = pickedFiles(params);
    if (files.length > 0) this.handOver(call, files);
    this.flush();
  }

  private register(name: string, call: Call): void {
    this.unregister(name);
    this.listeners.set(name, { id: call.id, method: call.method, params: call.params });
  }

  /** Its callback is not called any more, whatever is still on the way. */
  private unregister(name: string): void {
    const old = this.listeners.get(name);
    if (!old) return;
    this.listeners.delete(name);
    this.callbacks.delete(old.id);
  }

  private handOver(call: Call, files: string[]): void {
    call.ready = false;
    uploadPicked(this.address, call.params as Record<string, unknown>, files, this.world.fetch).then(
      (params) => {
        call.params = params;
        call.ready = true;
        this.flush();
      },
      (error: unknown) => {
        call.settled = true;
        this.refuse(call, error instanceof UploadError ? error.code : 7012, String(error instanceof Error ? error.message : error));
        this.flush();
      },
    );
  }

  private flush(): void {
    if (!this.hello || this.socket?.readyState !== 1) return;
    while (this.queue[0] && (this.queue[0].ready || this.queue[0].settled)) {
      const call = this.queue.shift()!;
      if (!call.settled) this.send(call);
    }
  }

  private send(call: Call): void {
    let frame: string;
    try {
      frame = JSON.stringify({ id: call.id, method: call.method, params: call.params });
    } catch (error) {
      return this.refuse(call, 6027, `parameters are not JSON: ${error}`);
    }
    if (frame.length > FRAME_MAX / 3 && new TextEncoder().encode(frame).length > FRAME_MAX) {
      return this.refuse(call, 9522, 'parameters of more than 1 MiB');
    }
    this.pending.set(call.id, call.method);
    this.socket!.send(frame);
  }

  /** Never before the call returned. */
  private refuse(call: Call, code: number, msg: string): void {
    queueMicrotask(() => this.deliver(call.id, { status: false, code, msg, desc: msg }, false));
  }

  private deliver(id: number, data: unknown, keep: boolean): void {
    this.pending.delete(id);
    const callback = this.callbacks.get(id);
    if (!keep) this.callbacks.delete(id);
    if (!callback) return;
    try {
      callback(data);
    } catch (error) {
      this.world.console.error('[whinchat] a callback threw:', error);
    }
  }

  private connect(): void {
    let socket: WebSocket;
    try {
      socket = new this.world.WebSocket(socketUrl(this.address));
    } catch (error) {
      this.end(`no simulator at ${this.address.url}: ${error}`);
      return;
    }
    this.socket = socket;
    this.handled = 0;
    socket.onmessage = (event) => this.take(socket, String(event.data));
    socket.onclose = (event) => this.lost(socket, event.code, event.reason);
    socket.onerror = () => {}; // close tells
  }

  private take(socket: WebSocket, text: string): void {
    if (socket !== this.socket) return;
    const frame = parse(text);
    if (frame.hello) return this.greet(frame.hello);
    if (frame.error !== undefined) return this.world.console.error('[whinchat] the simulator did not understand a frame:', frame.error);
    if (typeof frame.id !== 'number') return;
    const keep = frame.keep === true;
    const cleared = this.pending.get(frame.id) === 'unInit' && (frame.data as { status?: boolean })?.status === true;
    if (!keep && isRefusal(frame.data)) this.forgetSetter(frame.id);
    if (cleared) this.clearListeners(frame.id);
    this.deliver(frame.id, frame.data, keep);
    if (++this.handled % ACK_EVERY === 0 && socket.readyState === 1) socket.send(JSON.stringify({ ack: this.handled }));
  }

  /** A setter that failed is no living listener. */
  private forgetSetter(id: number): void {
    for (const [name, listener] of this.listeners) if (listener.id === id) this.listeners.delete(name);
  }

  /** unInit cleared the listeners that were set before it. */
  private clearListeners(before: number): void {
    for (const [name, listener] of [...this.listeners]) if (listener.id < before) this.unregister(name);
  }

  private greet(hello: Hello): void {
    const again = this.hello !== undefined || this.attempts > 0;
    this.hello = hello;
    this.attempts = 0;
    this.world.notice('');
    this.onHello(hello);
    if (again) this.listenAgain();
    this.flush();
  }

  /** After a reconnect the listeners stay what they were; everything else is the app's to do again. */
  private listenAgain(): void {
    for (const { id, method, params } of this.listeners.values()) {
      if (this.queue.some((call) => call.id === id)) continue;
      this.send({ id, method, params, ready: true, settled: false });
      this.pending.delete(id);
    }
  }

  private lost(socket: WebSocket, code: number, reason: string): void {
    if (socket !== this.socket) return;
    const spoke = this.hello !== undefined && this.attempts === 0;
    this.socket = undefined;
    if (code === TAKEN_OVER) return this.end(`another page took the device ${this.address.device} over; this page no longer drives it`);
    if (spoke) {
      this.world.console.error(`[whinchat] the connection to the simulator is lost (${code}${reason ? ' ' + reason : ''}): ${this.pending.size} calls answered with 9508. It tries again; init and login are to be done anew, most simply by reloading the page.`);
    }
    this.answerPending('the connection to the simulator is lost');
    this.attempts += 1;
    if (this.attempts === REFUSALS_BEFORE_NOTICE) {
      const text = `no simulator answers at ${this.address.url.replace(/key=[^&]*/, 'key=…')}. Is "whinchat sim" running, and is the key in this page's address the one it printed?`;
      this.world.console.error('[whinchat] ' + text);
      this.world.notice('Whinchat: ' + text);
    }
    const timer: unknown = setTimeout(() => this.connect(), Math.min(250 * 2 ** (this.attempts - 1), 5000));
    (timer as { unref?: () => void }).unref?.();
  }

  private answerPending(msg: string): void {
    const ids = [...this.pending.keys()].filter((id) => ![...this.listeners.values()].some((listener) => listener.id === id));
    this.pending.clear();
    for (const id of ids) this.deliver(id, { status: false, code: 9508, msg, desc: msg }, false);
  }

  private end(why: string): void {
    this.ended = why;
    this.world.console.error('[whinchat] ' + why);
    this.world.notice('Whinchat: ' + why);
    this.answerPending(why);
    for (const call of this.queue.splice(0)) if (!call.settled) this.refuse(call, 9508, why);
  }
}

interface Frame {
  hello?: Hello;
  error?: unknown;
  id?: number;
  data?: unknown;
  keep?: boolean;
}

function parse(text: string): Frame {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

function isRefusal(data: unknown): boolean {
  return typeof data === 'object' && data !== null && (data as { status?: unknown }).status === false;
}
