// Binary data as the bridge writes it: UTF-8 as it is, other bytes as `base64:` and text. Engines of apps have neither
// TextEncoder nor atob.

const PREFIX = 'base64:';
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** What the bridge takes for these bytes. */
export function textOf(bytes: Uint8Array): string {
  return fromUtf8(bytes) ?? PREFIX + toBase64(bytes);
}

/** The bytes behind what the bridge gives. Text that only looks like base64 is text, as it is to the bridge. */
export function bytesOf(text: string): Uint8Array {
  const binary = text.startsWith(PREFIX) ? fromBase64(text.slice(PREFIX.length)) : undefined;
  return binary && fromUtf8(binary) === undefined ? binary : toUtf8(text);
}

/** A lone surrogate becomes U+FFFD, as everywhere on the web. */
function toUtf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const sign of text) {
    const code = sign.codePointAt(0)!;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code >= 0xd800 && code < 0xe000) bytes.push(0xef, 0xbf, 0xbd);
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  }
  return Uint8Array.from(bytes);
}

/** Undefined where the bytes are not UTF-8: cut short, too long, a surrogate or beyond the last code point. */
function fromUtf8(bytes: Uint8Array): string | undefined {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at]!;
    const more = first < 0x80 ? 0 : first < 0xc2 ? -1 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : first < 0xf5 ? 3 : -1;
    if (more < 0) return undefined;
    let code = more === 0 ? first : first & (0x3f >> more);
    for (let n = 1; n <= more; n += 1) {
      const next = bytes[at + n];
      if (next === undefined || next >> 6 !== 2) return undefined;
      code = (code << 6) | (next & 63);
    }
    const shortest = more === 2 ? 0x800 : more === 3 ? 0x10000 : 0;
    if (code < shortest || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return undefined;
    text += String.fromCodePoint(code);
    at += more + 1;
  }
  return text;
}

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const three = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    for (let n = 0; n < 4; n += 1) text += at + n > bytes.length ? '=' : DIGITS[(three >> (18 - 6 * n)) & 63];
  }
  return text;
}

/** Undefined where it is none. */
function fromBase64(text: string): Uint8Array | undefined {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return undefined;
  const plain = text.replace(/=+$/, '');
  const bytes = new Uint8Array((plain.length * 3) >> 2);
  for (let at = 0, bits = 0, held = 0, out = 0; at < plain.length; at += 1) {
    held = ((held << 6) | DIGITS.indexOf(plain[at]!)) & 0xffffff;
    bits += 6;
    if (bits >= 8) bytes[out++] = (held >> (bits -= 8)) & 255;
  }
  return bytes;
}
