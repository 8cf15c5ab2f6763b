import { afterEach, expect, expectTypeOf, test, vi } from 'vitest';
import { WhinchatError } from '../../src/index.js';
import { lanyingOver, type Meta } from '../../src/compat/lanying/index.js';
import { failure, fakeNative, message } from '../fake/native.js';

afterEach(() => vi.restoreAllMocks());
const later = () => new Promise((done) => setTimeout(done));

test('a secret key goes nowhere; a server that is not in development mode refuses, and the app is told why', async () => {
  const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const { module, calls } = fakeNative({ login: ({ userSig }: { userSig: string }) => (userSig === '' ? failure(70002, 'empty') : {}) });
  const im = lanyingOver(() => module);
  const fail = vi.fn();
  im.on('loginFail', fail);
  void im.init({ appId: '7', secretKey: 'very-secret' });
  const error = await im.login({ username: 'alice', password: 'a signature' }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(WhinchatError);
  expect(error).toMatchObject({ code: 70002, msg: expect.stringContaining('development mode only') });
  expect(fail).toHaveBeenCalledOnce();
  expect(JSON.stringify(calls) + warned.mock.calls.join()).not.toContain('very-secret');
  expect(im.isLogin()).toBe(false);
  // Without the key the password is the signature.
  await im.init({ appId: '7' });
  await im.login({ username: 'alice', password: 'a signature' });
  expect(im.isLogin()).toBe(true);
});

test('an app that goes by events need not take the promises', async () => {
  const unhandled = vi.fn();
  process.on('unhandledRejection', unhandled);
  const im = lanyingOver(() => fakeNative({ init: failure(6022), login: failure(70003), logout: failure(7012) }).module);
  void im.init({ appId: 7 });
  void im.login({ username: 'alice', password: 'x' });
  void im.logout();
  await later();
  process.off('unhandledRejection', unhandled);
  expect(unhandled).not.toHaveBeenCalled();
});

test('messages of the server and of groups, and what others wrote', async () => {
  const { module, tell } = fakeNative();
  const im = lanyingOver(() => module);
  await im.init({ appId: 7 });
  await im.login({ username: 'alice', password: 'x' });
  const heard: [string, unknown][] = [];
  for (const event of ['onRosterMessage', 'onGroupMessage', 'onMentionMessage', 'onGroupMemberChanged', 'onInputStatusMessage'] as const) im.on(event, ((told: unknown) => heard.push([event, told])) as never);
  const came = (more: Record<string, unknown>) => tell('setAdvancedMsgListener', 'onRecvNewMessage', { message: message(more) });
  came({ groupId: 'g', userId: '', elem: { elemType: 9 } });
  came({ elem: { elemType: 0 } });
  came({ elem: { elemType: 2, data: '{"lanying":{"type":"gift","content":"rose","attachment":[1]}}' } });
  came({ elem: { elemType: 2, data: '{"lanying":7}' } });
  came({ groupId: 'g', userId: '', isSelf: true, groupAtUserList: ['alice'] });
  came({ groupId: 'g', userId: '', groupAtUserList: ['__kImSDK_MesssageAtALL__'] });
  came({ isOnlineOnly: true, cloudCustomData: '{"input_status":"typing"}' });
  expect(heard.map(([event]) => event)).toEqual(['onGroupMemberChanged', 'onRosterMessage', 'onRosterMessage', 'onGroupMessage', 'onGroupMessage', 'onMentionMessage', 'onInputStatusMessage']);
  expect(heard[1]![1]).toMatchObject({ type: 'gift', content: 'rose', attach: [1] });
  expect(heard[2]![1]).toMatchObject({ type: 'command', content: '{"lanying":7}' });
  expectTypeOf<Meta['toType']>().toEqualTypeOf<'roster' | 'group'>();
});

test('what comes behind a logout waits for the next login of its user', async () => {
  const { module, tell } = fakeNative();
  const im = lanyingOver(() => module);
  await im.init({ appId: 7 });
  const came: unknown[] = [];
  im.on('onRosterMessage', (meta) => came.push(meta.content));
  const comes = (text: string) => tell('setAdvancedMsgListener', 'onRecvNewMessage', { message: message({ msgId: text, elem: { elemType: 1, text } }) });
  await im.login({ username: 'alice', password: 'x' });
  const left = im.logout();
  comes('one');
  await left;
  await im.login({ username: 'bob', password: 'x' });
  await im.logout();
  expect(came).toEqual([]);
  await im.login({ username: 'alice', password: 'x' });
  comes('two');
  expect(came).toEqual(['one', 'two']);
});

test('what is told of a conversation while the list is read stands against what was read', async () => {
  const conversation = (userId: string, text: string) => ({ conversationId: `c2c_${userId}`, userId, groupId: '', unreadCount: 0, orderKey: 1, lastMessage: message({ elem: { elemType: 1, text } }) });
  const { module, tell } = fakeNative({
    getConversationList() {
      // Told behind the reading and before its answer.
      queueMicrotask(() => tell('setConversationListener', 'onConversationChanged', { conversationList: [conversation('bob', 'newer')] }));
      queueMicrotask(() => tell('setConversationListener', 'onConversationDeleted', { conversationIdList: ['c2c_carol'] }));
      return { conversationList: ['bob', 'carol', 'dave'].map((user) => conversation(user, 'older')) };
    },
  });
  const im = lanyingOver(() => module);
  await im.init({ appId: 7 });
  for (let login = 0; login < 2; login++) {
    await im.login({ username: 'alice', password: 'x' });
    expect(im.userManage.getConversationList().map(({ id, content }) => `${id}: ${content}`)).toEqual(['bob: newer', 'dave: older']);
    await im.logout();
  }
});

test('a message fails after the time that the app allows; no plugin is a failure as well', async () => {
  const { module, of } = fakeNative({ sendC2CTextMessage: failure(6012, 'late') });
  const im = lanyingOver(() => module);
  const states: unknown[] = [];
  im.on('onSendingMessageStatusChanged', (res) => states.push(res));
  await im.init({ appId: 7 });
  const first = im.sysManage.sendRosterMessage({ uid: 42, content: 'x' });
  await later();
  expect(of('sendC2CTextMessage')).toEqual([{ userId: '42', text: 'x', cloudCustomData: null, timeoutMs: 86_400_000 }]);
  expect(states).toEqual([{ status: 'sending', mid: first }, { status: 'failed', mid: first, errorCode: 6012, errorReason: 'late' }]);
  await im.init({ appId: 7, sendTimeout: 0 });
  expect(im.sysManage.sendRosterMessage({ uid: 42, content: 'x' })).toBeGreaterThan(first);
  await later();
  expect(of('sendC2CTextMessage').pop()).toMatchObject({ timeoutMs: 0 });
  vi.stubGlobal('uni', { requireNativePlugin: () => undefined });
  const none = lanyingOver();
  none.on('onSendingMessageStatusChanged', (res) => states.push(res));
  await expect(none.init({ appId: 7 })).rejects.toMatchObject({ code: 7013 });
  none.sysManage.sendRosterMessage({ uid: 'bob', content: 'x' });
  await later();
  expect(states.pop()).toMatchObject({ status: 'failed', errorCode: 7013 });
  vi.unstubAllGlobals();
});
