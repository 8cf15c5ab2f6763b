/** Why a method failed: the code and sentence of its answer. */
export class WhinchatError extends Error {
  override readonly name = 'WhinchatError';
  readonly code: number;
  readonly msg: string;
  readonly method: string;
  /** The whole answer, with the fields the method documents. */
  readonly answer: unknown;

  constructor(method: string, answer: { code?: number; msg?: string }) {
    const code = typeof answer.code === 'number' ? answer.code : 7012;
    const msg = answer.msg || 'no reason given';
    super(`${method}: ${msg} (${code})`);
    this.method = method;
    this.code = code;
    this.msg = msg;
    this.answer = answer;
  }
}
