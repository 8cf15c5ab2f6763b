import { expect, expectTypeOf, test, vi } from 'vitest';
import { createWhinchat, WhinchatError, type Message, type NativePlugins, type WhinchatNative } from '../src/index.js';

function native(answers: Record<string, unknown> = {}) {
  const calls: [string, unknown][] = [];
  const kept = new Map<string, (ret: unknown) => void>();
  const object = new Proxy({}, {
    get: (_target, name: string) => (name === 'missing' ? undefined : (params: unknown, callback?: (ret: unknown) => void) => {
      calls.push([name, params]);
      if (name.startsWith('set')) kept.set(name, callback!);
      else queueMicrotask(() => callback?.(answers[name] ?? { status: true, code: 0, msg: '', desc: '' }));
    }),
  }) as WhinchatNative;
  return { object, calls, kept };
}

test('a method is a promise of its answer', async () => {
  const { object, calls } = native({ getLoginUser: { status: true, code: 0, userId: 'alice' } });
  const im = createWhinchat({ native: object });
  expect((await im.getLoginUser()).userId).toBe('alice');
  await im.login({ userId: 'alice' });
  expect(calls).toEqual([['getLoginUser', {}], ['login', { userId: 'alice' }]]);
  expectTypeOf(im.getLoginUser()).resolves.toHaveProperty('userId');
  expectTypeOf<Awaited<ReturnType<typeof im.findMessages>>['messageList']>().toEqualTypeOf<Message[]>();
  // @ts-expect-error text is required
  void im.createTextMessage({});
  // @ts-expect-error listeners are set by `on`
  expectTypeOf(im.setSDKListener);
});

test('a failure is a WhinchatError with its code', async () => {
  const im = createWhinchat({ native: native({ login: { status: false, code: 70002, msg: 'empty signature', userId: '' } }).object });
  const error = await im.login({ userId: 'alice' }).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(WhinchatError);
  expect(error).toMatchObject({ code: 70002, msg: 'empty signature', method: 'login', answer: { userId: '' } });
  await expect((im as any).missing()).rejects.toMatchObject({ code: 7013 });
});

test('one native listener for many handlers, set when the first is asked for', () => {
  const { object, calls, kept } = native();
  const im = createWhinchat({ native: object });
  expect(calls).toEqual([]);
  const first = vi.fn(() => { throw new Error('mine'); }), second = vi.fn(), other = vi.fn();
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const off = im.on('onRecvNewMessage', first);
  im.on('onRecvNewMessage', second);
  im.on('onRecvC2CReadReceipt', other);
  expect(calls.map(([name]) => name)).toEqual(['setAdvancedMsgListener']);
  const tell = kept.get('setAdvancedMsgListener')!;
  tell({ eventType: 'onRecvNewMessage', msgId: 'm' });
  off();
  tell({ eventType: 'onRecvNewMessage', msgId: 'n' });
  expect(first).toHaveBeenCalledOnce();
  expect(second).toHaveBeenCalledTimes(2);
  expect(other).not.toHaveBeenCalled();
  const once = vi.fn();
  im.once('onConnecting', once);
  kept.get('setSDKListener')!({ eventType: 'onConnecting' });
  kept.get('setSDKListener')!({ eventType: 'onConnecting' });
  expect(once).toHaveBeenCalledOnce();
  expect(() => im.on('onNothing' as never, once)).toThrow(WhinchatError);
});

test('a setter that failed is tried again with the next handler, and unInit renews those in use', async () => {
  const { object, calls, kept } = native();
  const im = createWhinchat({ native: object });
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const off = im.on('onConnecting', () => {});
  kept.get('setSDKListener')!({ status: false, code: 6017, msg: 'no' });
  im.on('onConnectSuccess', () => {});
  expect(calls.length).toBe(2);
  im.on('onSuccess', () => {})();
  off();
  await im.unInit();
  expect(calls.map(([name]) => name)).toEqual(['setSDKListener', 'setSDKListener', 'setSendMessageListener', 'unInit', 'setSDKListener']);
});

test('it is no thenable, and the plugin is named where it is missing', async () => {
  const im = createWhinchat({ native: native().object });
  expect(await im).toBe(im);
  vi.stubGlobal('uni', { requireNativePlugin: () => undefined });
  expect(() => createWhinchat()).toThrow(/Whinchat-IM/);
  vi.unstubAllGlobals();
  expectTypeOf<NativePlugins['Whinchat-IM']>().toEqualTypeOf<WhinchatNative>();
});
