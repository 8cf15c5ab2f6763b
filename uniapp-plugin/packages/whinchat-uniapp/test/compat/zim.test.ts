import { afterEach, expect, expectTypeOf, test, vi } from 'vitest';
import { ZIM, ZIMError, zimOver, type ZIMMessage } from '../../src/compat/zim/index.js';
import { failure, fakeNative, message } from '../fake/native.js';

afterEach(() => vi.restoreAllMocks());
const later = () => new Promise((done) => setTimeout(done));

test('what went wrong in an earlier run, or before a login, is told as an error', async () => {
  const { module, tell } = fakeNative({ init: failure(6022, 'the folder cannot be written') });
  const zim = zimOver(() => module).create(1)!;
  const error = vi.fn();
  zim.on('error', error);
  await expect(zim.login({ userID: 'alice' }, 'token')).rejects.toMatchObject({ name: 'ZIMError', whinchatCode: 6022 });
  expect(error).toHaveBeenCalledExactlyOnceWith(zim, expect.objectContaining({ message: 'the folder cannot be written' }));
  tell('setSendMessageListener', 'onError', { messageKey: 'k', msgId: 'm1', code: 6012, msg: 'late' });
  tell('setSendMessageListener', 'onError', { messageKey: '', msgId: 'm2', code: 20003, msg: 'nobody' });
  expect(error).toHaveBeenCalledTimes(2);
  expect(error.mock.lastCall![1]).toMatchObject({ code: 6000204, message: expect.stringContaining('m2') });
});

test('without a handler the console is told', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  zimOver(() => fakeNative({ init: failure(6022) }).module).create(1);
  await later();
  expect(said).toHaveBeenCalledOnce();
});

test('an app without the plugin gets null and a sentence', () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  vi.stubGlobal('uni', { requireNativePlugin: () => undefined });
  expect(ZIM.create(1)).toBeNull();
  expect(said.mock.lastCall![0]).toMatch(/Whinchat-IM/);
  vi.unstubAllGlobals();
});

test('codes of the bridge become codes of ZIM, and parameters keep the names that the app knows', async () => {
  for (const [ours, theirs] of [[6017, 6000001], [8001, 6000001], [7008, 6000004], [9507, 6000005], [9511, 6000104], [6012, 6000105], [6014, 6000121], [20003, 6000204], [80001, 6000221], [20005, 6000203]]) {
    const { module } = fakeNative({ sendC2CTextMessage: failure(ours!, '`userId` and `text` and `other`') });
    const zim = zimOver(() => module).create(1)!;
    await zim.login({ userID: 'alice' }, 'token');
    const refused = await zim.sendPeerMessage({ type: 1, message: 'x' }, 'bob').catch((error: ZIMError) => error);
    expect(refused).toMatchObject({ code: theirs, whinchatCode: ours, message: '`toUserID` and `message` and `other`' });
  }
});

test('the face has a profile of its own, and gives priorities and limits on as the bridge has them', async () => {
  const { module, of, tell } = fakeNative({ sendC2CTextMessage: { message: message({ isSelf: true }) }, sendC2CCustomMessage: { message: message({ isSelf: true }) } });
  const zim = zimOver(() => module).create({ appID: 7 }, { server: 'wss://chat', sendTimeout: 3000 })!;
  await zim.login({ userID: 'alice', userName: 'Alice' }, 'token');
  expect(of('init')).toEqual([{ sdkAppId: 7, profile: 'zim', server: 'wss://chat' }]);
  expect(of('login')).toEqual([{ userId: 'alice', userSig: 'token', userName: 'Alice' }]);
  for (const [theirs, ours] of [[1, 3], [2, 2], [3, 1], [undefined, 3]]) {
    await zim.sendPeerMessage({ type: 1, message: 'x', priority: theirs as 1 }, 'bob');
    expect(of('sendC2CTextMessage').pop()).toMatchObject({ priority: ours, timeoutMs: 3000 });
  }
  await zim.sendPeerMessage({ type: 2, message: Uint8Array.of(1, 255).subarray(1) }, 'bob');
  expect(of('sendC2CCustomMessage')).toMatchObject([{ customData: 'base64:/w==', isExcludedFromUnreadCount: true, isExcludedFromLastMessage: true }]);
  const came: ZIMMessage[] = [];
  zim.on('receivePeerMessage', (_zim, list) => came.push(...list));
  tell('setAdvancedMsgListener', 'onRecvNewMessage', { message: message({ elem: { elemType: 0 }, priority: 1 }) });
  tell('setAdvancedMsgListener', 'onRecvNewMessage', { message: message({ groupId: 'g' }) });
  expect(came).toEqual([{ priority: 3, type: 0, messageID: 'm1', timestamp: 1_700_000_000_123, message: '', senderUserID: 'bob', conversationID: 'bob', conversationType: 0 }]);
  expectTypeOf<Awaited<ReturnType<typeof zim.sendPeerMessage>>>().toEqualTypeOf<ZIMMessage>();
  // @ts-expect-error a command is bytes
  void zim.sendPeerMessage({ type: 2, message: 'text' }, 'bob').catch(() => {});
});

test('a login that a logout overtakes does not end behind it', async () => {
  const { module, of } = fakeNative();
  const zim = zimOver(() => module).create(1)!;
  await later();
  const states: number[] = [];
  zim.on('connectionStateChanged', (_zim, state) => states.push(state));
  const begun = zim.login({ userID: 'alice' }, 'token');
  await Promise.all([zim.logout(), expect(begun).rejects.toMatchObject({ code: 6000122 })]);
  expect(of('login')).toEqual([]);
  expect(states).toEqual([]);
});

test('what comes behind a logout or a destroy waits for the next login of its user', async () => {
  const { module, tell } = fakeNative();
  const face = zimOver(() => module);
  const came: string[] = [];
  const comes = (text: string) => tell('setAdvancedMsgListener', 'onRecvNewMessage', { message: message({ msgId: text, elem: { elemType: 1, text } }) });
  const enter = async (userID: string) => {
    const zim = face.create(1)!;
    zim.off('receivePeerMessage');
    zim.on('receivePeerMessage', (_zim, list) => came.push(...list.map((one) => `${userID}: ${one.message as string}`)));
    await zim.login({ userID }, 'token');
    return zim;
  };
  const zim = await enter('alice');
  const left = zim.logout();
  comes('one');
  await left;
  expect(came).toEqual([]);
  (await enter('alice')).destroy();
  comes('two');
  await later();
  await (await enter('bob')).logout();
  expect(came).toEqual(['alice: one']);
  await enter('alice');
  comes('three');
  expect(came).toEqual(['alice: one', 'alice: two', 'alice: three']);
});

test('what logout and destroy are refused with is no fault of the page', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const { module } = fakeNative({ logout: failure(7012), unInit: failure(7012) });
  const face = zimOver(() => module);
  const zim = face.create(1)!;
  await expect(zim.logout()).resolves.toBeUndefined();
  zim.destroy();
  await later();
  expect(face.create(1)).not.toBe(zim);
});
