import type { WhinchatNative } from '../../src/index.js';

type Ret = Record<string, unknown>;

/** A module whose methods succeed, or answer what a test says; its listeners are told what a test says. */
export function fakeNative(answers: Record<string, Ret | ((params: any) => Ret)> = {}) {
  const calls: [string, any][] = [];
  const kept = new Map<string, (ret: Ret) => void>();
  const module = new Proxy({}, {
    get: (_target, name: string) => (params: unknown, callback?: (ret: Ret) => void) => {
      calls.push([name, params]);
      if (/^set\w+Listener$/.test(name)) return void kept.set(name, callback!);
      const answer = answers[name];
      const given = typeof answer === 'function' ? answer(params) : answer;
      queueMicrotask(() => callback?.({ status: true, code: 0, msg: '', desc: '', ...EMPTY[name], ...given }));
    },
  }) as WhinchatNative;
  const of = (name: string) => calls.filter(([called]) => called === name).map(([, params]) => params);
  const tell = (setter: string, eventType: string, payload: Ret = {}) => kept.get(setter)?.({ eventType, ...payload });
  return { module, calls, of, tell };
}

export function failure(code: number, msg = `refused with ${code}`): Ret {
  return { status: false, code, msg, desc: msg };
}

/** A message as the bridge gives it, as far as faces look at it. */
export function message(more: Ret = {}): Ret {
  return {
    msgId: 'm1', sender: 'bob', userId: 'bob', groupId: '', isSelf: false, isRead: false, isPeerRead: false, isOnlineOnly: false, priority: 0, timestampMs: 1_700_000_000_123,
    cloudCustomData: '', groupAtUserList: [], elem: { elemType: 1, text: 'hello' }, ...more,
  };
}

const EMPTY: Record<string, Ret> = {
  getConversationList: { conversationList: [], nextSeq: 0, isFinished: true },
  findMessages: { messageList: [] },
};
