// The numbers of MobileIMSDK's public documentation, as far as this face uses them.

/** What `sendData` gives. */
export const MBErrorCode = {
  /** Taken; what becomes of it a callback tells. */
  COMMON_CODE_OK: 0,
  /** Nobody is logged in. */
  COMMON_NO_LOGIN: 1,
  COMMON_UNKNOW_ERROR: 2,
  /** It was taken, and came to nothing. */
  COMMON_DATA_SEND_FAILD: 3,
  /** What was given is no message. */
  COMMON_INVALID_PROTOCAL: 4,
  /** The link is down. */
  BREOKEN_CONNECT_TO_SERVER: 201,
  BAD_CONNECT_TO_SERVER: 202,
  /** `loginImpl` was not called yet. */
  CLIENT_SDK_NO_INITIALED: 203,
} as const;

/** Why a session was ended from outside. */
export const MBKickoutCode = {
  /** The same user has logged in elsewhere. */
  KICKOUT_FOR_DUPLICATE_LOGIN: 1,
  KICKOUT_FOR_ADMIN: 2,
} as const;

/** The one kind of message that apps exchange. */
export const COMMON_DATA = 2;
