import { expect, test, vi } from 'vitest';
import { createWhinchat, overUts, WhinchatError } from '../src/index.js';

/** As the compiled functions behave: Promises that are never rejected, listeners that stay. */
function functions() {
  const calls: [string, unknown][] = [];
  const listeners = new Map<string, (event: unknown) => void>();
  const ask = (name: string, ret: object) => async (params: unknown) => (calls.push([name, params]), { status: true, code: 0, msg: '', desc: '', ...ret });
  return {
    calls,
    tell: (setter: string, event: object) => listeners.get(setter)?.(event),
    module: {
      initSDK: ask('init', {}),
      getVersion: ask('getVersion', { version: '1' }),
      login: async () => ({ status: false, code: 6017, msg: 'userId is missing', desc: 'userId is missing' }),
      getServerTime: async () => Promise.reject('uts: gone'),
      setAdvancedMsgListener: (listener: (event: unknown) => void) => void listeners.set('setAdvancedMsgListener', listener),
    },
  };
}

test('the facade works over the functions of the UTS plugin', async () => {
  const uts = functions();
  const im = createWhinchat({ native: overUts(uts.module) });
  await im.init({ sdkAppId: 7 });
  expect(uts.calls).toEqual([['init', { sdkAppId: 7 }]]);
  expect((await im.getVersion()).version).toBe('1');
});

test('an answer that says no is an error with its code', async () => {
  const im = createWhinchat({ native: overUts(functions().module) });
  const refused = await im.login({ userId: '', userSig: '' }).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(WhinchatError);
  expect(refused).toMatchObject({ code: 6017, msg: 'userId is missing' });
});

test('a call that never reached the plugin is an error too', async () => {
  const im = createWhinchat({ native: overUts(functions().module) });
  await expect(im.getServerTime()).rejects.toMatchObject({ code: 7012, msg: 'uts: gone' });
});

test('events come to their handlers', () => {
  const uts = functions();
  const im = createWhinchat({ native: overUts(uts.module) });
  const heard = vi.fn();
  im.on('onRecvNewMessage', heard);
  uts.tell('setAdvancedMsgListener', { eventType: 'onRecvNewMessage', msgId: '1' });
  uts.tell('setAdvancedMsgListener', { eventType: 'onRecvNewMessage', msgId: '2' });
  expect(heard.mock.calls.map(([event]) => event.msgId)).toEqual(['1', '2']);
});

test('a name that the module does not have is refused as in the native module', async () => {
  const im = createWhinchat({ native: overUts({}) });
  await expect(im.logout()).rejects.toMatchObject({ code: 7013 });
});
