import { WhinchatError } from '../../error.js';
import { ConnectionEvent, ErrorCode } from './numbers.js';

/** What a call of ZIM is refused with, and what its `error` event carries. */
export class ZIMError extends Error {
  override readonly name = 'ZIMError';

  constructor(
    /** A code of ZIM. */
    readonly code: number,
    message: string,
    /** The code of Whinchat behind it (docs/errors.md); 0 where the call did not get that far. */
    readonly whinchatCode = 0,
  ) {
    super(message);
  }
}

const CODES: Readonly<Record<number, number>> = {
  6011: ErrorCode.ParamInvalid,
  6017: ErrorCode.ParamInvalid,
  6027: ErrorCode.ParamInvalid,
  7003: ErrorCode.ParamInvalid,
  8001: ErrorCode.ParamInvalid,
  6013: ErrorCode.NotInit,
  70014: ErrorCode.InvalidAppID,
  70020: ErrorCode.InvalidAppID,
  7008: ErrorCode.SDKFrequencyLimit,
  9506: ErrorCode.ServerFrequencyLimit,
  9507: ErrorCode.ServerFrequencyLimit,
  7013: ErrorCode.UnsupportedRequest,
  6012: ErrorCode.RequestTimeout,
  6206: ErrorCode.TokenExpired,
  70001: ErrorCode.TokenExpired,
  70002: ErrorCode.TokenInvalid,
  70003: ErrorCode.TokenInvalid,
  70009: ErrorCode.TokenInvalid,
  70013: ErrorCode.TokenInvalid,
  70052: ErrorCode.TokenInvalid,
  7014: ErrorCode.UserHasAlreadyLogged,
  7501: ErrorCode.UserHasAlreadyLogged,
  6014: ErrorCode.UserIsNotLogged,
  6023: ErrorCode.UserHasAlreadyLoggedOut,
  7009: ErrorCode.UserHasAlreadyLoggedOut,
  20003: ErrorCode.TargetDoesNotExist,
  80001: ErrorCode.AuditRejected,
  70500: ErrorCode.ServerError,
};

/** The refusal of the bridge in ZIM's words. `names` are the parameters as this face calls them. */
export function zimError(error: unknown, otherwise: number = ErrorCode.Failed, names: Readonly<Record<string, string>> = {}): ZIMError {
  if (error instanceof ZIMError) return error;
  if (!(error instanceof WhinchatError)) return new ZIMError(otherwise, String(error));
  const message = error.msg.replace(/`(\w+)`/g, (whole, name: string) => (names[name] ? `\`${names[name]}\`` : whole));
  return new ZIMError(CODES[error.code] ?? (isNetwork(error.code) ? ErrorCode.NetworkError : otherwise), message, error.code);
}

export function refusal(message: string, code: number = ErrorCode.ParamInvalid): ZIMError {
  return new ZIMError(code, message);
}

/** Which event a login ends with that was refused. */
export function endOf(error: ZIMError): ConnectionEvent {
  if (error.code === ErrorCode.TokenExpired) return ConnectionEvent.TokenExpired;
  if (error.whinchatCode === 6208) return ConnectionEvent.KickedOut;
  return isNetwork(error.whinchatCode) ? ConnectionEvent.LoginTimeout : ConnectionEvent.LoginInterrupted;
}

function isNetwork(code: number): boolean {
  return code >= 9508 && code <= 9525 && code !== 9522;
}
