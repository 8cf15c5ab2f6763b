// The numbers of ZIM's public documentation, as far as this face uses them.

export const ConnectionState = { Disconnected: 0, Connecting: 1, Connected: 2, Reconnecting: 3 } as const;
export type ConnectionState = (typeof ConnectionState)[keyof typeof ConnectionState];

export const ConnectionEvent = { Success: 0, ActiveLogin: 1, LoginTimeout: 2, LoginInterrupted: 3, KickedOut: 4, TokenExpired: 5 } as const;
export type ConnectionEvent = (typeof ConnectionEvent)[keyof typeof ConnectionEvent];

export const ConversationType = { Peer: 0 } as const;

export const MessagePriority = { Low: 1, Medium: 2, High: 3 } as const;
export type MessagePriority = (typeof MessagePriority)[keyof typeof MessagePriority];

export const MessageType = { Unknown: 0, Text: 1, Command: 2 } as const;
export type MessageType = (typeof MessageType)[keyof typeof MessageType];

export const ErrorCode = {
  Failed: 1,
  ParamInvalid: 6000001,
  NotInit: 6000002,
  InvalidAppID: 6000003,
  SDKFrequencyLimit: 6000004,
  ServerFrequencyLimit: 6000005,
  ServerError: 6000007,
  UserIsNotExist: 6000011,
  UnsupportedRequest: 6000013,
  TokenInvalid: 6000103,
  NetworkError: 6000104,
  RequestTimeout: 6000105,
  TokenExpired: 6000106,
  UserHasAlreadyLogged: 6000111,
  UserIsNotLogged: 6000121,
  UserHasAlreadyLoggedOut: 6000122,
  SendMessageFailed: 6000203,
  TargetDoesNotExist: 6000204,
  AuditRejected: 6000221,
} as const;
