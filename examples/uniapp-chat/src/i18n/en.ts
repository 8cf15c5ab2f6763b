export default {
  app: { name: 'Whinchat', claim: 'Messages that arrive' },
  list: { comma: ', ' },
  login: {
    title: 'Sign in', user: 'User id', userHint: 'for example alice', server: 'Server', serverHint: 'ws://192.168.1.2:7200', appId: 'App id',
    sig: 'Signature', sigHint: 'from your backend; empty on a development server', enter: 'Sign in', entering: 'Signing in…', more: 'Connection', less: 'Hide connection',
    kicked: 'This account was opened on another device.', expired: 'The signature has expired. Please sign in again.',
  },
  chats: {
    title: 'Chats', empty: 'No conversations yet', emptyHint: 'Write to someone: their user id is enough.', start: 'New conversation', pin: 'Pin to top', unpin: 'Unpin',
    remove: 'Delete conversation', removeHint: 'The conversation and its messages are deleted on all your devices.', draft: 'Draft', you: 'You', refresh: 'Pull to refresh',
  },
  chat: {
    hint: 'Message', send: 'Send', typing: 'typing…', members: 'Group', read: 'Read', retry: 'Send again', copy: 'Copy', remove: 'Delete', copied: 'Copied', begin: 'This is where it begins',
    failed: 'Not sent', waiting: 'Waiting for the network', newest: 'New messages', older: 'Earlier messages', empty: 'Say hello',
  },
  message: {
    revoked: 'The message was taken back', youRevoked: 'You took the message back',
    kind: { custom: '[Message]', image: '[Picture]', sound: '[Voice]', video: '[Video]', file: '[File]', location: '[Place]', face: '[Sticker]', merged: '[Chat history]', unknown: '[Unknown message]' },
    tip: { joined: '{members} joined', invited: '{who} invited {members}', left: '{members} left', removed: '{who} removed {members}', admin: '{members} is now an admin', noAdmin: '{members} is no longer an admin', changed: '{who} changed the group' },
  },
  connection: { connecting: 'Connecting…', offline: 'Offline. Messages go out later.', syncing: 'Fetching what is new…' },
  create: {
    title: 'New conversation', person: 'Person', group: 'Group', userId: 'User id', userHint: 'for example bob', open: 'Start chatting', name: 'Group name', nameHint: 'for example Weekend', members: 'Members',
    membersHint: 'user ids, separated by commas', create: 'Create group', recent: 'Recent', self: 'That is you.',
  },
  settings: {
    title: 'Settings', look: 'Appearance', light: 'Light', dark: 'Dark', system: 'System', language: 'Language', zh: '中文', en: 'English', account: 'Account', server: 'Server', appId: 'App id',
    version: 'Version', logout: 'Sign out', logoutHint: 'Messages stay on this device.',
  },
  action: { cancel: 'Cancel', ok: 'OK', back: 'Back', more: 'More' },
  error: { title: 'That did not work', '6014': 'Please sign in first.', '6017': 'Something is missing or wrong in what was entered.', '7003': 'This user id is not allowed.', '7013': 'This is not available here.', '9508': 'No connection.', '9511': 'The server cannot be reached.', '10007': 'You are not allowed to do that.',
    '20003': 'There is no such person.', '70001': 'The signature has expired.', '70002': 'This server wants a signature.', '70003': 'The signature is malformed.', '70013': 'The signature belongs to another user.', '80001': 'The text holds a word that is not allowed.', other: 'Code {code}: {msg}' },
  time: {
    today: 'Today', yesterday: 'Yesterday', date: '{day} {monthName}', fullDate: '{day} {monthName} {year}',
    weekday: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'], month: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
  },
}
