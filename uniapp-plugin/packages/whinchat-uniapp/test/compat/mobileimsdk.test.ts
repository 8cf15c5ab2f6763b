import { afterEach, expect, expectTypeOf, test, vi } from 'vitest';
import { imsdkOver, MBErrorCode, MBKickoutCode, MBProtocalFactory, type Protocal } from '../../src/compat/mobileimsdk/index.js';
import { Once } from '../../src/compat/mobileimsdk/once.js';
import { failure, fakeNative, message } from '../fake/native.js';

afterEach(() => (vi.restoreAllMocks(), vi.useRealTimers()));
const later = () => new Promise((done) => setTimeout(done));
const URL = 'ws://127.0.0.1:7200?appId=7';

async function loggedIn(answers: Parameters<typeof fakeNative>[0] = {}) {
  const native = fakeNative(answers);
  const sdk = imsdkOver(() => native.module);
  const success = vi.fn();
  sdk.callback_onIMAfterLoginSucess = success;
  sdk.loginImpl({ loginUserId: 'alice', loginToken: 'token' }, URL);
  await later();
  expect(success).toHaveBeenCalledOnce();
  return { ...native, sdk };
}

test('the address names server and app', async () => {
  for (const [url, info, server] of [
    ['ws://host:7200?appId=7', {}, 'ws://host:7200'],
    ['http://192.168.1.2:4000/?appid=7', {}, 'ws://192.168.1.2:4000/'],
    ['https://chat.example.com/im?a=1&appId=7&b=2', {}, 'wss://chat.example.com/im?a=1&b=2'],
    ['wss://chat.example.com', { appId: 7 }, 'wss://chat.example.com'],
  ] as const) {
    const { module, of } = fakeNative();
    imsdkOver(() => module).loginImpl({ loginUserId: 'alice', loginToken: 'token', ...info }, url);
    await later();
    expect(of('init'), url).toEqual([{ sdkAppId: 7, server, profile: 'mobileimsdk' }]);
    expect(of('login')).toEqual([{ userId: 'alice', userSig: 'token' }]);
  }
});

test('an administrator is told from another device', async () => {
  for (const [msg, code] of [['Another device of the same kind has logged in as this user.', MBKickoutCode.KICKOUT_FOR_DUPLICATE_LOGIN], ['An administrator has ended this session.', MBKickoutCode.KICKOUT_FOR_ADMIN]] as const) {
    const { sdk, tell } = await loggedIn();
    const kicked = vi.fn();
    sdk.callback_onIMKickout = kicked;
    tell('setSDKListener', 'onKickedOffline', { code: 6208, msg });
    expect(kicked).toHaveBeenCalledExactlyOnceWith({ code, reason: msg });
    expect(sdk.isLogined()).toBe(false);
  }
});

test('breaks and recoveries are told once each, whatever attempts say', async () => {
  const { sdk, tell } = await loggedIn();
  const told: string[] = [];
  sdk.callback_onIMDisconnected = () => told.push('down');
  sdk.callback_onIMReconnectSucess = () => told.push('up');
  for (const event of ['onConnectSuccess', 'onConnectFailed', 'onConnecting', 'onConnectFailed', 'onConnectSuccess', 'onConnectSuccess', 'onConnectFailed', 'onConnectSuccess']) {
    tell('setSDKListener', event, { code: 9511 });
  }
  expect(told).toEqual(['down', 'up', 'down', 'up']);
});

test('the time until a message is given up, and what it travels with', async () => {
  const { sdk, of } = await loggedIn();
  expect(sdk.sendData({ to: 'bob', dataContent: 'x', fp: 'f1', typeu: 4 } as Protocal)).toBe(MBErrorCode.COMMON_CODE_OK);
  expect(of('sendC2CTextMessage').pop()).toEqual({ userId: 'bob', text: 'x', cloudCustomData: '{"mobileimsdk":{"fp":"f1","typeu":4}}', onlineUserOnly: false, timeoutMs: 15_000 });
  expect(sdk.setQoS({ retryCount: 0, checkInterval: 250 })).toBe(0);
  sdk.sendData({ to: 'bob', dataContent: 'x' } as Protocal);
  expect(of('sendC2CTextMessage').pop()).toMatchObject({ timeoutMs: 250 });
  expect(sdk.setQoS({ retryCount: Infinity })).toBe(0);
  sdk.sendData({ to: 'bob', dataContent: 'x' } as Protocal);
  expect(of('sendC2CTextMessage').pop()).toMatchObject({ timeoutMs: 0 });
  sdk.sendData({ to: 'bob', dataContent: 'x', QoS: false } as Protocal);
  expect(of('sendC2CTextMessage').pop()).toMatchObject({ onlineUserOnly: true, timeoutMs: 0 });
});

test('outcomes of an earlier run are told by fingerprint, those of other faces are not', async () => {
  const ours = message({ msgId: 'm9', isSelf: true, cloudCustomData: '{"mobileimsdk":{"fp":"f9","typeu":1}}' });
  const { sdk, tell } = await loggedIn({ getMessage: ({ msgId }: { msgId: string }) => (msgId === 'm9' ? { message: ours } : { message: message({ isSelf: true }) }) });
  const got = vi.fn(), lost = vi.fn();
  sdk.callback_onMessagesBeReceived = got;
  sdk.callback_onMessagesLost = lost;
  tell('setSendMessageListener', 'onSuccess', { messageKey: '', msgId: 'm9', message: ours });
  tell('setSendMessageListener', 'onSuccess', { messageKey: 'k', msgId: 'm9', message: ours });
  tell('setSendMessageListener', 'onSuccess', { messageKey: '', msgId: 'm1', message: message() });
  tell('setSendMessageListener', 'onSuccess', { messageKey: '', msgId: 'm2', message: null });
  expect(got.mock.calls).toEqual([['f9']]);
  for (const msgId of ['m9', 'm1']) tell('setSendMessageListener', 'onError', { messageKey: '', msgId, code: 6012, msg: 'late' });
  tell('setSendMessageListener', 'onError', { messageKey: 'k', msgId: 'm9', code: 6012, msg: 'late' });
  await later();
  expect(lost.mock.calls).toEqual([[[{ type: 2, dataContent: 'hello', from: 'bob', to: 'bob', QoS: true, fp: 'f9', typeu: 1 }]]]);
});

test('logs are off, each kind has its switch, heartbeats only with the core, and none has a token or a text', async () => {
  const { sdk, tell } = await loggedIn({ sendC2CTextMessage: failure(8001, 'the text "a secret word" is too long') });
  const lines: string[] = [];
  sdk.callback_onIMLog = (line, toConsole) => lines.push(`${line}${toConsole ? '' : '?'}`);
  const everything = async () => {
    tell('setSDKListener', 'onPing');
    tell('setSDKListener', 'onConnectFailed', { code: 9511, msg: 'token' });
    tell('setSDKListener', 'onConnectSuccess');
    tell('setAdvancedMsgListener', 'onRecvNewMessage', { message: message({ msgId: `m${Math.random()}`, elem: { elemType: 1, text: 'a secret word' } }) });
    sdk.sendData(MBProtocalFactory.createCommonDataSimple('a secret word', 'alice', 'bob'));
    await later();
    return lines.splice(0);
  };
  expect(await everything()).toEqual([]);
  sdk.setDebugPingPongEnable(true);
  expect(await everything()).toEqual([]);
  sdk.setDebugSDKEnable(true);
  expect((await everything()).every((line) => line.startsWith('[SDK]'))).toBe(true);
  sdk.setDebugCoreEnable(true);
  const all = await everything();
  expect(new Set(all.map((line) => line.split(' ')[0]))).toEqual(new Set(['[PINGPONG]', '[CORE]', '[SDK]']));
  expect(all.join('\n')).not.toMatch(/secret|token/);
});

test('callbacks that throw harm nobody, and sendData may be taken off its object', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  const { sdk, tell } = await loggedIn();
  sdk.callback_onIMData = () => {
    throw new Error('mine');
  };
  tell('setAdvancedMsgListener', 'onRecvNewMessage', { message: message() });
  expect(said).toHaveBeenCalledOnce();
  const { sendData } = sdk;
  const complete = vi.fn(() => {
    throw new Error('mine');
  });
  expect(sendData({ to: 'bob', dataContent: 'x' } as Protocal, undefined, undefined, complete)).toBe(0);
  await later();
  expect(complete).toHaveBeenCalledOnce();
  expectTypeOf(sendData).returns.toEqualTypeOf<number>();
});

test('an app without the plugin hears of a login that failed', async () => {
  vi.stubGlobal('uni', { requireNativePlugin: () => undefined });
  const sdk = imsdkOver();
  const failed = vi.fn();
  sdk.callback_onIMAfterLoginFailed = failed;
  sdk.loginImpl({ loginUserId: 'alice', loginToken: 'token' }, URL);
  sdk.disconnectSocket();
  sdk.loginImpl({ loginUserId: 'alice', loginToken: 'token' }, URL);
  await later();
  expect(failed).toHaveBeenCalledExactlyOnceWith(false);
  vi.unstubAllGlobals();
});

test('what comes between disconnectSocket and the plugin\'s logout waits for the next login of its user, and for no other', async () => {
  const { sdk, tell } = await loggedIn();
  const order: string[] = [];
  sdk.callback_onIMData = (p) => order.push(`${p.to}: ${p.dataContent}`);
  sdk.callback_onIMAfterLoginSucess = () => order.push('in');
  const came = (text: string, more = {}) => tell('setAdvancedMsgListener', 'onRecvNewMessage', { message: message({ msgId: text, elem: { elemType: 1, text }, ...more }) });
  const login = (loginUserId: string) => (sdk.loginImpl({ loginUserId, loginToken: 'token' }, URL), later());
  came('told');
  sdk.disconnectSocket();
  came('first');
  came('typing', { isOnlineOnly: true });
  const carol = login('carol');
  came('second');
  await carol;
  came('hers');
  tell('setSDKListener', 'onKickedOffline', { code: 6208, msg: 'Another device.' });
  came('hers, late');
  expect(order.splice(0)).toEqual(['alice: told', 'in', 'carol: hers']);
  await login('alice');
  came('then');
  expect(order.splice(0)).toEqual(['in', 'alice: first', 'alice: second', 'alice: then']);
  sdk.disconnectSocket();
  await login('carol');
  expect(order).toEqual(['in', 'carol: hers, late']);
});

test('an app that leaves while it is told what waited hears the rest later', async () => {
  const { sdk, tell } = await loggedIn();
  const came: string[] = [];
  sdk.callback_onIMData = (p) => (came.push(p.dataContent), sdk.disconnectSocket());
  sdk.disconnectSocket();
  for (const text of ['one', 'two']) tell('setAdvancedMsgListener', 'onRecvNewMessage', { message: message({ msgId: text, elem: { elemType: 1, text } }) });
  for (const expected of [['one'], ['one', 'two']]) {
    sdk.loginImpl({ loginUserId: 'alice', loginToken: 'token' }, URL);
    await later();
    expect(came).toEqual(expected);
  }
});

test('a fingerprint is remembered for ten minutes, and not without end', () => {
  vi.useFakeTimers();
  const once = new Once();
  expect([once.first('a', 'f'), once.first('a', 'f'), once.first('b', 'f')]).toEqual([true, false, true]);
  vi.advanceTimersByTime(9 * 60_000);
  expect(once.first('a', 'f')).toBe(false);
  vi.advanceTimersByTime(2 * 60_000);
  expect(once.first('a', 'f')).toBe(true);
  for (let n = 0; n < 5000; n += 1) once.first('c', String(n));
  expect(once.first('a', 'f')).toBe(true);
});
