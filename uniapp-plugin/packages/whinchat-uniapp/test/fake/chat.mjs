// People who chat in memory, for looking at the example without a core. Only what the example calls.
const now = () => Math.floor(Date.now() / 1000);
const textOf = (elem) => elem.text ?? elem.data ?? '';

export class World {
  constructor({ seed = 0 } = {}) {
    this.users = new Map();
    this.groups = new Map();
    this.devices = new Map();
    this.clock = 1;
    this.serverUp = true;
    this.cut = new Set();
    if (seed) this.plant(seed);
  }

  user(id) {
    if (!this.users.has(id)) this.users.set(id, { id, conversations: new Map() });
    return this.users.get(id);
  }

  conversation(userId, key) {
    const { conversations } = this.user(userId);
    if (!conversations.has(key)) {
      const [kind, id] = key.startsWith('c2c_') ? [1, key.slice(4)] : [2, key.slice(6)];
      conversations.set(key, { key, kind, id, log: [], unread: 0, pinned: false, order: 0, draft: '', peerRead: 0, fresh: true });
    }
    return conversations.get(key);
  }

  plant(count) {
    for (let n = count; n > 0; n -= 1) {
      const conversation = this.conversation('alice', `c2c_friend_${n}`);
      const entry = this.entry(`friend_${n}`, { userId: 'alice' }, { elemType: 1, text: `Message number ${n}` });
      entry.timestamp -= n * 997;
      conversation.log.push(entry);
      conversation.unread = n % 7 === 0 ? n % 120 : 0;
      conversation.order = ++this.clock;
      conversation.fresh = false;
    }
    const long = this.conversation('alice', 'c2c_bob');
    for (let n = 0; n < 500; n += 1) {
      const mine = n % 3 === 0;
      const entry = this.entry(mine ? 'alice' : 'bob', { userId: mine ? 'bob' : 'alice' }, { elemType: 1, text: n % 11 === 0 ? `Line ${n}\n` + 'A longer thought that takes some room. '.repeat(4) : `Message ${n}` });
      entry.timestamp -= (500 - n) * 700;
      long.log.push(entry);
      this.conversation('bob', 'c2c_alice').log.push(entry);
    }
    long.order = ++this.clock;
    long.fresh = false;
  }

  entry(sender, to, elem) {
    const seq = ++this.clock;
    return { msgId: `m${seq}`, seq, random: seq * 7919 % 100000, timestamp: now(), sender, ...to, elem };
  }

  members(groupId) {
    return this.groups.get(groupId)?.members ?? [];
  }

  devicesOf(userId) {
    return [...this.devices.values()].filter((device) => device.userId === userId);
  }
}

export class Device {
  constructor(world, page) {
    Object.assign(this, { world, page, userId: '', ready: false, listeners: {}, unsent: new Map(), outbox: [], keys: 0 });
    this.own = new Map();
    world.devices.set(page.device, this);
  }

  get online() {
    return this.world.serverUp && !this.world.cut.has(this.page.device);
  }

  tell(setter, eventType, payload = {}) {
    const id = this.listeners[setter];
    if (id) this.page.deliver(id, { eventType, ...payload }, true);
  }

  call({ id, method, params }) {
    if (/^set\w+Listener$/.test(method)) return void (this.listeners[method.slice(3, -8)] = id);
    const ok = (data = {}) => this.page.deliver(id, { status: true, code: 0, msg: '', desc: '', ...data });
    const fail = (code, msg, data = {}) => this.page.deliver(id, { status: false, code, msg, desc: msg, ...data });
    const handler = this[`do_${method}`];
    if (!handler) return fail(7013, `the fake has no ${method}`);
    if (!this.userId && !/^(init|unInit|login|logout|getLogin\w+|getVersion)$/.test(method)) return fail(6014, 'not logged in', { messageList: [], conversationList: [] });
    handler.call(this, params ?? {}, ok, fail);
  }

  view(entry, conversation) {
    const peer = conversation.kind === 1 ? conversation.id : '';
    const isSelf = entry.sender === this.userId;
    return {
      msgId: entry.msgId, messageKey: entry.messageKey ?? '', timestamp: entry.timestamp, sender: entry.sender, nickName: '', friendRemark: '', nameCard: '', faceUrl: '',
      userId: peer, groupId: conversation.kind === 2 ? conversation.id : '', seq: entry.seq, random: entry.random, status: entry.status ?? 2, isSelf,
      isRead: true, isPeerRead: isSelf && conversation.kind === 1 && entry.seq <= conversation.peerRead, elemType: entry.elem.elemType, elem: entry.elem, elemList: [],
      localCustomData: '', localCustomInt: 0, cloudCustomData: '', isOnlineOnly: false, code: entry.code ?? 0, msg: entry.msg ?? '', groupAtUserList: [],
    };
  }

  show(conversation) {
    const last = [...conversation.log].reverse().find((entry) => this.mine(entry));
    const group = this.world.groups.get(conversation.id);
    return {
      conversationId: conversation.key, type: conversation.kind, userId: conversation.kind === 1 ? conversation.id : '', groupId: conversation.kind === 2 ? conversation.id : '',
      groupType: group?.type ?? '', showName: group?.name || conversation.id, faceUrl: '', unreadCount: conversation.unread, recvOpt: 0,
      lastMessage: last ? this.view(last, conversation) : null, groupAtInfoList: [], draftText: conversation.draft, draftTimestamp: 0, isPinned: conversation.pinned,
      orderKey: conversation.order + (conversation.pinned ? 2 ** 40 : 0), markList: [], customData: '', conversationGroupList: [], c2cReadTimestamp: 0, groupReadSequence: 0,
    };
  }

  mine(entry) {
    return !entry.hiddenFrom?.has(this.userId) && (entry.status === undefined || entry.status === 2 || entry.device === this);
  }

  changed(conversation) {
    const fresh = conversation.fresh;
    conversation.fresh = false;
    for (const device of this.world.devicesOf(this.userId)) {
      device.tell('Conversation', fresh ? 'onNewConversation' : 'onConversationChanged', { conversationList: [device.show(conversation)] });
      device.tell('Conversation', 'onTotalUnreadMessageCountChanged', { totalUnreadCount: device.total() });
    }
  }

  total() {
    let sum = 0;
    for (const conversation of this.world.user(this.userId).conversations.values()) sum += conversation.unread;
    return sum;
  }

  network(changed = true) {
    if (!this.userId || !changed) return;
    if (!this.online) return this.tell('SDK', 'onConnectFailed', { code: 9511, error: 'connection refused', msg: 'connection refused' });
    this.tell('SDK', 'onConnecting');
    setTimeout(() => {
      this.tell('SDK', 'onConnectSuccess');
      this.tell('Conversation', 'onSyncServerStart');
      for (const late of (this.late ?? []).splice(0)) late();
      for (const post of this.outbox.splice(0)) post();
      setTimeout(() => this.tell('Conversation', 'onSyncServerFinish'), 300);
    }, 400);
  }

  do_init(_params, ok) { ok(); }
  do_unInit(_params, ok) { this.userId = ''; ok(); }
  do_getVersion(_params, ok) { ok({ version: 'fake' }); }
  do_getLoginUser(_params, ok) { ok({ userId: this.userId }); }
  do_getLoginStatus(_params, ok) { ok({ loginStatus: this.userId ? 1 : 3 }); }
  do_logout(_params, ok) { this.userId = ''; ok(); }
  do_login({ userId, userSig }, ok, fail) {
    if (!userId) return fail(7003, 'userId is empty');
    if (userSig === 'bad') return fail(70003, 'the signature is malformed');
    if (!this.online) return fail(9511, 'connection refused');
    this.userId = userId;
    this.world.user(userId);
    this.tell('SDK', 'onConnecting');
    setTimeout(() => {
      this.tell('SDK', 'onConnectSuccess');
      ok();
      this.tell('Conversation', 'onSyncServerStart');
      setTimeout(() => this.tell('Conversation', 'onSyncServerFinish'), 200);
    }, 150);
  }

  do_getConversationList({ nextSeq = 0, count = 50 }, ok) {
    const all = [...this.world.user(this.userId).conversations.values()].map((one) => this.show(one)).sort((a, b) => b.orderKey - a.orderKey);
    const page = all.slice(nextSeq, nextSeq + Math.min(count, 100));
    const next = nextSeq + page.length;
    ok({ conversationList: page, nextSeq: next, isFinished: next >= all.length, isFinish: next >= all.length });
  }
  do_getConversation({ conversationId }, ok) { ok({ conversation: this.show(this.world.conversation(this.userId, conversationId)) }); }
  do_getTotalUnreadMessageCount(_params, ok) { ok({ totalUnreadCount: this.total() }); }
  do_pinConversation({ conversationId, isPinned }, ok) {
    const conversation = this.world.conversation(this.userId, conversationId);
    conversation.pinned = isPinned;
    ok();
    this.changed(conversation);
  }
  do_deleteConversation({ conversationId }, ok) {
    this.world.user(this.userId).conversations.delete(conversationId);
    ok();
    for (const device of this.world.devicesOf(this.userId)) device.tell('Conversation', 'onConversationDeleted', { conversationIdList: [conversationId] });
  }
  do_setConversationDraft({ conversationId, draftText = '' }, ok) {
    const conversation = this.world.conversation(this.userId, conversationId);
    conversation.draft = draftText;
    ok();
    this.changed(conversation);
  }

  history(key, { count = 20, msgId = '' }, ok) {
    const conversation = this.world.conversation(this.userId, key);
    const log = conversation.log.filter((entry) => this.mine(entry));
    const end = msgId ? log.findIndex((entry) => entry.msgId === msgId) : log.length;
    const page = log.slice(Math.max(0, end - count), end).reverse();
    setTimeout(() => ok({ messageList: page.map((entry) => this.view(entry, conversation)), isFinished: end - count <= 0 }), 40);
  }
  do_getC2CHistoryMessageList(params, ok) { this.history(`c2c_${params.userId}`, params, ok); }
  do_getGroupHistoryMessageList(params, ok) { this.history(`group_${params.groupId}`, params, ok); }
  do_findMessages({ msgIdList }, ok) {
    const found = [];
    for (const conversation of this.world.user(this.userId).conversations.values()) {
      for (const entry of conversation.log) if (msgIdList.includes(entry.msgId)) found.push(this.view(entry, conversation));
    }
    ok({ messageList: found });
  }
  do_deleteMessages({ msgIdList }, ok) {
    for (const conversation of this.world.user(this.userId).conversations.values()) {
      for (const entry of conversation.log) if (msgIdList.includes(entry.msgId)) (entry.hiddenFrom ??= new Set()).add(this.userId);
    }
    ok();
  }

  created(elem, ok) {
    const messageKey = `k${++this.keys}`;
    this.unsent.set(messageKey, elem);
    ok({ messageKey, elemKey: messageKey, message: { messageKey, elemType: elem.elemType, elem, status: 1, isSelf: true, timestamp: now(), sender: this.userId } });
  }
  do_createTextMessage({ text }, ok, fail) { text ? this.created({ elemType: 1, text }, ok) : fail(6017, 'text is missing', { messageKey: '' }); }
  do_createCustomMessage({ customMsg }, ok) { this.created({ elemType: 2, data: customMsg, desc: '', extension: '' }, ok); }

  do_sendMessage({ messageKey, receiver, groupId, onlineUserOnly }, ok, fail) {
    const elem = this.unsent.get(messageKey);
    if (!elem) return fail(6021, 'unknown messageKey');
    this.unsent.delete(messageKey);
    if (onlineUserOnly) {
      if (this.online) for (const to of receiver ? [receiver] : this.world.members(groupId)) if (to !== this.userId) this.flash(to, groupId ? `group_${groupId}` : `c2c_${this.userId}`, elem);
      return ok({ msgId: '', messageKey });
    }
    const conversation = this.world.conversation(this.userId, groupId ? `group_${groupId}` : `c2c_${receiver}`);
    const entry = this.world.entry(this.userId, groupId ? { groupId } : { userId: receiver }, elem);
    Object.assign(entry, { messageKey, status: 1, device: this });
    conversation.log.push(entry);
    conversation.order = ++this.world.clock;
    this.changed(conversation);
    this.post(conversation, entry, ok, fail);
  }
  do_reSendMessage({ msgId, messageKey }, ok, fail) {
    for (const conversation of this.world.user(this.userId).conversations.values()) {
      const at = conversation.log.findIndex((entry) => entry.msgId === msgId || (messageKey && entry.messageKey === messageKey));
      if (at < 0) continue;
      const [entry] = conversation.log.splice(at, 1);
      conversation.log.push(entry);
      entry.status = 1;
      if (textOf(entry.elem) === 'fail once') entry.elem = { elemType: 1, text: 'fail once, then arrive' };
      return this.post(conversation, entry, ok, fail);
    }
    fail(6021, 'unknown message');
  }

  post(conversation, entry, ok, fail) {
    if (!this.online) return void this.outbox.push(() => this.post(conversation, entry, ok, fail));
    setTimeout(() => {
      if (!this.online) return void this.outbox.push(() => this.post(conversation, entry, ok, fail));
      if (/^fail/.test(textOf(entry.elem)) && textOf(entry.elem) !== 'fail once, then arrive') {
        Object.assign(entry, { status: 3, code: 80001, msg: 'the text holds a sensitive word' });
        this.tell('SendMessage', 'onError', { messageKey: entry.messageKey, msgId: entry.msgId, code: 80001, msg: entry.msg });
        fail(80001, entry.msg, { msgId: entry.msgId, messageKey: entry.messageKey, message: this.view(entry, conversation) });
        return this.changed(conversation);
      }
      entry.status = 2;
      entry.seq = ++this.world.clock;
      ok({ msgId: entry.msgId, messageKey: entry.messageKey, message: this.view(entry, conversation) });
      this.changed(conversation);
      const { messageKey, device, ...sent } = entry;
      const people = conversation.kind === 1 ? [conversation.id] : this.world.members(conversation.id);
      for (const to of people) if (to !== this.userId) this.arrive(to, conversation.kind === 1 ? `c2c_${this.userId}` : conversation.key, sent);
    }, 120);
  }

  arrive(to, key, entry) {
    const conversation = this.world.conversation(to, key);
    conversation.log.push(entry);
    conversation.unread += 1;
    conversation.order = ++this.world.clock;
    for (const device of this.world.devicesOf(to)) {
      const news = () => {
        const message = device.view(entry, conversation);
        device.tell('AdvancedMsg', 'onRecvNewMessage', { message, msgId: message.msgId, elemType: message.elemType, elem: message.elem, elemList: [] });
        device.changed(conversation);
      };
      if (device.online) news();
      else (device.late ??= []).push(news);
    }
  }

  flash(to, key, elem) {
    const conversation = { kind: key.startsWith('c2c_') ? 1 : 2, id: key.replace(/^(c2c|group)_/, ''), peerRead: 0 };
    for (const device of this.world.devicesOf(to)) {
      if (!device.online) continue;
      const message = { ...device.view(this.world.entry(this.userId, {}, elem), conversation), isOnlineOnly: true };
      device.tell('AdvancedMsg', 'onRecvNewMessage', { message, msgId: message.msgId, elemType: 2, elem, elemList: [] });
    }
  }

  do_markC2CMessageAsRead({ userId }, ok) {
    const conversation = this.world.conversation(this.userId, `c2c_${userId}`);
    const any = conversation.unread > 0;
    conversation.unread = 0;
    ok();
    if (any) this.changed(conversation);
    const theirs = this.world.user(userId).conversations.get(`c2c_${this.userId}`);
    const last = conversation.log[conversation.log.length - 1];
    if (!theirs || !last) return;
    theirs.peerRead = this.world.clock;
    for (const device of this.world.devicesOf(userId)) device.tell('AdvancedMsg', 'onRecvC2CReadReceipt', { receiptList: [{ userId: this.userId, timestamp: last.timestamp }] });
  }
  do_markGroupMessageAsRead({ groupId }, ok) {
    const conversation = this.world.conversation(this.userId, `group_${groupId}`);
    conversation.unread = 0;
    ok();
    this.changed(conversation);
  }

  do_createGroup({ groupType, groupName, groupId = `@TGS#${++this.world.clock}` }, ok) {
    this.world.groups.set(groupId, { name: groupName, type: groupType, members: [this.userId] });
    this.tip(groupId, 1, [this.userId]);
    ok({ groupId });
  }
  do_inviteUserToGroup({ groupId, userIdList }, ok) {
    const group = this.world.groups.get(groupId);
    group.members = [...new Set([...group.members, ...userIdList])];
    this.tip(groupId, 2, userIdList);
    ok({ resultList: userIdList.map((userId) => ({ userId, result: 1 })) });
  }
  tip(groupId, type, people) {
    const member = (userId) => ({ userId, nickName: '', nameCard: '' });
    const members = this.world.members(groupId);
    const tip = this.world.entry(this.userId, { groupId }, {
      elemType: 9, groupId, type, opMember: member(this.userId), memberList: people.map(member), groupChangeInfoList: [], memberChangeInfoList: [], memberCount: members.length,
    });
    for (const userId of members) {
      const conversation = this.world.conversation(userId, `group_${groupId}`);
      conversation.log.push(tip);
      conversation.order = ++this.world.clock;
      for (const device of this.world.devicesOf(userId)) device.changed(conversation);
    }
  }
  do_quitGroup(_params, ok) { ok(); }
}

/** Two or more pages over one world; `control` answers `/control/…`. */
export function chatOver(world) {
  return {
    methods: Object.getOwnPropertyNames(Device.prototype).filter((name) => name.startsWith('do_')).map((name) => name.slice(3)),
    onPage: (page) => new Device(world, page),
    onCall: (page, call) => world.devices.get(page.device)?.call(call),
    control(name, query) {
      if (name === 'sig') return { userSig: `sig-of-${query.get('user')}` };
      if (name === 'network') {
        const device = query.get('device');
        query.get('state') === 'open' ? world.cut.delete(device) : world.cut.add(device);
        world.devices.get(device)?.network();
      }
      if (name === 'server') {
        world.serverUp = query.get('state') === 'start';
        for (const device of world.devices.values()) device.network();
      }
      return {};
    },
  };
}
