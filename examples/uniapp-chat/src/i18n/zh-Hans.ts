import type en from './en'

const months = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12']

const zh: typeof en = {
  app: { name: 'Whinchat', claim: '每条消息都会送达' },
  list: { comma: '、' },
  login: {
    title: '登录', user: '用户 ID', userHint: '例如 alice', server: '服务器', serverHint: 'ws://192.168.1.2:7200', appId: '应用 ID',
    sig: '签名', sigHint: '由你的后端签发；开发服务器可留空', enter: '登录', entering: '正在登录…', more: '连接设置', less: '收起连接设置',
    kicked: '此账号已在另一台设备上登录。', expired: '签名已过期，请重新登录。',
  },
  chats: {
    title: '聊天', empty: '还没有会话', emptyHint: '知道对方的用户 ID 就可以开始聊天。', start: '发起会话', pin: '置顶', unpin: '取消置顶',
    remove: '删除会话', removeHint: '会话及其消息将从你的所有设备上删除。', draft: '草稿', you: '我', refresh: '下拉刷新',
  },
  chat: {
    hint: '输入消息', send: '发送', typing: '正在输入…', members: '群聊', read: '已读', retry: '重新发送', copy: '复制', remove: '删除', copied: '已复制', begin: '会话从这里开始',
    failed: '未发送', waiting: '等待网络', newest: '新消息', older: '更早的消息', empty: '打个招呼吧',
  },
  message: {
    revoked: '对方撤回了一条消息', youRevoked: '你撤回了一条消息',
    kind: { custom: '[消息]', image: '[图片]', sound: '[语音]', video: '[视频]', file: '[文件]', location: '[位置]', face: '[表情]', merged: '[聊天记录]', unknown: '[未知消息]' },
    tip: { joined: '{members} 加入了群聊', invited: '{who} 邀请 {members} 加入了群聊', left: '{members} 退出了群聊', removed: '{who} 将 {members} 移出了群聊', admin: '{members} 成为管理员', noAdmin: '{members} 不再是管理员', changed: '{who} 修改了群资料' },
  },
  connection: { connecting: '正在连接…', offline: '网络已断开，恢复后自动发送。', syncing: '正在获取新消息…' },
  create: {
    title: '发起会话', person: '单聊', group: '群聊', userId: '用户 ID', userHint: '例如 bob', open: '开始聊天', name: '群名称', nameHint: '例如 周末活动', members: '成员',
    membersHint: '用户 ID，用逗号分隔', create: '创建群聊', recent: '最近联系人', self: '这是你自己。',
  },
  settings: {
    title: '设置', look: '外观', light: '浅色', dark: '深色', system: '跟随系统', language: '语言', zh: '中文', en: 'English', account: '账号', server: '服务器', appId: '应用 ID',
    version: '版本', logout: '退出登录', logoutHint: '消息会保留在这台设备上。',
  },
  action: { cancel: '取消', ok: '确定', back: '返回', more: '更多' },
  error: { title: '操作未成功', '6014': '请先登录。', '6017': '填写的内容有误或不完整。', '7003': '用户 ID 不符合要求。', '7013': '暂不支持此操作。', '9508': '没有网络连接。', '9511': '无法连接服务器。', '10007': '没有权限。',
    '20003': '用户不存在。', '70001': '签名已过期。', '70002': '此服务器需要签名。', '70003': '签名格式错误。', '70013': '签名属于另一个用户。', '80001': '内容包含敏感词。', other: '错误码 {code}：{msg}' },
  time: {
    today: '今天', yesterday: '昨天', date: '{month}月{day}日', fullDate: '{year}年{month}月{day}日',
    weekday: ['星期日', '星期一', '星期二', '星期三', '星期四', '星期五', '星期六'], month: months,
  },
}

export default zh
