import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { install, type ShimOptions } from '../src/shim.js';
import { LATER, METHODS } from '../src/generated/methods.js';
import { startSimulator } from './fake/simulator.mjs';

type Simulator = Awaited<ReturnType<typeof startSimulator>>;
type Options = Parameters<typeof startSimulator>[0];
const running: Simulator[] = [];
let logs = { error: vi.fn(), warn: vi.fn(), info: vi.fn() };
let notice = vi.fn();

beforeEach(() => {
  logs = { error: vi.fn(), warn: vi.fn(), info: vi.fn() }; // pages of an earlier test still complain to theirs
  notice = vi.fn();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.close()));
});

async function simulator(options: Options = {}) {
  const started = await startSimulator({ onCall: (page, call) => page.deliver(call.id, { status: true, code: 0, n: call.params?.n }), ...options });
  running.push(started);
  return started;
}

/** A page of its own global scope. */
function page(url: string | undefined, options: ShimOptions = {}, device = 'one', more: Record<string, unknown> = {}): any {
  const scope: Record<string, unknown> = { __WHINCHAT__: url && { url, device, platform: 'ios' }, ...more };
  install(options, scope, { WebSocket: WebSocket as any, fetch: (more.fetch as typeof fetch) ?? fetch, console: logs, notice });
  return scope;
}

const later = (ms = 30) => new Promise((done) => setTimeout(done, ms));
const answer = (im: any, method: string, params?: unknown) => new Promise<any>((done) => im[method](params, done));

test('the plugin is there under its name, others are undefined with a warning', async () => {
  const { uni, weex } = page((await simulator()).url);
  expect(uni.requireNativePlugin('Whinchat-IM')).toBe(weex.requireModule('Whinchat-IM'));
  expect(uni.requireNativePlugin('Other')).toBeUndefined();
  expect(logs.warn).toHaveBeenCalledOnce();
});

test('uni may be made later, and may be frozen', async () => {
  const scope = page((await simulator()).url, {}, 'one', { uni: Object.freeze({ a: 1 }) });
  expect(scope.uni.a).toBe(1);
  expect(scope.uni.requireNativePlugin('Whinchat-IM')).toBeDefined();
  scope.uni = { b: 2 };
  expect(scope.uni.b).toBe(2);
  expect(scope.uni.requireNativePlugin('Whinchat-IM')).toBeDefined();
});

test('a function for every name, before and after hello, and nothing can be put in its place', async () => {
  const im = page((await simulator({ methods: ['brandNew'] })).url).uni.requireNativePlugin('Whinchat-IM');
  expect(Object.keys(im)).toEqual([...METHODS, ...LATER]);
  const { login } = im;
  im.login = () => {};
  expect(im.login).toBe(login);
  await answer(im, 'getVersion');
  expect(await answer(im, 'brandNew', { n: 3 })).toMatchObject({ n: 3 });
});

test('other spellings and names that are not served yet are there before the simulator has greeted, and answer', async () => {
  const sim = await simulator({
    helloDelay: 40,
    onCall: (page, call) => page.deliver(call.id, LATER.includes(call.method) ? { status: false, code: 7013 } : { status: true, code: 0 }),
  });
  const im = page(sim.url).uni.requireNativePlugin('Whinchat-IM');
  expect(LATER).toContain('revokeMessage');
  expect(METHODS.filter((name) => LATER.includes(name))).toEqual([]);
  // A setter whose listener is removed at once is called back by nobody.
  const called = LATER.filter((name) => !name.startsWith('remove'));
  const answers = ['sendMesasge', 'delAdvancedMsgListener', ...called].map((name) => answer(im, name, {}));
  expect(sim.pages.size).toBe(0);
  const [misspelled, removed, ...later] = await Promise.all(answers);
  expect([misspelled.code, removed.code]).toEqual([0, 0]);
  expect(later.every((ret) => ret.code === 7013)).toBe(true);
});

test('calls made before the socket is open go out in order', async () => {
  const sim = await simulator({ helloDelay: 40 });
  const im = page(sim.url).uni.requireNativePlugin('Whinchat-IM');
  const seen: number[] = [];
  for (let n = 0; n < 200; n += 1) im.login({ n }, (ret: any) => seen.push(ret.n));
  expect(sim.pages.size).toBe(0);
  await vi.waitFor(() => expect(seen.length).toBe(200), 5000);
  expect(seen).toEqual(Array.from({ length: 200 }, (_, n) => n));
  expect(sim.pages.get('one').platform).toBe('ios');
});

test('the queue is bounded; what is over answers 9507, after the call returned', async () => {
  const im = page((await simulator({ helloDelay: 60 })).url).uni.requireNativePlugin('Whinchat-IM');
  const codes: number[] = [];
  for (let n = 0; n < 1003; n += 1) im.login({ n }, (ret: any) => codes.push(ret.code));
  expect(codes).toEqual([]);
  await Promise.resolve();
  expect(codes).toEqual([9507, 9507, 9507]);
  await vi.waitFor(() => expect(codes.length).toBe(1003), 5000);
});

test('a method answers exactly once, the first function is the callback, parameters are as they were at the call', async () => {
  const sim = await simulator({
    onCall(page, call) {
      page.deliver(call.id, { status: true, n: call.params?.n });
      page.deliver(call.id, { status: true, twice: true });
    },
  });
  const im = page(sim.url).uni.requireNativePlugin('Whinchat-IM');
  const first = vi.fn(), second = vi.fn(), alone = vi.fn();
  const params = { n: 1 };
  im.login(params, first, second);
  params.n = 2;
  im.logout(alone);
  im.getVersion();
  await vi.waitFor(() => expect(alone).toHaveBeenCalled(), 5000);
  await later();
  expect(first.mock.calls).toEqual([[{ status: true, n: 1 }]]);
  expect(second).not.toHaveBeenCalled();
  expect(alone).toHaveBeenCalledOnce();
  expect(sim.pages.get('one').frames.map((frame: any) => [frame.method, frame.params])).toEqual([['login', { n: 1 }], ['logout', undefined], ['getVersion', undefined]]);
});

test('a listener stays, is replaced, removed, and may throw', async () => {
  const listening = new Map<string, number>();
  const sim = await simulator({
    onCall(page, call) {
      if (call.method === 'setSDKListener') listening.set('sdk', call.id);
      else if (call.method === 'login') for (let n = 0; n < 3; n += 1) page.deliver(listening.get('sdk')!, { eventType: 'onConnecting', n }, true);
      if (!call.method.startsWith('set')) page.deliver(call.id, { status: true });
    },
  });
  const im = page(sim.url).uni.requireNativePlugin('Whinchat-IM');
  const first = vi.fn(() => { throw new Error('mine'); }), second = vi.fn();
  im.setSDKListener({}, first);
  await answer(im, 'login', {});
  expect(first).toHaveBeenCalledTimes(3);
  expect(logs.error).toHaveBeenCalledTimes(3);
  im.setSDKListener({}, second);
  await answer(im, 'login', {});
  expect(first).toHaveBeenCalledTimes(3);
  expect(second).toHaveBeenCalledTimes(3);
  const removed = answer(im, 'removeSDKListener', {});
  await removed;
  await answer(im, 'login', {});
  expect(second).toHaveBeenCalledTimes(3);
});

test('a storm of events comes whole and in order, and the window stays bounded', async () => {
  const sim = await simulator({
    onCall(page, call) {
      if (call.method === 'setSDKListener') for (let n = 0; n < 10_000; n += 1) page.deliver(call.id, { eventType: 'onLog', n }, true);
    },
  });
  const im = page(sim.url).uni.requireNativePlugin('Whinchat-IM');
  const seen: number[] = [];
  im.setSDKListener({}, (event: any) => seen.push(event.n));
  await vi.waitFor(() => expect(seen.length).toBe(10_000), 5000);
  expect(seen).toEqual(Array.from({ length: 10_000 }, (_, n) => n));
  expect(sim.pages.get('one').maxOpen).toBe(512);
});

test('a lost socket answers what is pending, tries again, and keeps the listeners', async () => {
  const sim = await simulator({
    onCall(page, call) {
      if (call.method === 'getVersion') page.deliver(call.id, { status: true });
      if (call.method === 'setSDKListener') page.deliver(call.id, { eventType: 'onConnecting' }, true);
    },
  });
  const im = page(sim.url).uni.requireNativePlugin('Whinchat-IM');
  const event = vi.fn(), lost = vi.fn();
  im.setSDKListener({}, event);
  await answer(im, 'getVersion');
  im.login({}, lost);
  await later();
  sim.pages.get('one').socket.terminate();
  await vi.waitFor(() => expect(lost).toHaveBeenCalledOnce(), 5000);
  expect(lost.mock.calls[0]![0]).toMatchObject({ status: false, code: 9508 });
  expect(logs.error).toHaveBeenCalledOnce();
  expect(await answer(im, 'getVersion')).toEqual({ status: true }); // waited for the next socket
  expect(event).toHaveBeenCalledTimes(2);
});

test('taken over by another page: says so, answers 9508, does not come back', async () => {
  const sim = await simulator({ onCall: () => {} });
  const im = page(sim.url).uni.requireNativePlugin('Whinchat-IM');
  const pending = answer(im, 'login', {});
  await later();
  page(sim.url);
  expect(await pending).toMatchObject({ code: 9508 });
  expect(notice.mock.calls.at(-1)![0]).toMatch(/another page took the device one/);
  const taker = sim.pages.get('one');
  await later(400);
  expect(sim.pages.get('one')).toBe(taker);
  expect(await answer(im, 'login', {})).toMatchObject({ code: 9508 });
});

test('nobody there: a visible line, and a wrong key is named', async () => {
  page('ws://127.0.0.1:9/sim/socket?key=secret');
  await vi.waitFor(() => expect(notice).toHaveBeenCalled(), 8000);
  expect(notice.mock.calls[0]![0]).not.toContain('secret');
  const im = page(undefined).uni.requireNativePlugin('Whinchat-IM');
  expect(await answer(im, 'login', {})).toMatchObject({ status: false, code: 9508 });
});

test('picked files are handed over first, and the order of calls stays', async () => {
  const sim = await simulator();
  const picked = async (input: any, init?: RequestInit) => {
    if (String(input).startsWith('blob:gone')) throw new TypeError('gone');
    if (String(input).startsWith('blob:')) return new Response(new Blob(['bytes'], { type: 'image/jpeg' }));
    await later(40);
    return fetch(input, init);
  };
  const im = page(sim.url, {}, 'one', { fetch: picked }).uni.requireNativePlugin('Whinchat-IM');
  const order: string[] = [];
  im.createImageMessage({ img: 'blob:here', n: 1 }, () => order.push('image'));
  im.createFileMessage({ filePath: 'blob:here', fileName: '../a b.txt' }, () => order.push('file'));
  im.createTextMessage({ text: 'blob:not a path' }, () => order.push('text'));
  const gone = vi.fn();
  im.createImageMessage({ img: 'blob:gone' }, gone);
  await vi.waitFor(() => expect(order).toEqual(['image', 'file', 'text']), 5000);
  expect(gone.mock.calls[0]![0]).toMatchObject({ status: false, code: 7007 });
  const [image, file, text] = sim.pages.get('one').frames;
  expect(image.params.img).toMatch(/^\/devices\/one\/picked-\w+\.jpg$/);
  expect(String(sim.files.get(image.params.img))).toBe('bytes');
  expect(file.params.filePath).toMatch(/^\/devices\/one\/\w+-_a_b\.txt$/);
  expect(text.params.text).toBe('blob:not a path');
  expect(sim.pages.get('one').frames.length).toBe(3);
});

test('parameters that are not JSON and frames over 1 MiB are refused here', async () => {
  const im = page((await simulator()).url).uni.requireNativePlugin('Whinchat-IM');
  const cyclic: any = {};
  cyclic.self = cyclic;
  expect(await answer(im, 'login', cyclic)).toMatchObject({ code: 6027 });
  expect(await answer(im, 'login', { text: 'x'.repeat(1 << 20) })).toMatchObject({ code: 9522 });
  expect(await answer(im, 'login', null)).toMatchObject({ status: true });
});

test('plus.io only where asked for', async () => {
  const { url } = await simulator();
  expect(page(url).plus).toBeUndefined();
  const { plus, uni } = page(url, { plus: true }, 'two');
  expect(plus.io.convertLocalFileSystemURL('_doc/a')).toBe('_doc/a');
  await answer(uni.requireNativePlugin('Whinchat-IM'), 'getVersion');
  expect(plus.io.convertLocalFileSystemURL('_doc/a')).toBe('/devices/two/_doc/a');
  expect(plus.io.convertLocalFileSystemURL('_doc')).toBe('/devices/two/_doc');
  expect(plus.io.convertLocalFileSystemURL('file:///x')).toBe('/x');
});
